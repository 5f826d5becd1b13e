"""What a test needs and a machine may not have."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test, and say what is missing; under CI, where nothing is left out, let it fail."""
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)
