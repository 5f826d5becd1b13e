"""The small HTTP server behind a callback listener: its limits, whom it answers, and its pages.

It stands open to every program of this machine, and to every page that a browser has open. So it
answers to the names of its redirect URI only, keeps so many connections for so long, and logs
nothing, for what arrives holds a code.
"""

import contextlib
import errno
import http.client
import secrets
import socket
import sys
import threading
import time
from collections import OrderedDict
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

#: Seconds that a browser may take, for each piece of its request and for all of it.
PATIENCE = 10.0

#: Connections at once; with one more, the oldest is closed.
MOST_CONNECTIONS = 32

#: Characters of a query. A code, a state and what else may come with them have some hundred.
MAX_QUERY = 8 * 1024

#: Asks a listener that rests for its port. No page of another origin can send the header.
_ROOM_PATH, _ROOM_HEADER = "/.lc-tutorial/make-room", "X-LC-Tutorial-Make-Room"


class Listener(Protocol):
    """Whom the server asks, of which there is one: `callback.CallbackListener`."""

    @property
    def is_listening(self) -> bool:
        """Whether it waits for a redirect, and does not rest."""

    def goes_by(self, host: str, context: str) -> bool:
        """Whether a request with this `Host` and `X-Forwarded-Context` is for it."""

    def is_callback(self, path: str) -> bool:
        """Whether this path is the redirect URI's."""

    def take(self, query: str) -> str | None:
        """Hand on what a browser brought; returns what is wrong with it."""

    def stop(self) -> None:
        """Give the port back."""


class CallbackServer(ThreadingHTTPServer):
    """Listens at one address of this machine, in a thread of its own.

    Args:
        host: the address.
        port: of it.
        listener: what takes the redirects.
    """

    daemon_threads = True
    # Connections that wait to be accepted.
    request_queue_size = 64
    # Stopping must not wait for the thread that sends the last page: it may be the one that stops.
    block_on_close = False
    # On Windows this would let a second program take over the port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, host: str, port: int, listener: Listener) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = listener
        # Open connections, oldest first, and since when they are.
        self._open: OrderedDict[Any, float] = OrderedDict()
        self._open_lock = threading.Lock()
        super().__init__((host, port), _Handler)
        self._thread = threading.Thread(target=self.serve, name="lc-callback", daemon=True)

    def start(self) -> None:
        """Serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and give the port back."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def serve(self) -> None:
        """Serve until it is shut down, which may have happened before this thread began."""
        with contextlib.suppress(ValueError, OSError):
            self.serve_forever(poll_interval=0.05)

    def server_bind(self) -> None:
        """Take the port, and share it with nobody."""
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        super().server_bind()

    def get_request(self) -> Any:
        """Accept a connection."""
        try:
            return super().get_request()
        except OSError as problem:
            if problem.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(0.2)  # The next try would fail as this one did, and at once.
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, of which there are so many."""
        with self._open_lock:
            self._open[request] = time.monotonic()
            too_many = list(self._open)[:-MOST_CONNECTIONS]
        self._hang_up(too_many)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that is done."""
        with self._open_lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Close, now and then, what takes too long."""
        begun = time.monotonic() - PATIENCE
        with self._open_lock:
            late = [request for request, since in self._open.items() if since < begun]
        self._hang_up(late)

    def _hang_up(self, requests: list[Any]) -> None:
        for request in requests:
            with self._open_lock:
                self._open.pop(request, None)
            # Its thread reads the end then, and closes it.
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that went away is no news, and a log could hold a code."""


def ask_for_room(host: str, port: int) -> bool:
    """Ask a listener that rests to give its port back; say whether it did."""
    line = http.client.HTTPConnection(host, port, timeout=2)
    try:
        line.request("POST", _ROOM_PATH, headers={_ROOM_HEADER: "please", "Content-Length": "0"})
        return line.getresponse().status == 204
    except (OSError, http.client.HTTPException):
        return False  # It is no listener of ours.
    finally:
        line.close()


class _Handler(BaseHTTPRequestHandler):
    server: CallbackServer
    timeout = PATIENCE
    server_version = "callback"
    sys_version = ""

    def do_GET(self) -> None:
        if not self._is_for_us():
            return
        path, _, query = self.path.partition("?")
        if path == "/favicon.ico":
            self._send(204)
        elif not self.server.listener.is_callback(path):
            self._page(404, "Nothing is here", "This server waits for one address only.")
        elif "prefetch" in (self.headers.get("Sec-Purpose") or self.headers.get("Purpose") or ""):
            # The browser guesses where its user will go. A refusal makes it ask again when needed.
            self._send(503)
        elif not query:
            self._page(
                400,
                "No code has arrived",
                "This is the callback address of your notebook, opened without a code. If the "
                "address bar shows #access_token, the link asked for response_type=token; this "
                "course needs response_type=code.",
            )
        elif len(query) > MAX_QUERY:
            self._page(414, "This did not work", "This address is too long to be a redirect.")
        else:
            problem = self.server.listener.take(query)
            if problem is None:
                self._page(
                    200,
                    "The code has arrived",
                    "Your notebook has it. Close this tab and go on there.",
                )
            else:
                self._page(
                    400, "This did not work", problem, "Close this tab and go back to the notebook."
                )

    def do_HEAD(self) -> None:
        if self._is_for_us():
            path = self.path.partition("?")[0]
            self._send(200 if self.server.listener.is_callback(path) else 404)

    def do_POST(self) -> None:
        """Make room for another listener, where this one rests."""
        if not self._is_for_us():
            return
        if self.path != _ROOM_PATH or _ROOM_HEADER not in self.headers:
            self._send(501)
        elif self.server.listener.is_listening:
            self._send(409)
        else:
            self.server.listener.stop()
            self._send(204)

    def _is_for_us(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        context = self.headers.get("X-Forwarded-Context", "")
        if self.server.listener.goes_by(hosts[0] if len(hosts) == 1 else "", context):
            return True
        self._page(
            421,
            "This address is not the notebook's",
            "The notebook waits at its redirect URI, and the name in the address bar is another.",
        )
        return False

    def log_message(self, *args: Any) -> None:
        """Log nothing: the line would hold the code."""

    def _page(self, status: int, title: str, *paragraphs: str) -> None:
        nonce = secrets.token_urlsafe(16)
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        page = _PAGE.format(nonce=nonce, title=escape(title), text=text)
        self._send(status, page.encode(), f"default-src 'none'; style-src 'nonce-{nonce}'")

    def _send(self, status: int, body: bytes = b"", policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        self.send_header("Content-Security-Policy", f"{policy}; {_NO_OTHERS}")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if status != 204:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


_NO_OTHERS = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style nonce="{nonce}">
:root {{ color-scheme: light dark; }}
body {{ margin: 0; min-height: 90vh; display: grid; place-items: center;
  font: 1.05rem/1.6 system-ui, sans-serif; background: Canvas; color: CanvasText; }}
main {{ max-width: 32rem; margin: 1.5rem; padding: 1.5rem 2rem;
  border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: 8px; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .5rem; }}
p {{ margin: .5rem 0; overflow-wrap: anywhere; }}
</style>
</head>
<body><main><div role="status"><h1>{title}</h1>{text}</div></main></body>
</html>
"""
