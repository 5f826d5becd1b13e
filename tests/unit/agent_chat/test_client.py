"""The client of the Agent Chat API, against a server that answers what each test wants."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.errors import ApiError, InputError, NoNetwork, SandboxGone
from lc_tutorial.platforms.platform import Platform
from tests.unit.api_server import NO_CHATS, TOKEN, Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def client(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[AgentChat]:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda seconds: None)
    with AgentChat(server.platform(), TOKEN) as client:
        yield client


def test_call_sends_the_token_and_a_body_to_the_method_of_the_version(
    server: Server, client: AgentChat
) -> None:
    response = client.call("get_chat", {"chat_id": "PJ0MRSHTDG"})

    path, headers, body = server.requests[0]
    assert path == "/v3.6/agent/action/get_chat"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"chat_id": "PJ0MRSHTDG"}
    assert response.json() == NO_CHATS
    assert client.calls == 1


def test_call_without_parameters_still_has_a_body(server: Server, client: AgentChat) -> None:
    client.call("list_chats")
    assert server.requests[0][2] == b"{}"


def test_netrc_does_not_replace_the_token(
    server: Server, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password not-a-real-secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client = AgentChat(server.platform(), TOKEN)
    client._session.trust_env = True
    client.call("list_chats")
    assert server.requests[0][1]["Authorization"] == f"Bearer {TOKEN}"


def test_list_chats_sends_what_was_given_and_nothing_else(
    server: Server, client: AgentChat
) -> None:
    client.list_chats()
    client.list_chats(limit=5, sort_order="asc", filters={"active": None, "group_ids": (1, 2)})
    client.list_chats(page_id="MTUxNzM5ODEzMTQ5Ng==")
    assert server.bodies == [
        {},
        {"limit": 5, "sort_order": "asc", "filters": {"active": None, "group_ids": [1, 2]}},
        {"page_id": "MTUxNzM5ODEzMTQ5Ng=="},
    ]


def test_a_refusal_is_an_api_error(server: Server, client: AgentChat) -> None:
    refused = {"error": {"type": "authentication", "message": "Invalid access token"}}
    server.answers = [(401, refused)]
    with pytest.raises(ApiError) as caught:
        client.list_chats()
    assert (caught.value.status, caught.value.type) == (401, "authentication")
    assert TOKEN not in str(caught.value)
    assert client.calls == 1, "a refused call is a call"
    assert len(server.requests) == 1, "and sending it again would not help"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_trouble_of_the_platform_is_tried_again(
    server: Server, client: AgentChat, status: int
) -> None:
    trouble = {"error": {"type": "too_many_requests", "message": "Too many requests"}}
    server.answers = [(status, trouble), (status, trouble), (200, NO_CHATS)]
    assert client.list_chats().json() == NO_CHATS
    assert len(server.requests) == 3
    assert client.calls == 3


def test_trouble_that_lasts_is_an_api_error(server: Server, client: AgentChat) -> None:
    server.answers = [(429, {"error": {"type": "too_many_requests", "message": "Too many"}})]
    with pytest.raises(ApiError) as caught:
        client.list_chats()
    assert caught.value.type == "too_many_requests"
    assert client.calls == len(server.requests) == 5


def test_the_wait_that_the_platform_asks_for_is_kept_within_bounds(
    server: Server, client: AgentChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    server.headers["Retry-After"] = "7"
    server.answers = [(429, {}), (200, NO_CHATS)]
    client.list_chats()
    server.headers["Retry-After"] = "3600"
    server.answers = [(429, {}), (200, NO_CHATS)]
    client.list_chats()
    assert 7 < waits[0] < 8, "with some jitter"
    assert 30 < waits[1] < 31


def test_a_dropped_connection_is_tried_again(server: Server, client: AgentChat) -> None:
    server.answers = [(0, None), (200, NO_CHATS)]
    assert client.list_chats().json() == NO_CHATS
    assert client.calls == 1, "only answered calls count"


def test_a_redirect_is_not_followed(server: Server, client: AgentChat) -> None:
    server.headers["Location"] = "https://elsewhere.example.com/"
    server.answers = [(302, b"")]
    with pytest.raises(ApiError):
        client.list_chats()
    assert len(server.requests) == 1


def test_a_sandbox_that_ended_is_named_at_once_and_nothing_secret_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    with Server() as server:
        platform = server.platform()
    with pytest.raises(SandboxGone) as caught:
        AgentChat(platform, TOKEN).list_chats()
    assert caught.value.__cause__ is None
    assert waits == []
    assert TOKEN not in str(caught.value)


def test_no_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    live = Platform(
        name="live",
        authorization_url="https://accounts.invalid/",
        console_url="https://console.invalid/",
        accounts_url="https://accounts.invalid",
        api_url="https://api.invalid",
    )
    client = AgentChat(live, TOKEN)
    with pytest.raises(NoNetwork):
        client.list_chats()
    assert client.calls == 0
    assert waits, "a network may come back"


@pytest.mark.parametrize("token", ["", "   ", "dal:two words", "dal:ünsafe-token", "a\nb", None])
def test_what_is_no_access_token_is_refused(server: Server, token: Any) -> None:
    with pytest.raises(InputError, match="not an access token"):
        AgentChat(server.platform(), token)


def test_the_client_shows_no_secret(server: Server) -> None:
    client = AgentChat(server.platform(), f" {TOKEN}\n")
    client.list_chats()
    assert repr(client) == "<AgentChat 3.6, sandbox, calls: 1>"
    assert server.requests[0][1]["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(vars(client))


# --- What a learner sees of it, with Shift+Tab ----------------------------------------------------

ONE_PAGE = {"filters": None, "sort_order": None, "limit": None, "page_id": None}
ALL_PAGES = {"filters": None, "sort_order": "asc", "limit": 100, "progress": True, "keep_in": None}
NEEDED = inspect.Parameter.empty


@pytest.mark.parametrize(
    ("method", "takes"),
    [
        ("get_chat", {"chat_id": NEEDED, "thread_id": None}),
        ("list_chats", ONE_PAGE),
        ("list_archives", {**ONE_PAGE, "highlights": None}),
        ("list_threads", {**ONE_PAGE, "chat_id": NEEDED, "min_events_count": None}),
        ("list_chats_pages", ALL_PAGES),
        ("list_archives_pages", {**ALL_PAGES, "highlights": None}),
        ("list_threads_pages", {**ALL_PAGES, "chat_id": NEEDED}),
    ],
)
def test_a_method_names_and_explains_what_it_takes(method: str, takes: dict[str, Any]) -> None:
    called = getattr(AgentChat, method)
    parameters = dict(inspect.signature(called).parameters)
    del parameters["self"]
    assert {name: each.default for name, each in parameters.items()} == takes
    explained = inspect.getdoc(called) or ""
    assert [name for name in takes if f"\n    {name}: " not in explained] == []
    assert "\n    InputError: " in explained


def test_a_misspelled_parameter_of_a_method_is_refused(server: Server, client: AgentChat) -> None:
    with pytest.raises(TypeError, match="sort_by"):
        client.list_chats(sort_by="asc")  # type: ignore[call-arg]
    assert server.requests == []
