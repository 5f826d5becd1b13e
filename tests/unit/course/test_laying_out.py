"""The learner's folder: laid out, and laid out again."""

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from lc_tutorial.course import laying_out as course

ROOT = Path(__file__).parents[3]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
QUESTIONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.questions.toml"))
FIRST = course.FIRST_NOTEBOOK
MANIFEST = ".lc_tutorial_course.json"


def notebooks(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.ipynb"))


def edit(path: Path, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += text
    nbformat.write(notebook, path)


def test_copies_all_notebooks_without_outputs(tmp_path: Path) -> None:
    laid_out = course.lay_out(tmp_path / "new" / "folder")
    assert notebooks(tmp_path / "new" / "folder") == NAMES
    assert list(laid_out.added) == [*NAMES, *QUESTIONS]
    for name in NAMES:
        notebook = nbformat.read(tmp_path / "new" / "folder" / name, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert code
        assert all(not cell.outputs and cell.execution_count is None for cell in code)


def publish(source: Path, edition: str) -> None:
    """The course, of one notebook, as it is in this edition."""
    source.mkdir(exist_ok=True)
    cells = [
        nbformat.v4.new_markdown_cell(f"# The {edition} edition", id="a"),
        nbformat.v4.new_code_cell("# token = lc.catch_up(platform).token", id="b"),
        nbformat.v4.new_markdown_cell("Żółw. " * 400, id="c"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, source / FIRST)


@pytest.fixture
def editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the course comes from; write to it with publish()."""
    source = tmp_path / "source"
    publish(source, "first")
    monkeypatch.setattr(course, "notebooks_directory", lambda: source)
    return source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


def sentences(laid_out: course.LaidOut) -> list[str]:
    return list(map(str, laid_out.beside))


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


NOTHING = course.LaidOut((), (), ())


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    course.lay_out(tmp_path)
    before = everything(tmp_path)
    assert course.lay_out(tmp_path) == NOTHING
    assert everything(tmp_path) == before


def uncomment(path: Path) -> None:
    """The edit that notebook 01 asks for."""
    path.write_text(path.read_text().replace("# token", "token"))


def run(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="ran")]
    notebook.cells[1].execution_count = 7
    nbformat.write(notebook, path)


@pytest.mark.parametrize("change", [uncomment, run, lambda path: edit(path, "\nMy own note.")])
def test_where_the_course_has_not_changed_nothing_is_laid_beside(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    course.lay_out(tmp_path)
    for _ in range(3):  # day after day
        for name in NAMES:
            change(tmp_path / name)
        before = everything(tmp_path)
        assert course.lay_out(tmp_path) == NOTHING
        assert everything(tmp_path) == before


def test_a_newer_notebook_is_laid_beside_a_changed_one_once(editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    edit(folder / FIRST, "\nMy own note.")
    mine = (folder / FIRST).read_bytes()
    publish(editions, "second")
    assert sentences(course.lay_out(folder)) == [
        f"You changed {FIRST}, and the course has a newer one: it is beside yours, "
        "as 00_start_here-new.ipynb."
    ]
    assert (folder / FIRST).read_bytes() == mine
    assert "The second edition" in (folder / "00_start_here-new.ipynb").read_text()
    assert course.lay_out(folder) == NOTHING
    # Whatever happens to it: they have got it.
    edit(folder / "00_start_here-new.ipynb", "\nAnother.")
    assert course.lay_out(folder) == NOTHING
    (folder / "00_start_here-new.ipynb").unlink()
    assert course.lay_out(folder) == NOTHING
    assert notebooks(folder) == [FIRST]


def test_the_next_edition_takes_the_place_of_one_beside_that_nobody_changed(
    editions: Path, folder: Path
) -> None:
    course.lay_out(folder)
    edit(folder / FIRST, "\nMy own note.")
    for edition in ("second", "third"):
        publish(editions, edition)
        (beside,) = course.lay_out(folder).beside
        assert beside.beside == "00_start_here-new.ipynb"
        assert edition in (folder / beside.beside).read_text()
    edit(folder / "00_start_here-new.ipynb", "\nAnother.")
    publish(editions, "fourth")
    assert course.lay_out(folder).beside[0].beside == "00_start_here-new-2.ipynb"
    assert "third" in (folder / "00_start_here-new.ipynb").read_text()


def test_a_newer_one_that_was_put_in_the_place_of_the_older_is_followed(
    editions: Path, folder: Path
) -> None:
    course.lay_out(folder)
    edit(folder / FIRST, "\nMy own note.")
    publish(editions, "second")
    course.lay_out(folder)
    (folder / "00_start_here-new.ipynb").replace(folder / FIRST)
    assert course.lay_out(folder) == NOTHING
    publish(editions, "third")
    assert course.lay_out(folder) == course.LaidOut((), (FIRST,), ())


def test_an_older_edition_nobody_changed_is_replaced(editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    run(folder / FIRST)
    publish(editions, "second")
    assert course.lay_out(folder) == course.LaidOut((), (FIRST,), ())
    assert "second" in (folder / FIRST).read_text()


@pytest.mark.parametrize(
    "content",
    [b"not json", b"\xff\xfe", b"{}", b"[]", b'{"cells": 5}', b'{"cells": [{}]}', b"[" * 99_999],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_notebook_any_more_is_kept(content: bytes, editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    (folder / FIRST).write_bytes(content)
    said = [f"{FIRST} can't be read any more, and was left as it is. Use 00_start_here-new.ipynb."]
    # Each time: who comes back must not open the other one.
    assert sentences(course.lay_out(folder)) == said
    edit(folder / "00_start_here-new.ipynb", "\nMy own note.")
    assert sentences(course.lay_out(folder)) == said
    assert (folder / FIRST).read_bytes() == content
    assert notebooks(folder) == sorted([FIRST, "00_start_here-new.ipynb"])


def test_a_folder_with_the_name_of_a_notebook_stays(editions: Path, folder: Path) -> None:
    (folder / FIRST).mkdir(parents=True)
    assert course.lay_out(folder).beside[0].why is course.Why.UNREADABLE
    assert (folder / FIRST).is_dir()


@pytest.mark.parametrize("manifest", [None, b"", b"{", b"[]", b'{"00_start_here.ipynb": 1}'])
def test_without_a_manifest_nobody_is_said_to_have_changed_anything(
    manifest: bytes | None, editions: Path, folder: Path
) -> None:
    course.lay_out(folder)
    edit(folder / FIRST, "\nMine, or of an edition nobody remembers.")
    (folder / MANIFEST).unlink()
    if manifest is not None:
        (folder / MANIFEST).write_bytes(manifest)
    assert sentences(course.lay_out(folder)) == [
        f"{FIRST} was there already and is another one. That of the course is "
        "00_start_here-new.ipynb."
    ]
    assert course.lay_out(folder) == NOTHING


# --- Files that are no notebooks: questions, and solutions ---------------------------------------

THEIRS = "00_start_here.questions.toml"


def test_a_folder_of_before_gets_what_is_new(editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    (editions / THEIRS).write_bytes(b"first\r\n")
    assert course.lay_out(folder) == course.LaidOut((THEIRS,), (), ())
    assert (folder / THEIRS).read_bytes() == b"first\n"
    assert course.lay_out(folder) == NOTHING


def test_questions_nobody_changed_are_brought_up_to_date(editions: Path, folder: Path) -> None:
    (editions / THEIRS).write_text("first")
    course.lay_out(folder)
    (editions / THEIRS).write_text("second")
    assert course.lay_out(folder) == course.LaidOut((), (THEIRS,), ())
    assert (folder / THEIRS).read_text() == "second"


def test_a_teacher_s_questions_stay_and_the_newer_are_beside_them(
    editions: Path, folder: Path
) -> None:
    (editions / THEIRS).write_text("first")
    course.lay_out(folder)
    (folder / THEIRS).write_text("a teacher's")
    assert course.lay_out(folder) == NOTHING
    (editions / THEIRS).write_text("second")
    assert sentences(course.lay_out(folder)) == [
        f"You changed {THEIRS}, and the course has a newer one: it is beside yours, "
        "as 00_start_here.questions-new.toml."
    ]
    assert (folder / THEIRS).read_text() == "a teacher's"
    assert (folder / "00_start_here.questions-new.toml").read_text() == "second"
    assert course.lay_out(folder) == NOTHING


def test_a_folder_in_the_place_of_questions_stays(editions: Path, folder: Path) -> None:
    (editions / THEIRS).write_text("first")
    (folder / THEIRS).mkdir(parents=True)
    assert course.lay_out(folder).beside[0].why is course.Why.UNREADABLE


def test_solutions_are_for_who_asks(tmp_path: Path) -> None:
    solutions = sorted(path.stem for path in (ROOT / "solutions").glob("*.md"))
    course.lay_out(tmp_path)
    assert list(tmp_path.glob("*.md")) == []
    laid_out = course.lay_out(tmp_path, with_solutions=True)
    assert list(laid_out.added) == [f"{stem}.solutions.md" for stem in solutions]
    assert course.lay_out(tmp_path) == NOTHING


# --- Folders of the version before --------------------------------------------------------------


def earlier_digest(path: Path) -> str:
    """As that version wrote it: SHA-256 of the cells' types and sources as JSON."""
    cells = nbformat.read(path, as_version=4).cells
    written = json.dumps([(cell.cell_type, cell.source) for cell in cells])
    return hashlib.sha256(written.encode()).hexdigest()


def test_a_folder_of_the_version_before_is_understood(editions: Path, folder: Path) -> None:
    """It laid the same notebook beside a changed one, and wrote both into its manifest."""
    course.lay_out(folder)
    digest = earlier_digest(folder / FIRST)
    shutil.copy(folder / FIRST, folder / "00_start_here-new.ipynb")
    edit(folder / FIRST, "\nMy own note.")
    manifest = {FIRST: digest, "00_start_here-new.ipynb": digest}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert course.lay_out(folder) == NOTHING
    publish(editions, "second")
    assert course.lay_out(folder).beside[0].beside == "00_start_here-new.ipynb"
    assert "second" in (folder / "00_start_here-new.ipynb").read_text()


@pytest.mark.parametrize("length", [0, 1, 500, -1, -2])
def test_a_notebook_that_was_cut_off_by_a_full_disk_is_mended(
    length: int, editions: Path, folder: Path
) -> None:
    """The version before wrote into the file itself. What is left of ours is nobody's change."""
    course.lay_out(folder)
    whole = (folder / FIRST).read_bytes()
    (folder / FIRST).write_bytes(whole[:length])
    assert course.lay_out(folder).beside == ()
    course.lay_out(folder)
    assert notebooks(folder) == [FIRST]
    if length != -1:  # without its last line's end it is the same notebook
        assert (folder / FIRST).read_bytes() == whole


# --- A disk that is full, a process that is killed, two at once ---------------------------------


_FORK = multiprocessing.get_context("fork")


def lay_out_with(folder: Path, limit: int) -> int:
    """Lay the course out in another process, which can write files up to a limit, in bytes."""

    def lay_out() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            course.lay_out(folder)
        except OSError:
            os._exit(7)

    process = _FORK.Process(target=lay_out)
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


@pytest.mark.parametrize("limit", [0, 10, 1500])
def test_where_nothing_can_be_written_the_old_ones_stay(
    limit: int, editions: Path, folder: Path
) -> None:
    course.lay_out(folder)
    before = everything(folder)
    publish(editions, "second")
    assert lay_out_with(folder, limit) == 7
    assert everything(folder) == before
    # And when there is room again, all is as if nothing had been.
    assert course.lay_out(folder) == course.LaidOut((), (FIRST,), ())


def test_a_full_disk_leaves_no_half_of_a_new_folder(editions: Path, folder: Path) -> None:
    assert lay_out_with(folder, 1500) == 7
    assert everything(folder) == {}


def test_what_a_killed_one_left_behind_is_cleared_away(editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    before = set(folder.iterdir())
    publish(editions, "second")
    program = f"""if True:
        import os
        from pathlib import Path
        from lc_tutorial.course import laying_out as course
        course.notebooks_directory = lambda: Path({str(editions)!r})
        os.replace = lambda *_: os._exit(9)
        course.lay_out(Path({str(folder)!r}))
    """
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    (left,) = set(folder.iterdir()) - before
    (mine := folder / ".my-notes.tmp").write_text("")
    course.lay_out(folder)
    assert left.exists(), "somebody may still be writing it"
    for path in (left, mine):
        os.utime(path, (0, 0))
    course.lay_out(folder)
    assert set(folder.iterdir()) == {*before, mine}


def test_two_at_once_are_as_one(editions: Path, folder: Path) -> None:
    course.lay_out(folder)
    edit(folder / FIRST, "\nMy own note.")
    mine = (folder / FIRST).read_bytes()
    publish(editions, "second")
    running = [_FORK.Process(target=course.lay_out, args=(folder,)) for _ in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join()
        assert process.exitcode == 0
    assert course.lay_out(folder) == NOTHING
    assert (folder / FIRST).read_bytes() == mine
    assert sorted(everything(folder)) == [MANIFEST, "00_start_here-new.ipynb", FIRST]
    assert "second" in (folder / "00_start_here-new.ipynb").read_text()


def test_a_link_to_a_notebook_elsewhere_stays_a_link(
    editions: Path, folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    elsewhere = tmp_path / "elsewhere.ipynb"
    elsewhere.write_bytes(b"")
    (folder / FIRST).symlink_to(elsewhere)
    course.lay_out(folder)
    assert (folder / FIRST).is_symlink()
    assert "first" in elsewhere.read_text()


# --- Other files --------------------------------------------------------------------------------


def test_a_text_is_laid_beside_another(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    assert course.lay_beside(path, "one") == path
    assert course.lay_beside(path, "one") == path
    assert course.lay_beside(path, "two") == tmp_path / "file_2.py"
    assert path.read_text() == "one"


@pytest.mark.parametrize("there", [b"\xff", b"two\n", b"onetwo"])
def test_what_is_not_the_beginning_of_a_text_is_the_learners(there: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.py").write_bytes(there)
    (tmp_path / "file_2.py").mkdir()
    assert course.lay_beside(tmp_path / "file.py", "one") == tmp_path / "file_3.py"
    assert (tmp_path / "file.py").read_bytes() == there


def test_a_folder_that_can_not_be_looked_into_is_no_reason_to_go_on_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    for name in ("read_bytes", "lstat"):
        monkeypatch.setattr(Path, name, refuse)
    with pytest.raises(PermissionError):
        course.lay_beside(tmp_path / "file.py", "one")
    monkeypatch.undo()
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        course.lay_beside(tmp_path / "file" / "file.py", "one")


def test_a_text_that_was_cut_off_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text("on")
    assert course.lay_beside(tmp_path / "file.py", "one") == tmp_path / "file.py"
    assert (tmp_path / "file.py").read_text() == "one"
