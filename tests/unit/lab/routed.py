"""A real HTTP server that answers by path, and keeps all that it was sent."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from stand_in import platform_at

from lc_tutorial.platforms.platform import Platform


class Arrived(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Routed:
    """Answers 200 and ``{}``, but for the paths in :attr:`answers`.

    Attributes:
        answers: path (without its query) to status, headers and body. The status 0 drops the
            connection, -1 breaks the answer off.
        arrived: what came.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.arrived: list[Arrived] = []
        self.release = threading.Event()
        self.release.set()
        routed = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                routed.arrived.append(Arrived(self.command, self.path, headers, body))
                routed.release.wait(20)
                usual: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
                status, more, content = routed.answers.get(self.path.partition("?")[0], usual)
                self.close_connection = True
                if status == 0:
                    return
                self.send_response(abs(status) if status > 0 else 200)
                kind = {"Content-Type": "application/json", **more}
                for name, value in kind.items():
                    self.send_header(name, value)
                length = len(content) + (10 if status < 0 else 0)
                self.send_header("Content-Length", str(length))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.origin = f"http://{self.host}"

    def redirects(self, path: str, to: str, status: int = 302) -> None:
        self.answers[path] = (status, {"Location": to}, b"")

    @property
    def platform(self) -> Platform:
        return platform_at(self.origin)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
