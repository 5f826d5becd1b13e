"""The Configuration API, as far as it tells who is who: list_agents and list_groups.

`POST /v{version}/configuration/action/{action}`; the answers are bare arrays.

Source: livechat-public-docs, management/configuration-api (List Agents, List Groups) of versions
3.4 to 3.7.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec import Struct
from starlette.routing import Route

from lc_tutorial.sandbox.api import ApiError, Call, RateLimit, web_api
from lc_tutorial.sandbox.seed import working_hours
from lc_tutorial.sandbox.world import NOW, Agent, Sandbox, Version, moment

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

AgentField = Literal[
    "groups",
    "work_scheduler",
    "email_subscriptions",
    "notifications",
    "job_title",
    "mobile",
    "max_chats_count",
    "suspended",
    "awaiting_approval",
    "last_logout",
]


class AgentFilters(Struct):
    """The filters of list_agents."""

    group_ids: list[int] | None = None
    suspended: bool | None = None


class ListAgents(Struct):
    """The parameters of list_agents."""

    filters: AgentFilters | None = None
    fields: list[AgentField] | None = None


class ListGroups(Struct):
    """The parameters of list_groups."""

    fields: list[Literal["agent_priorities", "routing_status"]] | None = None


def routes(world: Sandbox, rate_limit: RateLimit | None = None) -> list[Route]:
    """Return the routes of the Configuration API.

    Args:
        world: Who there is, and their tokens.
        rate_limit: How many calls an account may make; a generous number, if not given.

    """
    methods = {
        "list_agents": partial(list_agents, world),
        "list_groups": partial(list_groups, world),
    }
    endpoint = web_api.endpoint(world, "configuration", methods, rate_limit or RateLimit())
    return [Route("/v{version}/configuration/action/{action}", endpoint, methods=["POST"])]


def list_agents(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_agents."""
    call.requester.demand("agents--all:ro")
    parameters = call.parameters(ListAgents)
    filters, fields = parameters.filters or AgentFilters(), parameters.fields or []
    if call.version < Version.V3_5:
        filters.suspended = None  # came with 3.5
        if "work_scheduler" in fields or "last_logout" in fields:
            # Version 3.4 cannot show schedules in their new form, which all of ours have.
            raise ApiError("validation", why="work_scheduler and last_logout came with 3.5")
    agents = [
        _agent(agent, call.version, fields)
        for agent in world.agents[call.requester.organization_id]
        # assumed: an empty list of groups filters nothing.
        if not filters.group_ids or not set(filters.group_ids).isdisjoint(agent.group_ids)
    ]
    # Nobody in the sandbox is suspended.
    return msgspec.json.encode([] if filters.suspended else agents)


def _agent(agent: Agent, version: Version, fields: list[AgentField]) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "id": agent.email,
        "name": agent.name,
        "role": agent.role,
        "avatar_path": agent.avatar.removeprefix("https://"),
        "login_status": "accepting chats",
    }
    if version >= Version.V3_5:
        payload["account_id"] = agent.account_id
    more: dict[str, Any] = {
        "groups": [{"id": i, "priority": agent.priorities[i]} for i in agent.group_ids],
        "work_scheduler": {
            "timezone": "UTC",
            "schedule": [
                {"day": day, "enabled": True, "start": _clock(start), "end": _clock(end)}
                for day in _DAYS
                for start, end in working_hours(agent)
            ],
        },
        # assumed: this name, from the table of fields; the sample answer says "summaries".
        "email_subscriptions": ["weekly_summary"] if agent.role != "normal" else [],
        "notifications": ["incoming_chat", "queued_visitor"],
        "job_title": agent.job_title,
        "mobile": "",
        "max_chats_count": agent.max_chats_count,
        "suspended": False,
        "awaiting_approval": False,
        "last_logout": _last_logout(agent),
    }
    return payload | {name: more[name] for name in fields if more[name] is not None}


def _clock(hour: int) -> str:
    """Write a full hour; the end of the day is the last minute of it."""
    return "23:59" if hour == 24 else f"{hour:02}:00"


def _last_logout(agent: Agent) -> str | None:
    """Return when the agent went home last, by their working hours; owners never do."""
    if agent.role == "owner":
        return None
    end = working_hours(agent)[0][1] % 24
    last = NOW.replace(hour=end, minute=0)
    days = 0 if last < NOW else 1
    return moment((int(last.timestamp()) - days * 86_400) * 1_000_000)


def list_groups(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_groups."""
    call.requester.demand("groups--all:ro")
    fields = call.parameters(ListGroups).fields or []
    organization = world.organizations[call.requester.organization_id]
    groups = []
    for group in organization.groups:
        payload: dict[str, Any] = {
            "id": group.id,
            "name": group.name,
            "language_code": group.language_code,
        }
        if "agent_priorities" in fields:
            payload["agent_priorities"] = _priorities(world.agents[organization.id], group.id)
        # assumed: not unless asked for, as the table of fields says; the sample answer has it.
        if "routing_status" in fields:
            payload["routing_status"] = "online"
        groups.append(payload)
    return msgspec.json.encode(groups)


def _priorities(agents: Iterable[Agent], group_id: int) -> dict[str, str]:
    return {
        agent.email: agent.priorities[group_id] for agent in agents if group_id in agent.priorities
    }
