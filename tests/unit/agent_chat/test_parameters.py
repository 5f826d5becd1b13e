"""What may be sent to the methods that read chats; the sandbox says if the checks are right."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lc_tutorial.agent_chat import parameters
from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.errors import ApiError, InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth.tokens import Token
from lc_tutorial.platforms.platform import VERSIONS, Platform
from tests.unit.api_server import TOKEN, Server

NOON = "2026-06-15T12:00:00.000000Z"

# For each version what List Archives takes, each filter in all its forms.
ARCHIVES_34: list[dict[str, Any]] = [
    {"query": "refund"},
    {"from": "2026-06-01T00:00:00Z", "to": "2026-06-15T14:30:00.123456+02:00"},
    {"thread_ids": ["PWJ8Y4THAV"]},
    {"thread_ids": [f"T{number}" for number in range(20)]},
    {"group_ids": list(range(200))},
    {"properties": {"routing": {"continuous": {"values": [True, "x", 1]}}}},
    {"properties": {"routing": {"continuous": {"exclude_values": []}, "idle": {"exists": False}}}},
    {"agents": {"exists": True}},
    {"agents": {"values": ["mia@example.com"], "require_every_value": True}},
    {"tags": {"exclude_values": ["refund"], "require_every_value": False}},
    {"sales": {"values": [1]}, "goals": {"exists": False}},
    {"event_types": {"values": ["message", "file"], "require_every_value": True}},
    {"event_types": {"exclude_values": ["file"]}},
    {"greetings": {"exists": True, "from": NOON, "to": NOON, "groups": {"values": [1]}}},
    {"greetings": {"values": [1], "exclude_values": [2]}},
    {"agent_response": {"exists": True, "first": True}},
    {"agent_response": {"agents": {"values": ["a@b.example"]}, "groups": {"exclude_values": [3]}}},
]
FORMS: list[dict[str, Any]] = [
    {"exists": True, "type": "pre_chat", "from": NOON, "to": NOON},
    {"type": "post_chat", "values": ["0"], "exclude_values": ["1"], "groups": {"values": [0]}},
]
ARCHIVES: dict[str, list[dict[str, Any]]] = {
    "3.4": [*ARCHIVES_34, {"surveys": FORMS}],
    "3.5": [*ARCHIVES_34, {"forms": FORMS}, {"customer_countries": {"values": ["PL"]}}],
}
ARCHIVES["3.6"] = [
    *ARCHIVES["3.5"],
    {"chat_ids": [f"C{number}" for number in range(1000)]},
    {"agent_types": {"all_values": ["human"], "exclude_values": ["chatbot", "ai_agent"]}},
    {"agent_types": {"any_values": ["human"]}},
    {"customer_id": "b7eff798-f8df-4364-8059-649c35c9ed0c"},
    {"customer_email": "ada@example.org"},
]
ARCHIVES["3.7"] = ARCHIVES["3.6"]

CHATS: dict[str, list[dict[str, Any]]] = {
    "3.4": [
        {"include_active": False, "include_chats_without_threads": False},
        {"include_active": True, "group_ids": [0]},
        {"properties": {"a": {"b": {"exists": True}}}},
    ],
    "3.6": [
        {"active": False},
        {"active": None, "properties": {"a": {"b": {"exists": True}}}},
        {"properties": {"a": {"b": {"values": ["x", 1, True]}}}},
        {"properties": {"a": {"b": {"exclude_values": []}, "c": {"exists": False}}}},
        {"group_ids": list(range(200))},
        {},
    ],
}
CHATS["3.5"], CHATS["3.7"] = CHATS["3.4"], CHATS["3.6"]


@pytest.fixture(scope="module")
def token(sandbox: Platform) -> Token:
    return CatchUp(sandbox).token


@pytest.fixture(scope="module")
def client(sandbox: Platform, token: Token) -> Iterator[AgentChat]:
    with AgentChat(sandbox, token) as client:
        yield client


@pytest.fixture(scope="module")
def chat_id(client: AgentChat) -> str:
    return str(client.list_chats(limit=1).json()["chats_summary"][0]["id"])


# --- What is taken ------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_platform_takes_what_the_checks_let_through(
    sandbox: Platform, token: Token, version: str
) -> None:
    with AgentChat(sandbox.with_version(version), token) as client:
        for filters in CHATS[version]:
            client.list_chats(filters=filters)
            assert parameters.body("list_chats", version, filters=filters) == {"filters": filters}
        for filters in ARCHIVES[version]:
            client.list_archives(filters=filters)
            assert parameters.body("list_archives", version, filters=filters) == {
                "filters": filters
            }


def test_the_neighbours_take_what_the_checks_let_through(client: AgentChat, chat_id: str) -> None:
    span = {"from": "2020-01-01T00:00:00Z", "to": NOON}
    client.list_threads(chat_id, limit=100, sort_order="asc", filters=span)
    thread_id = client.list_threads(chat_id).json()["threads"][0]["id"]
    assert client.get_chat(chat_id).json()["id"] == chat_id
    assert client.get_chat(chat_id, thread_id).json()["thread"]["id"] == thread_id
    client.list_threads(chat_id, min_events_count=100, sort_order="desc")
    client.list_archives(filters={"query": "order"}, highlights={}, limit=1)
    tags = {"pre_tag": "<b>", "post_tag": "</b>"}
    page = client.list_archives(filters={"query": "e"}, highlights=tags, limit=1).json()
    following = client.list_archives(page_id=page["next_page_id"]).json()
    assert following["chats"] != page["chats"]


def test_a_page_of_threads_is_asked_for_with_its_chat() -> None:
    assert parameters.body("list_threads", "3.6", chat_id="PJ0MRSHTDG", page_id="MTUx") == {
        "chat_id": "PJ0MRSHTDG",
        "page_id": "MTUx",
    }


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_an_aware_time_is_sent_as_the_same_instant(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for given_as in (aware, pd.Timestamp(aware)):
        body = parameters.body("list_archives", "3.6", filters={"from": given_as})
        sent = body["filters"]["from"]
        assert type(sent) is str
        assert datetime.fromisoformat(sent) == aware
        # As a text it is let through as it is.
        assert parameters.body("list_archives", "3.6", filters={"from": sent}) == body


def test_the_platform_takes_a_time_as_it_is_sent(client: AgentChat) -> None:
    whole = client.list_archives(limit=1).json()["found_chats"]
    year = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    recent = client.list_archives(filters={"from": year}, limit=1).json()["found_chats"]
    assert 0 < recent <= whole
    assert client.list_archives(filters={"to": datetime(1999, 1, 1, tzinfo=UTC)}).json() == {
        "chats": [],
        "found_chats": 0,
    }


# --- What is not sent ---------------------------------------------------------------------------

WRONG_IN_ALL_LISTS: list[tuple[dict[str, Any], str]] = [
    ({"limit": 0}, "from 1 to 100"),
    ({"limit": 101}, "from 1 to 100"),
    ({"limit": True}, "from 1 to 100"),
    ({"limit": 10.0}, "from 1 to 100"),
    ({"limit": "10"}, "limit can't be '10'. It is a whole number from 1 to 100, and not a text."),
    ({"limit": np.float64(10)}, "limit can't be 10.0. It is a whole number from 1 to 100."),
    ({"limit": np.True_}, "from 1 to 100"),
    ({"sort_order": "newest"}, '"desc" (newest first) or "asc"'),
    ({"sort_order": 1}, '"desc" (newest first) or "asc"'),
    ({"sort_order": ["asc"]}, '"desc" (newest first) or "asc"'),
    ({"page_id": ""}, "next_page_id"),
    ({"page_id": 5}, "next_page_id"),
    ({"page_id": "abc", "limit": 10}, "page_id and limit can't go together"),
    ({"page_id": "abc", "filters": {}}, "page_id and filters can't go together"),
    ({"filters": ["active"]}, "a dictionary"),
    ({"filters": "active"}, "a dictionary"),
]

WRONG_FILTERS: list[tuple[str, str, Any, str]] = [
    ("list_chats", "3.6", {"include_active": True}, "Use 'active'."),
    ("list_chats", "3.7", {"include_active": True}, "Use 'active'."),
    ("list_chats", "3.5", {"active": True}, "Use 'include_active'."),
    ("list_chats", "3.4", {"include_active": None}, "True or False"),
    ("list_chats", "3.6", {"active": "True"}, "'True'. It is True or False, and not a text."),
    ("list_chats", "3.6", {"active": 1}, "filters.active can't be 1. It is True or False."),
    ("list_chats", "3.6", {"group_id": [0]}, "no filter 'group_id'"),
    ("list_chats", "3.6", {"tags": {"exists": True}}, "List Chats has no filter 'tags'"),
    ("list_chats", "3.6", {"group_ids": 0}, "a list of the numbers of groups"),
    ("list_chats", "3.6", {"group_ids": "0"}, "a list of the numbers of groups"),
    ("list_chats", "3.6", {"group_ids": ["0"]}, "a list of the numbers of groups"),
    ("list_chats", "3.6", {"group_ids": [True]}, "a list of the numbers of groups"),
    ("list_chats", "3.6", {"group_ids": list(range(201))}, "at most 200"),
    ("list_chats", "3.6", {"properties": []}, "such as"),
    ("list_chats", "3.6", {"properties": {"a": "b"}}, "such as"),
    ("list_chats", "3.6", {"properties": {"a": {"b": 1}}}, "exists, values or exclude_values"),
    ("list_chats", "3.6", {"properties": {"a": {"b": {}}}}, "exactly one of"),
    (
        "list_chats",
        "3.6",
        {"properties": {"a": {"b": {"exists": True, "values": [1]}}}},
        "exactly one of exists, values and exclude_values",
    ),
    ("list_chats", "3.6", {"properties": {"a": {"b": {"is": [1]}}}}, "exactly one of"),
    ("list_chats", "3.6", {"properties": {"a": {"b": {"exists": 1}}}}, "True or False"),
    ("list_chats", "3.6", {"properties": {"a": {"b": {"values": "x"}}}}, "a list of values"),
    ("list_chats", "3.6", {"properties": {"a": {"b": {"values": [1.5]}}}}, "a list of values"),
    ("list_archives", "3.4", {"forms": FORMS}, "Use 'surveys'."),
    ("list_archives", "3.5", {"surveys": FORMS}, "Use 'forms'."),
    ("list_archives", "3.4", {"customer_countries": {"exists": True}}, "In version 3.4 there are"),
    ("list_archives", "3.5", {"chat_ids": ["PJ0MRSHTDG"]}, "no filter 'chat_ids'"),
    ("list_archives", "3.5", {"customer_email": "ada@example.org"}, "no filter"),
    ("list_archives", "3.5", {"agent_types": {"any_values": ["human"]}}, "no filter"),
    ("list_archives", "3.6", {"active": True}, "List Archives has no filter 'active'"),
    ("list_archives", "3.6", {"query": ""}, "a text, and not an empty one"),
    ("list_archives", "3.6", {"chat_ids": ["C"] * 1001}, "at most 1000"),
    ("list_archives", "3.6", {"chat_ids": "PJ0MRSHTDG"}, "a list of ids of chats"),
    ("list_archives", "3.6", {"thread_ids": ["T"] * 21}, "at most 20"),
    ("list_archives", "3.6", {"thread_ids": ["T"], "query": "x"}, "thread_ids and filters.query"),
    ("list_archives", "3.6", {"from": "yesterday"}, "a time with its offset"),
    ("list_archives", "3.6", {"from": "2026-06-15"}, "a time with its offset"),
    ("list_archives", "3.6", {"from": "2026-06-15T12:00:00"}, "a time with its offset"),
    ("list_archives", "3.6", {"to": "2026-02-30T12:00:00Z"}, "in no calendar"),
    ("list_archives", "3.6", {"to": datetime(2026, 6, 15)}, "without a zone"),
    ("list_archives", "3.6", {"to": 1_500_000_000}, "a time with its offset"),
    ("list_archives", "3.6", {"tags": ["refund"]}, "a dictionary with exists, values"),
    ("list_archives", "3.6", {"tags": {"require_every_value": True}}, "exactly one of"),
    ("list_archives", "3.6", {"tags": {"exists": True, "of": 1}}, "with only"),
    ("list_archives", "3.6", {"event_types": {"exists": True}}, "exactly one of values and"),
    ("list_archives", "3.6", {"event_types": {"values": [1]}}, "a list of texts"),
    ("list_archives", "3.6", {"forms": FORMS[0]}, "a list, such as"),
    ("list_archives", "3.6", {"forms": [{"type": "survey"}]}, "one of pre_chat and post_chat"),
    ("list_archives", "3.6", {"forms": [{"type": []}]}, "one of pre_chat and post_chat"),
    ("list_archives", "3.6", {"greetings": {"values": ["1"]}}, "a list of whole numbers"),
    ("list_archives", "3.6", {"agent_response": {"agents": ["a@b.example"]}}, "a dictionary"),
    ("list_archives", "3.6", {"agent_types": {}}, "each once at most, one at least"),
    ("list_archives", "3.6", {"agent_types": {"any_values": ["robot"]}}, "human, chatbot and"),
    (
        "list_archives",
        "3.6",
        {"agent_types": {"any_values": ["human"], "exclude_values": ["human"]}},
        "each once at most",
    ),
]


def test_a_missing_time_is_not_sent() -> None:
    latest = pd.Series([], dtype="datetime64[us, UTC]").max()
    told = str(refused("list_archives", "3.6", filters={"from": latest}))
    assert told.startswith("filters.from can't be NaT. It is a time with its offset")


def test_numbers_of_a_dataframe_are_sent_as_numbers() -> None:
    table = pd.DataFrame({"group": [1, 2], "active": [True, False]})
    body = parameters.body(
        "list_chats",
        "3.6",
        filters={"group_ids": table["group"], "active": table["active"].iloc[0]},
        limit=table["group"].max(),
    )
    assert json.dumps(body) == '{"filters": {"group_ids": [1, 2], "active": true}, "limit": 2}'
    with_numbers = {"group_ids": [*table["group"].to_numpy()]}
    assert parameters.body("list_chats", "3.6", filters=with_numbers) == {
        "filters": {"group_ids": [1, 2]}
    }
    body = parameters.body(
        "list_threads", "3.6", chat_id="C", min_events_count=table["group"].iloc[1]
    )
    assert json.dumps(body) == '{"chat_id": "C", "min_events_count": 2}'


def refused(method: str, version: str, **given: Any) -> InputError:
    with Server() as server, AgentChat(server.platform(version), TOKEN) as client:
        with pytest.raises(InputError) as caught:
            getattr(client, method)(**given)
        assert server.requests == []
        assert client.calls == 0
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("method", ["list_chats", "list_archives", "list_threads"])
@pytest.mark.parametrize(("given", "told"), WRONG_IN_ALL_LISTS)
def test_what_no_list_takes_is_not_sent(method: str, given: dict[str, Any], told: str) -> None:
    chat = {"chat_id": "PJ0MRSHTDG"} if method == "list_threads" else {}
    assert told in str(refused(method, "3.6", **chat, **given))


@pytest.mark.parametrize(("method", "version", "filters", "told"), WRONG_FILTERS)
def test_wrong_filters_are_not_sent(method: str, version: str, filters: Any, told: str) -> None:
    assert told in str(refused(method, version, filters=filters))


@pytest.mark.parametrize(
    ("method", "given", "told"),
    [
        ("list_archives", {"filters": {"thread_ids": ["T"]}, "limit": 5}, "thread_ids and limit"),
        ("list_archives", {"highlights": True}, "a dictionary with pre_tag or post_tag"),
        ("list_archives", {"highlights": {"pre_tag": "<b>"}}, "both pre_tag and post_tag"),
        ("list_archives", {"highlights": {}, "page_id": "abc"}, "page_id and highlights"),
        ("list_threads", {"chat_id": "C", "min_events_count": 0}, "from 1 to 100"),
        ("list_threads", {"chat_id": "C", "min_events_count": 101}, "from 1 to 100"),
        (
            "list_threads",
            {"chat_id": "C", "min_events_count": 5, "limit": 5, "filters": {}},
            "min_events_count and filters and limit can't go together",
        ),
        ("list_threads", {"chat_id": "C", "min_events_count": 5, "page_id": "abc"}, "page_id and"),
        ("list_threads", {"chat_id": ""}, "an id such as"),
        ("list_threads", {"chat_id": "C", "filters": {"query": "x"}}, "there are from and to"),
        ("get_chat", {"chat_id": None}, "an id such as"),
        ("get_chat", {"chat_id": "two words"}, "an id such as"),
        ("get_chat", {"chat_id": "C", "thread_id": 5}, "an id such as"),
        ("list_chats_pages", {"limit": 1000}, "from 1 to 100"),
        ("list_archives_pages", {"filters": {"active": True}}, "no filter 'active'"),
        ("list_threads_pages", {"chat_id": "C", "sort_order": "up"}, '"asc"'),
    ],
)
def test_what_can_t_go_together_is_not_sent(method: str, given: dict[str, Any], told: str) -> None:
    assert told in str(refused(method, "3.6", **given))


# Where the documentation leaves open what becomes of it: names that are not known or not of this
# version, null, and texts that find nothing.
_LEFT_OPEN = ("no filter", "Use '", "In version", "an empty one", "with only", "list of texts")


@pytest.mark.parametrize(
    ("method", "version", "filters"),
    [
        (method, version, filters)
        for method, version, filters, told in WRONG_FILTERS
        if not any(open_ in told for open_ in _LEFT_OPEN)
        and None not in filters.values()
        and not isinstance(filters.get("to"), datetime)
    ],
)
def test_the_platform_refuses_it_too(
    sandbox: Platform, token: Token, method: str, version: str, filters: Any
) -> None:
    client = AgentChat(sandbox.with_version(version), token)
    with client, pytest.raises(ApiError) as caught:
        client.call(method, {"filters": filters})
    assert caught.value.type == "validation"


def test_call_sends_what_the_platform_refuses(client: AgentChat) -> None:
    page_id = client.list_chats(limit=1).json()["next_page_id"]
    with pytest.raises(ApiError) as caught:
        client.call("list_chats", {"page_id": page_id, "filters": {"active": True}})
    assert (caught.value.status, caught.value.type) == (400, "validation")
    assert "page_id came together with filters" in caught.value.why
