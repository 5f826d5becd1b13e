"""Who may report, and how much."""

import asyncio
from typing import ClassVar

import msgspec
import pytest
from tornado.web import HTTPError

from lc_tutorial.board.app import create_app
from lc_tutorial.board.entering import RoomDoor
from lc_tutorial.board.events import AtStep, Join, Reports, State
from lc_tutorial.board.hub_login import HubDoor, _Remembered
from lc_tutorial.board.limits import Pace
from lc_tutorial.board.room import QUIET, Room
from tests.board.conftest import COURSE, Board, Clock
from tests.sandbox.asgi import Client


def test_a_code_lets_in_however_it_was_typed(board: Board) -> None:
    for code in (board.door.code, board.door.code.lower(), board.door.code.replace("-", "")):
        assert board.tell("/join", Join(code, "Mia", 1)).status == 200


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "é" * 12, "-" * 12])
def test_no_other_code_does(board: Board, code: str) -> None:
    assert board.tell("/join", Join(code, "Mia", 1)).status == 403
    assert not len(board.room)


@pytest.mark.parametrize("path", ["/report", "/join"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"null", 400),
        (b"[" * 10_000, 400),
        (b"\xff", 400),
        (b'{"code":"\xff"}', 400),
        (b'{"reports":[{"type":"step","state":"\xff"}]}', 400),
        (b'{"\xff":1}', 400),
        (b'{"edition":1,"reports":[],"cell":"x"}', 400),
        (b" " * 20_000, 413),
    ],
)
def test_what_is_no_report_is_refused(board: Board, path: str, body: bytes, status: int) -> None:
    assert board.tell(path, body, board.join()).status == status


def test_too_many_reports_in_one_are_refused(board: Board) -> None:
    token = board.join()
    assert board.report(token, *[AtStep(1, 0, State.DONE)] * 65).status == 400
    assert board.report(token, *[AtStep(1, 0, State.DONE)] * 64).status == 200


@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000])
def test_who_has_not_joined_reports_nothing(board: Board, token: str) -> None:
    assert board.report(token, AtStep(1, 0, State.DONE)).status == 401


def test_one_who_joins_again_is_the_same_person(board: Board) -> None:
    token = board.join("Mia")
    assert board.join("Mia K.", token) == token
    assert [one.name for one in board.room.learners] == ["Mia K."]
    board.join("Mia K.")
    assert len(board.room) == 2


def test_whose_row_was_taken_off_is_back_with_the_next_sign(board: Board) -> None:
    token, other = board.join("Mia"), board.join("Tom")
    board.report(token, AtStep(1, 0, State.DONE))
    board.clock.now += QUIET
    for number in (1, 2):
        board.room.take_off(number)
    assert not board.room.learners
    # A notebook that only asks for the line is no sign: it does so for minutes after the last cell.
    assert board.report(token).json()["is_new"] is False
    assert not board.room.learners
    board.report(token, AtStep(1, 1, State.UNDER_WAY))
    assert [(one.name, len(one.steps)) for one in board.room.learners] == [("Mia", 2)]
    board.join("Tom", other)
    assert [one.name for one in board.room.learners] == ["Mia", "Tom"]


def test_a_name_of_nothing_that_can_be_seen_becomes_a_number(board: Board) -> None:
    board.join("\u200b\u202e")
    assert board.room.learners[0].name == "Learner 1"


def test_who_leaves_is_forgotten(board: Board) -> None:
    token = board.join("Mia")
    board.report(token, AtStep(1, 0, State.DONE))
    assert board.tell("/leave", b"{}", token).status == 204
    assert not len(board.room)
    assert board.report(token).status == 401
    assert board.tell("/leave", b"{}").status == 401


def test_the_room_is_full_at_its_bound(board: Board) -> None:
    for number in range(40):
        board.join(f"Learner {number}")
    wish = Join(board.door.code, "One more", COURSE.edition)
    assert board.tell("/join", wish).status == 507


def test_one_who_reports_without_end_is_slowed_down_and_no_other_is(board: Board) -> None:
    mia, tom = board.join("Mia"), board.join("Tom")
    answers = [board.report(mia).status for _ in range(80)]
    assert answers[:60] == [200] * 60
    assert answers[-1] == 429
    assert board.report(tom).status == 200


def test_a_pace_comes_back_with_time_and_forgets_who_went() -> None:
    clock = Clock(0)
    pace = Pace(burst=2, rate=0.5, most=3, clock=clock)
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
    clock.now += 2
    assert [pace.allows("a") for _ in range(2)] == [True, False]
    for other in "bcde":
        assert pace.allows(other)
    assert len(pace._left) == 3


def test_who_leaves_in_the_middle_of_a_report_is_no_failure(
    board: Board, runner: asyncio.Runner, capfd: pytest.CaptureFixture[str]
) -> None:
    pieces = [{"type": "http.request", "body": b'{"edit', "more_body": True}]

    async def receive() -> dict[str, object]:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass

    token = board.join()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/report",
        "query_string": b"",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {token}".encode())],
    }
    runner.run(board.http.app(scope, receive, send))  # type: ignore[arg-type]
    assert capfd.readouterr() == ("", "")


class _HubThatIsAway:
    """What the board uses of jupyterhub, where the hub does not answer."""

    access_scopes = frozenset({"access:services!service=board"})

    async def user_for_token(self, *_: object, **__: object) -> None:
        raise HTTPError(502)


def test_a_hub_that_is_away_makes_nobody_a_stranger(runner: asyncio.Runner) -> None:
    """A notebook that is told that it is not known gives up; one that is told to wait does not."""
    room = Room(COURSE)
    http = Client(create_app(room, HubDoor(_HubThatIsAway())), runner)
    for path in (b"/report", b"/leave"):
        for token, status in ((b"not-a-real-token", 503), (b"", 401)):
            headers = [(b"authorization", b"Bearer " + token)]
            assert http.ask("POST", path, headers, b"{}").status == status


class _HubOfMia:
    """One that knows a few tokens."""

    USERS: ClassVar[dict[str, dict[str, object]]] = {
        "not-a-real-token": {"name": "mia", "groups": ["learners"]},
        "not-a-real-token-of-tess": {"name": "tess", "groups": ["teachers"]},
        "not-a-real-token-of-ada": {"name": "ada", "admin": True},
    }

    access_scopes = frozenset({"access:services!service=board"})

    async def user_for_token(self, token: str, **_: object) -> dict[str, object] | None:
        return {"kind": "user", **self.USERS[token]} if token in self.USERS else None

    def check_scopes(self, *_: object) -> bool:
        return True


def test_a_teachers_notebook_has_no_row_and_hears_the_line(runner: asyncio.Runner) -> None:
    room = Room(COURSE)
    room.say("Stop")
    http = Client(create_app(room, HubDoor(_HubOfMia())), runner)
    body = msgspec.json.encode(Reports(COURSE.edition, [AtStep(1, 0, State.DONE)]))
    for token in _HubOfMia.USERS:
        headers = [(b"authorization", b"Bearer " + token.encode())]
        answer = http.ask("POST", b"/report", headers, body)
        assert (answer.status, answer.json()["line"]) == (200, "Stop")
    assert [one.name for one in room.learners] == ["mia"]


def test_no_number_of_strangers_keeps_out_whom_the_hub_knew(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = HubDoor(_HubOfMia())
    # As if a minute had passed each time.
    monkeypatch.setattr(door, "_users", _Remembered(0))
    http = Client(create_app(Room(COURSE), door), runner)
    body = msgspec.json.encode(Reports(COURSE.edition))

    def status(token: bytes) -> int:
        headers = [(b"authorization", b"Bearer " + token)]
        return http.ask("POST", b"/report", headers, body).status

    assert status(b"not-a-real-token") == 200
    assert {status(b"made-up-%d" % number) for number in range(300)} == {401, 503}
    assert status(b"not-a-real-token") == 200


def test_a_code_has_fifty_bits_and_a_key_more() -> None:
    door = RoomDoor()
    assert 30 ** len(door.code.replace("-", "")) > 2**50
    assert len(door.key) >= 32
    assert door.code not in repr(door)
