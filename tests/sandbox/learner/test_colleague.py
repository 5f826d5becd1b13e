"""What a colleague does to an app, over HTTP, in the sandbox's own pages."""

import base64
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from lc_tutorial.sandbox.learner.browser import Stuck
from lc_tutorial.sandbox.learner.colleague import Colleague
from tests.sandbox.conftest import CALLBACK, RunningSandbox


@pytest.fixture
def author(sandbox: RunningSandbox) -> Colleague:
    return Colleague(sandbox.url, sandbox.author.email, sandbox.author.password)


def link(sandbox: RunningSandbox, **more: str) -> str:
    sent = {
        "response_type": "code",
        "client_id": sandbox.block.client_id,
        "redirect_uri": CALLBACK,
        "state": "s",
        **more,
    }
    return f"{sandbox.url}/?{urlencode(sent)}"


def test_a_new_secret_ends_the_old_one(sandbox: RunningSandbox, author: Colleague) -> None:
    before = sandbox.block.client_secret
    made = author.generate_secret(sandbox.block.client_id)
    assert made == sandbox.block.client_secret
    assert made != before


def test_another_client_type(sandbox: RunningSandbox, author: Colleague) -> None:
    app = author.create_app("Changed")
    author.become_javascript(app.client_id)
    kinds = {each.block.client_type for each in sandbox.world.apps.values() if each.block}
    assert kinds == {"server_side", "javascript"}


def test_more_scopes(sandbox: RunningSandbox, author: Colleague) -> None:
    had = set(sandbox.block.scopes)
    for more in (("agents--all:ro", "groups--all:ro"), ("agents--all:ro",), ("tags--all:ro",)):
        author.add_scopes(sandbox.block.client_id, *more)
        had |= {*more}
        assert set(sandbox.block.scopes) == had


def test_an_installation_stays_one(sandbox: RunningSandbox, author: Colleague) -> None:
    sandbox.app.installed = False
    for _ in range(2):
        author.install(sandbox.block.client_id)
        assert sandbox.app.installed


def test_a_personal_access_token(sandbox: RunningSandbox, author: Colleague) -> None:
    encoded = author.create_personal_access_token("Script", ("chats--all:ro",))
    account_id, _, value = base64.b64decode(encoded).decode().partition(":")
    assert account_id == sandbox.author.id
    assert value.startswith("dal:")


def test_cancel(sandbox: RunningSandbox, author: Colleague) -> None:
    for _ in range(2):  # signed in already, the second time
        ended = urlsplit(author.refuse(link(sandbox, prompt="consent")))
        assert ended.path == "/ooops"
        assert parse_qs(ended.query)["oauth_exception"] == ["missing_grant"]


def test_an_app_of_somebody_else(sandbox: RunningSandbox, author: Colleague) -> None:
    with pytest.raises(Stuck, match="has no app with this Client Id"):
        author.generate_secret("0" * 32)
