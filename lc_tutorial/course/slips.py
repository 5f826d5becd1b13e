"""A learner's slips in plain code, explained in place of a traceback.

The forms explain what happens in them. But the lesson's cells hold plain Python, and there a cell
that is run too early is a ``NameError``, and a sandbox that is gone a ``ConnectionError`` with the
whole of urllib3 below it. The traceback is still there for whoever wants it: ``%tb`` shows it.
"""

from typing import Any

import requests
from IPython.core.getipython import get_ipython

from lc_tutorial.errors import ConnectionProblem, StepIncomplete, TutorialError

#: The names that the notebooks give, and the cell that gives each.
_MADE_IN = {
    "requests": "the first cell",
    "lc": "the first cell",
    "platform": "the first cell",
    "app": "step 1",
    "urlencode": "step 2",
    "pkce": "step 2",
    "authorization_url": "step 2",
    "authorization": "step 2",
    "token_response": "step 3",
    "token": "step 3",
    "response": "step 4",
    "tables": "step 4",
}


def install(ipython: Any = None) -> None:
    """Explain slips in this kernel from now on.

    Does nothing outside IPython, or where the learner has a handler of their own.

    Args:
        ipython: the shell; the running one, if not given.
    """
    shell = ipython if ipython is not None else get_ipython()
    if shell is None or shell.custom_exceptions:
        return

    def show(shell: Any, kind: Any, problem: Any, traceback: Any, **_: Any) -> None:
        explained = explain(problem)
        if explained is None:
            shell.showtraceback((kind, problem, traceback))
        else:
            shell._showtraceback(type(explained), explained, explained._render_traceback_())

    shell.set_custom_exc((NameError, requests.ConnectionError, requests.Timeout), show)


def explain(problem: Exception) -> TutorialError | None:
    """What a slip means, or None if it is none of the course's."""
    if isinstance(problem, requests.RequestException):
        return ConnectionProblem.from_exception(problem)
    name = getattr(problem, "name", None)
    if name not in _MADE_IN:
        return None
    return StepIncomplete(
        what=f"There is no {name} yet.",
        why=f"This cell needs it, and it is made in {_MADE_IN[name]}.",
        remedy=(
            "Run the cells above in their order, each with Shift+Enter. After a kernel restart, "
            "begin with the first."
        ),
    )
