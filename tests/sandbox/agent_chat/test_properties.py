"""The properties of chats, threads and events: who sets them, and where they show.

Source: livechat-public-docs, agent-chat-api (Properties) of versions 3.4 to 3.7.
"""

from functools import partial
from typing import Any

import pytest

from lc_tutorial.sandbox.store import set_properties
from lc_tutorial.sandbox.world.chats import Chat
from tests.sandbox.chat_api import NORMAL, VERSIONS, ChatApi, Json, refused, serve

ALL = ("chats--all:rw",)
VALUES: Json = {"test": {"string_property": "x", "int_property": 3, "bool_property": True}}

PLACES = ("chat", "thread", "event")
ACTIONS = [f"{verb}_{place}_properties" for verb in ("update", "delete") for place in PLACES]

VALIDATION, AUTHORIZATION = (400, "validation"), (403, "authorization")
NOT_FOUND, MISSING_ACCESS = (404, "not_found"), (403, "missing_access")
Refusal = tuple[int, str]


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)(own_chats=True)


def some_chat(api: ChatApi, *group_ids: int) -> Chat:
    """A chat with events, in these groups if any are given."""
    return next(
        chat
        for chat in api.chats.ordered()
        if chat.threads
        and chat.threads[-1].events
        and chat.threads[-1].restricted_access is None
        and (not group_ids or set(group_ids) == set(chat.group_ids))
    )


def body_of(chat: Chat, action: str, properties: Any) -> Json:
    thread = chat.threads[-1]
    ids: dict[str, Json] = {
        "chat": {"id": chat.id},
        "thread": {"chat_id": chat.id, "thread_id": thread.id},
        "event": {"chat_id": chat.id, "thread_id": thread.id, "event_id": thread.events[0].id},
    }
    return ids[action.split("_")[1]] | {"properties": properties}


def right_for(action: str) -> Json:
    return VALUES if action.startswith("update") else {"test": ["string_property"]}


def shown(api: ChatApi, chat: Chat, place: str) -> Json:
    """The properties as get_chat shows them."""
    answer = api.call("get_chat", {"chat_id": chat.id})
    found = {"chat": answer, "thread": answer["thread"], "event": answer["thread"]["events"][0]}
    properties: Json = found[place].get("properties", {})
    return properties


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("place", PLACES)
def test_properties_are_set_beside_the_others_and_deleted(
    api: ChatApi, version: str, place: str
) -> None:
    chat, use = some_chat(api), {"scopes": ALL, "version": version}
    update, delete = f"update_{place}_properties", f"delete_{place}_properties"
    before = shown(api, chat, place)
    assert api.call(update, body_of(chat, update, VALUES), **use) == {}
    assert shown(api, chat, place) == before | {"test": before.get("test", {}) | VALUES["test"]}
    names = {"test": ["string_property", "int_property", "tokenized_string_property"]}
    assert api.call(delete, body_of(chat, delete, names), **use) == {}
    after = shown(api, chat, place)
    assert after["test"] == {"bool_property": True}
    assert {name: after[name] for name in before if name != "test"} == {
        name: before[name] for name in before if name != "test"
    }


def test_properties_of_a_chat_show_in_every_list_and_filter(api: ChatApi) -> None:
    chat = some_chat(api)
    assert not chat.active
    marked = {"test": {"string_property": "marked"}}
    body = body_of(chat, "update_chat_properties", marked)
    filters = {"filters": {"properties": {"test": {"string_property": {"values": ["marked"]}}}}}
    assert api.ids(filters) == set()
    api.call("update_chat_properties", body, scopes=ALL)
    (summary,) = api.summaries(filters)
    assert summary["id"] == chat.id
    assert summary["properties"]["test"]["string_property"] == "marked"
    archives = api.call("list_archives", filters)
    assert archives["chats"][0]["properties"]["test"]["string_property"] == "marked"


def test_what_is_shared_by_seeded_records_changes_in_one(api: ChatApi) -> None:
    chat = some_chat(api)
    others = {other.id: other.properties for other in api.chats.ordered() if other is not chat}
    copy = {id_: dict(properties) for id_, properties in others.items()}
    body = body_of(chat, "update_chat_properties", VALUES)
    api.call("update_chat_properties", body, scopes=ALL)
    assert others == copy


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("scopes", "group_id", "refusal"),
    [
        # NORMAL is in the groups 1 and 3.
        (("chats--all:rw",), 2, None),
        (("chats--access:rw",), 1, None),
        (("chats--access:rw",), 2, MISSING_ACCESS),
        (("chats--all:ro",), 1, AUTHORIZATION),
        (("chats--my:rw",), 1, AUTHORIZATION),
        (("chats.conversation--all:rw",), 1, AUTHORIZATION),
    ],
)
def test_scopes(
    api: ChatApi, action: str, scopes: tuple[str, ...], group_id: int, refusal: Refusal | None
) -> None:
    chat = some_chat(api, group_id)
    assert not any(one.agent.email == NORMAL for one in chat.participants)
    body = body_of(chat, action, right_for(action))
    answer = api.post(action, body, scopes=scopes, email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"id": "NOCHAT"}, NOT_FOUND),
        ({"chat_id": "NOCHAT"}, NOT_FOUND),
        ({"thread_id": "NOTHREAD"}, NOT_FOUND),
        ({"event_id": "NOTHREAD_1"}, NOT_FOUND),
        ({"properties": 1}, VALIDATION),
        ({"properties": None}, VALIDATION),
        ({"id": 1}, VALIDATION),
        ({"chat_id": 1}, VALIDATION),
    ],
)
def test_what_is_not_there_or_not_right(
    api: ChatApi, action: str, change: Json, refusal: Refusal
) -> None:
    body = body_of(some_chat(api), action, right_for(action))
    if set(change) <= set(body):
        assert refused(api.post(action, body | change, scopes=ALL))[:2] == refusal
    else:
        assert api.call(action, body | change, scopes=ALL) == {}


ACCESS: list[tuple[str, Json, Refusal | None]] = [
    # Source: messaging/references/default-properties
    ("chat", {"routing": {"pinned": True}}, None),
    ("thread", {"routing": {"pinned": True}}, AUTHORIZATION),
    ("event", {"routing": {"pinned": True}}, VALIDATION),
    ("event", {"translation": {"target_message": "Hello"}}, None),
    ("chat", {"rating": {"score": 1}}, AUTHORIZATION),
    ("chat", {"source": {"client_id": "x"}}, AUTHORIZATION),
    ("chat", {"test": {"int_property": "3"}}, VALIDATION),
    ("chat", {"test": {"int_property": 2**31}}, VALIDATION),
    ("chat", {"test": {"no_property": 1}}, VALIDATION),
    ("chat", {"0805e283233042b37f460ed8fbf22160": {"x": "y"}}, VALIDATION),
]


@pytest.mark.parametrize(("place", "values", "refusal"), ACCESS)
def test_which_properties_agents_may_set(
    api: ChatApi, place: str, values: Json, refusal: Refusal | None
) -> None:
    chat, action = some_chat(api), f"update_{place}_properties"
    before = shown(api, chat, place)
    answer = api.post(action, body_of(chat, action, values), scopes=ALL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal
    assert answer.ok or shown(api, chat, place) == before


def test_an_app_sets_what_it_has_registered(api: ChatApi) -> None:
    block = api.world.ready_made.block
    assert block is not None
    owner = api.account("ada.lindqvist@example.com")
    token = api.world.grants.issue_access_token(
        block.client_id, owner.id, ("chats--all:rw", "properties.configuration:rw")
    )
    headers = {"Authorization": f"Bearer {token.value}"}
    chat, values = some_chat(api), {block.client_id: {"mine": "value"}}
    body = body_of(chat, "update_chat_properties", values)
    assert refused(api.post("update_chat_properties", body, headers=headers))[:2] == VALIDATION
    registered = {"name": "mine", "owner_client_id": block.client_id, "type": "string"}
    access = {"access": {"chat": {"agent": ["read", "write"]}}}
    api.call("register_property", registered | access, api="configuration", headers=headers)
    assert api.call("update_chat_properties", body, headers=headers) == {}
    assert shown(api, chat, "chat")[block.client_id] == {"mine": "value"}
    # It is private: another app may not change it.
    assert refused(api.post("update_chat_properties", body, scopes=ALL))[:2] == AUTHORIZATION


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that keeps three short properties."""
    monkeypatch.setattr(set_properties, "MOST_BYTES", 3 * 450)


@pytest.mark.parametrize("place", PLACES)
def test_the_properties_that_were_set_first_go(api: ChatApi, bounded: None, place: str) -> None:
    chat, update = some_chat(api), f"update_{place}_properties"
    before = shown(api, chat, place)
    for name in ("int_property", "bool_property", "string_property", "int_property"):
        given = {"test": {name: VALUES["test"][name]}}
        api.call(update, body_of(chat, update, given), scopes=ALL)
    api.call(
        update, body_of(chat, update, {"test": {"tokenized_string_property": "y"}}), scopes=ALL
    )
    # The number was set first, and anew.
    left = {"string_property": "x", "int_property": 3, "tokenized_string_property": "y"}
    others = {name: values for name, values in before.items() if name != "test"}
    assert shown(api, chat, place) == others | {"test": left}


def test_a_chat_that_is_resumed_again_and_again_keeps_no_more(api: ChatApi, bounded: None) -> None:
    chat_id = api.call("start_chat", {"active": False}, scopes=ALL)["chat_id"]
    for number in range(9):
        given = {"id": chat_id, "properties": {"test": {f"name_{number}": "x"}}}
        api.call("resume_chat", {"chat": given, "active": False}, scopes=ALL)
    left = api.call("get_chat", {"chat_id": chat_id}, scopes=ALL)["properties"]["test"]
    assert left == {f"name_{number}": "x" for number in (6, 7, 8)}


@pytest.mark.parametrize("place", PLACES)
def test_a_property_that_was_deleted_makes_room(api: ChatApi, bounded: None, place: str) -> None:
    chat, update, delete = (
        some_chat(api),
        f"update_{place}_properties",
        f"delete_{place}_properties",
    )
    api.call(update, body_of(chat, update, VALUES), scopes=ALL)
    api.call(delete, body_of(chat, delete, {"test": ["bool_property"]}), scopes=ALL)
    api.call(
        update, body_of(chat, update, {"test": {"tokenized_string_property": "y"}}), scopes=ALL
    )
    assert {"string_property": "x", "int_property": 3}.items() <= shown(api, chat, place)[
        "test"
    ].items()


def test_properties_of_what_has_gone_go_along(api: ChatApi, bounded: None) -> None:
    chat = some_chat(api)
    started = api.call("start_chat", {}, scopes=ALL)["chat_id"]
    update = "update_chat_properties"
    api.call(update, {"id": started, "properties": VALUES}, scopes=ALL)
    gone = api.chats.get(started)
    assert gone is not None
    api.chats.remove(gone)
    api.call(update, body_of(chat, update, VALUES), scopes=ALL)
    assert VALUES["test"].items() <= shown(api, chat, "chat")["test"].items()
