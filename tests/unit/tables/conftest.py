"""A server whose answers become tables."""

from collections.abc import Iterator

import pytest
from stand_in import StandIn


@pytest.fixture
def server() -> Iterator[StandIn]:
    """Answers as it is told."""
    with StandIn() as server:
        yield server
