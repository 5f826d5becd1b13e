"""What the course consists of, read from its own notebooks: so it is never stale.

The notebooks of the package have their outputs, and the first line of a check's output is its
title. Learners' copies have none.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from lc_tutorial.course.laying_out import notebooks_directory

_EXERCISE = "exercise-"


@dataclass(frozen=True)
class Task:
    """A check of a notebook.

    Attributes:
        title: of the check.
        is_exercise: whether it checks an exercise.
    """

    title: str
    is_exercise: bool


@dataclass(frozen=True)
class Chapter:
    """A notebook of the course.

    Attributes:
        stem: the file's name without its ending.
        title: with its number.
        tasks: its checks, in their order.
        failing: ids and sources of the cells that show an explained error on purpose.
    """

    stem: str
    title: str
    tasks: tuple[Task, ...]
    failing: frozenset[str] = frozenset()


@cache
def outline() -> tuple[Chapter, ...]:
    """The notebooks of the course, in their order.

    Raises:
        TutorialError: the installation is incomplete.
    """
    return tuple(
        _chapter(path.stem, json.loads(path.read_text(encoding="utf-8"))["cells"])
        for path in sorted(notebooks_directory().glob("[0-9][0-9]_*.ipynb"))
    )


def _chapter(stem: str, cells: list[dict[str, Any]]) -> Chapter:
    heading = _text(cells[0]["source"]).partition("\n")[0].lstrip("# ")
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    tasks: dict[str, Task] = {}
    for position, cell in enumerate(code):
        title = _title(cell)
        if title:
            before = code[max(position - 1, 0)].get("id", "")
            is_exercise = any(str(each).startswith(_EXERCISE) for each in (before, cell.get("id")))
            tasks.setdefault(title, Task(title, is_exercise))
    number = stem.partition("_")[0]
    failing = [(cell.get("id", ""), _text(cell["source"])) for cell in code if _fails(cell)]
    return Chapter(
        stem,
        f"{number} {heading}",
        tuple(tasks.values()),
        frozenset(each.strip() for pair in failing for each in pair if each.strip()),
    )


def _fails(cell: dict[str, Any]) -> bool:
    """Whether what this cell shows has an explained error in it."""
    return 'class="lc-problem"' in "".join(
        _text(output.get("data", {}).get("text/html", "")) for output in cell["outputs"]
    )


def _title(cell: dict[str, Any]) -> str:
    """The title of the check that this cell shows; empty where it shows none."""
    if "lc.check_" not in _text(cell["source"]):
        return ""
    for output in cell["outputs"]:
        data = output.get("data", {})
        if 'class="lc-check"' in _text(data.get("text/html", "")):
            return _text(data["text/plain"]).partition("\n")[0]
    return ""


def _text(source: str | list[str]) -> str:
    return "".join(source)
