"""The scripted learner goes through the sandbox's own pages, over HTTP, from first to last."""

import ast
import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner import browser, learner
from lc_tutorial.sandbox.learner.browser import Browser, Stuck
from lc_tutorial.sandbox.learner.learner import Credentials, Learner
from tests.sandbox.conftest import CALLBACK, RunningSandbox


@pytest.fixture
def author(sandbox: RunningSandbox) -> Learner:
    return Learner(sandbox.url, sandbox.author.email, sandbox.author.password)


def test_a_javascript_app_has_no_secret(sandbox: RunningSandbox, author: Learner) -> None:
    app = author.create_app("In a browser", client_type="javascript")
    assert app.client_secret == ""
    found = sandbox.world.client(app.client_id)
    assert found is not None
    assert found[1].client_type == "javascript"
    assert found[1].redirect_uris == [CALLBACK]


def authorization_url(sandbox: RunningSandbox, app: Credentials, **more: str) -> str:
    sent = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": "s",
        **more,
    }
    return f"{sandbox.url}/?{urlencode(sent)}"


def ready_made(sandbox: RunningSandbox) -> Credentials:
    return Credentials(sandbox.block.client_id, sandbox.block.client_secret, CALLBACK)


def exchange(sandbox: RunningSandbox, app: Credentials, redirect: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(
            f"{sandbox.url}/v2/token",
            timeout=10,
            data={
                "grant_type": "authorization_code",
                "code": parse_qs(urlsplit(redirect).query)["code"][0],
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "redirect_uri": app.redirect_uri,
            },
        )


def test_from_the_console_to_a_token(sandbox: RunningSandbox, author: Learner) -> None:
    app = author.create_app("My chats")
    assert app.redirect_uri == CALLBACK
    redirect = author.authorize(authorization_url(sandbox, app))
    assert redirect.startswith(f"{CALLBACK}?code=dal%3A")
    answer = exchange(sandbox, app, redirect)
    assert answer.status_code == 200
    assert set(answer.json()["scope"].split(",")) == {
        "chats--all:ro",
        "chats--access:ro",
        "chats--my:ro",
    }


def test_what_it_created_is_in_the_world(sandbox: RunningSandbox, author: Learner) -> None:
    app = author.create_app("Mine", "https://app.example/cb", ("chats--my:ro", "customers:ro"))
    found = sandbox.world.client(app.client_id)
    assert found is not None
    record, block = found
    assert (record.name, record.author_id) == ("Mine", sandbox.author.id)
    assert (block.client_type, block.client_secret) == ("server_side", app.client_secret)
    assert block.redirect_uris == ["https://app.example/cb"] == [app.redirect_uri]
    assert set(block.scopes) == {"chats--my:ro", "customers:ro"}
    assert app.client_secret not in repr(app)


def test_it_creates_the_app_as_the_account_that_is_meant(sandbox: RunningSandbox) -> None:
    agent = sandbox.person("normal", elsewhere=True)
    stranger = Learner(sandbox.url, agent.email, agent.password)
    stranger.create_app("One")
    app = stranger.create_app("Two", scopes=("chats--access:ro",))
    found = sandbox.world.client(app.client_id)
    assert found is not None
    assert found[0].author_id == agent.id
    redirect = stranger.authorize(authorization_url(sandbox, app))
    assert parse_qs(urlsplit(redirect).query)["code"][0].startswith("fra:")


def test_it_allows_what_it_is_asked(sandbox: RunningSandbox, author: Learner) -> None:
    url = authorization_url(sandbox, ready_made(sandbox), prompt="consent")
    for _ in range(2):  # signed in or not
        assert author.authorize(url).startswith(f"{CALLBACK}?code=")


def test_a_refusal_ends_at_the_error_page(sandbox: RunningSandbox) -> None:
    agent = sandbox.person("normal")
    plain = Learner(sandbox.url, agent.email, agent.password)
    end = plain.authorize(authorization_url(sandbox, ready_made(sandbox)))
    assert end == f"{sandbox.url}/ooops?oauth_exception=invalid_scope"


def test_a_redirect_uri_at_the_sandbox_itself_is_not_opened(
    sandbox: RunningSandbox, author: Learner
) -> None:
    own = f"{sandbox.url}/console/"
    app = author.create_app("Strange", own)
    for _ in range(2):  # signed in or not
        assert author.authorize(authorization_url(sandbox, app)).startswith(f"{own}?code=")


@pytest.mark.parametrize(
    ("name", "redirect_uri", "scopes", "said"),
    [
        ("x" * 100, None, ("chats--my:ro",), "characters"),
        ("", None, ("chats--my:ro",), "name"),
        ("App", "http://a.example/?a=b", ("chats--my:ro",), "query"),
        ("App", None, ("no:such",), "scopes"),
    ],
)
def test_it_says_what_a_page_did_not_take(
    author: Learner, name: str, redirect_uri: str | None, scopes: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Stuck, match=said):
        author.create_app(name, redirect_uri, scopes)


def test_a_wrong_password(sandbox: RunningSandbox) -> None:
    nobody = Learner(sandbox.url, sandbox.author.email, "not-a-real-password")
    with pytest.raises(Stuck, match="password") as caught:
        nobody.authorize(authorization_url(sandbox, ready_made(sandbox)))
    assert "not-a-real-password" not in str(caught.value)


def test_somebody_whom_the_console_does_not_know(sandbox: RunningSandbox) -> None:
    with pytest.raises(Stuck, match=r"nobody@example\.com"):
        Learner(sandbox.url, "nobody@example.com", "").create_app()


def test_a_sandbox_that_is_gone() -> None:
    with pytest.raises(requests.ConnectionError):
        Learner("http://127.0.0.1:1", "a@example.com", "").create_app()


def test_a_page_that_is_none_of_these(sandbox: RunningSandbox, author: Learner) -> None:
    with pytest.raises(Stuck, match="There is no such page"):
        author.authorize(f"{sandbox.url}/nowhere")


def test_a_missing_element_is_named(sandbox: RunningSandbox) -> None:
    page = Browser(sandbox.url).open(f"{sandbox.url}/login")
    with pytest.raises(Stuck, match='"Sign in" has no element a id="nothing"'):
        page.need("a", id="nothing")


def imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(Path(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_it_knows_neither_the_client_side_nor_the_inside_of_the_sandbox() -> None:
    own = {
        name
        for module in (learner, browser)
        for name in imports(str(module.__file__))
        if name.startswith("lc_tutorial")
    }
    assert own == {"lc_tutorial.sandbox.learner.browser"}


# --- Other ways in ------------------------------------------------------------------------------


def test_an_app_is_published_once(sandbox: RunningSandbox, author: Learner) -> None:
    mine, other = author.create_app("Mine"), author.create_app("Another")
    for _ in range(2):
        author.publish(mine.client_id)
    published = {
        app.block.client_id
        for app in sandbox.world.apps.values()
        if app.block is not None and app.published
    }
    assert published == {mine.client_id}
    assert other.client_id not in published
    with pytest.raises(Stuck, match="does not name"):
        author.publish("no-such-client")


def test_personal_access_tokens_are_made_with_names_of_their_own(
    sandbox: RunningSandbox, author: Learner
) -> None:
    scopes = ("chats--all:ro", "agents--all:ro")
    encoded = [author.create_personal_access_token("Script", scopes) for _ in range(2)]
    made = list(sandbox.world.personal_access_tokens.values())
    assert [token.name for token in made] == ["Script", "Script 2"]
    assert all(set(token.scopes) == set(scopes) for token in made)
    pairs = [base64.b64decode(each).decode() for each in encoded]
    assert pairs == [f"{sandbox.author.id}:{token.value}" for token in made]


def test_the_people_of_the_login_page(sandbox: RunningSandbox, author: Learner) -> None:
    people = {person.email: person for person in author.people()}
    accounts = list(sandbox.world.accounts.values())
    assert people.keys() == {account.email for account in accounts}
    for account in accounts:
        found = people[account.email]
        organization = sandbox.world.organizations[account.organization_id].name
        assert (found.name, found.organization) == (account.name, organization)
        assert found.password == account.password
        assert account.password not in repr(found)
    assert [person.role for person in people.values()].count("Owner") == 2
