"""The file in which a long pull keeps its pages, so that it can be stopped and taken up again.

It is an SQLite database: each page is written in one transaction, whole or not at all, whenever the
program may be ended. After a kill there may be a second file beside it, "-wal" at the end of its
name, with the latest pages; the next loop takes them over. The pages are what the platform
answered, so personal data of customers: only the files' owner may read them. There is no secret in
them.

One program at a time goes on with a pull. A finished one any number may read.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from weakref import WeakValueDictionary

from lc_tutorial.errors import InputError, TutorialError

# Where SQLite's file format has its name, and an application's own number.
_MAGIC = b"SQLite format 3\0"
_NUMBER_AT = slice(68, 72)

#: "LCPU": this file is a pull.
_APPLICATION_ID = 0x4C435055
_FORMAT = 1

_TABLES = (
    "CREATE TABLE pull (action TEXT, version TEXT, platform TEXT, account TEXT, body TEXT,"
    " is_finished INTEGER)",
    "CREATE TABLE page (number INTEGER PRIMARY KEY, kept_at TEXT, content BLOB)",
)


@dataclass(frozen=True)
class Subject:
    """What a pull is of.

    Attributes:
        action: the method, such as ``"list_chats"``.
        version: of the API.
        platform: which one, without a secret.
        account: whose token pulls, an id; empty where nobody knows.
        body: of the first request, as JSON.
    """

    action: str
    version: str
    platform: str
    account: str
    body: str

    @classmethod
    def of(
        cls, action: str, version: str, platform: str, account: str, body: Mapping[str, Any]
    ) -> Self:
        """The subject of a pull that begins with this request."""
        return cls(action, version, platform, account, json.dumps(body, sort_keys=True))


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
            raise _no_place(path, "That is no name of a file.") from None
        earlier = _open_here.get(place)
        if earlier is not None and not earlier.is_finished:
            earlier.close()
        _look_at(place)
        with _explained(place):
            database = sqlite3.connect(
                place, timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                is_finished = _begin_or_recognise(database, place, subject)
            except BaseException:
                database.close()
                raise
        opened = cls(place, database, is_finished=is_finished)
        _open_here[place] = opened
        return opened

    def __len__(self) -> int:
        with _explained(self.path):
            (number,) = self._in_use.execute("SELECT count(*) FROM page").fetchone()
        return int(number)

    def page(self, number: int) -> bytes:
        """The content of a page, counted from 0."""
        with _explained(self.path):
            row = self._in_use.execute(
                "SELECT content FROM page WHERE number = ?", (number,)
            ).fetchone()
        return bytes(row[0])

    @property
    def last_kept_at(self) -> datetime | None:
        """When the last page was kept, aware; None where there is none."""
        with _explained(self.path):
            row = self._in_use.execute(
                "SELECT kept_at FROM page ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def keep(self, number: int, content: bytes, *, is_last: bool) -> None:
        """Keep a page, whole or not at all.

        Args:
            number: of the page, counted from 0.
            content: the bytes of the answer.
            is_last: whether the pull is finished with it.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with _explained(self.path), _transaction(self._in_use) as database:
            database.execute("INSERT INTO page VALUES (?, ?, ?)", (number, now, content))
            if is_last:
                database.execute("UPDATE pull SET is_finished = 1")
        self.is_finished = is_last
        if is_last:
            with _explained(self.path):
                _settle(self._in_use)

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


# --- Opening ------------------------------------------------------------------------------------


def _look_at(place: Path) -> None:
    """See to it that there is a file, and touch none that isn't a pull."""
    try:
        # Nobody else may read it, from the first moment on.
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    except FileExistsError:
        pass
    except FileNotFoundError:
        raise _no_place(place, "The folder isn't there.") from None
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "That is no name of a file"
        raise _no_place(place, f"{why}.") from None
    try:
        with place.open("rb") as file:
            head = file.read(100)
    except IsADirectoryError:
        raise _no_place(place, "That is a folder.") from None
    except OSError as problem:
        raise _no_place(place, f"{problem.strerror}.") from None
    is_pull = head.startswith(_MAGIC) and head[_NUMBER_AT] == _APPLICATION_ID.to_bytes(4)
    # Nothing at all is in a file that was begun a moment ago, or whose beginning was cut short.
    if head and not is_pull:
        raise InputError(
            what=f"{place.name} is not the file of a pull.",
            why="Something else is in it. It was left as it is.",
            remedy="Name another file in keep_in.",
        )


def _begin_or_recognise(database: sqlite3.Connection, place: Path, subject: Subject) -> bool:
    """Read whether the pull in the file is finished; begin it where there is none."""
    # The lock is held until the file is closed. The system lets go of it when a program ends.
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    with _transaction(database):
        if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            if os.name == "posix":
                place.chmod(0o600)
            _begin(database, subject)
        (made_as,) = database.execute("PRAGMA user_version").fetchone()
        *kept, is_finished = database.execute("SELECT * FROM pull").fetchone()
    if made_as != _FORMAT:
        raise InputError(
            what=f"{place.name} was made by another version of lc_tutorial.",
            why="It keeps its pages in another way.",
            remedy="Delete the file, or name another one in keep_in.",
        )
    _compare(place, Subject(*kept), subject)
    if is_finished:
        _settle(database)
    else:
        # New pages go to a file beside it, and in here from time to time: whole even where the
        # power fails, without the three times that each page else waits for the disk.
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    return bool(is_finished)


def _settle(database: sqlite3.Connection) -> None:
    """Nothing is written any more: all is in the one file, and others may read it too."""
    database.execute("PRAGMA journal_mode = DELETE")
    database.execute("PRAGMA locking_mode = NORMAL")
    database.execute("SELECT count(*) FROM pull").fetchone()


def _begin(database: sqlite3.Connection, subject: Subject) -> None:
    database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {_FORMAT}")
    for table in _TABLES:
        database.execute(table)
    database.execute("INSERT INTO pull VALUES (?, ?, ?, ?, ?, 0)", (*asdict(subject).values(),))


def _compare(place: Path, kept: Subject, wanted: Subject) -> None:
    differs = {
        "action": f"It has answers of {kept.action}, and these are pages of {wanted.action}.",
        "version": f"It was pulled in version {kept.version} of the API, not {wanted.version}.",
        "platform": "It was pulled from another platform, or from a sandbox that has ended.",
        "account": "It was pulled with the token of another account.",
        "body": "It was pulled with other filters, another order or another limit: "
        f"{kept.body[:200]}.",
    }
    for name, why in differs.items():
        was, is_now = getattr(kept, name), getattr(wanted, name)
        unknown = name == "account" and not (was and is_now)
        if was != is_now and not unknown:
            raise InputError(
                what=f"{place.name} keeps another pull.",
                why=why,
                remedy="Name another file in keep_in, or delete this one to pull anew. "
                "Nothing was sent, and the file is as it was.",
            )


@contextmanager
def _transaction(database: sqlite3.Connection) -> Any:
    database.execute("BEGIN EXCLUSIVE")
    try:
        yield database
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


# --- What can go wrong --------------------------------------------------------------------------


def _no_place(path: object, why: str) -> InputError:
    return InputError(
        what=f"The pages can't be kept in {str(path)[:200]!r}.",
        why=why,
        remedy='Name a file in a folder that is there, such as keep_in="chats.pull".',
    )


@contextmanager
def _explained(place: Path) -> Any:
    """Say what SQLite's errors mean for the learner's file."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise _in_use(place) from None
    except sqlite3.Error as problem:
        if "locked" in str(problem):
            raise _in_use(place) from None
        raise TutorialError(
            what=f"{place.name} can't be read or written.",
            why=f"SQLite, which keeps the pages, says: {problem}.",
            remedy="Make room on the disk, or name another file in keep_in. If the file is "
            "damaged, delete it to pull anew.",
        ) from None


def _in_use(place: Path) -> InputError:
    return InputError(
        what=f"{place.name} is in use.",
        why="Another program pulls into it, likely another notebook's kernel.",
        remedy="Wait until it is done, shut down the other kernel, or name another file in "
        "keep_in.",
    )
