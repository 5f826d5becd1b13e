"""Faults on demand: answers that the platform gives on a bad day, for the calls that are named.

A fault is answered in the form of the service that was called, so that a client meets what it
would meet in earnest. While none is set, a request passes through here untouched.
"""

import asyncio
import fnmatch
import uuid
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lc_tutorial.sandbox.accounts import exceptions
from lc_tutorial.sandbox.web import hang_up, pages, service_of

FaultName = Literal["429", "500", "503", "408", "drop", "slow", "truncate"]
NAMES: tuple[FaultName, ...] = get_args(FaultName)

#: What each fault does, for a person.
MEANINGS: dict[FaultName, str] = {
    "429": "429, too many requests, with Retry-After",
    "500": "500, internal error",
    "503": "503, service unavailable",
    "408": "408, the request timed out",
    "drop": "the connection is dropped before any answer",
    "slow": "the answer is slow",
    "truncate": "the body of the answer breaks off in the middle",
}

#: Where faults never strike and the journal does not look: what is not the platform's.
OWN_PATHS = ("/_sandbox/", "/static/")

#: The key in a request's scope that names the fault that struck it.
STRUCK = "lc_tutorial.fault"

# assumed: the names for 408 and 503; for 429 and 500 see authorization/troubleshooting.
_ACCOUNTS_NAMES = {
    429: "temporarily_unavailable",
    500: "server_error",
    503: "temporarily_unavailable",
    408: "temporarily_unavailable",
}
_ACCOUNTS_SENTENCES = {
    "temporarily_unavailable": "The authorization server is currently unable to handle the request "
    "due to a temporary overloading or maintenance of the server.",
    "server_error": "The authorization server encountered an unexpected condition that prevented "
    "it from fulfilling the request.",
}
# Source: livechat-public-docs, agent-chat-api ("Errors").
_PRODUCT_ERRORS = {
    429: ("too_many_requests", "Too many requests"),
    500: ("internal", "Internal server error"),
    503: ("service_unavailable", "Service unavailable"),
    408: ("request_timeout", "Request timed out"),
}


@dataclass
class Fault:
    """A fault that is set.

    Attributes:
        name: Which one.
        path: The paths that it strikes; `*` stands for any text.
        times: How many calls it still strikes; None for all until it is cleared.
        retry_after: What a 429 says, in seconds.
        seconds: How long a slow answer takes.
    """

    name: FaultName
    path: str = "*"
    times: int | None = 1
    retry_after: int = 2
    seconds: float = 5.0

    def describe(self) -> dict[str, Any]:
        """Describe it as JSON does."""
        told = asdict(self)
        told["fault"] = told.pop("name")
        return told


class Faults:
    """The faults that are set, oldest first."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._set)

    def add(self, fault: Fault) -> None:
        """Set another fault; of two for the same path, the older one strikes first."""
        self._set.append(fault)

    def clear(self) -> None:
        """Take all faults back."""
        self._set.clear()

    def describe(self) -> list[dict[str, Any]]:
        """Describe the faults that are set, as JSON does."""
        return [fault.describe() for fault in self._set]

    def strike(self, path: str) -> Fault | None:
        """Return the fault that strikes a call of this path, and count the call."""
        for fault in self._set:
            if fnmatch.fnmatchcase(path, fault.path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._set.remove(fault)
                return fault
        return None


class FaultInjection:
    """Lets the faults strike, before the services see the request."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        if self._faults and scope["type"] == "http" and not scope["path"].startswith(OWN_PATHS):
            fault = self._faults.strike(scope["path"])
            if fault is not None:
                scope[STRUCK] = fault.name
                return self._strike(fault, scope, receive, send)
        return self._app(scope, receive, send)

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.name == "drop":
            await hang_up(scope, receive)
        elif fault.name == "slow":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        elif fault.name == "truncate":
            await self._truncate(scope, receive, send)
        else:
            await _refusal(fault, Request(scope, receive))(scope, receive, send)

    async def _truncate(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do as asked, but break the answer off in the middle: what was done is done."""
        cut = False

        async def send_half(message: Message) -> None:
            nonlocal cut
            if cut:
                return
            body = message.get("body", b"")
            if not body:
                await send(message)
                return
            cut = True
            await send({**message, "body": body[: len(body) // 2], "more_body": True})

        await self._app(scope, receive, send_half)
        if cut:
            await hang_up(scope, receive)


def _refusal(fault: Fault, request: Request) -> Response:
    status = int(fault.name)
    path: str = request.scope["path"]  # not of request.url: there, the Host header comes first
    response: Response
    service = service_of(path)
    if service in ("accounts", "customer accounts"):
        name = _ACCOUNTS_NAMES[status]
        sentence = _ACCOUNTS_SENTENCES[name]
        if service == "customer accounts":
            body = {"oauth_exception": name, "exception_description": sentence}
        else:
            request_id = str(uuid.uuid4())
            body = {"error": name, "error_description": sentence, "request_id": request_id}
        response = JSONResponse(body, status, headers={"Cache-Control": "no-store"})
    elif service == "products":
        kind, text = _PRODUCT_ERRORS[status]
        response = JSONResponse({"error": {"type": kind, "message": text}}, status)
    else:
        # assumed: no source shows the pages of a service that is down.
        told = exceptions.explain(_ACCOUNTS_NAMES[status], "")
        response = pages.render(
            request, "problem.html", status=status, title=told.title, detail=told.text
        )
    if status == 429:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
