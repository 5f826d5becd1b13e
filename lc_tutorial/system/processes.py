"""Processes: which live, how one is started apart from us, and how this one comes to its end."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from lc_tutorial.system import which

# Source: Microsoft, "Process Creation Flags". Python has their names on Windows only.
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_NO_WINDOW = 0x08000000


def is_gone(pid: int) -> bool:
    """Whether no process has this number. One that has ended may still count.

    Without psutil, whose import costs more than all else of connecting; not so on Windows, where
    asking a process by signal 0 would end it.
    """
    if which.is_windows():
        import psutil

        return not psutil.pid_exists(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # It is another user's.
        return False
    return False


def apart() -> dict[str, Any]:
    """What to tell ``subprocess.Popen`` so that no interrupt meant for us reaches the new process.

    On Windows it gets no window either: a kernel that has none would open one.
    """
    if which.is_windows():
        return {"creationflags": _CREATE_NEW_PROCESS_GROUP | _CREATE_NO_WINDOW}
    return {"start_new_session": True}


def become(command: Sequence[str]) -> NoReturn:
    """Go on as another program, which ends with its own status.

    Windows knows no such thing: what waits for this process would take it for ended. There it waits
    for the other program, and ends as that does.

    Args:
        command: the program's path, and its arguments.
    """
    if which.is_windows():
        raise SystemExit(subprocess.call([*command]))  # noqa: S603
    os.execv(command[0], [*command])  # noqa: S606


def leave_on_signals() -> None:
    """End this process on an interrupt or a termination signal, as if it had come to its end.

    Windows has the one by Ctrl+C and another, SIGBREAK, by Ctrl+Break; who terminates a process
    there doesn't ask it.
    """

    # uvicorn ends gracefully on these and then raises them anew, to be handled as before it ran:
    # leaving by SystemExit lets this process clean up, and end without a traceback.
    def leave(*_: object) -> None:
        raise SystemExit(0)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def after_fork(renew: Callable[[], None]) -> None:
    """Renew something in each forked process: a lock that was held then is held there for ever."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=renew)


def jupyter_pid() -> int | None:
    """The process that started this kernel: JupyterLab, nbval; None where that isn't told.

    Jupyter tells it in ``JPY_PARENT_PID``. On Windows that is no process number but a handle of the
    process, good in the kernel itself and in no other program: a terminal's, or one that the kernel
    starts. Source: jupyter_client, ``launcher.py``.
    """
    told = os.environ.get("JPY_PARENT_PID", "")
    if not told.isdigit():
        return None
    return _pid_behind(int(told)) if which.is_windows() else int(told)


def _pid_behind(handle: int) -> int | None:
    """The process behind a handle of Windows; None if none is. Source: Microsoft, GetProcessId."""
    ask = ctypes.WinDLL("kernel32").GetProcessId  # type: ignore[attr-defined]
    # A handle is as wide as a pointer.
    ask.argtypes, ask.restype = [ctypes.c_void_p], ctypes.c_ulong
    return int(ask(handle)) or None


def is_administrator() -> bool:
    """Whether this runs as root, which Jupyter wants to be told; Windows has no such user."""
    return not which.is_windows() and os.geteuid() == 0
