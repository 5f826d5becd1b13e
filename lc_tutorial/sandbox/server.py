"""The sandbox as a process: its socket, its record, the word that it is ready, and its end."""

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from lc_tutorial import system
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.control import Activity
from lc_tutorial.sandbox.shared import MOST_WORLDS, Front, HubDoorkeeper, NoHub, Worlds
from lc_tutorial.sandbox.web import EVERYWHERE, Hosts, is_loopback, process, tls
from lc_tutorial.sandbox.world import DEFAULT_CALLBACK_PORT, Sandbox

NONCE_VARIABLE = "LC_TUTORIAL_SANDBOX_NONCE"
_LOOPBACK = "127.0.0.1"


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
    system.leave_on_signals()
    process.log_to_standard_error()
    # Not passed on to anything that this process might start.
    nonce = nonce or os.environ.pop(NONCE_VARIABLE, "") or secrets.token_hex(32)
    try:
        identity = tls.identity(tls_cert, tls_key)
        alive = process.watch_of(parent_pid)
        listener = process.listen(host, port)
        hosts = Hosts.of(host, allow_hosts, tls=identity is not None)
    except (process.CannotStart, tls.Unusable) as problem:
        print(problem, file=sys.stderr)
        return 1
    own_port: int = listener.getsockname()[1]
    world = Sandbox(
        callback_port=process.free_port(callback_port or DEFAULT_CALLBACK_PORT, besides=own_port)
    )
    scheme = "https" if identity else "http"
    told = _Told(f"{scheme}://{_reachable(host)}:{own_port}", host, nonce, identity, record)

    def stop() -> None:
        server.should_exit = True

    app = Activity(
        create_app(world, nonce=nonce, stop=stop, renewed=told.keep_up_record, hosts=hosts)
    )
    server = process.Server(
        app,
        identity,
        announce=lambda: told.announce(world, json_line=json_line),
        go_on=lambda: alive() and app.idle_seconds < idle_seconds,
    )
    try:
        return server.serve_on(listener)
    finally:
        told.take_back_record()


def run_class(
    host: str = _LOOPBACK,
    port: int = 0,
    *,
    json_line: bool = False,
    most: int = MOST_WORLDS,
) -> int:
    """Run one sandbox for the learners of a JupyterHub, each in a world of their own.

    It ends on an interrupt or a termination signal, and all worlds with it.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 takes the one that the hub names in JUPYTERHUB_SERVICE_URL,
            else a free one.
        json_line: Whether to print one line of JSON, once it answers, and not a sentence.
        most: How many worlds there may be at once; of too many, the one goes that was used least
            recently.

    Returns:
        The exit status: 0, or 1 where it could not start, with the reason on standard error.
    """
    system.leave_on_signals()
    process.log_to_standard_error()
    base = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/").rstrip("/")
    told = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    try:
        doorkeeper = HubDoorkeeper()
        listener = process.listen(host, port or told.port or 0)
    except (process.CannotStart, NoHub) as problem:
        print(problem, file=sys.stderr)
        return 1
    own_port: int = listener.getsockname()[1]
    url = f"http://{_reachable(host)}:{own_port}{base}"

    def announce() -> None:
        if not is_loopback(host):
            print(_OF_A_CLASS, file=sys.stderr, flush=True)
        ready = f"The sandbox of the class is ready. Its learners need LC_TUTORIAL_SANDBOX={url}"
        print(json.dumps({"url": url}) if json_line else ready, flush=True)

    front = Front(Worlds(most), doorkeeper, base, partial(process.free_port, besides=own_port))
    server = process.Server(front, announce=announce, go_on=front.keep_house)
    return server.serve_on(listener)


def _reachable(host: str) -> str:
    if host in EVERYWHERE:
        return _LOOPBACK
    return f"[{host}]" if ":" in host else host


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
            process.CannotStart: It cannot be written.
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
        with contextlib.suppress(process.CannotStart):
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


_OF_A_CLASS = (
    "Warning: this sandbox listens to other machines. What passes is not encrypted: learners' "
    "tokens of the hub are in it. Without --host it listens on this machine only."
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
        system.remove(temporary)
        with system.create(temporary, 0o600) as file:
            file.write(json.dumps(content).encode())
        system.replace(temporary, path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            system.remove(temporary)
        raise process.CannotStart(
            f"The sandbox cannot write its record to {path}: {system.in_words(problem)}."
        ) from problem


def _remove_record(path: Path) -> None:
    """Remove the record, unless another sandbox has put its own in its place."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid():
            system.remove(path)
            # Its log, where who started it led its standard error there. It is open still: where it
            # can't be deleted then, who stops this sandbox does.
            log = path.with_suffix(".log")
            if system.moves_what_is_open() and os.path.samestat(
                log.stat(), os.fstat(sys.stderr.fileno())
            ):
                system.remove(log)
