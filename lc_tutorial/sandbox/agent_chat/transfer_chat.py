"""transfer_chat: a chat goes to another agent, or to groups, whose next free agent gets it.

Source: livechat-public-docs, agent-chat-api (Transfer Chat) of versions 3.4 to 3.7, and
messaging/references/system-activities (`chat_transferred`).
"""

from typing import Literal

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import (
    active_thread,
    agent_of,
    can_see,
    demand_presence,
    end_queue,
    groups_of,
    join,
    note_system_message,
    set_unassigned,
)
from lc_tutorial.sandbox.api import ApiError, Call, Source, chat_webhooks, routing_status
from lc_tutorial.sandbox.world import Agent, Chat, Queue, Thread, with_properties

#: In which order a group's agents get chats; supervisors get none by themselves.
#: Source: livechat-public-docs, management/configuration-api (Create Agent, `priority`).
_PRIORITIES = ("first", "normal", "last")


class Target(Struct):
    """Who gets the chat."""

    type: Literal["group", "agent"]
    ids: list[int | str]

    def __post_init__(self) -> None:
        kind = int if self.type == "group" else str
        if not self.ids or not all(isinstance(one, kind) for one in self.ids):
            raise ValueError("ids are numbers of groups or ids of agents, as type says")


class TransferChat(Struct):
    """The parameters of transfer_chat."""

    id: str
    target: Target | None = None
    ignore_agents_availability: bool = False
    ignore_requester_presence: bool = False


def transfer_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of transfer_chat."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(TransferChat)
    chat = service.chat_within(reach, wanted.id)
    thread = active_thread(chat)
    demand_presence(chat, call.requester, ignored=wanted.ignore_requester_presence)
    target = wanted.target or Target("group", [*chat.group_ids])
    if target.type == "group":
        group_ids = groups_of(service, call, [one for one in target.ids if isinstance(one, int)])
        candidates = _in_turn(service, call, chat, group_ids)
    else:
        group_ids = chat.group_ids
        candidates = [agent_of(service, call, str(one)) for one in target.ids]
        if not all(can_see(agent, group_ids) for agent in candidates):
            raise ApiError("missing_access", why="the agent has no access to the chat")
    free = next((agent for agent in candidates if _is_free(service, call, chat, agent)), None)
    if free is None and not wanted.ignore_agents_availability:
        # assumed: this type, also where a group has nobody.
        raise ApiError("agent_offline", why="none of the agents accepts chats")
    _note(service, call, chat, target)
    others_have_access = set(chat.group_ids) != set(group_ids)
    chat.group_ids = thread.group_ids = group_ids
    _hand_over(service, call, chat, thread, free)
    world, source = service.world, Source.of(call.requester)
    agent_ids = [free.email] if free else []
    chat_webhooks.chat_transferred(world, source, chat, thread, agent_ids)
    if others_have_access:  # assumed: a transfer to other groups is an update of the access
        chat_webhooks.chat_access_updated(world, source, chat)
    return EMPTY


def _in_turn(service: ChatService, call: Call, chat: Chat, group_ids: list[int]) -> list[Agent]:
    """Return those who may get a chat of these groups, whose turn it is first."""
    load = dict.fromkeys((agent.email for agent in _agents(service, call)), 0)
    for other in service.chats(call.requester).ordered():
        for one in other.participants if other.active and other is not chat else ():
            if one.present and one.agent.email in load:
                load[one.agent.email] += 1
    ranked = [
        (_PRIORITIES.index(priority), load[agent.email], place, agent)
        for place, agent in enumerate(_agents(service, call))
        for group_id in group_ids
        if (priority := agent.priorities.get(group_id)) in _PRIORITIES
    ]
    return [agent for *_, agent in sorted(ranked, key=lambda one: one[:3])]


def _agents(service: ChatService, call: Call) -> list[Agent]:
    return service.world.agents[call.requester.organization_id]


def _is_free(service: ChatService, call: Call, chat: Chat, agent: Agent) -> bool:
    """Whether an agent accepts chats, and this one is not theirs yet."""
    has_it = any(
        one.present and one.visibility == "all" and one.agent.email == agent.email
        for one in chat.participants
    )
    organization_id = call.requester.organization_id
    accepts = routing_status(service.world, organization_id, agent) == "accepting_chats"
    return accepts and not has_it


def _note(service: ChatService, call: Call, chat: Chat, target: Target) -> None:
    organization = service.world.organizations[call.requester.organization_id]
    names = [
        organization.group(one).name if isinstance(one, int) else agent_of(service, call, one).name
        for one in dict.fromkeys(target.ids)
    ]
    who, whom = call.requester.account.name, ", ".join(names)
    note_system_message(
        service,
        chat,
        call,
        "chat_transferred",
        f"{who} transferred the chat to {whom}",
        initiator=who,
        targets=whom,
    )


def _hand_over(
    service: ChatService, call: Call, chat: Chat, thread: Thread, to: Agent | None
) -> None:
    """Give the chat to an agent, or, where there is none, put it at the end of its queue."""
    for one in chat.participants:
        if one.visibility == "all":  # who looks on unseen stays
            one.present = False
    now = service.world.chat_time.now()
    moved: dict[str, str | int | bool] = {"last_transfer_timestamp": now // 1_000_000}
    thread.properties = with_properties(thread.properties, {"routing": moved})
    set_unassigned(chat, thread, unassigned=to is None)
    end_queue(service, thread)
    chats = service.chats(call.requester)
    if to is not None:
        join(chat, thread, to)
    else:
        before = sum(
            1
            for other in chats.ordered()
            if other.active
            and other.threads[-1].queue is not None
            and not set(other.group_ids).isdisjoint(chat.group_ids)
        )
        thread.queue = Queue(before + 1, 75 * (before + 1), now)
    chats.put(chat)
