"""A server's process, the sandbox's or the board's: its socket, and when it ends."""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from lc_tutorial.sandbox.web import tls
from lc_tutorial.sandbox.web.connections import HANDSHAKE, REST, Protocol, most_connections
from lc_tutorial.sandbox.web.sparing import SparingLog, say_once_in_a_while
from lc_tutorial.system import in_words, is_taken, take_alone, who_has

_WATCH_INTERVAL = 2.0
#: Connections that the system keeps until they are accepted.
_BACKLOG = 64
#: How many ports are tried for the callback, from the first choice on.
_PORTS = 10
_LOOPBACK = "127.0.0.1"


class CannotStart(Exception):
    """The server cannot start; the text says why and what to do."""


class Server(uvicorn.Server):
    """A server that says when it answers, and looks now and then whether it is still wanted."""

    def __init__(
        self,
        app: ASGIApp,
        identity: tls.Identity | None = None,
        *,
        announce: Callable[[], None],
        go_on: Callable[[], bool] = lambda: True,
        backlog: int = _BACKLOG,
    ) -> None:
        super().__init__(_config(app, identity, backlog))
        self._announce = announce
        self._go_on = go_on

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(say_once_in_a_while)
        if self.config.ssl_certfile is not None:
            # uvicorn leaves it at asyncio's own limit, which is a minute.
            loop.create_server = partial(  # type: ignore[method-assign]
                loop.create_server, ssl_handshake_timeout=HANDSHAKE
            )
        await super().startup(sockets)
        self._announce()
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while self._go_on():
            await asyncio.sleep(_WATCH_INTERVAL)
        self.should_exit = True

    def serve_on(self, listener: socket.socket) -> int:
        """Answer until the end, and return the exit status: 1 where it can't be announced."""
        try:
            self.run(sockets=[listener])
        except CannotStart as problem:
            print(problem, file=sys.stderr)
            return 1
        return 0


def _config(app: ASGIApp, identity: tls.Identity | None, backlog: int) -> uvicorn.Config:
    Protocol.most = most_connections(backlog)
    return uvicorn.Config(
        app,
        http=Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=REST,
        backlog=backlog,
        timeout_graceful_shutdown=3,
        ssl_certfile=identity.certificate if identity else None,
        ssl_keyfile=identity.key if identity else None,
    )


def log_to_standard_error(room: str = "lc_tutorial.sandbox") -> None:
    """Log there what a room refuses, and what goes wrong."""
    # What was refused, and why: one line each, without secrets. Of others, warnings only.
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    logging.getLogger().handlers[0].addFilter(SparingLog())
    logging.getLogger(room).setLevel(logging.INFO)


def listen(
    host: str, port: int, *, program: str = "sandbox", backlog: int = _BACKLOG
) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Args:
        host: Where.
        port: Which.
        program: What listens, for the words of a refusal.
        backlog: Connections that the system keeps until they are accepted.

    Raises:
        CannotStart: The address or the port can't be had.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = bind(family, address)
        listener.listen(backlog)
    except OSError as problem:
        if is_taken(problem):
            why = f"Port {port} is taken. {who_has(problem, perhaps=f'another {program}')}"
            raise CannotStart(f"{why} Choose another port, or 0 for a free one.") from problem
        why = f"The {program} cannot listen on {host}, port {port}: {in_words(problem)}."
        raise CannotStart(f"{why} Choose another address or port.") from problem
    return listener


def bind(family: int, address: tuple[Any, ...]) -> socket.socket:
    """Return a socket at an address that nobody else has.

    Raises:
        OSError: Somebody has, or it is not this machine's.
    """
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: with it,
    # each answer to a connection that is kept open waits 40 ms for an acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        take_alone(bound)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def free_port(first: int, *, besides: int) -> int:
    """Return the port for the learner's own listener: the first choice, or the next one free."""
    for port in range(first, min(first + _PORTS, 65_536)):
        if port == besides:
            continue
        try:
            bind(socket.AF_INET, (_LOOPBACK, port)).close()
        except OSError:
            continue
        return port
    return first


def watch_of(pid: int | None) -> Callable[[], bool]:
    """Return a function that says whether the process still runs; without one, always."""
    if pid is None:
        return lambda: True
    import psutil

    try:
        # It remembers when the process began: another one that gets the number later is not it.
        parent = psutil.Process(pid)
    except psutil.Error as problem:
        raise CannotStart(
            f"The process {pid}, with which this sandbox was to end, has ended already."
        ) from problem

    def alive() -> bool:
        try:
            return parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return alive
