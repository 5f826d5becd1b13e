"""Routing statuses: set, listed, and where else they show.

Source: livechat-public-docs, agent-chat-api (Status, List Agents For Transfer) of versions 3.4 to
3.7.
"""

from functools import partial

import pytest

from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, ChatApi, Json, refused, serve

OTHER = "priya.raman@example.com"
AWAY = "yuki.tanaka@example.com"  # 14:30 UTC is late at night for her

Refusal = tuple[int, str]
VALIDATION, AUTHORIZATION, NOT_FOUND = (
    (400, "validation"),
    (403, "authorization"),
    (404, "not_found"),
)


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)()


def statuses(api: ChatApi, body: Json | None = None, version: str = "3.6") -> dict[str, str]:
    listed = api.call("list_routing_statuses", body, scopes=("agents--all:ro",), version=version)
    assert all(set(one) == {"agent_id", "status"} for one in listed)
    return {one["agent_id"]: one["status"] for one in listed}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_status_that_was_set_is_listed(api: ChatApi, version: str) -> None:
    at_first = statuses(api, version=version)
    assert at_first[NORMAL] == "accepting_chats"
    assert at_first[AWAY] == "offline"
    body = {"status": "not_accepting_chats"}
    use = {"scopes": ("agents--my:rw",), "email": NORMAL, "version": version}
    assert api.call("set_routing_status", body, **use) == {}
    assert statuses(api, version=version) == at_first | {NORMAL: "not_accepting_chats"}


def test_statuses_of_groups(api: ChatApi) -> None:
    # Who is in which group: world/people.
    filters = {"filters": {"group_ids": [3]}}
    assert set(statuses(api, filters)) == {OWNER, "tomasz.zielinski@example.com", NORMAL}
    filters = {"filters": {"group_ids": []}}
    assert statuses(api, filters) == statuses(api)


def test_a_group_is_online_while_one_of_its_agents_accepts_chats(api: ChatApi) -> None:
    def status() -> str:
        body = {"id": 2, "fields": ["routing_status"]}
        scopes = ("groups--all:ro",)
        group = api.call("get_group", body, api="configuration", scopes=scopes)
        return str(group["routing_status"])

    for agent_id in ("tomasz.zielinski@example.com", "claire.dubois@example.com"):
        assert status() == "online"
        body = {"agent_id": agent_id, "status": "not_accepting_chats"}
        api.call("set_routing_status", body, scopes=("agents--all:rw",))
    assert status() == "offline"


STATUSES: list[tuple[tuple[str, ...], Json, Refusal | None]] = [
    (("agents--my:rw",), {}, None),
    (("agents--my:rw",), {"agent_id": NORMAL}, None),
    (("agents--my:rw",), {"agent_id": OTHER}, AUTHORIZATION),
    (("agents--all:rw",), {"agent_id": OTHER}, None),
    (("agents--all:rw",), {"agent_id": "nobody@example.com"}, NOT_FOUND),
    (("agents--all:rw",), {"agent_id": "ruth.okafor@example.org"}, NOT_FOUND),
    (("agents-bot--all:rw",), {"agent_id": "5c9871d5372c824cbf22d860a707a578"}, NOT_FOUND),
    (("agents-bot--all:rw",), {}, AUTHORIZATION),
    (("agents--all:ro",), {}, AUTHORIZATION),
    (("agents--my:rw",), {"status": "offline"}, VALIDATION),  # "For bot agents"
    (("agents--my:rw",), {"status": "accepting chats"}, VALIDATION),
    (("agents--my:rw",), {"status": None}, VALIDATION),
]


@pytest.mark.parametrize(("scopes", "given", "refusal"), STATUSES)
def test_set_routing_status(
    api: ChatApi, scopes: tuple[str, ...], given: Json, refusal: Refusal | None
) -> None:
    before = statuses(api)
    body = {"status": "not_accepting_chats"} | given
    answer = api.post("set_routing_status", body, scopes=scopes, email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal
    changed = {given.get("agent_id", NORMAL): "not_accepting_chats"} if answer.ok else {}
    assert statuses(api) == before | changed


@pytest.mark.parametrize(
    ("scope", "number"),
    [
        ("agents--all:ro", 7),
        ("agents--all:rw", 7),
        ("agents-bot--all:ro", 0),
        ("agents--my:ro", -1),
    ],
)
def test_scopes_of_list_routing_statuses(api: ChatApi, scope: str, number: int) -> None:
    answer = api.post("list_routing_statuses", scopes=(scope,))
    if number < 0:
        assert refused(answer)[:2] == AUTHORIZATION
    else:
        assert len(answer.json()) == number


@pytest.mark.parametrize("version", VERSIONS)
def test_list_agents_for_transfer(api: ChatApi, version: str) -> None:
    active = [chat for chat in api.chats.ordered() if chat.active]
    chat = next(c for c in active if any(one.present for one in c.participants))
    there = {one.agent.email for one in chat.participants if one.present}
    busy = {
        agent_id: sum(
            any(one.present and one.agent.email == agent_id for one in other.participants)
            for other in active
        )
        for agent_id in statuses(api)
    }
    expected = {
        agent_id: busy[agent_id]
        for agent_id, status in statuses(api).items()
        # "Offline Agents aren't returned."
        if status != "offline" and agent_id not in there
    }
    # "Required scopes: -"
    listed = api.call(
        "list_agents_for_transfer", {"chat_id": chat.id}, scopes=("customers:ro",), version=version
    )
    assert {one["agent_id"]: one["total_active_chats"] for one in listed} == expected
    # "Agents are sorted ascendingly by the total number of active chats they have."
    counts = [one["total_active_chats"] for one in listed]
    assert counts == sorted(counts)
    assert AWAY not in expected


def test_who_does_not_accept_chats_can_be_transferred_to(api: ChatApi) -> None:
    chat = next(c for c in api.chats.ordered() if not c.active)
    body = {"status": "not_accepting_chats", "agent_id": AWAY}
    api.call("set_routing_status", body, scopes=("agents--all:rw",))
    listed = api.call("list_agents_for_transfer", {"chat_id": chat.id})
    assert AWAY in {one["agent_id"] for one in listed}


@pytest.mark.parametrize(
    ("body", "refusal"), [({"chat_id": "NOCHAT"}, NOT_FOUND), ({}, VALIDATION)]
)
def test_list_agents_for_transfer_of_no_chat(api: ChatApi, body: Json, refusal: Refusal) -> None:
    assert refused(api.post("list_agents_for_transfer", body))[:2] == refusal
