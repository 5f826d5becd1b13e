"""Ports of this machine: taken by one program, and said who can't have them."""

import errno
import socket
from collections.abc import Callable
from typing import TypeVar

from lc_tutorial.system import which
from lc_tutorial.system.patience import patiently

_Taken = TypeVar("_Taken")

# Windows only. Source: Microsoft, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE".
_SO_EXCLUSIVEADDRUSE = -5  # ~SO_REUSEADDR, and that is 4 there


def take_alone(bound: socket.socket) -> None:
    """Let a socket have its port alone, once it is bound; mostly at once after another has left it.

    On Windows "reuse" means something else: that we could take a port on which another program
    listens. There a socket asks to be the only one, lest another does that to us. Such a one can't
    be bound before the last connection of whoever had the port is done: see :func:`once_left`.
    """
    if which.is_windows():
        bound.setsockopt(socket.SOL_SOCKET, _SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def once_left(take: Callable[[], _Taken]) -> _Taken:
    """Take a port that another has just left: on Windows it may be free in a moment only.

    Args:
        take: binds the port.

    Raises:
        OSError: it can't be had.
    """
    return patiently(take, is_taken)


def is_taken(problem: OSError) -> bool:
    """Whether a port can't be had since another program has it.

    Windows says of one that another program keeps to itself that it isn't permitted; and no port
    is for administrators alone there.
    """
    return problem.errno == errno.EADDRINUSE or _is_kept(problem)


def who_has(problem: OSError, *, perhaps: str) -> str:
    """Who has a port that :func:`is_taken`, as a sentence.

    Windows keeps ranges of ports for its virtual machines, Hyper-V and WSL, and says of them what
    it says of one that another program keeps. They are listed by
    ``netsh interface ipv4 show excludedportrange protocol=tcp``.

    Args:
        problem: what was said of the port.
        perhaps: which program of ours it may be, such as "another notebook".
    """
    if _is_kept(problem):
        return f"Another program, or Windows itself, keeps it: perhaps {perhaps}."
    return f"Another program on this machine listens there, perhaps {perhaps}."


def _is_kept(problem: OSError) -> bool:
    return which.is_windows() and isinstance(problem, PermissionError)


def may_not_be_had(problem: OSError) -> bool:
    """Whether a port can't be had since this user may not have it: below 1024, as a rule."""
    return isinstance(problem, PermissionError) and not is_taken(problem)


def most_handles() -> int | None:
    """How many files and sockets this process may have open; None where it may as many as it likes.

    On Windows a socket takes no handle of a file.
    """
    if which.is_windows():
        return None
    import resource

    handles, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if handles == resource.RLIM_INFINITY else handles
