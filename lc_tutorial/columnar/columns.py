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

    @abstractmethod
    def _packed(self) -> Any:
        """Hand over all that was taken in."""

    @abstractmethod
    def _finished(self, packed: Any, rows: int, places: Array | None) -> Any:
        """Make pandas' array, given the rows of what was packed; None: each has its own."""


def as_array(rows: Rows) -> Array:
    """The numbers of rows one by one."""
    return np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows


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
