"""The checks after each step: they say what is right, and what exactly is missing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import memory
from lc_tutorial.course import environment
from lc_tutorial.course.findings import Check, Finding
from lc_tutorial.errors import InputError
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.oauth import Credentials, build_authorization_url, revoke
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.learner import Learner
from tests.unit.course.checked import missing

CLIENT_ID = "0123456789abcdef" * 2


#: Where nothing answers.
NOBODY = "http://127.0.0.1:9"


def filled(platform: Platform, **changes: str) -> CredentialsForm:
    """A form with a good app in it, but for the changes."""
    form = CredentialsForm(platform)
    form.do_it_for_me()
    return CredentialsForm(platform, known=form.entered._replace(**changes))  # type: ignore[arg-type]


def configured(platform: Platform, *scopes: str) -> CredentialsForm:
    assert platform.login is not None
    learner = Learner(platform.accounts_url, platform.login.email, platform.login.password)
    app = learner.create_app("Another", "http://127.0.0.1:8377/callback", scopes)
    entered = Credentials(app.client_id, lc.Secret(app.client_secret), app.redirect_uri)
    return CredentialsForm(platform, known=entered)


def test_this_computer_is_fine() -> None:
    check = lc.check_environment()
    assert check.passed
    assert "All set" in repr(check)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing_pandas(name: str) -> str:
        if name == "pandas":
            raise environment.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(environment, "version", missing_pandas)
    assert missing(lc.check_environment()) == [
        "pandas. Install it: run %pip install pandas in a cell"
    ]


def test_an_empty_form_is_missing_not_an_error() -> None:
    check = lc.check_app(CredentialsForm(LIVE))
    assert not check.passed
    assert "press Use these" in missing(check)[0]


def test_a_good_app(sandbox: Platform) -> None:
    check = lc.check_app(filled(sandbox))
    assert check.passed, check
    assert "chats--all:ro" in repr(check)


def test_an_app_that_the_platform_does_not_know(sandbox: Platform) -> None:
    assert "Client Id" in missing(lc.check_app(filled(sandbox, client_id=CLIENT_ID)))[0]


@pytest.mark.parametrize(
    "redirect_uri", ["http://127.0.0.1:9999/callback", "https://127.0.0.1:8377/callback"]
)
def test_a_redirect_uri_that_is_not_whitelisted(sandbox: Platform, redirect_uri: str) -> None:
    (said,) = missing(lc.check_app(filled(sandbox, redirect_uri=redirect_uri)))
    assert "whitelist" in said


def test_a_scope_that_does_not_open_list_chats(sandbox: Platform) -> None:
    (said,) = missing(lc.check_app(configured(sandbox, "agents--all:ro")))
    assert "A scope for List Chats" in said
    assert "press Save changes" in said


def test_the_smaller_scope_will_do(sandbox: Platform) -> None:
    assert lc.check_app(configured(sandbox, "chats--access:ro")).passed


def test_live_asks_nobody() -> None:
    entered = Credentials(CLIENT_ID, lc.Secret("not-a-real-secret"), "https://a.example/")
    check = lc.check_app(CredentialsForm(LIVE, known=entered))
    assert check.passed
    assert "shows in step 2" in repr(check)
    assert "you will paste" in repr(check)


def test_the_sandbox_is_gone(sandbox: Platform) -> None:
    from dataclasses import replace

    form = filled(sandbox)
    form.platform = replace(sandbox, accounts_url="http://127.0.0.1:9")
    assert "sandbox" in missing(lc.check_app(form))[0]


def waiting(**more: str) -> AuthorizationForm:
    parameters = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": "https://a.example/",
        "state": "the-state-of-this-link",
        **more,
    }
    return AuthorizationForm(LIVE, f"https://accounts.livechat.com/?{urlencode(parameters)}")


def test_no_code_yet() -> None:
    check = lc.check_authorization(waiting())
    assert missing(check) == ["The code. Follow the link in the form above."]
    assert "No PKCE challenge" in repr(check)


def test_a_state_that_came_back_is_told_from_one_that_did_not() -> None:
    form = waiting()
    form.receive("https://a.example/?code=dal:not-a-real-code-not&state=the-state-of-this-link")
    assert form.state_came_back
    assert "<code>code=dal:••••••••</code> is here" in form._speech.value
    assert "<code>state=the-state-of-this-link</code>, which is the one you sent" in (
        form._speech.value
    )
    assert "the state that came back is the one sent" in repr(lc.check_authorization(form))
    form.receive("dal:not-a-real-code-not-a-real-")
    assert not form.state_came_back
    assert "is the one you sent" not in form._speech.value
    assert "No <code>state</code> came with it" in form._speech.value
    check = lc.check_authorization(form)
    assert "is the one sent" not in repr(check)
    assert "was not checked" in repr(check)
    assert check.passed


def test_a_code_grows_old() -> None:
    form = waiting(code_challenge="x" * 43, code_challenge_method="S256")
    form.receive("dal:not-a-real-code-not-a-real-")
    assert lc.check_authorization(form).passed
    form._received_at = datetime.now(UTC) - timedelta(minutes=6)
    assert "over 5 minutes old" in missing(lc.check_authorization(form))[0]


def token(**changes: Any) -> lc.Token:
    made: dict[str, Any] = {
        "access_token": "dal:not-a-real-token-not-a-real",
        "account_id": "b7eff798-0000-4000-8000-000000000000",
        "organization_id": "390e44e6-0000-4000-8000-000000000000",
        "client_id": CLIENT_ID,
        "expires_in": 28800,
        "refresh_token": "not-a-real-refresh-token",
        "scope": "chats--all:ro,agents--all:ro",
        "token_type": "Bearer",
        **changes,
    }
    response = requests.Response()
    response.status_code = 200
    response._content = requests.compat.json.dumps(made).encode()
    response.url = f"{NOBODY}/v2/token"
    response.request = requests.Request("POST", response.url).prepare()
    return lc.Token.from_response(response)


@pytest.mark.parametrize(
    "scope", ["chats--all:ro", "chats--all:rw", "chats--access:ro", "a:ro,chats--access:rw"]
)
def test_a_good_token(scope: str) -> None:
    assert lc.check_token(token(scope=scope)).passed


@pytest.mark.parametrize("scope", ["", "chats--my:ro", "agents--all:ro"])
def test_a_token_that_does_not_open_list_chats(scope: str) -> None:
    (said,) = missing(lc.check_token(token(scope=scope)))
    assert "A token keeps the scopes it was issued with" in said


def test_a_dead_token() -> None:
    assert "has expired" in missing(lc.check_token(token(expires_in=0)))[0]
    dead = token(expires_in=0)
    memory.forget_all()
    assert "has expired" in missing(lc.check_token(dead))[0]


def test_a_token_of_which_nobody_can_be_asked_is_not_called_alive() -> None:
    check = lc.check_token(token())
    assert check.passed
    assert "could not be asked" in repr(check)
    assert "The access token lives" not in repr(check)


def test_a_token_that_was_revoked_or_has_expired_in_the_sandbox(sandbox: Platform) -> None:
    lives = CatchUp(sandbox).token
    assert "The access token lives." in repr(lc.check_token(lives))
    control = lc.Control.of(sandbox)
    control.expire_tokens()
    (said,) = missing(lc.check_token(lives))
    control.real_time()
    assert "The access token has expired. The sandbox's clock was moved forward." in said
    assert "refresh_token" in said
    revoke(sandbox, lives.access_token)
    (said,) = missing(lc.check_token(lives))
    assert "The access token was revoked." in said


def test_a_link_with_the_challenge_of_an_older_verifier(sandbox: Platform) -> None:
    app, pkce = filled(sandbox), lc.Pkce.new()
    url = build_authorization_url(
        sandbox,
        client_id=app.client_id,
        redirect_uri=app.redirect_uri,
        state=lc.new_state(),
        pkce=pkce,
    )
    form = AuthorizationForm(sandbox, url)
    form.do_it_for_me()
    assert lc.check_authorization(form).passed
    lc.Pkce.new()
    (said,) = missing(lc.check_authorization(form))
    assert said.startswith("The verifier of this link: the cell that makes it ran again")
    memory.forget_all()
    lc.Pkce.new()
    assert lc.check_authorization(form).passed


def listed(platform: Platform, limit: int) -> requests.Response:
    return requests.post(
        platform.list_chats_url,
        json={"limit": limit},
        headers={"Authorization": f"Bearer {CatchUp(platform).token.access_token}"},
        timeout=10,
    )


def test_all_chats_landed(sandbox: Platform) -> None:
    response = listed(sandbox, 25)
    check = lc.check_chats(response, lc.tables(response))
    assert check.passed
    assert "All 25 chats" in repr(check)
    assert "about 250 chats" in repr(check)


def test_tables_of_another_answer(sandbox: Platform) -> None:
    few, many = listed(sandbox, 5), listed(sandbox, 25)
    assert missing(lc.check_chats(many, lc.tables(few)))[0].startswith("20 of 25 chats")
    assert missing(lc.check_chats(few, lc.tables(many)))[0].startswith("The 5 chats of this answer")


def test_an_answer_without_chats(sandbox: Platform) -> None:
    response = requests.post(sandbox.list_chats_url, json={}, timeout=10)
    tables = lc.tables(listed(sandbox, 1))
    assert missing(lc.check_chats(response, tables)) == ["An answer with chats: this one is 401."]
    for content in (b"<html>", b"[]", b"{}", b'{"chats_summary": null}'):
        response.status_code, response._content = 200, content
        check = lc.check_chats(response, tables)
        assert missing(check) == ["An answer with chats: this one is 200, and of another method."]


def test_what_is_of_another_step_is_refused(sandbox: Platform) -> None:
    app, session, answer = CredentialsForm(sandbox), CatchUp(sandbox), listed(sandbox, 1)
    tables = lc.tables(answer)
    slips: list[tuple[Any, tuple[Any, ...]]] = [
        (lc.check_app, (session,)),
        (lc.check_app, ("0123456789abcdef" * 2,)),
        (lc.check_authorization, (app,)),
        (lc.check_authorization, (None,)),
        (lc.check_token, (answer,)),
        (lc.check_token, (session.token.access_token,)),  # type: ignore[union-attr]
        (lc.check_token, (lc.PersonalAccessToken("not-an-id", lc.Secret("not-a-token")),)),
        (lc.check_chats, (tables, answer)),
        (lc.check_chats, (answer, tables.chats)),
    ]
    for check, given in slips:
        with pytest.raises(InputError, match="not what this checks") as refusal:
            check(*given)
        assert f"lc.{check.__name__}(" in refusal.value.remedy


def test_a_check_reads_without_colours_and_is_escaped() -> None:
    check = Check("Title", (Finding("right", "a < b"), Finding("missing", "<c>")), "Go on.")
    html = check._repr_html_()
    assert "✓ right" in html
    assert "✗ missing" in html
    assert "<c>" not in html
    assert "Mend what is marked" in html
    assert "Go on." not in html
