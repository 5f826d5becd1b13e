"""The way from a form to a page: a link, a button that opens it here, or both."""

from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.frame.page_frame import PageFrame
from lc_tutorial.forms.other_ways import ExampleAppForm, PersonalTokenForm
from lc_tutorial.platforms import LIVE, Platform, jupyter
from tests.unit.filling import buttons_of, every, find, free_port, spoken


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is on another machine, and has said so."""
    monkeypatch.setattr(jupyter, "_told", "https://far.example")


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyter, "_told", "http://localhost:8888")


def links(form: Any) -> str:
    return "".join(getattr(each, "value", "") for each in every(form) if hasattr(each, "value"))


def is_offered(form: Any) -> bool:
    return find(form, "lc-open-here").layout.display != "none"


def frame_in(form: Any) -> PageFrame | None:
    return next((each for each in every(form) if isinstance(each, PageFrame)), None)


FORMS = [CredentialsForm, PersonalTokenForm, ExampleAppForm]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("near")
def test_where_the_browser_gets_there_it_is_a_link(form: Any, sandbox: Platform) -> None:
    made = form(sandbox)
    assert sandbox.accounts_url in links(made)
    assert not is_offered(made)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("far")
def test_where_it_does_not_the_page_opens_in_the_form(form: Any, sandbox: Platform) -> None:
    made = form(sandbox)
    assert "<a class" not in links(made)
    assert is_offered(made)
    assert frame_in(made) is None
    find(made, "lc-open-here").click()
    first = frame_in(made)
    assert first is not None
    # Closed as a tab is; who opens it again is still signed in.
    first._handle_custom_msg({"kind": "close"}, [])
    assert frame_in(made) is None
    find(made, "lc-open-here").click()
    assert frame_in(made) is first


@pytest.mark.usefixtures("near")
def test_where_nobody_knows_there_are_both(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSCODE_PID", "1")
    form = CredentialsForm(sandbox)
    assert "lc-console" in links(form)
    assert find(form, "lc-open-here").description == "Open the Developer Console here"
    assert is_offered(form)


@pytest.mark.usefixtures("far")
def test_the_live_platform_has_links(monkeypatch: pytest.MonkeyPatch) -> None:
    form = CredentialsForm(LIVE)
    assert "lc-console" in links(form)
    assert "Open the Developer Console here" not in [each.description for each in buttons_of(form)]


@pytest.mark.usefixtures("near")
def test_a_browser_that_says_where_it_is(sandbox: Platform) -> None:
    form = CredentialsForm(sandbox)
    form._courier._handle_custom_msg({"shown": True, "origin": "https://far.example"}, [])
    assert is_offered(form)
    assert "lc-console" not in links(form)


@pytest.mark.usefixtures("far")
def test_step_2_says_that_it_opens_here_and_that_the_code_arrives(sandbox: Platform) -> None:
    url = f"{sandbox.authorization_url}?response_type=code&client_id={'0' * 32}&state=st"
    here = f"http://127.0.0.1:{free_port()}/callback"
    form = AuthorizationForm(sandbox, f"{url}&redirect_uri={here}")
    assert "it opens here" in spoken(form)
    assert "arrives by itself" in spoken(form)
    form.explain(lc.TutorialError(what="Something", why="was", remedy="wrong."))
    find(form, "lc-open-here").click()
    assert "it opens here" in spoken(form), "what was wrong before is over"
    elsewhere = AuthorizationForm(sandbox, f"{url}&redirect_uri=https://app.example/callback")
    assert "Open the page. Your redirect URI is not on this machine" in spoken(elsewhere)


@pytest.mark.usefixtures("far")
def test_the_inbox_opens_in_the_notebook(sandbox: Platform) -> None:
    shown = lc.inbox(sandbox, "a chat")
    assert isinstance(shown, PageFrame)
    assert shown._next == f"{sandbox.accounts_url}/console/inbox/a%20chat"
