"""The way through pages: it ends, whatever the platform names as the next page."""

import json
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any

import pytest

from lc_tutorial.agent_chat.walk import Walk
from lc_tutorial.errors import PlatformAnswerError


def follow(answers: Iterable[dict[str, Any]], order: str = "asc") -> tuple[Walk, int]:
    """A walk through these answers, and how many of them were handed out."""
    walk = Walk({"sort_order": order}, rereads=order == "desc", limit=10)
    handed_out = 0
    for answer in answers:
        if walk.asks is None:
            break
        handed_out += walk.take(json.dumps(answer).encode())
    return walk, handed_out


def chat(name: str, thread: str | None) -> dict[str, Any]:
    return {"id": name, **({"last_thread_summary": {"id": thread}} if thread else {})}


def endless(kind: str) -> Iterator[dict[str, Any]]:
    """Pages without an end, each of which names a next one."""
    thread = {"id": "T1", "events": []}
    for number in count():
        several = [chat("ABCDE"[number % n], "1") for n in (2, 3, 5)]
        items: dict[str, Any] = {
            "the same page": [chat("A", "A1"), chat("B", "B1")],
            "the same page, from 3.7 on": [{"id": "A", "last_thread_info": {"id": "A1"}}],
            "empty pages": [],
            "pages without a list": None,
            "pages that take turns": [chat("ABC"[number % 3], "1")],
            "pages that are put together anew": several,
            "the same page with other contents": [{**chat("A", "A1"), "is_followed": number}],
            "chats without threads": [chat("A", None), chat("B", None)],
            "chats that change every time": [chat("A", f"A{number}"), chat("B", f"B{number}")],
            "chats that can't be read": [{"id": 5}],
            "an end that never comes": [chat(f"N{number}", "1")] if number < 30 else [],
            "the same archives": [{"id": "A", "thread": thread}],
            "the same threads": [thread],
        }
        names = {"the same archives": "chats", "the same threads": "threads"}
        yield {
            names.get(kind, "chats_info" if "3.7" in kind else "chats_summary"): items[kind],
            "found_chats": 10**9,
            "next_page_id": f"page {number}",
        }


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    ("kind", "calls"),
    [
        ("the same page", 21),
        ("the same page, from 3.7 on", 21),
        ("empty pages", 20),
        ("pages without a list", 20),
        ("pages that take turns", 23),
        ("pages that are put together anew", 25),
        ("the same page with other contents", 21),
        ("chats without threads", 21),
        # Each may have changed while it was read. That ends, too.
        ("chats that change every time", 22),
        ("chats that can't be read", 21),
        ("an end that never comes", 50),
        ("the same archives", 21),
        ("the same threads", 21),
    ],
)
def test_pages_without_an_end_are_given_up(kind: str, calls: int, order: str) -> None:
    asked = 0

    def answers() -> Iterator[dict[str, Any]]:
        nonlocal asked
        for answer in islice(endless(kind), 100):
            asked += 1
            yield answer

    with pytest.raises(PlatformAnswerError, match="don't come to an end") as caught:
        follow(answers(), order)
    assert asked == calls
    assert "may not be all" in caught.value.remedy


def test_many_threads_of_one_chat_are_an_archive_like_any_other() -> None:
    answers: list[dict[str, Any]] = [
        {"chats": [{"id": "A", "thread": {"id": f"T{n}"}}], "next_page_id": f"page {n}"}
        for n in range(60)
    ]
    walk, _ = follow([*answers, {"chats": []}])
    assert (walk.asks, walk.items) == (None, 60)


def test_chats_that_can_not_be_read_are_told_apart() -> None:
    answers = [{"chats_summary": [{"id": n}], "next_page_id": str(n)} for n in range(60)]
    walk, _ = follow([*answers, {"chats_summary": []}])
    assert (walk.asks, walk.items) == (None, 60)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_some_empty_pages_are_no_end(order: str) -> None:
    """Filters may leave some empty."""
    empty = [{"chats_summary": [], "next_page_id": f"page {n}"} for n in range(38)]
    first = {"chats_summary": [chat("A", "1")], "next_page_id": "more"}
    last = {"chats_summary": [chat("B", "1")]}
    walk, _ = follow([*empty[:19], first, *empty[19:], last, first], order)
    assert walk.items == 2
    assert order == "desc" or walk.asks is None


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_chat_may_have_changed_while_it_was_read(order: str) -> None:
    answers = [
        {"chats_summary": [chat(f"C{n}", f"T{state}")], "next_page_id": f"{state} {n}"}
        for state in (1, 2)
        for n in range(100)
    ]
    walk, handed_out = follow([*answers, {"chats_summary": []}, answers[100]], order)
    assert walk.items == 200
    assert handed_out == 201
    assert walk.asks is None


@pytest.mark.parametrize("chats", [30, 100])
def test_a_long_front_that_is_known_is_read_to_its_end(chats: int) -> None:
    """No source says where chats without threads are: none is a place to stop."""
    silent = [
        {"chats_summary": [chat(f"C{n}", None)], "next_page_id": f"page {n}"} for n in range(chats)
    ]
    last = {"chats_summary": [chat("A", "1")]}
    walk, _ = follow([*silent, last, *silent, last], "desc")
    assert walk.asks is None
    assert walk.pages == 2 * chats + 2


def test_an_odd_chat_that_changes_starts_no_round_without_an_end() -> None:
    def answers() -> Iterator[dict[str, Any]]:
        for number in range(100):
            yield {"chats_summary": [{"id": 5, "at": number}], "next_page_id": "two"}
            yield {"chats_summary": [chat("A", "1")]}

    walk, _ = follow(answers(), "desc")
    assert walk.asks is None
    assert walk.pages == 4
    assert walk.items == 2


@pytest.mark.parametrize("named", [5, True, ["two"], {"id": "two"}])
def test_a_next_page_that_can_not_be_read_is_not_taken_for_the_end(named: Any) -> None:
    with pytest.raises(PlatformAnswerError, match="next page in no way"):
        follow([{"chats_summary": [chat("A", "1")], "next_page_id": named}])


@pytest.mark.parametrize("last", [{}, {"next_page_id": ""}, {"next_page_id": None}])
def test_the_last_page_names_no_next_one(last: dict[str, Any]) -> None:
    walk, _ = follow([{"chats_summary": [chat("A", "1")], **last}])
    assert walk.asks is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_a_page_in_another_encoding_is_read(encoding: str) -> None:
    walk = Walk({}, rereads=False, limit=10)
    walk.take(json.dumps({"chats_summary": [chat("A", "1")]}).encode(encoding))
    assert (walk.asks, walk.items) == (None, 1)
