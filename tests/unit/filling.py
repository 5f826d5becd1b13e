"""What tests of forms share: fill them in, press their buttons, read what they say."""

import json
import socket
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import ipywidgets as widgets

from lc_tutorial.forms.credentials import CredentialsForm

CLIENT_ID = "0123456789abcdef" * 2
SECRET = "not-a-real-secret-at-all-0"
ELSEWHERE = "https://app.example/callback"


def every(widget: Any) -> Iterator[Any]:
    """A widget and all below it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def find(form: Any, css_class: str) -> Any:
    """The first widget with this class, as the browser tests find it."""
    return next(each for each in every(form) if css_class in getattr(each, "_dom_classes", ()))


def spoken(part: Any) -> str:
    """What a form, or a part of one, says."""
    return unescape(part._speech.value)


def state_of(form: Any) -> str:
    """All that Jupyter would save of a form's widgets."""
    return json.dumps([each.get_state() for each in every(form)], default=str)


def buttons_of(form: Any) -> Iterator[Any]:
    return (each for each in every(form) if isinstance(each, widgets.Button))


def button(form: Any, text: str) -> Any:
    return next(each for each in buttons_of(form) if each.description == text)


def press(form: Any, text: str) -> None:
    button(form, text).click()


def enter(form: CredentialsForm, client_id: str, secret: str, redirect_uri: str) -> None:
    """Fill in the form of step 1 and press its button."""
    form._id_field.value = client_id
    form._secret_field.value = secret
    form._uri_field.value = redirect_uri
    press(form, "Use these")


def link(redirect_uri: str = ELSEWHERE, state: str = "the-state-of-this-link") -> str:
    """An authorization URL."""
    return "https://accounts.livechat.com/?" + urlencode(
        {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": redirect_uri,
            "state": state,
        }
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
