"""What tables can be made from: an answer in any form, or any number of them."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, NoReturn

import msgspec
import requests

from lc_tutorial.errors import ApiError, InputError
from lc_tutorial.platforms import billing
from lc_tutorial.tables.saved import not_its_name

#: What a table can be made from: an answer, its bytes, its text or its decoded JSON.
Answer = requests.Response | bytes | bytearray | memoryview | str | Mapping[str, Any] | IO[Any]

# Each of these is one answer, and no number of them, though one can go through it.
_ONE = (requests.Response, bytes, bytearray, memoryview, str, Mapping, os.PathLike)

# Answers are taken apart when so many bytes of them have come: some five full pages.
_BYTES_AT_ONCE = 1_500_000


def each_answer(answers: Any) -> Iterable[Any]:
    """The answers one by one, whatever they were given as.

    Raises:
        InputError: what was given is no answer at all.
    """
    one = isinstance(answers, _ONE) or hasattr(answers, "read")
    if not one and not isinstance(answers, Iterable):
        _refuse(answers)
    return [answers] if one else answers


def several_at_once(
    answers: Iterable[Any], check: Callable[[], None]
) -> Iterator[list[tuple[Any, bytes]]]:
    """Answers with their bytes, some at a time.

    Between two answers the processor waits for the network, and its caches grow cold: each time
    again the work would begin slowly.

    Args:
        answers: asked for one by one.
        check: raises what is wrong with those before: no more are asked for then.

    Raises:
        ApiError: an answer is a refusal.
        InputError: one is no answer at all.
    """
    several: list[tuple[Any, bytes]] = []
    size = 0
    for answer in answers:
        check()
        body = _body(answer)
        several.append((answer, body))
        size += len(body)
        if size > _BYTES_AT_ONCE:
            yield several
            several, size = [], 0
    if several:
        yield several


def _body(answer: Any) -> bytes:
    match answer:
        case bytes():
            return answer
        case bytearray() | memoryview():
            return bytes(answer)
        case str():
            return answer.encode(errors="replace")
        case requests.Response():
            if not answer.ok:
                raise ApiError.from_response(answer)
            billing.note(answer)
            return answer.content
        case Mapping():
            try:
                return msgspec.json.encode(answer)
            except UnicodeEncodeError:
                # Half a character, as a cut emoji leaves it, has no form in UTF-8: it is escaped.
                return json.dumps(answer).encode()
        case os.PathLike():
            raise not_its_name()
    # An open file, or what is read like one.
    content = answer.read() if callable(getattr(answer, "read", None)) else None
    return _body(content) if isinstance(content, str | bytes) else _refuse(answer)


class _Asked(msgspec.Struct):
    chat_id: str | None = None


def asked_for(answer: Any) -> str | None:
    """The chat that the request asked for, where there is a request that says so."""
    body = getattr(getattr(answer, "request", None), "body", None)
    try:
        return msgspec.json.decode(body or b"{}", type=_Asked).chat_id
    except (msgspec.DecodeError, UnicodeError, TypeError):
        return None


def _refuse(answer: Any) -> NoReturn:
    raise InputError(
        what=f"There are no tables to make of {type(answer).__name__!r}.",
        why="They are made of what List Chats and its neighbours answer.",
        remedy="Give the answer itself: lc.tables(response).",
    )
