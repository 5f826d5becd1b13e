"""deactivate_chat: the open thread is closed, and is in the archives from then on.

Source: livechat-public-docs, agent-chat-api (Deactivate Chat) of versions 3.4 to 3.7, and
messaging/references/system-activities (`manual_archived_agent`).
"""

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import (
    active_thread,
    demand_presence,
    end_queue,
    note_system_message,
)
from lc_tutorial.sandbox.api import Call, Source, chat_webhooks


class DeactivateChat(Struct):
    """The parameters of deactivate_chat."""

    id: str
    ignore_requester_presence: bool = False


def deactivate_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of deactivate_chat."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(DeactivateChat)
    chat = service.chat_within(reach, wanted.id)
    thread = active_thread(chat)
    demand_presence(chat, call.requester, ignored=wanted.ignore_requester_presence)
    name = call.requester.account.name
    note_system_message(
        service, chat, call, "manual_archived_agent", f"{name} archived the chat", agent=name
    )
    end_queue(service, thread)
    thread.active = False
    service.chats(call.requester).put(chat)
    chat_webhooks.chat_deactivated(service.world, Source.of(call.requester), chat, thread)
    return EMPTY
