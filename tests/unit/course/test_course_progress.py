"""``lc.progress``: the course as one table, and the file to hand in."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.course import records
from lc_tutorial.course.outline import outline
from lc_tutorial.course.questions import of_notebook
from lc_tutorial.errors import InputError, TutorialError

pytestmark = pytest.mark.usefixtures("folder")


def do_all_of(number: int) -> None:
    chapter = outline()[number]
    for task in chapter.tasks:
        records.note_check(task.title, passed=True)
    for question in of_notebook(chapter.stem):
        records.note_answer(question.id, right=True)


def test_the_outline_has_the_checks_of_the_notebooks() -> None:
    first, second, third = outline()[:3]
    assert first.title == "00 Start here"
    assert [task.title for task in first.tasks] == ["This computer"]
    assert "Step 2: acquire the code" in [task.title for task in second.tasks]
    assert all(task.is_exercise for task in third.tasks)


def test_each_check_of_the_course_has_a_title_of_its_own() -> None:
    titles = [task.title for chapter in outline() for task in chapter.tasks]
    assert len(titles) == len(set(titles))


def test_at_first_it_leads_to_the_beginning() -> None:
    shown = lc.progress()
    assert repr(shown).splitlines()[0] == "Your progress"
    assert "00 Start here: tasks 0 of 1, questions –; next: This computer" in repr(shown)
    assert "Go on with 00 Start here." in repr(shown)


def test_what_is_done_is_counted_and_the_next_thing_is_linked() -> None:
    do_all_of(0)
    records.note_check(outline()[1].tasks[0].title, passed=True)
    html = lc.progress()._repr_html_()
    assert "1 of 1" in html
    assert f"1 of {len(outline()[1].tasks)}" in html
    assert f'<td style="text-align: left">{outline()[1].tasks[1].title}</td>' in html
    assert 'Go on with <a href="01_authorization_in_practice.ipynb">01 Authorization' in html


def test_a_question_can_be_the_next_thing() -> None:
    for task in outline()[1].tasks:
        records.note_check(task.title, passed=True)
    assert f"next: the question: {of_notebook(outline()[1].stem)[0].topic}" in repr(lc.progress())


QUESTION = """
[[question]]
id = "mine"
kind = "value"
topic = "Of a teacher"
text = "How many?"
answers = ["8"]
reason = "Eight."
otherwise = "No."
"""


@pytest.mark.parametrize(
    ("stem", "row"),
    [
        ("07_our_own", "07 our own: tasks –, questions 0 of 1; next: the question: Of a teacher"),
        ("02_explore_chats", "questions 0 of 1; next: Your turn: what may the token not do?"),
    ],
)
def test_a_teacher_s_questions_count(folder: Path, stem: str, row: str) -> None:
    (folder / f"{stem}.questions.toml").write_text(QUESTION)
    assert row in repr(lc.progress())
    records.note_answer("mine", right=True)
    assert row.partition(";")[0].replace("0 of 1", "1 of 1") in repr(lc.progress())


def test_a_link_leads_to_the_file_whatever_its_name(folder: Path) -> None:
    for stem in ("50% #1", "data:,x"):
        (folder / f"{stem}.questions.toml").write_text(QUESTION)
    html = lc.progress()._repr_html_()
    assert 'href="50%25%20%231.ipynb"' in html
    assert 'href="data%3A%2Cx.ipynb"' in html


def test_a_broken_file_of_questions_breaks_no_table(folder: Path) -> None:
    (folder / "02_explore_chats.questions.toml").write_text("broken")
    (folder / "07_our_own.questions.toml").write_text("broken")
    assert "02 Explore chats: tasks 0 of 2, questions 0 of 2" in repr(lc.progress())
    assert "07 our own: tasks –, questions –; next: done" in repr(lc.progress())


def test_at_the_end_it_says_so() -> None:
    for number in range(len(outline())):
        do_all_of(number)
    assert "You have done all of it." in repr(lc.progress())
    assert "You have done all of it." in lc.progress()._repr_html_()


def test_the_name_is_shown_and_escaped() -> None:
    shown = lc.progress(name="Mia <b>")
    assert shown.name == "Mia <b>"
    assert "Your progress, Mia &lt;b&gt;" in shown._repr_html_()
    assert lc.progress().name == "Mia <b>"
    assert lc.progress(name="").name == ""


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="quotation marks"):
        lc.progress(name=5)  # type: ignore[arg-type]


def test_what_could_not_be_kept_is_said(folder: Path) -> None:
    (folder / records.FILE_NAME).write_text("{")
    shown = lc.progress()
    assert "unreadable-1" in repr(shown)
    assert "unreadable-1" in shown._repr_html_()
    assert "unreadable" not in repr(lc.progress())


@pytest.mark.parametrize("reset", [lc.reset_progress, lambda: lc.progress().reset()])
def test_one_call_resets_it(reset) -> None:  # type: ignore[no-untyped-def]
    do_all_of(0)
    lc.progress(name="Mia")
    assert "tasks 0 of 1" in repr(reset())
    assert lc.progress().name == ""


class TestExport:
    def test_it_has_all_that_was_done(self, folder: Path) -> None:
        do_all_of(0)
        records.note_answer("state", right=False)
        exported = lc.progress(name="Mia").export()
        assert repr(exported) == "Your progress is in my_progress.json: the file to hand in."
        handed_in = json.loads((folder / "my_progress.json").read_text(encoding="utf-8"))
        assert handed_in["name"] == "Mia"
        first, second = handed_in["notebooks"][:2]
        assert first["tasks"][0]["task"] == "This computer"
        assert first["tasks"][0]["done"]
        state = next(each for each in second["questions"] if each["question"] == "state")
        assert (state["done"], state["tries"]) == (False, 1)

    def test_an_earlier_one_goes_and_anything_else_stays(self, folder: Path) -> None:
        lc.progress().export()
        assert lc.progress(name="Mia").export().path == Path("my_progress.json")
        (folder / "notes.json").write_text('{"mine": 1}')
        assert lc.progress().export("notes.json").path == Path("notes_2.json")
        assert (folder / "notes.json").read_text() == '{"mine": 1}'

    def test_a_folder_gets_it(self, folder: Path) -> None:
        (folder / "mine").mkdir()
        assert lc.progress().export("mine").path == Path("mine/my_progress.json")
        assert lc.progress().export("..").path == Path("../my_progress.json")

    def test_a_name_that_is_too_long_is_said(self) -> None:
        with pytest.raises(TutorialError, match="could not be written"):
            lc.progress().export("x" * 300)

    @pytest.mark.parametrize("path", [None, 5, "", "a\0b", b"x"])
    def test_what_is_no_path_is_refused(self, path: Any) -> None:
        with pytest.raises(InputError, match="no name of a file"):
            lc.progress().export(path)

    def test_where_it_can_not_be_written_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shown = lc.progress()

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(TutorialError, match="No space left"):
            shown.export()
