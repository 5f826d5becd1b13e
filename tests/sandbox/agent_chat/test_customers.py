"""The methods for customers, and that what they change shows everywhere.

Source: livechat-public-docs, agent-chat-api (Customers) of versions 3.4 to 3.7.
"""

import uuid
from functools import partial
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.store import chat_store, customer_data
from lc_tutorial.sandbox.world.chats import Chat, Customer
from tests.sandbox.chat_api import VERSIONS, ChatApi, Json, refused, serve
from tests.sandbox.conftest import RunningSandbox

READ, WRITE = ("customers:ro",), ("customers:rw",)
OLD, NEW = ("3.4", "3.5"), ("3.6", "3.7")

Refusal = tuple[int, str]
VALIDATION, AUTHORIZATION, NOT_FOUND = (
    (400, "validation"),
    (403, "authorization"),
    (404, "not_found"),
)


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)(own_chats=True)


def some_chat(api: ChatApi) -> Chat:
    """The chat of a customer who is known by name, and was here before today."""
    return next(c for c in api.chats.ordered() if c.customer and c.customer.name and not c.active)


def some_customer(api: ChatApi) -> Customer:
    customer = some_chat(api).customer
    assert customer is not None
    return customer


# --- get_customer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_customer_looks_as_in_the_sample(api: ChatApi, version: str) -> None:
    chats = [chat for chat in api.chats.ordered() if chat.customer]
    fields: set[str] = set()
    for chat in chats:
        assert chat.customer is not None
        body = {"id": chat.customer.id}
        shown = api.call("get_customer", body, scopes=READ, version=version)
        fields |= set(shown)
        assert shown["type"] == "customer"
        assert shown["chat_ids"] == [chat.id]
        in_chat = api.call("get_chat", {"chat_id": chat.id}, version=version)["users"][0]
        assert {name: in_chat[name] for name in shown if name != "chat_ids"} == {
            name: value for name, value in shown.items() if name != "chat_ids"
        }
    old = {"last_visit"} if version in OLD else set()
    new = {"visit", "tickets", "phone_number", "omnichannel", "address", "carts"}
    common = {
        *("id", "type", "created_at", "name", "email", "session_fields", "statistics"),
        *("agent_last_event_created_at", "customer_last_event_created_at", "chat_ids"),
    }
    assert fields - {"avatar"} == common | (old or new)


# --- update_customer ------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_customer_who_was_updated_shows_so_everywhere(api: ChatApi, version: str) -> None:
    chat, customer = some_chat(api), some_customer(api)
    given = {
        "name": "Thomas Anderson",
        "email": "t.anderson@example.com",
        "avatar": "https://example.com/avatars/1.png",
        "session_fields": [{"custom_key": "custom_value"}, {"another": "value"}],
    }
    query = {"filters": {"query": "Thomas Anderson"}}
    assert api.call("list_archives", query, version=version)["chats"] == []
    body = {"id": customer.id} | given
    assert api.call("update_customer", body, scopes=WRITE, version=version) == {}

    summaries = {one["id"]: one for one in api.summaries(version=version)}
    archives = api.call("list_archives", query, version=version)["chats"]
    shown = [
        api.call("get_customer", {"id": customer.id}, scopes=READ, version=version),
        api.call("get_chat", {"chat_id": chat.id}, version=version)["users"][0],
        summaries[chat.id]["users"][0],
        *(one["users"][0] for one in archives),
    ]
    assert len(shown) == 3 + len([thread for thread in chat.threads if not thread.active])
    for one in shown:
        assert {name: one[name] for name in given} == given


@pytest.mark.parametrize("version", NEW)
def test_what_came_with_version_3_6(api: ChatApi, version: str) -> None:
    customer = some_customer(api)
    given: Json = {
        "phone_number": "+14155552671",
        "address": {"city": "Wrocław", "country": "Poland"},
        "omnichannel": {"twilio": {"phone_number": "+12025550147"}},
    }
    use = {"scopes": WRITE, "version": version}
    api.call("update_customer", {"id": customer.id} | given, **use)
    api.call("update_customer", {"id": customer.id, "address": {"state": "Śląsk"}}, **use)
    facebook = {"fbmessenger": {"id": "42", "first_name": "Ana"}}
    api.call("update_customer", {"id": customer.id, "omnichannel": facebook}, **use)
    shown = api.call("get_customer", {"id": customer.id}, scopes=READ, version=version)
    assert shown["phone_number"] == given["phone_number"]
    assert shown["address"] == {"city": "Wrocław", "country": "Poland", "state": "Śląsk"}
    # In the form that the sample of the data structure has.
    assert shown["omnichannel"] == {
        "twilio": [{"+12025550147": {"phone_number": "+12025550147"}}],
        "fbmessenger": [{"42": {"id": "42", "first_name": "Ana"}}],
    }


def test_an_empty_text_takes_away_what_was_there(api: ChatApi) -> None:
    customer = some_customer(api)
    api.call("update_customer", {"id": customer.id, "name": "", "email": ""}, scopes=WRITE)
    shown = api.call("get_customer", {"id": customer.id}, scopes=READ)
    assert "name" not in shown
    assert "email" not in shown


def test_of_too_much_that_was_written_of_customers_the_oldest_goes(
    api: ChatApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_data, "MOST_BYTES", 2_200)
    given = {"session_fields": [{"note": "x" * 500}], "address": {"city": "Lisbon"}}
    ids = [
        api.call("create_customer", {"name": "Ana"}, version="3.5", scopes=WRITE)["customer_id"]
        for _ in range(4)
    ]
    for customer_id in ids:
        api.call("update_customer", {"id": customer_id, **given}, scopes=WRITE)
    shown = [api.call("get_customer", {"id": one}, scopes=READ) for one in ids]
    assert [one.get("session_fields") for one in shown] == [None] * 2 + [
        given["session_fields"]
    ] * 2
    assert [one.get("address") for one in shown] == [None] * 2 + [given["address"]] * 2
    assert {one["name"] for one in shown} == {"Ana"}


UPDATES: list[tuple[str, Json, Refusal | None]] = [
    ("3.6", {"name": "Ana"}, None),
    # "Apart from id, … you also need to include one of the optional parameters."
    ("3.6", {}, VALIDATION),
    ("3.6", {"nickname": "Ana"}, VALIDATION),
    ("3.5", {"phone_number": "+14155552671"}, VALIDATION),  # came with 3.6
    ("3.6", {"phone_number": "+14155552671"}, None),
    ("3.6", {"phone_number": "4155552671"}, VALIDATION),  # "E.164 format"
    ("3.6", {"phone_number": "+1 415 555"}, VALIDATION),
    ("3.6", {"email": "no address"}, VALIDATION),
    *(
        ("3.6", {"avatar": url}, VALIDATION)
        for url in ("javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "x", "https://")
    ),
    ("3.5", {"avatar": "javascript:alert(1)"}, VALIDATION),
    (
        "3.6",
        {"omnichannel": {"fbmessenger": {"id": "1", "profile_pic": "javascript:alert(1)"}}},
        VALIDATION,
    ),
    ("3.6", {"name": 1}, VALIDATION),
    ("3.6", {"session_fields": {"a": "b"}}, VALIDATION),
    ("3.6", {"session_fields": [{"a": "b", "c": "d"}]}, VALIDATION),
    ("3.6", {"session_fields": [{"a": 1}]}, VALIDATION),
    ("3.6", {"session_fields": []}, None),
    ("3.6", {"omnichannel": {"fbmessenger": {"name": "Ana"}}}, VALIDATION),
    ("3.6", {"omnichannel": {"twilio": {}}}, VALIDATION),
    # "The UUID v4 format is required."
    ("3.6", {"id": "not-a-uuid", "name": "Ana"}, VALIDATION),
    ("3.6", {"id": "b7eff798-f8df-1364-8059-649c35c9ed0c", "name": "Ana"}, VALIDATION),
    ("3.6", {"id": "b7eff798-f8df-4364-8059-649c35c9ed0c", "name": "Ana"}, NOT_FOUND),
]


@pytest.mark.parametrize(("version", "given", "refusal"), UPDATES)
def test_what_can_be_updated(
    api: ChatApi, version: str, given: Json, refusal: Refusal | None
) -> None:
    customer = some_customer(api)
    before = api.call("get_customer", {"id": customer.id}, scopes=READ)
    body = {"id": customer.id} | given
    answer = api.post("update_customer", body, scopes=WRITE, version=version)
    assert (None if answer.ok else refused(answer)[:2]) == refusal
    assert answer.ok or api.call("get_customer", {"id": customer.id}, scopes=READ) == before


# --- create_customer and list_customers -----------------------------------------------------------


@pytest.mark.parametrize("version", OLD)
def test_a_customer_who_was_created(api: ChatApi, version: str) -> None:
    given = {"name": "Ana", "email": "ana@example.com", "session_fields": [{"a": "b"}]}
    made = api.call("create_customer", given, scopes=WRITE, version=version)
    assert set(made) == {"customer_id"}
    assert uuid.UUID(made["customer_id"]).version == 4
    shown = api.call("get_customer", {"id": made["customer_id"]}, scopes=READ, version=version)
    assert {name: shown[name] for name in given} == given
    # "Returned only if the customer logged in at least once", "… had at least one chat".
    assert not {"last_visit", "chat_ids"} & set(shown)
    first = api.call("list_customers", {"limit": 1}, scopes=READ, version=version)["customers"]
    assert [one["id"] for one in first] == [made["customer_id"]]


def test_those_who_were_created_do_not_fill_the_memory(api: ChatApi, monkeypatch) -> None:
    monkeypatch.setattr(chat_store, "_ADDED_CUSTOMERS", 2)
    before = len(api.chats.customers)
    ids = [
        api.call("create_customer", {}, scopes=WRITE, version="3.5")["customer_id"]
        for _ in range(4)
    ]
    assert len(api.chats.customers) == before + 2
    assert set(ids[2:]) <= set(api.chats.customers)


def everybody(api: ChatApi, body: Json | None = None, version: str = "3.5") -> list[Json]:
    """All customers that are listed, page by page, forwards, and backwards again."""
    use: Any = {"scopes": READ, "version": version}
    answer = api.call("list_customers", {"limit": 100} | (body or {}), **use)
    total, customers, pages = answer["total_customers"], list(answer["customers"]), [answer]
    while "next_page_id" in answer:
        answer = api.call("list_customers", {"page_id": answer["next_page_id"]}, **use)
        customers += answer["customers"]
        pages.append(answer)
    while "previous_page_id" in answer:
        answer = api.call("list_customers", {"page_id": answer["previous_page_id"]}, **use)
        pages.pop()
        assert answer["customers"] == pages[-1]["customers"]
    assert len(customers) == total
    return customers


@pytest.mark.parametrize("version", OLD)
def test_all_customers_are_listed_newest_first(api: ChatApi, version: str) -> None:
    customers = everybody(api, {"limit": 60}, version)
    assert {one["id"] for one in customers} == set(api.chats.customers)
    created = [one["created_at"] for one in customers]
    assert created == sorted(created, reverse=True)
    assert len(api.call("list_customers", scopes=READ, version=version)["customers"]) == 10
    ascending = everybody(api, {"sort_order": "asc"}, version)
    assert ascending == customers[::-1]


SORTED = {
    "created_at": lambda one: one["created_at"],
    "threads_count": lambda one: one["statistics"]["threads_count"],
    "visits_count": lambda one: one["statistics"]["visits_count"],
    "agent_last_event": lambda one: one.get("agent_last_event_created_at", ""),
    "customer_last_event": lambda one: one.get("customer_last_event_created_at", ""),
}


@pytest.mark.parametrize("sort_by", SORTED)
def test_the_order(api: ChatApi, sort_by: str) -> None:
    customers = everybody(api, {"sort_by": sort_by})
    # "… the entries with identical values will be additionally sorted by their creation time."
    keys = [(SORTED[sort_by](one), one["created_at"]) for one in customers]
    assert keys == sorted(keys, reverse=True)
    assert len(customers) == len(api.chats.customers)


FILTERS: list[tuple[Json, Any]] = [
    ({"country": {"values": ["Poland"]}}, lambda c: country(c) == "Poland"),
    ({"country": {"exclude_values": ["Poland"]}}, lambda c: country(c) != "Poland"),
    ({"chats_count": {"gte": 1}}, lambda _: True),
    ({"threads_count": {"gt": 1}}, lambda c: c.statistics["threads_count"] > 1),
    ({"threads_count": {"lte": 1}}, lambda c: c.statistics["threads_count"] <= 1),
    ({"visits_count": {"eq": 2}}, lambda c: c.statistics["visits_count"] == 2),
    ({"visits_count": {"gte": 2, "lt": 4}}, lambda c: 2 <= c.statistics["visits_count"] < 4),
    (
        {"created_at": {"lt": "2026-05-01T00:00:00Z"}},
        lambda c: c.created_at < 1_777_593_600 * 10**6,
    ),
    (
        {"agent_last_event_created_at": {"gte": "2026-05-01T02:00:00+02:00"}},
        lambda c: (c.agent_last_event_created_at or 0) >= 1_777_593_600 * 10**6,
    ),
    ({"include_customers_without_chats": False}, lambda _: True),
]


def country(customer: Customer) -> str | None:
    return customer.visit.geolocation.get("country") if customer.visit else None


@pytest.mark.parametrize(("filters", "wanted"), FILTERS)
def test_filters(api: ChatApi, filters: Json, wanted: Any) -> None:
    found = {one["id"] for one in everybody(api, {"filters": filters})}
    assert found == {id_ for id_, one in api.chats.customers.items() if wanted(one)}


@pytest.mark.parametrize("name", ["name", "email", "customer_id"])
def test_filters_for_one_customer(api: ChatApi, name: str) -> None:
    customer = next(one for one in api.chats.customers.values() if one.name and one.email)
    value = getattr(customer, name.removeprefix("customer_"))
    found = everybody(api, {"filters": {name: {"values": [value, "nobody"]}}})
    assert customer.id in {one["id"] for one in found}
    assert {one[name.removeprefix("customer_")] for one in found} == {value}
    others = everybody(api, {"filters": {name: {"exclude_values": [value]}}})
    assert len(others) + len(found) == len(api.chats.customers)


def test_filters_for_groups(api: ChatApi) -> None:
    found = {one["id"] for one in everybody(api, {"filters": {"chat_group_ids": {"values": [2]}}})}
    assert found == {
        chat.customer.id for chat in api.chats.ordered() if chat.customer and 2 in chat.group_ids
    }
    made = api.call("create_customer", {}, scopes=WRITE, version="3.5")["customer_id"]
    others = everybody(api, {"filters": {"include_customers_without_chats": False}})
    assert made not in {one["id"] for one in others}


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 0},
        {"limit": 101},
        {"sort_by": "name"},
        {"sort_order": "up"},
        {"filters": {"name": {}}},
        {"filters": {"name": {"values": ["a"], "exclude_values": ["b"]}}},
        {"filters": {"chat_group_ids": {"values": list(range(41))}}},
        {"filters": {"created_at": {"lt": "yesterday"}}},
        {"filters": {"chats_count": {"gte": "1"}}},
        {"page_id": "no page"},
    ],
)
def test_parameters_of_a_list_that_are_not_right(api: ChatApi, body: Json) -> None:
    answer = api.post("list_customers", body, scopes=READ, version="3.5")
    assert refused(answer)[:2] == VALIDATION


@pytest.mark.parametrize("more", [{"limit": 5}, {"sort_by": "created_at"}, {"filters": {}}])
def test_a_page_id_goes_alone(api: ChatApi, more: Json) -> None:
    use: Any = {"scopes": READ, "version": "3.5"}
    page_id = api.call("list_customers", **use)["next_page_id"]
    answer = api.post("list_customers", {"page_id": page_id} | more, **use)
    assert refused(answer)[:2] == VALIDATION


# --- All of them ----------------------------------------------------------------------------------

SCOPES = [
    ("get_customer", "3.6", "customers:ro", True),
    ("get_customer", "3.6", "customers:rw", True),
    ("get_customer", "3.6", "chats--all:rw", False),
    ("update_customer", "3.6", "customers:rw", True),
    ("update_customer", "3.6", "customers:ro", False),
    ("ban_customer", "3.6", "customers.ban:rw", True),
    ("ban_customer", "3.6", "customers:rw", False),
    ("list_customers", "3.5", "customers:ro", True),
    ("list_customers", "3.5", "chats--all:ro", False),
    ("create_customer", "3.5", "customers:rw", True),
    ("create_customer", "3.5", "customers:ro", False),
]


@pytest.mark.parametrize(("action", "version", "scope", "allowed"), SCOPES)
def test_scopes(api: ChatApi, action: str, version: str, scope: str, allowed: bool) -> None:
    body = {"id": some_customer(api).id, "name": "Ana", "ban": {"days": 1}}
    answer = api.post(action, body, scopes=(scope,), version=version)
    assert (None if answer.ok else refused(answer)[:2]) == (None if allowed else AUTHORIZATION)


@pytest.mark.parametrize("action", ["list_customers", "create_customer"])
@pytest.mark.parametrize("version", NEW)
def test_what_version_3_6_has_no_more(api: ChatApi, action: str, version: str) -> None:
    answer = api.post(action, {}, scopes=WRITE, version=version)
    assert refused(answer)[:2] == NOT_FOUND


def test_customers_of_another_organisation_are_out_of_reach(api: ChatApi) -> None:
    body = {"id": some_customer(api).id, "name": "Ana", "ban": {"days": 1}}
    for action in ("get_customer", "update_customer", "ban_customer"):
        answer = api.post(
            action,
            body,
            scopes=("customers:rw", "customers.ban:rw"),
            email="ruth.okafor@example.org",
        )
        assert refused(answer)[:2] == NOT_FOUND


# --- ban_customer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ban", [{}, {"days": 0}, {"days": -1}, {"days": "3"}, None, {"days": 10**9}]
)
def test_bans_that_are_not_right(api: ChatApi, ban: Any) -> None:
    body = {"id": some_customer(api).id, "ban": ban}
    answer = api.post("ban_customer", body, scopes=("customers.ban:rw",))
    assert refused(answer)[:2] == VALIDATION


def test_a_banned_customer_is_kept_out_for_so_many_days(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    world, owner = sandbox.world, sandbox.author
    organization = world.organizations[owner.organization_id]

    def as_customer(token: str) -> requests.Response:
        return http.post(
            f"{sandbox.url}/v3.6/customer/action/list_chats",
            params={"organization_id": organization.id},
            json={},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )

    def as_agent(action: str, body: Json) -> Json:
        token = world.grants.issue_access_token(
            "an-app", owner.id, ("customers.ban:rw", "chats--all:ro")
        )
        answer = http.post(
            f"{sandbox.url}/v3.6/agent/action/{action}",
            json=body,
            headers={"Authorization": f"Bearer {token.value}"},
            timeout=30,
        )
        assert answer.ok
        return dict(answer.json())

    chats = sandbox.chats.of(organization)
    chat = next(c for c in chats.ordered() if c.active and c.customer and c.customer.present)
    assert chat.customer is not None
    token = world.customers.issue_token("an-app", organization.id, chat.customer.id).value
    assert as_customer(token).ok
    as_agent("ban_customer", {"id": chat.customer.id, "ban": {"days": 3}})
    # Source: livechat-public-docs, src/constants
    assert refused(as_customer(token)) == (403, "customer_banned", "Customer is banned")
    assert as_agent("get_chat", {"chat_id": chat.id})["users"][0]["present"] is False
    world.clock.advance(3 * 86_400 + 1)
    token = world.customers.issue_token("an-app", organization.id, chat.customer.id).value
    assert as_customer(token).ok
