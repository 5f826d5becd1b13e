"""The platform's answers as msgspec Structs: the schema, written once for all API versions.

Answers are decoded straight from bytes. The versions differ so little that one schema reads them
all: 3.4 and 3.5 say ``last_visit`` where 3.6 says ``visit``; up to 3.6 an answer has
``chats_summary`` with ``last_thread_summary`` inside, from 3.7 on ``chats_info`` with
``last_thread_info``, and there the last events are part of the thread.

Only an answer that is no List Chats answer at all is an error:

- a field that the schema doesn't know is counted in :attr:`Page.unknown_fields`,
- an event of a type that isn't in :data:`EVENT_TYPES` is read like any other,
- a chat that doesn't fit the schema is named in :attr:`Page.malformed`, and the rest is read.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats; Data structures) in versions 3.4
to 3.7, and the sample payloads of each.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.pruning import pruner

#: The types of events that the platform documents.
EVENT_TYPES = frozenset(
    ("custom", "file", "filled_form", "form", "message", "rich_message", "system", "system_message")
)

# A whole number that fits a 64-bit column, with one value left over to stand for "missing".
Integer = Annotated[int, Meta(ge=-(2**63) + 1, le=2**63 - 1)]

# What the tables don't take apart, or take apart later, is kept as the text it came as.
_NOTHING = Raw()


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
    """An event of any type; deleted events keep little more than their id."""

    id: str | None = None
    created_at: str | None = None
    type: str | None = None
    author_id: str | None = None
    visibility: str | None = None
    text: str | None = None
    properties: Raw = _NOTHING
    custom_id: str | None = None
    deleted: bool | None = None
    system_message_type: str | None = None
    text_vars: Raw = _NOTHING
    form_id: str | None = None
    form_type: str | None = None
    fields: Raw = _NOTHING
    name: str | None = None
    url: str | None = None
    content_type: str | None = None
    size: Integer | None = None
    width: Integer | None = None
    height: Integer | None = None
    thumbnail_url: str | None = None
    thumbnail2x_url: str | None = None
    alternative_text: str | None = None
    template_id: str | None = None
    elements: Raw = _NOTHING
    postback: Raw = _NOTHING
    content: Raw = _NOTHING
    source: str | None = None
    subtype: str | None = None
    version: Raw = _NOTHING
    details: Raw = _NOTHING


class LastEvent(_Known):
    """The last event of a type; from 3.7 on it is of the last thread, and names none."""

    event: Event
    thread_id: str | None = None
    thread_created_at: str | None = None


class Thread(_Known):
    """What a chat summary says of the chat's last thread."""

    id: str | None = None
    created_at: str | None = None
    user_ids: tuple[str, ...] | None = None
    properties: Raw = _NOTHING
    active: bool | None = None
    access: Access | None = None
    tags: tuple[str, ...] | None = None
    queue: Queue | None = None
    last_event_per_type: dict[str, LastEvent] | None = None


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
    geolocation: Geolocation | None = None
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
    session_fields: Raw = _NOTHING
    agent_last_event_created_at: str | None = None
    customer_last_event_created_at: str | None = None
    email_verified: bool | None = None
    phone_number: str | None = None
    address: Raw = _NOTHING
    carts: Raw = _NOTHING
    omnichannel: Raw = _NOTHING
    tickets: Raw = _NOTHING
    followed: Raw = _NOTHING
    online: Raw = _NOTHING
    group_ids: Raw = _NOTHING
    state: Raw = _NOTHING


class Chat(_Known):
    """A chat summary ("chat info" from 3.7 on)."""

    id: str
    last_thread_summary: Thread | None = None
    last_thread_info: Thread | None = None
    users: list[User] | None = None
    last_event_per_type: dict[str, LastEvent] | None = None
    properties: Raw = _NOTHING
    # The vendor's sample payloads spell it so: a slip.
    properites: Raw = _NOTHING
    access: Access | None = None
    is_followed: bool | None = None


class ListChats(_Known):
    """An answer of List Chats: one page of chats."""

    chats_summary: list[Chat] | None = None
    chats_info: list[Chat] | None = None
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None


class _ListChatsInParts(Struct):
    """The same, with each chat left as it came."""

    chats_summary: list[Raw] | None = None
    chats_info: list[Raw] | None = None
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None


class _ChatId(Struct):
    id: str


@dataclass(frozen=True)
class Malformed:
    """A chat that doesn't fit the schema.

    Attributes:
        chat_id: None where even the id can't be read.
        why: what was expected and what came instead, and where in the chat.
    """

    chat_id: str | None
    why: str


@dataclass(frozen=True)
class Page:
    """One page of chats, as far as it can be read.

    Attributes:
        chats: in the order of the answer.
        found_chats: the platform's estimate of how many chats there are on all pages.
        next_page_id: None on the last page.
        previous_page_id: None on the first page.
        malformed: the chats that can't be read.
        unknown_fields: how often each field came that the schema doesn't know, by its path.
    """

    chats: list[Chat]
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None
    malformed: tuple[Malformed, ...] = ()
    unknown_fields: Counter[str] = field(default_factory=Counter)


_ANSWER_FIELDS = frozenset(ListChats.__struct_fields__)

_whole = msgspec.json.Decoder(ListChats)
_in_parts = msgspec.json.Decoder(_ListChatsInParts)
_chat = msgspec.json.Decoder(Chat)
_chat_id = msgspec.json.Decoder(_ChatId)
_prune = pruner(Chat)


def decode_list_chats(body: bytes) -> Page:
    """Read an answer of List Chats, of any version.

    Args:
        body: the answer's bytes.

    Raises:
        PlatformAnswerError: the bytes are no answer of List Chats.
    """
    try:
        answer = _whole.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_in_parts(body)
    chats = answer.chats_summary if answer.chats_info is None else answer.chats_info
    if chats is None:
        _refuse_other_answers(body)
    return Page(chats or [], answer.found_chats, answer.next_page_id, answer.previous_page_id)


def _decode_in_parts(body: bytes) -> Page:
    """Read an answer chat by chat: some of it is malformed, or newer than the schema."""
    try:
        answer = _in_parts.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise _not_list_chats(f"What came can't be read: {problem}.") from None
    parts = answer.chats_summary if answer.chats_info is None else answer.chats_info
    if parts is None:
        _refuse_other_answers(body)
    chats: list[Chat] = []
    malformed: list[Malformed] = []
    unknown: Counter[str] = Counter()
    for name in msgspec.json.decode(body, type=dict[str, Raw]).keys() - _ANSWER_FIELDS:
        unknown[name] += 1
    for part in parts or ():
        try:
            chats.append(_decode_chat(part, unknown))
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            malformed.append(Malformed(_id_of(part), f"{problem}."))
    return Page(
        chats,
        answer.found_chats,
        answer.next_page_id,
        answer.previous_page_id,
        tuple(malformed),
        unknown,
    )


def _decode_chat(part: Raw, unknown: Counter[str]) -> Chat:
    try:
        return _chat.decode(part)
    except msgspec.ValidationError:
        chat = msgspec.json.decode(part)
        _prune(chat, unknown)
        return _chat.decode(msgspec.json.encode(chat))


def _id_of(part: Raw) -> str | None:
    try:
        return _chat_id.decode(part).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _refuse_other_answers(body: bytes) -> None:
    """Tell an answer without chats from one that isn't of List Chats."""
    fields = msgspec.json.decode(body, type=dict[str, Raw])
    if "error" in fields:
        raise _not_list_chats("It is an error that the platform answered instead.")
    if not fields.keys() & _ANSWER_FIELDS:
        names = ", ".join(sorted(fields)[:5]) or "nothing"
        raise _not_list_chats(
            f"An answer of List Chats has a field chats_summary; this has {names}."
        )


def _not_list_chats(why: str) -> PlatformAnswerError:
    return PlatformAnswerError(
        what="This is not an answer of List Chats.",
        why=why,
        remedy="Look at the answer with lc.show(response), then send the request again.",
    )
