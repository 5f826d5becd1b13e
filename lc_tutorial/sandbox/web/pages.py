"""What all pages of the sandbox share: rendering, sessions, forms and relative links.

Two things shape this module. The sandbox is often reached through jupyter-server-proxy, which
puts a prefix before every path and takes it off again before the request arrives here: so links
among our own pages are always relative. And behind a hub the pages share their origin with
Jupyter itself: so every page carries a strict Content-Security-Policy, and every form a token.
"""

import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from jinja2 import Environment

#: Where the files are that every browser may read.
STATIC = Path(__file__).with_name("static")

MAX_FORM_BYTES = 64 * 1024
MAX_SESSIONS = 1000

_CONTEXT_PATH = re.compile(r"(/[A-Za-z0-9._~@%+:-]+)+")
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost"})


class PageProblem(HTTPException):
    """Something a page cannot do, told to the person at the browser.

    The app's exception handler turns it into a page.

    Args:
        status: The HTTP status code.
        title: What happened, in a few words.
        detail: Why, and what to do now.
    """

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(status, detail)
        self.title = title


# --- Sessions ---------------------------------------------------------------------------------


@dataclass
class Session:
    """What the sandbox remembers about one browser, in memory only.

    Attributes:
        key: The value of the cookie.
        csrf: The token that every form of this browser carries.
        account_id: Who is signed in at the accounts service, if anyone.
        console_account_id: Whom the Console acts as, if not the default person.
        notices: Messages for the next page: pairs of kind ("ok", "warning", "error") and text.
        drafts: What the Console's pages keep between two requests, by page.
    """

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    account_id: str | None = None
    console_account_id: str | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)
    drafts: dict[str, Any] = field(default_factory=dict, repr=False)


class Sessions:
    """The sessions of all browsers; the least recently used one goes when there are too many."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def find(self, key: str) -> Session | None:
        """Return the session with this key, or None."""
        found = self._by_key.get(key)
        if found is not None:
            self._by_key.move_to_end(key)
        return found

    def start(self) -> Session:
        """Begin a session for a browser that has none."""
        started = Session()
        self._by_key[started.key] = started
        if len(self._by_key) > MAX_SESSIONS:
            self._by_key.popitem(last=False)
        return started

    def renew(self, current: Session) -> None:
        """Give a session a new key, as is due when somebody signs in or out.

        The forms' token stays: a Console page that is open in another tab can still be saved.
        """
        self._by_key.pop(current.key, None)
        current.key = secrets.token_urlsafe(24)
        self._by_key[current.key] = current

    def sign_out(self, account_id: str) -> None:
        """Sign a person out of the accounts service, in every browser."""
        for current in self._by_key.values():
            if current.account_id == account_id:
                current.account_id = None


def session(request: Request) -> Session:
    """Return the session of the browser that sent this request, and begin one if there is none."""
    known = request.scope.get("lc_tutorial.session")
    if isinstance(known, Session):
        return known
    sessions: Sessions = request.app.state.sessions
    current = sessions.find(request.cookies.get(_cookie_name(request), "")) or sessions.start()
    request.scope["lc_tutorial.session"] = current
    return current


def sign_in(request: Request, account_id: str | None) -> None:
    """Sign a person in at the accounts service, or out with None.

    The session gets a new key, so that a key known from before is worth nothing.
    """
    current = session(request)
    request.app.state.sessions.renew(current)
    current.account_id = account_id


def _cookie_name(request: Request) -> str:
    # Cookies of 127.0.0.1 go to all its ports, so two sandboxes need two names.
    server = request.scope.get("server") or ("", 0)
    return f"sandbox_session_{server[1]}"


def _keep_session(request: Request, response: Response) -> None:
    current = session(request)
    name = _cookie_name(request)
    if request.cookies.get(name) != current.key:
        path = context_path(request) + "/"
        secure = request.scope["scheme"] == "https"
        response.set_cookie(
            name, current.key, path=path, secure=secure, httponly=True, samesite="lax"
        )


# --- Forms ------------------------------------------------------------------------------------


async def checked_form(request: Request) -> ImmutableMultiDict[str, str]:
    """Read the form that one of our own pages sent.

    Returns:
        The fields, with empty ones kept; `getlist` gives a repeated field.

    Raises:
        PageProblem: The form's token is not this browser's (403), the form is too large (413) or
            cannot be read (400).
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise PageProblem(
                413, "That is too much text", "Go back, shorten what you entered, and try again."
            )
    try:
        fields = parse_qsl(bytes(body).decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise PageProblem(
            400, "The form could not be read", "Go back, reload the page, and try again."
        ) from error
    form = ImmutableMultiDict(fields)
    if not hmac.compare_digest(form.get("csrf", "").encode(), session(request).csrf.encode()):
        raise PageProblem(
            403,
            "This form is out of date",
            "The sandbox accepts a form only from the page that it gave to this browser. "
            "It was probably started anew since, or cookies are blocked. "
            "Go back, reload the page, and try again.",
        )
    return form


# --- Links ------------------------------------------------------------------------------------


def context_path(request: Request) -> str:
    """Return the prefix that jupyter-server-proxy puts before our paths, without a last slash.

    Empty where the browser comes straight to the sandbox.
    """
    given = request.headers.get("x-forwarded-context", "").rstrip("/")
    return given if _CONTEXT_PATH.fullmatch(given) else ""


def relative(request: Request, target: str) -> str:
    """Return a link to `target`, a path of the sandbox such as "/console/", from this page."""
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    way = "../" * (raw_path.count(b"/") - 1) + target.removeprefix("/")
    return way if way and not way.startswith("?") else f"./{way}"


def redirect(request: Request, target: str, status: int = 303) -> Response:
    """Send the browser to another of the sandbox's own pages."""
    return to(request, relative(request, target), status)


def to(request: Request, location: str, status: int = 302) -> Response:
    """Send the browser to a full URL, an app's redirect URI for example.

    Percent-encoding that is there stays; a character that may not stand in a URL gets it.
    """
    response = RedirectResponse(location, status)
    _protect(response, leads_to=None)
    _keep_session(request, response)
    return response


# --- Rendering --------------------------------------------------------------------------------


def render(
    request: Request,
    template: str,
    /,
    *,
    status: int = 200,
    leads_to: str | None = None,
    framed_by: str | None = None,
    fetches: bool = False,
    **context: object,
) -> HTMLResponse:
    """Render a template as a page with strict headers.

    Templates get, beside `context`: `url(target)` and `static(file)` for relative links,
    `csrf_field` to put into each form, and `notices` for messages kept from the last request.

    Args:
        request: The request that is answered.
        template: The template's file name.
        status: The HTTP status code.
        leads_to: The redirect URI that a form on this page may end at. A browser checks the
            policy's form-action against the redirects that answer a form, too.
        framed_by: The origin whose pages may show this page in a frame; none may, if not given:
            a page could lay its own over a button of ours, and have people press what they can't
            see ("clickjacking").
        fetches: Whether the page's own script may call the services of this origin.
        context: The template's variables; a missing one is an error, never an empty text.
    """
    from markupsafe import Markup

    current = session(request)
    notices, current.notices = current.notices, []
    html = (
        _environment()
        .get_template(template)
        .render(
            url=lambda target: relative(request, target),
            static=lambda file: relative(request, f"/static/{file}"),
            csrf_field=Markup('<input type="hidden" name="csrf" value="{}">').format(current.csrf),
            notices=notices,
            **context,
        )
    )
    response = HTMLResponse(html, status)
    _protect(response, leads_to, framed_by, fetches=fetches)
    _keep_session(request, response)
    return response


@cache
def _environment() -> "Environment":
    # Imported here: pages come later than the first answer, and Jinja2 takes a while.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from lc_tutorial.sandbox.web.compiled import cache_of_templates

    return Environment(
        loader=PackageLoader("lc_tutorial.sandbox.web"),
        bytecode_cache=cache_of_templates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _protect(
    response: Response,
    leads_to: str | None,
    framed_by: str | None = None,
    *,
    fetches: bool = False,
) -> None:
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
        "form-action": " ".join(["'self'", *_form_action_source(leads_to)]),
        "frame-ancestors": framed_by or "'none'",
        "base-uri": "'none'",
    }
    if fetches:
        policy["connect-src"] = "'self'"
    response.headers.update(
        {
            "Content-Security-Policy": "; ".join(f"{key} {policy[key]}" for key in policy),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
    )


def _form_action_source(uri: str | None) -> list[str]:
    """Return the policy's source for a form whose answer redirects to `uri`.

    For an app on this machine that is its origin. For any other it is the scheme alone: the app
    may redirect once more, to a host that nobody here can know, and the browser checks that too.
    """
    if uri is None:
        return []
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return []
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", parts.scheme):
        return []
    if parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS:
        return [f"http://{parts.hostname}" + (f":{port}" if port else "")]
    return [f"{parts.scheme}:"]
