"""The countdown knows when the token ends, and nothing else of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.errors import InputError

TOKEN = lc.Token(
    access_token=lc.Secret("dal:not-a-real-token-at-all"),
    account_id="",
    organization_id="",
    client_id="",
    scopes=frozenset(),
    expires_in=28800,
    expires_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)


def test_it_ends_with_the_token() -> None:
    shown = lc.countdown(TOKEN)
    assert shown.ends_at == 1_767_323_045_000
    assert "not-a-real-token" not in repr(shown.get_state())
    assert repr(shown) == "A countdown of what is left of the access token's life."


@pytest.mark.parametrize("given", [replace(TOKEN, expires_at=None), "token", None])
def test_nothing_to_count_down(given: Any) -> None:
    with pytest.raises(InputError, match="nothing to count down"):
        lc.countdown(given)
