"""The kinds of columns that take the same few bytes for each value: numbers, and what becomes one.

Their dtypes are in the table of :mod:`columns`.
"""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.tables.columnar.columns import TEXT, Array, Column, Rows

_INSTANT = pa.timestamp("us", "UTC")
# What is read goes into memory of numpy's at once: Arrow's own pool would keep some for nothing.
_POOL = pa.system_memory_pool()


def spread(packed: Array, rows: int, places: Array | None, missing: Any) -> Array:
    """Put values in their places, and in all other places what stands for a missing one."""
    if places is None:
        return packed
    whole = np.full(rows, missing, dtype=packed.dtype)
    whole[places] = packed
    return whole


_T = TypeVar("_T", bound=Hashable)


class Codes(dict[_T, int]):
    """Numbers for values, in the order in which they first come."""

    def __missing__(self, value: _T) -> int:
        code = self[value] = len(self)
        return code


class Category(Column):
    """Strings of which few are different: each is kept once."""

    dtype = np.int32

    def __init__(self) -> None:
        super().__init__()
        self._codes: Codes[str | None] = Codes()

    def _pack(self, values: Sequence[str | None]) -> None:
        codes = map(self._codes.__getitem__, values)
        self._take_in(np.fromiter(codes, np.int32, len(values)))

    def add_one(self, rows: Rows, value: str | None) -> None:
        """Add the same value for all these rows."""
        self._take_in(np.full(len(rows), self._codes[value], np.int32))
        self._rows.append(rows)

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        values = sorted(value for value in self._codes if value is not None)
        code_of = {value: code for code, value in enumerate(values)}
        # One more than there are values, for the rows that have none.
        codes = [*(-1 if value is None else code_of[value] for value in self._codes), -1]
        whole = np.array(codes, dtype=np.int32)[spread(packed, rows, places, -1)]
        return pd.Categorical.from_codes(whole, categories=pd.Index(values, dtype=TEXT))


class Time(Column):
    """Instants, sent as RFC 3339 text."""

    dtype = "M8[us]"

    # They are read when there are so many: to begin takes as long as some hundred of them.
    _MANY = 4_096

    def __init__(self) -> None:
        super().__init__()
        self._unread: list[bytes] = []
        self._number_unread = 0

    def _pack(self, values: Sequence[str | None]) -> None:
        # Joined at once, so that the many strings can go while they are in the cache.
        self._unread.append(_joined(values))
        self._number_unread += len(values)
        if self._number_unread > self._MANY:
            self._read_texts()

    def _read_texts(self) -> None:
        if not self._unread:
            return
        texts = _taken_apart(self._unread)
        try:
            instants = texts.cast(_INSTANT, memory_pool=_POOL)
        except pa.ArrowInvalid:
            # One of them is in a form that few have, or none at all: which one, nobody says.
            read = [*map(self._instant, count(self._length), texts.to_pylist())]
            instants = pa.array(read, _INSTANT)
        self._take_in(instants.to_numpy(zero_copy_only=False))
        self._unread.clear()
        self._number_unread = 0

    def _instant(self, place: int, value: str | None) -> datetime | None:
        if not value:
            return None
        try:
            # assumed: an instant without an offset is in UTC, as almost all instants are.
            instant = datetime.fromisoformat(value)
            return instant.astimezone(UTC) if instant.tzinfo else instant
        except (ValueError, OverflowError):
            self.unreadable[place] = value
            return None

    def _packed(self) -> Array:
        self._read_texts()
        return super()._packed()

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = spread(packed, rows, places, np.datetime64("NaT", "us"))
        return pd.Series(whole).dt.tz_localize("UTC").array


def _joined(texts: Sequence[str | None]) -> bytes:
    """The texts with a zero byte between them: no instant has one. What is missing is empty."""
    try:
        joined = "\0".join(texts)  # type: ignore[arg-type]
    except TypeError:
        joined = "\0".join([text or "" for text in texts])
    if joined.count("\0") >= len(texts):
        joined = "\0".join([(text or "").replace("\0", "?") for text in texts])
    return joined.encode(errors="replace")


def _taken_apart(joined: Sequence[bytes]) -> pa.Array:
    """The texts again."""
    every = pa.array([b"\0".join(joined)], pa.string(), memory_pool=_POOL)
    texts = pc.split_pattern(every, "\0", memory_pool=_POOL).values
    empty = pc.equal(texts, "")
    if empty.true_count:
        texts = pc.replace_with_mask(texts, empty, pa.scalar(None, pa.string()))
    return texts


class Whole(Column):
    """Whole numbers."""

    dtype = np.int64

    # No answer can hold it: wire.Integer leaves it out.
    _MISSING = -(2**63)

    def _pack(self, values: Sequence[Any]) -> None:
        if not all(values):
            missing = self._MISSING
            values = [missing if value is None else value for value in values]
        self._take_in(np.fromiter(values, np.int64, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = spread(packed, rows, places, self._MISSING)
        missing = whole == self._MISSING
        return pd.arrays.IntegerArray(np.where(missing, 1, whole), missing)


class Truth(Column):
    """Yes or no."""

    dtype = np.uint8
    _MISSING = 2

    def _pack(self, values: Sequence[Any]) -> None:
        if not all(values):
            values = [2 if value is None else value for value in values]
        self._take_in(np.frombuffer(bytes(values), np.uint8))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = spread(packed, rows, places, self._MISSING)
        return pd.arrays.BooleanArray(whole == 1, whole == self._MISSING)


class Flag(Truth):
    """Yes, or else no: what is missing is a no."""

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = spread(packed, rows, places, self._MISSING)
        return pd.arrays.BooleanArray(whole == 1, np.zeros(rows, dtype=bool))


class Number(Column):
    """Numbers, some of which are sent as text, such as latitudes."""

    dtype = np.float64

    def _pack(self, values: Sequence[Any]) -> None:
        try:
            chunk = np.array(values, np.float64)
        except ValueError:
            chunk = np.array([*map(self._number, count(self._length), values)])
        self._take_in(chunk)

    def _number(self, place: int, value: str | float | None) -> float:
        if value is None or value == "":
            return np.nan
        try:
            return float(value)
        except ValueError:
            self.unreadable[place] = value
            return np.nan

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        return spread(packed, rows, places, np.nan)
