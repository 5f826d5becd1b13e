"""What the learner has, by its names: looked up at the moment of use, each platform its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from routed import Routed

from lc_tutorial import memory, oauth
from lc_tutorial.errors import StepIncomplete
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.lab import hook, values_at_hand
from lc_tutorial.lab.request import Bearer, FormBody, Request
from lc_tutorial.lab.sending import send
from lc_tutorial.lab.values_at_hand import kept_at, remarks, vault_of
from lc_tutorial.lab.vault import Vault
from lc_tutorial.masking import Secret
from lc_tutorial.memory import kernel
from lc_tutorial.platforms.platform import LIVE, Platform

LIVE_TOKEN = "dal:not_a_real_live_token_00000"
ID = "0" * 32


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    values_at_hand.forget_all()
    hook.install()
    yield
    hook.uninstall()
    values_at_hand.forget_all()


def live_token(value: str = LIVE_TOKEN, **more: Any) -> None:
    """The live platform has issued this one, as far as this kernel knows."""
    kernel._tokens[value] = memory.SeenToken("access token", LIVE.accounts_url, **more)


# --- Later ----------------------------------------------------------------------------------------


def test_a_form_is_asked_when_its_value_is_needed(sandbox: Platform) -> None:
    app = CredentialsForm(sandbox)
    vault = vault_of(sandbox, app=app)
    assert vault.names == ()
    with pytest.raises(StepIncomplete):
        _ = app.client_id
    app.do_it_for_me()
    assert vault.value("client_id") == app.client_id
    assert vault.value("client_secret") == app.client_secret
    assert isinstance(vault.value("client_secret"), Secret)
    assert vault.value("redirect_uri") == app.redirect_uri
    state = oauth.new_state()
    url = oauth.build_authorization_url(
        sandbox, client_id=app.client_id, redirect_uri=app.redirect_uri, state=state
    )
    authorization = AuthorizationForm(sandbox, url)
    vault = vault_of(sandbox, app=app, authorization=authorization)
    assert vault.value("code") is None
    authorization.do_it_for_me()
    assert vault.value("code") == authorization.code


def test_a_form_that_is_not_filled_is_no_reason_to_take_another_app(sandbox: Platform) -> None:
    # One that is made later is filled in with what was entered before.
    form = CredentialsForm(sandbox)
    CredentialsForm(sandbox).do_it_for_me()
    assert vault_of(sandbox).value("client_secret") is not None
    unfilled = vault_of(sandbox, app=form)
    assert unfilled.value("client_id") is None
    assert unfilled.value("client_secret") is None


def test_a_token_is_taken_in_every_form(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    token = session.token
    for given in (session, token, token.access_token, str(token.access_token)):
        vault = vault_of(sandbox, token=given)
        assert vault.value("access_token") == token.access_token
        assert vault.value("account_id") == token.account_id
        assert vault.value("organization_id") == token.organization_id
    assert vault_of(sandbox, token=token).value("refresh_token") == token.refresh_token


# --- Seen -----------------------------------------------------------------------------------------


def test_what_a_kernel_has_seen_is_enough_for_every_request(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    vault = vault_of(sandbox)
    assert vault.value("access_token") == session.token.access_token
    refresh = FormBody(
        (
            ("grant_type", "refresh_token"),
            ("refresh_token", "{{refresh_token}}"),
            ("client_id", "{{client_id}}"),
            ("client_secret", "{{client_secret}}"),
        )
    )
    response = send(Request("POST", sandbox.token_url, body=refresh), vault, sandbox)
    assert response.status_code == 200
    # A moment later the newest one is another one.
    assert vault.value("access_token") == response.json()["access_token"]
    assert vault.value("access_token") != session.token.access_token
    assert {"code", "code_verifier", "redirect_uri", "account_id"} <= set(vault.names)


def test_the_newest_verifier_counts(sandbox: Platform) -> None:
    pkce = oauth.Pkce.new()
    assert vault_of(sandbox).value("code_verifier") == pkce.verifier
    newer = oauth.Pkce.new()
    assert vault_of(sandbox).value("code_verifier") == newer.verifier


def test_the_newest_app_counts(sandbox: Platform) -> None:
    memory.note_app(memory.SeenApp(ID, Secret("not-a-real-secret-1"), None, sandbox.accounts_url))
    memory.note_app(memory.SeenApp("1" * 32, None, "http://x/", sandbox.accounts_url))
    assert vault_of(sandbox).value("client_id") == "1" * 32
    assert vault_of(sandbox).value("client_secret") is None
    memory.note_app(memory.SeenApp(ID, Secret("not-a-real-secret-2"), None, sandbox.accounts_url))
    assert vault_of(sandbox).value("client_id") == ID
    assert vault_of(sandbox).value("client_secret") == "not-a-real-secret-2"


def test_a_customers_token_is_another_one(sandbox: Platform) -> None:
    with Routed() as server:
        body = b'{"access_token": "dal:not_a_real_customer_token_00", "expires_in": 28800}'
        server.answers["/v2/customer/token"] = (200, {}, body)
        memory.observe(requests.post(f"{server.origin}/v2/customer/token", timeout=9))
        vault = vault_of(server.platform)
    assert vault.value("access_token") is None
    assert vault.value("customer_access_token") == "dal:not_a_real_customer_token_00"


def test_without_memory_there_is_only_what_was_given(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    kept_at(sandbox.accounts_url).put("sent_access_token", "dal:not_a_real_token_0000000000")
    assert vault_of(sandbox, memory=False).names == ()
    vault = vault_of(sandbox, token=session.token, memory=False)
    assert set(vault.names) == {"access_token", "refresh_token", "account_id", "organization_id"}


# --- Each platform its own ------------------------------------------------------------------------


def test_no_token_of_another_platform_is_offered(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    assert vault_of(LIVE).names == ("code_verifier",)
    live_token()
    assert vault_of(LIVE).value("access_token") == LIVE_TOKEN
    assert vault_of(sandbox).value("access_token") == session.token.access_token
    with Routed() as another:
        assert vault_of(another.platform).names == ("code_verifier",)


def test_not_even_where_it_is_given(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    live_token()
    for given in (session, session.token, session.token.access_token):
        vault = vault_of(LIVE, token=given)
        assert vault.value("access_token") is None
        assert vault.value("refresh_token") is None
    assert vault_of(sandbox, token=LIVE_TOKEN).value("access_token") is None
    form = CredentialsForm(sandbox)
    form.do_it_for_me()
    assert vault_of(LIVE, app=form).value("client_secret") is None
    assert vault_of(LIVE, app=session.app).value("client_secret") is None
    state = oauth.new_state()
    url = oauth.build_authorization_url(
        sandbox, client_id=form.client_id, redirect_uri=form.redirect_uri, state=state
    )
    authorization = AuthorizationForm(sandbox, url)
    authorization.do_it_for_me()
    assert vault_of(sandbox, authorization=authorization).value("code") is not None
    assert vault_of(LIVE, authorization=authorization).value("code") is None


def test_a_code_is_of_the_platform_whose_page_was_asked(sandbox: Platform) -> None:
    def link(platform: Platform, state: str) -> None:
        uri = "http://127.0.0.1:8377/callback"
        oauth.build_authorization_url(platform, client_id=ID, redirect_uri=uri, state=state)

    link(LIVE, "state-of-the-live-link")
    link(sandbox, "state-of-the-sandbox-link")
    memory.note_code("dal:not_a_real_live_code_000000", "state-of-the-live-link")
    memory.note_code("dal:not_a_real_code_00000000000", "state-of-the-sandbox-link")
    memory.note_code("dal:not_a_real_unknown_code_000", "state-that-nobody-knows")
    assert vault_of(LIVE).value("code") == "dal:not_a_real_live_code_000000"
    assert vault_of(sandbox).value("code") == "dal:not_a_real_code_00000000000"


def test_a_code_that_came_through_a_hubs_link_is_known_by_its_app(sandbox: Platform) -> None:
    memory.note_app(memory.SeenApp(ID, None, None, sandbox.accounts_url))
    request = memory.SentRequest(ID, "http://127.0.0.1:8377/callback")
    memory.note_request("state-behind-a-proxy", request)
    memory.note_code("dal:not_a_real_code_00000000000", "state-behind-a-proxy")
    assert vault_of(sandbox).value("code") == "dal:not_a_real_code_00000000000"
    assert vault_of(LIVE).value("code") is None


def test_what_came_along_stays_with_its_platform(sandbox: Platform) -> None:
    reference = kept_at(sandbox.accounts_url).keep("access_token", LIVE_TOKEN)
    assert reference == "{{sent_access_token}}"
    assert vault_of(sandbox).value("sent_access_token") == LIVE_TOKEN
    assert vault_of(LIVE).value("sent_access_token") is None


def test_what_came_along_takes_nobodys_place(sandbox: Platform) -> None:
    kept = kept_at(sandbox.accounts_url)
    assert kept.keep("access_token", "dal:not_a_real_wrong_token_0000") == "{{sent_access_token}}"
    session = CatchUp(sandbox)
    assert vault_of(sandbox).value("access_token") == session.token.access_token
    assert kept.keep("access_token", session.token.access_token) == "{{access_token}}"
    assert kept.keep("access_token", "dal:not_a_real_wrong_token_0000") == "{{sent_access_token}}"
    assert kept.keep("access_token", "dal:not_a_real_wrong_token_1111") == "{{sent_access_token_2}}"


# --- What won't serve -----------------------------------------------------------------------------

ASKS = Request("POST", "https://api.livechatinc.com/", authorization=Bearer("{{access_token}}"))


def test_an_expired_token_is_offered_and_said() -> None:
    live_token(expires_at=datetime(2026, 6, 1, 9, 5, tzinfo=UTC))
    vault = vault_of(LIVE)
    assert vault.value("access_token") == LIVE_TOKEN
    (said,) = remarks(ASKS, vault)
    assert "{{access_token}} expired at 09:05 UTC" in said
    assert "not_a_real" not in said


def test_a_revoked_token_is_offered_and_said(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    vault = vault_of(sandbox)
    assert remarks(ASKS, vault) == ()
    oauth.revoke(sandbox, session.token.access_token)
    assert vault.value("access_token") == session.token.access_token
    (said,) = remarks(ASKS, vault)
    assert "was revoked" in said


def test_a_code_that_was_used_and_one_that_is_old_are_said(sandbox: Platform) -> None:
    CatchUp(sandbox)
    asks = Request("POST", sandbox.token_url, body=FormBody((("code", "{{code}}"),)))
    (said,) = remarks(asks, vault_of(sandbox))
    assert "was exchanged before" in said
    memory.forget_all()
    seen = memory.note_code("dal:not_a_real_code_00000000000")
    seen.origin = sandbox.accounts_url
    assert remarks(asks, vault_of(sandbox)) == ()
    seen.received_at -= timedelta(minutes=6)
    (said,) = remarks(asks, vault_of(sandbox))
    assert "older than a code lives" in said


def test_there_is_nothing_to_say_of_what_is_not_there() -> None:
    assert remarks(ASKS, Vault()) == ()


# --- A vault beyond -------------------------------------------------------------------------------


def test_a_vault_asks_the_one_beyond_for_what_it_has_not() -> None:
    beyond = Vault()
    beyond.put("far", "not-a-real-far-value")
    beyond.put("near", "not-a-real-other-value")
    vault = Vault({"near": lambda: None}, beyond=beyond)
    assert vault.names == ("far",)
    assert vault.value("far") == "not-a-real-far-value"
    assert vault.value("near") is None
    assert vault.keep("far", "not-a-real-far-value") == "{{far}}"
    assert vault.conceal("not-a-real-far-value") == "{{far}}"


def test_anything_with_the_right_names_will_do(sandbox: Platform) -> None:
    app = SimpleNamespace(client_id=ID, client_secret=None, redirect_uri="http://x/")
    vault = vault_of(sandbox, app=app, authorization=SimpleNamespace(code="not-a-real-code"))
    assert vault.value("client_id") == ID
    assert vault.value("client_secret") is None
    assert vault.value("code") == "not-a-real-code"
