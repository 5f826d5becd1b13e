"""``lc.join`` and ``lc.leave`` with a real board; and on a hub, where learners need not join."""

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
import trustme
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import lc_tutorial as lc
from lc_tutorial import classroom
from lc_tutorial.board import events
from lc_tutorial.board.app import create_app
from lc_tutorial.board.entering import Reporter, RoomDoor, Visitor, bearer_of
from lc_tutorial.board.room import Learner, Room
from lc_tutorial.classroom import hub, joining, kept, place
from lc_tutorial.classroom.syllabus import course
from lc_tutorial.course.findings import RIGHT, Check, Finding
from lc_tutorial.errors import ConnectionProblem, InputError, TutorialError
from lc_tutorial.sandbox.web import Hosts
from tests.sandbox.conftest import serving
from tests.unit.classroom.strangers import answering, listening
from tests.unit.classroom.test_sending_reports import until

STEP_1 = course().notebooks[1].steps[0].title


class Recording:
    """Keeps all that arrives at a board: addresses, headers and bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.arrived: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def noted() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        await self._app(scope, noted, send)
        head = [scope["path"].encode(), scope["query_string"], *sum(scope["headers"], ())]
        self.arrived.append(b"\n".join([*head, bytes(body)]))


@dataclass
class RealBoard:
    url: str
    door: RoomDoor
    room: Room
    recording: Recording = field(repr=False)

    @property
    def learners(self) -> str:
        return f"{self.url}/join/{self.door.code}"

    @property
    def only(self) -> Learner:
        (learner,) = self.room.learners
        return learner

    def state(self, notebook: int = 1, step: int = 0) -> str:
        seen = self.only.seen(notebook, step, self.room.clock())
        return seen.state.value if seen.state else ""


@pytest.fixture
def board() -> Iterator[RealBoard]:
    room, door = Room(course(), most=3), RoomDoor()
    recording = Recording(create_app(room, door, hosts=Hosts()))
    with serving() as (stage, port):
        stage.app = recording
        yield RealBoard(f"http://127.0.0.1:{port}", door, room, recording)


def pass_step_1() -> None:
    Check(STEP_1, (Finding(RIGHT, "So."),), "Go on.")


def restart_kernel() -> None:
    """What a new kernel of the same Jupyter has: nothing but what is kept."""
    assert joining._now is not None
    joining._now.stop()
    joining._now = None


def test_nothing_is_sent_before_joining_and_nothing_after_leaving(board: RealBoard) -> None:
    pass_step_1()
    assert not board.recording.arrived
    note = lc.join(board.learners, name=" Mia\n")
    assert "You are in the room, as Mia." in repr(note)
    assert "Never a secret, an id, or what is in your cells." in repr(note)
    assert "unencrypted" not in repr(note)
    pass_step_1()
    until(lambda: board.state() == "done")
    assert "Your teacher's board is told how far you are." in repr(lc.progress())
    assert "forgotten" in repr(lc.leave())
    assert not len(board.room)
    arrived = len(board.recording.arrived)
    pass_step_1()
    assert len(board.recording.arrived) == arrived
    assert "board" not in repr(lc.progress())
    assert "in no room" in repr(lc.leave())


def test_where_it_can_not_be_kept_leaving_is_told_all_the_same(
    board: RealBoard, alone: Path
) -> None:
    (alone / "runtime").touch()
    assert "join in each" in repr(lc.join(board.learners, name="Mia"))
    assert "forgotten" in repr(lc.leave())
    assert not len(board.room)


def test_on_a_full_disk_what_was_kept_of_another_room_silences_nobody(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep(kept.Joined("http://127.0.0.1:9/", "made-up", "Mia"))

    def is_full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(kept, "keep", is_full)
    lc.join(board.learners, name="Mia")
    pass_step_1()
    until(lambda: board.state() == "done")


def test_the_hubs_token_goes_to_the_hubs_own_board_alone(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A learner of a hub can join another room, whose board is somebody else's."""
    monkeypatch.setenv(hub.VARIABLE, "http://127.0.0.1:9/")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "not-a-real-server-token")
    monkeypatch.setenv("JUPYTERHUB_USER", "mia")
    lc.join(board.learners, name="Mia")
    assert "forgotten" in repr(lc.leave())
    assert not len(board.room)
    lc.leave()
    classroom.rejoin()
    lc.join(board.learners, name="Mia")
    assert b"not-a-real-server-token" not in b"\n".join(board.recording.arrived)


def test_another_notebook_and_a_restarted_kernel_go_on(board: RealBoard) -> None:
    lc.join(board.learners, name="Mia")
    restart_kernel()
    classroom.rejoin()
    pass_step_1()
    until(lambda: board.state() == "done")
    assert board.only.name == "Mia"


def test_what_is_kept_is_for_its_owner_alone_and_has_no_code(board: RealBoard, alone: Path) -> None:
    lc.join(board.learners, name="Mia")
    (path,) = (alone / "runtime").glob("lc_tutorial-board-*")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert board.door.code not in path.read_text()
    assert not any(each.read_bytes() for each in (alone / "course").iterdir())
    token = json.loads(path.read_text())["token"]
    assert token not in repr(kept.kept())
    assert token not in repr(joining._now)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"url": 5}',
        '{"url":"http://x/","token":"t","name":"n","at":1.0}',
        "[" * 9000,
        '{"name":"\xff"}',
    ],
)
def test_what_is_kept_and_can_not_be_used_is_nothing(alone: Path, content: str) -> None:
    place.path().parent.mkdir()
    place.path().write_bytes(content.encode("latin-1"))
    assert kept.kept() is None
    classroom.rejoin()
    assert joining._now is None


def test_joining_again_is_the_same_person_with_another_name(board: RealBoard) -> None:
    lc.join(board.learners, name="Mia")
    lc.join(board.learners, name="Mia K.")
    assert board.only.name == "Mia K."


def test_whoever_starts_jupyter_anew_and_joins_again_is_the_same_person(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_PARENT_PID", "999999999")  # no process has it
    lc.join(board.learners, name="Mia")
    restart_kernel()
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    classroom.rejoin()
    assert joining._now is None
    for name in ("Ben", "Mia"):
        lc.join(board.learners, name=name)
        restart_kernel()
        kept.forget()
    assert [one.name for one in board.room.learners] == ["Mia", "Ben"]


def test_two_who_share_an_account_and_a_name_are_two(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    for application in ("1", str(os.getpid())):
        monkeypatch.setenv("JPY_PARENT_PID", application)
        lc.join(board.learners, name="Mia")
        restart_kernel()
    assert len(board.room) == 2


def test_leaving_in_one_notebook_silences_the_others(board: RealBoard) -> None:
    lc.join(board.learners, name="Mia")
    assert joining._now is not None
    other = joining._now.sender
    kept.forget()
    other.put(events.AtStep(1, 0, events.State.DONE))
    until(lambda: not other._thread.is_alive())


def test_where_another_notebook_left_and_came_in_again_this_one_goes_on(board: RealBoard) -> None:
    lc.join(board.learners, name="Mia")
    joined = kept.kept()
    assert joining._now is not None
    assert joined is not None
    sender = joining._now.sender
    kept.forget()
    assert "board" not in repr(lc.progress())
    sender.put(events.AtStep(1, 0, events.State.UNDER_WAY))
    until(lambda: not sender._thread.is_alive())
    kept.keep(joined)
    assert "board" not in repr(lc.progress())
    classroom.rejoin()
    assert "is told how far you are" in repr(lc.progress())
    pass_step_1()
    until(lambda: board.state() == "done")
    # Whom the board has forgotten comes in as somebody new.
    board.room.leave(joined.token)
    board.room.admit("another-made-up-token", "Mia")
    kept.keep(msgspec.structs.replace(joined, token="another-made-up-token"))
    classroom.rejoin()
    pass_step_1()
    until(lambda: board.state() == "done")


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda _: lc.join(), InputError, "The address is missing"),
        (lambda board: lc.join(board.learners), InputError, "The name is missing"),
        (lambda board: lc.join(board.learners, name=""), InputError, "Any name will do"),
        (lambda board: lc.join(board.learners, name=" \n"), InputError, "Any name will do"),
        (lambda board: lc.join(board.learners, name="\x07\u200b"), InputError, "can be seen"),
        (lambda board: lc.join(board.learners, name=5), InputError, "of the type int"),
        (
            lambda board: lc.join(board.learners.replace("http:", "https:"), name="Mia"),
            ConnectionProblem,
            "Likely the address begins with http://, and not with https://",
        ),
        (lambda board: lc.join(board.url, name="Mia"), InputError, "code of the room is missing"),
        (
            lambda board: lc.join(f"{board.url}/join/AAAA-AAAA", name="Mia"),
            InputError,
            "does not know this code",
        ),
        (
            lambda _: lc.join("http://127.0.0.1:9/join/AAAA", name="Mia"),
            ConnectionProblem,
            "does not answer",
        ),
    ],
)
def test_what_can_go_wrong_is_explained(
    board: RealBoard,
    call: Callable[[RealBoard], object],
    kind: type[TutorialError],
    words: str,
) -> None:
    with pytest.raises(kind) as caught:
        call(board)
    assert words in str(caught.value)
    assert caught.value.remedy
    assert joining._now is None
    assert kept.kept() is None


def test_http_where_the_board_has_a_certificate(tmp_path: Path) -> None:
    made = trustme.CA().issue_cert("127.0.0.1")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    with serving(ssl_certfile=tmp_path / "both.pem") as (stage, port):
        stage.app = create_app(Room(course()), RoomDoor())
        with pytest.raises(ConnectionProblem) as caught:
            lc.join(f"http://127.0.0.1:{port}/join/AAAA", name="Mia")
        assert "Likely the address begins with https://, and not with http://." in str(caught.value)
        with pytest.raises(TutorialError, match="could not show that it is the board"):
            lc.join(f"https://127.0.0.1:{port}/join/AAAA", name="Mia")


@pytest.mark.parametrize(
    ("name", "shown", "note"),
    [
        ("  Mia\t\n K. ", "Mia K.", ""),
        ("M\x00i\x1b\u202ea", "Mia", ""),
        ("m" * 40, "m" * 40, ""),
        ("m" * 5000, "m" * 40, "The name was shortened: the board takes 40 characters."),
    ],
)
def test_a_name_is_shown_as_the_board_has_it(
    board: RealBoard, name: str, shown: str, note: str
) -> None:
    told = repr(lc.join(f" {board.learners}\n", name=name))
    assert f"You are in the room, as {shown}." in told
    assert ("shortened" in told) == bool(note)
    assert note in told
    assert board.only.name == shown


def test_what_does_not_answer_as_a_board_does_is_perhaps_none() -> None:
    for answer in (
        answering(b"<html>"),
        answering(b'{"token":"\xff"}'),
        answering(b"", b"302 Found", b"Location: /x\r\n"),
        answering(b"", b"500 Internal Server Error"),
    ):
        with listening(answer) as (url, _), pytest.raises(TutorialError) as caught:
            lc.join(f"{url}join/AAAA", name="Mia")
        assert "does not answer as a board does" in caught.value.what
        assert caught.value.why.startswith("Likely another program listens there")


def test_a_full_room(board: RealBoard) -> None:
    for number in range(3):
        board.room.admit(str(number), "x")
    with pytest.raises(TutorialError, match="The room is full"):
        lc.join(board.learners, name="Mia")


def test_on_a_network_it_says_that_it_can_be_read() -> None:
    assert "unencrypted" in repr(joining._note_of("Mia", readable=True))


def test_the_note_shows_a_name_as_text(board: RealBoard) -> None:
    assert "as &lt;b&gt;Mia.</b>" in lc.join(board.learners, name="<b>Mia")._repr_html_()


class _HubsDoor:
    """A door that knows one server's token, as the hub's does."""

    async def visitor(self, request: object) -> Visitor:
        return Visitor(is_teacher=False)

    async def reporter(self, request: Request) -> Reporter | None:
        known = bearer_of(request) == "not-a-real-server-token"
        return Reporter("mia", name="mia") if known else None


def test_on_a_hub_that_says_so_learners_come_in_by_themselves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], alone: Path
) -> None:
    room = Room(course())
    with serving() as (stage, port):
        stage.app = create_app(room, _HubsDoor(), prefix="/services/board")
        monkeypatch.setenv(hub.VARIABLE, f"http://127.0.0.1:{port}/services/board")
        monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "not-a-real-server-token")
        monkeypatch.setenv("JUPYTERHUB_USER", "mia")
        classroom.rejoin()
        assert "You are in the room, as mia." in capsys.readouterr().out
        pass_step_1()
        until(lambda: len(room) and room.learners[0].seen(1, 0, room.clock()).state)
        (path,) = (alone / "runtime").glob("lc_tutorial-board-*")
        assert "not-a-real-server-token" not in path.read_text()
        # In the next notebook nothing is said again.
        restart_kernel()
        classroom.rejoin()
        assert capsys.readouterr().out == ""
        # Who has left stays out, also after a restart, until they join.
        assert "forgotten" in repr(lc.leave())
        assert not len(room)
        classroom.rejoin()
        assert joining._now is None
        assert "as mia" in repr(lc.join())
        pass_step_1()
        until(lambda: len(room))


def test_without_a_server_token_a_hubs_word_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hub.VARIABLE, "http://127.0.0.1:9/")
    classroom.rejoin()
    assert joining._now is None


SECRETS = {
    "client_id": "0123456789abcdef0123456789abcdef",
    "client_secret": "not-a-real-client-secret-xyzzy",
    "access_token": "dal:not-a-real-access-token-plugh",
    "code": "not-a-real-code-frotz",
    "chat_id": "PJ0MRSHTDG",
}


def test_no_byte_of_what_cells_hold_reaches_the_board(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real kernel's shell, whose cells hold secrets, fail with them, and answer with them."""
    from IPython.core.interactiveshell import InteractiveShell

    from lc_tutorial.course import tracebacks

    shell = InteractiveShell()
    monkeypatch.setattr(joining, "get_ipython", lambda: shell)
    monkeypatch.setenv("JPY_SESSION_NAME", "01_authorization_in_practice.ipynb")
    tracebacks.install(shell)
    lc.join(board.learners, name="Mia")
    for name, secret in SECRETS.items():
        shell.run_cell(f"{name} = {secret!r}")
        for cell in (
            f"raise lc.TutorialError({secret!r}, {secret!r}, {secret!r})",
            f"import requests; requests.get('http://127.0.0.1:9/?code={secret}')",
            f"lc.join({secret!r}, name={secret!r})",
            f"{{}}[{secret!r}]",
            f"lc.quiz({secret!r})",
            f"lc.check_token({secret!r})",
            f"{secret!r} +",
        ):
            shell.run_cell(f"import lc_tutorial as lc; {cell}")
    Check(f"A check of {SECRETS['code']}", (Finding("missing", SECRETS["access_token"]),), "")
    Check(STEP_1, (Finding("missing", SECRETS["access_token"]),), "")
    until(lambda: board.state() == "stuck")
    pass_step_1()
    until(lambda: board.state() == "done")
    sent = b"\n".join(board.recording.arrived)
    assert b"step" in sent
    for secret in (*SECRETS.values(), "xyzzy", "plugh", "frotz", os.getcwd(), "01_auth"):
        assert secret.encode() not in sent, secret
