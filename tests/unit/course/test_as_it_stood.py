"""What a slip's remedy says to write is what the notebooks have."""

import json
from pathlib import Path

import pytest

import lc_tutorial
from lc_tutorial.course.as_it_stood import CALLS, IMPORTS, LINES, line_of

NOTEBOOKS = Path(lc_tutorial.__file__).parents[1] / "notebooks"
CODE = "\n".join(
    "".join(cell["source"])
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
)


@pytest.mark.parametrize("line", sorted({*LINES.values(), *CALLS.values(), *IMPORTS.values()}))
def test_the_notebooks_have_this_line(line: str) -> None:
    assert line in CODE


@pytest.mark.parametrize(
    ("notebook", "line"),
    [
        ("", LINES["token"]),
        ("course/01_authorization_in_practice.ipynb", LINES["token"]),
        ("course/03_keep_access.ipynb", "token = session.token"),
        ("my own.ipynb", "token = session.token"),
    ],
)
def test_only_notebook_01_has_the_steps(
    monkeypatch: pytest.MonkeyPatch, notebook: str, line: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    assert line_of("token") == line
    assert line_of("platform") == LINES["platform"]
