"""What clients wrote into the chats, bounded: of too much of it, the oldest goes.

A sandbox runs for days, and a loop that sends events must not fill its machine. The platform has no
such bound. What was there from the start stays. A thread is as old as the last event written into
it: a chat that somebody still writes into loses its first events, and stays.
"""

from collections import Counter, deque
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from lc_tutorial.sandbox.world import Chat, Event, Thread

MOST_BYTES = 12 * 1024 * 1024

#: What an event takes beside what it says, and a thread that has a chat and a customer to itself.
_EVENT = 600
_THREAD = 4_000


class Piece(NamedTuple):
    """An event that was written, or a thread, which may have started its chat."""

    chat: Chat
    thread: Thread
    event: Event | None
    is_chat: bool
    size: int


class Written:
    """What was written, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Piece] = deque()
        self._bytes = 0
        self._events: Counter[str] = Counter()
        """How many events are kept of a thread, by its id."""

    def __len__(self) -> int:
        return len(self._kept)

    def note_event(
        self, chat: Chat, thread: Thread, event: Event, forget: Callable[[Piece], None]
    ) -> None:
        """Note an event; `forget` is called for each piece that is too much by now."""
        size = _EVENT + len(msgspec.json.encode((event.body, event.properties)))
        self._events[thread.id] += 1
        self._note(Piece(chat, thread, event, False, size), forget)

    def note_thread(
        self, chat: Chat, thread: Thread, forget: Callable[[Piece], None], *, is_new: bool
    ) -> None:
        """Note a thread, and whether its chat is new with it."""
        size = _THREAD + len(msgspec.json.encode((thread.properties, chat.properties)))
        self._note(Piece(chat, thread, None, is_new, size), forget)

    def _note(self, piece: Piece, forget: Callable[[Piece], None]) -> None:
        self._kept.append(piece)
        self._bytes += piece.size
        while self._bytes > MOST_BYTES:
            oldest = self._kept.popleft()
            thread_id = oldest.thread.id
            if oldest.event is not None:
                self._events[thread_id] -= 1
                if not self._events[thread_id]:
                    del self._events[thread_id]
            elif thread_id in self._events:
                self._kept.append(oldest)  # its events are younger: they go first
                continue
            self._bytes -= oldest.size
            forget(oldest)
