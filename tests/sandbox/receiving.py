"""A program that webhooks are sent to: a real HTTP server on a port of its own."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 30


@dataclass
class Receiver:
    """What it received, and how it answers.

    Attributes:
        url: Where it listens.
        statuses: How it answers the next requests; 200 when there are no more.
        free: While it is not set, it says nothing.
        webhook_id: For the test to keep.
    """

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    webhook_id: str = ""
    free: threading.Event = field(default_factory=threading.Event)
    _received: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    def next(self) -> dict[str, Any]:
        """Wait for the next webhook, and return it."""
        return self._received.get(timeout=PATIENCE)

    def note(self, webhook: dict[str, Any]) -> None:
        self._received.put(webhook)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run one until the end of the block."""
    receiver = Receiver()
    receiver.free.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            receiver.note(json.loads(body))
            receiver.free.wait(PATIENCE)
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
        try:
            yield receiver
        finally:
            receiver.free.set()
            server.shutdown()
            thread.join(PATIENCE)
