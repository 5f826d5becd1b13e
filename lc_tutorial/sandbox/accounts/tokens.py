"""The accounts service for programs: `/v2/token` and `/v2/info`.

A code or a refresh token is exchanged for an access token; access tokens are inspected and
revoked.

Sources: livechat-public-docs, authorization/oauth-authorization (the requests and answers) and
configs/redoc/global-accounts-api.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lc_tutorial.sandbox.accounts.pkce import PKCE_FORM, is_verifier_of
from lc_tutorial.sandbox.accounts.reading import parameters, presented
from lc_tutorial.sandbox.accounts.refusals import Refusal, Resource, malformed, reply
from lc_tutorial.sandbox.world import (
    AccessToken,
    AuthorizationBlock,
    Code,
    Sandbox,
    same,
    scopes,
)


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
    raise Refusal("unsupported_grant_type", why="there is no such grant_type")


async def revoke(request: Request) -> JSONResponse:
    """Revoke an access or a refresh token together with its twin."""
    world: Sandbox = request.app.state.world
    if not world.grants.revoke(presented(request)):
        raise Refusal("resource_not_found", why="there is no such token", resource_name="token")
    return reply({})


async def inspect(request: Request) -> JSONResponse:
    """Tell what an access token is good for. Refresh tokens cannot be inspected."""
    world: Sandbox = request.app.state.world
    token = world.grants.access_token(presented(request))
    if token is None:
        raise Refusal("unauthorized", why="this is no access token that lives")
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


# --- The two grants -----------------------------------------------------------------------------


def _exchange_code(world: Sandbox, form: Mapping[str, str]) -> AccessToken:
    _require(form, "code", "redirect_uri")
    block = _client(world, form)
    _authenticate(block, form)
    # assumed: a refused exchange leaves the code as it was, so that a mistake can be corrected.
    code = world.grants.code(form["code"])
    if code is None:
        why = "no such code lives: it was used, or has expired, or there never was one"
        raise Refusal("unauthorized_client", why=why)
    if code.client_id != block.client_id:
        raise Refusal("unauthorized_client", why="the code was issued to another app")
    if form["redirect_uri"] != code.redirect_uri:
        why = "the redirect_uri is not, to the letter, the one that the code was asked for with"
        raise Refusal("unauthorized_client", why=why)
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
        raise Refusal("invalid_client", why="the refresh token was issued to another app")
    _authenticate(block, form)
    if refresh is None:
        raise Refusal("unauthorized_client", why="there is no such refresh token")
    if refresh.expires_at <= world.clock.now():
        raise Refusal("invalid_grant", why="the refresh token has expired")
    # assumed: that a refresh may ask for fewer scopes, as RFC 6749 (section 6) has it.
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
        raise Refusal("unauthorized_client", why="no app has this client_id")
    return found[1]


def _authenticate(block: AuthorizationBlock, form: Mapping[str, str]) -> None:
    """Check the secret of a server-side app. A JavaScript app has none to be checked."""
    if block.client_type == "server_side" and not same(
        block.client_secret, form.get("client_secret", "")
    ):
        given = "is wrong" if form.get("client_secret") else "is missing"
        # assumed: the same where the secret is missing
        raise Refusal("unauthorized_client", why=f"the client_secret {given}")


def _check_verifier(block: AuthorizationBlock, code: Code, verifier: str) -> None:
    challenge = code.challenge
    if challenge is None and block.client_type == "javascript":
        # Its app was a server-side one when the code was issued. Nothing would prove who asks.
        # Source: global-accounts-api, "Token" (a public client needs a code_verifier); assumed:
        # the name of the error.
        why = "a JavaScript app's code was issued without a code_challenge"
        raise Refusal("unsupported_grant_type", why=why)
    if challenge is None:
        if verifier:
            # assumed, after OAuth 2.1: somebody took the challenge out of the request on its way.
            why = "a code_verifier came for a code that was issued without a code_challenge"
            raise Refusal("invalid_grant", why=why)
        return
    if not verifier:
        raise malformed(code_verifier="is required")
    if not PKCE_FORM.fullmatch(verifier):
        raise malformed(code_verifier="must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~")
    if not is_verifier_of(challenge, verifier):
        raise Refusal("invalid_grant", why="the code_verifier is not that of the code_challenge")


def _narrowed(granted: tuple[str, ...], form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scopes of the new token: all that were granted, or those asked for."""
    wanted = scopes.parse(form.get("scope", ""))
    if any(name not in scopes.CATALOGUE for name in wanted):
        raise Refusal("invalid_scope", why="there is no such scope")
    if not set(granted).issuperset(wanted):
        why = "a scope is asked for that was not granted"
        raise Refusal("access_denied", why=why, sub_error="insufficient_scope")
    return tuple(wanted) or granted


# --- Parameters -------------------------------------------------------------------------------

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


def _require(form: Mapping[str, str], *names: str) -> None:
    # A client id that is missing alone is an unknown client.
    # Source: livechat-public-docs, authorization/troubleshooting, "unauthorized_client".
    missing = _missing(form, *names)
    if missing:
        raise malformed(**missing, **_missing(form, "client_id"))


def _missing(form: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: "is required" for name in names if not form.get(name)}


_token = Resource(POST=exchange, DELETE=revoke)

routes = [
    Route("/v2/token", _token),
    # As the specifications' tokenUrl has it, and clients that go by them.
    # assumed: it answers as the newer one does, errors included.
    Route("/token", _token),
    Route("/v2/info", Resource(GET=inspect)),
]
