"""What time it is for chats.

The seeded chats end at one instant, which is their "now"; time goes on from there, evenly and with
the world's clock.
"""

from lc_tutorial.sandbox.world.chats import NOW
from lc_tutorial.sandbox.world.records import Clock

_START = int(NOW.timestamp()) * 1_000_000


class ChatTime:
    """The time of all chats of a world, from the moment at which it is made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.elapsed()
        self._latest = 0

    def now(self) -> int:
        """Return what time it is, in microseconds since the epoch; later with each question."""
        passed = max(0.0, self._clock.elapsed() - self._began)
        self._latest = max(_START + int(passed * 1_000_000), self._latest + 1)
        return self._latest
