"""Which cell of the notebook that runs makes a name: read from the notebook, so never stale."""

import ast
import json
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager

from lc_tutorial.course.laying_out import notebooks_directory
from lc_tutorial.errors import TutorialError

_HEADING = re.compile(r"^(#+) +(.+?) *$", re.M)
_STEP = re.compile(r"Step (\d+)\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_LONGEST_CONDITION = 60


@dataclass(frozen=True)
class Cell:
    """A code cell of a notebook.

    Attributes:
        id: as the notebook has it.
        source: as the notebook has it.
        where: how a person finds it: "step 3", or 'the first cell under "2. Renew it"'.
        makes: the names that it makes, each with the line on which that depends, such as
            "if platform.is_sandbox:"; empty where it depends on none.
        deletes: the names that it deletes.
    """

    id: str
    source: str
    where: str
    makes: dict[str, str]
    deletes: frozenset[str]


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, in their order."""

    cells: tuple[Cell, ...]

    @classmethod
    def read(cls, path: Path) -> "Notebook":
        """A notebook, as it was saved last.

        Raises:
            OSError: it can't be read.
            ValueError: it is no notebook.
        """
        try:
            return cls(tuple(_cells(json.loads(path.read_text(encoding="utf-8"))["cells"])))
        except (KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ValueError("This is no notebook.") from problem

    def names(self) -> set[str]:
        """All names that its cells make."""
        return {name for cell in self.cells for name in cell.makes}

    def maker(self, name: str, before: int | None = None) -> Cell | None:
        """The cell that makes a name: the last one above a cell, else the first one below it.

        Args:
            name: to look for.
            before: the position of the cell that needs it; if not given, the first maker.
        """
        makers = [n for n, cell in enumerate(self.cells) if name in cell.makes and n != before]
        above = [n for n in makers if before is not None and n < before]
        return self.cells[(above[-1:] or makers)[0]] if makers else None


@dataclass(frozen=True)
class Run:
    """What ran in this kernel.

    Attributes:
        cell_id: of the cell that runs, where the application tells it.
        sources: of all cells that ran, in their order; the last is the one that runs.
    """

    cell_id: str = ""
    sources: tuple[str, ...] = ()

    @classmethod
    def so_far(cls) -> "Run":
        """All that ran in this kernel; nothing outside of IPython."""
        shell: Any = get_ipython()
        if shell is None:
            return cls()
        # JupyterLab names the cell in each request to run one.
        parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
        cell_id = (parent.get("metadata") or {}).get("cellId") or ""
        return cls(str(cell_id), tuple(map(str, shell.history_manager.input_hist_raw[1:])))

    def position_in(self, notebook: Notebook) -> int | None:
        """Where the cell that runs stands; None for one that is not in it, or several times."""
        source = self.sources[-1].strip() if self.sources else ""
        for key, value in (("id", self.cell_id), ("source", source)):
            cells = enumerate(notebook.cells)
            found = [number for number, cell in cells if getattr(cell, key).strip() == value]
            if value and len(found) == 1:
                return found[0]
        return None


def running(run: Run) -> Notebook | None:
    """The notebook that runs; None where that can't be known.

    Jupyter's server tells each kernel its notebook in ``JPY_SESSION_NAME``. Where nobody tells, it
    is the one of the course's whose cells ran.
    """
    told = os.environ.get("JPY_SESSION_NAME", "")
    own = _of_the_course()
    for path in (Path(told), *(each for each in own if each.name == PurePath(told).name)):
        try:
            return Notebook.read(path)
        except (OSError, ValueError):
            continue
    if told:
        return None
    notebooks = [Notebook.read(path) for path in own]
    ran = {source.strip() for source in run.sources}
    counts = [sum(cell.source.strip() in ran for cell in each.cells) for each in notebooks]
    most = max(counts, default=0)
    return notebooks[counts.index(most)] if most and counts.count(most) == 1 else None


def all_names() -> set[str]:
    """The names that the notebook that runs makes; of all notebooks, where that is not known."""
    notebook = running(Run.so_far())
    if notebook is not None:
        return notebook.names()
    return {name for path in _of_the_course() for name in Notebook.read(path).names()}


def place_of(name: str) -> str:
    """What makes a name: "step 3", or "the course" where the notebook that runs does not."""
    run = Run.so_far()
    notebook = running(run)
    maker = notebook.maker(name, run.position_in(notebook)) if notebook is not None else None
    return maker.where if maker is not None else "the course"


def _of_the_course() -> list[Path]:
    try:
        return sorted(notebooks_directory().glob("*.ipynb"))
    except TutorialError:
        return []


# --- Where a cell stands ------------------------------------------------------------------------


def _cells(cells: Sequence[dict[str, Any]]) -> Iterator[Cell]:
    headings = Counter(text for cell in cells for _, text in _headings(cell))
    above: list[tuple[int, str]] = []
    under: Counter[str] = Counter()
    for cell in cells:
        for level, text in _headings(cell):
            above = [each for each in above if each[0] < level] + [(level, text)]
        if cell["cell_type"] == "code":
            # The title stands above all, and a heading that comes again tells no place.
            places = [text for level, text in above if level > 1 and headings[text] == 1]
            place = next((each for each in places if _STEP.match(each)), "")
            place = place or next(reversed(places), "")
            is_exercise = "exercise" in cell.get("metadata", {}).get("tags", [])
            where = _where(place, under[place], under.total(), is_exercise=is_exercise)
            under[place] += 1
            source = _text(cell["source"])
            yield Cell(str(cell.get("id", "")), source, where, *names_of(source))


def _where(place: str, number: int, in_all: int, *, is_exercise: bool) -> str:
    """The words for a cell: what stands above it, and how many cells do there and in all."""
    if step := _STEP.match(place):
        return f"the exercise of step {step[1]}" if is_exercise else f"step {step[1]}"
    ordinal = _ORDINALS[number] if number < len(_ORDINALS) else f"{number + 1}th"
    in_place = f' under "{place}"' if place and in_all else ""
    return f"the {ordinal} cell{in_place}"


def _headings(cell: dict[str, Any]) -> list[tuple[int, str]]:
    if cell["cell_type"] != "markdown":
        return []
    found = _HEADING.findall(_text(cell["source"]))
    return [(len(marks), text.strip('"`')) for marks, text in found]


def _text(source: str | list[str]) -> str:
    return "".join(source)


# --- What a cell makes --------------------------------------------------------------------------


@cache
def names_of(source: str) -> tuple[dict[str, str], frozenset[str]]:
    """The names that a cell makes, and on which line that depends; and those that it deletes.

    Args:
        source: of the cell; one that is no Python makes nothing.
    """
    found = _Names()
    try:
        found.read(_parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}, frozenset()
    return found.made, frozenset(found.deleted)


def deletes_above(source: str, name: str, line: int) -> bool:
    """Whether a cell that came as far as a line has deleted a name on the way, in any case.

    Args:
        source: of the cell.
        name: to look for.
        line: of the cell, counted from 1.
    """
    try:
        statements = _parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        isinstance(target, ast.Name) and target.id == name
        for statement in statements
        if isinstance(statement, ast.Delete) and (statement.end_lineno or line) < line
        for target in statement.targets
    )


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        # Python said what it warns of when the cell ran.
        warnings.simplefilter("ignore")
        return ast.parse(TransformerManager().transform_cell(source))


#: Among the names that a cell deletes: any, as ``%reset`` does.
ANY = "*"

#: Magics that run the code they are given among the notebook's names, and those that take names.
_RUNS_CODE, _TAKES_ANY = {"time", "prun", "capture"}, {"reset", "reset_selective"}

#: What has names of its own.
_APART = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


@dataclass
class _Names:
    """Goes through the code of a cell, and not into what has names of its own."""

    made: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def read(self, node: ast.AST, condition: str = "") -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                self._make(name, condition)
            case ast.Name(id=name, ctx=ast.Del()):
                self.deleted.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for each in names:
                    self._make(each.asname or each.name.partition(".")[0], condition)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self._make(name, condition)
            case ast.ClassDef(name=name):
                self._make(name, condition)
            case ast.AugAssign(value=value):
                self.read(value, condition)  # what is added to was there before
            case ast.AnnAssign(value=None):
                pass
            case ast.If():
                self._read_if(node, "if", condition)
            case ast.Call(
                func=ast.Attribute(attr="run_line_magic" | "run_cell_magic"),
                args=[ast.Constant(value=str(magic)), *_, ast.Constant(value=str(text))],
            ):
                self._read_magic(magic, text, condition)
            case _ if not isinstance(node, _APART):
                for part in ast.iter_child_nodes(node):
                    self.read(part, condition)

    def _read_magic(self, magic: str, text: str, condition: str) -> None:
        if magic in _RUNS_CODE:
            self.read(_parsed(text), condition)
        elif magic in _TAKES_ANY:
            self.deleted.add(ANY)
        elif magic == "xdel":
            self.deleted.update(text.split())

    def _read_if(self, node: ast.If, word: str, condition: str) -> None:
        self.read(node.test, condition)
        test = ast.unparse(node.test)
        # A text may be a secret.
        has_text = any(isinstance(getattr(n, "value", 0), str | bytes) for n in ast.walk(node.test))
        is_told = len(test) <= _LONGEST_CONDITION and not has_text
        for each in node.body:
            self.read(each, f"{word} {test if is_told else '…'}:")
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            self._read_if(node.orelse[0], "elif", condition)
        else:
            for each in node.orelse:
                self.read(each, "else:")

    def _make(self, name: str, condition: str) -> None:
        if name == "_":
            return  # what nobody needs, and IPython's own
        # What is made in any case depends on nothing.
        self.made[name] = condition if self.made.get(name, "?") else ""
