"""Puts an explanation in the place of a slip's traceback."""

from typing import Any

import requests
from IPython.core.getipython import get_ipython

#: What a slip raises; all else keeps its traceback.
_OF_SLIPS = (
    NameError,
    KeyError,
    AttributeError,
    TypeError,
    ValueError,
    SyntaxError,
    requests.RequestException,
)


def install(ipython: Any = None) -> None:
    """Explain slips in this kernel from now on.

    Does nothing outside IPython, or where the learner has a handler of their own.

    Args:
        ipython: the shell; the running one, if not given.
    """
    shell = ipython if ipython is not None else get_ipython()
    if shell is None or shell.custom_exceptions:
        return

    def show(shell: Any, kind: Any, problem: Any, trace: Any, **_: Any) -> None:
        try:
            # Imported when it is needed: connect() shall cost little.
            from lc_tutorial.course.slips import explain

            explained = explain(problem, trace)
        except Exception:  # noqa: BLE001 - what the cell raised counts, explained or not
            explained = None
        if explained is None:
            shell.showtraceback((kind, problem, trace))
        else:
            shell._showtraceback(type(explained), explained, explained._render_traceback_())

    shell.set_custom_exc(_OF_SLIPS, show)
