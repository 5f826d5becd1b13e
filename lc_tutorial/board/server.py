"""The board as a process: its socket, the addresses that it prints, and its end."""

import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette

from lc_tutorial.board.app import create_app
from lc_tutorial.board.entering import RoomDoor
from lc_tutorial.board.live import LivePages
from lc_tutorial.board.room import Room
from lc_tutorial.board.syllabus import Course
from lc_tutorial.sandbox.web import (
    EVERYWHERE,
    Hosts,
    is_loopback,
    process,
    tls,
)
from lc_tutorial.system import leave_on_signals

_LOOPBACK = "127.0.0.1"

#: Connections that the system keeps until they are accepted: a class joins in the same minute.
_BACKLOG = 128


@dataclass(frozen=True)
class Options:
    """How the board is run.

    Attributes:
        host: what to listen on.
        port: 0 takes a free one.
        allow_hosts: names that it goes by, beside those of the loopback and of `host`.
        tls_cert: a certificate, and below it those that lead to its authority, as PEM.
        tls_key: its private key.
        most: learners that it takes.
        json_line: whether to print one line of JSON, and not a paragraph.
        of_hub: whether a JupyterHub runs it as a managed service: then the hub says where it
            listens, and who people are.
    """

    host: str = _LOOPBACK
    port: int = 0
    allow_hosts: Sequence[str] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    most: int = 100
    json_line: bool = False
    of_hub: bool = False


def run(course: Course, options: Options) -> int:
    """Run a board until an interrupt or a termination signal; the room ends with it.

    Args:
        course: what the learners learn.
        options: how to run.

    Returns:
        The exit status: 0, or 1 where it could not start, with the reason on standard error.
    """
    leave_on_signals()
    process.log_to_standard_error("lc_tutorial.board")
    if options.of_hub:
        return _run_for_hub(course, options)
    try:
        identity = tls.identity(options.tls_cert, options.tls_key, program="board")
        listener = _listen(options.host, options.port)
    except (process.CannotStart, tls.Unusable) as problem:
        print(problem, file=sys.stderr)
        return 1
    door = RoomDoor()
    app = create_app(Room(course, options.most), door, hosts=_hosts(options))
    scheme = "https" if identity else "http"
    port = listener.getsockname()[1]
    here = f"{scheme}://{_reachable(options.host)}:{port}"
    fingerprint = identity.fingerprint if identity else ""
    server = _Server(app, identity, lambda: _announce(here, door, fingerprint, options))
    server.run(sockets=[listener])
    return 0


def _run_for_hub(course: Course, options: Options) -> int:
    """Run as a managed service.

    Source: JupyterHub's documentation, "Services", for the variables of the environment.
    """
    from jupyterhub.services.auth import HubOAuth

    from lc_tutorial.board.hub_login import HubDoor

    address = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "").rstrip("/")
    try:
        if not address.hostname or not address.port or not prefix:
            raise process.CannotStart(
                "With --hub the board is a managed service of a JupyterHub, which tells it where "
                "to listen. Name it in jupyterhub_config.py, with a url and a command."
            )
        listener = _listen(address.hostname, address.port)
    except process.CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    door = HubDoor(HubOAuth())
    app = create_app(
        Room(course, options.most), door, prefix=prefix, more_routes=tuple(door.routes)
    )
    server = _Server(app)
    server.run(sockets=[listener])
    return 0


class _Server(process.Server):
    """A server that ends the pages that are open when it ends."""

    def __init__(
        self,
        app: Starlette,
        identity: tls.Identity | None = None,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(app, identity, announce=announce, backlog=_BACKLOG)
        self._live: LivePages = app.state.live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Pages that are open never end by themselves.
        self._live.end()
        await super().shutdown(sockets)


def _hosts(options: Options) -> Hosts:
    names = [options.host, *options.allow_hosts]
    if not is_loopback(options.host):
        own = socket.gethostname()
        names += [own, f"{own}.local"]
    return Hosts(names, any_address=options.host in EVERYWHERE, program="board")


def _listen(host: str, port: int) -> socket.socket:
    return process.listen(host, port, program="board", backlog=_BACKLOG)


def _reachable(host: str) -> str:
    if host in EVERYWHERE:
        return _address_in_the_room()
    return f"[{host}]" if ":" in host else host


def _address_in_the_room() -> str:
    """This machine's address in the network that it is in; that of the loopback without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: it only asks which of its addresses the system would take.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return _LOOPBACK


def _announce(here: str, door: RoomDoor, fingerprint: str, options: Options) -> None:
    # By the fingerprint learners' kernels know the board, whoever signed its certificate.
    certificate = f"?cert={fingerprint}" if fingerprint else ""
    teacher = f"{here}/teacher?key={door.key}"
    learners = f"{here}/join/{door.code}{certificate}"
    if not is_loopback(options.host):
        print(_warning(options), file=sys.stderr, flush=True)
    if options.json_line:
        print(json.dumps({"url": here, "teacher": teacher, "learners": learners}), flush=True)
        return
    lines = [
        "The board is ready. Yours, which nobody else should see:",
        f"  {teacher}",
        "The learners' line, for notebook 00:",
        f'  lc.join("{learners}", name="…")',
        "It keeps nothing: press Ctrl+C to end it, and what it knows is gone.",
    ]
    if is_loopback(options.host):
        lines.insert(4, "It listens on this machine only. For the room's network: --room")
    print("\n".join(lines), flush=True)


def _warning(options: Options) -> str:
    where = "on every network that this machine is in"
    if options.host not in EVERYWHERE:
        where = f"on {options.host}"
    travels = (
        "What travels is encrypted. "
        if options.tls_cert
        else "Names and progress travel unencrypted: whoever is in the network can read them, and "
        "your own address with its key too, when you open it from another machine. With --tls-cert "
        "and --tls-key they can't. "
    )
    return (
        f"Warning: this board listens {where}. {travels}Whoever has the learners' address can "
        "join under any name, and tell anything about themselves; nobody sees the board with it. "
        "Without --room it listens on this machine only."
    )
