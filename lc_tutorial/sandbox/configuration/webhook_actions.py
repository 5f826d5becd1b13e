"""The actions that trigger webhooks: which versions have them, and what filters each allows.

Source: livechat-public-docs, management/configuration-api ("Triggering actions") of versions 3.4 to
3.7.
"""

from typing import Any, NamedTuple

from lc_tutorial.sandbox.world import Version, versions

_IN_CHATS = ("chat_presence", "only_my_chats", "source_type")

# The action, and the versions that have it where not all do. Those about chats come first.
_CHAT_ACTIONS = """
incoming_chat
chat_deactivated
chat_access_updated
chat_transferred
user_added_to_chat
user_removed_from_chat
incoming_event
event_updated
event_deleted                  3.6-3.7
incoming_rich_message_postback
chat_properties_updated
chat_properties_deleted
thread_properties_updated
thread_properties_deleted
event_properties_updated
event_properties_deleted
thread_tagged
thread_untagged
customer_session_fields_updated
events_marked_as_seen
thread_summary_set             3.6-3.7
"""
_OTHER_ACTIONS = """
routing_status_set
incoming_customer              3.4-3.5
group_created
group_updated
group_deleted
agent_created
agent_updated
agent_deleted
agent_suspended
agent_unsuspended
agent_approved
bot_created
bot_updated
bot_deleted
auto_access_created            3.4-3.4
auto_access_updated            3.4-3.4
auto_access_deleted            3.4-3.4
auto_accesses_updated          3.5-3.7
tag_created                    3.5-3.7
tag_deleted                    3.5-3.7
tag_updated                    3.5-3.7
"""
_FILTERS: dict[str, tuple[str, ...]] = {
    "incoming_event": ("chat_presence", "author_type", "only_my_chats", "source_type"),
    "event_updated": ("chat_presence", "author_type", "only_my_chats", "source_type"),
    "customer_session_fields_updated": ("chat_presence", "source_type"),
    "routing_status_set": ("agent_ids", "source_type"),
}


class WebhookAction(NamedTuple):
    """An action, and what a webhook for it can have."""

    name: str
    since: Version
    until: Version
    filters: tuple[str, ...]
    in_chats: bool

    def described(self) -> dict[str, Any]:
        """Make what list_webhook_names shows of it."""
        shown: dict[str, Any] = {"action": self.name, "filters": self.filters}
        if self.in_chats:
            shown["additional_data"] = ["chat_properties", "chat_presence_user_ids"]
        return shown


def _read(table: str, *, in_chats: bool) -> dict[str, WebhookAction]:
    actions = {}
    for line in table.split("\n"):
        name, _, span = line.partition(" ")
        since, _, until = (span.strip() or "3.4-3.7").partition("-")
        first, last = versions.parse(since), versions.parse(until)
        if not name or first is None or last is None:
            continue
        filters = _FILTERS.get(name, _IN_CHATS if in_chats else ("source_type",))
        actions[name] = WebhookAction(name, first, last, filters, in_chats)
    return actions


_ACTIONS = _read(_CHAT_ACTIONS, in_chats=True) | _read(_OTHER_ACTIONS, in_chats=False)


def actions_of(version: Version) -> dict[str, WebhookAction]:
    """Return the actions that a version has, by their names."""
    return {
        name: action for name, action in _ACTIONS.items() if action.since <= version <= action.until
    }
