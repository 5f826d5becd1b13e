"""The webhooks that apps have registered: what they want to be told of, and where.

Source: livechat-public-docs, management/configuration-api (Webhooks).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta, Struct

from lc_tutorial.sandbox.world.versions import Version

#: How many webhooks an app may have for one action.
MOST_WEBHOOKS = 3

AdditionalData = Literal["chat_properties", "chat_presence_user_ids"]
SourceType = Literal["my_client", "other_clients", "system"]

# assumed: how many users a filter names, and how long an id is; the source names no limit. An
# agent's id is an e-mail address, which is 254 characters at most.
_Ids = Annotated[list[Annotated[str, Meta(max_length=254)]], Meta(max_length=200)]


class UserIds(Struct, omit_defaults=True):
    """Users of whom one has to be in the chat, or none may be."""

    values: _Ids | None = None
    exclude_values: _Ids | None = None

    def __post_init__(self) -> None:
        if [self.values, self.exclude_values].count(None) != 1:
            raise ValueError("one of values and exclude_values is needed")


class ChatPresence(Struct, omit_defaults=True):
    """Who has to be in the chat."""

    user_ids: UserIds | None = None
    my_bots: bool | None = None


class WebhookFilters(Struct, omit_defaults=True):
    """What has to be so for a webhook to be sent."""

    author_type: Literal["customer", "agent"] | None = None
    only_my_chats: bool | None = None
    chat_presence: ChatPresence | None = None
    source_type: Annotated[list[SourceType], Meta(max_length=10)] | None = None
    agent_ids: UserIds | None = None


@dataclass(frozen=True)
class Webhook:
    """One registered webhook; it speaks the version in which it was registered."""

    version: Version  # assumed: what a webhook says has the shape of this version
    action: str
    url: str
    secret_key: str = field(repr=False)
    owner_client_id: str
    type: Literal["bot", "license"]
    filters: WebhookFilters | None = None
    additional_data: Sequence[AdditionalData] = ()
    description: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(16))


class Webhooks:
    """All registered webhooks."""

    def __init__(self) -> None:
        self._by_client: dict[str, dict[str, Webhook]] = {}
        self._by_action: dict[str, dict[str, Webhook]] = {}
        self._disabled: set[tuple[str, str]] = set()

    def of_client(self, client_id: str) -> list[Webhook]:
        """Return the webhooks of an app, oldest first."""
        return list(self._by_client.get(client_id, {}).values())

    def of_action(self, action: str) -> list[Webhook]:
        """Return the webhooks for an action, of all apps."""
        return list(self._by_action.get(action, {}).values())

    def has(self, webhook: Webhook) -> bool:
        """Whether a webhook is still registered."""
        return webhook.id in self._by_client.get(webhook.owner_client_id, {})

    def secret_keys(self) -> list[str]:
        """Return the secret keys of all of them."""
        return [one.secret_key for own in self._by_client.values() for one in own.values()]

    def add(self, webhook: Webhook) -> None:
        """Add a webhook."""
        self._by_client.setdefault(webhook.owner_client_id, {})[webhook.id] = webhook
        self._by_action.setdefault(webhook.action, {})[webhook.id] = webhook

    def remove(self, client_id: str, webhook_id: str) -> bool:
        """Remove an app's webhook; False if it has no such one."""
        webhook = self._by_client.get(client_id, {}).pop(webhook_id, None)
        if webhook is None:
            return False
        del self._by_action[webhook.action][webhook.id]
        return True

    def forget_client(self, client_id: str) -> None:
        """Remove all webhooks of an app."""
        for webhook in self.of_client(client_id):
            self.remove(client_id, webhook.id)
        self._by_client.pop(client_id, None)
        self._disabled = {pair for pair in self._disabled if pair[1] != client_id}

    # --- On or off, for one organisation --------------------------------------------------------

    def enabled(self, organization_id: str, client_id: str) -> bool:
        """Whether an app's webhooks are sent for that organisation; they are until disabled."""
        return (organization_id, client_id) not in self._disabled

    def enable(self, organization_id: str, client_id: str) -> None:
        """Send an app's webhooks for that organisation."""
        self._disabled.discard((organization_id, client_id))

    def disable(self, organization_id: str, client_id: str) -> None:
        """Send them no more, whatever happens there."""
        self._disabled.add((organization_id, client_id))
