"""list_groups and get_group: which teams there are.

Source: livechat-public-docs, management/configuration-api (List Groups, Get Group) of versions 3.4
to 3.7.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.api import ApiError, Call, group_status
from lc_tutorial.sandbox.world import Group, Sandbox

GroupField = Literal["agent_priorities", "routing_status"]


class ListGroups(Struct):
    """The parameters of list_groups."""

    fields: list[GroupField] | None = None


class GetGroup(Struct):
    """The parameters of get_group."""

    id: int
    fields: list[GroupField] | None = None


def list_groups(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_groups."""
    call.requester.demand("groups--all:ro")
    fields = call.parameters(ListGroups).fields or []
    organization = world.organizations[call.requester.organization_id]
    return msgspec.json.encode(
        [_group(world, organization.id, group, fields) for group in organization.groups]
    )


def get_group(world: Sandbox, call: Call) -> bytes:
    """Answer a call of get_group."""
    requester = call.requester
    requester.demand("groups--my:ro", "groups--all:ro")
    parameters = call.parameters(GetGroup)
    if parameters.id not in requester.account.group_ids:
        requester.demand("groups--all:ro")
    for group in world.organizations[requester.organization_id].groups:
        if group.id == parameters.id:
            payload = _group(world, requester.organization_id, group, parameters.fields or [])
            return msgspec.json.encode(payload)
    raise ApiError("group_not_found", why="the organization has no such group")


def _group(
    world: Sandbox, organization_id: str, group: Group, fields: list[GroupField]
) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "id": group.id,
        "name": group.name,
        "language_code": group.language_code,
    }
    if "agent_priorities" in fields:
        payload["agent_priorities"] = {
            agent.email: agent.priorities[group.id]
            for agent in world.agents[organization_id]
            if group.id in agent.priorities
        }
    # assumed: not unless asked for, as the table of fields says; the sample answer has it.
    if "routing_status" in fields:
        payload["routing_status"] = group_status(world, organization_id, group.id)
    return payload
