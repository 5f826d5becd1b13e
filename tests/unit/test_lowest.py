"""What `make test-lowest` sets up has the oldest versions, or it would say nothing of them."""

import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.skipif(
    Path(sys.prefix).name != ".venv-lowest",
    reason="These are the newest versions: make test-lowest asks whether it has the oldest.",
)
def test_each_package_is_the_oldest_that_is_allowed() -> None:
    """As far as its range says it: of 2.2 any 2.2.x. None of them asks for more of another."""
    newer = {}
    extras = PROJECT["optional-dependencies"]
    for asked in [*PROJECT["dependencies"], *extras["test"], *extras["hub"]]:
        requirement = Requirement(asked)
        (oldest,) = (Version(end.version) for end in requirement.specifier if end.operator == ">=")
        installed = version(requirement.name)
        if Version(installed).release[: len(oldest.release)] != oldest.release:
            newer[asked] = installed
    assert newer == {}
