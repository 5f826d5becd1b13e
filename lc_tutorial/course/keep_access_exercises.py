"""The exercises of notebook 03: refresh in time, and a table of what lives and until when.

As all checks, theirs never raise for what the learner has not done yet, or did wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import requests

from lc_tutorial.course.answers import kind_of
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding, nothing_yet, refuse_others
from lc_tutorial.course.keep_access import refusal_of
from lc_tutorial.errors import InputError, TokenError
from lc_tutorial.oauth import Token

#: By how much two times of the same end may differ: requests take a while, clocks are rounded.
_ROUNDING = timedelta(seconds=30)


# --- Exercise: refresh in time --------------------------------------------------------------------


def check_fresh(fresh: Any, token: Token) -> Check:
    """Notebook 03, the exercise of OAuth: does the function refresh in time, and only then?

    It is called with the token, as if it had more or less time left.

    Args:
        fresh: the learner's function, which takes a token and gives one; None before that.
        token: one whose refresh token lives.

    Raises:
        InputError: the token is none.
    """
    refuse_others(token, "lc.check_fresh(fresh, renewed)", "expired", "scopes", "refresh_token")
    return Check(
        "Your turn: refresh in time",
        tuple(_fresh(fresh, token)),
        "Well done. Put it in front of each call, and your app won't meet an expired token.",
    )


def _fresh(fresh: Any, token: Token) -> Iterable[Finding]:
    if not callable(fresh):
        yield Finding(
            MISSING, "A function: def fresh(token), which takes a token and returns a token."
        )
        return
    for left, renews, hint in _TRIALS:
        described = f"With {_minutes(left)} left"
        given = replace(token, expires_at=datetime.now(UTC) + left)
        try:
            returned = fresh(given)
        except Exception as problem:  # noqa: BLE001 - a learner's code may raise whatever it likes
            yield Finding(MISSING, f"{described} the function raised {_raised(problem)}")
            return
        fault = _no_token(returned)
        if fault:
            yield Finding(MISSING, f"{described} it should return a token: {fault}")
            return
        is_new = returned.access_token != token.access_token
        if is_new and not renews:
            yield Finding(
                MISSING, f"{described} it should return the token that it was given. {hint}"
            )
            return
        if renews and not is_new:
            yield Finding(MISSING, f"{described} it should get a new token. {hint}")
            return
        if is_new and (problem_of_new := refusal_of(returned)):
            yield Finding(MISSING, f"{described} its token should live. {problem_of_new}")
            return
        if is_new and returned.refresh_token is None:
            yield Finding(
                MISSING, f"{described} its token has no refresh token: the next time will fail."
            )
            return
        what = "a new token" if renews else "the token that it was given"
        yield Finding(RIGHT, f"{described} it returns {what}.")
        if is_new:
            # A JavaScript app's refresh token works once.
            token = replace(token, refresh_token=returned.refresh_token)


#: How much time is left, whether a new token is due, and a hint for who gets it wrong.
_TRIALS = (
    (timedelta(hours=8), False, "A refresh is due only with less than 10 minutes left."),
    (timedelta(minutes=30), False, "A hint: timedelta(minutes=10) is not timedelta(hours=10)."),
    (
        timedelta(minutes=5),
        True,
        "A hint: token.expires_in is what there was at the beginning; token.expires_at is a time "
        "to compare with the time now.",
    ),
    (
        -timedelta(minutes=5),
        True,
        "A hint: the seconds of a timedelta are never negative, its total_seconds() are.",
    ),
)


def _minutes(left: timedelta) -> str:
    minutes = round(left.total_seconds() / 60)
    if minutes < 0:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes >= 60 else f"{minutes} minutes"


def _raised(problem: Exception) -> str:
    name = type(problem).__name__
    if isinstance(problem, TokenError):
        return f"{name}: {problem.why} {problem.remedy}"
    if isinstance(problem, TypeError) and "offset-naive" in str(problem):
        return f"{name}. A hint: token.expires_at is in UTC, and so is datetime.now(UTC)."
    if isinstance(problem, requests.RequestException):
        # Its text may have an address with a secret in it.
        return f"{name}. A hint: send the request as it stands in the cell above."
    return f"{name}: {problem}"


def _no_token(returned: Any) -> str | None:
    """What a function returned in place of a token, as a hint; None for a token."""
    if isinstance(returned, Token):
        return None
    if returned is None:
        return "it returned None. A hint: is there a return on each way through it?"
    if isinstance(returned, requests.Response):
        return "it returned an answer. A hint: lc.Token.from_response makes a token of it."
    return f"it returned {kind_of(returned)}. A hint: lc.Token.from_response."


# --- Exercise: which tokens live, and until when --------------------------------------------------


def check_living(living: Any, inspected: Any) -> Check:
    """Notebook 03, the exercise of data: which tokens live, and until when?

    Args:
        living: the learner's answer: a table with the columns ``number`` and ``ends_at``; None
            before there is one.
        inspected: what the inspections of the tokens gave, a mapping each: ``number``, ``asked_at``
            (aware), ``status``, ``answer``.

    Raises:
        InputError: ``inspected`` is something else.
    """
    known = _read(inspected)
    return Check(
        "Your turn: what lives, and until when?",
        tuple(_living(living, known)),
        "Well done. Such a table tells you when each of your customers is due.",
    )


def _read(inspected: Any) -> dict[Any, pd.Timestamp | None]:
    """Number to end; None for a token that lives no more."""
    try:
        return {each["number"]: _end(each) for each in inspected}
    except (TypeError, LookupError, ValueError, AttributeError):
        raise InputError(
            what="These are no inspections of tokens.",
            why="The check needs the list that the cell above made, to the letter.",
            remedy="Run that cell again, and write: lc.check_living(living, inspected).",
        ) from None


def _end(inspection: Mapping[str, Any]) -> pd.Timestamp | None:
    if inspection["status"] != 200:
        return None
    end = pd.Timestamp(inspection["asked_at"]).tz_convert("UTC")
    end += pd.Timedelta(seconds=inspection["answer"]["expires_in"])
    if end is pd.NaT:
        raise ValueError("it was asked about at no time")
    return end


def _living(living: Any, known: Mapping[Any, pd.Timestamp | None]) -> Iterator[Finding]:
    if living is None:
        yield from nothing_yet(
            "Your answer: a table",
            "a token lives where the status is 200. It ends expires_in seconds after it "
            "was asked about. pd.DataFrame makes a table of a list of mappings.",
        )
        return
    if not isinstance(living, pd.DataFrame):
        yield Finding(
            MISSING,
            f"A table: this is {kind_of(living)}. pd.DataFrame makes one of a list.",
        )
        return
    absent = [name for name in ("number", "ends_at") if name not in living]
    if absent:
        yield Finding(MISSING, f"{_column(absent)} {' and '.join(absent)} in your table.")
        return
    if twice := [name for name in ("number", "ends_at") if list(living.columns).count(name) > 1]:
        yield Finding(MISSING, f"One column {twice[0]}: your table has several of this name.")
        return
    numbers: list[Any] = living["number"].tolist()
    if any(isinstance(each, list | dict | set) for each in numbers):
        yield Finding(MISSING, "A number in each row of number: in yours there is something else.")
        return
    alive = {number for number, ends_at in known.items() if ends_at is not None}
    if faults := tuple(_wrong_numbers(numbers, alive, set(known))):
        yield from faults
        return
    yield Finding(RIGHT, f"{len(alive)} {_tokens(len(alive))}, and those that live.")
    yield from _ends(living, known)


def _wrong_numbers(numbers: Sequence[Any], alive: set[Any], known: set[Any]) -> Iterator[Finding]:
    given = set(numbers)
    if strangers := given - known:
        yield Finding(MISSING, f"Numbers of tokens: {min(strangers, key=str)} is none.")
    if over := (given & known) - alive:
        yield Finding(
            MISSING,
            f"Only tokens that live: number {min(over)} does not. A hint: what was its status?",
        )
    if left_out := alive - given:
        yield Finding(
            MISSING, f"{len(left_out)} {_tokens(len(left_out))} more, such as number "
            f"{min(left_out)}."
        )  # fmt: skip
    if len(numbers) != len(given):
        yield Finding(MISSING, "One row for each token: there are more.")


def _ends(living: pd.DataFrame, known: Mapping[Any, pd.Timestamp | None]) -> Iterator[Finding]:
    try:
        differences = [
            abs(pd.Timestamp(end).tz_convert("UTC") - known[number])
            for end, number in zip(living["ends_at"], living["number"], strict=True)
        ]
    except (TypeError, ValueError, OverflowError):
        yield Finding(
            MISSING,
            "Times in UTC in ends_at. A hint: asked_at is one, and a time and a "
            "pd.Timedelta(seconds=…) can be added.",
        )
        return
    wrong = [difference for difference in differences if not difference <= _ROUNDING]
    if wrong:
        yield Finding(
            MISSING,
            f"The right times in ends_at: {len(wrong)} {'is' if len(wrong) == 1 else 'are'} not. "
            "A hint: expires_in is in seconds, and counts from asked_at.",
        )
    else:
        yield Finding(RIGHT, "Their ends are right.")


def _tokens(number: int) -> str:
    return "token" if number == 1 else "tokens"


def _column(names: Sequence[str]) -> str:
    return "A column" if len(names) == 1 else "The columns"
