"""The journal: the last requests to the imitated services, and what was answered.

It is kept in memory, is bounded in number and in size, and is read through the control plane only.
What passes by is noted as it is, which costs next to nothing; it is masked when somebody reads it,
and leaves this module in no other form.
"""

import time
from collections import deque
from collections.abc import Awaitable, Iterable
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lc_tutorial.sandbox.control import journal_masks as masks
from lc_tutorial.sandbox.control.faults import OWN_PATHS, STRUCK
from lc_tutorial.sandbox.web import service_of

MAX_ENTRIES = 200

#: Longer bodies are not kept.
MAX_BODY_BYTES = 16 * 1024

#: What is kept of all headers of a request or an answer together, and of an address.
MAX_HEAD_BYTES = 8 * 1024
MAX_ADDRESS_BYTES = 4 * 1024

#: So the journal holds 11 MB at most.
MAX_BYTES = MAX_ENTRIES * (2 * MAX_BODY_BYTES + 2 * MAX_HEAD_BYTES + 2 * MAX_ADDRESS_BYTES)

#: What Python takes to keep a header, beside its bytes.
_HEADER_OVERHEAD = 128

_Headers = Iterable[tuple[bytes, bytes]]


class _Half:
    """A request or an answer: its headers and its body, as far as that is kept."""

    __slots__ = ("body", "headers", "size")

    def __init__(self, headers: _Headers) -> None:
        self.headers = _kept(headers)
        self.size = 0
        self.body: bytes | None = b""

    def take(self, chunk: bytes) -> None:
        """Keep another piece of the body."""
        self.size += len(chunk)
        if self.body is not None:
            self.body = self.body + chunk if self.size <= MAX_BODY_BYTES else None


def _kept(headers: _Headers) -> list[tuple[bytes, bytes]]:
    """Return the headers, without the values, and then without those, for which there is no room.

    What is left out is named, and never cut: half a secret would pass the mask.
    """
    kept, room = [], MAX_HEAD_BYTES
    for name, value in headers:
        if len(value) > room:
            value = b"(%d bytes, too many to keep)" % len(value)
        room -= len(name) + len(value) + _HEADER_OVERHEAD
        if room < 0:
            break
        kept.append((name, value))
    return kept


def _kept_address(path: str, query: bytes) -> tuple[str, bytes]:
    if len(path) > MAX_ADDRESS_BYTES // 4:  # up to four bytes a character
        path = "/(too long to keep)"
    if len(query) > MAX_ADDRESS_BYTES:
        query = b"too_long_to_keep="
    return path, query


class Entry:
    """One request and its answer, noted while they pass."""

    __slots__ = (
        "_began",
        "_scope",
        "_sender",
        "_source",
        "answer",
        "at",
        "fault",
        "method",
        "number",
        "path",
        "query",
        "request",
        "seconds",
        "status",
    )

    def __init__(self, number: int, scope: Scope, receive: Receive, send: Send) -> None:
        self.number = number
        self.method: str = scope["method"]
        self.path, self.query = _kept_address(scope["path"], scope["query_string"])
        self.request = _Half(scope["headers"])
        self.answer = _Half([])
        self.status: int | None = None
        self.seconds: float | None = None
        self.fault: str | None = None
        self.at = time.time()
        self._began = time.perf_counter()
        self._scope: Scope = scope
        self._source: Receive = receive
        self._sender: Send = send

    async def receive(self) -> Message:
        """Pass a piece of the request on."""
        message = await self._source()
        chunk = message.get("body")
        if chunk:
            self.request.take(chunk)
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Pass a piece of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answer.headers = _kept(message["headers"])
        else:
            chunk = message.get("body")
            if chunk:
                self.answer.take(chunk)
        return self._sender(message)

    def finish(self) -> None:
        """Note that it is over, and let go of the connection."""
        self.seconds = time.perf_counter() - self._began
        self.fault = self._scope.get(STRUCK)
        del self._scope, self._source, self._sender

    def describe(self, secrets: Iterable[str]) -> dict[str, Any]:
        """Describe the entry as JSON does, masked.

        Args:
            secrets: Values that are masked wherever they are.
        """
        mask = masks.Mask(secrets)
        return {
            "number": self.number,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds"),
            "method": mask.text(self.method),
            "url": mask.url(self.path, self.query),
            "status": self.status,
            "milliseconds": None if self.seconds is None else round(self.seconds * 1000, 1),
            "fault": self.fault,
            "request_headers": mask.headers(self.request.headers),
            "request_body": self._body(mask, self.request, of_request=True),
            "response_headers": mask.headers(self.answer.headers),
            "response_body": self._body(mask, self.answer, of_request=False),
        }

    def _body(self, mask: masks.Mask, half: _Half, *, of_request: bool) -> str:
        if half.body is None:
            return f"({half.size:,} bytes, too many to keep)"
        accounts = service_of(self.path) in ("accounts", "customer accounts")
        return mask.body(half.body, half.headers, only_known_names=of_request and accounts)


class Journal:
    """The last requests and answers, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._count = 0

    def begin(self, scope: Scope, receive: Receive, send: Send) -> Entry:
        """Note a request that came in; the oldest entry goes when there are too many."""
        self._count += 1
        entry = Entry(self._count, scope, receive, send)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._count = 0

    def describe(self, secrets: Iterable[str], limit: int = MAX_ENTRIES) -> list[dict[str, Any]]:
        """Describe the last entries, masked.

        Args:
            secrets: Values that are masked wherever they are.
            limit: How many of them.
        """
        known = list(secrets)
        return [entry.describe(known) for entry in list(self._entries)[-limit:]]


class Journaling:
    """Notes each request to the imitated services, and passes it on."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(OWN_PATHS):
            return self._app(scope, receive, send)
        return self._follow(scope, receive, send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        entry = self._journal.begin(scope, receive, send)
        try:
            await self._app(scope, entry.receive, entry.send)
        finally:
            entry.finish()
