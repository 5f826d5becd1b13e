"""Calls on a bad day: tokens that expire, the wrong region, answers that break off; all counted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.errors import ApiError, ConnectionLost, InputError, StepIncomplete, TokenError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.masking import Secret
from lc_tutorial.oauth.tokens import Token
from lc_tutorial.platforms import billing
from lc_tutorial.platforms.control import Control
from lc_tutorial.platforms.platform import LIVE, Platform
from tests.unit.api_server import NO_CHATS, TOKEN, Server

EXPIRED = (401, {"error": {"type": "authentication", "message": "Invalid access token"}})
WRONG_REGION = (
    421,
    {"error": {"type": "misdirected_request", "message": "Wrong", "data": {"region": "fra"}}},
)
API = "/v*/agent/action/*"

#: Seconds; tokens live for eight hours.
A_WORKING_DAY = 9 * 3600


@pytest.fixture(scope="module")
def session(sandbox: Platform) -> CatchUp:
    return CatchUp(sandbox)


@pytest.fixture
def control(sandbox: Platform) -> Iterator[Control]:
    control = Control.of(sandbox)
    yield control
    control.clear_faults()
    control.real_time()
    control.limit_rate()


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda seconds: None)


# --- A token that expires -----------------------------------------------------------------------


def test_a_token_that_expires_half_way_is_refreshed(
    sandbox: Platform, session: CatchUp, control: Control
) -> None:
    with AgentChat(sandbox, session.token, app=session.app) as client:
        pages = client.list_chats_pages(limit=100)
        ids = [chat["id"] for chat in next(pages).json()["chats_summary"]]
        control.advance(A_WORKING_DAY)
        for page in pages:
            ids += [chat["id"] for chat in page.json()["chats_summary"]]
        assert len(set(ids)) == len(ids) == 250
        assert client.calls == 4, "the refused call is one, the refreshing is none of this API"
        assert isinstance(client.token, Token)
        assert client.token.access_token != session.token.access_token
        assert client.token.refresh_token == session.token.refresh_token

        control.advance(A_WORKING_DAY)
        assert client.list_chats().status_code == 200, "each time that it expires"
        assert client.calls == 6


def test_a_bare_token_and_a_token_without_its_app_are_not_refreshed(
    sandbox: Platform, session: CatchUp, control: Control
) -> None:
    control.advance(A_WORKING_DAY)
    bare = AgentChat(sandbox, session.token.access_token, app=session.app)
    alone = AgentChat(sandbox, session.token)
    unrefreshable = AgentChat(sandbox, replace(session.token, refresh_token=None), session.app)
    for client in (bare, alone, unrefreshable):
        with client, pytest.raises(ApiError) as caught:
            client.list_chats()
        assert caught.value.type == "authentication"
        assert client.calls == 1


def token(value: str = "dal:not-a-real-first-token-000000") -> Token:
    response = requests.Response()
    response.status_code = 200
    answer = {"access_token": value, "expires_in": 28800, "refresh_token": "not-a-real-refresh-1"}
    response._content = json.dumps(answer).encode()
    return Token.from_response(response)


def test_a_second_refusal_is_the_platform_s_and_nothing_goes_round() -> None:
    with Server() as server:
        new = {"access_token": TOKEN, "expires_in": 28800, "token_type": "Bearer"}
        server.answers = [EXPIRED, (200, new), EXPIRED]
        app = SimpleNamespace(client_id="0" * 32, client_secret=Secret("not-a-real-secret"))
        with AgentChat(server.platform(), token(), app=app) as client:
            with pytest.raises(ApiError) as caught:
                client.list_chats()
            assert caught.value.type == "authentication"
            assert client.calls == 2
            assert [path for path, _, _ in server.requests] == [
                "/v3.6/agent/action/list_chats",
                "/v2/token",
                "/v3.6/agent/action/list_chats",
            ]
            assert server.requests[2][1]["Authorization"] == f"Bearer {TOKEN}"
            assert isinstance(client.token, Token)
            assert client.token.refresh_token == "not-a-real-refresh-1", "it was not replaced"


def test_a_javascript_app_s_refresh_token_is_replaced() -> None:
    with Server() as server:
        new = {
            "access_token": TOKEN,
            "expires_in": 28800,
            "refresh_token": "not-a-real-refresh-2",
        }
        server.answers = [EXPIRED, (200, new), (200, NO_CHATS)]
        app = SimpleNamespace(client_id="0" * 32, client_secret=None)
        with AgentChat(server.platform(), token(), app=app) as client:
            client.list_chats()
            assert b"client_secret" not in server.requests[1][2]
            assert b"not-a-real-refresh-1" in server.requests[1][2]
            assert isinstance(client.token, Token)
            assert client.token.refresh_token == "not-a-real-refresh-2"


def test_a_refresh_that_is_refused_says_so(
    sandbox: Platform, session: CatchUp, control: Control
) -> None:
    dead = replace(session.token, refresh_token=Secret("not-a-real-refresh-token"))
    control.advance(A_WORKING_DAY)
    with AgentChat(sandbox, dead, app=session.app) as client, pytest.raises(TokenError):
        client.list_chats()


@pytest.mark.parametrize("no_platform", ["sandbox", None, "not-a-real-token"])
def test_the_name_of_a_platform_is_none(no_platform: Any) -> None:
    with pytest.raises(InputError, match=r"with platform = lc\.connect\(\)"):
        AgentChat(no_platform, TOKEN)


def test_an_app_is_something_with_credentials(sandbox: Platform) -> None:
    with pytest.raises(InputError, match="not an app"):
        AgentChat(sandbox, TOKEN, app="0" * 32)  # type: ignore[arg-type]


def test_a_form_that_is_not_done_says_so(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_TUTORIAL_AUTOPILOT", raising=False)
    with pytest.raises(StepIncomplete, match="Step 1"):
        AgentChat(sandbox, TOKEN, app=CredentialsForm(sandbox))


def test_catch_up_says_which_app_it_was(sandbox: Platform, session: CatchUp) -> None:
    assert session.app is not None
    assert session.app.client_id == session.token.client_id


# --- The wrong region ---------------------------------------------------------------------------


def test_the_right_region_is_followed_and_kept(sandbox: Platform, session: CatchUp) -> None:
    with AgentChat(sandbox, session.token) as client:
        client._session.headers["X-Region"] = "fra"
        assert client.list_chats().status_code == 200
        assert client.calls == 2
        assert client.list_chats().status_code == 200
        assert client.calls == 3, "the region is kept"


def test_regions_that_send_each_other_in_circles_are_given_up() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [WRONG_REGION]
        with pytest.raises(ApiError) as caught:
            client.list_chats()
        assert caught.value.type == "misdirected_request"
        assert client.calls == len(server.requests) == 2
        assert "X-Region" not in server.requests[0][1]
        assert server.requests[1][1]["X-Region"] == "fra"


@pytest.mark.parametrize("region", ["fra\r\nX-Other: 1", "", 5, None, "x" * 30])
def test_a_region_that_is_none_is_not_sent(region: Any) -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        error = {"type": "misdirected_request", "message": "Wrong", "data": {"region": region}}
        server.answers = [(421, {"error": error})]
        with pytest.raises(ApiError):
            client.list_chats()
        assert len(server.requests) == 1


# --- Bad days -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [408, 429, 500, 503, "drop", "truncate"])
def test_a_pull_comes_through_a_bad_day(
    sandbox: Platform, session: CatchUp, control: Control, fault: int | str
) -> None:
    """Each page whole and once, and every answer counted."""
    control.inject(fault, path=API, times=2, retry_after=1)
    with AgentChat(sandbox, session.token, app=session.app) as client:
        pages = [page.json()["chats_summary"] for page in client.list_chats_pages(limit=100)]
        assert [len(page) for page in pages] == [100, 100, 50]
        assert client.calls == (3 if fault == "drop" else 5), "a dropped call has no answer"


def test_an_answer_that_always_breaks_off_is_named(
    sandbox: Platform, session: CatchUp, control: Control
) -> None:
    control.inject("truncate", path=API, times=None)
    with AgentChat(sandbox, session.token) as client:
        with pytest.raises(ConnectionLost):
            client.list_chats()
        assert client.calls == 4


def test_an_answer_without_length_that_breaks_off_is_asked_for_again() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        # Its length says that it is whole; its JSON doesn't.
        server.answers = [(200, b'{"chats_summary": [{"id": "A"'), (200, NO_CHATS)]
        assert client.list_chats().json() == NO_CHATS
        assert client.calls == 2


def test_a_rate_limit_that_lifts_is_waited_for(
    sandbox: Platform, session: CatchUp, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's own limit; where it says no time, each wait is longer than the one before."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            control.limit_rate()

    monkeypatch.setattr("urllib3.util.retry.time.sleep", sleep)
    control.limit_rate(calls=1, seconds=3600)
    with AgentChat(sandbox, session.token) as client:
        assert len([*client.list_chats_pages()]) == 3
        assert client.calls == 6
    assert 0 < waits[0] <= 0.5 < waits[1] < waits[2] < 3


def test_billed_calls_are_counted_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those whose answers nobody ever held."""
    billing.forget_all()
    with Server() as server:
        monkeypatch.setattr(billing, "BILLED_HOST", "127.0.0.1")
        with AgentChat(server.platform(), TOKEN) as client:
            trouble = {"error": {"type": "too_many_requests", "message": "Too many requests"}}
            cut = b'{"chats_summary": ['
            server.answers = [(429, trouble), (200, cut), (503, trouble), (200, NO_CHATS)]
            response = client.list_chats()
            billing.note(response)
            assert billing.calls() == client.calls == 4
            # Answers, and then silence: no response is left to tell of them.
            server.answers = [(429, trouble), (0, None)]
            with pytest.raises(ConnectionLost):
                client.list_chats()
            assert billing.calls() == client.calls == 5
    billing.forget_all()


# --- Whose account, which platform --------------------------------------------------------------


def test_the_account_of_a_bare_token_is_asked_for(sandbox: Platform, session: CatchUp) -> None:
    fresh = CatchUp(sandbox)
    with AgentChat(sandbox, fresh.token.access_token) as client:
        assert client.account_id == fresh.token.account_id
        assert client.calls == 0, "the accounts service costs nothing"


def test_platforms_are_told_apart_without_a_secret(sandbox: Platform, session: CatchUp) -> None:
    mark = AgentChat(sandbox, session.token).platform_mark
    assert sandbox.login is not None
    assert sandbox.login.nonce not in mark
    other = replace(sandbox, login=replace(sandbox.login, nonce="not-a-real-nonce"))
    assert AgentChat(other, session.token).platform_mark != mark
    assert AgentChat(LIVE, session.token).platform_mark == "https://api.livechatinc.com"
