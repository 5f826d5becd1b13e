"""mark_events_as_seen, multicast, request_thread_summary and get_license_info.

Source: livechat-public-docs, agent-chat-api (Other) of versions 3.4 to 3.7, and Get License Info of
version 3.5.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.filters import Moment
from lc_tutorial.sandbox.agent_chat.places import thread_within
from lc_tutorial.sandbox.api import ApiError, Call, Source, announce, chat_webhooks
from lc_tutorial.sandbox.world import Chat, Event, Thread, moment

_log = logging.getLogger("lc_tutorial.sandbox")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUOTED = 160


class MarkEventsAsSeen(Struct):
    """The parameters of mark_events_as_seen."""

    chat_id: str
    seen_up_to: Moment


class WhichAgents(Struct):
    """The agents to whom a multicast goes."""

    all: bool | None = None
    ids: list[str] | None = None
    # The table says strings; the sample has numbers.
    groups: list[str | int] | None = None


class Recipients(Struct):
    """To whom a multicast goes."""

    agents: WhichAgents


class Multicast(Struct):
    """The parameters of multicast."""

    recipients: Recipients
    content: Any
    type: str | None = None


class Nothing(Struct):
    """The parameters of get_license_info: none, in a body that has to be there."""


class RequestThreadSummary(Struct):
    """The parameters of request_thread_summary."""

    chat_id: str
    thread_id: str


def mark_events_as_seen(service: ChatService, call: Call) -> bytes:
    """Answer a call of mark_events_as_seen."""
    reach = service.reach(call.requester)
    given = call.parameters(MarkEventsAsSeen)
    chat = service.chat_within(reach, given.chat_id)
    try:
        passed = given.seen_up_to.astimezone(UTC) - _EPOCH
    except OverflowError:
        raise ApiError("validation", why="seen_up_to is no time of the years 1 to 9999") from None
    seen = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    for participant in chat.participants:
        # assumed: nothing is noted of somebody who never was in the chat.
        if participant.agent.email == call.requester.agent_id:
            participant.events_seen_up_to = seen
            service.chats(call.requester).touch(chat)
    said = {"user_id": call.requester.agent_id, "chat_id": chat.id, "seen_up_to": moment(seen)}
    source = Source.of(call.requester)
    announce(service.world, source, "events_marked_as_seen", said, chat=chat)
    return b"{}"


def multicast(_: ChatService, call: Call) -> bytes:
    """Answer a call of multicast. It reaches nobody: the sandbox has no RTM API to receive it."""
    call.requester.demand("multicast:rw")
    agents = call.parameters(Multicast).recipients.agents
    if not agents.all and not agents.ids and not agents.groups:
        raise ApiError("validation", why="recipients.agents names nobody")
    _log.info("multicast: it reaches nobody, for the sandbox has no RTM API")
    return b"{}"


def request_thread_summary(service: ChatService, call: Call) -> bytes:
    """Answer a call of request_thread_summary.

    A thread that is over gets its summary; in one that goes on it is a system event. The sandbox
    summarizes without AI, and its summary says so.
    """
    reach = service.reach(call.requester, "rw")
    given = call.parameters(RequestThreadSummary)
    chat, thread = thread_within(service, reach, given.chat_id, given.thread_id)
    if thread.restricted_access is not None:  # assumed
        raise ApiError("missing_access", why="the plan hides what was said in this thread")
    if not thread.active and thread.summary is not None:
        # assumed: this type. The source says that it can be done only once.
        raise ApiError("limit_reached", why="a thread that is over is summarized only once")
    chats, text = service.chats(call.requester), _summary(chat, thread)
    now = service.world.chat_time.now()
    if thread.active:
        details = {
            "summary": {"text": text, "status": "ok"},
            "requested_by": call.requester.agent_id,
        }
        body = {
            "source": "messaging",
            "subtype": "summary",
            "version": 1,
            "details": msgspec.json.encode(details).decode(),
        }
        # assumed: customers do not see it.
        event = Event(chats.next_event_id(thread), "system", now, None, body, visibility="agents")
        chats.add_event(chat, thread, event)
        source = Source.of(call.requester)
        chat_webhooks.incoming_event(service.world, source, chat, thread, event)
    else:
        thread.summary = text
        chats.put(chat)
    said = {
        "chat_id": chat.id,
        "thread_id": thread.id,
        "summary": {"status": "ok", "text": text, "updated_at": moment(now)},
    }
    announce(service.world, Source.of(call.requester), "thread_summary_set", said, chat=chat)
    return b"{}"


def get_license_info(service: ChatService, call: Call) -> bytes:
    """Answer a call of get_license_info, which takes any token. It was in version 3.5 only."""
    call.parameters(Nothing)
    # assumed: the number, which has the form of the sample's, and both days.
    place = list(service.world.organizations).index(call.requester.organization_id)
    info = {
        "license_id": str(100_000_001 + place),
        "expires_at": "2027-06-15T00:00:00.000000Z",
        "created_at": "2025-01-01T09:00:00.000000Z",
        "in_trial": False,
    }
    return msgspec.json.encode(info)


def _summary(chat: Chat, thread: Thread) -> str:
    customer_id = chat.customer.id if chat.customer else None
    texts = [
        (event.author_id == customer_id, event.body["text"])
        for event in thread.events
        if event.type == "message" and event.body.get("text") and not event.deleted
    ]
    lines = [f"• {len(texts)} messages. (The sandbox summarizes without AI.)"]
    for by_customer, who in ((True, "The customer"), (False, "An agent")):
        said = [text for of_customer, text in texts if of_customer == by_customer]
        if said:
            short = said[0] if len(said[0]) <= _QUOTED else f"{said[0][:_QUOTED]}…"
            lines.append(f"• {who} began with: {short}")
    return " \n".join(lines)
