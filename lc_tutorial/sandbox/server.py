"""The sandbox as a process: its socket, its record, the word that it is ready, and its end."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.control import Activity
from lc_tutorial.sandbox.web import (
    EVERYWHERE,
    HANDSHAKE,
    REST,
    Hosts,
    Protocol,
    SparingLog,
    is_loopback,
    most_connections,
    say_once_in_a_while,
    tls,
)
from lc_tutorial.sandbox.world import DEFAULT_CALLBACK_PORT, Sandbox

NONCE_VARIABLE = "LC_TUTORIAL_SANDBOX_NONCE"
#: How many ports are tried for the callback, from the first choice on.
_CALLBACK_PORTS = 10
_WATCH_INTERVAL = 2.0
_LOOPBACK = "127.0.0.1"
#: Connections that the system keeps until they are accepted.
_BACKLOG = 64


def run(
    host: str = _LOOPBACK,
    port: int = 0,
    *,
    json_line: bool = False,
    record: Path | None = None,
    parent_pid: int | None = None,
    idle_seconds: float = 86_400,
    nonce: str | None = None,
    callback_port: int | None = None,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    allow_hosts: Sequence[str] = (),
) -> int:
    """Run a sandbox until it is told to end; its world ends with it.

    It ends on an interrupt or a termination signal, on the control plane's stop, with its parent,
    or when nobody asked it anything for long.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 takes a free one.
        json_line: Whether to print one line of JSON, once it answers, and not a paragraph.
        record: A file, for this user's eyes only, that says how to reach it while it runs.
        parent_pid: The process with which it ends.
        idle_seconds: How long it lives without a request.
        nonce: What opens its control plane; by default the value of the environment variable
            LC_TUTORIAL_SANDBOX_NONCE, else a random one.
        callback_port: The port of the callback address that the Console suggests, by default 8377;
            where somebody listens there, it is the next of ten that is free.
        tls_cert: A certificate, and below it those that lead to its authority, as PEM: the sandbox
            answers https then, and nothing else.
        tls_key: The certificate's private key, as PEM.
        allow_hosts: Names that it goes by, beside those of the loopback and of `host`.

    Returns:
        The exit status: 0, or 1 where it could not start, with the reason on standard error.
    """
    _leave_on_signals()
    _log_to_standard_error()
    # Not passed on to anything that this process might start.
    nonce = nonce or os.environ.pop(NONCE_VARIABLE, "") or secrets.token_hex(32)
    try:
        identity = tls.identity(tls_cert, tls_key)
        alive = _watch_of(parent_pid)
        listener = _listen(host, port)
        hosts = Hosts.of(host, allow_hosts, tls=identity is not None)
    except (_CannotStart, tls.Unusable) as problem:
        print(problem, file=sys.stderr)
        return 1
    own_port: int = listener.getsockname()[1]
    world = Sandbox(
        callback_port=_free_callback_port(callback_port or DEFAULT_CALLBACK_PORT, besides=own_port)
    )
    scheme = "https" if identity else "http"
    told = _Told(f"{scheme}://{_reachable(host)}:{own_port}", host, nonce, identity, record)

    def stop() -> None:
        server.should_exit = True

    app = Activity(
        create_app(world, nonce=nonce, stop=stop, renewed=told.keep_up_record, hosts=hosts)
    )
    server = _Server(
        _config(app, identity),
        announce=lambda: told.announce(world, json_line=json_line),
        go_on=lambda: alive() and app.idle_seconds < idle_seconds,
    )
    return _serve(server, listener, told)


def _config(app: Activity, identity: tls.Identity | None) -> uvicorn.Config:
    Protocol.most = most_connections(_BACKLOG)
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
        backlog=_BACKLOG,
        timeout_graceful_shutdown=3,
        ssl_certfile=identity.certificate if identity else None,
        ssl_keyfile=identity.key if identity else None,
    )


def _serve(server: "_Server", listener: socket.socket, told: "_Told") -> int:
    try:
        server.run(sockets=[listener])
    except _CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        told.take_back_record()
    return 0


class _CannotStart(Exception):
    """The sandbox cannot start; the text says why and what to do."""


class _Server(uvicorn.Server):
    """A server that says when it answers, and looks now and then whether it is still wanted."""

    def __init__(
        self, config: uvicorn.Config, *, announce: Callable[[], None], go_on: Callable[[], bool]
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._go_on = go_on

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
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


def _leave_on_signals() -> None:
    # uvicorn ends gracefully on these and then raises them anew, to be handled as before it ran:
    # leaving by SystemExit lets this process clean up, and end without a traceback.
    def leave(*_: object) -> None:
        raise SystemExit(0)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def _log_to_standard_error() -> None:
    # What was refused, and why: one line each, without secrets. Of others, warnings only.
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    logging.getLogger().handlers[0].addFilter(SparingLog())
    logging.getLogger("lc_tutorial.sandbox").setLevel(logging.INFO)


# --- Ports ------------------------------------------------------------------------------------


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = _bind(family, address)
        listener.listen(_BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            why = f"Port {port} is taken: another program listens there, perhaps another sandbox."
            raise _CannotStart(f"{why} Choose another port, or 0 for a free one.") from problem
        why = f"The sandbox cannot listen on {host}, port {port}: {problem.strerror}."
        raise _CannotStart(f"{why} Choose another address or port.") from problem
    return listener


def _bind(family: int, address: tuple[Any, ...]) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: with it,
    # each answer to a connection that is kept open waits 40 ms for an acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There, "reuse" would let us take a port that another program listens on.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def _free_callback_port(first: int, *, besides: int) -> int:
    """Return the port for the learner's own listener: the first choice, or the next one free."""
    for port in range(first, min(first + _CALLBACK_PORTS, 65_536)):
        if port == besides:
            continue
        try:
            _bind(socket.AF_INET, (_LOOPBACK, port)).close()
        except OSError:
            continue
        return port
    return first


def _reachable(host: str) -> str:
    if host in EVERYWHERE:
        return _LOOPBACK
    return f"[{host}]" if ":" in host else host


# --- Parent -----------------------------------------------------------------------------------


def _watch_of(pid: int | None) -> Callable[[], bool]:
    """Return a function that says whether the process still runs; without one, always."""
    if pid is None:
        return lambda: True
    import psutil

    try:
        # It remembers when the process began: another one that gets the number later is not it.
        parent = psutil.Process(pid)
    except psutil.Error as problem:
        raise _CannotStart(
            f"The process {pid}, with which this sandbox was to end, has ended already."
        ) from problem

    def alive() -> bool:
        try:
            return parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return alive


def _process() -> dict[str, object]:
    import psutil

    return {"pid": os.getpid(), "create_time": psutil.Process().create_time()}


# --- What it tells ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """What this process tells of itself: to who started it, and in its record."""

    url: str
    host: str
    nonce: str = field(repr=False)
    identity: tls.Identity | None
    record: Path | None

    def announce(self, world: Sandbox, *, json_line: bool) -> None:
        """Say that the sandbox answers, and how it is reached."""
        self.write_record(world)
        if not is_loopback(self.host):
            print(_warning(self.host), file=sys.stderr, flush=True)
        if json_line:
            ready = {"url": self.url, **_ready_made(world)}
            del ready["callback_port"]
            print(json.dumps(ready), flush=True)
        else:
            print(_paragraph(self.url, world), flush=True)

    def write_record(self, world: Sandbox) -> None:
        """Write the record, where one is wanted.

        Raises:
            _CannotStart: It cannot be written.
        """
        if self.record is None:
            return
        known = {"url": self.url, "nonce": self.nonce, **_process(), **_ready_made(world)}
        if self.identity:
            known["tls_fingerprint"] = self.identity.fingerprint
        _write_record(self.record, known)

    def keep_up_record(self, world: Sandbox) -> None:
        """Write the record of a world that was made anew."""
        # What joins this sandbox needs of the record is as before, should this not succeed.
        with contextlib.suppress(_CannotStart):
            self.write_record(world)

    def take_back_record(self) -> None:
        """Remove the record: the sandbox has ended."""
        if self.record is not None:
            _remove_record(self.record)


def _ready_made(world: Sandbox) -> dict[str, object]:
    app = world.ready_made
    assert app.block is not None  # noqa: S101
    author = world.accounts[app.author_id]
    return {
        "client_id": app.block.client_id,
        "client_secret": app.block.client_secret,
        "redirect_uri": app.block.redirect_uris[0],
        "email": author.email,
        "password": author.password,
        "callback_port": world.callback_port,
    }


def _warning(host: str) -> str:
    where = "on every network that this machine is in" if host in EVERYWHERE else f"on {host}"
    return (
        f"Warning: this sandbox listens {where}. Whoever reaches it there can sign in as anyone, "
        "use it, and read all that it holds: enter nothing real, and end it when you are done. "
        "Without --host it listens on this machine only."
    )


def _paragraph(url: str, world: Sandbox) -> str:
    ready = _ready_made(world)
    lines = [
        f"The sandbox is ready at {url} (Developer Console: {url}/console/).",
        "It is a practice stand-in: everything in it is made up, and is gone when it ends.",
        f'A server-side app, "{world.ready_made.name}", is there already: '
        f"client id {ready['client_id']}, redirect URI {ready['redirect_uri']}.",
        "With --json, its client secret and its author's password are printed too.",
        "To end the sandbox, press Ctrl+C or run: lc-tutorial stop",
    ]
    return "\n".join(lines)


def _write_record(path: Path, content: dict[str, object]) -> None:
    """Write the record at one stroke, readable by this user alone from the first moment."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
        temporary.replace(path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise _CannotStart(
            f"The sandbox cannot write its record to {path}: {problem.strerror}."
        ) from problem


def _remove_record(path: Path) -> None:
    """Remove the record, unless another sandbox has put its own in its place."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid():
            path.unlink()
            # Its log, where who started it led its standard error there.
            log = path.with_suffix(".log")
            if os.path.samestat(log.stat(), os.fstat(sys.stderr.fileno())):
                log.unlink()
