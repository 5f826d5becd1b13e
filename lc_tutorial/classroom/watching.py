"""What happens in this kernel, as reports: positions, states and names, and nothing of the content.

The step that a learner is at is the one after the check that passed last in this notebook. Cells
of the course that show an explained error on purpose tell nothing by it.
"""

import os
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from lc_tutorial import memory
from lc_tutorial.board import Course, events
from lc_tutorial.classroom.naming import name_of
from lc_tutorial.course import outline, records

#: Seconds between two signs that cells are run, at the same step.
_BETWEEN_SIGNS = 30.0


class Watch:
    """Listens in this kernel, and makes reports.

    Args:
        course: by which steps are counted.
        report: takes each report; it must not wait for anything.
        must_tell_all: asked after each cell: whether the board has forgotten what it was told.
        clock: seconds.
    """

    def __init__(
        self,
        course: Course,
        report: Callable[[events.Report], None],
        must_tell_all: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._course = course
        self._report = report
        self._must_tell_all = must_tell_all
        self._clock = clock
        self._steps = {
            step.title: (book, position)
            for book, notebook in enumerate(course.notebooks)
            for position, step in enumerate(notebook.steps)
        }
        self._questions = {
            question.id: (book, position)
            for book, notebook in enumerate(course.notebooks)
            for position, question in enumerate(notebook.questions)
        }
        self._passed: dict[int, int] = {}
        self._book = _notebook_of_kernel(course)
        self._fails_on_purpose = False
        self._sign: tuple[tuple[int, int], float] | None = None
        self._events: Any = None

    # --- Listening --------------------------------------------------------------------------------

    def start(self, shell: Any = None) -> None:
        """Listen from now on.

        Args:
            shell: IPython's; none outside of it.
        """
        memory.listen(self.hear)
        if shell is not None and self._events is None:
            self._events = shell.events
            self._events.register("pre_run_cell", self._begin_cell)
            self._events.register("post_run_cell", self._end_cell)

    def stop(self) -> None:
        """Listen no more."""
        memory.stop_listening(self.hear)
        if self._events is not None:
            self._events.unregister("pre_run_cell", self._begin_cell)
            self._events.unregister("post_run_cell", self._end_cell)
            self._events = None

    def hear(self, news: memory.News) -> None:
        """Take what happened, and report what the board may know of it."""
        if isinstance(news, memory.Checked):
            self._checked(news)
        elif isinstance(news, memory.QuestionAnswered):
            if news.question_id in self._questions:
                book, position = self._questions[news.question_id]
                self._report(events.Answered(book, position, news.right))
        elif not self._fails_on_purpose:
            step = self._step()
            if step is not None:
                self._tell(step, events.State.STUCK, name_of(news.problem))

    def _checked(self, news: memory.Checked) -> None:
        if news.title not in self._steps:
            return  # A teacher's own, of which the board knows nothing.
        book, position = self._steps[news.title]
        self._book = book
        if news.passed:
            self._passed[book] = position
            self._tell((book, position), events.State.DONE)
        else:
            error = events.ErrorName.CHECK if news.problem is None else name_of(news.problem)
            self._tell((book, position), events.State.STUCK, error)

    def _begin_cell(self, info: Any) -> None:
        failing = () if self._book is None else outline.outline()[self._book].failing
        source = str(getattr(info, "raw_cell", "") or "").strip()
        self._fails_on_purpose = getattr(info, "cell_id", None) in failing or source in failing

    def _end_cell(self, *_: Any) -> None:
        self._fails_on_purpose = False
        if self._must_tell_all():
            self.tell_what_is_done()
        step = self._step()
        now = self._clock()
        if step is None:
            return
        if self._sign is None or self._sign[0] != step or now - self._sign[1] >= _BETWEEN_SIGNS:
            self._tell(step, events.State.UNDER_WAY)

    # --- Where the learner is ---------------------------------------------------------------------

    def _step(self) -> tuple[int, int] | None:
        """The step that is open in this notebook; None where all are done, or it has none."""
        if self._book is None:
            return None
        steps = self._course.notebooks[self._book].steps
        if self._book not in self._passed:
            self._passed[self._book] = self._done_before(self._book)
        position = self._passed[self._book] + 1
        return (self._book, position) if position < len(steps) else None

    def _done_before(self, book: int) -> int:
        """The last of the steps that were done one after the other from the first; else -1."""
        done = records.done_so_far()
        for position, step in enumerate(self._course.notebooks[book].steps):
            if not (step.title in done.checks and done.checks[step.title].done):
                return position - 1
        return len(self._course.notebooks[book].steps) - 1

    def _tell(
        self,
        step: tuple[int, int],
        state: events.State,
        error: events.ErrorName | None = None,
    ) -> None:
        self._sign = (step, self._clock())
        self._report(events.AtStep(*step, state, error))

    def tell_what_is_done(self) -> None:
        """Report the steps and questions that were done before the learner joined."""
        kept = records.done_so_far()
        for title, step in self._steps.items():
            if title in kept.checks and kept.checks[title].done:
                self._report(events.AtStep(*step, events.State.DONE))
        for question_id, (book, position) in self._questions.items():
            entry = kept.questions.get(question_id)
            if entry is None or not entry.tries:
                continue
            if entry.tries > 1 or not entry.done:
                self._report(events.Answered(book, position, right=False))
            if entry.done:
                self._report(events.Answered(book, position, right=True))


def _notebook_of_kernel(course: Course) -> int | None:
    """The notebook that this kernel runs: Jupyter's server names it in ``JPY_SESSION_NAME``."""
    stem = PurePath(os.environ.get("JPY_SESSION_NAME", "")).stem
    for position, notebook in enumerate(course.notebooks):
        # A copy of it has a longer name.
        if stem and (stem == notebook.stem or stem.startswith(f"{notebook.stem}-")):
            return position
    return None
