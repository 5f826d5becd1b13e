"""list_chats: summaries of chats, by the creation of their last threads.

Source: livechat-public-docs, agent-chat-api (List Chats) of versions 3.4 to 3.7.
"""

import msgspec

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Paged, no_filters_with_page_id
from lc_tutorial.sandbox.agent_chat.filters import ChatFilters, OldChatFilters
from lc_tutorial.sandbox.api import Call
from lc_tutorial.sandbox.store import Page, cut
from lc_tutorial.sandbox.world import Version

_DEFAULT_LIMIT = 10


class Parameters(Paged):
    """The parameters from version 3.6 on."""

    filters: ChatFilters | None = None


class OldParameters(Paged):
    """The parameters up to version 3.5."""

    filters: OldChatFilters | None = None


def list_chats(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_chats."""
    reach = service.reach(call.requester)
    page = _page(service, call)
    chats = service.chats(call.requester)
    filters = msgspec.json.decode(page.filters, type=ChatFilters)
    found = chats.select(
        reach.key(page.filters),
        lambda chat: filters.passes(chat) and reach.has(chat, chat.group_ids),
    )
    part = cut(found.positions, page)
    selected = found.chats[part.start : part.stop]
    if page.sort_order == "desc":
        selected.reverse()
    agent_id, sees_deleted = call.requester.agent_id, call.requester.sees_deleted
    summaries = [
        chats.summary(
            chat, call.version, sees_deleted=sees_deleted, followed=agent_id in chat.followers
        )
        for chat in selected
    ]
    name = "chats_info" if call.version >= Version.V3_7 else "chats_summary"
    links = service.links(call, "list_chats", page, part, found.positions)
    return msgspec.json.encode({name: summaries, "found_chats": len(found.chats)} | links)


def _page(service: ChatService, call: Call) -> Page:
    parameters: Parameters | OldParameters
    if call.version >= Version.V3_6:
        parameters = call.parameters(Parameters)
        filters = parameters.filters or ChatFilters()
    else:
        parameters = call.parameters(OldParameters)
        filters = (parameters.filters or OldChatFilters()).modern()
    no_filters_with_page_id(parameters, parameters.filters)
    return service.page(call, "list_chats", parameters, filters.key, _DEFAULT_LIMIT)
