"""Which agents take chats: what was set, or else what follows from their working hours."""

from lc_tutorial.sandbox.seed import working_hours
from lc_tutorial.sandbox.world import NOW, Agent, RoutingStatus, Sandbox


def routing_status(world: Sandbox, organization_id: str, agent: Agent) -> RoutingStatus:
    """Return the routing status of an agent."""
    given = world.settings[organization_id].routing_statuses.get(agent.email)
    if given is not None:
        return given
    # assumed: at the instant at which the seeded chats end, who is at work accepts chats.
    at_work = any(start <= NOW.hour < end for start, end in working_hours(agent))
    return "accepting_chats" if at_work else "offline"


def group_status(world: Sandbox, organization_id: str, group_id: int) -> str:
    """Return the routing status of a group: whether one of its agents accepts chats."""
    # assumed: these two. Samples show "offline" alone.
    taken = any(
        routing_status(world, organization_id, agent) == "accepting_chats"
        for agent in world.agents[organization_id]
        if group_id in agent.priorities
    )
    return "online" if taken else "offline"
