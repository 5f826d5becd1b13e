"""What this kernel has seen of the flow, so that an error can name its cause as a fact.

It is kept in memory only and ends with the kernel. The callback's listener calls in from a thread
of its own, so everything here takes a lock.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from lc_tutorial.masking import Secret, declare_public, learn_from, remember
from lc_tutorial.memory import places
from lc_tutorial.messages import fields_of, header_of, json_object, lifetime_of, split_scopes


@dataclass(frozen=True)
class SentRequest:
    """An authorization request, as far as a later error may need it.

    Attributes:
        client_id: of the app.
        redirect_uri: to the letter, as it was sent.
        scopes: that were asked for; empty for all that the app has.
        origin: of the authorization page; empty where the link has only its path.
        code_challenge: of PKCE; empty where none was sent.
        code_challenge_method: ``S256`` or ``plain``; empty where none was sent, which means plain.
        state: that was sent with it; empty where none was.
    """

    client_id: str
    redirect_uri: str
    scopes: frozenset[str] = frozenset()
    origin: str = field(default="", compare=False)
    code_challenge: str = field(default="", compare=False)
    code_challenge_method: str = field(default="", compare=False)
    state: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class SeenApp:
    """An app that was entered, or that exchanged a code.

    Attributes:
        client_id: of the app.
        client_secret: of the app; None where it has none.
        redirect_uri: that it uses; None where it wasn't said.
        origin: of the accounts service that knows it.
    """

    client_id: str
    client_secret: Secret | None
    redirect_uri: str | None
    origin: str


@dataclass
class SeenCode:
    """A code that came back.

    Attributes:
        received_at: aware, UTC.
        request: the one that it answers, where that is known.
        exchanged: whether a token was issued for it.
        origin: of the accounts service that took it; empty before that.
    """

    received_at: datetime
    request: SentRequest | None = None
    exchanged: bool = False
    origin: str = ""


@dataclass(frozen=True)
class SeenToken:
    """A token that was issued.

    Attributes:
        kind: ``"access token"``, ``"refresh token"`` or ``"customer access token"``.
        origin: of the service that issued it.
        scopes: that it holds; empty where the answer names none.
        expires_at: aware, UTC; None where the answer doesn't say.
        account_id: whose it is; empty where the answer doesn't say.
        organization_id: whose it is; empty where the answer doesn't say.
        client_id: the app that it was issued to; empty where that isn't known.
        revoked: whether this kernel saw it revoked.
    """

    kind: str
    origin: str
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    account_id: str = ""
    organization_id: str = ""
    client_id: str = ""
    revoked: bool = False


#: Asks the connected sandbox what it knows of values, by their digests. It answers with nothing
#: where the sandbox does not, and raises nothing.
Witness = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_lock = threading.Lock()
_witnesses: dict[str, Witness] = {}
_requests: dict[str, SentRequest] = {}
_codes: dict[str, SeenCode] = {}
_tokens: dict[str, SeenToken] = {}
_secrets: set[str] = set()
_personal: set[str] = set()
_redirect_uris: dict[str, str] = {}
_apps: dict[tuple[str, str], SeenApp] = {}
_verifiers: list[str] = []

#: The accounts service's own paths, by which its answers are known.
_TOKEN_PATH, _CUSTOMER_PATH = "/v2/token", "/v2/customer/token"


def note_request(state: str, request: SentRequest) -> None:
    """An authorization request was built, with this state."""
    with _lock:
        _requests[str(state)] = replace(request, state=str(state))


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


def note_personal_token(token: str) -> None:
    """A personal access token was entered."""
    remember(token)
    with _lock:
        _personal.add(str(token))


def note_redirect_uri(client_id: str, redirect_uri: str) -> None:
    """A redirect URI was entered for this app."""
    with _lock:
        _redirect_uris[client_id] = redirect_uri


def note_app(app: SeenApp) -> None:
    """An app was entered, or exchanged a code: it is the newest one of its platform now.

    What is public of it is masked no more, though it was typed into the field of the secret before.
    """
    declare_public(app.client_id, app.redirect_uri or "")
    if app.client_secret:
        remember(app.client_secret, certain=True)
    with _lock:
        _apps.pop((app.origin, app.client_id), None)
        _apps[app.origin, app.client_id] = app


def note_verifier(verifier: str) -> None:
    """A PKCE verifier was made, or sent."""
    remember(verifier)
    with _lock:
        if verifier in _verifiers:
            _verifiers.remove(verifier)
        _verifiers.append(str(verifier))


def note_witness(origin: str, witness: Witness) -> None:
    """A sandbox was connected that can be asked. It stays so when all else is forgotten.

    Args:
        origin: of the sandbox, such as ``http://127.0.0.1:8000``, or below a path of one.
        witness: asks it.
    """
    places.note_place(origin)
    with _lock:
        _witnesses[places.key_of(origin)] = witness


def witness_of(url: str) -> Witness | None:
    """Who can be asked about calls of this address; None on the live platform."""
    with _lock:
        return _witnesses.get(places.key_of(url))


def newest_app(origin: str) -> SeenApp | None:
    """The app of this accounts service that was entered or used last."""
    with _lock:
        return next((app for app in reversed(_apps.values()) if app.origin == origin), None)


def is_elsewhere(client_id: str, origin: str) -> bool:
    """Whether an app is known, and not to this accounts service."""
    with _lock:
        origins = {app.origin for app in _apps.values() if app.client_id == client_id}
    return bool(origins) and origin not in origins


def newest_token(kind: str, origin: str) -> str | None:
    """The token of this kind that this accounts service issued last."""
    with _lock:
        return next(
            (
                value
                for value, token in reversed(_tokens.items())
                if token.kind == kind and token.origin == origin
            ),
            None,
        )


def newest_code(origin: str) -> str | None:
    """The code that came from this accounts service last, exchanged or not."""
    with _lock:
        return next(
            (code for code, seen in reversed(_codes.items()) if _origin_of(seen) == origin), None
        )


def seen_verifiers() -> tuple[str, ...]:
    """The PKCE verifiers that this kernel made, or sent; the newest comes last."""
    with _lock:
        return tuple(_verifiers)


def newest_verifier() -> str | None:
    """The PKCE verifier that was made last."""
    with _lock:
        return _verifiers[-1] if _verifiers else None


def _origin_of(code: SeenCode) -> str:
    """Which accounts service a code came from; empty where that isn't known."""
    if code.origin or code.request is None:
        return code.origin
    client_id = code.request.client_id
    apps = (app.origin for app in reversed(_apps.values()) if app.client_id == client_id)
    return code.request.origin or next(apps, "")


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


def kind_of(value: str) -> str | None:
    """What this value is, as far as this kernel knows: such as ``"access token"``."""
    value = str(value)
    with _lock:
        if value in _tokens:
            return _tokens[value].kind
        if value in _codes:
            return "authorization code"
        if value in _personal:
            return "personal access token"
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
    learn_from(f"Authorization: {header_of(response.request, 'Authorization')}")
    for name in ("code", "client_secret", "refresh_token", "code_verifier"):
        remember(sent.get(name, ""))
    if "client_secret" in sent:
        note_secret(sent["client_secret"])
    path, origin = places.path_of(response.url or ""), places.place_of(response.url or "")
    if not origin:
        return
    if response.ok and path == _TOKEN_PATH and response.request.method == "DELETE":
        _note_revoked(response.request)
    answer = json_object(response)
    if not response.ok or not isinstance(answer.get("access_token"), str):
        return
    seconds, scope = lifetime_of(answer), answer.get("scope")
    token = SeenToken(
        kind="customer access token" if path == _CUSTOMER_PATH else "access token",
        origin=origin,
        scopes=split_scopes(scope if isinstance(scope, str) else ""),
        expires_at=_from_now(seconds) if seconds is not None else None,
        account_id=_text(answer, "account_id"),
        organization_id=_text(answer, "organization_id"),
        client_id=_text(answer, "client_id") or sent.get("client_id", ""),
    )
    with _lock:
        remembered = {answer["access_token"]: token}
        if isinstance(answer.get("refresh_token"), str):
            remembered[answer["refresh_token"]] = SeenToken(
                "refresh token", token.origin, client_id=token.client_id
            )
        for value, seen in remembered.items():
            _tokens.setdefault(value, seen)
        if sent.get("code"):
            code = _codes.setdefault(sent["code"], SeenCode(datetime.now(UTC)))
            code.exchanged, code.origin = True, origin
    for value in remembered:
        remember(value)
    if sent.get("code") and sent.get("client_id"):
        secret = sent.get("client_secret")
        uri = sent.get("redirect_uri")
        note_app(SeenApp(sent["client_id"], Secret(secret) if secret else None, uri, origin))
    if sent.get("code_verifier"):
        note_verifier(sent["code_verifier"])


def _note_revoked(request: requests.PreparedRequest) -> None:
    """A token was revoked. Its refresh token ends with it, but which one that is isn't known."""
    bearer = header_of(request, "Authorization").partition(" ")[2].strip()
    query = dict(parse_qsl(urlsplit(request.url or "").query))
    value = query.get("code", bearer)
    with _lock:
        if value in _tokens:
            _tokens[value] = replace(_tokens[value], revoked=True)


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def forget_all() -> None:
    """Forget everything. For tests."""
    with _lock:
        for memory in (_requests, _codes, _tokens, _redirect_uris, _apps):
            memory.clear()
        _secrets.clear()
        _personal.clear()
        _verifiers.clear()


def _from_now(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
