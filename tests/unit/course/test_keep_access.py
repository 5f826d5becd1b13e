"""The checks of notebook 03, with right and wrong answers, against a real sandbox."""

from dataclasses import replace
from typing import Any

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.course import keep_access
from lc_tutorial.errors import ConnectionProblem, InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token, revoke
from lc_tutorial.platforms.platform import LIVE, Platform
from tests.unit.course.checked import missing, renewed

# --- Caught up ------------------------------------------------------------------------------------


def test_all_is_there(session: CatchUp) -> None:
    check = lc.check_catch_up(session)
    assert check.passed
    assert "All is here" in repr(check)


def test_a_form_that_waits_is_missing_not_an_error() -> None:
    assert missing(lc.check_catch_up(CatchUp(LIVE))) == ["A token. Fill in the form above."]


def test_a_token_that_was_pasted_has_no_app(session: CatchUp) -> None:
    pasted = CatchUp(replace(session.platform, name="live", login=None))
    pasted._pasted.value = str(session.token.access_token)
    (said,) = missing(lc.check_catch_up(pasted))
    assert said.startswith("Your app:")
    pasted._token = lc.PersonalAccessToken("an-account", lc.Secret("not-a-real-token"))
    (said,) = missing(lc.check_catch_up(pasted))
    assert said.startswith("An access token: a personal access token can't be refreshed")


def test_a_token_without_a_refresh_token(session: CatchUp) -> None:
    made = CatchUp(LIVE)
    made._token = replace(session.token, refresh_token=None)
    made._app = session.app
    assert missing(lc.check_catch_up(made))[0].startswith("A refresh token.")


@pytest.mark.parametrize(
    ("wrong", "named"), [(None, "None"), ("a session", "A str"), (CatchUp, "The class CatchUp")]
)
def test_only_what_caught_up_is_checked(wrong: Any, named: str) -> None:
    with pytest.raises(InputError, match=f"^{named}.* is not what this checks"):
        lc.check_catch_up(wrong)


# --- Refreshed ------------------------------------------------------------------------------------


def test_a_new_token(session: CatchUp, token: Token) -> None:
    check = lc.check_renewed(token, renewed(session))
    assert check.passed
    assert "The refresh token is the same as before" in repr(check)


def test_a_javascript_apps_new_token_has_another_refresh_token(sandbox: Platform) -> None:
    session = CatchUp(sandbox, "javascript")
    check = lc.check_renewed(session.token, renewed(session))
    assert check.passed
    assert "The refresh token is a new one: keep it" in repr(check)


def test_what_is_no_new_token(session: CatchUp, token: Token) -> None:
    assert missing(lc.check_renewed(token, token))[0].startswith("A new access token:")
    other = CatchUp(session.platform).token
    assert missing(lc.check_renewed(token, other))[0].startswith("A token for the same account")


def test_a_new_token_that_does_not_live(token: Token) -> None:
    strange = replace(token, access_token=lc.Secret("dal:not-a-real-token-at-all"))
    (said,) = missing(lc.check_renewed(token, strange))
    assert said == "A token that lives. This kernel did not see it issued."


def test_a_new_token_that_was_revoked(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    new = renewed(session)
    check = lc.check_revoked(new)
    assert missing(check)[0].startswith("A token that is revoked: this one lives")
    revoke(sandbox, new.access_token)
    (said,) = missing(lc.check_renewed(session.token, new))
    assert said.startswith("A token that lives. The access token was revoked.")
    check = lc.check_revoked(new)
    assert check.passed
    assert "in pairs" in repr(check)


def test_what_differs_is_noted(token: Token, session: CatchUp) -> None:
    new = renewed(session)
    narrower = repr(lc.check_renewed(replace(token, scopes=frozenset({"a", "b"})), new))
    assert "a scope was sent along" in narrower
    without = repr(lc.check_renewed(token, replace(new, refresh_token=None)))
    assert "No refresh token came with it" in without


def test_an_answer_is_no_token(token: Token) -> None:
    with pytest.raises(InputError, match="check_renewed"):
        lc.check_renewed(token, requests.Response())  # type: ignore[arg-type]
    with pytest.raises(InputError, match="check_revoked"):
        lc.check_revoked("a token")  # type: ignore[arg-type]


# --- Revoked --------------------------------------------------------------------------------------


def test_a_token_that_ended_otherwise_was_not_revoked_by_you(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    assert session.app is not None
    lc.Control.of(sandbox).end_access(session.app.client_id)
    check = lc.check_revoked(session.token)
    assert "not because you revoked it" in missing(check)[0]
    assert "in pairs" not in repr(check)


def test_where_nobody_answers_no_token_is_known_to_be_revoked(
    token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: Any) -> Token:
        raise ConnectionProblem.from_exception(requests.ConnectionError())

    monkeypatch.setattr(keep_access, "inspect_at", nobody)
    check = lc.check_revoked(token)
    assert "it could not be asked" in missing(check)[0]
    assert "in pairs" not in repr(check)


def test_a_token_that_this_kernel_has_not_seen_is_not_known_to_be_revoked(token: Token) -> None:
    strange = replace(token, access_token=lc.Secret("dal:not-a-real-token-at-all"))
    check = lc.check_revoked(strange)
    assert "did not see" in missing(check)[0]
    assert "in pairs" not in repr(check)
