"""The clinic's hands: each does in a real sandbox what the notebook says that it does."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

import lc_tutorial as lc
from lc_tutorial import memory
from lc_tutorial.errors import InputError, RedirectError, TutorialError
from lc_tutorial.oauth import Credentials, parse_redirect
from lc_tutorial.platforms import LIVE, Platform
from tests.unit.errors.scene import Scene


@pytest.fixture(scope="module")
def app(sandbox: Platform) -> Credentials:
    made = Scene(sandbox, ("chats--all:ro",)).app
    return Credentials(made.client_id, lc.Secret(made.client_secret), made.redirect_uri)


@pytest.fixture
def clinic(sandbox: Platform, app: Credentials) -> Iterator[lc.Clinic]:
    yield lc.Clinic(sandbox, app)
    lc.Control.of(sandbox).real_time()


def asked(platform: Platform, app: Credentials, **changed: str) -> str:
    parameters = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": "mine",
        **changed,
    }
    return f"{platform.authorization_url}?{urlencode(parameters)}"


def test_a_link_is_followed_as_often_as_one_likes(
    sandbox: Platform, app: Credentials, clinic: lc.Clinic
) -> None:
    for _ in range(5):  # a browser is sent on three times in half a minute
        came_back = clinic.follow(asked(sandbox, app))
        assert parse_redirect(came_back, state="mine").state_came_back
    sent = memory.sent_request("mine")
    assert sent is not None
    assert sent.client_id == app.client_id


def test_a_link_may_ask_for_a_token(sandbox: Platform, app: Credentials, clinic: lc.Clinic) -> None:
    came_back = clinic.follow(asked(sandbox, app, response_type="token"))
    assert "access_token=" in urlsplit(came_back).fragment


def test_cancel_ends_on_the_error_page(
    sandbox: Platform, app: Credentials, clinic: lc.Clinic
) -> None:
    ended = urlsplit(clinic.cancel(asked(sandbox, app, prompt="consent")))
    assert ended.path == "/ooops"
    assert parse_qs(ended.query)["oauth_exception"] == ["missing_grant"]


def test_a_javascript_app_needs_pkce(
    sandbox: Platform, app: Credentials, clinic: lc.Clinic
) -> None:
    client_id = clinic.javascript_app()
    assert client_id == clinic.javascript_app() != app.client_id
    assert "oauth_exception" in clinic.follow(asked(sandbox, app, client_id=client_id))
    pkce = lc.Pkce.new()
    proof = {"code_challenge": pkce.challenge, "code_challenge_method": "S256"}
    assert "code=" in clinic.follow(asked(sandbox, app, client_id=client_id, **proof))


def test_somebody_elses_code_is_theirs(
    sandbox: Platform, app: Credentials, clinic: lc.Clinic
) -> None:
    came_back = clinic.somebody_else()
    assert came_back.startswith(f"{app.redirect_uri}?code=")
    (state,) = parse_qs(urlsplit(came_back).query)["state"]
    assert memory.sent_request(state) is None, "this kernel did not ask for it"
    with pytest.raises(RedirectError, match="answers another request"):
        parse_redirect(came_back, state="mine")
    theirs = Scene(sandbox).post(
        {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(came_back).query)["code"][0],
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
        }
    )
    assert theirs.json()["account_id"] != clinic.new_token().account_id


def test_tokens_come_with_the_newest_secret_and_scopes(
    sandbox: Platform, app: Credentials, clinic: lc.Clinic
) -> None:
    lc.Control.of(sandbox).expire_tokens()
    assert clinic.new_token().scopes == {"chats--all:ro"}
    secret = clinic.new_secret()
    assert repr(secret) == "Secret('••••••••')"
    clinic.add_scope("agents--all:ro")
    token = clinic.new_token()
    assert token.scopes == {"chats--all:ro", "agents--all:ro"}
    assert Scene(sandbox).call(token=token.access_token).ok, "the clock is right again"
    # The cell that makes the clinic ran again, and the form still has the old secret.
    assert lc.Clinic(sandbox, app).new_token().scopes == token.scopes


def test_a_personal_token(sandbox: Platform, clinic: lc.Clinic) -> None:
    for _ in range(2):
        personal = clinic.personal_token("chats--all:ro")
        headers = {"Authorization": str(personal.authorization)}
        assert Scene(sandbox).call(headers=headers).ok


def test_what_a_page_refuses_is_told(sandbox: Platform) -> None:
    nobodys = Credentials("0" * 32, None, "http://127.0.0.1:8377/callback")
    with pytest.raises(TutorialError, match="The scripted learner got stuck"):
        lc.Clinic(sandbox, nobodys).new_secret()


def test_it_is_no_place_for_a_real_account(app: Credentials) -> None:
    with pytest.raises(InputError, match="Only a sandbox can be controlled"):
        lc.Clinic(LIVE, app)
