"""The accounts service for programs: `/v2/token` and `/v2/info`.

A code or a refresh token is exchanged for an access token; access tokens are inspected and
revoked. Each refusal has a name, a status and a body that clients rely on.

Sources: livechat-public-docs, authorization/oauth-authorization (the requests and answers),
authorization/troubleshooting (which name has which cause) and configs/redoc/global-accounts-api
(the bodies, and the status of each kind of fault).
"""

import hashlib
import json
import re
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from lc_tutorial.sandbox.world import (
    AccessToken,
    AuthorizationBlock,
    Challenge,
    Code,
    Sandbox,
    same,
    scopes,
)

MAX_BODY_BYTES = 10 * 1024 * 1024

#: A verifier, and a challenge too. Source: oauth-authorization, "PKCE extension"; RFC 7636, 4.1.
PKCE_FORM = re.compile(r"[A-Za-z0-9._~-]{43,128}")

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
}


class Refusal(Exception):
    """A request that the accounts service refuses.

    Args:
        name: The error's name.
        more: Further members of the body, such as invalid_fields.
        status: Where it is not the one that the name stands for.
    """

    def __init__(self, name: str, *, status: int | None = None, **more: object) -> None:
        super().__init__(name)
        self.name = name
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


def malformed(**fields: str) -> Refusal:
    """Make the refusal of a malformed request: which fields are wrong, and how."""
    if not fields:
        return Refusal("invalid_request")
    return Refusal("invalid_request", invalid_fields=fields)


class Resource:
    """One path with a handler for each method; refusals take the accounts service's own form."""

    def __init__(self, **handlers: Callable[[Request], Awaitable[JSONResponse]]) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        handler = self._handlers.get(request.method)
        try:
            if handler is None:
                raise Refusal("invalid_request", status=405)  # assumed: the status
            response = await handler(request)
        except Refusal as refusal:
            response = self.refuse(refusal)
            if handler is None:
                response.headers["Allow"] = ", ".join(self._handlers)
        await response(scope, receive, send)

    def refuse(self, refusal: Refusal) -> JSONResponse:
        """Write a refusal as an answer."""
        return refusal.response()


async def exchange(request: Request) -> JSONResponse:
    """Exchange a code or a refresh token for an access token."""
    world: Sandbox = request.app.state.world
    form = await _parameters(request)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise malformed(**_missing(form, "grant_type", "client_id"))
    # The API's specification says "code", everything else "authorization_code".
    if grant_type in ("authorization_code", "code"):
        return reply(describe(world, _exchange_code(world, form)))
    if grant_type == "refresh_token":
        return reply(describe(world, _refresh(world, form)))
    raise Refusal("unsupported_grant_type")


async def revoke(request: Request) -> JSONResponse:
    """Revoke an access or a refresh token together with its twin."""
    world: Sandbox = request.app.state.world
    if not world.grants.revoke(presented(request)):
        raise Refusal("resource_not_found", resource_name="token")
    return reply({})


async def inspect(request: Request) -> JSONResponse:
    """Tell what an access token is good for. Refresh tokens cannot be inspected."""
    world: Sandbox = request.app.state.world
    token = world.grants.access_token(presented(request))
    if token is None:
        raise Refusal("unauthorized")
    return reply(describe(world, token))


def describe(world: Sandbox, token: AccessToken) -> dict[str, str | int]:
    """Describe an access token as the token endpoint and the info endpoint both do."""
    answer: dict[str, str | int] = {
        "access_token": token.value,
        "account_id": token.account_id,
        "client_id": token.client_id,
        "expires_in": round(token.expires_at - world.clock.now()),
        "organization_id": token.organization_id,
        "scope": scopes.join(token.scopes),
        "token_type": "Bearer",
    }
    if token.refresh_token and world.grants.refresh_token(token.refresh_token):
        answer["refresh_token"] = token.refresh_token
    return dict(sorted(answer.items()))


def is_verifier_of(challenge: Challenge, verifier: str) -> bool:
    """Whether a PKCE verifier belongs to the challenge that was sent before. Source: RFC 7636."""
    if challenge.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return same(challenge.value, verifier)


# --- The two grants -----------------------------------------------------------------------------


def _exchange_code(world: Sandbox, form: Mapping[str, str]) -> AccessToken:
    _require(form, "code", "redirect_uri")
    block = _client(world, form)
    _authenticate(block, form)
    # assumed: a refused exchange leaves the code as it was, so that a mistake can be corrected.
    code = world.grants.code(form["code"])
    if code is None or code.client_id != block.client_id:
        raise Refusal("unauthorized_client")
    if form["redirect_uri"] != code.redirect_uri:
        raise Refusal("unauthorized_client")
    _check_verifier(block, code, form.get("code_verifier", ""))
    granted = _narrowed(code.scopes, form)
    code.used = True
    refresh = world.grants.issue_refresh_token(block.client_id, code.account_id, granted)
    return world.grants.issue_access_token(block.client_id, code.account_id, granted, refresh)


def _refresh(world: Sandbox, form: Mapping[str, str]) -> AccessToken:
    _require(form, "refresh_token")
    block = _client(world, form)
    refresh = world.grants.refresh_token(form["refresh_token"])
    if refresh is not None and refresh.client_id != block.client_id:
        raise Refusal("invalid_client")
    _authenticate(block, form)
    if refresh is None:
        raise Refusal("unauthorized_client")
    if refresh.expires_at <= world.clock.now():
        raise Refusal("invalid_grant")
    granted = _narrowed(refresh.scopes, form)
    if block.client_type == "javascript":
        world.grants.spend(refresh)
        refresh = world.grants.issue_refresh_token(
            block.client_id, refresh.account_id, refresh.scopes
        )
    return world.grants.issue_access_token(block.client_id, refresh.account_id, granted, refresh)


def _client(world: Sandbox, form: Mapping[str, str]) -> AuthorizationBlock:
    found = world.client(form.get("client_id", ""))
    if found is None:
        raise Refusal("unauthorized_client")
    return found[1]


def _authenticate(block: AuthorizationBlock, form: Mapping[str, str]) -> None:
    """Check the secret of a server-side app. A JavaScript app has none to be checked."""
    if block.client_type == "server_side" and not same(
        block.client_secret, form.get("client_secret", "")
    ):
        raise Refusal("unauthorized_client")  # assumed: also where the secret is missing


def _check_verifier(block: AuthorizationBlock, code: Code, verifier: str) -> None:
    challenge = code.challenge
    if challenge is None and block.client_type == "javascript":
        # Its app was a server-side one when the code was issued. Nothing would prove who asks.
        # Source: global-accounts-api, "Token" (a public client needs a code_verifier); assumed:
        # the name of the error.
        raise Refusal("unsupported_grant_type")
    if challenge is None:
        if verifier:
            # assumed, after OAuth 2.1: somebody took the challenge out of the request on its way.
            raise Refusal("invalid_grant")
        return
    if not verifier:
        raise malformed(code_verifier="is required")
    if not PKCE_FORM.fullmatch(verifier):
        raise malformed(code_verifier="must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~")
    if not is_verifier_of(challenge, verifier):
        raise Refusal("invalid_grant")


def _narrowed(granted: tuple[str, ...], form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scopes of the new token: all that were granted, or those asked for."""
    wanted = scopes.parse(form.get("scope", ""))
    if any(name not in scopes.CATALOGUE for name in wanted):
        raise Refusal("invalid_scope")
    if not set(granted).issuperset(wanted):
        raise Refusal("access_denied", sub_error="insufficient_scope")
    return tuple(wanted) or granted


# --- Reading requests ---------------------------------------------------------------------------

_KNOWN = frozenset(
    {
        "grant_type",
        "client_id",
        "client_secret",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "scope",
    }
)


async def _parameters(request: Request) -> dict[str, str]:
    """Read a form or a JSON object; each parameter may be there once, as text."""
    form = await parameters(request, _KNOWN)
    wrong = {name: "must be a string" for name in form if not isinstance(form[name], str)}
    if wrong:
        raise malformed(**wrong)
    return form


async def parameters(
    request: Request, known: Collection[str], *, guess: bool = False
) -> dict[str, Any]:
    """Read a form or a JSON object, and return the known ones of its parameters.

    Args:
        request: The request with them in its body.
        known: The names that mean something.
        guess: Whether a form that looks like a JSON object is read as one.

    Raises:
        Refusal: The body cannot be read, or a parameter is in it more than once.
    """
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or (guess and body.lstrip().startswith(b"{")):
        pairs = _json_pairs(body)
    else:
        pairs = _form_pairs(body, kind)
    form = dict(pairs)
    names = [name for name, _ in pairs]
    present = set(known).intersection(names)
    if len(names) != len(form):
        raise malformed(**{name: "is repeated" for name in present if names.count(name) > 1})
    return {name: form[name] for name in present}


def _form_pairs(body: bytes, kind: str) -> list[tuple[str, Any]]:
    # assumed: a body without a type is read as a form; any other type is not understood.
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise malformed()
    try:
        return list(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise malformed() from error


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    try:
        # Objects stay lists of pairs, so that a repeated name can be seen.
        pairs = json.loads(body.decode(), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise malformed() from error
    if not isinstance(pairs, _Pairs):
        raise malformed()
    return pairs


class _Pairs(list[tuple[str, Any]]):
    """A JSON object."""


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise Refusal("bad_request")
    except ClientDisconnect as gone:
        raise malformed() from gone
    return bytes(body)


def _require(form: Mapping[str, str], *names: str) -> None:
    # A client id that is missing alone is an unknown client.
    # Source: livechat-public-docs, authorization/troubleshooting, "unauthorized_client".
    missing = _missing(form, *names)
    if missing:
        raise malformed(**missing, **_missing(form, "client_id"))


def _missing(form: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: "is required" for name in names if not form.get(name)}


def presented(request: Request) -> str:
    """Return the token in the header, or in `?code=`."""
    header = request.headers.get("authorization", "")
    if header:  # assumed: the header counts where both are there
        scheme, _, value = header.partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""
    value = request.query_params.get("code", "")
    if not value:
        raise malformed(code="is required")
    return value


def reply(body: Mapping[str, object], status: int = 200) -> JSONResponse:
    """Make an answer that nobody on its way keeps: there may be a token in it."""
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


_token = Resource(POST=exchange, DELETE=revoke)

routes = [
    Route("/v2/token", _token),
    # As the specifications' tokenUrl has it, and clients that go by them.
    # assumed: it answers as the newer one does, errors included.
    Route("/token", _token),
    Route("/v2/info", Resource(GET=inspect)),
]
