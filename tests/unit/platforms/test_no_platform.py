"""What takes a platform says so where it is given something else."""

from collections.abc import Callable
from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.errors import InputError

TAKES = [
    lambda given: lc.CredentialsForm(given),
    lambda given: lc.AuthorizationForm(given, "https://accounts.livechat.com/"),
    lambda given: lc.catch_up(given),
    lambda given: lc.RequestLab(given),
    lambda given: lc.AgentChat(given, "dal:not_a_real_token_0000000000"),
    lambda given: lc.write_standalone(given),
]


@pytest.mark.parametrize("take", TAKES)
@pytest.mark.parametrize("given", ["sandbox", {}, lc.connect, None])
def test_it_is_refused_before_anything_is_made(take: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(InputError) as caught:
        take(given)
    assert caught.value.what == "This is not a platform."
    assert "platform = lc.connect()" in caught.value.remedy
