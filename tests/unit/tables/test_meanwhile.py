"""Work on one item while the next one is waited for."""

import threading
from collections.abc import Iterator

import pytest
from answers import body, chat

from lc_tutorial.tables import frames
from lc_tutorial.tables.columnar.builder import Builder
from lc_tutorial.tables.meanwhile import work_meanwhile


def test_all_is_done_in_order() -> None:
    done: list[int] = []
    work_meanwhile(iter(range(20)), done.append)
    assert done == [*range(20)]


def test_nothing_is_nothing() -> None:
    work_meanwhile(iter(()), pytest.fail)


def test_an_item_is_worked_on_while_the_next_one_is_waited_for() -> None:
    is_worked_on = threading.Event()

    def items() -> Iterator[str]:
        yield "first"
        assert is_worked_on.wait(30)
        yield "second"

    work_meanwhile(items(), lambda _: is_worked_on.set())


def test_items_are_asked_for_where_it_was_called_and_worked_on_in_one_other_thread() -> None:
    asked, worked = set(), set()

    def items() -> Iterator[int]:
        for number in range(5):
            asked.add(threading.get_ident())
            yield number

    work_meanwhile(items(), lambda _: worked.add(threading.get_ident()))
    assert asked == {threading.get_ident()}
    assert len(worked - asked) == 1


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
        work_meanwhile(items(), refuse_the_third)
    assert asked == [0, 1, 2, 3]


def test_an_error_with_the_last_one_is_raised_too() -> None:
    with pytest.raises(ZeroDivisionError):
        work_meanwhile(iter([1, 0]), lambda number: print(1 // number))


def test_who_interrupts_waits_for_no_more_than_what_is_worked_on() -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_meanwhile(items(), done.append)
    assert done == [0]


# --- Tables ---------------------------------------------------------------------------------------


def test_tables_are_made_of_pages_while_the_next_ones_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_BYTES_AT_ONCE", 1)
    is_added = threading.Event()
    add = Builder.add

    def add_and_say(builder: Builder, *arguments: object) -> None:
        add(builder, *arguments)  # type: ignore[arg-type]
        is_added.set()

    monkeypatch.setattr(Builder, "add", add_and_say)
    here = threading.get_ident()

    def pages() -> Iterator[bytes]:
        for name in "ABC":
            assert threading.get_ident() == here
            yield body(chat(name))
            assert is_added.wait(30)
            is_added.clear()

    assert [*frames.tables(pages()).chats["chat_id"]] == ["A", "B", "C"]


def test_what_is_there_already_is_taken_apart_where_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "work_meanwhile", lambda *_: pytest.fail("a thread for nothing"))
    answer = body(chat("A"))
    assert len(frames.tables(answer).chats) == 1
    assert len(frames.tables([answer, body(chat("B"))]).chats) == 2
