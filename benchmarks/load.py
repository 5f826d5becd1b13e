"""Sends one request again and again over so many connections, and counts the answers.

A process of its own: `sandbox.py` starts it, and hands it a job as JSON on standard input. It
does as little as it can for an answer, so that it is the server that is measured.
"""

import asyncio
import json
import sys
import time
from typing import Any


class Connection(asyncio.Protocol):
    """Sends the request, waits for the whole answer, and sends it again until the time is up."""

    def __init__(self, request: bytes, until: float) -> None:
        self.answers = 0
        self.failures = 0
        self.closed = asyncio.get_running_loop().create_future()
        self._request = request
        self._until = until
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_whole():
            return
        if self._buffer[9:12] == b"200":
            self.answers += 1
        else:
            self.failures += 1
        self._buffer.clear()
        if time.monotonic() < self._until:
            self._transport.write(self._request)
        else:
            self._transport.close()

    def _is_whole(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            return self._buffer.endswith(b"\r\n0\r\n\r\n")  # chunked
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        return len(self._buffer) >= end + 4 + length

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.closed.set_result(None)


async def run(job: dict[str, Any]) -> dict[str, float]:
    """Do the job: `port`, `request` (text), `connections` and `seconds`."""
    loop = asyncio.get_running_loop()
    begin = time.monotonic()
    until = begin + job["seconds"]
    request = job["request"].encode("latin-1")
    connections = [
        (
            await loop.create_connection(
                lambda: Connection(request, until), "127.0.0.1", job["port"]
            )
        )[1]
        for _ in range(job["connections"])
    ]
    await asyncio.wait([one.closed for one in connections], timeout=job["seconds"] + 20)
    took = time.monotonic() - begin
    return {
        "answers": sum(one.answers for one in connections),
        "seconds": took,
        "failures": sum(one.failures for one in connections),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
