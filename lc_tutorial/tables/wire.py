"""The platform's answers as msgspec Structs: the schema, written once for all API versions.

Four methods answer with chats: List Chats with summaries of chats, List Archives and Get Chat with
chats that each hold one thread with all its events, List Threads with threads alone.

The versions differ so little that one schema reads them all:

- 3.4 and 3.5 say ``last_visit`` where 3.6 says ``visit``,
- from 3.6 on a thread has ``summary`` and ``customer_visit``, and there are events of type
  ``system`` and deleted ones,
- up to 3.6 a list of chats has ``chats_summary`` with ``last_thread_summary`` inside, from 3.7 on
  ``chats_info`` with ``last_thread_info``, and there the last events are part of the thread.

The Structs are strict, so that what the platform doesn't document is noticed. That is not an error:
:mod:`lc_tutorial.tables.reading` sees to it.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Archives, List Threads, Get
Chat; Data structures) in versions 3.4 to 3.7, and the sample payloads of each.
"""

from collections.abc import Mapping
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Raw, Struct, field

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


# --- Events -------------------------------------------------------------------------------------


class Event(_Known, tag_field="type"):
    """What events of all types have. A deleted event has hardly anything else."""

    id: str | None = None
    created_at: str | None = None
    author_id: str | None = None
    visibility: str | None = None
    deleted: bool | None = None
    properties: Raw = ABSENT
    custom_id: Raw = ABSENT


class Message(Event, tag="message"):
    """A message."""

    text: str | None = None
    postback: Raw = ABSENT


class SystemMessage(Event, tag="system_message"):
    """What the platform says in a chat."""

    text: str | None = None
    system_message_type: str | None = None
    text_vars: Raw = ABSENT


class _AnyForm(Event):
    form_type: str | None = None
    form_id: Raw = ABSENT
    fields: Raw = ABSENT


class FilledForm(_AnyForm, tag="filled_form"):
    """A form that was filled in."""


class Form(_AnyForm, tag="form"):
    """A form to be filled in."""


class File(Event, tag="file"):
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


class RichMessage(Event, tag="rich_message"):
    """Cards, buttons and the like."""

    template_id: Raw = ABSENT
    elements: Raw = ABSENT


class Custom(Event, tag="custom"):
    """What an app defines."""

    content: Raw = ABSENT


class System(Event, tag="system"):
    """Something that happened elsewhere, such as an order in a shop. From 3.6 on."""

    source: Raw = ABSENT
    subtype: Raw = ABSENT
    version: Raw = ABSENT
    details: Raw = ABSENT


class OtherEvent(Event, tag=""):
    """An event of a type that is not documented."""

    # No answer has this: the type is moved here.
    of_type: str | None = None
    text: str | None = None


AnyEvent = (
    Message | SystemMessage | FilledForm | Form | File | RichMessage | Custom | System | OtherEvent
)

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
    filled_form: LastEvent[FilledForm] | None = None
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
    "filled_form": FilledForm,
    "file": File,
    "rich_message": RichMessage,
    "custom": Custom,
    "form": Form,
    "system": System,
}


# --- Users --------------------------------------------------------------------------------------


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


class _User(_Known, tag_field="type"):
    """What customers and agents have in common."""

    id: str
    name: str | None = None
    email: str | None = None
    present: bool | None = None
    events_seen_up_to: str | None = None
    avatar: str | None = None


class Agent(_User, tag="agent"):
    """An agent in a chat."""

    visibility: str | None = None
    routing_status: Raw = ABSENT


class Customer(_User, tag="customer"):
    """The customer of a chat."""

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
    priv_lc2_customer_id: Raw = field(default=ABSENT, name="__priv_lc2_customer_id")


class OtherUser(Customer, tag=""):
    """Somebody in a chat who is neither, or of whom it isn't said."""

    # No answer has this: the type is moved here.
    of_type: str | None = None
    visibility: str | None = None
    routing_status: Raw = ABSENT


AnyUser = Customer | Agent | OtherUser


# --- Threads and chats --------------------------------------------------------------------------


class _ThreadHead(_Known):
    """What a thread and the summary of one have in common."""

    id: str | None = None
    created_at: str | None = None
    user_ids: tuple[str, ...] | None = None
    properties: Raw = ABSENT
    active: bool | None = None
    access: Raw = ABSENT
    tags: tuple[str, ...] | None = None
    queue: Queue | None = None


class LastThread(_ThreadHead):
    """What a chat summary says of the chat's last thread."""

    last_event_per_type: LastEvents | None = None


class Summary(_Known):
    """What a thread was about, in a few words."""

    status: str | None = None
    text: str | None = None
    updated_at: str | None = None


class CustomerVisit(_Known):
    """The customer's visit to the website during which a thread went on."""

    ip: str | None = None
    user_agent: str | None = None
    geolocation: Raw = ABSENT


class Thread(_ThreadHead):
    """A thread with all its events, or else with the reason why they are not shown."""

    events: list[AnyEvent] | None = None
    restricted_access: str | None = None
    queues_duration: float | None = None
    previous_thread_id: str | None = None
    next_thread_id: str | None = None
    previous_accessible_thread_id: str | None = None
    next_accessible_thread_id: str | None = None
    summary: Summary | None = None
    customer_visit: CustomerVisit | None = None


class _ChatHead(_Known):
    """What a chat and the summary of one have in common."""

    id: str
    users: list[AnyUser] | None = None
    properties: Raw = ABSENT
    # The vendor's sample payloads spell it so: a slip.
    properites: Raw = ABSENT
    access: Raw = ABSENT
    is_followed: bool | None = None


class Chat(_ChatHead):
    """A chat with one of its threads; with none, where it has none."""

    thread: Thread | None = None


class ChatSummary(_ChatHead):
    """A chat with the last of its events ("chat info" from 3.7 on)."""

    last_thread_summary: LastThread | None = None
    last_thread_info: LastThread | None = None
    last_event_per_type: LastEvents | None = None


# --- Answers ------------------------------------------------------------------------------------


class _Paged(_Known):
    next_page_id: str | None = None
    previous_page_id: str | None = None


class ListChats(_Paged):
    """An answer of List Chats: one page of summaries of chats."""

    chats_summary: list[ChatSummary] | None = None
    chats_info: list[ChatSummary] | None = None
    found_chats: int | None = None


class ListArchives(_Paged):
    """An answer of List Archives: one page of chats, as often as there are threads of them."""

    chats: list[Chat] | None = None
    found_chats: int | None = None


class ListThreads(_Paged):
    """An answer of List Threads: one page of threads of one chat, which is not named."""

    threads: list[Thread] | None = None
    found_threads: int | None = None


# What Get Chat answers is a Chat.
