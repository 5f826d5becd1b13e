"""The sandbox teaches security, and so is safe itself."""

import ast
import inspect
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import psutil
import pytest
import requests
from starlette.routing import Route

from lc_tutorial import sandbox as package
from lc_tutorial.sandbox.accounts import account_routes, pkce
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.control import routes as control
from lc_tutorial.sandbox.learner.browser import Browser
from lc_tutorial.sandbox.learner.learner import Learner
from lc_tutorial.sandbox.world import secret_values
from lc_tutorial.sandbox.world.records import Challenge
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import CALLBACK, NONCE, RunningSandbox

LONG = 30.0
MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
EVIL = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)")
PATHS = sorted(
    route.path
    for route in create_app(Sandbox()).routes
    if isinstance(route, Route)
    and "GET" in (route.methods or ())
    and not route.path.startswith(("/_sandbox/", "/v"))
)


def address(sandbox: RunningSandbox, path: str) -> str:
    """The address of a page of the ready-made app."""
    return sandbox.url + re.sub(r"\{app_id\}", sandbox.app.id, path).replace("{token_id}", "x")


def request_of(sandbox: RunningSandbox, **more: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": sandbox.block.client_id,
        "redirect_uri": sandbox.block.redirect_uris[0],
        **more,
    }


def sign_in(sandbox: RunningSandbox, http: requests.Session) -> None:
    page = http.get(f"{sandbox.url}/login").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    person = {"email": sandbox.author.email, "password": sandbox.author.password, "csrf": csrf}
    assert http.post(f"{sandbox.url}/login", data=person).url.endswith("/console/")


# --- Open redirects -----------------------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", EVIL)
@pytest.mark.parametrize("path", PATHS)
def test_no_page_redirects_to_where_it_is_told(
    sandbox: RunningSandbox, http: requests.Session, path: str, elsewhere: str
) -> None:
    sign_in(sandbox, http)
    names = (
        *("redirect_uri", "redirect", "redirect_url", "next", "url", "return_to", "continue"),
        *("query", "target", "state", "email", "oauth_exception"),
    )
    sent = {**request_of(sandbox), **dict.fromkeys(names, elsewhere)}
    for query in (sent, dict.fromkeys(names, elsewhere)):
        answer = http.get(address(sandbox, path), params=query, allow_redirects=False)
        location = answer.headers.get("Location", "")
        assert urljoin(answer.url, location).startswith(f"{sandbox.url}/")
        assert "Refresh" not in answer.headers
        assert 'http-equiv="refresh"' not in answer.text.lower()


@pytest.mark.parametrize("elsewhere", EVIL)
def test_signing_out_leads_nowhere_else(
    sandbox: RunningSandbox, http: requests.Session, elsewhere: str
) -> None:
    page = http.get(f"{sandbox.url}/login").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    answer = http.post(
        f"{sandbox.url}/logout", data={"csrf": csrf, "query": elsewhere}, allow_redirects=False
    )
    assert urljoin(answer.url, answer.headers["Location"]).startswith(f"{sandbox.url}/login")


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/%5cevil.example"])
def test_a_path_that_looks_like_a_host_leads_nowhere(sandbox: RunningSandbox, path: str) -> None:
    host, port = urlsplit(sandbox.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=LONG) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65_536), b"")).decode()
    assert answer.startswith("HTTP/1.1 404 ")
    assert "evil" not in answer


# --- Headers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_every_page_and_redirect_has_strict_headers(
    sandbox: RunningSandbox, http: requests.Session, path: str
) -> None:
    answers = [http.get(address(sandbox, path), allow_redirects=False)]
    while "Location" in answers[-1].headers:
        target = urljoin(answers[-1].url, answers[-1].headers["Location"])
        answers.append(http.get(target, allow_redirects=False))
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert not re.search(r"unsafe|\*|data:|blob:", policy)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        # Nothing that this policy would stop, or that it would have to allow.
        assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", answer.text)


# What the pages of other origins may read. Apps in a browser call these from their own JavaScript,
# and show a token, a code or a secret of their own, which no browser adds by itself: so a page
# learns nothing that it could not learn from any machine. All else goes by cookies, or is for this
# machine alone, and is for no other origin's eyes.
READABLE = {
    *("/token", "/v2/token", "/v2/info"),
    *account_routes.DOCUMENTED,
    *("/v2/customer/token", "/v2/customer/info", "/v2/customer/identity_transfer"),
    *(f"/v2/customer/{{organization_id}}/{{group_id}}/token{slash}" for slash in ("", "/")),
    "/v2/customer/{rest:path}",
    "/v{version}/agent/action/{action}",
    "/v{version}/configuration/action/{action}",
    "/v{version}/customer/action/{action}",
    "/api/file/lc/att/{license_id}/{key}/{name}",
}
EVIL_PAGE = "https://evil.example"


def every_address(sandbox: RunningSandbox) -> dict[str, str]:
    """Every path of the app, and some that it does not have, each with an address."""
    there = {getattr(route, "path", "") for route in create_app(Sandbox()).routes}
    paths = there | {"/nothing", "/static/style.css"} | READABLE
    return {path: address(sandbox, path).replace("{version}", "3.6") for path in paths}


def allowed(answer: requests.Response) -> dict[str, str]:
    """What an answer's headers allow the pages of other origins."""
    told = {name.lower(): value for name, value in answer.headers.items()}
    return {name: told[name] for name in told if name.startswith("access-control-")}


@pytest.mark.parametrize("origin", [EVIL_PAGE, "null", "http://127.0.0.1:3000"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD"])
def test_other_origins_read_the_apis_and_nothing_else(
    sandbox: RunningSandbox, http: requests.Session, origin: str, method: str
) -> None:
    sign_in(sandbox, http)
    answers = {
        path: http.request(method, url, headers={"Origin": origin}, allow_redirects=False)
        for path, url in every_address(sandbox).items()
    }
    told = {path: allowed(answer) for path, answer in answers.items() if allowed(answer)}
    # Starlette before 1.0 names the origin where a cookie came along. What came with a cookie is
    # shown to nobody without leave for credentials, which there is not, in either case.
    assert {*told} == {*READABLE}
    for shown in told.values():
        assert [*shown] == ["access-control-allow-origin"]
        assert shown["access-control-allow-origin"] in ("*", origin)


def test_a_preflight_is_answered_at_the_apis_and_nowhere_else(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    sign_in(sandbox, http)
    asks = {
        "Origin": EVIL_PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    answers = {
        path: http.options(url, headers=asks) for path, url in every_address(sandbox).items()
    }
    told = {path: allowed(answer) for path, answer in answers.items() if allowed(answer)}
    assert set(told) == READABLE
    for path, headers in told.items():
        assert answers[path].status_code == 200
        assert "POST" in headers.pop("access-control-allow-methods")
        assert headers.pop("access-control-max-age")
        assert headers == {
            "access-control-allow-origin": "*",
            "access-control-allow-headers": "authorization, content-type",
        }


def test_the_cookie_is_for_this_sandbox_alone(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    cookie = http.get(f"{sandbox.url}/console/").headers["Set-Cookie"]
    pair, *attributes = cookie.split("; ")
    assert pair.startswith(f"sandbox_session_{urlsplit(sandbox.url).port}=")
    assert len(pair.partition("=")[2]) >= 32
    assert {attribute.lower() for attribute in attributes} == {"httponly", "path=/", "samesite=lax"}
    behind = {"X-Forwarded-Context": "/user/mia/proxy/9000"}
    cookie = requests.get(f"{sandbox.url}/console/", headers=behind, timeout=LONG).headers
    assert "Path=/user/mia/proxy/9000/;" in cookie["Set-Cookie"]


# --- Output -------------------------------------------------------------------------------------


def assert_escaped(page: str) -> None:
    assert "<img" not in page
    assert "<script>" not in page
    assert "onerror=alert(1)>" not in page


def test_an_apps_name_is_escaped_wherever_it_is_shown(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    sandbox.app.name = MARKUP
    login = http.get(f"{sandbox.url}/", params=request_of(sandbox))
    assert "&lt;script&gt;" in login.text
    assert_escaped(login.text)
    sign_in(sandbox, http)
    consent = http.get(f"{sandbox.url}/", params=request_of(sandbox, prompt="consent"))
    assert "Allow" in consent.text
    assert "&lt;script&gt;" in consent.text
    assert_escaped(consent.text)
    for path in PATHS:
        assert_escaped(http.get(address(sandbox, path)).text)


@pytest.mark.parametrize(
    "name", ["state", "scope", "email", "response_type", "redirect_uri", "client_id", "x"]
)
def test_a_request_is_escaped_wherever_it_is_shown(
    sandbox: RunningSandbox, http: requests.Session, name: str
) -> None:
    sent = request_of(sandbox, prompt="consent") | {name: MARKUP}
    assert_escaped(http.get(f"{sandbox.url}/", params=sent).text)
    assert_escaped(http.get(f"{sandbox.url}/login", params=sent).text)
    sign_in(sandbox, http)
    answer = http.get(f"{sandbox.url}/", params=sent)
    assert urlsplit(answer.url).path in ("/grant-access", "/ooops")
    assert_escaped(answer.text)


@pytest.mark.parametrize("name", ["oauth_exception", "exception_details", "identity_exception"])
def test_an_errors_details_are_escaped(
    sandbox: RunningSandbox, http: requests.Session, name: str
) -> None:
    sent = {"oauth_exception": "invalid_request", name: MARKUP}
    page = http.get(f"{sandbox.url}/ooops", params=sent).text
    assert_escaped(page)
    assert ("&lt;script&gt;" in page) == (name != "identity_exception")
    assert_escaped(http.get(f"{sandbox.url}/login", params=sent).text)


def test_what_is_typed_into_the_console_is_escaped(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    url = address(sandbox, "/console/apps/{app_id}/authorization")
    csrf = http.get(url).text.partition('name="csrf" value="')[2].partition('"')[0]
    for action in ("add-redirect-uri", "add-scope", "save-client", f"remove-redirect-uri:{MARKUP}"):
        form = {
            **dict.fromkeys(("typed_uri", "search", "redirect_uri", "scope"), MARKUP),
            "callback_address": MARKUP,
            "csrf": csrf,
            "action": action,
        }
        answer = http.post(url, data=form)
        assert answer.status_code == 200
        assert_escaped(answer.text)


# --- Secrets ------------------------------------------------------------------------------------


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that decides over access goes through `hmac.compare_digest`.

    Time itself is no good witness on a busy machine, so the comparisons are counted.
    """
    compared: list[tuple[bytes, bytes]] = []
    compare = secret_values.hmac.compare_digest

    def noted(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(secret_values.hmac, "compare_digest", noted)
    world = Sandbox()
    author = world.accounts[world.ready_made.author_id]
    assert world.sign_in(author.email, author.password)
    assert not world.sign_in(author.email, "not-a-real-password")
    pat = world.create_personal_access_token(author.id, "mine", ("chats--all:ro",))
    assert world.personal_access_token(author.id, pat.value)
    assert pkce.is_verifier_of(Challenge("c" * 43, "plain"), "c" * 43)
    assert not secret_values.same("not-a-real-secret", "not-a-real-secret-either")
    assert len(compared) == 5


# Where one of these words stands beside == or !=, two secrets may be compared letter by letter.
_SECRET = re.compile(r"secret\b|password|nonce|verifier|csrf|proof|signature", re.IGNORECASE)


def test_no_secret_is_compared_with_an_equals_sign() -> None:
    """By reading the source: what a client sends of a secret never meets == there."""
    found = []
    for path in sorted(Path(package.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Compare)
                and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
                # With what stands in the source itself anything may be compared.
                and not any(isinstance(one, ast.Constant) for one in [node.left, *node.comparators])
            ):
                told = ast.unparse(node)
                if _SECRET.search(told):
                    found.append(f"{path.name}:{node.lineno}: {told}")
    assert found == []


def test_secrets_come_from_the_secrets_module() -> None:
    """`random` is for made-up chats only, and what makes tokens knows nothing of it."""
    for path in sorted(Path(package.__path__[0]).glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if re.search(r"^(import random|from random import)", source, re.MULTILINE):
            assert path.name == "dice.py" or path.name.startswith("seed"), path.name
    for of in (secret_values.random_value, secret_values.new_secret, secret_values.new_password):
        assert "secrets." in inspect.getsource(of)


def test_the_control_plane_stays_shut_without_its_nonce(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    for nonce in ("", "x", NONCE[:-1], NONCE + "x", NONCE.upper()):
        answer = http.post(f"{sandbox.url}/_sandbox/stop", headers={control.NONCE_HEADER: nonce})
        assert answer.status_code == 403
        assert NONCE not in answer.text
    assert not sandbox.stopped.is_set()


# --- A real process -----------------------------------------------------------------------------


@pytest.fixture
def process(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    )
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


def test_by_default_only_this_machine_reaches_it(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    process.stdout.readline()
    connections = psutil.Process(process.pid).net_connections(kind="inet")
    listening = {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_no_secret_is_in_what_it_prints(process: "subprocess.Popen[str]", tmp_path: Path) -> None:
    """The whole flow, and what goes wrong on the way, with all that the process writes kept."""
    assert process.stdout is not None
    known: dict[str, Any] = json.loads(process.stdout.readline())
    url, timeout = known["url"], LONG
    nonce = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))["nonce"]
    learner = Learner(url, known["email"], known["password"])
    app = learner.create_app("Mine", CALLBACK)
    state_sent = "not-a-real-state-0123456789"
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "state": state_sent,
    }
    arrived = learner.authorize(f"{url}/?{urlencode(query)}")
    code = parse_qs(urlsplit(arrived).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": CALLBACK,
    }
    made_up = "dal:not-a-real-token-0123456789"
    with requests.Session() as http:
        http.trust_env = False
        token = http.post(f"{url}/v2/token", data=form, timeout=timeout).json()
        refused = http.post(f"{url}/v2/token", data=form, timeout=timeout)
        assert refused.status_code == 401
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        calls = f"{url}/v3.6/agent/action"
        assert http.post(f"{calls}/list_chats", json={}, headers=bearer, timeout=timeout).ok
        for action, body, headers in (
            ("list_chats", {"limit": state_sent}, bearer),
            ("list_chats", {"sort_order": state_sent}, bearer),
            ("list_chats", {"page_id": state_sent}, bearer),
            ("list_chats", {}, {"Authorization": f"Bearer {made_up}"}),
            ("list_chats", {}, {"Authorization": f"Basic {made_up}"}),
            ("nothing_imitated", {}, bearer),
        ):
            answer = http.post(f"{calls}/{action}", json=body, headers=headers, timeout=timeout)
            assert answer.status_code >= 400
        assert http.get(f"{url}/v2/info", headers=bearer, timeout=timeout).ok
        http.get(f"{url}/v2/info", params={"code": made_up}, timeout=timeout)
        http.get(f"{url}/nothing?code={made_up}", timeout=timeout)
        assert http.delete(f"{url}/v2/token", headers=bearer, timeout=timeout).ok
        cookie = Browser(url)
        cookie.open(f"{url}/console/")
        session = next(iter(cookie._session.cookies)).value or ""
        http.post(f"{url}/_sandbox/stop", headers={control.NONCE_HEADER: nonce}, timeout=timeout)
    out, err = process.communicate(timeout=LONG)
    assert out == ""
    for secret in (
        *(app.client_secret, known["client_secret"], known["password"], nonce, session),
        *(code, token["access_token"], token["refresh_token"], made_up, state_sent),
    ):
        assert len(secret) >= 8
        assert secret not in err
        assert secret.replace(":", "%3A") not in err
    assert "Traceback" not in err
