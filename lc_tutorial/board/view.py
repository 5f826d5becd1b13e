"""What the page shows of the room at one moment: words and numbers, for the template."""

import time
from dataclasses import dataclass

from lc_tutorial.board.events import State
from lc_tutorial.board.room import Count, Learner, Room, Seen, WrongAnswers
from lc_tutorial.board.syllabus import Step

#: The mark of each state: the shape tells it without its colour, and the word beside it too.
MARKS = {State.DONE: "✓", State.UNDER_WAY: "●", State.STUCK: "▲"}


@dataclass(frozen=True)
class Cell:
    """One learner at one step.

    Attributes:
        state: its class on the page; empty for a step not begun.
        mark: a sign.
        word: what it says beside it.
        why: more about one that is stuck.
    """

    state: str = ""
    mark: str = "–"
    word: str = "not begun"
    why: str = ""


@dataclass(frozen=True)
class Row:
    """One learner, at all steps of the notebook shown."""

    name: str
    number: int
    cells: tuple[Cell, ...]
    elsewhere: str
    is_stuck: bool


@dataclass(frozen=True)
class Column:
    """One step: what stands above it, and how many are done with it."""

    head: str
    title: str
    done: int


@dataclass(frozen=True)
class View:
    """The room, with one notebook's steps.

    Attributes:
        notebook: its position.
        title: of the notebook.
        columns: its steps.
        rows: who is in the room; those who are stuck first, the longest first.
        counts: how many are stuck with the same.
        wrong: questions that went wrong, with the number by which the notebook goes.
        people: how many are in the room.
        stuck: how many of them are stuck.
        line: that the room was sent.
        other_editions: how many have another edition of the course.
    """

    notebook: int
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    counts: tuple[Count, ...]
    wrong: tuple[WrongAnswers, ...]
    people: int
    stuck: int
    line: str
    other_editions: int


def view(room: Room, notebook: int | None = None, only: Learner | None = None) -> View:
    """What is to be shown now.

    Args:
        room: to look at.
        notebook: whose steps; those of the one where most are, if not given.
        only: the one learner to show; all of them, if not given.
    """
    now = room.clock()
    book = room.busiest_notebook() if notebook is None else notebook
    shown = room.course.notebooks[book]
    learners = room.learners if only is None else (only,)
    since = {id(one): seen.since for one, _, _, seen in room.stuck(now) if one in learners}
    in_order = sorted(learners, key=lambda one: (since.get(id(one), now + 1), one.number))
    return View(
        notebook=book,
        title=shown.title,
        columns=tuple(
            Column(_head(step, n), step.rest, _done(room, book, n))
            for n, step in enumerate(shown.steps)
        ),
        rows=tuple(_row(room, one, book, now, is_stuck=id(one) in since) for one in in_order),
        counts=tuple(room.counts(now)) if only is None else (),
        wrong=tuple(room.wrong_answers()) if only is None else (),
        people=len(room),
        stuck=len(since),
        line=room.line.line,
        other_editions=sum(one.other_edition for one in learners),
    )


def _head(step: Step, position: int) -> str:
    # A number beside that of another step would be read as a step's.
    return step.short or ("Exercise" if step.is_exercise else str(position + 1))


def _done(room: Room, book: int, step: int) -> int:
    standings = (one.steps.get((book, step)) for one in room.learners)
    return sum(each is not None and each.state is State.DONE for each in standings)


def _row(room: Room, one: Learner, book: int, now: float, *, is_stuck: bool) -> Row:
    steps = range(len(room.course.notebooks[book].steps))
    cells = tuple(_cell(one.seen(book, step, now), now) for step in steps)
    elsewhere = ""
    if one.other_edition:
        elsewhere = "another edition of the course: the steps can't be told"
    elif one.at is not None and one.at[0] != book:
        elsewhere = f"is in {room.course.notebooks[one.at[0]].title}"
        seen = one.seen(*one.at, now)
        if seen.state is State.STUCK:
            elsewhere += f", stuck {_for(now - seen.since)}: {seen.why}"
    return Row(one.name, one.number, cells, elsewhere, is_stuck)


def _cell(seen: Seen, now: float) -> Cell:
    if seen.state is None:
        return Cell()
    state, mark = seen.state.value.replace(" ", "-"), MARKS[seen.state]
    if seen.state is State.STUCK:
        at = time.strftime("%H:%M", time.localtime(seen.since))
        return Cell(state, mark, f"stuck {_for(now - seen.since)}", f"since {at}: {seen.why}")
    return Cell(state, mark, seen.state.value)


def _for(seconds: float) -> str:
    """How long, in minutes: nobody teaches by the second."""
    minutes = max(int(seconds // 60), 0)
    return f"{minutes} min" if minutes else "under 1 min"
