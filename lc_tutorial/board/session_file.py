"""The session as one CSV, for a teacher who says so: steps and times, and no errors."""

import csv
import io
from datetime import UTC, datetime

from lc_tutorial.board.events import State
from lc_tutorial.board.room import Room

_HEAD = ("name", "notebook", "step", "state", "begun", "done", "times stuck")

#: What a spreadsheet may take for the beginning of a formula.
#: Source: OWASP, CSV Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_of(room: Room) -> bytes:
    """One row for each learner and step that was begun, also of who has gone; times in UTC.

    Encoded as UTF-8 with a mark in front: without it spreadsheets take it for something else.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for learner in room.everybody:
        for (book, step), standing in sorted(learner.steps.items()):
            notebook = room.course.notebooks[book]
            done = standing.state is State.DONE
            writer.writerow(
                (
                    _no_formula(learner.name),
                    _no_formula(notebook.title),
                    _no_formula(notebook.steps[step].title),
                    "done" if done else "not done",
                    _moment(standing.begun),
                    _moment(standing.since) if done else "",
                    standing.times_stuck,
                )
            )
    return text.getvalue().encode("utf-8-sig")


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
