"""The sandbox as one ASGI application: every imitated service at the paths of the real one."""

import logging
import re
import secrets
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lc_tutorial.sandbox.accounts import (
    account_routes,
    authorize,
    customer_requests,
    customer_tokens,
    refusals,
    tokens,
)
from lc_tutorial.sandbox.agent_chat import routes as agent_chat
from lc_tutorial.sandbox.api import RateLimit, Reasons
from lc_tutorial.sandbox.configuration import routes as configuration
from lc_tutorial.sandbox.console import routes as console
from lc_tutorial.sandbox.control import (
    MAX_CHATS,
    Controls,
    FaultInjection,
    Faults,
    Journal,
    Journaling,
)
from lc_tutorial.sandbox.control import page as control_page
from lc_tutorial.sandbox.control import routes as control
from lc_tutorial.sandbox.customer_chat import routes as customer_chat
from lc_tutorial.sandbox.example_app import routes as example_app
from lc_tutorial.sandbox.store import ChatStore, Seeded
from lc_tutorial.sandbox.web import CrossOrigin, HostCheck, Hosts, pages, service_of
from lc_tutorial.sandbox.world import Sandbox

_log = logging.getLogger("lc_tutorial.sandbox")


def create_app(
    world: Sandbox,
    *,
    nonce: str | None = None,
    stop: Callable[[], None] = lambda: None,
    renewed: Callable[[Sandbox], None] = lambda _: None,
    hosts: Hosts | None = None,
    seeded: Seeded | None = None,
    most_chats: int = MAX_CHATS,
) -> Starlette:
    """Put the services together.

    Args:
        world: The people, apps and tokens that the services share; also `app.state.world`, until
            the control plane makes another one.
        nonce: What opens the control plane; a random one that nobody knows, if not given.
        stop: Ends the server; called when the control plane is told to.
        renewed: Called with the new world when the control plane has made one.
        hosts: The names that it goes by; those of the loopback alone, if not given.
        seeded: The chats that it has in common with the worlds of others, if it has.
        most_chats: How many chats the control plane may make.
    """
    faults, journal = Faults(), Journal()

    def trusts(origin: str) -> bool:
        world: Sandbox = app.state.world
        return world.trusts(origin)

    app = Starlette(
        middleware=[
            Middleware(HostCheck, hosts or Hosts()),
            Middleware(Journaling, journal),
            Middleware(CrossOrigin, trusts),
            Middleware(FaultInjection, faults),
            Middleware(LastResort),
        ],
        exception_handlers={HTTPException: _refuse},
    )
    # A redirect to the path with a slash would be absolute, and lead out of a proxy's prefix.
    app.router.redirect_slashes = False
    app.state.nonce = nonce or secrets.token_hex(32)
    app.state.stop = stop
    app.state.faults = faults
    app.state.journal = journal
    app.state.reasons = Reasons()
    app.state.controls = Controls(
        app.state,
        furnish=partial(_furnish, app, seeded=seeded),
        renewed=renewed,
        routes=lambda: app.router.routes,
        most_chats=most_chats,
    )
    app.state.visitors = control_page.Visitors()
    _furnish(app, world, seeded=seeded)
    return app


def _furnish(app: Starlette, world: Sandbox, *, seeded: Seeded | None) -> None:
    """Put a world into the app, with services that know nothing of the one before."""
    store, rate_limit = ChatStore(seeded=seeded), RateLimit()
    app.state.world = world
    app.state.chats = store
    app.state.rate_limit = rate_limit
    app.state.sessions = pages.Sessions()
    app.router.routes = [
        *tokens.routes,
        *customer_tokens.routes(world, store),
        *agent_chat.routes(world, store, rate_limit),
        *configuration.routes(world, rate_limit),
        *customer_chat.routes(world, store, rate_limit),
        *account_routes.routes,
        *console.routes,
        *authorize.routes,
        *example_app.routes,
        Mount("/static", _Static(directory=pages.STATIC)),
        # Last: routes are tried in turn, and each that does not fit takes its time.
        *control.routes,
        *control_page.routes,
    ]
    for route in app.router.routes:
        _end_where_it_ends(route)


def _end_where_it_ends(route: Any) -> None:
    """Let no line feed follow a route's path: the pattern that Starlette makes of it ends in $."""
    pattern = route.path_regex.pattern
    if pattern.endswith("$"):
        route.path_regex = re.compile(rf"{pattern[:-1]}\Z")


class LastResort:
    """Answers a request in which our own code failed, and logs where.

    The log names the kind of the error and the lines it passed; never its message or a request's
    content, where secrets are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except ClientDisconnect:
            pass  # It left while it was sending; nobody is there to be answered.
        except Exception as error:  # noqa: BLE001
            _log.error("%s", _without_secrets(error))
            if not started and scope["type"] == "http":
                await _failure(scope["path"])(scope, receive, send)


def _without_secrets(error: Exception) -> str:
    steps = traceback.extract_tb(error.__traceback__)
    way = [f"  {step.filename}:{step.lineno} in {step.name}" for step in steps]
    return "\n".join([f"A request failed with {type(error).__name__} at:", *way])


def _failure(path: str) -> Response:
    service = service_of(path)
    if service == "customer accounts":
        words = "The sandbox failed; where is in its log."
        body = {"oauth_exception": "server_error", "exception_description": words}
        return JSONResponse(body, 500)
    if service == "accounts":
        return JSONResponse(
            {
                "error": "server_error",
                "error_description": "The sandbox failed; where is in its log.",
                "request_id": str(uuid.uuid4()),
            },
            500,
        )
    if service == "products" or path.startswith("/_sandbox/"):
        return _product_error(500, "internal", "Internal server error")
    return PlainTextResponse(
        "The sandbox failed at this page. This is a mistake of ours, not of yours: "
        "where it happened is in the sandbox's log. Go back and try again.",
        500,
    )


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what no service answers, or what one refused, in the form that its caller expects."""
    assert isinstance(error, HTTPException)  # noqa: S101
    # Not from request.url, in which the Host header, that anybody may have made up, comes first.
    path, status = request.scope["path"], error.status_code
    if isinstance(error, pages.PageProblem):
        return _problem(request, status, error.title, error.detail)
    # assumed: no source shows what the platform says at addresses that it does not have.
    service = service_of(path)
    if service in ("accounts", "customer accounts"):
        refusal = refusals.Refusal("resource_not_found", status=status)
        if service == "customer accounts":
            return customer_requests.refusal_of(refusal)
        return refusal.response()
    if service == "products" or path.startswith("/_sandbox/"):
        if status == 405:
            return _product_error(405, "not_found", "Not found: this address takes other methods")
        return _product_error(status, "not_found", "Not found")
    if status == 404:
        title = "There is no such page"
        detail = (
            "Nothing is at this address. It may be mistyped, or the app that it belongs to was "
            "deleted, or the sandbox was started anew and forgot it."
        )
    else:
        title = "This page cannot be opened like that"
        detail = "The address exists, but is not meant for this kind of request."
    return _problem(request, status, title, detail)


def _problem(request: Request, status: int, title: str, detail: str) -> Response:
    return pages.render(request, "problem.html", status=status, title=title, detail=detail)


def _product_error(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message}}, status)


class _Static(StaticFiles):
    """The pages' stylesheet and scripts, asked for anew each time: they change with a release."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
