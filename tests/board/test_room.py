"""How learners stand: what is told, and what it comes to."""

import asyncio

import msgspec
import pytest

from lc_tutorial.board.events import Answered, AtStep, ErrorName, Report, State
from lc_tutorial.board.room import NO_SIGN, QUIET, Count, Room, RoomIsFull
from tests.board.conftest import COURSE, Board

UNDER_WAY, DONE, STUCK = State.UNDER_WAY, State.DONE, State.STUCK
CODE = ErrorName.NOT_WHITELISTED


def at(state: State, error: ErrorName | None = None, step: int = 0) -> AtStep:
    return AtStep(1, step, state, error)


def told(board: Board, *reports: Report, name: str = "mia") -> None:
    learner = board.room.find(name) or board.room.admit(name, name)
    board.room.hear(learner, COURSE.edition, reports)


@pytest.mark.parametrize(
    ("reports", "state", "since"),
    [
        ([at(UNDER_WAY)], UNDER_WAY, 0),
        ([at(UNDER_WAY), at(UNDER_WAY)], UNDER_WAY, 0),
        ([at(UNDER_WAY), at(STUCK, CODE)], STUCK, 1),
        ([at(UNDER_WAY), at(STUCK, CODE), at(UNDER_WAY)], STUCK, 1),
        ([at(STUCK, CODE), at(STUCK, CODE)], STUCK, 0),
        ([at(STUCK, CODE), at(DONE)], DONE, 1),
        ([at(DONE), at(STUCK, CODE)], DONE, 0),
        ([at(DONE), at(UNDER_WAY)], DONE, 0),
    ],
)
def test_the_state_of_a_step(
    board: Board, reports: list[AtStep], state: State, since: float
) -> None:
    began = board.clock.now
    for report in reports:
        told(board, report)
        board.clock.now += 1
    seen = board.room.learners[0].seen(1, 0, board.clock.now)
    assert (seen.state, seen.since - began) == (state, since)


def test_a_step_of_which_nothing_was_told_is_not_begun(board: Board) -> None:
    told(board, at(UNDER_WAY))
    assert board.room.learners[0].seen(1, 1, board.clock.now).state is None


def test_who_gives_no_sign_is_stuck_since_the_last_one(board: Board) -> None:
    told(board, at(UNDER_WAY))
    last = board.clock.now
    board.clock.now += QUIET - 1
    assert not board.room.counts(board.clock.now)
    board.clock.now += 1
    seen = board.room.learners[0].seen(1, 0, board.clock.now)
    assert (seen.state, seen.since, seen.why) == (STUCK, last, NO_SIGN)
    told(board, at(UNDER_WAY))
    assert not board.room.counts(board.clock.now)


def test_who_asks_for_the_line_only_gives_no_sign(board: Board) -> None:
    told(board, at(UNDER_WAY))
    board.clock.now += QUIET
    told(board)
    assert board.room.counts(board.clock.now) == [Count(1, NO_SIGN)]


def test_who_is_done_may_rest(board: Board) -> None:
    told(board, at(UNDER_WAY), at(DONE))
    board.clock.now += 2 * QUIET
    assert not board.room.counts(board.clock.now)


def test_how_many_are_stuck_with_the_same(board: Board) -> None:
    for number in range(6):
        told(board, at(STUCK, CODE), name=f"learner {number}")
    told(board, at(STUCK, ErrorName.API_LIMIT), name="another")
    # One who went on is stuck no more, though the step of before was never done.
    told(board, at(STUCK, CODE), at(UNDER_WAY, step=1), name="went on")
    words = [f"{count.who}: {count.words}" for count in board.room.counts(board.clock.now)]
    assert words == [
        "6 people: redirect URI not on the whitelist",
        "1 person: too many calls of the API",
    ]


def test_which_questions_went_wrong(board: Board) -> None:
    told(board, Answered(1, 1, False), Answered(1, 1, True), name="mended")
    told(board, Answered(1, 1, False), Answered(1, 0, True), name="wrong")
    told(board, Answered(1, 1, True), Answered(1, 1, False), name="played on")
    (wrong,) = board.room.wrong_answers()
    assert (wrong.topic, wrong.people, wrong.answered, wrong.still) == ("what PKCE is for", 2, 3, 1)


@pytest.mark.parametrize(
    "report", [AtStep(7, 0, DONE), AtStep(1, 9, DONE), Answered(0, 0, False), Answered(9, 9, False)]
)
def test_what_the_course_does_not_have_is_not_counted(board: Board, report: Report) -> None:
    told(board, report)
    (learner,) = board.room.learners
    assert not learner.steps
    assert not learner.answers


def test_of_another_edition_nothing_is_counted_and_that_is_said(board: Board) -> None:
    learner = board.room.admit("mia", "Mia")
    board.room.hear(learner, COURSE.edition + 1, [at(DONE)])
    assert learner.other_edition
    assert not learner.steps
    board.room.hear(learner, COURSE.edition, [at(DONE)])
    assert not learner.other_edition
    assert learner.steps


def test_who_has_another_edition_gives_signs_too_and_comes_back(board: Board) -> None:
    learner = board.room.admit("mia", "Mia")
    board.clock.now += QUIET
    board.room.take_off(learner.number)
    assert not board.room.learners
    board.room.hear(learner, COURSE.edition + 1, [at(DONE)])
    assert board.room.learners == (learner,)
    assert not learner.is_quiet(board.clock.now)
    assert not learner.steps


def test_the_room_has_an_end(board: Board) -> None:
    room = Room(COURSE, most=2)
    room.admit("a", "A")
    room.admit("b", "B")
    room.admit("b", "Bea")
    with pytest.raises(RoomIsFull):
        room.admit("c", "C")
    room.leave("a")
    assert room.admit("c", "C").number == 3


def test_only_who_gives_no_sign_is_taken_off(board: Board) -> None:
    told(board, at(STUCK, CODE), name="gone")
    board.clock.now += QUIET
    told(board, at(STUCK, CODE), name="here")
    for number in (0, 1, 2, 3):
        board.room.take_off(number)
    assert [one.name for one in board.room.learners] == ["here"]
    assert len(board.room) == 1
    assert board.room.counts(board.clock.now)[0].people == 1


def test_who_was_taken_off_takes_nobodys_place(board: Board) -> None:
    room = Room(COURSE, most=2, clock=board.clock)
    for number in range(10):
        room.admit(str(number), "A")
        board.clock.now += QUIET
        room.take_off(number + 1)
    assert not len(room)
    assert len(room.everybody) <= 4
    assert room.find("9")


def test_everything_that_can_be_told_is_bounded(board: Board) -> None:
    learner = board.room.admit("mia", "Mia")
    for book in range(100):
        for step in range(100):
            board.room.hear(learner, COURSE.edition, [AtStep(book, step, STUCK, CODE)])
    assert len(learner.steps) == sum(len(each.steps) for each in COURSE.notebooks)


def test_one_who_waits_is_woken_by_a_change_and_else_by_time(
    board: Board, runner: asyncio.Runner
) -> None:
    async def woken() -> bool:
        waiting = asyncio.create_task(board.room.change_since(board.room.version, 60))
        await asyncio.sleep(0)
        board.room.say("Stop")
        await asyncio.wait_for(waiting, 30)
        await board.room.change_since(board.room.version - 1, 60)
        await board.room.change_since(board.room.version, 0.001)
        return True

    assert runner.run(woken())


def test_the_line_is_one_line_and_counted(board: Board) -> None:
    board.room.say("  Stop\nat step 2 " + "x" * 500)
    assert board.room.line.line.startswith("Stop at step 2 x")
    assert len(board.room.line.line) == 140
    board.room.say("")
    assert msgspec.structs.asdict(board.room.line) == {"line": "", "number": 2, "is_new": False}
