"""The listener that receives the redirect: this app's end of the redirect URI.

A web app has a page at its redirect URI. A notebook has none, so for as long as a form waits, a
small server listens at that address on this machine and hands on what the browser brings
(RFC 8252, section 7.3, "Loopback Interface Redirection").
"""

import contextlib
import re
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from lc_tutorial.errors import PortTaken

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PROXIED = re.compile(r"/proxy/(\d{1,5})(?=/|$)")

#: Seconds that a browser may take to send its request.
_PATIENCE = 10.0


def listening_port(redirect_uri: str) -> int | None:
    """The port of this machine to which a redirect URI leads; None if it leads elsewhere.

    It does in two ways: ``http://127.0.0.1:8377/callback``, and on a hub through
    jupyter-server-proxy, ``https://hub.example/user/mia/proxy/8377/callback``.

    >>> listening_port("http://127.0.0.1:8377/callback")
    8377
    >>> listening_port("https://www.example.com/")
    """
    try:
        uri = urlsplit(redirect_uri)
        proxied = _PROXIED.search(uri.path)
        if proxied is not None:
            port: int | None = int(proxied[1])
        elif uri.scheme == "http" and uri.hostname in _LOOPBACK:
            port = uri.port
        else:
            return None
    except ValueError:
        return None
    return port if port is not None and 0 < port < 65536 else None


class CallbackListener:
    """Listens at a redirect URI on this machine, from :meth:`start` to :meth:`stop`.

    Args:
        redirect_uri: one for which :func:`listening_port` names a port.
        on_redirect: called with the query of each redirect, in a thread of its own. Returns what
            is wrong with it, as a text for the page, or None if all is well. It may call
            :meth:`stop`; the page is still sent.
    """

    def __init__(self, redirect_uri: str, on_redirect: Callable[[str], str | None]) -> None:
        port = listening_port(redirect_uri)
        if port is None:
            raise ValueError("this redirect URI does not lead to this machine")
        self.port = port
        uri = urlsplit(redirect_uri)
        # jupyter-server-proxy takes its own prefix off the path.
        proxied = _PROXIED.search(uri.path)
        self._path = (uri.path[proxied.end() :] if proxied else uri.path) or "/"
        self._hosts = _hosts("localhost" if proxied else uri.hostname or "")
        self._on_redirect = on_redirect
        self._servers: list[_Server] = []
        # A browser may send the same redirect twice: a reload, or a page opened in advance.
        self._answers: dict[str, str | None] = {}
        self._lock = threading.Lock()

    @property
    def is_listening(self) -> bool:
        """Whether it is between start and stop."""
        return bool(self._servers)

    def start(self) -> None:
        """Begin to listen.

        Raises:
            PortTaken: another program has the port, or this user may not have it.
        """
        if self._servers:
            return
        servers: list[_Server] = []
        try:
            for host in self._hosts:
                if servers and not _is_here(host):
                    continue
                servers.append(_Server(host, self.port, self))
        except OSError as problem:
            for server in servers:
                server.server_close()
            raise self._refused(problem) from problem
        # Before the first redirect, which may be the one that stops it.
        self._servers = servers
        for server in servers:
            server.start()

    def _refused(self, problem: OSError) -> PortTaken:
        # Windows says of a port that another program keeps to itself that it isn't permitted.
        if isinstance(problem, PermissionError) and sys.platform != "win32":
            return PortTaken.not_allowed(self.port)
        return PortTaken.from_port(self.port)

    def stop(self) -> None:
        """Stop listening and give the port back. May be called from any thread, and again."""
        servers, self._servers = self._servers, []
        for server in servers:
            server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def is_callback(self, path: str) -> bool:
        """Whether this path is the redirect URI's."""
        return path.rstrip("/") == self._path.rstrip("/")

    def take(self, query: str) -> str | None:
        """Hand on what a browser brought, once; returns what is wrong with it."""
        with self._lock:
            if query not in self._answers:
                self._answers[query] = self._handed_on(query)
            return self._answers[query]

    def _handed_on(self, query: str) -> str | None:
        try:
            return self._on_redirect(query)
        except Exception:  # noqa: BLE001  (a page must come, whatever the notebook does)
            return (
                "The notebook could not take the code. Copy the address of this page, and paste it "
                "into the form."
            )


def _hosts(name: str) -> tuple[str, ...]:
    """The addresses that a browser, or a hub's proxy, may take a name of this machine for.

    ``localhost`` is two, and the browser tries both: a listener at one of them would leave the
    other, and the code, to whatever program listens there.
    """
    return ("127.0.0.1", "::1") if name == "localhost" else (name,)


def _is_here(host: str) -> bool:
    """Whether this machine has an address: one without IPv6 has only the older one."""
    if ":" not in host:
        return True
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Stopping must not wait for the thread that sends the last page: it may be the one that stops.
    block_on_close = False
    # On Windows this would let a second program take over the port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, host: str, port: int, listener: CallbackListener) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = listener
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
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        super().server_bind()

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that went away is no news, and a log could hold a code."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE
    server_version = "callback"
    sys_version = ""

    def do_GET(self) -> None:
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
        path = self.path.partition("?")[0]
        self._send(200 if self.server.listener.is_callback(path) else 404)

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
<body><main role="status"><h1>{title}</h1>{text}</main></body>
</html>
"""
