"""The methods that set and delete the properties of chats, threads and events.

Source: livechat-public-docs, agent-chat-api (Properties) of versions 3.4 to 3.7.
"""

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.places import thread_within
from lc_tutorial.sandbox.agent_chat.writing import event_of
from lc_tutorial.sandbox.api import Call, PropertyNames, Source, announce, property_access
from lc_tutorial.sandbox.store import Place
from lc_tutorial.sandbox.world import (
    Chat,
    Event,
    Location,
    Properties,
    Thread,
    with_properties,
    without_properties,
)


class UpdateChatProperties(Struct):
    """The parameters of update_chat_properties."""

    id: str
    properties: Properties


class DeleteChatProperties(Struct):
    """The parameters of delete_chat_properties."""

    id: str
    properties: PropertyNames


class UpdateThreadProperties(Struct):
    """The parameters of update_thread_properties."""

    chat_id: str
    thread_id: str
    properties: Properties


class DeleteThreadProperties(Struct):
    """The parameters of delete_thread_properties."""

    chat_id: str
    thread_id: str
    properties: PropertyNames


class UpdateEventProperties(UpdateThreadProperties):
    """The parameters of update_event_properties."""

    event_id: str


class DeleteEventProperties(DeleteThreadProperties):
    """The parameters of delete_event_properties."""

    event_id: str


def update_chat_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_chat_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateChatProperties)
    chat = service.chat_within(reach, given.id)
    return _update(service, call, "chat", chat, chat, {}, given.properties)


def delete_chat_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_chat_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteChatProperties)
    chat = service.chat_within(reach, given.id)
    return _delete(service, call, "chat", chat, chat, {}, given.properties)


def update_thread_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_thread_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateThreadProperties)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    ids = {"thread_id": thread.id}
    return _update(service, call, "thread", chat, thread, ids, given.properties)


def delete_thread_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_thread_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteThreadProperties)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    ids = {"thread_id": thread.id}
    return _delete(service, call, "thread", chat, thread, ids, given.properties)


def update_event_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_event_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateEventProperties)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    event = event_of(thread, given.event_id)
    ids = {"thread_id": thread.id, "event_id": event.id}
    return _update(service, call, "event", chat, event, ids, given.properties)


def delete_event_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_event_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteEventProperties)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    event = event_of(thread, given.event_id)
    ids = {"thread_id": thread.id, "event_id": event.id}
    return _delete(service, call, "event", chat, event, ids, given.properties)


def _update(
    service: ChatService,
    call: Call,
    location: Location,
    chat: Chat,
    record: Chat | Thread | Event,
    ids: dict[str, str],
    given: Properties,
) -> bytes:
    property_access.check_values(service.world, call.requester.client_id, location, given)
    record.properties = with_properties(record.properties or {}, given)
    service.chats(call.requester).set_properties(Place(chat.id, **ids), given)
    return _changed(service, call, chat, f"{location}_properties_updated", ids, given)


def _delete(
    service: ChatService,
    call: Call,
    location: Location,
    chat: Chat,
    record: Chat | Thread | Event,
    ids: dict[str, str],
    names: PropertyNames,
) -> bytes:
    property_access.check_names(service.world, call.requester.client_id, location, names)
    record.properties = without_properties(record.properties or {}, names)
    service.chats(call.requester).delete_properties(Place(chat.id, **ids), names)
    return _changed(service, call, chat, f"{location}_properties_deleted", ids, names)


def _changed(
    service: ChatService,
    call: Call,
    chat: Chat,
    action: str,
    ids: dict[str, str],
    properties: Properties | PropertyNames,
) -> bytes:
    service.chats(call.requester).put(chat)
    said = {"chat_id": chat.id, **ids, "properties": properties}
    announce(service.world, Source.of(call.requester), action, said, chat=chat)
    return b"{}"
