"""Which names the sandbox goes by: a request for any other is not answered.

A page of a stranger can lead a name of its own to 127.0.0.1 ("DNS rebinding"). To the browser the
sandbox is that page's own server then, and the page may read all that it answers. What no page can
change is the `Host` header: the name is the page's own, and not one of ours.

Behind a Jupyter server's proxy the name is the one by which the browser knows that server, which
nobody tells us. But who asks then is the Jupyter server itself, a process of this machine that lets
nobody through who has not signed in there: the connection shows whether it is that one.
"""

import logging
import os
import re
import socket
from collections import deque
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial.system import jupyter_pid

if TYPE_CHECKING:
    import psutil

#: The live platform's hosts, for which a sandbox with a certificate may stand in.
#: Source: livechat-public-docs, authorization and messaging (accounts, APIs, Console).
PLATFORM_NAMES = (
    "accounts.livechat.com",
    "accounts.livechatinc.com",
    "api.livechatinc.com",
    "api.livechat.com",
    "platform.text.com",
)

#: More names, separated by commas: for a sandbox that a notebook starts.
VARIABLE = "LC_TUTORIAL_ALLOW_HOST"

#: An address of no one machine: the sandbox listens on all that this machine has.
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{0,5})?")
_MOST_NAMES_OF_A_PROXY = 8

_FOREIGN = (
    "This sandbox does not go by the name in that address, and so tells nothing: a page of "
    "somebody else's may have led its own name here. Use 127.0.0.1, or the address of the Jupyter "
    "server beside it. If the name is yours, start the sandbox with --allow-host NAME, or set "
    f"{VARIABLE}=NAME before the notebook that starts it.\n"
)
_MALFORMED = "A request needs one Host header, with a name or an address and perhaps a port.\n"


class Hosts:
    """The names that the sandbox answers to, whatever the port.

    Args:
        names: Beside those of the loopback.
        any_address: Whether every IP address is one of them. No page can make an address its own.
        any_name: Whether it answers to all names: where each address has a secret in it, which a
            page that leads its own name here does not know.
        is_proxy: Tells whether the process at the other end of a connection, which is given by its
            address and port, is the Jupyter server through which browsers may come.
        program: What goes by them, for the words in its log.
    """

    def __init__(
        self,
        names: Iterable[str] = (),
        *,
        any_address: bool = False,
        any_name: bool = False,
        is_proxy: Callable[[tuple[str, int]], bool] = lambda _: False,
        program: str = "sandbox",
    ) -> None:
        self._names = set(map(_plain, names))
        self._any_address = any_address
        self._any_name = any_name
        self._is_proxy = is_proxy
        self._program = program
        self._names_of_proxy: deque[str] = deque(maxlen=_MOST_NAMES_OF_A_PROXY)

    @classmethod
    def of(cls, host: str, allowed: Iterable[str] = (), *, tls: bool = False) -> "Hosts":
        """The names of a sandbox that listens on `host`.

        Args:
            host: What to listen on.
            allowed: More names, that its user gave.
            tls: Whether it has a certificate, and so may stand in for the platform.
        """
        names = [host, *allowed, *os.environ.get(VARIABLE, "").split(",")]
        if tls:
            names += PLATFORM_NAMES
        if host in EVERYWHERE:
            own = socket.gethostname()
            names += [own, f"{own}.local"]
        return cls(filter(None, names), any_address=host in EVERYWHERE, is_proxy=_jupyter_server())

    def problem(self, scope: Scope) -> tuple[int, str] | None:
        """Say with which status and sentence to refuse a request; None for one that is for us."""
        headers = Headers(scope=scope)
        given = headers.getlist("host")
        if not given and scope["http_version"] == "1.0":
            return None  # It has none in this version, which no browser speaks.
        match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
        if match is None:
            return 400, _MALFORMED
        name = _plain(match[1])
        if self._is_ours(name) or name in self._names_of_proxy:
            return None
        # Only the proxy sends it; a page that made it up is no process of the Jupyter server.
        if "x-forwarded-context" in headers and self._is_proxy(scope["client"]):
            self._names_of_proxy.append(name)
            return None
        logging.getLogger(f"lc_tutorial.{self._program}").warning(
            "Refused: a request for the host %.100s, by which no %s goes.", name, self._program
        )
        return 421, _FOREIGN

    def _is_ours(self, name: str) -> bool:
        if self._any_name or name in self._names or is_loopback(name):
            return True
        return self._any_address and _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's alone, whoever looks it up."""
    name = _plain(host)
    return name == "localhost" or (_is_address(name) and ip_address(name).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class HostCheck:
    """Passes on what is for the sandbox, and refuses the rest."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        problem = self._hosts.problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
            return
        status, sentence = problem
        headers = {
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Connection": "close",
        }
        await PlainTextResponse(sentence, status, headers)(scope, receive, send)


def _plain(name: str) -> str:
    return name.strip().strip("[]").rstrip(".").lower()


def _jupyter_server() -> Callable[[tuple[str, int]], bool]:
    """Return what recognizes the Jupyter server that this process was started from."""
    import psutil

    # Jupyter names itself to its kernels, which start sandboxes; to its terminals it is a parent.
    told = jupyter_pid()
    try:
        here = psutil.Process()
        servers = [psutil.Process(told)] if told else here.parents()
    except psutil.Error:
        servers = []

    def is_it(peer: tuple[str, int]) -> bool:
        for server in servers:
            try:
                # It remembers when the process began: not another that has the number now.
                if server.is_running() and peer in _ends_of(server):
                    return True
            except psutil.Error:  # it has ended, or is another user's
                continue
        return False

    return is_it


def _ends_of(process: "psutil.Process") -> set[tuple[str, int]]:
    """Return this machine's ends of a process's connections."""
    # The method's name until psutil 6.
    connections = getattr(process, "net_connections", None) or process.connections
    return {(c.laddr.ip, c.laddr.port) for c in connections(kind="tcp") if c.laddr}
