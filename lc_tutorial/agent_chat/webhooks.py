"""A listener for webhooks: the program's end of ``register_webhook``.

A webhook is a request that the platform makes: anybody who knows the address can make one like it.
What tells the platform's from others is the secret key that came with the registration, and comes
back in each body. So what lacks it is refused, and never shown.

Source: livechat-public-docs, management/webhooks and management/configuration-api (Webhooks).
"""

import atexit
import hmac
import json
import secrets
import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from lc_tutorial.errors import InputError, PortTaken
from lc_tutorial.masking import Secret
from lc_tutorial.platforms import PageHandler, PageServer, is_loopback, plain_name
from lc_tutorial.system import in_words, is_taken, who_has

#: Of a body. A chat with a long conversation has some ten thousand.
MOST_BYTES = 1024 * 1024

#: How many webhooks are kept; the oldest goes.
MOST_KEPT = 100

_PATH = "/webhook"
_LAST_PORT = 65_535


class WebhookListener:
    """Receives webhooks at an address of this machine, until it is stopped or the kernel ends.

    Its address is of this machine alone: the sandbox reaches it, the live platform can't. A real
    app has a public https address for it.

    Args:
        port: to listen at; a free one, if not given.

    Attributes:
        secret_key: random, for ``register_webhook``. What comes without it is refused.
        url: for ``register_webhook``, too.

    Raises:
        InputError: it is no port.
        PortTaken: another program has the port, or this user may not have it.
    """

    def __init__(self, port: int = 0) -> None:
        if not (isinstance(port, int) and 0 <= port <= _LAST_PORT):
            raise InputError(
                what="The listener needs a port.",
                why=f"That is a whole number from 0 to {_LAST_PORT}.",
                remedy="Write lc.WebhookListener(), which takes a free one.",
            )
        self.secret_key = Secret(secrets.token_urlsafe(32))
        self._kept: deque[dict[str, Any]] = deque(maxlen=MOST_KEPT)
        self._unread: deque[dict[str, Any]] = deque(maxlen=MOST_KEPT)
        self._refused = 0
        self._changed = threading.Condition()
        try:
            self._server: _Server | None = _Server(port, self)
        except OSError as problem:
            raise _refused(port, problem) from None
        self.url = f"http://127.0.0.1:{self._server.server_port}{_PATH}"
        self._server.start()
        atexit.register(self.stop)

    @property
    def received(self) -> list[dict[str, Any]]:
        """All webhooks that came with the secret key, oldest first, without it; the last 100."""
        with self._changed:
            return list(self._kept)

    @property
    def refused(self) -> int:
        """How many requests were refused: without the key, with another one, or no webhook."""
        with self._changed:
            return self._refused

    @property
    def is_listening(self) -> bool:
        """Whether it was not stopped."""
        return self._server is not None

    def wait(self, timeout: float = 30.0) -> dict[str, Any] | None:
        """Wait for the next webhook that nobody has waited for yet.

        Args:
            timeout: in seconds.

        Returns:
            Its body without the secret key, so ``action``, ``payload`` and more; None if none came.

        Raises:
            InputError: the timeout is no number.
        """
        if not isinstance(timeout, int | float) or timeout != timeout:
            raise InputError(
                what="This is no time to wait.",
                why="The timeout is a number of seconds.",
                remedy="Write listener.wait(timeout=30).",
            )
        with self._changed:
            self._changed.wait_for(lambda: self._unread, timeout)
            return self._unread.popleft() if self._unread else None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.received)

    def stop(self) -> None:
        """Stop listening, and give the port back. What was received stays."""
        server, self._server = self._server, None
        if server is not None:
            atexit.unregister(self.stop)
            server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "Listens" if self.is_listening else "Listened"
        return (
            f"{state} for webhooks at {self.url}: "
            f"{len(self.received)} received, {self.refused} refused."
        )

    def take(self, body: bytes) -> bool:
        """Keep a webhook if it carries the secret key; say whether it does."""
        webhook = _read(body)
        key = webhook.pop("secret_key", None)
        # In constant time: who guesses learns nothing from how long the answer takes.
        genuine = isinstance(key, str) and hmac.compare_digest(
            # JSON can have half a character, which UTF-8 has not.
            key.encode(errors="replace"),
            str.__str__(self.secret_key).encode(),
        )
        with self._changed:
            if genuine:
                self._kept.append(webhook)
                self._unread.append(webhook)
                self._changed.notify_all()
            else:
                self._refused += 1
        return genuine

    def refuse(self) -> None:
        """Count what was refused before its body was read."""
        with self._changed:
            self._refused += 1


def _refused(port: int, problem: OSError) -> PortTaken:
    what = f"The listener can't listen on port {port}."
    if is_taken(problem):
        why = who_has(problem, perhaps="another notebook")
        remedy = "Write lc.WebhookListener(), which takes a free one; or end the other program."
    else:
        why = f"The computer refuses it: {in_words(problem)}."
        remedy = "Write lc.WebhookListener(), which takes a port that is free."
    return PortTaken(what=what, why=why, remedy=remedy)


def _read(body: bytes) -> dict[str, Any]:
    try:
        webhook = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return webhook if isinstance(webhook, dict) else {}


class _Server(PageServer):
    def __init__(self, port: int, listener: WebhookListener) -> None:
        self.listener = listener
        super().__init__("127.0.0.1", port, _Handler)


class _Handler(PageHandler):
    server: _Server
    server_version = "webhooks"

    def do_POST(self) -> None:  # noqa: N802  (so the library calls it)
        status = self._status()
        if status != 200 and status != 403:
            self.server.listener.refuse()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def _status(self) -> int:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            return 411
        if len(length) > 12 or int(length) > MOST_BYTES:
            return 413
        # Read in any case: who still sends might not hear the answer.
        body = self.rfile.read(int(length))
        # A page of a stranger can send here, by a name of its own (DNS rebinding), but no JSON
        # without asking first, which is not answered.
        if not is_loopback(plain_name(self.host)):
            return 421
        if self.path != _PATH:
            return 404
        if self.headers.get_content_type() != "application/json":
            return 415
        return 200 if self.server.listener.take(body) else 403
