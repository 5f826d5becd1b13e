"""Malformed requests at every endpoint: the sandbox never fails, and repeats nothing unescaped.

`make test` tries some five hundred requests, the same ones every time; `make fuzz` tries more than
ten thousand new ones. The endpoints are those of the app itself, so that a new one is tried too.
"""

import asyncio
import base64
import json
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Mount, Route

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.control.routes import NONCE_HEADER
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.web.pages import MAX_FORM_BYTES
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import Chat
from lc_tutorial.sandbox.world.records import Account, App, AuthorizationBlock
from lc_tutorial.sandbox.world.scopes import CATALOGUE
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox import hostile
from tests.sandbox.asgi import Answer, Client
from tests.sandbox.conftest import CALLBACK, NONCE
from tests.sandbox.hostile import RIGHT, TEXT, Pairs, rarely

MEGABYTE = 1024 * 1024

# How many requests each test tries is chosen by an environment variable: see the Makefile.
_COMMON: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("fuzz-few", max_examples=20, derandomize=True, **_COMMON)
settings.register_profile("fuzz-short", max_examples=100, derandomize=True, **_COMMON)
settings.register_profile("fuzz-long", max_examples=2500, derandomize=False, **_COMMON)
FUZZ = settings.get_profile(f"fuzz-{os.environ.get('LC_TUTORIAL_FUZZ', 'short')}")

# --- A sandbox to ask -------------------------------------------------------------------------


class Scene:
    """A sandbox with a person who is signed in, an app, and what opens every door."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.world = Sandbox()
        asgi_app = create_app(self.world, nonce=NONCE)
        self.client = Client(asgi_app, runner)
        self.chats: ChatStore = asgi_app.state.chats
        self.session = asgi_app.state.sessions.start()
        self.session.account_id = self.author.id

    @property
    def app(self) -> App:
        return self.world.ready_made

    @property
    def block(self) -> AuthorizationBlock:
        assert self.app.block is not None
        return self.app.block

    @property
    def author(self) -> Account:
        return self.world.accounts[self.app.author_id]

    def token(self) -> str:
        issued = self.world.grants.issue_access_token(
            self.block.client_id, self.author.id, tuple(CATALOGUE)
        )
        return issued.value

    def right(self, name: str) -> str:
        """A value that the parameter with this name takes."""
        scopes = ("chats--all:ro",)
        match name:
            case "code":
                redirect_uri = self.block.redirect_uris[0]
                code = self.world.grants.issue_code(
                    self.block.client_id, self.author, redirect_uri, scopes
                )
                return code.value
            case "refresh_token":
                return self.world.grants.issue_refresh_token(
                    self.block.client_id, self.author.id, scopes
                ).value
            case "query":
                names = hostile.AUTHORIZATION_REQUEST
                return urlencode({name: self.right(name) for name in names})
        return {
            "account_id": self.author.id,
            "app_id": self.app.id,
            "callback_address": CALLBACK,
            "client_id": self.block.client_id,
            "client_secret": self.block.client_secret,
            "client_type": "javascript",
            "code_challenge": "c" * 43,
            "code_challenge_method": "S256",
            "code_verifier": "c" * 43,
            "csrf": self.session.csrf,
            "decision": "allow",
            "email": self.author.email,
            "flow": "button",
            "grant_type": "authorization_code",
            "name": "An app",
            "nonce": NONCE,
            "password": self.author.password,
            "redirect_uri": (*self.block.redirect_uris, CALLBACK)[0],
            "response_type": "code",
            "scope": "chats--all:ro",
            "version": "3.6",
        }.get(name, "x")

    def fill_in(self, sent: Pairs) -> Pairs:
        return [(name, self.right(name) if value == RIGHT else value) for name, value in sent]

    def path(self, template: str, values: dict[str, str]) -> bytes:
        """Put values into a route's path."""

        def fill(found: re.Match[str]) -> str:
            name = found[1].partition(":")[0]
            value = values.get(name, RIGHT)
            value = self.right(name) if value == RIGHT else value
            return quote(value.encode("utf-8", "surrogatepass"), safe="")

        return re.sub(r"\{([^}]+)\}", fill, template).encode()

    @property
    def cookie(self) -> tuple[bytes, bytes]:
        return b"cookie", f"sandbox_session_8000={self.session.key}".encode()

    def assert_alive(self) -> None:
        """The sandbox is as well as before."""
        ask = self.client.ask
        assert ask("GET", b"/_sandbox/health?challenge=x").status == 200
        assert ask("GET", b"/v2/info?code=" + quote(self.token()).encode()).status == 200
        assert b"Sign in" in ask("GET", b"/login").body


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def shared(runner: asyncio.Runner) -> Scene:
    """One sandbox for the product APIs, whose chats take a while to make."""
    scene = Scene(runner)
    scene.app.installed = True  # so that its webhooks are sent
    return scene


def _endpoints() -> list[tuple[str, str]]:
    """Every path of the app, with each of its methods."""

    def walk(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
        for route in routes:
            if isinstance(route, Mount):
                yield "GET", f"{before}{route.path}/{{path}}"
            elif isinstance(route, Route):
                handlers = getattr(route.endpoint, "_handlers", {})
                for method in sorted(route.methods or handlers):
                    yield method, before + route.path

    return list(walk(create_app(Sandbox()).routes))


ENDPOINTS = _endpoints()
_METHOD = re.compile(r"/v\{version\}/(\w+)/action/\{action\}")
PRODUCT_API = [one for one in ENDPOINTS if one[1].startswith("/v{version}/")]
CONTROL = [one for one in ENDPOINTS if one[1].startswith("/_sandbox/")]
ORDERED = [("POST", address) for address in hostile.ORDERS]
ACCOUNTS_API = [one for one in ENDPOINTS if one[1].startswith("/v2/") or one[1] == "/token"]
PAGES = [one for one in ENDPOINTS if one not in PRODUCT_API + CONTROL + ACCOUNTS_API]


def test_every_service_has_endpoints_here() -> None:
    assert {"/", "/login", "/console/apps/{app_id}/authorization", "/static/{path}"} <= {
        path for _, path in PAGES
    }
    assert {
        *(("POST", "/v2/token"), ("DELETE", "/token"), ("GET", "/v2/info")),
        *(("GET", "/v2/accounts/{account_id}"), ("DELETE", "/v2/sessions")),
    } <= set(ACCOUNTS_API)
    assert {"agent", "configuration"} <= {
        found[1] for _, path in PRODUCT_API if (found := _METHOD.fullmatch(path))
    }
    assert ("POST", "/_sandbox/stop") in CONTROL
    assert set(ORDERED) < set(CONTROL)


# --- What holds for every answer ----------------------------------------------------------------


def check(answer: Answer) -> None:
    """No failure of ours, and nothing in the headers or in a page that was not escaped."""
    # 501 is no failure: it says what the platform has and the sandbox has not.
    assert 200 <= answer.status < 500 or is_not_imitated(answer), answer
    for name, value in answer.headers:
        assert not re.search(rb"[\r\n\x00]", name + value), answer.headers
        assert not value.startswith(b"fuzzed=") or name != b"set-cookie"
    assert answer.header("access-control-allow-origin") in ("", "*")
    assert answer.header("access-control-allow-credentials") == ""
    assert answer.header("x-content-type-options") == "nosniff" or answer.kind != "text/html"
    if answer.kind == "text/html":
        assert answer.header("content-security-policy").startswith("default-src 'none'; ")
        assert not re.search(rb"""[<'"]fuzz""", answer.body), answer.body
    elif answer.kind == "application/json" and answer.body:
        answer.json()


def is_not_imitated(answer: Answer) -> bool:
    """Whether the answer says of a documented method that the sandbox lacks it."""
    if answer.status != 501:
        return False
    error = answer.json()["error"]
    return "not_imitated" in (error, error["type"] if isinstance(error, dict) else "")


def refused_by_name(headers: Iterable[tuple[bytes, bytes]], answer: Answer) -> bool:
    """Whether the request was for another host, as every odd one is: then no service was asked."""
    if not any(name == b"host" for name, _ in headers):
        return False
    assert answer.status in (400, 421)
    assert answer.kind == "text/plain"
    return True


def check_redirect(answer: Answer, whitelist: list[str]) -> None:
    """Where a page sends the browser: to another of the sandbox's pages, or to the app."""
    if 300 <= answer.status < 400 and answer.status != 304:
        location = answer.header("location")
        own = re.fullmatch(r"(\./|\.\./|[a-z])[!-~]*", location) and not urlsplit(location).scheme
        assert own or location.startswith(tuple(whitelist)), location


def check_accounts_error(answer: Answer, *, of_customers: bool = False) -> None:
    if answer.status >= 400 and answer.body:
        told = answer.json()
        if of_customers:
            assert set(told) == {"oauth_exception", "exception_description"}
            return
        assert {"error", "error_description", "request_id"} <= set(told)
        assert set(told) <= {
            *("error", "error_description", "request_id"),
            *("sub_error", "invalid_fields", "resource_name", "resource_id"),
        }


def check_product_error(answer: Answer) -> None:
    if answer.status >= 400 and answer.body:
        error = answer.json()["error"]
        assert {"type", "message"} <= set(error) <= {"type", "message", "data"}


# --- The tests ------------------------------------------------------------------------------------

nothing = st.none()
methods = rarely(st.sampled_from(hostile.METHODS), nothing)
path_values = rarely(st.dictionaries(st.just("app_id"), TEXT, max_size=1), st.just({}))
broken_json = rarely(hostile.BROKEN_JSON, nothing)


@st.composite
def odd_headers(draw: st.DrawFn) -> list[tuple[bytes, bytes]]:
    """Headers that lie, or that no browser sends; a server passes on no line breaks in them."""
    names = st.sampled_from(
        [
            *(b"host", b"x-forwarded-context", b"x-forwarded-host", b"x-forwarded-proto"),
            *(b"cookie", b"origin", b"referer", b"range", b"accept", b"if-none-match"),
            *(b"if-modified-since", b"content-length", b"authorization", b"x-region"),
        ]
    )
    odd = st.sampled_from(
        [
            *(b"[", b"evil.example", b"evil.example/v2/", b"a:b:c", b"\xff\xfe", b"<fuzz>"),
            *(b'"fuzz', b"/user/x/proxy/8000/", b"//evil.example", b"bytes=5-1,x", b"bytes=0-"),
            *(b"x; Domain=evil.example", b'sandbox_session_8000="\\303\\', b"-1", b"Basic OjrD"),
            *(b"Bearer", b"Bearer \xe9", b"Basic =", b"http://[::1"),
        ]
    ) | st.text("\t !\"%&'/:;<=>?@[\\]^aZ09\xe9\xff", max_size=20).map(
        lambda t: t.encode("latin-1")
    )
    return draw(rarely(st.lists(st.tuples(names, odd), max_size=3), st.just([])))


@FUZZ
@given(
    endpoint=st.sampled_from(PAGES),
    method=methods,
    values=path_values,
    query=hostile.pairs(hostile.AUTHORIZATION_REQUEST, (*hostile.AUTHORIZATION_REQUEST, "flow")),
    headers=odd_headers(),
    form=hostile.pairs(("csrf", "email", "password"), ("csrf", "action", "name")),
    encoding=hostile.ENCODINGS,
)
@example(
    endpoint=("GET", "/"),
    method=None,
    values={},
    query=[*((name, RIGHT) for name in hostile.AUTHORIZATION_REQUEST[:3]), ("state", "<fuzz>")],
    headers=[],
    form=[],
    encoding="form",
)
@example(
    endpoint=("GET", "/"),
    method=None,
    values={},
    query=[
        *((name, RIGHT) for name in (*hostile.AUTHORIZATION_REQUEST[:3], "flow")),
        ("state", "<fuzz>"),
    ],
    headers=[],
    form=[],
    encoding="form",
)
@example(
    endpoint=("GET", "/ooops"),
    method=None,
    values={},
    query=[("oauth_exception", "<fuzz>"), ("exception_details", '"fuzz')],
    headers=[],
    form=[],
    encoding="form",
)
@example(
    endpoint=("POST", "/console/apps/new"),
    method=None,
    values={},
    query=[],
    headers=[],
    form=[("csrf", RIGHT), ("name", "<fuzz>")],
    encoding="form",
)
@example(
    endpoint=("GET", "/api/file/lc/att/{license_id}/{key}/{name}"),
    method="POST",
    values={},
    query=[],
    headers=[],
    form=[],
    encoding="form",
)
def test_pages(
    runner: asyncio.Runner,
    endpoint: tuple[str, str],
    method: str | None,
    values: dict[str, str],
    query: Pairs,
    headers: list[tuple[bytes, bytes]],
    form: Pairs,
    encoding: str,
) -> None:
    """Accounts pages, Console, stylesheets."""
    scene = Scene(runner)
    usual, template = endpoint
    target = scene.path(template, values) + b"?" + hostile.query(scene.fill_in(query))
    body = hostile.encode(scene.fill_in(form), encoding)
    whitelist = list(scene.block.redirect_uris)
    answer = scene.client.ask(method or usual, target, [scene.cookie, *headers], body)
    check(answer)
    if refused_by_name(headers, answer):
        return
    check_redirect(answer, whitelist)
    # Uploaded files are the product APIs', which answer in a form of their own.
    if answer.status >= 400 and not template.startswith(("/static/", "/api/")):
        assert answer.kind == "text/html"
        assert method == "HEAD" or usual == "HEAD" or b"<h1>" in answer.body
    if 300 <= answer.status < 400 and answer.header("location").startswith(("./", "../", "login")):
        # What was sent may be kept for the page that follows.
        check(scene.client.ask("GET", b"/login", [scene.cookie]))
        check(scene.client.ask("GET", b"/ooops?oauth_exception=invalid_request", [scene.cookie]))
        check(scene.client.ask("GET", b"/console/", [scene.cookie]))
    scene.assert_alive()


@FUZZ
@given(
    endpoint=st.sampled_from(ACCOUNTS_API),
    values=rarely(st.dictionaries(st.just("account_id"), TEXT, max_size=1), st.just({})),
    method=methods,
    signed=st.booleans(),
    query=hostile.pairs(("code",)),
    sent=hostile.pairs(hostile.EXCHANGE, hostile.REFRESH),
    encoding=hostile.ENCODINGS,
    content_type=rarely(hostile.CONTENT_TYPES, nothing),
    headers=odd_headers(),
    broken=broken_json,
)
def test_accounts_api(
    runner: asyncio.Runner,
    endpoint: tuple[str, str],
    values: dict[str, str],
    method: str | None,
    signed: bool,
    query: Pairs,
    sent: Pairs,
    encoding: str,
    content_type: bytes | None,
    headers: list[tuple[bytes, bytes]],
    broken: bytes | None,
) -> None:
    """Tokens, and accounts with and without one."""
    scene = Scene(runner)
    usual, path = endpoint
    if signed:
        headers = [(b"authorization", b"Bearer " + scene.token().encode()), *headers]
    if content_type is None:
        suits = b"application/json" if "json" in encoding else b"application/x-www-form-urlencoded"
        headers = [*headers, (b"content-type", suits)]
    else:
        headers = [*headers, (b"content-type", content_type)]
    target = scene.path(path, values) + b"?" + hostile.query(scene.fill_in(query))
    body = hostile.encode(scene.fill_in(sent), encoding) if broken is None else broken
    answer = scene.client.ask(method or usual, target, headers, body)
    check(answer)
    if refused_by_name(headers, answer):
        return
    check_accounts_error(answer, of_customers=path.startswith("/v2/customer/"))
    assert answer.kind == "application/json"
    assert answer.header("cache-control") == "no-store"
    scene.assert_alive()


def _chat_of_mine(scene: Scene) -> Chat:
    """A chat that is going on, with the author in it; started, if there is none."""
    chats = scene.chats.of(people.FERN_AND_FILTER)
    for chat in reversed(chats.ordered()):
        mine = {one.agent.email for one in chat.participants if one.present}
        if chat.active and scene.author.email in mine:
            return chat
    token = f"Bearer {scene.token()}".encode()
    path = b"/v3.6/agent/action/start_chat"
    started = scene.client.ask("POST", path, [(b"authorization", token)], b"{}").json()
    found = chats.get(started["chat_id"])
    assert found is not None
    return found


def _id(scene: Scene, name: str) -> str:
    """What is right for a parameter of this name: the id of something, of a chat mostly."""
    if name == "owner_client_id":
        return scene.block.client_id
    if name == "customer":
        return next(iter(scene.chats.of(people.FERN_AND_FILTER).customers))
    chat = _chat_of_mine(scene)
    thread = chat.threads[-1]
    match name:
        case "thread_id":
            return thread.id
        case "event_id":
            return thread.events[-1].id if thread.events else f"{thread.id}_1"
    return chat.id


def _filled_in(scene: Scene, sent: Any, name: str = "") -> Any:
    """Put the id of something where a right value was wanted."""
    if isinstance(sent, dict):
        return {name: _filled_in(scene, value, name) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_filled_in(scene, value) for value in sent]
    if sent == hostile.CUSTOMER:
        return _id(scene, "customer")
    return _id(scene, name) if sent == RIGHT else sent


def _actions() -> dict[str, list[str]]:
    """Every method that the app imitates, and one that it does not."""
    return {
        found[1]: [*sorted(route.endpoint.actions), "send_sneak_peek"]
        for route in create_app(Sandbox()).routes
        if isinstance(route, Route) and hasattr(route.endpoint, "actions")
        if (found := _METHOD.fullmatch(route.path))
    }


ACTIONS = _actions()
VERSIONS = st.sampled_from(["3.4", "3.5", "3.6", "3.7"])


@st.composite
def product_api_path(draw: st.DrawFn) -> tuple[str, str, dict[str, str]]:
    """A method, a route, and what to put into it."""
    method, template = draw(st.sampled_from(PRODUCT_API))
    found = _METHOD.fullmatch(template)
    actions = st.sampled_from(ACTIONS.get(found[1] if found else "", ["x"]))
    return (
        method,
        template,
        {"action": draw(rarely(TEXT, actions)), "version": draw(rarely(TEXT, VERSIONS))},
    )


@FUZZ
@given(
    path=product_api_path(),
    method=methods,
    parameters=rarely(
        hostile.ANY_JSON, hostile.PARAMETERS_OF_METHODS | hostile.PARAMETERS_OF_WRITING
    ),
    broken=broken_json,
    basic=st.booleans(),
    headers=odd_headers(),
)
def test_product_apis(
    shared: Scene,
    path: tuple[str, str, dict[str, str]],
    method: str | None,
    parameters: Any,
    broken: bytes | None,
    basic: bool,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """Agent Chat, Configuration and Customer Chat API."""
    usual, template, values = path
    if basic:
        pat = shared.world.create_personal_access_token(shared.author.id, "fuzz", tuple(CATALOGUE))
        credentials = base64.b64encode(f"{shared.author.id}:{pat.value}".encode())
        authorization = b"Basic " + credentials
    else:
        authorization = b"Bearer " + shared.token().encode()
    organization = people.FERN_AND_FILTER.id.encode()
    target = shared.path(template, values) + b"?organization_id=" + organization
    body = json.dumps(_filled_in(shared, parameters)).encode() if broken is None else broken
    answer = shared.client.ask(
        method or usual,
        target,
        [
            (b"authorization", authorization),
            (b"content-type", b"application/json"),
            *headers,
        ],
        body,
    )
    check(answer)
    if refused_by_name(headers, answer):
        return
    if b"%2F" not in target:
        assert answer.kind == "application/json"
        check_product_error(answer)
    # With a slash in it the address may be any other: then it is one of those that are not there.
    shared.assert_alive()


@FUZZ
@given(
    called=st.sampled_from(sorted(hostile.WRITING)).flatmap(
        lambda name: st.tuples(st.just(name), hostile.WRITING[name])
    ),
    version=VERSIONS,
)
def test_methods_that_write(shared: Scene, called: tuple[str, Any], version: str) -> None:
    """Whatever is written, and who reads it then."""
    name, parameters = called
    headers = [(b"authorization", f"Bearer {shared.token()}".encode())]
    sent = _filled_in(shared, parameters)

    def ask(action: str, body: Any) -> Answer:
        path = f"/v{version}/agent/action/{action}".encode()
        answer = shared.client.ask("POST", path, headers, json.dumps(body).encode())
        check(answer)
        check_product_error(answer)
        return answer

    if ask(name, sent).status != 200:
        return  # refused, and nothing was written
    assert ask("list_chats", {"limit": 3}).status == 200
    assert ask("get_chat", {"chat_id": _chat_of_mine(shared).id}).status == 200
    answered = {"forms" if version > "3.4" else "surveys": [{"values": ["0"]}]}
    for filters in ({}, {"query": "x"}, answered, {"agent_response": {"exists": True}}):
        assert ask("list_archives", {"limit": 3, "filters": filters}).status == 200
    shared.assert_alive()


@FUZZ
@given(
    content_type=rarely(hostile.CONTENT_TYPES, hostile.FORM_TYPES),
    body=hostile.FORMS,
    version=VERSIONS,
)
def test_uploads(shared: Scene, content_type: bytes, body: bytes, version: str) -> None:
    """A form with a file in it, or something like one; what is answered can be read and sent."""
    authorization = (b"authorization", f"Bearer {shared.token()}".encode())
    path = f"/v{version}/agent/action/upload_file".encode()
    headers = [authorization, (b"content-type", content_type)]
    answer = shared.client.ask("POST", path, headers, body)
    check(answer)
    check_product_error(answer)
    if answer.status == 200:
        url = answer.json()["url"]
        read = shared.client.ask("GET", urlsplit(url).path.encode())
        assert read.status == 200
        assert read.kind in ("application/octet-stream", *_PICTURES)
        event = {"type": "file", "url": url}
        sent = json.dumps({"chat_id": _chat_of_mine(shared).id, "event": event}).encode()
        path = f"/v{version}/agent/action/send_event".encode()
        assert shared.client.ask("POST", path, [authorization], sent).status == 200
    shared.assert_alive()


_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@FUZZ
@given(
    ordered=st.sampled_from([*CONTROL, *ORDERED * 3]).flatmap(
        lambda endpoint: st.tuples(
            st.just(endpoint),
            hostile.rarely(hostile.ANY_JSON, hostile.ORDERS.get(endpoint[1], hostile.ANY_JSON)),
        )
    ),
    method=methods,
    knows_nonce=hostile.rarely(st.just(False), st.just(True)),
    query=hostile.pairs(("challenge",)),
    broken=broken_json,
    headers=odd_headers(),
)
def test_control_plane(
    runner: asyncio.Runner,
    ordered: tuple[tuple[str, str], Any],
    method: str | None,
    knows_nonce: bool,
    query: Pairs,
    broken: bytes | None,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """The control plane, whether or not the one who asks may do something there."""
    scene = Scene(runner)
    (usual, template), sent = ordered
    target = scene.path(template, {}) + b"?" + hostile.query(scene.fill_in(query))
    if knows_nonce:
        headers = [(NONCE_HEADER.lower().encode(), NONCE.encode()), *headers]
    body = json.dumps(sent).replace(json.dumps(RIGHT), '"x"').encode() if broken is None else broken
    headers = [*headers, (b"content-type", b"application/json")]
    answer = scene.client.ask(method or usual, target, headers, body)
    check(answer)
    if refused_by_name(headers, answer):
        return
    if answer.status >= 400 and answer.kind == "application/json" and answer.body:
        assert answer.json()["error"]
    if not knows_nonce:
        scene.assert_alive()


PATHS_OF_EACH = st.sampled_from(
    [b"/", b"/v2/", b"/v3.6/agent/action/", b"/_sandbox/", b"/console/", b"/static/", b"//"]
)


@FUZZ
@given(
    start=PATHS_OF_EACH,
    rest=st.binary(max_size=20) | TEXT.map(lambda text: text.encode("utf-8", "replace")),
    method=st.sampled_from(hostile.METHODS),
    headers=odd_headers(),
)
def test_addresses_that_are_not_there(
    shared: Scene,
    start: bytes,
    rest: bytes,
    method: str,
    headers: list[tuple[bytes, bytes]],
) -> None:
    target = start + quote(rest, safe="/.").encode()
    answer = shared.client.ask(method, target, headers)
    check(answer)
    if refused_by_name(headers, answer):
        return
    check_redirect(answer, [])
    if answer.status >= 400 and method != "HEAD":
        if start == b"/v2/":
            check_accounts_error(answer)
        elif start.startswith(b"/v3"):
            check_product_error(answer)


# --- Bodies that are too large --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", b'{"x": "' + b"x" * 10 * MEGABYTE + b'"}'),
        (b"application/json", b"[" * (10 * MEGABYTE + 1)),
        (b"application/x-www-form-urlencoded", b"x=" + b"x" * 10 * MEGABYTE),
        (b"multipart/form-data; boundary=x", b"--x\r\n" * 3 * MEGABYTE),
    ],
)
def test_a_body_of_more_than_10_mb(shared: Scene, content_type: bytes, body: bytes) -> None:
    """Source: livechat-public-docs, agent-chat-api, "Errors" ("Upload limit exceeded (10MB).")."""
    headers = [
        (b"content-type", content_type),
        (b"authorization", b"Bearer " + shared.token().encode()),
    ]
    refused = shared.client.ask("POST", b"/v3.6/agent/action/list_chats", headers, body)
    assert refused.status == 413
    assert refused.json() == {
        "error": {"type": "entity_too_large", "message": "Upload limit exceeded (10MB)."}
    }
    refused = shared.client.ask("POST", b"/v2/token", headers, body)
    assert refused.status == 413
    check_accounts_error(refused)
    refused = shared.client.ask("POST", b"/login", [shared.cookie, *headers], body)
    assert refused.status == 413
    check(refused)
    shared.assert_alive()


def test_a_body_of_just_10_mb_is_read(shared: Scene) -> None:
    """Large, deep, and JSON or not: what is no longer than the limit is looked at."""
    headers = [(b"authorization", b"Bearer " + shared.token().encode())]
    path = b"/v3.6/agent/action/list_chats"
    body = b'{"limit": 1, "x": "' + b"x" * (10 * MEGABYTE - 21) + b'"}'
    assert len(body) == 10 * MEGABYTE
    assert shared.client.ask("POST", path, headers, body).status == 200
    body = b"[" * 10 * MEGABYTE
    assert shared.client.ask("POST", path, headers, body).status == 400
    json_headers = [(b"content-type", b"application/json")]
    assert shared.client.ask("POST", b"/v2/token", json_headers, body).status == 422
    assert shared.client.ask("POST", b"/login", (), b"x" * (MAX_FORM_BYTES + 1)).status == 413
    shared.assert_alive()
