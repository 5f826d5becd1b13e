"""Ports of this machine: taken by one program, and said who can't have them."""

import errno
import socket

from lc_tutorial.system import which

# Windows only. Source: Microsoft, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE".
_SO_EXCLUSIVEADDRUSE = -5  # ~SO_REUSEADDR, and that is 4 there


def take_alone(bound: socket.socket) -> None:
    """Let a socket have its port alone, once it is bound, and at once after another has left it.

    On Windows "reuse" means something else: that we could take a port on which another program
    listens. There a socket asks to be the only one, lest another does that to us.
    """
    if which.is_windows():
        bound.setsockopt(socket.SOL_SOCKET, _SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def is_taken(problem: OSError) -> bool:
    """Whether a port can't be had since another program has it.

    Windows says of one that another program keeps to itself that it isn't permitted; and no port
    is for administrators alone there.
    """
    return problem.errno == errno.EADDRINUSE or (
        which.is_windows() and isinstance(problem, PermissionError)
    )


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
