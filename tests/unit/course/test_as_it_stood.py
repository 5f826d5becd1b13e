"""What a slip's remedy says to write is what the notebooks have."""

import json
from pathlib import Path

import pytest

import lc_tutorial
from lc_tutorial.course.as_it_stood import CALLS, LINES, MADE_IN, line_of, made_in

NOTEBOOKS = Path(lc_tutorial.__file__).parents[1] / "notebooks"
CODE = "\n".join(
    "".join(cell["source"])
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
)


@pytest.mark.parametrize("line", sorted({*LINES.values(), *CALLS.values()}))
def test_the_notebooks_have_this_line(line: str) -> None:
    assert line in CODE


@pytest.mark.parametrize("name", MADE_IN)
def test_the_notebooks_make_this_name(name: str) -> None:
    made = (f"\n{name} = ", f"\ndef {name}(", f"import {name}", f"as {name}\n")
    assert any(way in f"\n{CODE}\n" for way in made)


@pytest.mark.parametrize(
    ("notebook", "where", "line"),
    [
        ("", "step 3", LINES["token"]),
        ("course/01_authorization_in_practice.ipynb", "step 3", LINES["token"]),
        ("course/03_keep_access.ipynb", "a cell above", "token = session.token"),
        ("my own.ipynb", "a cell above", "token = session.token"),
    ],
)
def test_only_notebook_01_has_the_steps(
    monkeypatch: pytest.MonkeyPatch, notebook: str, where: str, line: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    assert (made_in("token"), line_of("token")) == (where, line)
    assert made_in("platform") == "the first cell"
    assert line_of("platform") == LINES["platform"]
