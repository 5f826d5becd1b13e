"""Control of a sandbox from a notebook, against a real one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.errors import InputError, SandboxGone
from lc_tutorial.forms import scripted
from lc_tutorial.platforms import jupyter, launch
from lc_tutorial.platforms.platform import LIVE, Platform


@pytest.fixture
def control(sandbox: Platform) -> Iterator[lc.Control]:
    """The sandbox of the test run, left as it was found."""
    control = lc.Control.of(sandbox)
    yield control
    control.reset()


def test_the_live_platform_is_not_controlled() -> None:
    with pytest.raises(InputError, match="Only a sandbox"):
        lc.Control.of(LIVE)


def test_a_sandbox_that_ended_is_gone(sandbox: Platform) -> None:
    gone = replace(sandbox, accounts_url="http://127.0.0.1:9")
    for call in ("state", "reset", "invite", "reseed", "expire_tokens", "real_time", "clear_faults",
                 "journal", "clear_journal", "limit_rate", "page_url"):  # fmt: skip
        with pytest.raises(SandboxGone):
            getattr(lc.Control.of(gone), call)()


def test_another_sandbox_at_the_address_is_not_taken_for_it(sandbox: Platform) -> None:
    assert sandbox.login is not None
    stranger = replace(sandbox, login=replace(sandbox.login, nonce="not-a-real-nonce"))
    with pytest.raises(SandboxGone, match="not the one"):
        lc.Control.of(stranger).state()


def test_the_nonce_is_not_shown(sandbox: Platform, control: lc.Control) -> None:
    assert sandbox.login is not None
    nonce = sandbox.login.nonce
    assert len(nonce) == 64
    shown = repr(control) + repr(sandbox) + repr(sandbox.login) + repr(vars(control))
    assert nonce not in shown + json.dumps(control.state()) + control.page_url()


def test_a_customer_writes(sandbox: Platform, control: lc.Control) -> None:
    began = control.customer_writes("Do you deliver on Saturdays?", name="Maya")
    assert sorted(began) == ["chat_id", "thread_id"]
    with pytest.raises(InputError, match="no such group"):
        control.customer_writes("Hello?", group_id=17)


def test_state_and_reset(sandbox: Platform, control: lc.Control) -> None:
    scripted.configure_app(sandbox)
    before = control.state()
    assert len(before["apps"]) == 2
    after = control.reset()
    assert len(after["apps"]) == 1
    assert after["apps"][0]["client_id"] not in [app["client_id"] for app in before["apps"]]
    # What was known of the sandbox before still works.
    assert scripted.configure_app(sandbox).client_id


def test_a_reset_rewrites_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    try:
        platform = lc.connect("sandbox")
        (path,) = tmp_path.glob("lc_tutorial-sandbox-*.json")
        before: dict[str, Any] = json.loads(path.read_text())
        state = lc.Control.of(platform).reset()
        after: dict[str, Any] = json.loads(path.read_text())
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"client_id", "client_secret"}
        assert after["client_id"] == state["apps"][0]["client_id"]
        assert path.stat().st_mode & 0o777 == 0o600
        assert lc.connect("sandbox") == platform
    finally:
        launch.stop_all()


def test_inviting(sandbox: Platform, control: lc.Control) -> None:
    before = len(control.state()["people"])
    assert [person["role"] for person in control.invite()] == ["administrator"]
    mia, noor = control.invite(2, role="normal")
    assert len(control.state()["people"]) == before + 3
    assert noor["name"] == "Learner 3"
    assert isinstance(mia["password"], lc.Secret)
    assert str(mia["password"]) not in repr([mia, noor])
    with pytest.raises(InputError, match="'owner'"):
        control.invite(role="owner")
    control.reset()
    assert len(control.state()["people"]) == before


def test_the_access_of_an_app_ends(sandbox: Platform, control: lc.Control) -> None:
    session = lc.catch_up(sandbox)
    bearer = {"Authorization": f"Bearer {session.token.access_token}"}
    assert requests.get(sandbox.info_url, headers=bearer, timeout=10).ok
    with pytest.raises(InputError, match="no app has this client_id"):
        control.end_access("0123456789abcdef" * 2)
    with pytest.raises(InputError, match="nobody has this email"):
        control.end_access(session.app.client_id, "nobody@example.com")
    with pytest.raises(InputError, match="can't do that"):
        control.end_access("")
    with pytest.raises(InputError, match="client_id is a text or a number, and this is a CatchUp"):
        control.end_access(session)  # type: ignore[arg-type]
    ended = control.end_access(session.app.client_id)
    assert ended == {"access_tokens": 1, "refresh_tokens": 1}
    assert requests.get(sandbox.info_url, headers=bearer, timeout=10).status_code == 401
    nothing = {"access_tokens": 0, "refresh_tokens": 0}
    assert sandbox.login is not None
    assert control.end_access(session.app.client_id, sandbox.login.email) == nothing


def test_reseed(control: lc.Control) -> None:
    assert control.reseed(3, 20) == {"seed": 3, "number": 20}
    assert control.reseed(chats=5)["number"] == 5
    assert control.reseed() == {"seed": 20_260_615, "number": 250}


def test_the_clock(control: lc.Control) -> None:
    assert control.advance(90)["ahead_by"] == 90
    assert control.expire_tokens()["ahead_by"] == 90  # there are no tokens
    assert control.real_time()["ahead_by"] == 0


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12])
def test_the_clock_refuses_what_is_no_time(control: lc.Control, seconds: float) -> None:
    with pytest.raises(InputError, match="can't do that"):
        control.advance(seconds)


def test_faults(sandbox: Platform, control: lc.Control) -> None:
    assert control.inject(429, path="/v2/*", times=2, retry_after=9)[0]["retry_after"] == 9
    answer = requests.get(sandbox.info_url, timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")
    assert requests.post(sandbox.list_chats_url, json={}, timeout=10).status_code == 401
    control.inject("drop", times=None)
    control.clear_faults()
    assert requests.get(sandbox.info_url, timeout=10).status_code == 422


@pytest.mark.parametrize("fault", [429, 500, 503, 408])
def test_faults_that_answer(sandbox: Platform, control: lc.Control, fault: int) -> None:
    control.inject(fault)
    assert requests.get(sandbox.info_url, timeout=10).status_code == fault
    assert requests.get(sandbox.info_url, timeout=10).status_code == 422


def test_faults_of_the_connection(sandbox: Platform, control: lc.Control) -> None:
    control.inject("drop")
    with pytest.raises(requests.ConnectionError):
        requests.get(sandbox.info_url, timeout=10)
    control.inject("slow", seconds=5)
    with pytest.raises(requests.ReadTimeout):
        requests.get(sandbox.info_url, timeout=0.2)
    control.inject("truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(sandbox.info_url, timeout=10)
    assert requests.get(sandbox.info_url, timeout=10).status_code == 422


def test_an_unknown_fault_is_refused(control: lc.Control) -> None:
    with pytest.raises(InputError, match="'418'"):
        control.inject(418)


def test_the_rate_limit(control: lc.Control) -> None:
    assert control.limit_rate(5, 10) == {"calls": 5, "seconds": 10}
    assert control.limit_rate()["calls"] == 1_000_000


def test_the_journal(sandbox: Platform, control: lc.Control) -> None:
    control.clear_journal()
    requests.post(sandbox.token_url, data={"client_secret": "not-a-real-secret"}, timeout=10)
    (entry,) = control.journal()
    assert (entry["method"], entry["url"], entry["status"]) == ("POST", "/v2/token", 422)
    assert entry["request_body"] == "client_secret=••••"


def test_the_link_opens_the_page(sandbox: Platform, control: lc.Control) -> None:
    address = control.page_url()
    assert address.startswith(sandbox.authorization_url)
    with sandbox.session() as browser:
        assert "Sandbox control" in browser.get(address, timeout=10).text
    assert requests.get(address, timeout=10).status_code == 403


@pytest.mark.parametrize("told_by", ["environment", "browser", "nobody"])
def test_behind_a_proxy_the_link_leads_through_it(
    sandbox: Platform,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told_by: str,
) -> None:
    monkeypatch.setattr(jupyter, "_told", None)
    monkeypatch.delenv("JUPYTERHUB_PUBLIC_URL", raising=False)
    proxied = replace(sandbox, authorization_url="/user/mia/proxy/8000/")
    control = lc.Control.of(proxied)
    # The notebook connected before anybody told.
    if told_by == "environment":
        monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", "https://hub.example/user/mia/")
    elif told_by == "browser":
        jupyter.browser_is_at("https://hub.example")
    origin = "" if told_by == "nobody" else "https://hub.example"
    assert control.page_url().startswith(f"{origin}/user/mia/proxy/8000/_sandbox/enter?")
    assert ("begins with a slash" in capsys.readouterr().out) is (told_by == "nobody")
