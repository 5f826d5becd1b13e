"""The filters of list_chats, and what other lists' filters are made of too.

Source: livechat-public-docs, agent-chat-api (List Chats) of versions 3.4 to 3.7.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from lc_tutorial.sandbox.world import Chat, Properties

GroupIds = Annotated[list[int], Meta(max_length=200)]
Value = str | int | bool


class PropertyFilter(Struct, omit_defaults=True):
    """What is asked of one property; exactly one of the three."""

    exists: bool | None = None
    values: list[Value] | None = None
    exclude_values: list[Value] | None = None

    def __post_init__(self) -> None:
        given = [self.exists, self.values, self.exclude_values]
        if given.count(None) != 2:
            raise ValueError("one of exists, values and exclude_values is needed")

    def passes(self, value: Value | None) -> bool:
        """Whether a property with that value, None where it is not set, is what is asked for."""
        if self.exists is not None:
            return (value is not None) == self.exists
        if self.values is not None:
            return value is not None and _holds(self.values, value)
        # assumed: a property that is not set has none of the values.
        return value is None or not _holds(self.exclude_values or [], value)


def _holds(values: list[Value], value: Value) -> bool:
    """Whether the value is among them; true is not 1."""
    return any(type(one) is type(value) and one == value for one in values)


PropertyFilters = dict[str, dict[str, PropertyFilter]]


def pass_properties(filters: PropertyFilters, properties: Properties) -> bool:
    """Whether properties are as all the filters ask."""
    return all(
        wanted.passes(properties.get(namespace, {}).get(name))
        for namespace, names in filters.items()
        for name, wanted in names.items()
    )


Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its offset, as in RFC 3339."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Span(Struct, omit_defaults=True):
    """A span of time; both ends belong to it (assumed), and either may be open."""

    since: Moment | None = field(default=None, name="from")
    until: Moment | None = field(default=None, name="to")

    def holds(self, microseconds: int) -> bool:
        """Whether an instant is in it."""
        moment = _EPOCH + timedelta(microseconds=microseconds)
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment <= self.until
        )


class ChatFilters(Struct, omit_defaults=True):
    """The filters of list_chats from version 3.6 on."""

    active: bool | None = None
    include_chats_without_threads: bool | None = None
    group_ids: GroupIds | None = None
    properties: PropertyFilters | None = None

    @property
    def key(self) -> bytes:
        """The same for the same filters."""
        return msgspec.json.encode(self, order="deterministic")

    def passes(self, chat: Chat) -> bool:
        """Whether the list is to have this chat."""
        if self.active is not None and chat.active != self.active:
            return False
        if self.include_chats_without_threads is False and not chat.threads:
            return False
        # assumed: an empty list of groups filters nothing.
        if self.group_ids and not set(self.group_ids).intersection(chat.group_ids):
            return False
        # They are the chat's properties. Source: lc-sdk-go, agent/filters (PropertiesFilters).
        return not self.properties or pass_properties(self.properties, chat.properties)


class OldChatFilters(Struct):
    """The filters of list_chats up to version 3.5."""

    include_active: bool | None = None
    include_chats_without_threads: bool | None = None
    group_ids: GroupIds | None = None
    properties: PropertyFilters | None = None

    def modern(self) -> ChatFilters:
        """Return the same as filters of the present version."""
        return ChatFilters(
            active=False if self.include_active is False else None,
            include_chats_without_threads=self.include_chats_without_threads,
            group_ids=self.group_ids,
            properties=self.properties,
        )
