"""Questions of a quiz, and what is said of an answer: always with a reason, never a trick."""

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lc_tutorial.course.inline import as_html, as_plain

#: What a right answer's reason may begin with; the verdict says it itself.
_RIGHT = re.compile(r"right[:.,!](\s+|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer.

    Attributes:
        right: whether the answer is; None where there was no answer yet.
        remarks: one after the other: HTML, all from outside escaped.
    """

    right: bool | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What all kinds of questions have.

    Attributes:
        id: of the question, unique in the course.
        topic: a few words.
        text: the question itself.
    """

    id: str
    topic: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from, and why it is right or wrong."""

    text: str
    right: bool
    reason: str


@dataclass(frozen=True)
class ChoiceQuestion(Question):
    """A question with one right choice, or with several.

    Attributes:
        choices: in the order shown.
        several: whether more than one may be chosen.
    """

    choices: tuple[Choice, ...]
    several: bool

    def judge(self, chosen: Sequence[int]) -> Verdict:
        """What is said of these choices, by their positions."""
        picked = [self.choices[each] for each in sorted(set(chosen))]
        if not picked:
            return Verdict(None, ("Choose an answer first.",))
        wrong = [choice for choice in picked if not choice.right]
        lacking = sum(choice.right for choice in self.choices) - (len(picked) - len(wrong))
        if not wrong and not lacking:
            return Verdict(True, tuple(self._remark(choice) for choice in picked))
        remarks = [self._remark(choice) for choice in wrong]
        if lacking and self.several:
            # Which ones is for the learner to find.
            kept = "What you chose is right, and one" if not wrong else "One"
            remarks.append(f"{kept} more is." if lacking == 1 else f"{kept} or more others are.")
        return Verdict(False, tuple(remarks))

    def _remark(self, choice: Choice) -> str:
        reason = as_html(_without_right(choice.reason) if choice.right else choice.reason)
        # Of several it has to be said of which one the reason speaks.
        return f"<q>{as_html(choice.text)}</q> {reason}" if self.several else reason


@dataclass(frozen=True)
class ValueQuestion(Question):
    """A question for a word or a number.

    Attributes:
        answers: each way to write the right one.
        reason: why it is right.
        wrong: wrong values, and the reason for each.
        otherwise: what is said of any other.
    """

    answers: tuple[str, ...]
    reason: str
    wrong: tuple[tuple[str, str], ...]
    otherwise: str

    def judge(self, value: str) -> Verdict:
        """What is said of this value; case, blanks and quotation marks around it don't count."""
        given = comparable(value)
        if not given:
            return Verdict(None, ("Write an answer first.",))
        if given in map(comparable, self.answers):
            return Verdict(True, (as_html(_without_right(self.reason)),))
        reasons = {comparable(wrong): reason for wrong, reason in self.wrong}
        return Verdict(False, (as_html(reasons.get(given, self.otherwise)),))


@dataclass(frozen=True)
class Misplaced:
    """Why the item ``before`` can't stand before the item ``after``."""

    before: int
    after: int
    reason: str


@dataclass(frozen=True)
class OrderQuestion(Question):
    """A question for the order of things.

    Attributes:
        items: in the right order.
        reason: why that is the right one.
        wrong: reasons for pairs in the wrong order.
        otherwise: what is said of any other wrong order.
    """

    items: tuple[str, ...]
    reason: str
    wrong: tuple[Misplaced, ...]
    otherwise: str

    def start(self) -> tuple[int, ...]:
        """The order to begin with: a wrong one, and the same at each time."""
        order = list(range(len(self.items)))
        dice = random.Random(self.id)  # noqa: S311  (no secret depends on it)
        while order == sorted(order):
            dice.shuffle(order)
        return tuple(order)

    def judge(self, order: Sequence[int]) -> Verdict:
        """What is said of this order: positions in ``items``, the first one first."""
        if list(order) == list(range(len(self.items))):
            return Verdict(True, (as_html(_without_right(self.reason)),))
        for pair in self.wrong:
            if order.index(pair.before) < order.index(pair.after):
                return Verdict(False, (as_html(pair.reason),))
        return Verdict(False, (as_html(self.otherwise),))


AnyQuestion = ChoiceQuestion | ValueQuestion | OrderQuestion


def summary(question: AnyQuestion) -> str:
    """One sentence for places where no widgets run."""
    return f"A question: {as_plain(question.text)}"


def comparable(value: str) -> str:
    """A value as it is compared: what people write around it, or in other case, is the same."""
    # Some keyboards write digits and blanks of another width.
    value = unicodedata.normalize("NFKC", value)
    return " ".join(value.casefold().strip(" \t\r\n.\"'`“”‘’„").split())


def _without_right(reason: str) -> str:
    reason = _RIGHT.sub("", reason.strip(), count=1)
    return reason[:1].upper() + reason[1:]
