"""Files: their modes, their way to the disk, and who may take their names while they are open.

On Windows a file that any program has open keeps its name, and so does a folder with such a file in
it; nor can it be deleted. Virus scanners, indexers and previews have each new file open for a
moment; a spreadsheet has it for an hour. So there what moves or deletes one is tried again for a
second.

A file's mode says nothing there: who may read it follows from its folder. A new folder with the
mode 0700 is for its owner and the administrators alone, from Python 3.11.10, 3.12.4 and 3.13 on.
Sources: Python's documentation of ``os.mkdir`` and ``os.replace``; Microsoft, "MoveFileEx".
"""

import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from lc_tutorial.system import which
from lc_tutorial.system.patience import patiently

# Without it Windows would turn each line's end into two characters.
_BINARY = getattr(os, "O_BINARY", 0)

# macOS only. Source: its <sys/fcntl.h>.
_F_FULLFSYNC = 51

# A file that is deleted while a program has it open may be in its folder until that closes it.
_HELD = {errno.EACCES, errno.EPERM, errno.ENOTEMPTY}


def create(path: Path, mode: int | None = None, *, anew: bool = False) -> BinaryIO:
    """Make a file, to write bytes to.

    It has its mode from the first moment on: nobody may look in between.

    Args:
        path: of the file.
        mode: of the file, such as ``0o600``; if not given, what the system gives to new files.
        anew: whether one that is there loses its content; else there must be none.

    Raises:
        FileExistsError: something has that name.
        OSError: it can't be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | _BINARY | (os.O_TRUNC if anew else os.O_EXCL)
    file = os.fdopen(os.open(path, flags, 0o666 if mode is None else mode), "wb")
    if mode is not None and not which.is_windows():
        try:
            # Whatever the user's mask takes away from new files.
            os.fchmod(file.fileno(), mode)
        except BaseException:
            file.close()
            raise
    return file


def reach_disk(descriptor: int) -> None:
    """See to it that what was written to an open file survives a power cut."""
    if which.is_macos():
        import fcntl

        try:
            # There, fsync leaves it in the disk's own memory. Source: fsync(2) of macOS.
            fcntl.fcntl(descriptor, _F_FULLFSYNC)
        except OSError:
            # Not every kind of disk can be asked for that.
            pass
        else:
            return
    os.fsync(descriptor)


def settle(path: Path) -> None:
    """See to it that a file, or the names in a folder, reach the disk, where one can ask for it."""
    flags = os.O_RDONLY
    if which.is_windows():
        if path.is_dir():
            # A folder can't be opened there; NTFS keeps account of its names by itself.
            return
        # What was opened for reading alone can't be asked to reach the disk.
        flags = os.O_RDWR | _BINARY
    descriptor = os.open(path, flags)
    try:
        reach_disk(descriptor)
    finally:
        os.close(descriptor)


def replace(made: Path, place: Path) -> None:
    """Give a file another's place in one step, or a name that is free.

    Raises:
        OSError: it can't be done, and nothing was; on Windows perhaps because somebody has one of
            the two open.
    """
    patiently(lambda: os.replace(made, place), _is_held)


def move(folder: Path, place: Path) -> None:
    """Give a folder or a file another name, which is free.

    Raises:
        OSError: as for :func:`replace`.
    """
    patiently(lambda: os.rename(folder, place), _is_held)


def remove(path: Path) -> None:
    """Delete a file, if it is there.

    Raises:
        OSError: as for :func:`replace`.
    """
    patiently(lambda: path.unlink(missing_ok=True), _is_held)


def remove_folder(path: Path) -> None:
    """Delete a folder with all that is in it, if it is there.

    Raises:
        OSError: as for :func:`replace`. What could be deleted of it is gone all the same.
    """
    try:
        patiently(lambda: shutil.rmtree(path), _is_held)
    except OSError:
        # It ends at the first file that stays.
        shutil.rmtree(path, ignore_errors=True)
        if os.path.lexists(path):
            raise


def link(file: Path, name: Path) -> None:
    """Give a file a second name, which is free.

    Raises:
        FileExistsError: something has that name.
        OSError: not every disk can.
    """
    os.link(file, name)


def moves_what_is_open() -> bool:
    """Whether a file can be moved or deleted while it is open, and the folder that it is in."""
    return not which.is_windows()


def _is_held(problem: OSError) -> bool:
    return problem.errno in _HELD


def who_may_read() -> str:
    """Who may read a new file of the mode 0600, as the beginning of a sentence."""
    if which.is_windows():
        return "Whoever may read the folder around them can read them here"
    return "Only you can read them here"


def is_ours(path: Path) -> bool:
    """Whether a file belongs to the user who runs this.

    On Windows it counts as ours: what is asked about lies in the user's own profile, where others
    may not write.

    Raises:
        OSError: it isn't there.
    """
    owner = path.stat().st_uid
    return which.is_windows() or owner == os.getuid()
