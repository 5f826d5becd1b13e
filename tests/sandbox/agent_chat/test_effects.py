"""What comes of writing: each method that reads tells the same of it, at once.

Sources: livechat-public-docs, messaging/agent-chat-api (the methods' pages, data-structures) and
messaging/references/system-activities.
"""

from itertools import pairwise
from typing import Any

import pytest

from lc_tutorial.sandbox.store import written
from lc_tutorial.sandbox.store.chat_store import Chats, ChatStore
from lc_tutorial.sandbox.world import GENERAL, ORDERS, people
from tests.sandbox.agent_chat.conversations import Conversations
from tests.sandbox.chat_api import OWNER, VERSIONS, Json

every_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def c(_server, http) -> Conversations:
    return Conversations.serve(_server, http)


def chat_of(c: Conversations, chat_id: str, **arguments: Any) -> Json:
    return c.api.call("get_chat", {"chat_id": chat_id}, **arguments)


def say(c: Conversations, chat_id: str, text: str = "Hello", **fields: Any) -> str:
    event = {"type": "message", "text": text, **fields}
    return c.done("send_event", {"chat_id": chat_id, "event": event})["event_id"]


def summary_of(c: Conversations, chat_id: str, **arguments: Any) -> Json:
    return next(one for one in c.api.summaries(**arguments) if one["id"] == chat_id)


def last_events(summary: Json) -> Json:
    return summary.get("last_event_per_type") or summary["last_thread_info"]["last_event_per_type"]


# --- send_event -----------------------------------------------------------------------------------

SENT = {
    "message": {"text": "Hello"},
    "file": {"url": "https://cdn.livechat-files.com/a/list.pdf"},
    "form": {"form_id": "1", "fields": [{"type": "email", "id": "2", "label": "E-mail"}]},
    "filled_form": {
        "form_id": "1",
        "fields": [{"type": "radio", "id": "2", "label": "?", "answer": {"id": "0", "label": "Y"}}],
    },
    "rich_message": {"template_id": "sticker", "elements": [{"title": "Well done"}]},
    "custom": {"content": {"any": [1, {"thing": None}]}},
    "system_message": {"system_message_type": "app.note", "text": "Paid"},
}
"""What is sent of each type that can be; all of it comes back, and `FROM_THE_NAME` too."""

FROM_THE_NAME = {"file": {"name": "list.pdf", "content_type": "application/pdf"}}


@pytest.mark.parametrize("kind", SENT)
@every_version
def test_an_event_is_everywhere_at_once(c: Conversations, kind, version):
    chat_id = c.mine.id
    before = summary_of(c, chat_id, version=version)
    position = [chat["id"] for chat in c.api.summaries(version=version)].index(chat_id)
    more = {"custom_id": "mine", "properties": {"app": {"n": 1, "b": True, "s": "x"}}}
    body = {"chat_id": chat_id, "event": {"type": kind, **SENT[kind], **more}}
    event_id = c.done("send_event", body, version=version)["event_id"]

    event = chat_of(c, chat_id, version=version)["thread"]["events"][-1]
    assert event["id"] == event_id
    assert event.items() >= {"type": kind, "visibility": "all", **SENT[kind], **more}.items()
    assert event.items() >= FROM_THE_NAME.get(kind, {}).items()
    assert event.get("author_id") == (None if kind == "system_message" else c.me)
    threads = c.api.call("list_threads", {"chat_id": chat_id}, version=version)["threads"]
    assert threads[0]["events"][-1] == event
    after = summary_of(c, chat_id, version=version)
    assert last_events(after)[kind]["event"] == event
    assert last_events(before).get(kind, {}).get("event") != event
    assert [chat["id"] for chat in c.api.summaries(version=version)].index(chat_id) == position
    # The author has seen all of it; the customer's record knows when an agent said something last.
    users = {user["id"]: user for user in after["users"]}
    assert users[c.me]["events_seen_up_to"] == event["created_at"]
    if kind != "system_message":
        customer = users[c.mine.customer.id]
        assert customer["agent_last_event_created_at"] == event["created_at"]


def test_ids_and_times_of_events_go_on(c: Conversations):
    thread = c.mine.threads[-1]
    last = int(thread.events[-1].id.rpartition("_")[2])
    ids = [say(c, c.mine.id) for _ in range(3)]
    assert ids == [f"{thread.id}_{last + number}" for number in (1, 2, 3)]
    times = [event["created_at"] for event in chat_of(c, c.mine.id)["thread"]["events"]]
    assert all(earlier < later for earlier, later in pairwise(times))


def test_the_time_is_the_sandbox_s(c: Conversations):
    say(c, c.mine.id)
    c.api.world.clock.advance(3 * 86_400)
    say(c, c.mine.id)
    days = [event["created_at"][:10] for event in chat_of(c, c.mine.id)["thread"]["events"][-2:]]
    assert days == ["2026-06-15", "2026-06-18"]


def test_what_agents_say_among_themselves(c: Conversations):
    say(c, c.mine.id, "between us", visibility="agents")
    assert chat_of(c, c.mine.id)["thread"]["events"][-1]["visibility"] == "agents"
    c.look_on(OWNER)
    body = {"chat_id": c.mine.id, "event": {"type": "message", "text": "x", "visibility": "agents"}}
    assert c.as_me("send_event", body, email=OWNER).status_code == 200


def test_the_author_cannot_be_chosen(c: Conversations):
    say(c, c.mine.id, author_id=OWNER)
    assert chat_of(c, c.mine.id)["thread"]["events"][-1]["author_id"] == c.me


def test_an_event_in_the_last_thread_of_a_chat_that_is_over(c: Conversations):
    # Source: lc-sdk-python, agent/web (attach_to_last_thread).
    me = next(p.agent.email for p in c.over.participants if p.present)
    body = {"chat_id": c.over.id, "event": {"type": "message", "text": "a very rare postscript"}}
    assert c.as_me("send_event", body, email=me).json()["error"]["type"] == "chat_inactive"
    found = {"filters": {"query": "a very rare postscript"}}
    assert c.api.call("list_archives", found)["found_chats"] == 0
    c.done("send_event", body | {"attach_to_last_thread": True}, email=me)
    archived = c.api.call("list_archives", found)
    assert [chat["id"] for chat in archived["chats"]] == [c.over.id]


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("send_event_preview", {"event": {"type": "message", "text": "Wait"}}),
        ("send_typing_indicator", {"is_typing": True}),
        ("send_thinking_indicator", {"title": "Searching"}),
    ],
)
def test_what_is_only_shown_is_kept_nowhere(c: Conversations, method, body):
    before = c.picture()
    c.done(method, {"chat_id": c.mine.id, **body})
    assert c.picture() == before


def test_a_postback_toggles(c: Conversations):
    def pressed_by() -> list[list[str]]:
        thread = chat_of(c, c.mine.id)["thread"]
        event = next(e for e in reversed(thread["events"]) if e["type"] == "rich_message")
        return [button["user_ids"] for button in event["elements"][0]["buttons"]]

    body = c.postback()
    assert pressed_by() == [[], []]
    c.done("send_rich_message_postback", body)
    c.done("send_rich_message_postback", body)
    assert pressed_by() == [[], [c.me]]
    assert last_events(summary_of(c, c.mine.id))["rich_message"]["event"]["elements"][0]["buttons"][
        1
    ]["user_ids"] == [c.me]
    body["postback"]["toggled"] = False
    c.done("send_rich_message_postback", body)
    assert pressed_by() == [[], []]


# --- Chats begin and end --------------------------------------------------------------------------


@every_version
def test_a_chat_starts_with_nothing_but_its_starter(c: Conversations, version):
    started = c.done("start_chat", {}, version=version)
    first = c.api.summaries(version=version)[0]  # newest first
    assert first["id"] == started["chat_id"]
    assert [(u["id"], u["type"], u["present"]) for u in first["users"]] == [(c.me, "agent", True)]
    assert first["access"] == {"group_ids": [GENERAL]}
    whole = chat_of(c, started["chat_id"], version=version)
    assert whole["thread"]["id"] == started["thread_id"]
    assert whole["thread"]["active"] is True
    assert whole["thread"]["events"] == []
    assert "customer_visit" not in whole["thread"]


def test_a_chat_starts_with_all_that_is_given(c: Conversations):
    events = [
        {"type": "message", "text": "Good morning", "visibility": "agents"},
        {"type": "message", "text": "Hello", "author_id": OWNER},
    ]
    started = c.done(
        "start_chat",
        {
            "chat": {
                "properties": {"app": {"of": "the chat"}},
                "access": {"group_ids": [ORDERS]},
                "users": [{"id": OWNER, "type": "agent"}],
                "thread": {"events": events, "properties": {"app": {"of": "the thread"}}},
            },
            "continuous": True,
            "active": False,
        },
    )
    chat = chat_of(c, started["chat_id"])
    assert [event["id"] for event in chat["thread"]["events"]] == started["event_ids"]
    assert [event["author_id"] for event in chat["thread"]["events"]] == [c.me, OWNER]
    # Source: start_chat: the visibility of events and users is all, and cannot be changed.
    assert {event["visibility"] for event in chat["thread"]["events"]} == {"all"}
    assert chat["thread"]["active"] is False
    assert chat["access"] == chat["thread"]["access"] == {"group_ids": [ORDERS]}
    assert chat["properties"]["app"] == {"of": "the chat"}
    assert chat["properties"]["routing"]["continuous"] is True
    assert chat["thread"]["properties"]["app"] == {"of": "the thread"}
    assert {user["id"] for user in chat["users"]} == {c.me, OWNER}


@every_version
def test_a_chat_ends_and_is_in_the_archives(c: Conversations, version):
    chat_id, thread_id = c.mine.id, c.mine.threads[-1].id
    name = c.api.account(c.me).name
    say(c, chat_id, "so long, and thanks for all the ferns")
    by_words = {"filters": {"query": "thanks for all the ferns"}}
    going_on = {"filters": {"active": True} if version >= "3.6" else {}}
    assert c.api.call("list_archives", by_words, version=version)["found_chats"] == 0
    assert chat_id in c.api.ids(going_on, version=version)

    c.done("deactivate_chat", {"id": chat_id}, version=version)

    archived = c.api.call("list_archives", by_words, version=version)
    assert [(one["id"], one["thread"]["id"]) for one in archived["chats"]] == [(chat_id, thread_id)]
    closing = archived["chats"][0]["thread"]["events"][-1]
    assert closing["system_message_type"] == "manual_archived_agent"
    assert closing["text"] == f"{name} archived the chat"
    assert chat_of(c, chat_id, version=version)["thread"]["active"] is False
    if version >= "3.6":
        assert chat_id not in c.api.ids(going_on, version=version)


def test_a_chat_is_resumed_and_goes_to_the_top(c: Conversations):
    chat, me = c.over, c.me
    old = [thread.id for thread in chat.threads]
    new = c.done(
        "resume_chat",
        {
            "chat": {
                "id": chat.id,
                "access": {"group_ids": [ORDERS]},
                "properties": {"app": {"again": True}},
                "thread": {"events": [{"type": "message", "text": "One more thing"}]},
            },
            "continuous": True,
        },
    )
    threads = c.api.call("list_threads", {"chat_id": chat.id, "limit": 100})["threads"]
    assert [thread["id"] for thread in threads] == [new["thread_id"], *old[::-1]]
    assert threads[0]["previous_thread_id"] == old[-1]
    assert threads[1]["next_thread_id"] == new["thread_id"]
    assert [event["id"] for event in threads[0]["events"]] == new["event_ids"]
    first = c.api.summaries()[0]
    assert first["id"] == chat.id
    assert first["properties"]["app"] == {"again": True}
    assert first["properties"]["routing"]["continuous"] is True
    assert first["access"] == {"group_ids": [ORDERS]}
    assert [u["id"] for u in first["users"] if u["type"] == "agent" and u["present"]] == [me]
    # What was shared with older threads is theirs as before.
    assert "app" not in threads[1]["properties"]
    assert threads[1]["access"] == {"group_ids": chat.threads[-2].group_ids}


def test_a_page_id_goes_on_where_it_was(c: Conversations):
    first = c.api.call("list_chats", {"limit": 10})
    ids = [chat["id"] for chat in c.api.summaries()]
    c.done("start_chat", {})
    say(c, c.mine.id)
    second = c.api.call("list_chats", {"page_id": first["next_page_id"]})
    assert [chat["id"] for chat in second["chats_summary"]] == ids[10:20]


def test_following(c: Conversations):
    chat_id = c.elsewhere.id
    c.done("follow_chat", {"id": chat_id})
    assert summary_of(c, chat_id, email=c.me)["is_followed"] is True
    assert chat_of(c, chat_id, email=c.me)["is_followed"] is True
    c.done("unfollow_chat", {"id": chat_id})
    assert summary_of(c, chat_id, email=c.me)["is_followed"] is False


# --- Who is in a chat -----------------------------------------------------------------------------


def agents_in(c: Conversations, chat_id: str) -> dict[str, str]:
    """Who is in the chat, and who sees them."""
    users = chat_of(c, chat_id)["users"]
    return {
        user["id"]: user["visibility"]
        for user in users
        if user["type"] == "agent" and user["present"]
    }


def last_words(c: Conversations, chat_id: str) -> tuple[str, str]:
    event = chat_of(c, chat_id)["thread"]["events"][-1]
    return event.get("system_message_type", ""), event["text"]


def test_a_chat_is_transferred_to_a_group(c: Conversations):
    group = people.FERN_AND_FILTER.group(people.PLANT_CARE)
    name = c.api.account(c.me).name
    target = {"type": "group", "ids": [group.id]}
    c.done("transfer_chat", {"id": c.mine.id, "target": target})
    assert last_words(c, c.mine.id) == (
        "chat_transferred",
        f"{name} transferred the chat to {group.name}",
    )
    chat = chat_of(c, c.mine.id)
    assert chat["access"] == chat["thread"]["access"] == {"group_ids": [group.id]}
    (agent,) = agents_in(c, c.mine.id)
    assert group.id in c.api.account(agent).group_ids
    assert agent != c.me
    assert agent in chat["thread"]["user_ids"]
    found = c.api.ids({"filters": {"group_ids": [group.id]}})
    assert c.mine.id in found


def test_a_chat_is_transferred_to_an_agent(c: Conversations):
    target = {"type": "agent", "ids": [c.colleague]}
    groups = c.mine.group_ids
    c.done("transfer_chat", {"id": c.mine.id, "target": target})
    assert agents_in(c, c.mine.id) == {c.colleague: "all"}
    assert chat_of(c, c.mine.id)["access"] == {"group_ids": groups}
    body = {"chat_id": c.mine.id, "event": {"type": "message", "text": "Hello again"}}
    assert c.as_me("send_event", body).json()["error"]["type"] == "authorization"
    assert c.as_me("send_event", body, email=c.colleague).status_code == 200


def test_a_chat_that_nobody_can_take_waits(c: Conversations):
    target = {"type": "agent", "ids": [c.me]}
    body = {"id": c.mine.id, "target": target, "ignore_agents_availability": True}
    c.done("transfer_chat", body)
    chat = chat_of(c, c.mine.id)
    assert agents_in(c, c.mine.id) == {}
    assert chat["thread"]["queue"]["position"] >= 1
    assert chat["properties"]["routing"]["unassigned"] is True
    c.api.world.clock.advance(60)
    c.done(
        "add_user_to_chat",
        {
            "chat_id": c.mine.id,
            "user_id": c.colleague,
            "user_type": "agent",
            "visibility": "all",
            "ignore_requester_presence": True,
        },
    )
    thread = chat_of(c, c.mine.id)["thread"]
    assert "queue" not in thread
    assert thread["queues_duration"] >= 60
    assert thread["properties"]["routing"]["unassigned"] is False


def test_agents_come_and_go(c: Conversations):
    chat_id, me, other = c.mine.id, c.me, c.colleague
    mine, others = c.api.account(me).name, c.api.account(other).name
    add = {"chat_id": chat_id, "user_id": other, "user_type": "agent", "visibility": "agents"}
    leave = {"chat_id": chat_id, "user_type": "agent"}
    c.done("add_user_to_chat", add)
    assert agents_in(c, chat_id) == {me: "all", other: "agents"}
    assert last_words(c, chat_id) == ("agent_added", f"{mine} added {others} to the chat")
    c.done("remove_user_from_chat", leave | {"user_id": other})
    assert agents_in(c, chat_id) == {me: "all"}
    assert last_words(c, chat_id) == ("agent_removed", f"{mine} removed {others} from the chat")
    c.done("add_user_to_chat", add | {"ignore_requester_presence": True}, email=other)
    assert last_words(c, chat_id) == ("agent_joined", f"{others} joined the chat")
    c.done("remove_user_from_chat", leave | {"user_id": me})
    assert agents_in(c, chat_id) == {other: "agents"}
    assert last_words(c, chat_id) == ("agent_left", f"{mine} left the chat")
    assert chat_of(c, chat_id)["properties"]["routing"]["unassigned"] is True


def test_a_customer_comes_into_a_chat_that_has_none(c: Conversations):
    customer = c.over.customer
    c.api.chats.remove(c.over)
    c.api.chats.customers[customer.id] = customer
    chat_id = c.done("start_chat", {})["chat_id"]
    body = {
        "chat_id": chat_id,
        "user_id": customer.id,
        "user_type": "customer",
        "visibility": "all",
    }
    c.done("add_user_to_chat", body)
    first = c.api.summaries()[0]
    assert first["users"][0]["id"] == customer.id
    assert last_words(c, chat_id)[0] == "customer_added"
    assert [chat.id for chat in c.api.chats.of_customer(customer.id)] == [chat_id]


# --- Isolation, resets, bounds --------------------------------------------------------------------


def test_another_organization_sees_nothing_of_it(c: Conversations):
    theirs = people.PAPER_LANTERN.owner.email
    before = c.api.summaries(email=theirs)
    c.done("start_chat", {})
    say(c, c.mine.id)
    assert c.api.summaries(email=theirs) == before


def test_other_chats_are_made_in_the_place_of_what_was_written():
    store, fresh = ChatStore(20), ChatStore(20)
    home = people.FERN_AND_FILTER
    chat = store.of(home).ordered()[-1]
    store.of(home).remove(chat)
    assert len(store.of(home)) == 19
    store.become(fresh)
    assert len(store.of(home)) == 20


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that keeps little of what is written: some five short events, or fewer threads."""
    monkeypatch.setattr(written, "MOST_BYTES", 5 * 700)
    monkeypatch.setattr(written, "_THREAD", 700)


def test_the_oldest_events_that_were_written_go(c: Conversations, bounded):
    seeded = [event.id for event in c.mine.threads[-1].events]
    ids = [say(c, c.mine.id) for _ in range(12)]
    kept = [event["id"] for event in chat_of(c, c.mine.id)["thread"]["events"]]
    assert kept == [*seeded, *ids[-5:]]
    assert last_events(summary_of(c, c.mine.id))["message"]["event"]["id"] == ids[-1]


def test_the_oldest_chats_that_were_started_go(c: Conversations, bounded):
    number = len(c.api.chats)
    started = [c.done("start_chat", {})["chat_id"] for _ in range(9)]
    kept = len(c.api.chats) - number
    assert 2 <= kept <= 5  # their properties take some of the room
    assert c.api.ids().intersection(started) == set(started[-kept:])
    assert c.as_me("deactivate_chat", {"id": started[0]}).json()["error"]["type"] == "not_found"


def test_a_chat_that_is_written_into_stays(c: Conversations, bounded):
    started = c.done("start_chat", {})["chat_id"]
    ids = [say(c, started) for _ in range(12)]
    kept = [event["id"] for event in chat_of(c, started)["thread"]["events"]]
    assert kept == ids[-len(kept) :]
    assert 3 <= len(kept) <= 5


def test_of_chats_that_were_written_into_the_oldest_go(c: Conversations, bounded):
    number = len(c.api.chats)
    started = []
    for _ in range(9):
        started.append(c.done("start_chat", {})["chat_id"])
        say(c, started[-1])
    ids = c.api.ids()
    kept = [chat_id for chat_id in started if chat_id in ids]
    assert kept == started[-len(kept) :]
    assert 2 <= len(kept) <= 5
    assert len(c.api.chats) == number + len(kept)


def test_a_seeded_chat_stays_whatever_its_threads_do(c: Conversations, bounded):
    chats: Chats = c.api.chats
    empty = next(chat for chat in chats.ordered() if not chat.threads)
    before = len(chats)
    for _ in range(9):
        c.done("resume_chat", {"chat": {"id": empty.id}, "active": False})
    assert len(chats) == before
    assert 2 <= len(empty.threads) <= 5
