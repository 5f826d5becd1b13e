"""A step once done stays done: what forms accepted and received belongs to the kernel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import memory
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp, catch_up
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.masking import mask
from lc_tutorial.oauth import build_authorization_url
from lc_tutorial.platforms import LIVE, Platform
from lc_tutorial.sandbox.learner import Learner
from tests.unit.filling import CLIENT_ID, ELSEWHERE, SECRET, enter, free_port, link, press, spoken

OTHER_ID = "fedcba9876543210" * 2
CODE = "dal:not-a-real-code-not-a-real-"


@pytest.fixture(autouse=True)
def nobody_waits_on() -> Any:
    yield
    if AuthorizationForm._waiting is not None:
        AuthorizationForm._waiting.retire()


class TestTheApp:
    def test_a_form_made_anew_has_it_and_says_so(self) -> None:
        enter(CredentialsForm(LIVE), CLIENT_ID, SECRET, ELSEWHERE)
        again = CredentialsForm(LIVE)
        assert again.entered == (CLIENT_ID, SECRET, ELSEWHERE)
        assert "entered before" in spoken(again)
        assert (again._id_field.value, again._uri_field.value) == (CLIENT_ID, ELSEWHERE)
        assert "received" in again._secret_field.placeholder

    def test_it_belongs_to_its_platform(self, sandbox: Platform) -> None:
        enter(CredentialsForm(LIVE), CLIENT_ID, SECRET, ELSEWHERE)
        assert not CredentialsForm(sandbox).is_complete

    def test_it_can_be_started_over(self) -> None:
        enter(CredentialsForm(LIVE), CLIENT_ID, SECRET, ELSEWHERE)
        again = CredentialsForm(LIVE)
        press(again, "Start over")
        assert not again.is_complete
        assert (again._id_field.value, again._uri_field.value) == ("", "")
        assert not CredentialsForm(LIVE).is_complete

    def test_the_id_changes_and_the_secret_is_not_typed_again(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        form._uri_field.value = f"{ELSEWHERE}/x"
        press(form, "Use these")
        assert form.entered == (CLIENT_ID, SECRET, f"{ELSEWHERE}/x")
        # The secret of one app is not that of another.
        form._id_field.value = OTHER_ID
        press(form, "Use these")
        assert "The Client Secret is empty" in spoken(form)
        assert form.client_id == CLIENT_ID


Change = Callable[[CredentialsForm], None]


def put(name: str, text: str) -> Change:
    return lambda form: setattr(getattr(form, name), "value", text)


class TestNotUsedYet:
    @pytest.mark.parametrize(
        ("change", "label"),
        [
            (put("_id_field", OTHER_ID), "Client Id"),
            (put("_id_field", SECRET), "Client Id"),
            (put("_secret_field", "not-a-real-secret-either"), "Client Secret"),
            (put("_uri_field", f"{ELSEWHERE}/"), "Redirect URI"),
            (put("_uri_field", ""), "Redirect URI"),
            (put("_type", "javascript"), "Client type"),
        ],
    )
    def test_it_is_said_in_the_form_and_in_the_check(self, change: Change, label: str) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        assert form.not_used_yet == ()
        assert lc.check_app(form).passed
        change(form)
        assert form.not_used_yet == (label,)
        assert "Not used yet" in spoken(form)
        assert "Done." not in spoken(form)
        assert f"not used yet ({label})" in repr(lc.check_app(form))
        assert not lc.check_app(form).passed
        assert form.entered == (CLIENT_ID, SECRET, ELSEWHERE)

    def test_put_back_it_is_used(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        form._uri_field.value = f"{ELSEWHERE}/"
        form._uri_field.value = f" {ELSEWHERE}"
        form._secret_field.value = SECRET
        assert form.not_used_yet == ()
        assert "The fields say what is used" in spoken(form)
        assert lc.check_app(form).passed

    def test_after_a_refused_attempt(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        form._id_field.value = CLIENT_ID[:-1]
        press(form, "Use these")
        assert "What to do" in spoken(form)
        assert f"Not used yet.</b> Until then the app <code>{CLIENT_ID}" in spoken(form)
        assert form.client_id == CLIENT_ID
        assert not lc.check_app(form).passed
        form._id_field.value = CLIENT_ID
        assert lc.check_app(form).passed

    def test_before_anything_is_used(self) -> None:
        form = CredentialsForm(LIVE)
        form._id_field.value = CLIENT_ID
        assert form.not_used_yet == ()
        assert not lc.check_app(form).passed


@pytest.mark.parametrize(
    "slip",
    [
        (CLIENT_ID, ELSEWHERE, ELSEWHERE),
        (ELSEWHERE, SECRET, CLIENT_ID),
        (CLIENT_ID[:-1], SECRET, ELSEWHERE),
        (CLIENT_ID, CLIENT_ID, ELSEWHERE),
    ],
)
def test_what_is_public_is_no_secret_for_a_slip(slip: tuple[str, str, str]) -> None:
    form = CredentialsForm(LIVE)
    enter(form, *slip)
    assert "What to do" in spoken(form)
    enter(form, CLIENT_ID, SECRET, ELSEWHERE)
    assert (form._id_field.value, form._uri_field.value) == (CLIENT_ID, ELSEWHERE)
    url = link()
    assert mask(url) == url
    assert SECRET not in mask(f"with {SECRET}")


class TestAPublicClient:
    def test_it_has_no_secret(self) -> None:
        form = CredentialsForm(LIVE)
        form._type.value = "javascript"
        assert form._secret_field.layout.display == "none"
        enter(form, CLIENT_ID, "", ELSEWHERE)
        assert form.entered == (CLIENT_ID, None, ELSEWHERE)
        assert "two values" in spoken(form)
        assert "this app has no secret" in repr(lc.check_app(form))
        again = CredentialsForm(LIVE)
        assert again.client_secret is None
        assert again._type.value == "javascript"

    def test_a_secret_typed_before_is_not_sent(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        form._type.value = "javascript"
        press(form, "Use these")
        assert form.client_secret is None
        assert form.not_used_yet == ()


class TestTheCode:
    ADDRESS = f"{ELSEWHERE}?code={CODE}&state=the-state-of-this-link"

    def received(self) -> AuthorizationForm:
        form = AuthorizationForm(LIVE, link())
        form._paste_field.value = self.ADDRESS
        return form

    def test_a_form_made_anew_for_the_same_link_has_it(self) -> None:
        first = self.received()
        again = AuthorizationForm(LIVE, link())
        assert again.code == CODE
        assert again.received_at == first.received_at
        assert "arrived before" in spoken(again)
        assert lc.check_authorization(again).passed

    def test_what_is_refused_later_changes_nothing_and_that_is_said(self) -> None:
        form = self.received()
        form._paste_field.value = "hello"
        assert "What to do" in spoken(form)
        assert "Not used.</b> The code that arrived before" in spoken(form)
        assert form.code == CODE

    def test_not_for_another_link(self) -> None:
        self.received()
        assert not AuthorizationForm(LIVE, link(state="another-state-of-a-link")).is_complete

    def test_not_when_it_is_old(self) -> None:
        self.received()
        arrived = memory.arrived_code("the-state-of-this-link")
        assert arrived is not None
        arrived.seen.received_at -= timedelta(minutes=5)
        again = AuthorizationForm(LIVE, link())
        assert not again.is_complete
        assert "over 5 minutes old" in spoken(again)
        assert "Follow the link" in spoken(again)

    def test_not_when_it_was_exchanged(self) -> None:
        self.received()
        arrived = memory.arrived_code("the-state-of-this-link")
        assert arrived is not None
        arrived.seen.exchanged = True
        again = AuthorizationForm(LIVE, link())
        assert not again.is_complete
        assert "was exchanged" in spoken(again)

    def test_it_can_be_started_over(self) -> None:
        self.received()
        again = AuthorizationForm(LIVE, link())
        press(again, "Start over")
        assert not again.is_complete
        assert again.received_at is None
        assert "Follow the link" in spoken(again)
        assert not AuthorizationForm(LIVE, link()).is_complete

    def test_it_arrives_by_itself_at_a_form_that_was_made_anew_meanwhile(self) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        old = AuthorizationForm(LIVE, link(redirect_uri))
        new = AuthorizationForm(LIVE, link(redirect_uri))
        assert old._listener is None
        requests.get(
            redirect_uri, params={"code": CODE, "state": "the-state-of-this-link"}, timeout=5
        )
        assert new.code == CODE
        assert AuthorizationForm(LIVE, link(redirect_uri)).code == CODE

    @pytest.mark.parametrize("again", ["Start over", "a new link"])
    def test_another_arrives_where_one_has_arrived(self, again: str) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        first = form = AuthorizationForm(LIVE, link(redirect_uri))
        sent = {"code": CODE, "state": form.request.state}
        requests.get(redirect_uri, params=sent, timeout=5)
        assert form.code == CODE
        if again == "Start over":
            press(form, again)
        else:
            form = AuthorizationForm(LIVE, link(redirect_uri, state="another-state-of-a-link"))
            # It has its code: nothing was taken from it.
            assert "taken over" not in spoken(first)
        sent = {"code": f"{CODE}another", "state": form.request.state}
        assert "has arrived" in requests.get(redirect_uri, params=sent, timeout=5).text
        assert form.code == f"{CODE}another"


class TestCatchingUp:
    def test_it_leads_to_the_end_of_notebook_01(self, sandbox: Platform) -> None:
        session = catch_up(sandbox)
        assert session.app is not None
        assert session.authorization is not None
        assert lc.check_app(session.app).passed
        assert lc.check_authorization(session.authorization).passed
        assert lc.check_token(session.token).passed  # type: ignore[arg-type]
        lab = lc.RequestLab(sandbox, session.app, session.authorization, session.token)
        lab._send_once()
        assert lab.response.status_code == 200
        assert lc.check_chats(lab.response, lab.tables).passed

    def test_what_was_entered_before_is_not_lost(self, sandbox: Platform) -> None:
        form = CredentialsForm(sandbox)
        form.do_it_for_me()
        session = CatchUp(sandbox)
        assert session.app is not None
        assert session.app.client_id != form.client_id
        assert CredentialsForm(sandbox).client_id == form.client_id

    def test_with_a_token_that_was_pasted_there_is_no_app(self, sandbox: Platform) -> None:
        token = CatchUp(sandbox).token
        session = CatchUp(replace(sandbox, name="live", login=None))
        session._pasted.value = str(token.access_token)  # type: ignore[union-attr]
        assert (session.app, session.authorization) == (None, None)
        lab = lc.RequestLab(sandbox, session.app, session.authorization, session.token)
        lab._send_once()
        assert lab.response.status_code == 200


def test_a_javascript_app_goes_through_the_cells_of_the_notebook(sandbox: Platform) -> None:
    assert sandbox.login is not None
    learner = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    browser = learner._browser
    page = learner._act_as_myself(browser.open(f"{sandbox.accounts_url}/console/"))
    page = browser.click(page, page.need("a", id="create-app"))
    page = browser.press(page, page.need("button", id="create"), {"name": "In the browser"})
    page = browser.click(page, page.need("a", id="get-started"))
    chosen = {"client_type": ("javascript",)}
    page = browser.press(page, page.need("button", id="continue"), ticked=chosen)
    assert page.find("input", id="client-secret") is None
    client_id = page.need("input", id="client-id").get("value")
    page = learner._change(page, "add-redirect-uri", {"typed_uri": ELSEWHERE})
    page = learner._change(page, "save-client")
    page = learner._change(page, "add-scope", ticked={"scope": ("chats--all:ro",)})
    learner._change(page, "save-scopes")

    app = CredentialsForm(sandbox)
    app._type.value = "javascript"
    enter(app, client_id, "", ELSEWHERE)
    assert lc.check_app(app).passed
    pkce = lc.Pkce.new()
    url = build_authorization_url(
        sandbox,
        client_id=app.client_id,
        redirect_uri=app.redirect_uri,
        state=lc.new_state(),
        pkce=pkce,
    )
    authorization = AuthorizationForm(sandbox, url)
    authorization.receive(learner.authorize(url))
    response = requests.post(
        sandbox.token_url,
        timeout=30,
        data={
            "grant_type": "authorization_code",
            "code": authorization.code,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "code_verifier": pkce.verifier,
        },
    )
    assert response.status_code == 200, response.text
    assert "client_secret" not in str(response.request.body)
    assert lc.check_token(lc.Token.from_response(response)).passed


def test_after_catching_up_in_a_new_kernel_the_form_of_step_1_is_done(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    assert session.app is not None
    assert CredentialsForm(sandbox).entered == session.app.entered
