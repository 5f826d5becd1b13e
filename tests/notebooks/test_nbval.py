"""The notebooks, run from top to bottom, against their committed outputs."""

import copy
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def nbval(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "tests" / "notebooks" / "sanitize.cfg", folder)
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--nbval", name),
            *("--nbval-sanitize-with", "sanitize.cfg", "-p", "no:cacheprovider", "-q"),
        ],
        cwd=folder,
        # As anybody runs it: nobody tells the kernel its notebook, as Jupyter's server does, and as
        # it was told when the outputs were made.
        env={**os.environ, "LC_TUTORIAL_AUTOPILOT": "1", "JPY_SESSION_NAME": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_outputs_are_the_committed_ones(name: str, tmp_path: Path) -> None:
    # A copy, since the notebooks write into the folder where they are.
    shutil.copy(ROOT / "notebooks" / name, tmp_path)
    checked = nbval(tmp_path, name)
    assert checked.returncode == 0, checked.stdout
    cells = [
        cell
        for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells
        if cell.cell_type == "code"
    ]
    assert f"{len(cells)} passed" in checked.stdout


def test_a_wrong_output_would_be_noticed(tmp_path: Path) -> None:
    """With the table of notebook 01, shown by a cell that takes no steps for it."""
    notebook = nbformat.read(ROOT / "notebooks" / "01_authorization_in_practice.ipynb", 4)
    table = next(cell for cell in notebook.cells if "tables.chats[columns]" in cell.source)
    table.outputs = table.outputs[:1]
    (output,) = table.outputs
    table.source = f"display({dict(output.data)!r}, raw=True)"
    output.update(output_type="display_data")
    output.pop("execution_count", None)
    wrong = copy.deepcopy(table)
    wrong.id = "wrong"
    html = wrong.outputs[0].data["text/html"]
    wrong.outputs[0].data["text/html"] = html.replace("<tbody>", "<tbody><!-- -->")
    notebook.cells = [table, wrong]
    nbformat.write(notebook, tmp_path / "wrong.ipynb")
    checked = nbval(tmp_path, "wrong.ipynb")
    assert checked.returncode == 1
    assert "1 failed, 1 passed" in checked.stdout, checked.stdout


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_notebooks_hold_no_state_of_widgets_and_no_ticket(name: str) -> None:
    text = (ROOT / "notebooks" / name).read_text()
    assert "widget-state" not in text
    assert "widget-view" not in text
    assert {*re.findall(r"ticket=([\w-]+)", text)} <= {"only-once"}


@pytest.mark.parametrize("name", NAMES)
def test_ignored_outputs_have_their_reason(name: str) -> None:
    for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells:
        for line in cell.source.splitlines():
            if "NBVAL_" in line:
                assert ":" in line.partition("NBVAL_")[2], line


def test_the_course_fits() -> None:
    for name in NAMES:
        cells = nbformat.read(ROOT / "notebooks" / name, as_version=4).cells
        shown = [*_not_folded_away(cells)]
        assert len(shown) <= (40 if name.startswith("01") else 50), name
        assert len(cells) - len(shown) <= 7, name


def _not_folded_away(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """The cells but for the parts that are folded when the notebook is opened."""
    is_folded = False
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            is_folded = bool(cell.metadata.get("jp-MarkdownHeadingCollapsed"))
        if not is_folded:
            yield cell
