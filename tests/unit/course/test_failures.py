"""The checks of the clinic: right mends in any form, and what each wrong one lacks."""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.course import clinic_cases
from lc_tutorial.course.clinic_cases import CASES, STATUSES, status_of
from lc_tutorial.errors import InputError
from lc_tutorial.lab.request import Request
from lc_tutorial.lab.sent import Sent
from tests.unit.course.checked import missing

LIST_CHATS = "/v3.6/agent/action/list_chats"
CALLBACK = "http://127.0.0.1:8377/callback"


def answered(
    path: str = LIST_CHATS, status: int = 200, scheme: str = "Bearer", **body: Any
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.url = f"http://127.0.0.1:9{path}"
    headers = {"Authorization": f"{scheme} not-a-real-token"}
    response.request = requests.Request("POST", response.url, headers=headers, json=body).prepare()
    return response


# --- Mends --------------------------------------------------------------------------------------

MENDED = [
    ("client-type", f"{CALLBACK}?code=dal%3Anot_a_real_code&state=s"),
    ("client-type", f"{CALLBACK}#access_token=dal%3Anot_a_real_token&state=s"),
    ("field", answered("/v2/token")),
    ("expired", answered()),
    ("revoked", answered("/v3.5/agent/action/list_chats")),
    ("secret", answered("/v2/token")),
    ("scheme", answered(scheme="Basic")),
    ("scheme", answered(scheme="basic")),
    ("scope", answered("/v3.6/configuration/action/list_agents")),
    ("region", answered()),
    ("json", answered(limit=1)),
    ("page", answered(page_id="x")),
    ("not-found", answered("/v3.6/agent/action/get_chat")),
    ("too-many", answered()),
    ("dropped", answered()),
]


@pytest.mark.parametrize(("name", "answer"), MENDED)
def test_a_mend(name: str, answer: Any) -> None:
    check = lc.check_mended(name, answer)
    assert check.passed, check
    assert check.title == f"Mended: {CASES[name].title}"
    assert CASES[name].mended in check.verdict


def test_every_case_has_a_mend_and_a_title_of_its_own() -> None:
    assert {name for name, _ in MENDED} == set(CASES)
    assert len({case.title for case in CASES.values()}) == len(CASES)


NOT_MENDED = [
    ("client-type", None, "A code: the browser brought none"),
    ("client-type", "http://127.0.0.1:9/ooops?oauth_exception=x", "the browser brought none"),
    ("dropped", None, "An answer: none came yet."),
    ("expired", answered(status=401), "this answer is 401"),
    ("field", answered(), "An answer of token: this one is of /v3.6/agent/action/list_chats."),
    ("expired", answered("/v2/token"), "An answer of list_chats: this one is of /v2/token."),
    ("scope", answered(), "An answer of list_agents"),
    ("scheme", answered(), "The personal access token"),
    ("json", answered(), "The limit"),
    ("page", answered(filters={"group_ids": [1]}), "The next page"),
]


@pytest.mark.parametrize(("name", "answer", "lacks"), NOT_MENDED)
def test_what_a_mend_lacks(name: str, answer: Any, lacks: str) -> None:
    (told,) = missing(lc.check_mended(name, answer))
    assert lacks in told


def sent(number: int, status: int, after: float, retry_after: str | None = "2") -> Sent:
    answer = answered(status=status)
    if retry_after is not None:
        answer.headers["Retry-After"] = retry_after
    at = datetime(2026, 6, 15, tzinfo=UTC) + timedelta(seconds=after)
    return Sent(number, at, "cell", Request("POST", answer.url), answer)


@pytest.mark.parametrize(
    ("calls", "lacks"),
    [
        ([sent(1, 429, 0), sent(2, 200, 2.0)], ""),
        ([sent(1, 429, 0), sent(2, 200, 0.5)], "asked for 2 seconds, and the next call came 0.5"),
        # Only the last time counts: what was done before was mended since.
        ([sent(1, 429, 0), sent(2, 200, 0.1), sent(3, 429, 9), sent(4, 200, 12)], ""),
        ([sent(1, 429, 0, None), sent(2, 200, 0.1)], ""),
        ([sent(1, 429, 0)], ""),
        ([], ""),
    ],
)
def test_whether_somebody_waited(
    monkeypatch: pytest.MonkeyPatch, calls: list[Sent], lacks: str
) -> None:
    monkeypatch.setattr(clinic_cases.history, "entries", lambda: tuple(calls))
    told = missing(lc.check_mended("too-many", answered()))
    assert [lacks in each for each in told] == ([True] if lacks else [])


@pytest.mark.parametrize(
    ("name", "answer", "what"),
    [
        ("measles", None, "The clinic has no case of this name."),
        (["expired"], None, "The clinic has no case of this name."),
        ("expired", "an address", "is not what this checks"),
        ("expired", requests.Response, "itself, without its brackets"),
        ("client-type", answered(), "is not what this checks"),
    ],
)
def test_what_is_no_answer_is_refused(name: str, answer: Any, what: str) -> None:
    with pytest.raises(InputError, match=what):
        lc.check_mended(name, answer)


# --- The table of statuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "row"),
    [(400, "400"), (429, "429"), (500, "5xx"), (503, "5xx"), (200, None), (418, None), (600, None)],
)
def test_the_row_of_a_status(status: int, row: str | None) -> None:
    assert status_of(status) is (STATUSES[row] if row else None)


def test_every_case_is_in_the_table() -> None:
    for case in CASES.values():
        number = case.error.partition(" ")[0]
        assert not number.isdigit() or status_of(int(number)), case.title


# --- Exercise: take only your own code ----------------------------------------------------------


class NotMineError(Exception):
    """What a learner's function may raise."""


def came(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def plainly(address: str, state: str) -> str | None:
    back = came(address)
    return back.get("code") if back.get("state") == state else None


def loudly(address: str, state: str) -> str:
    back = came(address)
    if "code" not in back or back.get("state") != state:
        raise NotMineError
    return back["code"]


def ending(address: str, state: str) -> str:
    return plainly(address, state) or sys.exit("Not mine.")


def saying_no(address: str, state: str) -> str | bool:
    return plainly(address, state) or False


@pytest.mark.parametrize("right", [plainly, loudly, ending, saying_no])
def test_a_function_that_takes_only_its_own(right: Any) -> None:
    check = lc.check_take_code(right)
    assert check.passed, check


@pytest.mark.parametrize(
    ("wrong", "number", "told"),
    [
        (None, 1, "Your function, in the place of None."),
        (lambda a, s: came(a)["code"], 4, "A refusal of a code with somebody else's state"),
        (lambda a, s: came(a).get("code"), 2, "A refusal of a code without a state"),
        (
            lambda a, s: came(a)["code"] if came(a)["state"] == s else None,
            3,
            "An answer to an error that comes with your state: the function broke with KeyError",
        ),
        (
            lambda a, s: came(a).get("code") if came(a).get("state", s) == s else None,
            1,
            "A refusal of a code without a state",
        ),
        (lambda a, s: None, 1, "Your own code: the function gave None in its place."),
        (
            lambda a, s: a.partition("code=")[2].partition("&")[0] if a.endswith(s) else None,
            1,
            "its colon is written %3A",
        ),
        (lambda a, s: pd.DataFrame(), 5, "Your own code: the function gave a DataFrame"),
        (lambda a: came(a), 5, "Your own code: the function broke with TypeError"),
    ],
)
def test_what_a_function_lacks(wrong: Any, number: int, told: str) -> None:
    lacks = missing(lc.check_take_code(wrong))
    # The hint is of what is not in the address, and of nothing else.
    assert all(("A hint: .get" in each) == ("KeyError" in each) for each in lacks[1:]), lacks
    assert len(lacks) == number, lacks
    assert any(told in each for each in lacks), lacks


@pytest.mark.parametrize("given", ["take_code", 5, {"code": "x"}])
def test_what_is_no_function_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="no function"):
        lc.check_take_code(given)


# --- Exercise: what failed, and who can mend it -------------------------------------------------

JOURNAL = pd.DataFrame({"status": [200, 302, 401, 401, 429, 403, None, 503]})
WHO = {401: "code", 429: "time", 403: "person", 503: "time"}


def right() -> pd.DataFrame:
    failed = JOURNAL[JOURNAL["status"] >= 400]
    made = failed["status"].value_counts().reset_index()
    made["who"] = made["status"].map(WHO)
    return made


@pytest.mark.parametrize(
    "answer",
    [
        right(),
        right().sort_values("status", ascending=False),
        right().set_index("status"),
        right().rename_axis("x"),
        right().astype({"status": int, "count": float}),
        right().assign(more=1),
        right().assign(who=lambda table: table["who"].str.title()),
        right().assign(who=lambda table: table["who"].replace({"code": "person"})),
        pd.DataFrame([{"status": s, "count": 1 + (s == 401), "who": w} for s, w in WHO.items()]),
    ],
)
def test_a_right_table_in_any_form(answer: pd.DataFrame) -> None:
    check = lc.check_failures(answer, JOURNAL)
    assert check.passed, check
    assert "All 5 failures are counted." in repr(check)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "Your answer: a table, in the place of None."),
        ([401], "this is a list."),
        (JOURNAL, "this is a DataFrame with status."),
        (right().drop(columns="who"), "this is a DataFrame with status, count."),
        (pd.DataFrame([[1]], index=pd.MultiIndex.from_tuples([(1, 2)])), "this is a DataFrame"),
        (pd.concat([right(), right()], axis=1), "this is a DataFrame"),
        (right().assign(count="many"), "A table with the columns status, count, who"),
        (right().query("status != 429"), "All that failed: 429 left out."),
        (right().replace({"count": {2: 3}}), "The right counts: those of 401 differ."),
        (
            pd.concat([right(), pd.DataFrame([{"status": 200, "count": 1, "who": "time"}])]),
            "Only what failed: 200 should not be there.",
        ),
        (right().replace({"who": {"time": "code"}}), "Who can mend 429, 503: one of code, person"),
        (right().assign(who=None), "Who can mend 401, 403, 429, 503"),
    ],
)
def test_what_a_table_lacks(answer: Any, told: str) -> None:
    lacks = missing(lc.check_failures(answer, JOURNAL))
    assert any(told in each for each in lacks), lacks


def test_a_hint_is_not_the_answer() -> None:
    check = lc.check_failures(None, JOURNAL)
    assert "person" not in repr(check)


def test_a_journal_is_a_table() -> None:
    with pytest.raises(InputError, match="A list is not what this checks"):
        lc.check_failures(None, json.loads("[]"))
    with pytest.raises(InputError, match="The journal has a column status"):
        lc.check_failures(right(), pd.DataFrame({"path": ["/"]}))


def test_a_text_that_is_no_address_brought_no_code() -> None:
    assert missing(lc.check_mended("client-type", "http://[")) == ["An address: this text is none."]
