"""A table in the making, out of columns."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Raw, Struct
from msgspec.structs import astuple, fields

from lc_tutorial.columnar.columns import Array, Column, Pool, Rest, Rows, Shared
from lc_tutorial.columnar.layout import EVENT, PARTS, Columns
from lc_tutorial.columnar.repeated import Part


class Table:
    """A table in the making. Each row belongs to a chat, whose id is its first column.

    Args:
        columns: the others.
        pool: for the columns that keep one of equal values.

    Attributes:
        problems: after :meth:`frame`, what can't be read, with the number of its chat.
        unknown_fields: after :meth:`frame`, how often each field came that is not documented.
    """

    def __init__(self, columns: Columns, pool: Pool) -> None:
        self.problems: list[tuple[int, str]] = []
        self.unknown_fields: Counter[str] = Counter()
        self._chats: list[Array] = []
        self._rows = 0
        self._columns: dict[str, Column] = {}
        # For each part the columns that it feeds, with the place of the field in the part.
        self._fed: dict[str, list[tuple[int, Column]]] = defaultdict(list)
        self._rests: dict[str, tuple[Rest, list[tuple[int, str]]]] = {}
        for name, (kind, source) in columns.items():
            shares = isinstance(kind, type) and issubclass(kind, Shared)
            column: Column = kind(pool) if shares else kind()
            self._columns[name] = column
            part, dot, field = source.partition(".")
            for each in () if not dot else EVENT if part == "event" else (part,):
                names = PARTS[each].__struct_fields__
                if isinstance(column, Rest):
                    self._rests[each] = column, _fields_without_column(PARTS[each], columns)
                elif field in names:
                    self._fed[each].append((names.index(field), column))

    def add_rows(self, chats: Sequence[int]) -> range:
        """Add rows, given the number of the chat that each belongs to.

        Returns:
            The numbers of these rows.
        """
        first, self._rows = self._rows, self._rows + len(chats)
        self._chats.append(np.fromiter(chats, np.int64, len(chats)))
        return range(first, self._rows)

    def add_part(self, part: str, rows: Rows, structs: Sequence[Struct]) -> None:
        """Add what some rows have.

        Args:
            part: what it is.
            rows: the numbers of the rows that have it.
            structs: one for each of these rows.
        """
        if not structs:
            return
        values = tuple(zip(*map(astuple, structs), strict=True))
        for index, column in self._fed[part]:
            column.add(rows, values[index])
        if part in self._rests:
            rest, rest_fields = self._rests[part]
            rest.add_fields(rows, [(name, values[index]) for index, name in rest_fields])

    def add_values(self, name: str, rows: Rows, values: Sequence[Any]) -> None:
        """Add the values of one column for some rows."""
        self._columns[name].add(rows, values)

    def frame(self, chat_ids: Any, keep_chats: Array | None) -> pd.DataFrame:
        """The DataFrame, in the order of the chats. The table can't be added to from then on.

        Args:
            chat_ids: pandas' array of the ids of all chats, by their number.
            keep_chats: for each chat, by its number, whether to keep its rows; None: keep all.
        """
        chats = np.concatenate([np.empty(0, np.int64), *self._chats])
        rows = np.argsort(chats, kind="stable")
        if keep_chats is not None:
            rows = rows[keep_chats[chats[rows]]]
        moved = not np.array_equal(rows, np.arange(len(chats)))
        arrays = {"chat_id": chat_ids.take(chats[rows])}
        for name in list(self._columns):
            column = self._columns.pop(name)
            made = column.array(len(chats))
            made = made if isinstance(made, dict) else {name: made}
            arrays |= {key: array[rows] if moved else array for key, array in made.items()}
            self.problems += [
                (int(chats[row]), f"{name} can't be read: {str(value)[:60]!r}.")
                for row, value in column.unreadable.items()
            ]
            if isinstance(column, Part):
                self.unknown_fields += column.unknown_fields
        return pd.DataFrame(arrays, copy=False)


def _fields_without_column(part: type[Struct], columns: Columns) -> list[tuple[int, str]]:
    """The fields of a part that were kept as JSON and have no column, with their places."""
    taken = {source.partition(".")[2] for _, source in columns.values()}
    return [
        (index, field.name)
        for index, field in enumerate(fields(part))
        if field.type is Raw and field.name not in taken
    ]
