"""Another system than this one, as far as its ways can be had here.

``Windows`` is no list of faked functions: what it forbids is forbidden to the whole process, by an
audit hook of Python's own, which looks at what the system has open. So whole flows run under its
rules, from the notebook's call down. Source of the rules: Microsoft, "MoveFileEx", "DeleteFile",
"Naming Files, Paths, and Namespaces"; Python's documentation of ``os``.
"""

import errno
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import psutil
import pytest

import lc_tutorial
from lc_tutorial.system import names, which

#: What Python has on Linux and not on Windows, of all that a program may ask for.
_ABSENT = (
    *("chown", "fork", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg"),
    *("mkfifo", "pathconf", "pwrite", "register_at_fork", "setsid", "sync", "uname"),
)


class Windows:
    """The rules of Windows for files, in this process, while it is in force.

    Attributes:
        refused: what was refused since, such as ``"os.rename chats.csv"``.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._is_in_force = False
        # Whether the thread is looking, at what the rules are not for.
        self._looks = threading.local()
        sys.addaudithook(self._look)  # which can't be taken away again

    @contextmanager
    def in_force(self) -> Iterator["Windows"]:
        self.refused.clear()
        self._is_in_force = True
        try:
            yield self
        finally:
            self._is_in_force = False

    def check_name(self, path: Any) -> None:
        """Refuse to look at a name that Windows has not, as its ERROR_INVALID_NAME does."""
        if not isinstance(path, str | os.PathLike) or not self._is_asked():
            return
        if "\0" in os.fspath(path):
            return  # Python itself refuses it, before any system is asked.
        if why := names.why_no_name(path):
            self.refused.append(why)
            problem = OSError(errno.EINVAL, "Invalid argument", os.fspath(path))
            problem.winerror = 123  # type: ignore[attr-defined]  # Path.exists() asks for it.
            raise problem

    def _is_asked(self) -> bool:
        return self._is_in_force and not getattr(self._looks, "now", False)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_asked():
            return
        if event in ("os.rename", "os.remove", "os.rmdir"):
            paths = [arg for arg in arguments[:2] if isinstance(arg, str | os.PathLike)]
            self._looks.now = True
            try:
                held = next((path for path in map(Path, paths) if _is_open(path)), None)
            finally:
                self._looks.now = False
            if held is not None:
                self.refused.append(f"{event} {held.name}")
                # What Python says of ERROR_SHARING_VIOLATION.
                raise PermissionError(errno.EACCES, _IN_USE, os.fspath(held))
        elif event in ("os.listdir", "os.scandir"):
            self.check_name(arguments[0])
        elif event == "open" and isinstance(arguments[0], str | os.PathLike):
            self.check_name(arguments[0])
            if Path(arguments[0]).is_dir():
                raise PermissionError(errno.EACCES, "Permission denied", os.fspath(arguments[0]))
        elif event in ("os.kill", "os.killpg", "os.exec", "os.fork", "os.chmod") and _asked_by_us():
            raise AssertionError(f"{event}: Windows has no such thing, or it ends the process.")


def for_a_moment(file: BinaryIO, rules: Windows) -> threading.Thread:
    """Somebody who has a file open, and closes it soon after something was refused for that."""

    def read() -> None:
        limit = time.monotonic() + 60
        while not rules.refused and time.monotonic() < limit:
            time.sleep(0.01)
        time.sleep(0.1)
        file.close()

    reading = threading.Thread(target=read)
    reading.start()
    return reading


_IN_USE = "The process cannot access the file because it is being used by another process"


def _without_its_end(real: Callable[..., str]) -> Callable[..., str]:
    """Windows finds what it takes a name for: without the dots and blanks at its end."""

    def found(path: Any, **options: Any) -> str:
        whole = real(path, **options)
        meant = whole.rstrip(". ")
        return meant if meant != whole and os.path.exists(meant) else whole

    return found


def _checked(step: Callable[..., Any]) -> Callable[..., Any]:
    def checked(path: Any, *arguments: Any, **options: Any) -> Any:
        _windows.check_name(path)
        return step(path, *arguments, **options)

    return checked


def _asked_by_us() -> bool:
    """Whether it is the product that asks, and not a library, which has another way there."""
    return Path(lc_tutorial.__file__).parent in Path(sys._getframe(2).f_code.co_filename).parents


def _is_open(path: Path) -> bool:
    """Whether this process, or one that it started, has a file open, or one in a folder."""
    wanted = os.path.join(os.path.realpath(path.parent), path.name)
    here = psutil.Process()
    for process in (here, *here.children()):
        # One that has ended meanwhile has nothing open.
        with suppress(psutil.NoSuchProcess):
            opened = [file.path for file in process.open_files()]
            if any(file == wanted or file.startswith(f"{wanted}/") for file in opened):
                return True
    return False


_windows = Windows()


@contextmanager
def windows() -> Iterator[Windows]:
    """Windows: its ways in the product, its rules for files, and nothing that it has not.

    On Windows itself all of that is so anyhow.
    """
    if sys.platform == "win32":
        yield _windows
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(which, "name", "win32")
        for name in _ABSENT:
            patch.delattr(os, name, raising=False)
        # Python has no such way of deleting folders there.
        patch.setattr(shutil, "_use_fd_functions", False)
        rename = os.rename

        def rename_to_what_is_free(source: Any, target: Any, **options: Any) -> None:
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, "It is there already", os.fspath(target))
            rename(source, target, **options)

        patch.setattr(os, "rename", rename_to_what_is_free)
        # Of these no audit hook is told.
        for name in ("stat", "lstat", "mkdir"):
            patch.setattr(os, name, _checked(getattr(os, name)))
        patch.setattr(os.path, "realpath", _without_its_end(os.path.realpath))
        with _windows.in_force():
            yield _windows
