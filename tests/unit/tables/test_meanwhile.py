"""Work on one item while the next one is waited for."""

import gc
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import pytest
import requests
from answers import archived, archives, body, chat
from stand_in import StandIn

from lc_tutorial.errors import InputError
from lc_tutorial.tables import frames, given
from lc_tutorial.tables.columnar.builder import Builder
from lc_tutorial.tables.meanwhile import Worker


def refuse(number: int) -> None:
    raise ValueError(f"item {number}")


def test_all_is_done_in_order() -> None:
    done: list[int] = []
    with Worker(done.append) as worker:
        for number in range(20):
            (worker.start if number % 3 else worker.do)(number)
    assert done == [*range(20)]


def test_an_item_is_worked_on_while_the_next_one_is_waited_for() -> None:
    is_worked_on = threading.Event()
    with Worker(lambda _: is_worked_on.set()) as worker:
        worker.start("first")
        assert is_worked_on.wait(30)


def test_what_is_started_has_one_thread_of_its_own() -> None:
    threads: dict[int, int] = {}

    def work(number: int) -> None:
        threads[number] = threading.get_ident()

    with Worker(work) as worker:
        for number in range(4):
            worker.start(number)
        worker.do(4)
    here = threading.get_ident()
    assert threads[4] == here
    assert len({threads[number] for number in range(4)} - {here}) == 1


def start(work: Any, items: Any, *, then: BaseException | None = None) -> None:
    with Worker(work) as worker:
        for item in items:
            worker.start(item)
        if then:
            raise then


def test_what_the_work_raises_is_raised_with_the_next_one_which_is_not_worked_on() -> None:
    with pytest.raises(ValueError, match="item 1"):
        start(refuse, [1, 2, 3])


def test_or_with_one_that_is_worked_on_here() -> None:
    def start_one_and_do_another() -> None:
        with Worker(refuse) as worker:
            worker.start(1)
            worker.do(2)

    with pytest.raises(ValueError, match="item 1"):
        start_one_and_do_another()


def test_or_at_once_where_it_is_asked_for() -> None:
    def ask() -> None:
        with Worker(refuse) as worker:
            worker.start(1)
            while True:
                worker.check()

    with pytest.raises(ValueError, match="item 1"):
        ask()


def test_or_at_the_end() -> None:
    with pytest.raises(ValueError, match="item 1"):
        start(refuse, [1])


def test_it_comes_before_what_is_raised_later() -> None:
    with pytest.raises(ValueError, match="item 1") as raised:
        start(refuse, [1], then=ConnectionError("cable out"))
    assert isinstance(raised.value.__cause__, ConnectionError)


def test_but_an_interrupt_is_one() -> None:
    for work in (refuse, lambda number: None):
        with pytest.raises(KeyboardInterrupt):
            start(work, [1], then=KeyboardInterrupt())


def test_the_end_waits_for_the_work() -> None:
    goes_on = threading.Event()
    done: list[int] = []

    def work(number: int) -> None:
        goes_on.wait(30)
        done.append(number)

    threading.Timer(0.05, goes_on.set).start()
    with pytest.raises(KeyboardInterrupt):
        start(work, [1], then=KeyboardInterrupt())
    assert done == [1]


def test_where_no_thread_can_be_had_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the system gives no more, or Python is ending."""

    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    done: list[int] = []
    with Worker(done.append) as worker:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refused)
            worker.start(1)
        worker.start(2)
    assert done == [1, 2]


@pytest.mark.parametrize("items", [[1], [1, 2]], ids=["at the end", "with the next one"])
def test_what_is_raised_does_not_hold_itself(items: list[int]) -> None:
    """Else the generator that brings the pages, and its file, would be closed some time."""
    closed = []

    def pages() -> Iterator[int]:
        try:
            yield from items
            yield 3
        finally:
            closed.append(True)

    def pull(pages: Iterator[int]) -> None:
        start(refuse, islice(pages, len(items)))

    gc.disable()
    try:
        with pytest.raises(ValueError, match="item 1"):
            pull(pages())
    finally:
        gc.enable()
    assert closed


# --- Tables ---------------------------------------------------------------------------------------


def answered(server: StandIn, *bodies: bytes) -> Iterator[requests.Response]:
    for each in bodies:
        server.answers(200, json.loads(each))
        yield requests.get(server.origin, timeout=10)


def test_rows_are_made_of_answers_while_the_next_ones_are_waited_for(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "_BYTES_AT_ONCE", 1)
    is_added = threading.Event()
    add = Builder.add

    def add_and_say(builder: Builder, *arguments: Any) -> None:
        add(builder, *arguments)
        is_added.set()

    monkeypatch.setattr(Builder, "add", add_and_say)
    here = threading.get_ident()

    def answers() -> Iterator[requests.Response]:
        for answer in answered(server, *(body(chat(name)) for name in "ABC")):
            assert threading.get_ident() == here
            yield answer
            assert is_added.wait(30)
            is_added.clear()

    assert [*frames.tables(answers()).chats["chat_id"]] == ["A", "B", "C"]


def test_after_what_does_not_go_with_the_others_no_more_is_asked_for(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the answer that is waited for then: also where many are worked on at once."""
    summary, whole = answered(server, body(chat("A")), archives(archived()))
    monkeypatch.setattr(given, "_BYTES_AT_ONCE", len(summary.content) + len(whole.content) - 1)
    refused = threading.Event()
    build = frames._build

    def build_and_say(*arguments: Any) -> None:
        try:
            build(*arguments)
        finally:
            refused.set()

    monkeypatch.setattr(frames, "_build", build_and_say)
    asked = []

    def answers() -> Iterator[requests.Response]:
        yield summary
        yield whole
        monkeypatch.setattr(given, "_BYTES_AT_ONCE", 10_000_000)
        assert refused.wait(30)
        for number in range(100):
            asked.append(number)
            yield summary
            time.sleep(0.01)

    with pytest.raises(InputError, match="don't go into the same tables"):
        frames.tables(answers())
    assert len(asked) < 100


def test_what_is_there_already_takes_no_thread(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ThreadPoolExecutor, "submit", lambda *_: pytest.fail("a thread"))
    answers = [*answered(server, body(chat("A")), body(chat("B")))]
    bodies = [answer.content for answer in answers]
    for each in (answers[0], answers, bodies[0], bodies, iter(bodies)):
        assert len(frames.tables(each).chats)
    with pytest.raises(pytest.fail.Exception, match="a thread"):
        frames.tables(iter(answers))
