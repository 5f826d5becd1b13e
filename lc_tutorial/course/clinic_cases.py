"""Notebook 04, the clinic: its cases, and what each status asks for.

What the platform says in each case, and what is said of it, is in the tests' table of errors; a
test holds the two together.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from lc_tutorial.lab import history
from lc_tutorial.messages import seconds_asked

_LIST_CHATS = "/v*/agent/action/list_chats"


@dataclass(frozen=True)
class Case:
    """One mistake of the clinic.

    Attributes:
        title: as the notebook's heading has it.
        error: what comes back, as the tests' table of errors names it.
        path: where the mended request goes; ``*`` stands for any text. Empty for a link that a
            browser follows.
        mended: a sentence about a mend that is right.
        lacks: what is missing of a mend that was answered with 200; empty if nothing is.
    """

    title: str
    error: str
    path: str
    mended: str
    lacks: Callable[[requests.Response], str] = lambda _: ""


@dataclass(frozen=True)
class Status:
    """What an answer asks for: a row of the table at the notebook's end.

    Attributes:
        means: what it means on this platform.
        again: whether trying again helps.
        who: can mend it: ``"code"``, ``"person"`` or ``"time"``; the likeliest first.
    """

    means: str
    again: str
    who: tuple[str, ...]


# --- What a mend may lack -----------------------------------------------------------------------


def _sent(response: requests.Response) -> dict[str, Any]:
    body = response.request.body or b"{}"
    sent = json.loads(body)
    return sent if isinstance(sent, dict) else {}


def _not_personal(response: requests.Response) -> str:
    if response.request.headers.get("Authorization", "").lower().startswith("basic "):
        return ""
    return "The personal access token: the call went through with another one."


def _no_page(response: requests.Response) -> str:
    if "page_id" in _sent(response):
        return ""
    return "The next page: without a page_id it is the first one again."


def _no_limit(response: requests.Response) -> str:
    return "" if "limit" in _sent(response) else "The limit: it is not in what was sent."


def _no_wait(response: requests.Response) -> str:
    """Whether the call came too soon after a 429, as far as this kernel has kept its calls."""
    path = urlsplit(response.url or "").path
    calls = [each for each in history.entries() if urlsplit(each.request.url).path == path]
    refused = [i for i, each in enumerate(calls) if _status(each) == 429]
    if not refused or refused[-1] + 1 == len(calls):
        return ""
    before, after = calls[refused[-1]], calls[refused[-1] + 1]
    asked = (
        seconds_asked(before.answer.headers.get("Retry-After"))
        if before.answer is not None
        else None
    )
    waited = (after.at - before.at).total_seconds()
    if asked is None or waited >= asked:
        return ""
    return (
        f"A pause: the answer asked for {asked:g} seconds, and the next call came {waited:.1f} "
        "seconds later."
    )


def _status(sent: history.Sent) -> int | None:
    return sent.answer.status_code if sent.answer is not None else None


# --- The cases ----------------------------------------------------------------------------------

CASES = {
    "client-type": Case(
        "a JavaScript app",
        "unsupported_response_type, ",
        "",
        "Where there is no secret, PKCE shows that the code is yours.",
    ),
    "field": Case(
        "a field of another name",
        "422 invalid_request",
        "/v2/token",
        "The accounts service reads names to the letter, and only the program can mend one.",
    ),
    "expired": Case(
        "a token that has expired",
        "401 authentication",
        _LIST_CHATS,
        "No person was needed: that is what a refresh token is for.",
    ),
    "revoked": Case(
        "a token that was revoked",
        "401 authentication",
        _LIST_CHATS,
        "This took a person who says yes once more.",
    ),
    "secret": Case(
        "a secret that was replaced",
        "401 unauthorized_client",
        "/v2/token",
        "All that hold the old secret fail like this, until they have the new one.",
    ),
    "scheme": Case(
        "Bearer and Basic",
        "401 authentication",
        _LIST_CHATS,
        "Basic is for personal access tokens, Bearer for access tokens.",
        _not_personal,
    ),
    "scope": Case(
        "a scope that is missing",
        "403 authorization",
        "/v*/configuration/action/list_agents",
        "First the app gets the scope, then a new token has it: a token never changes.",
    ),
    "region": Case(
        "another region",
        "421 misdirected_request",
        _LIST_CHATS,
        "Tokens and codes begin with the region of their account.",
    ),
    "json": Case(
        "a body that is no JSON",
        "400 validation",
        _LIST_CHATS,
        "json= writes JSON; what Python prints is not JSON.",
        _no_limit,
    ),
    "page": Case(
        "a page id with filters",
        "400 validation",
        _LIST_CHATS,
        "A page keeps what was asked for the first one.",
        _no_page,
    ),
    "not-found": Case(
        "a chat that there is not",
        "404 not_found",
        "/v*/agent/action/get_chat",
        "Ids come from answers; a chat can be gone by now.",
    ),
    "too-many": Case(
        "too many calls",
        "429 too_many_requests",
        _LIST_CHATS,
        "Nothing was wrong with the call: it needed time.",
        _no_wait,
    ),
    "dropped": Case(
        "a dropped connection",
        "",
        _LIST_CHATS,
        "A call that only reads may be sent again without a second thought.",
    ),
}

STATUSES = {
    "400": Status(
        "The body can't be read, or a parameter has a value that it can't have.",
        "no: it fails again",
        ("code",),
    ),
    "401": Status(
        "Who asks is not accepted: a token that expired or was revoked, a wrong scheme; at "
        "`/v2/token` an app, a secret or a code that don't fit.",
        "once, with a new token",
        ("code", "person"),
    ),
    "403": Status(
        "Who asks is known, and may not do this: a scope or a role is missing; at `/v2/token` a "
        "refresh token has expired.",
        "no: the app needs the scope first, and then a new token",
        ("person",),
    ),
    "404": Status(
        "There is no such method, or no chat with this id.",
        "no: it fails again",
        ("code",),
    ),
    "421": Status(
        "The account lives in another region than the one that was asked.",
        "no: it fails again",
        ("code",),
    ),
    "422": Status(
        "The accounts service misses a field, or can't read one.",
        "no: it fails again",
        ("code",),
    ),
    "429": Status(
        "Too many calls came in a short time.",
        "yes, after `Retry-After`",
        ("time",),
    ),
    "5xx": Status(
        "The platform failed.",
        "yes, a few times, with longer and longer pauses",
        ("time",),
    ),
    "none": Status(
        "The connection was dropped, or it took too long.",
        "yes, if the call only reads; else look first whether it was done",
        ("time",),
    ),
}


def status_of(status: int) -> Status | None:
    """What an answer with this status asks for; None for one that is not in the table."""
    return STATUSES.get(str(status)) or (STATUSES["5xx"] if 500 <= status < 600 else None)
