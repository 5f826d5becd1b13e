"""Accounts as programs read them: `GET /v2/accounts` and `GET /v2/accounts/{account_id}`.

`me` in the place of an id is whose token it is: there login libraries fetch who signed in.

Source: livechat-public-docs, configs/redoc/global-accounts-api, "Accounts".
"""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from lc_tutorial.sandbox.accounts.callers import caller, demand
from lc_tutorial.sandbox.accounts.refusals import Refusal, malformed, reply
from lc_tutorial.sandbox.api import Requester
from lc_tutorial.sandbox.world import Account, Sandbox

MINE, ALL, ROLES = "accounts--my:ro", "accounts--all:ro", "accounts.roles--all:ro"

_MADE_AT = "2025-01-07T09:00:00.000Z"  # assumed: of all, when they were made and changed last


async def list_accounts(request: Request) -> JSONResponse:
    """Tell of everybody in the caller's organisation."""
    world: Sandbox = request.app.state.world
    who = caller(request)
    demand(who, ALL)
    accounts = world.accounts.values()
    return reply([_profile(world, a, who) for a in accounts if _is_near(a, who)])


async def get_account(request: Request) -> JSONResponse:
    """Tell of one account of the caller's organisation."""
    world: Sandbox = request.app.state.world
    who = caller(request)
    account_id: str = request.path_params["account_id"]
    if account_id == "me":
        account_id = who.account.id
    elif not _is_uuid(account_id):
        raise malformed(account_id="invalid uuid")
    # assumed: one's own account under its id is one's own, too.
    demand(who, MINE if account_id.lower() == who.account.id else ALL)
    account = world.accounts.get(account_id.lower())
    # assumed: an account of another organisation is not there.
    if account is None or not _is_near(account, who):
        why = "the organization has no such account"
        raise Refusal(
            "resource_not_found", why=why, resource_name="account", resource_id=account_id
        )
    return reply(_profile(world, account, who))


def _is_near(account: Account, who: Requester) -> bool:
    return account.organization_id == who.organization_id


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _profile(world: Sandbox, account: Account, who: Requester) -> dict[str, Any]:
    agents = world.agents[account.organization_id]
    avatar = next(agent.avatar for agent in agents if agent.account_id == account.id)
    profile: dict[str, Any] = {
        "account_id": account.id,
        "name": account.name,
        "email": account.email,
        "email_verified": True,
        "default_product": "LiveChat",
        "default_organization_id": account.organization_id,
        "avatar_url": None,  # deprecated: see the one of the properties
        "updated_at": _MADE_AT,
        "created_at": _MADE_AT,
        "properties": {
            "active": True,
            "mfa": False,
            # assumed: the specification's "productName" stands for the products' names.
            "LiveChat": {"suspended": False},
            "avatar_url": avatar,
        },
    }
    if who.may(ROLES):
        profile["roles"] = _roles(account)
    return profile


def _roles(account: Account) -> list[dict[str, Any]]:
    """Make the roles of an account: in the accounts service, and in LiveChat."""
    # What LiveChat calls "normal", the accounts service calls "member".
    of_accounts = "member" if account.role == "normal" else account.role
    return [
        _role("Accounts", of_accounts, "primary"),
        _role("LiveChat", account.role, "secondary"),
    ]


def _role(product: str, role: str, kind: str) -> dict[str, Any]:
    return {
        # The same in every sandbox, as that of a predefined role is in every organisation.
        "role_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{product}/{role}")),
        "product": product,
        "role": role,
        "type": kind,
        "predefined": True,
    }
