"""Agents, customers and other programs see one world: what one of them does, the others see.

Sources: livechat-public-docs, messaging/agent-chat-api, messaging/customer-chat-api and
management/webhooks of versions 3.4 to 3.7.
"""

from typing import Any

import pytest
import requests

from tests.sandbox.chat_api import VERSIONS, Json
from tests.sandbox.conftest import RunningSandbox
from tests.sandbox.customer_chat.test_customer_chat import Platform
from tests.sandbox.receiving import receiving

EVERYTHING = ("chats--all:rw", "customers:rw", "webhooks.configuration:rw")
MESSAGE = {"type": "message", "text": "Do ferns like the shade of a very tall cupboard?"}

every_version = pytest.mark.parametrize("version", VERSIONS)


class World(Platform):
    """The sandbox, with one token of an agent."""

    def agents(self, action: str, body: Any = None, version: str = "3.6", **arguments: Any) -> Any:
        """Call a method as an agent."""
        token, use = self.agent(*EVERYTHING), {"api": "agent", "version": version, **arguments}
        return self.call(action, token, body, **use)

    def seen_by(self, customer: str, version: str) -> Json:
        """The customer's only chat, as they see it."""
        listed = self.call("list_chats", customer, version=version)
        (chat,) = listed["chats_info" if version == "3.7" else "chats_summary"]
        return dict(chat)


@pytest.fixture
def world(sandbox: RunningSandbox, http: requests.Session) -> World:
    return World(sandbox, http)


def last_messages(chat: Json) -> Json:
    last = chat.get("last_event_per_type") or chat["last_thread_info"]["last_event_per_type"]
    return dict(last["message"]["event"])


@every_version
def test_a_conversation(world: World, version: str) -> None:
    customer, customer_id = world.customer()
    body = {"chat": {"thread": {"events": [MESSAGE]}}, "continuous": True}
    ids = world.call("start_chat", customer, body, version=version)
    chat_id = ids["chat_id"]

    # An agent joins, whispers and answers.
    me = {"user_id": world.sandbox.author.email, "user_type": "agent", "visibility": "all"}
    joining = {"chat_id": chat_id, "ignore_requester_presence": True, **me}
    world.agents("add_user_to_chat", joining, version)
    for text, visibility in (("They do.", "all"), ("I hope so.", "agents")):
        event = {"type": "message", "text": text, "visibility": visibility}
        world.agents("send_event", {"chat_id": chat_id, "event": event}, version)
    assert last_messages(world.seen_by(customer, version))["text"] == "They do."
    whole = world.agents("get_chat", {"chat_id": chat_id}, version)
    said = [e["text"] for e in whole["thread"]["events"] if e["type"] == "message"]
    assert said == [MESSAGE["text"], "They do.", "I hope so."]

    # It ends, and is in the archives; the customer sees that it is over.
    world.agents("deactivate_chat", {"id": chat_id}, version)
    assert world.seen_by(customer, version)["active"] is False
    found = world.agents("list_archives", {"filters": {"query": "very tall cupboard"}}, version)
    assert [chat["id"] for chat in found["chats"]] == [chat_id]
    assert world.call("list_chats", customer, version=version)["total_chats"] == 1
    assert customer_id in found["chats"][0]["thread"]["user_ids"]


@every_version
def test_a_customer_whom_an_agent_updated(world: World, version: str) -> None:
    customer, customer_id = world.customer()
    ids = world.call("start_chat", customer, {"chat": {"thread": {"events": [MESSAGE]}}})
    fields = [{"plan": "green"}]
    known = {"name": "Ana", "email": "ana@example.com", "session_fields": fields}
    world.agents("update_customer", {"id": customer_id, **known}, version)

    def of(users: list[Json]) -> Json:
        return next(user for user in users if user["id"] == customer_id)

    listed = world.agents("list_chats", {"limit": 1}, version)
    world.agents(
        "deactivate_chat", {"id": ids["chat_id"], "ignore_requester_presence": True}, version
    )
    filters = {"filters": {"query": "very tall cupboard"}}
    shown = [
        of(listed["chats_info" if version == "3.7" else "chats_summary"][0]["users"]),
        of(world.agents("get_chat", {"chat_id": ids["chat_id"]}, version)["users"]),
        of(world.agents("list_archives", filters, version)["chats"][0]["users"]),
        world.agents("get_customer", {"id": customer_id}, version),
        of(world.seen_by(customer, version)["users"]),
    ]
    if version < "3.6":
        shown.append(of(world.agents("list_customers", {"limit": 100}, version)["customers"]))
    for one in shown:
        assert one.items() >= known.items()


def test_a_customer_whom_an_agent_created_starts_a_chat(world: World) -> None:
    made = world.agents("create_customer", {"name": "Ana"}, "3.5")["customer_id"]
    customer, _ = world.customer(made)
    chat_id = world.call("start_chat", customer)["chat_id"]
    found = world.agents("get_customer", {"id": made})
    assert (found["name"], found["chat_ids"]) == ("Ana", [chat_id])
    assert found["statistics"]["chats_count"] == 1
    world.agents("update_customer", {"id": made, "name": "Ana K."})
    users = world.agents("get_chat", {"chat_id": chat_id})["users"]
    assert [user["name"] for user in users] == ["Ana K."]


def test_a_program_hears_of_a_chat_that_a_customer_starts(world: World) -> None:
    world.sandbox.app.installed = True
    with receiving() as receiver:
        webhook = {
            "action": "incoming_chat",
            "secret_key": "not-a-real-secret-key",
            "url": receiver.url,
            "owner_client_id": world.sandbox.block.client_id,
            "type": "license",
        }
        world.agents("register_webhook", webhook, api="configuration")
        customer, customer_id = world.customer()
        ids = world.call("start_chat", customer, {"chat": {"thread": {"events": [MESSAGE]}}})
        told = receiver.next()["payload"]["chat"]
    assert (told["id"], told["thread"]["id"]) == (ids["chat_id"], ids["thread_id"])
    assert [event["author_id"] for event in told["thread"]["events"]] == [customer_id]
