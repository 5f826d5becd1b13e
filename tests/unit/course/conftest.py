"""Somebody who caught up, for the checks of notebook 03."""

import pytest

from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token
from lc_tutorial.platforms.platform import Platform
from tests.unit.course.checked import renewed


@pytest.fixture(scope="module")
def session(sandbox: Platform) -> CatchUp:
    """Somebody who caught up with a server-side app."""
    return CatchUp(sandbox)


@pytest.fixture
def token(session: CatchUp) -> Token:
    """A token that lives, and that this kernel has seen."""
    return renewed(session)
