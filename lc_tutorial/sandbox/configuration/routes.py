"""The Configuration API: `POST /v{version}/configuration/action/{action}`.

Source: livechat-public-docs, management/configuration-api of versions 3.4 to 3.7.
"""

from collections.abc import Callable
from functools import partial

from starlette.routing import Route

from lc_tutorial.sandbox.api import Call, RateLimit, web_api
from lc_tutorial.sandbox.configuration import agents, groups, properties, property_values, tags
from lc_tutorial.sandbox.configuration import webhooks as hooks
from lc_tutorial.sandbox.world import Sandbox

_METHODS: dict[str, Callable[[Sandbox, Call], bytes]] = {
    "list_agents": agents.list_agents,
    "get_agent": agents.get_agent,
    "list_groups": groups.list_groups,
    "get_group": groups.get_group,
    "register_property": properties.register_property,
    "unregister_property": properties.unregister_property,
    "publish_property": properties.publish_property,
    "list_properties": properties.list_properties,
    "list_license_properties": property_values.list_license_properties,
    "update_license_properties": property_values.update_license_properties,
    "delete_license_properties": property_values.delete_license_properties,
    "list_group_properties": property_values.list_group_properties,
    "list_groups_properties": property_values.list_groups_properties,
    "update_group_properties": property_values.update_group_properties,
    "delete_group_properties": property_values.delete_group_properties,
    "list_tags": tags.list_tags,
    "create_tag": tags.create_tag,
    "update_tag": tags.update_tag,
    "delete_tag": tags.delete_tag,
    "register_webhook": hooks.register_webhook,
    "list_webhooks": hooks.list_webhooks,
    "unregister_webhook": hooks.unregister_webhook,
    "list_webhook_names": hooks.list_webhook_names,
    "enable_license_webhooks": hooks.enable_license_webhooks,
    "disable_license_webhooks": hooks.disable_license_webhooks,
    "get_license_webhooks_state": hooks.get_license_webhooks_state,
}


def routes(world: Sandbox, rate_limit: RateLimit | None = None) -> list[Route]:
    """Return the routes of the Configuration API.

    Args:
        world: Who there is, their tokens, and what they have set up.
        rate_limit: How many calls an account may make; a generous number, if not given.

    """
    methods = {name: partial(method, world) for name, method in _METHODS.items()}
    endpoint = web_api.endpoint(
        world,
        "configuration",
        methods,
        rate_limit or RateLimit(),
        for_anybody={"list_webhook_names"},
    )
    return [Route("/v{version}/configuration/action/{action}", endpoint, methods=["POST"])]
