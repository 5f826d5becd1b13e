"""Calls of methods that write, by somebody who may write but not like that."""

from typing import Any

import requests

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.scene import Scene
from tests.unit.errors.table.row import Row


def write(scene: Scene, action: str, body: Any) -> requests.Response:
    """Call a method with a token that may change all chats."""
    token = scene.personal_token("chats--all:rw")
    return scene.call(action, body, headers={"Authorization": token.authorization})


def going_on(scene: Scene) -> str:
    """The id of a chat that another agent has."""
    listed = scene.call(body={"filters": {"active": True}, "limit": 100}).json()["chats_summary"]
    return next(
        chat["id"]
        for chat in listed
        if any(
            user["type"] == "agent" and user["present"] and user["visibility"] == "all"
            for user in chat["users"]
        )
    )


def over(scene: Scene) -> str:
    """The id of a chat that nobody is writing in any more."""
    listed = scene.call(body={"filters": {"active": False}}).json()["chats_summary"]
    return str(next(chat["id"] for chat in listed if "last_thread_summary" in chat))


MESSAGE = {"type": "message", "text": "Hello"}

WRITING = [
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
]
