"""The address that a learner whitelists, so that the browser brings the code to this kernel."""

import secrets
from dataclasses import dataclass

from lc_tutorial.platforms import jupyter
from lc_tutorial.platforms.callback_port import callback_port
from lc_tutorial.platforms.page_server import PageHandler, PageServer


@dataclass(frozen=True)
class CallbackAddress:
    """A redirect URI for this kernel.

    Attributes:
        uri: the whole address.
        arrives: whether a browser that is led there reaches this kernel, as far as is known. On a
            hub without jupyter-server-proxy, or one whose name nobody has told yet, it does not:
            the address is to be copied then, out of the browser's address bar.
    """

    uri: str
    arrives: bool


def callback_address(port: int | None = None, *, in_notebook: bool = False) -> CallbackAddress:
    """Where the browser reaches a listener of this kernel: on this machine, or through a hub.

    Args:
        port: of the listener; this learner's own, if not given.
        in_notebook: whether the pages that lead there open in the notebook: then this kernel goes
            there itself.

    Raises:
        InputError: the setting of the port names none.
    """
    port = callback_port() if port is None else port
    is_here = in_notebook or not jupyter.browser_is_elsewhere()
    proxied = None if is_here else jupyter.proxied_address(port, "callback")
    if proxied is not None and _proxy_leads_here():
        return CallbackAddress(proxied, arrives=True)
    return CallbackAddress(f"http://127.0.0.1:{port}/callback", arrives=is_here)


def example_redirect_uri() -> str:
    """A redirect URI as messages show one: where this learner's code can come.

    Raises:
        InputError: the setting of the port names none.
    """
    return callback_address().uri


def _proxy_leads_here() -> bool:
    """Whether the Jupyter server leads browsers to ports of this machine: a page says so."""
    nonce = secrets.token_hex(16)

    class Answers(PageHandler):
        def do_GET(self) -> None:  # noqa: N802  (so the library calls it)
            self.send_response(200)
            self.send_header("Content-Length", str(len(nonce)))
            self.end_headers()
            self.wfile.write(nonce.encode())

    server = PageServer("127.0.0.1", 0, Answers)
    server.start()
    try:
        return jupyter.proxied_path(server.server_port, "", nonce) is not None
    finally:
        server.stop()
