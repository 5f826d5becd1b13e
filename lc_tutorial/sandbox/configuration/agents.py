"""list_agents and get_agent: who answers chats.

Source: livechat-public-docs, management/configuration-api (List Agents, Get Agent) of versions 3.4
to 3.7.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.api import ApiError, Call
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


class GetAgent(Struct):
    """The parameters of get_agent."""

    id: str
    fields: list[AgentField] | None = None


def list_agents(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_agents."""
    call.requester.demand("agents--all:ro")
    parameters = call.parameters(ListAgents)
    filters, fields = parameters.filters or AgentFilters(), parameters.fields or []
    _check_fields(call.version, fields)
    if call.version < Version.V3_5:
        filters.suspended = None  # came with 3.5
    agents = [
        _agent(agent, call.version, fields) | {"avatar_path": agent.avatar.removeprefix("https://")}
        for agent in world.agents[call.requester.organization_id]
        # assumed: an empty list of groups filters nothing.
        if not filters.group_ids or not set(filters.group_ids).isdisjoint(agent.group_ids)
    ]
    # Nobody in the sandbox is suspended.
    return msgspec.json.encode([] if filters.suspended else agents)


def get_agent(world: Sandbox, call: Call) -> bytes:
    """Answer a call of get_agent."""
    call.requester.demand("agents--my:ro", "agents--all:ro")
    parameters = call.parameters(GetAgent)
    if parameters.id != call.requester.agent_id:
        call.requester.demand("agents--all:ro")
    fields = parameters.fields or []
    _check_fields(call.version, fields)
    for agent in world.agents[call.requester.organization_id]:
        if agent.email == parameters.id:
            # The address of the picture has another name, and another form, than in a list.
            payload = _agent(agent, call.version, fields) | {"avatar": agent.avatar}
            return msgspec.json.encode(payload)
    raise ApiError("not_found", why="the organization has no such agent")


def _check_fields(version: Version, fields: list[AgentField]) -> None:
    if version < Version.V3_5 and ("work_scheduler" in fields or "last_logout" in fields):
        # Version 3.4 cannot show schedules in their new form, which all of ours have.
        raise ApiError("validation", why="work_scheduler and last_logout came with 3.5")


def _agent(agent: Agent, version: Version, fields: list[AgentField]) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "id": agent.email,
        "name": agent.name,
        "role": agent.role,
        # The status right after the login; what it is now says list_routing_statuses.
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
