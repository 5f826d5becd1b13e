"""A browser on another machine than the kernel: it reaches the Jupyter server, and nothing else."""

import copy
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

from .conftest import JupyterLab

#: A name of the server that is none of this machine's own, and that Chromium leads here.
NAME = "faraway.localhost"


def from_far_away(server: JupyterLab, context: BrowserContext) -> tuple[JupyterLab, list[str]]:
    """Let the browser reach this server alone.

    Returns:
        The server, under a name by which its kernels know that the browser is elsewhere; and what
        the browser asks for beside it, in vain.
    """
    far = copy.copy(server)
    netloc = f"{NAME}:{urlsplit(server.url).port}"
    far.url = urlsplit(server.url)._replace(netloc=netloc).geturl()
    in_vain: list[str] = []

    def decide(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.netloc == netloc or asked.scheme not in ("http", "https", "ws", "wss"):
            route.continue_()
        else:
            in_vain.append(route.request.url)
            route.abort("connectionrefused")

    context.route("**/*", decide)
    return far, in_vain
