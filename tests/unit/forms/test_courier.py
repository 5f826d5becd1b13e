"""What the browser sends of a form, and what of it never is in a widget's state."""

import json
import re
from typing import Any

import ipywidgets as widgets
import pytest

import lc_tutorial as lc
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.courier import SecretField
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.lab.request_lab import RequestLab
from lc_tutorial.forms.platform_choice import PlatformChoice
from lc_tutorial.platforms import LIVE, Platform
from tests.unit.filling import (
    CLIENT_ID,
    ELSEWHERE,
    SECRET,
    button,
    every,
    find,
    link,
    spoken,
    state_of,
)


def send(form: Any, *fields: tuple[Any, str], click: Any = None, number: int = 1) -> None:
    """As the script in the browser does: one message with what fields hold, and a click."""
    content: dict[str, Any] = {
        "fields": [{"key": field.model_id, "text": text} for field, text in fields],
        "number": number,
    }
    if click is not None:
        content["click"] = click.model_id
    form._courier._handle_custom_msg(content, [])


@pytest.fixture
def sent_back(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that widgets send to the browser, where Jupyter may save it."""
    told: list[str] = []

    def tell(self: Any, message: Any, buffers: Any = None) -> None:
        told.append(json.dumps(message, default=str))

    monkeypatch.setattr(widgets.Widget, "_send", tell)
    return told


def test_a_click_brings_what_the_fields_hold() -> None:
    form = CredentialsForm(LIVE)
    send(form, (form._uri_field, "https://app.example/before"))
    send(
        form,
        (form._id_field, CLIENT_ID),
        (form._secret_field, SECRET),
        (form._uri_field, ELSEWHERE),
        click=button(form, "Use these"),
    )
    assert form.entered == (CLIENT_ID, SECRET, ELSEWHERE)


def test_what_is_typed_goes_back_only_as_its_observers_left_it(
    sent_back: list[str], sandbox: Platform
) -> None:
    form = CredentialsForm(LIVE)
    # In its own field, in a wrong one, and in those of the other forms.
    for field in (form._secret_field, form._id_field, form._uri_field):
        send(form, (field, SECRET))
    send(form, click=button(form, "Use these"))
    session = CatchUp(LIVE)
    send(session, (session._pasted, f"dal:{SECRET}"))
    lab = RequestLab(sandbox)
    for css_class, typed in (
        ("lc-value-typed", SECRET),
        ("lc-new-secret", SECRET),
        ("lc-body-text", f'{{"client_secret": "{SECRET}"}}'),
        ("lc-import-field", f"curl https://accounts.livechat.com/?client_secret={SECRET}"),
    ):
        send(lab, (find(lab, css_class), typed))
    assert any("received" in told for told in sent_back)
    assert [told for told in sent_back if SECRET in told] == []


def test_no_secret_field_synchronises_its_value(sandbox: Platform) -> None:
    fields = [
        each
        for form in (CredentialsForm(LIVE), CatchUp(LIVE), RequestLab(sandbox))
        for each in every(form)
        if isinstance(each, widgets.Password)
    ]
    assert len(fields) == 6
    for field in fields:
        assert isinstance(field, SecretField)
        assert "value" not in field.get_state()


def test_every_field_and_button_of_a_form_is_reached(sandbox: Platform) -> None:
    for form in (PlatformChoice(), CredentialsForm(LIVE), CatchUp(LIVE), RequestLab(sandbox)):
        for each in every(form):
            is_changed = isinstance(each, widgets.ValueWidget) and not isinstance(
                each, widgets.HTML
            )
            if is_changed or isinstance(each, widgets.Button):
                assert f"lc-at-{each.model_id}" in each._dom_classes, each


CAME_BACK = f"{ELSEWHERE}?code=dal%3Anot-a-real-code-not-a-real-&state=st"

#: The form, the field's class, what is entered, and what the form then says, or part of it.
ANSWERED = {
    "the address in step 2": ("step 2", "lc-paste", CAME_BACK, "</code> is here"),
    "no address in step 2": ("step 2", "lc-paste", "https://other.example/", "lc-problem"),
    "a secret as Client Id": ("step 1", "lc-client-id", SECRET, "Use these"),
    "a secret as redirect URI": ("step 1", "lc-redirect-uri", SECRET, "Use these"),
    "a URI with blanks": ("step 1", "lc-redirect-uri", f" {ELSEWHERE} ", "Use these"),
    "a URL in the lab's box": ("lab", "lc-import-field", f"{LIVE.api_url}/x", "in the fields"),
    "no command in the lab's box": ("lab", "lc-import-field", "wget -x", "lc-problem"),
    "a query in the lab's URL": ("lab", "lc-url", f"{LIVE.api_url}/x?a=1", "in the rows"),
    "a body with a comment": ("lab", "lc-body-text", '{"limit": 1} // one', "Mended"),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_a_field_shows_what_became_of_it_before_the_form_speaks(
    name: str, sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, css_class, typed, said = ANSWERED[name]
    match kind:
        case "step 1":
            form: Any = CredentialsForm(LIVE)
        case "step 2":
            form = AuthorizationForm(LIVE, link(state="st"))
        case _:
            form = RequestLab(sandbox)
    field = find(form, css_class)
    told: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(
        widgets.Widget, "_send", lambda self, message, buffers=None: told.append((self, message))
    )
    send(form, (field, typed), number=7)
    taken = {"taken": field.model_id, "number": 7}
    first_taken = next(
        place for place, (_, message) in enumerate(told) if message.get("content") == taken
    )
    spoken_at = next(
        place
        for place, (widget, message) in enumerate(told)
        if isinstance(widget, widgets.HTML) and said in message["state"].get("value", "")
    )
    shown = [message["state"]["value"] for widget, message in told[:first_taken] if widget is field]
    assert first_taken < spoken_at
    assert shown == [field.value] != [typed]
    assert told[-1] == (form._courier, {"method": "custom", "content": taken})


def test_a_followed_link_ends_the_problem_that_was_shown() -> None:
    form = AuthorizationForm(LIVE, link(state="st"))
    links = next(each for each in every(form) if "lc-authorize" in getattr(each, "value", ""))

    def follow(said: str) -> None:
        content = {"fields": [], "followed": links.model_id, "said": said}
        form._courier._handle_custom_msg(content, [])

    def mark() -> str:
        return re.findall(r'data-said="(\d+)"', form._speech.value)[0]

    send(form, (form._paste_field, "https://other.example/"))
    before = mark()
    send(form, (form._paste_field, "https://another.example/"))
    # What came since, and what is no problem, stays.
    for said in (before, ""):
        follow(said)
        assert "lc-problem" in form._speech.value
    follow(mark())
    assert "Follow the link" in spoken(form)
    send(form, (form._paste_field, CAME_BACK))
    send(form, (form._paste_field, "https://other.example/"))
    follow(mark())
    assert "The code that arrived before is here" in spoken(form)
    assert form.is_complete


def test_a_choice_is_known_by_its_label(sandbox: Platform) -> None:
    lab = RequestLab(sandbox)
    method = find(lab, "lc-method")

    def choose(index: int, label: str) -> None:
        chosen = {"key": method.model_id, "index": index, "label": label}
        lab._courier._handle_custom_msg({"fields": [chosen]}, [])

    choose(method.options.index(("PUT", "PUT")), "PUT")
    assert method.value == "PUT"
    # The list was another one when it was chosen from.
    choose(0, "DELETE")
    assert method.value == "DELETE"
    choose(99, "GONE")
    assert method.value == "DELETE"


def test_what_is_gone_is_no_failure() -> None:
    form = CredentialsForm(LIVE)
    gone = {"fields": [{"key": "gone", "text": "x"}], "click": "gone", "copied": "gone"}
    form._courier._handle_custom_msg(gone, [])
    assert not form.is_complete


@pytest.mark.parametrize(
    ("done", "said"),
    [(True, "The cURL command is in the clipboard"), (False, "Select all of it (Ctrl+A")],
)
def test_a_copy_says_what_came_of_it(sandbox: Platform, done: bool, said: str) -> None:
    lab = RequestLab(sandbox)
    copy = find(lab, "lc-as-curl")
    send(lab, click=copy)
    assert "Select all of it (Ctrl+A" in spoken(lab._copy)
    lab._courier._handle_custom_msg({"copied": copy.model_id, "done": done}, [])
    assert said in spoken(lab._copy)
    assert "ACCESS_TOKEN" in spoken(lab._copy)


def test_its_script_is_in_the_state_and_nothing_else() -> None:
    form = CredentialsForm(LIVE)
    send(form, (form._secret_field, SECRET), click=button(form, "Use these"))
    assert SECRET not in state_of(form)
    assert "addEventListener" in form._courier.get_state()["_esm"]
    assert lc.Secret(SECRET) not in repr(form._courier)
