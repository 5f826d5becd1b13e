"""How the accounts service refuses: each refusal has a name, a status and a body.

Sources: livechat-public-docs, authorization/troubleshooting (which name has which cause) and
configs/redoc/global-accounts-api (the bodies, and the status of each kind of fault).
"""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

_log = logging.getLogger("lc_tutorial.sandbox")

# The sentences are those of RFC 6749 (4.1.2.1 and 5.2), which the platform sends as well.
# Source: livechat-public-docs, authorization/troubleshooting.
_DESCRIPTIONS = {
    "invalid_request": "The request is missing a required parameter, includes an invalid parameter "
    "value, includes a parameter more than once, or is otherwise malformed.",
    "unauthorized_client": "The client is not authorized to request a token using this method.",
    "invalid_client": "Client authentication failed (e.g., unknown client, no client "
    "authentication included, or unsupported authentication method).",
    "unauthorized": "The account is not authorized.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization "
    "server.",
    "access_denied": "The resource owner or authorization server denied the request.",
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "invalid_grant": "The provided authorization grant (e.g., authorization code, resource owner "
    "credentials) or refresh token is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client.",
    "resource_not_found": "The requested resource couldn't be found.",
    "bad_request": "The request is too large.",
    "not_imitated": "The sandbox does not imitate this.",
}
_STATUSES = {
    "invalid_request": 422,
    "unauthorized_client": 401,
    "invalid_client": 401,
    "unauthorized": 401,
    "unsupported_grant_type": 403,
    "access_denied": 403,
    "invalid_scope": 403,
    "invalid_grant": 403,
    "resource_not_found": 404,
    "bad_request": 413,  # assumed: a source has the name, for a body too large among others
    "not_imitated": 501,  # no error of the platform's
}


class Refusal(Exception):
    """A request that the accounts service refuses.

    Args:
        name: The error's name.
        status: Where it is not the one that the name stands for.
        why: What was wrong with the request, for the sandbox's log only; never a value from it.
        more: Further members of the body, such as invalid_fields.
    """

    def __init__(
        self, name: str, *, status: int | None = None, why: str = "", **more: object
    ) -> None:
        super().__init__(name)
        self.name = name
        self.why = why
        self.description = _DESCRIPTIONS[name]
        self.status = status or _STATUSES[name]
        self.more = more

    def response(self) -> JSONResponse:
        """Write the refusal as an answer."""
        body = {
            "error": self.name,
            "error_description": self.description,
            **self.more,
            "request_id": str(uuid.uuid4()),
        }
        return reply(body, self.status)


def malformed(why: str = "", /, **fields: str) -> Refusal:
    """Make the refusal of a malformed request: for the log why, or which fields are wrong how."""
    if not fields:
        return Refusal("invalid_request", why=why)
    wrong = ", ".join(f"{name} {fields[name]}" for name in sorted(fields))
    return Refusal("invalid_request", why=wrong, invalid_fields=fields)


class Resource:
    """One path with a handler for each method; refusals take the accounts service's own form.

    What was refused and why is in the log, without anything that was sent.
    """

    def __init__(self, **handlers: Callable[[Request], Awaitable[JSONResponse]]) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        handler = self._handlers.get(request.method)
        try:
            if handler is None:
                why = "this address takes other methods"
                raise Refusal("invalid_request", status=405, why=why)  # assumed: the status
            response = await handler(request)
        except Refusal as refusal:
            _log.info("%s: %s, %s", _place(request), refusal.name, refusal.why or "refused")
            response = self.refuse(refusal)
            if handler is None:
                response.headers["Allow"] = ", ".join(self._handlers)
        await response(scope, receive, send)

    def refuse(self, refusal: Refusal) -> JSONResponse:
        """Write a refusal as an answer."""
        return refusal.response()


def _place(request: Request) -> str:
    """Return the address without what was put into it: an id, or by mistake a token."""
    path: str = request.scope["path"]
    for name, value in request.path_params.items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path


def reply(body: Mapping[str, object] | list[Any], status: int = 200) -> JSONResponse:
    """Make an answer that nobody on its way keeps: there may be a token in it."""
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
