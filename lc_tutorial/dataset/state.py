"""What a dataset knows of itself: its parts, what they hold, what is under way, the last pull.

It is an SQLite file in the folder. Parquet files are put in their places, and taken away, by a plan
that is written down first: whoever is killed in between, the next one carries the plan out. Each
step of it can be done twice.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from lc_tutorial.dataset.keys import CHECK, Keys

#: "LCDS": this file is the state of a dataset.
_APPLICATION_ID = 0x4C434453
FORMAT = 1

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE part (
    number INTEGER PRIMARY KEY, month TEXT, chats BLOB, times BLOB, threads BLOB
);
CREATE TABLE file (part INTEGER, name TEXT, rows INTEGER, made_as INTEGER,
    PRIMARY KEY (part, name));
CREATE TABLE own_column (name TEXT, of_table TEXT, holds TEXT, PRIMARY KEY (of_table, name));
CREATE TABLE step (staged TEXT, place TEXT);
"""


@dataclass
class Part:
    """Some of the rows of all tables, in a file for each table.

    Attributes:
        number: later parts have higher ones.
        month: in which the threads began, such as ``"2026-05"``; empty where nobody knows.
        chats: how many chats are in it.
        threads: how many threads are known in it; none where each is known by its chat.
        rows: for each table with a file, how many.
        made_as: for each, the number of the schema that its file was written in.
    """

    number: int
    month: str
    chats: int = 0
    threads: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    made_as: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> str:
        """Where in the dataset's folder the file of a table is."""
        # Not Hive's own word for a missing value: pyarrow can't read a table with no other month.
        return f"{name}/month={self.month or 'unknown'}/part-{self.number:06}.parquet"


class State:
    """The open state; made by :meth:`open`. Where a change of it fails, it is of no use any more.

    Attributes:
        parts: by their numbers.
        own: for each table, what its columns of the account's own fields hold.
        made_as: the number of the schema now.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.parts = {part.number: part for part in self._read_parts()}
        self.own: dict[str, dict[str, str]] = {}
        for name, table, holds in database.execute("SELECT name, of_table, holds FROM own_column"):
            self.own.setdefault(table, {})[name] = holds
        self.made_as = int(self.about("made_as") or 0)

    @classmethod
    def begin(cls, path: Path, about: Mapping[str, str]) -> None:
        """Make the file of a new dataset."""
        database = sqlite3.connect(path, isolation_level=None)
        try:
            database.executescript(
                f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {FORMAT}; BEGIN;"
                f"{_TABLES}"
            )
            everything = {"keys": CHECK, "made_as": "0", **about}
            database.executemany("INSERT INTO about VALUES (?, ?)", [*everything.items()])
            database.execute("COMMIT")
        finally:
            database.close()

    @staticmethod
    def format_in(header: bytes) -> int | None:
        """In which format a state is; None for another file, which is not opened for that.

        Args:
            header: the file's first hundred bytes (sqlite.org, "Database File Format").
        """
        numbers = [int.from_bytes(header[place : place + 4], "big") for place in (60, 68)]
        is_one = header.startswith(b"SQLite format 3\0") and numbers[1] == _APPLICATION_ID
        return numbers[0] if is_one else None

    @classmethod
    def open(cls, database: sqlite3.Connection) -> Self:
        """Read it all."""
        # What is forgotten must not stay in pages that nobody uses.
        database.execute("PRAGMA secure_delete = ON")
        return cls(database)

    def _read_parts(self) -> Iterator[Part]:
        # SQLite knows how long they are without reading them.
        found = self._database.execute(
            "SELECT number, month, length(chats) / 8, length(threads) / 8 FROM part"
        )
        for each in found.fetchall():
            part = Part(*each)
            files = self._database.execute(
                "SELECT name, rows, made_as FROM file WHERE part = ?", (part.number,)
            )
            for name, rows, made_as in files:
                part.rows[name], part.made_as[name] = rows, made_as
            yield part

    # --- Small things ---------------------------------------------------------------------------

    def about(self, name: str) -> str | None:
        """A fact that was noted; None if it never was."""
        found = self._database.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return None if found is None else found[0]

    def note(self, **facts: str | None) -> None:
        """Note facts, within a :meth:`transaction` or by themselves."""
        self._database.executemany(
            "INSERT INTO about VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [*facts.items()],
        )

    def noted(self, name: str) -> Any:
        """A fact that was noted as JSON."""
        return json.loads(self.about(name) or "null")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within, or nothing of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            # Where the disk is full SQLite has rolled back by itself.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    # --- Parts ----------------------------------------------------------------------------------

    @property
    def next_number(self) -> int:
        """Of a part that is still to come."""
        return max(self.parts, default=0) + 1

    def keys(self, part: Part) -> Keys:
        """By which the rows of a part are known again."""
        chats, times, threads = self._database.execute(
            "SELECT chats, times, threads FROM part WHERE number = ?", (part.number,)
        ).fetchone()
        return Keys(
            np.frombuffer(chats, np.uint64),
            np.frombuffer(times, np.int64),
            np.frombuffer(threads, np.uint64),
        )

    def put(self, part: Part, keys: Keys) -> None:
        """Note a part, new or changed."""
        self.remove(part.number)
        part.chats, part.threads = len(keys.chats), len(keys.threads)
        self.parts[part.number] = part
        blobs = (each.tobytes() for each in (keys.chats, keys.times, keys.threads))
        self._database.execute(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?)", (part.number, part.month, *blobs)
        )
        self._database.executemany(
            "INSERT INTO file VALUES (?, ?, ?, ?)",
            [(part.number, name, part.rows[name], part.made_as[name]) for name in part.rows],
        )

    def remove(self, number: int) -> None:
        """Note that there is no such part any more."""
        self.parts.pop(number, None)
        self._database.execute("DELETE FROM part WHERE number = ?", (number,))
        self._database.execute("DELETE FROM file WHERE part = ?", (number,))

    def widen(self, own: Mapping[str, Mapping[str, str]]) -> None:
        """Note what own columns hold from now on; the files that are there have to follow."""
        for table, columns in own.items():
            self._database.executemany(
                "INSERT INTO own_column VALUES (?, ?, ?)"
                " ON CONFLICT (of_table, name) DO UPDATE SET holds = excluded.holds",
                [(name, table, holds) for name, holds in columns.items()],
            )
            self.own[table] = dict(columns)
        self.made_as += 1
        changed = {f"made_as.{table}": str(self.made_as) for table in own}
        self.note(made_as=str(self.made_as), **changed)

    def forget(self) -> None:
        """Know nothing any more of what is kept, as if it were new."""
        self._database.execute(
            "DELETE FROM about WHERE name NOT IN ('keys', 'made_as', 'documented')"
        )
        self._database.execute("DELETE FROM own_column")
        self.own = {}

    # --- The plan -------------------------------------------------------------------------------

    def plan(self, steps: Iterable[tuple[str | None, str]]) -> None:
        """Note what is to be put where; what has nothing to be put there is to go."""
        self._database.executemany("INSERT INTO step VALUES (?, ?)", [*steps])

    @property
    def steps(self) -> list[tuple[str | None, str]]:
        """What was planned, and is not known to be done."""
        return self._database.execute("SELECT staged, place FROM step ORDER BY rowid").fetchall()

    def done(self) -> None:
        """Note that the plan is carried out."""
        self._database.execute("DELETE FROM step")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
