"""The methods with which an app says what it wants to be told of, and where.

Source: livechat-public-docs, management/configuration-api (Webhooks) of versions 3.4 to 3.7.
"""

import logging
import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.api import ApiError, Call, is_web_address
from lc_tutorial.sandbox.configuration.own_apps import check_owner
from lc_tutorial.sandbox.configuration.webhook_actions import actions_of
from lc_tutorial.sandbox.web import receiver_of
from lc_tutorial.sandbox.world import (
    MOST_WEBHOOKS,
    AdditionalData,
    Sandbox,
    Version,
    Webhook,
    WebhookFilters,
    versions,
)

_log = logging.getLogger("lc_tutorial.sandbox")

# assumed: what an address is made of; what has other characters in it is no URL.
_ADDRESS = re.compile(r"[!-~]{1,500}")


class RegisterWebhook(Struct):
    """The parameters of register_webhook."""

    action: str
    # assumed: the greatest lengths but that of the address.
    secret_key: Annotated[str, Meta(max_length=500)]
    url: Annotated[str, Meta(min_length=1, max_length=500)]
    owner_client_id: str
    type: Literal["bot", "license"]
    additional_data: Annotated[list[AdditionalData], Meta(max_length=10)] = []
    description: Annotated[str, Meta(max_length=1000)] = ""
    filters: WebhookFilters | None = None


class UnregisterWebhook(Struct):
    """The parameters of unregister_webhook."""

    id: str
    owner_client_id: str


class Owner(Struct):
    """The parameters of list_webhooks."""

    owner_client_id: str


class MaybeOwner(Struct):
    """The parameters of the methods for an app's webhooks as a whole."""

    owner_client_id: str | None = None


class WhichVersion(Struct):
    """The parameters of list_webhook_names."""

    version: str | None = None


def register_webhook(world: Sandbox, call: Call) -> bytes:
    """Answer a call of register_webhook."""
    call.requester.demand("webhooks.configuration:rw")
    given = call.parameters(RegisterWebhook)
    check_owner(world, call.requester, given.owner_client_id)
    _check(call.version, given)
    own = world.webhooks.of_client(given.owner_client_id)
    if sum(webhook.action == given.action for webhook in own) >= MOST_WEBHOOKS:
        why = f"an app has {MOST_WEBHOOKS} webhooks for one action at most"
        raise ApiError("limit_reached", why=why)
    webhook = Webhook(
        version=call.version,
        action=given.action,
        url=given.url,
        secret_key=given.secret_key,
        owner_client_id=given.owner_client_id,
        type=given.type,
        filters=given.filters,
        additional_data=tuple(dict.fromkeys(given.additional_data)),
        description=given.description,
    )
    world.webhooks.add(webhook)
    if receiver_of(webhook.url) is None:
        _log.info(
            "webhook %s: registered, but its address is not http:// on this machine: the sandbox "
            "will not send it",
            webhook.action,
        )
    return msgspec.json.encode({"id": webhook.id})


def _check(version: Version, given: RegisterWebhook) -> None:
    action = actions_of(version).get(given.action)
    if action is None:
        raise ApiError("validation", why="this version has no webhook for this action")
    filters = msgspec.to_builtins(given.filters) if given.filters is not None else {}
    if not set(filters).issubset(action.filters):
        raise ApiError("validation", why="the action does not have one of the filters")
    if not _ADDRESS.fullmatch(given.url) or not is_web_address(given.url):
        raise ApiError("validation", why="url is no http or https address")


def list_webhooks(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_webhooks. Secret keys are not shown."""
    call.requester.demand("webhooks.configuration:rw")
    client_id = call.parameters(Owner).owner_client_id
    check_owner(world, call.requester, client_id)
    return msgspec.json.encode([_shown(one) for one in world.webhooks.of_client(client_id)])


def _shown(webhook: Webhook) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": webhook.id,
        "url": webhook.url,
        "description": webhook.description,
        "action": webhook.action,
    }
    if webhook.filters is not None:
        shown["filters"] = webhook.filters
    if webhook.additional_data:  # assumed: shown where there is some; the sample has none
        shown["additional_data"] = webhook.additional_data
    return shown | {"owner_client_id": webhook.owner_client_id, "type": webhook.type}


def unregister_webhook(world: Sandbox, call: Call) -> bytes:
    """Answer a call of unregister_webhook."""
    call.requester.demand("webhooks.configuration:rw")
    given = call.parameters(UnregisterWebhook)
    check_owner(world, call.requester, given.owner_client_id)
    if not world.webhooks.remove(given.owner_client_id, given.id):
        raise ApiError("not_found", why="the app has no such webhook")
    return b"{}"


def list_webhook_names(_: Sandbox, call: Call) -> bytes:
    """Answer a call of list_webhook_names, which anybody may make."""
    wanted = call.parameters(WhichVersion).version
    # The source: the current stable version, whatever version is called.
    version = Version.V3_6 if wanted is None else versions.parse(wanted)
    if version is None:
        raise ApiError("validation", why="there is no such version")
    return msgspec.json.encode([action.described() for action in actions_of(version).values()])


# --- On or off --------------------------------------------------------------------------------


def enable_license_webhooks(world: Sandbox, call: Call) -> bytes:
    """Answer a call of enable_license_webhooks."""
    call.requester.demand("webhooks.state:rw")
    world.webhooks.enable(call.requester.organization_id, _owner(world, call))
    return b"{}"


def disable_license_webhooks(world: Sandbox, call: Call) -> bytes:
    """Answer a call of disable_license_webhooks."""
    call.requester.demand("webhooks.state:rw")
    world.webhooks.disable(call.requester.organization_id, _owner(world, call))
    return b"{}"


def get_license_webhooks_state(world: Sandbox, call: Call) -> bytes:
    """Answer a call of get_license_webhooks_state."""
    call.requester.demand("webhooks.state:ro")
    enabled = world.webhooks.enabled(call.requester.organization_id, _owner(world, call))
    return msgspec.json.encode({"license_webhooks_enabled": enabled})


def _owner(world: Sandbox, call: Call) -> str:
    """Return the client id of the app whose webhooks are meant.

    Raises:
        ApiError: `validation` without one, and in version 3.4 for one that comes with an access
            token; `not_found` for one that no app has.

    """
    given = call.parameters(MaybeOwner).owner_client_id
    own = call.requester.client_id
    if given is not None and own and call.version < Version.V3_5:
        raise ApiError("validation", why="owner_client_id goes with personal access tokens only")
    client_id = given or own
    if not client_id:
        why = "a personal access token belongs to no app: owner_client_id is needed"
        raise ApiError("validation", why=why)
    if client_id != own and world.client(client_id) is None:
        raise ApiError("not_found", why="no app has this client id")  # assumed: this type
    return client_id
