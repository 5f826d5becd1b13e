"""Tells the apps that want to know what happened: the platform's webhooks.

Source: livechat-public-docs, management/webhooks and management/configuration-api (Webhooks) of
versions 3.4 to 3.7.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from lc_tutorial.sandbox.api.requester import Requester
from lc_tutorial.sandbox.world import Chat, Sandbox, Version, Webhook, WebhookFilters

_log = logging.getLogger("lc_tutorial.sandbox")

Payload = Mapping[str, Any] | Callable[[Version], Mapping[str, Any] | None]
"""What a webhook says, or what makes it for a version; None where the version has no such thing."""


@dataclass(frozen=True)
class Source:
    """Who made something happen, and by which app.

    Attributes:
        organization_id: Where it happened.
        client_id: Of the app; empty where none was involved, as with a personal access token.
        user_id: Of the agent or the customer.
        account_id: Of the agent.
    """

    organization_id: str
    client_id: str = ""
    user_id: str = ""
    account_id: str = ""

    @classmethod
    def of(cls, requester: Requester) -> "Source":
        """Return an agent as the source."""
        return cls(
            requester.organization_id,
            requester.client_id,
            requester.agent_id,
            requester.account.id,
        )


def announce(
    world: Sandbox,
    source: Source,
    action: str,
    payload: Payload,
    *,
    chat: Chat | None = None,
    author_id: str | None = None,
    configuration: bool = False,
) -> None:
    """Send the webhooks for something that happened. Nothing waits for them to arrive.

    Args:
        world: Where the webhooks are registered.
        source: Who made it happen.
        action: What happened, such as "incoming_event".
        payload: What is said of it; a function of the version where versions differ.
        chat: Where it happened, if in a chat.
        author_id: Of the event, if it is about one.
        configuration: Whether it is about the account's configuration: those webhooks name the
            requester from version 3.6 on.

    """
    for webhook in world.webhooks.of_action(action):
        why_not = _why_not(world, webhook, source, payload, chat, author_id)
        if why_not:
            _log.info("webhook %s: not sent: %s", action, why_not)
            continue
        said = payload(webhook.version) if callable(payload) else payload
        if said is None:
            continue
        body: dict[str, Any] = {
            "webhook_id": webhook.id,
            "secret_key": webhook.secret_key,
            "action": action,
            "organization_id": source.organization_id,
            "payload": said,
        }
        if configuration and webhook.version >= Version.V3_6:
            body["requester"] = {
                "user_id": source.user_id,
                "account_id": source.account_id,
                "client_id": source.client_id,
            }
        body["additional_data"] = _additional_data(webhook, chat)
        world.courier.send(
            f"webhook {action}",
            webhook.url,
            msgspec.json.encode(body),
            partial(_is_wanted, world, webhook, source.organization_id),
        )


def _is_wanted(world: Sandbox, webhook: Webhook, organization_id: str) -> bool:
    """Whether a webhook is still to be sent when its turn comes, or comes again."""
    return world.webhooks.has(webhook) and not _why_off(world, webhook, organization_id)


def _why_not(
    world: Sandbox,
    webhook: Webhook,
    source: Source,
    payload: Payload,
    chat: Chat | None,
    author_id: str | None,
) -> str:
    """Say why a webhook is not sent, in words for the log; nothing if it is."""
    if off := _why_off(world, webhook, source.organization_id):
        return off
    if webhook.type == "bot":
        return "it is a bot's, and the sandbox has no bots"
    if webhook.filters is not None and not _pass(webhook, source, payload, chat, author_id):
        return "its filters exclude it"
    return ""


def _why_off(world: Sandbox, webhook: Webhook, organization_id: str) -> str:
    """Say why an app's webhooks are off for an organization; nothing if they are on.

    They are on where the app is installed, and was not disabled there.
    """
    client_id = webhook.owner_client_id
    owner = world.client(client_id)
    if owner is None:
        return "its app was deleted"
    app = owner[0]
    if app.organization_id == organization_id:
        if not (app.installed or app.published):
            return "its app is not installed (Console, Private installation)"
    elif not app.published:
        return "it belongs to an app of another organization"
    elif not _is_allowed(world, client_id, organization_id):
        return "nobody of this organization has allowed its app"
    if not world.webhooks.enabled(organization_id, client_id):
        return "the webhooks of its app are disabled"
    return ""


def _is_allowed(world: Sandbox, client_id: str, organization_id: str) -> bool:
    """Whether a published app is installed with another organization than its own."""
    # assumed: it is from when one of its people allowed it on the consent page; the sandbox has no
    # Marketplace. Source: management/configuration-api, register_webhook: license webhooks are
    # enabled "when the application is installed on the license".
    return any(
        world.accounts[account_id].organization_id == organization_id
        for account_id in world.grants.allowed_by(client_id)
        if account_id in world.accounts
    )


def _pass(
    webhook: Webhook,
    source: Source,
    payload: Payload,
    chat: Chat | None,
    author_id: str | None,
) -> bool:
    filters = webhook.filters or WebhookFilters()
    if filters.source_type is not None:
        mine = source.client_id == webhook.owner_client_id
        kind = "system" if not source.client_id else "my_client" if mine else "other_clients"
        if kind not in filters.source_type:
            return False
    if filters.agent_ids is not None:
        who = payload.get("agent_id") if isinstance(payload, Mapping) else None
        if not _one_of([who] if who else [], filters.agent_ids):
            return False
    if chat is None:
        return True
    if filters.author_type is not None:
        customer = chat.customer
        author = "customer" if customer and author_id == customer.id else "agent"
        if author_id is None or author != filters.author_type:
            return False
    if filters.only_my_chats:
        origin = chat.properties.get("source", {}).get("client_id")
        if origin != webhook.owner_client_id:
            return False
    presence = filters.chat_presence
    if presence is None:
        return True
    if presence.my_bots:
        return False  # The sandbox has no bots.
    return presence.user_ids is None or _one_of(_present(chat), presence.user_ids)


def _one_of(found: list[str], wanted: Any) -> bool:
    if wanted.values is not None:
        return not set(found).isdisjoint(wanted.values)
    return set(found).isdisjoint(wanted.exclude_values or ())


def _present(chat: Chat) -> list[str]:
    """Return the ids of the users who are in a chat."""
    agents = [one.agent.email for one in chat.participants if one.present]
    customer = chat.customer
    return [customer.id, *agents] if customer and customer.present else agents


def _additional_data(webhook: Webhook, chat: Chat | None) -> dict[str, Any]:
    if chat is None:
        return {}
    data = {"chat_properties": chat.properties, "chat_presence_user_ids": _present(chat)}
    return {name: data[name] for name in webhook.additional_data}
