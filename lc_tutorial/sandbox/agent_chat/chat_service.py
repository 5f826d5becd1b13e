"""What the methods of the Agent Chat API share: reach into the chats, and paging through lists."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct

from lc_tutorial.sandbox.api import ApiError, Call, Requester
from lc_tutorial.sandbox.store import Chats, ChatStore, Page, PageIds, Position, Slice, SortOrder
from lc_tutorial.sandbox.world import GENERAL, Chat, Sandbox

Limit = Annotated[int, Meta(ge=1, le=100)]


class Paged(Struct, kw_only=True):
    """The parameters that all lists have."""

    sort_order: SortOrder | None = None
    limit: Limit | None = None
    page_id: str | None = None


class Reach(NamedTuple):
    """Which chats a requester may read: all of them, or those that they have access to."""

    requester: Requester
    everything: bool

    def key(self, filters: bytes) -> tuple[str | None, bytes]:
        """Return what a list is remembered by: the same for the same reach and the same filters.

        It is short, however long the filters are: many of them are remembered.
        """
        whose = None if self.everything else self.requester.account.id
        return whose, hashlib.sha256(filters).digest()

    def has(self, chat: Chat, group_ids: Sequence[int]) -> bool:
        """Whether a chat, or a thread of it, with access for these groups is within reach.

        It is through a group of the requester's, through the group that all agents see, or by
        being in the chat. Source: livechat-public-docs, authorization/scopes ("Accessing chat")
        and agent-chat-api/data-structures ("Access").
        """
        return (
            self.everything
            or GENERAL in group_ids
            or not set(self.requester.account.group_ids).isdisjoint(group_ids)
            or any(
                participant.present and participant.agent.email == self.requester.agent_id
                for participant in chat.participants
            )
        )


@dataclass
class ChatService:
    """The people, the chats and the page ids that the methods work with."""

    world: Sandbox
    store: ChatStore
    page_ids: PageIds = field(default_factory=PageIds)

    def chats(self, requester: Requester) -> Chats:
        """Return the chats of the requester's organisation."""
        return self.store.of(self.world.organizations[requester.organization_id])

    def reach(self, requester: Requester, access: Literal["ro", "rw"] = "ro") -> Reach:
        """Return how far the requester's token reaches, to read or to write.

        Source: livechat-public-docs, agent-chat-api ("Required scopes" of the methods).

        Raises:
            ApiError: `authorization`, for a token with neither of the scopes.

        """
        everything = requester.may(f"chats--all:{access}")
        if not everything:
            requester.demand(f"chats--access:{access}")
        return Reach(requester, everything)

    def chat(self, requester: Requester, chat_id: str) -> Chat:
        """Return a chat of the requester's organisation, whether they may see it or not.

        Raises:
            ApiError: `not_found`.

        """
        chat = self.chats(requester).get(chat_id)
        if chat is None:
            raise ApiError("not_found", why="there is no such chat")
        return chat

    def chat_within(self, reach: Reach, chat_id: str) -> Chat:
        """Return a chat that the requester has access to.

        Raises:
            ApiError: `not_found`, `missing_access`.

        """
        chat = self.chat(reach.requester, chat_id)
        if not reach.has(chat, chat.group_ids):
            # assumed: this type. The source says that access is checked, not what comes of it.
            raise ApiError("missing_access", why="the chat is in none of the requester's groups")
        return chat

    def page(
        self, call: Call, method: str, parameters: Paged, filters: bytes, default_limit: int
    ) -> Page:
        """Return which page is wanted: the first one, or that of the page id.

        Args:
            call: The call.
            method: The method, whose page ids are worth nothing to others.
            parameters: What was sent.
            filters: The filters in a form that is the same for the same filters.
            default_limit: How many items a page has if nobody says.

        Raises:
            ApiError: `validation`, for a page id that is not valid here.

        """
        if parameters.page_id is None:
            order, limit = parameters.sort_order or "desc", parameters.limit or default_limit
            return Page(filters, order, limit)
        if parameters.limit is not None or parameters.sort_order is not None:
            raise ApiError("validation", why="page_id goes without limit and sort_order")
        try:
            return self.page_ids.read(parameters.page_id, **self._whose(call, method))
        except ValueError as error:
            raise ApiError("validation", why=str(error)) from None

    def links(
        self, call: Call, method: str, page: Page, part: Slice, positions: Sequence[Position]
    ) -> dict[str, str]:
        """Return the page ids that go with a page."""
        return self.page_ids.links(page, part, positions, **self._whose(call, method))

    def _whose(self, call: Call, method: str) -> dict[str, Any]:
        return {
            "account_id": call.requester.account.id,
            "method": method,
            "now": self.world.clock.now(),
        }


def no_filters_with_page_id(parameters: Paged, *given: object) -> None:
    """Refuse a page id that comes with what the first request settled.

    Source: livechat-public-docs, agent-chat-api ("Pagination").

    Raises:
        ApiError: `validation`.

    """
    if parameters.page_id is not None and any(value is not None for value in given):
        raise ApiError("validation", why="page_id goes without filters")
