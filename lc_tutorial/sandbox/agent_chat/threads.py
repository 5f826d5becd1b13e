"""get_chat and list_threads: a chat with one of its threads, and its threads by themselves.

Source: livechat-public-docs, agent-chat-api (Get Chat, List Threads) of versions 3.4 to 3.7.
"""

from itertools import accumulate
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Paged, no_filters_with_page_id
from lc_tutorial.sandbox.agent_chat.filters import Span
from lc_tutorial.sandbox.api import ApiError, Call
from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.store import Page, cut
from lc_tutorial.sandbox.world import Chat

_DEFAULT_LIMIT = 3


class GetChat(Struct):
    """The parameters of get_chat."""

    chat_id: str
    thread_id: str | None = None


class ListThreads(Paged):
    """The parameters of list_threads."""

    chat_id: str
    min_events_count: Annotated[int, Meta(ge=1, le=100)] | None = None
    filters: Span | None = None


class _Which(Struct):
    """What a list of threads is of; its page ids hold it."""

    chat_id: str
    span: Span


def get_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of get_chat."""
    requester = call.requester
    reach = service.reach(requester)
    parameters = call.parameters(GetChat)
    chat = service.chat(call.requester, parameters.chat_id)
    index = len(chat.threads) - 1 if chat.threads else None
    if parameters.thread_id is not None:
        ids = [thread.id for thread in chat.threads]
        if parameters.thread_id not in ids:
            raise ApiError("not_found", why="the chat has no such thread")
        index = ids.index(parameters.thread_id)
    if not reach.has(chat, chat.group_ids if index is None else chat.threads[index].group_ids):
        raise ApiError("missing_access", why="the thread is in none of the requester's groups")
    payload = payloads.chat_with_thread(
        chat,
        index,
        call.version,
        sees_deleted=requester.sees_deleted,
        followed=requester.agent_id in chat.followers,
    )
    return msgspec.json.encode(payload)


def list_threads(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_threads."""
    reach = service.reach(call.requester)
    parameters = call.parameters(ListThreads)
    chat = service.chat(call.requester, parameters.chat_id)
    page = _page(service, call, parameters)
    span = msgspec.json.decode(page.filters, type=_Which).span
    found = [
        index
        for index, thread in enumerate(chat.threads)
        if reach.has(chat, thread.group_ids) and span.holds(thread.created_at)
    ]
    positions = [(chat.threads[index].created_at, chat.threads[index].id) for index in found]
    if parameters.min_events_count is not None:
        page = _with_events(page, chat, found, parameters.min_events_count)
    part = cut(positions, page)
    selected = found[part.start : part.stop]
    if page.sort_order == "desc":
        selected.reverse()
    threads = [
        payloads.thread(chat, index, call.version, sees_deleted=call.requester.sees_deleted)
        for index in selected
    ]
    answer = {"threads": threads, "found_threads": len(found)}
    return msgspec.json.encode(answer | service.links(call, "list_threads", page, part, positions))


def _page(service: ChatService, call: Call, parameters: ListThreads) -> Page:
    filters, least = parameters.filters, parameters.min_events_count
    no_filters_with_page_id(parameters, filters, least)
    if least is not None and (filters is not None or parameters.limit is not None):
        raise ApiError("validation", why="min_events_count goes without limit and filters")
    which = msgspec.json.encode(_Which(parameters.chat_id, filters or Span()))
    page = service.page(call, "list_threads", parameters, which, _DEFAULT_LIMIT)
    if msgspec.json.decode(page.filters, type=_Which).chat_id != parameters.chat_id:
        raise ApiError("validation", why="this page_id belongs to another chat")
    return page


def _with_events(page: Page, chat: Chat, found: list[int], least: int) -> Page:
    """Make the page long enough for so many events; all the threads may not be enough."""
    ordered = found[::-1] if page.sort_order == "desc" else found
    threads = (chat.threads[index] for index in ordered)
    counts = accumulate(0 if t.restricted_access else len(t.events) for t in threads)
    needed = next((n for n, events in enumerate(counts, 1) if events >= least), len(found))
    return msgspec.structs.replace(page, limit=max(needed, 1))
