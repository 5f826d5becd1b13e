"""Exercises: what stands there does not pass, and each solution that teachers get does.

An exercise is a cell whose id begins with ``exercise-`` and that has the tag ``exercise``; the code
cell after it is its check. The solutions of a notebook are in ``solutions/<its stem>.md``: below a
heading with the cell's id, one or more blocks of Python, each a cell that passes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from lc_tutorial.forms.base import AUTOPILOT_VARIABLE

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
_EXERCISE = "exercise-"


def solutions(text: str) -> dict[str, list[str]]:
    """The blocks of Python of a page, by the exercise whose heading stands above."""
    parts = re.split(rf"^## ({_EXERCISE}\S+)$", text, flags=re.MULTILINE)
    return {
        name: re.findall(r"^```python\n(.*?)^```$", below, flags=re.MULTILINE | re.DOTALL)
        for name, below in zip(parts[1::2], parts[2::2], strict=True)
    }


SOLUTIONS = {
    path.stem: solutions(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "solutions").glob("*.md"))
}


def code_cells(stem: str) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(NOTEBOOKS[stem], as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def exercises(stem: str) -> list[str]:
    return [cell.id for cell in code_cells(stem) if cell.id.startswith(_EXERCISE)]


WITH_EXERCISES = [stem for stem in NOTEBOOKS if exercises(stem)]


def test_the_solutions_of_a_page_are_found() -> None:
    page = (
        "# Solutions\n\n## exercise-one\n\nWords.\n\n```python\na = 1\n```\n\nOr:\n\n"
        "```python\na = 2\n```\n\n## exercise-two\n\n```sh\nls\n```\n"
    )
    assert solutions(page) == {"exercise-one": ["a = 1\n", "a = 2\n"], "exercise-two": []}


def test_each_exercise_has_its_solutions_and_each_solution_its_exercise() -> None:
    assert set(SOLUTIONS) == set(WITH_EXERCISES)
    for stem in WITH_EXERCISES:
        assert list(SOLUTIONS[stem]) == exercises(stem), stem
        assert all(SOLUTIONS[stem].values()), stem


@pytest.mark.parametrize("stem", WITH_EXERCISES)
def test_an_exercise_is_marked_and_the_next_cell_checks_it(stem: str) -> None:
    cells = code_cells(stem)
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        assert cell.id.startswith(_EXERCISE) == ("exercise" in cell.metadata.get("tags", []))
        if cell.id.startswith(_EXERCISE):
            assert after is not None
            assert "lc.check_" in after.source, cell.id


@pytest.mark.parametrize("stem", WITH_EXERCISES)
def test_each_solution_passes_and_what_stands_there_does_not(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUTOPILOT_VARIABLE, "1")
    cells = code_cells(stem)
    last = max(position for position, cell in enumerate(cells) if cell.id.startswith(_EXERCISE))
    # What comes after the last check is the business of nbval.
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells[: last + 2]),
        resources={"metadata": {"path": str(tmp_path)}},
        timeout=120,
    )
    found = {}
    with client.setup_kernel():
        for position, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, position)
            if not cell.id.startswith(_EXERCISE):
                continue
            assert list(missing_in(client, position + 1)), f"{cell.id} passes as it stands"
            found[cell.id] = [
                list(after(client, position, solution)) for solution in SOLUTIONS[stem][cell.id]
            ]
    assert found == {name: [[] for _ in SOLUTIONS[stem][name]] for name in found}


def after(client: NotebookClient, position: int, solution: str) -> Iterator[str]:
    """What the check finds missing once this solution stands in the exercise's cell."""
    client.nb.cells[position].source = solution
    client.execute_cell(client.nb.cells[position], position)
    yield from missing_in(client, position + 1)


def missing_in(client: NotebookClient, position: int) -> Iterator[str]:
    """The lines of a check that say what is missing; one that is no check says so too."""
    cell = client.nb.cells[position]
    client.execute_cell(cell, position)
    shown = [data for data in map(_data, cell.outputs) if "lc-check" in data.get("text/html", "")]
    if len(shown) != 1:
        yield f"There are {len(shown)} checks in the output."
    for data in shown:
        yield from (line for line in data["text/plain"].splitlines() if line.startswith("✗"))


def _data(output: Any) -> dict[str, str]:
    return output.get("data") or {}
