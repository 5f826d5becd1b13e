"""get_chat and send_event: a customer reads their chat, and says something in it.

Source: livechat-public-docs, customer-chat-api (Get Chat, Send Event) of versions 3.4 to 3.7.
"""

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.api import (
    ApiError,
    SentEvent,
    SentFilledForm,
    chat_webhooks,
    check_event,
    record_of,
)
from lc_tutorial.sandbox.customer_chat.customer_service import CustomerCall, Service, source_of
from lc_tutorial.sandbox.payloads import customers as payloads
from lc_tutorial.sandbox.store import File
from lc_tutorial.sandbox.world import Chat, Event, Thread


class GetChat(Struct):
    """The parameters of get_chat."""

    chat_id: str
    thread_id: str | None = None


class SendEvent(Struct):
    """The parameters of send_event."""

    chat_id: str
    event: SentEvent
    attach_to_last_thread: bool = False


def get_chat(service: Service, call: CustomerCall) -> bytes:
    """Answer a call of get_chat: the chat, with its last thread or the one that is asked for."""
    wanted = call.parameters(GetChat)
    chat = service.own_chat(call, wanted.chat_id)
    index = len(chat.threads) - 1 if chat.threads else None
    if wanted.thread_id is not None:
        ids = [thread.id for thread in chat.threads]
        if wanted.thread_id not in ids:
            raise ApiError("not_found", why="the chat has no such thread")
        index = ids.index(wanted.thread_id)
    return msgspec.json.encode(payloads.chat_with_thread(chat, index, call.version))


def send_event(service: Service, call: CustomerCall) -> bytes:
    """Answer a call of send_event: agents and the customer see the event from then on."""
    wanted = call.parameters(SendEvent)
    chat, chats = service.own_chat(call, wanted.chat_id), service.chats(call)
    thread = _open_thread(chat, even_if_closed=wanted.attach_to_last_thread)
    file = checked_event(service, call, wanted.event)
    event = event_of_customer(service, call, wanted.event, file, chats.next_event_id(thread))
    _note_author(chat, thread, event)
    chats.add_event(chat, thread, event)
    chat_webhooks.incoming_event(service.world, source_of(call), chat, thread, event)
    return msgspec.json.encode({"event_id": event.id})


def _open_thread(chat: Chat, *, even_if_closed: bool) -> Thread:
    last = chat.last_thread
    if last is None or not (last.active or even_if_closed):
        raise ApiError("chat_inactive", why="no thread of the chat is active")
    return last


def _note_author(chat: Chat, thread: Thread, event: Event) -> None:
    """Note who spoke last, and that they have seen all before it."""
    customer = chat.customer
    if customer is None:  # of_customer has none without
        return
    if customer.id not in thread.user_ids:
        thread.user_ids = [*thread.user_ids, customer.id]
    customer.events_seen_up_to = event.created_at
    if event.author_id is not None:
        customer.customer_last_event_created_at = event.created_at


def checked_event(service: Service, call: CustomerCall, sent: SentEvent) -> File | None:
    """Refuse what an event of its type may not be.

    Returns:
        The file that it names, if it was uploaded here.

    Raises:
        ApiError: `validation`.

    """
    now, organization_id = service.world.clock.now(), call.token.organization_id
    return check_event(sent, call.version, service.store.files, organization_id, now)


def event_of_customer(
    service: Service, call: CustomerCall, sent: SentEvent, file: File | None, event_id: str
) -> Event:
    """Make the record of what a customer sent.

    Args:
        service: The people and the chats.
        call: With which it came.
        sent: An event that was checked.
        file: That it names, which is kept from now on.
        event_id: The id that it gets.

    """
    if file is not None:
        service.store.files.keep(file)
    return record_of(
        sent,
        file=file,
        event_id=event_id,
        created_at=service.world.chat_time.now(),
        author_id=call.token.entity_id,
        # Customers hide nothing from agents; of forms they say who gets them.
        visibility=sent.recipients if isinstance(sent, SentFilledForm) else "all",
    )
