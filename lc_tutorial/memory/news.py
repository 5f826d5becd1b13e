"""What happens to the learner in this kernel, told to whoever listens: nobody, by default.

Checks, answers and explained errors are told as they happen. The other way goes what a listener
has for the learner: a line from their teacher, and how it stands with telling.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Checked:
    """A check came to its end.

    Attributes:
        title: of the check.
        passed: whether nothing was missing.
        problem: the explained error that it found, if it was one.
    """

    title: str
    passed: bool
    problem: Exception | None = None


@dataclass(frozen=True)
class QuestionAnswered:
    """A question of a quiz was answered."""

    question_id: str
    right: bool


@dataclass(frozen=True)
class Explained:
    """An error was explained to the learner: in a cell, or in a form."""

    problem: Exception


News = Checked | QuestionAnswered | Explained

_listeners: list[Callable[[News], None]] = []
_line = ""
_standing: Callable[[], str] | None = None


def listen(listener: Callable[[News], None]) -> None:
    """Tell this listener from now on. It must not wait for anything."""
    if listener not in _listeners:
        _listeners.append(listener)


def stop_listening(listener: Callable[[News], None]) -> None:
    """Tell it nothing any more."""
    if listener in _listeners:
        _listeners.remove(listener)


def tell(news: News) -> None:
    """Tell all who listen."""
    for listener in tuple(_listeners):
        with suppress(Exception):  # Who listens must not disturb the learner.
            listener(news)


def note_line(line: str) -> None:
    """Keep a line of the teacher's for the learner's next check, in the place of one before."""
    global _line
    _line = line


def take_line() -> str:
    """The teacher's line, once; empty, if there is none."""
    global _line
    line, _line = _line, ""
    return line


def note_standing(ask: Callable[[], str] | None) -> None:
    """Keep how to learn how it stands with telling, for ``lc.progress()``; None for not at all."""
    global _standing
    _standing = ask


def standing() -> str:
    """How it stands with telling, as one sentence; empty, where nobody is told anything."""
    return _standing() if _standing is not None else ""
