"""A question as a form: what it says of answers, what it keeps, and what it keeps to itself."""

import json
from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.course import records
from lc_tutorial.course.answering import (
    AnyQuestion,
    Choice,
    ChoiceQuestion,
    OrderQuestion,
    ValueQuestion,
)
from lc_tutorial.forms.quiz import Quiz
from tests.unit.filling import button, press, spoken, state_of

SINGLE = ChoiceQuestion(
    "state", "State", "Which `one`?",
    (Choice("A", right=False, reason="Not A."), Choice("B", right=True, reason="Right: B.")),
    several=False,
)  # fmt: skip
SEVERAL = ChoiceQuestion(
    "some", "Some", "Which?", (*SINGLE.choices, SINGLE.choices[1]), several=True
)
VALUE = ValueQuestion("hours", "Hours", "How many?", ("8",), "Eight.", (), "Count again.")
ORDER = OrderQuestion("steps", "Steps", "In order?", ("a", "b", "c"), "So.", (), "Not so.")


pytestmark = pytest.mark.usefixtures("folder")


def answer(quiz: Quiz, text: str) -> str:
    """What the browser sends: one message with what the fields hold, and the click."""
    content: dict[str, Any] = {
        "fields": [{"key": quiz._answer.key, "text": text}],
        "click": button(quiz, "Check").model_id,
        "number": 1,
    }
    quiz._courier._handle_custom_msg(content, [])
    return spoken(quiz)


def tries(question: AnyQuestion) -> int:
    return records.current()[0].questions[question.id].tries


@pytest.mark.parametrize(
    ("question", "wrong", "said", "right", "then"),
    [
        (SINGLE, "[0]", "Not A.", "[1]", "B."),
        (SEVERAL, "[1]", "one more is", "[1,2]", "B."),
        (VALUE, "7", "Count again.", " 8 ", "Eight."),
        (ORDER, "[2,0,1]", "Not so.", "[0,1,2]", "So."),
    ],
)
def test_a_wrong_answer_has_its_reason_and_a_second_attempt(
    question: AnyQuestion, wrong: str, said: str, right: str, then: str
) -> None:
    quiz = Quiz(question)
    first = answer(quiz, wrong)
    assert "Not yet." in first
    assert said in first
    assert "Try again" in first
    second = answer(quiz, right)
    assert "<b>Right.</b>" in second
    assert then in second
    assert tries(question) == 2


@pytest.mark.parametrize(
    ("question", "nothing"),
    [
        *(
            (SINGLE, nothing)
            for nothing in ("", "[]", "{}", "[9]", '["x", [1]]', "[1.0]", "[true]", "[", "null")
        ),
        *((SEVERAL, nothing) for nothing in ("", "[]")),
        *((VALUE, nothing) for nothing in ("", "  ")),
    ],
)
def test_without_an_answer_nothing_is_judged(question: AnyQuestion, nothing: str) -> None:
    assert "first." in answer(Quiz(question), nothing)
    assert records.current()[0].questions == {}


def test_what_is_shown_counts_also_where_nothing_was_moved() -> None:
    quiz = Quiz(ORDER)
    press(quiz, "Check")
    assert "Not so." in spoken(quiz)


@pytest.mark.parametrize("odd", ["[0,1]", "[0,1,1]", '[0,1,"2"]', "{}", "5", "["])
def test_an_order_of_other_things_is_the_one_to_begin_with(odd: str) -> None:
    assert "Not so." in answer(Quiz(ORDER), odd)


def test_the_same_answer_twice_is_one_attempt() -> None:
    quiz = Quiz(SINGLE)
    answer(quiz, "[0]")
    answer(quiz, "[0]")
    assert tries(SINGLE) == 1


def test_what_is_right_is_in_no_widget_s_state() -> None:
    for question in (SINGLE, SEVERAL, VALUE, ORDER):
        state = state_of(Quiz(question))
        assert "Right: B." not in state
        assert "Eight." not in state
        assert "right" not in json.loads(json.dumps(Quiz(question)._answer.question))


def test_after_a_restart_it_says_that_it_was_answered() -> None:
    answer(Quiz(SINGLE), "[1]")
    assert "You have answered this one already" in spoken(Quiz(SINGLE))
    assert spoken(Quiz(VALUE)) == ""


def test_it_has_a_sentence_for_places_without_widgets() -> None:
    quiz = Quiz(SINGLE)
    assert repr(quiz) == "A question: Which one?"
    assert quiz._repr_mimebundle_()["text/plain"] == repr(quiz)


def test_what_a_teacher_writes_is_no_markup() -> None:
    quiz = Quiz(ValueQuestion("x", "<i>", "<b>?", ("8",), "R", (), "<u>"))
    assert "<b>?" not in json.dumps(quiz._answer.question)
    assert "<i>" not in quiz._heading.value
    answer(quiz, "1")
    assert "&lt;u&gt;" in quiz._speech.value


def test_a_question_of_the_course_is_shown_by_its_id() -> None:
    assert lc.quiz("state")._question.topic == "What state is for"
