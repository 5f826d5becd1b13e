"""The webhooks of what agents do in chats: when they are sent, and what they say.

Source: livechat-public-docs, management/webhooks of versions 3.4 to 3.7.
"""

from collections.abc import Callable
from typing import Any

import pytest
from livechat.webhooks.parser import parse_webhook

from lc_tutorial.sandbox.world import GENERAL, people
from tests.sandbox.chat_api import OWNER, VERSIONS
from tests.sandbox.configuration.conftest import Configuration
from tests.sandbox.configuration.deliveries import Json, agent_call, register
from tests.sandbox.receiving import Receiver

COLLEAGUE = "priya.raman@example.com"
EVENT = {"type": "message", "text": "Hello"}
BUTTON = {"type": "message", "text": "Yes", "value": "yes", "postback_id": "yes"}
RICH = {
    "type": "rich_message",
    "template_id": "quick_replies",
    "elements": [{"title": "Again?", "buttons": [BUTTON]}],
}
PRESSED = {"id": "yes", "toggled": True, "button_type": "message", "button_value": "yes"}


@pytest.fixture
def configuration(with_own_chats: Configuration) -> Configuration:
    with_own_chats.api.world.ready_made.installed = True
    return with_own_chats


def call(configuration: Configuration, action: str, body: Json, **arguments: Any) -> Any:
    return agent_call(configuration, action, body, **arguments)


def start(configuration: Configuration, **chat: Any) -> dict[str, str]:
    """Start a chat, and return what names it and its thread."""
    started = call(configuration, "start_chat", {"chat": chat})
    return {name: started[name] for name in ("chat_id", "thread_id")}


def last_event(configuration: Configuration, ids: dict[str, str], version: str) -> Json:
    chat = call(configuration, "get_chat", {"chat_id": ids["chat_id"]}, version=version)
    return dict(chat["thread"]["events"][-1])


Happening = Callable[[Configuration, str], tuple[dict[str, str], Json]]
"""Does something, and returns where and what a webhook of this version says of it."""


def sends(configuration: Configuration, version: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    call(configuration, "send_event", {"chat_id": ids["chat_id"], "event": EVENT})
    return ids, ids | {"event": last_event(configuration, ids, version)}


def closes(configuration: Configuration, _: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    call(configuration, "deactivate_chat", {"id": ids["chat_id"]})
    return ids, ids | {"user_id": OWNER}


def hands_over(configuration: Configuration, _: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    call(configuration, "set_routing_status", {"agent_id": COLLEAGUE, "status": "accepting_chats"})
    target = {"type": "agent", "ids": [COLLEAGUE]}
    call(configuration, "transfer_chat", {"id": ids["chat_id"], "target": target})
    to = {"group_ids": [GENERAL], "agent_ids": [COLLEAGUE]}
    return ids, ids | {"requester_id": OWNER, "reason": "manual", "transferred_to": to}


def lets_wait(configuration: Configuration, version: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    target = {"type": "agent", "ids": [OWNER]}  # who has it already, and can't take it
    body = {"id": ids["chat_id"], "target": target, "ignore_agents_availability": True}
    call(configuration, "transfer_chat", body)
    queue = call(configuration, "get_chat", {"chat_id": ids["chat_id"]})["thread"]["queue"]
    if version < "3.6":
        queue["queued_at_us"] = queue.pop("queued_at")
    to = {"group_ids": [GENERAL], "agent_ids": []}
    said = {"requester_id": OWNER, "reason": "manual", "transferred_to": to, "queue": queue}
    return ids, ids | said


def gives_access(configuration: Configuration, _: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    target = {"type": "group", "ids": [people.PLANT_CARE]}
    body = {"id": ids["chat_id"], "target": target, "ignore_agents_availability": True}
    call(configuration, "transfer_chat", body)
    return ids, {"id": ids["chat_id"], "access": {"group_ids": [people.PLANT_CARE]}}


def added(ids: dict[str, str], kind: str, user: Json) -> Json:
    by = {"reason": "manual", "requester_id": OWNER}
    return ids | by | {"user_type": kind, "user": user}


def adds_an_agent(configuration: Configuration, version: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    who = {"user_id": COLLEAGUE, "user_type": "agent", "visibility": "agents"}
    call(configuration, "add_user_to_chat", {"chat_id": ids["chat_id"]} | who)
    chat = call(configuration, "get_chat", {"chat_id": ids["chat_id"]}, version=version)
    return ids, added(ids, "agent", next(u for u in chat["users"] if u["id"] == COLLEAGUE))


def adds_a_customer(configuration: Configuration, version: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    made = call(configuration, "create_customer", {"name": "Ana"}, version="3.5")
    who = {"user_id": made["customer_id"], "user_type": "customer", "visibility": "all"}
    call(configuration, "add_user_to_chat", {"chat_id": ids["chat_id"]} | who)
    chat = call(configuration, "get_chat", {"chat_id": ids["chat_id"]}, version=version)
    return ids, added(ids, "customer", next(u for u in chat["users"] if u["type"] == "customer"))


def removes(configuration: Configuration, _: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    who = {"user_id": OWNER, "user_type": "agent"}
    call(configuration, "remove_user_from_chat", {"chat_id": ids["chat_id"]} | who)
    return ids, ids | who | {"reason": "manual", "requester_id": OWNER}


def presses(configuration: Configuration, version: str) -> tuple[dict[str, str], Json]:
    ids = start(configuration)
    body = {"chat_id": ids["chat_id"], "event": RICH}
    event_id = call(configuration, "send_event", body)["event_id"]
    where = ids | {"event_id": event_id}
    call(configuration, "send_rich_message_postback", where | {"postback": PRESSED})
    told = PRESSED if version >= "3.6" else {"id": "yes", "toggled": True}
    return ids, where | {"user_id": OWNER, "postback": told}


HAPPENINGS: list[tuple[str, Happening]] = [
    ("incoming_event", sends),
    ("chat_deactivated", closes),
    ("chat_transferred", hands_over),
    ("chat_transferred", lets_wait),
    ("chat_access_updated", gives_access),
    ("user_added_to_chat", adds_an_agent),
    ("user_added_to_chat", adds_a_customer),
    ("user_removed_from_chat", removes),
    ("incoming_rich_message_postback", presses),
]


@pytest.mark.parametrize(("action", "happening"), HAPPENINGS)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_webhooks_say(
    configuration: Configuration,
    receiver: Receiver,
    version: str,
    action: str,
    happening: Happening,
) -> None:
    register(configuration, receiver, action, version=version)
    ids, payload = happening(configuration, version)
    webhook = receiver.next()
    if action == "incoming_event":  # what the platform says itself, too; the chat's first
        assert webhook["payload"]["event"]["id"] == f"{ids['thread_id']}_1"
    assert webhook["action"] == action
    assert webhook["payload"] == payload
    if version != "3.4":
        # The vendor's own reader of webhooks knows them all.
        assert parse_webhook(webhook, version).action == action


@pytest.mark.parametrize("again", [False, True], ids=["start_chat", "resume_chat"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_chat_that_comes_with_a_new_thread(
    configuration: Configuration, receiver: Receiver, version: str, again: bool
) -> None:
    if again:
        first = start(configuration)
        call(configuration, "deactivate_chat", {"id": first["chat_id"]})
        register(configuration, receiver, "incoming_chat", version=version)
        body = {"chat": {"id": first["chat_id"], "thread": {"events": [EVENT]}}}
        ids = first | call(configuration, "resume_chat", body)
    else:
        register(configuration, receiver, "incoming_chat", version=version)
        ids = start(configuration, thread={"events": [EVENT]})
    webhook = receiver.next()
    chat = call(configuration, "get_chat", {"chat_id": ids["chat_id"]}, version=version)
    del chat["is_followed"]
    assert webhook["payload"] == {"chat": chat}
    assert chat["thread"]["id"] == ids["thread_id"]
    assert [event["text"] for event in chat["thread"]["events"]] == ["Hello"]


def test_what_a_version_does_not_have_is_not_sent(
    configuration: Configuration, receiver: Receiver
) -> None:
    """Summaries are system events, which came with version 3.6."""
    register(configuration, receiver, "incoming_event", version="3.5")
    ids = start(configuration, thread={"events": [EVENT]})
    call(configuration, "request_thread_summary", ids)
    call(configuration, "send_event", {"chat_id": ids["chat_id"], "event": EVENT})
    assert receiver.next()["payload"]["event"]["type"] == "message"


@pytest.mark.parametrize(("author", "told"), [("agent", True), ("customer", False)])
def test_events_by_their_authors(
    configuration: Configuration, receiver: Receiver, author: str, told: bool
) -> None:
    register(configuration, receiver, "incoming_event", filters={"author_type": author})
    register(configuration, receiver, "chat_deactivated")
    ids, _ = sends(configuration, "3.6")
    call(configuration, "deactivate_chat", {"id": ids["chat_id"]})
    assert receiver.next()["action"] == ("incoming_event" if told else "chat_deactivated")
