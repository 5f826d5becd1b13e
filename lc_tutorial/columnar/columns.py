"""The kinds of columns of a DataFrame, filled page by page from plain Python values.

What is added is packed at once, while it is still in the processor's cache and so that the objects
it was made of can go: categories as codes, instants and numbers as numbers. A column has the same
dtype whatever came, also when nothing came, and with pandas 2.2 as with 3:

========  ====================================  =====================================
column    holds                                 dtype
========  ====================================  =====================================
Text      strings                               ``string`` (Python's, not pyarrow's)
Shared    strings that come again nearby        ``string``
Rest      fields without a column of their own  ``string``, as JSON
Category  strings of which few are different    ``category``
Time      instants                              ``datetime64[us, UTC]``
Whole     whole numbers                         ``Int64``
Truth     yes or no                             ``boolean``
Flag      yes, or else no                       ``boolean``
Number    numbers, also those sent as text      ``float64``
Items     tuples                                ``object``
========  ====================================  =====================================

What is missing is ``<NA>``, ``NaT`` or ``NaN``; a missing tuple is an empty one.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import count, repeat
from typing import Any, TypeVar

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

#: The dtype of text. Named with its storage: otherwise it depends on whether pyarrow is installed.
TEXT = pd.StringDtype("python")

_INSTANT = pa.timestamp("us", "UTC")

#: What there is one of already, so that an equal one need not be kept.
Pool = dict[Any, Any]

Array = np.ndarray[Any, Any]
#: Numbers of rows.
Rows = range | Array


class Column(ABC):
    """One column in the making.

    Attributes:
        unreadable: the values that can't be read, by their row. They count as missing.
    """

    def __init__(self) -> None:
        self.unreadable: dict[int, Any] = {}
        self._length = 0
        self._rows: list[Rows] = []

    def add(self, rows: Rows, values: Sequence[Any]) -> None:
        """Add values.

        Args:
            rows: the numbers of their rows.
            values: one for each row; None where it is missing.
        """
        # Many columns are empty on most pages, and then it costs as good as nothing.
        if any(values) or values.count(None) < len(values):
            self._pack(values)
            self._note(rows)

    def _note(self, rows: Rows) -> None:
        self._length += len(rows)
        self._rows.append(rows)

    def array(self, rows: int) -> Any:
        """The column as pandas keeps it. It can't be added to from then on.

        Args:
            rows: how many it has. One without a value has a missing one.
        """
        packed = self._packed()
        if not self.unreadable and self._is_whole(rows):
            return self._finished(packed, rows, None)
        places = np.concatenate([np.empty(0, np.int64), *map(_as_array, self._rows)])
        self.unreadable = {int(places[at]): value for at, value in self.unreadable.items()}
        return self._finished(packed, rows, places)

    def _is_whole(self, rows: int) -> bool:
        """Whether each row has a value, in the order of the rows."""
        end = 0
        for each in self._rows:
            if not isinstance(each, range) or each.start != end:
                return False
            end = each.stop
        return end == rows

    @abstractmethod
    def _pack(self, values: Sequence[Any]) -> None:
        """Take in values, some of which may be missing."""

    @abstractmethod
    def _packed(self) -> Any:
        """Hand over all that was taken in."""

    @abstractmethod
    def _finished(self, packed: Any, rows: int, places: Array | None) -> Any:
        """Make pandas' array, given the rows of what was packed; None: each has its own."""


def _as_array(rows: Rows) -> Array:
    return np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows


# --- Text ---------------------------------------------------------------------------------------


class Text(Column):
    """Strings."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty(0, dtype=object)

    def _pack(self, values: Sequence[Any]) -> None:
        self._take_in(values, len(values))

    def _take_in(self, values: Iterable[Any], number: int) -> None:
        end = self._length + number
        if end > len(self._values):
            # Grows in place. To touch each string once more, at the end, would take longer.
            self._values.resize(end + end // 4, refcheck=False)
        self._values[self._length : end] = np.fromiter(values, object, number)

    def _packed(self) -> Any:
        self._values.resize(self._length, refcheck=False)
        return pd.array(self._values, dtype=TEXT, copy=False)

    def _finished(self, packed: Any, rows: int, places: Array | None) -> Any:
        if places is None:
            return packed
        which = np.full(rows, -1)
        which[places] = np.arange(len(packed))
        return packed.take(which, allow_fill=True)


class Shared(Text):
    """Strings that come again nearby, such as the ids of agents: of equal ones one is kept.

    Args:
        pool: what there is one of already; columns may share it.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._one_of = pool.setdefault

    def _pack(self, values: Sequence[Any]) -> None:
        self._take_in(map(self._one_of, values, values), len(values))

    def add_different(self, rows: Rows, values: Sequence[Any]) -> None:
        """Add strings that do not come again."""
        self._take_in(values, len(values))
        self._note(rows)


class Items(Shared):
    """Tuples, such as the ids of a chat's groups."""

    def _pack(self, values: Sequence[Any]) -> None:
        one_of = self._one_of
        ones = [tuple(map(one_of, value, value)) if value else () for value in values]
        self._take_in(ones, len(ones))

    def _packed(self) -> Array:
        self._values.resize(self._length, refcheck=False)
        return self._values

    def _finished(self, packed: Any, rows: int, places: Array | None) -> Any:
        if places is None:
            return packed
        whole = np.fromiter(repeat((), rows), object, rows)
        whole[places] = packed
        return whole


class Rest(Shared):
    """The fields that have no column of their own, as JSON: one object for a row."""

    def add_fields(self, rows: Rows, fields: Iterable[tuple[str, Sequence[msgspec.Raw]]]) -> None:
        """Add for these rows each of the fields, by its name. Few rows have any."""
        # Most fields are absent from all rows.
        found = [(name, texts_of(values)) for name, values in fields if any(values)]
        if not found:
            return
        names, columns = zip(*found, strict=True)
        if all(map(all, columns)):
            # All rows have the same fields.
            template = ",".join(f'"{name}":%s' for name in names)
            self.add(rows, [*map(f"{{{template}}}".__mod__, zip(*columns, strict=True))])
        else:
            self.add(rows, [_object(names, texts) for texts in zip(*columns, strict=True)])


def _object(names: Sequence[str], texts: Sequence[str]) -> str | None:
    present = [f'"{name}":{text}' for name, text in zip(names, texts, strict=True) if text]
    return f"{{{','.join(present)}}}" if present else None


def texts_of(values: Iterable[msgspec.Raw]) -> list[str]:
    """The text of each piece of JSON; empty where it is absent."""
    # At once is several times as fast as one by one. No JSON has a zero byte.
    return b"\0".join(values).decode(errors="replace").split("\0")


# --- What takes the same few bytes for each value ----------------------------------------------


class Packed(Column):
    """Values as numbers, in one stretch of memory: many pieces would leave it full of holes."""

    dtype: Any

    _AT_ONCE = 8_192

    def __init__(self) -> None:
        super().__init__()
        self._bytes = bytearray()
        self._latest: list[Array] = []

    def _take_in(self, values: Array) -> None:
        self._latest.append(values)
        if len(self._latest) * len(values) > self._AT_ONCE:
            self._put_together()

    def _put_together(self) -> None:
        if self._latest:
            self._bytes += np.concatenate(self._latest).view(np.uint8).data
            self._latest.clear()

    def _packed(self) -> Array:
        self._put_together()
        packed, self._bytes = self._bytes, bytearray()
        return np.frombuffer(packed, dtype=self.dtype)


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


class Category(Packed):
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
        self._note(rows)

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        values = sorted(value for value in self._codes if value is not None)
        code_of = {value: code for code, value in enumerate(values)}
        # One more than there are values, for the rows that have none.
        codes = [*(code_of.get(value or "", -1) for value in self._codes), -1]
        whole = np.array(codes, dtype=np.int32)[spread(packed, rows, places, -1)]
        return pd.Categorical.from_codes(whole, categories=pd.Index(values, dtype=TEXT))


class Time(Packed):
    """Instants, sent as RFC 3339 text."""

    dtype = "M8[us]"

    # They are read when there are so many: to begin takes as long as some hundred of them.
    _MANY = 2_000

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str | None] = []
        self._read = 0

    def _pack(self, values: Sequence[str | None]) -> None:
        self._texts += values
        if len(self._texts) > self._MANY:
            self._read_texts()

    def _read_texts(self) -> None:
        texts, self._texts = self._texts, []
        try:
            instants = pa.array(texts, pa.string()).cast(_INSTANT)
        except (pa.ArrowInvalid, UnicodeEncodeError):
            # One of them is in a form that few have, or none at all: which one, nobody says.
            instants = pa.array([*map(self._instant, count(self._read), texts)], _INSTANT)
        self._take_in(instants.to_numpy(zero_copy_only=False))
        self._read += len(texts)

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
        whole = spread(packed, rows, places, np.datetime64("NaT"))
        return pd.Series(whole).dt.tz_localize("UTC").array


class Whole(Packed):
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


class Truth(Packed):
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


class Number(Packed):
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
