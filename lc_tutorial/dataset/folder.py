"""The folder of a dataset: begun, recognised, locked, and put right after a kill.

::

    chats/month=2026-05/part-000001.parquet    and so for users, threads, events and tags
    _state.sqlite                              what the dataset knows of itself
    _lock                                      held by whoever changes it
    _staging/                                  files in the making; mostly not there
    README.txt

Readers of Parquet datasets pass over names that begin with an underscore.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from lc_tutorial.dataset.state import FORMAT, Part, State
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.files import settle, write_whole

_STATE, _LOCK, _STAGING, _README = "_state.sqlite", "_lock", "_staging", "README.txt"
_NEW_STATE = f"{_STATE}-new"

_ABOUT = """Chats as tables, kept by lc_tutorial.

These files hold your customers' personal data: names, addresses, what they wrote. Only you can read
them here; pass them on as carefully, and delete them when you are done. When somebody asks to be
forgotten: lc.forget_customer(folder, customer_id).

Each folder is a table, in Parquet files parted by the month in which a thread began:

- pandas.read_parquet("chats")
- duckdb.sql("from 'chats/**/*.parquet'")
- polars.scan_parquet("chats")

What begins with an underscore belongs to lc_tutorial. Change nothing in here by hand.
"""


class Folder:
    """The open folder of a dataset, locked; made by :meth:`open` or :meth:`open_or_begin`.

    Attributes:
        path: where it is.
        state: what it knows of itself.
    """

    def __init__(self, path: Path, state: State, lock: "FileLock | None") -> None:
        self.path = path
        self.state = state
        self._lock = lock

    @classmethod
    def open_or_begin(cls, folder: "str | os.PathLike[str]", about: Mapping[str, str]) -> Self:
        """Open a dataset, or begin one where there is nothing.

        Args:
            folder: of the dataset; it may be missing or empty.
            about: what to note of a new one.

        Raises:
            InputError: something else is there, or somebody else changes it.
            TutorialError: it can't be read or written.
        """
        path = _path(folder)
        with explained(path):
            _check(path)
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls._opened(path, about)

    @classmethod
    def open(cls, folder: "str | os.PathLike[str]") -> Self:
        """Open a dataset that is there.

        Raises:
            InputError: there is none, or somebody else changes it.
            TutorialError: it can't be read or written.
        """
        path = _path(folder)
        with explained(path):
            _check(path)
            if not (path / _STATE).exists():
                raise InputError(
                    what=f"There are no kept tables in {path.name}.",
                    why="The folder is not there, or empty.",
                    remedy="Name the folder that lc.keep_tables(pages, folder) has written.",
                )
            return cls._opened(path, {})

    @classmethod
    def _opened(cls, path: Path, about: Mapping[str, str]) -> Self:
        lock = _locked(path)
        try:
            if not (path / _STATE).exists():
                _begin(path, about)
            database = sqlite3.connect(path / _STATE, timeout=0, isolation_level=None)
            try:
                _recognise(database, path)
                opened = cls(path, State.open(database), lock)
                opened._put_right()
            except BaseException:
                database.close()
                raise
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return opened

    def _put_right(self) -> None:
        """Carry out what was planned and not finished, and forget what was not planned yet."""
        self._carry_out()
        staging = self.path / _STAGING
        if staging.exists():
            shutil.rmtree(staging)
        if not (self.path / _README).exists():
            write_whole(self.path / _README, _ABOUT, mode=0o600)

    # --- Files ----------------------------------------------------------------------------------

    def read(self, part: Part, name: str, columns: "list[str] | None" = None) -> pa.Table:
        """The file of a part for a table."""
        place = self.path / part.place(name)
        return pq.read_table(place, columns=columns, use_threads=False, partitioning=None)

    def clear(self, about: Mapping[str, str]) -> None:
        """Let all tables go, as for a new dataset.

        Args:
            about: what to note of it.
        """
        with self.change() as change:
            for part in [*self.state.parts.values()]:
                change.drop(part)
            self.state.forget()
            self.state.note(**about)

    @contextmanager
    def change(self) -> "Iterator[Change]":
        """Change the files and what is noted of them: all of it, or nothing."""
        (self.path / _STAGING).mkdir(mode=0o700, exist_ok=True)
        change = Change(self.path, self.state)
        try:
            with self.state.transaction():
                yield change
                self.state.plan(change.steps)
        except BaseException:
            # A full disk needs the room.
            shutil.rmtree(self.path / _STAGING, ignore_errors=True)
            raise
        self._carry_out()

    def _carry_out(self) -> None:
        steps = self.state.steps
        if not steps:
            return
        changed = set()
        for staged, place in steps:
            target = self.path / place
            if staged is None:
                target.unlink(missing_ok=True)
                # A month without a file is no month.
                with suppress(OSError):
                    target.parent.rmdir()
            else:
                for made in (target.parent.parent, target.parent):
                    made.mkdir(mode=0o700, exist_ok=True)
                # It is there already, where this is done for the second time.
                with suppress(FileNotFoundError):
                    (self.path / staged).replace(target)
            changed.add(target.parent)
        for folder in changed:
            if folder.exists():
                settle(folder)
        with self.state.transaction():
            self.state.done()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.state.close()
        with suppress(OSError):
            (self.path / _STAGING).rmdir()
        if self._lock is not None:
            self._lock.release()


class Change:
    """A change of a dataset in the making.

    Args:
        folder: of the dataset.
        state: within a transaction.

    Attributes:
        steps: of the plan: which staged file is to be put where; None: what is there is to go.
    """

    def __init__(self, folder: Path, state: State) -> None:
        self._folder = folder
        self._state = state
        self.steps: list[tuple[str | None, str]] = []

    def put(self, part: Part, files: Mapping[str, pa.Table]) -> None:
        """Give a part these files; those that are not named stay as they are.

        Args:
            part: with its keys as they are from now on. A part without any is to go.
            files: by the names of their tables. One without a row is to go.
        """
        for name, table in files.items():
            if len(table):
                self._stage(part, name, table)
            elif name in part.rows:
                del part.rows[name], part.made_as[name]
                self.steps.append((None, part.place(name)))
        if part.rows:
            self._state.put(part)
        else:
            self._state.remove(part.number)

    def drop(self, part: Part) -> None:
        """Let a part go, with its files."""
        self.steps += [(None, part.place(name)) for name in part.rows]
        self._state.remove(part.number)

    def _stage(self, part: Part, name: str, table: pa.Table) -> None:
        staged = f"{_STAGING}/{name}-{part.number:06}.parquet"
        path = self._folder / staged
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            pq.write_table(table, file, compression="zstd", compression_level=1)
        settle(path)
        part.rows[name], part.made_as[name] = len(table), self._state.made_as
        self.steps.append((staged, part.place(name)))


_BINARY = getattr(os, "O_BINARY", 0)


def _path(folder: "str | os.PathLike[str]") -> Path:
    try:
        return Path(folder).expanduser().absolute()
    except (TypeError, RuntimeError):
        raise InputError(
            what=f"The tables can't be kept in {str(folder)[:200]!r}.",
            why="That is no name of a folder.",
            remedy='Name a folder, such as "kept".',
        ) from None


def _check(path: Path) -> None:
    """Refuse what is no dataset and not empty."""
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(
            what=f"{path.name} is a file.",
            why="Kept tables are a folder of files. Nothing was changed.",
            remedy="Name another folder.",
        )
    if (path / _STATE).exists():
        return
    # One that was begun and killed has these.
    begun = {_LOCK, _NEW_STATE, f"{_NEW_STATE}-journal"}
    strangers = sorted({each.name for each in path.iterdir()} - begun)
    if strangers:
        raise InputError(
            what=f"The folder {path.name} holds something else already.",
            why=f"There is {strangers[0]} in it, for one. Nothing was changed.",
            remedy="Name a folder that isn't there yet.",
        )


def _locked(path: Path) -> "FileLock | None":
    lock = FileLock(path / _LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            what=f"The tables in {path.name} are in use.",
            why="Another program reads or changes them now, likely another notebook's kernel.",
            remedy="Wait until it is done, or shut down the other kernel.",
        ) from None
    except NotImplementedError:
        # A disk without locks.
        return None
    return lock


def _begin(path: Path, about: Mapping[str, str]) -> None:
    made = path / _NEW_STATE
    for name in (_NEW_STATE, f"{_NEW_STATE}-journal"):
        (path / name).unlink(missing_ok=True)
    os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    State.begin(made, about)
    settle(made)
    made.replace(path / _STATE)
    settle(path)


def _recognise(database: sqlite3.Connection, path: Path) -> None:
    if not State.is_one(database):
        raise _damaged(path, f"Its {_STATE} is another file.")
    made_as = State.format_of(database)
    if made_as != FORMAT:
        raise InputError(
            what=f"The tables in {path.name} were kept by another version of lc_tutorial.",
            why=f"They are in format {made_as}, and this one writes {FORMAT}.",
            remedy="Their Parquet files can still be read, as with pandas.read_parquet. To keep "
            "tables up to date, name a folder that isn't there yet.",
        )


def _damaged(path: Path, why: str) -> TutorialError:
    return TutorialError(
        what=f"The tables in {path.name} can't be read: they are damaged, or were changed by "
        "another program.",
        why=why,
        remedy="Name a folder that isn't there yet, and pull anew.",
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say what errors of the disk mean for a dataset.

    Args:
        path: of its folder.
    """
    try:
        yield
    except sqlite3.Error as problem:
        number = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if number in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise _no_room(path, f"SQLite says: {problem}.") from None
        if number in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InputError(
                what=f"The tables in {path.name} are in use.",
                why=f"Another program has its {_STATE} open.",
                remedy="Close it there, and run the cell again.",
            ) from None
        if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise _not_ours(path, f"SQLite says: {problem}.") from None
        raise _damaged(path, f"SQLite says: {problem}.") from None
    except pa.ArrowInvalid as problem:
        raise _damaged(path, f"Parquet's reader says: {str(problem).splitlines()[0]}.") from None
    except FileNotFoundError as problem:
        missing = Path(problem.filename).name if problem.filename else "a file of it"
        raise _damaged(path, f"There is no {missing} any more.") from None
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise _no_room(path, f"The system says: {problem.strerror}.") from None
        if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise _not_ours(path, f"The system says: {problem.strerror}.") from None
        raise


_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


def _no_room(path: Path, why: str) -> TutorialError:
    return TutorialError(
        what=f"The tables in {path.name} can't be written: there is no room.",
        why=why,
        remedy="Make room on the disk and run the cell again: what is kept already is whole, and "
        "it goes on from there.",
    )


def _not_ours(path: Path, why: str) -> TutorialError:
    return TutorialError(
        what=f"The tables in {path.name} can't be opened.",
        why=f"{why} Whoever opens them must be allowed to write there, also to read them here.",
        remedy="Copy the folder to where you may write, and name the copy.",
    )
