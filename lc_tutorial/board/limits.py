"""How much the board takes: so large a body, so many requests of one, so many pages open."""

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request


class TooLarge(Exception):
    """A body is larger than anything that is meant for the board."""


async def body_of(request: Request, most: int) -> bytes:
    """Read a body, so many bytes of it at most.

    Raises:
        TooLarge: there are more.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)


class Pace:
    """Lets each one do something so many times at once, and then so many times a second.

    Args:
        burst: times at once.
        rate: times a second.
        most: how many are remembered; who was not here for longest is forgotten first.
        clock: seconds.
    """

    def __init__(
        self,
        burst: float,
        rate: float,
        most: int = 1000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._most = most
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, who: str) -> bool:
        """Count one time, and say whether it is within the limits."""
        now = self._clock()
        left, at = self._left.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return allowed
