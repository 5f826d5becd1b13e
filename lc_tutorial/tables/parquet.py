"""pyarrow, which writes and reads Parquet files: an extra, so it may be missing, or not the one."""

from dataclasses import dataclass

#: The oldest that all of this runs with, as the extra ``parquet`` says.
OLDEST = 16

_INSTALL = "Run `%pip install pyarrow` in a cell, and then this one again"
_UPGRADE = (
    "Run `%pip install --upgrade pyarrow` in a cell, restart the kernel, and run the notebook from "
    "the top"
)


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
            return Lack(f"pyarrow can't be loaded here; Python says: {problem}.", _UPGRADE)
        return Lack("pyarrow, which writes and reads them, is not installed here.", _INSTALL)
    # What it is made of may not fit this machine, or the numpy that is here.
    except Exception as problem:  # noqa: BLE001
        return Lack(f"pyarrow can't be loaded here; Python says: {problem}.", _UPGRADE)
    there = str(pyarrow.__version__)
    if int(there.partition(".")[0]) < OLDEST:
        return Lack(f"pyarrow {there} is too old here: {OLDEST} is the oldest.", _UPGRADE)
    return None
