"""list_customers, which was in versions up to 3.5.

Source: livechat-public-docs, agent-chat-api (List Customers) of versions 3.4 and 3.5.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Paged, no_filters_with_page_id
from lc_tutorial.sandbox.agent_chat.filters import Moment
from lc_tutorial.sandbox.api import Call
from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.store import Chats, Position, cut
from lc_tutorial.sandbox.world import Customer

_DEFAULT_LIMIT = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Bound = TypeVar("Bound")

SortBy = Literal[
    "created_at", "threads_count", "visits_count", "agent_last_event", "customer_last_event"
]


class Texts(Struct, omit_defaults=True):
    """Texts of which one is wanted, or none."""

    values: list[str] | None = None
    exclude_values: list[str] | None = None

    def __post_init__(self) -> None:
        if [self.values, self.exclude_values].count(None) != 1:
            raise ValueError("one of values and exclude_values is needed")

    def pass_(self, *found: str | None) -> bool:
        """Whether what was found is as asked."""
        if self.values is not None:
            return any(one in self.values for one in found)
        return not any(one in (self.exclude_values or ()) for one in found)


class Groups(Struct, omit_defaults=True):
    """Groups of which one is wanted, or none."""

    values: Annotated[list[int], Meta(max_length=40)] | None = None
    exclude_values: Annotated[list[int], Meta(max_length=40)] | None = None

    def __post_init__(self) -> None:
        if [self.values, self.exclude_values].count(None) != 1:
            raise ValueError("one of values and exclude_values is needed")

    def pass_(self, found: set[int]) -> bool:
        """Whether what was found is as asked."""
        if self.values is not None:
            return not found.isdisjoint(self.values)
        return found.isdisjoint(self.exclude_values or ())


class Range(Struct, Generic[Bound], omit_defaults=True):
    """A range of numbers, or of instants."""

    lte: Bound | None = None
    lt: Bound | None = None
    gte: Bound | None = None
    gt: Bound | None = None
    eq: Bound | None = None

    def pass_(self, found: Any) -> bool:
        """Whether what was found is in it; where nothing was, it is not."""
        return found is not None and (
            (self.lte is None or found <= self.lte)
            and (self.lt is None or found < self.lt)
            and (self.gte is None or found >= self.gte)
            and (self.gt is None or found > self.gt)
            and (self.eq is None or found == self.eq)
        )


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


class CustomerFilters(Struct, omit_defaults=True):
    """The filters of list_customers. Every filter that is given has to be passed."""

    country: Texts | None = None
    email: Texts | None = None
    name: Texts | None = None
    customer_id: Texts | None = None
    chats_count: Range[int] | None = None
    threads_count: Range[int] | None = None
    visits_count: Range[int] | None = None
    created_at: Range[Moment] | None = None
    agent_last_event_created_at: Range[Moment] | None = None
    customer_last_event_created_at: Range[Moment] | None = None
    chat_group_ids: Groups | None = None
    include_customers_without_chats: bool | None = None

    def passes(self, who: Customer, chats: Chats) -> bool:
        """Whether the list is to have this customer."""
        # assumed: a country by its name or by its code.
        place = who.visit.geolocation if who.visit is not None else {}
        countries = place.get("country"), place.get("country_code")
        own = chats.of_customer(who.id)
        if self.include_customers_without_chats is False and not own:
            return False
        counts = who.statistics
        return (
            (self.country is None or self.country.pass_(*countries))
            and (self.email is None or self.email.pass_(who.email))
            and (self.name is None or self.name.pass_(who.name))
            and (self.customer_id is None or self.customer_id.pass_(who.id))
            and (self.chats_count is None or self.chats_count.pass_(counts["chats_count"]))
            and (self.threads_count is None or self.threads_count.pass_(counts["threads_count"]))
            and (self.visits_count is None or self.visits_count.pass_(counts["visits_count"]))
            and (self.created_at is None or self.created_at.pass_(_instant(who.created_at)))
            and (
                self.agent_last_event_created_at is None
                or self.agent_last_event_created_at.pass_(_instant(who.agent_last_event_created_at))
            )
            and (
                self.customer_last_event_created_at is None
                or self.customer_last_event_created_at.pass_(
                    _instant(who.customer_last_event_created_at)
                )
            )
            and (
                self.chat_group_ids is None
                or self.chat_group_ids.pass_({group for chat in own for group in chat.group_ids})
            )
        )


class ListCustomers(Paged):
    """The parameters of list_customers."""

    sort_by: SortBy | None = None
    filters: CustomerFilters | None = None


class _Request(Struct):
    """What the list is of, and its order; its page ids hold it."""

    filters: CustomerFilters
    sort_by: SortBy


_ORDER: dict[SortBy, Callable[[Customer], int]] = {
    "created_at": lambda who: who.created_at,
    "threads_count": lambda who: who.statistics["threads_count"],
    "visits_count": lambda who: who.statistics["visits_count"],
    # assumed: who never had such an event comes before all others.
    "agent_last_event": lambda who: who.agent_last_event_created_at or 0,
    "customer_last_event": lambda who: who.customer_last_event_created_at or 0,
}


def list_customers(service: ChatService, call: Call) -> bytes:
    """Answer a call of list_customers."""
    call.requester.demand("customers:ro")
    parameters = call.parameters(ListCustomers)
    no_filters_with_page_id(parameters, parameters.filters, parameters.sort_by)
    filters = parameters.filters or CustomerFilters()
    wanted = msgspec.json.encode(_Request(filters, parameters.sort_by or "created_at"))
    page = service.page(call, "list_customers", parameters, wanted, _DEFAULT_LIMIT)
    request = msgspec.json.decode(page.filters, type=_Request)
    chats = service.chats(call.requester)
    found = [
        (_position(who, request.sort_by), who)
        for who in chats.customers.values()
        if request.filters.passes(who, chats)
    ]
    found.sort(key=lambda one: one[0])
    positions = [position for position, _ in found]
    part = cut(positions, page)
    selected = found[part.start : part.stop]
    if page.sort_order == "desc":
        selected.reverse()
    customers = [payloads.customer(who, call.version) for _, who in selected]
    answer = {"customers": customers, "total_customers": len(found)}
    links = service.links(call, "list_customers", page, part, positions)
    return msgspec.json.encode(answer | links)


def _position(who: Customer, sort_by: SortBy) -> Position:
    """Return what a customer is ordered by: those who are alike, by their creation."""
    return _ORDER[sort_by](who), f"{who.created_at:020} {who.id}"
