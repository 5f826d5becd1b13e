"""The methods beside list_chats: get_chat, list_threads, list_archives, list_agents, list_groups.

Sources, by page of livechat-public-docs: `agent-chat-api` (messaging/agent-chat-api and its
versions), `data-structures` and `changelog` (beside it), `configuration-api` (management).
"""

import itertools
from datetime import datetime
from functools import partial

import pytest

from lc_tutorial.sandbox.seed.details import LOYALTY_APP
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import NOW, Chat, Event, Thread, moment
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, ChatApi, Json, refused, serve

every_version = pytest.mark.parametrize("version", VERSIONS)

VALIDATION = (400, "validation", "Wrong format of request")
NOT_FOUND = (404, "not_found", "Not found")
MISSING_ACCESS = (403, "missing_access", "Missing access")

AGENT_CHAT = ("get_chat", "list_threads", "list_archives")


@pytest.fixture
def make_api(_server, http):
    return partial(serve, _server, http)


@pytest.fixture
def api(make_api) -> ChatApi:
    return make_api()


@pytest.fixture
def own_api(make_api) -> ChatApi:
    return make_api(own_chats=True)


def long_chat(api: ChatApi) -> Chat:
    """A chat with many threads, all of them to be read."""
    chats = [c for c in api.chats.ordered() if not any(t.restricted_access for t in c.threads)]
    return max(chats, key=lambda chat: len(chat.threads))


def body_for(api: ChatApi, action: str) -> Json:
    return {} if action == "list_archives" else {"chat_id": long_chat(api).id}


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        # Source: agent-chat-api ("Required scopes" of each); scopes ("General rules").
        (("chats--all:ro",), True),
        (("chats--all:rw",), True),
        (("chats--access:ro",), True),
        (("chats--access:rw",), True),
        (("chats--my:ro",), False),
        (("agents--all:ro",), False),
    ],
)
@pytest.mark.parametrize("action", AGENT_CHAT)
def test_scopes(api: ChatApi, action, scopes, allowed):
    body = body_for(api, action)
    response = api.post(action, body, scopes=scopes, email="tomasz.zielinski@example.com")
    if allowed:
        assert response.status_code == 200
    else:
        assert refused(response) == (403, "authorization", "Authorization error")


# --- Threads ------------------------------------------------------------------------------------

THREAD = {"id", "created_at", "active", "user_ids", "properties", "access", "events"}
THREAD_MAYBE = {"tags", "queues_duration", "previous_thread_id", "next_thread_id"}
THREAD_SINCE_3_6 = {"customer_visit"}


@every_version
def test_get_chat_gives_the_latest_thread(api: ChatApi, version):
    # Source: agent-chat-api, Get Chat; data-structures, "Threads".
    chat = long_chat(api)
    answer = api.call("get_chat", {"chat_id": chat.id}, version=version)
    assert set(answer) == {"id", "thread", "users", "properties", "access", "is_followed"}
    thread, last = answer["thread"], chat.threads[-1]
    assert thread["id"] == last.id
    assert "next_thread_id" not in thread
    assert thread["previous_thread_id"] == chat.threads[-2].id
    modern = THREAD_SINCE_3_6 if version >= "3.6" else set()
    assert THREAD | modern <= set(thread)
    assert set(thread) <= THREAD | THREAD_MAYBE | modern | {"summary"}
    if modern:
        assert set(thread["customer_visit"]) == {"ip", "user_agent", "geolocation"}
    kinds = {"system"} if version < "3.6" else set()
    shown = [e.id for e in last.events if not (kinds and (e.type in kinds or e.deleted))]
    assert [event["id"] for event in thread["events"]] == shown


def test_get_chat_gives_the_thread_that_is_asked_for(api: ChatApi):
    chat = long_chat(api)
    for index, thread in enumerate(chat.threads):
        body = {"chat_id": chat.id, "thread_id": thread.id}
        shown = api.call("get_chat", body)["thread"]
        assert shown["id"] == thread.id
        before, after = shown.get("previous_thread_id"), shown.get("next_thread_id")
        assert before == (chat.threads[index - 1].id if index else None)
        assert after == (chat.threads[index + 1].id if thread is not chat.threads[-1] else None)


def test_get_chat_of_a_chat_without_threads(api: ChatApi):
    # Source: agent-chat-api, Get Chat (thread_id: "if exists").
    chat = next(chat for chat in api.chats.ordered() if not chat.threads)
    answer = api.call("get_chat", {"chat_id": chat.id})
    assert set(answer) == {"id", "users", "properties", "access", "is_followed"}


def test_get_chat_agrees_with_list_chats(api: ChatApi):
    for summary in api.call("list_chats")["chats_summary"]:
        chat = api.call("get_chat", {"chat_id": summary["id"]})
        for name in ("users", "properties", "access", "is_followed"):
            assert chat[name] == summary[name]
        thread = chat["thread"] | summary["last_thread_summary"]
        assert thread == chat["thread"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, VALIDATION),
        ({"chat_id": None}, VALIDATION),
        ({"chat_id": 7}, VALIDATION),
        ({"chat_id": "{chat}", "thread_id": 7}, VALIDATION),
        ({"chat_id": ""}, NOT_FOUND),
        ({"chat_id": "PJ0MRSHTDG"}, NOT_FOUND),
        ({"chat_id": "{chat}", "thread_id": "K600PKZON8"}, NOT_FOUND),
        ({"chat_id": "{chat}", "thread_id": ""}, NOT_FOUND),
        ({"chat_id": "{chat}", "thread_id": "{other}"}, NOT_FOUND),
        ({"chat_id": "{elsewhere}"}, NOT_FOUND),
    ],
)
def test_get_chat_of_what_is_not_there(api: ChatApi, body, error):
    names = {
        "{chat}": long_chat(api).id,
        "{other}": next(c for c in api.chats.ordered() if c.threads).threads[-1].id,
        "{elsewhere}": api.store.of(people.PAPER_LANTERN).ordered()[0].id,
    }
    body = {key: names.get(value, value) for key, value in body.items()}
    assert refused(api.post("get_chat", body)) == error


def test_get_chat_checks_access_to_the_thread(own_api: ChatApi):
    # Source: changelog of 3.6 (Get Chat), scopes ("Accessing chat").
    chat = long_chat(own_api)
    chat.participants.clear()
    chat.group_ids = chat.threads[-1].group_ids = [people.ORDERS]
    chat.threads[0].group_ids = [people.PLANT_CARE]
    own_api.chats.put(chat)
    for version, scopes, thread, allowed in (
        *itertools.product(VERSIONS, [("chats--access:ro",)], [chat.threads[0]], [False]),
        *itertools.product(VERSIONS, [("chats--access:ro",)], [chat.threads[-1]], [True]),
        *itertools.product(VERSIONS, [("chats--all:ro",)], [chat.threads[0]], [True]),
    ):
        body = {"chat_id": chat.id, "thread_id": thread.id}
        response = own_api.post("get_chat", body, version=version, scopes=scopes, email=NORMAL)
        if allowed:
            assert response.status_code == 200
        else:
            assert refused(response) == MISSING_ACCESS
    answer = own_api.call(
        "list_threads",
        {"chat_id": chat.id, "limit": 100},
        scopes=("chats--access:ro",),
        email=NORMAL,
    )
    assert chat.threads[0].id not in [thread["id"] for thread in answer["threads"]]


@pytest.mark.parametrize(
    ("email", "shown"),
    [(OWNER, "what was said"), ("tomasz.zielinski@example.com", "what was said"), (NORMAL, None)],
)
def test_a_deleted_event_in_a_thread(own_api: ChatApi, email, shown):
    # Source: data-structures, "Deleted event".
    chat = long_chat(own_api)
    event = next(e for e in chat.threads[-1].events if e.type == "message")
    event.deleted, event.body = True, {"text": "what was said"}
    own_api.chats.put(chat)
    thread = own_api.call("get_chat", {"chat_id": chat.id}, email=email)["thread"]
    (deleted,) = [e for e in thread["events"] if e.get("deleted")]
    assert deleted["id"] == event.id
    assert deleted.get("text") == shown
    old = own_api.call("get_chat", {"chat_id": chat.id}, email=email, version="3.5")["thread"]
    assert event.id not in [e["id"] for e in old["events"]]


def test_a_restricted_thread_has_a_reason_in_place_of_events(api: ChatApi):
    # Source: data-structures, "Threads" (events, restricted_access).
    chat, thread = next(
        (chat, thread)
        for chat in api.chats.ordered()
        for thread in chat.threads
        if thread.restricted_access
    )
    shown = api.call("get_chat", {"chat_id": chat.id, "thread_id": thread.id})["thread"]
    assert "60 days" in shown["restricted_access"]
    assert "events" not in shown
    assert "summary" not in shown
    archived = api.call("list_archives", {"filters": {"thread_ids": [thread.id]}})["chats"]
    assert "events" not in archived[0]["thread"]


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_summaries_of_threads(api: ChatApi, version):
    # Source: changelog of 3.6 (thread summary).
    chat, index = next(
        (chat, index)
        for chat in api.chats.ordered()
        for index, thread in enumerate(chat.threads)
        if thread.summary and not thread.restricted_access
    )
    body = {"chat_id": chat.id, "thread_id": chat.threads[index].id}
    summary = api.call("get_chat", body, version=version)["thread"]["summary"]
    assert set(summary) == {"status", "text", "updated_at"}
    assert summary["text"].startswith("• ")
    assert "summary" not in api.call("get_chat", body, version="3.5")["thread"]


# --- list_threads -------------------------------------------------------------------------------


@every_version
def test_list_threads_newest_first_three_at_a_time(api: ChatApi, version):
    # Source: agent-chat-api, List Threads (sort_order, limit).
    chat = long_chat(api)
    ids = [thread.id for thread in chat.threads]
    assert len(ids) > 3
    answer = api.call("list_threads", {"chat_id": chat.id}, version=version)
    assert set(answer) == {"threads", "found_threads", "next_page_id"}
    assert [thread["id"] for thread in answer["threads"]] == ids[:-4:-1]
    assert answer["found_threads"] == len(ids)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2])
def test_list_threads_there_and_back_again(api: ChatApi, order, limit):
    chat = long_chat(api)
    body = {"chat_id": chat.id, "limit": limit, "sort_order": order}
    pages = [api.call("list_threads", body)]
    while "next_page_id" in pages[-1]:
        body = {"chat_id": chat.id, "page_id": pages[-1]["next_page_id"]}
        pages.append(api.call("list_threads", body))
    shown = [thread["id"] for page in pages for thread in page["threads"]]
    ids = [thread.id for thread in chat.threads]
    assert shown == (ids if order == "asc" else ids[::-1])
    back = [pages[-1]]
    while "previous_page_id" in back[-1]:
        body = {"chat_id": chat.id, "page_id": back[-1]["previous_page_id"]}
        back.append(api.call("list_threads", body))
    assert [page["threads"] for page in back[::-1]] == [page["threads"] for page in pages]


def test_list_threads_from_and_to(api: ChatApi):
    chat = long_chat(api)
    middle = chat.threads[1].created_at
    when = moment(middle)
    for filters, expected in (
        ({"from": when}, chat.threads[1:]),
        ({"to": when}, chat.threads[:2]),
        ({"from": when, "to": when}, chat.threads[1:2]),
        ({"from": when.replace("Z", "+00:00")}, chat.threads[1:]),
        ({"from": moment(middle + 7_200_000_000)[:-1] + "+02:00"}, chat.threads[1:]),
        ({"from": moment(middle + 1)}, chat.threads[2:]),
        ({"to": moment(middle - 1)}, chat.threads[:1]),
        ({"from": "2030-01-01T00:00:00.000000Z"}, []),
        ({}, chat.threads),
    ):
        body = {"chat_id": chat.id, "filters": filters, "sort_order": "asc", "limit": 100}
        answer = api.call("list_threads", body)
        assert [t["id"] for t in answer["threads"]] == [t.id for t in expected]
        assert answer["found_threads"] == len(expected)


@pytest.mark.parametrize("least", [1, 15, 30, 100])
def test_list_threads_until_there_are_enough_events(api: ChatApi, least):
    # Source: agent-chat-api, List Threads (min_events_count).
    chat = long_chat(api)
    answer = api.call("list_threads", {"chat_id": chat.id, "min_events_count": least})
    counts = [len(thread["events"]) for thread in answer["threads"]]
    assert [t["id"] for t in answer["threads"]] == [
        thread.id for thread in chat.threads[: -len(counts) - 1 : -1]
    ]
    assert sum(counts) >= least or len(counts) == len(chat.threads)
    assert sum(counts[:-1]) < least


def test_list_threads_with_just_enough_events(api: ChatApi):
    chat = long_chat(api)
    two = len(chat.threads[-1].events) + len(chat.threads[-2].events)
    for least, threads in ((two - 1, 2), (two, 2), (two + 1, 3)):
        answer = api.call("list_threads", {"chat_id": chat.id, "min_events_count": least})
        assert len(answer["threads"]) == threads


@pytest.mark.parametrize(
    ("body", "error"),
    [
        # Source: agent-chat-api, List Threads (ranges; what excludes what), "Pagination".
        ({"chat_id": None}, VALIDATION),
        ({"chat_id": ["a"]}, VALIDATION),
        ({"chat_id": "PJ0MRSHTDG"}, NOT_FOUND),
        ({"limit": 0}, VALIDATION),
        ({"limit": 101}, VALIDATION),
        ({"limit": "3"}, VALIDATION),
        ({"sort_order": "up"}, VALIDATION),
        ({"min_events_count": 0}, VALIDATION),
        ({"min_events_count": 101}, VALIDATION),
        ({"min_events_count": 5, "limit": 3}, VALIDATION),
        ({"min_events_count": 5, "filters": {}}, VALIDATION),
        ({"filters": []}, VALIDATION),
        ({"filters": {"from": "yesterday"}}, VALIDATION),
        ({"filters": {"from": "2026-06-01"}}, VALIDATION),
        ({"filters": {"from": "2026-06-01T00:00:00"}}, VALIDATION),  # without an offset
        ({"filters": {"to": 1781533497}}, VALIDATION),
        ({"filters": {"to": "0001-01-01T00:00:00+23:59"}}, None),
        ({"filters": {"from": "9999-12-31T23:59:59-23:59"}}, None),
        ({"page_id": "x"}, VALIDATION),
        ({"page_id": "{page}"}, None),
        ({"page_id": "{page}", "limit": 3}, VALIDATION),
        ({"page_id": "{page}", "sort_order": "desc"}, VALIDATION),
        ({"page_id": "{page}", "filters": {}}, VALIDATION),
        ({"page_id": "{page}", "min_events_count": 5}, VALIDATION),
        ({"page_id": "{page of another chat}"}, VALIDATION),
        ({"page_id": "{page of list_chats}"}, VALIDATION),
    ],
)
def test_list_threads_parameters(api: ChatApi, body, error):
    chat = long_chat(api)
    other = next(c for c in api.chats.ordered() if len(c.threads) > 1 and c is not chat)
    pages = {
        "{page}": {"chat_id": chat.id, "limit": 1},
        "{page of another chat}": {"chat_id": other.id, "limit": 1},
    }
    page_ids = {k: api.call("list_threads", v)["next_page_id"] for k, v in pages.items()}
    page_ids["{page of list_chats}"] = api.call("list_chats")["next_page_id"]
    if "page_id" in body:
        body = body | {"page_id": page_ids.get(body["page_id"], body["page_id"])}
    response = api.post("list_threads", {"chat_id": chat.id} | body)
    if error is None:
        assert response.status_code == 200
    else:
        assert refused(response) == error


# --- list_archives ------------------------------------------------------------------------------


def archived(api: ChatApi) -> list[tuple[Chat, Thread]]:
    """All that is in the archives, newest first."""
    threads = [(c, t) for c in api.chats.ordered() for t in c.threads if not t.active]
    return sorted(threads, key=lambda pair: (pair[1].created_at, pair[1].id), reverse=True)


def archive_ids(api: ChatApi, filters: Json, **arguments: object) -> list[str]:
    """The ids of all threads that the filters find, page by page."""
    body = {"filters": filters, "limit": 100}
    answer = api.call("list_archives", body, **arguments)
    chats = answer["chats"]
    while "next_page_id" in answer:
        answer = api.call("list_archives", {"page_id": answer["next_page_id"]}, **arguments)
        chats += answer["chats"]
    assert answer["found_chats"] == len(chats)
    return [chat["thread"]["id"] for chat in chats]


@every_version
def test_archives_have_a_chat_for_each_thread(api: ChatApi, version):
    # Source: agent-chat-api, List Archives.
    answer = api.call("list_archives", version=version)
    assert set(answer) == {"chats", "found_chats", "next_page_id"}
    assert len(answer["chats"]) == 10
    for chat in answer["chats"]:
        assert set(chat) == {"id", "thread", "users", "properties", "access", "is_followed"}
    ids = archive_ids(api, {}, version=version)
    assert ids == [thread.id for _, thread in archived(api)]


def test_archives_oldest_first(api: ChatApi):
    ids = [thread.id for _, thread in archived(api)]
    answer = api.call("list_archives", {"sort_order": "asc", "limit": 5})
    assert [chat["thread"]["id"] for chat in answer["chats"]] == ids[:-6:-1]


def test_archives_go_back_as_well(api: ChatApi):
    first = api.call("list_archives", {"limit": 4})
    second = api.call("list_archives", {"page_id": first["next_page_id"]})
    back = api.call("list_archives", {"page_id": second["previous_page_id"]})
    assert back == first | {"next_page_id": back["next_page_id"]}


def test_archives_name_the_neighbours_within_reach(own_api: ChatApi):
    # Source: data-structures, "Threads" (previous_ and next_accessible_thread_id).
    chat = long_chat(own_api)
    chat.participants.clear()
    for thread in chat.threads:
        thread.group_ids = [people.ORDERS]
    chat.threads[1].group_ids = [people.PLANT_CARE]
    own_api.chats.put(chat)
    body = {"filters": {"chat_ids": [chat.id]}, "limit": 100, "sort_order": "asc"}
    answer = own_api.call("list_archives", body, scopes=("chats--access:ro",), email=NORMAL)
    threads = {found["thread"]["id"]: found["thread"] for found in answer["chats"]}
    assert chat.threads[1].id not in threads
    first, third = threads[chat.threads[0].id], threads[chat.threads[2].id]
    assert first["next_thread_id"] == chat.threads[1].id
    assert first["next_accessible_thread_id"] == third["id"]
    assert third["previous_accessible_thread_id"] == first["id"]
    assert "previous_accessible_thread_id" not in first
    fourth = threads[chat.threads[3].id]
    assert fourth["previous_accessible_thread_id"] == third["id"]
    assert third["next_accessible_thread_id"] == fourth["id"]
    assert first.keys().isdisjoint({"previous_thread_id"})
    for action in ("get_chat", "list_threads"):
        shown = own_api.call(action, {"chat_id": chat.id})
        thread = shown["thread"] if action == "get_chat" else shown["threads"][0]
        assert not {name for name in thread if "accessible" in name}


def events(thread: Thread) -> list[Event]:
    return [] if thread.restricted_access else [e for e in thread.events if not e.deleted]


def types(thread: Thread) -> set[str]:
    return {event.type for event in events(thread)}


def first_responder(thread: Thread) -> str | None:
    kinds = ("message", "rich_message", "file")
    authors = [
        e.author_id for e in events(thread) if e.type in kinds and "@" in (e.author_id or "")
    ]
    return authors[0] if authors else None


def answers(thread: Thread, form_type: str) -> set[str]:
    return {
        answer["id"]
        for event in events(thread)
        if event.type == "filled_form" and event.body["form_type"] == form_type
        for field in event.body["fields"]
        for answer in field.get("answers", [field.get("answer")])
        if isinstance(answer, dict)
    }


def has_form(thread: Thread, form_type: str) -> bool:
    return any(e.type == "filled_form" and e.body["form_type"] == form_type for e in events(thread))


PRIYA, CLAIRE = "priya.raman@example.com", "claire.dubois@example.com"
MAY = ("2026-05-01T00:00:00.000000Z", "2026-05-31T23:59:59.999999+00:00")
_MAY = [int(datetime.fromisoformat(day).timestamp() * 1e6) for day in MAY]


@pytest.mark.parametrize(
    ("since", "filters", "passes"),
    [
        # Source: agent-chat-api, List Archives, of versions 3.4 to 3.7.
        ("3.4", {"from": MAY[0]}, lambda c, t: t.created_at >= _MAY[0]),
        ("3.4", {"from": MAY[0], "to": MAY[1]}, lambda c, t: _MAY[0] <= t.created_at <= _MAY[1]),
        ("3.4", {"group_ids": [2, 3]}, lambda c, t: t.group_ids[0] in (2, 3)),
        ("3.4", {"group_ids": [99]}, lambda c, t: False),
        ("3.4", {"agents": {"values": [PRIYA]}}, lambda c, t: PRIYA in t.user_ids),
        ("3.4", {"agents": {"exclude_values": [PRIYA]}}, lambda c, t: PRIYA not in t.user_ids),
        ("3.4", {"agents": {"exists": False}}, lambda c, t: len(t.user_ids) == 1),
        ("3.4", {"agents": {"exists": True}}, lambda c, t: len(t.user_ids) > 1),
        (
            "3.4",
            {"agents": {"values": [PRIYA, CLAIRE], "require_every_value": True}},
            lambda c, t: {PRIYA, CLAIRE} <= set(t.user_ids),
        ),
        (
            "3.4",
            {"agents": {"exclude_values": [PRIYA, CLAIRE], "require_every_value": True}},
            lambda c, t: not {PRIYA, CLAIRE} <= set(t.user_ids),
        ),
        (
            "3.4",
            {"tags": {"values": ["gift", "pests"]}},
            lambda c, t: {"gift", "pests"} & {*t.tags},
        ),
        (
            "3.4",
            {"tags": {"values": ["delivery", "damaged"], "require_every_value": True}},
            lambda c, t: {"delivery", "damaged"} <= set(t.tags),
        ),
        ("3.4", {"tags": {"exists": False}}, lambda c, t: not t.tags),
        ("3.4", {"sales": {"exists": True}}, lambda c, t: t.sale_ids),
        ("3.4", {"sales": {"values": [1]}}, lambda c, t: 1 in t.sale_ids),
        ("3.4", {"sales": {"values": ["1"]}}, lambda c, t: False),
        ("3.4", {"goals": {"exclude_values": [2]}}, lambda c, t: 2 not in t.goal_ids),
        ("3.4", {"event_types": {"values": ["file"]}}, lambda c, t: "file" in types(t)),
        (
            "3.4",
            {"event_types": {"values": ["file", "file", "form"], "require_every_value": True}},
            lambda c, t: {"file", "form"} <= types(t),
        ),
        (
            "3.4",
            {"event_types": {"exclude_values": ["message"]}},
            lambda c, t: "message" not in types(t),
        ),
        ("3.4", {"greetings": {"exists": True}}, lambda c, t: t.greeting_id is not None),
        ("3.4", {"greetings": {"values": [4]}}, lambda c, t: t.greeting_id == 4),
        ("3.4", {"greetings": {"exclude_values": [4]}}, lambda c, t: t.greeting_id != 4),
        (
            "3.4",
            {"greetings": {"exists": True, "from": MAY[0], "groups": {"values": [1]}}},
            lambda c, t: t.greeting_id and t.created_at >= _MAY[0] and t.group_ids == [1],
        ),
        ("3.4", {"agent_response": {"exists": True}}, lambda c, t: first_responder(t)),
        ("3.4", {"agent_response": {"exists": False}}, lambda c, t: not first_responder(t)),
        (
            "3.4",
            {"agent_response": {"first": True, "agents": {"values": [PRIYA]}}},
            lambda c, t: first_responder(t) == PRIYA,
        ),
        (
            "3.4",
            {"agent_response": {"agents": {"exclude_values": [PRIYA]}, "groups": {"values": [1]}}},
            lambda c, t: (
                t.group_ids == [1]
                and PRIYA not in [e.author_id for e in events(t) if e.type in MESSAGES]
            ),
        ),
        (
            "3.4",
            {"properties": {"rating": {"score": {"values": [0]}}}},
            lambda c, t: c.properties.get("rating", {}).get("score") == 0,
        ),
        (
            "3.4",
            {"properties": {LOYALTY_APP: {"tier": {"exists": False}}}},
            lambda c, t: LOYALTY_APP not in c.properties,
        ),
        ("3.5", {"forms": [{"type": "pre_chat"}]}, lambda c, t: has_form(t, "prechat")),
        (
            "3.5",
            {"forms": [{"type": "post_chat", "exists": False}]},
            lambda c, t: not has_form(t, "postchat"),
        ),
        (
            "3.5",
            {"forms": [{"type": "post_chat", "values": ["0"]}]},
            lambda c, t: "0" in answers(t, "postchat"),
        ),
        (
            "3.5",
            {"forms": [{"type": "post_chat", "exclude_values": ["0"]}]},
            lambda c, t: has_form(t, "postchat") and "0" not in answers(t, "postchat"),
        ),
        (
            "3.5",
            {"forms": [{"type": "pre_chat"}, {"type": "post_chat", "groups": {"values": [2]}}]},
            lambda c, t: has_form(t, "prechat") and has_form(t, "postchat") and t.group_ids == [2],
        ),
        (
            "3.5",
            {"customer_countries": {"values": ["FR", "DE"]}},
            lambda c, t: c.customer.visit.geolocation["country_code"] in ("FR", "DE"),
        ),
        (
            "3.5",
            {"customer_countries": {"exclude_values": ["FR"]}},
            lambda c, t: c.customer.visit.geolocation["country_code"] != "FR",
        ),
        ("3.6", {"agent_types": {"all_values": ["human"]}}, lambda c, t: len(t.user_ids) > 1),
        ("3.6", {"agent_types": {"exclude_values": ["human"]}}, lambda c, t: len(t.user_ids) == 1),
        ("3.6", {"agent_types": {"any_values": ["chatbot", "ai_agent"]}}, lambda c, t: False),
        (
            "3.6",
            {"agent_types": {"any_values": ["human"], "exclude_values": ["chatbot"]}},
            lambda c, t: len(t.user_ids) > 1,
        ),
        ("3.4", {"query": "MONSTERA"}, lambda c, t: said("monstera", c, t)),
        ("3.4", {"query": "Łukasz"}, lambda c, t: said("łukasz", c, t)),
        ("3.4", {"query": ".*"}, lambda c, t: False),
        ("3.4", {"query": ""}, lambda c, t: True),
    ],
)
def test_archive_filters(api: ChatApi, since, filters, passes):
    expected = [thread.id for chat, thread in archived(api) if passes(chat, thread)]
    for version in VERSIONS:
        if version >= since:
            assert archive_ids(api, filters, version=version) == expected, version
        else:
            # What a version does not know, it does not look at.
            everything = [thread.id for _, thread in archived(api)]
            assert archive_ids(api, filters, version=version) == everything, version


MESSAGES = ("message", "rich_message", "file")


def said(text: str, chat: Chat, thread: Thread) -> bool:
    texts = [e.body.get("text", "") for e in events(thread)]
    return any(
        text in (known or "").casefold()
        for known in (*texts, chat.customer.name, chat.customer.email)
    )


def test_forms_were_called_surveys_in_3_4(api: ChatApi):
    # Source: agent-chat-api v3.4 and v3.5, List Archives.
    forms = [{"type": "post_chat"}]
    with_form = [thread.id for _, thread in archived(api) if has_form(thread, "postchat")]
    everything = [thread.id for _, thread in archived(api)]
    assert archive_ids(api, {"surveys": forms}, version="3.4") == with_form
    assert archive_ids(api, {"forms": forms}, version="3.4") == everything
    assert archive_ids(api, {"surveys": forms}, version="3.5") == everything
    assert archive_ids(api, {"forms": forms}, version="3.5") == with_form


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_archives_of_chats_and_customers(api: ChatApi, version):
    # Source: changelog of 3.6 (List Archives).
    chat = long_chat(api)
    ids = [t.id for c, t in archived(api) if c is chat]
    customer = chat.customer
    assert archive_ids(api, {"chat_ids": [chat.id, "PJ0MRSHTDG"]}, version=version) == ids
    assert archive_ids(api, {"customer_id": customer.id}, version=version) == ids
    with_email = next(c for c, t in archived(api) if c.customer.email)
    found = archive_ids(api, {"customer_email": with_email.customer.email}, version=version)
    assert found == [
        t.id for c, t in archived(api) if c.customer.email == with_email.customer.email
    ]


def test_archives_of_threads(api: ChatApi):
    # Source: agent-chat-api, List Archives (thread_ids).
    threads = [thread.id for _, thread in archived(api)[10:30]]
    answer = api.call("list_archives", {"filters": {"thread_ids": [*threads[:19], "K600PKZON8"]}})
    assert [chat["thread"]["id"] for chat in answer["chats"]] == threads[:19]
    assert set(answer) == {"chats", "found_chats"}
    assert archive_count(api, {"thread_ids": threads}) == 20
    assert archive_count(api, {"thread_ids": []}) == 0


def archive_count(api: ChatApi, filters: Json) -> int:
    return api.call("list_archives", {"filters": filters})["found_chats"]


def test_highlights(api: ChatApi):
    # Source: agent-chat-api, List Archives (highlights).
    def texts(body: Json) -> list[str]:
        chats = api.call("list_archives", {"filters": {"query": "monstera"}} | body)["chats"]
        events = [event for chat in chats for event in chat["thread"].get("events", [])]
        return [e["text"] for e in events if "monstera" in e.get("text", "").lower()]

    plain = texts({})
    assert plain
    assert texts({"highlights": {}}) == [
        text.replace("Monstera", "<em>Monstera</em>") for text in plain
    ]
    tags = {"pre_tag": "<b>", "post_tag": "</b>"}
    assert texts({"highlights": tags}) == [
        text.replace("Monstera", "<b>Monstera</b>") for text in plain
    ]


def test_highlights_hold_for_the_next_page(api: ChatApi):
    body = {"filters": {"query": "the"}, "highlights": {}, "limit": 1}
    first = api.call("list_archives", body)
    second = api.call("list_archives", {"page_id": first["next_page_id"]})
    assert "<em>the</em>" in str(second)


@pytest.mark.parametrize(
    ("version", "body"),
    [
        # Source: agent-chat-api, List Archives (types, ranges, what excludes what).
        ("3.6", {"limit": 0}),
        ("3.6", {"limit": 101}),
        ("3.6", {"sort_order": "up"}),
        ("3.6", {"highlights": []}),
        ("3.6", {"highlights": {"pre_tag": 1}}),
        ("3.6", {"filters": {"query": 1}}),
        ("3.6", {"filters": {"from": "2026-06-01"}}),
        ("3.6", {"filters": {"thread_ids": ["x"] * 21}}),
        ("3.6", {"filters": {"thread_ids": ["x"], "query": "y"}}),
        ("3.6", {"filters": {"thread_ids": ["x"], "chat_ids": ["y"]}}),
        ("3.6", {"filters": {"thread_ids": ["x"]}, "limit": 10}),
        ("3.6", {"filters": {"thread_ids": ["x"]}, "sort_order": "asc"}),
        ("3.6", {"filters": {"chat_ids": ["x"] * 1001}}),
        ("3.6", {"filters": {"group_ids": [0] * 201}}),
        ("3.6", {"filters": {"agents": {}}}),
        ("3.6", {"filters": {"agents": {"exists": True, "values": ["x"]}}}),
        ("3.6", {"filters": {"agents": {"values": ["x"], "exclude_values": ["y"]}}}),
        ("3.6", {"filters": {"agents": {"values": [{}]}}}),
        ("3.6", {"filters": {"tags": {"require_every_value": True}}}),
        ("3.6", {"filters": {"tags": {"values": ["x"], "require_every_value": "yes"}}}),
        ("3.6", {"filters": {"event_types": {}}}),
        ("3.6", {"filters": {"event_types": {"values": ["x"], "exclude_values": ["y"]}}}),
        ("3.6", {"filters": {"event_types": {"values": [1]}}}),
        ("3.6", {"filters": {"forms": {}}}),
        ("3.6", {"filters": {"forms": [{"type": "prechat"}]}}),
        ("3.6", {"filters": {"greetings": {"values": ["4"]}}}),
        ("3.6", {"filters": {"greetings": {"to": "noon"}}}),
        ("3.6", {"filters": {"agent_response": {"agents": ["x"]}}}),
        ("3.6", {"filters": {"agent_types": {}}}),
        ("3.6", {"filters": {"agent_types": {"any_values": ["robot"]}}}),
        ("3.6", {"filters": {"agent_types": {"any_values": ["human", "human"]}}}),
        ("3.6", {"filters": {"agent_types": {"any_values": ["human"], "all_values": ["human"]}}}),
        ("3.6", {"filters": {"customer_id": 1}}),
        ("3.6", {"filters": {"customer_email": []}}),
        ("3.6", {"filters": {"properties": {"a": {"b": {}}}}}),
        ("3.6", {"page_id": "x"}),
        ("3.4", {"filters": {"surveys": [{"type": "prechat"}]}}),
        ("3.5", {"filters": {"customer_countries": ["FR"]}}),
    ],
)
def test_malformed_archive_parameters(api: ChatApi, version, body):
    assert refused(api.post("list_archives", body, version=version)) == VALIDATION


@pytest.mark.parametrize("more", [{"filters": {}}, {"limit": 10}, {"sort_order": "desc"}])
def test_the_archives_page_id_goes_alone(api: ChatApi, more):
    page_id = api.call("list_archives")["next_page_id"]
    assert refused(api.post("list_archives", {"page_id": page_id} | more)) == VALIDATION
    api.call("list_archives", {"page_id": page_id})


def test_archives_within_reach(api: ChatApi):
    scopes = ("chats--access:ro",)
    mine = archive_ids(api, {}, scopes=scopes, email=NORMAL)
    expected = [
        thread.id
        for chat, thread in archived(api)
        if {0, *api.account(NORMAL).group_ids} & set(thread.group_ids)
        or any(p.present and p.agent.email == NORMAL for p in chat.participants)
    ]
    assert mine == expected
    assert len(mine) < len(archived(api))


# --- The Configuration API ----------------------------------------------------------------------


def configuration(api: ChatApi, action: str, body: Json | None = None, **arguments: object) -> Json:
    scope = "agents--all:ro" if action == "list_agents" else "groups--all:ro"
    return api.call(action, body, api="configuration", scopes=(scope,), **arguments)


@every_version
def test_agents(api: ChatApi, version):
    # Source: configuration-api, List Agents; changelog of 3.5 (account_id).
    agents = configuration(api, "list_agents", version=version)
    assert [agent["id"] for agent in agents] == [a.email for a in people.FERN_AND_FILTER.agents]
    expected = {"id", "name", "role", "avatar_path", "login_status"}
    for agent in agents:
        assert set(agent) == expected | ({"account_id"} if version >= "3.5" else set())
        if version >= "3.5":
            assert api.account(agent["id"]).id == agent["account_id"]


def test_agents_with_more_fields(api: ChatApi):
    # Source: configuration-api, List Agents (fields).
    fields = [
        "groups",
        "work_scheduler",
        "email_subscriptions",
        "notifications",
        "job_title",
        "mobile",
        "max_chats_count",
        "suspended",
        "awaiting_approval",
        "last_logout",
    ]
    agents = configuration(api, "list_agents", {"fields": fields})
    for agent, person in zip(agents, people.FERN_AND_FILTER.agents, strict=True):
        assert set(fields) - set(agent) == ({"last_logout"} if person.role == "owner" else set())
        assert agent["groups"] == [
            {"id": group, "priority": person.priorities[group]} for group in person.group_ids
        ]
        schedule = agent["work_scheduler"]["schedule"]
        assert {entry["day"] for entry in schedule} >= {"monday", "sunday"}
        assert all(set(entry) == {"day", "enabled", "start", "end"} for entry in schedule)
        if "last_logout" in agent:
            assert datetime.fromisoformat(agent["last_logout"]) < NOW
    (one,) = {frozenset(a) for a in configuration(api, "list_agents", {"fields": ["mobile"]})}
    assert "mobile" in one


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({"group_ids": [2]}, lambda a: 2 in a.group_ids),
        ({"group_ids": [2, 3]}, lambda a: {2, 3} & set(a.group_ids)),
        ({"group_ids": [99]}, lambda a: False),
        ({"group_ids": []}, lambda a: True),
        ({"suspended": True}, lambda a: False),
        ({"suspended": False}, lambda a: True),
    ],
)
def test_filtered_agents(api: ChatApi, filters, passes):
    agents = configuration(api, "list_agents", {"filters": filters})
    expected = [agent.email for agent in people.FERN_AND_FILTER.agents if passes(agent)]
    assert [agent["id"] for agent in agents] == expected


def test_filtering_by_suspension_came_with_3_5(api: ChatApi):
    body = {"filters": {"suspended": True}}
    assert configuration(api, "list_agents", body, version="3.4")
    assert not configuration(api, "list_agents", body, version="3.5")


@every_version
def test_groups(api: ChatApi, version):
    # Source: configuration-api, List Groups.
    groups = configuration(api, "list_groups", version=version)
    assert groups == [
        {"id": group.id, "name": group.name, "language_code": "en"}
        for group in people.FERN_AND_FILTER.groups
    ]
    fields = ["agent_priorities", "routing_status"]
    for group in configuration(api, "list_groups", {"fields": fields}, version=version):
        assert set(group) == {"id", "name", "language_code", *fields}
        assert group["agent_priorities"] == {
            agent.email: agent.priorities[group["id"]]
            for agent in people.FERN_AND_FILTER.agents
            if group["id"] in agent.group_ids
        }


def test_another_organization_s_agents_and_groups(api: ChatApi):
    email = people.PAPER_LANTERN.owner.email
    agents = configuration(api, "list_agents", email=email)
    groups = configuration(api, "list_groups", email=email)
    assert [agent["id"] for agent in agents] == [a.email for a in people.PAPER_LANTERN.agents]
    assert [group["name"] for group in groups] == ["General", "Rare books"]


@pytest.mark.parametrize(
    ("action", "scopes", "allowed"),
    [
        # Source: configuration-api ("Required scopes" of each).
        ("list_agents", ("agents--all:ro",), True),
        ("list_agents", ("agents--all:rw",), True),
        ("list_agents", ("agents--my:ro",), False),
        ("list_agents", ("chats--all:rw", "groups--all:rw"), False),
        ("list_groups", ("groups--all:ro",), True),
        ("list_groups", ("groups--all:rw",), True),
        ("list_groups", ("groups--my:rw",), False),
        ("list_groups", ("agents--all:rw",), False),
    ],
)
def test_configuration_scopes(api: ChatApi, action, scopes, allowed):
    response = api.post(action, api="configuration", scopes=scopes)
    if allowed:
        assert isinstance(response.json(), list)
    else:
        assert refused(response) == (403, "authorization", "Authorization error")


@pytest.mark.parametrize(
    ("action", "version", "body"),
    [
        ("list_agents", "3.6", {"fields": "groups"}),
        ("list_agents", "3.6", {"fields": ["group"]}),
        ("list_agents", "3.6", {"filters": {"group_ids": ["0"]}}),
        ("list_agents", "3.6", {"filters": {"suspended": 1}}),
        # Source: configuration-api v3.4, List Agents (work_scheduler); changelog (last_logout).
        ("list_agents", "3.4", {"fields": ["work_scheduler"]}),
        ("list_agents", "3.4", {"fields": ["last_logout"]}),
        ("list_groups", "3.6", {"fields": ["agents"]}),
        ("list_groups", "3.6", {"fields": {}}),
    ],
)
def test_malformed_configuration_parameters(api: ChatApi, action, version, body):
    scopes = ("agents--all:ro", "groups--all:ro")
    response = api.post(action, body, api="configuration", scopes=scopes, version=version)
    assert refused(response) == VALIDATION


@pytest.mark.parametrize("action", ["list_agent", "list_chats"])
def test_an_action_of_the_configuration_api_that_is_not_there(api: ChatApi, action):
    assert refused(api.post(action, api="configuration")) == NOT_FOUND


def test_versions_and_stages_are_as_in_the_agent_chat_api(api: ChatApi):
    scopes = ("groups--all:ro",)
    old = api.post("list_groups", api="configuration", version="3.4", scopes=scopes)
    assert "Deprecation" in old.headers
    legacy = api.post("list_groups", api="configuration", version="3.5", scopes=scopes)
    assert "Legacy" in legacy.headers
    unknown = api.post("list_groups", api="configuration", version="3.3", scopes=scopes)
    assert refused(unknown)[1] == "unsupported_version"
