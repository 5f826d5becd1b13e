"""The platform's answers as msgspec Structs: the schema, written once for all API versions.

The versions differ so little that one schema reads them all: 3.4 and 3.5 say ``last_visit`` where
3.6 says ``visit``; up to 3.6 an answer has ``chats_summary`` with ``last_thread_summary`` inside,
from 3.7 on ``chats_info`` with ``last_thread_info``, and there the last events are part of the
thread.

The Structs are strict, so that what the platform doesn't document is noticed. That is not an error:
:mod:`lc_tutorial.reading` sees to it.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats; Data structures) in versions 3.4
to 3.7, and the sample payloads of each.
"""

from collections.abc import Mapping
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Raw, Struct

# A whole number that fits a 64-bit column, with one value left over to stand for "missing".
Integer = Annotated[int, Meta(ge=-(2**63) + 1, le=2**63 - 1)]

#: Stands for a field that is missing, where a field is kept as the JSON it came as. Fields are kept
#: so that are not taken apart, or later, or not by everybody.
ABSENT = Raw()


class _Known(Struct, gc=False, forbid_unknown_fields=True):
    """A Struct that refuses fields that it doesn't know, so that they can be counted.

    Every field may be missing or null, except what nothing can be told apart without.
    """


class Access(_Known):
    """Which groups may see a chat or a thread."""

    group_ids: tuple[Integer, ...] | None = None


class Queue(_Known):
    """A thread's place among those that wait for an agent."""

    position: Integer | None = None
    wait_time: float | None = None
    queued_at: str | None = None


class Event(_Known):
    """What events of all types have. A deleted event has hardly anything else."""

    id: str | None = None
    created_at: str | None = None
    type: str | None = None
    author_id: str | None = None
    visibility: str | None = None
    deleted: bool | None = None
    properties: Raw = ABSENT
    custom_id: Raw = ABSENT


class Message(Event):
    """A message."""

    text: str | None = None
    postback: Raw = ABSENT


class SystemMessage(Event):
    """What the platform says in a chat."""

    text: str | None = None
    system_message_type: str | None = None
    text_vars: Raw = ABSENT


class Form(Event):
    """A form, or a form that was filled in."""

    form_type: str | None = None
    form_id: Raw = ABSENT
    fields: Raw = ABSENT


class File(Event):
    """A file."""

    name: Raw = ABSENT
    url: Raw = ABSENT
    content_type: Raw = ABSENT
    size: Raw = ABSENT
    width: Raw = ABSENT
    height: Raw = ABSENT
    thumbnail_url: Raw = ABSENT
    thumbnail2x_url: Raw = ABSENT
    alternative_text: Raw = ABSENT


class RichMessage(Event):
    """Cards, buttons and the like."""

    template_id: Raw = ABSENT
    elements: Raw = ABSENT


class Custom(Event):
    """What an app defines."""

    content: Raw = ABSENT


class System(Event):
    """Something that happened elsewhere, such as an order in a shop. From 3.6 on."""

    source: Raw = ABSENT
    subtype: Raw = ABSENT
    version: Raw = ABSENT
    details: Raw = ABSENT


class OtherEvent(Event):
    """An event of a type that is not documented."""

    text: str | None = None


_Event = TypeVar("_Event", bound=Event)


class LastEvent(_Known, Generic[_Event]):
    """The last event of a type. From 3.7 on it is one of the last thread, and names none."""

    event: _Event
    thread_id: str | None = None
    thread_created_at: str | None = None


class LastEvents(_Known):
    """The last event of each type."""

    message: LastEvent[Message] | None = None
    system_message: LastEvent[SystemMessage] | None = None
    filled_form: LastEvent[Form] | None = None
    file: LastEvent[File] | None = None
    rich_message: LastEvent[RichMessage] | None = None
    custom: LastEvent[Custom] | None = None
    form: LastEvent[Form] | None = None
    system: LastEvent[System] | None = None
    # No answer has this: events of types that are not documented are moved here.
    of_other_types: dict[str, LastEvent[OtherEvent]] | None = None


#: The types of events that the platform documents, each with its schema.
EVENT_TYPES: Mapping[str, type[Event]] = {
    "message": Message,
    "system_message": SystemMessage,
    "filled_form": Form,
    "file": File,
    "rich_message": RichMessage,
    "custom": Custom,
    "form": Form,
    "system": System,
}


class Thread(_Known):
    """What a chat summary says of the chat's last thread."""

    id: str | None = None
    created_at: str | None = None
    user_ids: tuple[str, ...] | None = None
    properties: Raw = ABSENT
    active: bool | None = None
    access: Raw = ABSENT
    tags: tuple[str, ...] | None = None
    queue: Queue | None = None
    last_event_per_type: LastEvents | None = None


class Geolocation(_Known):
    """Where a visit came from."""

    country: str | None = None
    country_code: str | None = None
    region: str | None = None
    city: str | None = None
    timezone: str | None = None
    latitude: str | float | None = None
    longitude: str | float | None = None


class VisitedPage(_Known):
    """A page that the customer opened."""

    opened_at: str | None = None
    url: str | None = None
    title: str | None = None


class Visit(_Known):
    """A customer's latest visit to the website."""

    started_at: str | None = None
    ended_at: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    referrer: str | None = None
    geolocation: Raw = ABSENT
    last_pages: list[VisitedPage] | None = None


class Statistics(_Known):
    """What a customer did so far."""

    chats_count: Integer | None = None
    threads_count: Integer | None = None
    visits_count: Integer | None = None
    page_views_count: Integer | None = None
    greetings_shown_count: Integer | None = None
    greetings_accepted_count: Integer | None = None
    tickets_count: Integer | None = None


class User(_Known):
    """A customer or an agent in a chat."""

    id: str
    type: str | None = None
    name: str | None = None
    email: str | None = None
    present: bool | None = None
    events_seen_up_to: str | None = None
    avatar: str | None = None
    visibility: str | None = None
    created_at: str | None = None
    visit: Visit | None = None
    last_visit: Visit | None = None
    statistics: Statistics | None = None
    session_fields: Raw = ABSENT
    agent_last_event_created_at: str | None = None
    customer_last_event_created_at: str | None = None
    email_verified: bool | None = None
    phone_number: str | None = None
    address: Raw = ABSENT
    carts: Raw = ABSENT
    omnichannel: Raw = ABSENT
    tickets: Raw = ABSENT
    followed: Raw = ABSENT
    online: Raw = ABSENT
    group_ids: Raw = ABSENT
    state: Raw = ABSENT


class Chat(_Known):
    """A chat summary ("chat info" from 3.7 on)."""

    id: str
    last_thread_summary: Thread | None = None
    last_thread_info: Thread | None = None
    users: list[User] | None = None
    last_event_per_type: LastEvents | None = None
    properties: Raw = ABSENT
    # The vendor's sample payloads spell it so: a slip.
    properites: Raw = ABSENT
    access: Raw = ABSENT
    is_followed: bool | None = None


class ListChats(_Known):
    """An answer of List Chats: one page of chats."""

    chats_summary: list[Chat] | None = None
    chats_info: list[Chat] | None = None
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None
