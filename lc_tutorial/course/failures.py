"""The checks of notebook 04, the clinic: whether a mend is one, and its two exercises."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pandas as pd
import requests

from lc_tutorial import memory
from lc_tutorial.course.answers import kind_of
from lc_tutorial.course.clinic_cases import CASES, Case, status_of
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding, nothing_yet, refuse_others
from lc_tutorial.errors import InputError
from lc_tutorial.oauth import new_state
from lc_tutorial.platforms import example_redirect_uri


def check_mended(name: str, answer: Any) -> Check:
    """Notebook 04: does the request of this case work now?

    Args:
        name: of the case, as its cell has it.
        answer: what ``requests`` returned; of a link, the address where the browser ended; None
            where no answer came.

    Raises:
        InputError: there is no such case, or the answer is something else.
    """
    case = CASES.get(name) if isinstance(name, str) else None
    if case is None:
        raise InputError(
            what="The clinic has no case of this name.",
            why=f"It has {', '.join(CASES)}.",
            remedy="Write the name as it stood in the cell.",
        )
    call = f'lc.check_mended("{name}", {"response" if case.path else "came_back"})'
    if answer is not None:
        refuse_others(answer, call, *(("status_code", "request") if case.path else ("partition",)))
    findings = _called(case, answer) if case.path else _followed(answer)
    return Check(f"Mended: {case.title}", tuple(findings), f"{case.mended} Go on.")


def _called(case: Case, response: requests.Response | None) -> Iterable[Finding]:
    if response is None:
        yield Finding(MISSING, "An answer: none came yet.")
        return
    path = memory.path_of(response.url or "")
    if not fnmatchcase(path, case.path):
        wanted = case.path.rpartition("/")[2]
        yield Finding(MISSING, f"An answer of {wanted}: this one is of {path}.")
    elif not response.ok:
        yield Finding(
            MISSING,
            f"The mend: this answer is {response.status_code}. What lc.show says above is where "
            "to begin.",
        )
    elif lacking := case.lacks(response):
        yield Finding(MISSING, lacking)
    else:
        yield Finding(RIGHT, f"It was answered with {response.status_code}.")


def _followed(address: str | None) -> Iterable[Finding]:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        yield Finding(MISSING, "An address: this text is none.")
        return
    # With response_type=token, the other way for a JavaScript app, it stands behind a #.
    brought = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    if "code" in brought or "access_token" in brought:
        kind = "code" if "code" in brought else "token"
        yield Finding(RIGHT, f"The browser brought a {kind}.")
    else:
        yield Finding(
            MISSING,
            "A code: the browser brought none. What lc.show_redirect says above is where to begin.",
        )


# --- Exercise: take only your own code ----------------------------------------------------------

_ERROR_PAGE = "https://accounts.livechat.com/ooops?oauth_exception=missing_grant"
_CODE = "dal:not_a_real_code_of_this_check"

#: What Python raises where a function did not think of something.
_BROKE = (LookupError, TypeError, AttributeError, NameError)


def check_take_code(take_code: Any) -> Check:
    """Notebook 04, exercise: does this function take the code that answers my own request alone?

    It is called with made-up addresses. For one to be refused it may return None, or raise
    an error of its own.

    Args:
        take_code: the learner's function, of an address and the state that was sent; or None.

    Raises:
        InputError: it is no function.
    """
    if take_code is not None and not callable(take_code):
        raise InputError(
            what="This is no function.",
            why=f"It is {kind_of(take_code)}.",
            remedy="Write it as it stood in the cell: lc.check_take_code(take_code), without "
            "brackets behind the function's name.",
        )
    return Check(
        "Your turn: take only your own code",
        tuple(_takes(take_code)),
        "Well done. Now nobody slips your app a code, and Cancel does not break it.",
    )


def _takes(take_code: Callable[[str, str], Any] | None) -> Iterable[Finding]:
    if take_code is None:
        yield Finding(MISSING, "Your function, in the place of None.")
        return
    state = new_state()
    uri = example_redirect_uri()
    taken = _outcome(take_code, f"{uri}?{urlencode({'code': _CODE, 'state': state})}", state)
    if isinstance(taken, str) and taken == _CODE:
        yield Finding(RIGHT, "It takes the code that comes with the state that was sent.")
    elif isinstance(taken, BaseException):
        yield Finding(MISSING, f"Your own code: the function broke with {_named(taken)}.")
    elif isinstance(taken, str) and "%3A" in taken:
        yield Finding(MISSING, "The code as it is: in the address its colon is written %3A.")
    else:
        yield Finding(MISSING, f"Your own code: the function gave {kind_of(taken)} in its place.")
    theirs = urlencode({"code": _CODE, "state": new_state()})
    for what, address in (
        ("a code with somebody else's state", f"{uri}?{theirs}"),
        ("a code without a state", f"{uri}?{urlencode({'code': _CODE})}"),
        ("an error that comes with your state", f"{uri}?error=access_denied&state={state}"),
        ("the error page after Cancel", _ERROR_PAGE),
    ):
        yield _refuses(what, _outcome(take_code, address, state))


def _refuses(what: str, outcome: Any) -> Finding:
    if isinstance(outcome, _BROKE):
        hint = ""
        if isinstance(outcome, KeyError):
            hint = ' A hint: .get("…") gives None where nothing of that name came.'
        return Finding(
            MISSING, f"An answer to {what}: the function broke with {_named(outcome)}.{hint}"
        )
    is_nothing = outcome is None or (isinstance(outcome, bool | str) and not outcome)
    if is_nothing or isinstance(outcome, BaseException):
        return Finding(RIGHT, f"It refuses {what}.")
    return Finding(
        MISSING,
        f"A refusal of {what}: the function took it. A hint: what came back with it, and what did "
        "you send?",
    )


def _outcome(take_code: Callable[[str, str], Any], address: str, state: str) -> Any:
    try:
        return take_code(address, state)
    # Whatever the learner's function raises is an answer of it; with sys.exit, as programs end.
    except (Exception, SystemExit) as problem:  # noqa: BLE001
        return problem


def _named(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__


# --- Exercise: what failed, and who can mend it -------------------------------------------------

_WHO = ("code", "person", "time")
_COLUMNS = ("status", "count", "who")


def check_failures(answer: Any, journal: "pd.DataFrame") -> Check:
    """Notebook 04, exercise: does this table count what failed, and say who can mend it?

    Args:
        answer: the learner's table with a row a status, and the columns ``status``, ``count`` and
            ``who``; the status may be its index. Or None.
        journal: the sandbox's journal as a table.

    Raises:
        InputError: the journal is something else.
    """
    call = "lc.check_failures(answer, journal)"
    refuse_others(journal, call, "columns", "query")
    if "status" not in journal:
        raise InputError(
            what="This table is not what this checks.",
            why="The journal has a column status, and this has none.",
            remedy=f"Write it as it stood in the cell: {call}.",
        )
    return Check(
        "Your turn: what failed, and who can mend it?",
        tuple(_counts(answer, journal)),
        "Well done. Such a table is the first thing to make when an app in production fails.",
    )


def _counts(answer: Any, journal: "pd.DataFrame") -> Iterable[Finding]:
    if answer is None:
        yield from nothing_yet(
            "Your answer: a table",
            'journal["status"] has the statuses; those from 400 on failed. value_counts() '
            "counts, reset_index() makes a table of it, and map() of a dict adds a column.",
        )
        return
    table = _table(answer)
    if table is None:
        yield Finding(
            MISSING,
            f"A table with the columns {', '.join(_COLUMNS)}: this is {kind_of(answer)}"
            f"{_with_columns(answer)}.",
        )
        return
    failed = journal["status"][journal["status"] >= 400]
    expected = {int(status): int(count) for status, count in failed.value_counts().items()}
    given = dict(zip(table["status"], table["count"], strict=True))
    yield from _counted(expected, given)
    yield from _told(table[table["status"].isin(list(expected))])


def _counted(expected: dict[int, int], given: dict[int, int]) -> Iterable[Finding]:
    over, left_out = sorted(given.keys() - expected.keys()), sorted(expected.keys() - given.keys())
    if over:
        yield Finding(MISSING, f"Only what failed: {_listed(over)} should not be there.")
    if left_out:
        yield Finding(MISSING, f"All that failed: {_listed(left_out)} left out.")
    wrong = sorted(s for s in given.keys() & expected.keys() if given[s] != expected[s])
    if wrong:
        yield Finding(MISSING, f"The right counts: those of {_listed(wrong)} differ.")
    if given == expected:
        yield Finding(RIGHT, f"All {sum(expected.values())} failures are counted.")


def _told(table: "pd.DataFrame") -> Iterable[Finding]:
    wrong = []
    for status, who in zip(table["status"], table["who"], strict=True):
        known = status_of(int(status))
        if known is not None and str(who).strip().lower() not in known.who:
            wrong.append(int(status))
    if wrong:
        yield Finding(
            MISSING,
            f"Who can mend {_listed(sorted(wrong))}: one of {', '.join(_WHO)}. A hint: does the "
            "same request work later, after a change in the code, or after somebody allowed it?",
        )
    elif len(table):
        yield Finding(RIGHT, "It says who can mend each.")


def _table(answer: Any) -> "pd.DataFrame | None":
    if not isinstance(answer, pd.DataFrame):
        return None
    table = answer
    if "status" not in answer and answer.index.nlevels == 1:
        table = answer.rename_axis("status").reset_index()
    # A name that is there twice is no column, but a table.
    if any(list(table.columns).count(name) != 1 for name in _COLUMNS):
        return None
    table = table.dropna(subset=["status"])
    try:
        return table.astype({"status": int, "count": int})
    except (TypeError, ValueError):
        return None


def _with_columns(answer: Any) -> str:
    if not isinstance(answer, pd.DataFrame):
        return ""
    return f" with {', '.join(map(str, answer.columns)) or 'none'}"


def _listed(statuses: list[int]) -> str:
    return ", ".join(map(str, statuses))
