"""Patience with Windows, which says no for a moment where others say yes at once."""

import time
from collections.abc import Callable
from typing import TypeVar

from lc_tutorial.system import which

_Done = TypeVar("_Done")

#: Seconds before each further try: about one in all.
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.35)


def patiently(step: Callable[[], _Done], may_pass: Callable[[OSError], bool]) -> _Done:
    """Do something; on Windows, where that fails by what may pass, once more, for a second.

    Args:
        step: to do.
        may_pass: whether an error may be gone in a moment.

    Raises:
        OSError: the step's, in the end.
    """
    for pause in _PAUSES if which.is_windows() else ():
        try:
            return step()
        except OSError as problem:
            if not may_pass(problem):
                raise
        time.sleep(pause)
    return step()
