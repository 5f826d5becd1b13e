"""The check at the end of each step: what is right, and what exactly is missing.

A check never raises for what the learner has not done yet: that is what it is there to say. What
is of another step, or of none, it refuses with an ``InputError``.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import requests

from lc_tutorial import memory
from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding, refuse_others
from lc_tutorial.errors import (
    TokenError,
    TutorialError,
    challenge_of,
)
from lc_tutorial.messages import json_object
from lc_tutorial.oauth import (
    AuthorizationRequest,
    Token,
    inspect_at,
)

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables

#: Either of these opens List Chats.
#: Source: livechat-public-docs, messaging/agent-chat-api, List Chats.
LIST_CHATS_SCOPES = ("chats--all:ro", "chats--access:ro")


class AuthorizationStep(Protocol):
    """What step 2 made, as far as its check asks."""

    @property
    def request(self) -> AuthorizationRequest:
        """What the link asks for."""

    @property
    def received_at(self) -> datetime | None:
        """When the code came, aware, UTC; None before that."""

    @property
    def state_came_back(self) -> bool:
        """Whether the state came with the code, and was checked."""


def check_authorization(authorization: AuthorizationStep) -> Check:
    """Step 2: is the code here, with the state that was sent, and still young?"""
    refuse_others(authorization, "lc.check_authorization(authorization)", "request", "received_at")
    return Check(
        "Step 2: acquire the code",
        tuple(_authorization(authorization)),
        "Step 2 is done. Next: exchange the code, soon.",
    )


def _authorization(authorization: AuthorizationStep) -> Iterable[Finding]:
    request = authorization.request
    if request.state:
        yield Finding(RIGHT, "The request carries a state.")
    else:
        yield Finding(
            MISSING, "A state in the request. Add it, so that nobody can slip you a code."
        )
    if request.code_challenge:
        yield Finding(RIGHT, "The request carries a PKCE challenge.")
        yield from _verifier(request)
    else:
        yield Finding(NOTE, "No PKCE challenge: allowed here, but add one in your own projects.")
    received_at = authorization.received_at
    if received_at is None:
        yield Finding(MISSING, "The code. Follow the link in the form above.")
        return
    if authorization.state_came_back:
        yield Finding(RIGHT, "The code is here, and the state that came back is the one sent.")
    else:
        yield Finding(RIGHT, "The code is here.")
        yield Finding(
            NOTE,
            "No state came with the code, as it was pasted alone: whether it answers your own "
            "request was not checked. Paste the whole address next time.",
        )
    if datetime.now(UTC) - received_at > timedelta(minutes=5):
        yield Finding(
            MISSING, "A young code: this one is over 5 minutes old. Follow the link once more."
        )


def _verifier(request: AuthorizationRequest) -> Iterable[Finding]:
    """Whether the verifier that step 3 would send is the one of this request's challenge."""
    method = request.code_challenge_method or "plain"
    fits = [challenge_of(v, method) == request.code_challenge for v in memory.seen_verifiers()]
    # A verifier that this kernel has not seen may well be the right one.
    if True not in fits[:-1] or fits[-1]:
        return
    yield Finding(
        MISSING,
        "The verifier of this link: the cell that makes it ran again, and pkce is another one now. "
        "Run the cell with the form again, and follow the new link.",
    )


def check_token(token: Token) -> Check:
    """Step 3: does the token live, and does it open List Chats?"""
    refuse_others(token, "lc.check_token(token)", "expired", "scopes", "refresh_token")
    return Check(
        "Step 3: exchange the code for an access token",
        tuple(_token(token)),
        "Step 3 is done. Next: send a request.",
    )


def _token(token: Token) -> Iterable[Finding]:
    yield from _lives(token)
    if token.refresh_token:
        yield Finding(RIGHT, "A refresh token came with it: no person is needed for the next one.")
    else:
        yield Finding(NOTE, "No refresh token came with it.")
    # A scope to write contains the one to read.
    useful = sorted(
        scope for scope in token.scopes if scope.replace(":rw", ":ro") in LIST_CHATS_SCOPES
    )
    if useful:
        yield Finding(RIGHT, f"It opens List Chats: it has the scope {useful[0]}.")
    else:
        yield Finding(
            MISSING,
            f"A scope for List Chats ({LIST_CHATS_SCOPES[0]} or {LIST_CHATS_SCOPES[1]}). A token "
            "keeps the scopes it was issued with: add the scope in the Console, save, and go "
            "through steps 2 and 3 again.",
        )


def check_refreshed(token: Token, token_response: requests.Response) -> Check:
    """Step 5: is it another access token than the first one, and does it live?"""
    call = "lc.check_refreshed(token, token_response)"
    refuse_others(token, call, "expired", "scopes", "refresh_token")
    refuse_others(token_response, call, "status_code", "content")
    return Check(
        "Step 5: eight hours later",
        tuple(_refreshed(token, token_response)),
        "Step 5 is done. This goes on for as long as the user lets it.",
    )


def _refreshed(token: Token, first: requests.Response) -> Iterable[Finding]:
    if str(token.access_token) == json_object(first).get("access_token"):
        yield Finding(
            MISSING,
            "A new access token: this is still the one of step 3. Refresh it, and read the answer "
            "into token.",
        )
        return
    yield Finding(RIGHT, "It is another access token than that of step 3.")
    yield from _lives(token)
    if token.refresh_token:
        yield Finding(RIGHT, "There is a refresh token for the next time.")


def _lives(token: Token) -> Iterable[Finding]:
    """Ask the accounts service, which costs nothing: a token that was revoked doesn't know it."""
    seen = memory.seen_token(token.access_token)
    lives = Finding(RIGHT, "The access token lives.")
    if seen is None:
        if token.expired:
            expired = "A token that lives: this one has expired. Start over at step 2."
            yield Finding(MISSING, expired)
        elif token.expires_at is None:
            yield Finding(NOTE, "The answer doesn't say how long the access token lives.")
        else:
            yield lives
        return
    try:
        inspect_at(seen.origin, token.access_token)
        yield lives
    except TokenError as refusal:
        yield Finding(MISSING, f"A token that lives. {refusal.why} {refusal.remedy}")
    except TutorialError as problem:
        if token.expired:
            yield Finding(MISSING, "A token that lives: this one has expired.")
        else:
            yield Finding(NOTE, f"Whether the token lives could not be asked: {problem.what}")


def check_chats(response: requests.Response, tables: "Tables") -> Check:
    """Step 4: did List Chats answer, and did every chat of the answer land in the tables?"""
    refuse_others(response, "lc.check_chats(response, tables)", "status_code", "content")
    refuse_others(tables, "lc.check_chats(response, tables)", "chats", "problems")
    return Check(
        "Step 4: send a request",
        tuple(_chats(response, tables)),
        "Step 4 is done: you have seen the whole flow. Next: eight hours later.",
    )


def _chats(response: requests.Response, tables: "Tables") -> Iterable[Finding]:
    if response.status_code != 200:
        yield Finding(MISSING, f"An answer with chats: this one is {response.status_code}.")
        return
    answer = json_object(response)
    summaries = answer.get("chats_summary", answer.get("chats_info"))
    if not isinstance(summaries, list):
        yield Finding(MISSING, "An answer with chats: this one is 200, and of another method.")
        return
    yield Finding(RIGHT, "List Chats answered 200.")
    sent, landed = len(summaries), len(tables.chats)
    if sent == landed:
        yield Finding(RIGHT, f"All {sent} chats of the answer are in the table.")
    elif sent < landed:
        yield Finding(
            MISSING,
            f"The {sent} chats of this answer and no others: the table has {landed}. Make the "
            "tables from this very answer.",
        )
    else:
        yield Finding(
            MISSING, f"{sent - landed} of {sent} chats: make the tables from this very answer."
        )
    found = answer.get("found_chats")
    if answer.get("next_page_id"):
        yield Finding(NOTE, f"There are about {found} chats in all; next_page_id leads on.")
