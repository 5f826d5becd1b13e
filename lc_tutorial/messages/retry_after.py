"""The header Retry-After, which says after how long to come back.

Source: RFC 9110, section 10.2.3 (whole seconds, or a date). What comes in earnest is read, too:
fractions, a unit, numbers below nothing.
"""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"([+-]?\d{1,15}(?:\.\d+)?)\s*(?:s|sec|secs|seconds?)?", re.IGNORECASE)


def seconds_asked(header: str | None, now: datetime | None = None) -> float | None:
    """How long the header asks to wait.

    Args:
        header: its value.
        now: aware; the present moment, if not given.

    Returns:
        Seconds, none below 0; None where it asks for nothing that can be read.

    >>> seconds_asked("2"), seconds_asked("0.5"), seconds_asked("60s"), seconds_asked("-5")
    (2.0, 0.5, 60.0, 0.0)
    >>> seconds_asked("soon") is None
    True
    """
    text = (header or "").strip()
    if found := _SECONDS.fullmatch(text):
        seconds = float(found[1])
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
