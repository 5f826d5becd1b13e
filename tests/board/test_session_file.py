"""The session as one CSV."""

import csv
import io

import pytest

from lc_tutorial.board.events import AtStep, ErrorName, State
from lc_tutorial.board.room import QUIET
from tests.board.conftest import Board


def rows(board: Board) -> list[dict[str, str]]:
    board.become_teacher()
    answer = board.post("/save", {"csrf": board.csrf})
    assert answer.kind == "text/csv"
    assert "attachment" in answer.header("content-disposition")
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def test_it_has_steps_and_times_and_no_errors(board: Board) -> None:
    token = board.join("Zoë, Mia")
    board.report(token, AtStep(1, 0, State.UNDER_WAY))
    board.clock.now += 60
    board.report(token, AtStep(1, 0, State.STUCK, ErrorName.NOT_WHITELISTED))
    board.clock.now += 60
    board.report(token, AtStep(1, 0, State.DONE), AtStep(1, 1, State.UNDER_WAY))
    first, second = rows(board)
    assert first == {
        "name": "Zoë, Mia",
        "notebook": "01 The flow",
        "step": "Step 1: configure the app",
        "state": "done",
        "begun": "2023-11-14 22:13:20",
        "done": "2023-11-14 22:15:20",
        "times stuck": "1",
    }
    assert (second["state"], second["done"]) == ("not done", "")
    # Whose row was taken off has been there all the same.
    board.clock.now += QUIET
    board.room.take_off(1)
    assert rows(board) == [first, second]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1+1", "\t=1"])
def test_no_name_is_a_formula(board: Board, name: str) -> None:
    board.report(board.join(name), AtStep(1, 0, State.DONE))
    (row,) = rows(board)
    assert row["name"].startswith("'")


def test_quotes_and_commas_stay_in_their_cell(board: Board) -> None:
    board.report(board.join("M\"i\",'a';"), AtStep(1, 0, State.DONE))
    (row,) = rows(board)
    assert row["name"] == "M\"i\",'a';"
