import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests

from lc_tutorial.connect import _keep_loopback_out_of_proxies, connect
from lc_tutorial.errors import InputError, ProxyMissing
from lc_tutorial.platforms import jupyter
from lc_tutorial.platforms import platform as platforms
from lc_tutorial.platforms.platform import LIVE, Platform, SandboxLogin
from lc_tutorial.sandbox.world.chats import NOW


def test_live_is_the_real_hosts() -> None:
    assert connect("live") is not None
    assert LIVE.token_url == "https://accounts.livechat.com/v2/token"
    assert LIVE.info_url == "https://accounts.livechat.com/v2/info"
    assert LIVE.list_chats_url == "https://api.livechatinc.com/v3.6/agent/action/list_chats"
    assert not LIVE.is_sandbox


def test_now_is_when_the_chats_end_or_really_now(sandbox: Platform) -> None:
    assert sandbox.now == NOW
    assert "15 June 2026 at 14:30 UTC" in sandbox._repr_html_()
    before = datetime.now(UTC)
    assert before <= LIVE.now <= datetime.now(UTC)


def test_live_says_what_it_costs() -> None:
    assert "USD 0.27 per 1,000" in LIVE._repr_html_()


@pytest.mark.parametrize("version", platforms.VERSIONS)
def test_the_version_is_in_the_address(version: str) -> None:
    assert f"/v{version}/agent/" in connect("live", version=version).list_chats_url


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(InputError, match=r"3\.4, 3\.5, 3\.6, 3\.7"):
        connect("live", version="2.0")


def test_the_sandbox_answers_at_its_addresses(sandbox: Platform) -> None:
    assert sandbox.is_sandbox
    assert requests.get(sandbox.console_url, timeout=10).status_code == 200
    assert requests.post(sandbox.token_url, timeout=10).status_code == 422
    assert requests.post(sandbox.list_chats_url, json={}, timeout=10).status_code == 401


def test_a_proxy_of_the_environment_does_not_take_the_sandbox(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "intranet.example")
    with pytest.raises(requests.ConnectionError):
        requests.post(sandbox.token_url, timeout=10)
    _keep_loopback_out_of_proxies()
    assert requests.post(sandbox.token_url, timeout=10).status_code == 422
    assert os.environ["no_proxy"] == "intranet.example,127.0.0.1"
    assert sandbox.session().post(sandbox.token_url, timeout=10).status_code == 422


def test_the_login_is_no_part_of_what_is_shown(sandbox: Platform) -> None:
    assert sandbox.login is not None
    assert sandbox.login.password not in repr(sandbox) + sandbox._repr_html_() + repr(sandbox.login)


def test_a_hub_without_the_proxy_is_said(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
    monkeypatch.setattr(jupyter, "running_server", lambda: None)
    platform = connect("sandbox", fresh=True)
    assert isinstance(platform.warning, ProxyMissing)
    assert "pip install jupyter-server-proxy" in platform._repr_html_()


@pytest.mark.parametrize("version", ["3.4", "3.5", "3.6", "3.7"])
@pytest.mark.parametrize("name", ["live", "sandbox"])
def test_a_version_that_is_likely_gone_is_named_on_the_live_platform(
    name: str, version: str
) -> None:
    login = SandboxLogin("ada@example.com", "not-a-real-password", "not-a-real-nonce")
    platform = replace(LIVE, login=login if name == "sandbox" else None).with_version(version)
    is_told = name == "live" and version == "3.4"
    for said in (repr(platform), platform._repr_html_()):
        assert ("has likely ended it by now: use 3.6" in said) == is_told
