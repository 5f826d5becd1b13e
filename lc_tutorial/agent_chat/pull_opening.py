"""Open the file of a pull, or begin one; and touch no file that isn't one.

A file is begun whole, under its name only once all is in it, and with the mode 0600 from the first
moment on. So whatever else has that name is somebody else's, an empty file too.
"""

import json
import os
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from lc_tutorial.agent_chat.pull_problems import damaged, is_read_only, no_place, no_pull, read_only
from lc_tutorial.errors import InputError
from lc_tutorial.files import write_new
from lc_tutorial.system import in_words, why_no_name

# Where SQLite's file format has its name, and an application's own number.
_MAGIC = b"SQLite format 3\0"
_NUMBER_AT = slice(68, 72)

#: "LCPU": this file is a pull.
_APPLICATION_ID = 0x4C435055
_FORMAT = 1

_COLUMNS = {
    "pull": {
        **dict.fromkeys(("action", "version", "platform", "account", "body"), "TEXT"),
        "is_finished": "INTEGER",
    },
    "page": {"number": "INTEGER PRIMARY KEY", "kept_at": "TEXT", "content": "BLOB"},
}


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


def find_or_begin(place: Path, subject: Subject) -> None:
    """See to it that there is a file of a pull.

    Raises:
        InputError: something else is there, or nothing can be.
    """
    if why := why_no_name(place):
        raise no_place(place, why)
    try:
        kind = os.stat(place).st_mode
    except FileNotFoundError:
        if place.is_symlink():
            raise no_place(place, "It is a link that leads nowhere.") from None
        _begin(place, subject)
        return
    except (OSError, ValueError) as problem:
        raise no_place(place, _reason(problem)) from None
    if stat.S_ISDIR(kind):
        raise no_place(place, "That is a folder.")
    if not stat.S_ISREG(kind):
        # Not opened: to read from a pipe would wait for somebody who writes into it.
        raise no_place(place, "That is no file, but a device or a pipe.")
    try:
        with place.open("rb") as file:
            head = file.read(100)
    except OSError as problem:
        raise no_place(place, _reason(problem)) from None
    if not head:
        raise no_pull(place, "It is empty.")
    if not head.startswith(_MAGIC) or head[_NUMBER_AT] != _APPLICATION_ID.to_bytes(4):
        raise no_pull(place, "Something else is in it.")


def _begin(place: Path, subject: Subject) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {_FORMAT}")
        for table, columns in _COLUMNS.items():
            inside = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            database.execute(f"CREATE TABLE {table} ({inside})")
        database.execute("INSERT INTO pull VALUES (?, ?, ?, ?, ?, 0)", (*asdict(subject).values(),))
        content = database.serialize()
    try:
        write_new(place, content, mode=0o600)
    except FileExistsError:
        # Another program began it a moment ago: who may go on with it, its lock decides.
        pass
    except FileNotFoundError:
        raise no_place(place, "The folder isn't there.") from None
    except (OSError, ValueError) as problem:
        raise no_place(place, _reason(problem)) from None


def _reason(problem: OSError | ValueError) -> str:
    said = in_words(problem) if isinstance(problem, OSError) else "That is no name of a file"
    return f"{said}."


def recognise(database: sqlite3.Connection, place: Path, subject: Subject) -> bool:
    """Read whether the pull in the file is finished, and lock the file if it isn't.

    Raises:
        InputError: another pull is in it, or one of another version.
        TutorialError: it is not as it was left, or can't be written.
        sqlite3.Error: it can't be read, or is in use.
    """
    # The lock is held until the file is closed. The system lets go of it when a program ends.
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        with transaction(database):
            is_finished = _read_and_compare(database, place, subject)
    except sqlite3.OperationalError as problem:
        may_be_written = os.access(place, os.W_OK) and os.access(place.parent, os.W_OK)
        if may_be_written and not is_read_only(problem):
            raise
        return _see_that_it_is_finished(database, place, subject)
    if is_finished:
        settle(database)
    else:
        # New pages go to a file beside it, and in here from time to time: whole even where the
        # power fails, without the three times that each page else waits for the disk.
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    return is_finished


def _see_that_it_is_finished(database: sqlite3.Connection, place: Path, subject: Subject) -> bool:
    """Only a finished pull can be read where nothing can be written."""
    database.execute("PRAGMA locking_mode = NORMAL")
    try:
        is_finished = _read_and_compare(database, place, subject)
    except sqlite3.OperationalError:
        # The newest pages are taken over from the file beside it, which writes.
        is_finished = False
    if not is_finished:
        raise read_only(place) from None
    return True


def settle(database: sqlite3.Connection) -> None:
    """Nothing is written any more: all is in the one file, and others may read it too."""
    database.execute("PRAGMA journal_mode = DELETE")
    database.execute("PRAGMA locking_mode = NORMAL")
    database.execute("SELECT count(*) FROM pull").fetchone()


@contextmanager
def transaction(database: sqlite3.Connection) -> Any:
    """All that is written within, or nothing of it."""
    database.execute("BEGIN EXCLUSIVE")
    try:
        yield database
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _read_and_compare(database: sqlite3.Connection, place: Path, subject: Subject) -> bool:
    (made_as,) = database.execute("PRAGMA user_version").fetchone()
    if made_as != _FORMAT:
        raise InputError(
            what=f"{place.name} was made by another version of lc_tutorial.",
            why="It keeps its pages in another way.",
            remedy="Delete the file, or name another one in keep_in.",
        )
    for table, columns in _COLUMNS.items():
        there = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
        if there != [*columns]:
            raise damaged(place, f"Its table {table!r} is missing or has other columns.")
    found = database.execute("SELECT * FROM pull").fetchall()
    if len(found) != 1:
        raise damaged(place, f"It says {len(found)} times what it is a pull of, not once.")
    *kept, is_finished = found[0]
    if not all(isinstance(each, str) for each in kept) or is_finished not in (0, 1):
        raise damaged(place, "What it is a pull of can't be read.")
    _compare(place, Subject(*kept), subject)
    # This doesn't read the pages, only what kind of value each is.
    pages, first, last, whole = database.execute(
        "SELECT count(*), min(number), max(number),"
        " sum(typeof(content) = 'blob' AND typeof(kept_at) = 'text') FROM page"
    ).fetchone()
    if (first, last, whole) != ((0, pages - 1, pages) if pages else (None,) * 3):
        raise damaged(place, "A page of it is missing or empty.")
    if is_finished and not pages:
        raise damaged(place, "It is said to be finished, and has no page.")
    return bool(is_finished)


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
