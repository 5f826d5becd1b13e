"""What the methods that write have in common: who may, where, and what is noted with it."""

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.api import ApiError, Requester
from lc_tutorial.sandbox.world import Chat, Event, Participant, Thread, Visibility


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
    requester: Requester,
    chat: Chat,
    kind: str,
    text: str,
    *,
    visibility: Visibility = "all",
    **variables: str,
) -> None:
    """Add what the platform itself says to the chat's last thread.

    Args:
        service: The chats.
        requester: Whose organisation it is in.
        chat: One with a thread.
        kind: See livechat-public-docs, messaging/references/system-activities.
        text: In words, with the variables' values.
        visibility: Who sees it.
        variables: What the text was made of.

    """
    thread = chat.threads[-1]
    chats = service.chats(requester)
    body = {"text": text, "system_message_type": kind, "text_vars": variables}
    now = service.world.chat_time.now()
    event = Event(chats.next_event_id(thread), "system_message", now, None, body, visibility)
    chats.add_event(chat, thread, event)
