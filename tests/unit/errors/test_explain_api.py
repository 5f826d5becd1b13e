"""Why an API refused: each cause, with the sandbox's own refusal where it gives one."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import masking, memory
from lc_tutorial.errors import ApiError
from lc_tutorial.oauth import Token, build_authorization_url, exchange, new_state, parse_redirect
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.sandbox.learner.learner import Learner

REDIRECT_URI = "http://127.0.0.1:8377/callback"
OTHER = "dal:not_a_real_token_000000000"


def new_token(sandbox: Platform, *scopes: str) -> Token:
    assert sandbox.login is not None
    learner = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    app = learner.create_app("Explained", redirect_uri=REDIRECT_URI, scopes=scopes)
    state = new_state()
    url = build_authorization_url(
        sandbox, client_id=app.client_id, redirect_uri=REDIRECT_URI, state=state
    )
    return exchange(
        sandbox,
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=REDIRECT_URI,
        code=parse_redirect(learner.authorize(url), state=state).code,
    )


@pytest.fixture
def token(sandbox: Platform) -> Token:
    return new_token(sandbox, "chats--all:ro")


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(url: str, method: str = "POST", **sent: Any) -> ApiError:
    sent.setdefault("json", {})
    response = requests.request(method, url, timeout=10, **sent)
    assert not response.ok
    error = ApiError.from_response(response)
    header = (sent.get("headers") or {}).get("Authorization", "")
    credential = header.partition(" ")[2]
    if credential and "<" not in credential:
        assert credential not in f"{error} {error.html()}"
    return error


# --- Who is asking ------------------------------------------------------------------------------


def test_no_header_at_all(sandbox: Platform) -> None:
    error = refused(sandbox.list_chats_url)
    assert error.type == "authentication"
    assert error.why == "The request had no Authorization header."


def test_the_documentations_sample_filled_with_an_access_token(
    sandbox: Platform, token: Token
) -> None:
    both = base64.b64encode(f"{token.account_id}:{token.access_token}".encode()).decode()
    for credential in (str(token.access_token), both):
        headers = {"Authorization": f"Basic {credential}"}
        error = refused(sandbox.list_chats_url, headers=headers)
        assert "what follows is the access token" in error.why
        assert error.remedy == "Change Basic to Bearer."


def test_basic_with_what_looks_like_an_access_token(sandbox: Platform) -> None:
    error = refused(sandbox.list_chats_url, headers={"Authorization": f"Basic {OTHER}"})
    assert "a bare token follows" in error.why
    assert "change Basic to Bearer" in error.remedy


@pytest.mark.parametrize("credential", ["not-base64", "bm90OmEtcmVhbC1zZWNyZXQ=", "/////w=="])
def test_basic_with_anything_else(sandbox: Platform, credential: str) -> None:
    error = refused(sandbox.list_chats_url, headers={"Authorization": f"Basic {credential}"})
    assert "personal access token" in error.why


@pytest.mark.parametrize(
    "header",
    ["Bearer <your_access_token>", "Basic <your_personal_access_token>", "Bearer your_token"],
)
def test_a_sample_that_was_not_filled_in(sandbox: Platform, header: str) -> None:
    error = refused(sandbox.list_chats_url, headers={"Authorization": header})
    assert "placeholder" in error.why


def test_a_header_without_bearer(sandbox: Platform, token: Token) -> None:
    error = refused(sandbox.list_chats_url, headers={"Authorization": str(token.access_token)})
    assert "does not begin with Bearer" in error.why


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda value: value.replace(":", "%3A"), "%3A"),
        (lambda value: f"Bearer {value}", "Bearer came twice"),
        (lambda value: f"{value}x", "doesn't know this token"),
    ],
)
def test_a_token_that_was_spoilt(sandbox: Platform, token: Token, change: Any, cause: str) -> None:
    error = refused(sandbox.list_chats_url, headers=bearer(change(str(token.access_token))))
    assert cause in error.why


def test_another_secret_in_the_tokens_place(sandbox: Platform, token: Token) -> None:
    assert token.refresh_token is not None
    error = refused(sandbox.list_chats_url, headers=bearer(token.refresh_token))
    assert error.why == "What was sent as the token is the refresh token."
    memory.note_code(OTHER)
    error = refused(sandbox.list_chats_url, headers=bearer(OTHER))
    assert error.why == "What was sent as the token is the authorization code."


def observed(server: StandIn, expires_in: int) -> None:
    server.answers(200, {"access_token": OTHER, "expires_in": expires_in})
    memory.observe(requests.post(f"{server.origin}/v2/token", timeout=9))
    server.answers(401, {"error": {"type": "authentication", "message": "Invalid access token"}})


def test_an_expired_token_is_known_as_such() -> None:
    with StandIn() as server:
        observed(server, expires_in=0)
        error = refused(server.platform.list_chats_url, headers=bearer(OTHER))
    assert error.why == "The token has expired."


def test_a_token_of_another_sandbox_is_known_as_such(sandbox: Platform) -> None:
    with StandIn() as server:
        observed(server, expires_in=28800)
        revoked = refused(server.platform.list_chats_url, headers=bearer(OTHER))
    assert "revoked" in revoked.why
    error = refused(sandbox.list_chats_url, headers=bearer(OTHER))
    assert "another platform" in error.why


# --- What the token allows ----------------------------------------------------------------------


def test_a_missing_scope_is_named_with_the_scopes_that_the_token_holds(sandbox: Platform) -> None:
    token = new_token(sandbox, "chats--my:ro")
    error = refused(sandbox.list_chats_url, headers=bearer(token.access_token))
    assert error.type == "authorization"
    assert "list_chats needs the scope chats--all:ro or chats--access:ro" in error.why
    assert "It holds chats--my:ro." in error.why
    assert "in the Console" in error.remedy
    assert "keeps the scopes" in error.remedy


def test_a_missing_scope_of_another_method() -> None:
    with StandIn() as server:
        server.answers(403, {"error": {"type": "authorization", "message": "x"}})
        url = server.platform.action_url("send_event")
        error = refused(url, headers=bearer(OTHER))
    assert "lacks a scope that send_event needs" in error.why
    assert "It holds" not in error.why


# --- What was asked -----------------------------------------------------------------------------


def test_no_body(sandbox: Platform, token: Token) -> None:
    error = refused(sandbox.list_chats_url, headers=bearer(token.access_token), json=None)
    assert error.type == "validation"
    assert "no body" in error.why
    assert "{}" in error.remedy


@pytest.mark.parametrize(
    ("data", "cause"),
    [({"limit": 10}, "sent as a form"), ('{"limit": 10', "not JSON: it breaks at character 13")],
)
def test_a_body_that_is_no_json(sandbox: Platform, token: Token, data: Any, cause: str) -> None:
    error = refused(
        sandbox.list_chats_url, headers=bearer(token.access_token), data=data, json=None
    )
    assert cause in error.why


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"page_id": "x", "limit": 5, "filters": {}}, "together with filters and limit"),
        ({"page_id": "x", "sort_order": "asc"}, "together with sort_order"),
        ({"limit": 0}, "limit is 0"),
        ({"limit": 101}, "limit is 101"),
        ({"limit": "10"}, "limit is '10'"),
        ({"sort_order": "down"}, "sort_order is 'down'"),
    ],
)
def test_a_wrong_field_is_named(
    sandbox: Platform, token: Token, body: dict[str, Any], cause: str
) -> None:
    error = refused(sandbox.list_chats_url, headers=bearer(token.access_token), json=body)
    assert cause in error.why


@pytest.mark.parametrize("body", [{"limit": 10}, [1], {"filters": 3}])
def test_a_wrong_request_that_shows_nothing_wrong(body: Any) -> None:
    with StandIn() as server:
        server.answers(400, {"error": {"type": "validation", "message": "Wrong format"}})
        error = refused(server.platform.list_chats_url, json=body)
    assert error.why == "It says: Wrong format"


def test_an_unknown_version(sandbox: Platform, token: Token) -> None:
    url = sandbox.list_chats_url.replace("/v3.6/", "/v2.0/")
    error = refused(url, headers=bearer(token.access_token))
    assert error.why == "Version 2.0 is not served, or not to you."
    assert "3.6" in error.remedy


def test_an_unknown_method_and_a_get(sandbox: Platform, token: Token) -> None:
    headers = bearer(token.access_token)
    assert "no such method" in refused(sandbox.action_url("list_chat"), headers=headers).why
    assert "was a GET" in refused(sandbox.list_chats_url, "GET", headers=headers).why


# --- The others ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "cause"),
    [
        (429, "too_many_requests", "short time"),
        (403, "missing_access", "may not see"),
        (404, "not_found", "no such resource"),
        (400, "chat_inactive", "closed"),
        (400, "agent_offline", "not accepting"),
        (400, "license_expired", "ended"),
        (400, "license_not_found", "license"),
        (400, "limit_reached", "limit"),
        (400, "wrong_product_version", "product version"),
        (413, "entity_too_large", "10 MB"),
        (408, "request_timeout", "15 seconds"),
        (500, "internal", "on its side"),
        (503, "service_unavailable", "not available"),
        (421, "misdirected_request", "another region"),
        (418, "something_new", "It says: A sentence of theirs."),
    ],
)
def test_every_type_has_its_cause(status: int, kind: str, cause: str) -> None:
    with StandIn() as server:
        server.answers(status, {"error": {"type": kind, "message": "A sentence of theirs."}})
        error = refused(server.platform.list_chats_url)
    assert cause in error.why
    assert error.remedy


@pytest.mark.parametrize(
    ("status", "cause"),
    [(404, "nothing at this address"), (502, "server's side"), (400, "another")],
)
def test_an_answer_from_somebody_else(status: int, cause: str) -> None:
    with StandIn() as server:
        server.answers(status, b"<html>", "text/html")
        assert cause in refused(server.platform.list_chats_url).why
