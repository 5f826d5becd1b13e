"""A table in the making, out of columns."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from msgspec import Raw, Struct
from msgspec.structs import astuple, fields

from lc_tutorial.columnar.columns import Array, Column, Pool, Rest, Rows, Shared
from lc_tutorial.columnar.layout import PARTS, Columns
from lc_tutorial.columnar.repeated import Part


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
        # For each part the columns that it feeds, with the place of the field in the part.
        self._fed: dict[type[Struct], list[tuple[int, Column]]] = defaultdict(list)
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
                    self._fed[struct].append((names.index(field), column))

    def add_rows(self, records: Sequence[int] | Array) -> range:
        """Add rows, given the number of the record that each belongs to.

        Returns:
            The numbers of these rows.
        """
        first, self._rows = self._rows, self._rows + len(records)
        self._records.append(np.fromiter(records, np.int64, len(records)))
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
        width = len(part.__struct_fields__)
        # One list of all the fields, from which to take every so-manieth, is the fastest way.
        values = [*chain.from_iterable(map(astuple, structs))]
        for index, column in self._fed[part]:
            column.add(rows, values[index::width])
        if part in self._rests:
            rest, rest_fields = self._rests[part]
            rest.add_fields(rows, [(name, values[index::width]) for index, name in rest_fields])

    def add_values(self, name: str, rows: Rows, values: Sequence[Any]) -> None:
        """Add the values of one column for some rows."""
        self._columns[name].add(rows, values)

    def arrays(self) -> tuple[Array, dict[str, Any]]:
        """The columns, in the order of the records. The table can't be added to from then on.

        Returns:
            For each row the number of its record; and the columns as pandas keeps them.
        """
        records = np.concatenate([np.empty(0, np.int64), *self._records])
        arrays: dict[str, Any] = {}
        order = None if (records[1:] >= records[:-1]).all() else np.argsort(records, kind="stable")
        for name in list(self._columns):
            column = self._columns.pop(name)
            made = column.array(len(records))
            made = made if isinstance(made, dict) else {name: made}
            arrays |= made if order is None else {key: each[order] for key, each in made.items()}
            self.problems += [
                (int(records[row]), f"{name} can't be read: {str(value)[:60]!r}.")
                for row, value in column.unreadable.items()
            ]
            if isinstance(column, Part):
                self.unknown_fields += column.unknown_fields
        return records if order is None else records[order], arrays


def _fields_without_column(part: type[Struct], columns: Columns) -> list[tuple[int, str]]:
    """The fields of a part that were kept as JSON and have no column, with their places."""
    taken = {source.partition(".")[2] for _, source in columns.values()}
    return [
        (index, field.encode_name)
        for index, field in enumerate(fields(part))
        if field.type is Raw and field.name not in taken
    ]
