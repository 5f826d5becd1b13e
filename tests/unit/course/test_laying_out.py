from pathlib import Path

import nbformat
import pytest

from lc_tutorial.course import laying_out as course

NAMES = [
    "00_start_here.ipynb",
    "01_authorization_in_practice.ipynb",
    "02_explore_chats.ipynb",
]


def notebooks(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.ipynb"))


def edit(path: Path, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += text
    nbformat.write(notebook, path)


def test_copies_all_notebooks_without_outputs(tmp_path: Path) -> None:
    laid_out = course.lay_out(tmp_path / "new" / "folder")
    assert list(laid_out.added) == notebooks(tmp_path / "new" / "folder") == NAMES
    for name in NAMES:
        notebook = nbformat.read(tmp_path / "new" / "folder" / name, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert code
        assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = course.lay_out(tmp_path)
    assert (again.added, again.kept) == ((), {})
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_changed_notebook_is_kept_and_the_new_one_laid_beside(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    edit(tmp_path / NAMES[1], "\nMy own note.")
    mine = (tmp_path / NAMES[1]).read_bytes()
    laid_out = course.lay_out(tmp_path)
    assert laid_out.kept == {NAMES[1]: "01_authorization_in_practice-new.ipynb"}
    assert (tmp_path / NAMES[1]).read_bytes() == mine
    # Once more: the one beside is already right.
    course.lay_out(tmp_path)
    assert notebooks(tmp_path) == sorted([*NAMES, "01_authorization_in_practice-new.ipynb"])


def test_the_one_beside_is_kept_too_once_changed(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    edit(tmp_path / NAMES[1], "\nMy own note.")
    course.lay_out(tmp_path)
    edit(tmp_path / "01_authorization_in_practice-new.ipynb", "\nAnother.")
    assert course.lay_out(tmp_path).kept[NAMES[1]] == "01_authorization_in_practice-new-2.ipynb"


def test_running_a_notebook_is_no_change(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    notebook = nbformat.read(tmp_path / NAMES[0], as_version=4)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="ran")]
    nbformat.write(notebook, tmp_path / NAMES[0])
    assert course.lay_out(tmp_path).kept == {}
    assert "ran" in (tmp_path / NAMES[0]).read_text()


def test_an_older_edition_nobody_changed_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.mkdir()
    for text in ("first edition", "second edition"):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        nbformat.write(notebook, source / course.FIRST_NOTEBOOK)
        monkeypatch.setattr(course, "notebooks_directory", lambda: source)
        assert course.lay_out(folder).kept == {}
        assert text in (folder / course.FIRST_NOTEBOOK).read_text()


def test_what_is_no_notebook_any_more_is_kept(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    (tmp_path / NAMES[0]).write_text("not json")
    assert NAMES[0] in course.lay_out(tmp_path).kept
    assert (tmp_path / NAMES[0]).read_text() == "not json"


def test_a_text_is_laid_beside_another(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    assert course.lay_beside(path, "one") == path
    assert course.lay_beside(path, "one") == path
    assert course.lay_beside(path, "two") == tmp_path / "file_2.py"
    assert path.read_text() == "one"
