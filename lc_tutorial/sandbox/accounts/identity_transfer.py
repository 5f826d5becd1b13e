"""Taking a customer's identity from one device to another, by an identity transfer token.

Source: livechat-public-docs, authorization/customer-authorization, "Identity token grant".
"""

from starlette.requests import Request
from starlette.responses import JSONResponse

from lc_tutorial.sandbox.accounts.customer_requests import (
    Place,
    Wanted,
    agent_of,
    bearer,
    client_of,
    existing,
    read,
)
from lc_tutorial.sandbox.accounts.pkce import PKCE_FORM, is_verifier_of
from lc_tutorial.sandbox.accounts.refusals import Refusal, malformed, reply
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import (
    IDENTITY_TRANSFER_LIFETIME,
    Challenge,
    CustomerToken,
    IdentityTransfer,
    Sandbox,
)


async def start(world: Sandbox, store: ChatStore, request: Request) -> JSONResponse:
    """`/v2/customer/identity_transfer`: issue the token that takes an identity along."""
    wanted = await read(request)
    organization_id, entity_id = _whose(world, store, request, wanted)
    transfer = world.customers.issue_transfer(
        wanted.client_id or "", organization_id, entity_id, _challenge(wanted)
    )
    return reply(
        {
            "identity_transfer_token": transfer.value,
            "expires_in": IDENTITY_TRANSFER_LIFETIME,
        }
    )


def _whose(world: Sandbox, store: ChatStore, request: Request, wanted: Wanted) -> tuple[str, str]:
    """Return the organisation and the id of the customer whose identity is to be taken along."""
    if wanted.bearer_type == "agent":
        agent = agent_of(world, request, wanted)
        if not wanted.customer_id:
            raise malformed("there is no customer_id, which an agent has to name")
        customer_id = existing(world, store, wanted.customer_id, agent.organization_id)
        return agent.organization_id, customer_id
    if wanted.bearer_type != "customer":
        raise malformed("bearer_type is neither agent nor customer")
    customer = world.customers.token(bearer(request))
    if customer is None:
        raise Refusal("invalid_grant", status=401, why="this is no customer's token that lives")
    if client_of(world, wanted).client_id != customer.client_id:
        raise Refusal("unauthorized_client", why="the customer's token was issued to another app")
    return customer.organization_id, customer.entity_id


def _challenge(wanted: Wanted) -> Challenge | None:
    value, method = wanted.code_challenge, wanted.code_challenge_method or "plain"
    if value is None:
        return None
    if not PKCE_FORM.fullmatch(value):
        raise malformed("code_challenge does not have the form that PKCE demands")
    # assumed: the method can be named here too, and is plain else. The guide says "as described in
    # PKCE extension", where it is so, and names no parameter for it.
    if method in ("S256", "s256"):
        return Challenge(value, "S256")
    if method == "plain":
        return Challenge(value, "plain")
    raise malformed("code_challenge_method is neither S256 nor plain")


def exchange(world: Sandbox, wanted: Wanted, place: Place) -> CustomerToken:
    """Issue a customer's token for an identity transfer token, which works once.

    Raises:
        Refusal: It is not good for one.
    """
    if not wanted.code:
        raise malformed("there is no code, which is the identity transfer token")
    block = client_of(world, wanted)
    transfer = world.customers.transfer(wanted.code)
    # assumed: the name of these refusals.
    if transfer is None:
        why = "no such identity transfer token lives: it was used, or has expired, or never was"
        raise Refusal("invalid_grant", why=why)
    if transfer.client_id != block.client_id:
        raise Refusal("invalid_grant", why="the identity transfer token is another app's")
    if place.organization_id not in (None, transfer.organization_id):
        raise Refusal("access_denied", why="the customer is another organization's")
    _check_verifier(transfer, wanted.code_verifier or "")
    lifetime = wanted.lifetime
    world.customers.spend(transfer)
    return world.customers.issue_token(
        block.client_id, transfer.organization_id, transfer.entity_id, lifetime
    )


def _check_verifier(transfer: IdentityTransfer, verifier: str) -> None:
    challenge = transfer.challenge
    if challenge is None:
        if verifier:  # assumed, as for codes
            raise Refusal("invalid_grant", why="a code_verifier came where no code_challenge was")
        return
    if not verifier:
        raise malformed("there is no code_verifier")
    if not is_verifier_of(challenge, verifier):
        raise Refusal("invalid_grant", why="the code_verifier is not that of the code_challenge")
