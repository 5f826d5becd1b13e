"""send_rich_message_postback: an agent presses a button of a rich message.

Source: livechat-public-docs, agent-chat-api (Send Rich Message Postback) of versions 3.4 to 3.7,
and agent-chat-api/data-structures (`elements.buttons.user_ids`).
"""

import copy

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import event_of, thread_of
from lc_tutorial.sandbox.api import ApiError, Call, Source, chat_webhooks
from lc_tutorial.sandbox.world import Version


class Ecommerce(Struct, omit_defaults=True):
    """Which product of a shop."""

    product_id: str = ""
    option_id: str = ""
    quantity: float | None = None


class Postback(Struct):
    """Which button, and whether it is on now."""

    id: str
    toggled: bool


class NewerPostback(Postback, omit_defaults=True):
    """The same from version 3.6 on."""

    button_type: str = ""
    button_value: str = ""
    ecommerce: Ecommerce | None = None


class SendPostback(Struct):
    """The parameters of send_rich_message_postback."""

    chat_id: str
    thread_id: str
    event_id: str
    postback: Postback


class NewerSendPostback(Struct):
    """The same from version 3.6 on."""

    chat_id: str
    thread_id: str
    event_id: str
    postback: NewerPostback


def send_rich_message_postback(service: ChatService, call: Call) -> bytes:
    """Answer a call of send_rich_message_postback: the button knows who pressed it."""
    reach = service.reach(call.requester, "rw")
    wanted: SendPostback | NewerSendPostback
    if call.version >= Version.V3_6:
        wanted = call.parameters(NewerSendPostback)
    else:
        wanted = call.parameters(SendPostback)
    chat = service.chat_within(reach, wanted.chat_id)
    event = event_of(thread_of(chat, wanted.thread_id), wanted.event_id)
    if event.type != "rich_message":
        # assumed: this type, and of what has no such button too.
        raise ApiError("validation", why="the event is no rich message")
    agent_id, body = call.requester.agent_id, copy.deepcopy(event.body)
    pressed = [
        button
        for element in body.get("elements", [])
        for button in element.get("buttons", [])
        if button.get("postback_id") == wanted.postback.id
    ]
    if not pressed:
        raise ApiError("validation", why="the rich message has no button with that postback")
    for button in pressed:
        others = [user_id for user_id in button.get("user_ids", []) if user_id != agent_id]
        button["user_ids"] = [*others, agent_id] if wanted.postback.toggled else others
    event.body = body
    service.chats(call.requester).touch(chat)
    chat_webhooks.incoming_rich_message_postback(
        service.world,
        Source.of(call.requester),
        chat,
        {"thread_id": wanted.thread_id, "event_id": wanted.event_id},
        msgspec.to_builtins(wanted.postback),
    )
    return EMPTY
