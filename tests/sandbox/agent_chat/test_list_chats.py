"""list_chats: its parameters, its answer, and what differs between the versions.

Sources, by page of livechat-public-docs: `agent-chat-api` (messaging/agent-chat-api and its
versions, List Chats), `data-structures` and `changelog` (beside it), `scopes` (authorization).
"""

import itertools
import re
import tracemalloc
import uuid
from datetime import datetime
from functools import partial

import pytest

from lc_tutorial.sandbox.seed.details import LOYALTY_APP
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import NOW, Chat, Event
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, ChatApi, Json, refused, serve

every_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def make_api(_server, http):
    return partial(serve, _server, http)


@pytest.fixture
def api(make_api) -> ChatApi:
    return make_api()


@pytest.fixture
def own_api(make_api) -> ChatApi:
    return make_api(own_chats=True)


VALIDATION = (400, "validation", "Wrong format of request")
MONTH = 30 * 86_400

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")


def last_thread(chat: Json) -> Json | None:
    return chat.get("last_thread_info") or chat.get("last_thread_summary")


def last_events(chat: Json) -> dict[str, Json]:
    holder = chat.get("last_thread_info", chat)
    return {kind: entry["event"] for kind, entry in holder.get("last_event_per_type", {}).items()}


def customer_of(chat: Json) -> Json:
    (customer,) = [user for user in chat["users"] if user["type"] == "customer"]
    return customer


# --- Which chats --------------------------------------------------------------------------------


@every_version
def test_all_chats_newest_last_thread_first(api: ChatApi, version):
    # Source: lc-sdk-python, agent/web, list_chats (sort_order).
    chats = api.summaries(version=version)
    assert len(chats) == 250
    positions = [(t["created_at"], c["id"]) for c in chats if (t := last_thread(c))]
    assert positions == sorted(positions, reverse=True)


def test_oldest_first(api: ChatApi):
    newest_first = [chat["id"] for chat in api.summaries()]
    assert [c["id"] for c in api.summaries({"sort_order": "asc"})] == newest_first[::-1]
    assert [c["id"] for c in api.summaries({"sort_order": "desc"})] == newest_first


@pytest.mark.parametrize(
    ("version", "filters", "passes"),
    [
        # Source: agent-chat-api, List Chats, of versions 3.5 and 3.6; changelog of 3.6.
        ("3.4", {}, lambda active: True),
        ("3.4", {"include_active": True}, lambda active: True),
        ("3.4", {"include_active": False}, lambda active: not active),
        ("3.5", {"include_active": None}, lambda active: True),
        ("3.5", {"include_active": False}, lambda active: not active),
        ("3.5", {"active": True}, lambda active: True),  # came with 3.6
        ("3.6", {}, lambda active: True),
        ("3.6", {"active": None}, lambda active: True),
        ("3.6", {"active": True}, lambda active: active),
        ("3.6", {"active": False}, lambda active: not active),
        ("3.6", {"include_active": False}, lambda active: True),  # gone with 3.6
        ("3.7", {"active": True}, lambda active: active),
        ("3.7", {"active": False}, lambda active: not active),
    ],
)
def test_active_chats(api: ChatApi, version, filters, passes):
    expected = {chat.id for chat in api.chats.ordered() if passes(chat.active)}
    assert expected
    assert api.ids({"filters": filters}, version=version) == expected


@pytest.mark.parametrize(("wanted", "there"), [(None, True), (True, True), (False, False)])
@every_version
def test_chats_without_threads(api: ChatApi, version, wanted, there):
    # Source: agent-chat-api, List Chats (include_chats_without_threads, default true).
    filters = {} if wanted is None else {"include_chats_without_threads": wanted}
    chats = api.summaries({"filters": filters}, version=version)
    assert any(last_thread(chat) is None for chat in chats) is there


@pytest.mark.parametrize("group_ids", [[0], [1], [1, 3], [2, 2], [0, 99], [99], [-1], []])
def test_groups(api: ChatApi, group_ids):
    expected = {c.id for c in api.chats.ordered() if set(c.group_ids) & set(group_ids)}
    if not group_ids:  # filters nothing
        expected = {c.id for c in api.chats.ordered()}
    assert api.ids({"filters": {"group_ids": group_ids}}) == expected


LOYALTY = LOYALTY_APP


@pytest.mark.parametrize(
    ("namespace", "name", "wanted", "passes"),
    [
        # Source: agent-chat-api, List Chats (filter_type).
        (LOYALTY, "tier", {"exists": True}, lambda v: v is not None),
        (LOYALTY, "tier", {"exists": False}, lambda v: v is None),
        (LOYALTY, "tier", {"values": ["gold"]}, lambda v: v == "gold"),
        (LOYALTY, "tier", {"values": ["gold", "silver"]}, lambda v: v in ("gold", "silver")),
        (LOYALTY, "tier", {"exclude_values": ["gold"]}, lambda v: v != "gold"),
        (LOYALTY, "tier", {"values": []}, lambda v: False),
        (LOYALTY, "tier", {"exclude_values": []}, lambda v: True),
        (LOYALTY, "orders", {"values": [1]}, lambda v: v == 1),
        (LOYALTY, "orders", {"values": ["1"]}, lambda v: False),
        (LOYALTY, "orders", {"values": [True]}, lambda v: False),
        (LOYALTY, "newsletter", {"values": [True]}, lambda v: v is True),
        (LOYALTY, "newsletter", {"values": [1]}, lambda v: False),
        (LOYALTY, "newsletter", {"exclude_values": [True]}, lambda v: v is not True),
        (LOYALTY, "nothing", {"exists": False}, lambda v: True),
        (LOYALTY, "nothing", {"exists": True}, lambda v: False),
        ("rating", "score", {"values": [0, 1]}, lambda v: v is not None),
        ("nowhere", "nothing", {"values": ["x"]}, lambda v: False),
        ("test", "string_property", {"values": ["red"]}, lambda v: v == "red"),
    ],
)
@every_version
def test_properties(api: ChatApi, version, namespace, name, wanted, passes):
    expected = {
        chat.id
        for chat in api.chats.ordered()
        if passes(chat.properties.get(namespace, {}).get(name))
    }
    filters = {"properties": {namespace: {name: wanted}}}
    assert api.ids({"filters": filters}, version=version) == expected


def test_filters_add_up(api: ChatApi):
    filters = {
        "active": False,
        "include_chats_without_threads": False,
        "group_ids": [people.ORDERS],
        "properties": {
            LOYALTY: {"tier": {"values": ["gold"]}, "newsletter": {"values": [True]}},
            "rating": {"score": {"exists": True}},
        },
    }
    chats = api.summaries({"filters": filters})
    assert chats
    for chat in chats:
        assert chat["access"]["group_ids"] == [people.ORDERS]
        assert chat["properties"][LOYALTY]["tier"] == "gold"
        assert chat["properties"][LOYALTY]["newsletter"] is True
        assert "score" in chat["properties"]["rating"]


@pytest.mark.parametrize(
    "body",
    [
        # Source: agent-chat-api, List Chats (types, ranges; "only one value ... for a single
        # property").
        {"limit": 0},
        {"limit": 101},
        {"limit": -1},
        {"limit": 2.5},
        {"limit": "10"},
        {"limit": True},
        {"limit": [10]},
        {"sort_order": "newest"},
        {"sort_order": "DESC"},
        {"sort_order": 1},
        {"sort_order": ""},
        {"filters": []},
        {"filters": "active"},
        {"filters": {"include_chats_without_threads": "yes"}},
        {"filters": {"include_chats_without_threads": 1}},
        {"filters": {"group_ids": 1}},
        {"filters": {"group_ids": "1"}},
        {"filters": {"group_ids": ["1"]}},
        {"filters": {"group_ids": [1.5]}},
        {"filters": {"group_ids": [None]}},
        {"filters": {"group_ids": [0] * 201}},
        {"filters": {"properties": []}},
        {"filters": {"properties": {"a": 1}}},
        {"filters": {"properties": {"a": {"b": "c"}}}},
        {"filters": {"properties": {"a": {"b": {}}}}},
        {"filters": {"properties": {"a": {"b": {"value": ["c"]}}}}},
        {"filters": {"properties": {"a": {"b": {"exists": "true"}}}}},
        {"filters": {"properties": {"a": {"b": {"values": "c"}}}}},
        {"filters": {"properties": {"a": {"b": {"values": [1.5]}}}}},
        {"filters": {"properties": {"a": {"b": {"values": [{}]}}}}},
        {"filters": {"properties": {"a": {"b": {"exists": True, "values": ["c"]}}}}},
        {"filters": {"properties": {"a": {"b": {"values": ["c"], "exclude_values": ["d"]}}}}},
        {"page_id": 7},
        {"page_id": {}},
        {"page_id": ""},
        {"page_id": "MTUxNzM5ODEzMTQ5Ng=="},
        {"page_id": "Ä"},
        {"page_id": "x" * 100_000},
    ],
)
@every_version
def test_malformed_parameters(api: ChatApi, version, body):
    assert refused(api.post("list_chats", body, version=version)) == VALIDATION


@pytest.mark.parametrize(
    ("version", "filters"),
    [("3.5", {"include_active": "no"}), ("3.6", {"active": "no"}), ("3.6", {"active": 0})],
)
def test_malformed_filters_of_a_version(api: ChatApi, version, filters):
    response = api.post("list_chats", {"filters": filters}, version=version)
    assert refused(response) == VALIDATION


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"limit": 1},
        {"limit": 100},
        {"filters": {}},
        {"filters": {"group_ids": [0] * 200}},
        {"limit": None, "sort_order": None, "filters": None, "page_id": None},
        {"something": "else", "filters": {"something": "else"}},
    ],
)
@every_version
def test_good_parameters(api: ChatApi, version, body):
    api.call("list_chats", body, version=version)


# --- Access -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group_ids", "present", "visible"),
    [
        # Source: scopes, "Accessing chat"; data-structures, "Access" (group 0).
        ([people.PLANT_CARE], None, False),  # chats -A -P
        ([people.ORDERS], None, True),  # chats +A -P
        ([people.PLANT_CARE], True, True),  # chats -A +P
        ([people.ORDERS], True, True),  # chats +A +P
        ([people.PLANT_CARE], False, False),  # was in it, and left
        ([people.GENERAL], None, True),
        ([people.PLANT_CARE, people.WHOLESALE], None, True),
    ],
)
def test_access(own_api: ChatApi, group_ids, present, visible):
    agent = people.FERN_AND_FILTER.agent(NORMAL)
    chat = next(
        chat
        for chat in own_api.chats.ordered()
        if chat.threads and NORMAL not in [p.agent.email for p in chat.participants]
    )
    chat.group_ids = group_ids
    if present is not None:
        participant = next(p for c in own_api.chats.ordered() for p in c.participants)
        chat.participants.append(type(participant)(agent, None, present=present))
    own_api.chats.put(chat)
    assert (chat.id in own_api.ids(scopes=("chats--access:ro",), email=NORMAL)) is visible
    assert chat.id in own_api.ids(scopes=("chats--all:ro",), email=NORMAL)


def test_groups_of_others_stay_hidden_when_they_are_asked_for(api: ChatApi):
    body = {"filters": {"group_ids": [people.PLANT_CARE]}}
    every = api.ids(body)
    mine = api.ids(body, scopes=("chats--access:ro",), email=NORMAL)
    assert mine < every


@pytest.mark.parametrize("email", [OWNER, "tomasz.zielinski@example.com", NORMAL])
def test_is_followed_depends_on_who_asks(api: ChatApi, email):
    followed = {chat["id"] for chat in api.summaries(email=email) if chat["is_followed"]}
    assert followed == {chat.id for chat in api.chats.ordered() if email in chat.followers}


# --- Pages --------------------------------------------------------------------------------------


def test_ten_chats_unless_asked_for_more(api: ChatApi):
    # Source: agent-chat-api, List Chats (limit).
    assert len(api.call("list_chats")["chats_summary"]) == 10
    assert len(api.call("list_chats", {"limit": 100})["chats_summary"]) == 100


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [7, 50, 100])
@every_version
def test_there_and_back_again(api: ChatApi, version, order, limit):
    # Source: agent-chat-api, "Pagination".
    name = "chats_info" if version == "3.7" else "chats_summary"
    first = api.call("list_chats", {"limit": limit, "sort_order": order}, version=version)
    assert "previous_page_id" not in first
    pages = [first]
    while "next_page_id" in pages[-1]:
        body = {"page_id": pages[-1]["next_page_id"]}
        pages.append(api.call("list_chats", body, version=version))
    assert [len(page[name]) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert sum(len(page[name]) for page in pages) == 250
    back = [pages[-1]]
    while "previous_page_id" in back[-1]:
        body = {"page_id": back[-1]["previous_page_id"]}
        back.append(api.call("list_chats", body, version=version))
    assert [p[name] for p in back[::-1]] == [p[name] for p in pages]
    assert {page["found_chats"] for page in pages + back} == {250}


def test_no_page_ids_where_all_fits_on_one_page(api: ChatApi):
    body = {"filters": {"active": True}, "limit": 100}
    assert set(api.call("list_chats", body)) == {"chats_summary", "found_chats"}


def test_an_empty_list(api: ChatApi):
    body = {"filters": {"group_ids": [99]}}
    assert api.call("list_chats", body) == {"chats_summary": [], "found_chats": 0}


def test_later_pages_keep_filters_order_and_limit(api: ChatApi):
    # Source: agent-chat-api, List Chats (filters), "Pagination".
    body = {"filters": {"group_ids": [people.ORDERS]}, "limit": 4, "sort_order": "asc"}
    first = api.call("list_chats", body)
    second = api.call("list_chats", {"page_id": first["next_page_id"]})
    chats = first["chats_summary"] + second["chats_summary"]
    assert len(chats) == 8
    assert all(chat["access"]["group_ids"] == [people.ORDERS] for chat in chats)
    times = [last_thread(chat)["created_at"] for chat in chats if last_thread(chat)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "more",
    [
        # Source: agent-chat-api, "Pagination": these cannot come with page_id.
        {"filters": {}},
        {"filters": {"group_ids": [0]}},
        {"limit": 10},
        {"sort_order": "desc"},
        {"limit": 10, "sort_order": "desc", "filters": {}},
    ],
)
@every_version
def test_page_id_goes_alone(api: ChatApi, version, more):
    page_id = api.call("list_chats", version=version)["next_page_id"]
    response = api.post("list_chats", {"page_id": page_id} | more, version=version)
    assert refused(response) == VALIDATION
    api.call("list_chats", {"page_id": page_id}, version=version)


def test_a_page_id_lasts_a_month(api: ChatApi):
    # Source: agent-chat-api, "Pagination".
    page_id = api.call("list_chats")["next_page_id"]
    api.world.clock.advance(MONTH - 60)
    page = api.call("list_chats", {"page_id": page_id})
    assert len(page["chats_summary"]) == 10
    api.world.clock.advance(61)
    assert refused(api.post("list_chats", {"page_id": page_id})) == VALIDATION


@pytest.mark.parametrize("other", [NORMAL, people.PAPER_LANTERN.owner.email])
def test_a_page_id_is_worth_nothing_to_others(api: ChatApi, other):
    page_id = api.call("list_chats")["next_page_id"]
    response = api.post("list_chats", {"page_id": page_id}, email=other)
    assert refused(response) == VALIDATION


def test_a_page_id_outlives_its_token(api: ChatApi):
    token = api.token()
    headers = {"Authorization": f"Bearer {token}"}
    page_id = api.call("list_chats", headers=headers)["next_page_id"]
    api.world.grants.revoke(token)
    api.call("list_chats", {"page_id": page_id})


def test_a_page_id_gives_no_more_than_the_token_that_comes_with_it(api: ChatApi):
    page_id = api.call("list_chats", email=NORMAL)["next_page_id"]
    body, scopes = {"page_id": page_id}, ("chats--access:ro",)
    page = api.call("list_chats", body, scopes=scopes, email=NORMAL)
    mine = api.ids(scopes=scopes, email=NORMAL)
    assert page["found_chats"] == len(mine)
    assert {chat["id"] for chat in page["chats_summary"]} <= mine


def test_a_page_id_cannot_be_changed(api: ChatApi):
    page_id = api.call("list_chats")["next_page_id"]
    for at, character in enumerate(page_id.rstrip("=")):
        other = "A" if character != "A" else "B"
        changed = page_id[:at] + other + page_id[at + 1 :]
        if at % 5 == 0 and changed != page_id:
            assert refused(api.post("list_chats", {"page_id": changed})) == VALIDATION
    for cut in (page_id[:-4], page_id[4:], page_id + "AAAA", page_id[:16]):
        assert refused(api.post("list_chats", {"page_id": cut})) == VALIDATION


def test_another_sandbox_s_page_id(api: ChatApi, make_api):
    page_id = make_api().call("list_chats")["next_page_id"]
    assert refused(make_api().post("list_chats", {"page_id": page_id})) == VALIDATION


def test_chats_that_come_in_between_do_not_shift_the_pages(own_api: ChatApi):
    first = own_api.call("list_chats")
    newest = own_api.chats.ordered()[-1]
    moved = next(chat for chat in own_api.chats.ordered() if chat.threads)
    moved.threads[-1].created_at = newest.threads[-1].created_at + 1
    own_api.chats.put(moved)
    second = own_api.call("list_chats", {"page_id": first["next_page_id"]})
    ids = [chat["id"] for chat in first["chats_summary"] + second["chats_summary"]]
    assert len(set(ids)) == 20
    assert moved.id not in ids
    assert own_api.call("list_chats", {"limit": 1})["chats_summary"][0]["id"] == moved.id


def test_a_chat_that_changed_is_shown_as_it_is_now(own_api: ChatApi):
    for version in VERSIONS:
        own_api.summaries(version=version)
    chat = own_api.chats.ordered()[100]
    chat.customer.name = "Somebody Else"
    own_api.chats.put(chat)
    for version, email in itertools.product(VERSIONS, (OWNER, NORMAL)):
        (shown,) = [
            c for c in own_api.summaries(version=version, email=email) if c["id"] == chat.id
        ]
        assert customer_of(shown)["name"] == "Somebody Else"


# --- The answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "chats", "thread", "visit", "events_in_thread"),
    [
        # Source: changelog of 3.6 and 3.7; agent-chat-api v3.7, List Chats (the sample answer).
        ("3.4", "chats_summary", "last_thread_summary", "last_visit", False),
        ("3.5", "chats_summary", "last_thread_summary", "last_visit", False),
        ("3.6", "chats_summary", "last_thread_summary", "visit", False),
        ("3.7", "chats_info", "last_thread_info", "visit", True),
    ],
)
def test_names_by_version(api: ChatApi, version, chats, thread, visit, events_in_thread):
    answer = api.call("list_chats", version=version)
    assert set(answer) == {chats, "found_chats", "next_page_id"}
    for chat in answer[chats]:
        expected = {"id", thread, "users", "properties", "access", "is_followed"}
        if events_in_thread:
            assert set(chat) == expected
            entries = chat[thread]["last_event_per_type"].values()
            assert all(set(entry) == {"event"} for entry in entries)
        else:
            assert set(chat) == expected | {"last_event_per_type"}
            assert "last_event_per_type" not in chat[thread]
            for entry in chat["last_event_per_type"].values():
                assert set(entry) == {"thread_id", "thread_created_at", "event"}
        assert {"visit", "last_visit"} & set(customer_of(chat)) == {visit}


CUSTOMER = {"id", "type", "present", "created_at", "statistics"}
CUSTOMER_MAYBE = {
    "name",
    "email",
    "email_verified",
    "events_seen_up_to",
    "agent_last_event_created_at",
    "customer_last_event_created_at",
    "session_fields",
    "avatar",
    "group_ids",
    "state",
}
CUSTOMER_SINCE_3_6 = {"tickets", "phone_number", "carts", "omnichannel", "address"}
STATISTICS = {
    "chats_count",
    "threads_count",
    "visits_count",
    "page_views_count",
    "greetings_shown_count",
    "greetings_accepted_count",
}
GEOLOCATION = {"country", "country_code", "region", "city", "timezone", "latitude", "longitude"}


@every_version
def test_customers(api: ChatApi, version):
    # Source: data-structures, "Customer"; payloads/users/customer of each version.
    modern = version >= "3.6"
    seen = set()
    for chat in api.summaries(version=version):
        customer = customer_of(chat)
        seen |= set(customer)
        assert str(uuid.UUID(customer["id"])) == customer["id"]
        visit = customer["visit" if modern else "last_visit"]
        assert set(visit) - {"ended_at", "referrer"} == {
            "started_at",
            "ip",
            "user_agent",
            "geolocation",
            "last_pages",
        }
        assert set(visit["geolocation"]) == GEOLOCATION
        assert all(isinstance(value, str) for value in visit["geolocation"].values())
        for page in visit["last_pages"]:
            assert set(page) == {"opened_at", "url", "title"}
        assert set(customer["statistics"]) == STATISTICS | ({"tickets_count"} if modern else set())
        for entry in customer.get("session_fields", []):
            assert len(entry) == 1
    visit = "visit" if modern else "last_visit"
    assert seen == CUSTOMER | CUSTOMER_MAYBE | {visit} | (CUSTOMER_SINCE_3_6 if modern else set())


@every_version
def test_agents(api: ChatApi, version):
    # Source: data-structures, "Agent"; changelog of 3.4 (visibility).
    agents = [u for c in api.summaries(version=version) for u in c["users"] if u["type"] == "agent"]
    assert {agent["id"] for agent in agents} == {a.email for a in people.FERN_AND_FILTER.agents}
    for agent in agents:
        assert agent["id"] == agent["email"]
        assert agent["visibility"] in ("all", "agents")
        assert set(agent) - {"events_seen_up_to"} == {
            "id",
            "name",
            "email",
            "type",
            "present",
            "avatar",
            "visibility",
        }
    assert {agent["present"] for agent in agents} == {True, False}


@every_version
def test_last_threads(api: ChatApi, version):
    # Source: data-structures, "Chat summaries" and "Threads".
    seen = set()
    for chat in api.summaries(version=version):
        thread = last_thread(chat)
        if thread is None:
            assert not last_events(chat)
            continue
        seen |= set(thread)
        users = {user["id"] for user in chat["users"]}
        assert set(thread["user_ids"]) <= users
        if "queue" in thread:
            assert set(thread["queue"]) == {"position", "wait_time", "queued_at"}
            assert thread["active"]
        assert thread.get("tags") != []
    required = {"id", "created_at", "active", "user_ids", "properties", "access"}
    events = {"last_event_per_type"} if version == "3.7" else set()
    assert seen == required | {"tags", "queue"} | events


EVENT = {"id", "created_at", "visibility", "type"}
EVENTS: dict[str, tuple[set[str], set[str]]] = {
    # Required and optional fields. Source: data-structures, "Events".
    "message": ({"author_id", "text"}, {"postback"}),
    "system_message": ({"text", "system_message_type"}, {"text_vars"}),
    "filled_form": ({"author_id", "form_id", "form_type", "fields"}, set()),
    "form": ({"author_id", "form_id", "form_type", "fields"}, set()),
    "file": (
        {"author_id", "name", "url", "content_type"},
        {"thumbnail_url", "thumbnail2x_url", "size", "width", "height", "alternative_text"},
    ),
    "rich_message": ({"author_id", "template_id", "elements"}, set()),
    "custom": ({"author_id", "content"}, set()),
    "system": ({"source", "subtype", "version", "details"}, set()),
}


@every_version
def test_last_events(api: ChatApi, version):
    # Source: changelog of 3.6: the event type "system" came with it.
    seen = set()
    for chat in api.summaries(version=version):
        for kind, event in last_events(chat).items():
            seen.add(kind)
            required, optional = EVENTS[kind]
            assert event["type"] == kind
            assert event["visibility"] in ("all", "agents")
            assert EVENT | required <= set(event)
            assert set(event) <= EVENT | required | optional | {
                "custom_id",
                "properties",
                "deleted",
            }
    assert seen == set(EVENTS) - ({"system"} if version < "3.6" else set())


def test_form_fields(api: ChatApi):
    # Source: data-structures, "Form fields" and "Filled form fields".
    types = set()
    for chat in api.summaries():
        events = last_events(chat)
        for field in events.get("form", {}).get("fields", []):
            options = {"options"} if field["type"] == "select" else set()
            assert set(field) == {"type", "id", "label", "required"} | options
        for field in events.get("filled_form", {}).get("fields", []):
            types.add(field["type"])
            if field["type"] == "checkbox":
                assert all(set(answer) == {"id", "label"} for answer in field["answers"])
            elif field["type"] in ("radio", "select"):
                assert set(field["answer"]) == {"id", "label"}
            elif field["type"] == "group_chooser":
                assert set(field["answer"]) == {"id", "group_id", "label"}
            else:
                assert isinstance(field["answer"], str)
    texts = {"name", "email", "question", "subject", "textarea"}
    assert types == texts | {"radio", "select", "checkbox", "group_chooser"}


def test_the_last_event_of_each_type_is_the_last_one(api: ChatApi):
    chat = next(chat for chat in api.chats.ordered() if len(chat.threads) > 2)
    (shown,) = [c for c in api.summaries() if c["id"] == chat.id]
    expected: dict[str, Event] = {}
    for thread in chat.threads:
        if not thread.restricted_access:
            expected |= {event.type: event for event in thread.events}
    assert {kind: e["id"] for kind, e in last_events(shown).items()} == {
        kind: event.id for kind, event in expected.items()
    }
    (shown,) = [c for c in api.summaries(version="3.7") if c["id"] == chat.id]
    expected = {event.type: event for event in chat.threads[-1].events}
    assert {kind: e["id"] for kind, e in last_events(shown).items()} == {
        kind: event.id for kind, event in expected.items()
    }


def test_events_that_the_plan_hides_are_not_shown_as_last_ones(own_api: ChatApi):
    # Source: data-structures, "Threads" (events, restricted_access).
    chat = next(chat for chat in own_api.chats.ordered() if len(chat.threads) == 2)
    chat.threads[1].restricted_access = "not on this plan"
    own_api.chats.put(chat)
    (shown,) = [c for c in own_api.summaries() if c["id"] == chat.id]
    threads = {entry["thread_id"] for entry in shown["last_event_per_type"].values()}
    assert threads == {chat.threads[0].id}
    (shown,) = [c for c in own_api.summaries(version="3.7") if c["id"] == chat.id]
    assert "last_event_per_type" not in shown["last_thread_info"]


def delete_last_message(chat: Chat) -> tuple[Event, Event]:
    """Delete the last message of a chat; return it, and the one before."""
    messages = [event for event in chat.threads[-1].events if event.type == "message"]
    before, last = messages[-2:]
    last.deleted, last.body = True, {"text": "what was said", "custom_id": "c-1"}
    return last, before


@pytest.mark.parametrize("version", ["3.6", "3.7"])
@pytest.mark.parametrize(
    ("email", "shown"), [(OWNER, True), ("tomasz.zielinski@example.com", True), (NORMAL, False)]
)
def test_a_deleted_event(own_api: ChatApi, version, email, shown):
    # Source: data-structures, "Deleted event" and `deleted` in every event.
    chat = own_api.chats.ordered()[120]
    last, _ = delete_last_message(chat)
    own_api.chats.put(chat)
    (summary,) = [c for c in own_api.summaries(version=version, email=email) if c["id"] == chat.id]
    event = last_events(summary)["message"]
    assert event["id"] == last.id
    assert event["deleted"] is True
    if shown:
        assert event["text"] == "what was said"
    else:
        assert set(event) == {
            "id",
            "created_at",
            "type",
            "visibility",
            "deleted",
            "author_id",
            "custom_id",
        }


@pytest.mark.parametrize("version", ["3.4", "3.5"])
def test_versions_without_deleted_events_leave_them_out(own_api: ChatApi, version):
    chat = own_api.chats.ordered()[120]
    _, before = delete_last_message(chat)
    own_api.chats.put(chat)
    (summary,) = [c for c in own_api.summaries(version=version) if c["id"] == chat.id]
    assert last_events(summary)["message"]["id"] == before.id


def walk(value: object, name: str = ""):
    """All the leaves of an answer, with their names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, name)
    else:
        yield name, value


@every_version
def test_times_and_ids_have_the_platform_s_form(api: ChatApi, version):
    # Source: data-structures ("Date & time format with a resolution of microseconds").
    for chat in api.summaries(version=version):
        assert re.fullmatch(r"[A-Z0-9]{10}", chat["id"])
        for name, value in walk(chat):
            if name.endswith("_at") or name == "events_seen_up_to":
                assert TIME.fullmatch(value), (name, value)
                assert datetime.fromisoformat(value) <= NOW
        for event in last_events(chat).values():
            assert re.fullmatch(r"[A-Z0-9]{10}_\d+", event["id"])


def test_nothing_is_null(api: ChatApi):
    assert all(value is not None for _, value in walk(api.summaries()))


@pytest.mark.parametrize(
    ("action", "filters"),
    [
        ("list_chats", lambda text: {"properties": {"rating": {"comment": {"values": [text]}}}}),
        ("list_archives", lambda text: {"query": text}),
    ],
)
def test_what_is_remembered_of_a_filter_is_short(make_api, action: str, filters) -> None:
    api = make_api(own_chats=True, number=10)

    def ask(number: int) -> None:
        api.call(action, {"filters": filters(f"{number} {'x' * 1_000_000}")})

    ask(0)
    tracemalloc.start()
    try:
        for number in range(1, 6):
            ask(number)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 3_000_000
