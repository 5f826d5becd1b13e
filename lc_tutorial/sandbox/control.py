"""The sandbox's control plane: what its own client asks, beside the imitated services.

Nothing here exists on the real platform. Who started a sandbox shares a nonce with it. The health
check proves that both know it without ever sending it; ending the sandbox takes the nonce itself.
"""

import hmac
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial import __version__

NONCE_HEADER = "X-Sandbox-Nonce"
_MAX_CHALLENGE = 256


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


async def stop(request: Request) -> Response:
    """End the sandbox: `POST /_sandbox/stop` with the nonce in a header."""
    given = request.headers.get(NONCE_HEADER, "")
    if not hmac.compare_digest(given.encode(), request.app.state.nonce.encode()):
        return _refusal(403, f"the header {NONCE_HEADER} does not hold this sandbox's nonce")
    request.app.state.stop()
    return JSONResponse({"stopping": True})


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status)


routes = [
    Route("/_sandbox/health", health, methods=["GET"]),
    Route("/_sandbox/stop", stop, methods=["POST"]),
]
