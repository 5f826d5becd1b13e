"""A log that stays small, whatever others send."""

import asyncio
import errno
import logging
from time import monotonic
from typing import Any

_log = logging.getLogger("lc_tutorial.sandbox")

#: Lines in so many seconds: more than a person reads.
MOST_LINES = 60
WINDOW = 60.0

_OUT_OF_HANDLES = (errno.EMFILE, errno.ENFILE)
_last_said = float("-inf")


class SparingLog(logging.Filter):
    """Lets so many lines a minute through, and says how many it left out."""

    def __init__(self) -> None:
        super().__init__()
        self._since = monotonic()
        self._lines = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Decide on a line."""
        now = monotonic()
        if now - self._since >= WINDOW:
            left_out = self._lines - MOST_LINES
            self._since, self._lines = now, 0
            if left_out > 0:
                record.msg = f"({left_out} lines were left out here.) {record.getMessage()}"
                record.args = ()
        self._lines += 1
        return self._lines <= MOST_LINES


def say_once_in_a_while(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle what went wrong outside of any request.

    Where a connection can't be accepted for want of file handles, asyncio says so again and again,
    at length: one line a minute is enough.
    """
    global _last_said
    problem = context.get("exception")
    if not (isinstance(problem, OSError) and problem.errno in _OUT_OF_HANDLES):
        loop.default_exception_handler(context)
    elif monotonic() - _last_said >= WINDOW:
        _last_said = monotonic()
        _log.warning("No file handles are left: new connections wait until others have closed.")
