"""Let two names change places in one step, where the system can."""

import ctypes
import errno
import os
from pathlib import Path

from lc_tutorial.system import which

# Sources: renameat2(2) of Linux, renamex_np(2) of macOS, and their header files.
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # Linux
_RENAME_SWAP = 2  # macOS

# What they say where the system, or the kind of disk, has no such step.
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EPERM}


def exchange(one: Path, other: Path) -> bool:
    """Let two files or folders on the same disk change places. Nobody sees a moment in between.

    Returns:
        Whether it was done; False where the system or the disk can't, and nothing was.

    Raises:
        OSError: one of them isn't there, or may not be moved.
    """
    arguments: tuple[int | bytes, ...]
    if which.is_linux():
        name, arguments = "renameat2", (_AT_FDCWD, os.fsencode(one), _AT_FDCWD)
    elif which.is_macos():
        name, arguments = "renamex_np", (os.fsencode(one),)
    else:
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:
        return False
    flag = _RENAME_EXCHANGE if which.is_linux() else _RENAME_SWAP
    if call(*arguments, os.fsencode(other), ctypes.c_uint(flag)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), os.fspath(one), None, os.fspath(other))
