"""The kinds of columns that take the same few bytes for each value: numbers, and what becomes one.

Their dtypes are in the table of :mod:`columns`.
"""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from lc_tutorial.tables.columnar.columns import TEXT, Array, Column, Rows


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


# An instant as the platform writes it, and a zero byte, which no instant has: for each byte the
# least that it may be, and how much more.
_FORM = b"0000-00-00T00:00:00.000000Z\0"
_LENGTH = len(_FORM) - 1
_LEAST = np.frombuffer(_FORM, np.uint8)
_MORE = np.array([9 * (byte == ord("0")) for byte in _FORM], np.uint8)[:, np.newaxis]
# Where its pairs of digits begin; and from what to what the century, the year in it, the month, the
# day, the hour, the minute, the second, and three pairs for a part of one may go.
_TENS = np.array([0, 2, 5, 8, 11, 14, 17, 20, 22, 24])
_FROM = np.array([0, 0, 1, 1, 0, 0, 0, 0, 0, 0], np.uint8)[:, np.newaxis]
_TO = np.array([99, 99, 12, 31, 23, 59, 59, 99, 99, 99], np.uint8)[:, np.newaxis]
#: Stands, among those that are read together, where there is something else.
_ANY = "1970-01-01T00:00:00.000000Z"
_MISSING = np.datetime64("NaT", "us")


class Time(Column):
    """Instants, sent as RFC 3339 text."""

    dtype = "M8[us]"

    # They are read when there are so many: to begin takes as long as some hundred of them.
    _MANY = 4_096

    def __init__(self) -> None:
        super().__init__()
        self._unread: list[bytes] = []
        self._number_unread = 0
        # What is missing, or written otherwise, by its place among the unread.
        self._others: dict[int, str | None] = {}

    def _pack(self, values: Sequence[str | None]) -> None:
        # Joined at once, so that the many strings can go while they are in the cache.
        try:
            joined = "\0".join(values)  # type: ignore[arg-type]
        except TypeError:
            joined = ""
        long_enough = len(joined) == len(_FORM) * len(values) - 1
        if not (long_enough and joined.isascii() and joined.count("\0") < len(values)):
            joined = self._without_others(values)
        self._unread.append(joined.encode())
        self._number_unread += len(values)
        if self._number_unread > self._MANY:
            self._read_texts()

    def _without_others(self, values: Sequence[str | None]) -> str:
        """Join what can be read together, and remember the others."""
        kept = []
        for place, value in enumerate(values, self._number_unread):
            if value and len(value) == _LENGTH and value.isascii() and "\0" not in value:
                kept.append(value)
            else:
                kept.append(_ANY)
                self._others[place] = value
        return "\0".join(kept)

    def _read_texts(self) -> None:
        if not self._unread:
            return
        joined = b"\0".join([*self._unread, b""])
        instants, others = _read_together(joined), self._others
        if instants is None:
            # One of them is written otherwise, or is no instant: which one, nobody says.
            instants = np.empty(self._number_unread, self.dtype)
            others = {**dict(enumerate(joined.decode().split("\0")[:-1])), **others}
        for place, value in others.items():
            instants[place] = self._instant(self._length + place, value)
        self._take_in(instants)
        self._unread.clear()
        self._number_unread = 0
        self._others.clear()

    def _instant(self, place: int, value: str | None) -> np.datetime64:
        if not value:
            return _MISSING
        try:
            # assumed: an instant without an offset is in UTC, as almost all instants are.
            instant = datetime.fromisoformat(value)
            if instant.tzinfo:
                instant = instant.astimezone(UTC).replace(tzinfo=None)
            return np.datetime64(instant, "us")
        except (ValueError, OverflowError):
            self.unreadable[place] = value
            return _MISSING

    def _packed(self) -> Array:
        self._read_texts()
        return super()._packed()

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = spread(packed, rows, places, _MISSING)
        return pd.Series(whole).dt.tz_localize("UTC").array


def _read_together(joined: bytes) -> Array | None:
    """Read instants in the platform's own form, a zero byte behind each; None if one isn't that.

    By hand: ``astype`` reads them as fast, but ends the process where there is a month 13 among
    more than 500 of them (numpy 2.4: it raises without having the interpreter's lock).
    """
    if len(joined) % len(_FORM):
        return None
    written = np.frombuffer(joined, np.uint8).reshape(-1, len(_FORM))
    digits = np.ascontiguousarray((written - _LEAST).T)
    if (digits > _MORE).any():
        return None
    pairs = digits[_TENS] * np.uint8(10) + digits[_TENS + 1]
    if (pairs < _FROM).any() or (pairs > _TO).any() or not (pairs[0] | pairs[1]).all():
        return None
    century, year, month, day, hour, minute, second, *fractions = pairs.astype(np.int64)
    months = (century * 100 + year - 1970) * 12 + month - 1
    first, next_first = _days_before(months), _days_before(months + 1)
    days = first + day - 1
    if (days >= next_first).any():
        return None
    instants = ((days * 24 + hour) * 60 + minute) * 60 + second
    for fraction in fractions:
        instants = instants * 100 + fraction
    read: Array = instants.view("M8[us]")
    return read


def _days_before(months: Array) -> Array:
    """How many days from 1970 to the first of these months, which are counted from then, too."""
    days: Array = months.view("M8[M]").astype("M8[D]").view(np.int64)
    return days


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
