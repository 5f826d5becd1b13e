"""A chat as people read it: who said what, when.

It is made of the tables, so it shows what they hold: of List Chats only the last event of each type
in a chat, of archives all of it.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

import pandas as pd

from lc_tutorial.errors import InputError
from lc_tutorial.tables.event_words import in_words

_LINE = 88

CUSTOMER, AGENT, SYSTEM = "customer", "agent", "system"

#: What stands above a conversation that has gaps.
LAST_EVENTS_ONLY = (
    "List Chats knows only the last event of each type, so there are gaps. "
    "The whole conversation is in List Archives and Get Chat."
)


@dataclass(frozen=True)
class Said:
    """One event of a conversation, in words.

    Attributes:
        at: when, in UTC; None where the platform didn't say.
        side: ``"customer"``, ``"agent"`` or ``"system"``.
        who: a name; empty for the system.
        text: what they said, or what happened.
        is_speech: whether the text is what they wrote themselves.
        for_agents: whether the customer doesn't see it.
    """

    at: datetime | None
    side: str
    who: str
    text: str
    is_speech: bool
    for_agents: bool = False

    @property
    def time(self) -> str:
        """The time of the day."""
        return f"{self.at:%H:%M}" if self.at else "     "

    @property
    def label(self) -> str:
        """Who it is, and on which side."""
        named = f"{self.who} ({self.side})" if self.who.lower() != self.side else self.who
        return f"{named}, for agents only" if self.for_agents else named


@dataclass(frozen=True)
class Part:
    """What was said in one thread.

    Attributes:
        thread_id: of the thread.
        day: when it began, as people write a date.
        tags: of the thread.
        said: event by event, oldest first.
    """

    thread_id: str
    day: str
    tags: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def heading(self) -> str:
        """The day, and what the thread is about."""
        about = f" · {', '.join(self.tags)}" if self.tags else ""
        return f"{self.day}{about}"


@dataclass(frozen=True)
class Conversation:
    """A chat, to read.

    Attributes:
        chat_id: of the chat.
        people: who is in it, customers first.
        parts: thread by thread, oldest first.
        note: what to know before reading, if anything.
    """

    chat_id: str
    people: tuple[str, ...]
    parts: tuple[Part, ...]
    note: str = ""

    def __repr__(self) -> str:
        return "\n".join(_lines(self))

    def _repr_html_(self) -> str:
        return _html(self)


def conversation(
    chat_id: str | None,
    *,
    chats: pd.DataFrame,
    users: pd.DataFrame,
    threads: pd.DataFrame,
    events: pd.DataFrame,
    with_all_events: bool,
) -> Conversation:
    """Make a conversation of the rows of a chat.

    Args:
        chat_id: of the chat; None for the one with the most events.
        chats: one row a chat.
        users: one row a customer or agent in a chat.
        threads: one row a thread.
        events: one row an event.
        with_all_events: whether ``events`` has all events of the threads.

    Raises:
        InputError: the tables have no such chat, or lack a column by which this is found.
    """
    _see_that_nothing_is_missing(chats=chats, users=users, threads=threads, events=events)
    known = pd.concat([chats["chat_id"], threads["chat_id"]]).dropna()
    if chat_id is None:
        longest = events["chat_id"].value_counts().index
        chat_id = next(iter([*longest[:1], *known[:1]]), None)
        if chat_id is None:
            return Conversation("", (), (), note=_nothing_in(threads))
    if not isinstance(chat_id, str) or not (known == chat_id).any():
        raise _unknown(threads, known, chat_id)
    people = {user["user_id"]: _Person(user) for user in _rows(users, chat_id)}
    said: dict[str, list[Said]] = {}
    for event in _rows(events.sort_values("created_at", kind="stable"), chat_id):
        said.setdefault(event.get("thread_id", ""), []).append(_said(event, people))
    of_thread = {row.get("thread_id", ""): row for row in _rows(threads, chat_id)}
    parts = [
        _part_of(thread_id, of_thread.get(thread_id, {}), said.get(thread_id, []))
        for thread_id in {**said, **of_thread}
    ]
    return Conversation(
        chat_id=chat_id,
        people=tuple(
            str(person)
            for person in sorted(people.values(), key=lambda person: person.side, reverse=True)
        ),
        parts=tuple(part for _, part in sorted(parts, key=lambda part: part[0])),
        note=LAST_EVENTS_ONLY if said and not with_all_events else "",
    )


#: Without these columns nobody knows whose an event is, and when it was.
_NEEDED = {
    "chats": ("chat_id",),
    "users": ("chat_id", "user_id"),
    "threads": ("chat_id",),
    "events": ("chat_id", "created_at"),
}


def _see_that_nothing_is_missing(**tables: pd.DataFrame) -> None:
    missing = [
        f"{column} of {name}"
        for name, table in tables.items()
        for column in _NEEDED[name]
        if column not in table.columns
    ]
    if missing:
        raise InputError(
            what="No conversation can be made of these tables.",
            why=f"They were opened without the column {missing[0]}.",
            remedy="Open them with all their columns: lc.open_tables(folder).",
        )


def _part_of(thread_id: str, thread: dict[str, Any], said: list[Said]) -> tuple[datetime, Part]:
    """A thread, and when it began."""
    times = [each.at for each in said if each.at]
    began = thread["created_at"].to_pydatetime(warn=False) if "created_at" in thread else None
    began = began or min(times, default=None)
    day = f"{began.day} {began:%B %Y}" if began else "On an unknown day"
    hidden = thread.get("restricted_access")
    if hidden and not said:
        said = [Said(None, SYSTEM, "", f"What was said is hidden: {hidden}", is_speech=False)]
    part = Part(thread_id, day, tuple(thread.get("tags", ())), tuple(said))
    return began or datetime.min.replace(tzinfo=UTC), part


def _nothing_in(threads: pd.DataFrame) -> str:
    """Why there is no chat in the tables."""
    if len(threads):
        return (
            "The tables don't say which chat their threads are of: only the request did. "
            "Make them of the answer itself, lc.tables(response)."
        )
    return "The tables have no chats."


def _unknown(threads: pd.DataFrame, known: "pd.Series[Any]", chat_id: Any) -> InputError:
    if not len(known):
        return InputError(
            what="There is no conversation to show.",
            why=_nothing_in(threads),
            remedy="Make tables of an answer that has some.",
        )
    if not isinstance(chat_id, str):
        return InputError(
            what=f"This is no chat id: {chat_id!r}.",
            why="A chat is known by its id, a text, and not by the number of its row.",
            remedy=f"Use one of the column chat_id, such as {known.iloc[0]!r}.",
        )
    return InputError(
        what=f"There is no chat {chat_id!r} in these tables.",
        why=(
            f"None of the {known.nunique():,} chats in them has this id. "
            "The id of a thread is not that of its chat."
        ),
        remedy=f"Use one of the column chat_id, such as {known.iloc[0]!r}.",
    )


def _rows(table: pd.DataFrame, chat_id: str) -> list[dict[str, Any]]:
    """The rows of a chat, each without what is missing."""
    return [_without_missing(row) for row in table[table["chat_id"] == chat_id].to_dict("records")]


def _without_missing(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if isinstance(value, list | tuple | dict) or not pd.isna(value)
    }


class _Person:
    def __init__(self, user: dict[str, Any]) -> None:
        self.side = AGENT if user.get("type") == "agent" else CUSTOMER
        self.name = user.get("name") or (
            user["user_id"] if self.side == AGENT else user.get("email") or "Customer"
        )

    def __str__(self) -> str:
        return self.name if self.name.lower() == self.side else f"{self.name} ({self.side})"


# --- An event in words --------------------------------------------------------------------------


def _said(event: dict[str, Any], people: dict[str, _Person]) -> Said:
    author = event.get("author_id")
    person = people.get(author or "")
    text, is_speech = in_words(event)
    if event.get("deleted"):
        text, is_speech = (f"deleted: {text}" if text and is_speech else "deleted a message"), False
    if person is not None:
        side, who = person.side, person.name
    elif author is None:
        side, who = SYSTEM, ""
    else:  # somebody whom the answer doesn't list; an agent's id is the e-mail address
        side, who = (AGENT, author) if "@" in author else (CUSTOMER, "Customer")
    at = event.get("created_at")
    return Said(
        at=at.to_pydatetime(warn=False) if at is not None else None,
        side=side,
        who=who,
        text=text,
        is_speech=is_speech and side != SYSTEM,
        for_agents=event.get("visibility") == "agents" and side != SYSTEM,
    )


# --- As plain text ------------------------------------------------------------------------------


def _lines(shown: Conversation) -> Iterator[str]:
    if shown.chat_id:
        yield f"Chat {shown.chat_id}: {', '.join(shown.people) or 'nobody'}"
    if shown.note:
        yield from textwrap.wrap(shown.note, _LINE)
    if shown.chat_id and not shown.parts:
        yield "Nothing was said."
    for part in shown.parts:
        yield ""
        yield f"── {part.heading} " + "─" * max(0, _LINE - len(part.heading) - 4)
        for said in part.said:
            yield from _line(said)


def _line(said: Said) -> Iterator[str]:
    if said.side == SYSTEM:
        begin = f"{said.time}  · "
    else:
        begin = f"{said.time}  {said.label}{': ' if said.is_speech else ' '}"
    for number, line in enumerate(said.text.splitlines() or [""]):
        yield (
            textwrap.fill(
                line,
                _LINE,
                initial_indent=begin if number == 0 else " " * 7,
                subsequent_indent=" " * 7,
                break_on_hyphens=False,
            )
            or begin
        )


# --- As HTML ------------------------------------------------------------------------------------


def _html(shown: Conversation) -> str:
    note = f'<div class="lc-note">{escape(shown.note)}</div>' if shown.note else ""
    if not shown.chat_id:
        return f'<div class="lc-conversation"><style>{_STYLE}</style>{note}</div>'
    parts = "".join(map(_part, shown.parts)) or '<div class="lc-system">Nothing was said.</div>'
    return (
        f'<div class="lc-conversation"><style>{_STYLE}</style>'
        f'<div class="lc-people"><b>{escape(", ".join(shown.people) or "Nobody")}</b> '
        f'<span class="lc-note">· chat {escape(shown.chat_id)} · times in UTC</span></div>{note}'
        f'<div class="lc-said" tabindex="0">{parts}</div></div>'
    )


def _part(part: Part) -> str:
    tags = "".join(f' <span class="lc-tag">{escape(tag)}</span>' for tag in part.tags)
    said = "".join(map(_event, part.said))
    return f'<div class="lc-day"><span>{escape(part.day)}{tags}</span></div>{said}'


def _event(said: Said) -> str:
    time = f'<span class="lc-time">{said.time}</span>'
    text = escape(said.text)
    if said.side == SYSTEM:
        return f'<div class="lc-system">{time} {text}</div>'
    # What people write may run from right to left.
    kind = 'class="lc-bubble" dir="auto"' if said.is_speech else 'class="lc-bubble lc-happened"'
    hidden = " lc-for-agents" if said.for_agents else ""
    return (
        f'<div class="lc-event lc-{said.side}{hidden}">'
        f'<div class="lc-who">{escape(said.label)} {time}</div>'
        f"<div {kind}>{text}</div></div>"
    )


# The second value of each colour is for front ends without JupyterLab's variables.
_STYLE = """
.lc-conversation { color: var(--jp-content-font-color1, inherit); max-width: 720px;
  font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; margin: 4px 0; }
.lc-conversation .lc-note, .lc-conversation .lc-time, .lc-conversation .lc-system,
.lc-conversation .lc-who { color: var(--jp-content-font-color2, #777777); }
.lc-conversation .lc-said { max-height: 40em; overflow: auto; margin-top: 6px;
  padding: 4px 10px 8px; border-radius: 6px;
  border: 1px solid var(--jp-border-color2, rgba(128, 128, 128, .4)); }
.lc-conversation .lc-said:focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); }
.lc-conversation .lc-day { display: flex; align-items: center; gap: 10px; margin: 12px 0 8px;
  font-weight: 600; text-align: center; }
.lc-conversation .lc-day::before, .lc-conversation .lc-day::after { content: ""; flex: 1;
  border-top: 1px solid var(--jp-border-color2, rgba(128, 128, 128, .4)); min-width: 8px; }
.lc-conversation .lc-tag { display: inline-block; margin-left: 4px; padding: 0 7px;
  border: 1px solid var(--jp-border-color1, rgba(128, 128, 128, .6)); border-radius: 9px;
  font-weight: 400; font-size: 90%; }
.lc-conversation .lc-event { margin: 6px 0; max-width: 82%; width: fit-content; }
.lc-conversation .lc-agent { margin-left: auto; }
.lc-conversation .lc-agent .lc-who { text-align: right; }
.lc-conversation .lc-who { font-size: 90%; }
.lc-conversation .lc-bubble { padding: 5px 11px; border-radius: 10px; white-space: pre-wrap;
  overflow-wrap: anywhere; border: 1px solid transparent; width: fit-content; }
.lc-conversation .lc-customer .lc-bubble { border-top-left-radius: 2px;
  background: rgba(128, 128, 128, .16); }
.lc-conversation .lc-agent .lc-bubble { border-top-right-radius: 2px; margin-left: auto;
  background: rgba(25, 118, 210, .2); }
.lc-conversation .lc-bubble.lc-happened { background: none; font-style: italic;
  border: 1px dashed var(--jp-border-color1, rgba(128, 128, 128, .6)); }
.lc-conversation .lc-for-agents .lc-bubble { border: 1px dashed var(--jp-warn-color1, #b26a00); }
.lc-conversation .lc-system { text-align: center; margin: 6px 8%; overflow-wrap: anywhere; }
"""
