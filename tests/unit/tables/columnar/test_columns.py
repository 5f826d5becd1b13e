"""The kinds of columns: what can't be seen from a few tables."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from lc_tutorial.tables.columnar import columns
from lc_tutorial.tables.columnar.columns import Column, Items, Rest, Shared, Text
from lc_tutorial.tables.columnar.packed import Category, Flag, Number, Time, Truth, Whole


def read(values: Sequence[str | None]) -> tuple[list[str | None], dict[int, str]]:
    column = Time()
    column.add(range(len(values)), values)
    instants = column.array(len(values))
    shown = [None if str(each) == "NaT" else each.isoformat() for each in instants]
    return shown, column.unreadable


def test_days_and_hours_that_do_not_exist_are_told_from_those_that_do() -> None:
    times = [
        f"{year:04}-{month:02}-{day:02}T{hour:02}:59:59.999999Z"
        for year in (0, 1, 1900, 1999, 2000, 2004, 2100, 9999)
        for month in range(20)
        for day in range(40)
        for hour in (0, 23, 24, 29)
    ]
    expected: list[str | None] = []
    for time in times:
        try:
            expected.append(datetime.fromisoformat(time).isoformat())
        except ValueError:
            expected.append(None)
    shown, unreadable = read(times)
    assert shown == expected
    assert unreadable == {n: times[n] for n, each in enumerate(expected) if each is None}
    assert 2_000 < len(unreadable) < len(times)


@pytest.mark.parametrize("other", ["2026-05-12T11:42:47.383000Z ", "2026-05-12T11:42:47.383000 "])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_character_too_many_does_not_shift_the_others(other: str, place: int) -> None:
    times = ["2026-05-12T11:42:47.383000Z"] * 2
    times.insert(place, other)
    shown, unreadable = read(times)
    assert [each is None for each in shown] == [n == place for n in range(3)]
    assert unreadable == {place: other}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_zero_byte_does_not_shift_the_others(place: int) -> None:
    times = ["2026-05-12T11:42:47.383000Z"] * 2
    times.insert(place, "2026-05-12\0T11:42:47.383000Z")
    shown, unreadable = read(times)
    assert [each is None for each in shown] == [n == place for n in range(3)]
    assert unreadable == {place: "2026-05-12\0T11:42:47.383000Z"}


def test_missing_instants_are_missing_and_nothing_more() -> None:
    times = [None, "2026-05-12T11:42:47.383000Z", "", None]
    for several in (1, 2_000):
        shown, unreadable = read(times * several)
        assert shown == [None, "2026-05-12T11:42:47.383000+00:00", None, None] * several
        assert unreadable == {}


#: A value of each kind, and the dtype that it is given, with pandas 2.2 as with 3.
DTYPES: dict[str, tuple[Callable[[], Column], Any, str]] = {
    "Text": (Text, "hello", "string"),
    "Shared": (lambda: Shared({}), "hello", "string"),
    "Rest": (lambda: Rest({}), '{"more":1}', "string"),
    "Category": (Category, "hello", "category"),
    "Time": (Time, "2026-05-12T11:42:47.383000Z", "datetime64[us, UTC]"),
    "Whole": (Whole, 1, "Int64"),
    "Truth": (Truth, True, "boolean"),
    "Flag": (Flag, True, "boolean"),
    "Number": (Number, "1.5", "float64"),
    "Items": (lambda: Items({}), ["hello"], "object"),
}


@pytest.mark.parametrize("kind", DTYPES)
def test_the_dtype_is_the_one_that_is_promised_whatever_came(kind: str) -> None:
    make, value, dtype = DTYPES[kind]
    for came in ([], [None], [value], [value, None]):
        column = make()
        column.add(range(len(came)), came)
        assert str(pd.Series(column.array(3)).dtype) == dtype, came
    assert re.search(rf"(?m)^{kind} .*  ``{re.escape(dtype)}``", columns.__doc__ or "")


def test_values_that_came_out_of_order_are_put_in_their_rows() -> None:
    for column, values in (
        (Text(), ["a", "b", "c", "d"]),
        (Category(), ["a", "b", "c", "d"]),
        (Whole(), [1, 2, 3, 4]),
    ):
        column.add(range(2, 4), values[2:])
        column.add(range(2), values[:2])
        assert [*column.array(4)] == values


@pytest.mark.parametrize("values", [["", None, "a"], [None, "", "a"], ["", "", None], [None, "a"]])
def test_an_empty_string_is_not_a_missing_one(values: list[str | None]) -> None:
    for column in (Category(), Text()):
        column.add(range(len(values)), values)
        # One row more than there are values.
        made = column.array(len(values) + 1)
        assert [None if pd.isna(each) else each for each in made] == [*values, None]


def test_of_equal_strings_that_come_nearby_one_is_kept() -> None:
    pool: dict[str, str] = {}
    first, second = Shared(pool), Shared(pool)
    first.add(range(2), ["".join(["ag", "ent"]), "".join(["ag", "ent"])])
    second.add(range(1), ["".join(["ag", "ent"])])
    kept = {id(each) for column in (first.array(2), second.array(1)) for each in column}
    assert len(kept) == 1
