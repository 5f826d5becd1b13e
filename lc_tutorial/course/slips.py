"""A learner's slips in plain code, explained in place of a traceback.

The forms explain what happens in them. But the lesson's cells hold plain Python, and there a cell
that is run too early is a ``NameError``, and a sandbox that is gone a ``ConnectionError`` with the
whole of urllib3 below it. The traceback is still there for whoever wants it: ``%tb`` shows it.
"""

import json
import traceback
from difflib import get_close_matches
from types import TracebackType

import requests

from lc_tutorial.course import columns, misuse, not_there, unreadable, unsendable
from lc_tutorial.course.cells import (
    failed_itself,
    line_of_cell,
    named_in,
    names_in,
    namespace_of,
    raised_in_a_cell,
)
from lc_tutorial.errors import ConnectionProblem, NotSent, StepIncomplete, TutorialError
from lc_tutorial.messages import json_object
from lc_tutorial.pasting import Kind, read, shows_nothing

#: Words of JSON, and what Python has in their place.
_OF_JSON = {"true": "True", "false": "False", "null": "None"}


def explain(problem: Exception, trace: TracebackType | None = None) -> TutorialError | None:
    """What a slip means, or None if it is none of the course's.

    Args:
        problem: what the cell raised.
        trace: of it, in which the cell's own names are.
    """
    if isinstance(problem, UnicodeEncodeError):
        return _not_in_a_header(problem) if _comes_from_a_header(problem) else None
    if isinstance(problem, requests.RequestException):
        return _of_requests(problem, trace)
    if isinstance(problem, SyntaxError):
        return unreadable.cell(problem)
    if isinstance(problem, KeyError):
        return _missing_in_answer(problem, trace) or columns.missing(problem, trace)
    if isinstance(problem, NameError):
        return _no_name(problem, trace) or columns.missing(problem, trace)
    unsent = unsendable.arguments(trace)
    if unsent is not None:
        return unsent
    if isinstance(problem, AttributeError):
        return misuse.attribute(problem, trace)
    return misuse.call(problem, trace) if isinstance(problem, TypeError) else None


def _of_requests(
    problem: requests.RequestException, trace: TracebackType | None
) -> TutorialError | None:
    if isinstance(problem, requests.exceptions.InvalidHeader):
        return _unsendable(
            "A header is one line of text, without a blank in front. A lc.Token is "
            "more than that, and a text that was copied may have a line break in it."
        )
    if isinstance(problem, requests.exceptions.JSONDecodeError):
        return _no_json(trace)
    if isinstance(problem, requests.HTTPError):
        # raise_for_status is the learner's own, and its traceback says where.
        return None
    return ConnectionProblem.from_exception(problem)


def _no_name(problem: NameError, trace: TracebackType | None) -> TutorialError | None:
    name = getattr(problem, "name", None) or ""
    if name in _OF_JSON:
        return NotSent(
            what=f"Python has no {name}.",
            why=f"JSON writes {name}, and Python {_OF_JSON[name]}. The cell is Python.",
            remedy=f"Write {_OF_JSON[name]}; json={{...}} makes it {name} when it is sent.",
        )
    if name == "tutorial" and "lc" in names_in(trace):
        return unreadable.command("lc-tutorial")
    known = namespace_of(trace)
    # Not of a library below the cell, nor of a function's own name that has no value yet.
    is_the_cells = name and name not in known and raised_in_a_cell(trace, name)
    return not_there.explain(name, known, line_of_cell(trace)) if is_the_cells else None


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
    for answer in named_in(trace).values():
        error = answer.get("error") if isinstance(answer, dict) else None
        if error is not None and field not in answer:
            kind = error.get("type") if isinstance(error, dict) else error
            return StepIncomplete(
                what=f'The answer has no "{field[:60]}": it is a refusal.',
                why=f"It says: {kind}.",
                remedy="lc.show(response) explains it.",
            )
    return _no_such_field(field, trace) if failed_itself(trace) else None


def _no_such_field(field: str, trace: TracebackType | None) -> TutorialError | None:
    """A field that a good answer does not have."""
    answers = [json_object(each) for each in _answers(trace)]
    answers += [each for each in named_in(trace).values() if isinstance(each, dict)]
    for answer in answers:
        near = [each for each in map(str, answer) if each.startswith(field)]
        near = near or get_close_matches(field, map(str, answer), n=1, cutoff=0.5)
        if field not in answer and near:
            return StepIncomplete(
                what=f'There is no "{field[:60]}" in this.',
                why=f"Its fields are {', '.join(list(map(str, answer))[:20])}.",
                remedy=f'Is "{near[0]}" meant?',
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
    found = [each for each in named_in(trace).values() if isinstance(each, requests.Response)]
    if not found and "json" in names_in(trace):
        from lc_tutorial.lab import history

        newest = history.entries()[-1:]
        found = [sent.answer for sent in newest if sent.answer is not None]
    return found


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
