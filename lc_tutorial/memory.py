"""What this kernel has seen of the flow, so that an error can name its cause as a fact.

It is kept in memory only and ends with the kernel. The callback's listener calls in from a thread
of its own, so everything here takes a lock.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests

from lc_tutorial.bodies import fields_of, json_object, split_scopes
from lc_tutorial.masking import remember


@dataclass(frozen=True)
class SentRequest:
    """An authorization request, as far as a later error may need it.

    Attributes:
        client_id: of the app.
        redirect_uri: to the letter, as it was sent.
        scopes: that were asked for; empty for all that the app has.
    """

    client_id: str
    redirect_uri: str
    scopes: frozenset[str] = frozenset()


@dataclass
class SeenCode:
    """A code that came back.

    Attributes:
        received_at: aware, UTC.
        request: the one that it answers, where that is known.
        exchanged: whether a token was issued for it.
    """

    received_at: datetime
    request: SentRequest | None = None
    exchanged: bool = False


@dataclass(frozen=True)
class SeenToken:
    """A token that was issued.

    Attributes:
        kind: ``"access token"`` or ``"refresh token"``.
        origin: of the service that issued it.
        scopes: that it holds; empty where the answer names none.
        expires_at: aware, UTC; None where the answer doesn't say.
    """

    kind: str
    origin: str
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None


_lock = threading.Lock()
_requests: dict[str, SentRequest] = {}
_codes: dict[str, SeenCode] = {}
_tokens: dict[str, SeenToken] = {}
_secrets: set[str] = set()
_redirect_uris: dict[str, str] = {}


def note_request(state: str, request: SentRequest) -> None:
    """An authorization request was built, with this state."""
    with _lock:
        _requests[str(state)] = request


def note_code(code: str, state: str | None = None) -> SeenCode:
    """A code came back, in answer to the request with this state. Seen again, it keeps its age."""
    remember(code)
    with _lock:
        request = _requests.get(str(state)) if state else None
        return _codes.setdefault(str(code), SeenCode(datetime.now(UTC), request))


def note_secret(secret: str) -> None:
    """An app's client secret was entered."""
    remember(secret)
    with _lock:
        _secrets.add(str(secret))


def note_redirect_uri(client_id: str, redirect_uri: str) -> None:
    """A redirect URI was entered for this app."""
    with _lock:
        _redirect_uris[client_id] = redirect_uri


def entered_redirect_uri(client_id: str) -> str | None:
    """The redirect URI that was entered for this app in step 1."""
    with _lock:
        return _redirect_uris.get(client_id)


def sent_request(state: str | None) -> SentRequest | None:
    """The authorization request with this state."""
    with _lock:
        return _requests.get(str(state))


def seen_code(value: str) -> SeenCode | None:
    """What is known of this code."""
    with _lock:
        return _codes.get(str(value))


def seen_token(value: str) -> SeenToken | None:
    """What is known of this token."""
    with _lock:
        return _tokens.get(str(value))


def longer_code(beginning: str) -> str | None:
    """A code that begins with this text and goes on, if one came back."""
    with _lock:
        return next(
            (code for code in _codes if code.startswith(beginning) and code != beginning), None
        )


def kind_of(value: str) -> str | None:
    """What this value is, as far as this kernel knows: such as ``"access token"``."""
    value = str(value)
    with _lock:
        if value in _tokens:
            return _tokens[value].kind
        if value in _codes:
            return "authorization code"
        if value in _secrets:
            return "client secret"
        if value in _requests:
            return "state"
        if any(value == request.client_id for request in _requests.values()):
            return "client id"
    return None


def observe(response: requests.Response) -> None:
    """Learn from an answer and from the request that it answers.

    Remembers the secrets in both, so that they are masked from here on; that a code was
    exchanged; and which tokens were issued.
    """
    sent = fields_of(response.request)
    for name in ("code", "client_secret", "refresh_token", "code_verifier"):
        remember(sent.get(name, ""))
    if "client_secret" in sent:
        note_secret(sent["client_secret"])
    answer = json_object(response)
    if not response.ok or not isinstance(answer.get("access_token"), str):
        return
    url = urlsplit(response.url or "")
    seconds, scope = answer.get("expires_in"), answer.get("scope")
    token = SeenToken(
        kind="access token",
        origin=f"{url.scheme}://{url.netloc}",
        scopes=split_scopes(scope if isinstance(scope, str) else ""),
        expires_at=_from_now(seconds) if isinstance(seconds, int) else None,
    )
    with _lock:
        remembered = {answer["access_token"]: token}
        if isinstance(answer.get("refresh_token"), str):
            remembered[answer["refresh_token"]] = SeenToken("refresh token", token.origin)
        for value, seen in remembered.items():
            _tokens.setdefault(value, seen)
        if (code := _codes.get(sent.get("code", ""))) is not None:
            code.exchanged = True
        elif sent.get("code"):
            _codes[sent["code"]] = SeenCode(datetime.now(UTC), exchanged=True)
    for value in remembered:
        remember(value)


def forget_all() -> None:
    """Forget everything. For tests."""
    with _lock:
        for memory in (_requests, _codes, _tokens, _redirect_uris):
            memory.clear()
        _secrets.clear()


def _from_now(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
