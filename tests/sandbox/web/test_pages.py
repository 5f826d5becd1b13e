"""What all pages share: headers, sessions, forms, relative links, and answers of last resort."""

import logging
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner.browser import Browser
from lc_tutorial.sandbox.web.pages import MAX_FORM_BYTES, MAX_SESSIONS, Sessions
from tests.sandbox.conftest import CALLBACK, RunningSandbox

PAGES = ["/console/", "/console/people", "/login", "/nothing-here", "/ooops?oauth_exception=x"]


@pytest.fixture
def browser(sandbox: RunningSandbox) -> Iterator[Browser]:
    opened = Browser(sandbox.url)
    yield opened
    opened.close()


def cookie_of(answer: requests.Response) -> str:
    return answer.headers.get("Set-Cookie", "")


# --- Headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_strict_headers(
    sandbox: RunningSandbox, http: requests.Session, path: str
) -> None:
    headers = http.get(sandbox.url + path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        (CALLBACK, "http://127.0.0.1:8377"),
        ("http://localhost/callback", "http://localhost"),
        # An app elsewhere may redirect once more, and a browser checks that as well.
        ("https://app.example.com/callback", "https:"),
        ("http://app.example.com:8000/", "http:"),
        # The policy's grammar knows no such hosts.
        ("http://[::1]:8377/callback", "http:"),
    ],
)
def test_a_form_may_end_at_the_redirect_uri(
    sandbox: RunningSandbox, http: requests.Session, redirect_uri: str, source: str
) -> None:
    block = sandbox.new_app(redirect_uris=(redirect_uri,))
    page = http.get(
        f"{sandbox.url}/",
        params={
            "response_type": "code",
            "client_id": block.client_id,
            "redirect_uri": redirect_uri,
        },
    )
    assert urlsplit(page.url).path == "/login"
    assert f"form-action 'self' {source};" in page.headers["Content-Security-Policy"]


def test_what_a_person_enters_is_escaped(browser: Browser, sandbox: RunningSandbox) -> None:
    page = browser.open(f"{sandbox.url}/console/apps/new")
    name = "<script>alert(1)</script> & co"
    page = browser.press(page, page.need("button", id="create"), {"name": name})
    assert name in page.need("p", **{"class": "side-title"}).text
    assert not [e for e in page.root or () if e.tag == "script" and "alert" in e.text]


# --- Links ------------------------------------------------------------------------------------


def test_links_are_relative_and_lead_somewhere(browser: Browser, sandbox: RunningSandbox) -> None:
    waiting = [f"{sandbox.url}/console/", f"{sandbox.url}/login", f"{sandbox.url}/a/b/nothing"]
    app = sandbox.world.create_app("Without a block", sandbox.author.id)
    seen: set[str] = set()
    while waiting:
        page = browser.open(waiting.pop())
        for element in page.root or ():
            for name in ("href", "src", "action"):
                link = element.get(name)
                if not link or link.startswith("#"):
                    continue
                assert not urlsplit(link).scheme, f"{link} in {page.url}"
                assert not link.startswith("/"), f"{link} in {page.url}"
                target = urljoin(page.url, link).partition("#")[0]
                if target not in seen:
                    seen.add(target)
                    status = requests.get(target, timeout=10).status_code
                    # A form's target may take nothing but the form.
                    assert status == 200 or (name == "action" and status == 405), target
                    if name == "href" and element.tag == "a":
                        waiting.append(target)
    assert any(target.endswith(f"/{app.id}/building-blocks/authorization") for target in seen)
    assert any(target.endswith(".css") for target in seen)


@pytest.mark.parametrize(
    ("path", "location"),
    [("/console", "console/"), ("/login?x=1", None), ("/signin", "login")],
)
def test_redirects_among_the_pages_are_relative(
    sandbox: RunningSandbox, http: requests.Session, path: str, location: str | None
) -> None:
    answer = http.get(sandbox.url + path, allow_redirects=False)
    assert answer.headers.get("Location") == location


def test_no_redirect_leads_out_of_a_proxys_prefix(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    """A router's own redirects to the path with or without a slash would be full addresses."""
    for path in ("/console/people/", "/v2/token/", "/login/"):
        assert http.get(sandbox.url + path, allow_redirects=False).status_code == 404


# --- Sessions ---------------------------------------------------------------------------------


def test_the_cookie_belongs_to_this_port(sandbox: RunningSandbox, http: requests.Session) -> None:
    cookie = cookie_of(http.get(f"{sandbox.url}/console/"))
    assert cookie.startswith(f"sandbox_session_{urlsplit(sandbox.url).port}=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/;" in f"{cookie};"


def test_the_cookie_stays_behind_the_proxys_prefix(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    headers = {"X-Forwarded-Context": "/user/mia%40x/proxy/9000"}
    cookie = cookie_of(http.get(f"{sandbox.url}/console/", headers=headers))
    assert "Path=/user/mia%40x/proxy/9000/;" in f"{cookie};"


@pytest.mark.parametrize(
    "context", ["/x; Domain=example.com", "https://evil.example", "//evil.example", "x/y", "/a b"]
)
def test_a_strange_prefix_is_not_believed(
    sandbox: RunningSandbox, http: requests.Session, context: str
) -> None:
    answer = http.get(f"{sandbox.url}/console/", headers={"X-Forwarded-Context": context})
    assert "Path=/;" in f"{cookie_of(answer)};"
    assert "evil.example" not in answer.text + cookie_of(answer)


def test_a_cookie_is_sent_once(sandbox: RunningSandbox, http: requests.Session) -> None:
    assert cookie_of(http.get(f"{sandbox.url}/console/"))
    assert not cookie_of(http.get(f"{sandbox.url}/console/"))


def test_signing_in_makes_the_old_cookie_worthless(
    sandbox: RunningSandbox, browser: Browser, http: requests.Session
) -> None:
    page = browser.open(f"{sandbox.url}/login")
    before = browser._session.cookies.get_dict()
    browser.press(
        page,
        page.need("button", id="sign-in"),
        {"email": sandbox.author.email, "password": sandbox.author.password},
    )
    after = browser._session.cookies.get_dict()
    assert before.keys() == after.keys()
    assert before != after
    # Whoever is signed in does not see the login page again.
    assert http.get(f"{sandbox.url}/login", cookies=before).url.endswith("/login")
    assert http.get(f"{sandbox.url}/login", cookies=after).url.endswith("/console/")


def test_signing_in_leaves_the_forms_of_other_tabs_working(
    sandbox: RunningSandbox, browser: Browser
) -> None:
    console = browser.open(f"{sandbox.url}/console/apps/new")
    page = browser.open(f"{sandbox.url}/login")
    browser.press(
        page,
        page.need("button", id="sign-in"),
        {"email": sandbox.author.email, "password": sandbox.author.password},
    )
    page = browser.press(console, console.need("button", id="create"), {"name": "Mine"})
    assert page.title == "Building Blocks"


def test_the_oldest_session_goes_when_there_are_too_many() -> None:
    sessions = Sessions()
    first, second = sessions.start(), sessions.start()
    for _ in range(MAX_SESSIONS - 2):
        sessions.start()
    assert sessions.find(first.key) is first  # which makes it the latest one used
    sessions.start()
    assert sessions.find(first.key) is first
    assert sessions.find(second.key) is None


# --- Forms ------------------------------------------------------------------------------------


def new_app(sandbox: RunningSandbox, http: requests.Session, **fields: str) -> requests.Response:
    return http.post(f"{sandbox.url}/console/apps/new", data=fields)


def token_of(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def test_a_form_needs_its_token(sandbox: RunningSandbox, http: requests.Session) -> None:
    http.get(f"{sandbox.url}/console/apps/new")
    before = len(sandbox.world.apps)
    for fields in ({}, {"csrf": ""}, {"csrf": "not-a-token"}):
        answer = new_app(sandbox, http, name="Mine", **fields)
        assert answer.status_code == 403
        assert "This form is out of date" in answer.text
    assert len(sandbox.world.apps) == before


def test_a_form_needs_the_token_of_this_browser(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    other = requests.get(f"{sandbox.url}/console/apps/new", timeout=10).text
    http.get(f"{sandbox.url}/console/apps/new")
    assert token_of(other)
    assert new_app(sandbox, http, name="Mine", csrf=token_of(other)).status_code == 403


def test_a_form_with_its_token_is_taken(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = token_of(http.get(f"{sandbox.url}/console/apps/new").text)
    answer = new_app(sandbox, http, name="Zażółć", csrf=token)
    assert answer.status_code == 200
    assert [app.name for app in sandbox.world.apps.values()][-1] == "Zażółć"


def test_a_form_that_is_too_large_is_refused(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    answer = new_app(sandbox, http, name="x" * MAX_FORM_BYTES)
    assert answer.status_code == 413
    assert "too much text" in answer.text


@pytest.mark.parametrize("body", [b"name=\xff\xfe", b"&".join([b"a=1"] * 1001)])
def test_a_form_that_cannot_be_read_is_refused(
    sandbox: RunningSandbox, http: requests.Session, body: bytes
) -> None:
    answer = http.post(f"{sandbox.url}/console/apps/new", data=body)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


# --- Addresses that are not there, and failures of ours -----------------------------------------


def test_an_unknown_page_says_so_kindly(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = http.get(f"{sandbox.url}/consoel/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "Simulation." in answer.text


@pytest.mark.parametrize("path", ["/v2/nothing", "/v2/token/x"])
def test_an_unknown_address_of_the_accounts_service(
    sandbox: RunningSandbox, http: requests.Session, path: str
) -> None:
    answer = http.get(sandbox.url + path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "resource_not_found"
    assert answer.json()["request_id"]


@pytest.mark.parametrize("path", ["/v3.6/agent/nothing", "/v3.6/configuration/x"])
def test_an_unknown_address_of_an_api(
    sandbox: RunningSandbox, http: requests.Session, path: str
) -> None:
    answer = http.post(sandbox.url + path, json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "not_found"


SECRET = "dal:not-a-real-secret"


def fail(*_: object) -> None:
    """Stand for a fault of ours that has a secret in its message."""
    raise RuntimeError(f"cannot find {SECRET}")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/login", "The sandbox failed at this page."),
        ("/v2/info?code=x", '"error":"server_error"'),
        ("/v2/customer/info?code=x", '"oauth_exception":"server_error"'),
    ],
)
def test_a_failure_of_ours_is_told_and_logged_without_secrets(
    sandbox: RunningSandbox,
    http: requests.Session,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    told: str,
) -> None:
    monkeypatch.setattr(sandbox.world.grants, "access_token", fail)
    monkeypatch.setattr(sandbox.world.customers, "token", fail)
    monkeypatch.setattr("lc_tutorial.sandbox.accounts.authorize._login_page", fail)
    with caplog.at_level(logging.ERROR):
        answer = http.get(sandbox.url + path)
    assert answer.status_code == 500
    assert told in answer.text
    assert "RuntimeError" in caplog.text
    assert "in fail" in caplog.text
    assert SECRET not in caplog.text + answer.text
