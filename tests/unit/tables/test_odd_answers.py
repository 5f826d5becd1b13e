"""Tables of answers that nobody thought of: made up by hypothesis."""

import contextlib
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pandas as pd
import pytest
import taken_apart
from answers import VERSIONS, archived, archives, body, chat, thread, threads
from hypothesis import given, settings
from hypothesis import strategies as st

from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.tables.frames import Tables, tables

NAMES = ("chats", "users", "threads", "events", "tags", "problems", "unknown")
ESSENTIAL = ("chats", "users", "threads", "events", "tags")

versions = st.sampled_from(VERSIONS)
names = st.sampled_from(
    ["id", "type", "text", "users", "events", "thread", "tags", "queue", "properties", "colour"]
)
odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63), 2**64, 10**30, 1e308, -0.0])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", "\0", "\ud83d", "hologram", "agent", "2026-02-30T00:00:00.000000Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(), inner),
    max_leaves=6,
)

Path = tuple[Any, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all fields and items in decoded JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in inside:
        yield (*path, name)
        if isinstance(each, dict | list):
            yield from places(each, (*path, name))


@st.composite
def changed(draw: st.DrawFn, whole: Any) -> Any:
    """The same JSON with a few fields or items gone, replaced or added."""
    whole = deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from([*places(whole)]))
        holder = whole
        for name in path:
            holder = holder[name]
        change = draw(st.sampled_from(["remove", "replace", "add"]))
        if change == "remove":
            del holder[last]
        elif change == "replace":
            holder[last] = draw(odd_values)
        elif isinstance(holder, dict):
            holder[draw(names | st.text(max_size=5))] = draw(odd_values)
        else:
            holder.insert(last, draw(odd_values))
        if not [*places(whole)]:
            break
    return whole


def dtypes(made: Tables) -> dict[str, dict[str, str]]:
    """The dtypes of all tables, without the columns of one's own at their ends."""
    usual = {name: len(getattr(EMPTY, name).columns) for name in NAMES}
    return {
        name: {
            column: str(dtype)
            for column, dtype in getattr(made, name).dtypes.iloc[: usual[name]].items()
        }
        for name in NAMES
    }


EMPTY = tables(b'{"chats_summary": []}')


def plain(cell: Any) -> Any:
    """A cell; None where there is none: an odd value gives a property's column another dtype."""
    return None if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell else cell


def assert_tells(made: Tables, neighbour: Tables, chat_id: str) -> None:
    """See that the tables are whole, and that the neighbour of what is odd is all there."""
    assert dtypes(made) == dtypes(EMPTY)
    for name in ESSENTIAL:
        wanted = getattr(neighbour, name)
        found = getattr(made, name)
        found = found[(found["chat_id"] == chat_id).fillna(False).astype(bool)]
        for column in wanted:
            assert [*map(plain, found[column])] == [*map(plain, wanted[column])], (name, column)


@settings(max_examples=50, deadline=None)
@given(data=st.data(), version=versions)
def test_an_odd_summary_costs_no_other_chat(data: st.DataObject, version: str) -> None:
    odd = data.draw(changed(chat("ODD", version)))
    good = chat("GOOD", version)
    answer = body(odd, good, version=version)
    made = tables(answer)
    assert_tells(made, tables(body(good, version=version)), "GOOD")
    if isinstance(odd, dict) and isinstance(odd.get("id"), str) and odd["id"] != "GOOD":
        left_out = made.problems["problem"].str.startswith("The chat is left out").sum()
        assert (len(made.chats), left_out) in {(2, 0), (1, 1)}


@settings(max_examples=50, deadline=None)
@given(data=st.data(), version=versions)
def test_an_odd_chat_of_the_archives_costs_no_other_chat(data: st.DataObject, version: str) -> None:
    odd = data.draw(changed(archived("ODD", "T1", version)))
    good = archived("GOOD", "T2", version)
    made = tables(archives(odd, good))
    assert_tells(made, tables(archives(good)), "GOOD")


@settings(max_examples=40, deadline=None)
@given(data=st.data(), version=versions)
def test_an_odd_thread_costs_no_other_thread(data: st.DataObject, version: str) -> None:
    odd = data.draw(changed(thread("T1", version)))
    made = tables(threads(odd, thread("T2", version)))
    assert dtypes(made) == dtypes(EMPTY)
    assert "T2" in [*made.threads["thread_id"].dropna()]
    if isinstance(odd, dict) and isinstance(odd.get("events"), list):
        of_odd = made.events["thread_id"].ne("T2").fillna(True).sum()
        assert of_odd + len(made.problems) >= len(odd["events"]) or of_odd == 0


@settings(max_examples=40, deadline=None)
@given(data=st.data(), version=versions)
def test_the_bytes_of_a_broken_answer_are_read_or_refused(
    data: st.DataObject, version: str
) -> None:
    sound = archives(archived("A", "T1", version))
    start = data.draw(st.integers(0, len(sound)))
    junk = data.draw(st.binary(max_size=4))
    cut = data.draw(st.integers(0, 8))
    with contextlib.suppress(PlatformAnswerError):
        made = tables(sound[:start] + junk + sound[start + cut :])
        assert dtypes(made) == dtypes(EMPTY)


# --- What is well-formed is right, whatever is missing --------------------------------------------


@st.composite
def with_gaps(draw: st.DrawFn, whole: Any, kept: tuple[str, ...] = ("id", "type")) -> Any:
    """The same JSON with some fields missing and some null."""
    if isinstance(whole, list):
        return [draw(with_gaps(each, kept)) for each in whole]
    if not isinstance(whole, dict):
        return whole
    found = {}
    for name, each in whole.items():
        fate = "kept" if name in kept else draw(st.sampled_from(["kept"] * 8 + ["gone", "null"]))
        if fate == "kept" and name in ("users", "events", "thread", "visit", "queue", "statistics"):
            found[name] = draw(with_gaps(each, kept))
        elif fate == "kept":
            found[name] = each
        elif fate == "null" and name not in ("properties", "user_ids", "last_pages"):
            found[name] = None
    return found


@settings(max_examples=40, deadline=None)
@given(data=st.data(), version=versions)
def test_archives_with_gaps_are_right(data: st.DataObject, version: str) -> None:
    parts = [
        data.draw(with_gaps(archived(f"C{number // 2}", f"T{number}", version)))
        for number in range(data.draw(st.integers(0, 4)))
    ]
    made = tables(archives(*parts))
    assert len(made.problems) == len(made.unknown) == 0
    taken_apart.assert_right(made, taken_apart.threads_apart([{"chats": parts}]))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), version=versions)
def test_lists_of_chats_with_gaps_are_right(data: st.DataObject, version: str) -> None:
    parts = [
        data.draw(with_gaps(chat(f"C{number}", version)))
        for number in range(data.draw(st.integers(0, 4)))
    ]
    answer = json.loads(body(*parts, version=version))
    made = tables(answer)
    assert len(made.problems) == len(made.unknown) == 0
    taken_apart.assert_right(made, taken_apart.summaries_apart([answer]))


def lists_in_lists(depth: int) -> bytes:
    deep = b"[" * depth + b"]" * depth
    return b'{"chats": [{"id": "A", "users": [], "properties": %b}, {"id": "B"}]}' % deep


def test_lists_in_lists_are_read() -> None:
    assert [*tables(lists_in_lists(100)).chats["chat_id"]] == ["A", "B"]


def test_lists_in_lists_without_an_end_are_refused() -> None:
    with pytest.raises(PlatformAnswerError, match="can't be read"):
        tables(lists_in_lists(100_000))


BEYOND = ["1e999", "-1e400", "9" * 5_000]


@pytest.mark.parametrize("digits", BEYOND, ids=["large", "small", "long"])
@pytest.mark.parametrize("place", ["properties", "session_fields", "a field that nobody knows"])
def test_a_number_beyond_those_of_python_is_read_as_none(digits: str, place: str) -> None:
    made = chat("A")
    value: Any = {"shop": {"spent": "NUMBER"}}
    if place == "session_fields":
        made["users"][0][place] = [value["shop"]]
    else:
        made[place] = value
    some = tables(body(made, chat("B")).replace(b'"NUMBER"', digits.encode()))
    assert [*some.chats["chat_id"]] == ["A", "B"]
    assert some.problems.empty
    column = {"properties": "properties.shop.spent", "session_fields": "session_fields.spent"}
    if place in column:
        frame = some.chats if place == "properties" else some.users
        assert frame[column[place]].isna().all()


@pytest.mark.parametrize("digits", BEYOND[:2])
def test_a_time_beyond_those_of_python_costs_no_thread(digits: str) -> None:
    made = archived("A")
    made["thread"]["queue"] = {"wait_time": "NUMBER", "position": 1}
    some = tables(archives(made).replace(b'"NUMBER"', digits.encode()))
    assert some.threads["queue_wait_time"].isna().all()
    assert some.threads["queue_position"].tolist() == [1]
