"""A board without a socket, whose clock a test moves."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from lc_tutorial.board import Course, Notebook, Question, Step, events
from lc_tutorial.board.app import create_app
from lc_tutorial.board.entering import RoomDoor
from lc_tutorial.board.room import Room
from lc_tutorial.sandbox.web import Hosts
from tests.sandbox.asgi import Answer, Client

COURSE = Course(
    (
        Notebook("00_start", "00 Start", (Step("This computer"),)),
        Notebook(
            "01_flow",
            "01 The flow",
            (
                Step("Step 1: configure the app"),
                Step("Step 2: acquire the code"),
                Step("Your turn: less", is_exercise=True),
            ),
            (Question("state", "what state is for"), Question("pkce", "what PKCE is for")),
        ),
    )
)


@dataclass
class Clock:
    """Seconds since the epoch, as the test says."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Board:
    """A board, as browsers and notebooks ask it."""

    door: RoomDoor
    room: Room
    clock: Clock
    http: Client
    cookie: str = field(default="", repr=False)

    def get(self, path: str, cookie: str | None = None) -> Answer:
        return self.http.ask("GET", path.encode(), self._cookie(cookie))

    def post(self, path: str, form: dict[str, str], cookie: str | None = None) -> Answer:
        body = urlencode(form).encode()
        return self.http.ask("POST", path.encode(), self._cookie(cookie), body)

    def tell(self, path: str, content: Any, token: str = "") -> Answer:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        return self.http.ask("POST", path.encode(), headers, body)

    def join(self, name: str = "Mia", token: str = "") -> str:
        wish = events.Join(self.door.code, name, COURSE.edition)
        answer = self.tell("/join", wish, token)
        assert answer.status == 200, answer
        return str(answer.json()["token"])

    def report(self, token: str, *reports: events.Report) -> Answer:
        return self.tell("/report", events.Reports(COURSE.edition, list(reports)), token)

    def become_teacher(self) -> str:
        answer = self.get(f"/teacher?key={self.door.key}")
        assert answer.status == 303, answer
        self.cookie = answer.header("set-cookie").partition(";")[0]
        return answer.header("set-cookie")

    @property
    def csrf(self) -> str:
        page = self.get("/").body.decode()
        return page.partition('name="csrf" value="')[2].partition('"')[0]

    def _cookie(self, cookie: str | None) -> list[tuple[bytes, bytes]]:
        value = self.cookie if cookie is None else cookie
        return [(b"cookie", value.encode())] if value else []


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def board(runner: asyncio.Runner) -> Board:
    clock, door = Clock(), RoomDoor()
    room = Room(COURSE, most=40, clock=clock)
    return Board(door, room, clock, Client(create_app(room, door, hosts=Hosts()), runner))


@pytest.fixture
def room(board: Board) -> Room:
    return board.room
