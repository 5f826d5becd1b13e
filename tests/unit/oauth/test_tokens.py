"""Tokens: read, shown, and what the accounts service does with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import masking, memory
from lc_tutorial.course import check_token
from lc_tutorial.errors import NoNetwork, PlatformAnswerError, SandboxGone, TokenError
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import (
    Token,
    build_authorization_url,
    exchange,
    inspect,
    new_state,
    parse_redirect,
    refresh,
    revoke,
)
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.learner import Credentials, Learner

URI = "http://127.0.0.1:8377/callback"
ANSWER = {
    "access_token": "fra-a:not_a_real_token_000000000",
    "account_id": "b7eff798-f8df-4364-8059-649c35c9ed0c",
    "client_id": "0" * 32,
    "expires_in": 28800,
    "organization_id": "390e44e6-f1e6-4368-a6dd-74114508c2e1",
    "refresh_token": "not_a_real_refresh_token",
    "scope": "chats--all:ro,chats--my:ro",
    "token_type": "Bearer",
}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def answered(status: int, body: Any, kind: str = "application/json") -> requests.Response:
    with StandIn() as server:
        server.answers(status, body, kind)
        return requests.post(server.platform.token_url, timeout=9)


# --- Reading ------------------------------------------------------------------------------------


def test_every_field_is_read() -> None:
    before = datetime.now(UTC)
    token = Token.from_response(answered(200, ANSWER))
    assert token.access_token == ANSWER["access_token"]
    assert token.refresh_token == ANSWER["refresh_token"]
    assert token.account_id == ANSWER["account_id"]
    assert token.organization_id == ANSWER["organization_id"]
    assert token.client_id == ANSWER["client_id"]
    assert token.scopes == {"chats--all:ro", "chats--my:ro"}
    assert token.token_type == "Bearer"
    assert token.region == "fra-a"
    assert token.expires_in == 28800
    life = timedelta(seconds=28800)
    assert before + life <= token.expires_at <= datetime.now(UTC) + life
    assert not token.expired


def test_what_is_not_needed_may_be_missing() -> None:
    token = Token.from_response(answered(200, {"access_token": "test_not_real", "expires_in": 0}))
    assert token.refresh_token is None
    assert token.scopes == frozenset()
    assert token.region == ""
    assert token.token_type == "Bearer"
    assert token.expired


def test_its_secrets_are_hidden_and_known() -> None:
    token = Token.from_response(answered(200, ANSWER))
    assert isinstance(token.access_token, Secret)
    assert isinstance(token.refresh_token, Secret)
    for shown in (repr(token), str(token), token._repr_html_(), masking.mask(str(ANSWER))):
        assert "not_a_real" not in shown
    assert memory.kind_of("not_a_real_refresh_token") == "refresh token"
    assert memory.kind_of(ANSWER["access_token"]) == "access token"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("", "scopes=frozenset(), "),
        ("chats--my:ro", "scopes=frozenset({'chats--my:ro'}), "),
        (
            "d--all:ro,b--all:ro,c--all:ro,a--all:ro",
            "scopes=frozenset({'a--all:ro', 'b--all:ro', 'c--all:ro', 'd--all:ro'}), ",
        ),
    ],
)
def test_its_scopes_are_always_shown_in_the_same_order(scope: str, shown: str) -> None:
    assert shown in repr(Token.from_response(answered(200, {**ANSWER, "scope": scope})))


def test_its_table_explains_every_field() -> None:
    shown = Token.from_response(answered(200, ANSWER))._repr_html_()
    for name in ANSWER:
        assert f"<b>{name}</b>" in shown
    for value in ("fra-a:••••••••", "28,800 seconds", "8 hours", "chats--all:ro", "0" * 32):
        assert value in shown


def test_its_table_is_escaped() -> None:
    shown = Token.from_response(answered(200, {**ANSWER, "account_id": "<img>"}))._repr_html_()
    assert "<img>" not in shown


@pytest.mark.parametrize(
    ("seconds", "words"), [(3600, "1 hour "), (5400, "1 h 30 min"), (120, "2 min"), (0, "0 min")]
)
def test_its_life_is_told_in_words(seconds: int, words: str) -> None:
    shown = Token.from_response(answered(200, {**ANSWER, "expires_in": seconds}))._repr_html_()
    assert words in shown


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        (28800, 28800),
        (0, 0),
        (28800.0, 28800),
        (28800.9, 28800),
        ("28800", 28800),
        (" 28800\n", 28800),
        ("28800.0", 28800),
        (None, None),
        (..., None),
        (-1, None),
        ("-1", None),
        (True, None),
        ("", None),
        ("8 hours", None),
        ("28_800", None),
        ("２８８００", None),
        ("1e4", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**12, None),
        (10**400, None),
        ("9" * 5000, None),
        ([28800], None),
        ({"seconds": 28800}, None),
    ],
)
def test_its_end_is_known_where_it_can_be_read(sent: Any, seconds: int | None) -> None:
    """An answer that spent the code is a token, whatever it says of the token's end."""
    answer = {name: value for name, value in ANSWER.items() if name != "expires_in"}
    if sent is not ...:
        answer["expires_in"] = sent
    token = Token.from_response(answered(200, answer))
    assert token.access_token == ANSWER["access_token"]
    assert token.expires_in == seconds
    assert (token.expires_at is None) is (seconds is None)
    assert token.expired is (seconds == 0)
    seen = memory.seen_token(str(token.access_token))
    assert seen is not None
    assert (seen.expires_at is None) is (seconds is None)
    shown = token._repr_html_()
    assert ("how long it lives" in shown) is (seconds is None)
    assert "not_a_real" not in repr(token) + shown


def test_a_check_claims_no_life_that_nobody_knows() -> None:
    said = Token.from_response(answered(200, ANSWER))
    unsaid = Token.from_response(answered(200, {**ANSWER, "expires_in": None}))
    # Else it would ask the service that issued them.
    memory.forget_all()
    assert "The access token lives." in repr(check_token(said))
    assert "The access token lives." not in repr(check_token(unsaid))
    assert "doesn't say how long the access token lives" in repr(check_token(unsaid))
    assert check_token(unsaid).passed


@pytest.mark.parametrize(
    "body",
    [
        {"chats_summary": [], "found_chats": 0},
        {"access_token": "", "expires_in": 1},
        {"access_token": 1, "expires_in": 1},
        {"expires_in": 1},
        [],
        b"<html>",
        b"",
    ],
)
def test_what_is_no_token_is_said_to_be_none(body: Any) -> None:
    with pytest.raises(PlatformAnswerError, match="The answer is not a token"):
        Token.from_response(answered(200, body))


def test_a_refusal_is_explained() -> None:
    with pytest.raises(TokenError) as caught:
        Token.from_response(answered(401, {"error": "unauthorized"}))
    assert caught.value.name == "unauthorized"


# --- In the sandbox -----------------------------------------------------------------------------


@pytest.fixture
def app(sandbox: Platform) -> tuple[Credentials, str]:
    """A new app and a code for it."""
    assert sandbox.login is not None
    learner = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    app = learner.create_app("Tokens", redirect_uri=URI)
    state = new_state()
    url = build_authorization_url(sandbox, client_id=app.client_id, redirect_uri=URI, state=state)
    return app, str(parse_redirect(learner.authorize(url), state=state, strict=True).code)


def test_a_token_from_beginning_to_end(sandbox: Platform, app: tuple[Credentials, str]) -> None:
    credentials, code = app
    is_app = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    token = exchange(sandbox, **is_app, redirect_uri=URI, code=code)
    assert token.refresh_token is not None
    seen = inspect(sandbox, token.access_token)
    assert seen.access_token == token.access_token
    assert seen.scopes == token.scopes
    assert seen.expires_in <= token.expires_in
    newer = refresh(sandbox, **is_app, refresh_token=token.refresh_token)
    assert newer.access_token != token.access_token
    assert newer.refresh_token == token.refresh_token
    revoke(sandbox, newer.access_token)
    with pytest.raises(TokenError) as caught:
        inspect(sandbox, newer.access_token)
    assert caught.value.name == "unauthorized"
    with pytest.raises(TokenError):
        revoke(sandbox, newer.access_token)


def test_a_second_exchange_is_explained(sandbox: Platform, app: tuple[Credentials, str]) -> None:
    credentials, code = app
    request = {
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "redirect_uri": URI,
        "code": code,
    }
    exchange(sandbox, **request)
    with pytest.raises(TokenError, match="exchanged before"):
        exchange(sandbox, **request)


def test_a_secret_is_not_sent_on_to_another_address() -> None:
    with StandIn() as server:
        server.answers(307, {})
        server.headers["Location"] = f"{server.origin}/elsewhere"
        with pytest.raises(PlatformAnswerError, match="status 307"):
            exchange(
                server.platform,
                client_id="0" * 32,
                client_secret="not-a-real-secret",
                redirect_uri=URI,
                code="y" * 20,
            )
        assert [path for _, path, _ in server.requests] == ["/v2/token"]


# --- Nobody answers -----------------------------------------------------------------------------


def test_a_gone_sandbox_is_named() -> None:
    with StandIn() as server:
        platform = server.platform
    with pytest.raises(SandboxGone) as caught:
        exchange(
            platform,
            client_id="0" * 32,
            client_secret="not-a-real-secret",
            redirect_uri=URI,
            code="y" * 20,
        )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_no_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(NoNetwork, match=r"accounts\.livechat\.com can't be reached"):
        inspect(LIVE, "dal:not_a_real_token_000000000")
