"""Only the tables that are asked for; and each is made when it is first asked for."""

import copy
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pandas as pd
import pytest
from answers import archived, archives, body, chat, thread, threads

from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.tables.columnar import joining, making
from lc_tutorial.tables.columnar.columns import Column
from lc_tutorial.tables.columnar.table import Table
from lc_tutorial.tables.frames import tables

NAMES = ("chats", "users", "threads", "events", "tags")

#: Of each kind of list two pages, with a chat that comes again, and one that has little.
PAGES = {
    "chats": [
        body(chat("A"), {"id": "B", "users": []}),
        body(chat("C"), chat("A"), {"id": "D", "last_thread_summary": {"id": "T"}}),
    ],
    "archives": [
        archives(archived(), {"id": "B", "thread": thread("T1")}),
        archives(
            archived(), {"id": "B", "thread": thread("T2", created_at="2020-01-01T00:00:00Z")}
        ),
    ],
    "threads": [threads(thread("T1"), thread("T2")), threads(thread("T1", tags=["later"]))],
}
#: Each alone, and each pair: what a table takes over comes from one other.
SEVERAL = [only for size in (1, 2) for only in combinations(NAMES, size)]
#: Each comes first in one, and each before each other in some.
ORDERS = [NAMES, NAMES[::-1], *(NAMES[at:] + NAMES[:at] for at in range(1, 5))]


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_a_table_is_the_same_whatever_others_are_made(pages: list[bytes]) -> None:
    whole = tables(pages)
    for only in SEVERAL:
        made = tables(pages, only=only)
        assert made.names == only
        for name in only:
            pd.testing.assert_frame_equal(getattr(made, name), getattr(whole, name))
        assert (made.repeated, made.with_all_events) == (whole.repeated, whole.with_all_events)


@pytest.mark.parametrize("order", ORDERS, ids="+".join)
def test_who_changes_a_table_changes_no_other(order: tuple[str, ...]) -> None:
    # Nothing comes twice here: else rows would be selected, and so copied.
    pages = [archives(archived()), archives({"id": "B", "thread": thread("T1")})]
    whole, made = tables(pages), tables(pages)
    expected = {name: getattr(whole, name).copy() for name in NAMES}
    for name in order:
        frame = getattr(made, name)
        pd.testing.assert_frame_equal(frame, expected[name])
        for column in frame:
            # In the memory of the column, which no rule of pandas' watches over.
            values: Any = frame[column].array
            if len(values) and not isinstance(values, pd.Categorical):
                values[0] = values[-1] = None if values.dtype != object else ()
    assert made.problems.empty


def test_a_table_is_made_once_and_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    finished: list[Table] = []
    arrays = Table.arrays
    monkeypatch.setattr(Table, "arrays", lambda self: finished.append(self) or arrays(self))
    made = tables(PAGES["chats"])
    assert finished == []
    threads_of_it = made.threads
    assert len(finished) == 1
    assert made.threads is threads_of_it
    assert made.tags is made.tags
    assert len(finished) == 2
    assert len(made.problems) == 0
    assert len(finished) == 5
    assert made.chats is made.chats
    assert len(finished) == 5


@pytest.mark.parametrize("order", ORDERS, ids="+".join)
def test_what_was_interrupted_is_never_a_table_with_less_in_it(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...]
) -> None:
    """Wherever somebody interrupts it: in the making of a column, or of a DataFrame."""
    whole = tables(PAGES["chats"])

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for where, what in (
        (Column, "_packed"),
        (joining, "selected"),
        (joining, "kept"),
        (making.pd, "DataFrame"),
    ):
        made = tables(PAGES["chats"])
        with monkeypatch.context() as patch:
            patch.setattr(where, what, interrupt)
            with pytest.raises(KeyboardInterrupt):
                _ = getattr(made, order[0])
        for name in order:
            try:
                pd.testing.assert_frame_equal(getattr(made, name), getattr(whole, name))
            except TutorialError as problem:
                assert "interrupted" in str(problem.why)  # noqa: PT017
                assert where is Column


def test_events_whose_threads_were_half_filled_in_are_filled_in_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_in_threads = joining.fill_in_threads

    class Interrupting(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            if name == "thread_id":
                raise KeyboardInterrupt
            return super().__getitem__(name)

    made = tables(PAGES["chats"])
    with monkeypatch.context() as patch:
        patch.setattr(
            joining,
            "fill_in_threads",
            lambda events, records, threads: fill_in_threads(
                events, records, Interrupting(threads)
            ),
        )
        with pytest.raises(KeyboardInterrupt):
            _ = made.events
    pd.testing.assert_frame_equal(made.events, tables(PAGES["chats"]).events)


def test_two_threads_may_ask_for_tables_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, both = tables(PAGES["chats"]), Barrier(2)
    arrays = Table.arrays
    began: list[Table] = []

    def slowly(table: Table) -> Any:
        began.append(table)
        with suppress(BrokenBarrierError):
            both.wait(0.05)  # for another one, which must not come
        return arrays(table)

    monkeypatch.setattr(Table, "arrays", slowly)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda name: getattr(made, name), ["chats", "chats"])
    assert one is two
    assert len(began) == len(set(map(id, began)))
    assert gc.isenabled()


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_a_copy_makes_the_same_tables(copied: Any) -> None:
    whole, made = tables(PAGES["chats"]), tables(PAGES["chats"])
    for _ in range(2):  # before any is made, and after
        other = copied(made)
        for name in (*NAMES, "problems", "unknown"):
            pd.testing.assert_frame_equal(getattr(other, name), getattr(whole, name))
        assert not made.users.empty


def test_of_what_is_not_asked_for_nothing_is_kept() -> None:
    pages = [body(*(chat(f"{page}-{number}") for number in range(100))) for page in range(10)]
    sizes = {only: len(pickle.dumps(tables(pages, only=only))) for only in (None, ("tags",))}
    assert sizes["tags",] < sizes[None] / 5


def test_problems_are_told_of_the_tables_that_are_asked_for() -> None:
    broken = chat()
    broken["last_thread_summary"]["created_at"] = "yesterday"
    broken["users"][0]["events_seen_up_to"] = "never"
    answer = body(broken)
    said = {only: [*tables(answer, only=only).problems["problem"]] for only in NAMES}
    assert said["users"] == [
        "users.events_seen_up_to can't be read: 'never'.",
        "threads.created_at can't be read: 'yesterday'.",
    ]
    assert said["tags"] == ["threads.created_at can't be read: 'yesterday'."]


@pytest.mark.parametrize(
    ("only", "what"),
    [
        (["chat"], "There is no table 'chat'."),
        (["chats", "problems"], "There is no table 'problems'."),
        ("event", "There is no table 'event'."),
        ([None], "There is no table None."),
        (7, "There is no table 7."),
        ([["chats"]], "There is no table ['chats']."),
        ([], "Which tables?"),
    ],
)
def test_what_is_no_table_is_refused_before_a_page_is_asked_for(only: Any, what: str) -> None:
    def pages() -> Any:
        raise AssertionError("a page was asked for")
        yield

    with pytest.raises(InputError) as caught:
        tables(pages(), only=only)
    assert caught.value.what == what
    assert "chats, users, threads, events, tags" in caught.value.why


@pytest.mark.parametrize("only", ["events", ["events"], iter(["events"]), {"events"}])
def test_one_may_be_named_in_any_way(only: Any) -> None:
    assert tables(PAGES["chats"], only=only).names == ("events",)


def test_a_table_that_was_not_asked_for_is_not_there() -> None:
    made = tables(PAGES["chats"], only=["chats", "events"])
    with pytest.raises(InputError) as caught:
        _ = made.users
    assert caught.value.what == "There is no table 'users' in these."
    assert "only=['chats', 'events']" in caught.value.why
    with pytest.raises(InputError, match="There is no table"):
        made.conversation()


def test_what_there_is_is_listed_and_exported(tmp_path: Path) -> None:
    made = tables(PAGES["chats"], only=["tags", "chats"])
    assert [line.split()[0] for line in repr(made).splitlines()[:2]] == ["chats", "tags"]
    assert "<th scope='row' style='text-align:left'>users</th>" not in made._repr_html_()
    made.export(tmp_path / "export")
    there = {path.stem for path in (tmp_path / "export").glob("*.parquet")}
    assert there == {"chats", "tags", "problems", "unknown"}
