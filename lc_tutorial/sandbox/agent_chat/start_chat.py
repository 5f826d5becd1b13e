"""start_chat and resume_chat: an agent begins a conversation.

Source: livechat-public-docs, agent-chat-api (Start Chat, Resume Chat) of versions 3.4 to 3.7.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Reach
from lc_tutorial.sandbox.agent_chat.send_event import add_event
from lc_tutorial.sandbox.agent_chat.writing import agent_of, groups_of, join
from lc_tutorial.sandbox.api import (
    ApiError,
    Call,
    GivenProperties,
    SentEvent,
    Source,
    chat_webhooks,
    check_event,
)
from lc_tutorial.sandbox.store import Chats, Place
from lc_tutorial.sandbox.world import (
    GENERAL,
    Agent,
    Chat,
    Customer,
    Properties,
    Thread,
    Visit,
    with_properties,
)

_MOST_AGENTS = 4  # beside the requester


class Access(Struct):
    """Which groups have access."""

    group_ids: Annotated[list[int], Meta(min_length=1, max_length=200)]


class User(Struct):
    """Somebody who exists, and is in the chat from its start."""

    id: str
    type: Literal["agent", "customer"]


class InitialThread(Struct):
    """What a thread begins with."""

    events: list[SentEvent] = []
    properties: GivenProperties = {}


class InitialChat(Struct):
    """What a chat begins with."""

    properties: GivenProperties = {}
    access: Access | None = None
    users: list[User] = []
    thread: InitialThread | None = None


class ResumedChat(InitialChat, kw_only=True):
    """What a chat goes on with."""

    id: str


class StartChat(Struct):
    """The parameters of start_chat."""

    chat: InitialChat | None = None
    active: bool = True
    continuous: bool = False


class ResumeChat(Struct):
    """The parameters of resume_chat."""

    chat: ResumedChat
    active: bool = True
    continuous: bool | None = None


class _Users(Struct):
    """The users of a chat that begins, the requester first."""

    agents: list[Agent]
    customer: Customer | None


def start_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of start_chat: the chat is in the next list_chats."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(StartChat)
    given, chats = wanted.chat or InitialChat(), service.chats(call.requester)
    group_ids = _access(service, call, reach, given)
    users = _users(service, call, given.users)
    if users.customer is not None and chats.of_customer(users.customer.id):
        # assumed: this type, as in the Customer Chat API; that chat can be resumed.
        raise ApiError("limit_reached", why="the customer has a chat; one is the limit")
    _check_events(service, call, given, users)
    chat = Chat(
        id=chats.new_id(),
        customer=users.customer,
        participants=[],
        threads=[],
        group_ids=group_ids,
        properties=_noted(call, given.properties, continuous=wanted.continuous),
        followers=set(),
    )
    thread = _begin(service, call, chat, given, users, active=wanted.active)
    answer: dict[str, str | list[str]] = {"chat_id": chat.id, "thread_id": thread.id}
    return msgspec.json.encode(answer | _event_ids(given, thread))


def resume_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of resume_chat: the chat has another thread."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(ResumeChat)
    given = wanted.chat
    chat = service.chat_within(reach, given.id)
    if chat.active:
        raise ApiError("validation", why="the chat is active already")  # assumed: this type
    group_ids = _access(service, call, reach, given)
    users = _users(service, call, given.users)
    if users.customer is not None:
        _check_customer(service.chats(call.requester), chat, users.customer)
    _check_events(service, call, given, users)
    if users.customer is not None and chat.customer is None:
        service.chats(call.requester).set_customer(chat, users.customer)
    chat.group_ids = group_ids
    chat.properties = with_properties(chat.properties, given.properties)
    # A chat can be resumed again and again, with other names each time.
    service.chats(call.requester).set_properties(Place(chat.id), given.properties)
    if wanted.continuous is not None:
        continuous: Properties = {"routing": {"continuous": wanted.continuous}}
        chat.properties = with_properties(chat.properties, continuous)
    chat.properties = with_properties(chat.properties, {"routing": {"unassigned": False}})
    for participant in chat.participants:
        participant.present = False
    thread = _begin(service, call, chat, given, users, active=wanted.active)
    answer: dict[str, str | list[str]] = {"thread_id": thread.id}
    return msgspec.json.encode(answer | _event_ids(given, thread))


def _access(service: ChatService, call: Call, reach: Reach, given: InitialChat) -> list[int]:
    """Return the groups that are to have access; all agents, where none are named.

    Raises:
        ApiError: `not_found`, `missing_access`.

    """
    # assumed for start_chat: that of resume_chat the source says.
    group_ids = groups_of(service, call, given.access.group_ids if given.access else [GENERAL])
    own = {GENERAL, *call.requester.account.group_ids}
    if not reach.everything and not own.issuperset(group_ids):
        raise ApiError("missing_access", why="the requester is in none of the requested groups")
    return group_ids


def _users(service: ChatService, call: Call, given: Sequence[User]) -> _Users:
    """Find those who are to be in the chat.

    Raises:
        ApiError: `not_found`; `limit_reached` (assumed) for too many of them.

    """
    customers = service.chats(call.requester).customers
    agent_ids = list(dict.fromkeys(user.id for user in given if user.type == "agent"))
    others = [one for one in agent_ids if one != call.requester.agent_id]
    agents = [agent_of(service, call, one) for one in (call.requester.agent_id, *others)]
    customer_ids = {user.id for user in given if user.type == "customer"}
    if len(others) > _MOST_AGENTS or len(customer_ids) > 1:
        raise ApiError("limit_reached", why="up to 4 other agents and 1 customer are allowed")
    if not customer_ids.issubset(customers):
        raise ApiError("not_found", why="there is no such customer")
    return _Users(agents, customers[customer_ids.pop()] if customer_ids else None)


def _check_customer(chats: Chats, chat: Chat, customer: Customer) -> None:
    if chat.customer is None:
        if chats.of_customer(customer.id):
            raise ApiError("limit_reached", why="the customer has a chat; one is the limit")
    elif chat.customer.id != customer.id:
        raise ApiError("limit_reached", why="the chat has another customer")


def _check_events(service: ChatService, call: Call, given: InitialChat, users: _Users) -> None:
    """Refuse, before anything is changed, initial events that cannot be.

    Raises:
        ApiError: `validation`.

    """
    authors = {agent.email for agent in users.agents}
    authors |= {users.customer.id} if users.customer else set()
    now, organization_id = service.world.clock.now(), call.requester.organization_id
    for sent in given.thread.events if given.thread else ():
        check_event(sent, call.version, service.store.files, organization_id, now)
        if sent.author_id and sent.author_id not in authors:
            raise ApiError("validation", why="the author of an event is not among the users")


def _noted(call: Call, given: GivenProperties, *, continuous: bool) -> Properties:
    """Add what the platform notes of a chat to what was given."""
    noted: Properties = {"routing": {"continuous": continuous, "unassigned": False}}
    if call.requester.client_id:
        noted["source"] = {"client_id": call.requester.client_id}
    return with_properties(given, noted)


def _begin(
    service: ChatService,
    call: Call,
    chat: Chat,
    given: InitialChat,
    users: _Users,
    *,
    active: bool,
) -> Thread:
    """Begin a thread of a chat, with its users and initial events."""
    chats, initial = service.chats(call.requester), given.thread or InitialThread()
    now, customer = service.world.chat_time.now(), chat.customer
    continuous = chat.properties.get("routing", {}).get("continuous")
    unknown = Visit(now, None if active else now, "", "", {}, None, [])
    thread = Thread(
        id=chats.new_id(),
        created_at=now,
        active=True,
        group_ids=chat.group_ids,
        user_ids=[customer.id] if customer else [],
        visit=(customer.visit if customer else None) or unknown,
        properties=_noted(call, initial.properties, continuous=continuous is True),
    )
    for agent in users.agents:
        # assumed: who has no access to the chat has it by being in it.
        join(chat, thread, agent)
    chats.add_thread(chat, thread)
    for sent in initial.events:
        # The visibility of all initial events is all, whatever they say.
        sent.visibility = "all"
        add_event(service, call, chat, thread, sent, author_id=sent.author_id or "")
    requester = next(one for one in chat.participants if one.agent.email == call.requester.agent_id)
    requester.events_seen_up_to = thread.events[-1].created_at if thread.events else now
    if customer is not None:
        _count(customer, chat)
    thread.active = active
    chats.put(chat)
    chat_webhooks.incoming_chat(service.world, Source.of(call.requester), chat)
    return thread


def _count(customer: Customer, chat: Chat) -> None:
    counts = customer.statistics
    more = {"threads_count": counts.get("threads_count", 0) + 1}
    if len(chat.threads) == 1:
        more["chats_count"] = counts.get("chats_count", 0) + 1
    customer.statistics = counts | more


def _event_ids(given: InitialChat, thread: Thread) -> dict[str, list[str]]:
    if given.thread is None or not given.thread.events:
        return {}
    return {"event_ids": [event.id for event in thread.events]}
