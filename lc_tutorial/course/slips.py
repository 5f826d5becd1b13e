"""A learner's slips in plain code, explained in place of a traceback.

The forms explain what happens in them. But the lesson's cells hold plain Python, and there a cell
that is run too early is a ``NameError``, and a sandbox that is gone a ``ConnectionError`` with the
whole of urllib3 below it. The traceback is still there for whoever wants it: ``%tb`` shows it.
"""

import traceback
from typing import Any

import requests
from IPython.core.getipython import get_ipython

from lc_tutorial.errors import ConnectionProblem, InputError, StepIncomplete, TutorialError
from lc_tutorial.pasting import Kind, read, shows_nothing

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

    def show(shell: Any, kind: Any, problem: Any, trace: Any, **_: Any) -> None:
        explained = explain(problem)
        if explained is None:
            shell.showtraceback((kind, problem, trace))
        else:
            shell._showtraceback(type(explained), explained, explained._render_traceback_())

    shell.set_custom_exc(
        (
            NameError,
            UnicodeEncodeError,
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.InvalidHeader,
        ),
        show,
    )


def explain(problem: Exception) -> TutorialError | None:
    """What a slip means, or None if it is none of the course's."""
    if isinstance(problem, UnicodeEncodeError):
        return _not_in_a_header(problem) if _comes_from_a_header(problem) else None
    if isinstance(problem, requests.exceptions.InvalidHeader):
        return _unsendable(
            "A header is one line of text, without a blank in front. A token as step 3 makes it is "
            "more than that, and a text that was copied may have a line break in it."
        )
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


#: Where the headers of a request become bytes: in the standard library, and in requests.
_MAKES_HEADERS = ("putheader", "_basic_auth_str")


def _comes_from_a_header(problem: BaseException) -> bool:
    frames = traceback.walk_tb(problem.__traceback__)
    return any(frame.f_code.co_name in _MAKES_HEADERS for frame, _ in frames)


def _not_in_a_header(problem: UnicodeEncodeError) -> InputError:
    header = str(problem.object)
    fault = read(header, Kind.ACCESS_TOKEN).fault
    if any(map(shows_nothing, header)):
        fault = "A character in it shows nothing, and was likely copied along."
    return _unsendable(fault or "It has a character in it that no header can have.")


def _unsendable(why: str) -> InputError:
    return InputError(
        what="The request was not sent: this can't be the value of a header.",
        why=why,
        remedy=(
            "Put the value itself there, by the name that holds it: "
            'f"Bearer {token.access_token}". What is shown of a token has dots in it.'
        ),
    )
