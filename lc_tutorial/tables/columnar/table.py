"""A table in the making, out of columns."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Raw, Struct
from msgspec.structs import astuple, fields

from lc_tutorial.tables.columnar.columns import Array, Column, Pool, Rest, Rows, Shared
from lc_tutorial.tables.columnar.layout import DIFFERENT, PARTS, Columns
from lc_tutorial.tables.columnar.packed import Category
from lc_tutorial.tables.columnar.repeated import Named, Part

_Add = Callable[[Rows, Sequence[Any]], None]


class Table:
    """A table in the making. Each row belongs to a record: a chat with its thread.

    Args:
        columns: its columns.
        pool: for the columns that keep one of equal values.

    Attributes:
        problems: after :meth:`arrays`, what can't be read, with the number of its record.
        unknown_fields: after :meth:`arrays`, how often each field came that is not documented.
    """

    def __init__(self, columns: Columns, pool: Pool) -> None:
        self.problems: list[tuple[int, str]] = []
        self.unknown_fields: Counter[str] = Counter()
        self._records: list[Array] = []
        self._rows = 0
        self._columns: dict[str, Column] = {}
        # For each part the places of its fields, and how to add their values to a column.
        self._fed: dict[type[Struct], list[tuple[int, _Add]]] = defaultdict(list)
        self._rests: dict[type[Struct], tuple[Rest, list[tuple[int, str]]]] = {}
        for name, (kind, source) in columns.items():
            shares = isinstance(kind, type) and issubclass(kind, Shared)
            column: Column = kind(pool) if shares else kind()
            self._columns[name] = column
            part, dot, field = source.partition(".")
            for struct in PARTS[part] if dot else ():
                names = struct.__struct_fields__
                if isinstance(column, Rest):
                    self._rests[struct] = column, _fields_without_column(struct, columns)
                elif field in names:
                    add = column.add
                    if isinstance(column, Shared) and (struct, field) in DIFFERENT:
                        add = column.add_different
                    self._fed[struct].append((names.index(field), add))

    def add_rows(self, records: Sequence[int] | Array) -> range:
        """Add rows, given the number of the record that each belongs to: in rising order.

        Returns:
            The numbers of these rows.
        """
        first, self._rows = self._rows, self._rows + len(records)
        self._records.append(np.asarray(records, np.int64))
        return range(first, self._rows)

    def add_part(self, rows: Rows, structs: Sequence[Struct]) -> None:
        """Add what some rows have.

        Args:
            rows: the numbers of the rows that have it.
            structs: one for each of these rows, all of the same class.
        """
        if not structs:
            return
        part = type(structs[0])
        values = tuple(zip(*map(astuple, structs), strict=True))
        for index, add in self._fed[part]:
            add(rows, values[index])
        if part in self._rests:
            rest, rest_fields = self._rests[part]
            rest.add_fields(rows, [(name, values[index]) for index, name in rest_fields])

    def add_values(self, name: str, rows: Rows, values: Sequence[Any]) -> None:
        """Add the values of one column for some rows."""
        self._columns[name].add(rows, values)

    def add_value(self, name: str, rows: Rows, value: str | None) -> None:
        """Add the value that one column has in all these rows."""
        column = self._columns[name]
        if isinstance(column, Category):
            column.add_one(rows, value)
        else:
            column.add(rows, [value] * len(rows))

    def arrays(self) -> tuple[Array, dict[str, Any]]:
        """The columns, with one value a row. The table can't be added to from then on.

        Returns:
            For each row the number of its record; and the columns as pandas keeps them.
        """
        records = np.concatenate([np.empty(0, np.int64), *self._records])
        # So that each column can go as soon as its array is made.
        self._records.clear()
        self._fed.clear()
        self._rests.clear()
        arrays: dict[str, Any] = {}
        for name in list(self._columns):
            column = self._columns.pop(name)
            made = column.array(len(records))
            made = made if isinstance(made, dict) else {name: made}
            arrays |= made
            self.problems += [
                (int(records[row]), f"{name} can't be read: {str(value)[:60]!r}.")
                for row, value in column.unreadable.items()
            ]
            if isinstance(column, Named):
                self.problems += [(int(records[row]), said) for row, said in column.lost.items()]
            if isinstance(column, Part):
                self.unknown_fields += column.unknown_fields
        return records, arrays


def _fields_without_column(part: type[Struct], columns: Columns) -> list[tuple[int, str]]:
    """The fields of a part that were kept as JSON and have no column, with their places."""
    taken = {source.partition(".")[2] for _, source in columns.values()}
    return [
        (index, field.encode_name)
        for index, field in enumerate(fields(part))
        if field.type is Raw and field.name not in taken
    ]
