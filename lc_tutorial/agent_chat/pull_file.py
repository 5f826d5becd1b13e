"""The file in which a long pull keeps its pages, so that it can be stopped and taken up again.

It is an SQLite database: each page is written in one transaction, whole or not at all, whenever the
program may be ended. After a kill there may be a second file beside it, "-wal" at the end of its
name, with the latest pages; the next loop takes them over. The pages are what the platform
answered, so personal data of customers: only the files' owner may read them. There is no secret in
them.

One program at a time goes on with a pull. A finished one any number may read.
"""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from weakref import WeakValueDictionary

from lc_tutorial.agent_chat.pull_opening import (
    Subject,
    find_or_begin,
    recognise,
    settle,
    transaction,
)
from lc_tutorial.agent_chat.pull_problems import damaged, explained, no_place
from lc_tutorial.errors import InputError, TutorialError

__all__ = ["PullFile", "Subject"]


class PullFile:
    """An open file of a pull; made by :meth:`open`, to be closed.

    Attributes:
        path: where it is.
        is_finished: whether its last page is the last one there is.
    """

    def __init__(self, path: Path, database: sqlite3.Connection, *, is_finished: bool) -> None:
        self.path = path
        self.is_finished = is_finished
        self._database: sqlite3.Connection | None = database

    @classmethod
    def open(cls, path: "str | os.PathLike[str]", subject: Subject) -> Self:
        """Open the file of a pull, or begin one.

        Args:
            path: of the file.
            subject: what the pull is of.

        Raises:
            InputError: there is something else in the file, or it is in use.
            TutorialError: the file can't be read or written.
        """
        try:
            place = Path(path).expanduser().absolute()
        except (TypeError, RuntimeError):
            raise no_place(path, "That is no name of a file.") from None
        earlier = _open_here.get(place)
        if earlier is not None and not earlier.is_finished:
            earlier.close()
        find_or_begin(place, subject)
        with explained(place):
            database = sqlite3.connect(
                place, timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                is_finished = recognise(database, place, subject)
            except BaseException:
                database.close()
                raise
        opened = cls(place, database, is_finished=is_finished)
        _open_here[place] = opened
        return opened

    def __len__(self) -> int:
        with explained(self.path):
            (number,) = self._in_use.execute("SELECT count(*) FROM page").fetchone()
        return int(number)

    def page(self, number: int) -> bytes:
        """The content of a page, counted from 0.

        Raises:
            TutorialError: it isn't there any more.
        """
        with explained(self.path):
            row = self._in_use.execute(
                "SELECT content FROM page WHERE number = ?", (number,)
            ).fetchone()
        if row is None or not isinstance(row[0], bytes):
            raise self.damaged(f"Its page {number + 1} is missing or empty.")
        return row[0]

    def damaged(self, why: str) -> TutorialError:
        """The error to raise where the file is not as it was left."""
        return damaged(self.path, why)

    @property
    def last_kept_at(self) -> datetime | None:
        """When the last page was kept, aware; None where there is none."""
        with explained(self.path):
            row = self._in_use.execute(
                "SELECT kept_at FROM page ORDER BY number DESC LIMIT 1"
            ).fetchone()
        try:
            return datetime.fromisoformat(row[0]) if row else None
        except ValueError:
            raise self.damaged("When its last page came can't be read.") from None

    def keep(self, number: int, content: bytes, *, is_last: bool) -> None:
        """Keep a page, whole or not at all.

        Args:
            number: of the page, counted from 0.
            content: the bytes of the answer.
            is_last: whether the pull is finished with it.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with explained(self.path), transaction(self._in_use) as database:
            database.execute("INSERT INTO page VALUES (?, ?, ?)", (number, now, content))
            if is_last:
                database.execute("UPDATE pull SET is_finished = 1")
        self.is_finished = is_last
        if is_last:
            with explained(self.path):
                settle(self._in_use)

    def check_open(self) -> None:
        """See to it that a page can be kept, before a call is made for it.

        Raises:
            InputError: a newer loop has the file.
        """
        if self._database is None:
            raise InputError(
                what=f"This loop no longer has {self.path.name}.",
                why="A newer loop in this kernel reads the same file.",
                remedy="Go on with the newer one, or run the cell that makes the pages again.",
            )

    @property
    def _in_use(self) -> sqlite3.Connection:
        self.check_open()
        assert self._database is not None  # noqa: S101
        return self._database

    def close(self) -> None:
        """Let go of the file. It stays."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# A cell that is run again finds the file still open: its first run was stopped, and the traceback
# holds on to it.
_open_here: WeakValueDictionary[Path, PullFile] = WeakValueDictionary()
