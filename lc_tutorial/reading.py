"""Read answers of List Chats, whatever is in them.

Only an answer that is no List Chats answer at all is an error:

- a field that the schema doesn't know is counted in :attr:`Page.unknown_fields`,
- an event of a type that the schema doesn't know is read as far as it is like the others,
- a chat that doesn't fit the schema is named in :attr:`Page.malformed`, and the rest is read.

An answer without any of these is decoded in one go. Else each chat is decoded by itself.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.pruning import pruner
from lc_tutorial.wire import EVENT_TYPES, Chat, ListChats

_Part = TypeVar("_Part", bound=Struct)


class _ListChatsInParts(Struct):
    """The same, with each chat left as it came."""

    chats_summary: list[Raw] | None = None
    chats_info: list[Raw] | None = None
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None


class _ChatId(Struct):
    id: str


@dataclass(frozen=True)
class Malformed:
    """A chat that doesn't fit the schema.

    Attributes:
        chat_id: None where even the id can't be read.
        why: what was expected and what came instead, and where in the chat.
    """

    chat_id: str | None
    why: str


@dataclass(frozen=True)
class Page:
    """One page of chats, as far as it can be read.

    Attributes:
        chats: in the order of the answer.
        found_chats: the platform's estimate of how many chats there are on all pages.
        next_page_id: None on the last page.
        previous_page_id: None on the first page.
        malformed: the chats that can't be read.
        unknown_fields: how often each field came that the schema doesn't know, by its path.
    """

    chats: list[Chat]
    found_chats: int | None = None
    next_page_id: str | None = None
    previous_page_id: str | None = None
    malformed: tuple[Malformed, ...] = ()
    unknown_fields: Counter[str] = field(default_factory=Counter)


# What decoding raises: for what doesn't fit the schema, broken JSON and broken text.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)

_ANSWER_FIELDS = frozenset(ListChats.__struct_fields__)

_whole = msgspec.json.Decoder(ListChats)
_in_parts = msgspec.json.Decoder(_ListChatsInParts)
_chat = msgspec.json.Decoder(Chat)
_chat_id = msgspec.json.Decoder(_ChatId)
_prune = pruner(Chat)


def decode_list_chats(body: bytes) -> Page:
    """Read an answer of List Chats, of any version.

    Args:
        body: the answer's bytes.

    Raises:
        PlatformAnswerError: the bytes are no answer of List Chats.
    """
    try:
        answer = _whole.decode(body)
    except _UNREADABLE:
        return _decode_in_parts(body)
    chats = answer.chats_summary if answer.chats_info is None else answer.chats_info
    if chats is None:
        _refuse_other_answers(body)
    return Page(chats or [], answer.found_chats, answer.next_page_id, answer.previous_page_id)


def _decode_in_parts(body: bytes) -> Page:
    """Read an answer chat by chat: some of it is malformed, or newer than the schema."""
    try:
        try:
            answer = _in_parts.decode(body)
        except msgspec.ValidationError:
            raise
        except _UNREADABLE:
            body = _mended(body)
            answer = _in_parts.decode(body)
    except (*_UNREADABLE, ValueError) as problem:
        raise _not_list_chats(f"What came can't be read: {problem}.") from None
    parts = answer.chats_summary if answer.chats_info is None else answer.chats_info
    if parts is None:
        _refuse_other_answers(body)
    chats: list[Chat] = []
    malformed: list[Malformed] = []
    unknown: Counter[str] = Counter()
    for name in msgspec.json.decode(body, type=dict[str, Raw]).keys() - _ANSWER_FIELDS:
        unknown[name] += 1
    for part in parts or ():
        try:
            chats.append(_decode_chat(part, unknown))
        except msgspec.DecodeError as problem:
            malformed.append(Malformed(_id_of(part), f"{problem}."))
    return Page(
        chats,
        answer.found_chats,
        answer.next_page_id,
        answer.previous_page_id,
        tuple(malformed),
        unknown,
    )


def _mended(body: Raw | bytes) -> bytes:
    """The same JSON without broken characters."""
    text = json.dumps(json.loads(str(body, "utf-8", "replace")), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def decode_any(body: Raw | bytes) -> Any:
    """Read JSON of whatever shape, with a question mark in the place of each broken character."""
    try:
        return msgspec.json.decode(body)
    except _UNREADABLE:
        return msgspec.json.decode(_mended(body))


def _decode_chat(part: Raw, unknown: Counter[str]) -> Chat:
    try:
        return _chat.decode(part)
    except msgspec.ValidationError:
        chat = decode_any(part)
        if isinstance(chat, dict):
            for holder in (chat, chat.get("last_thread_info")):
                if isinstance(holder, dict):
                    _move_other_types(holder.get("last_event_per_type"))
        _prune(chat, unknown)
        return _chat.decode(msgspec.json.encode(chat))
    except UnicodeDecodeError:
        return _decode_chat(Raw(_mended(part)), unknown)


def _move_other_types(last_events: Any) -> None:
    if isinstance(last_events, dict):
        others = {name: last_events.pop(name) for name in last_events.keys() - EVENT_TYPES.keys()}
        if others:
            last_events["of_other_types"] = others


def decode_part(text: bytes, schema: type[_Part], unknown: Counter[str]) -> _Part | None:
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


def _id_of(part: Raw) -> str | None:
    try:
        return _chat_id.decode(part).id
    except _UNREADABLE:
        return None


def _refuse_other_answers(body: bytes) -> None:
    """Tell an answer without chats from one that isn't of List Chats."""
    fields = msgspec.json.decode(body, type=dict[str, Raw])
    if "error" in fields:
        raise _not_list_chats("It is an error that the platform answered instead.")
    if not fields.keys() & _ANSWER_FIELDS:
        names = ", ".join(sorted(fields)[:5]) or "nothing"
        raise _not_list_chats(
            f"An answer of List Chats has a field chats_summary; this has {names}."
        )


def _not_list_chats(why: str) -> PlatformAnswerError:
    return PlatformAnswerError(
        what="This is not an answer of List Chats.",
        why=why,
        remedy="Look at the answer with lc.show(response), then send the request again.",
    )
