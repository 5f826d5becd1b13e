"""What the methods that write have in common: who may, where, and what is noted with it."""

from collections.abc import Iterable

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.api import ApiError, Call, Requester, Source, chat_webhooks
from lc_tutorial.sandbox.world import (
    GENERAL,
    Agent,
    Chat,
    Event,
    Participant,
    Properties,
    Thread,
    Visibility,
    with_properties,
)


def participant(chat: Chat, agent_id: str) -> Participant | None:
    """Return an agent who is in the chat now."""
    for one in chat.participants:
        if one.present and one.agent.email == agent_id:
            return one
    return None


def demand_presence(chat: Chat, requester: Requester, *, ignored: bool = False) -> None:
    """Refuse a requester who is not in the chat, unless the call says to ignore that.

    The words are those that the real platform answers with, as public clients quote them; they
    quote the status 403 too.

    Raises:
        ApiError: `authorization`.

    """
    if not ignored and participant(chat, requester.agent_id) is None:
        # assumed: the type. 403 and the words are what clients quote.
        message = "Requester is not user of the chat"
        raise ApiError("authorization", message, why="the requester is not in the chat")


def active_thread(chat: Chat) -> Thread:
    """Return the thread that is going on.

    Raises:
        ApiError: `chat_inactive`.

    """
    last = chat.last_thread
    if last is None or not last.active:
        raise ApiError("chat_inactive", why="no thread of the chat is active")
    return last


def thread_of(chat: Chat, thread_id: str) -> Thread:
    """Return a thread of the chat by its id.

    Raises:
        ApiError: `not_found`.

    """
    for thread in chat.threads:
        if thread.id == thread_id:
            return thread
    raise ApiError("not_found", why="the chat has no such thread")


def event_of(thread: Thread, event_id: str) -> Event:
    """Return an event of the thread by its id.

    Raises:
        ApiError: `not_found`, also where the plan hides the thread's events.

    """
    for event in thread.events:
        if event.id == event_id and thread.restricted_access is None:
            return event
    raise ApiError("not_found", why="the thread has no such event")


def note_system_message(
    service: ChatService,
    chat: Chat,
    call: Call,
    kind: str,
    text: str,
    **variables: str,
) -> None:
    """Add what the platform itself says to the chat's last thread, for everybody to see.

    Args:
        service: The chats.
        chat: One with a thread.
        call: What led to it.
        kind: See livechat-public-docs, messaging/references/system-activities.
        text: In words, with the variables' values.
        variables: What the text was made of.

    """
    thread = chat.threads[-1]
    chats = service.chats(call.requester)
    body = {"text": text, "system_message_type": kind, "text_vars": variables}
    now = service.world.chat_time.now()
    event = Event(chats.next_event_id(thread), "system_message", now, None, body)
    chats.add_event(chat, thread, event)
    # assumed: these events have their webhooks, too.
    source = Source.of(call.requester)
    chat_webhooks.incoming_event(service.world, source, chat, thread, event)


# --- Who is in a chat, and who waits --------------------------------------------------------------


def agent_of(service: ChatService, call: Call, agent_id: str) -> Agent:
    """Return an agent of the requester's organisation.

    Raises:
        ApiError: `not_found`.

    """
    for agent in service.world.agents[call.requester.organization_id]:
        if agent.email == agent_id:
            return agent
    raise ApiError("not_found", why="there is no such agent")


def groups_of(service: ChatService, call: Call, group_ids: Iterable[int]) -> list[int]:
    """Return groups of the requester's organisation, each once.

    Raises:
        ApiError: `not_found` (assumed), where there is none with such an id.

    """
    organization = service.world.organizations[call.requester.organization_id]
    wanted = list(dict.fromkeys(group_ids))
    if not {group.id for group in organization.groups}.issuperset(wanted):
        raise ApiError("not_found", why="there is no such group")
    return wanted


def can_see(agent: Agent, group_ids: Iterable[int]) -> bool:
    """Whether an agent has access to what these groups have access to."""
    return GENERAL in group_ids or not set(agent.group_ids).isdisjoint(group_ids)


def join(chat: Chat, thread: Thread, agent: Agent, visibility: Visibility = "all") -> Participant:
    """Let an agent be in the chat and its thread; who was in it before, is again."""
    found = next((one for one in chat.participants if one.agent.email == agent.email), None)
    if found is None:
        found = Participant(agent, None)
        chat.participants.append(found)
    found.present, found.visibility = True, visibility
    if agent.email not in thread.user_ids:
        thread.user_ids = [*thread.user_ids, agent.email]
    return found


def set_unassigned(chat: Chat, thread: Thread, *, unassigned: bool) -> None:
    """Note whether nobody has the chat, where the platform notes it."""
    given: Properties = {"routing": {"unassigned": unassigned}}
    chat.properties = with_properties(chat.properties, given)
    thread.properties = with_properties(thread.properties, given)


def end_queue(service: ChatService, thread: Thread) -> None:
    """Take a thread out of its queue, if it is in one, and note how long it was."""
    if thread.queue is not None:
        waited = (service.world.chat_time.now() - thread.queue.queued_at) // 1_000_000
        thread.queues_duration = (thread.queues_duration or 0) + waited
        thread.queue = None
