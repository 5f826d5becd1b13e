"""Read answers of List Chats, List Archives, List Threads and Get Chat, whatever is in them.

Only an answer that is none of these is an error:

- a field that the schema doesn't know is counted in :attr:`Page.unknown_fields`,
- an event of a type that the schema doesn't know is read as far as it is like the others,
- a chat, a thread or an event that doesn't fit the schema is named in :attr:`Page.malformed`, and
  the rest is read.

An answer without any of these is decoded in one go. Else each part is decoded by itself.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Raw, Struct

from lc_tutorial.tables import wire
from lc_tutorial.tables.pruning import Prune, pruner
from lc_tutorial.tables.saved import unreadable

_S = TypeVar("_S", bound=Struct)
_Kind = type[wire.ChatSummary] | type[wire.Chat] | type[wire.Thread]


@dataclass(frozen=True)
class Malformed:
    """What is left out, because it doesn't fit the schema.

    Attributes:
        what: ``"chat"``, ``"thread"`` or ``"event"``.
        why: what was expected and what came instead, and where.
        chat_id: None where it isn't said or can't be read, as the other ids.
        thread_id: of the thread, or of the event's thread.
        event_id: of the event.
    """

    what: Literal["chat", "thread", "event"]
    why: str
    chat_id: str | None = None
    thread_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class Page:
    """One answer, as far as it can be read: chats and their threads, in the order of the answer.

    Attributes:
        chats: an answer of List Threads has None in the place of each.
        threads: for each chat its thread; None if there is none.
        with_all_events: whether the threads hold all their events; else the chats are summaries.
        malformed: what can't be read.
        unknown_fields: how often each field came that the schema doesn't know, by its path.
    """

    chats: Sequence[wire.ChatSummary | wire.Chat | None]
    threads: Sequence[wire.LastThread | wire.Thread | None]
    with_all_events: bool = False
    malformed: Sequence[Malformed] = ()
    unknown_fields: Counter[str] = field(default_factory=Counter)


# What decoding raises: for what doesn't fit the schema, broken JSON, broken text, and endless lists
# in lists.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

# Each of these has a field that no other has, and refuses those of the others: so one that doesn't
# fit is given up at the beginning of the answer.
_ANSWERS = (wire.ListChats, wire.ListArchives, wire.ListThreads, wire.Chat)
_whole = [msgspec.json.Decoder(answer) for answer in _ANSWERS]

# The field of an answer that holds the list, and what is in it.
_LISTS: dict[str, _Kind] = {
    "chats_summary": wire.ChatSummary,
    "chats_info": wire.ChatSummary,
    "chats": wire.Chat,
    "threads": wire.Thread,
}
_COUNTS: dict[str, _Kind] = {"found_chats": wire.ChatSummary, "found_threads": wire.Thread}
# What a chat has in a list of chats, and in no other answer.
_ONLY_IN_SUMMARIES = {"last_thread_summary", "last_thread_info", "last_event_per_type"}
_ANSWER_FIELDS = {*_LISTS, *_COUNTS, "next_page_id", "previous_page_id"}

_prune: dict[type[Struct], Prune] = {
    wire.ChatSummary: pruner(wire.ChatSummary),
    wire.Chat: pruner(wire.Chat),
    wire.Thread: pruner(wire.Thread, "thread."),
}


def decode_answer(body: bytes) -> Page:
    """Read an answer of List Chats, List Archives, List Threads or Get Chat, of any version.

    Args:
        body: the answer's bytes.

    Raises:
        PlatformAnswerError: the bytes are none of these answers.
    """
    for decoder in _whole:
        try:
            answer = decoder.decode(body)
        except _UNREADABLE:
            continue
        match answer:
            case wire.ListChats(chats_summary=list(found)) | wire.ListChats(chats_info=list(found)):
                return _page(wire.ChatSummary, found)
            case wire.ListArchives(chats=list(found)):
                return _page(wire.Chat, found)
            case wire.ListThreads(threads=list(found)):
                return _page(wire.Thread, found)
            case wire.Chat():
                return _page(wire.Chat, [answer])
    return _decode_in_parts(body)


def _page(
    kind: _Kind,
    found: Sequence[Any],
    malformed: Sequence[Malformed] = (),
    unknown: Counter[str] | None = None,
) -> Page:
    chats: Sequence[Any] = found
    if kind is wire.ChatSummary:
        threads = [chat.last_thread_summary or chat.last_thread_info for chat in found]
    elif kind is wire.Chat:
        threads = [chat.thread for chat in found]
    else:
        chats, threads = [None] * len(found), [*found]
    with_all_events = kind is not wire.ChatSummary
    return Page(chats, threads, with_all_events, malformed, unknown or Counter())


# --- What is malformed, or newer than the schema ------------------------------------------------


def _decode_in_parts(body: bytes) -> Page:
    kind, parts, others = _parts(body)
    reader = _Reader()
    reader.unknown.update(others)
    found = [each for part in parts if (each := reader.read(part, kind)) is not None]
    return _page(kind, found, reader.malformed, reader.unknown)


def _parts(body: bytes) -> tuple[_Kind, list[Raw], set[str]]:
    """Take an answer apart.

    Returns:
        What its parts are, the parts, and the names of the fields that are not documented.
    """
    try:
        try:
            fields = msgspec.json.decode(body, type=dict[str, Raw])
        except msgspec.ValidationError:
            raise
        except _UNREADABLE:
            body = _mended(body)
            fields = msgspec.json.decode(body, type=dict[str, Raw])
        for name, kind in _LISTS.items():
            if name in fields and bytes(fields[name]) != b"null":
                parts = msgspec.json.decode(fields[name], type=list[Raw])
                return kind, parts, fields.keys() - _ANSWER_FIELDS
    except (*_UNREADABLE, ValueError) as problem:
        raise unreadable(f"What came can't be read: {problem}.") from None
    if "id" in fields and fields.keys() & _ONLY_IN_SUMMARIES:
        raise unreadable(
            "It is one of the chats of an answer, without the answer around it.",
            "Give the whole answer: lc.tables(response).",
        )
    if "id" in fields and fields.keys() & {"users", "thread"}:
        return wire.Chat, [Raw(body)], set()
    for name, kind in (_COUNTS | _LISTS).items():
        if name in fields:
            return kind, [], fields.keys() - _ANSWER_FIELDS
    if "error" in fields:
        raise unreadable("It is an error that the platform answered instead.")
    names = ", ".join(sorted(fields)[:5]) or "nothing"
    raise unreadable(
        "An answer with chats has a field chats_summary, chats or threads, or is a chat; "
        f"this has {names}."
    )


class _Reader:
    """Reads parts of an answer one by one, and keeps account of what is odd."""

    def __init__(self) -> None:
        self.malformed: list[Malformed] = []
        self.unknown: Counter[str] = Counter()

    def read(self, part: Raw, kind: _Kind) -> Any:
        """Read a chat or a thread; None if it can't be read."""
        try:
            return msgspec.json.decode(part, type=kind)
        except _UNREADABLE:
            value = decode_any(part)
        _move_other_types(value)
        _prune[kind](value, self.unknown)
        if kind is wire.Thread:
            return self._thread(value, None)
        if kind is wire.Chat and isinstance(value, dict):
            return self._chat(value)
        return self._decoded("chat", value, kind, chat_id=_id_of(value))

    def _chat(self, value: dict[str, Any]) -> Any:
        thread = value.pop("thread", None)
        chat = self._decoded("chat", value, wire.Chat, chat_id=_id_of(value))
        if chat is not None and thread is not None:
            chat.thread = self._thread(thread, chat.id)
        return chat

    def _thread(self, value: Any, chat_id: str | None) -> Any:
        events = None
        if isinstance(value, dict) and isinstance(value.get("events"), list):
            events = value.pop("events")
        ids = {"chat_id": chat_id, "thread_id": _id_of(value)}
        thread = self._decoded("thread", value, wire.Thread, **ids)
        if thread is not None and events is not None:
            read = (
                self._decoded("event", event, wire.AnyEvent, **ids, event_id=_id_of(event))
                for event in events
            )
            thread.events = [event for event in read if event is not None]
        return thread

    def _decoded(
        self, what: Literal["chat", "thread", "event"], value: Any, kind: Any, **ids: str | None
    ) -> Any:
        try:
            # Not with msgspec.convert, which can't leave parts as JSON.
            return msgspec.json.decode(msgspec.json.encode(value), type=kind)
        except msgspec.DecodeError as problem:
            self.malformed.append(Malformed(what, f"{problem}.", **ids))
            return None


def _move_other_types(value: Any) -> None:
    """Move the types that the schema doesn't know to where it has a place for them.

    Args:
        value: a chat, a summary of a chat or a thread.
    """
    for user in _objects_in(value, "users"):
        if user.get("type") not in ("customer", "agent"):
            user["of_type"], user["type"] = user.get("type"), ""
    for thread in (value, *_objects_in(value, "thread")):
        for event in _objects_in(thread, "events"):
            if not isinstance(event.get("type"), str) or event["type"] not in wire.EVENT_TYPES:
                event["of_type"], event["type"] = event.get("type"), ""
    for holder in (value, *_objects_in(value, "last_thread_info")):
        for last_events in _objects_in(holder, "last_event_per_type"):
            names = last_events.keys() - wire.EVENT_TYPES.keys()
            others = {name: last_events.pop(name) for name in sorted(names)}
            for name, last in (*last_events.items(), *others.items()):
                for event in _objects_in(last, "event"):
                    # It is said twice, and what the entry says is taken.
                    if event.get("type") != name or name in others:
                        event.pop("type", None)
            if others:
                last_events["of_other_types"] = others


def _objects_in(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """The object in a field, or the objects in a list there."""
    inside = value.get(name) if isinstance(value, dict) else None
    for each in inside if isinstance(inside, list) else [inside]:
        if isinstance(each, dict):
            yield each


def _id_of(value: Any) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


# --- JSON -----------------------------------------------------------------------------------------


def _mended(body: Raw | bytes) -> bytes:
    """The same JSON without broken characters, and without numbers that Python can't hold."""
    text = str(body, "utf-8", "replace")
    value = json.loads(text, parse_float=_finite, parse_int=_not_too_long)
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _not_too_long(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:  # of more digits than Python reads
        return None


def decode_any(body: Raw | bytes) -> Any:
    """Read JSON of whatever shape.

    A broken character is read as a question mark, a number beyond those of Python as nothing.
    """
    try:
        return msgspec.json.decode(body)
    except _UNREADABLE:
        return msgspec.json.decode(_mended(body))


def decode_part(text: bytes, schema: type[_S], unknown: Counter[str]) -> _S | None:
    """Read a part of a chat that was kept as JSON.

    Args:
        text: the JSON.
        schema: of the part.
        unknown: counts the fields that the schema doesn't know.

    Returns:
        The part; None if it is null.

    Raises:
        msgspec.DecodeError: it doesn't fit the schema.
    """
    try:
        return msgspec.json.decode(text, type=schema | None)
    except _UNREADABLE:
        part = decode_any(text)
        pruner(schema)(part, unknown)
        return msgspec.convert(part, schema | None)
