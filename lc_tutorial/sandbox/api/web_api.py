"""What all methods of the product APIs have in common: how they are called, and how they answer.

A request goes through it in this order: who asks, the version, the rate limit, the region, the
size of the body, the method; then the method checks the scope and the parameters.

Source: livechat-public-docs, agent-chat-api (its introduction and "Errors"). That who asks comes
before the method: lc-sdk-go's and lc-sdk-python's tests.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lc_tutorial.sandbox.api.catalogue import API_NAMES, CATALOGUE, Api
from lc_tutorial.sandbox.api.errors import ApiError
from lc_tutorial.sandbox.api.reasons import Reasons
from lc_tutorial.sandbox.api.requester import Requester, authenticate
from lc_tutorial.sandbox.world import Sandbox, Version, versions

T = TypeVar("T")
C = TypeVar("C")
W = TypeVar("W")

MAX_BODY = 10 * 1024 * 1024
_DRAINED = 8 * MAX_BODY

#: Where the body is more than what its limit is meant for: a form stands around the file.
_MAX_BODIES = {"upload_file": MAX_BODY + 64 * 1024}

_log = logging.getLogger("lc_tutorial.sandbox")

# The platform's own are of this form. A token has other characters as well.
_ACTION = re.compile(r"[a-z_]{1,60}")


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
    """One call of an agents' method, and the request that it came with."""

    requester: Requester
    request: Request

    @property
    def content_type(self) -> str:
        """Of the body, with its parameters."""
        return self.request.headers.get("Content-Type", "")

    @property
    def origin(self) -> str:
        """The address by which the caller reached the sandbox, without a path."""
        return f"{self.request.url.scheme}://{self.request.headers.get('Host', '')}"


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
    world: Sandbox,
    api: Api,
    methods: Mapping[str, Method],
    rate_limit: RateLimit,
    *,
    for_anybody: Collection[str] = (),
) -> Callable[[Request], Awaitable[Response]]:
    """Make what answers `POST /v{version}/.../action/{action}` with one of the agents' methods.

    Args:
        world: Who there is, and their tokens.
        api: Which API it is.
        methods: Those of its methods that are imitated, by their names in the catalogue.
        rate_limit: How many calls an account may make.
        for_anybody: Those of the methods that ask for no authorization; they have no requester.

    """

    def asks(request: Request) -> Requester | None:
        if request.path_params["action"] in for_anybody:
            return None
        requester = authenticate(world, request.headers.get("Authorization"))
        rate_limit.count(requester.account.id, world.clock.elapsed())
        check_region(world, requester.organization_id, request.headers.get("X-Region"))
        return requester

    def called(
        requester: Requester | None, request: Request, version: Version, body: bytes
    ) -> Call:
        return Call(version, body, cast(Requester, requester), request)

    return answering(api, methods, asks, called)


def answering(
    api: Api,
    methods: Mapping[str, Callable[[C], bytes]],
    asks: Callable[[Request], W],
    called: Callable[[W, Request, Version, bytes], C],
) -> Callable[[Request], Awaitable[Response]]:
    """Make what answers an API's requests.

    Args:
        api: Which API it is.
        methods: Those of its methods that are imitated, by their names in the catalogue.
        asks: Finds out who asks; it may refuse them.
        called: Makes their request a call.

    """
    undocumented = set(methods).difference(CATALOGUE[api])
    assert not undocumented, undocumented  # noqa: S101  (a slip in a table)

    async def answer(request: Request) -> Response:
        version = versions.parse(request.path_params["version"])
        action = request.path_params["action"]
        headers = version.lifecycle_headers if version else {}
        body: bytes | None = b""
        try:
            body = await _body(request, _MAX_BODIES.get(action, MAX_BODY))
            who = asks(request)
            if version is None:
                raise ApiError("unsupported_version", why="this version cannot be called")
            if body is None:
                raise ApiError("entity_too_large", why="the body has more than 10 MB")
            method = _method(api, methods, action, version)
            content = method(called(who, request, version, body))
        except ApiError as error:
            _log.info("%s: %s, %s", _printable(action), error, error.why or "refused")
            _note_reason(request, body or b"", error.why)
            return Response(error.body(), error.status, headers, "application/json")
        return Response(content, 200, headers, "application/json")

    # For the control plane, which is asked what the sandbox imitates.
    answer.actions = frozenset(methods)  # type: ignore[attr-defined]
    return answer


def _method(
    api: Api, methods: Mapping[str, Callable[[C], bytes]], action: str, version: Version
) -> Callable[[C], bytes]:
    """Find a method, or say what is known of it.

    Raises:
        ApiError: `not_found` for what is no method, or none of this version; `not_imitated` for
            one that the platform has and the sandbox has not.

    """
    documented = CATALOGUE[api].get(action)
    if documented is None:
        # assumed: no source shows the answer to an unknown action.
        raise ApiError("not_found", why="the documentation has no such method")
    if not documented.is_in(version):
        # assumed: to a version, another's method is an unknown one. The words are ours.
        message = f"Not found: {action} is in {documented.span} only."
        raise ApiError("not_found", message, why="this version has no such method")
    method = methods.get(action)
    if method is None:
        message = f"The sandbox does not imitate {action}. The real {API_NAMES[api]} has it."
        raise ApiError("not_imitated", message, why="the platform has it, the sandbox has not")
    return method


def _note_reason(request: Request, body: bytes, why: str) -> None:
    reasons: Reasons | None = getattr(request.app.state, "reasons", None)
    if reasons is not None and why:
        reasons.note(request.scope["path"], body, why)


def _printable(action: str) -> str:
    """Keep what somebody typed into an address, perhaps a token, out of the log."""
    return action if _ACTION.fullmatch(action) else "(no name of an action)"


async def _body(request: Request, most: int) -> bytes | None:
    """Read a body; return None for one that is too large.

    That one is read on for a while all the same, so that its sender can listen.
    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            chunks.append(chunk)
        elif size > _DRAINED:
            break
    return b"".join(chunks) if size <= most else None


def check_region(world: Sandbox, organization_id: str, wanted: str | None) -> None:
    """Refuse a call that asks for another region than the one that has the organisation's data.

    Raises:
        ApiError: `misdirected_request`, with the right region.

    """
    region = world.region(organization_id)
    if wanted is not None and wanted.strip().lower() != region:
        raise ApiError("misdirected_request", data={"region": region})
