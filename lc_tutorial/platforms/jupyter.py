"""The Jupyter server around this kernel, and how a browser reaches a port of this machine.

On the learner's own computer a browser reaches ``http://127.0.0.1:PORT`` as it is. On a hub or on
Binder the browser is elsewhere, and only ``{base_url}proxy/PORT/`` leads to this machine, where
jupyter-server-proxy is installed in the server. Under which name it does, a hub tells in the
environment where its administrator has set it; else only the browser knows.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from jupyter_core.paths import jupyter_runtime_dir

from lc_tutorial.platforms.within import within
from lc_tutorial.system import jupyter_pid

#: An origin as a browser tells it, of a page of a hub or of another server.
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")

#: Where this kernel's browser said that it is; None until it did.
_told: str | None = None

#: Seconds to wait for the Jupyter server beside us, for all of its answer: it is on this machine.
_PATIENCE = 3.0


@dataclass(frozen=True)
class JupyterServer:
    """The server that runs this kernel.

    Attributes:
        url: its address from this machine, with its base URL, ending in a slash.
        token: what opens it; empty where it needs none.
    """

    url: str
    token: str

    @property
    def base_url(self) -> str:
        """The path under which it serves, beginning and ending in a slash."""
        path = urlsplit(self.url).path
        return path if path.endswith("/") else f"{path}/"


def application_pid() -> int:
    """The process that runs this kernel: JupyterLab, nbval, nbconvert; for a script, itself.

    Jupyter tells each kernel its parent.
    """
    return jupyter_pid() or os.getpid()


def running_server() -> JupyterServer | None:
    """The Jupyter server that started this kernel, or None for a kernel without one."""
    if jupyter_pid() is None:
        return None
    # On a hub the record of the server has no token; the hub's own token opens it.
    hub_token = os.environ.get("JUPYTERHUB_API_TOKEN", "")
    for server in _records_of_servers():
        if server.get("pid") == application_pid():
            return JupyterServer(server["url"], hub_token or server.get("token", ""))
    return None


def _records_of_servers() -> Iterator[dict[str, Any]]:
    """What Jupyter servers note of themselves.

    As `jupyter_server.serverapp.list_running_servers` does, whose import takes half a second.
    """
    for path in Path(jupyter_runtime_dir()).glob("jpserver-*.json"):
        # Of a server that ends it goes; of one that starts it may be half written.
        with contextlib.suppress(OSError, ValueError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(record, dict):
                yield record


def on_hub() -> bool:
    """Whether this kernel runs on a JupyterHub (Binder is one), away from the learner's browser."""
    return bool(os.environ.get("JUPYTERHUB_SERVICE_PREFIX"))


def on_binder() -> bool:
    """Whether this kernel runs on Binder: a machine that is somebody else's.

    Source: BinderHub sets these in each server it launches.
    """
    return any(name in os.environ for name in ("BINDER_LAUNCH_HOST", "BINDER_REPO_URL"))


def on_colab() -> bool:
    """Whether this kernel runs on Google Colab, away from the learner's browser.

    Source: googlecolab/backend-info, whose environment has it.
    """
    return "COLAB_RELEASE_TAG" in os.environ


def in_codespace() -> bool:
    """Whether this kernel runs in a GitHub codespace, away from the learner's browser.

    Source: GitHub's documentation, "Default environment variables for your codespace".
    """
    return os.environ.get("CODESPACES") == "true"


def in_vs_code() -> bool:
    """Whether VS Code runs this kernel, here or at the far end of one of its connections.

    Source: the environment that VS Code gives its extensions, of which one starts the kernel.
    """
    return any(name in os.environ for name in ("VSCODE_PID", "VSCODE_CWD", "VSCODE_IPC_HOOK_CLI"))


def proxied_path(port: int, health_path: str, expected: str) -> str | None:
    """The path below which a browser reaches ``port`` through the Jupyter server, if it does.

    Args:
        port: of a program on this machine.
        health_path: what to ask of that program, without a slash in front.
        expected: what its answer must contain. Another program's page does not.

    Returns:
        A path from the root of the Jupyter server, such as ``/user/mia/proxy/8000/``; None where
        there is no server or no jupyter-server-proxy in it.
    """
    server = running_server()
    if server is None:
        return None
    answer = _through_proxy(server, port, health_path)
    if answer is None or answer.status_code != 200 or expected not in answer.text:
        return None
    return f"{server.base_url}proxy/{port}/"


def keeps_redirects(port: int, path: str, leads_to: str) -> bool:
    """Whether a relative redirect of a program leads a browser to the same place through the proxy.

    jupyter-server-proxy 4.5.0 puts its own prefix before relative ones, and so leads astray.
    Source: jupyterhub/jupyter-server-proxy, issue 574.

    Args:
        port: of the program, which the proxy reaches.
        path: what to ask of it, without a slash in front; it redirects.
        leads_to: the path to which it does, the same way.

    Returns:
        False only where a redirect came through that leads elsewhere.
    """
    server = running_server()
    answer = _through_proxy(server, port, path) if server else None
    if server is None or answer is None or "Location" not in answer.headers:
        return True
    target = urlsplit(urljoin(answer.url, answer.headers["Location"])).path
    return target == f"{server.base_url}proxy/{port}/{leads_to}"


def _through_proxy(server: JupyterServer, port: int, path: str) -> requests.Response | None:
    """Ask through the proxy; None if no answer came in time."""
    try:
        return within(_PATIENCE, lambda: _answer(server, port, path))
    except TimeoutError:
        return None


def _answer(server: JupyterServer, port: int, path: str) -> requests.Response | None:
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(
                f"{server.url.rstrip('/')}/proxy/{port}/{path}",
                headers={"Authorization": f"token {server.token}"} if server.token else {},
                timeout=_PATIENCE,
                allow_redirects=False,
            )
    except requests.RequestException:
        return None


def browser_is_at(origin: str) -> None:
    """Note the origin of the pages in which this kernel's notebooks are shown.

    Args:
        origin: such as ``https://hub.example``, as a script in the page tells it. What is no such
            thing is not noted: some programs show notebooks in pages of their own.
    """
    global _told
    if _ORIGIN.fullmatch(origin):
        _told = origin


def public_origin() -> str | None:
    """The origin under which the browser reaches this kernel's Jupyter server; None if not known.

    Source: JupyterHub 5 sets ``JUPYTERHUB_PUBLIC_URL`` where ``public_url`` is configured, or where
    each user has a subdomain.
    """
    told = urlsplit(os.environ.get("JUPYTERHUB_PUBLIC_URL", ""))
    if told.scheme in ("http", "https") and told.netloc:
        return f"{told.scheme}://{told.netloc}"
    return _told


def browser_is_elsewhere() -> bool:
    """Whether the browser is on another machine than this kernel, as far as is known."""
    if on_hub() or on_colab() or in_codespace():
        return True
    host = urlsplit(_told or "").hostname
    return host is not None and host not in ("127.0.0.1", "localhost", "::1")


def proxied_address(port: int, path: str) -> str | None:
    """The whole address at which a browser that is elsewhere reaches a port of this machine.

    Args:
        port: of a program on this machine.
        path: there, without a slash in front.

    Returns:
        Such as ``https://hub.example/user/mia/proxy/8377/callback``; None if it is not known.
    """
    origin, server = public_origin(), running_server()
    if origin is None or server is None:
        return None
    return f"{origin}{server.base_url}proxy/{port}/{path}"
