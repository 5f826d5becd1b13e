"""Ports on the three systems: who has one alone, and what it means that it can't be had."""

import errno
import socket
import time
from contextlib import closing
from typing import Any

import pytest

from lc_tutorial import system
from lc_tutorial.errors import PortTaken
from lc_tutorial.oauth.callback import CallbackListener
from lc_tutorial.platforms import PageHandler, PageServer
from lc_tutorial.sandbox.web import process
from lc_tutorial.system import which

# What Windows says of a port that another program keeps to itself: WSAEACCES.
FORBIDDEN = PermissionError(
    errno.EACCES,
    "An attempt was made to access a socket in a way forbidden by its access permissions",
)
TAKEN = OSError(errno.EADDRINUSE, "Address already in use")
NOT_HERE = OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")


@pytest.mark.parametrize(
    ("name", "problem", "is_taken", "may_not"),
    [
        ("linux", TAKEN, True, False),
        ("linux", FORBIDDEN, False, True),
        ("darwin", FORBIDDEN, False, True),
        ("win32", TAKEN, True, False),
        ("win32", FORBIDDEN, True, False),
        ("linux", NOT_HERE, False, False),
        ("win32", NOT_HERE, False, False),
    ],
)
def test_what_it_means_that_a_port_can_not_be_had(
    name: str, problem: OSError, is_taken: bool, may_not: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    assert system.is_taken(problem) is is_taken
    assert system.may_not_be_had(problem) is may_not


class Socket(socket.socket):
    """A real one that notes what it is told of its port, where this system doesn't know it."""

    told: list[tuple[int, int]]

    def setsockopt(self, level: int, option: int, value: Any) -> None:  # type: ignore[override]
        if level == socket.SOL_SOCKET:
            self.told.append((option, value))
            if option < 0:
                # What Linux has instead: else a connection that has ended keeps the port, as there.
                option = socket.SO_REUSEADDR
        super().setsockopt(level, option, value)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    Socket.told = []
    monkeypatch.setattr(socket, "socket", Socket)
    return Socket.told


# Its number is ~SO_REUSEADDR, and that is 4 on Windows.
EXPECTED = {
    "linux": [(socket.SO_REUSEADDR, 1)],
    "darwin": [(socket.SO_REUSEADDR, 1)],
    "win32": [(~4, 1)],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_server_has_its_port_alone(
    name: str, told: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reuse, on Windows, would let one take a port on which another program listens."""
    monkeypatch.setattr(which, "name", name)
    page = PageServer("127.0.0.1", 0, PageHandler)
    page.server_close()
    assert told == EXPECTED[name]
    told.clear()
    process.listen("127.0.0.1", 0).close()
    assert [each for each in told if each[0] != socket.TCP_NODELAY] == EXPECTED[name]


@pytest.mark.skipif(which.is_windows(), reason="it has nothing of the kind")
def test_a_port_is_free_again_at_once_and_belongs_to_one() -> None:
    with closing(process.listen("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(process.CannotStart, match="is taken"):
            process.listen("127.0.0.1", port)
        line = socket.create_connection(("127.0.0.1", port), 5)
        first.accept()[0].close()
        line.close()
    process.listen("127.0.0.1", port).close()


@pytest.mark.usefixtures("told")
def test_on_windows_a_port_that_is_kept_is_said_to_be_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise FORBIDDEN

    monkeypatch.setattr(Socket, "bind", refuse)
    said: dict[str, list[str]] = {}
    for name in ("linux", "win32"):
        monkeypatch.setattr(which, "name", name)
        with pytest.raises(process.CannotStart) as sandbox:
            process.listen("127.0.0.1", 8000)
        with pytest.raises(PortTaken) as callback:
            CallbackListener("http://127.0.0.1:8377/callback", lambda query: None).start()
        said[name] = [str(sandbox.value), str(callback.value)]
    assert "forbidden by its access permissions" in said["linux"][0]
    assert "Port 8000 is taken" in said["win32"][0]
    assert (
        "Another program, or Windows itself, keeps it: perhaps another sandbox." in said["win32"][0]
    )
    assert (
        "Another program, or Windows itself, keeps it: perhaps another notebook" in said["win32"][1]
    )
    assert said["linux"][1] != said["win32"][1]
    assert "8377" in said["win32"][1]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(("name", "tries"), [("linux", 1), ("darwin", 1), ("win32", 3)])
def test_on_windows_a_port_that_is_given_up_is_free_in_a_moment(
    name: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection of who had it may go on for so long."""
    monkeypatch.setattr(which, "name", name)
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    ours = CallbackListener(f"http://127.0.0.1:{free_port()}/callback", lambda query: None)
    with CallbackListener(f"http://127.0.0.1:{ours.port}/callback", lambda query: None) as other:
        other.rest()
        refused = [FORBIDDEN] * (tries - 1) if name == "win32" else []
        bind = Socket.bind

        def not_yet(bound: socket.socket, address: Any) -> None:
            if not other._servers and refused:
                raise refused.pop()
            bind(bound, address)

        monkeypatch.setattr(Socket, "bind", not_yet)
        with ours:
            assert ours.is_listening
    assert len(waited) == tries - 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_how_many_files_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    assert system.most_handles() == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert system.most_handles() is None
    monkeypatch.setattr(resource, "getrlimit", None)
    monkeypatch.setattr(which, "name", "win32")
    assert system.most_handles() is None
