"""What was typed in the wrong place, and then put right: what is public is public again."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
from fakes import KINDS, pair
from stand_in import platform_at

from lc_tutorial import masking, memory
from lc_tutorial.masking import DOTS, Secret, mask
from lc_tutorial.oauth import check_credentials

CLIENT_ID = "0123456789abcdef" * 2
URI = "http://127.0.0.1:8377/callback"
SECRET = KINDS["client secret"]
PLATFORM = platform_at("http://127.0.0.1:1")


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


@pytest.mark.parametrize(
    "slip",
    [URI, f"{URI}/", CLIENT_ID, CLIENT_ID[:31], CLIENT_ID[1:], f"{CLIENT_ID}&redirect_uri={URI}"],
)
def test_a_public_value_in_the_secrets_field_then_everything_right(slip: str) -> None:
    # What the form does with whatever comes into the field of the secret.
    Secret(slip)
    check_credentials(CLIENT_ID, SECRET, URI, platform=PLATFORM)
    shown = urlencode({"client_id": CLIENT_ID, "redirect_uri": URI})
    assert mask(f"{shown} {CLIENT_ID} {URI}") == f"{shown} {CLIENT_ID} {URI}"
    assert mask(SECRET) == DOTS


def test_an_id_and_a_secret_that_look_alike_swapped_then_put_right() -> None:
    other = KINDS["client secret in hex"]
    check_credentials(other, CLIENT_ID, URI, platform=PLATFORM)
    check_credentials(CLIENT_ID, other, URI, platform=PLATFORM)
    assert mask(f"{CLIENT_ID} {other}") == f"{CLIENT_ID} {DOTS}"


def test_an_old_secret_stays_one() -> None:
    check_credentials(CLIENT_ID, KINDS["client secret in hex"], URI, platform=PLATFORM)
    check_credentials(CLIENT_ID, SECRET, URI, platform=PLATFORM)
    assert mask(KINDS["client secret in hex"]) == DOTS


def test_a_pair_made_by_hand_is_known_from_the_answer_that_is_shown() -> None:
    token = KINDS["personal access token"]
    response = requests.Response()
    response.url, response.status_code = "http://127.0.0.1:1/v3.6/agent/action/list_chats", 200
    response.request = requests.Request(
        "POST", response.url, headers={"Authorization": f"Basic {pair(token)}"}
    ).prepare()
    memory.observe(response)
    assert mask(pair(token)) == DOTS
    assert mask(token[4:]) == DOTS


def test_a_word_in_the_place_of_a_token_stays_a_word() -> None:
    mask("Authorization: Bearer dal:undefined")
    masking.remember("undefined")
    mask('{"headers": {"Authorization": "Bearer undefined"}}')
    assert mask("Is it undefined?") == "Is it undefined?"
