"""send_event and send_event_preview: what an agent says in a chat.

Source: livechat-public-docs, agent-chat-api (Send Event, Send Event Preview) of versions 3.4 to
3.7.
"""

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.writing import active_thread, demand_presence, participant
from lc_tutorial.sandbox.api import (
    ApiError,
    Call,
    SentEvent,
    SentMessage,
    Source,
    chat_webhooks,
    check_event,
    record_of,
)
from lc_tutorial.sandbox.world import Chat, Event, Thread

EMPTY = b"{}"
"""What methods answer that have no response payload. assumed: that it is an object."""


class SendEvent(Struct):
    """The parameters of send_event."""

    chat_id: str
    event: SentEvent
    # Source: lc-sdk-python, agent/web (send_event); the method's page has it no more.
    attach_to_last_thread: bool = False


class SendEventPreview(Struct):
    """The parameters of send_event_preview."""

    chat_id: str
    event: SentMessage


def send_event(service: ChatService, call: Call) -> bytes:
    """Answer a call of send_event: the event is in the chat from then on."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(SendEvent)
    chat = service.chat_within(reach, wanted.chat_id)
    thread = chat.last_thread if wanted.attach_to_last_thread else None
    if thread is None:
        thread = active_thread(chat)
    demand_presence(chat, call.requester)
    _demand_visibility(chat, call, wanted.event)
    event = add_event(service, call, chat, thread, wanted.event)
    source = Source.of(call.requester)
    chat_webhooks.incoming_event(service.world, source, chat, thread, event)
    return msgspec.json.encode({"event_id": event.id})


def send_event_preview(service: ChatService, call: Call) -> bytes:
    """Answer a call of send_event_preview; what it sends is kept nowhere."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(SendEventPreview)
    chat = service.chat_within(reach, wanted.chat_id)
    active_thread(chat)
    demand_presence(chat, call.requester)
    if wanted.event.visibility != "all":
        raise ApiError("validation", why="the visibility of a preview is all")
    _demand_visibility(chat, call, wanted.event)
    return EMPTY


def _demand_visibility(chat: Chat, call: Call, sent: SentEvent) -> None:
    """Refuse what everybody would see from somebody whom only agents see."""
    who = participant(chat, call.requester.agent_id)
    if who is not None and who.visibility == "agents" and sent.visibility == "all":
        # assumed: this type.
        raise ApiError("validation", why="who is visible to agents sends events for agents only")


def add_event(
    service: ChatService,
    call: Call,
    chat: Chat,
    thread: Thread,
    sent: SentEvent,
    *,
    author_id: str = "",
) -> Event:
    """Add an event that an agent sends to a thread, and note that they have seen all before it.

    Args:
        service: The chats.
        call: With which it came.
        chat: In which the requester is.
        thread: Of that chat.
        sent: What was sent.
        author_id: Who says it, if not the requester.

    Raises:
        ApiError: `validation`.

    """
    requester, chats = call.requester, service.chats(call.requester)
    files, organization_id = service.store.files, requester.organization_id
    file = check_event(sent, call.version, files, organization_id, service.world.clock.now())
    if file is not None:
        files.keep(file)
    event = record_of(
        sent,
        event_id=chats.next_event_id(thread),
        created_at=service.world.chat_time.now(),
        author_id=author_id or requester.agent_id,
        file=file,
    )
    note_author(chat, thread, event)
    who = participant(chat, requester.agent_id)
    if who is not None:
        who.events_seen_up_to = event.created_at
    chats.add_event(chat, thread, event)
    return event


def note_author(chat: Chat, thread: Thread, event: Event) -> None:
    """Note who said something last, and that they were in the thread."""
    author_id, customer = event.author_id, chat.customer
    if author_id is None:
        return
    if author_id not in thread.user_ids:
        thread.user_ids = [*thread.user_ids, author_id]
    if customer is not None and author_id == customer.id:
        customer.customer_last_event_created_at = event.created_at
    elif customer is not None:
        customer.agent_last_event_created_at = event.created_at
