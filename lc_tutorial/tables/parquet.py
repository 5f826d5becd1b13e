"""pyarrow, which writes and reads Parquet files: an extra, so it may be missing, or not the one."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

#: The oldest that all of this runs with, as the extra ``parquet`` says.
OLDEST = 16


@dataclass(frozen=True)
class Lack:
    """What stands in the way of Parquet files here.

    Attributes:
        why: a sentence.
        remedy: another, without a full stop at its end.
    """

    why: str
    remedy: str


def lack_of_parquet() -> Lack | None:
    """Look whether Parquet files can be written and read here; None if they can."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as problem:
        if problem.name != "pyarrow":
            return Lack(f"pyarrow can't be loaded here; Python says: {problem}.", _upgrade())
        return Lack("pyarrow, which writes and reads them, is not installed here.", _install())
    # What it is made of may not fit this machine, or the numpy that is here.
    except Exception as problem:  # noqa: BLE001
        return Lack(f"pyarrow can't be loaded here; Python says: {problem}.", _upgrade())
    there = str(pyarrow.__version__)
    if int(there.partition(".")[0]) < OLDEST:
        return Lack(f"pyarrow {there} is too old here: {OLDEST} is the oldest.", _upgrade())
    return None


def has_pip() -> bool:
    """Whether ``%pip`` can be used: uvx and pipx make environments without it."""
    try:
        version("pip")
    except PackageNotFoundError:
        return False
    return True


def _install() -> str:
    if not has_pip():
        return (
            "Install pyarrow with what installed the course (uvx --with pyarrow, pipx inject), and "
            "start the course again"
        )
    return "Run `%pip install pyarrow` in a cell, and then this one again"


def _upgrade() -> str:
    if not has_pip():
        return "Install a newer pyarrow with what installed the course, and start the course again"
    return (
        "Run `%pip install --upgrade pyarrow` in a cell, restart the kernel, and run the notebook "
        "from the top"
    )
