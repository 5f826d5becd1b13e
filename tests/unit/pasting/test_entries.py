"""Every place that takes a value from a person: what is around it is taken off, or said.

One table: each entry with each surrounding.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

import lc_tutorial as lc
from lc_tutorial import masking, oauth
from lc_tutorial.errors import TutorialError
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.lab.authorization import SecretChoice
from lc_tutorial.forms.lab.values import Values
from lc_tutorial.lab.vault import Vault
from lc_tutorial.pasting import Kind
from lc_tutorial.platforms import LIVE
from tests.unit.pasting.values import ACCOUNT, ENCODED, NAMES, PERSONAL, VALUES

STATE = "not-a-real-state_00"
LINK = oauth.build_authorization_url(
    LIVE,
    client_id=VALUES[Kind.CLIENT_ID],
    redirect_uri="https://app.example/callback",
    state=STATE,
)
VARIABLES = (
    *("LC_CLIENT_ID", "LC_CLIENT_SECRET", "LC_REDIRECT_URI"),
    *("LC_ACCESS_TOKEN", "LC_PERSONAL_ACCESS_TOKEN"),
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    masking.forget_all()
    yield
    masking.forget_all()


@pytest.fixture
def sent() -> Iterator[responses.RequestsMock]:
    """The accounts service, which takes anything."""
    answer = {"access_token": "dal:not_a_real_answer_000000000", "expires_in": 60}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        service.get(LIVE.info_url, json=answer)
        service.post(LIVE.token_url, json=answer)
        service.delete(LIVE.token_url, json={})
        yield service


class Refused(Exception):
    """What an entry says in place of taking the value."""


def said(form: Any) -> Refused:
    return Refused(unescape(re.sub("<[^>]+>", " ", form._speech.value)))


def in_the_form(name: str) -> Callable[..., str]:
    def enter(text: str, **_: Any) -> str:
        form = CredentialsForm(LIVE)
        values = {
            "client_id": VALUES[Kind.CLIENT_ID],
            "client_secret": VALUES[Kind.CLIENT_SECRET],
            "redirect_uri": VALUES[Kind.REDIRECT_URI],
            name: text,
        }
        form._id_field.value = values["client_id"]
        form._secret_field.value = values["client_secret"]
        form._uri_field.value = values["redirect_uri"]
        form.attempt(form._submit)
        if not form.is_complete:
            raise said(form)
        return str(getattr(form, name))

    return enter


def in_the_environment(name: str, variable: str) -> Callable[..., str]:
    def enter(text: str, *, monkeypatch: pytest.MonkeyPatch, **_: Any) -> str:
        for kind, other in (
            (Kind.CLIENT_ID, "LC_CLIENT_ID"),
            (Kind.CLIENT_SECRET, "LC_CLIENT_SECRET"),
            (Kind.REDIRECT_URI, "LC_REDIRECT_URI"),
        ):
            monkeypatch.setenv(other, VALUES[kind])
        monkeypatch.setenv(variable, text)
        form = CredentialsForm(LIVE)
        form.attempt(form._submit)
        if not form.is_complete:
            raise said(form)
        return str(getattr(form, name))

    return enter


def caught_up(form: CatchUp, sent: responses.RequestsMock) -> str:
    if not form.is_complete:
        raise said(form)
    if isinstance(form.token, lc.PersonalAccessToken):
        assert form.token.account_id == ACCOUNT
        return str(form.token.personal_access_token)
    return bearer(sent)


def catch_up_field(text: str, *, sent: responses.RequestsMock, **_: Any) -> str:
    form = CatchUp(LIVE)
    form._pasted.value = text
    return caught_up(form, sent)


def catch_up_variable(variable: str) -> Callable[..., str]:
    def enter(
        text: str, *, sent: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, **_: Any
    ) -> str:
        monkeypatch.setenv(variable, text)
        return caught_up(CatchUp(LIVE), sent)

    return enter


def agent_chat(text: str, **_: Any) -> str:
    token = lc.AgentChat(LIVE, text).token
    return str(token.personal_access_token if isinstance(token, lc.PersonalAccessToken) else token)


def personal_access_token(text: str, **_: Any) -> str:
    return str(lc.PersonalAccessToken.parse(text).personal_access_token)


def paste_field(text: str, **_: Any) -> str:
    form = AuthorizationForm(LIVE, LINK)
    form._paste_field.value = text
    if not form.is_complete:
        raise said(form)
    return str(form.code)


def parse_redirect(text: str, **_: Any) -> str:
    return str(oauth.parse_redirect(text, state=STATE).code)


def exchange(name: str) -> Callable[..., str]:
    def enter(text: str, *, sent: responses.RequestsMock, **_: Any) -> str:
        fields = {
            "client_id": VALUES[Kind.CLIENT_ID],
            "client_secret": VALUES[Kind.CLIENT_SECRET],
            "redirect_uri": VALUES[Kind.REDIRECT_URI],
            "code": VALUES[Kind.CODE],
            name: text,
        }
        oauth.exchange(LIVE, **fields)
        return field_of(sent, name)

    return enter


def refresh(text: str, *, sent: responses.RequestsMock, **_: Any) -> str:
    oauth.refresh(
        LIVE,
        client_id=VALUES[Kind.CLIENT_ID],
        client_secret=VALUES[Kind.CLIENT_SECRET],
        refresh_token=text,
    )
    return field_of(sent, "refresh_token")


def inspect(text: str, *, sent: responses.RequestsMock, **_: Any) -> str:
    oauth.inspect(LIVE, text)
    return bearer(sent)


def revoke(text: str, *, sent: responses.RequestsMock, **_: Any) -> str:
    oauth.revoke(LIVE, text)
    return bearer(sent)


def lab_value(name: str) -> Callable[..., str]:
    def enter(text: str, **_: Any) -> str:
        vault = Vault()
        values = Values(vault, lambda: None)
        values._name.value = name
        values._value.value = text
        if vault.value(name) is None:
            raise said(values)
        return str(vault.value(name))

    return enter


def lab_token(text: str, **_: Any) -> str:
    vault = Vault()
    chosen = SecretChoice("Token", "access_token", vault, "", lambda: None, lambda work: work())
    chosen._new.value = text
    return str(vault.value("access_token"))


def field_of(sent: responses.RequestsMock, name: str) -> str:
    return parse_qs(str(sent.calls[-1].request.body))[name][0]


def bearer(sent: responses.RequestsMock) -> str:
    scheme, _, value = str(sent.calls[-1].request.headers["Authorization"]).partition(" ")
    assert scheme == "Bearer"
    return value


ENTRIES: list[tuple[str, Kind, Callable[..., str]]] = [
    ("form, Client Id", Kind.CLIENT_ID, in_the_form("client_id")),
    ("form, Client Secret", Kind.CLIENT_SECRET, in_the_form("client_secret")),
    ("form, redirect URI", Kind.REDIRECT_URI, in_the_form("redirect_uri")),
    ("LC_CLIENT_ID", Kind.CLIENT_ID, in_the_environment("client_id", "LC_CLIENT_ID")),
    (
        "LC_CLIENT_SECRET",
        Kind.CLIENT_SECRET,
        in_the_environment("client_secret", "LC_CLIENT_SECRET"),
    ),
    (
        "LC_REDIRECT_URI",
        Kind.REDIRECT_URI,
        in_the_environment("redirect_uri", "LC_REDIRECT_URI"),
    ),
    ("catch_up", Kind.ACCESS_TOKEN, catch_up_field),
    ("catch_up, personal", Kind.PERSONAL_ACCESS_TOKEN, catch_up_field),
    ("LC_ACCESS_TOKEN", Kind.ACCESS_TOKEN, catch_up_variable("LC_ACCESS_TOKEN")),
    (
        "LC_PERSONAL_ACCESS_TOKEN",
        Kind.PERSONAL_ACCESS_TOKEN,
        catch_up_variable("LC_PERSONAL_ACCESS_TOKEN"),
    ),
    ("AgentChat", Kind.ACCESS_TOKEN, agent_chat),
    ("AgentChat, personal", Kind.PERSONAL_ACCESS_TOKEN, agent_chat),
    ("PersonalAccessToken.parse", Kind.PERSONAL_ACCESS_TOKEN, personal_access_token),
    ("paste field", Kind.CODE, paste_field),
    ("parse_redirect", Kind.CODE, parse_redirect),
    ("exchange, code", Kind.CODE, exchange("code")),
    ("exchange, Client Id", Kind.CLIENT_ID, exchange("client_id")),
    ("exchange, Client Secret", Kind.CLIENT_SECRET, exchange("client_secret")),
    ("refresh", Kind.REFRESH_TOKEN, refresh),
    ("inspect", Kind.ACCESS_TOKEN, inspect),
    ("revoke", Kind.ACCESS_TOKEN, revoke),
    ("lab, access token", Kind.ACCESS_TOKEN, lab_value("access_token")),
    ("lab, Client Secret", Kind.CLIENT_SECRET, lab_value("client_secret")),
    ("lab, code", Kind.CODE, lab_value("code")),
    ("lab, a new token", Kind.ACCESS_TOKEN, lab_token),
]

#: What is taken off, also inside. {} is the value, [] its name.
MENDED = [
    *(f"{char}{{}}{char}" for char in "\u200e\u202a\u2060\u2066\u00ad\u00a0\u2003\ufeff\x07\ufe0f"),
    *('"{}"', "“{}”", "`{}`", "<{}>", "{},", "{}.", "&quot;{}&quot;"),
    *("[]={}", '"[]": "{}"', "export []={}", '{{"[]": "{}"}}', "{}\r\n"),
]

#: What is named, and nothing is taken or sent.
NAMED = [
    ("••••••••", "stand for something hidden"),
    ("******", "stand for something hidden"),
    ("dal:abc…", "stand for something hidden"),
    ("[REDACTED]", "stands for something hidden"),
    ("YOUR_VALUE_HERE", "placeholder"),
    ("changeme", "placeholder"),
    ("undefined", "which is no value"),
    ("{{[]}}", "placeholder"),
    ("<[]>", "placeholder"),
    ("[]=<your_[]>", "placeholder"),
]

EACH_ENTRY = pytest.mark.parametrize(
    ("kind", "enter"), [entry[1:] for entry in ENTRIES], ids=[entry[0] for entry in ENTRIES]
)
Enter = Callable[..., str]


@EACH_ENTRY
@pytest.mark.parametrize("around", MENDED)
def test_an_entry_takes_off_what_surrounds_a_value(
    around: str,
    kind: Kind,
    enter: Enter,
    sent: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = around.format(VALUES[kind]).replace("[]", NAMES[kind])
    meant = PERSONAL if kind is Kind.PERSONAL_ACCESS_TOKEN else VALUES[kind]
    assert enter(text, sent=sent, monkeypatch=monkeypatch) == meant


@EACH_ENTRY
@pytest.mark.parametrize("char", "\u200b\u2060\u00ad\ufe0f")
def test_an_entry_takes_out_what_shows_nothing(
    char: str,
    kind: Kind,
    enter: Enter,
    sent: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    value = VALUES[kind]
    meant = PERSONAL if kind is Kind.PERSONAL_ACCESS_TOKEN else value
    text = f"{value[:9]}{char}{value[9:]}"
    assert enter(text, sent=sent, monkeypatch=monkeypatch) == meant


@EACH_ENTRY
@pytest.mark.parametrize(("text", "why"), NAMED)
def test_an_entry_names_what_stands_in_the_place_of_a_value(
    text: str,
    why: str,
    kind: Kind,
    enter: Enter,
    sent: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises((TutorialError, Refused), match=why):
        enter(text.replace("[]", NAMES[kind]), sent=sent, monkeypatch=monkeypatch)
    assert len(sent.calls) == 0


TOKEN = VALUES[Kind.ACCESS_TOKEN]
WRAPPED = f"{ENCODED[:76]}\n{ENCODED[76:]}\n"


@pytest.mark.parametrize(
    "enter", [catch_up_field, catch_up_variable("LC_ACCESS_TOKEN"), agent_chat]
)
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"Bearer {TOKEN}", TOKEN),
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        (TOKEN.replace(":", "%3A"), TOKEN),
        (f"Bearer+{TOKEN}", TOKEN),
        (f"Bearer%20{TOKEN}", TOKEN),
        (TOKEN.replace("dal", "DAL"), TOKEN),
        (f"LC_ACCESS_TOKEN={TOKEN}", TOKEN),
        (f'{{"access_token":"{TOKEN}","expires_in":28800}}', TOKEN),
        (f"Authorization: Basic {ENCODED}", PERSONAL),
        (WRAPPED, PERSONAL),
        (WRAPPED.replace("\n", "\r\n"), PERSONAL),
        (ENCODED.rstrip("="), PERSONAL),
    ],
)
def test_a_token_is_read_in_what_carries_it(
    text: str,
    meant: str,
    enter: Enter,
    sent: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert enter(text, sent=sent, monkeypatch=monkeypatch) == meant


@pytest.mark.parametrize("enter", [catch_up_field, agent_chat, inspect])
def test_what_is_shown_of_a_token_is_not_the_token(
    enter: Enter, sent: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dots = masking.mask(TOKEN)
    for shown in (dots, f"Bearer {dots}", repr(masking.Secret(TOKEN))):
        with pytest.raises((TutorialError, Refused), match="stand for something hidden"):
            enter(shown, sent=sent, monkeypatch=monkeypatch)
    assert len(sent.calls) == 0


def test_a_file_of_settings_leaves_its_secret_in_no_field() -> None:
    settings = "\n".join(
        f"LC_{NAMES[kind].upper()}={VALUES[kind]}"
        for kind in (Kind.CLIENT_ID, Kind.CLIENT_SECRET, Kind.REDIRECT_URI)
    )
    form = CredentialsForm(LIVE)
    for field in (form._id_field, form._secret_field, form._uri_field):
        field.value = settings
        assert VALUES[Kind.CLIENT_SECRET] not in field.value
    form.attempt(form._submit)
    assert form.client_secret == VALUES[Kind.CLIENT_SECRET]
    assert form.redirect_uri == VALUES[Kind.REDIRECT_URI]
