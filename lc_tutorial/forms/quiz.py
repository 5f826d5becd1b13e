"""``lc.quiz``: a question, with a reason for each wrong answer, and as many attempts as one likes.

What is right is known to the kernel alone: it is in no widget's state.
"""

import json
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from lc_tutorial.course import (
    AnyQuestion,
    ChoiceQuestion,
    OrderQuestion,
    ValueQuestion,
    Verdict,
    as_html,
    find_question,
    note_answer,
    summary,
    was_answered,
)
from lc_tutorial.forms import base
from lc_tutorial.forms.courier import name, reach

_HINTS = {
    "single": "Choose one.",
    "several": "Choose all that are right.",
    "value": "Write it in a word or two, or as a number.",
    "order": "Put them in order, the first one on top.",
}


def quiz(question_id: str) -> "Quiz":
    """Show one question of the course.

    Args:
        question_id: its id in the file ``….questions.toml`` beside the notebook, or in the course's
            own.

    Raises:
        InputError: there is no such question.
        TutorialError: the file in which it stands can't be used; the error says where and why.
    """
    return Quiz(find_question(question_id))


class Quiz(base.Form):
    """A question, the fields for its answer, and a button."""

    def __init__(self, question: AnyQuestion) -> None:
        super().__init__(f"A question: {question.topic}", summary(question))
        self._question = question
        self._judged: str | None = None
        self._answer = Answer(question)
        # Never disabled, as a form's other buttons are while they work: that takes the focus away,
        # and who uses the keyboard wants to go back to the choices from here.
        check = reach(widgets.Button(description="Check", button_style="primary"))
        check.on_click(lambda _: self.attempt(self._check))
        for css_class in ("lc-quiz-check", "lc-default"):
            check.add_class(css_class)
        self._lay_out(self._answer, base.buttons(check))
        self.add_class("lc-quiz")
        if was_answered(question.id):
            self.say("note", "You have answered this one already. Once more is fine.")

    def _check(self) -> None:
        value = self._answer.value
        verdict = self._judge(value)
        self._show(verdict)
        # The same answer once more is no second attempt.
        if verdict.right is not None and value != self._judged:
            self._judged = value
            note_answer(self._question.id, right=verdict.right)

    def _judge(self, value: str) -> Verdict:
        question = self._question
        if isinstance(question, ValueQuestion):
            return question.judge(value)
        return question.judge(_positions(value, question))

    def _show(self, verdict: Verdict) -> None:
        word, kind, after = {
            None: ("Note.", "note", ""),
            False: ("Not yet.", "wrong", "<p>Try again, as often as you like.</p>"),
            True: ("Right.", "done", ""),
        }[verdict.right]
        first, *more = verdict.remarks
        rest = "".join(f"<p>{remark}</p>" for remark in more)
        self._speech.value = (
            f'<div class="lc-say lc-say-{kind} lc-verdict"><b>{word}</b> {first}{rest}{after}</div>'
        )


class Answer(anywidget.AnyWidget):
    """The fields for an answer. The form's courier brings what they hold with the click."""

    _esm = Path(__file__).with_name("quiz.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("quiz.css").read_text(encoding="utf-8")

    key = traitlets.Unicode().tag(sync=True)
    question = traitlets.Dict().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)

    def __init__(self, question: AnyQuestion) -> None:
        options: tuple[str, ...] = ()
        value = ""
        if isinstance(question, ChoiceQuestion):
            kind = "several" if question.several else "single"
            options = tuple(choice.text for choice in question.choices)
        elif isinstance(question, OrderQuestion):
            kind, options = "order", question.items
            value = json.dumps(question.start(), separators=(",", ":"))
        else:
            kind = "value"
        shown = {
            "kind": kind,
            "text": as_html(question.text),
            "hint": _HINTS[kind],
            "options": [as_html(option) for option in options],
        }
        super().__init__(question=shown, value=value)
        self.key = name(self)
        self.add_class("lc-answer")


def _positions(value: str, question: ChoiceQuestion | OrderQuestion) -> list[int]:
    """What the browser says is chosen; nothing, where it is no choice of this question."""
    try:
        given: Any = json.loads(value or "[]")
    except ValueError:
        given = []
    options = question.items if isinstance(question, OrderQuestion) else question.choices
    known = range(len(options))
    listed = given if isinstance(given, list) else []
    chosen = [each for each in listed if type(each) is int and each in known]
    if isinstance(question, OrderQuestion) and sorted(chosen) != list(known):
        return [*question.start()]
    return chosen
