"""The accounts service for customers: tokens to act as one, below `/v2/customer/`.

A token comes by one of three grants: `agent_token`, for an app that has an agent's access token and
acts for many customers; `cookie`, for a browser, which is one customer; and `identity_token`, for
an identity that is taken from one device to another.

Sources: livechat-public-docs, authorization/customer-authorization (the grants) and
configs/redoc/customer-accounts-api/specv2.
"""

import logging
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lc_tutorial.sandbox.accounts import customer_cookies, identity_transfer
from lc_tutorial.sandbox.accounts.customer_requests import (
    CustomerResource,
    Place,
    Wanted,
    agent_of,
    bearer,
    describe,
    existing,
    place_of,
    read,
    refusal_of,
)
from lc_tutorial.sandbox.accounts.refusals import Refusal, malformed, reply
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import CustomerToken, Sandbox

_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]

_log = logging.getLogger("lc_tutorial.sandbox")


def routes(world: Sandbox, store: ChatStore) -> list[Route]:
    """Return the routes of the accounts service for customers.

    Args:
        world: Who there is, and their tokens.
        store: The chats, whose customers exist too.

    """
    create_one = partial(create, world, store)
    token = CustomerResource(POST=create_one, DELETE=partial(revoke, world))
    of_group = CustomerResource(POST=create_one)
    transfer = CustomerResource(POST=partial(identity_transfer.start, world, store))
    return [
        Route("/v2/customer/token", token),
        Route("/v2/customer/info", CustomerResource(GET=partial(inspect, world))),
        Route("/v2/customer/identity_transfer", transfer),
        Route("/v2/customer/{organization_id}/{group_id}/token", of_group),
        # As the specification has it.
        Route("/v2/customer/{organization_id}/{group_id}/token/", of_group),
        Route("/v2/customer/{rest:path}", not_there, methods=_ANY),
    ]


async def create(world: Sandbox, store: ChatStore, request: Request) -> JSONResponse:
    """Issue a token for a new customer, or for one that exists."""
    wanted = await read(request)
    if not wanted.grant_type:
        raise malformed("there is no grant_type")
    # The specification, other than the guide, does not demand a response_type.
    if wanted.response_type not in (None, "token"):
        raise malformed("response_type is not token")
    place = place_of(world, request)
    match wanted.grant_type:
        case "agent_token":
            return reply(describe(world, _by_agent(world, store, request, wanted, place)))
        case "identity_token":
            token = identity_transfer.exchange(world, wanted, place)
            return reply(describe(world, token))
        case "cookie":
            return customer_cookies.answer(world, store, request, wanted, place)
    raise Refusal("unsupported_grant_type", why="there is no such grant_type for customers")


def _by_agent(
    world: Sandbox, store: ChatStore, request: Request, wanted: Wanted, place: Place
) -> CustomerToken:
    agent = agent_of(world, request, wanted)
    if place.organization_id not in (None, agent.organization_id):
        raise Refusal("access_denied", why="the agent is of another organization")
    lifetime = wanted.lifetime
    if wanted.entity_id:
        entity_id = existing(world, store, wanted.entity_id, agent.organization_id)
    else:
        entity_id = world.customers.create(agent.organization_id)
    return world.customers.issue_token(agent.client_id, agent.organization_id, entity_id, lifetime)


async def inspect(world: Sandbox, request: Request) -> JSONResponse:
    """Tell what a customer's token is good for."""
    return reply(describe(world, _living(world, bearer(request) or _in_query(request))))


async def revoke(world: Sandbox, request: Request) -> JSONResponse:
    """Revoke a customer's token."""
    world.customers.revoke(_living(world, bearer(request)))
    return reply({})


def _living(world: Sandbox, value: str) -> CustomerToken:
    token = world.customers.token(value)
    if token is None:
        why = "this is no customer's token that lives" if value else "there is no token"
        raise Refusal("unauthorized_client", why=why)
    return token


def _in_query(request: Request) -> str:
    return request.query_params.get("code", "")


async def not_there(request: Request) -> JSONResponse:  # noqa: ARG001
    """Answer at addresses that the sandbox does not have."""
    _log.info("customer: the sandbox does not imitate this address of the accounts service")
    return refusal_of(Refusal("resource_not_found"))
