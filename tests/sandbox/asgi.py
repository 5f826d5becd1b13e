"""Requests to the sandbox without a socket: thousands of them in the time of a few real ones.

A request reaches the app as the server would pass it on, and so as bytes: nothing that a client's
library would have put right, or refused to send, is put right here.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, repr=False)
class Answer:
    """What the app answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def __repr__(self) -> str:
        # asyncio makes one of each answer: a whole page of chats takes longer than the answer.
        return f"Answer({self.status}, {self.headers}, {self.body[:1000]!r})"

    def header(self, name: str) -> str:
        """The value of a header, or an empty text."""
        wanted = name.lower().encode()
        return next((v.decode("latin-1") for k, v in self.headers if k.lower() == wanted), "")

    @property
    def kind(self) -> str:
        """The content type without its parameters."""
        return self.header("content-type").partition(";")[0]

    def json(self) -> Any:
        """The body, which has to be JSON."""
        return json.loads(self.body)


class Client:
    """Asks an app."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        self.app = app
        self._runner = runner

    def ask(
        self,
        method: str,
        target: bytes,
        headers: Headers = (),
        body: bytes = b"",
        *,
        chunk: int = 65_536,
    ) -> Answer:
        """Send one request, its body in pieces, and wait for the whole answer.

        Raises:
            Exception: Whatever the app let through; a server would cut the connection.
        """
        raw_path, _, query = target.partition(b"?")
        names = {name.lower() for name, _ in headers}
        sent = [(name.lower(), value) for name, value in headers]
        if b"host" not in names:
            sent.append((b"host", b"127.0.0.1:8000"))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50_000),
            "scheme": "http",
            "root_path": "",
            "state": {},
            "method": method,
            "path": unquote(raw_path.decode("ascii")),
            "raw_path": raw_path,
            "query_string": query,
            "headers": sent,
        }
        return self._runner.run(self._exchange(scope, body, chunk))

    async def _exchange(self, scope: dict[str, Any], body: bytes, chunk: int) -> Answer:
        pieces = [body[i : i + chunk] for i in range(0, len(body), chunk)] or [b""]
        waiting = iter(enumerate(pieces, 1))
        status, headers, answer = 0, [], bytearray()

        async def receive() -> Message:
            number, piece = next(waiting, (0, b""))
            if not number:
                return {"type": "http.disconnect"}
            more = number < len(pieces)
            return {"type": "http.request", "body": piece, "more_body": more}

        async def send(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                assert not status, "two answers to one request"
                status, headers = message["status"], list(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                answer.extend(message.get("body", b""))

        await self.app(scope, receive, send)
        assert status, "no answer"
        return Answer(status, headers, bytes(answer))
