"""follow_chat and unfollow_chat: who wants to hear of a chat without being in it.

Source: livechat-public-docs, agent-chat-api (Follow Chat, Unfollow Chat) of versions 3.4 to 3.7.
"""

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import participant
from lc_tutorial.sandbox.api import ApiError, Call


class Which(Struct):
    """The parameters of both: a chat."""

    id: str


def follow_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of follow_chat. Who is in the chat need not follow it, and may."""
    reach = service.reach(call.requester)
    chat = service.chat_within(reach, call.parameters(Which).id)
    chat.followers.add(call.requester.agent_id)
    return EMPTY


def unfollow_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of unfollow_chat, which takes any token."""
    chat = service.chat(call.requester, call.parameters(Which).id)
    if participant(chat, call.requester.agent_id) is not None:
        # assumed: this type. Members of a chat can't unfollow it, says the source.
        raise ApiError("validation", why="who is in the chat cannot unfollow it")
    chat.followers.discard(call.requester.agent_id)
    return EMPTY
