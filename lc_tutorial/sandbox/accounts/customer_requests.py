"""What the accounts service's calls for customers share: how they are read, answered and refused.

Sources: livechat-public-docs, authorization/customer-authorization and
configs/redoc/customer-accounts-api/specv2 (the bodies, the names of errors, and 401).
"""

import re

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse

from lc_tutorial.sandbox.accounts.reading import parameters
from lc_tutorial.sandbox.accounts.refusals import Refusal, Resource, malformed, reply
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import (
    CUSTOMER_TOKEN_LIFETIME,
    AccessToken,
    AuthorizationBlock,
    CustomerToken,
    Sandbox,
)

SCOPE = "customers:own"


class Wanted(Struct):
    """The parameters of all calls: each call takes those that mean something to it."""

    grant_type: str | None = None
    client_id: str | None = None
    response_type: str | None = None
    organization_id: str | None = None
    redirect_uri: str | None = None
    entity_id: str | None = None
    expires_in: int | None = None
    code: str | None = None
    code_verifier: str | None = None
    bearer_type: str | None = None
    customer_id: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None

    @property
    def lifetime(self) -> int:
        """How long the token is to live, in seconds.

        Raises:
            Refusal: That is no time that can be asked for.
        """
        if self.expires_in is None:
            return CUSTOMER_TOKEN_LIFETIME
        if not 1 <= self.expires_in <= CUSTOMER_TOKEN_LIFETIME:
            # assumed: shorter than usual is possible, longer is not
            raise malformed("expires_in is not between 1 and what is usual")
        return self.expires_in


class Place(Struct, frozen=True):
    """Where a customer is to be: None where the request does not say."""

    organization_id: str | None = None
    group_id: int | None = None


class CustomerResource(Resource):
    """A path of the accounts service for customers, where refusals have a form of their own."""

    def refuse(self, refusal: Refusal) -> JSONResponse:
        """Write a refusal as an answer."""
        return refusal_of(refusal)


def refusal_of(refusal: Refusal) -> JSONResponse:
    """Write a refusal in the form of `/v2/customer/`."""
    body = {"oauth_exception": refusal.name, "exception_description": refusal.description}
    return reply(body, refusal.status)


async def read(request: Request) -> Wanted:
    """Read the parameters.

    Raises:
        Refusal: They cannot be read.
    """
    # The guide's own samples send JSON as curl does, with a form's Content-Type.
    form = await parameters(request, Wanted.__struct_fields__, guess=True)
    seconds = form.get("expires_in")
    if isinstance(seconds, str) and re.fullmatch("[0-9]{1,9}", seconds):
        form["expires_in"] = int(seconds)  # in a form everything is text
    try:
        return msgspec.convert(form, Wanted)
    # Half a character, which JSON can hold, has no UTF-8 form.
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise malformed("a parameter is not of its type") from None


def place_of(world: Sandbox, request: Request) -> Place:
    """Return the organisation and the group in the address, `/{organization}/{group}/token`.

    Raises:
        Refusal: There is no such organisation, or it has no such group.
    """
    organization_id = request.path_params.get("organization_id")
    if organization_id is None:
        return Place()
    organization = world.organizations.get(organization_id)
    wanted = request.path_params["group_id"]
    groups = organization.groups if organization else ()
    # Sources disagree: the specification calls it a UUID; everywhere else it is a number.
    group = next((group for group in groups if str(group.id) == wanted), None)
    if group is None:
        raise Refusal("resource_not_found", why="there is no such organization, or no such group")
    return Place(organization_id, group.id)


def client_of(world: Sandbox, wanted: Wanted) -> AuthorizationBlock:
    """Return the app that asks.

    Raises:
        Refusal: There is none.
    """
    found = world.client(wanted.client_id or "")
    if found is None:
        why = "no app has this client_id" if wanted.client_id else "there is no client_id"
        raise Refusal("unauthorized_client", why=why)
    return found[1]


def agent_of(world: Sandbox, request: Request, wanted: Wanted) -> AccessToken:
    """Return the agent's token in the header, which may act as customers for the app that asks.

    Raises:
        Refusal: There is none, or it may not.
    """
    # assumed: which name goes with which cause; the source has the names, and 401.
    value = bearer(request)
    if not value:
        raise Refusal("unauthorized_client", why="there is no agent's token in the header")
    token = world.grants.access_token(value)
    if token is None:
        raise Refusal("invalid_grant", status=401, why="this is no agent's token that lives")
    if client_of(world, wanted).client_id != token.client_id:
        raise Refusal("unauthorized_client", why="the agent's token was issued to another app")
    if SCOPE not in token.scopes:
        raise Refusal("access_denied", why=f"the agent's token lacks {SCOPE}")
    return token


def existing(world: Sandbox, store: ChatStore, entity_id: str, organization_id: str) -> str:
    """Return the id of a customer whom the organisation has.

    Raises:
        Refusal: It has no such customer.
    """
    if not exists(world, store, entity_id, organization_id):
        raise Refusal("resource_not_found", why="the organization has no such customer")
    return entity_id


def exists(world: Sandbox, store: ChatStore, entity_id: str, organization_id: str) -> bool:
    """Whether an organisation has that customer, from its chats or made here."""
    if world.customers.has(entity_id, organization_id):
        return True
    return entity_id in store.of(world.organizations[organization_id]).customers


def bearer(request: Request) -> str:
    """Return the token in the header; empty, if there is none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def describe(world: Sandbox, token: CustomerToken) -> dict[str, str | int]:
    """Describe a customer's token.

    The guide leaves out a field here and there, by grant; the specification has them all.
    """
    return {
        "access_token": token.value,
        "client_id": token.client_id,
        "entity_id": token.entity_id,
        "expires_in": round(token.expires_at - world.clock.now()),
        "organization_id": token.organization_id,
        "token_type": "Bearer",
    }
