"""The HTTP server behind a callback listener: whom it answers, and its pages.

What arrives holds a code: it answers to the names of its redirect URI only, and logs nothing.
"""

import http.client
import re
import secrets
from html import escape
from typing import Protocol
from urllib.parse import parse_qsl

from lc_tutorial.masking import DOTS
from lc_tutorial.platforms import PageHandler, PageServer

#: Characters of a query. A code, a state and what else may come with them have some hundred.
MAX_QUERY = 8 * 1024

#: In front of a code.
_REGION = re.compile(r"(dal|fra|fra-a|fra-b):")

#: Nobody here knows whether the page is in a tab or in the notebook.
_IN_A_TAB = "if this page has a tab of its own, you can close it."

#: Asks a listener that rests for its port. No page of another origin can send the header.
_ROOM_PATH, _ROOM_HEADER = "/.lc-tutorial/make-room", "X-LC-Tutorial-Make-Room"


class Listener(Protocol):
    """Whom the server asks, of which there is one: `callback.CallbackListener`."""

    @property
    def is_listening(self) -> bool:
        """Whether it waits for a redirect, and does not rest."""

    def goes_by(self, host: str, context: str) -> bool:
        """Whether a request with this `Host` and `X-Forwarded-Context` is for it."""

    def is_of_a_neighbour(self, context: str) -> bool:
        """Whether a request with this `X-Forwarded-Context` is for another listener."""

    def is_callback(self, path: str) -> bool:
        """Whether this path is the redirect URI's."""

    def take(self, query: str) -> str | None:
        """Hand on what a browser brought; returns what is wrong with it."""

    def stop(self) -> None:
        """Give the port back."""


class CallbackServer(PageServer):
    """Listens for redirects at one address of this machine.

    Args:
        host: the address.
        port: of it.
        listener: what takes the redirects.
    """

    def __init__(self, host: str, port: int, listener: Listener) -> None:
        self.listener = listener
        super().__init__(host, port, _Handler)


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


class _Handler(PageHandler):
    server: CallbackServer
    server_version = "callback"

    def do_GET(self) -> None:  # noqa: N802  (so the library calls it)
        if not self._is_for_us():
            return
        path, _, query = self.path.partition("?")
        if path == "/favicon.ico":
            self._send(204)
        elif not self.server.listener.is_callback(path):
            self._page(404, "Nothing is here", "This server waits for one address only.")
        elif self.is_guess:
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
                    f"Your notebook has it. Go on there; {_IN_A_TAB}",
                    more=_in_the_address_bar(query),
                )
            else:
                self._page(
                    400, "This did not work", problem, f"Go back to the notebook; {_IN_A_TAB}"
                )

    def do_HEAD(self) -> None:  # noqa: N802  (so the library calls it)
        if self._is_for_us():
            path = self.path.partition("?")[0]
            self._send(200 if self.server.listener.is_callback(path) else 404)

    def do_POST(self) -> None:  # noqa: N802  (so the library calls it)
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
        if self.server.listener.goes_by(self.host, self.context):
            return True
        if self.server.listener.is_of_a_neighbour(self.context):
            self._page(
                421,
                "Another notebook has this port",
                "The notebook that listens there took nothing of what you bring: it came through "
                "another Jupyter server than its own.",
                "If a code is in the address bar, copy the whole address, and paste it into the "
                "form of your notebook.",
            )
            return False
        self._page(
            421,
            "This address is not the notebook's",
            "The notebook waits at its redirect URI, and the name in the address bar is another.",
        )
        return False

    def _page(self, status: int, title: str, *paragraphs: str, more: str = "") -> None:
        nonce = secrets.token_urlsafe(16)
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs) + more
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


def _in_the_address_bar(query: str) -> str:
    """What the address bar shows, part by part; the code itself stands there and nowhere else."""
    came = dict(parse_qsl(query))
    region = _REGION.match(came.get("code", ""))
    code = f"code={region[1]}%3A{DOTS}" if region else f"code={DOTS}"
    rows = [(code, "The code. It works once, and for a few minutes. %3A stands for a colon.")]
    if came.get("state"):
        meaning = "Your state: it has to be the one of your link. The notebook compares them."
        rows.append((f"state={came['state']}", meaning))
    listed = "".join(
        f"<dt><code>{escape(part)}</code></dt><dd>{escape(meaning)}</dd>" for part, meaning in rows
    )
    return f"<h2>Look at the address bar</h2><dl>{listed}</dl>"


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
h2 {{ font-size: 1.1rem; margin: 1.2rem 0 .3rem; }}
p, dl {{ margin: .5rem 0; overflow-wrap: anywhere; }}
dt code {{ font-size: .95em; font-weight: 600; }}
dd {{ margin: 0 0 .5rem 1.2rem; }}
</style>
</head>
<body><main><div role="status"><h1>{title}</h1>{text}</div></main></body>
</html>
"""
