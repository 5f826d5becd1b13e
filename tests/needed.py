"""What a test needs and a machine may not have."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test, and say what is missing; under CI, where nothing is left out, let it fail."""
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


def of_npm(folder: str, path: str) -> Path:
    """A file of a package of npm, where `make test-setup` puts it: in a folder beside Python."""
    found = Path(sys.prefix) / folder / "node_modules" / path
    if not found.exists():
        missing(f"{path} is missing: it needs Node, and `make test-setup` installs it.")
    return found
