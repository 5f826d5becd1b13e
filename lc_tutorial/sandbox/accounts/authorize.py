"""The accounts service for people: the authorization endpoint, sign-in, consent, the error page.

A request arrives at `/` or `/signin` and is checked. The person signs in at `/login`, says yes or
no at `/grant-access` where that is called for, and is redirected to the app with a code or a token.
On its way the request stays in the address, as it was sent, and is checked anew at each step: so
several tabs do not get in each other's way, and a reload does no harm.

Sources: livechat-public-docs, authorization/oauth-authorization (the steps and what comes back)
and authorization/troubleshooting (where errors lead).
"""

import logging
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.accounts import messages
from lc_tutorial.sandbox.accounts.authorization_request import (
    AuthorizationError,
    AuthorizationRequest,
    Pairs,
    granted_scopes,
    is_request,
    needs_consent,
    parameters,
    read,
    recipient,
    rejected,
)
from lc_tutorial.sandbox.accounts.exceptions import IDENTITY_EXCEPTIONS, explain
from lc_tutorial.sandbox.api import Reasons
from lc_tutorial.sandbox.web import pages
from lc_tutorial.sandbox.world import ACCESS_TOKEN_LIFETIME, Account, Sandbox, scopes

_LAST_ERROR = "accounts: last error"

_log = logging.getLogger("lc_tutorial.sandbox")


async def authorization_endpoint(request: Request) -> Response:
    """`/` and `/signin`: begin, or just visit.

    A window that an app opened at `/signin` asks everyone to sign in, also who has.
    Source: oauth-authorization, "AccountsSDK" (popup_flow).
    """
    try:
        pairs = parameters(request.scope["query_string"])
        if not is_request(pairs):
            return pages.redirect(request, "/login")
        asked = read(_world(request), pairs)
        account = _signed_in(request)
        if account is None:
            return _unseen(request, asked) or pages.redirect(
                request, _with_query("/login", pairs), 302
            )
        if asked.recipient and request.scope["path"] == "/signin":
            return _unseen(request, asked) or _login_page(request, asked, pairs)
        return _proceed(request, asked, account, pairs)
    except AuthorizationError as error:
        return _to_error_page(request, error)


async def sign_up(request: Request) -> Response:
    """`/signup`: the stand-in for the page on which somebody makes an account."""
    try:
        pairs = parameters(request.scope["query_string"])
        asked = read(_world(request), pairs) if is_request(pairs) else None
    except AuthorizationError as error:
        return _to_error_page(request, error)
    app, query = (asked.app if asked else None), urlencode(pairs)
    unseen = _unseen(request, asked) if asked else None
    return unseen or pages.render(request, "signup.html", app=app, query=query)


async def login(request: Request) -> Response:
    """`/login`: the page on which a person signs in, and its form."""
    try:
        pairs = parameters(request.scope["query_string"])
        asked = read(_world(request), pairs) if is_request(pairs) else None
        if request.method == "POST":
            return await _check_login(request, asked, pairs)
        account = _signed_in(request)
        # Somebody may sign in anew in a window that an app opened; who fails to is not let through.
        failed = asked and asked.recipient and "identity_exception" in dict(pairs)
        if account is not None and not failed:
            return _after_login(request, asked, account, pairs)
    except AuthorizationError as error:
        return _to_error_page(request, error)
    return _login_page(request, asked, pairs)


async def grant_access(request: Request) -> Response:
    """`/grant-access`: the page that asks whether the app may have access, and its form."""
    try:
        pairs = parameters(request.scope["query_string"])
        asked = read(_world(request), pairs)
        account = _signed_in(request)
        if account is None:
            return pages.redirect(request, _with_query("/login", pairs))
        granted = granted_scopes(asked, account)
        if request.method == "POST":
            form = await pages.checked_form(request)
            if form.get("decision") != "allow":
                # Not back to the app, as RFC 6749 would have it.
                # Source: troubleshooting, "Authorization errors".
                raise rejected()
            _world(request).grants.remember_consent(asked.block.client_id, account.id, granted)
            return _back_to_app(request, asked, account, granted)
    except AuthorizationError as error:
        return _to_error_page(request, error)
    return pages.render(
        request,
        "consent.html",
        leads_to=asked.redirect_uri,
        app=asked.app,
        account=account,
        organization=_world(request).organizations[account.organization_id],
        maker=_world(request).organizations[asked.app.organization_id],
        scopes=[(name, scopes.label(name)) for name in granted],
        redirect_uri=asked.redirect_uri,
        query=urlencode(pairs),
    )


async def error_page(request: Request) -> Response:
    """`/ooops`: what went wrong with an authorization request."""
    try:
        sent = dict(parameters(request.scope["query_string"]))
    except AuthorizationError as error:
        sent = {"oauth_exception": error.name}
    name, details = sent.get("oauth_exception", ""), sent.get("exception_details", "")
    hint, query = "", ""
    kept = pages.session(request).drafts.get(_LAST_ERROR)
    if kept is not None and kept[:2] == (name, details):
        hint, query = kept[2:]
    return pages.render(
        request,
        "error.html",  # assumed: the status of this page is 200
        exception_name=name[:200],
        exception_details=details[:200],
        explanation=explain(name, details),
        hint=hint,
        query=query,
        account=_signed_in(request),
    )


async def logout(request: Request) -> Response:
    """`/logout`: sign out, and back to the login page with the request that was under way."""
    form = await pages.checked_form(request)
    pages.sign_in(request, None)
    try:
        pairs = parameters(form.get("query", "").encode())
    except AuthorizationError:
        pairs = []
    return pages.redirect(request, _with_query("/login", pairs))


# --- Steps --------------------------------------------------------------------------------------


async def _check_login(
    request: Request, asked: AuthorizationRequest | None, pairs: Pairs
) -> Response:
    form = await pages.checked_form(request)
    email = form.get("email", "")
    account = _world(request).sign_in(email, form.get("password", ""))
    if account is None:
        _log.info("login: unauthorized, nobody has this e-mail address with this password")
        again = [(name, value) for name, value in pairs if name != "email"]
        again += [("email", email[:254]), ("identity_exception", "unauthorized")]
        return pages.redirect(request, _with_query("/login", again))
    pages.sign_in(request, account.id)
    return _after_login(request, asked, account, pairs)


def _after_login(
    request: Request, asked: AuthorizationRequest | None, account: Account, pairs: Pairs
) -> Response:
    if asked is None:
        return pages.redirect(request, "/console/")
    return _proceed(request, asked, account, pairs)


def _proceed(
    request: Request, asked: AuthorizationRequest, account: Account, pairs: Pairs
) -> Response:
    """Go on with a request that is in order, for a person who is signed in."""
    granted = granted_scopes(asked, account)
    if needs_consent(_world(request), asked, account, granted):
        return _unseen(request, asked) or pages.redirect(
            request, _with_query("/grant-access", pairs)
        )
    return _back_to_app(request, asked, account, granted)


def _back_to_app(
    request: Request, asked: AuthorizationRequest, account: Account, granted: tuple[str, ...]
) -> Response:
    """Redirect to the app with what it asked for, or give it to the app's page."""
    world = _world(request)
    client_id = asked.block.client_id
    if not world.grants.may_redirect(client_id, account.id):
        # assumed: the name; the source gives only the details.
        why = "too many redirects to the app within half a minute"
        raise AuthorizationError("invalid_request", "too_many_redirects", why=why)
    if asked.response_type == "code":
        code = world.grants.issue_code(
            client_id, account, asked.redirect_uri, granted, asked.challenge
        )
        if asked.recipient:
            message = messages.success(asked, account, granted, code=code.value)
            return messages.answer(request, asked.recipient, message)
        answer = {"code": code.value, "state": asked.state}
        return pages.to(request, f"{asked.redirect_uri}?{_encoded(answer)}")
    token = world.grants.issue_access_token(client_id, account.id, granted)
    issued = {"access_token": token.value, "token_type": "Bearer"}
    if asked.recipient:
        message = messages.success(asked, account, granted, **issued)
        return messages.answer(request, asked.recipient, message)
    answer = {**issued, "expires_in": str(ACCESS_TOKEN_LIFETIME), "state": asked.state}
    return pages.to(request, f"{asked.redirect_uri}#{_encoded(answer)}")


def _unseen(request: Request, asked: AuthorizationRequest) -> Response | None:
    """Answer a frame, in which nobody may be asked anything; None for a window."""
    if asked.recipient is None or not messages.is_framed(request):
        return None
    return messages.answer(request, asked.recipient, messages.UNAUTHORIZED)


def _to_error_page(request: Request, error: AuthorizationError) -> Response:
    said = f"{error.name} {error.details}".rstrip()
    _log.info("authorization: %s, %s", said, error.why or "refused")
    told = _page_that_waits(request)
    if told is not None:
        return messages.answer(request, told, messages.refusal(error.name, error.details))
    _note_reason(request, error)
    query = request.scope["query_string"].decode("ascii", "replace")
    # Not in the address, which is the platform's own: the session keeps it for the page.
    kept = (error.name, error.details, error.hint, query)
    pages.session(request).drafts[_LAST_ERROR] = kept
    shown = [("oauth_exception", error.name)]
    if error.details:
        shown.append(("exception_details", error.details))
    return pages.redirect(request, _with_query("/ooops", shown), 302)


def _note_reason(request: Request, error: AuthorizationError) -> None:
    """Keep the reason for the notebook that waits for this request's answer."""
    reasons: Reasons | None = getattr(request.app.state, "reasons", None)
    try:
        state = dict(parameters(request.scope["query_string"])).get("state", "")
    except AuthorizationError:
        return
    if reasons is not None and state and error.why:
        reasons.note("/", f"{error.name} {state}".encode(), error.why)


def _page_that_waits(request: Request) -> str | None:
    """Return the origin of the page that is told what went wrong with its request, if any is."""
    try:
        return recipient(_world(request), parameters(request.scope["query_string"]))
    except AuthorizationError:
        return None


def _login_page(request: Request, asked: AuthorizationRequest | None, pairs: Pairs) -> Response:
    world = _world(request)
    carried = [(name, value) for name, value in pairs if name != "identity_exception"]
    sent = dict(pairs)
    problem = sent.get("identity_exception")
    return pages.render(
        request,
        "login.html",
        leads_to=asked.redirect_uri if asked else None,
        app=asked.app if asked else None,
        query=urlencode(carried),
        email=sent.get("email", "")[:254],
        problem=problem and IDENTITY_EXCEPTIONS.get(problem, "You could not be signed in."),
        organizations=[
            (organization, [a for a in world.accounts.values() if a.organization_id == key])
            for key, organization in world.organizations.items()
        ],
        role_names=scopes.ROLE_NAMES,
    )


# --- Small things -------------------------------------------------------------------------------


def _world(request: Request) -> Sandbox:
    world: Sandbox = request.app.state.world
    return world


def _signed_in(request: Request) -> Account | None:
    return _world(request).accounts.get(pages.session(request).account_id or "")


def _with_query(path: str, pairs: Pairs) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _encoded(answer: dict[str, str]) -> str:
    # The colon of a code arrives as %3A, and a state comes back as it was sent, or empty.
    return urlencode(answer, quote_via=quote, safe="")


routes = [
    Route("/", authorization_endpoint, methods=["GET"]),
    Route("/signin", authorization_endpoint, methods=["GET"]),
    Route("/signup", sign_up, methods=["GET"]),
    Route("/login", login, methods=["GET", "POST"]),
    Route("/grant-access", grant_access, methods=["GET", "POST"]),
    Route("/ooops", error_page, methods=["GET"]),
    Route("/logout", logout, methods=["POST"]),
]
