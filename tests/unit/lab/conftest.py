"""A server that writes down what arrives."""

from collections.abc import Iterator

import pytest
from recorder import Recorder


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    with Recorder().running() as running:
        yield running
