"""What is said of an answer: a reason always, and of several choices not which ones are lacking."""

import pytest

from lc_tutorial.course.answering import (
    Choice,
    ChoiceQuestion,
    Misplaced,
    OrderQuestion,
    ValueQuestion,
    summary,
)
from lc_tutorial.course.inline import as_html, as_plain

CHOICES = (
    Choice("A <b>", right=True, reason="Right: because of A."),
    Choice("B", right=False, reason="B has another *purpose*."),
    Choice("C", right=True, reason="right, C too."),
)
SINGLE = ChoiceQuestion("one", "One", "Which `code`?", CHOICES[:2], several=False)
SEVERAL = ChoiceQuestion("some", "Some", "Which ones?", CHOICES, several=True)
VALUE = ValueQuestion(
    "hours", "Hours", "How many?", ("8", "8 hours"), "Right: eight.", (("1", "No, longer."),), "No."
)
ORDER = OrderQuestion(
    "steps", "Steps", "In which order?", ("a", "b", "c"), "So it goes.",
    (Misplaced(1, 0, "b needs a."), Misplaced(2, 1, "c needs b.")), "Otherwise.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "answer", "right", "said"),
    [
        (SINGLE, [], None, ["Choose an answer first."]),
        (SINGLE, [0], True, ["Because of A."]),
        (SINGLE, [1], False, ["B has another <em>purpose</em>."]),
        (SEVERAL, [], None, ["Choose an answer first."]),
        (SEVERAL, [2, 0, 0], True, ["<q>A &lt;b&gt;</q> Because of A.", "<q>C</q> C too."]),
        (SEVERAL, [0], False, ["What you chose is right, and one more is."]),
        (SEVERAL, [1], False, ["<q>B</q> B has another <em>purpose</em>.", "One or more others"]),
        (SEVERAL, [0, 1], False, ["<q>B</q>", "One more is."]),
        (SEVERAL, [0, 1, 2], False, ["<q>B</q>"]),
        (VALUE, "  ", None, ["Write an answer first."]),
        (VALUE, ' "8  HOURS." ', True, ["Eight."]),
        (VALUE, "８", True, ["Eight."]),
        (VALUE, "\u30008\u00a0hours\u3000", True, ["Eight."]),
        (VALUE, "1", False, ["No, longer."]),
        (VALUE, "7", False, ["No."]),
        (ORDER, [0, 1, 2], True, ["So it goes."]),
        (ORDER, [1, 0, 2], False, ["b needs a."]),
        (ORDER, [0, 2, 1], False, ["c needs b."]),
        (ORDER, [2, 0, 1], False, ["c needs b."]),
    ],
)
def test_each_answer_has_its_reason(question, answer, right, said) -> None:  # type: ignore[no-untyped-def]
    verdict = question.judge(answer)
    assert verdict.right is right
    assert len(verdict.remarks) == len(said)
    for remark, beginning in zip(verdict.remarks, said, strict=True):
        assert remark.startswith(beginning)


def test_another_wrong_order_has_words_too() -> None:
    question = OrderQuestion("x", "X", "?", ("a", "b", "c"), "R.", (), "Otherwise.")
    assert question.judge([2, 1, 0]).remarks == ("Otherwise.",)


def test_an_order_begins_wrong_and_always_the_same() -> None:
    assert ORDER.start() == ORDER.start()
    for number in range(50):
        question = OrderQuestion(f"q{number}", "X", "?", ("a", "b", "c"), "R.", (), "O.")
        assert not question.judge(question.start()).right


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("a `b<c>` d", "a <code>b&lt;c&gt;</code> d", "a b<c> d"),
        ("*really* so", "<em>really</em> so", "really so"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("`a*b*c`", "<code>a*b*c</code>", "a*b*c"),
        ("one ` alone", "one ` alone", "one ` alone"),
        (" two\n  lines ", "two lines", "two lines"),
        ('<img src="x">', "&lt;img src=&quot;x&quot;&gt;", '<img src="x">'),
    ],
)
def test_texts_have_code_and_emphasis_and_nothing_else(text: str, html: str, plain: str) -> None:
    assert as_html(text) == html
    assert as_plain(text) == plain


def test_a_question_is_one_sentence_where_no_widgets_run() -> None:
    assert summary(SINGLE) == "A question: Which code?"
