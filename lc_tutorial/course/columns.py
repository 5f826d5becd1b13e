"""A column that a table does not have, asked for in a cell."""

import re
from difflib import get_close_matches
from types import FrameType, TracebackType
from typing import Any

from lc_tutorial.course.cells import frames_below
from lc_tutorial.errors import TutorialError

_QUOTED = re.compile(r"'([^']+)'")
_SHOWN = 60


class NoColumn(TutorialError):
    """A table has no column of this name."""


def missing(problem: Exception, trace: TracebackType | None) -> NoColumn | None:
    """Which column the cell asks for that its table doesn't have; None if it is something else.

    Args:
        problem: what pandas raised: a KeyError, or a NameError of ``query``.
        trace: of it.
    """
    below = list(frames_below(trace))
    if not below or not _is_of_pandas(below[0]):
        return None
    table = next((found for frame in below if (found := _table_of(frame)) is not None), None)
    if table is None:
        return None
    names = [str(each) for each in table.columns]
    said = problem.args[0] if problem.args else ""
    wanted = _QUOTED.findall(str(said)) or [str(said)]
    absent = [each for each in wanted if each not in names]
    return no_column(absent[0], names) if absent else None


def no_column(name: str, names: list[str]) -> NoColumn:
    """Words for a column that is not there.

    Args:
        name: that was asked for.
        names: of the columns that there are.
    """
    lowered = {each.lower(): each for each in names}
    near = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    near = near or [each for each in lowered if name.lower() in each][:1]
    hint = f"Is {lowered[near[0]]} meant? " if near else ""
    return NoColumn(
        what=f"The table has no column {name[:_SHOWN]}.",
        why=f"None of its {len(names)} columns has this name, to the letter.",
        remedy=f"{hint}The attribute columns of a table names them all: tables.chats.columns.",
    )


def _is_of_pandas(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "pandas"


def _table_of(frame: FrameType) -> Any:
    """The table that a function of pandas works on: its own, or that of ``loc`` and the like."""
    if not _is_of_pandas(frame):
        return None
    owner = frame.f_locals.get("self")
    for table in (owner, getattr(owner, "obj", None), frame.f_locals.get("obj")):
        if len(getattr(table, "columns", ())):
            return table
    return None
