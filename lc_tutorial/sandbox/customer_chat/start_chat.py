"""start_chat: a customer starts a chat, which agents and the customer see from then on.

Source: livechat-public-docs, customer-chat-api (Start Chat) of versions 3.4 to 3.7.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.api import (
    ApiError,
    GivenProperties,
    SentEvent,
    chat_webhooks,
)
from lc_tutorial.sandbox.customer_chat.conversation import checked_event, event_of_customer
from lc_tutorial.sandbox.customer_chat.customer_service import CustomerCall, Service, source_of
from lc_tutorial.sandbox.world import (
    GENERAL,
    Chat,
    Customer,
    Event,
    Organization,
    Properties,
    Thread,
    Visit,
)


class Access(Struct):
    """Which groups have access."""

    group_ids: Annotated[list[int], Meta(min_length=1, max_length=200)]


class InitialThread(Struct):
    """What a thread begins with."""

    events: list[SentEvent] = []
    properties: GivenProperties = {}


class InitialChat(Struct):
    """What a chat begins with."""

    properties: GivenProperties = {}
    access: Access | None = None
    thread: InitialThread | None = None


class StartChat(Struct):
    """The parameters of start_chat."""

    chat: InitialChat | None = None
    active: bool = True
    continuous: bool = False


def start_chat(service: Service, call: CustomerCall) -> bytes:
    """Answer a call of start_chat: the chat is in the next list_chats of customer and agents."""
    wanted = call.parameters(StartChat)
    given = wanted.chat or InitialChat()
    chats = service.chats(call)
    group_ids = _groups(service.organization(call), given.access)
    if chats.of_customer(call.token.entity_id):
        # A customer has one chat; it can be resumed. Source: livechat-public-docs,
        # extending-chat-widget/customer-sdk (startChat).
        raise ApiError("limit_reached", why="the customer has a chat; one is the limit")
    initial = given.thread or InitialThread()
    # assumed: nobody takes the chat by themselves, so that it stays as the customer left it.
    began, thread_id = service.world.chat_time.now(), chats.new_id()
    events = _events(service, call, initial, thread_id)
    ended = events[-1].created_at if events else began
    thread = Thread(
        id=thread_id,
        created_at=began,
        active=wanted.active,
        group_ids=group_ids,
        user_ids=[call.token.entity_id],
        visit=_visit(call, began, None if wanted.active else ended),
        properties=_properties(call, initial.properties, wanted),
    )
    chat = Chat(
        id=chats.new_id(),
        customer=_customer(chats.customers.get(call.token.entity_id), call, thread, events),
        participants=[],
        threads=[],
        group_ids=group_ids,
        properties=_properties(call, given.properties, wanted),
        followers=set(),
    )
    chats.add_thread(chat, thread)
    for event in events:
        chats.add_event(chat, thread, event)
    chat_webhooks.incoming_chat(service.world, source_of(call), chat)
    answer: dict[str, str | list[str]] = {"chat_id": chat.id, "thread_id": thread.id}
    if events:
        answer["event_ids"] = [event.id for event in events]
    return msgspec.json.encode(answer)


def _groups(organization: Organization, access: Access | None) -> list[int]:
    wanted = access.group_ids if access else [GENERAL]
    if not {group.id for group in organization.groups}.issuperset(wanted):
        raise ApiError("group_not_found", why="the organization has no such group")
    return list(dict.fromkeys(wanted))


def _events(
    service: Service, call: CustomerCall, given: InitialThread, thread_id: str
) -> list[Event]:
    # None is kept before all are checked.
    files = [checked_event(service, call, sent) for sent in given.events]
    return [
        event_of_customer(service, call, sent, file, f"{thread_id}_{number}")
        for number, (sent, file) in enumerate(zip(given.events, files, strict=True), 1)
    ]


def _properties(call: CustomerCall, given: GivenProperties, wanted: StartChat) -> Properties:
    """Add what the platform notes of a chat to what the customer gave."""
    routing: dict[str, str | int | bool] = {"continuous": wanted.continuous, "unassigned": True}
    client_id = call.token.client_id
    return given | {
        "routing": given.get("routing", {}) | routing,
        "source": {"client_id": client_id, "customer_client_id": client_id},
    }


def _visit(call: CustomerCall, began: int, ended: int | None) -> Visit:
    # assumed: of a customer who comes by way of an app, only the app's connection is known.
    return Visit(
        started_at=began,
        ended_at=ended,
        ip=call.ip,
        user_agent=call.user_agent,
        geolocation={},
        referrer=None,
        last_pages=[],
    )


def _customer(
    known: Customer | None, call: CustomerCall, thread: Thread, events: list[Event]
) -> Customer:
    """Make the customer's record, or go on with the one that an agent made."""
    last = events[-1].created_at if events else None
    said = [event.created_at for event in events if event.author_id is not None]
    if known is not None:
        known.visit, known.present = thread.visit, True
        known.statistics = known.statistics | {
            name: known.statistics.get(name, 0) + 1
            for name in ("chats_count", "threads_count", "visits_count")
        }
        known.events_seen_up_to = last or thread.created_at
        known.customer_last_event_created_at = said[-1] if said else None
        return known
    return Customer(
        id=call.token.entity_id,
        created_at=min(thread.created_at, thread.visit.started_at),
        name=None,
        email=None,
        visit=thread.visit,
        statistics={
            "chats_count": 1,
            "threads_count": 1,
            "visits_count": 1,
            "page_views_count": 0,
            "greetings_shown_count": 0,
            "greetings_accepted_count": 0,
        },
        tickets=[],
        # Starting a chat counts as having seen all of it.
        events_seen_up_to=last or thread.created_at,
        agent_last_event_created_at=None,
        customer_last_event_created_at=said[-1] if said else None,
        session_fields=[],
        extras={},
    )
