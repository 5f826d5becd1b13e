"""Somebody else's code, for the question what an app makes of it."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

import lc_tutorial as lc
from lc_tutorial import oauth
from lc_tutorial.errors import InputError, RedirectError, TokenError, TutorialError
from lc_tutorial.oauth import Credentials
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.learner import Learner


def test_their_code_answers_their_link(sandbox: Platform) -> None:
    app = lc.CredentialsForm(sandbox)
    app.do_it_for_me()
    address = lc.redirect_of_somebody_else(sandbox, app)
    came = parse_qs(urlsplit(address).query)
    with pytest.raises(RedirectError, match="another request"):
        oauth.parse_redirect(address, state=lc.new_state())
    token = oauth.exchange(
        sandbox,
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        code=came["code"][0],
    )
    assert sandbox.login is not None
    mine = "b1d5f0a2-6c34-4e8b-9a71-0f3c2e5d8a61"
    assert token.account_id not in ("", mine)


@pytest.mark.parametrize("is_on_a_hub", [False, True])
def test_a_challenge_that_was_changed_on_its_way(sandbox: Platform, is_on_a_hub: bool) -> None:
    """The link that reaches the platform has another challenge than the one the app built."""
    app = lc.CredentialsForm(sandbox)
    app.do_it_for_me()
    pkce, state = lc.Pkce.new(), lc.new_state()
    sent = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": state,
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    # As notebook 01 builds it; on a hub the kernel knows no more of it than the path.
    begin = "/user/mia/proxy/40001" if is_on_a_hub else sandbox.accounts_url
    url = f"{begin}/?{urlencode(sent)}"
    came = parse_qs(urlsplit(lc.redirect_of_somebody_else(sandbox, app, url)).query)
    assert came["state"] == [state]
    with pytest.raises(TokenError, match="not the one whose challenge was in the link") as refused:
        oauth.exchange(
            sandbox,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=app.redirect_uri,
            code=came["code"][0],
            code_verifier=pkce.verifier,
        )
    assert refused.value.name == "invalid_grant"


def test_the_app_is_not_installed(sandbox: Platform) -> None:
    assert sandbox.login is not None
    author = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    made = author.create_app("Mine alone", "http://127.0.0.1:8377/callback")
    app = Credentials(made.client_id, lc.Secret(made.client_secret), made.redirect_uri)
    with pytest.raises(TutorialError, match="Install app"):
        lc.redirect_of_somebody_else(sandbox, app)


def test_not_on_the_live_platform() -> None:
    app = Credentials("0" * 32, None, "http://127.0.0.1:8377/callback")
    with pytest.raises(InputError, match="live platform"):
        lc.redirect_of_somebody_else(LIVE, app)
    with pytest.raises(InputError, match="not a platform"):
        lc.redirect_of_somebody_else(None, app)  # type: ignore[arg-type]
