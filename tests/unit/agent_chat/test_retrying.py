"""Calling again: waiting as long as the platform says, and as often as it helps."""

import pytest
from urllib3 import HTTPResponse

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.agent_chat.retrying import LONGEST_WAIT, Retrying
from lc_tutorial.errors import ConnectionLost
from tests.unit.api_server import NO_CHATS, TOKEN, Server


@pytest.mark.parametrize(
    "header", ["-5", "0.5", "60s", "soon", "Fri, 31 Dec 99999 23:59:59 GMT", "99999999"]
)
def test_no_header_makes_waiting_fail_or_take_for_ever(header: str) -> None:
    waiting = Retrying(total=1, told=lambda _: None)
    wait = waiting.get_retry_after(HTTPResponse(headers={"Retry-After": header}))
    assert wait is None or 0 < wait <= LONGEST_WAIT + 1


@pytest.mark.parametrize("header", ["-5", "0.5", "60s", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_the_client_comes_back_all_the_same(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waited.append)
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.headers["Retry-After"] = header
        server.answers = [(429, {}), (503, {}), (200, NO_CHATS)]
        assert client.list_chats().ok
    assert len(waited) == 2
    assert all(0 < seconds <= LONGEST_WAIT + 1 for seconds in waited)


def test_a_connection_that_is_dropped_each_time_is_no_sandbox_that_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda _: None)
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [(0, None)]
        with pytest.raises(ConnectionLost) as caught:
            client.list_chats()
    assert caught.value.what == "The sandbox closed the connection without an answer."
