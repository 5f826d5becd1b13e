"""The header Retry-After: what it says, however it is written."""

from datetime import UTC, datetime

import pytest

from lc_tutorial.messages import seconds_asked

NOW = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        (" 2 ", 2.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("60s", 60.0),
        ("60 seconds", 60.0),
        ("-5", 0.0),
        ("Mon, 15 Jun 2026 14:30:10 GMT", 10.0),
        ("Mon, 15 Jun 2026 14:30:10", 10.0),
        ("Mon, 15 Jun 2026 14:00:00 GMT", 0.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Fri, 99 Dec 2026 23:59:59 GMT", None),
        ("9" * 400, None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_what_it_says(header: str | None, seconds: float | None) -> None:
    assert seconds_asked(header, NOW) == seconds
