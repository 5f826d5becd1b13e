"""The accounts service for customers: `/v2/customer/token` and `/v2/customer/info`.

An app that has an agent's access token gets a token to act as a customer. Other ways to such a
token (a browser's cookies, an identity that is transferred) are not imitated.

Sources: livechat-public-docs, authorization/customer-authorization (agent token grant) and
configs/redoc/customer-accounts-api/specv2 (the bodies, the names of errors, and 401).
"""

import logging
import re
from functools import partial

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lc_tutorial.sandbox.accounts.tokens import Refusal, Resource, malformed, parameters, reply
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import CUSTOMER_TOKEN_LIFETIME, AccessToken, CustomerToken, Sandbox

SCOPE = "customers:own"

_OTHER_GRANTS = frozenset({"cookie", "identity_token"})

_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]

_log = logging.getLogger("lc_tutorial.sandbox")


class _Wanted(Struct):
    """The parameters of a request for a token."""

    grant_type: str | None = None
    client_id: str | None = None
    response_type: str | None = None
    entity_id: str | None = None
    expires_in: int | None = None


class _Resource(Resource):
    """A path of the accounts service for customers, where refusals have a form of their own."""

    def refuse(self, refusal: Refusal) -> JSONResponse:
        """Write a refusal as an answer."""
        return refusal_of(refusal)


def refusal_of(refusal: Refusal) -> JSONResponse:
    """Write a refusal in the form of `/v2/customer/`."""
    body = {"oauth_exception": refusal.name, "exception_description": refusal.description}
    return reply(body, refusal.status)


def routes(world: Sandbox, store: ChatStore) -> list[Route]:
    """Return the routes of the accounts service for customers.

    Args:
        world: Who there is, and their tokens.
        store: The chats, whose customers exist too.

    """
    token = _Resource(POST=partial(create, world, store), DELETE=partial(revoke, world))
    info = _Resource(GET=partial(inspect, world))
    return [
        Route("/v2/customer/token", token),
        Route("/v2/customer/info", info),
        Route("/v2/customer/{rest:path}", not_there, methods=_ANY),
    ]


async def create(world: Sandbox, store: ChatStore, request: Request) -> JSONResponse:
    """Issue a token for a new customer, or for one that exists."""
    wanted = await _read(request)
    if not wanted.grant_type:
        raise malformed()
    if wanted.grant_type != "agent_token":
        if wanted.grant_type in _OTHER_GRANTS:
            _log.info("customer/token: the sandbox does not imitate this grant_type")
        raise Refusal("unsupported_grant_type")
    # assumed: which name goes with which cause; the source has the names, and 401.
    agent = _agent(world, request)
    if world.client(wanted.client_id or "") is None or wanted.client_id != agent.client_id:
        raise Refusal("unauthorized_client")
    if SCOPE not in agent.scopes:
        raise Refusal("access_denied")
    # The specification, other than the guide, does not demand a response_type.
    if wanted.response_type not in (None, "token"):
        raise malformed()
    if wanted.expires_in is not None and not 1 <= wanted.expires_in <= CUSTOMER_TOKEN_LIFETIME:
        raise malformed()  # assumed: shorter than usual is possible, longer is not
    entity_id = wanted.entity_id or world.customers.create(agent.organization_id)
    if not _exists(world, store, entity_id, agent.organization_id):
        raise Refusal("resource_not_found")
    token = world.customers.issue_token(
        agent.client_id,
        agent.organization_id,
        entity_id,
        wanted.expires_in or CUSTOMER_TOKEN_LIFETIME,
    )
    return reply(_describe(world, token))


async def inspect(world: Sandbox, request: Request) -> JSONResponse:
    """Tell what a customer's token is good for."""
    value = _bearer(request) or request.query_params.get("code", "")
    token = world.customers.token(value)
    if token is None:
        raise Refusal("unauthorized_client")
    return reply(_describe(world, token))


async def revoke(world: Sandbox, request: Request) -> JSONResponse:
    """Revoke a customer's token."""
    token = world.customers.token(_bearer(request))
    if token is None:
        raise Refusal("unauthorized_client")
    world.customers.revoke(token)
    return reply({})


async def not_there(request: Request) -> JSONResponse:  # noqa: ARG001
    """Answer at addresses that the sandbox does not have."""
    _log.info("customer: the sandbox does not imitate this address of the accounts service")
    return refusal_of(Refusal("resource_not_found"))


async def _read(request: Request) -> _Wanted:
    # The guide's own samples send JSON as curl does, with a form's Content-Type.
    form = await parameters(request, _Wanted.__struct_fields__, guess=True)
    seconds = form.get("expires_in")
    if isinstance(seconds, str) and re.fullmatch("[0-9]{1,9}", seconds):
        form["expires_in"] = int(seconds)  # in a form everything is text
    try:
        return msgspec.convert(form, _Wanted)
    except msgspec.ValidationError:
        raise malformed() from None


def _agent(world: Sandbox, request: Request) -> AccessToken:
    value = _bearer(request)
    if not value:
        raise Refusal("unauthorized_client")
    token = world.grants.access_token(value)
    if token is None:
        raise Refusal("invalid_grant", status=401)
    return token


def _bearer(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _exists(world: Sandbox, store: ChatStore, entity_id: str, organization_id: str) -> bool:
    if world.customers.has(entity_id, organization_id):
        return True
    return bool(store.of(world.organizations[organization_id]).of_customer(entity_id))


def _describe(world: Sandbox, token: CustomerToken) -> dict[str, str | int]:
    return {
        "access_token": token.value,
        "client_id": token.client_id,
        "entity_id": token.entity_id,
        "expires_in": round(token.expires_at - world.clock.now()),
        "organization_id": token.organization_id,
        "token_type": "Bearer",
    }
