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
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from lc_tutorial.dataset.change import STAGING, Change
from lc_tutorial.dataset.keys import CHECK
from lc_tutorial.dataset.problems import (
    another_version,
    damaged,
    explained,
    in_use,
    no_place,
    not_ours,
    read_from,
    strange,
)
from lc_tutorial.dataset.state import FORMAT, Part, State
from lc_tutorial.dataset.versions import follow
from lc_tutorial.errors import InputError
from lc_tutorial.files import write_whole
from lc_tutorial.system import (
    create,
    in_words,
    remove,
    remove_folder,
    replace,
    settle,
    who_may_read,
    why_no_name,
)

_STATE, _LOCK, _README = "_state.sqlite", "_lock", "README.txt"
_NEW_STATE = f"{_STATE}-new"

_ABOUT = """Chats as tables, kept by lc_tutorial.

These files hold your customers' personal data: names, addresses, what they wrote.
{who_may_read}; pass them on as carefully, and delete them when you are done. When somebody asks to
be forgotten: lc.forget_customer(folder, customer_id).

Each folder is a table, in Parquet files parted by the month in which a thread began (unknown, where
nobody knows it):

- pandas.read_parquet("chats")
- duckdb.sql("from 'chats/**/*.parquet'")
- polars.scan_parquet("chats")

Read one of these folders, not this one. While lc_tutorial writes, and where it was ended meanwhile,
a row may be there twice, and a column that came late may be missing in some files, which polars
refuses: lc.open_tables(folder) puts that right. Of an account's own columns whose names differ in
capitals alone, DuckDB takes one for the other. What begins with an underscore belongs to
lc_tutorial. Change nothing in here by hand.
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
            try:
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
            except FileNotFoundError as problem:
                # As in /proc, where there is a folder and nothing can be made.
                raise no_place(folder, f"The system says: {in_words(problem)}.") from None
            return cls._opened(path, about)

    @classmethod
    def open(cls, folder: "str | os.PathLike[str]", *, patience: float = 0) -> Self:
        """Open a dataset that is there.

        Args:
            folder: of the dataset.
            patience: how many seconds to wait for somebody who has it open.

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
            return cls._opened(path, {}, patience)

    @classmethod
    def _opened(cls, path: Path, about: Mapping[str, str], patience: float = 0) -> Self:
        lock = _locked(path, patience)
        try:
            if not (path / _STATE).exists():
                _begin(path, about)
            database = sqlite3.connect(path / _STATE, timeout=0, isolation_level=None)
            try:
                opened = cls(path, State.open(database), lock)
                if opened.state.about("keys") != CHECK:
                    raise another_version(path, "It knew the chats by other keys.")
                follow(opened.state, path)
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
        staging = self.path / STAGING
        if not (self.path / _README).exists():
            # What a killed one has left in there is cleared away.
            staging.mkdir(mode=0o700, exist_ok=True)
            about = _ABOUT.format(who_may_read=who_may_read())
            write_whole(staging / _README, about, mode=0o600)
            replace(staging / _README, self.path / _README)
        # What is left of it keeps nobody out, and the next one tries again.
        with suppress(OSError):
            self.clear_staging()
        for part in self.state.parts.values():
            for name in part.rows:
                if not (self.path / part.place(name)).exists():
                    raise damaged(self.path, f"There is no {part.place(name)} any more.")

    def clear_staging(self) -> None:
        """Delete what is in the making and not planned, such as what a killed one has left.

        Raises:
            OSError: on Windows, somebody has it open.
        """
        remove_folder(self.path / STAGING)

    # --- Files ----------------------------------------------------------------------------------

    def read(self, part: Part, name: str, columns: "list[str] | None" = None) -> pa.Table:
        """The file of a part for a table."""
        place = part.place(name)
        with read_from(self.path, place):
            return pq.read_table(
                self.path / place, columns=columns, use_threads=False, partitioning=None
            )

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
    def change(self) -> Iterator[Change]:
        """Change the files and what is noted of them: all of it, or nothing."""
        (self.path / STAGING).mkdir(mode=0o700, exist_ok=True)
        change = Change(self.path, self.state)
        try:
            with self.state.transaction():
                yield change
                self.state.plan(change.steps)
        except BaseException:
            # A full disk needs the room. Where Ctrl-C came just after it was planned, the next one
            # needs the files.
            if not self.state.steps:
                with suppress(OSError):
                    self.clear_staging()
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
                remove(target)
                # A month without a file is no month.
                with suppress(OSError):
                    target.parent.rmdir()
            else:
                for made in (target.parent.parent, target.parent):
                    made.mkdir(mode=0o700, exist_ok=True)
                self._put(staged, place)
            changed.add(target.parent)
        for folder in changed:
            if folder.exists():
                settle(folder)
        with self.state.transaction():
            self.state.done()

    def _put(self, staged: str, place: str) -> None:
        try:
            replace(self.path / staged, self.path / place)
        except FileNotFoundError:
            # It is there already, where this is done for the second time.
            if not (self.path / place).exists():
                raise damaged(self.path, f"There is no {staged} any more.") from None

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
            (self.path / STAGING).rmdir()
        if self._lock is not None:
            self._lock.release()


def _path(folder: "str | os.PathLike[str]") -> Path:
    try:
        # An empty name would be the folder in which the notebook is.
        path = Path(folder or "\0").expanduser().absolute()
        # Windows can't even be asked whether such a name is there.
        why = why_no_name(path) if folder else None
        if why is None:
            path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise no_place(folder, "It is a link that leads nowhere.") from None
    except (TypeError, ValueError, RuntimeError):
        raise no_place(folder, "That is no name of a folder.") from None
    except OSError as problem:
        if problem.errno not in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
            with explained(path):
                raise
        raise no_place(folder, f"The system says: {in_words(problem)}.") from None
    if why is not None:
        raise no_place(folder, why)
    return path


def _check(path: Path) -> None:
    """Refuse what is no dataset and not empty, and touch nothing."""
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(
            what=f"{path.name} is a file.",
            why="Kept tables are a folder of files. Nothing was changed.",
            remedy="Name another folder.",
        )
    if os.path.lexists(path / _STATE):
        _recognise(path)
        return
    # One that was begun and killed has these.
    begun = {_LOCK, _NEW_STATE, f"{_NEW_STATE}-journal"}
    strangers = sorted({each.name for each in path.iterdir()} - begun)
    if strangers:
        raise strange(path, f"There is {strangers[0]} in it, for one.")


def _recognise(path: Path) -> None:
    state = path / _STATE
    if not state.is_file():
        raise strange(path, f"Its {_STATE} is no file.")
    with state.open("rb") as file:
        found = State.format_in(file.read(100))
    if found is None:
        raise strange(path, f"Its {_STATE} is another file.")
    if found != FORMAT:
        raise another_version(path, f"They are in format {found}, and this one writes {FORMAT}.")


def _locked(path: Path, patience: float) -> "FileLock | None":
    lock = FileLock(path / _LOCK, timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise in_use(path) from None
    except PermissionError as problem:
        # It is the first that is written. Who may, and is refused later, meets what is open.
        raise not_ours(path, f"The system says: {problem.strerror}.") from None
    except NotImplementedError:
        # A disk without locks.
        return None
    return lock


def _begin(path: Path, about: Mapping[str, str]) -> None:
    made = path / _NEW_STATE
    for name in (_NEW_STATE, f"{_NEW_STATE}-journal"):
        remove(path / name)
    create(made, 0o600).close()
    State.begin(made, about)
    settle(made)
    replace(made, path / _STATE)
    settle(path)
