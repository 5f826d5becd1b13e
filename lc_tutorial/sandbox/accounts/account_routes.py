"""The accounts service's calls about people and organisations: all that are documented.

A few are imitated. The others look who calls, as the platform does, and then say that the sandbox
does not imitate them.

Source: livechat-public-docs, configs/redoc/global-accounts-api.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lc_tutorial.sandbox.accounts.callers import caller, demand
from lc_tutorial.sandbox.accounts.profiles import get_account, list_accounts
from lc_tutorial.sandbox.accounts.refusals import Refusal, Resource, reply
from lc_tutorial.sandbox.web import pages
from lc_tutorial.sandbox.world import Sandbox

#: Every documented path, with its methods; one with a name comes before one with any id.
DOCUMENTED = {
    "/v2/accounts": ("GET", "POST"),
    "/v2/accounts/invitations": ("GET", "POST"),
    "/v2/accounts/invitations/{invitation_id}": ("PUT", "DELETE"),
    "/v2/accounts/{account_id}": ("GET", "PATCH", "DELETE"),
    "/v2/accounts/{account_id}/roles": ("PUT",),
    "/v2/accounts/{account_id}/password/reset": ("POST",),
    "/v2/accounts/{account_id}/organization_settings/{organization_id}": ("GET", "PATCH"),
    "/v2/roles": ("GET",),
    "/v2/roles/{role_id}": ("GET", "DELETE"),
    "/v2/sessions": ("GET", "DELETE"),
    "/v2/sessions/{session_id}": ("DELETE",),
    "/v2/organizations": ("GET", "POST"),
    "/v2/organizations/my/saml": ("GET", "POST", "PATCH", "DELETE"),
    "/v2/organizations/my/login_methods": ("GET", "POST"),
    "/v2/organizations/my/login_methods/{login_method}": ("DELETE",),
    "/v2/organizations/{organization_id}": ("GET", "PATCH"),
    "/v2/organizations/{organization_id}/domains": ("GET", "POST"),
    "/v2/organizations/{organization_id}/domains/{domain_id}": ("DELETE",),
}


async def end_sessions(request: Request) -> JSONResponse:
    """Sign the caller out everywhere, and revoke their access tokens, as an app's logout does."""
    world: Sandbox = request.app.state.world
    who = caller(request)
    # assumed: the scope. The specification names accounts--all:ro, perhaps by mistake: the call
    # for a single session takes sessions--my:rw.
    demand(who, "sessions--my:rw", "accounts--all:ro")
    _, access, _ = world.grants.issued()
    # assumed: all of them came of some session, whichever app they belong to.
    for token in [token for token in access if token.account_id == who.account.id]:
        world.grants.revoke(token.value)
    sessions: pages.Sessions = request.app.state.sessions
    sessions.sign_out(who.account.id)
    # Source: the app livechat/sample-app-popup-auth, which reads JSON here; the specification has
    # no content.
    return reply({})


async def _not_imitated(path: str, request: Request) -> JSONResponse:
    caller(request)
    raise Refusal(
        "not_imitated",
        why="the platform has it, the sandbox has not",
        error_description=f"The sandbox does not imitate {request.method} {path}. "
        "The real accounts service has it.",
    )


IMITATED: dict[tuple[str, str], Callable[[Request], Awaitable[JSONResponse]]] = {
    ("GET", "/v2/accounts"): list_accounts,
    ("GET", "/v2/accounts/{account_id}"): get_account,
    ("DELETE", "/v2/sessions"): end_sessions,
}

routes = [
    Route(
        path,
        Resource(**{m: IMITATED.get((m, path), partial(_not_imitated, path)) for m in methods}),
    )
    for path, methods in DOCUMENTED.items()
]
