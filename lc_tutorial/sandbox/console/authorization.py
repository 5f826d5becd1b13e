"""The Console's page "App Authorization": an app's OAuth client, and its scopes.

The page is one form with many buttons, each named by what it does; it needs no JavaScript.

Source: livechat-public-docs, authorization/authorization-in-practice.
"""

import hmac
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.console.draft import Draft
from lc_tutorial.sandbox.console.page import own_app, page, world_of
from lc_tutorial.sandbox.web import PageProblem, checked_form, context_path, redirect, session
from lc_tutorial.sandbox.world import App, AuthorizationBlock, Sandbox, scopes

_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


async def authorization(request: Request) -> Response:
    """Show the page."""
    app = own_app(request)
    block = app.block
    if block is None:
        return redirect(request, f"/console/apps/{app.id}/building-blocks/authorization")
    draft: Draft = session(request).drafts.setdefault(app.id, Draft.of(block))
    draft.catch_up(block)

    show_secret = bool(block.client_secret) and (draft.keep_secret or not block.secret_seen)
    draft.on_screen = secrets.token_urlsafe(12) if show_secret else ""
    draft.keep_secret = False
    block.secret_seen = block.secret_seen or show_secret

    response = page(
        request,
        "console_authorization.html",
        section="authorization",
        app=app,
        block=block,
        draft=draft,
        complete=draft.is_complete(block),
        show_secret=show_secret,
        callback_address=callback_address(request, world_of(request)),
        callback_port=world_of(request).callback_port,
        server_prefix=world_of(request).server_prefix,
        behind_proxy=bool(context_path(request)),
        here=request.url.path,
        scope_label=scopes.label,
    )
    draft.client_note = draft.scopes_note = ""
    return response


def callback_address(request: Request, world: Sandbox) -> str:
    """Return the address at which a browser reaches the listener on the learner's machine.

    That is this machine itself, or behind jupyter-server-proxy the same public address that the
    browser asked for, with the listener's port in place of the sandbox's. Where a hub itself leads
    browsers here, it is below the path of the learner's own Jupyter server.
    """
    port = world.callback_port
    before, proxied, _ = context_path(request).rpartition("/proxy/")
    host = _first(request, "x-forwarded-host")
    if not proxied and host:
        before, proxied = world.server_prefix.rstrip("/"), world.server_prefix
    host = host or _first(request, "host")
    if not proxied or not _HOST.fullmatch(host):
        return f"http://127.0.0.1:{port}/callback"
    scheme = "https" if _first(request, "x-forwarded-proto") == "https" else "http"
    return f"{scheme}://{host}{before}/proxy/{port}/callback"


def _first(request: Request, header: str) -> str:
    return request.headers.get(header, "").split(",")[0].strip()


async def change(request: Request) -> Response:
    """Do what the pressed button says, with what the page's form holds."""
    app, form = own_app(request), await checked_form(request)
    if app.block is None:
        raise PageProblem(
            409, "This app has no Authorization block", "Add it first, under Building Blocks."
        )
    draft: Draft = session(request).drafts.setdefault(app.id, Draft.of(app.block))
    draft.read(form)
    # The secret stays on the screen of whoever has it there, and is gone with a refresh.
    given = form.get("on_screen", "").encode()
    draft.keep_secret = bool(given) and hmac.compare_digest(given, draft.on_screen.encode())

    action, _, value = form.get("action", "").partition(":")
    if action == "use-callback-address":
        value = form.get("callback_address", "")
    place = _act(draft, app.block, request, action, value)
    draft.compare(app.block)
    if action.startswith("save-") and draft.is_complete(app.block):
        place = "#take-back"
    return redirect(request, f"/console/apps/{app.id}/authorization{place}")


def _act(draft: Draft, block: AuthorizationBlock, request: Request, action: str, value: str) -> str:
    """Do it, and return the place on the page, or the page below it, to go on with."""
    match action:
        case "add-redirect-uri":
            draft.add_typed_uri()
        case "use-callback-address":
            draft.add_uri(value)
        case "remove-redirect-uri":
            draft.remove_uri(value)
        case "save-client":
            draft.save_client(block, world_of(request))
            return "#redirect-uris" if draft.uri_problem else "#client"
        case "discard-client":
            draft.discard_client(block)
            return "#client"
        case "add-scope":
            draft.add_scopes()
            return "#scopes"
        case "remove-scope":
            draft.scopes.pop(value, None)
            return "#scopes"
        case "save-scopes":
            draft.save_scopes(block)
            return "#scopes"
        case "discard-scopes":
            draft.discard_scopes(block)
            return "#scopes"
        case "new-secret":
            return "/secret"
        case _ if draft.search and not draft.typed_uri:
            # Enter in one of the two text fields, without JavaScript.
            draft.add_scopes()
            return "#scopes"
        case _:
            draft.add_typed_uri()
    return "#redirect-uris"


async def new_secret(request: Request) -> Response:
    """Replace the Client Secret, after asking."""
    app = own_app(request)
    block = _with_secret(app)
    if request.method != "POST":
        return page(request, "console_secret.html", section="authorization", app=app)
    await checked_form(request)
    world_of(request).new_secret(block)
    return redirect(request, f"/console/apps/{app.id}/authorization#secret")


def _with_secret(app: App) -> AuthorizationBlock:
    if app.block is None or not app.block.client_secret:
        raise PageProblem(
            409,
            "This app has no secret",
            "Only a server-side app has one. Its client type is on the page App Authorization.",
        )
    return app.block


_PAGE = "/console/apps/{app_id}/authorization"

routes = [
    Route(_PAGE, authorization, methods=["GET"]),
    Route(_PAGE, change, methods=["POST"]),
    Route(f"{_PAGE}/secret", new_secret, methods=["GET", "POST"]),
]
