"""From one token to another that may do more: by hand, done for the learner, and live."""

from dataclasses import replace

import pytest
from filling import find, press

import lc_tutorial as lc
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.forms import scripted
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.more_scopes import MoreScopes, ask_for_more
from lc_tutorial.oauth import Credentials, Token
from lc_tutorial.platforms.platform import LIVE, Platform

REDIRECT_URI = "http://127.0.0.1:8377/callback"
WANTED = ("chats--all:rw", "tags--all:rw")


def said(form: MoreScopes) -> str:
    return str(form._speech.value)


def link(form: MoreScopes) -> AuthorizationForm:
    (authorization,) = form._rest.children
    assert isinstance(authorization, AuthorizationForm)
    return authorization


def test_it_is_done_for_the_learner(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    form = MoreScopes(session, WANTED)
    with pytest.raises(StepIncomplete, match="no token with these scopes"):
        _ = form.token
    press(form, "Do all of it for me")
    assert isinstance(form.token, Token)
    assert form.token.scopes == {"chats--all:ro", *WANTED}
    assert lc.what_can(session.token).scopes == ("chats--all:ro",), "the first one is as it was"


def test_and_by_itself_where_nobody_watches(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_TUTORIAL_AUTOPILOT", "1")
    form = ask_for_more(CatchUp(sandbox), ["chats--all:rw"])
    assert "chats--all:rw" in form.token.scopes  # type: ignore[union-attr]


def test_by_hand_with_a_scope_forgotten(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    form = MoreScopes(session, WANTED)
    assert session.app is not None
    scripted.widen_app(sandbox, session.app.client_id, WANTED[:1])
    link(form).do_it_for_me()
    assert "lacks <code>tags--all:rw</code>" in said(form)
    assert not form.is_complete
    scripted.widen_app(sandbox, session.app.client_id, WANTED[1:])
    link(form).do_it_for_me()
    assert "A new token" in said(form)
    assert form.is_complete


def test_a_token_that_has_them_is_kept(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    form = MoreScopes(session, ["chats--access:ro"])
    assert form.token is session.token
    assert "has these scopes already" in said(form)


def test_live_nobody_does_it_for_the_learner(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    session.platform = replace(sandbox, name="live", login=None)
    form = MoreScopes(session, WANTED)
    assert "lc-do-it-for-me" not in str([child._dom_classes for child in form.children])
    assert link(form).request.client_id == session.app.client_id  # type: ignore[union-attr]


def test_of_a_pasted_token_it_says_what_to_do(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    session._app = None
    form = MoreScopes(session, WANTED)
    assert "can&#x27;t get more scopes" in said(form)
    assert not form.is_complete


def test_a_personal_access_token_is_taken_as_it_is(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    session._token = lc.PersonalAccessToken("not-an-account", lc.Secret("dal:not-a-real-token"))
    form = MoreScopes(session, WANTED)
    assert form.token is session.token
    assert "personal access token" in said(form)


def test_run_again_it_is_the_same_form(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    first = ask_for_more(session, list(WANTED))
    assert ask_for_more(session, WANTED) is first
    assert ask_for_more(session, "chats--all:rw") is not first


def test_what_is_no_session_is_refused(sandbox: Platform) -> None:
    for other in (sandbox, CatchUp(sandbox).token, None):
        with pytest.raises(InputError, match="not a session"):
            ask_for_more(other, WANTED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scopes", "installed", "is_said"),
    [
        (WANTED, False, False),
        (("webhooks--my:rw",), True, False),
        (("webhooks--my:rw",), False, True),
    ],
)
def test_installing_is_asked_for_where_it_is_to_be_done(
    sandbox: Platform, scopes: tuple[str, ...], installed: bool, is_said: bool
) -> None:
    session = CatchUp(sandbox)
    assert session.app is not None
    app = scripted.configure_app(sandbox) if installed else not_installed(sandbox)
    session._app = CredentialsForm(sandbox, known=app)
    form = MoreScopes(session, scopes)
    assert ("Private installation" in find(form, "lc-steps").value) is is_said


def not_installed(sandbox: Platform) -> Credentials:
    """An app that its author alone may use."""
    learner = scripted._learner(sandbox)
    made = learner.create_app("Mine", redirect_uri=REDIRECT_URI, scopes=("chats--all:ro",))
    return Credentials(made.client_id, lc.Secret(made.client_secret), REDIRECT_URI)


def test_live_it_is_asked_for_in_any_case(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    session.platform = LIVE
    form = MoreScopes(session, ("webhooks--my:rw",))
    assert "unless it is published" in find(form, "lc-steps").value
