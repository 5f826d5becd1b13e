"""Reading the headers and bodies of requests and answers that may hold anything or nothing."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import requests

# Seconds, as a number or as text, of which both occur; a fraction of one says nothing.
_SECONDS = re.compile(r"\s*(\d{1,12})(?:\.\d*)?\s*", re.ASCII)
_LONGEST = 100 * 365 * 86_400


def header_of(request: requests.PreparedRequest | None, name: str) -> str:
    """A request's header as text; empty where there is none.

    ``requests`` takes headers as text or as bytes, and sends both: so both can be there.
    """
    return header_text(request.headers.get(name, "") if request is not None else "")


def header_text(value: object) -> str:
    """A header's value as text, whichever of the two it is."""
    if not isinstance(value, bytes):
        return str(value or "")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def text_of(request: requests.PreparedRequest | None) -> str:
    """A request's body as text; empty where it has none, or where it was a stream."""
    body = request.body if request is not None else None
    if isinstance(body, bytes):
        return body.decode("utf-8", "replace")
    return body if isinstance(body, str) else ""


def fields_of(request: requests.PreparedRequest | None) -> dict[str, str]:
    """The text fields of a request's body, sent as a form or as JSON; empty where it has none."""
    body = text_of(request)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return dict(parse_qsl(body, keep_blank_values=True))
    if not isinstance(fields, dict):
        return {}
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def json_object(response: requests.Response) -> dict[str, Any]:
    """An answer's JSON object; empty where the answer is something else."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def split_scopes(scope: str) -> frozenset[str]:
    """The scopes in a text that separates them with commas or spaces. Both occur.

    >>> sorted(split_scopes("chats--all:ro,chats--my:ro"))
    ['chats--all:ro', 'chats--my:ro']
    """
    return frozenset(scope.replace(",", " ").split())


def lifetime_of(answer: dict[str, Any]) -> int | None:
    """The seconds that a token lives, as its answer says in ``expires_in``.

    RFC 6749, section 5.1, only recommends the field; services send it as text too.

    Returns:
        Whole seconds; None where the answer doesn't say, or says what is no time: a negative
        number, a word, more than a hundred years.

    >>> [lifetime_of({"expires_in": sent}) for sent in (28800, "28800", 28800.0, -1, "soon")]
    [28800, 28800, 28800, None, None]
    """
    sent = answer.get("expires_in")
    if isinstance(sent, bool) or not isinstance(sent, int | float | str):
        return None
    read = _SECONDS.fullmatch(str(sent))
    seconds = int(read[1]) if read else None
    return seconds if seconds is None or seconds <= _LONGEST else None
