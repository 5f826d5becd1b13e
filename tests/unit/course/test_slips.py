"""What no header can hold: the sentence in place of a traceback."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial.course import slips
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import Token

VALUE = "dal:not_a_real_token_0000000000"
TOKEN = Token(
    access_token=Secret(VALUE),
    account_id="",
    organization_id="",
    client_id="",
    scopes=frozenset(),
    expires_in=60,
    expires_at=datetime.now(UTC),
)
DOTS = "It has dots in it, which stand for something hidden."


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"headers": {"Authorization": f"Bearer {TOKEN}"}}, DOTS),
        ({"headers": {"Authorization": f"Bearer {TOKEN.access_token!r}"}}, DOTS),
        ({"headers": {"Authorization": "Bearer dal:••••••••"}}, DOTS),
        ({"headers": {"Authorization": "Bearer dal:not_a_real…"}}, DOTS),
        ({"auth": ("not-a-real-account", "••••••••")}, DOTS),
        ({"headers": {"Authorization": f"Bearer \u200b{VALUE}"}}, "shows nothing"),
        ({"headers": {"Authorization": "Bearer dal:n\u043et_a_real"}}, "CYRILLIC SMALL LETTER O"),
        ({"headers": {"Authorization": TOKEN}}, "one line of text"),
        ({"headers": {"Authorization": f"Bearer {VALUE}\n"}}, "one line of text"),
    ],
)
def test_what_no_header_can_hold_is_said_in_a_sentence(arguments: Any, why: str) -> None:
    with StandIn() as server, pytest.raises((ValueError, requests.RequestException)) as caught:
        requests.post(server.origin, timeout=9, **arguments)
    assert isinstance(caught.value, UnicodeEncodeError | requests.exceptions.InvalidHeader)
    explained = slips.explain(caught.value)
    assert explained is not None
    assert "was not sent" in explained.what
    assert why in explained.why
    assert "token.access_token" in explained.remedy
    assert VALUE not in str(explained)


def test_other_texts_that_can_t_be_encoded_are_left_alone() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        "••••".encode("latin-1")
    assert slips.explain(caught.value) is None
