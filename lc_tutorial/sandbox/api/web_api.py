"""What all methods of the product APIs have in common: who may call, how, and how errors look.

A request goes through it in this order: the version, the action, who asks, the region, the body;
then the method checks the scope and the parameters.

Source: livechat-public-docs, agent-chat-api (its introduction and "Errors"), src/constants.
"""

import base64
import binascii
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lc_tutorial.sandbox.api.reasons import Reasons
from lc_tutorial.sandbox.world import Account, Sandbox, Version, scopes, versions

T = TypeVar("T")
C = TypeVar("C")

MAX_BODY = 10 * 1024 * 1024
_DRAINED = 8 * MAX_BODY

_log = logging.getLogger("lc_tutorial.sandbox")

# The platform's own are of this form. A token has other characters as well.
_ACTION = re.compile(r"[a-z_]{1,60}")

# assumed: the statuses but 400 and 401, which lc-sdk-go's tests show.
_ERRORS = {
    "authentication": (401, "Authentication error"),
    "authorization": (403, "Authorization error"),
    "entity_too_large": (413, "Upload limit exceeded (10MB)."),
    "group_not_found": (404, "Group not found"),
    "license_not_found": (404, "License not found"),
    "limit_reached": (403, "Limit reached"),
    "misdirected_request": (421, "Wrong region"),
    "missing_access": (403, "Missing access"),
    "not_found": (404, "Not found"),
    "too_many_requests": (429, "Too many requests"),
    "unsupported_version": (400, "Cannot call unsupported API versions."),
    "validation": (400, "Wrong format of request"),
}


class ApiError(Exception):
    """A refusal, as the platform words it.

    Args:
        kind: The error's type, one of those that the platform documents.
        message: What to say instead of the type's default message.
        data: What else the answer holds.
        why: What was wrong with the request, for the sandbox's log only; never a value from it.

    """

    def __init__(
        self,
        kind: str,
        message: str | None = None,
        *,
        data: Mapping[str, str] | None = None,
        why: str = "",
    ) -> None:
        self.kind = kind
        self.status, default = _ERRORS[kind]
        self.message = message or default
        self.data = data
        self.why = why
        super().__init__(f"{kind}: {self.message}")

    def body(self) -> bytes:
        """Write the answer's body."""
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.data:
            error["data"] = self.data
        return msgspec.json.encode({"error": error})


@dataclass(frozen=True, slots=True)
class Requester:
    """Who calls a method: an agent, and what their token allows."""

    account: Account
    granted: tuple[str, ...]

    @property
    def agent_id(self) -> str:
        """The requester's id in the product APIs, the e-mail address."""
        return self.account.email

    @property
    def organization_id(self) -> str:
        """The organisation whose data the requester works with."""
        return self.account.organization_id

    @property
    def sees_deleted(self) -> bool:
        """Whether deleted events are shown with what they said."""
        return self.account.role != "normal"

    def may(self, scope: str) -> bool:
        """Whether the token grants this scope, or one that contains it."""
        return scopes.grants(self.granted, scope)

    def demand(self, scope: str) -> None:
        """Refuse a token that does not grant the scope.

        Raises:
            ApiError: `authorization`.

        """
        if not self.may(scope):
            raise ApiError("authorization", why=f"the token lacks {scope}")


@dataclass(frozen=True, slots=True)
class Message:
    """What was sent to a method."""

    version: Version
    body: bytes

    def parameters(self, kind: type[T]) -> T:
        """Read the body's parameters into a msgspec Struct; those it does not name are ignored.

        Raises:
            ApiError: `validation`, for a body that is not JSON or does not fit the Struct.

        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.ValidationError as error:
            raise ApiError("validation", why=_without_values(str(error))) from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # Source of the message: livechat-public-docs, authorization/troubleshooting.
            why = "the body is not JSON" if self.body else "there is no body, not even {}"
            raise ApiError("validation", "Invalid message", why=why) from None


@dataclass(frozen=True, slots=True)
class Call(Message):
    """One call of an agents' method."""

    requester: Requester


def _without_values(message: str) -> str:
    """Keep values out of the log: "Expected `int`, got `str` - at `$.limit`" has none."""
    what, _, where = message.rpartition(" - at ")
    return f"invalid value at {where}" if what.startswith("Invalid enum value") else message


Method = Callable[[Call], bytes]


@dataclass
class RateLimit:
    """How many calls an account may make in a row of seconds.

    assumed: all of it; the platform only says that there is a limit, and that it lifts by itself.
    """

    calls: int = 1_000_000
    seconds: float = 60.0
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict, repr=False)

    def count(self, account_id: str, now: float) -> None:
        """Count a call, at a moment of `Clock.elapsed`.

        Raises:
            ApiError: `too_many_requests`.

        """
        since, calls = self._windows.get(account_id, (now, 0))
        if now - since >= self.seconds:
            since, calls = now, 0
        if calls >= self.calls:
            raise ApiError("too_many_requests")
        self._windows[account_id] = since, calls + 1

    def change(self, calls: int, seconds: float) -> None:
        """Allow another number of calls, and count from nothing."""
        self.calls, self.seconds = calls, seconds
        self._windows.clear()


def endpoint(
    world: Sandbox, methods: Mapping[str, Method], rate_limit: RateLimit
) -> Callable[[Request], Awaitable[Response]]:
    """Make what answers `POST /v{version}/.../action/{action}` with one of the agents' methods."""

    def called(request: Request, version: Version, body: bytes) -> Call:
        requester = authenticate(world, request.headers.get("Authorization"))
        rate_limit.count(requester.account.id, world.clock.elapsed())
        check_region(world, requester.organization_id, request.headers.get("X-Region"))
        return Call(version, body, requester)

    return answering(methods, called)


def answering(
    methods: Mapping[str, Callable[[C], bytes]], called: Callable[[Request, Version, bytes], C]
) -> Callable[[Request], Awaitable[Response]]:
    """Make what answers an API's requests.

    Args:
        methods: The methods by the names of their actions.
        called: Finds out who asks, and makes a request a call; it may refuse it.

    """

    async def answer(request: Request) -> Response:
        version = versions.parse(request.path_params["version"])
        action = request.path_params["action"]
        headers = version.lifecycle_headers if version else {}
        body = b""
        try:
            body = await _body(request)
            if version is None:
                raise ApiError("unsupported_version", why="this version cannot be called")
            method = methods.get(action)
            if method is None:
                # assumed: no source shows the answer to an unknown action.
                raise ApiError("not_found", why="the sandbox does not imitate this action")
            content = method(called(request, version, body))
        except ApiError as error:
            _log.info("%s: %s, %s", _printable(action), error, error.why or "refused")
            _note_reason(request, body, error.why)
            return Response(error.body(), error.status, headers, "application/json")
        return Response(content, 200, headers, "application/json")

    # For the control plane, which is asked what the sandbox imitates.
    answer.actions = frozenset(methods)  # type: ignore[attr-defined]
    return answer


def _note_reason(request: Request, body: bytes, why: str) -> None:
    reasons: Reasons | None = getattr(request.app.state, "reasons", None)
    if reasons is not None and why:
        reasons.note(request.scope["path"], body, why)


def _printable(action: str) -> str:
    """Keep what somebody typed into an address, perhaps a token, out of the log."""
    return action if _ACTION.fullmatch(action) else "(no name of an action)"


async def _body(request: Request) -> bytes:
    """Read a body; one that is too large is read on for a while, so that its sender can listen.

    Raises:
        ApiError: `entity_too_large`.

    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        elif size > _DRAINED:
            break
    if size > MAX_BODY:
        raise ApiError("entity_too_large")
    return b"".join(chunks)


def authenticate(world: Sandbox, header: str | None) -> Requester:
    """Find out who asks, by an access token (Bearer) or a personal access token (Basic).

    Args:
        world: Where the tokens are.
        header: The `Authorization` header.

    Raises:
        ApiError: `authentication`.

    """
    scheme, _, credentials = (header or "").strip().partition(" ")
    credentials = credentials.strip()
    token: Any = None
    if scheme.lower() == "bearer":
        token = world.grants.access_token(credentials)
    elif scheme.lower() == "basic":
        token = world.personal_access_token(*_user_and_password(credentials))
    elif not header:
        raise ApiError("authentication", why="there is no Authorization header")
    if token is None:
        raise ApiError("authentication", "Invalid access token", why=_why_invalid(scheme))
    return Requester(world.accounts[token.account_id], token.scopes)


def _why_invalid(scheme: str) -> str:
    if scheme.lower() == "bearer":
        return "no valid access token (a personal access token goes with Basic)"
    if scheme.lower() == "basic":
        return "no valid account id and personal access token (an access token goes with Bearer)"
    return "the scheme is neither Bearer nor Basic"


def _user_and_password(credentials: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password


def check_region(world: Sandbox, organization_id: str, wanted: str | None) -> None:
    """Refuse a call that asks for another region than the one that has the organisation's data.

    Raises:
        ApiError: `misdirected_request`, with the right region.

    """
    region = world.region(organization_id)
    if wanted is not None and wanted.strip().lower() != region:
        raise ApiError("misdirected_request", data={"region": region})
