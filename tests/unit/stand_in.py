"""A real HTTP server that gives the answers a test wants."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from lc_tutorial.platforms.platform import STABLE, Platform, SandboxLogin


def platform_at(origin: str, version: str = STABLE) -> Platform:
    """A platform all of whose services are at one address, as the sandbox's are."""
    return Platform(
        name="sandbox",
        authorization_url=f"{origin}/",
        console_url=f"{origin}/console/",
        accounts_url=origin,
        api_url=origin,
        version=version,
        login=SandboxLogin("mia@example.com", "not-a-real-password", 8377),
    )


class StandIn:
    """Answers every request with :attr:`status` and :attr:`body`, and keeps what it was sent.

    It stands in for a platform where the sandbox, rightly, won't give the answer that is needed.
    """

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes = b"{}"
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.delay = threading.Event()
        self.delay.set()
        self.requests: list[tuple[str, str, bytes]] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                stand_in.requests.append((self.command, self.path, self.rfile.read(length)))
                stand_in.delay.wait(30)
                self.send_response(stand_in.status)
                for name, value in stand_in.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(stand_in.body)))
                self.end_headers()
                self.wfile.write(stand_in.body)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A client that gave up waiting is what a test wants.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, status: int, body: Any, kind: str = "application/json") -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers["Content-Type"] = kind

    def serve_tls(self, certificate: Path, key: Path) -> None:
        """Answer https from here on. Before the first request only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.origin = self.origin.replace("http", "https", 1)

    @property
    def platform(self) -> Platform:
        return platform_at(self.origin)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.delay.set()
        self._server.shutdown()
        self._server.server_close()


def reply_to(client: Any, asked: str) -> dict[str, Any]:
    """A kernel's reply to this request. Others may be on their way too."""
    while True:
        message: dict[str, Any] = client.get_shell_msg(timeout=30)
        if message["parent_header"].get("msg_id") == asked:
            return message
