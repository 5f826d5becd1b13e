"""Kept tables are what ``lc.tables`` makes of all answers at once, however they came."""

import pickle
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from answers import archived, archives, body, chat, thread, threads
from comparing import assert_same
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import lc_tutorial as lc
from lc_tutorial.dataset import keeping, parts
from lc_tutorial.errors import InputError, PlatformAnswerError
from tests.drawn import examples

#: Values of custom properties: the kind of a column has to follow what comes.
VALUES: list[Any] = [
    None,
    "text",
    "",
    7,
    -1,
    0.5,
    True,
    ["a", 1],
    {"b": None},
    2**70,
    "7",
    2**53 + 1,
]

#: In several months, in none, and two in the same moment.
TIMES = [
    *("2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"),
    *("2025-12-24T12:00:00.000001Z", None),
]

ids, times = st.integers(0, 5), st.sampled_from(TIMES)
values = st.lists(st.sampled_from(VALUES), max_size=2)


@pytest.fixture(autouse=True)
def little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is a part of its own, and few rows are enough for one."""
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 1)
    monkeypatch.setattr(parts, "ENOUGH", 4)


@st.composite
def summaries(draw: st.DrawFn) -> dict[str, Any]:
    """A chat of List Chats, of which there are few: so they come again, changed."""
    made = chat(f"C{draw(ids)}")
    made["properties"] = {"crm": {f"p{n}": value for n, value in enumerate(draw(values))}}
    if draw(st.booleans()):
        made["users"] = made["users"][:1]
        del made["last_event_per_type"]["message"]
    # Else the events would say that they are of another thread.
    del made["last_event_per_type"]["file"]
    summary = made["last_thread_summary"]
    number = draw(ids)
    summary |= {"id": f"{made['id']}T{number}", "created_at": draw(times), "tags": ["a"] * number}
    for last in made["last_event_per_type"].values():
        del last["thread_id"], last["thread_created_at"]
    if draw(st.integers(0, 9)) == 0:
        del made["last_thread_summary"]
    return made


@st.composite
def whole_threads(draw: st.DrawFn) -> dict[str, Any]:
    """A chat with a thread, of List Archives."""
    number, of = draw(ids), draw(ids)
    properties = {"crm": {f"p{n}": value for n, value in enumerate(draw(values))}}
    made = archived(f"C{of}", created_at=draw(times), tags=["a"] * number, properties=properties)
    made["thread"]["id"] = f"C{of}T{number}"
    made["properties"] = properties
    if draw(st.integers(0, 9)) == 0:
        del made["thread"]
    return made


def lists(of: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[list[dict[str, Any]]]]:
    return st.lists(st.lists(of, max_size=4), max_size=5)


def check(pages: list[bytes], calls: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "kept"
        # In one call, or in several.
        for start in range(0, max(1, len(pages)), calls):
            lc.keep_tables(pages[start : start + calls], folder)
        made = lc.tables(pages)
        if not len(made.chats):
            return
        assert_same(lc.open_tables(folder), made)
        # Without us, too: each row once, and all files with the same columns.
        for name in made.names:
            read = pd.read_parquet(folder / name) if (folder / name).exists() else ()
            assert len(read) == len(getattr(made, name))
            if len(read):
                assert [*read.columns] == [*getattr(made, name).columns, "month"]


SLOW = settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Each example writes many files: to look for a smaller one takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@SLOW
@given(lists(summaries()), st.integers(1, 6))
def test_lists_of_chats(pages: list[list[dict[str, Any]]], calls: int) -> None:
    check([body(*page) for page in pages], calls)


@SLOW
@given(lists(whole_threads()), st.integers(1, 6))
def test_archives(pages: list[list[dict[str, Any]]], calls: int) -> None:
    check([archives(*page) for page in pages], calls)


def test_what_came_is_counted(tmp_path: Path) -> None:
    kept = lc.keep_tables([body(chat("A"), chat("B")), body(chat("A"))], tmp_path / "kept")
    assert (kept.new, kept.again, kept.calls, kept.unit) == (2, 1, None, "chats")
    assert kept.rows == {"chats": 2, "users": 4, "threads": 2, "events": 12, "tags": 4}
    assert str(kept).startswith(
        "Kept in kept: 2 new chats came, and 1 that was there came as it is now.\n"
    )
    again = lc.keep_tables([body(chat("C"))], tmp_path / "kept")
    assert str(again).splitlines()[0] == "Kept in kept: 1 new chat came."


def test_what_can_not_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    kept = lc.keep_tables([body(chat("A"), {"id": 7}, chat("B"))], tmp_path / "kept")
    assert (kept.new, kept.problems) == (2, 1)
    assert "1 place could not be read and is left out" in repr(kept)
    assert len(lc.open_tables(tmp_path / "kept").problems) == 0


def one_after_an_error() -> Iterator[bytes]:
    yield body(chat("A"))
    raise ConnectionResetError("reset")


@pytest.mark.parametrize("numbers", [(2**53 + 1, 0.5), (0.5, 2**53 + 1), (-(2**63) + 1, 1e300)])
def test_a_number_that_is_too_long_for_a_fraction_is_rounded(
    numbers: tuple[float, ...], tmp_path: Path
) -> None:
    pages = [
        body({**chat(f"C{number}"), "properties": {"crm": {"size": number}}}) for number in numbers
    ]
    for page in pages:
        lc.keep_tables(page, tmp_path / "kept")
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(pages))


def interrupted() -> Iterator[bytes]:
    yield body(chat("A"))
    raise KeyboardInterrupt


def ended() -> Iterator[bytes]:
    yield body(chat("A"))
    raise SystemExit


@pytest.mark.parametrize("answers", [one_after_an_error, interrupted, ended])
def test_what_had_come_before_an_error_is_kept(
    answers: Callable[[], Iterator[bytes]], tmp_path: Path
) -> None:
    with pytest.raises((ConnectionResetError, KeyboardInterrupt, SystemExit)):
        lc.keep_tables(answers(), tmp_path / "kept")
    assert [*lc.open_tables(tmp_path / "kept").chats["chat_id"]] == ["A"]


@pytest.mark.parametrize("at_once", [1, 2, 80])
@pytest.mark.parametrize(
    ("wrong", "error"), [(b"<html>", PlatformAnswerError), (archives(archived()), InputError)]
)
def test_a_page_that_does_not_belong_takes_nothing_away(
    at_once: int, wrong: bytes, error: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", at_once)
    pages = [body(chat("A")), body(chat("B")), body(chat("C")), wrong, body(chat("D"))]
    with pytest.raises(error) as caught:
        lc.keep_tables(pages, tmp_path / "kept")
    assert "3 chats had come, and they are kept in kept." in str(caught.value)
    assert "as they were" not in str(caught.value)
    assert [*lc.open_tables(tmp_path / "kept").chats["chat_id"]] == ["A", "B", "C"]


def test_where_nothing_had_come_it_is_not_said_to_be_kept(tmp_path: Path) -> None:
    with pytest.raises(PlatformAnswerError) as caught:
        lc.keep_tables([b"<html>"], tmp_path / "kept")
    assert "kept" not in str(caught.value)
    lc.keep_tables([body(chat("A"))], tmp_path / "kept")
    with pytest.raises(InputError) as refused:
        lc.keep_tables([archives(archived())], tmp_path / "kept")
    assert str(refused.value).endswith("The tables are as they were.")


@pytest.mark.parametrize(
    ("first", "second"),
    [(body(chat("A")), archives(archived())), (archives(archived()), body(chat("A")))],
)
def test_the_two_kinds_of_lists_do_not_mix(first: bytes, second: bytes, tmp_path: Path) -> None:
    lc.keep_tables(first, tmp_path / "kept")
    before = lc.open_tables(tmp_path / "kept")
    with pytest.raises(InputError, match="keeps other tables") as caught:
        lc.keep_tables(second, tmp_path / "kept")
    assert "Name another folder" in str(caught.value)
    assert_same(lc.open_tables(tmp_path / "kept"), before)


def test_threads_of_a_chat_that_nobody_names_are_not_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="threads of one chat are not kept"):
        lc.keep_tables(threads(thread("T")), tmp_path / "kept")
    with pytest.raises(InputError, match="There are no tables to make"):
        lc.keep_tables(7, tmp_path / "kept")


# --- A part of it ---------------------------------------------------------------------------------


def in_months() -> list[bytes]:
    return [
        archives(
            *(
                archived(f"C{day}", f"T{month}{day}", created_at=f"2026-0{month}-1{day}T08:00:00Z")
                for day in range(4)
            )
        )
        for month in (3, 4, 5)
    ]


@pytest.mark.parametrize(
    ("since", "threads", "chats"),
    [
        ("2026-01-01T00:00:00Z", 12, 4),
        ("2026-04-12T08:00:00Z", 6, 4),
        ("2026-05-01T00:00:00Z", 4, 4),
        ("2026-05-12T08:00:00.000001Z", 1, 1),
        ("2027-01-01T00:00:00Z", 0, 0),
    ],
)
def test_since(since: str, threads: int, chats: int, tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    when = pd.Timestamp(since).to_pydatetime(warn=False)
    part = lc.open_tables(tmp_path / "kept", since=when)
    whole = lc.open_tables(tmp_path / "kept")
    later = whole.threads[whole.threads["created_at"] >= since]
    assert len(part.threads) == len(later) == threads
    assert len(part.chats) == chats
    assert set(part.users["chat_id"]) == set(part.chats["chat_id"])
    for name in ("events", "tags"):
        assert set(getattr(part, name)["thread_id"]) == set(later["thread_id"])


def test_columns(tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    whole = lc.open_tables(tmp_path / "kept")
    some = lc.open_tables(tmp_path / "kept", columns=["text", "chat_id"])
    assert [*some.events.columns] == ["text", "chat_id"]
    assert [*some.tags.columns] == ["chat_id"]
    pd.testing.assert_frame_equal(some.events, whole.events[["text", "chat_id"]])
    one = lc.open_tables(tmp_path / "kept", columns={"tags": ["tag"]})
    assert ([*one.tags.columns], one.chats.shape) == (["tag"], whole.chats.shape)
    for again in (iter(["text", "chat_id"]), ("text", "chat_id", "text")):
        same = lc.open_tables(tmp_path / "kept", columns=again)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(same.events, some.events)
        assert [*same.users.columns] == ["chat_id"]
    single = lc.open_tables(tmp_path / "kept", columns={"events": "text"})
    assert [*single.events.columns] == ["text"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["texts"], "no column 'texts'"),
        ({"events": ["tag"]}, "no column 'tag'"),
        ({"event": ["text"]}, "no table 'event'"),
        ({"event": []}, "no table 'event'"),
        ({3: ["text"]}, "no table 3"),
        (5, "names no columns"),
        ([5], "names no columns"),
        (b"text", "names no columns"),
        ({"events": None}, "names no columns"),
    ],
)
def test_columns_that_there_are_not(columns: Any, said: str, tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    with pytest.raises(InputError, match=said):
        lc.open_tables(tmp_path / "kept", columns=columns)


def test_a_conversation_needs_its_columns(tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    few = lc.open_tables(tmp_path / "kept", columns=["chat_id", "text"])
    with pytest.raises(InputError, match="No conversation") as caught:
        few.conversation("C1")
    assert "user_id of users" in str(caught.value)
    enough = ["chat_id", "user_id", "created_at"]
    assert repr(lc.open_tables(tmp_path / "kept", columns=enough).conversation("C1"))


def test_kept_tables_do_what_tables_do(tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    kept, made = lc.open_tables(tmp_path / "kept"), lc.tables(in_months())
    assert repr(kept.conversation("C1")) == repr(made.conversation("C1"))
    assert repr(kept).split() == repr(made).split()
    assert kept.export(tmp_path / "out").written[0].rows == 4
    sent = pickle.loads(pickle.dumps(lc.open_tables(tmp_path / "kept")))
    assert_same(sent, made)


def test_what_came_already_is_not_asked_for_since_a_time(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can be asked for again"):
        lc.keep_tables([body(chat("A"))], tmp_path / "kept", since=datetime(2026, 5, 1, tzinfo=UTC))
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("since", ["2026-05-01", pd.Timestamp("2026-05-01"), 3])
def test_a_time_without_its_offset_is_refused(since: Any, tmp_path: Path) -> None:
    lc.keep_tables(in_months(), tmp_path / "kept")
    for refuse in (lc.open_tables, lambda folder, since: lc.keep_tables([], folder, since=since)):
        with pytest.raises(InputError, match="offset from UTC"):
            refuse(tmp_path / "kept", since=since)


@pytest.mark.parametrize("nothing", [None, 7, len])
def test_what_is_no_answer_begins_no_folder(nothing: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Give the pages of a client"):
        lc.keep_tables(nothing, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
