"""The forms, without a browser: what they take, what they say, and what they keep to themselves."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import ipywidgets as widgets
import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import masking
from lc_tutorial.errors import InputError, StepIncomplete, TutorialError
from lc_tutorial.forms import base
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp, catch_up
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.platform_choice import PlatformChoice
from lc_tutorial.oauth import refresh
from lc_tutorial.platforms import choice, launch
from lc_tutorial.platforms.platform import LIVE, Platform
from tests.unit.filling import (
    CLIENT_ID,
    ELSEWHERE,
    SECRET,
    buttons_of,
    enter,
    every,
    free_port,
    link,
    press,
    spoken,
    state_of,
)


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_CLIENT_ID", "LC_CLIENT_SECRET", "LC_REDIRECT_URI", base.AUTOPILOT_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def no_form_waits_on() -> Iterator[None]:
    yield
    if AuthorizationForm._waiting is not None:
        AuthorizationForm._waiting.retire()


class TestEveryForm:
    @pytest.mark.parametrize(
        "make",
        [PlatformChoice, lambda: CredentialsForm(LIVE), lambda: AuthorizationForm(LIVE, link())],
    )
    def test_it_has_a_sentence_for_places_without_widgets(self, make: Any) -> None:
        form = make()
        plain = form._repr_mimebundle_()["text/plain"]
        assert plain == repr(form)
        assert plain.startswith("A form ")
        assert plain.endswith(".")

    def test_every_field_has_a_label(self) -> None:
        form = CatchUp(LIVE)
        pending: list[Any] = [form]
        fields = 0
        while pending:
            widget = pending.pop()
            pending.extend(getattr(widget, "children", ()))
            if isinstance(widget, widgets.Text | widgets.Password):
                fields += 1
                assert widget.description
        assert fields == 4

    def test_a_failure_of_its_own_is_shown_and_masked(self) -> None:
        form = CredentialsForm(LIVE)
        secret = lc.Secret(SECRET)

        def fail() -> None:
            raise RuntimeError(f"<b>broken</b> with {secret}")

        form.attempt(fail)
        assert "&lt;b&gt;broken" in form._speech.value
        assert SECRET not in form._speech.value
        assert "report it" in spoken(form)

    def test_a_second_click_waits_for_the_first(self) -> None:
        form = CredentialsForm(LIVE)
        calls = []

        def work() -> None:
            calls.append(1)
            button.click()

        button = form.button("Go", work, "lc-go")
        button.click()
        assert calls == [1]
        button.click()
        assert calls == [1, 1]

    def test_messages_begin_with_a_word_not_with_a_colour(self) -> None:
        form = CredentialsForm(LIVE)
        for kind, word in (("done", "Done."), ("waiting", "Waiting."), ("note", "Note.")):
            form.say(kind, "text")
            assert f"<b>{word}</b> text" in form._speech.value


class TestPlatformChoice:
    def test_it_remembers_and_starts_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
        form = PlatformChoice()
        form._buttons.value = "live"
        assert choice.remembered() == "live"
        assert "billed" in spoken(form)
        form._buttons.value = "sandbox"
        assert choice.remembered() == "sandbox"
        assert launch.stop_all() == 0

    def test_opened_again_it_shows_the_choice(self) -> None:
        choice.remember("live")
        assert PlatformChoice()._buttons.value == "live"

    def test_a_folder_that_can_not_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(name: str) -> None:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(choice, "remember", refuse)
        form = PlatformChoice()
        form._buttons.value = "live"
        assert "Read-only file system" in spoken(form)
        assert 'lc.connect("live")' in spoken(form)

    def test_on_binder_live_is_warned_of(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://binder.example")
        form = PlatformChoice()
        form._buttons.value = "live"
        assert "belongs to somebody else" in spoken(form)


class TestCredentials:
    @pytest.mark.parametrize("name", ["client_id", "client_secret", "redirect_uri"])
    def test_before_it_is_done_a_later_cell_is_told(self, name: str) -> None:
        with pytest.raises(StepIncomplete, match="Step 1 is not done yet"):
            getattr(CredentialsForm(LIVE), name)

    def test_it_takes_what_was_copied(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, f"  {CLIENT_ID}\n", f' "{SECRET}" ', f"{ELSEWHERE} ")
        assert (form.client_id, form.redirect_uri) == (CLIENT_ID, ELSEWHERE)
        assert form.client_secret == SECRET
        assert isinstance(form.client_secret, lc.Secret)
        assert "Go on with step 2" in spoken(form)

    def test_the_secret_leaves_the_field_at_once(self) -> None:
        form = CredentialsForm(LIVE)
        form._secret_field.value = SECRET
        assert form._secret_field.value == ""
        assert "received" in form._secret_field.placeholder
        # Typed, not submitted, and not in what Jupyter saves.
        assert SECRET not in state_of(form)
        assert not form._secret_field.continuous_update

    @pytest.mark.parametrize(
        ("client_id", "secret", "redirect_uri", "said"),
        [
            ("", SECRET, ELSEWHERE, "Client Id"),
            (CLIENT_ID, "", ELSEWHERE, "Client Secret"),
            (CLIENT_ID, SECRET, "", "redirect URI"),
            (SECRET, SECRET, ELSEWHERE, "Client Id"),
            (CLIENT_ID, SECRET, "app.example/callback", "http"),
            (CLIENT_ID, SECRET, f"{ELSEWHERE}?x=1", "query"),
            (CLIENT_ID, SECRET, f"{ELSEWHERE}#x", "#"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_lost(
        self, client_id: str, secret: str, redirect_uri: str, said: str
    ) -> None:
        form = CredentialsForm(LIVE)
        enter(form, client_id, secret, redirect_uri)
        assert said.lower() in spoken(form).lower()
        assert "What to do" in spoken(form)
        assert not form.is_complete
        assert SECRET not in spoken(form)
        assert SECRET not in state_of(form)
        if client_id == CLIENT_ID and secret:
            # The secret need not be typed again.
            form._uri_field.value = ELSEWHERE
            press(form, "Use these")
            assert form.client_secret == SECRET

    def test_swapped_fields_are_put_right(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, SECRET, CLIENT_ID, ELSEWHERE)
        assert (form.client_id, form.client_secret) == (CLIENT_ID, SECRET)
        assert "in each other's place; they are swapped now" in spoken(form)
        assert masking.mask(f"{CLIENT_ID} {SECRET}") == f"{CLIENT_ID} {masking.DOTS}"
        assert SECRET not in state_of(form)

    @pytest.mark.parametrize(
        "misplaced", [SECRET, f"{ELSEWHERE}?code=dal%3Anot-a-real-code-not-a-real-", "x" * 40]
    )
    def test_a_secret_in_a_wrong_field_is_not_kept_there(self, misplaced: str) -> None:
        form = CredentialsForm(LIVE)
        form._id_field.value = misplaced
        form._uri_field.value = misplaced
        assert misplaced not in state_of(form)
        assert "but it is no Client Id" in form._id_field.placeholder
        assert "but it is no Redirect URI" in form._uri_field.placeholder
        # A good value replaces it.
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        assert form.is_complete

    def test_a_redirect_uri_with_a_slip_stays_in_sight(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, "app.example/callback")
        assert form._uri_field.value == "app.example/callback"

    def test_a_change_says_that_the_link_is_old(self) -> None:
        form = CredentialsForm(LIVE)
        enter(form, CLIENT_ID, SECRET, ELSEWHERE)
        assert "again in step 2" not in spoken(form)
        form._uri_field.value = f"{ELSEWHERE}/"
        press(form, "Use these")
        assert "Go on with step 2, and build the authorization URL again there." in spoken(form)

    def test_the_environment_fills_it_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("LC_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("LC_REDIRECT_URI", ELSEWHERE)
        form = CredentialsForm(LIVE)
        assert SECRET not in state_of(form)
        press(form, "Use these")
        assert form.client_secret == SECRET

    def test_do_it_for_me_creates_an_app(self, sandbox: Platform) -> None:
        form = CredentialsForm(sandbox)
        press(form, "Do it for me")
        assert len(form.client_id) == 32
        assert form.redirect_uri.endswith("/callback")
        assert str(form.client_secret) not in state_of(form)
        assert lc.check_app(form).passed

    def test_nobody_does_it_on_the_live_platform(self) -> None:
        form = CredentialsForm(LIVE)
        offered = [button.description for button in buttons_of(form)]
        assert offered == ["Use these", "Start over"]
        with pytest.raises(InputError, match="live platform"):
            form.do_it_for_me()

    def test_autopilot_presses_it(self, sandbox: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(base.AUTOPILOT_VARIABLE, "1")
        form = CredentialsForm(sandbox)
        assert form.is_complete
        assert "Autopilot is on" in spoken(form)
        assert not CredentialsForm(LIVE).is_complete

    def test_when_the_sandbox_is_gone_it_says_so(self, sandbox: Platform) -> None:
        from dataclasses import replace

        gone = replace(sandbox, accounts_url=f"http://127.0.0.1:{free_port()}")
        form = CredentialsForm(gone)
        press(form, "Do it for me")
        assert "sandbox" in spoken(form).lower()
        assert "What to do" in spoken(form)


class TestAuthorization:
    CODE = "dal:not-a-real-code-not-a-real-"

    @pytest.mark.parametrize("name", ["code", "state"])
    def test_before_it_is_done_a_later_cell_is_told(self, name: str) -> None:
        with pytest.raises(StepIncomplete, match="Step 2 is not done yet"):
            getattr(AuthorizationForm(LIVE, link()), name)

    @pytest.mark.parametrize(
        "pasted",
        [
            f"{ELSEWHERE}?code=dal%3Anot-a-real-code-not-a-real-&state=the-state-of-this-link",
            f"{ELSEWHERE}/hello-again/?code={CODE}&state=the-state-of-this-link",
            "code=dal%3Anot-a-real-code-not-a-real-&state=the-state-of-this-link",
            "dal%3Anot-a-real-code-not-a-real-",
            f"  {CODE}\n",
        ],
    )
    def test_the_code_can_be_pasted_in_any_form(self, pasted: str) -> None:
        form = AuthorizationForm(LIVE, link())
        form._paste_field.value = pasted
        assert form.code == self.CODE
        assert form.state == "the-state-of-this-link"
        assert form._paste_field.value == ""
        assert "not-a-real-code" not in state_of(form)

    @pytest.mark.parametrize(
        ("pasted", "said"),
        [
            (f"{ELSEWHERE}?code={CODE}&state=another", "Its state is not the one that you sent"),
            (f"{ELSEWHERE}?error=access_denied&state=the-state-of-this-link", "Cancel"),
            (f"{ELSEWHERE}#access_token={CODE}&token_type=Bearer", "access token"),
            (ELSEWHERE, "no code"),
            ("dal", "code"),
            (CLIENT_ID, "Client Id"),
            ("hello", "code"),
        ],
    )
    def test_what_is_wrong_with_it_is_named(self, pasted: str, said: str) -> None:
        form = AuthorizationForm(LIVE, link())
        form._paste_field.value = pasted
        assert said.lower() in spoken(form).lower()
        assert not form.is_complete
        # A second attempt works.
        form._paste_field.value = self.CODE
        assert form.is_complete

    def test_nothing_pasted(self) -> None:
        form = AuthorizationForm(LIVE, link())
        press(form, "Use what I pasted")
        assert "Nothing is pasted yet" in spoken(form)

    def test_the_button_does_not_hide_what_was_just_said(self) -> None:
        form = AuthorizationForm(LIVE, link())
        form._paste_field.value = "hello"
        before = spoken(form)
        press(form, "Use what I pasted")
        assert spoken(form) == before

    def test_it_arrives_by_itself_and_the_listener_rests(self) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        form = AuthorizationForm(LIVE, link(redirect_uri))
        assert "arrives here by itself" in spoken(form)
        answer = requests.get(
            redirect_uri,
            params={"code": self.CODE, "state": "the-state-of-this-link"},
            timeout=5,
        )
        assert "The code has arrived" in answer.text
        assert form.code == self.CODE
        again = requests.get(answer.url, timeout=5)
        assert "The code has arrived" in again.text
        # Followed once more, by somebody else perhaps.
        newer = {"code": f"{self.CODE}-2", "state": "the-state-of-this-link"}
        requests.get(redirect_uri, params=newer, timeout=5)
        assert form.code == newer["code"]
        assert "takes the place of the one before" in spoken(form)

    def test_followed_again_it_is_there_for_another_code(self) -> None:
        """Also where the ten minutes are over in which the listener rests."""
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        form = AuthorizationForm(LIVE, link(redirect_uri))
        came = {"code": self.CODE, "state": "the-state-of-this-link"}
        requests.get(redirect_uri, params=came, timeout=5)
        assert form._listener is not None
        form._listener.stop()
        before = spoken(form)
        form._link_followed("")
        assert spoken(form) == before
        assert not form._listener.is_listening, "and makes room for others"
        newer = {**came, "code": f"{self.CODE}-2"}
        requests.get(redirect_uri, params=newer, timeout=5)
        assert form.code == newer["code"]

    def test_a_wrong_state_is_told_in_the_browser_and_in_the_form(self) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        form = AuthorizationForm(LIVE, link(redirect_uri))
        answer = requests.get(
            redirect_uri, params={"code": self.CODE, "state": "another"}, timeout=5
        )
        assert "not the one that you sent" in answer.text
        assert "not the one that you sent" in spoken(form)
        assert not form.is_complete
        # It still waits for the right one.
        requests.get(
            redirect_uri,
            params={"code": self.CODE, "state": "the-state-of-this-link"},
            timeout=5,
        )
        assert form.is_complete

    def test_a_new_link_takes_over_the_port_and_makes_the_old_state_void(self) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        old = AuthorizationForm(LIVE, link(redirect_uri, "the-old-state"))
        new = AuthorizationForm(LIVE, link(redirect_uri, "the-new-state"))
        assert "A newer link has taken over" in spoken(old)
        assert "arrives here by itself" in spoken(new)
        answer = requests.get(
            redirect_uri, params={"code": self.CODE, "state": "the-old-state"}, timeout=5
        )
        assert "a new link makes the old one void" in answer.text
        assert not old.is_complete
        assert not new.is_complete

    def test_a_taken_port_is_said_and_pasting_works(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            form = AuthorizationForm(LIVE, link(f"http://127.0.0.1:{port}/callback"))
            assert f"port {port} is taken" in spoken(form)
        form._paste_field.value = self.CODE
        assert form.is_complete

    def test_elsewhere_means_pasting(self) -> None:
        assert "not on this machine" in spoken(AuthorizationForm(LIVE, link()))

    def test_on_a_hub_it_tells_of_connection_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
        form = AuthorizationForm(LIVE, link(f"http://127.0.0.1:{free_port()}/callback"))
        assert "connection refused" in spoken(form)

    def test_a_link_without_state_is_refused(self) -> None:
        with pytest.raises(InputError, match="state"):
            AuthorizationForm(LIVE, link().partition("&state")[0])

    def test_what_stands_in_the_link_is_escaped(self) -> None:
        form = AuthorizationForm(LIVE, link(state='"><script>alert(1)</script>'))
        assert "<script>" not in form.children[1].value

    def test_both_bring_the_code_at_once(self) -> None:
        redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        form = AuthorizationForm(LIVE, link(redirect_uri))
        address = f"{redirect_uri}?code={self.CODE}&state=the-state-of-this-link"
        threads = [
            threading.Thread(target=lambda: form.attempt(lambda: form.receive(address)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)
        assert form.code == self.CODE

    def test_do_it_for_me(self, sandbox: Platform) -> None:
        app = CredentialsForm(sandbox)
        press(app, "Do it for me")
        url = (
            sandbox.authorization_url
            + "?"
            + urlencode(
                {
                    "response_type": "code",
                    "client_id": app.client_id,
                    "redirect_uri": app.redirect_uri,
                    "state": lc.new_state(),
                    "prompt": "consent",
                }
            )
        )
        form = AuthorizationForm(sandbox, url)
        press(form, "Do it for me")
        assert form.code.startswith("dal:")
        assert str(form.code) not in state_of(form)
        assert lc.check_authorization(form).passed


class TestCatchUp:
    def test_its_heading_comes_below_the_notebooks_title_and_above_its_parts(self) -> None:
        texts = [each.value for each in every(CatchUp(LIVE)) if isinstance(each, widgets.HTML)]
        headings = re.findall("<h(.)>", " ".join(texts))
        assert headings == ["2", "3"]

    def test_in_the_sandbox_it_just_does_it(self, sandbox: Platform) -> None:
        session = CatchUp(sandbox)
        assert "You have a token" in spoken(session)
        assert lc.check_token(session.token).passed
        assert str(session.token.access_token) not in state_of(session)

    def test_a_living_access_token_is_enough(self, sandbox: Platform) -> None:
        token = CatchUp(sandbox).token
        form = CatchUp(live_at(sandbox))
        with pytest.raises(StepIncomplete, match="no token yet"):
            form.token  # noqa: B018
        form._pasted.value = str(token.access_token)
        assert form.token.access_token == token.access_token
        assert form._pasted.value == ""

    def test_a_dead_one_is_explained(self, sandbox: Platform) -> None:
        form = CatchUp(live_at(sandbox))
        form._pasted.value = "dal:not-a-real-token-not-a-real"
        assert "What to do" in spoken(form)
        assert not form.is_complete

    def test_or_the_credentials_and_one_link(self, sandbox: Platform) -> None:
        app = CredentialsForm(sandbox)
        press(app, "Do it for me")
        form = CatchUp(live_at(sandbox))
        enter(form._credentials, app.client_id, str(app.client_secret), app.redirect_uri)
        authorization = form._rest.children[1]
        assert isinstance(authorization, AuthorizationForm)
        authorization.platform = sandbox
        authorization.do_it_for_me()
        assert "exchanged" in spoken(form)
        assert lc.check_token(form.token).passed

    def test_run_again_it_is_the_same_form(self, sandbox: Platform) -> None:
        first = catch_up(sandbox)
        assert catch_up(sandbox) is first
        assert catch_up(LIVE) is not first

    def test_run_again_when_its_token_has_ended_it_is_another_one(self, sandbox: Platform) -> None:
        first = catch_up(sandbox)
        # Of this the kernel learns nothing: the sandbox knows.
        bearer = {"Authorization": f"Bearer {first.token.access_token}"}
        with urlopen(Request(sandbox.token_url, method="DELETE", headers=bearer)) as answer:
            assert answer.status == 200
        second = catch_up(sandbox)
        assert second is not first
        assert catch_up(sandbox) is second

    def test_with_a_javascript_app_beside_it(self, sandbox: Platform) -> None:
        first, other = catch_up(sandbox), catch_up(sandbox, "javascript")
        assert catch_up(sandbox) is first
        assert catch_up(sandbox, "javascript") is other
        assert other.app is not None
        assert other.app.client_secret is None
        assert lc.check_token(other.token).passed
        renewed = refresh(
            sandbox,
            client_id=other.app.client_id,
            client_secret=None,
            refresh_token=other.token.refresh_token or "",
        )
        assert renewed.refresh_token != other.token.refresh_token

    def test_one_scope_is_a_text(self) -> None:
        form = catch_up(LIVE, scopes="tags--all:ro")
        assert form.scopes == ("tags--all:ro",)
        assert catch_up(LIVE, scopes=["tags--all:ro"]) is form

    def test_of_no_other_type(self, sandbox: Platform) -> None:
        with pytest.raises(InputError, match="no apps of the type 'server'"):
            catch_up(sandbox, "server")


def live_at(sandbox: Platform) -> Platform:
    """The live platform, as the forms see it, at the sandbox's addresses."""
    from dataclasses import replace

    return replace(sandbox, name="live", login=None)


def test_a_form_explains_every_error_of_the_tree() -> None:
    form = CredentialsForm(LIVE)

    def fail() -> None:
        raise TutorialError("Something <b>happened</b>.", "For a reason.", "Do this.")

    form.attempt(fail)
    assert "&lt;b&gt;happened" in form._speech.value
    assert 'class="lc-problem"' in form._speech.value
