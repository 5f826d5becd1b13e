"""A learner of a class: ``lc.connect`` joins the sandbox that the hub names."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

import lc_tutorial as lc
from lc_tutorial import memory
from lc_tutorial.display.transcript import explanation
from lc_tutorial.errors import InputError, SandboxGone, TokenError
from lc_tutorial.forms import scripted
from lc_tutorial.lab import addresses
from lc_tutorial.lab.request import Request
from lc_tutorial.oauth import build_authorization_url
from lc_tutorial.platforms import Platform, launch, shared
from tests.sandbox.conftest import serving
from tests.sandbox.shared.conftest import BASE, Class

SETTING, TOKEN = "LC_TUTORIAL_SANDBOX", "JUPYTERHUB_API_TOKEN"


@pytest.fixture(scope="module")
def _room() -> Iterator[Class]:
    with serving() as (stage, port):
        room = Class.at(f"http://127.0.0.1:{port}")
        stage.app = room.front
        yield room


@pytest.fixture
def room(_room: Class, monkeypatch: pytest.MonkeyPatch) -> Class:
    """A class, on whose hub this process is Mia's kernel."""
    monkeypatch.setenv(SETTING, _room.url)
    monkeypatch.setenv(TOKEN, "token-of-mia")
    monkeypatch.setenv("LC_TUTORIAL_CALLBACK_PORT", "8402")
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    monkeypatch.setattr(shared, "_before", None)
    monkeypatch.setattr(launch, "join_or_start", lambda **_: pytest.fail("a process was started"))
    return _room


def become(name: str, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.setenv(TOKEN, f"token-of-{name}")
    return lc.connect("sandbox")


def test_it_joins_and_finds_its_world_again(room: Class) -> None:
    platform = lc.connect("sandbox")
    assert platform.accounts_url.startswith(f"{room.url}/l/")
    assert platform.login is not None
    assert platform.login.callback_port == 8402
    assert lc.connect("sandbox") == platform
    assert platform.warning is None
    assert TOKEN not in repr(platform)


def test_a_fresh_one_is_a_world_beside_it(room: Class) -> None:
    own, fresh = lc.connect("sandbox"), lc.connect("sandbox", fresh=True)
    assert fresh.accounts_url != own.accounts_url
    lc.Control.of(fresh).inject(500, times=None)
    assert lc.Control.of(own).state()["faults"] == []
    assert lc.connect("sandbox") == own


def test_nobody_elses_notebook_controls_it(room: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    mia, ben = become("mia", monkeypatch), become("ben", monkeypatch)
    assert mia.login is not None
    assert ben.login is not None
    lc.Control.of(ben).advance(3600)
    assert lc.Control.of(mia).state()["clock"]["ahead_by"] == 0
    for url, nonce in ((mia.accounts_url, ben.login.nonce), (room.url, ben.login.nonce)):
        answer = requests.get(
            f"{url}/_sandbox/state", headers={"X-Sandbox-Nonce": str(nonce)}, timeout=10
        )
        assert answer.status_code in (403, 404)


def exchanged(platform: Platform) -> tuple[dict[str, str], lc.Token]:
    """Do all steps, and return what the exchange sent, and the token."""
    app = scripted.configure_app(platform)
    state, pkce = lc.new_state(), lc.Pkce.new()
    url = build_authorization_url(
        platform, client_id=app.client_id, redirect_uri=app.redirect_uri, state=state, pkce=pkce
    )
    assert url.startswith(platform.authorization_url)
    came_back = scripted.acquire_code(platform, url)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(came_back).query)["code"][0],
        "client_id": app.client_id,
        "client_secret": str(app.client_secret),
        "redirect_uri": app.redirect_uri,
        "code_verifier": pkce.verifier,
    }
    answer = requests.post(platform.token_url, timeout=10, data=form)
    memory.observe(answer)
    return form, lc.Token.from_response(answer)


def test_what_the_kernel_knows_of_calls_it_knows_below_a_path_too(room: Class) -> None:
    platform = lc.connect("sandbox")
    form, token = exchanged(platform)
    seen = memory.newest_token("access token", platform.accounts_url)
    assert seen == token.access_token
    again = requests.post(platform.token_url, timeout=10, data=form)
    assert isinstance(explanation(again), TokenError)
    assert "was exchanged before" in str(explanation(again))
    wrong = requests.post(
        platform.action_url("list_chatz"),
        timeout=10,
        json={},
        headers={"Authorization": f"Bearer {token.access_token}"},
    )
    assert "list_chats" in str(explanation(wrong))


def test_a_neighbours_token_is_known_to_be_of_elsewhere(
    room: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = become("ben", monkeypatch)
    _, token = exchanged(ben)
    mia = become("mia", monkeypatch)
    answer = requests.post(
        mia.list_chats_url,
        timeout=10,
        json={},
        headers={"Authorization": f"Bearer {token.access_token}"},
    )
    assert answer.status_code == 401
    assert "another" in str(explanation(answer))


def test_the_lab_leads_to_the_world(room: Class) -> None:
    platform = lc.connect("sandbox")
    live = Request("POST", "https://api.livechatinc.com/v3.6/agent/action/list_chats")
    here = addresses.addressed_to(live, platform)
    assert here.url == platform.list_chats_url
    assert addresses.accounts_origin(here.url) == platform.accounts_url
    link = Request("GET", "https://accounts.livechat.com/", query=(("state", "a"),))
    assert addresses.is_for_browser(link, platform) == f"{platform.authorization_url}?state=a"


# --- When it goes wrong ---------------------------------------------------------------------------


def test_a_world_that_is_gone_is_said_to_be(room: Class) -> None:
    platform = lc.connect("sandbox")
    control = lc.Control.of(platform)
    requests.post(
        f"{platform.accounts_url}/_sandbox/stop",
        headers={"X-Sandbox-Nonce": str(platform.login.nonce if platform.login else "")},
        timeout=10,
    )
    with pytest.raises(SandboxGone):
        control.state()
    another = lc.connect("sandbox")
    assert another.accounts_url != platform.accounts_url
    assert another.warning is not None
    assert "another sandbox than before" in another.warning.what
    assert lc.connect("sandbox").warning is None


@pytest.mark.parametrize(
    ("setting", "token", "error", "words"),
    [
        ("nonsense", "a", InputError, "names no sandbox"),
        ("http://127.0.0.1:9", None, InputError, "on no JupyterHub"),
        ("http://127.0.0.1:9", "a", SandboxGone, "does not answer"),
        (None, "nobodys", SandboxGone, "The hub knows no user with this token"),
    ],
)
def test_what_stands_in_the_way(
    room: Class,
    monkeypatch: pytest.MonkeyPatch,
    setting: str | None,
    token: str | None,
    error: type[Exception],
    words: str,
) -> None:
    if setting is not None:
        monkeypatch.setenv(SETTING, setting)
    if token is None:
        monkeypatch.delenv(TOKEN)
    else:
        monkeypatch.setenv(TOKEN, token)
    with pytest.raises(error, match=words) as raised:
        lc.connect("sandbox")
    assert token is None or token == "a" or token not in str(raised.value)


# --- How the browser gets there -------------------------------------------------------------------


@responses.activate
def test_one_of_another_edition_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "http://sandbox.example")
    monkeypatch.setenv(TOKEN, "not-a-real-token")
    told = {"path": "/l/0", "nonce": "not-a-real-nonce", "email": "a@b.example", "password": "-"}
    responses.post("http://sandbox.example/join", json=told)
    with pytest.raises(SandboxGone, match="not answer as this edition of the course expects"):
        lc.connect("sandbox")


def test_where_no_proxy_is_the_hub_leads_browsers_there(
    room: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
    monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", "https://hub.example/user/mia/")
    platform = lc.connect("sandbox")
    path = urlsplit(platform.accounts_url).path
    assert path.startswith(f"{BASE}/l/")
    assert platform.authorization_url == f"https://hub.example{path}/"
    assert platform.console_url == f"https://hub.example{path}/console/"
    assert platform.warning is None


def test_somebody_else_follows_a_link_that_is_a_path(
    room: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is on a hub whose public address the kernel does not know."""
    platform = lc.connect("sandbox")
    assert platform.authorization_url.startswith("/services/sandbox/l/")
    app = scripted.configure_app(platform)
    url = build_authorization_url(
        platform, client_id=app.client_id, redirect_uri=app.redirect_uri, state=lc.new_state()
    )
    assert scripted.redirect_of_somebody_else(platform, app, url).startswith(app.redirect_uri)
