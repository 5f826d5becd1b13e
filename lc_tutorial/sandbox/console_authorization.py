"""The Console's page "App Authorization": an app's OAuth client, and its scopes.

Two cards that are saved apart, in one form: whatever button is pressed, what was entered anywhere
on the page comes along, and is kept as a draft until it is saved. Nothing needs JavaScript.

Source: livechat-public-docs, authorization/authorization-in-practice.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox import redirect_uris, scopes
from lc_tutorial.sandbox.console_page import CLIENT_TYPES, own_app, page, world_of
from lc_tutorial.sandbox.pages import (
    PageProblem,
    checked_form,
    context_path,
    redirect,
    session,
)
from lc_tutorial.sandbox.records import App, AuthorizationBlock, ClientType
from lc_tutorial.sandbox.state import Sandbox

MAX_REDIRECT_URIS = 50  # assumed

_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


@dataclass
class Draft:
    """What a browser's page "App Authorization" holds, saved or not.

    Attributes:
        scopes: Each chosen scope's name, and whether the app requires it.
        typed_uri: What stands in the field for another redirect URI.
        ticked: Scopes ticked in the list, not yet chosen.
        search: What stands in the field that searches the scopes.
        client_edited: Whether the first card differs from what is saved.
        scopes_edited: Whether the second card does.
        on_screen: A token of the page that shows the secret, so that it can keep showing it.
        keep_secret: Whether the next page shows the secret once more.
    """

    client_type: ClientType
    redirect_uris: list[str]
    scopes: dict[str, bool]
    typed_uri: str = ""
    ticked: list[str] = field(default_factory=list)
    search: str = ""
    uri_problem: str = ""
    scope_problem: str = ""
    client_note: str = ""
    scopes_note: str = ""
    client_edited: bool = False
    scopes_edited: bool = False
    on_screen: str = ""
    keep_secret: bool = False

    @classmethod
    def of(cls, block: AuthorizationBlock) -> "Draft":
        """Return what the page holds when everything is saved."""
        return cls(block.client_type, list(block.redirect_uris), dict(block.scopes))

    def compare(self, block: AuthorizationBlock) -> None:
        """Note which of the cards differ from what is saved."""
        client = (block.client_type, block.redirect_uris)
        self.client_edited = (self.client_type, self.redirect_uris) != client
        self.scopes_edited = self.scopes != block.scopes

    def is_complete(self, block: AuthorizationBlock) -> bool:
        """Whether everything is there that the tutorial needs, and saved."""
        edited = self.client_edited or self.scopes_edited
        return bool(block.redirect_uris and block.scopes) and not edited

    def catch_up(self, block: AuthorizationBlock) -> None:
        """Take over what was saved elsewhere, another tab for example, in cards without edits."""
        if not self.client_edited:
            self.client_type, self.redirect_uris = block.client_type, list(block.redirect_uris)
        if not self.scopes_edited:
            self.scopes = dict(block.scopes)

    def read(self, form: ImmutableMultiDict[str, str]) -> None:
        """Take over what the page's form holds."""
        self.client_type = CLIENT_TYPES.get(form.get("client_type", ""), self.client_type)
        self.redirect_uris = list(dict.fromkeys(form.getlist("redirect_uri")))
        required = set(form.getlist("required"))
        self.scopes = {
            name: name in required
            for name in form.getlist("chosen_scope")
            if name in scopes.CATALOGUE
        }
        self.typed_uri = form.get("typed_uri", "").strip()
        self.ticked = [name for name in form.getlist("scope") if name in scopes.CATALOGUE]
        self.search = form.get("search", "").strip()
        self.uri_problem = self.scope_problem = self.client_note = self.scopes_note = ""


# --- The page ---------------------------------------------------------------------------------


async def authorization(request: Request) -> Response:
    """Show the two cards."""
    app = own_app(request)
    if app.block is None:
        return redirect(request, f"/console/apps/{app.id}/building-blocks/authorization")
    block = app.block
    drafts = session(request).drafts
    draft: Draft = drafts.setdefault(app.id, Draft.of(block))
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
        callback_address=callback_address(request, world_of(request).callback_port),
        callback_port=world_of(request).callback_port,
        here=request.url.path,
        scope_label=scopes.label,
        offered=_offered(draft),
    )
    draft.client_note = draft.scopes_note = ""
    return response


def _offered(draft: Draft) -> list[scopes.Scope]:
    """Return the scopes that can be added: those that the search finds, else all others."""
    others = [scope for scope in scopes.CATALOGUE.values() if scope.name not in draft.scopes]
    found = [scope for scope in others if scope.name in draft.ticked or _finds(draft, scope)]
    return found or others


def _finds(draft: Draft, scope: scopes.Scope) -> bool:
    text = f"{scope.name} {scope.label}".casefold()
    return all(word in text for word in draft.search.casefold().split())


def callback_address(request: Request, port: int) -> str:
    """Return the address at which a listener on this machine's `port` can be reached by a browser.

    That is this machine itself, or behind jupyter-server-proxy the same public address that the
    browser asked for, with the listener's port in place of the sandbox's.
    """
    before, proxied, _ = context_path(request).rpartition("/proxy/")
    host = _first(request, "x-forwarded-host") or _first(request, "host")
    if not proxied or not _HOST.fullmatch(host):
        return f"http://127.0.0.1:{port}/callback"
    scheme = "https" if _first(request, "x-forwarded-proto") == "https" else "http"
    return f"{scheme}://{host}{before}/proxy/{port}/callback"


def _first(request: Request, header: str) -> str:
    return request.headers.get(header, "").split(",")[0].strip()


# --- Changing it ------------------------------------------------------------------------------


async def change(request: Request) -> Response:
    """Do what the pressed button says, with what the page's form holds."""
    app = own_app(request)
    form = await checked_form(request)
    if app.block is None:
        raise PageProblem(
            409, "This app has no Authorization block", "Add it first, under Building Blocks."
        )
    block = app.block
    draft: Draft = session(request).drafts.setdefault(app.id, Draft.of(block))
    draft.read(form)
    # The secret stays on the screen of whoever has it there, and is gone with a refresh.
    given = form.get("on_screen", "")
    draft.keep_secret = bool(given) and hmac.compare_digest(
        given.encode(), draft.on_screen.encode()
    )

    action, _, value = form.get("action", "").partition(":")
    match action:
        case "add-redirect-uri":
            _add_typed_uri(draft)
            place = "redirect-uris"
        case "use-callback-address":
            _add_uri(draft, form.get("callback_address", ""))
            place = "redirect-uris"
        case "remove-redirect-uri":
            draft.redirect_uris = [uri for uri in draft.redirect_uris if uri != value]
            place = "redirect-uris"
        case "save-client":
            _save_client(draft, block, world_of(request))
            place = "client"
        case "discard-client":
            draft.client_type, draft.redirect_uris = block.client_type, list(block.redirect_uris)
            draft.typed_uri = ""
            place = "client"
        case "add-scope":
            _add_scopes(draft)
            place = "scopes"
        case "remove-scope":
            draft.scopes.pop(value, None)
            place = "scopes"
        case "save-scopes":
            _save_scopes(draft, block)
            place = "scopes"
        case "discard-scopes":
            draft.scopes, draft.ticked, draft.search = dict(block.scopes), [], ""
            place = "scopes"
        case "new-secret":
            place = "secret"
        case _:
            # Enter in one of the two text fields, without JavaScript.
            place = _add_what_was_typed(draft)
    draft.compare(block)
    if action.startswith("save-") and draft.is_complete(block):
        place = "take-back"
    page_of_app = f"/console/apps/{app.id}/authorization"
    if action == "new-secret":
        return redirect(request, f"{page_of_app}/secret")
    return redirect(request, f"{page_of_app}#{place}")


def _add_what_was_typed(draft: Draft) -> str:
    if draft.search and not draft.typed_uri:
        _add_scopes(draft)
        return "scopes"
    _add_typed_uri(draft)
    return "redirect-uris"


def _add_typed_uri(draft: Draft) -> None:
    if _add_uri(draft, draft.typed_uri):
        draft.typed_uri = ""


def _add_uri(draft: Draft, uri: str) -> bool:
    if uri in draft.redirect_uris:
        draft.uri_problem = "It is in the list already."
    elif len(draft.redirect_uris) >= MAX_REDIRECT_URIS:
        draft.uri_problem = f"The list is full: {MAX_REDIRECT_URIS} is the most."
    else:
        draft.uri_problem = redirect_uris.problem(uri) or ""
    if not draft.uri_problem:
        draft.redirect_uris.append(uri)
    return not draft.uri_problem


def _save_client(draft: Draft, block: AuthorizationBlock, world: Sandbox) -> None:
    """Save the first card; an address typed and not added would be lost otherwise, so add it."""
    added = ""
    if draft.typed_uri and draft.typed_uri not in draft.redirect_uris:
        added = draft.typed_uri
        if not _add_uri(draft, added):
            return
    draft.typed_uri = ""
    for uri in draft.redirect_uris:
        if problem := redirect_uris.problem(uri):
            draft.uri_problem = f"{uri} cannot be saved. {problem}"
            return
    world.set_client_type(block, draft.client_type)
    block.redirect_uris[:] = draft.redirect_uris
    if added:
        draft.client_note = f"Saved, with the address that stood in the field: {added}"


def _add_scopes(draft: Draft) -> None:
    """Choose the ticked scopes, or the one that the search means without a doubt."""
    wanted = list(draft.ticked)
    if not wanted and draft.search:
        found = [s.name for s in _offered(draft) if _finds(draft, s)]
        if draft.search in found:
            wanted = [draft.search]
        elif len(found) == 1:
            wanted = found
        elif found:
            # Only a search, done without JavaScript: the list now holds what it found.
            return
        else:
            draft.scope_problem = f"No other scope has \u201c{draft.search}\u201d in it."
            return
    if not wanted:
        draft.scope_problem = "Tick one or more scopes in the list first."
        return
    # As in the real Console, a new entry is required until that is unticked.
    draft.scopes.update({name: True for name in wanted if name not in draft.scopes})
    draft.ticked, draft.search = [], ""


def _save_scopes(draft: Draft, block: AuthorizationBlock) -> None:
    """Save the second card; scopes ticked and not added would be lost otherwise, so add them."""
    added = [name for name in draft.ticked if name not in draft.scopes]
    draft.scopes.update(dict.fromkeys(added, True))
    draft.ticked = []
    block.scopes.clear()
    block.scopes.update(draft.scopes)
    if added:
        draft.scopes_note = f"Saved, with the ones that were ticked: {', '.join(added)}"


# --- The secret -------------------------------------------------------------------------------


async def new_secret(request: Request) -> Response:
    """Replace the Client Secret, after asking."""
    app = own_app(request)
    _require_secret(app)
    if request.method != "POST":
        return page(request, "console_secret.html", section="authorization", app=app)
    await checked_form(request)
    world_of(request).new_secret(_require_secret(app))
    return redirect(request, f"/console/apps/{app.id}/authorization#secret")


def _require_secret(app: App) -> AuthorizationBlock:
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
