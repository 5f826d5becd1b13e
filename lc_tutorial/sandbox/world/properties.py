"""Which properties there are, what values they take, and who may read and write them where.

A property belongs to a namespace: that of the app (its client id) that registered it, or one of the
predefined ones, which everybody may use as far as their access goes.

Source: livechat-public-docs, management/configuration-api (Properties) and
messaging/references/default-properties.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

PropertyType = Literal["int", "string", "bool", "tokenized_string"]
Location = Literal["chat", "thread", "event", "group", "license"]
Right = Literal["read", "write"]
User = Literal["agent", "customer"]
Value = str | int | bool

MOST_PROPERTIES = 200  # assumed: how many an app may register; no source names a limit

#: assumed: the longest text, as long as that of a message.
MOST_TEXT = 16 * 1024

_INT32 = range(-(2**31), 2**31)


class PropertyRange(Struct, omit_defaults=True, frozen=True):
    """The least and the greatest value of a number."""

    from_: int | None = msgspec.field(default=None, name="from")
    to: int | None = None


class PropertyDefinition(Struct, omit_defaults=True):
    """A property as it was registered. `public_access` is missing while it is private."""

    type: PropertyType
    access: dict[Location, dict[User, list[Right]]]
    description: str = ""
    domain: list[Value] | None = None
    range: PropertyRange | None = None
    default_value: Value | None = None
    public_access: list[Right] | None = None

    def takes(self, value: Value) -> bool:
        """Whether it can have this value."""
        return self._fits(value) and self._in_domain(value)

    def _fits(self, value: Value) -> bool:
        if self.type == "bool":
            return isinstance(value, bool)
        if self.type == "int":
            return isinstance(value, int) and not isinstance(value, bool) and value in _INT32
        return isinstance(value, str) and len(value) <= MOST_TEXT

    def _in_domain(self, value: Value) -> bool:
        if self.domain is not None and value not in self.domain:
            return False
        limits = self.range
        if limits is None or not isinstance(value, int):
            return True
        return (limits.from_ is None or limits.from_ <= value) and (
            limits.to is None or value <= limits.to
        )

    def allows(self, right: Right, location: Location, user: User, *, own: bool) -> bool:
        """Whether it may be read or written there; `own` is for tokens of the app that owns it."""
        if not own and right not in (self.public_access or ()):
            return False
        return right in self.access.get(location, {}).get(user, ())


# Namespace and name, type, and the rights in each location: of agents, and of customers where they
# have any. Source: livechat-public-docs, messaging/references/default-properties. What says how a
# plan limits an account (the namespace "limits") is left out: the sandbox has no plans.
_PREDEFINED = """
chats         queue.routing_priority            int               group=rw
chats         agent_timeout_inactivity_form_min int               group=rw
chats         manual_routing.override           int               group=rw
chats         queue.reopen_threshold.override   int               group=rw
chats         queue.enabled.override            int               group=rw
chats         chat_inactive_after_min           int               license=rw
chats         archive_chat_after_min            int               license=rw
chats         archive_offline_chat_after_min    int               license=rw
chats         customer_timeout_after_min        int               license=rw
chats         transfer_chat_after_min           int               license=rw
chats         manual_routing                    bool              license=rw
chats         max_agent_active_chats            int               license=rw
chats         queue.enabled                     bool              license=rw
chats         queue.reopen_threshold            int               license=rw
chats         prefer_recent_agent               bool              license=rw
chats         queue.limit                       int               license=r
chats         formatting                        string            event=rw/rw
chats         resolved                          bool              thread=r
chats         auto_summary_enabled              bool              license=rw
chats         welcome_message_source            string            event=r/r
core          transcript_emails                 string            license=rw
ecommerce     has_sale                          bool              thread=r
ecommerce     has_indirect_sale                 bool              thread=r
lc2           file_safety_confirmation          bool              event=rw
lc2           form_type                         string            event=r/rw
lc2           greeting_id                       int               thread=r/rw event=r/r
lc2           greeting_unique_id                string            thread=r/rw event=r/r
lc2           welcome_message                   bool              event=r/r
monitoring    ip_mask                           string            license=rw
monitoring    whitelist_enabled                 bool              license=r
rating        comment                           string            chat=r/rw thread=r/rw event=r/rw
rating        score                             int               chat=r/rw thread=r/rw event=r/rw
routing       continuous                        bool              chat=r/r thread=r/r
routing       email_follow_up                   bool              chat=r/rw
routing       idle                              bool              thread=r
routing       last_transfer_timestamp           int               thread=r
routing       offline_message                   bool              thread=r/rw
routing       pinned                            bool              chat=rw thread=r
routing       was_pinned                        bool              chat=r
routing       ignore_agents_routing             bool              chat=rw/rw
routing       ignore_bots                       bool              thread=/w
routing       unassigned                        bool              chat=r thread=r
routing       unreplied                         bool              thread=r
routing       referrer                          string            thread=r
routing       start_url                         string            thread=r/r
routing       transcript_email                  string            thread=r/rw
smart_actions greeting.hide_when_offline        bool              group=rw/r
smart_actions greeting.enabled                  bool              license=rw
smart_actions greeting.max_invites              int               license=r
source        client_id                         string            chat=r/r thread=r/r event=r/r
source        customer_client_id                string            chat=r/r thread=r/r
statistics    first_chat_date                   string            license=r
statistics    website_last_activity             string            license=r
status        delivered                         bool              event=rw/rw
test          bool_property                     bool              everywhere
test          int_property                      int               everywhere
test          string_property                   string            everywhere
test          tokenized_string_property         tokenized_string  everywhere
translation   source_lang_code                  string            event=rw/r
translation   target_lang_code                  string            event=rw/r
translation   target_message                    tokenized_string  event=rw/r
url_details   description                       string            event=rw/rw
url_details   image_height                      int               event=rw/rw
url_details   image_url                         string            event=rw/rw
url_details   image_width                       int               event=rw/rw
url_details   title                             string            event=rw/rw
url_details   url                               string            event=rw/rw
"""
_EVERYWHERE = "chat=rw/rw thread=rw/rw event=rw/rw group=rw/rw license=rw/rw"
_RIGHTS: dict[str, list[Right]] = {
    "": [],
    "r": ["read"],
    "w": ["write"],
    "rw": ["read", "write"],
}


def _read(table: str) -> dict[str, dict[str, PropertyDefinition]]:
    namespaces: dict[str, dict[str, PropertyDefinition]] = {}
    for line in table.strip().splitlines():
        namespace, name, kind, rights = line.split(maxsplit=3)
        access: dict[Location, dict[User, list[Right]]] = {}
        for word in rights.replace("everywhere", _EVERYWHERE).split():
            location, _, given = word.partition("=")
            agents, _, customers = given.partition("/")
            users: dict[User, list[Right]] = {
                "agent": _RIGHTS[agents],
                "customer": _RIGHTS[customers],
            }
            access[location] = users  # type: ignore[index]
        definition = PropertyDefinition(kind, access, public_access=["read", "write"])  # type: ignore[arg-type]
        namespaces.setdefault(namespace, {})[name] = definition
    return namespaces


class PropertyDefinitions:
    """All properties that can be set: the predefined ones and those that apps registered."""

    def __init__(self) -> None:
        self._predefined = _read(_PREDEFINED)
        self._registered: dict[str, dict[str, PropertyDefinition]] = {}

    def of(self, namespace: str) -> Mapping[str, PropertyDefinition]:
        """Return the properties of a namespace by their names."""
        return self._predefined.get(namespace) or self._registered.get(namespace, {})

    def get(self, namespace: str, name: str) -> PropertyDefinition | None:
        """Return a property, or None where there is no such one."""
        return self.of(namespace).get(name)

    def items(self) -> Iterator[tuple[str, str, PropertyDefinition]]:
        """Go through all of them, each with its namespace and its name."""
        for namespaces in (self._predefined, self._registered):
            for namespace, named in namespaces.items():
                for name, definition in named.items():
                    yield namespace, name, definition

    def register(self, client_id: str, name: str, definition: PropertyDefinition) -> None:
        """Add an app's property."""
        self._registered.setdefault(client_id, {})[name] = definition

    def unregister(self, client_id: str, name: str) -> None:
        """Remove an app's property."""
        self._registered.get(client_id, {}).pop(name, None)

    def forget_client(self, client_id: str) -> None:
        """Remove all properties of an app."""
        self._registered.pop(client_id, None)


def describe_property(definition: PropertyDefinition) -> dict[str, Any]:
    """Make what list_properties shows of a property."""
    registered: dict[str, Any] = msgspec.to_builtins(definition)
    # Shown in the sample even where it is empty.
    return {"type": definition.type, "description": definition.description} | registered
