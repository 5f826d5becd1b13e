"""Tables that are kept in a folder, as DataFrames again: all of them, or a part."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.dataset import memory
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.parts import by_chat, known_by, tidy
from lc_tutorial.dataset.problems import explained
from lc_tutorial.dataset.pulling import check_since, in_micros
from lc_tutorial.dataset.repeated import IDS, have_ids
from lc_tutorial.dataset.schema import as_frame, columns_of, schema_of
from lc_tutorial.dataset.state import Part
from lc_tutorial.errors import InputError
from lc_tutorial.tables import NAMES, Tables, tables

#: Seconds to wait for somebody else who reads a table. A pull takes longer, mostly.
_PATIENCE = 5.0


def open_(folder: "str | os.PathLike[str]", since: datetime | None, columns: Any) -> Tables:
    """Do what ``lc.open_tables`` says."""
    check_since(since)
    with Folder.open(folder, patience=_PATIENCE) as opened, explained(opened.path):
        with memory.given_back():
            tidy(opened)
        chosen = _chosen(opened, columns)
        stored = _Stored(opened.path, None if since is None else in_micros(since), chosen)
        return Tables(stored, NAMES, with_all_events=not by_chat(opened.state))


def _chosen(folder: Folder, columns: Any) -> dict[str, list[str]]:
    """For each table its columns."""
    own = folder.state.own
    every = {name: columns_of(name, own.get(name, {})) for name in NAMES}
    if columns is None:
        return every
    if not isinstance(columns, Mapping):
        wanted = _names(columns)
        for each in wanted:
            if not any(each in there for there in every.values()):
                raise _no_column(each, "None of the tables in the folder has it.")
        return {name: [each for each in wanted if each in every[name]] for name in NAMES}
    chosen = dict(every)
    for name, of_table in columns.items():
        if name not in every:
            raise InputError(
                what=f"There is no table {name!r}.",
                why=f"The tables are {', '.join(NAMES)}.",
                remedy='Write, for example, columns={"events": ["chat_id", "text"]}.',
            )
        chosen[name] = _names(of_table)
        for each in chosen[name]:
            if each not in every[name]:
                raise _no_column(each, f"The table {name} of the folder has none of this name.")
    return chosen


def _names(columns: Any) -> list[str]:
    """The names of columns as they were given, each once."""
    several = [columns] if isinstance(columns, str) else columns
    names = [*several] if isinstance(several, Iterable) else [several]
    if not all(isinstance(name, str) for name in names):
        raise InputError(
            what=f"columns={str(columns)[:80]} names no columns.",
            why="It takes the names of columns, or for tables by their names those of theirs.",
            remedy='Write, for example, columns=["chat_id", "text"].',
        )
    return [*dict.fromkeys(names)]


def _no_column(name: str, why: str) -> InputError:
    return InputError(
        what=f"There is no column {name!r}.",
        why=why,
        remedy="Look at what there is: lc.open_tables(folder).chats.columns, for one.",
    )


#: When that began by which rows are known.
_BEGAN = {"chats": "last_thread_created_at", "threads": "created_at"}


class _Stored:
    """The DataFrames of a folder, each read when it is first asked for.

    Args:
        folder: of the dataset.
        since: microseconds; what began before is left out.
        columns: for each table those that are wanted.
    """

    repeated = 0

    def __init__(self, folder: Path, since: int | None, columns: Mapping[str, list[str]]) -> None:
        self.lock = RLock()
        self._folder = folder
        self._since = since
        self._columns = columns
        self._frames: dict[str, pd.DataFrame] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, lock=RLock())

    def frame(self, name: str) -> pd.DataFrame:
        """One of the tables: always the same DataFrame."""
        if name not in self._frames:
            with Folder.open(self._folder, patience=_PATIENCE) as opened, explained(opened.path):
                # Somebody may have been killed since.
                tidy(opened)
                self._frames[name] = self._read(opened, name)
        return self._frames[name]

    def _read(self, folder: Folder, name: str) -> pd.DataFrame:
        own = folder.state.own.get(name, {})
        columns = self._columns[name]
        whole = schema_of(name, own)
        schema = pa.schema([whole.field(column) for column in columns])
        pieces = [
            piece.select(columns).cast(schema) for piece in self._pieces(folder, name, columns)
        ]
        return as_frame(pa.concat_tables([schema.empty_table(), *pieces]), name, columns, own)

    def _pieces(self, folder: Folder, name: str, columns: list[str]) -> Iterator[pa.Table]:
        parts = folder.state.parts.values()
        for part in sorted(parts, key=lambda part: (part.month, part.number)):
            if name not in part.rows:
                continue
            if self._since is None or self._is_later(part):
                yield folder.read(part, name, columns)
            elif not self._is_earlier(part):
                yield self._later_rows(folder, part, name, columns)

    def _is_later(self, part: Part) -> bool:
        return bool(part.month) and _month_begins(part.month) >= (self._since or 0)

    def _is_earlier(self, part: Part) -> bool:
        # Also where nobody knows when it was.
        return not part.month or _month_begins(part.month, 1) <= (self._since or 0)

    def _later_rows(self, folder: Folder, part: Part, name: str, columns: list[str]) -> pa.Table:
        of = known_by(folder.state, name)
        ids, began = IDS[of], _BEGAN[of]
        every = folder.read(part, of, [*ids, began])
        is_later = pc.greater_equal(every.column(began).cast(pa.int64()), self._since)
        table = folder.read(part, name, [*dict.fromkeys([*ids, *columns])])
        return table.filter(pa.array(have_ids(table, every.filter(is_later).select(ids))))

    @cached_property
    def problems(self) -> pd.DataFrame:
        """Nothing: what could not be read was left out when it came."""
        return tables(()).problems

    @cached_property
    def unknown(self) -> pd.DataFrame:
        """Nothing: it was of the answers."""
        return tables(()).unknown


def _month_begins(month: str, later: int = 0) -> int:
    """When a month begins, or one so many months later; in microseconds."""
    return int(
        (np.datetime64(month, "M") + np.timedelta64(later, "M")).astype("M8[us]").astype(np.int64)
    )
