"""A conversation as its customer has it: send_event and get_chat.

Source: livechat-public-docs, customer-chat-api (Get Chat, Send Event; data structures).
"""

from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import Participant
from tests.sandbox.chat_api import VERSIONS, Json, refused
from tests.sandbox.conftest import RunningSandbox
from tests.sandbox.customer_chat.test_customer_chat import NO_TOKEN, VALIDATION, Platform

NOT_FOUND = (404, "not_found", "Not found")

every_version = pytest.mark.parametrize("version", VERSIONS)


def message(text: str, **more: Any) -> Json:
    return {"type": "message", "text": text, **more}


@pytest.fixture
def platform(sandbox: RunningSandbox, http: requests.Session) -> Platform:
    return Platform(sandbox, http)


def beginning(platform: Platform, version: str = "3.6") -> tuple[str, str, Json]:
    """A customer's token and id, and the chat that they have begun."""
    token, entity_id = platform.customer()
    body = {"chat": {"thread": {"events": [message("Hello?")]}}}
    return token, entity_id, platform.call("start_chat", token, body, version=version)


@every_version
def test_what_a_customer_says_is_seen_by_both(platform: Platform, version: str) -> None:
    token, entity_id, started = beginning(platform, version)
    sent = platform.call(
        "send_event",
        token,
        {"chat_id": started["chat_id"], "event": message("Still there?", custom_id="c-2")},
        version=version,
    )
    assert sent == {"event_id": f"{started['thread_id']}_2"}
    which = {"chat_id": started["chat_id"]}
    own = platform.call("get_chat", token, which, version=version)
    assert set(own) == {"id", "thread", "users", "access", "properties"}
    assert set(own["thread"]) == {
        *("id", "created_at", "active", "user_ids", "events", "properties", "access")
    }
    assert own["thread"]["user_ids"] == [entity_id]
    last = own["thread"]["events"][-1]
    assert last.pop("created_at") == own["users"][0]["events_seen_up_to"]
    assert last == {
        "id": sent["event_id"],
        "type": "message",
        "text": "Still there?",
        "custom_id": "c-2",
        "author_id": entity_id,
    }
    agents = platform.call("get_chat", platform.agent(), which, api="agent", version=version)
    assert [event["text"] for event in agents["thread"]["events"]] == ["Hello?", "Still there?"]
    (customer,) = [user for user in agents["users"] if user["type"] == "customer"]
    assert customer["customer_last_event_created_at"] == customer["events_seen_up_to"]


@every_version
def test_the_agent_s_answer_is_read_by_the_customer(platform: Platform, version: str) -> None:
    token, entity_id, started = beginning(platform, version)
    agent, which = platform.agent("chats--all:rw"), {"chat_id": started["chat_id"]}
    ada = platform.sandbox.author.email
    into = {"user_id": ada, "user_type": "agent", "visibility": "all"}
    body = which | into | {"ignore_requester_presence": True}
    platform.call("add_user_to_chat", agent, body, api="agent", version=version)
    for event in (message("Good morning!"), message("A regular.", visibility="agents")):
        platform.call("send_event", agent, {**which, "event": event}, api="agent", version=version)
    response = platform.post("get_chat", token, which, version=version)
    assert ada not in response.text, "customers don't see agents' addresses"
    thread = response.json()["thread"]
    said = [event for event in thread["events"] if event["type"] == "message"]
    assert [event["text"] for event in said][:2] == ["Hello?", "Good morning!"]
    agents = [user["id"] for user in response.json()["users"] if user["type"] == "agent"]
    assert [event["author_id"] for event in said[:2]] == [entity_id, *agents]
    assert thread["user_ids"] == [entity_id, *agents]
    assert all("visibility" not in event for event in said)


def test_onlookers_notes_and_hidden_threads_are_for_agents(platform: Platform) -> None:
    token, entity_id, started = beginning(platform)
    chats = platform.sandbox.chats.of(people.FERN_AND_FILTER)
    chat = chats.get(started["chat_id"])
    assert chat is not None
    onlooker = people.FERN_AND_FILTER.agents[1]
    chat.participants.append(Participant(onlooker, None, visibility="agents"))
    chat.threads[0].user_ids.append(onlooker.email)
    which = {"chat_id": chat.id}
    got = platform.call("get_chat", token, which)
    assert got["thread"]["user_ids"] == [entity_id]
    assert [user["type"] for user in got["users"]] == ["customer"]
    chat.threads[0].restricted_access = "the plan"
    assert platform.call("get_chat", token, which)["thread"]["events"] == []


def test_a_thread_of_ones_own_choice(platform: Platform) -> None:
    """Of a customer of the seed, who has been here before."""
    chats = platform.sandbox.chats.of(people.FERN_AND_FILTER)
    chat = next(chat for chat in chats.ordered() if len(chat.threads) > 2 and chat.customer)
    assert chat.customer is not None
    token, _ = platform.customer(chat.customer.id)
    ids = [thread.id for thread in chat.threads]
    assert platform.call("get_chat", token, {"chat_id": chat.id})["thread"]["id"] == ids[-1]
    which = {"chat_id": chat.id, "thread_id": ids[1]}
    thread = platform.call("get_chat", token, which)["thread"]
    assert thread["id"] == ids[1]
    assert (thread["previous_thread_id"], thread["next_thread_id"]) == (ids[0], ids[2])


def test_a_chat_that_has_ended(platform: Platform) -> None:
    token, _ = platform.customer()
    started = platform.call("start_chat", token, {"active": False})
    said = {"chat_id": started["chat_id"], "event": message("One more thing")}
    assert refused(platform.post("send_event", token, said))[1] == "chat_inactive"
    platform.call("send_event", token, {**said, "attach_to_last_thread": True})
    got = platform.call("get_chat", token, {"chat_id": started["chat_id"]})
    assert got["thread"]["events"][0]["text"] == "One more thing"


@pytest.mark.parametrize(
    ("action", "body", "error"),
    [
        ("get_chat", {}, VALIDATION),
        ("get_chat", {"chat_id": 7}, VALIDATION),
        ("get_chat", {"chat_id": "NOBODYS"}, NOT_FOUND),
        ("get_chat", {"chat_id": "{own}", "thread_id": "NOBODYS"}, NOT_FOUND),
        ("get_chat", {"chat_id": "{strangers}"}, NOT_FOUND),
        ("send_event", {"chat_id": "{own}"}, VALIDATION),
        ("send_event", {"event": message("Hi")}, VALIDATION),
        ("send_event", {"chat_id": "{own}", "event": {"type": "message"}}, VALIDATION),
        ("send_event", {"chat_id": "{own}", "event": {"type": "shout", "text": "Hi"}}, VALIDATION),
        ("send_event", {"chat_id": "{strangers}", "event": message("Hi")}, NOT_FOUND),
    ],
)
def test_what_is_refused(
    platform: Platform, action: str, body: Json, error: tuple[int, str, str]
) -> None:
    token, _, own = beginning(platform)
    strangers, _ = platform.start()
    ids = {"{own}": own["chat_id"], "{strangers}": strangers["chat_id"]}
    body = {name: ids.get(str(value), value) for name, value in body.items()}
    assert refused(platform.post(action, token, body)) == error
    assert refused(platform.post(action, platform.agent(), body)) == NO_TOKEN
    got = platform.call("get_chat", token, {"chat_id": own["chat_id"]})
    assert [event["text"] for event in got["thread"]["events"]] == ["Hello?"]
