"""What learners' notebooks ask for: to join, to report, to leave. JSON, and no page."""

import logging
import secrets

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lc_tutorial.board.entering import Door, NobodyCanTell, RoomDoor, bearer_of
from lc_tutorial.board.events import MOST_BYTES, Admitted, Join, Reports
from lc_tutorial.board.limits import Pace, TooLarge, body_of
from lc_tutorial.board.rendering import protect
from lc_tutorial.board.room import Room, RoomIsFull

_log = logging.getLogger("lc_tutorial.board")


class Reporting:
    """The learners' side of the board.

    Args:
        room: that they tell of.
        door: who may.
    """

    def __init__(self, room: Room, door: Door) -> None:
        self._room = room
        self._door = door
        # A class behind one router has one address, and all join in the same minute.
        self._joining = Pace(burst=150, rate=2)
        self._reporting = Pace(burst=60, rate=4)

    async def join(self, request: Request) -> Response:
        """`POST /join`: with the room's code and a name; on a hub there is no need to."""
        assert isinstance(self._door, RoomDoor)  # noqa: S101
        host = request.client.host if request.client else ""
        if not self._joining.allows(host):
            return _answer(429)
        try:
            asked = msgspec.json.decode(await body_of(request, MOST_BYTES), type=Join)
        except TooLarge:
            return _answer(413)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _answer(400)
        if not self._door.is_code(asked.code):
            _log.info("Refused: somebody came with a code that is not the room's.")
            return _answer(403)
        # One who joins anew with the token of before is the same person.
        token = bearer_of(request)
        if self._room.find(token) is None:
            token = secrets.token_urlsafe(24)
        try:
            self._room.admit(token, asked.name)
        except RoomIsFull:
            _log.warning("Refused: the room has %d learners, and takes no more.", len(self._room))
            return _answer(507)
        return _answer(200, Admitted(token, self._room.course.edition))

    async def report(self, request: Request) -> Response:
        """`POST /report`: how a learner stands. The answer is the teacher's line."""
        try:
            reporter = await self._door.reporter(request)
        except NobodyCanTell:
            return _answer(503)
        learner = self._room.find(reporter.key) if reporter else None
        if reporter is None or (learner is None and not reporter.name):
            return _answer(401)
        if not self._reporting.allows(reporter.key):
            return _answer(429)
        try:
            told = msgspec.json.decode(await body_of(request, MOST_BYTES), type=Reports)
        except TooLarge:
            return _answer(413)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _answer(400)
        if reporter.is_teacher:
            return _answer(200, self._room.line)
        is_new = learner is None
        try:
            learner = learner or self._room.admit(reporter.key, reporter.name)
        except RoomIsFull:
            _log.warning("Refused: the room has %d learners, and takes no more.", len(self._room))
            return _answer(507)
        self._room.hear(learner, told.edition, told.reports)
        return _answer(200, msgspec.structs.replace(self._room.line, is_new=is_new))

    async def leave(self, request: Request) -> Response:
        """`POST /leave`: forget this learner."""
        try:
            reporter = await self._door.reporter(request)
        except NobodyCanTell:
            return _answer(503)
        if reporter is None:
            return _answer(401)
        self._room.leave(reporter.key)
        return _answer(204)


def _answer(status: int, content: msgspec.Struct | None = None) -> Response:
    body = b"" if content is None else msgspec.json.encode(content)
    return protect(Response(body, status, media_type="application/json"))
