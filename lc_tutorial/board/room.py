"""The room: who is in it, and how each stands. It lives in memory, and ends with the board.

A learner is **stuck** at a step when an error was explained to them, or a check found something
missing, and no check of that step has passed since; or when nothing was heard of them for
:data:`QUIET` seconds while the step is open. The first is what they are told; the second a guess.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from lc_tutorial.board.events import (
    MOST_OF_A_LINE,
    MOST_OF_A_NAME,
    WORDS,
    Answered,
    AtStep,
    ErrorName,
    Heard,
    Report,
    State,
    plain,
)
from lc_tutorial.board.syllabus import Course

#: Seconds without any sign after which an open step counts as stuck.
QUIET = 600.0

#: What is said where nothing was heard for so long.
NO_SIGN = f"no sign for {QUIET / 60:.0f} minutes"


class RoomIsFull(Exception):
    """There are as many learners as the board takes."""


@dataclass
class Standing:
    """How a learner stands at one step.

    Attributes:
        state: as it was told.
        begun: when it was first told of; seconds since the epoch, as are all times here.
        since: when it came into this state.
        error: why it is stuck.
        times_stuck: how often it was.
    """

    state: State
    begun: float
    since: float
    error: ErrorName | None = None
    times_stuck: int = 0


@dataclass(frozen=True)
class Seen:
    """How a step is to be shown now.

    Attributes:
        state: of it; None for one that is not begun.
        since: when it came into this state.
        why: words for one that is stuck.
    """

    state: State | None = None
    since: float = 0.0
    why: str = ""


@dataclass
class Learner:
    """Somebody in the room.

    Attributes:
        name: as they chose it, on one line; on a hub that of their account.
        number: the how manieth they are: what is shown where names are hidden.
        steps: how they stand at each step, by notebook and step.
        answers: by notebook and question: whether it was ever wrong, and whether it is right now.
        heard: when they gave the last sign.
        at: the step that they are at.
        other_edition: whether their course is of another edition than the board's.
        taken_off: whether the teacher took their row off the board, since when they gave no sign.
    """

    name: str
    number: int
    heard: float
    steps: dict[tuple[int, int], Standing] = field(default_factory=dict)
    answers: dict[tuple[int, int], tuple[bool, bool]] = field(default_factory=dict)
    at: tuple[int, int] | None = None
    other_edition: bool = False
    taken_off: bool = False

    def is_quiet(self, now: float) -> bool:
        """Whether nothing was heard of them for long."""
        return now - self.heard >= QUIET

    def seen(self, notebook: int, step: int, now: float) -> Seen:
        """How a step is to be shown."""
        standing = self.steps.get((notebook, step))
        if standing is None:
            return Seen()
        if standing.state is State.STUCK:
            return Seen(State.STUCK, standing.since, WORDS[standing.error or ErrorName.OTHER])
        if standing.state is State.UNDER_WAY and self.at == (notebook, step) and self.is_quiet(now):
            return Seen(State.STUCK, self.heard, NO_SIGN)
        return Seen(standing.state, standing.since)


@dataclass(frozen=True)
class Count:
    """How many people have the same thing in common."""

    people: int
    words: str

    @property
    def who(self) -> str:
        """How many, as a word."""
        return "1 person" if self.people == 1 else f"{self.people} people"


@dataclass(frozen=True)
class WrongAnswers:
    """A question that went wrong, with how many had it wrong and how many of these still do."""

    notebook: int
    number: int
    topic: str
    people: int
    answered: int
    still: int


class Room:
    """The learners of one session.

    Args:
        course: what they learn.
        most: learners that there may be.
        clock: seconds since the epoch.
    """

    def __init__(
        self, course: Course, most: int = 100, clock: Callable[[], float] = time.time
    ) -> None:
        self.course = course
        self.most = most
        self.clock = clock
        self.line = Heard()
        self.version = 0
        self._learners: dict[str, Learner] = {}
        self._count = 0
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self.learners)

    @property
    def learners(self) -> Sequence[Learner]:
        """All who are in the room, in the order in which they came."""
        return tuple(one for one in self._learners.values() if not one.taken_off)

    @property
    def everybody(self) -> Sequence[Learner]:
        """Those too whose row was taken off."""
        return tuple(self._learners.values())

    def find(self, key: str) -> Learner | None:
        """Who has this key: a token, or on a hub the name of an account."""
        return self._learners.get(key)

    # --- What is told -----------------------------------------------------------------------------

    def admit(self, key: str, name: str) -> Learner:
        """Let a learner in, or give one who is in it another name.

        Raises:
            RoomIsFull: there are too many already.
        """
        name = plain(name, MOST_OF_A_NAME)
        learner = self._learners.get(key)
        if learner is None:
            if len(self) >= self.most:
                raise RoomIsFull
            self._forget_one_taken_off()
            self._count += 1
            learner = Learner("", self._count, self.clock())
            self._learners[key] = learner
        learner.name = name or f"Learner {learner.number}"
        learner.heard, learner.taken_off = self.clock(), False
        self._note_change()
        return learner

    def leave(self, key: str) -> None:
        """Forget a learner, with all that was heard of them."""
        if self._learners.pop(key, None) is not None:
            self._note_change()

    def take_off(self, number: int) -> None:
        """Take a learner's row off the board, if they give no sign; with the next one it is back.

        Args:
            number: theirs.
        """
        for one in self.learners:
            if one.number == number and one.is_quiet(self.clock()):
                one.taken_off = True
                self._note_change()

    def _forget_one_taken_off(self) -> None:
        # They are kept since they may come back; not for ever, where others need the place.
        if len(self._learners) >= 2 * self.most:
            gone = next(key for key, one in self._learners.items() if one.taken_off)
            del self._learners[gone]

    def hear(self, learner: Learner, edition: int, reports: Sequence[Report]) -> None:
        """Take what a learner's notebook tells."""
        if learner.other_edition != (edition != self.course.edition):
            learner.other_edition = not learner.other_edition
            self._note_change()
        if not reports:
            return  # It only asks for the line.
        learner.heard = self.clock()
        learner.taken_off = False
        # Those of another edition mean other steps than ours.
        for report in reports if not learner.other_edition else ():
            if isinstance(report, AtStep):
                self._step(learner, report)
            else:
                self._answer(learner, report)
        self._note_change()

    def _step(self, learner: Learner, report: AtStep) -> None:
        key = report.notebook, report.step
        if not self.course.has_step(*key):
            return
        now = self.clock()
        standing = learner.steps.get(key)
        if standing is None:
            standing = learner.steps[key] = Standing(State.UNDER_WAY, now, now)
        if report.state is not State.DONE:
            learner.at = key
        if standing.state is State.DONE:
            return  # What is done stays done.
        if report.state is State.STUCK:
            standing.error = report.error or ErrorName.OTHER
            standing.times_stuck += standing.state is not State.STUCK
        elif standing.state is State.STUCK and report.state is State.UNDER_WAY:
            return  # Cells are run, and no check has passed.
        if standing.state is not report.state:
            standing.state, standing.since = report.state, now

    def _answer(self, learner: Learner, report: Answered) -> None:
        key = report.notebook, report.question
        if self.course.has_question(*key):
            was_wrong, is_right = learner.answers.get(key, (False, False))
            learner.answers[key] = (
                was_wrong or not (report.right or is_right),
                (is_right or report.right),
            )

    def say(self, line: str) -> None:
        """Send the room a line; an empty one takes the last one back."""
        self.line = Heard(plain(line, MOST_OF_A_LINE), self.line.number + 1)
        self._note_change()

    # --- What it comes to -------------------------------------------------------------------------

    def stuck(self, now: float) -> Iterator[tuple[Learner, int, int, Seen]]:
        """Who is stuck at which step: only the step that each is at counts."""
        for learner in self.learners:
            if learner.at is not None:
                seen = learner.seen(*learner.at, now)
                if seen.state is State.STUCK:
                    yield learner, *learner.at, seen

    def counts(self, now: float) -> list[Count]:
        """How many are stuck with the same error, most first."""
        people: dict[str, int] = {}
        for _, _, _, seen in self.stuck(now):
            people[seen.why] = people.get(seen.why, 0) + 1
        return sorted(
            (Count(number, words) for words, number in people.items()),
            key=lambda count: (-count.people, count.words),
        )

    def wrong_answers(self) -> list[WrongAnswers]:
        """The questions that went wrong, most people first."""
        found = []
        for book, notebook in enumerate(self.course.notebooks):
            for position, question in enumerate(notebook.questions):
                key = book, position
                answers = [one.answers[key] for one in self.learners if key in one.answers]
                wrong = [is_right for was_wrong, is_right in answers if was_wrong]
                if wrong:
                    found.append(
                        WrongAnswers(
                            book,
                            position,
                            question.topic,
                            len(wrong),
                            len(answers),
                            wrong.count(False),
                        )
                    )
        return sorted(found, key=lambda each: (-each.people, each.notebook, each.number))

    def busiest_notebook(self) -> int:
        """The notebook in which most are; the later one of two."""
        books = [learner.at[0] for learner in self.learners if learner.at is not None]
        return max(books, key=lambda book: (books.count(book), book), default=0)

    # --- Who waits for a change -------------------------------------------------------------------

    def wake(self) -> None:
        """Wake all who wait for a change, as if there were one."""
        self._note_change()

    def _note_change(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def change_since(self, version: int, seconds: float) -> None:
        """Wait until something has changed since a version, for so many seconds at most."""
        if self.version == version:
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), seconds)
            except TimeoutError:
                return
