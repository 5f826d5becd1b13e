"""Work on one item while the next one is waited for."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from answers import body, chat
from stand_in import StandIn

from lc_tutorial.tables import frames
from lc_tutorial.tables.columnar.builder import Builder
from lc_tutorial.tables.meanwhile import work_meanwhile


def always(_: object) -> bool:
    return True


def test_all_is_done_in_order() -> None:
    done: list[int] = []
    work_meanwhile(iter(range(20)), done.append, lambda number: number % 3 > 0)
    assert done == [*range(20)]


def test_nothing_is_nothing() -> None:
    work_meanwhile(iter(()), pytest.fail, always)


def test_an_item_is_worked_on_while_the_next_one_is_waited_for() -> None:
    is_worked_on = threading.Event()

    def items() -> Iterator[str]:
        yield "first"
        assert is_worked_on.wait(30)
        yield "second"

    work_meanwhile(items(), lambda _: is_worked_on.set(), always)


def test_items_are_asked_for_where_it_was_called_and_worked_on_in_one_other_thread() -> None:
    asked: set[int] = set()
    worked: dict[int, int] = {}

    def items() -> Iterator[int]:
        for number in range(6):
            asked.add(threading.get_ident())
            yield number

    def work(number: int) -> None:
        worked[number] = threading.get_ident()

    work_meanwhile(items(), work, lambda number: number < 4)
    here = threading.get_ident()
    assert asked == {here}
    assert len({worked[number] for number in range(4)}) == 1
    assert worked[0] != here
    assert {worked[4], worked[5]} == {here}


def test_after_an_error_no_more_than_one_is_asked_for() -> None:
    asked = []

    def items() -> Iterator[int]:
        for number in range(10):
            asked.append(number)
            yield number

    def refuse_the_third(number: int) -> None:
        if number == 2:
            raise ValueError("the third")

    with pytest.raises(ValueError, match="the third"):
        work_meanwhile(items(), refuse_the_third, always)
    assert asked == [0, 1, 2, 3]


def test_an_error_with_the_last_one_is_raised_too() -> None:
    with pytest.raises(ZeroDivisionError):
        work_meanwhile(iter([1, 0]), lambda number: print(1 // number), always)


def test_who_interrupts_waits_for_no_more_than_what_is_worked_on() -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_meanwhile(items(), done.append, always)
    assert done == [0]


# --- Tables ---------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


def answered(server: StandIn, *names: str) -> Iterator[requests.Response]:
    for name in names:
        server.answers(200, json.loads(body(chat(name))))
        yield requests.get(server.origin, timeout=10)


def test_rows_are_made_of_answers_while_the_next_ones_are_waited_for(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "_BYTES_AT_ONCE", 1)
    is_added = threading.Event()
    add = Builder.add

    def add_and_say(builder: Builder, *arguments: Any) -> None:
        add(builder, *arguments)
        is_added.set()

    monkeypatch.setattr(Builder, "add", add_and_say)
    here = threading.get_ident()

    def answers() -> Iterator[requests.Response]:
        for answer in answered(server, *"ABC"):
            assert threading.get_ident() == here
            yield answer
            assert is_added.wait(30)
            is_added.clear()

    assert [*frames.tables(answers()).chats["chat_id"]] == ["A", "B", "C"]


def test_what_is_there_already_takes_no_thread(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ThreadPoolExecutor, "submit", lambda *_: pytest.fail("a thread"))
    answers = [*answered(server, "A", "B")]
    bodies = [answer.content for answer in answers]
    for given in (answers[0], answers, bodies[0], bodies, iter(bodies)):
        assert len(frames.tables(given).chats)
    with pytest.raises(pytest.fail.Exception, match="a thread"):
        frames.tables(iter(answers))
