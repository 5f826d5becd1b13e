"""The exercises of notebook 03, with right and wrong answers, against a real sandbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.errors import InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token, revoke
from lc_tutorial.platforms.platform import Platform
from tests.unit.course.checked import missing, renewed

# --- Exercise: refresh in time --------------------------------------------------------------------

Fresh = Callable[[Any], Any]


def left(token: Token) -> timedelta:
    assert token.expires_at is not None
    return token.expires_at - datetime.now(UTC)


def right_ways(session: CatchUp) -> list[Fresh]:
    def by_difference(token: Token) -> Token:
        return token if left(token) >= timedelta(minutes=10) else renewed(session, token)

    def by_seconds(token: Token) -> Token:
        if left(token).total_seconds() < 600:
            token = renewed(session, token)
        return token

    def by_its_time(token: Token) -> Token:
        assert token.expires_at is not None
        if datetime.now(UTC) + timedelta(minutes=10) > token.expires_at:
            return renewed(session, token)
        return replace(token)

    def somewhat_earlier(token: Token) -> Token:
        return token if left(token) > timedelta(minutes=11) else renewed(session, token)

    return [by_difference, by_seconds, by_its_time, somewhat_earlier]


@pytest.mark.parametrize("way", range(4))
def test_right_ways_to_refresh_in_time(session: CatchUp, token: Token, way: int) -> None:
    check = lc.check_fresh(right_ways(session)[way], token)
    assert check.passed, check
    assert len(check.findings) == 4
    assert "Well done" in repr(check)


def test_it_does_with_a_refresh_token_that_works_once(sandbox: Platform) -> None:
    session = CatchUp(sandbox, "javascript")
    assert isinstance(session.token, Token)
    check = lc.check_fresh(right_ways(session)[0], session.token)
    assert check.passed, check


def wrong_ways(session: CatchUp) -> dict[str, tuple[Any, str]]:
    def never(token: Token) -> Token:
        return token

    def always(token: Token) -> Token:
        return renewed(session, token)

    def hours(token: Token) -> Token:
        return token if left(token) > timedelta(hours=1) else renewed(session, token)

    def expires_in(token: Token) -> Token:
        return token if (token.expires_in or 0) > 600 else renewed(session, token)

    def seconds(token: Token) -> Token:
        return token if left(token).seconds >= 600 else renewed(session, token)

    def naive(token: Token) -> Token:
        assert token.expires_at is not None
        return token if token.expires_at > datetime.now() else renewed(session, token)

    def nothing(token: Token) -> Token | None:
        return token if left(token) > timedelta(minutes=10) else None

    def an_answer(token: Token) -> Any:
        return token if left(token) > timedelta(minutes=10) else requests.Response()

    def a_value(token: Token) -> Any:
        return token.access_token

    def with_a_wrong_token(token: Token) -> Token:
        wrong = replace(token, refresh_token=lc.Secret("not-a-real-refresh-token"))
        return token if left(token) > timedelta(minutes=10) else renewed(session, wrong)

    def nobody_there(token: Token) -> Token:
        raise requests.ConnectionError("http://127.0.0.1:9/?code=not-a-real-code")

    def mistyped(token: Token) -> Token:
        return tokn  # type: ignore[name-defined]  # noqa: F821

    def without_refresh_token(token: Token) -> Token:
        if left(token) > timedelta(minutes=10):
            return token
        return replace(renewed(session, token), refresh_token=None)

    return {
        "none": (None, "A function: def fresh(token)"),
        "its result": (session.token, "A function: def fresh(token)"),
        "never": (never, "With 5 minutes left it should get a new token. A hint: token.expires_in"),
        "always": (always, "With 8 hours left it should return the token that it was given."),
        "hours": (hours, "With 30 minutes left it should return the token that it was given."),
        "expires_in": (expires_in, "With 5 minutes left it should get a new token."),
        "seconds": (seconds, "With -5 minutes left it should get a new token. A hint: the seconds"),
        "naive": (naive, "With 8 hours left the function raised TypeError. A hint: token.expires"),
        "nothing": (nothing, "With 5 minutes left it should return a token: it returned None."),
        "an answer": (an_answer, "it returned an answer. A hint: lc.Token.from_response makes"),
        "a value": (a_value, "With 8 hours left it should return a token: it returned a Secret."),
        "refused": (
            with_a_wrong_token,
            "the function raised TokenError: The sandbox knows no such",
        ),
        "nobody": (nobody_there, "the function raised ConnectionError. A hint: send the request"),
        "mistyped": (mistyped, "the function raised NameError: name 'tokn' is not defined"),
        "once": (without_refresh_token, "its token has no refresh token: the next time will fail"),
    }


WRONG = (
    "none", "its result", "never", "always", "hours", "expires_in", "seconds", "naive", "nothing",
    "an answer", "a value", "refused", "nobody", "mistyped", "once",
)  # fmt: skip


@pytest.mark.parametrize("way", WRONG)
def test_each_wrong_way_to_refresh_has_its_hint(session: CatchUp, token: Token, way: str) -> None:
    ways = wrong_ways(session)
    assert set(ways) == set(WRONG)
    fresh, said = ways[way]
    (text,) = missing(lc.check_fresh(fresh, token))
    assert said in text
    # Nothing secret.
    assert "?code=" not in text
    assert str(token.refresh_token) not in text


def test_a_new_token_has_to_live(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    assert isinstance(session.token, Token)

    def dead(token: Token) -> Token:
        if left(token) > timedelta(minutes=10):
            return token
        new = renewed(session, token)
        revoke(sandbox, new.access_token)
        return new

    (text,) = missing(lc.check_fresh(dead, session.token))
    assert "With 5 minutes left its token should live. The access token was revoked." in text


def test_the_checks_token_has_to_be_one() -> None:
    with pytest.raises(InputError, match="check_fresh"):
        lc.check_fresh(None, None)  # type: ignore[arg-type]


# --- Exercise: what lives, and until when ---------------------------------------------------------

NOW = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


def asked(number: int, expires_in: int | None) -> dict[str, Any]:
    """What an inspection gave: a token with so many seconds left, or with none."""
    if expires_in is None:
        answer: dict[str, Any] = {"error": "unauthorized"}
    else:
        answer = {"expires_in": expires_in, "scope": "chats--all:ro"}
    status = 401 if expires_in is None else 200
    asked_at = NOW + timedelta(seconds=number)
    return {"number": number, "asked_at": asked_at, "status": status, "answer": answer}


INSPECTED = [asked(1, None), asked(2, 28_000), asked(3, None), asked(4, 60)]
ENDS = {each: NOW + timedelta(seconds=each + left) for each, left in ((2, 28_000), (4, 60))}


def table(numbers: Any = (2, 4), **more: Any) -> pd.DataFrame:
    ends = [ENDS.get(number, NOW) for number in numbers]
    return pd.DataFrame({"number": numbers, "ends_at": ends} | more)


@pytest.mark.parametrize(
    "right",
    [
        table(),
        table((4, 2)),
        table(scope=["chats--all:ro"] * 2),
        table().astype({"ends_at": str}),
        table().set_index("number", drop=False),
        table().assign(ends_at=table()["ends_at"].dt.tz_convert("Europe/Warsaw")),
        table().assign(ends_at=table()["ends_at"] + pd.Timedelta(seconds=3)),
    ],
)
def test_a_right_table_in_any_form(right: pd.DataFrame) -> None:
    check = lc.check_living(right, INSPECTED)
    assert check.passed, check
    assert "2 tokens, and those that live." in repr(check)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "Your answer: a table, in the place of None."),
        ([2, 4], "A table: this is a list."),
        ({"number": [2]}, "A table: this is a dict."),
        (table()["number"], "A table: this is a Series."),
        (pd.DataFrame({"number": [2, 4]}), "A column ends_at in your table."),
        (pd.DataFrame({"a": [2, 4]}), "The columns number and ends_at in your table."),
        (table((1, 2, 4)), "Only tokens that live: number 1 does not. A hint: what was its status"),
        (table((2,)), "1 token more, such as number 4."),
        (table(()), "2 tokens more, such as number 2."),
        (table((2, 4, 7)), "Numbers of tokens: 7 is none."),
        (table((2, 4, 4)), "One row for each token: there are more."),
        (table()[["number", "number", "ends_at"]], "One column number: your table has several"),
        (table()[["number", "ends_at", "ends_at"]], "One column ends_at"),
        (pd.DataFrame({"number": [[2], [4]], "ends_at": [NOW, NOW]}), "A number in each row"),
        (table(ends_at=[float("inf")] * 2), "Times in UTC in ends_at."),
        (table(ends_at=[28_000, 60]), "Times in UTC in ends_at."),
        (table(ends_at=[NOW.replace(tzinfo=None)] * 2), "Times in UTC in ends_at."),
        (table(ends_at=["soon", "later"]), "Times in UTC in ends_at."),
        (table(ends_at=[ENDS[2], pd.NaT]), "Times in UTC in ends_at."),
        (table(ends_at=[ENDS[2], NOW]), "The right times in ends_at: 1 is not."),
        (table(ends_at=[NOW, NOW]), "The right times in ends_at: 2 are not. A hint: expires_in"),
        (table().assign(ends_at=table()["ends_at"] + pd.Timedelta(hours=2)), "2 are not."),
    ],
)
def test_each_wrong_table_has_its_hint(answer: Any, said: str) -> None:
    check = lc.check_living(answer, INSPECTED)
    assert not check.passed
    (text,) = missing(check)
    assert said in text


def test_where_none_lives_an_empty_table_is_right() -> None:
    check = lc.check_living(pd.DataFrame(columns=["number", "ends_at"]), [asked(1, None)])
    assert check.passed, check


@pytest.mark.parametrize(
    "wrong",
    [None, 3, "text", [1], np.array([1]), [{"number": 1}], [asked(1, 5) | {"asked_at": None}]],
)
def test_what_is_no_list_of_inspections(wrong: Any) -> None:
    with pytest.raises(InputError, match="no inspections of tokens"):
        lc.check_living(None, wrong)
