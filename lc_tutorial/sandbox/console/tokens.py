"""The Console's page Settings > Authorization: personal access tokens.

A token is made for the person who uses the Console, with a name and scopes that never change, and
is shown once.

Source: livechat-public-docs, authorization/personal-access-tokens (and its screenshot).
"""

from base64 import b64encode
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.console.page import acting, page, world_of
from lc_tutorial.sandbox.web import PageProblem, checked_form, redirect, session
from lc_tutorial.sandbox.world import Account, PersonalAccessToken, Scope, scopes

MAX_NAME = 60  # assumed: no source names a limit
MOST_TOKENS = 1_000  # assumed: of one person; no source names a limit

_SETTINGS = "/console/settings/authorization"
_TO_SHOW = "personal-access-token"


async def tokens(request: Request) -> Response:
    """List the person's tokens; one that was made just now is shown, this once."""
    me = acting(request)
    own = _own(request)
    fresh_id = session(request).drafts.pop(_TO_SHOW, None)
    fresh = next((token for token in own if token.id == fresh_id), None)
    return page(
        request,
        "console_tokens.html",
        section="settings",
        tokens=own[::-1],
        fresh=fresh,
        encoded=_encoded(fresh) if fresh else "",
        account_id=me.id,
        scope_label=scopes.label,
        day=_day,
    )


async def new_token(request: Request) -> Response:
    """Ask for a new token's name and scopes, and make it."""
    me = acting(request)
    offered = grantable(me)
    name, ticked = "", list[str]()
    problems: dict[str, str] = {}
    if request.method == "POST":
        form = await checked_form(request)
        if len(_own(request)) >= MOST_TOKENS:
            raise PageProblem(
                409,
                f"You have {MOST_TOKENS:,} personal access tokens already",
                "The sandbox keeps no more of one person. Delete some under Settings, or start the "
                "sandbox anew, which begins without any.",
            )
        name = " ".join(form.get("name", "").split())
        ticked = [scope.name for scope in offered if scope.name in form.getlist("scope")]
        problems = _problems(name, ticked, {token.name for token in _own(request)})
        if not problems:
            made = world_of(request).create_personal_access_token(me.id, name, ticked)
            session(request).drafts[_TO_SHOW] = made.id
            return redirect(request, _SETTINGS)
    return page(
        request,
        "console_new_token.html",
        section="settings",
        status=422 if problems else 200,
        name=name,
        ticked=ticked,
        problems=problems,
        offered=offered,
        limit=MAX_NAME,
    )


def grantable(person: Account) -> list[Scope]:
    """Return the scopes that a personal access token of this person can have.

    A token never does more than the account that it belongs to.
    """
    # assumed: customers:own is not among them. The source says only that it takes an app's token.
    return [
        scope
        for scope in scopes.CATALOGUE.values()
        if scopes.may_grant(person.role, scope.name) and scope.name != "customers:own"
    ]


def _problems(name: str, ticked: list[str], taken: set[str]) -> dict[str, str]:
    problems = {}
    if not name:
        problems["name"] = "Give the token a name, so that you know later what it is for."
    elif len(name) > MAX_NAME:
        problems["name"] = f"The name has {len(name)} characters; {MAX_NAME} is the most."
    elif name in taken:
        problems["name"] = "You have a token with this name. Choose another one."
    if not ticked:
        problems["scope"] = "Tick one or more scopes in the list: without any it can do nothing."
    return problems


async def delete(request: Request) -> Response:
    """Delete a token, after asking."""
    token_id = request.path_params["token_id"]
    token = next((token for token in _own(request) if token.id == token_id), None)
    if token is None:
        raise PageProblem(
            404,
            "There is no such token",
            "It was deleted, or is another person's, or the sandbox was started anew and forgot "
            "it. Your tokens are listed under Settings.",
        )
    if request.method != "POST":
        return page(request, "console_delete_token.html", section="settings", token=token)
    await checked_form(request)
    world_of(request).delete_personal_access_token(token)
    session(request).notices.append(("ok", f"The token {token.name} was deleted."))
    return redirect(request, _SETTINGS)


def _own(request: Request) -> list[PersonalAccessToken]:
    me = acting(request)
    tokens = world_of(request).personal_access_tokens.values()
    return [token for token in tokens if token.account_id == me.id]


def _encoded(token: PersonalAccessToken) -> str:
    """Return what goes behind `Basic` in the Authorization header."""
    return b64encode(f"{token.account_id}:{token.value}".encode()).decode()


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


_BOTH = ["GET", "POST"]

routes = [
    Route(_SETTINGS, tokens),
    Route(f"{_SETTINGS}/new", new_token, methods=_BOTH),
    Route(f"{_SETTINGS}/{{token_id}}/delete", delete, methods=_BOTH),
]
