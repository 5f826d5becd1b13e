"""The listener that receives the redirect: this app's end of the redirect URI.

A web app has a page at its redirect URI. A notebook has none, so for as long as a form waits, a
small server listens at that address on this machine and hands on what the browser brings
(RFC 8252, section 7.3, "Loopback Interface Redirection").
"""

import hashlib
import re
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from lc_tutorial.errors import PortTaken
from lc_tutorial.messages import LOOPBACK
from lc_tutorial.oauth.callback_server import CallbackServer, ask_for_room
from lc_tutorial.platforms import callback_port, is_loopback, plain_name
from lc_tutorial.system import may_not_be_had, once_left, who_has

_PROXIED = re.compile(r"/proxy/(\d{1,5})(?=/|$)")

#: Seconds in which somebody may come again to the page that said that the code has arrived.
REST = 600.0

#: Redirects that are remembered, for a browser that sends one again.
MOST_REDIRECTS = 32


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
        elif uri.scheme == "http" and uri.hostname in LOOPBACK:
            port = uri.port
        else:
            return None
    except ValueError:
        return None
    return port if port is not None and 0 < port < 65536 else None


def leads_through_a_proxy(redirect_uri: str) -> bool:
    """Whether a redirect URI reaches this machine through a Jupyter server, from anywhere.

    >>> leads_through_a_proxy("https://hub.example/user/mia/proxy/8377/callback")
    True
    >>> leads_through_a_proxy("http://127.0.0.1:8377/callback")
    False
    """
    return listening_port(redirect_uri) is not None and "/proxy/" in redirect_uri


class CallbackListener:
    """Listens at a redirect URI on this machine, from :meth:`start` to :meth:`stop`.

    When what it waited for is here, :meth:`rest` lets it keep the port only until somebody else
    wants it: meanwhile somebody may reload the page, or follow the link again.

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
        self._public_name = plain_name(uri.netloc.rpartition("@")[2]) if proxied else None
        self._prefix = uri.path[: proxied.end()] if proxied else None
        self._on_redirect = on_redirect
        self._servers: list[CallbackServer] = []
        self._end_of_rest: threading.Timer | None = None
        # A browser may send the same redirect twice: a reload, or a page opened in advance. It
        # holds a code, so its digest is kept.
        self._answers: OrderedDict[bytes, str | None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_listening(self) -> bool:
        """Whether it keeps its port to itself: from start to rest or stop."""
        return bool(self._servers) and self._end_of_rest is None

    def start(self) -> None:
        """Begin to listen, or go on after a rest.

        Raises:
            PortTaken: another program has the port, or this user may not have it.
        """
        self._wake()
        if self._servers:
            return
        servers: list[CallbackServer] = []
        try:
            for host in self._hosts:
                if servers and not _is_here(host):
                    continue
                servers.append(self._server(host))
        except OSError as problem:
            for server in servers:
                server.server_close()
            raise self._refused(problem) from problem
        # Before the first redirect, which may be the one that stops it.
        self._servers = servers
        for server in servers:
            server.start()

    def _server(self, host: str) -> CallbackServer:
        try:
            return CallbackServer(host, self.port, self)
        except OSError:
            # Perhaps a listener has it that rests, in this kernel or another: that makes room.
            if not ask_for_room(host, self.port):
                raise
            return once_left(lambda: CallbackServer(host, self.port, self))

    def _refused(self, problem: OSError) -> PortTaken:
        if may_not_be_had(problem):
            return PortTaken.not_allowed(self.port, instead=callback_port())
        return PortTaken.from_port(self.port, who_has(problem, perhaps="another notebook"))

    def rest(self) -> None:
        """Be there for whoever comes again, for ten minutes: with another code, if they like.

        The port goes to the next listener that wants it, of this kernel or of another one.
        """
        if self.is_listening:
            self._end_of_rest = threading.Timer(REST, self.stop)
            self._end_of_rest.daemon = True
            self._end_of_rest.start()

    def _wake(self) -> None:
        end, self._end_of_rest = self._end_of_rest, None
        if end is not None:
            end.cancel()

    def stop(self) -> None:
        """Stop listening and give the port back. May be called from any thread, and again."""
        self._wake()
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

    def goes_by(self, host: str, context: str = "") -> bool:
        """Whether a request is for this listener.

        A page of a stranger can lead a name of its own to this machine (DNS rebinding), and then
        send what it likes, but for the name. Behind a hub's proxy that is the redirect URI's.

        Args:
            host: the request's `Host`.
            context: what jupyter-server-proxy says it took off the path. A stranger may say so
                too, and finds nothing here but a page; the code's state keeps out the rest.
        """
        if self.is_of_a_neighbour(context):
            return False
        name = plain_name(host)
        if is_loopback(name):
            return True
        return bool(name) and (name == self._public_name or bool(context))

    def is_of_a_neighbour(self, context: str) -> bool:
        """Whether a request came through the Jupyter server of somebody else on this machine.

        Two learners of one hub may have whitelisted the same port: what comes for the one who could
        not listen there is not for the other.

        Args:
            context: as for :meth:`goes_by`.
        """
        return bool(context) and unquote(context) != unquote(self._prefix or "")

    def take(self, query: str) -> str | None:
        """Hand on what a browser brought, once; returns what is wrong with it."""
        key = hashlib.sha256(query.encode()).digest()
        with self._lock:
            if key in self._answers:
                return self._answers[key]
            answer = self._answers[key] = self._handed_on(query)
            if len(self._answers) > MOST_REDIRECTS:
                self._answers.popitem(last=False)
            return answer

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
