"""tag_thread and untag_thread.

Source: livechat-public-docs, agent-chat-api (Thread tags) of versions 3.4 to 3.7, and
management/configuration-api (Tags) for which tags a thread can have.
"""

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.places import thread_within
from lc_tutorial.sandbox.api import ApiError, Call, Source, announce
from lc_tutorial.sandbox.world import Chat, Thread


class TagThread(Struct):
    """The parameters of tag_thread and untag_thread."""

    chat_id: str
    thread_id: str
    tag: str


def tag_thread(service: ChatService, call: Call) -> bytes:
    """Answer a call of tag_thread."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(TagThread)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    tag = service.world.settings[call.requester.organization_id].tags.get(given.tag)
    # assumed: both types. The source says which tags a thread can have.
    if tag is None:
        raise ApiError("not_found", why="there is no such tag; letter case counts")
    if set(tag.group_ids).isdisjoint(thread.group_ids):
        raise ApiError("validation", why="the tag is for none of the groups of the thread")
    if tag.name not in thread.tags:  # assumed: a second time changes nothing
        thread.tags = [*thread.tags, tag.name]
        _changed(service, call, chat, thread, "thread_tagged", tag.name)
    return b"{}"


def untag_thread(service: ChatService, call: Call) -> bytes:
    """Answer a call of untag_thread."""
    reach = service.reach(call.requester, "rw")
    given = call.parameters(TagThread)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    if given.tag in thread.tags:  # assumed: a tag that it does not have is no mistake
        thread.tags = [tag for tag in thread.tags if tag != given.tag]
        _changed(service, call, chat, thread, "thread_untagged", given.tag)
    return b"{}"


def _changed(
    service: ChatService, call: Call, chat: Chat, thread: Thread, action: str, tag: str
) -> None:
    service.chats(call.requester).put(chat)
    said = {"chat_id": chat.id, "thread_id": thread.id, "tag": tag}
    announce(service.world, Source.of(call.requester), action, said, chat=chat)
