"""The sandbox's control plane: what its own client asks, beside the imitated services.

Nothing here exists on the real platform. Who started a sandbox shares a nonce with it. The health
check proves that both know it without ever sending it; all else takes the nonce itself, in a
header, which no page of another origin can send.
"""

import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial import __version__
from lc_tutorial.sandbox.control.controls import (
    Controls,
    EndAccess,
    Invite,
    LimitRate,
    MoveClock,
    Order,
    Question,
    Reseed,
    SetFault,
    WalkIn,
)
from lc_tutorial.sandbox.control.page import Visitors
from lc_tutorial.sandbox.control.wording import in_words

OrderT = TypeVar("OrderT", bound=Order)

NONCE_HEADER = "X-Sandbox-Nonce"
_MAX_CHALLENGE = 256
_MAX_BODY_BYTES = 64 * 1024


def proof(nonce: str, challenge: str) -> str:
    """Return what only a sandbox that knows the nonce can answer to this challenge.

    It is the HMAC-SHA256 of the challenge, keyed with the nonce, in hex.
    """
    return hmac.digest(nonce.encode(), challenge.encode(), "sha256").hex()


class Activity:
    """Notes when a request last came, and passes it on.

    It wraps the whole app, so every request counts, whatever its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._last = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """The time since the last request, or since the start."""
        return time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._last = time.monotonic()
        try:
            await self._app(scope, receive, send)
        finally:
            self._last = time.monotonic()


async def health(request: Request) -> Response:
    """Answer a challenge: `GET /_sandbox/health?challenge=...`."""
    challenge = request.query_params.get("challenge", "")
    if not 0 < len(challenge) <= _MAX_CHALLENGE:
        return _refusal(422, f"challenge must be 1 to {_MAX_CHALLENGE} characters long")
    answer = {"proof": proof(request.app.state.nonce, challenge), "version": __version__}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def redirect(_: Request) -> Response:
    """Redirect as our pages do: `GET /_sandbox/redirect`. A proxy may lead astray."""
    return Response(status_code=303, headers={"Location": "./health", "Cache-Control": "no-store"})


def _opened(
    answer: Callable[[Request, Controls], Awaitable[Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint that only the nonce opens, and that answers with JSON."""

    async def endpoint(request: Request) -> Response:
        given = request.headers.get(NONCE_HEADER, "")
        if not hmac.compare_digest(given.encode(), request.app.state.nonce.encode()):
            return _refusal(403, f"the header {NONCE_HEADER} does not hold this sandbox's nonce")
        try:
            content = await answer(request, request.app.state.controls)
        except ValueError as error:  # msgspec's errors are some
            return _refusal(422, in_words(error))
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    return endpoint


async def _order(request: Request, kind: type[OrderT]) -> OrderT:
    """Read an order from a body of JSON; no body is an empty object.

    Raises:
        ValueError: It is not such an order; the message says why.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise ValueError("the body is too large")
    try:
        return msgspec.json.decode(bytes(body) or b"{}", type=kind)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None


async def stop(request: Request, _: Controls) -> Any:
    """End the sandbox: `POST /_sandbox/stop`."""
    request.app.state.stop()
    return {"stopping": True}


async def state(_: Request, controls: Controls) -> Any:
    """Tell what is in the world, without secrets: `GET /_sandbox/state`."""
    return controls.state()


async def known(request: Request, controls: Controls) -> Any:
    """Tell what is known of values, by their digests: `POST /_sandbox/known`."""
    return controls.known(await _order(request, Question))


async def reset(_: Request, controls: Controls) -> Any:
    """Make the world as new: `POST /_sandbox/reset`."""
    controls.reset()
    return controls.state()


async def invite(request: Request, controls: Controls) -> Any:
    """Take in more people: `POST /_sandbox/people` with `number` and `role`."""
    return controls.invite(await _order(request, Invite))


async def end_access(request: Request, controls: Controls) -> Any:
    """End an app's access: `POST /_sandbox/end-access` with `client_id` and `email`."""
    return controls.end_access(await _order(request, EndAccess))


async def walk_in(request: Request, controls: Controls) -> Any:
    """Let a customer start a chat: `POST /_sandbox/customer` with `text`, `name` and `group_id`."""
    return controls.walk_in(await _order(request, WalkIn))


async def reseed(request: Request, controls: Controls) -> Any:
    """Make other chats: `POST /_sandbox/seed` with `seed` and `chats`."""
    await controls.reseed(await _order(request, Reseed))
    return controls.state()["chats"]


async def clock(request: Request, controls: Controls) -> Any:
    """Move the clock: `POST /_sandbox/clock` with `advance`, `expire_tokens` or `real`."""
    controls.move_clock(await _order(request, MoveClock))
    return controls.state()["clock"]


async def faults(request: Request, controls: Controls) -> Any:
    """Set a fault (POST), take all back (DELETE) or list them (GET): `/_sandbox/faults`."""
    if request.method == "POST":
        controls.set_fault(await _order(request, SetFault))
    elif request.method == "DELETE":
        controls.clear_faults()
    return controls.faults()


async def rate_limit(request: Request, controls: Controls) -> Any:
    """Change the rate limit: `POST /_sandbox/rate-limit` with `calls` and `seconds`."""
    controls.limit_rate(await _order(request, LimitRate))
    return controls.state()["rate_limit"]


async def journal(request: Request, controls: Controls) -> Any:
    """Return the last requests and answers (GET) or forget them (DELETE): `/_sandbox/journal`."""
    if request.method == "DELETE":
        controls.clear_journal()
    return controls.journal()


async def ticket(request: Request, _: Controls) -> Any:
    """Make a ticket that opens the control page once: `POST /_sandbox/ticket`."""
    visitors: Visitors = request.app.state.visitors
    return {"ticket": visitors.ticket()}


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status)


routes = [
    Route("/_sandbox/health", health, methods=["GET"]),
    Route("/_sandbox/redirect", redirect, methods=["GET"]),
    Route("/_sandbox/stop", _opened(stop), methods=["POST"]),
    Route("/_sandbox/state", _opened(state), methods=["GET"]),
    Route("/_sandbox/known", _opened(known), methods=["POST"]),
    Route("/_sandbox/reset", _opened(reset), methods=["POST"]),
    Route("/_sandbox/people", _opened(invite), methods=["POST"]),
    Route("/_sandbox/end-access", _opened(end_access), methods=["POST"]),
    Route("/_sandbox/customer", _opened(walk_in), methods=["POST"]),
    Route("/_sandbox/seed", _opened(reseed), methods=["POST"]),
    Route("/_sandbox/clock", _opened(clock), methods=["POST"]),
    Route("/_sandbox/faults", _opened(faults), methods=["GET", "POST", "DELETE"]),
    Route("/_sandbox/rate-limit", _opened(rate_limit), methods=["POST"]),
    Route("/_sandbox/journal", _opened(journal), methods=["GET", "DELETE"]),
    Route("/_sandbox/ticket", _opened(ticket), methods=["POST"]),
]
