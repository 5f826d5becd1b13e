"""Chats as the sandbox keeps them, in no API version's shape.

A chat is everything that one customer and the company ever said to each other; each visit's
conversation is a thread in it, and what happens in a thread is an event. All times are whole
microseconds since the epoch, in UTC. `payloads` turns these records into the platform's objects.

Source: livechat-public-docs, messaging (key concepts) and agent-chat-api/data-structures.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct, field

from lc_tutorial.sandbox.world.people import Agent

Properties = dict[str, dict[str, str | int | bool]]
"""Namespaces, and in each of them names and values."""


def with_properties(properties: Properties, given: Properties) -> Properties:
    """Return properties with others set. Seeded records share theirs: nobody changes them."""
    return properties | {
        namespace: properties.get(namespace, {}) | values for namespace, values in given.items()
    }


def without_properties(properties: Properties, names: dict[str, list[str]]) -> Properties:
    """Return properties without those names in those namespaces; of what is not there, nothing."""
    left = {
        namespace: {
            name: value for name, value in values.items() if name not in names.get(namespace, ())
        }
        for namespace, values in properties.items()
    }
    return {namespace: values for namespace, values in left.items() if values}


Visibility = Literal["all", "agents"]

NOW = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)
"""The instant at which all seeded chats end: a Monday afternoon."""

_EPOCH = datetime(1970, 1, 1)


def moment(microseconds: int) -> str:
    """Write a time as the platform does: RFC 3339, in UTC, with six decimals."""
    when = _EPOCH + timedelta(microseconds=microseconds)
    return when.isoformat(timespec="microseconds") + "Z"


class Event(Struct):
    """Something that happened in a thread; `body` holds the fields of its type."""

    id: str
    type: str
    created_at: int
    author_id: str | None
    body: dict[str, Any]
    visibility: Visibility = "all"
    properties: Properties | None = None
    deleted: bool = False


class Page(Struct):
    """A page of the company's website that a customer opened."""

    opened_at: int
    url: str
    title: str


class Visit(Struct):
    """A customer's visit to the website; without an end while it lasts.

    A thread without a customer has one of which nothing is known.
    """

    started_at: int
    ended_at: int | None
    ip: str
    user_agent: str
    geolocation: dict[str, str]
    referrer: str | None
    last_pages: list[Page]


class Queue(Struct):
    """A place in the queue; the wait that is left is estimated in seconds."""

    position: int
    wait_time: int
    queued_at: int


class Thread(Struct):
    """One conversation of a chat, oldest event first. Its lists may be another record's too."""

    id: str
    created_at: int
    active: bool
    group_ids: list[int]
    user_ids: list[str]
    visit: Visit
    events: list[Event] = field(default_factory=list)
    properties: Properties = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    queue: Queue | None = None
    queues_duration: int | None = None
    summary: str | None = None
    restricted_access: str | None = None
    greeting_id: int | None = None
    goal_ids: list[int] = field(default_factory=list)
    sale_ids: list[int] = field(default_factory=list)
    last_number: int = 0
    """The number in the id of its last event."""


class Customer(Struct):
    """The customer of a chat, or one who has none yet; without a visit if an agent created them.

    `extras` are fields that came with version 3.6, as they are sent; so did the tickets, each an id
    and the time at which it was created.
    """

    id: str
    created_at: int
    name: str | None
    email: str | None
    visit: Visit | None
    statistics: dict[str, int]
    tickets: list[tuple[str, int]]
    events_seen_up_to: int | None
    agent_last_event_created_at: int | None
    customer_last_event_created_at: int | None
    session_fields: list[dict[str, str]]
    extras: dict[str, Any]
    present: bool = True
    avatar: str | None = None


class Participant(Struct):
    """An agent in a chat. One who is not present any more has left it."""

    agent: Agent
    events_seen_up_to: int | None
    present: bool = True
    visibility: Visibility = "all"


class Chat(Struct):
    """A customer's chat with its threads, oldest first; it may have none.

    One that an agent started has no customer, as long as none was added.
    """

    id: str
    customer: Customer | None
    participants: list[Participant]
    threads: list[Thread]
    group_ids: list[int]
    properties: Properties
    followers: set[str]
    """The ids of the agents who follow the chat."""

    @property
    def last_thread(self) -> Thread | None:
        """The newest thread, if there is any."""
        return self.threads[-1] if self.threads else None

    @property
    def active(self) -> bool:
        """Whether it is going on: only the last thread of a chat can be active."""
        return bool(self.threads) and self.threads[-1].active

    @property
    def position(self) -> tuple[int, str]:
        """What lists of chats are ordered by: the creation of the last thread.

        Source: lc-sdk-python, agent/web, list_chats (sort_order).
        """
        if self.threads:
            return self.threads[-1].created_at, self.id
        # assumed: a chat without threads is as old as its customer.
        return self.customer.created_at if self.customer else 0, self.id
