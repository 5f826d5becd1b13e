"""The cookie grant: a browser gets a token for the one customer that it is.

Its two cookies are sent over https only, as on the platform (browsers make an exception for a
server on their own machine). A browser sends them from pages of other origins too, so what protects
a customer is which origins may ask: those that the organisation trusts.

Source: livechat-public-docs, authorization/customer-authorization, "Cookie grant".
"""

from starlette.requests import Request
from starlette.responses import JSONResponse

from lc_tutorial.sandbox.accounts import redirect_uris
from lc_tutorial.sandbox.accounts.customer_requests import (
    Place,
    Wanted,
    client_of,
    describe,
    exists,
)
from lc_tutorial.sandbox.accounts.refusals import Refusal, malformed, reply
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.web import context_path
from lc_tutorial.sandbox.world import AuthorizationBlock, CustomerBrowser, Sandbox

CID = "__lc_cid"
CST = "__lc_cst"

#: Seconds: two years, from the last request on.
LIFETIME = 63_072_000


def answer(
    world: Sandbox, store: ChatStore, request: Request, wanted: Wanted, place: Place
) -> JSONResponse:
    """Issue a token for the customer that this browser is, or becomes.

    Raises:
        Refusal: The app, the organisation, the address or the origin is not as it has to be.
    """
    block = client_of(world, wanted)
    organization_id = _organization(world, wanted, place)
    _check_app(world, block, organization_id)
    _check_origin(world, request, wanted, block, organization_id)
    lifetime = wanted.lifetime
    browser = world.customer_browsers.known(
        request.cookies.get(CID, ""), request.cookies.get(CST, "")
    )
    browser = browser or world.customer_browsers.take_in()
    entity_id = browser.customers.get((organization_id, place.group_id), "")
    if not exists(world, store, entity_id, organization_id):
        entity_id = world.customers.create(organization_id)
        browser.become(organization_id, place.group_id, entity_id)
    token = world.customers.issue_token(block.client_id, organization_id, entity_id, lifetime)
    response = reply(describe(world, token))
    _set_cookies(request, response, browser)
    return response


def _organization(world: Sandbox, wanted: Wanted, place: Place) -> str:
    named = wanted.organization_id or place.organization_id
    if not named:
        raise malformed("there is no organization_id")
    if place.organization_id not in (None, named):
        raise malformed("the organization_id is not the one in the address")
    if named not in world.organizations:
        raise Refusal("resource_not_found", why="there is no such organization")
    return named


def _check_app(world: Sandbox, block: AuthorizationBlock, organization_id: str) -> None:
    found = world.client(block.client_id)
    # assumed: an app is for the customers of its own organisation, or published for all.
    if found and not found[0].published and found[0].organization_id != organization_id:
        raise Refusal("access_denied", why="the app is private to another organization")


def _check_origin(
    world: Sandbox,
    request: Request,
    wanted: Wanted,
    block: AuthorizationBlock,
    organization_id: str,
) -> None:
    origin = request.headers.get("origin", "")
    redirect_uri = wanted.redirect_uri or origin
    if not redirect_uri:
        raise malformed("there is neither a redirect_uri nor an Origin header")
    if not redirect_uris.is_allowed(block.redirect_uris, redirect_uri):
        # Source of the name: troubleshooting, "unauthorized_client" (invalid redirect URI).
        why = "the redirect_uri, or the origin in its place, is not on the app's whitelist"
        raise Refusal("unauthorized_client", why=why)
    if origin and not world.trusts(origin, organization_id):
        # assumed: the name. Without an Origin header no page asks, and there is nobody to trust.
        raise Refusal("access_denied", why="the organization does not trust the page's origin")


def _set_cookies(request: Request, response: JSONResponse, browser: CustomerBrowser) -> None:
    for name, value in ((CID, browser.cid), (CST, browser.cst)):
        response.set_cookie(
            name,
            value,
            max_age=LIFETIME,
            expires=LIFETIME,
            # For the host that was asked: the samples' Domain is the platform's own.
            path=f"{context_path(request)}/v2/customer",
            secure=True,
            httponly=True,
            samesite="none",
        )
