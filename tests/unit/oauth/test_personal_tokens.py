"""Personal access tokens: what is pasted, what is sent, and where they serve."""

import base64
from dataclasses import replace

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import masking
from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.errors import ApiError, InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.lab.values_at_hand import vault_of
from lc_tutorial.oauth.personal_tokens import PersonalAccessToken
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.browser import Browser
from tests.unit.api_server import Server

ACCOUNT = "01234567-89ab-cdef-0123-456789abcdef"
TOKEN = "dal:not-a-real-personal-token"
PAIR = f"{ACCOUNT}:{TOKEN}"
ENCODED = base64.b64encode(PAIR.encode()).decode()
VARIABLES = ("LC_ACCESS_TOKEN", "LC_PERSONAL_ACCESS_TOKEN", "LC_CLIENT_ID", "LC_CLIENT_SECRET")


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made(sandbox: Platform) -> str:
    """A new token, as the Console shows it: account id and token in Base64."""
    browser = Browser(sandbox.accounts_url)
    try:
        page = browser.open(f"{sandbox.accounts_url}/console/settings/authorization/new")
        create = page.need("button", id="create")
        page = browser.press(page, create, {"name": "Export"}, {"scope": ("chats--all:ro",)})
        return page.need(id="token-base64").get("value")
    finally:
        browser.close()


def live_at(sandbox: Platform) -> Platform:
    """The live platform, as the forms see it, at the sandbox's addresses."""
    return replace(sandbox, name="live", login=None)


# --- What is pasted -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        ENCODED,
        PAIR,
        f" {ENCODED}\n",
        f'"{ENCODED}"',
        f"Basic {ENCODED}",
        f"basic  {ENCODED}",
        f"{ACCOUNT} : {TOKEN}",
        PAIR.replace(ACCOUNT, ACCOUNT.upper()),
    ],
)
def test_what_the_console_shows_is_understood(pasted: str) -> None:
    token = PersonalAccessToken.parse(pasted)
    assert (token.account_id.lower(), token.personal_access_token) == (ACCOUNT, TOKEN)
    assert PersonalAccessToken.find(pasted) == token


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        TOKEN,
        ACCOUNT,
        f"{ACCOUNT}:",
        f":{TOKEN}",
        f"{TOKEN}:{ACCOUNT}",
        f"{ACCOUNT}:not a token",
        f"{ACCOUNT}:tökentökentöken",
        ENCODED[:-6],
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(b"\xff\xfe" * 20).decode(),
        f"Bearer {TOKEN}",
    ],
)
def test_all_else_is_refused_without_showing_it(pasted: str) -> None:
    assert PersonalAccessToken.find(pasted) is None
    with pytest.raises(InputError, match="account id") as refusal:
        PersonalAccessToken.parse(pasted)
    assert TOKEN not in str(refusal.value)


def test_it_is_sent_as_basic_wants_it_and_never_shown() -> None:
    token = PersonalAccessToken.parse(PAIR)
    assert ENCODED not in masking.mask(ENCODED)
    assert token.authorization == f"Basic {ENCODED}"
    for shown in (repr(token), repr(token.authorization), masking.mask(f"{ENCODED} {PAIR}")):
        assert TOKEN not in shown
        assert ENCODED not in shown


# --- Where it serves ----------------------------------------------------------------------------


def test_it_gets_all_chats(sandbox: Platform, made: str) -> None:
    token = lc.PersonalAccessToken.parse(made)
    with AgentChat(sandbox, token) as client:
        tables = lc.tables(client.list_chats_pages())
        assert client.account_id == token.account_id
        assert client.token is token
    assert len(tables.chats) == 250


def test_one_that_the_platform_does_not_know_is_explained(sandbox: Platform, made: str) -> None:
    account_id = PersonalAccessToken.parse(made).account_id
    unknown = PersonalAccessToken.parse(f"{account_id}:{TOKEN}")
    with AgentChat(sandbox, unknown) as client, pytest.raises(ApiError) as refusal:
        client.list_chats()
    assert "The sandbox knows no such personal access token" in refusal.value.why
    assert "Settings, Authorization" in refusal.value.remedy


@pytest.mark.parametrize("token", [PAIR, f" {ENCODED}\n"])
def test_whose_it_is_is_not_asked_for(token: str) -> None:
    with Server() as server, AgentChat(server.platform(), token) as client:
        client.list_chats()
        assert client.account_id == ACCOUNT
    ((_, headers, _),) = server.requests
    assert headers["Authorization"] == f"Basic {ENCODED}"


# --- In the form --------------------------------------------------------------------------------


@pytest.fixture
def form(sandbox: Platform) -> CatchUp:
    return CatchUp(live_at(sandbox))


def test_the_form_takes_it_without_a_call(form: CatchUp) -> None:
    form._pasted.value = ENCODED
    assert form.token == PersonalAccessToken.parse(PAIR)
    assert form.app is None
    assert form.is_complete
    assert form._pasted.value == ""
    assert "the first call shows" in form._speech.value
    held = repr([each.get_state() for each in (form, form._pasted, form._rest, form._speech)])
    assert TOKEN not in held
    assert ENCODED not in held


def test_the_notebook_s_own_request_works_with_it(
    form: CatchUp, sandbox: Platform, made: str
) -> None:
    form._pasted.value = made
    headers = {"Authorization": form.token.authorization}
    answer = requests.post(sandbox.list_chats_url, timeout=30, headers=headers, json={})
    assert answer.json()["found_chats"] == 250


def test_a_bare_one_is_told_what_it_lacks(form: CatchUp, made: str) -> None:
    form._pasted.value = str(PersonalAccessToken.parse(made).personal_access_token)
    assert "This is a personal access token" in form._speech.value
    assert not form.is_complete


@pytest.mark.parametrize("variable", ["LC_ACCESS_TOKEN", "LC_PERSONAL_ACCESS_TOKEN"])
def test_the_environment_may_have_a_token(
    variable: str, sandbox: Platform, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = CatchUp(sandbox).token
    value = made if "PERSONAL" in variable else issued.access_token  # type: ignore[union-attr]
    monkeypatch.setenv(variable, str(value))
    form = CatchUp(live_at(sandbox))
    assert form.is_complete
    with AgentChat(sandbox, form.token) as client:
        assert client.list_chats().json()["found_chats"] == 250


def test_in_the_sandbox_the_environment_does_not_count(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_PERSONAL_ACCESS_TOKEN", ENCODED)
    assert isinstance(CatchUp(sandbox).token, lc.Token)


# --- In the request lab -------------------------------------------------------------------------


NAMES = ("personal_access_token", "account_id")


def test_the_lab_has_it() -> None:
    vault = vault_of(LIVE, token=PersonalAccessToken.parse(PAIR))
    assert [vault.value(name) for name in NAMES] == [TOKEN, ACCOUNT]
    assert vault.value("access_token") is None


def test_the_lab_does_not_take_it_to_another_platform(form: CatchUp) -> None:
    form._pasted.value = ENCODED
    here = vault_of(form.platform, token=form)
    elsewhere = vault_of(LIVE, token=form)
    assert [here.value(name) for name in NAMES] == [TOKEN, ACCOUNT]
    assert [elsewhere.value(name) for name in NAMES] == [None, None]
