"""A connection that can be broken off in the middle, as networks and overloaded servers do."""

from collections.abc import Callable

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_KEY = "lc_tutorial.hang_up"


class Protocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it; each request's scope also holds what ends its connection."""

    def on_message_begin(self) -> None:
        """Note a new request."""
        super().on_message_begin()
        self.scope[_KEY] = self.transport.close  # type: ignore[literal-required]


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Send what is written already, close the connection, and wait until it is closed.

    Under another server than ours, which has no such way, the request ends as that server ends
    one whose answer is incomplete.
    """
    close: Callable[[], None] | None = scope.get(_KEY)
    if close is None:
        return
    close()
    while (await receive())["type"] != "http.disconnect":
        pass
