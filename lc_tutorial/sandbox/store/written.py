"""What clients wrote into the chats, bounded: of too much of it, the oldest goes.

A sandbox runs for days, and a loop that sends events must not fill its machine. The platform has no
such bound. What was there from the start stays.
"""

from collections import deque
from collections.abc import Callable

import msgspec

from lc_tutorial.sandbox.world import Chat, Event, Thread

MOST_BYTES = 12 * 1024 * 1024

#: What an event takes beside what it says, and a thread that has a chat and a customer to itself.
_EVENT = 600
_THREAD = 4_000

_Forget = Callable[[Chat, Thread, Event | None], None]


class Written:
    """What was written, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[tuple[Chat, Thread, Event | None, int]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def event(self, chat: Chat, thread: Thread, event: Event, forget: _Forget) -> None:
        """Note an event; `forget` is called for each that is too much by now."""
        self._note(chat, thread, event, _EVENT + len(msgspec.json.encode(event.body)), forget)

    def thread(self, chat: Chat, thread: Thread, forget: _Forget) -> None:
        """Note a thread; one that has a chat to itself goes with the chat."""
        self._note(chat, thread, None, _THREAD, forget)

    def _note(
        self, chat: Chat, thread: Thread, event: Event | None, size: int, forget: _Forget
    ) -> None:
        self._kept.append((chat, thread, event, size))
        self._bytes += size
        while self._bytes > MOST_BYTES:
            chat, thread, event, size = self._kept.popleft()
            self._bytes -= size
            forget(chat, thread, event)
