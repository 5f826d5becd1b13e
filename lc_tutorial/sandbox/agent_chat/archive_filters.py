"""The filters of list_archives: their form in each version, and which threads pass them.

Every filter that is given has to be passed. Source: livechat-public-docs, agent-chat-api
(List Archives) of versions 3.4 to 3.7.
"""

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from lc_tutorial.sandbox.agent_chat.filters import (
    GroupIds,
    PropertyFilters,
    Span,
    Value,
    pass_properties,
)
from lc_tutorial.sandbox.world import Chat, Event, Thread


def searchable(thread: Thread) -> list[Event]:
    """Return the events that can be searched: none of a thread that the plan hides."""
    if thread.restricted_access is not None:
        return []
    return [event for event in thread.events if not event.deleted]


def agents_of(chat: Chat, thread: Thread) -> list[str]:
    """Return the ids of the agents who were in a thread."""
    customer_id = chat.customer.id if chat.customer else None
    return [user_id for user_id in thread.user_ids if user_id != customer_id]


# --- Parts of filters ---------------------------------------------------------------------------


class Values(Struct, omit_defaults=True):
    """Values of which one is wanted, or none."""

    values: list[Value] | None = None
    exclude_values: list[Value] | None = None

    def hold(self, found: Collection[Value]) -> bool:
        """Whether what was found has one of the values, and none of the excluded ones."""
        return (self.values is None or _any(self.values, found)) and (
            self.exclude_values is None or not _any(self.exclude_values, found)
        )


def _any(wanted: Iterable[Value], found: Collection[Value]) -> bool:
    kinds = {(type(value), value) for value in found}
    return any((type(value), value) in kinds for value in wanted)


def _every(wanted: Iterable[Value], found: Collection[Value]) -> bool:
    kinds = {(type(value), value) for value in found}
    return all((type(value), value) in kinds for value in wanted)


class ListFilter(Struct, omit_defaults=True):
    """What is asked of a list that a thread has, such as its tags."""

    exists: bool | None = None
    values: list[Value] | None = None
    exclude_values: list[Value] | None = None
    require_every_value: bool | None = None

    def __post_init__(self) -> None:
        if [self.exists, self.values, self.exclude_values].count(None) != 2:
            raise ValueError("one of exists, values and exclude_values is needed")

    def passes(self, found: Collection[Value]) -> bool:
        """Whether a list is as asked."""
        if self.exists is not None:
            return bool(found) == self.exists
        have = _every if self.require_every_value else _any
        if self.values is not None:
            return have(self.values, found)
        return not have(self.exclude_values or [], found)


class EventTypeFilter(Struct, omit_defaults=True):
    """What types of events a thread has."""

    values: list[str] | None = None
    exclude_values: list[str] | None = None
    require_every_value: bool | None = None

    def __post_init__(self) -> None:
        if [self.values, self.exclude_values].count(None) != 1:
            raise ValueError("one of values and exclude_values is needed")

    def passes(self, thread: Thread) -> bool:
        """Whether the thread's events are as asked."""
        types = {event.type for event in searchable(thread)}
        have = all if self.require_every_value else any
        if self.values is not None:
            return have(value in types for value in self.values)
        return not have(value in types for value in self.exclude_values or [])


class FormFilter(Span):
    """A filled form that a thread has, or has not."""

    exists: bool | None = None
    type: Literal["pre_chat", "post_chat"] | None = None
    values: list[str] | None = None
    exclude_values: list[str] | None = None
    groups: Values | None = None

    def passes(self, thread: Thread) -> bool:
        """Whether the thread has such a form."""
        there = any(self._fits(event, thread) for event in searchable(thread))
        return there == (self.exists is not False)

    def _fits(self, event: Event, thread: Thread) -> bool:
        if event.type != "filled_form" or not self.holds(event.created_at):
            return False
        if self.type is not None and event.body.get("form_type") != self.type.replace("_", ""):
            return False
        if self.groups is not None and not self.groups.hold(thread.group_ids):
            return False
        answers = set(_answer_ids(event))
        return (self.values is None or not answers.isdisjoint(self.values)) and (
            self.exclude_values is None or answers.isdisjoint(self.exclude_values)
        )


def _answer_ids(event: Event) -> Iterable[str]:
    for form_field in event.body["fields"]:
        answers = form_field.get("answers", [form_field.get("answer")])
        yield from (answer["id"] for answer in answers if isinstance(answer, dict))


class GreetingFilter(Span):
    """The greeting that a thread began with."""

    exists: bool | None = None
    values: list[int] | None = None
    exclude_values: list[int] | None = None
    groups: Values | None = None

    def passes(self, thread: Thread) -> bool:
        """Whether the thread's greeting is as asked."""
        greeting = thread.greeting_id
        if self.exists is not None and (greeting is not None) != self.exists:
            return False
        if self.values is not None and greeting not in self.values:
            return False
        if self.exclude_values is not None and greeting in self.exclude_values:
            return False
        if self.groups is not None and not self.groups.hold(thread.group_ids):
            return False
        open_ended = self.since is None and self.until is None
        return open_ended or (greeting is not None and self.holds(thread.created_at))


class AgentResponseFilter(Struct, omit_defaults=True):
    """Who answered the customer: all who did, or only the first."""

    exists: bool | None = None
    first: bool | None = None
    agents: Values | None = None
    groups: Values | None = None

    def passes(self, chat: Chat, thread: Thread) -> bool:
        """Whether the answers are as asked."""
        kinds = ("message", "rich_message", "file")
        customer_id = chat.customer.id if chat.customer else None
        authors = [
            event.author_id
            for event in searchable(thread)
            if event.type in kinds and event.author_id not in (None, customer_id)
        ]
        responders = [author for author in authors[: 1 if self.first else None] if author]
        if self.exists is not None and bool(responders) != self.exists:
            return False
        if self.agents is not None and not self.agents.hold(responders):
            return False
        # assumed: the groups meant are those of the thread in which the answer is.
        return self.groups is None or self.groups.hold(thread.group_ids)


AgentType = Literal["human", "chatbot", "ai_agent"]


class AgentTypeFilter(Struct, omit_defaults=True):
    """What kinds of agents were in a thread."""

    all_values: list[AgentType] | None = None
    any_values: list[AgentType] | None = None
    exclude_values: list[AgentType] | None = None

    def __post_init__(self) -> None:
        used = [*(self.all_values or []), *(self.any_values or []), *(self.exclude_values or [])]
        if not used or len(set(used)) != len(used):
            raise ValueError("each agent type is needed once at most, and one at least")

    def passes(self, agent_ids: Collection[str]) -> bool:
        """Whether the agents are as asked; those of the sandbox are all human."""
        there = {"human"} if agent_ids else set()
        return (
            there.issuperset(self.all_values or [])
            and (not self.any_values or not there.isdisjoint(self.any_values))
            and there.isdisjoint(self.exclude_values or [])
        )


# --- The filters of each version ----------------------------------------------------------------


# A Struct's other name for a field can't be taken back in one made of it: msgspec up to 0.21 keeps
# it. So what version 3.4 names otherwise is not in what the versions share.
class _CommonFilters(Span):
    """The filters of all versions but those of forms, which were called surveys once."""

    query: str | None = None
    thread_ids: Annotated[list[str], Meta(max_length=20)] | None = None
    group_ids: GroupIds | None = None
    properties: PropertyFilters | None = None
    agents: ListFilter | None = None
    tags: ListFilter | None = None
    sales: ListFilter | None = None
    goals: ListFilter | None = None
    event_types: EventTypeFilter | None = None
    greetings: GreetingFilter | None = None
    agent_response: AgentResponseFilter | None = None


class ArchiveFilters34(_CommonFilters):
    """The filters in version 3.4."""

    forms: list[FormFilter] | None = field(default=None, name="surveys")


class ArchiveFilters35(_CommonFilters):
    """The filters in version 3.5."""

    forms: list[FormFilter] | None = None
    customer_countries: ListFilter | None = None


class ArchiveFilters(ArchiveFilters35):
    """The filters from version 3.6 on."""

    chat_ids: Annotated[list[str], Meta(max_length=1000)] | None = None
    agent_types: AgentTypeFilter | None = None
    customer_id: str | None = None
    customer_email: str | None = None

    @property
    def key(self) -> bytes:
        """The same for the same filters."""
        return msgspec.json.encode(self, order="deterministic")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == ArchiveFilters()

    def passes(self, chat: Chat, thread: Thread) -> bool:
        """Whether the list is to have this thread."""
        return self._pass_place(chat, thread) and self._pass_content(chat, thread)

    def _pass_place(self, chat: Chat, thread: Thread) -> bool:
        """Whether it is the right thread, of the right customer, at the right time."""
        customer = chat.customer
        visit = customer.visit if customer else None
        country = visit.geolocation.get("country_code", "") if visit else ""
        return (
            self.holds(thread.created_at)
            and (self.thread_ids is None or thread.id in self.thread_ids)
            and (self.chat_ids is None or chat.id in self.chat_ids)
            # assumed: an empty list of groups filters nothing.
            and (not self.group_ids or not set(self.group_ids).isdisjoint(thread.group_ids))
            and (self.customer_id is None or (customer and customer.id) == self.customer_id)
            and (
                self.customer_email is None or (customer and customer.email) == self.customer_email
            )
            and (self.customer_countries is None or self.customer_countries.passes([country]))
        )

    def _pass_content(self, chat: Chat, thread: Thread) -> bool:
        """Whether there is in it what is asked for."""
        return (
            (self.tags is None or self.tags.passes(thread.tags))
            and (self.agents is None or self.agents.passes(agents_of(chat, thread)))
            and (self.sales is None or self.sales.passes(thread.sale_ids))
            and (self.goals is None or self.goals.passes(thread.goal_ids))
            and (self.greetings is None or self.greetings.passes(thread))
            and (self.event_types is None or self.event_types.passes(thread))
            and (self.agent_types is None or self.agent_types.passes(agents_of(chat, thread)))
            and (self.agent_response is None or self.agent_response.passes(chat, thread))
            and all(form.passes(thread) for form in self.forms or [])
            and (not self.properties or pass_properties(self.properties, chat.properties))
            and (not self.query or matches(self.query, chat, thread))
        )


def matches(query: str, chat: Chat, thread: Thread) -> bool:
    """Whether a text is in what was said, or in the customer's name or address.

    assumed: so much; the source says only that there is a query.
    """
    wanted = query.casefold()
    said = (str(event.body.get("text", "")) for event in searchable(thread))
    known = (chat.customer.name, chat.customer.email) if chat.customer else ()
    return any(wanted in text.casefold() for text in (*known, *said) if text)
