"""The forms of notebook 05: a personal access token, the example app, publication, other people."""

import base64
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.forms.catch_up import CatchUp, catch_up
from lc_tutorial.oauth import exchange
from lc_tutorial.platforms.platform import LIVE, Platform
from tests.unit.fakes import ACCOUNT, KINDS, pair, secret_of
from tests.unit.filling import find, press, spoken, state_of

TOKEN = KINDS["personal access token"]


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_PERSONAL_ACCESS_TOKEN", "LC_ACCESS_TOKEN", base.AUTOPILOT_VARIABLE):
        monkeypatch.delenv(name, raising=False)


# --- A personal access token ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted", [pair(TOKEN), f"{ACCOUNT}:{TOKEN}", f" Basic {pair(TOKEN)}\n"], ids=str.__len__
)
def test_a_personal_token_is_pasted(pasted: str) -> None:
    form = lc.PersonalTokenForm(LIVE)
    with pytest.raises(StepIncomplete, match="no personal access token yet"):
        _ = form.token
    find(form, "lc-personal-token").value = pasted
    assert form.token.authorization == f"Basic {pair(TOKEN)}"
    assert "The token is here" in spoken(form)
    assert secret_of(TOKEN) not in state_of(form)
    again = lc.PersonalTokenForm(LIVE)
    assert again.token == form.token, "a widget is a view"
    assert "entered before" in spoken(again)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Nothing is entered yet"),
        (TOKEN, "with its account id"),
        ("hello", "is not a personal"),
    ],
)
def test_what_is_no_personal_token(pasted: str, said: str) -> None:
    form = lc.PersonalTokenForm(LIVE)
    find(form, "lc-personal-token").value = pasted
    press(form, "Use this")
    assert said in spoken(form)
    assert not form.is_complete
    assert secret_of(TOKEN) not in state_of(form)


def test_on_the_live_platform_it_may_be_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, sandbox: Platform
) -> None:
    monkeypatch.setenv("LC_PERSONAL_ACCESS_TOKEN", pair(TOKEN))
    assert lc.PersonalTokenForm(LIVE).token.account_id == ACCOUNT
    assert not lc.PersonalTokenForm(sandbox).is_complete, "a real one is not for a sandbox"


def test_the_scripted_learner_makes_one(sandbox: Platform) -> None:
    form = lc.PersonalTokenForm(sandbox)
    press(form, "Do it for me")
    assert "created a token in the Console" in spoken(form)
    answer = requests.post(
        sandbox.list_chats_url,
        json={},
        headers={"Authorization": form.token.authorization},
        timeout=30,
    )
    assert answer.status_code == 200
    assert lc.check_personal_token(answer).passed
    encoded = base64.b64encode(
        f"{form.token.account_id}:{form.token.personal_access_token}".encode()
    )
    assert encoded.decode() not in state_of(form)


# --- Pages ----------------------------------------------------------------------------------------


def test_the_links_lead_to_the_pages(sandbox: Platform) -> None:
    app = CatchUp(sandbox).app
    for form, path in (
        (lc.PersonalTokenForm(sandbox), "console/settings/authorization/new"),
        (lc.ExampleAppForm(sandbox), "example-app"),
        (lc.PublishForm(sandbox, app), "console/"),
    ):
        (link,) = re.findall(r'href="([^"]+)"', "".join(html_of(form)))
        assert link == f"{sandbox.authorization_url}{path}"
        assert requests.get(link, timeout=30).status_code == 200
        assert 'rel="noopener"' in "".join(html_of(form))


def test_a_client_id_is_no_html(sandbox: Platform) -> None:
    app = SimpleNamespace(client_id="<img src=x>")
    assert "<img" not in "".join(html_of(lc.PublishForm(sandbox, app)))


def html_of(form: Any) -> list[str]:
    return [child.value for child in form.children if isinstance(getattr(child, "value", 0), str)]


def test_behind_a_proxy_the_page_s_own_address_is_whitelisted(sandbox: Platform) -> None:
    through = "http://127.0.0.1:8888/proxy/8000/"
    for address, expected in (
        (through, f"{through}example-app"),
        # Of a path alone the kernel doesn't know the origin; nobody opens it.
        ("/user/mia/proxy/8000/", f"{sandbox.accounts_url}/example-app"),
    ):
        proxied = replace(sandbox, authorization_url=address)
        form = lc.ExampleAppForm(proxied)
        form.do_it_for_me()
        assert "by itself" in spoken(form)
        assert f'href="{address}example-app"' in "".join(html_of(form))
        newest = lc.Control.of(sandbox).state()["apps"][-1]
        assert newest["redirect_uris"] == [expected]


@pytest.mark.parametrize(
    "make",
    [
        lc.ExampleAppForm,
        lambda platform: lc.PublishForm(platform, None),
        lc.somebody_else,
    ],
)
def test_some_things_are_for_the_sandbox_alone(make: Any) -> None:
    with pytest.raises(InputError, match="for the sandbox alone"):
        make(LIVE)
    with pytest.raises(InputError, match="not a platform"):
        make("sandbox")


def test_the_autopilot_presses_the_buttons(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CatchUp(sandbox).app
    monkeypatch.setenv(base.AUTOPILOT_VARIABLE, "1")
    for form in (
        lc.PersonalTokenForm(sandbox),
        lc.ExampleAppForm(sandbox),
        lc.PublishForm(sandbox, app),
    ):
        assert "Autopilot is on" in spoken(form)
    assert lc.check_example_app(sandbox).passed


# --- Somebody else --------------------------------------------------------------------------------


def test_somebody_else_allows_a_published_app(sandbox: Platform) -> None:
    session = CatchUp(sandbox, scopes=("accounts--my:ro",))
    app, mine = session.app, session.token
    assert app is not None
    assert isinstance(mine, lc.Token)
    somebody = lc.somebody_else(sandbox)
    assert str(somebody) == "Ruth Okafor, owner of Paper Lantern Books, ruth.okafor@example.org"
    assert "platform" not in repr(somebody)
    parameters = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": lc.new_state(),
    }
    url = f"{sandbox.authorization_url}?{urlencode(parameters)}"
    form = lc.AuthorizationForm(somebody.platform, url)
    press(form, "Do it for me")
    assert "publish the app on its page" in spoken(form), "a private app is for its author alone"
    lc.PublishForm(sandbox, app).do_it_for_me()
    press(form, "Do it for me")
    theirs = exchange(
        sandbox,
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        code=form.code,
    )
    assert lc.check_other_account(theirs, mine).passed


# --- More scopes ----------------------------------------------------------------------------------


def test_catching_up_with_more_scopes(sandbox: Platform) -> None:
    plain = catch_up(sandbox)
    more = catch_up(sandbox, scopes=("customers:own", "accounts--my:ro"))
    assert more is not plain
    assert isinstance(more.token, lc.Token)
    assert more.token.scopes == {"chats--all:ro", "customers:own", "accounts--my:ro"}
    assert catch_up(sandbox, scopes=("customers:own", "accounts--my:ro")) is more
    assert "customers:own" in "".join(html_of(CatchUp(LIVE, scopes=("customers:own",))))
    assert "needs the scopes" not in "".join(html_of(CatchUp(LIVE)))
