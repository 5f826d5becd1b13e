"""list_archives: threads with all their events, each in its chat, by their creation.

Source: livechat-public-docs, agent-chat-api (List Archives) of versions 3.4 to 3.7.
"""

import re
from typing import Any

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.archive_filters import (
    ArchiveFilters,
    ArchiveFilters34,
    ArchiveFilters35,
)
from lc_tutorial.sandbox.agent_chat.chat_service import (
    ChatService,
    Paged,
    Reach,
    no_filters_with_page_id,
)
from lc_tutorial.sandbox.api import ApiError, Call
from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.store import Page, cut
from lc_tutorial.sandbox.world import Chat, Version

_DEFAULT_LIMIT = 10


class Highlights(Struct):
    """How to mark what the query found."""

    pre_tag: str = "<em>"
    post_tag: str = "</em>"


class _Parameters(Paged):
    highlights: Highlights | None = None


class Parameters34(_Parameters):
    """The parameters in version 3.4."""

    filters: ArchiveFilters34 | None = None


class Parameters35(_Parameters):
    """The parameters in version 3.5."""

    filters: ArchiveFilters35 | None = None


class Parameters(_Parameters):
    """The parameters from version 3.6 on."""

    filters: ArchiveFilters | None = None


class _Request(Struct):
    """What the list is of, and how it is shown; its page ids hold it."""

    filters: ArchiveFilters
    highlights: Highlights | None = None


def list_archives(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_archives."""
    reach = service.reach(call.requester)
    parameters = _parameters(call)
    page = _page(service, call, parameters)
    request = msgspec.json.decode(page.filters, type=_Request)
    filters, highlights = request.filters, parameters.highlights or request.highlights
    found = service.chats(call.requester).select_threads(
        reach.key(filters.key),
        lambda chat, thread: (
            # assumed: what goes on is not in the archives yet.
            not thread.active and reach.has(chat, thread.group_ids) and filters.passes(chat, thread)
        ),
    )
    part = cut(found.positions, page)
    selected = found.threads[part.start : part.stop]
    if page.sort_order == "desc":
        selected.reverse()
    chats = [_chat(chat, index, call, reach) for chat, index in selected]
    if highlights is not None and filters.query:
        _highlight(chats, filters.query, highlights)
    answer = {"chats": chats, "found_chats": len(found.threads)}
    return msgspec.json.encode(
        answer | service.links(call, "list_archives", page, part, found.positions)
    )


def _parameters(call: Call) -> Parameters | Parameters35 | Parameters34:
    if call.version >= Version.V3_6:
        return call.parameters(Parameters)
    if call.version == Version.V3_5:
        return call.parameters(Parameters35)
    return call.parameters(Parameters34)


def _page(
    service: ChatService, call: Call, parameters: Parameters | Parameters35 | Parameters34
) -> Page:
    no_filters_with_page_id(parameters, parameters.filters)
    filters = ArchiveFilters()
    if parameters.filters is not None:
        filters = ArchiveFilters(**msgspec.structs.asdict(parameters.filters))
    if filters.thread_ids is not None:
        alone = msgspec.structs.replace(filters, thread_ids=None).is_empty
        paging = (parameters.limit, parameters.sort_order)
        if not alone or paging != (None, None):
            raise ApiError("validation", why="thread_ids goes without other filters and paging")
    request = msgspec.json.encode(_Request(filters, parameters.highlights))
    # Up to 20 threads that are asked for by their ids are all on one page.
    limit = _DEFAULT_LIMIT if filters.thread_ids is None else 20
    return service.page(call, "list_archives", parameters, request, limit)


def _chat(chat: Chat, index: int, call: Call, reach: Reach) -> dict[str, Any]:
    requester = call.requester
    payload = payloads.chat_with_thread(
        chat,
        index,
        call.version,
        sees_deleted=requester.sees_deleted,
        followed=requester.agent_id in chat.followers,
    )
    accessible = [reach.has(chat, thread.group_ids) for thread in chat.threads]
    before = [i for i in range(index) if accessible[i]]
    after = [i for i in range(index + 1, len(chat.threads)) if accessible[i]]
    if before:
        payload["thread"]["previous_accessible_thread_id"] = chat.threads[before[-1]].id
    if after:
        payload["thread"]["next_accessible_thread_id"] = chat.threads[after[0]].id
    return payload


def _highlight(chats: list[dict[str, Any]], query: str, tags: Highlights) -> None:
    """Mark what the query found in the texts of events."""
    wanted = re.compile(re.escape(query), re.IGNORECASE)
    for chat in chats:
        for event in chat["thread"].get("events", []):
            if "text" in event:
                event["text"] = wanted.sub(
                    lambda found: tags.pre_tag + found[0] + tags.post_tag, event["text"]
                )
