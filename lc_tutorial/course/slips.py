"""A learner's slips in plain code, explained in place of a traceback.

The forms explain what happens in them. But the lesson's cells hold plain Python, and there a cell
that is run too early is a ``NameError``, and a sandbox that is gone a ``ConnectionError`` with the
whole of urllib3 below it. The traceback is still there for whoever wants it: ``%tb`` shows it.
"""

import json
import traceback
from types import TracebackType
from typing import Any

import requests
from IPython.core.getipython import get_ipython

from lc_tutorial.errors import ConnectionProblem, NotSent, StepIncomplete, TutorialError
from lc_tutorial.messages import json_object
from lc_tutorial.pasting import Kind, read, shows_nothing

#: The names that the notebooks give, and the cell that gives each.
_MADE_IN = {
    **dict.fromkeys(("requests", "pd", "lc", "platform"), "the first cell"),
    "app": "step 1",
    "urlencode": "step 2",
    "pkce": "step 2",
    "authorization_url": "step 2",
    "authorization": "step 2",
    "token_response": "step 3",
    "token": "step 3",
    "response": "step 4",
    # Of both notebooks, or of the second one.
    **dict.fromkeys(
        (
            *("tables", "columns", "countries", "session", "client", "pages", "headers", "first"),
            *("page_id", "since", "archive_pages", "archives", "threads", "groups", "days"),
            *("agents", "messages", "work", "busiest", "replies", "first_replies", "waiting"),
        ),
        "a cell above",
    ),
}

#: Words of JSON, and what Python has in their place.
_OF_JSON = {"true": "True", "false": "False", "null": "None"}


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
        explained = explain(problem, trace)
        if explained is None:
            shell.showtraceback((kind, problem, trace))
        else:
            shell._showtraceback(type(explained), explained, explained._render_traceback_())

    shell.set_custom_exc((NameError, KeyError, UnicodeEncodeError, requests.RequestException), show)


def explain(problem: Exception, trace: TracebackType | None = None) -> TutorialError | None:
    """What a slip means, or None if it is none of the course's.

    Args:
        problem: what the cell raised.
        trace: of it, in which the cell's own names are.
    """
    if isinstance(problem, UnicodeEncodeError):
        return _not_in_a_header(problem) if _comes_from_a_header(problem) else None
    if isinstance(problem, requests.exceptions.InvalidHeader):
        return _unsendable(
            "A header is one line of text, without a blank in front. A token as step 3 makes it is "
            "more than that, and a text that was copied may have a line break in it."
        )
    if isinstance(problem, requests.exceptions.JSONDecodeError):
        return _no_json(trace)
    if isinstance(problem, requests.HTTPError):
        # raise_for_status is the learner's own, and its traceback says where.
        return None
    if isinstance(problem, requests.RequestException):
        return ConnectionProblem.from_exception(problem)
    if isinstance(problem, KeyError):
        return _missing_in_answer(problem, trace)
    name = getattr(problem, "name", None)
    if name in _OF_JSON:
        return NotSent(
            what=f"Python has no {name}.",
            why=f"JSON writes {name}, and Python {_OF_JSON[name]}. The cell is Python.",
            remedy=f"Write {_OF_JSON[name]}; json={{...}} makes it {name} when it is sent.",
        )
    if name not in _MADE_IN:
        return None
    return StepIncomplete(
        what=f"This kernel has no {name} yet.",
        why=f"This cell needs it, and it is made in {_MADE_IN[name]}.",
        remedy=(
            "Run the cells above in their order, each with Shift+Enter. After a kernel restart, "
            "begin with the first."
        ),
    )


def _missing_in_answer(problem: KeyError, trace: TracebackType | None) -> TutorialError | None:
    """A field that an answer does not have because it is a refusal."""
    field = problem.args[0] if problem.args else None
    if not isinstance(field, str):
        return None
    # Imported when it is needed: connect() shall cost little.
    from lc_tutorial.display import explanation

    for response in _answers(trace):
        refusal = explanation(response) if field not in json_object(response) else None
        if refusal is not None:
            return StepIncomplete(
                what=f'The answer has no "{field[:60]}": it is a refusal. {refusal.what}',
                why=refusal.cause,
                remedy=refusal.remedy,
            )
    for answer in _named(trace):
        error = answer.get("error") if isinstance(answer, dict) else None
        if error is not None and field not in answer:
            kind = error.get("type") if isinstance(error, dict) else error
            return StepIncomplete(
                what=f'The answer has no "{field[:60]}": it is a refusal.',
                why=f"It says: {kind}.",
                remedy="lc.show(response) explains it.",
            )
    return None


def _no_json(trace: TracebackType | None) -> TutorialError | None:
    """An answer that is no JSON, though it was read as some."""
    for response in _answers(trace):
        try:
            json.loads(response.text)
        except ValueError:
            kind = response.headers.get("Content-Type", "").partition(";")[0] or "no type"
            return StepIncomplete(
                what="The answer is not JSON.",
                why=f"It came with status {response.status_code}, and is {kind}.",
                remedy="lc.show(response) shows it, and why the platform refused, if it did.",
            )
    return None


def _answers(trace: TracebackType | None) -> list[requests.Response]:
    """The answers that the cell names; else, where it reads JSON, the one that came last."""
    found = [each for each in _named(trace) if isinstance(each, requests.Response)]
    if not found and "json" in _names(trace):
        from lc_tutorial.lab import history

        newest = history.entries()[-1:]
        found = [sent.answer for sent in newest if sent.answer is not None]
    return found


def _named(trace: TracebackType | None) -> list[Any]:
    """What the names stand for that the failing code of the cell reads."""
    if trace is None:
        return []
    frame = _cell(trace).tb_frame
    known = {**frame.f_globals, **frame.f_locals}
    return [known[name] for name in _names(trace) if name in known]


def _names(trace: TracebackType | None) -> tuple[str, ...]:
    code = _cell(trace).tb_frame.f_code if trace is not None else None
    return (*code.co_names, *code.co_varnames) if code is not None else ()


def _cell(trace: TracebackType) -> TracebackType:
    """The innermost step that is the cell's own; what it calls is not the learner's."""
    step = trace
    while step.tb_next is not None and not _is_the_cell(step):
        step = step.tb_next
    while step.tb_next is not None and _is_the_cell(step.tb_next):
        step = step.tb_next
    return step


def _is_the_cell(step: TracebackType) -> bool:
    return step.tb_frame.f_globals.get("__name__") == "__main__"


#: Where the headers of a request become bytes: in the standard library, and in requests.
_MAKES_HEADERS = ("putheader", "_basic_auth_str")


def _comes_from_a_header(problem: BaseException) -> bool:
    frames = traceback.walk_tb(problem.__traceback__)
    return any(frame.f_code.co_name in _MAKES_HEADERS for frame, _ in frames)


def _not_in_a_header(problem: UnicodeEncodeError) -> NotSent:
    header = str(problem.object)
    fault = read(header, Kind.ACCESS_TOKEN).fault
    if any(map(shows_nothing, header)):
        fault = "A character in it shows nothing, and was likely copied along."
    return _unsendable(fault or "It has a character in it that no header can have.")


def _unsendable(why: str) -> NotSent:
    return NotSent(
        what="The request was not sent: this can't be the value of a header.",
        why=why,
        remedy=(
            "Put the value itself there, by the name that holds it: "
            'f"Bearer {token.access_token}". What is shown of a token has dots in it.'
        ),
    )
