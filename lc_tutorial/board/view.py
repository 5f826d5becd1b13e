"""What the page shows of the room at one moment: words and numbers, for the template."""

from dataclasses import dataclass

from lc_tutorial.board.events import State
from lc_tutorial.board.room import NO_SIGN, Count, Learner, Room, Seen, WrongAnswers
from lc_tutorial.board.syllabus import Step

#: The mark of each state: the shape tells it without its colour, and the word beside it too.
MARKS = {State.DONE: "✓", State.UNDER_WAY: "●", State.STUCK: "▲"}

#: So many learners are few: they have large rows. Of more than are in one table, there are two side
#: by side: thirty are to be on one screen.
FEW, MOST_IN_ONE_TABLE = 8, 16

#: What is said where the minutes stand beside it.
_NO_SIGN = "no sign"

#: With more steps the columns are narrow; else those of one table have room for a word.
MANY_STEPS = 9

#: Lines of each list above the table: that of a few, or one of many.
MOST_LINES_ABOVE_FEW, MOST_LINES_ABOVE_MANY = 5, 3


@dataclass(frozen=True)
class Cell:
    """One learner at one step.

    Attributes:
        word: what it says of it.
        mark: a sign for it.
    """

    word: str = "not begun"
    mark: str = "–"

    @property
    def state(self) -> str:
        """Its class on the page."""
        return self.word.replace(" ", "-")


@dataclass(frozen=True)
class Row:
    """One learner, at all steps of the notebook shown.

    Attributes:
        name: of the learner.
        number: theirs, by which the row goes where names are hidden.
        cells: how they stand at each step.
        elsewhere: where they are, if not at a step shown.
        stuck_for: how long they are stuck, wherever they are; empty if they are not.
        why: what they are stuck with.
        is_quiet: whether nothing was heard of them for long.
    """

    name: str
    number: int
    cells: tuple[Cell, ...]
    elsewhere: str
    stuck_for: str
    why: str
    is_quiet: bool


@dataclass(frozen=True)
class Column:
    """One step: what stands above it, and how many are done with it.

    Attributes:
        head: a word or two.
        sign: as much of it as fits above a mark.
        title: the rest of its title.
        done: how many are done with it.
    """

    head: str
    sign: str
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
        tables: the same rows, as many in each table.
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

    @property
    def is_few(self) -> bool:
        """Whether there is room for large rows."""
        return len(self.rows) <= FEW

    @property
    def tables(self) -> tuple[tuple[Row, ...], ...]:
        """The rows, in one table, or in two side by side."""
        half = -(-len(self.rows) // 2) if len(self.rows) > MOST_IN_ONE_TABLE else len(self.rows)
        return (self.rows[:half], self.rows[half:]) if half < len(self.rows) else (self.rows,)

    @property
    def has_many_steps(self) -> bool:
        """Whether the columns are narrow."""
        return len(self.columns) >= MANY_STEPS

    @property
    def has_words(self) -> bool:
        """Whether there is room for a word in each cell."""
        return len(self.tables) == 1 and not self.has_many_steps

    @property
    def most_lines(self) -> int:
        """How many lines of each list to show; the rest is folded away."""
        return MOST_LINES_ABOVE_FEW if self.is_few else MOST_LINES_ABOVE_MANY


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
            Column(_head(step, n), _sign(step, n), step.rest, _done(room, book, n))
            for n, step in enumerate(shown.steps)
        ),
        rows=tuple(_row(room, one, book, now) for one in in_order),
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


def _sign(step: Step, position: int) -> str:
    return "Ex" if step.is_exercise else step.short.removeprefix("Step ") or str(position + 1)


def _done(room: Room, book: int, step: int) -> int:
    standings = (one.steps.get((book, step)) for one in room.learners)
    return sum(each is not None and each.state is State.DONE for each in standings)


def _row(room: Room, one: Learner, book: int, now: float) -> Row:
    steps = range(len(room.course.notebooks[book].steps))
    cells = tuple(_cell(one.seen(book, step, now)) for step in steps)
    at = one.seen(*one.at, now) if one.at is not None else Seen()
    is_stuck = at.state is State.STUCK
    elsewhere = ""
    if one.other_edition:
        elsewhere = "has another edition of the course"
    elif one.at is not None and one.at[0] != book:
        elsewhere = f"in {room.course.notebooks[one.at[0]].title}"
    return Row(
        name=one.name,
        number=one.number,
        cells=cells,
        elsewhere=elsewhere,
        stuck_for=_for(now - at.since) if is_stuck else "",
        why=_NO_SIGN if at.why == NO_SIGN else at.why,
        is_quiet=one.is_quiet(now),
    )


def _cell(seen: Seen) -> Cell:
    return Cell() if seen.state is None else Cell(seen.state.value, MARKS[seen.state])


def _for(seconds: float) -> str:
    """How long, in minutes: nobody teaches by the second."""
    minutes = max(int(seconds // 60), 0)
    return f"{minutes} min" if minutes else "under 1 min"
