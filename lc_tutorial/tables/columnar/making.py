"""The DataFrames, each made when it is first asked for: what nobody touches is never made."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from threading import RLock
from typing import Any, NoReturn

import pandas as pd

from lc_tutorial.errors import TutorialError
from lc_tutorial.tables import wire
from lc_tutorial.tables.columnar import joining
from lc_tutorial.tables.columnar.columns import TEXT
from lc_tutorial.tables.columnar.joining import Kept, Made, Records
from lc_tutorial.tables.columnar.table import Table
from lc_tutorial.tables.reading import Malformed

#: The tables that take over columns of this one, and which; None: any.
_TAKEN_BY: Mapping[str, Mapping[str, Collection[str] | None]] = {
    "threads": {"chats": None, "events": ("thread_id", "created_at"), "tags": ("thread_id",)},
    "users": {"chats": None},
}

#: The ids of chat, thread and event, and what can't be read.
Problem = tuple[str | None, str | None, str | None, str]


class Making:
    """Tables whose rows have all come.

    Args:
        tables: by their names. There is a row of threads for each record.
        records: what the rows belong to.
        wanted: the names of the tables that may be asked for.
        with_all_events: whether threads came with all their events, and a chat as often as threads.
        malformed: what can't be read.
        unknown_fields: how often each field came that the platform doesn't document.

    Attributes:
        lock: to be held while something is asked for: only one thread may make something.
    """

    def __init__(
        self,
        tables: dict[str, Table],
        records: Records,
        wanted: Collection[str],
        *,
        with_all_events: bool,
        malformed: list[Malformed],
        unknown_fields: Counter[str],
    ) -> None:
        self._tables = tables
        self._records = records
        self._with_all_events = with_all_events
        self._malformed = malformed
        self._unknown_fields = unknown_fields
        self._unknown_types: Counter[str] = Counter()
        self._to_make = set(wanted)
        self._frames: dict[str, pd.DataFrame] = {}
        self._columns: dict[str, Made] = {}
        self._begun: set[str] = set()
        self._found: dict[str, list[Problem]] = {}
        self.lock = RLock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, lock=RLock())

    @property
    def repeated(self) -> int:
        """How many came again after they had come before: of lists of chats chats, else threads."""
        return self._kept.repeated

    def frame(self, name: str) -> pd.DataFrame:
        """One of the wanted tables: always the same DataFrame."""
        if name not in self._frames:
            self._frames[name] = self._made(name)
            self._to_make.discard(name)
            self._let_go()
        return self._frames[name]

    def _made(self, name: str) -> pd.DataFrame:
        numbers, columns = self._finished(name)
        if name == "chats":
            of_customer = joining.customers(numbers, len(self._ids), *self._finished("users"))
            threads = self._finished("threads")[1]
            columns = {**of_customer, **joining.with_last_threads(columns, numbers, threads)}
        elif name == "events":
            joining.fill_in_threads(columns, numbers, self._finished("threads")[1])
        elif name == "tags":
            ids = self._finished("threads")[1]["thread_id"]
            columns = {"thread_id": ids.take(numbers), **columns}
        columns = {"chat_id": self._ids.take(numbers), **columns}
        columns = joining.selected(columns, self._kept.rows_of(name, numbers))
        # Who changes this table must not change what another one will be made of.
        columns |= {column: columns[column].copy() for column in self._taken(name)}
        return pd.DataFrame(columns, copy=False)

    def _let_go(self) -> None:
        """Forget the columns that no table will be made of any more."""
        for name, (numbers, columns) in list(self._columns.items()):
            if name in self._to_make:
                continue
            if taken := self._taken(name):
                self._columns[name] = numbers, {column: columns[column] for column in taken}
            else:
                del self._columns[name]

    def _taken(self, name: str) -> set[str]:
        """The columns of a table that other tables will be made of."""
        takers = _TAKEN_BY.get(name, {})
        taken = [takers[taker] or self._columns[name][1] for taker in takers.keys() & self._to_make]
        return set().union(*taken)

    @cached_property
    def _ids(self) -> Any:
        return pd.array(self._records.chat_ids, dtype=TEXT)

    @cached_property
    def _kept(self) -> Kept:
        return joining.kept(self._records, self._finished("threads")[1], self._with_all_events)

    def _finished(self, name: str) -> Made:
        """The columns of a table as pandas keeps them, and for each row its record.

        Raises:
            TutorialError: it was begun before, and interrupted.
        """
        if name not in self._found:
            if name in self._begun:
                _refuse_remains()
            self._begun.add(name)
            made = self._columns[name] = self._tables[name].arrays()
            found = [*self._problems_of(name)]
            if name == "events" and "type" in made[1]:
                types = pd.Series(made[1]["type"]).value_counts()
                self._unknown_types.update(types.drop(wire.EVENT_TYPES, errors="ignore").to_dict())
            self._found[name] = found
        return self._columns[name]

    def _problems_of(self, name: str) -> Iterator[Problem]:
        table = self._tables[name]
        self._unknown_fields += table.unknown_fields
        for record, problem in table.problems:
            thread_id = None
            if name in ("threads", "events"):
                own = self._columns["threads"] if name == "threads" else self._finished("threads")
                thread_id = own[1]["thread_id"][record]
            yield self._records.chat_ids[record], thread_id, None, f"{name}.{problem}"

    # --- What was wrong -------------------------------------------------------------------------

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What can't be read."""
        self._finish_all()
        found: list[Problem] = [
            (
                each.chat_id,
                each.thread_id,
                each.event_id,
                f"The {each.what} is left out, it can't be read: {each.why}",
            )
            for each in self._malformed
        ]
        found += [problem for name in self._tables for problem in self._found[name]]
        columns = zip(*found, strict=True) if found else ((),) * 4
        names = ("chat_id", "thread_id", "event_id", "problem")
        return pd.DataFrame(
            {
                name: pd.array([*column], dtype=TEXT)
                for name, column in zip(names, columns, strict=True)
            }
        )

    @cached_property
    def unknown(self) -> pd.DataFrame:
        """What came that the platform doesn't document, and how often."""
        self._finish_all()
        found = [("field", *each) for each in sorted(self._unknown_fields.items())]
        found += [("event type", *each) for each in sorted(self._unknown_types.items())]
        return pd.DataFrame(
            {
                "kind": pd.array([kind for kind, _, _ in found], dtype=TEXT),
                "name": pd.array([name for _, name, _ in found], dtype=TEXT),
                "count": pd.array([count for _, _, count in found], dtype="Int64"),
            }
        )

    def _finish_all(self) -> None:
        for name in self._tables:
            if name not in self._found:
                self._finished(name)


def _refuse_remains() -> NoReturn:
    raise TutorialError(
        what="This can't be made any more.",
        why="It was begun before, and interrupted: what it is made of is gone.",
        remedy="Run the cell again that made the tables, with lc.tables(…).",
    )
