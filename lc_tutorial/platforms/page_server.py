"""The small HTTP server behind a page of this kernel: its limits, and by which names it goes.

It stands open to every program of this machine, and to every page that a browser has open. So it
answers to its own names only, keeps so many connections for so long, and logs nothing, for what
arrives or leaves may be secret.
"""

import contextlib
import errno
import re
import socket
import threading
import time
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lc_tutorial.messages import LOOPBACK
from lc_tutorial.system import take_alone

#: Seconds that a browser may take, for each piece of its request and for all of it.
PATIENCE = 10.0

#: Connections at once; with one more, the oldest is closed.
MOST_CONNECTIONS = 32

#: A `Host` header: a name or an address, and perhaps a port.
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]*)?")


def plain_name(host: str) -> str:
    """The name or the address that a `Host` header holds; empty for what is no such header.

    >>> plain_name("LocalHost.:8377"), plain_name("[::1]:8377"), plain_name("a b")
    ('localhost', '::1', '')
    """
    match = _HOST.fullmatch(host)
    return match[1].strip("[]").rstrip(".").lower() if match else ""


def is_loopback(name: str) -> bool:
    """Whether this is a name or an address of this machine alone, as :func:`plain_name` has it.

    By any other a page of a stranger may have led its own name here (DNS rebinding).
    """
    return name in LOOPBACK or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None


class PageServer(ThreadingHTTPServer):
    """Listens at one address of this machine, in a thread of its own.

    Args:
        host: the address.
        port: of it; 0 for one that is free.
        handler: answers the requests.
    """

    daemon_threads = True
    # Connections that wait to be accepted.
    request_queue_size = 64
    # Stopping must not wait for the thread that sends the last page: it may be the one that stops.
    block_on_close = False
    # It does that by itself, as its system wants it.
    allow_reuse_address = False

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Open connections, oldest first, and since when they are.
        self._open: OrderedDict[Any, float] = OrderedDict()
        self._open_lock = threading.Lock()
        super().__init__((host, port), handler)
        self._thread = threading.Thread(target=self.serve, name="lc-page", daemon=True)

    def start(self) -> None:
        """Serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and give the port back. What is still being sent may take its time."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._open_lock:
            still_open = list(self._open)
        if still_open:
            late = threading.Timer(PATIENCE, self._hang_up, [still_open])
            late.daemon = True
            late.start()

    def serve(self) -> None:
        """Serve until it is shut down, which may have happened before this thread began."""
        with contextlib.suppress(ValueError, OSError):
            self.serve_forever(poll_interval=0.05)

    def server_bind(self) -> None:
        """Take the port, and share it with nobody."""
        take_alone(self.socket)
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


class PageHandler(BaseHTTPRequestHandler):
    """What all such servers' handlers have."""

    # For each read. What is read bit by bit, the server ends.
    timeout = PATIENCE
    sys_version = ""

    @property
    def host(self) -> str:
        """The one `Host` of the request; empty if there is none, or there are several."""
        hosts = self.headers.get_all("Host", [])
        return hosts[0] if len(hosts) == 1 else ""

    @property
    def context(self) -> str:
        """What jupyter-server-proxy says it took off the path; anybody else may say so, too."""
        return str(self.headers.get("X-Forwarded-Context", ""))

    @property
    def is_guess(self) -> bool:
        """Whether the browser asks in advance, since it guesses where its user will go.

        A refusal makes it ask again when they do.
        """
        purpose = self.headers.get("Sec-Purpose") or self.headers.get("Purpose") or ""
        return "prefetch" in purpose

    def log_message(self, *args: Any) -> None:
        """Log nothing: the line would hold the code."""
