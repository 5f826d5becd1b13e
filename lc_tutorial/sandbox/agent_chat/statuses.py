"""set_routing_status and list_routing_statuses, and which agents a chat can be transferred to.

Source: livechat-public-docs, agent-chat-api (Status, List Agents For Transfer) of versions 3.4 to
3.7.
"""

from typing import Literal

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.filters import GroupIds
from lc_tutorial.sandbox.api import ApiError, Call, Source, announce, routing_status


class SetRoutingStatus(Struct):
    """The parameters of set_routing_status. Bots may be "offline", too; the sandbox has none."""

    status: Literal["accepting_chats", "not_accepting_chats"]
    agent_id: str | None = None


class StatusFilters(Struct):
    """The filters of list_routing_statuses."""

    group_ids: GroupIds | None = None


class ListRoutingStatuses(Struct):
    """The parameters of list_routing_statuses."""

    filters: StatusFilters | None = None


class ListAgentsForTransfer(Struct):
    """The parameters of list_agents_for_transfer."""

    chat_id: str


def set_routing_status(service: ChatService, call: Call) -> bytes:
    """Answer a call of set_routing_status."""
    requester, world = call.requester, service.world
    requester.demand(
        *("agents--my:rw", "agents--all:rw", "agents-bot--my:rw", "agents-bot--all:rw")
    )
    given = call.parameters(SetRoutingStatus)
    agent_id = given.agent_id or requester.agent_id
    if agent_id == requester.agent_id:
        requester.demand("agents--my:rw")
    elif all(agent.email != agent_id for agent in world.agents[requester.organization_id]):
        raise ApiError("not_found", why="the organization has no such agent")
    else:
        requester.demand("agents--all:rw")
    world.settings[requester.organization_id].routing_statuses[agent_id] = given.status
    # Here, and not in the method, it is written with spaces.
    said = {"agent_id": agent_id, "status": given.status.replace("_", " ")}
    announce(world, Source.of(requester), "routing_status_set", said)
    return b"{}"


def list_routing_statuses(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_routing_statuses."""
    requester, world = call.requester, service.world
    requester.demand("agents--all:ro", "agents-bot--all:ro")
    filters = call.parameters(ListRoutingStatuses).filters
    # assumed: an empty list of groups filters nothing.
    wanted = set(filters.group_ids) if filters and filters.group_ids else None
    statuses = [
        {
            "agent_id": agent.email,
            "status": routing_status(world, requester.organization_id, agent),
        }
        for agent in world.agents[requester.organization_id]
        if wanted is None or not wanted.isdisjoint(agent.group_ids)
    ]
    # The other scope is for bots, of which the sandbox has none.
    return msgspec.json.encode(statuses if requester.may("agents--all:ro") else [])


def list_agents_for_transfer(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_agents_for_transfer, which takes any token."""
    requester = call.requester
    chats = service.chats(requester)
    chat = chats.get(call.parameters(ListAgentsForTransfer).chat_id)
    if chat is None:
        raise ApiError("not_found", why="there is no such chat")
    busy: dict[str, int] = {}
    for other in chats.ordered():
        if other.active:
            for participant in other.participants:
                if participant.present:
                    busy[participant.agent.email] = busy.get(participant.agent.email, 0) + 1
    # assumed: it is not transferred to somebody who is in it already.
    there = {participant.agent.email for participant in chat.participants if participant.present}
    available = [
        agent.email
        for agent in service.world.agents[requester.organization_id]
        if agent.email not in there
        and routing_status(service.world, requester.organization_id, agent) != "offline"
    ]
    available.sort(key=lambda agent_id: busy.get(agent_id, 0))
    return msgspec.json.encode(
        [
            {"agent_id": agent_id, "total_active_chats": busy.get(agent_id, 0)}
            for agent_id in available
        ]
    )
