"""What can be wrong with the file of a pull, in sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lc_tutorial.errors import InputError, TutorialError

# What SQLite's errors mean for the learner's file. Their numbers: sqlite.org, "Result and Error
# Codes"; above the lowest byte is what narrows a number down.
_KIND = 0xFF
_READ_ONLY = sqlite3.SQLITE_READONLY
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_OF_THE_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def no_place(path: object, why: str) -> InputError:
    """Nothing can be kept there."""
    return InputError(
        what=f"The pages can't be kept in {str(path)[:200]!r}.",
        why=why,
        remedy='Name a file in a folder that is there, such as keep_in="chats.pull".',
    )


def no_pull(place: Path, why: str) -> InputError:
    """There is a file, and it is not ours."""
    return InputError(
        what=f"{place.name} is not the file of a pull.",
        why=f"{why} It was left as it is.",
        remedy="Name another file in keep_in.",
    )


def in_use(place: Path) -> InputError:
    """Somebody else has the file."""
    return InputError(
        what=f"{place.name} is in use.",
        why="Another program pulls into it, likely another notebook's kernel.",
        remedy="Wait until it is done, shut down the other kernel, or name another file in "
        "keep_in.",
    )


def damaged(place: Path, why: str) -> TutorialError:
    """The file is one of ours, and not as we left it."""
    return TutorialError(
        what=f"{place.name} can't be read: it is damaged, or was changed by another program.",
        why=why,
        remedy="Delete it to pull anew, or name another file in keep_in.",
    )


def read_only(place: Path) -> TutorialError:
    """The pull is not finished, and the next page can't be kept."""
    return TutorialError(
        what=f"{place.name} can't be written.",
        why="It is where nothing may be written, or is not yours, and the pull in it is not "
        "finished.",
        remedy="Copy it to a folder of yours and name the copy in keep_in.",
    )


def is_read_only(problem: sqlite3.Error) -> bool:
    """Whether SQLite refused to write, and nothing else."""
    return _kind_of(problem) == _READ_ONLY


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Say what SQLite's errors mean for the learner's file."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise in_use(place) from None
    except sqlite3.Error as problem:
        kind = _kind_of(problem)
        if kind in _IN_USE:
            raise in_use(place) from None
        if kind == _READ_ONLY:
            raise read_only(place) from None
        says = f"SQLite, which keeps the pages, says: {problem}."
        if kind not in _OF_THE_DISK:
            raise damaged(place, says) from None
        raise TutorialError(
            what=f"{place.name} can't be read or written.",
            why=says,
            remedy="Make room on the disk, or name another file in keep_in.",
        ) from None


def _kind_of(problem: sqlite3.Error) -> int | None:
    # What Python itself finds wrong, such as broken text, has no number.
    number = getattr(problem, "sqlite_errorcode", None)
    return None if number is None else number & _KIND
