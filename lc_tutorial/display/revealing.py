"""A request and its answer with the secrets in them, on a page of their own, once.

A notebook is no place for that. What a cell displays is saved with it, and so is what a widget
holds, also if it holds it for a second: Jupyter saves by itself, when it likes. So the secrets go
around Jupyter: a small server on this machine shows them to the browser, at an address that nobody
can guess, the first time that it is asked. What the notebook has is the address, which is worth
nothing after.
"""

import secrets
import threading
from html import escape

import requests

from lc_tutorial.display.html import render
from lc_tutorial.display.transcript import Transcript
from lc_tutorial.errors import InputError, ProxyMissing
from lc_tutorial.platforms import PageHandler, PageServer, is_loopback, jupyter, plain_name

#: Seconds in which the page can be opened.
PATIENCE = 120.0

#: What is said beside the link.
WARNING = (
    "Whoever sees these secrets can act for you: mind who looks at your screen. The page opens "
    f"once, within {PATIENCE / 60:.0f} minutes, and nothing of it is saved in the notebook."
)


class Revealed:
    """A link to a page that shows the secrets once.

    Attributes:
        link: for the browser; on a hub it leads through jupyter-server-proxy.
    """

    def __init__(self, response: requests.Response) -> None:
        self._name = secrets.token_urlsafe(24)
        self._proof = secrets.token_urlsafe(24)
        self._page: str | None = render(Transcript.revealed(response))
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._server.start()
        self._timer = threading.Timer(PATIENCE, self.close)
        self._timer.daemon = True
        self._timer.start()
        self._proxied: str | None = None
        try:
            self.link = self._reach()
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether the page still waits to be opened."""
        return self._page is not None

    def close(self) -> None:
        """Forget the secrets and stop the server. May be called again."""
        with self._lock:
            self._page = None
            server, self._server = self._server, None  # type: ignore[assignment]
        if server is not None:
            self._timer.cancel()
            # Not from the thread that sends the page: shutting down waits for it.
            threading.Thread(target=server.stop, daemon=True).start()

    def take(self, path: str) -> str | None:
        """The page, for the first who asks at its address; None for all others."""
        if not secrets.compare_digest(path.strip("/").encode(), self._name.encode()):
            return None
        with self._lock:
            page, self._page = self._page, None
        return page

    def proves(self, path: str) -> str | None:
        """What shows that it is this server that answers, to whoever asks with the right word.

        That is ourselves, through the proxy, by whatever name that has.
        """
        asked = path.strip("/").encode()
        return self._proof[::-1] if secrets.compare_digest(asked, self._proof.encode()) else None

    def goes_by(self, host: str, context: str) -> bool:
        """Whether a request is for this page: by this machine's name, or through the proxy.

        Args:
            host: the request's `Host`.
            context: what jupyter-server-proxy says it took off the path. A stranger may say so
                too, and does not know where the page is.
        """
        name = plain_name(host)
        return is_loopback(name) or bool(name and context and context == self._proxied)

    def _reach(self) -> str:
        port = self._server.server_port
        path = jupyter.proxied_path(port, self._proof, self._proof[::-1])
        if path is None and jupyter.on_hub():
            raise ProxyMissing.on_hub()
        self._proxied = path.rstrip("/") if path else None
        return f"{path or f'http://127.0.0.1:{port}/'}{self._name}"

    def _repr_html_(self) -> str:
        return (
            f'<div class="lc-reveal-link"><a href="{escape(self.link)}" target="_blank" '
            f'rel="noopener noreferrer">Show the secrets on a page of their own</a> '
            f"{escape(WARNING)}</div>"
        )

    def __repr__(self) -> str:
        return f"{self.link}\n{WARNING}"


def reveal(response: requests.Response) -> Revealed:
    """Show a request and its answer with the secrets in them, on a page that opens once.

    Args:
        response: what ``requests`` returned.

    Returns:
        The link to that page. Nothing secret is in it.

    Raises:
        InputError: it is something else.
        ProxyMissing: the browser can't reach this machine.
    """
    if not isinstance(response, requests.Response):
        raise InputError(
            what="Only the answer to a request can be revealed.",
            why=f"This is a {type(response).__name__}.",
            remedy="Pass it what requests.post returned.",
        )
    return Revealed(response)


class _Server(PageServer):
    def __init__(self, revealed: Revealed) -> None:
        self.revealed = revealed
        super().__init__("127.0.0.1", 0, _Handler)


class _Handler(PageHandler):
    server: _Server
    server_version = "reveal"

    def do_GET(self) -> None:  # noqa: N802  (so the library calls it)
        path = self.path.partition("?")[0]
        if (proof := self.server.revealed.proves(path)) is not None:
            self._send(200, proof)
        elif not self.server.revealed.goes_by(self.host, self.context):
            self._send(421, "<h1>Nothing is here</h1><p>This page goes by another name.</p>")
        elif self.is_guess:
            self._send(503, "")
        elif (transcript := self.server.revealed.take(path)) is not None:
            self._send(200, f"<h1>With secrets</h1><p>{_ABOUT}</p>{transcript}")
            self.server.revealed.close()
        else:
            self._send(404, "<h1>Nothing is here</h1><p>A page with secrets opens once only.</p>")

    def _send(self, status: int, content: str) -> None:
        nonce = secrets.token_urlsafe(16)
        content = content.replace("<style>", f'<style nonce="{nonce}">')
        body = _PAGE.format(nonce=nonce, content=content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY.format(nonce=nonce))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)


_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

_ABOUT = (
    "Whoever sees the secrets below can act for you. This page opens once, and is gone when you "
    "close it."
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>With secrets</title>
<style nonce="{nonce}">
:root {{ color-scheme: light dark; }}
body {{ margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem;
  font: 1rem/1.5 system-ui, sans-serif; background: #ffffff; color: #1a1a1a; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #000000; color: #e6e6e6; }} }}
h1 {{ font-size: 1.3rem; }}
th, td {{ text-align: left; vertical-align: top; }}
</style>
</head>
<body>{content}</body>
</html>
"""
