"""What the system says where something fails, and what it means by it."""

import errno
import os

from lc_tutorial.system import which
from lc_tutorial.system.names import LONGEST

# Not every system has a number for a quota.
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)

# A folder's own name is shorter by that of a file in it, as MS-DOS had them: 8 + 1 + 3.
_LONGEST_FOLDER = LONGEST - 12


def is_full(problem: OSError) -> bool:
    """Whether there is no room left, on the disk or for this user."""
    return problem.errno in _FULL


def is_refused(problem: OSError) -> bool:
    """Whether this user may not do that there, or, on Windows, somebody has the file open."""
    return problem.errno in _REFUSED


def may_be_open(problem: OSError) -> bool:
    """Whether it may mean that another program has the file open: so it may on Windows alone."""
    return which.is_windows() and isinstance(problem, PermissionError)


def in_words(problem: OSError) -> str:
    """What the system says, for a sentence: without a dot at its end, and without the file's name.

    Windows says of a file that another program has open that access is denied, and of one with too
    long a name that it isn't there. That is added.
    """
    said = (problem.strerror or type(problem).__name__).rstrip(".")
    if not which.is_windows():
        return said
    if may_be_open(problem):
        return f"{said}. Perhaps another program has it open"
    names = (problem.filename, problem.filename2)
    length = max((len(os.fspath(name)) for name in names if isinstance(name, str)), default=0)
    if isinstance(problem, FileNotFoundError) and length > _LONGEST_FOLDER:
        return f"{said}. Its name has {length} characters, and Windows takes {LONGEST}"
    return said
