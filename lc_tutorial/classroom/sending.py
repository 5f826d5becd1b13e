"""Reports on their way to the board: by a thread of its own, which nobody ever waits for.

What can't be sent waits, bounded, and is tried again later and later. Whatever the board does, it
shows in one place only: a line in ``lc.progress()``.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import requests

from lc_tutorial import memory
from lc_tutorial.board import events
from lc_tutorial.classroom.asking import Refused, ask, session_for

#: Reports that may wait; of more, the oldest are lost.
MOST_WAITING = 200

#: Seconds between two questions for the teacher's line, while cells are being run.
POLL = 10.0

#: Seconds after the last cell in which it is asked.
ACTIVE = 600.0

#: Seconds to wait after the first failure, the second, and so on.
PAUSES = (2.0, 5.0, 15.0, 30.0)

#: Answers after which trying again is of no use: the board knows this learner no more.
_UNKNOWN = (401, 403)

#: Answers that would be the same each time: these reports are given up.
_NEVER = (400, 413, 422)


@dataclass(frozen=True)
class Target:
    """Where reports go.

    Attributes:
        url: of the board, ending in a slash.
        token: that opens it.
        edition: of this installation's course.
        fingerprint: of the board's certificate; empty where none is told.
    """

    url: str
    token: str
    edition: int
    fingerprint: str = ""

    def __repr__(self) -> str:
        return f"Target({self.edition})"  # never the token


class Sender:
    """Sends reports in the background.

    Args:
        target: where to.
        is_joined: asked before each request, since another notebook may have left.
        pauses: seconds after each failure.
        poll: seconds between two questions for the teacher's line.
    """

    def __init__(
        self,
        target: Target,
        is_joined: Callable[[], bool],
        pauses: tuple[float, ...] = PAUSES,
        poll: float = POLL,
    ) -> None:
        self._target = target
        self._is_joined = is_joined
        self._pauses = pauses
        self._poll = poll
        self._waiting: deque[events.Report] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._stopped = threading.Event()
        self._touched = time.monotonic()
        self._line_number: int | None = None
        self._trouble = ""
        self._is_new = False
        self._thread = threading.Thread(target=self._run, name="lc-classroom", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what waits is dropped. It doesn't wait for the thread."""
        self._stopped.set()
        with self._lock:
            self._waiting.clear()
        self._idle.set()
        self._wake.set()

    def put(self, report: events.Report) -> None:
        """Take a report on its way."""
        if self._stopped.is_set():
            return
        with self._lock:
            self._idle.clear()
            self._waiting.append(report)
            self._touched = time.monotonic()
        self._wake.set()

    def wait_until_sent(self, seconds: float) -> bool:
        """Wait until nothing waits any more, for so long at most; only as the kernel ends."""
        return bool(self._trouble) or self._idle.wait(seconds)

    def take_is_new(self) -> bool:
        """Whether the board has forgotten what it was told before; says so once."""
        is_new, self._is_new = self._is_new, False
        return is_new

    @property
    def trouble(self) -> str:
        """Why nothing reaches the board, as one sentence; empty where all is well."""
        return self._trouble

    @property
    def is_over(self) -> bool:
        """Whether it was stopped, and not because the board knows this learner no more."""
        return self._stopped.is_set() and not self._trouble

    # --- The thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        with session_for(self._target.fingerprint) as session:
            while not self._stopped.is_set():
                self._wake.wait(self._poll)
                self._wake.clear()
                if self._stopped.is_set() or not (self._waiting or self._is_active()):
                    continue
                if not self._is_joined():
                    self._trouble = ""
                    self.stop()
                    return
                failures = failures + 1 if self._fails(session) else 0
                if failures:
                    pause = self._pauses[min(failures, len(self._pauses)) - 1]
                    self._stopped.wait(pause)
                    self._wake.set()

    def _is_active(self) -> bool:
        return time.monotonic() - self._touched < ACTIVE

    def _fails(self, session: requests.Session) -> bool:
        """Send what waits, and say whether it is to be tried again later."""
        with self._lock:
            many = min(len(self._waiting), events.MOST_REPORTS)
            batch = [self._waiting.popleft() for _ in range(many)]
        told = events.Reports(self._target.edition, batch)
        try:
            heard = ask(
                session, f"{self._target.url}report", told, self._target.token, events.Heard
            )
        except Refused as refused:
            return self._refused(refused.status, batch)
        except Exception:  # noqa: BLE001 - whatever a stranger at that address makes of it
            self._trouble = (
                "Your teacher's board does not answer. What you do is not disturbed; it is told "
                "what happened when it answers again."
            )
            self._put_back(batch)
            return True
        self._trouble = ""
        self._is_new = self._is_new or heard.is_new
        self._take_line(heard)
        with self._lock:
            if self._waiting:
                self._wake.set()
            else:
                self._idle.set()
        return False

    def _refused(self, status: int, batch: list[events.Report]) -> bool:
        if status in _UNKNOWN:
            self._trouble = (
                "Your teacher's board does not know this notebook any more, and is told nothing. "
                "To come in again, run lc.join with the address; on a hub, lc.join() alone."
            )
            self.stop()
            return False
        self._trouble = (
            "What answers at the address of your teacher's board is none, or it refuses. What you "
            "do is not disturbed."
        )
        if status not in _NEVER:
            self._put_back(batch)
        return True

    def _put_back(self, batch: list[events.Report]) -> None:
        with self._lock:
            if not self._stopped.is_set():
                newest = [*batch, *self._waiting][-MOST_WAITING:]
                self._waiting = deque(newest, maxlen=MOST_WAITING)

    def _take_line(self, heard: events.Heard) -> None:
        # The one that was said before this kernel came is for it too. A board that was started anew
        # counts anew.
        before = 0 if heard.is_new else self._line_number or 0
        if heard.number != before:
            memory.note_line(events.plain(heard.line, events.MOST_OF_A_LINE))
        self._line_number = heard.number
