"""A stand-in for the agents' application: the chats as an agent sees them, and one to read.

The real one is an application of its own. Here it is two pages, to look at what a program did: who
waits, who has a chat, what was said, which tags a thread has.

Source: livechat-public-docs, messaging (key concepts) and authorization/scopes ("Accessing chat").
"""

from collections.abc import Iterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.console.page import acting, page, world_of
from lc_tutorial.sandbox.store import Chats, ChatStore
from lc_tutorial.sandbox.web import PageProblem
from lc_tutorial.sandbox.world import GENERAL, Account, Chat, Event, Thread, moment

MOST_CHATS = 50
"""How many are listed of each kind."""

MOST_EVENTS = 300
"""How many events of a chat are shown; the oldest are left out."""

_EXCERPT = 90
_MINUTES = len("2026-06-15T14:30")


class Row(NamedTuple):
    """A chat in the list."""

    id: str
    customer: str
    last: str
    state: str
    groups: str
    tags: list[str]
    at: str


class Said(NamedTuple):
    """One event, as a person reads it: the side is "customer", "agent" or "system"."""

    at: str
    who: str
    side: str
    text: str
    for_agents: bool


class Part(NamedTuple):
    """One thread of a chat."""

    id: str
    at: str
    active: bool
    tags: list[str]
    said: list[Said]


async def inbox(request: Request) -> Response:
    """List the chats that go on, those that wait first, and those that ended last."""
    me, chats = acting(request), _chats(request)
    seen = [chat for chat in reversed(chats.ordered()) if chat.threads and _sees(me, chat)]
    going_on = [chat for chat in seen if chat.active]
    going_on.sort(key=_waits_for_nobody)
    ended = [chat for chat in seen if not chat.active]
    return page(
        request,
        "console_inbox.html",
        section="inbox",
        going_on=[_row(request, chat) for chat in going_on[:MOST_CHATS]],
        ended=[_row(request, chat) for chat in ended[:MOST_CHATS]],
        left_out=max(0, len(ended) - MOST_CHATS) + max(0, len(going_on) - MOST_CHATS),
    )


async def conversation(request: Request) -> Response:
    """Show one chat, its oldest thread first."""
    chat = _chats(request).get(request.path_params["chat_id"])
    if chat is None:
        raise PageProblem(
            404,
            "There is no such chat",
            "Its id may be mistyped, or the sandbox was started anew and forgot it.",
        )
    me = acting(request)
    if not _sees(me, chat):
        raise PageProblem(
            403,
            "This chat is not for you to see",
            f"{me.name} is in none of its groups. Act as somebody else: choose that under People.",
        )
    parts, left_out = _parts(chat)
    return page(
        request,
        "console_conversation.html",
        section="inbox",
        row=_row(request, chat),
        active=chat.active,
        parts=parts,
        left_out=left_out,
    )


def _chats(request: Request) -> Chats:
    store: ChatStore = request.app.state.chats
    return store.of(world_of(request).organizations[acting(request).organization_id])


def _sees(me: Account, chat: Chat) -> bool:
    """Whether an agent has access: by a role, by a group, or by being in the chat."""
    return (
        me.role != "normal"
        or GENERAL in chat.group_ids
        or not set(me.group_ids).isdisjoint(chat.group_ids)
        or me.email in _agents(chat)
    )


def _agents(chat: Chat) -> dict[str, str]:
    """The names of the agents whom the customer is with now, by their addresses."""
    return {
        one.agent.email: one.agent.name
        for one in chat.participants
        if one.present and one.visibility == "all"
    }


def _waits_for_nobody(chat: Chat) -> bool:
    return bool(_agents(chat))


def _row(request: Request, chat: Chat) -> Row:
    thread = chat.threads[-1] if chat.threads else None
    organization = world_of(request).organizations[acting(request).organization_id]
    last = _last_words(chat)
    return Row(
        id=chat.id,
        customer=_customer(chat),
        last=last if len(last) <= _EXCERPT else f"{last[: _EXCERPT - 1]}…",
        state=_state(chat, thread),
        groups=", ".join(organization.group(one).name for one in chat.group_ids),
        tags=list(thread.tags) if thread else [],
        at=_time(thread.created_at) if thread else "",
    )


def _state(chat: Chat, thread: Thread | None) -> str:
    if thread is None or not thread.active:
        return "archived"
    agents = _agents(chat)
    if agents:
        return f"with {', '.join(agents.values())}"
    return "in the queue" if thread.queue is not None else "with nobody"


def _customer(chat: Chat) -> str:
    if chat.customer is None:
        return "No customer"
    return chat.customer.name or "Customer without a name"


def _last_words(chat: Chat) -> str:
    for thread in reversed(chat.threads):
        for event in reversed(thread.events):
            if event.type != "system_message" and thread.restricted_access is None:
                return _text(event)
    return ""


def _parts(chat: Chat) -> tuple[list[Part], int]:
    """The threads with what was said in them, and how many events were left out."""
    names = {one.agent.email: one.agent.name for one in chat.participants}
    parts: list[Part] = []
    room = MOST_EVENTS
    left_out = 0
    for thread in reversed(chat.threads):
        hidden = thread.restricted_access is not None
        events = [] if hidden else thread.events[max(0, len(thread.events) - room) :]
        left_out += 0 if hidden else len(thread.events) - len(events)
        room -= len(events)
        said = list(_said(chat, events, names))
        parts.append(
            Part(thread.id, _time(thread.created_at), thread.active, list(thread.tags), said)
        )
    return parts[::-1], left_out


def _said(chat: Chat, events: list[Event], names: dict[str, str]) -> Iterator[Said]:
    customer_id = chat.customer.id if chat.customer else None
    for event in events:
        author = event.author_id
        if author is None or event.type == "system_message":
            who, side = "", "system"
        elif author == customer_id:
            who, side = _customer(chat), "customer"
        else:
            who, side = names.get(author, author), "agent"
        yield Said(_time(event.created_at), who, side, _text(event), event.visibility == "agents")


#: What stands for an event that has no text of its own.
_WORDS = {
    "file": "a file",
    "form": "a form to fill in",
    "filled_form": "a form, filled in",
    "rich_message": "a rich message",
    "custom": "data of an app",
}


def _text(event: Event) -> str:
    if event.deleted:
        return "(deleted)"
    text = event.body.get("text")
    if isinstance(text, str):
        return text
    what = _WORDS.get(event.type, event.type.replace("_", " "))
    name = event.body.get("name")
    return f"({what}: {name})" if isinstance(name, str) else f"({what})"


def _time(microseconds: int) -> str:
    return moment(microseconds)[:_MINUTES].replace("T", " ")


routes = [
    Route("/console/inbox", inbox),
    Route("/console/inbox/{chat_id}", conversation),
]
