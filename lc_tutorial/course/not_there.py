"""A name that the kernel does not have: which cell makes it, and what became of that cell."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from lc_tutorial.course import makers
from lc_tutorial.course.as_it_stood import IMPORTS, LINES, line_of
from lc_tutorial.errors import StepIncomplete

_IN_ORDER = (
    "Run the cells above in their order, each with Shift+Enter. After a kernel restart, begin "
    "with the first."
)
_FROM_BELOW = "Run the cells in their order as far as that one, and then this one again."


def explain(name: str, known: Mapping[str, Any], line: int = 0) -> StepIncomplete | None:
    """Why there is nothing of this name, or None if that is the learner's own affair.

    Args:
        name: that a cell needs.
        known: the names that are there.
        line: of the cell, counted from 1, that failed; 0 where it is not one of its own.
    """
    run = makers.Run.so_far()
    was_deleted = _was_deleted(name, run, line)
    if not was_deleted and _may_be_its_own_doing(name, run):
        return None
    notebook = makers.running(run)
    if notebook is not None:
        here = run.position_in(notebook)
        maker = notebook.maker(name, here)
        if maker is not None:
            is_below = here is not None and notebook.cells.index(maker) > here
            if was_deleted:
                return _deleted(name, maker)
            return _of_a_cell(name, maker, run, is_below=is_below)
    if name in LINES or name in IMPORTS:
        return StepIncomplete(
            what=f"This kernel has no {name}.",
            why="A cell deleted it." if was_deleted else "No cell made it so far.",
            remedy=f"The course makes it with this line: {IMPORTS.get(name) or line_of(name)}",
        )
    return None if _was_made(name, run) else _mistyped(name, known)


def _deleted(name: str, maker: makers.Cell) -> StepIncomplete:
    return StepIncomplete(
        what=f"This kernel has no {name} any more.",
        why=f"A cell deleted it. It is made in {_place(name, maker)}.",
        remedy="Run the cell that makes it again.",
    )


def _place(name: str, maker: makers.Cell) -> str:
    condition = maker.makes[name]
    return maker.where + (f', after "{condition}"' if condition else "")


def _of_a_cell(name: str, maker: makers.Cell, run: makers.Run, *, is_below: bool) -> StepIncomplete:
    where = _place(name, maker)
    if maker.source.strip() in (source.strip() for source in run.sources[:-1]):
        return StepIncomplete(
            what=f"This kernel has no {name}.",
            why=f"It is made in {where}. That cell ran, but did not get there.",
            remedy="Look at what that cell shows, and run it again.",
        )
    return StepIncomplete(
        what=f"This kernel has no {name} yet.",
        why=f"This cell needs it, and it is made {'further down, ' * is_below}in {where}.",
        remedy=_FROM_BELOW if is_below else _IN_ORDER,
    )


def _may_be_its_own_doing(name: str, run: makers.Run) -> bool:
    """Whether the cell deletes the name: it did already, or there was nothing to delete."""
    return any(_deletes(source, name) for source in run.sources[-1:]) and _was_made(name, run)


def _was_deleted(name: str, run: makers.Run, line: int) -> bool:
    # What came past a line that deletes it had it until then.
    if any(makers.deletes_above(source, name, line) for source in run.sources[-1:]):
        return True
    return any(_deletes(source, name) for source in run.sources[:-1]) and _was_made(name, run)


def _deletes(source: str, name: str) -> bool:
    return not makers.names_of(source)[1].isdisjoint({name, makers.ANY})


def _was_made(name: str, run: makers.Run) -> bool:
    return any(name in makers.names_of(source)[0] for source in run.sources[:-1])


def _mistyped(name: str, known: Mapping[str, Any]) -> StepIncomplete | None:
    there = {each.lower(): each for each in makers.all_names() if each in known}
    near = get_close_matches(name.lower(), there, n=1, cutoff=0.75)
    if not near:
        return None
    return StepIncomplete(
        what=f"This kernel has no {name[:60]}.",
        why="No cell made anything of this name, to the letter.",
        remedy=f"Is {there[near[0]]} meant?",
    )
