"""Notebook 00's map of the course: each notebook is in it, in its order, by its own title."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
_LINK = re.compile(r"\[(\d\d) ([^\]]+)\]\((\S+)\)")


def heading(path: Path) -> str:
    """The title of a notebook, as a learner reads it."""
    first = nbformat.read(path, as_version=4).cells[0].source
    return str(first.partition("\n")[0].removeprefix("# "))


def rows() -> list[str]:
    cells = nbformat.read(NOTEBOOKS[0], as_version=4).cells
    return [line for cell in cells for line in cell.source.splitlines() if line.startswith("| ")]


def test_each_notebook_is_in_the_map_by_its_title() -> None:
    linked = {name: title for row in rows() for _, title, name in _LINK.findall(row)}
    assert list(linked) == [path.name for path in NOTEBOOKS[1:]]
    assert linked == {path.name: heading(path) for path in NOTEBOOKS[1:]}


def test_each_row_says_how_long_it_takes() -> None:
    linking = [row for row in rows() if _LINK.search(row)]
    assert linking
    for row in linking:
        assert re.search(r"\| (an hour|\d\d minutes) \|$", row), row


def test_it_shows_how_far_one_is() -> None:
    cells = nbformat.read(NOTEBOOKS[0], as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert code[-1].source == "lc.progress()"


@pytest.mark.parametrize("path", NOTEBOOKS[2:], ids=lambda path: path.stem)
def test_a_line_of_steps_breaks_between_two_steps(path: Path) -> None:
    """In a narrow window too; a line names all the steps, one of them as the one at hand."""
    lines = [
        line.removeprefix("> ").strip()
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("> ") and "→" in line
    ]
    names = [re.findall(r"[●○✓]\u00a0\d\u00a0([^*→]+?)(?:\*\*)?(?: →|$)", line) for line in lines]
    assert lines
    assert len(lines) == len(names[0]), "a line above each step"
    for number, line in enumerate(lines):
        assert names[number] == names[0]
        steps = line.split(" → ")
        assert not any(" " in step for step in steps), line
        assert [step[:2] == "**" for step in steps] == [n == number for n in range(len(steps))]


@pytest.mark.parametrize("path", NOTEBOOKS[2:], ids=lambda path: path.stem)
def test_below_a_line_of_steps_stands_what_comes_next(path: Path) -> None:
    quoted = [
        line
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("> ")
    ]
    steps, below = quoted[::2], quoted[1::2]
    assert len(steps) == len(below) > 3
    # Two spaces end a line of Markdown.
    assert all("→" in line and line.endswith("  ") for line in steps)
    assert all(re.fullmatch(r"> \*[^*]+\. Next: [^*]+\.\*", line) for line in below), below


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_column_of_a_table_has_a_name(path: Path) -> None:
    """But for the first one, whose cells are the names of rows."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for head in re.findall(r"(?m)^(\|.*\|)\n\| *:?-", cell.source):
                assert all(name.strip() for name in head.split("|")[2:-1]), head
