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
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import pandas as pd

#: The dtype of text. Named with its storage: otherwise it depends on whether pyarrow is installed.
TEXT = pd.StringDtype("python")

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

    #: Of what is packed.
    dtype: Any = object

    def __init__(self) -> None:
        self.unreadable: dict[int, Any] = {}
        self._rows: list[Rows] = []
        # In one stretch of memory: many pieces would leave it full of holes.
        self._values = np.empty(0, self.dtype)
        self._length = 0

    def add(self, rows: Rows, values: Sequence[Any]) -> None:
        """Add values.

        Args:
            rows: the numbers of their rows.
            values: one for each row; None where it is missing.
        """
        # Many columns are empty on most pages, and then it costs as good as nothing.
        if any(values) or values.count(None) < len(values):
            self._pack(values)
            self._rows.append(rows)

    def _take_in(self, values: Array) -> None:
        begin, self._length = self._length, self._length + len(values)
        if self._length > len(self._values):
            # Grows in place. To touch each value once more, at the end, would take longer.
            self._values.resize(self._length + self._length // 4, refcheck=False)
        self._values[begin : self._length] = values

    def array(self, rows: int) -> Any:
        """The column as pandas keeps it. It can't be added to from then on.

        Args:
            rows: how many it has. One without a value has a missing one.
        """
        packed = self._packed()
        if not self.unreadable and self._is_whole(rows):
            return self._finished(packed, rows, None)
        places = np.concatenate([np.empty(0, np.int64), *map(as_array, self._rows)])
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

    def _packed(self) -> Array:
        """Hand over all that was taken in."""
        packed, self._values = self._values, np.empty(0, self.dtype)
        packed.resize(self._length, refcheck=False)
        return packed

    @abstractmethod
    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        """Make pandas' array, given the rows of what was packed; None: each has its own."""


def as_array(rows: Rows) -> Array:
    """The numbers of rows one by one."""
    return np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows


class Text(Column):
    """Strings."""

    def _pack(self, values: Sequence[Any]) -> None:
        self._take_in(np.fromiter(values, object, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        strings = pd.array(packed, dtype=TEXT, copy=False)
        if places is None:
            return strings
        which = np.full(rows, -1)
        which[places] = np.arange(len(packed))
        return strings.take(which, allow_fill=True)


class Shared(Text):
    """Strings that come again nearby, such as the ids of agents: of equal ones one is kept.

    Args:
        pool: what there is one of already; columns may share it.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._one_of = pool.setdefault

    def _pack(self, values: Sequence[Any]) -> None:
        self._take_in(np.fromiter(map(self._one_of, values, values), object, len(values)))

    def add_different(self, rows: Rows, values: Sequence[Any]) -> None:
        """Add strings that do not come again."""
        super()._pack(values)
        self._rows.append(rows)


class Items(Shared):
    """Tuples, such as the ids of a chat's groups."""

    def _pack(self, values: Sequence[Any]) -> None:
        one_of = self._one_of
        ones = [tuple(map(one_of, value, value)) if value else () for value in values]
        self._take_in(np.fromiter(ones, object, len(ones)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
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
        found = [(name, values) for name, values in fields if any(values)]
        if not found:
            return
        names, columns = zip(*found, strict=True)
        if all(map(all, columns)):
            # All rows have the same fields.
            self.add(rows, _objects(names, columns))
        else:
            texts = map(texts_of, columns)
            self.add(rows, [_object(names, each) for each in zip(*texts, strict=True)])


def _objects(names: Sequence[str], columns: Sequence[Sequence[msgspec.Raw]]) -> list[str]:
    """For each row the object of these fields, of which none is absent."""
    heads = [f'"{name}":' for name in names]
    tails = [""] * len(names)
    heads[0], tails[-1] = "{" + heads[0], "}"
    texts = map(texts_of, columns, heads, tails)
    return [*map(",".join, zip(*texts, strict=True))]


def _object(names: Sequence[str], texts: Sequence[str]) -> str | None:
    present = [f'"{name}":{text}' for name, text in zip(names, texts, strict=True) if text]
    return f"{{{','.join(present)}}}" if present else None


def texts_of(values: Sequence[msgspec.Raw], head: str = "", tail: str = "") -> list[str]:
    """The text of each piece of JSON, empty where it is absent; and around it a head and a tail."""
    # At once is several times as fast as one by one. No JSON has a zero byte.
    joined = f"{tail}\0{head}".encode().join(values).decode(errors="replace")
    return f"{head}{joined}{tail}".split("\0")
