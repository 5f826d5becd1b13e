"""The Agent Chat API: `POST /v{version}/agent/action/{action}`.

Source: livechat-public-docs, agent-chat-api of versions 3.4 to 3.7.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.routing import Route

from lc_tutorial.sandbox import web_api
from lc_tutorial.sandbox.chat_store import Chats, ChatStore
from lc_tutorial.sandbox.chats import Chat
from lc_tutorial.sandbox.filters import ChatFilters, OldChatFilters
from lc_tutorial.sandbox.page_ids import Page, PageIds, SortOrder, cut
from lc_tutorial.sandbox.people import GENERAL
from lc_tutorial.sandbox.state import Sandbox
from lc_tutorial.sandbox.versions import Version
from lc_tutorial.sandbox.web_api import ApiError, Call, RateLimit, Requester

Limit = Annotated[int, Meta(ge=1, le=100)]


class Paged(Struct, kw_only=True):
    """The parameters that all lists have."""

    sort_order: SortOrder | None = None
    limit: Limit | None = None
    page_id: str | None = None


class ListChats(Paged):
    """The parameters of list_chats."""

    filters: ChatFilters | None = None


class OldListChats(Paged):
    """The parameters of list_chats up to version 3.5."""

    filters: OldChatFilters | None = None


def routes(
    world: Sandbox, store: ChatStore | None = None, rate_limit: RateLimit | None = None
) -> list[Route]:
    """Return the routes of the Agent Chat API.

    Args:
        world: Who there is, and their tokens.
        store: The chats; those of the usual seed, if not given.
        rate_limit: How many calls an account may make; a generous number, if not given.

    """
    api = AgentChat(world, store or ChatStore())
    endpoint = web_api.endpoint(world, api.methods, rate_limit or RateLimit())
    return [Route("/v{version}/agent/action/{action}", endpoint, methods=["POST"])]


def has_access(requester: Requester, chat: Chat) -> bool:
    """Whether a chat is in the requester's reach, as far as scopes named `access` are concerned.

    It is through a group of theirs, through the group that all agents see, or by being in it.
    Source: livechat-public-docs, authorization/scopes ("Accessing chat") and
    agent-chat-api/data-structures ("Access").
    """
    return (
        GENERAL in chat.group_ids
        or not set(requester.account.group_ids).isdisjoint(chat.group_ids)
        or any(p.present and p.agent.email == requester.agent_id for p in chat.participants)
    )


class AgentChat:
    """The methods of the Agent Chat API."""

    def __init__(self, world: Sandbox, store: ChatStore) -> None:
        self._world = world
        self._store = store
        self._page_ids = PageIds()
        self.methods: dict[str, web_api.Method] = {"list_chats": self.list_chats}

    def _chats(self, requester: Requester) -> Chats:
        return self._store.of(self._world.organizations[requester.organization_id])

    def list_chats(self, call: Call) -> bytes:
        """List summaries of chats, by the creation of their last threads."""
        requester = call.requester
        sees_all = requester.may("chats--all:ro")
        if not sees_all:
            requester.demand("chats--access:ro")
        page = self._page(call)
        filters = msgspec.json.decode(page.filters, type=ChatFilters)
        chats = self._chats(requester)
        found = chats.select(
            (None if sees_all else requester.account.id, page.filters),
            lambda chat: filters.passes(chat) and (sees_all or has_access(requester, chat)),
        )
        part = cut(found.positions, page)
        selected = found.chats[part.start : part.stop]
        if page.sort_order == "desc":
            selected.reverse()
        summaries = b",".join(
            chats.summary(
                chat,
                call.version,
                sees_deleted=requester.sees_deleted,
                followed=requester.agent_id in chat.followers,
            )
            for chat in selected
        )
        name = b"chats_info" if call.version >= Version.V3_7 else b"chats_summary"
        links = self._page_ids.links(
            page,
            part,
            found.positions,
            account_id=requester.account.id,
            method="list_chats",
            now=self._world.clock.now(),
        )
        rest = msgspec.json.encode({"found_chats": len(found.chats)} | links)
        return b'{"%s":[%s],%s' % (name, summaries, rest[1:])

    def _page(self, call: Call) -> Page:
        """Read which page of the list is wanted."""
        parameters: ListChats | OldListChats
        if call.version >= Version.V3_6:
            parameters = call.parameters(ListChats)
            filters = parameters.filters or ChatFilters()
        else:
            parameters = call.parameters(OldListChats)
            filters = (parameters.filters or OldChatFilters()).modern()
        if parameters.page_id is None:
            return Page(filters.key, parameters.sort_order or "desc", parameters.limit or 10)
        if (parameters.filters, parameters.sort_order, parameters.limit) != (None, None, None):
            raise ApiError("validation", why="page_id goes without filters, sort_order and limit")
        try:
            return self._page_ids.read(
                parameters.page_id,
                account_id=call.requester.account.id,
                method="list_chats",
                now=self._world.clock.now(),
            )
        except ValueError as error:
            raise ApiError("validation", why=str(error)) from None
