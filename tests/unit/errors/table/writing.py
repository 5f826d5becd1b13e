"""Calls of methods that write, by somebody who may write but not like that."""

from typing import Any

import requests

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.scene import Scene
from tests.unit.errors.table.row import Row, once


def write(scene: Scene, action: str, body: Any) -> requests.Response:
    """Call a method with a token that may change all chats."""
    token = scene.personal_token("chats--all:rw")
    return scene.call(action, body, headers={"Authorization": token.authorization})


def configure(scene: Scene, action: str, body: Any) -> requests.Response:
    """Call a method of the Configuration API with a token that may."""
    token = scene.personal_token("tags--all:rw", "agents--all:ro", "groups--all:ro")
    headers = {"Authorization": token.authorization}
    return scene.call(action, body, service="configuration", headers=headers)


def going_on(scene: Scene) -> str:
    """The id of a chat that another agent has."""
    return str(_going_on(scene)["id"])


def agents(scene: Scene, *, present: bool) -> str:
    """An agent who has that chat, or one who has no access to it."""
    chat = _going_on(scene)
    if present:
        return next(str(u["id"]) for u in chat["users"] if u["type"] == "agent" and u["present"])
    token = scene.personal_token("agents--all:ro")
    listed = scene.call(
        "list_agents",
        {"fields": ["groups"]},
        service="configuration",
        headers={"Authorization": token.authorization},
    ).json()
    groups = {agent["id"]: {group["id"] for group in agent["groups"]} for agent in listed}
    return next(who for who, of in groups.items() if of.isdisjoint(chat["access"]["group_ids"]))


def _going_on(scene: Scene) -> Any:
    listed = scene.call(body={"filters": {"active": True}, "limit": 100}).json()["chats_summary"]
    return next(
        chat
        for chat in listed
        if 0 not in chat["access"]["group_ids"]
        and any(
            user["type"] == "agent" and user["present"] and user["visibility"] == "all"
            for user in chat["users"]
        )
    )


def over(scene: Scene) -> str:
    """The id of a chat that nobody is writing in any more."""
    listed = scene.call(body={"filters": {"active": False}}).json()["chats_summary"]
    return str(next(chat["id"] for chat in listed if "last_thread_summary" in chat))


MESSAGE = {"type": "message", "text": "Hello"}


def banned(scene: Scene) -> requests.Response:
    """A call of a customer whom an agent banned."""
    customer = scene.customer
    assert scene.chat("start_chat").ok
    token = scene.personal_token("customers.ban:rw")
    ban = {"id": customer["entity_id"], "ban": {"days": 1}}
    header = {"Authorization": token.authorization}
    answer = scene.call("ban_customer", ban, headers=header)
    assert answer.ok, answer.text
    return scene.chat()


WRITING = [
    once(
        "a customer who was banned",
        banned,
        "403 customer_banned",
        Known("The customer is banned."),
        "Lift the ban",
    ),
    Row(
        "somebody who is not in the chat",
        lambda s: write(s, "send_event", {"chat_id": going_on(s), "event": MESSAGE}),
        "403 authorization",
        Known("is not a user of this chat"),
        "Join with add_user_to_chat",
    ),
    Row(
        "a second agent whom the customer would see",
        lambda s: write(
            s,
            "add_user_to_chat",
            {
                "chat_id": going_on(s),
                "user_id": s.platform.login.email if s.platform.login else "",
                "user_type": "agent",
                "visibility": "all",
                "ignore_requester_presence": True,
            },
        ),
        "403 limit_reached",
        Known("An agent whom the customer sees is in the chat"),
        "transfer_chat",
    ),
    Row(
        "a chat that is over",
        lambda s: write(s, "send_event", {"chat_id": over(s), "event": MESSAGE}),
        "403 chat_inactive",
        Known("The chat is closed"),
        "resume_chat",
    ),
    Row(
        "more users than a chat begins with",
        lambda s: write(
            s,
            "start_chat",
            {
                "chat": {
                    "users": [
                        {"id": f"{name}@example.com", "type": "agent"}
                        for name in (
                            *("tomasz.zielinski", "priya.raman", "mateus.oliveira"),
                            *("yuki.tanaka", "claire.dubois"),
                        )
                    ]
                }
            },
        ),
        "403 limit_reached",
        Known("more than the account or the method allows"),
        "documentation",
    ),
    Row(
        "a token that may read only",
        lambda s: s.call("send_event", {"chat_id": going_on(s), "event": MESSAGE}),
        "403 authorization",
        Known("send_event needs the scope chats--all:rw or chats--access:rw"),
        "get a new token",
    ),
    Row(
        "a transfer to an agent who has the chat",
        lambda s: write(
            s,
            "transfer_chat",
            {
                "id": going_on(s),
                "target": {"type": "agent", "ids": [agents(s, present=True)]},
                "ignore_requester_presence": True,
            },
        ),
        "403 agent_offline",
        Known("they accept none, or have it already"),
        "ignore_agents_availability",
    ),
    Row(
        "a transfer to an agent of another group",
        lambda s: write(
            s,
            "transfer_chat",
            {
                "id": going_on(s),
                "target": {"type": "agent", "ids": [agents(s, present=False)]},
                "ignore_requester_presence": True,
            },
        ),
        "403 missing_access",
        Known("or an agent in the body, has no access"),
        "one of the chat's groups",
    ),
    Row(
        "a tag that there is",
        lambda s: configure(s, "create_tag", {"name": "coffee", "group_ids": [0]}),
        "400 already_exists",
        Known("There is one with this name already."),
        "another name",
    ),
    Row(
        "a group that there is not, in the Configuration API",
        lambda s: configure(s, "create_tag", {"name": "tea", "group_ids": [99]}),
        "404 group_not_found",
        Known("no group with an id that the body names"),
        "list_groups",
    ),
    Row(
        "an agent who is not there",
        lambda s: configure(s, "get_agent", {"id": "nobody@example.com"}),
        "404 not_found",
        Known("There is nothing with the id that the body names."),
        "list_agents",
    ),
]
