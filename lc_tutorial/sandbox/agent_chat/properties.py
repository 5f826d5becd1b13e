"""The methods that set and delete the properties of chats, threads and events.

Source: livechat-public-docs, agent-chat-api (Properties) of versions 3.4 to 3.7.
"""

from typing import NamedTuple

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Reach
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


class _Target(NamedTuple):
    """What has the properties, and the chat that it is in."""

    location: Location
    chat: Chat
    record: Chat | Thread | Event
    ids: dict[str, str]

    @property
    def place(self) -> Place:
        return Place(self.chat.id, **self.ids)


def update_chat_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_chat_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateChatProperties)
    return _update(service, call, _chat(service, reach, given), given.properties)


def delete_chat_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_chat_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteChatProperties)
    return _delete(service, call, _chat(service, reach, given), given.properties)


def update_thread_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_thread_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateThreadProperties)
    return _update(service, call, _thread(service, reach, given), given.properties)


def delete_thread_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_thread_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteThreadProperties)
    return _delete(service, call, _thread(service, reach, given), given.properties)


def update_event_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_event_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(UpdateEventProperties)
    return _update(service, call, _event(service, reach, given), given.properties)


def delete_event_properties(service: ChatService, call: Call) -> bytes:
    """Answer a call of delete_event_properties."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(DeleteEventProperties)
    return _delete(service, call, _event(service, reach, given), given.properties)


# --- Where the properties are -------------------------------------------------------------------


def _chat(
    service: ChatService, reach: Reach, given: UpdateChatProperties | DeleteChatProperties
) -> _Target:
    chat = service.chat_within(reach, given.id)
    return _Target("chat", chat, chat, {})


def _thread(
    service: ChatService, reach: Reach, given: UpdateThreadProperties | DeleteThreadProperties
) -> _Target:
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    return _Target("thread", chat, thread, {"thread_id": thread.id})


def _event(
    service: ChatService, reach: Reach, given: UpdateEventProperties | DeleteEventProperties
) -> _Target:
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    event = event_of(thread, given.event_id)
    return _Target("event", chat, event, {"thread_id": thread.id, "event_id": event.id})


# --- What becomes of them -----------------------------------------------------------------------


def _update(service: ChatService, call: Call, target: _Target, given: Properties) -> bytes:
    property_access.check_values(service.world, call.requester.client_id, target.location, given)
    target.record.properties = with_properties(target.record.properties or {}, given)
    service.chats(call.requester).set_properties(target.place, given)
    return _changed(service, call, target, "updated", given)


def _delete(service: ChatService, call: Call, target: _Target, names: PropertyNames) -> bytes:
    property_access.check_names(service.world, call.requester.client_id, target.location, names)
    target.record.properties = without_properties(target.record.properties or {}, names)
    service.chats(call.requester).delete_properties(target.place, names)
    return _changed(service, call, target, "deleted", names)


def _changed(
    service: ChatService,
    call: Call,
    target: _Target,
    how: str,
    properties: Properties | PropertyNames,
) -> bytes:
    service.chats(call.requester).put(target.chat)
    said = {"chat_id": target.chat.id, **target.ids, "properties": properties}
    action = f"{target.location}_properties_{how}"
    announce(service.world, Source.of(call.requester), action, said, chat=target.chat)
    return b"{}"
