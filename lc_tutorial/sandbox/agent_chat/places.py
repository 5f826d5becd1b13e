"""Finds the thread that a method is about, within the requester's reach."""

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Reach
from lc_tutorial.sandbox.agent_chat.writing import thread_of
from lc_tutorial.sandbox.api import ApiError
from lc_tutorial.sandbox.world import Chat, Thread


def thread_within(
    service: ChatService, reach: Reach, chat_id: str, thread_id: str
) -> tuple[Chat, Thread]:
    """Return a thread that the requester has access to, and its chat.

    Raises:
        ApiError: `not_found`, `missing_access`.

    """
    chat = service.chat(reach.requester, chat_id)
    thread = thread_of(chat, thread_id)
    if not reach.has(chat, thread.group_ids):
        # assumed: this type. The source says that access is checked, not what comes of it.
        raise ApiError("missing_access", why="the thread is in none of the requester's groups")
    return chat, thread
