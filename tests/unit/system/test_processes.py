"""Processes on the three systems: looked for, started apart, told to end."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial import system
from lc_tutorial.platforms import application_pid
from lc_tutorial.system import which
from tests.unit.as_on import windows


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize("name", ["linux", "darwin", "win32"])
def test_which_processes_are_gone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = ended_process()
    # There, a signal 0 would end the process; here the rules of Windows let nobody send one.
    monkeypatch.setattr(which, "name", name)
    with windows() if name == "win32" else nullcontext():
        assert system.is_gone(ended)
        assert not system.is_gone(os.getpid())


def test_another_user_s_process_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert not system.is_gone(1)


# --- Started apart ------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="it has no sessions")
def test_no_interrupt_of_ours_reaches_what_is_started_apart() -> None:
    program = "import os; print(os.getsid(0), os.getpid())"
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, **system.apart()
    )
    session, pid = done.stdout.split()
    assert session == pid


def test_on_windows_it_is_a_group_without_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", "win32")
    # Only Windows can be asked for it: CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW.
    assert system.apart() == {"creationflags": 0x200 | 0x08000000}
    for flag in ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW"):
        theirs = getattr(subprocess, flag, None)
        assert theirs is None or theirs & system.apart()["creationflags"] == theirs


# --- Another program ----------------------------------------------------------------------------

_BECOME = """
import os, sys
from lc_tutorial import system
system.which.name = sys.argv[1]
print(os.getpid(), flush=True)
system.become([sys.executable, "-c", "import os; print(os.getpid(), flush=True); os._exit(3)"])
"""


@pytest.mark.parametrize("name", ["linux", "darwin", "win32"])
def test_who_waits_for_this_process_waits_for_what_it_becomes(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BECOME, name], stdout=subprocess.PIPE, check=False
    )
    before, after = done.stdout.split()
    assert done.returncode == 3
    assert (before == after) is (name != "win32")


# --- Told to end --------------------------------------------------------------------------------

# Windows sends SIGBREAK, which Linux has not: another signal has its name here.
_LEAVE = """
import os, signal, sys, time
from lc_tutorial import system
signal.SIGBREAK = signal.SIGUSR1
system.leave_on_signals()
try:
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    time.sleep(60)
finally:
    print("cleaned up")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="nobody is asked by a signal there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGBREAK"])
def test_whoever_is_told_to_end_cleans_up(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", _LEAVE, name], stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout.split()) == (0, [b"cleaned", b"up"])


# --- The Jupyter that started this kernel -------------------------------------------------------


@pytest.mark.parametrize("told", ["", "none", "-1", "0x1f"])
@pytest.mark.parametrize("name", ["linux", "darwin", "win32"])
def test_nobody_started_what_is_told_nothing(
    told: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    monkeypatch.setenv("JPY_PARENT_PID", told)
    assert system.jupyter_pid() is None
    assert application_pid() == os.getpid()


@pytest.mark.parametrize("name", ["linux", "darwin"])
def test_jupyter_tells_its_number(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", name)
    monkeypatch.setenv("JPY_PARENT_PID", "4711")
    assert system.jupyter_pid() == application_pid() == 4711


class Kernel32:
    """The library of Windows, as far as it tells whose a handle is."""

    def __init__(self, processes: dict[int, int]) -> None:
        def ask(handle: Any) -> int:
            assert ask.argtypes == [ctypes.c_void_p]  # type: ignore[attr-defined]
            return processes.get(handle, 0)

        self.GetProcessId = ask


def test_on_windows_jupyter_tells_a_handle(monkeypatch: pytest.MonkeyPatch) -> None:
    """To take it for a number would end the sandbox at once: no process has it."""
    monkeypatch.setattr(which, "name", "win32")
    kernel32 = Kernel32({612: 4711})
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: kernel32, raising=False)
    monkeypatch.setenv("JPY_PARENT_PID", "612")
    assert system.jupyter_pid() == application_pid() == 4711


def test_on_windows_a_handle_is_good_in_the_kernel_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal, or the sandbox, has the variable too, and in it the number of nothing."""
    monkeypatch.setattr(which, "name", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: Kernel32({}), raising=False)
    monkeypatch.setenv("JPY_PARENT_PID", "612")
    assert system.jupyter_pid() is None
    assert application_pid() == os.getpid()


def test_windows_has_no_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for user, expected in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert system.is_administrator() is expected
    with windows():
        assert not system.is_administrator()
