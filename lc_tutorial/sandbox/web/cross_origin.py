"""What the pages of other origins may read: the answers of the APIs, and nothing else (CORS).

Apps in a browser exchange their codes and call the APIs from their own JavaScript, so those answer
every origin. It costs no safety: what opens these APIs is a token, a code or a secret that the
page itself sends, in a header or the body, and never a cookie that the browser adds. So a page
reads there what any program reads that has the same token. Pages for people, the Console and the
controls go by cookies: no other origin reads them, and none is told that it might.

The customers' cookie grant is the one call for programs that goes by a cookie. Its answers are for
the origins that an organisation trusts.

Source: livechat-public-docs, authorization/oauth-authorization (whose samples call `/v2/token` and
the APIs with `fetch`) and agent-chat-api.
assumed: the values of the headers, which no source shows. No further header is exposed: a script
that reads Retry-After or Legacy here might find that it can't on the live platform.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial.sandbox.web.services import service_of

# A page of the internet that asks whether it may reach into this machine ("private network
# access") is told that it may not, which is what Starlette does unless told otherwise. An app that
# is being developed comes from this machine itself, and needs no such leave.
_ANYTHING: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}


class CrossOrigin:
    """Answers a browser's preflights, and lets pages of other origins read what they may.

    It stands before what counts calls, spends codes or strikes with faults: a preflight is a
    browser's question whether it may call, and no call.

    Args:
        app: What answers.
        trusts: Whether an organisation trusts an origin with its customers' cookies.
    """

    def __init__(self, app: ASGIApp, trusts: Callable[[str], bool]) -> None:
        self._app = app
        self._trusts = trusts
        self._any_origin = CORSMiddleware(app, allow_origins=["*"], **_ANYTHING)
        self._trusted = _Trusted(app, allow_credentials=True, **_ANYTHING)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        origin = _origin(scope) if scope["type"] == "http" else None
        service = service_of(scope["path"]) if origin is not None else None
        if origin is None or service is None:
            return self._app(scope, receive, send)
        # By the path, for a preflight comes before the body, in which the grant is named.
        if service == "customer accounts" and self._trusts(origin):
            return self._trusted(scope, receive, send)
        return self._any_origin(scope, receive, send)


class _Trusted(CORSMiddleware):
    """For origins of which it is known already that they are trusted."""

    def is_allowed_origin(self, origin: str) -> bool:  # noqa: ARG002
        return True


def _origin(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"origin":
            return str(value.decode("latin-1"))
    return None
