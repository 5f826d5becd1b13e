"""mark_events_as_seen, multicast, request_thread_summary and get_license_info.

Source: livechat-public-docs, agent-chat-api (Other) of versions 3.4 to 3.7.
"""

import json
import logging
from functools import partial
from typing import Any

import pytest

from lc_tutorial.sandbox.world.chats import Chat
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, ChatApi, Json, refused, serve

Refusal = tuple[int, str]
VALIDATION, AUTHORIZATION = (400, "validation"), (403, "authorization")
NOT_FOUND, MISSING_ACCESS = (404, "not_found"), (403, "missing_access")
LIMIT_REACHED = (403, "limit_reached")


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)(own_chats=True)


def some_chat(api: ChatApi, *, active: bool, group_id: int | None = None) -> Chat:
    """A chat whose last thread can be read, and is not summarized yet."""
    return next(
        chat
        for chat in api.chats.ordered()
        if chat.threads
        and chat.active == active
        and chat.threads[-1].restricted_access is None
        and chat.threads[-1].summary is None
        and any(event.type == "message" for event in chat.threads[-1].events)
        and (group_id is None or chat.group_ids == [group_id])
    )


def ids_of(chat: Chat) -> Json:
    return {"chat_id": chat.id, "thread_id": chat.threads[-1].id}


# --- mark_events_as_seen --------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_agent_has_seen_shows_in_the_chat(api: ChatApi, version: str) -> None:
    chat = next(
        c for c in api.chats.ordered() if any(one.agent.email == NORMAL for one in c.participants)
    )
    body = {"chat_id": chat.id, "seen_up_to": "2026-06-15T16:30:00.5+02:00"}
    use = {"scopes": ("chats--all:ro",), "email": NORMAL, "version": version}
    assert api.call("mark_events_as_seen", body, **use) == {}
    users = api.call("get_chat", {"chat_id": chat.id}, version=version)["users"]
    (seen,) = [one["events_seen_up_to"] for one in users if one["id"] == NORMAL]
    assert seen == "2026-06-15T14:30:00.500000Z"


SEEN: list[tuple[tuple[str, ...], Json, Refusal | None]] = [
    # NORMAL is in the groups 1 and 3; the chat is in group 2.
    (("chats--all:ro",), {}, None),
    (("chats--access:ro",), {}, MISSING_ACCESS),
    (("chats--my:ro",), {}, AUTHORIZATION),
    (("chats--all:ro",), {"chat_id": "NOCHAT"}, NOT_FOUND),
    (("chats--all:ro",), {"seen_up_to": "2026-06-15T16:30:00"}, VALIDATION),
    (("chats--all:ro",), {"seen_up_to": "yesterday"}, VALIDATION),
    (("chats--all:ro",), {"seen_up_to": None}, VALIDATION),
    # The first and the last moment that there is, and what in UTC is beyond.
    (("chats--all:ro",), {"seen_up_to": "0001-01-01T00:00:00Z"}, None),
    (("chats--all:ro",), {"seen_up_to": "0001-01-01T00:00:00+00:01"}, VALIDATION),
    (("chats--all:ro",), {"seen_up_to": "9999-12-31T23:59:59Z"}, None),
    (("chats--all:ro",), {"seen_up_to": "9999-12-31T23:59:59-00:01"}, VALIDATION),
]


@pytest.mark.parametrize(("scopes", "change", "refusal"), SEEN)
def test_mark_events_as_seen(
    api: ChatApi, scopes: tuple[str, ...], change: Json, refusal: Refusal | None
) -> None:
    chat = some_chat(api, active=False, group_id=2)
    body = {"chat_id": chat.id, "seen_up_to": "2026-06-15T14:30:00Z"} | change
    answer = api.post("mark_events_as_seen", body, scopes=scopes, email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


# --- multicast ------------------------------------------------------------------------------------

RECIPIENTS: list[tuple[Any, Refusal | None]] = [
    ({"agents": {"all": True}}, None),
    ({"agents": {"ids": [OWNER]}}, None),
    ({"agents": {"groups": [1, 2]}}, None),  # as in the sample
    ({"agents": {"groups": ["1"]}}, None),  # as in the table
    # "At least one recipients type … is required."
    ({"agents": {}}, VALIDATION),
    ({"agents": {"all": False}}, VALIDATION),
    ({"agents": {"ids": []}}, VALIDATION),
    ({}, VALIDATION),
    # "The customers.ids recipient type was removed … for all API versions."
    ({"customers": {"ids": ["x"]}}, VALIDATION),
    (None, VALIDATION),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("recipients", "refusal"), RECIPIENTS)
def test_multicast(api: ChatApi, version: str, recipients: Any, refusal: Refusal | None) -> None:
    body = {"recipients": recipients, "content": {"example": {"nested": "json"}}}
    answer = api.post("multicast", body, scopes=("multicast:rw",), version=version)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


def test_multicast_needs_a_content_and_its_scope(api: ChatApi) -> None:
    body: Json = {"recipients": {"agents": {"all": True}}}
    assert refused(api.post("multicast", body, scopes=("multicast:rw",)))[:2] == VALIDATION
    body["content"] = 1
    assert api.call("multicast", body | {"type": "x"}, scopes=("multicast:rw",)) == {}
    assert refused(api.post("multicast", body, scopes=("chats--all:rw",)))[:2] == AUTHORIZATION


def test_the_log_says_that_a_multicast_reaches_nobody(api: ChatApi, caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    body = {"recipients": {"agents": {"all": True}}, "content": "not for the log"}
    api.call("multicast", body, scopes=("multicast:rw",))
    assert caplog.messages == ["multicast: it reaches nobody, for the sandbox has no RTM API"]


# --- request_thread_summary -----------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_a_thread_that_is_over_is_summarized_once(api: ChatApi, version: str) -> None:
    chat, use = some_chat(api, active=False), {"scopes": ("chats--all:rw",), "version": version}
    assert api.call("request_thread_summary", ids_of(chat), **use) == {}
    shown = api.call("get_chat", {"chat_id": chat.id}, version=version)["thread"]["summary"]
    assert shown["status"] == "ok"
    assert "The sandbox summarizes without AI." in shown["text"]
    # "A deactivated thread can be summarized only once."
    answer = api.post("request_thread_summary", ids_of(chat), **use)
    assert refused(answer)[:2] == LIMIT_REACHED


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_a_summary_of_an_active_thread_is_a_system_event(api: ChatApi, version: str) -> None:
    chat, use = some_chat(api, active=True), {"scopes": ("chats--all:rw",), "version": version}
    for number in (1, 2):  # "For active threads, this method can be called multiple times"
        assert api.call("request_thread_summary", ids_of(chat), **use) == {}
        thread = api.call("get_chat", {"chat_id": chat.id}, version=version)["thread"]
        event = thread["events"][-1]
        # Source: livechat-public-docs, messaging/references/system-activities (summary)
        assert (event["type"], event["source"], event["subtype"]) == (
            "system",
            "messaging",
            "summary",
        )
        details = json.loads(event["details"])
        assert details["requested_by"] == OWNER
        assert set(details["summary"]) == {"text", "status"}
        assert len([e for e in thread["events"] if e.get("subtype") == "summary"]) == number
        assert "summary" not in thread


SUMMARIES: list[tuple[tuple[str, ...], Json, Refusal | None]] = [
    # NORMAL is in the groups 1 and 3; the chat is in group 2.
    (("chats--all:rw",), {}, None),
    (("chats--access:rw",), {}, MISSING_ACCESS),
    (("chats--all:ro",), {}, AUTHORIZATION),
    (("chats--all:rw",), {"chat_id": "NOCHAT"}, NOT_FOUND),
    (("chats--all:rw",), {"thread_id": "NOTHREAD"}, NOT_FOUND),
    (("chats--all:rw",), {"thread_id": None}, VALIDATION),
]


@pytest.mark.parametrize(("scopes", "change", "refusal"), SUMMARIES)
def test_request_thread_summary(
    api: ChatApi, scopes: tuple[str, ...], change: Json, refusal: Refusal | None
) -> None:
    body = ids_of(some_chat(api, active=False, group_id=2)) | change
    answer = api.post("request_thread_summary", body, scopes=scopes, email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


def test_a_thread_that_the_plan_hides_is_not_summarized(api: ChatApi) -> None:
    chat = next(c for c in api.chats.ordered() if any(t.restricted_access for t in c.threads))
    hidden = next(t for t in chat.threads if t.restricted_access)
    body = {"chat_id": chat.id, "thread_id": hidden.id}
    answer = api.post("request_thread_summary", body, scopes=("chats--all:rw",))
    assert refused(answer)[:2] == MISSING_ACCESS


# --- get_license_info -----------------------------------------------------------------------------


def test_get_license_info(api: ChatApi) -> None:
    info = api.call("get_license_info", version="3.5", scopes=("customers:ro",))
    other = api.call("get_license_info", version="3.5", email="ruth.okafor@example.org")
    assert set(info) == {"license_id", "expires_at", "created_at", "in_trial"}
    assert info["license_id"] != other["license_id"]
    for version in ("3.4", "3.6", "3.7"):
        assert refused(api.post("get_license_info", version=version))[:2] == NOT_FOUND
