"""Notebook 00's map of the course: each notebook is in it, in its order, by its own title."""

import re
from pathlib import Path

import nbformat

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
