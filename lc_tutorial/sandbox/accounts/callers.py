"""Who calls the accounts service about people: an agent, by their token.

Source: livechat-public-docs, configs/redoc/global-accounts-api ("securitySchemes", and the 401 and
403 of each call).
"""

from starlette.requests import Request

from lc_tutorial.sandbox.accounts.refusals import Refusal
from lc_tutorial.sandbox.api import ApiError, Requester, authenticate
from lc_tutorial.sandbox.world import Sandbox


def caller(request: Request) -> Requester:
    """Find out who calls, by an access token (Bearer) or a personal access token (Basic).

    Raises:
        Refusal: `unauthorized`.
    """
    world: Sandbox = request.app.state.world
    try:
        return authenticate(world, request.headers.get("Authorization"))
    except ApiError as error:
        raise Refusal("unauthorized", why=error.why) from None


def demand(who: Requester, *one_of: str) -> None:
    """Refuse a token that grants none of these scopes.

    Raises:
        Refusal: `access_denied`, with the specification's `sub_error`.
    """
    if not any(who.may(scope) for scope in one_of):
        why = f"the token lacks {' or '.join(one_of)}"
        raise Refusal("access_denied", why=why, sub_error="insufficient_scope")
