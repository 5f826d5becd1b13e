"""Personal access tokens and the Token Debugger in the Console, gone through without JavaScript.

Sources, by page of livechat-public-docs: `personal-access-tokens` and `troubleshooting`
(authorization).
"""

import base64
from collections.abc import Iterator

import pytest
import requests

from lc_tutorial.sandbox.console import tokens
from lc_tutorial.sandbox.learner.browser import Browser, Page
from lc_tutorial.sandbox.world.records import Account
from tests.sandbox.conftest import RunningSandbox

SETTINGS = "/console/settings/authorization"
DEBUGGER = "/console/tools/token-debugger"


@pytest.fixture
def browser(sandbox: RunningSandbox) -> Iterator[Browser]:
    opened = Browser(sandbox.url)
    yield opened
    opened.close()


def create(
    sandbox: RunningSandbox,
    browser: Browser,
    name: str = "Nightly export",
    scopes: tuple[str, ...] = ("chats--all:ro",),
) -> Page:
    page = browser.open(f"{sandbox.url}{SETTINGS}/new")
    return browser.press(page, page.need("button", id="create"), {"name": name}, {"scope": scopes})


def act_as(sandbox: RunningSandbox, browser: Browser, person: Account) -> None:
    if person is sandbox.author:
        return  # whom the Console takes everybody for
    page = browser.open(f"{sandbox.url}/console/people")
    browser.press(page, page.need("button", name="account_id", value=person.id))


def text_of(page: Page) -> str:
    assert page.root is not None
    return page.root.text


def problem_of(page: Page, name: str) -> str:
    element = page.find(id=f"{name}-problem")
    return element.text if element else ""


# --- Personal access tokens ---------------------------------------------------------------------


def test_settings_are_in_the_navigation(sandbox: RunningSandbox, browser: Browser) -> None:
    # Source: personal-access-tokens, "Creating a Personal Access Token", 1.
    page = browser.open(f"{sandbox.url}/console/")
    assert page.root is not None
    link = next(a for a in page.root.find_all("a") if a.text == "Settings")
    page = browser.click(page, link)
    assert page.title == "Personal Access Tokens"
    page = browser.click(page, page.need("a", id="create-token"))
    assert page.title == "Creating new Personal Access Token"


def test_a_new_token_is_shown_with_the_account_id_and_the_base64_of_both(
    sandbox: RunningSandbox, browser: Browser
) -> None:
    # Source: personal-access-tokens, "Creating a Personal Access Token", 3.
    page = create(sandbox, browser, scopes=("chats--all:ro", "agents--all:ro"))
    (made,) = sandbox.world.personal_access_tokens.values()
    assert (made.name, made.account_id) == ("Nightly export", sandbox.author.id)
    assert set(made.scopes) == {"chats--all:ro", "agents--all:ro"}
    assert page.need(id="token-value").get("value") == made.value
    assert page.need(id="token-account-id").get("value") == sandbox.author.id
    encoded = page.need(id="token-base64").get("value")
    assert base64.b64decode(encoded).decode() == f"{sandbox.author.id}:{made.value}"


def test_what_the_page_shows_opens_the_api(
    sandbox: RunningSandbox, browser: Browser, http: requests.Session
) -> None:
    # Source: personal-access-tokens, "Using the token in API requests".
    page = create(sandbox, browser)
    encoded = page.need(id="token-base64").get("value")
    answer = http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats",
        json={},
        headers={"Authorization": f"Basic {encoded}"},
        timeout=30,
    )
    assert answer.status_code == 200
    assert answer.json()["found_chats"] == 250


def test_nobody_has_tokens_without_end(
    sandbox: RunningSandbox, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    create(sandbox, browser, "The first")
    page = create(sandbox, browser, "The second")
    assert "You have 1 personal access tokens already" in text_of(page)
    assert "Delete some under Settings" in text_of(page)
    assert len(sandbox.world.personal_access_tokens) == 1


def test_a_token_is_shown_once(sandbox: RunningSandbox, browser: Browser) -> None:
    # Source: the Console, as for a Client Secret.
    create(sandbox, browser)
    (made,) = sandbox.world.personal_access_tokens.values()
    page = browser.open(f"{sandbox.url}{SETTINGS}")
    assert page.find(id="token-value") is None
    answer = text_of(page)
    assert made.name in answer
    assert made.value not in answer
    assert "dal:******" in answer


def test_only_the_browser_that_made_a_token_sees_it(
    sandbox: RunningSandbox, browser: Browser, http: requests.Session
) -> None:
    page = http.get(f"{sandbox.url}{SETTINGS}/new", timeout=10).text
    fields = {
        "csrf": page.partition('name="csrf" value="')[2].partition('"')[0],
        "name": "Nightly export",
        "scope": "chats--all:ro",
    }
    answer = http.post(
        f"{sandbox.url}{SETTINGS}/new", data=fields, allow_redirects=False, timeout=10
    )
    assert answer.status_code == 303
    assert browser.open(f"{sandbox.url}{SETTINGS}").find(id="token-value") is None
    assert 'id="token-value"' in http.get(f"{sandbox.url}{SETTINGS}", timeout=10).text


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Give the token a name"),
        ("   ", "Give the token a name"),
        ("x" * 61, "61 characters"),
        # Source: personal-access-tokens, its screenshot ("A unique name").
        ("Taken", "You have a token with this name"),
        (" Taken ", "You have a token with this name"),
    ],
)
def test_a_token_needs_a_name_of_its_own(
    sandbox: RunningSandbox, browser: Browser, name: str, problem: str
) -> None:
    sandbox.world.create_personal_access_token(sandbox.author.id, "Taken", ["chats--all:ro"])
    page = create(sandbox, browser, name=name)
    assert problem in problem_of(page, "token-name")
    assert len(sandbox.world.personal_access_tokens) == 1
    # What was ticked is still ticked.
    assert "checked" in page.need("input", name="scope", value="chats--all:ro").attributes


def test_a_token_needs_scopes(sandbox: RunningSandbox, browser: Browser) -> None:
    # Source: personal-access-tokens, its screenshot ("Access scopes", "required").
    page = create(sandbox, browser, scopes=())
    assert "Tick one or more scopes" in problem_of(page, "scope")
    assert page.need("input", id="token-name").get("value") == "Nightly export"
    assert not sandbox.world.personal_access_tokens


@pytest.mark.parametrize(
    ("role", "scope", "offered"),
    [
        # Source: scopes (the role that each scope needs); personal-access-tokens, "How Personal
        # Access Tokens work": a token has its account's permissions.
        ("owner", "organization--my:rw", True),
        ("owner", "chats--all:ro", True),
        ("administrator", "chats--all:ro", True),
        ("administrator", "organization--my:rw", False),
        ("normal", "chats--access:ro", True),
        ("normal", "chats--all:ro", False),
        # Source: customer-authorization, "Agent token grant": not with a PAT.
        ("owner", "customers:own", False),
    ],
)
def test_the_scopes_that_a_person_can_give(
    sandbox: RunningSandbox, browser: Browser, role: str, scope: str, offered: bool
) -> None:
    person = sandbox.author if role == "owner" else sandbox.person(role)
    act_as(sandbox, browser, person)
    page = browser.open(f"{sandbox.url}{SETTINGS}/new")
    assert (page.find("input", name="scope", value=scope) is not None) is offered


def test_a_forged_scope_is_not_given(sandbox: RunningSandbox, http: requests.Session) -> None:
    page = http.get(f"{sandbox.url}{SETTINGS}/new", timeout=10).text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": csrf, "name": "Forged", "scope": ["customers:own", "no-such-scope"]}
    answer = http.post(f"{sandbox.url}{SETTINGS}/new", data=fields, timeout=10)
    assert answer.status_code == 422
    assert not sandbox.world.personal_access_tokens


def test_a_token_is_deleted_after_asking(
    sandbox: RunningSandbox, browser: Browser, http: requests.Session
) -> None:
    page = create(sandbox, browser)
    encoded = page.need(id="token-base64").get("value")
    assert page.root is not None
    link = next(a for a in page.root.find_all("a") if a.get("href").endswith("/delete"))
    page = browser.click(page, link)
    assert page.title == "Delete Nightly export?"
    assert sandbox.world.personal_access_tokens
    page = browser.press(page, page.need("button", id="confirm-delete"))
    assert page.title == "Personal Access Tokens"
    assert not sandbox.world.personal_access_tokens
    answer = http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats",
        json={},
        headers={"Authorization": f"Basic {encoded}"},
        timeout=30,
    )
    assert answer.status_code == 401


def test_nobody_sees_or_deletes_another_person_s_token(
    sandbox: RunningSandbox, browser: Browser, http: requests.Session
) -> None:
    made = sandbox.world.create_personal_access_token(
        sandbox.person("normal").id, "Not yours", ["chats--access:ro"]
    )
    assert made.name not in text_of(browser.open(f"{sandbox.url}{SETTINGS}"))
    page = http.get(f"{sandbox.url}{SETTINGS}/new", timeout=10)
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    for answer in (
        http.get(f"{sandbox.url}{SETTINGS}/{made.id}/delete", timeout=10),
        http.post(f"{sandbox.url}{SETTINGS}/{made.id}/delete", data={"csrf": csrf}, timeout=10),
    ):
        assert answer.status_code == 404
        assert "There is no such token" in answer.text
    assert made.id in sandbox.world.personal_access_tokens


# --- The Token Debugger -------------------------------------------------------------------------


def examine(sandbox: RunningSandbox, browser: Browser, value: str) -> str:
    page = browser.open(f"{sandbox.url}{DEBUGGER}")
    page = browser.press(page, page.need("button", id="examine"), {"token": value})
    assert page.title == "Token Debugger"
    # The field is empty again, and what was pasted is nowhere on the page.
    assert page.need("input", id="token").get("value") == ""
    return page.need(id="finding").text


def test_what_it_says_of_an_access_token(sandbox: RunningSandbox, browser: Browser) -> None:
    # Source: troubleshooting, "Invalid access token", 5; global-accounts-api, /info.
    world, author = sandbox.world, sandbox.author
    client_id = sandbox.block.client_id
    refresh = world.grants.issue_refresh_token(client_id, author.id, ["chats--all:ro"])
    token = world.grants.issue_access_token(client_id, author.id, ["chats--all:ro"], refresh)
    for pasted in (token.value, f"  {token.value}\n", f"Bearer {token.value}"):
        said = examine(sandbox, browser, pasted)
        assert "A valid access token" in said
        for fact in (author.id, author.name, author.organization_id, client_id, "List Chats"):
            assert fact in said
        assert "read any chats" in said
        assert "dal:******" in said
        assert token.value not in said
        assert refresh.value not in said


def test_what_it_says_of_a_personal_access_token(sandbox: RunningSandbox, browser: Browser) -> None:
    # Source: troubleshooting, "Authorizing requests with a Personal Access Token doesn't work", 3.
    author = sandbox.author
    made = sandbox.world.create_personal_access_token(author.id, "Nightly", ["agents--all:ro"])
    encoded = base64.b64encode(f"{author.id}:{made.value}".encode()).decode()
    for pasted in (made.value, encoded, f"Basic {encoded}"):
        said = examine(sandbox, browser, pasted)
        assert "A valid Personal Access Token" in said
        for fact in ("Nightly", author.id, "agents--all:ro", "Authorization: Basic"):
            assert fact in said
        assert made.value not in said


def test_what_it_says_of_anything_else(sandbox: RunningSandbox, browser: Browser) -> None:
    world, author = sandbox.world, sandbox.author
    client_id = sandbox.block.client_id
    refresh = world.grants.issue_refresh_token(client_id, author.id, ["chats--all:ro"])
    code = world.grants.issue_code(
        client_id, author, "http://127.0.0.1:8377/callback", ["chats--all:ro"]
    )
    token = world.grants.issue_access_token(client_id, author.id, ["chats--all:ro"])
    customer = world.customers.create(author.organization_id)
    customers = world.customers.issue_token(client_id, author.organization_id, customer)
    for pasted, said in (
        # Source: troubleshooting, "Invalid access token", 5 (not for a customer's).
        (customers.value, "A customer's access token"),
        ("", "There is nothing to look at"),
        ("   ", "There is nothing to look at"),
        # Source: troubleshooting, "Invalid access token", 3.
        (token.value.replace(":", "%3A"), "It has %3A where a token has a colon"),
        (refresh.value, "A refresh token"),
        (code.value, "A code, not a token"),
        ("dal:not-a-real-token", "Not a valid token"),
        ("<script>alert(1)</script>", "Not a valid token"),
        ("\N{DUCK}", "Not a valid token"),
    ):
        found = examine(sandbox, browser, pasted)
        assert said in found
        assert "not valid" in found
    world.clock.advance(28_801)
    assert "expired" in examine(sandbox, browser, token.value)
