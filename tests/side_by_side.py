"""How the tests are shared out, where pytest-xdist runs them in several processes."""

import os

from xdist.scheduler import LoadScopeScheduling

#: They take longest: a class, browsers, and after them kernels. What is left for the end is short,
#: and so the processes end together.
_BEGINNING = ("tests/classroom/", "tests/browser/", "tests/notebooks/")

_SETTING = "LC_TUTORIAL_CALLBACK_PORT"

#: Each process has ten ports, as a learner on a hub has. The usual ones, from 8377 on, are left.
_FIRST_PORT, _PORTS = 8400, 10

#: Two modules with one wheel, one kit and one environment, which are long in the making.
_OF_THE_KIT = ("tests/packaging/test_kit.py", "tests/packaging/test_wheel.py")


def take_callback_ports(process: str) -> None:
    """Let what waits for a code, in this process and all that it starts, have ports of its own.

    Args:
        process: as pytest-xdist names it, such as gw1.
    """
    os.environ[_SETTING] = str(_FIRST_PORT + _PORTS * number_of(process))


def number_of(process: str) -> int:
    """The number in such a name."""
    return int(process.removeprefix("gw"))


def how_late(nodeid: str) -> int:
    """The place of a test among the others; those of one module stay together."""
    for place, folder in enumerate(_BEGINNING):
        if nodeid.startswith(folder):
            return place
    return len(_BEGINNING)


class ByModule(LoadScopeScheduling):
    """A module's tests stay together, those of its classes too: they share what they set up."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "the kit" if module in _OF_THE_KIT else module
