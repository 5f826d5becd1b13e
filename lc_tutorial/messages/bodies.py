"""Reading the bodies of requests and answers that may hold anything or nothing."""

import json
from typing import Any
from urllib.parse import parse_qsl

import requests


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
