"""What a person sees of the address where the browser ended."""

from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.display.redirected import Redirected
from lc_tutorial.errors import InputError

CALLBACK = "http://127.0.0.1:8377/callback"
CODE = "dal%3Anot_a_real_code_0000000000"
LOST = "https://accounts.livechat.com/ooops"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (
            f"{CALLBACK}?code={CODE}&state=mine",
            [f"ended at {CALLBACK}", "code = dal:••••••••", "state = the one that you sent"],
        ),
        (
            f"{CALLBACK}?code={CODE}&state=theirs",
            ["state = not the one that you sent", "This code answers another request."],
        ),
        (f"{CALLBACK}?code={CODE}", ["code = dal:••••••••", "The state did not come back."]),
        (
            f"{LOST}?oauth_exception=invalid_request&exception_details=invalid_redirect_uri",
            [
                f"ended at {LOST}",
                "oauth_exception = invalid_request",
                "exception_details = invalid_redirect_uri",
                "refused the redirect URI",
            ],
        ),
        (
            f"{CALLBACK}#access_token=dal%3Anot_a_real_token_000000000&expires_in=28800",
            ["access_token = ", "expires_in = 28800", "brings an access token, not a code"],
        ),
        (f"{CALLBACK}?", [f"ended at {CALLBACK}", "There is no code in this address."]),
        ("http://[/?code=x", ["an address that can't be read"]),
    ],
)
def test_what_came_back(capsys: pytest.CaptureFixture[str], address: str, shown: list[str]) -> None:
    lc.show_redirect(address, "mine")
    printed = capsys.readouterr().out
    for text in shown:
        assert text in printed
    assert "not_a_real" not in printed


def test_as_html() -> None:
    made = Redirected.from_address(f"{CALLBACK}?code={CODE}&error_description=<b>x</b>", "mine")
    html = made._repr_html_()
    assert "&lt;b&gt;x" in html
    assert "dal:••••••••" in html
    assert "not_a_real" not in html + repr(made)


def test_a_code_that_is_yours_needs_no_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    lc.show_redirect(f"{CALLBACK}?code={CODE}&state=mine", "mine")
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("given", [(None, "s"), (CALLBACK, None), ({"code": "x"}, "s")])
def test_what_is_no_address_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="show_redirect takes an address and the state"):
        lc.show_redirect(*given)
