"""The board as one ASGI application."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial.board.entering import Door, RoomDoor
from lc_tutorial.board.pages import Pages
from lc_tutorial.board.rendering import STATIC, problem, protect
from lc_tutorial.board.reporting import Reporting
from lc_tutorial.board.room import Room
from lc_tutorial.sandbox.web import Hosts

_log = logging.getLogger("lc_tutorial.board")


def create_app(
    room: Room,
    door: Door,
    *,
    hosts: Hosts | None = None,
    prefix: str = "",
    more_routes: tuple[BaseRoute, ...] = (),
) -> Starlette:
    """Put the board together.

    Args:
        room: that it shows; also `app.state.room`.
        door: who may see it, and who may report.
        hosts: the names that it goes by; where it is not given, nobody's name is asked: a hub's
            proxy has one that nobody tells.
        prefix: of all its paths, without a slash at the end.
        more_routes: of a login.
    """
    pages, reporting = Pages(room, door), Reporting(room, door)
    routes: list[BaseRoute] = [
        Route("/", pages.board, methods=["GET"]),
        Route("/events", pages.events, methods=["GET"]),
        Route("/line", pages.line, methods=["POST"]),
        Route("/take-off", pages.take_off, methods=["POST"]),
        Route("/save", pages.save, methods=["POST"]),
        Route("/report", reporting.report, methods=["POST"]),
        Route("/leave", reporting.leave, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
        *more_routes,
    ]
    if isinstance(door, RoomDoor):
        routes += [
            Route("/teacher", pages.teacher, methods=["GET"]),
            Route("/join", reporting.join, methods=["POST"]),
            Route("/join/{code}", pages.for_learner, methods=["GET"]),
        ]
    app = Starlette(
        routes=[Mount(prefix, routes=routes)] if prefix else routes,
        middleware=[Middleware(_OwnNames, hosts)] if hosts else [],
        exception_handlers={HTTPException: _refuse, ClientDisconnect: _let_go, Exception: _fail},
    )
    # A redirect to the path with a slash would be absolute, and lead out of a proxy's prefix.
    app.router.redirect_slashes = False
    app.state.room = room
    app.state.live = pages.live
    return app


class _OwnNames:
    """Answers requests for the names that the board goes by: no page can lead its own here."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._hosts.problem(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
            return
        status, sentence = refused
        if status == 421:
            sentence = (
                "This board does not go by the name in that address. Use the address that it "
                "printed, or start it with --allow-host NAME.\n"
            )
        await protect(PlainTextResponse(sentence, status))(scope, receive, send)


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    title = "There is no such page" if error.status_code == 404 else "This can't be opened that way"
    return problem(error.status_code, title, "Go to the board's own address.")


async def _let_go(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # It left while it was sending; nobody is there to read this.


async def _fail(_: Request, error: Exception) -> Response:
    _log.error("A request failed with %s.", type(error).__name__)
    return problem(500, "The board failed", "This is a mistake of ours. Reload the page.")
