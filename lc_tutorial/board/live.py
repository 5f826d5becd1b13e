"""The page, live: server-sent events, each with the room as it is now.

Nothing is queued for anybody: who was away, or is slow, gets the newest when they read on. So a
page that is left open for hours costs the board nothing, and one that reconnects misses nothing.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse

from lc_tutorial.board.rendering import protect
from lc_tutorial.board.room import Room

#: Pages that are open at once: teachers' screens; and as many again, on a hub, learners' own.
#: Of one learner, as many as a browser opens of one server: nobody takes the others' place.
MOST_PAGES, MOST_OF_A_LEARNER = 250, 6

#: Seconds between two looks at a room in which nothing was told: the minutes go on.
TICK = 10.0

#: Seconds in which all that happens becomes one event.
REST = 0.3

_RETRY = b"retry: 2000\n\n"
_STILL_HERE = b": nothing new\n\n"


class LivePages:
    """All pages that are open.

    Args:
        room: that they show.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._open: Counter[str] = Counter()
        self._ended = False

    def end(self) -> None:
        """End all streams: the board ends."""
        self._ended = True
        self._room.wake()

    def __len__(self) -> int:
        return self._open.total()

    def stream(self, shown: Callable[[], str], learner: str = "") -> StreamingResponse | None:
        """An answer that goes on; None where too many pages are open.

        Args:
            shown: makes the HTML of the moment; an empty text ends the stream.
            learner: whose page it is; empty for a teacher's.
        """
        if not self._has_room_for(learner):
            return None
        answer = StreamingResponse(self._events(shown, learner), media_type="text/event-stream")
        # Else a proxy on the way, such as nginx, may keep it until it is whole.
        answer.headers["X-Accel-Buffering"] = "no"
        return protect(answer)

    def _has_room_for(self, learner: str) -> bool:
        of_teachers = self._open[""]
        if not learner:
            return of_teachers < MOST_PAGES
        of_learners = self._open.total() - of_teachers
        return of_learners < MOST_PAGES and self._open[learner] < MOST_OF_A_LEARNER

    async def _events(self, shown: Callable[[], str], learner: str) -> AsyncIterator[bytes]:
        self._open[learner] += 1
        try:
            yield _RETRY
            sent = ""
            while not self._ended:
                version = self._room.version
                now = shown()
                if not now:
                    return
                yield _event(now) if now != sent else _STILL_HERE
                sent = now
                await asyncio.sleep(0 if self._ended else REST)
                await self._room.change_since(version, TICK)
        finally:
            self._open -= Counter([learner])  # It keeps none of zero.


def _event(html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"event: room\n{lines}\n".encode()
