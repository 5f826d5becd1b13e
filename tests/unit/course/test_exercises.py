"""The checks of exercises: right answers in any form, and a hint for each way to be wrong."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from answers import AGENT, CUSTOMER, body, chat

import lc_tutorial as lc
from lc_tutorial.tables.frames import Tables, tables
from tests.unit.course.checked import missing


def told(chat_id: str, author: str, *, active: bool = True, note: bool = False) -> dict[str, Any]:
    made = chat(chat_id)
    made["last_thread_summary"]["active"] = active
    made["last_event_per_type"]["message"]["event"]["author_id"] = author
    return made


@pytest.fixture
def made() -> Tables:
    """W and X wait; A was answered, O is over, N has never had a message."""
    nothing = told("N", CUSTOMER)
    del nothing["last_event_per_type"]["message"]
    chats = [told("W", CUSTOMER), told("A", AGENT), told("O", CUSTOMER, active=False)]
    return tables(body(*chats, told("X", CUSTOMER), nothing))


@pytest.mark.parametrize(
    "right",
    [
        ["W", "X"],
        ("X", "W", "W"),
        {"W", "X"},
        pd.Series(["W", "X"], index=[7, 8]),
        pd.Index(["X", "W"]),
        pd.Series(["W", "X"]).to_numpy(),
        pd.DataFrame({"chat_id": ["W", "X"], "more": [1, 2]}),
        iter(["W", "X"]),
    ],
)
def test_a_right_answer_in_any_form(made: Tables, right: Any) -> None:
    check = lc.check_unanswered(right, made)
    assert check.passed, check
    assert "2 chats, and the right ones." in repr(check)
    assert "Well done" in repr(check)


@pytest.mark.parametrize("answer", [[], ["W"]])
def test_tables_of_the_archives_are_the_wrong_ones(answer: list[str]) -> None:
    archives = tables({"chats": [{"id": "W", "users": [], "thread": {"id": "T", "events": []}}]})
    check = lc.check_unanswered(answer, archives)
    assert not check.passed
    assert missing(check)[0].startswith("Tables of List Chats: these are of the archives")


def test_no_answer_yet_is_a_hint_and_no_error(made: Tables) -> None:
    check = lc.check_unanswered(None, made)
    assert missing(check) == ["Your answer: chat ids, in the place of None."]
    assert "A hint: tables.events" in repr(check)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["W"], "1 chat more. A hint: look at events of the type message"),
        ([], "2 chats more."),
        (["W", "X", "O"], "O is over. A hint: last_thread_active"),
        (["W", "X", "A"], "in A the last message is not the customer's. A hint: compare author_id"),
        (["W", "X", "N"], "in N the last message is not the customer's"),
        (["W", "X", "WT"], "WT in your answer is none"),
        (["W", "X", "ZT", "WT"], "WT and 1 more in your answer are none"),
        (2, "this is an int"),
        (pd.Series([True, False]), "this is a Series"),
        (pd.DataFrame({"id": ["W"]}), "this is a DataFrame"),
        ({"W": 1}, "this is a dict"),
        ([None, "W"], "this is a list"),
        (np.array("W"), "this is a ndarray"),
        (pd.DataFrame([["W", "X"]], columns=["chat_id", "chat_id"]), "this is a DataFrame"),
        (pd.Series(["W", pd.NA]), "this is a Series"),
    ],
)
def test_each_way_to_be_wrong_has_its_hint(made: Tables, answer: Any, said: str) -> None:
    check = lc.check_unanswered(answer, made)
    assert not check.passed
    (text,) = missing(check)
    assert said in text


def test_one_id_will_do_where_one_chat_waits() -> None:
    made = tables(body(told("W", CUSTOMER), told("A", AGENT)))
    assert lc.check_unanswered("W", made).passed


def test_where_nobody_waits_no_ids_are_right() -> None:
    for answer in (body(), body(told("A", AGENT)), body({"id": "A"})):
        assert lc.check_unanswered([], tables(answer)).passed


@pytest.mark.parametrize(
    "right",
    [
        4,
        4.0,
        np.int64(4),
        np.array(4),
        ["W", "A", "X", "N"],
        pd.DataFrame({"chat_id": ["A", "N", "W", "X"]}),
        pd.Series(["W", "A", "X", "N"]),
    ],
)
def test_how_many_chats_go_on(made: Tables, right: Any) -> None:
    check = lc.check_going_on(right, made)
    assert check.passed, check
    assert "4 of 5 chats go on." in repr(check)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "Your answer: a number"),
        (5, "the number of all chats"),
        (1, "of those that are over"),
        (7, "where each chat has one row"),
        (["W", "A", "O", "X"], "these are others"),
        (["W"], "not all of them"),
        ("4", "this is a str"),
        (pd.Series([True, True, False, True, True]), "still wants to be counted"),
        (pd.Series([4]), "this is a Series"),
        (True, "this is a bool"),
        (4.5, "this is a float"),
        (float("nan"), "this is a float"),
        (pd.NA, "this is a NAType"),
        ({"True": 4}, "this is a dict"),
        (pd.DataFrame({"id": ["W"]}), "this is a DataFrame"),
    ],
)
def test_another_number_gets_a_hint(made: Tables, answer: Any, said: str) -> None:
    check = lc.check_going_on(answer, made)
    assert not check.passed
    assert said in missing(check)[0]
    assert "4" not in missing(check)[0].replace("this is a", "")


def test_where_no_chat_goes_on_none_is_right() -> None:
    over = tables(body(told("O", CUSTOMER, active=False)))
    for right in (0, []):
        assert lc.check_going_on(right, over).passed
    assert lc.check_going_on(0, tables(body())).passed


@pytest.mark.parametrize(
    "right", ["groups--all:ro", " `groups--all:ro` ", "GROUPS--ALL:RO.", ["groups--all:ro"]]
)
def test_the_scope_that_is_missing(right: Any) -> None:
    check = lc.check_missing_scope(right)
    assert check.passed
    assert "Well done" in repr(check)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "Your answer: the name of a scope"),
        (5, "this is an int"),
        (["groups--all:ro", "groups--my:ro"], "this is a list"),
        ("groups", "it looks like chats--all:ro"),
        ("", "it looks like"),
        ("groups--all:ro, chats--all:ro", "and nothing else"),
        ("groups--all:rw", "may change groups, too"),
        ("groups--my:ro", "for those that the person belongs to"),
        ("chats--access:rw", "this one is for chats"),
        ("agents--all:ro", "Another scope"),
        ("accounts--my:ro", "Another scope"),
    ],
)
def test_another_scope_gets_a_hint_and_not_the_answer(answer: Any, said: str) -> None:
    check = lc.check_missing_scope(answer)
    assert not check.passed
    assert said in missing(check)[0]
    assert "groups--all:ro" not in repr(check)


def test_ids_are_escaped(made: Tables) -> None:
    assert "<b>x" not in lc.check_unanswered(["<b>x"], made)._repr_html_()
