"""A connection: what it may take of room and of time, and how it is broken off in the middle.

uvicorn bounds neither a request's head nor the time in which it has to arrive, and waits for ever
for a client that never reads. Here each connection has its limits, and there are only so many at
once: where one more comes, the one goes that has kept us waiting longest.
"""

import time
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lc_tutorial.system import most_handles

#: Bytes of a request's first line and headers. jupyter-server-proxy takes as many.
MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 128

#: More than the largest body that is read to its end only to be refused.
MAX_REQUEST_BYTES = 100 * 1024 * 1024

#: Seconds in which a whole request has to be here, from the moment that it may begin. On a network
#: where 10 MB, the largest body, take longer than that, nobody learns.
PATIENCE = 30.0

#: Seconds that a connection may rest between two requests: a client that takes its time must not
#: find it closed as it sends.
REST = 75

#: Seconds that a client may take to agree on encryption. Only then is its connection counted.
HANDSHAKE = 10.0

#: Seconds that a client may leave an answer unread, when it is too large to be sent at once.
UNREAD = 60.0

#: File handles for all else: the log, templates, the record, the event loop.
_OWN_HANDLES = 48

_KEY = "lc_tutorial.hang_up"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s"
)
_WHY_TOO_LARGE = (
    f"The address and the headers of a request may have {MAX_HEAD_BYTES // 1024} KB together, in "
    f"{MAX_HEADERS} headers at most.\n"
).encode()


class Protocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, within limits; a request's scope holds what ends its connection.

    Attributes:
        most: How many connections there may be at once.
    """

    most = 512

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = True
        self._heads = 0
        self._bytes = 0
        self._refused = False
        self._waits: TimerHandle | None = None
        self._unread: TimerHandle | None = None
        self._waiting_since = time.monotonic()

    # --- What it takes of time --------------------------------------------------------------------

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and make room where too many do."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > self.most:
            waiting = [one for one in self.connections if isinstance(one, Protocol)]
            min(waiting, key=Protocol._claim)._break_off()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        self._forget_unread()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for long: close, though what the client should have read be lost."""
        self._break_off()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD, self._break_off)

    def resume_writing(self) -> None:
        """It reads on."""
        self._forget_unread()
        super().resume_writing()

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting_since = time.monotonic()
        self._waits = self.loop.call_later(PATIENCE, self._come_to_an_end)

    def _come_to_an_end(self) -> None:
        if self.flow.read_paused:
            self._wait()  # It is we who take our time.
        else:
            self._break_off()

    def _stop_waiting(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _forget_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _claim(self) -> tuple[bool, float]:
        """Order connections: first goes one that rests or waits, and the oldest of these."""
        is_answered = self.cycle is not None and not self.cycle.response_complete
        return is_answered, self._waiting_since

    def _break_off(self) -> None:
        self.connections.discard(self)
        # Not closed, which would wait until the client has read what is written already.
        self.transport.abort()

    # --- What it takes of room --------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Take what arrived, unless it is a head or a body without an end."""
        if self._waits is None and self._in_head:
            self._wait()  # The first bytes of another request.
        heads = self._heads
        self._bytes += len(data)
        super().data_received(data)
        if self._in_head and self._heads == heads:
            if self._bytes > MAX_HEAD_BYTES:
                self._refuse_head()
        elif self._bytes > MAX_REQUEST_BYTES:
            self._break_off()

    def on_message_begin(self) -> None:
        """Note a new request."""
        super().on_message_begin()
        self.scope[_KEY] = self.transport.close  # type: ignore[literal-required]

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, of which there may be so many; those after the body nobody wants."""
        if not self._in_head:
            return
        if len(self.headers) < MAX_HEADERS:
            super().on_header(name, value)
        else:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head was too large."""
        self._in_head = False
        self._heads += 1
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._refuse_head()
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here."""
        self._stop_waiting()
        self._in_head = True
        self._bytes = 0
        if not self._refused:
            super().on_message_complete()

    def _refuse_head(self) -> None:
        if not self._refused:
            self._refused = True
            self.transport.write(_TOO_LARGE % (len(_WHY_TOO_LARGE), _WHY_TOO_LARGE))
            self.transport.close()


def most_connections(backlog: int) -> int:
    """How many connections leave this process enough file handles to go on.

    Args:
        backlog: How many may be accepted at once, before the first of them is looked at.
    """
    handles = most_handles()
    if handles is None:
        return Protocol.most
    return max(1, min(Protocol.most, handles - backlog - _OWN_HANDLES))


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Send what is written already, close the connection, and wait until it is closed.

    Under another server than ours, which has no such way, the request ends as that server ends
    one whose answer is incomplete.
    """
    close: Callable[[], None] | None = scope.get(_KEY)
    if close is None:
        return
    close()
    while (await receive())["type"] != "http.disconnect":
        pass
