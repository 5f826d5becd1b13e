"""What can be wrong with the folder of a dataset, in sentences."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.system import in_words, is_full, is_refused, may_be_open


def no_place(folder: object, why: str) -> InputError:
    """Nothing can be kept there."""
    return InputError(
        what=f"There can be no tables in {str(folder)[:200]!r}.",
        why=why,
        remedy='Name a folder, such as "kept".',
    )


def strange(path: Path, why: str) -> InputError:
    """There is something else, and it was not touched."""
    return InputError(
        what=f"The folder {path.name} holds something else.",
        why=f"{why} Nothing was changed.",
        remedy="Name the folder that lc.keep_tables has made; or, to keep tables, one that isn't "
        "there yet.",
    )


def in_use(path: Path) -> InputError:
    """Somebody else has it open."""
    return InputError(
        what=f"The tables in {path.name} are in use.",
        why="They are read or changed elsewhere now: likely in another notebook's kernel, or in "
        "this one by something that still goes on.",
        remedy="Wait until that is done, or shut down the other kernel.",
    )


def another_version(path: Path, why: str) -> InputError:
    """They are tables of ours, and this version would do them harm."""
    return InputError(
        what=f"The tables in {path.name} were kept by another version of lc_tutorial.",
        why=why,
        remedy="Their Parquet files can still be read, as with pandas.read_parquet. To keep "
        "tables up to date, name a folder that isn't there yet.",
    )


def damaged(path: Path, why: str) -> TutorialError:
    """They are tables of ours, and not as they were left."""
    return TutorialError(
        what=f"The tables in {path.name} can't be read: they are damaged, or were changed by "
        "another program.",
        why=why,
        remedy="Name a folder that isn't there yet, and pull anew.",
    )


@contextmanager
def read_from(path: Path, place: str) -> Iterator[None]:
    """Say what errors of Parquet's reader mean.

    Args:
        path: of the dataset's folder.
        place: of the file in it.
    """
    try:
        yield
    except FileNotFoundError:
        raise damaged(path, f"There is no {place} any more.") from None
    except (pa.ArrowException, OSError) as problem:
        # Those of the system have a number.
        if isinstance(problem, OSError) and problem.errno is not None:
            raise
        first = str(problem).partition("\n")[0]
        raise damaged(path, f"Of {place} Parquet's reader says: {first}") from None


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
            raise in_use(path) from None
        if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise not_ours(path, f"SQLite says: {problem}.") from None
        raise damaged(path, f"SQLite says: {problem}.") from None
    except OSError as problem:
        # A limit of this user's, in the other case.
        if is_full(problem) or problem.errno == errno.EFBIG:
            raise _no_room(path, f"The system says: {in_words(problem)}.") from None
        if may_be_open(problem) and _is_within(path, problem):
            raise _open_elsewhere(path, problem) from None
        if is_refused(problem):
            raise not_ours(path, f"The system says: {in_words(problem)}.") from None
        raise


def _no_room(path: Path, why: str) -> TutorialError:
    return TutorialError(
        what=f"The tables in {path.name} can't be written: there is no room.",
        why=why,
        remedy="Make room on the disk and run the cell again: what is kept already is whole, and "
        "it goes on from there.",
    )


def _is_within(path: Path, problem: OSError) -> bool:
    """Whether it is about a file in a folder. Parquet's reader doesn't say of which."""
    return problem.filename is None or path in Path(problem.filename).parents


def _open_elsewhere(path: Path, problem: OSError) -> TutorialError:
    """Windows lets nobody read, replace or delete what another program keeps to itself."""
    name = Path(problem.filename).name if problem.filename else "one of them"
    return TutorialError(
        what=f"The tables in {path.name} can't all be read or changed now.",
        why=f"The system says of {name}: {in_words(problem)}.",
        remedy="Close the other program, and run the cell again: it goes on.",
    )


def not_ours(path: Path, why: str) -> TutorialError:
    """This user may not write there."""
    return TutorialError(
        what=f"The tables in {path.name} can't be opened.",
        why=f"{why} Whoever opens them must be allowed to write there, also to read them here.",
        remedy="Copy the folder to where you may write, and name the copy.",
    )
