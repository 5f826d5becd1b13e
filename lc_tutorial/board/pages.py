"""The pages for people: the teacher's board, a learner's own row, and what a code is for."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lc_tutorial.board.entering import Door, RoomDoor, Visitor, is_own_form, set_cookie
from lc_tutorial.board.events import MOST_OF_A_LINE
from lc_tutorial.board.limits import TooLarge, body_of
from lc_tutorial.board.live import LivePages
from lc_tutorial.board.rendering import page, problem, protect, text_of
from lc_tutorial.board.room import QUIET, Room
from lc_tutorial.board.session_file import csv_of
from lc_tutorial.board.view import view

_MOST_OF_A_FORM = 4096


class Pages:
    """What browsers get.

    Args:
        room: to show.
        door: who may see it.
    """

    def __init__(self, room: Room, door: Door) -> None:
        self._room = room
        self._door = door
        self.live = LivePages(room)

    async def board(self, request: Request) -> Response:
        """`GET /`: the board for a teacher; on a hub, for a learner their own row."""
        visitor = await self._door.visitor(request)
        if isinstance(visitor, Response):
            return visitor
        if not visitor.is_teacher and not visitor.learner:
            return _no_entrance()
        notebook = self._notebook(request)
        return page(
            "board.html",
            root="",
            room=self._shown(visitor, notebook)(),
            visitor=visitor,
            notebook=notebook,
            notebooks=[each.title for each in self._room.course.notebooks],
            events=f"events{_asking_for(notebook)}",
            of_notebook=_asking_for(notebook),
            quiet=int(QUIET / 60),
            most_of_a_line=MOST_OF_A_LINE,
            line=self._room.line.line,
        )

    async def events(self, request: Request) -> Response:
        """`GET /events`: the same, whenever it has changed."""
        visitor = await self._door.visitor(request)
        if isinstance(visitor, Response) or not (visitor.is_teacher or visitor.learner):
            return protect(Response(status_code=403))
        shown = self._shown(visitor, self._notebook(request))
        answer = self.live.stream(shown, "" if visitor.is_teacher else visitor.learner)
        return answer or protect(Response(status_code=503, headers={"Retry-After": "10"}))

    async def line(self, request: Request) -> Response:
        """`POST /line`: the teacher sends the room one line, or takes it back."""
        form = await self._form_of_teacher(request)
        if isinstance(form, Response):
            return form
        self._room.say("" if "take-back" in form else form.get("line", ""))
        return _back(request)

    async def take_off(self, request: Request) -> Response:
        """`POST /take-off`: the teacher takes the row of one who gives no sign off the board."""
        form = await self._form_of_teacher(request)
        if isinstance(form, Response):
            return form
        number = form.get("take-off", "")
        if number.isascii() and number.isdigit():
            self._room.take_off(int(number[:9]))
        return _back(request)

    async def save(self, request: Request) -> Response:
        """`POST /save`: the session as one CSV."""
        form = await self._form_of_teacher(request)
        if isinstance(form, Response):
            return form
        return protect(
            Response(
                csv_of(self._room),
                media_type="text/csv",
                headers={"Content-Disposition": 'attachment; filename="lc_tutorial_session.csv"'},
            )
        )

    async def teacher(self, request: Request) -> Response:
        """`GET /teacher?key=…`: the teacher's key for a cookie. There is none on a hub."""
        assert isinstance(self._door, RoomDoor)  # noqa: S101
        cookie = self._door.admit_teacher(request.query_params.get("key", ""))
        if cookie is None:
            return _no_entrance()
        answer = protect(RedirectResponse("./", 303))
        set_cookie(request, answer, cookie)
        return answer

    async def for_learner(self, _: Request) -> Response:
        """`GET /join/CODE`: for a learner who opens the address in a browser."""
        return page("join.html", root="../")

    # ----------------------------------------------------------------------------------------------

    def _shown(self, visitor: Visitor, notebook: int | None) -> Callable[[], str]:
        """What makes the changing part of the page, for this visitor."""

        def now() -> str:
            only = None if visitor.is_teacher else self._room.find(visitor.learner)
            if not visitor.is_teacher and only is None:
                return text_of("absent.html")
            shown = view(self._room, notebook, only)
            return text_of(
                "room.html",
                view=shown,
                is_teacher=visitor.is_teacher,
                csrf=visitor.csrf,
                take_off_to=f"take-off{_asking_for(notebook)}",
            )

        return now

    def _notebook(self, request: Request) -> int | None:
        """Which notebook's steps are asked for; None for the one where most are."""
        given = request.query_params.get("notebook", "")
        if not given.isascii() or not given.isdigit():
            return None
        number = int(given[:4])
        return number if number < len(self._room.course.notebooks) else None

    async def _form_of_teacher(self, request: Request) -> dict[str, str] | Response:
        """The fields of a form that the teacher's own page sent; else the answer that refuses."""
        visitor = await self._door.visitor(request)
        if isinstance(visitor, Response) or not visitor.is_teacher:
            return _no_entrance()
        try:
            body = await body_of(request, _MOST_OF_A_FORM)
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10))
        except (TooLarge, ValueError):
            return problem(400, "That could not be read", "Go back, shorten it, and try again.")
        if not is_own_form(visitor, form.get("csrf", "")):
            return problem(
                403, "This form is out of date", "Go back, reload the page, and try again."
            )
        return form


def _asking_for(notebook: int | None) -> str:
    """The query by which an address is that of a page with this notebook."""
    return "" if notebook is None else f"?notebook={notebook}"


def _back(request: Request) -> Response:
    asked = request.query_params.get("notebook", "")
    where = f"./?notebook={asked}" if asked.isascii() and asked.isdigit() else "./"
    return protect(RedirectResponse(where, 303))


def _no_entrance() -> Response:
    return problem(
        403,
        "This page is the teacher's",
        "It opens with the teacher's address, which lc-tutorial board printed where it was "
        "started. Learners join in notebook 00, with lc.join and the room's address.",
    )
