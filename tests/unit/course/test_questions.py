"""Files with questions: how they are found, and what a teacher is told of a mistake in one."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.course import questions
from lc_tutorial.course.answering import ChoiceQuestion, OrderQuestion, ValueQuestion
from lc_tutorial.course.laying_out import notebooks_directory
from lc_tutorial.course.questions import QuestionsProblem, find_question, read
from lc_tutorial.errors import InputError

SINGLE = """
[[question]]
id = "state"
kind = "single"
topic = "What state is for"
text = "What stops your app from using it?"

[[question.choice]]
text = "The state."
right = true
reason = "Right: it is none of ours."

[[question.choice]]
text = "PKCE"
reason = "PKCE protects the code."
"""
VALUE = """
[[question]]
id = "how-long"
kind = "value"
topic = "How long"
text = "How many hours?"
answers = ["8", "eight"]
reason = "Eight."
otherwise = "No."

[[question.wrong]]
value = "1"
reason = "Longer."
"""
ORDER = """
[[question]]
id = "steps"
kind = "order"
topic = "Steps"
text = "Which order?"
reason = "So."
otherwise = "No."

[[question.item]]
text = "first"
[[question.item]]
text = "second"
[[question.item]]
text = "third"

[[question.wrong]]
before = 1
after = 0
reason = "It can't."
"""


def written(folder: Path, text: str, name: str = "01_x.questions.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the course's own questions are, for this test."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.setattr(questions, "notebooks_directory", lambda: folder)
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


def test_all_kinds_are_read(tmp_path: Path) -> None:
    single, value, order = read(written(tmp_path, SINGLE + VALUE + ORDER))
    assert isinstance(single, ChoiceQuestion)
    assert not single.several
    assert isinstance(value, ValueQuestion)
    assert value.judge("EIGHT").right
    assert isinstance(order, OrderQuestion)
    assert order.judge([1, 0, 2]).remarks == ("It can&#x27;t.",)


#: What a teacher wrote, in place of what; where it is, what is wrong, and what to do.
MISTAKES = {
    "a reason is missing": (
        'reason = "PKCE protects the code."', "",
        "question 1 (state), choice 2: reason is missing.", "Add it: reason = ",
    ),
    "a choice without text": ('text = "PKCE"', "", "choice 2: text is missing.", "Add it: text"),
    "a slip in a name": (
        'reason = "PKCE', 'reson = "PKCE',
        "question 1 (state), choice 2: reson is not known here.", "Is reason meant?",
    ),
    "a name that is not known": (
        'text = "PKCE"', 'text = "PKCE"\nreasons = "x"',
        "choice 2: reasons is not known here.", "Is reason meant?",
    ),
    "no such kind": (
        'kind = "single"', 'kind = "singel"', "kind: 'singel' is none.", "single, several",
    ),
    "no kind": ('kind = "single"', "", "question 1 (state): kind is missing.", 'kind = "single"'),
    "of another type": ("right = true", 'right = "yes"', "choice 1, right: it is", "true or false"),
    "an empty text": ('text = "PKCE"', 'text = " "', "choice 2, text: it is empty.", "Write a"),
    "no id of ours": ('id = "state"', 'id = "State!"', "id: 'State!' is no id.", "hyphens"),
    "nothing right": ("right = true", "", "no choice is right.", "right = true"),
    "two right": (
        'text = "PKCE"', 'right = true\ntext = "PKCE"', "2 choices are right.", '"several"',
    ),
    "the same twice": ('text = "PKCE"', 'text = "The state."', "stands there twice", "change one"),
    "another question like it": ('id = "how-long"', 'id = "state"', "the same id.", "another id"),
    "answers as one text": (
        'answers = ["8", "eight"]', 'answers = "8"', "question 2 (how-long), answers", "a list",
    ),
    "a number as an answer": ('"8", "eight"', "8", "answers 1: it is of another", 'such as "8"'),
    "no answers": ('"8", "eight"', "", "answers: there are 0.", "at least 1"),
    "right and wrong": ('value = "1"', 'value = " Eight "', "both right and wrong", "out of one"),
    "no otherwise": ('reason = "Eight."\notherwise = "No."', 'reason = "Eight."',
                     "otherwise is missing", "all other wrong"),
    "a right order": ("before = 1\nafter = 0", "before = 0\nafter = 1", "is no wrong order",
                      "count from 0"),
    "an item that is not there": ("before = 1", "before = 3", "is no wrong order", "count from 0"),
    "a number beyond Python": ('id = "state"', f"id = {'1' * 5000}", "can't be read", "Look at"),
    "no TOML": ('id = "state"', "id = state", "can't be read", "quotation marks"),
    "another name for all": (
        "[[question]]", "[[questions]]", "as a whole: questions is not known", "Is question meant?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_teacher_is_told_where_a_mistake_is_and_what_to_do(mistake: str, tmp_path: Path) -> None:
    before, after, what, remedy = MISTAKES[mistake]
    right = SINGLE + VALUE + ORDER
    assert before in right
    path = written(tmp_path, right.replace(before, after, -1 if "[[" in before else 1))
    with pytest.raises(QuestionsProblem) as caught:
        read(path)
    assert "01_x.questions.toml" in caught.value.what
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert caught.value.why


def test_more_mistakes_are_counted(tmp_path: Path) -> None:
    text = SINGLE.replace('topic = "What state is for"', "").replace("right = true", "right = 1")
    with pytest.raises(QuestionsProblem, match="There is one more mistake in the file"):
        read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe", "not in UTF-8"), (b"a = " + b"[" * 5000, "rules are broken")],
    ids=["no UTF-8", "too deep"],
)
def test_what_is_no_text_or_no_end_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "01_x.questions.toml"
    path.write_bytes(content)
    with pytest.raises(QuestionsProblem, match=said):
        read(path)


def test_a_mark_in_front_does_no_harm(tmp_path: Path) -> None:
    assert read(written(tmp_path, "\ufeff" + SINGLE))


class TestFinding:
    def test_the_course_s_own(self, course: Path, mine: Path) -> None:
        written(course, SINGLE)
        assert find_question("state", mine).topic == "What state is for"

    def test_the_learner_s_folder_comes_first(self, course: Path, mine: Path) -> None:
        written(course, SINGLE)
        written(mine, SINGLE.replace("What state is for", "Mine"))
        assert find_question("state", mine).topic == "Mine"

    def test_an_unknown_one_is_told_what_there_is(self, course: Path, mine: Path) -> None:
        written(course, SINGLE + VALUE)
        with pytest.raises(InputError) as caught:
            find_question("States", mine)
        assert 'Is lc.quiz("state") meant?' in caught.value.remedy
        assert "how-long, state" in caught.value.remedy

    @pytest.mark.parametrize("given", [None, 8, ["state"], {"id": "state"}])
    def test_what_is_no_id_is_no_question_s(self, course: Path, mine: Path, given: Any) -> None:
        written(course, SINGLE)
        with pytest.raises(InputError, match="There is no question"):
            find_question(given, mine)

    def test_a_broken_file_is_told_to_who_asks_for_its_question(
        self, course: Path, mine: Path
    ) -> None:
        written(course, SINGLE + VALUE)
        written(mine, SINGLE.replace("right = true", ""))
        with pytest.raises(QuestionsProblem, match="no choice is right"):
            find_question("state", mine)
        assert find_question("how-long", mine).topic == "How long"

    def test_two_files_with_the_same_question_are_told(self, course: Path, mine: Path) -> None:
        written(mine, SINGLE)
        written(mine, SINGLE + VALUE, "02_y.questions.toml")
        assert find_question("state", mine)
        with pytest.raises(QuestionsProblem, match=r"01_x.questions.toml has a question with this"):
            find_question("how-long", mine)

    def test_a_newer_file_beside_a_changed_one_is_not_read(self, course: Path, mine: Path) -> None:
        written(mine, SINGLE, "01_x.questions-new.toml")
        with pytest.raises(InputError):
            find_question("state", mine)

    def test_where_the_folder_is_gone_the_course_s_are_left(
        self, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written(course, SINGLE)
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert find_question("state")


def test_the_course_s_own_questions_stand_beside_their_notebooks() -> None:
    paths = sorted(notebooks_directory().glob("*.questions.toml"))
    assert paths
    for path in paths:
        assert path.with_name(f"{path.name.removesuffix('.questions.toml')}.ipynb").is_file()
        assert read(path)
        # Who reads one that nobody has changed takes it for right.
        questions._check_shape(path, questions._data(path))


def test_a_copy_that_was_changed_is_checked(tmp_path: Path) -> None:
    kept = next(notebooks_directory().glob("*.questions.toml"))
    copy = tmp_path / kept.name
    copy.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))
    assert read(copy) == read(kept)
    copy.write_bytes(kept.read_bytes().replace(b"topic = ", b"topics = ", 1))
    with pytest.raises(QuestionsProblem, match="topics is not known here"):
        read(copy)


def test_each_question_of_the_course_has_an_id_of_its_own() -> None:
    ids = [
        question.id
        for path in notebooks_directory().glob("*.questions.toml")
        for question in read(path)
    ]
    assert len(ids) == len(set(ids))


def test_a_kernel_that_asks_the_courses_questions_spares_itself_what_checks_files() -> None:
    code = (
        "import sys, lc_tutorial\n"
        "lc_tutorial.quiz('state')\n"
        "print(*({'jsonschema', 'nbformat', 'pandas'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, cwd=notebooks_directory()
    )
    assert done.stdout.split() == []
