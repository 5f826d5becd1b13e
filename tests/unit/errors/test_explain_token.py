"""Why the token endpoint refused: each cause, with the sandbox's own refusal where it gives one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import memory
from lc_tutorial.errors import TokenError
from lc_tutorial.errors.explaining.explanation import uri_difference
from lc_tutorial.oauth import build_authorization_url, new_state, parse_redirect
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.sandbox.learner.learner import Credentials, Learner

REDIRECT_URI = "http://127.0.0.1:8377/callback"
LIKELY = "Likely"


@pytest.fixture(scope="module")
def learner(sandbox: Platform) -> Learner:
    assert sandbox.login is not None
    return Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)


@pytest.fixture
def app(learner: Learner) -> Credentials:
    return learner.create_app("Explained", redirect_uri=REDIRECT_URI)


@pytest.fixture
def form(sandbox: Platform, learner: Learner, app: Credentials) -> dict[str, str]:
    """The fields of a good exchange, with a new code."""
    state = new_state()
    url = build_authorization_url(
        sandbox, client_id=app.client_id, redirect_uri=app.redirect_uri, state=state
    )
    authorization = parse_redirect(learner.authorize(url), state=state, strict=True)
    return {
        "grant_type": "authorization_code",
        "code": str(authorization.code),
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": app.redirect_uri,
    }


def refused(platform: Platform, method: str = "POST", **sent: Any) -> TokenError:
    response = requests.request(method, platform.token_url, timeout=10, **sent)
    assert not response.ok
    error = TokenError.from_response(response)
    for value in (sent.get("data"), sent.get("json")):
        if isinstance(value, dict):
            assert not any(
                len(value.get(name) or "") > 7 and value[name] in f"{error} {error.html()}"
                for name in ("code", "client_secret")
            )
    return error


def test_a_code_is_explained_as_used_the_second_time(
    sandbox: Platform, form: dict[str, str]
) -> None:
    response = requests.post(sandbox.token_url, data=form, timeout=10)
    assert response.ok
    memory.observe(response)
    error = refused(sandbox, data=form)
    assert error.name == "unauthorized_client"
    assert error.why == "This code was exchanged before, and a code works once."
    assert "step 2 again" in error.remedy


def test_a_used_code_is_known_even_if_it_never_came_through_a_form(
    sandbox: Platform, form: dict[str, str]
) -> None:
    memory.forget_all()
    memory.observe(requests.post(sandbox.token_url, data=form, timeout=10))
    assert "exchanged before" in refused(sandbox, json=form).why


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("client_secret", "••••••••", "It has dots in it, which stand for something hidden."),
        ("client_secret", "******", "It has asterisks in it"),
        ("client_secret", "YOUR_CLIENT_SECRET", "It is a placeholder"),
        ("client_secret", "<secret>", "It is a placeholder"),
        ("client_secret", "{}\u200b", "A character in it shows nothing."),
        ("client_secret", '"{}"', "It has quotation marks around it."),
        ("client_secret", "client_secret={}", "It has the name client_secret around it."),
        ("client_id", "{}\u2060", "A character in it shows nothing."),
        ("client_id", "[CLIENT_ID]", "It is a placeholder"),
        ("client_id", "{},", "It has punctuation around it."),
        ("code", "dal:••••••••", "It has dots in it, which stand for something hidden."),
        ("code", "dal:abc…", "It has dots in it, which stand for something hidden."),
        ("code", "<your_code>", "It is a placeholder"),
    ],
)
def test_what_stands_in_the_place_of_a_value_is_named(
    sandbox: Platform, form: dict[str, str], name: str, value: str, why: str
) -> None:
    error = refused(sandbox, data={**form, name: value.format(form[name])})
    assert f"What was sent as {name}" in error.why
    assert why in error.why
    assert "app.client_secret" in error.remedy


def test_an_old_code_is_explained_by_its_age(form: dict[str, str]) -> None:
    seen = memory.seen_code(form["code"])
    assert seen is not None
    seen.received_at = datetime.now(UTC) - timedelta(minutes=7, seconds=5)
    with StandIn() as server:
        server.answers(401, {"error": "unauthorized_client"})
        error = refused(server.platform, data=form)
    assert error.why == "This code came 7 minutes ago, and a code lives for a few minutes only."


@pytest.mark.parametrize(
    ("uri", "difference"),
    [
        (f"{REDIRECT_URI}/", "ends in a slash"),
        ("http://127.0.0.1:8377/call", "character 27"),
        ("https://127.0.0.1:8377/callback", "begins with https:"),
        ("http://localhost:8377/callback", "the host is localhost in one and 127.0.0.1"),
        ("http://127.0.0.1:8378/callback", "port differs: 127.0.0.1:8378 and 127.0.0.1:8377"),
        ("http://127.0.0.1:8377/Callback", "upper and lower case"),
        ("http://127.0.0.1:8377/%63allback", "percent-encoded"),
        (f"{REDIRECT_URI} ", "space"),
    ],
)
def test_another_redirect_uri_is_explained_by_what_differs(
    sandbox: Platform, form: dict[str, str], uri: str, difference: str
) -> None:
    error = refused(sandbox, data={**form, "redirect_uri": uri})
    assert "not the one of step 2" in error.why
    assert difference in error.why


def test_no_difference_is_none() -> None:
    assert uri_difference(REDIRECT_URI, REDIRECT_URI) == ""


def test_another_apps_id_is_named(sandbox: Platform, form: dict[str, str]) -> None:
    error = refused(sandbox, data={**form, "client_id": "0" * 32})
    assert "belongs to another app" in error.why


def test_a_wrong_secret_is_only_likely(sandbox: Platform, form: dict[str, str]) -> None:
    error = refused(sandbox, data={**form, "client_secret": "not-a-real-secret"})
    assert error.name == "unauthorized_client"
    assert error.why.startswith(f"{LIKELY} the Client Secret is not the app's newest one")


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"client_id": "not-a-real-secret", "client_secret": "0" * 32}, "swapped"),
        ({"client_secret": "0" * 32, "client_id": "0" * 32}, "pasted twice"),
        ({"code": ""}, "Missing or empty in the body: code."),
        ({"client_secret": "", "redirect_uri": ""}, "client_secret, redirect_uri"),
        ({"grant_type": ""}, "grant_type is missing"),
    ],
)
def test_a_fault_in_the_fields_is_named(
    sandbox: Platform, form: dict[str, str], changed: dict[str, str], cause: str
) -> None:
    assert cause in refused(sandbox, data={**form, **changed}).why


def test_a_fields_absence_is_named(sandbox: Platform, form: dict[str, str]) -> None:
    del form["redirect_uri"]
    assert refused(sandbox, data=form).why == "Missing or empty in the body: redirect_uri."


def test_a_field_sent_twice_is_named(sandbox: Platform, form: dict[str, str]) -> None:
    error = refused(sandbox, data=[*form.items(), ("client_id", form["client_id"])])
    assert error.why == "This field came more than once: client_id."


def test_a_snippet_that_was_copied_over_several_lines(
    sandbox: Platform, form: dict[str, str]
) -> None:
    body = "&  ".join(f"{name}={value}" for name, value in form.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    error = refused(sandbox, data=body, headers=headers)
    assert "copied over several lines" in error.why
    assert "code, client_id, client_secret, redirect_uri" in error.why


def test_what_was_sent_instead_of_the_code_is_named(
    sandbox: Platform, form: dict[str, str]
) -> None:
    response = requests.post(sandbox.token_url, data=form, timeout=10)
    memory.observe(response)
    for name, kind in (("access_token", "access token"), ("refresh_token", "refresh token")):
        error = refused(sandbox, data={**form, "code": response.json()[name]})
        assert error.why == f"What was sent as the code is the {kind}."


def test_half_a_code_and_an_encoded_one(sandbox: Platform, form: dict[str, str]) -> None:
    code = form["code"]
    assert "cut off" in refused(sandbox, data={**form, "code": code[:-3]}).why
    encoded = code.replace(":", "%3A")
    assert "%3A" in refused(sandbox, data={**form, "code": encoded}).why
    assert "space around" in refused(sandbox, data={**form, "code": f" {code}"}).why


@pytest.mark.parametrize(
    ("method", "where", "cause"),
    [
        ("GET", "params", "The request was a GET"),
        ("POST", "params", "no fields in its body"),
    ],
)
def test_a_call_in_the_wrong_way(
    sandbox: Platform, form: dict[str, str], method: str, where: str, cause: str
) -> None:
    assert cause in refused(sandbox, method, **{where: form}).why


def test_a_grant_type_that_is_unknown(sandbox: Platform, form: dict[str, str]) -> None:
    error = refused(sandbox, data={**form, "grant_type": "password"})
    assert error.name == "unsupported_grant_type"
    assert "does not know this grant_type" in error.why


@pytest.mark.parametrize(
    ("status", "name", "sent", "cause"),
    [
        (403, "invalid_scope", {}, "scope that the app does not have"),
        (403, "access_denied", {}, "scope that the app does not have"),
        (403, "invalid_grant", {"grant_type": "refresh_token"}, "refresh token has expired"),
        (403, "invalid_grant", {"grant_type": "authorization_code"}, "code_verifier"),
        (403, "unsupported_grant_type", {"grant_type": "authorization_code"}, "client type"),
        (401, "invalid_client", {}, "another app"),
        (401, "unauthorized", {}, "expired, was revoked"),
        (404, "resource_not_found", {}, "no such token"),
        (429, "temporarily_unavailable", {}, "Too many requests"),
        (500, "server_error", {}, "on its side"),
        (400, "something_new", {}, "It says: A sentence of theirs."),
        (404, "", {}, "another server answered"),
    ],
)
def test_every_name_has_its_likely_cause(
    form: dict[str, str], status: int, name: str, sent: dict[str, str], cause: str
) -> None:
    with StandIn() as server:
        body = {"error": name, "error_description": "A sentence of theirs."} if name else {}
        server.answers(status, body)
        error = refused(server.platform, data={**form, "refresh_token": "x", **sent})
    assert cause in error.why
    assert error.remedy


def test_fields_that_the_service_names_are_named(form: dict[str, str]) -> None:
    with StandIn() as server:
        body = {"error": "invalid_request", "invalid_fields": {"code_verifier": "too short"}}
        server.answers(422, body)
        error = refused(server.platform, data=form)
    assert error.why == "It names these fields: code_verifier (too short)."


def test_a_busy_service_is_not_blamed_on_the_code(form: dict[str, str]) -> None:
    seen = memory.seen_code(form["code"])
    assert seen is not None
    seen.exchanged = True
    with StandIn() as server:
        server.answers(429, {"error": "temporarily_unavailable"})
        assert "Too many requests" in refused(server.platform, data=form).why


def test_a_failing_service_is_not_blamed_on_the_call() -> None:
    with StandIn() as server:
        server.answers(500, {"error": "server_error"})
        assert "on its side" in refused(server.platform).why


def test_revoking_twice_is_not_explained_as_an_exchange(
    sandbox: Platform, form: dict[str, str]
) -> None:
    token = requests.post(sandbox.token_url, data=form, timeout=10).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.delete(sandbox.token_url, headers=headers, timeout=10).ok
    error = refused(sandbox, "DELETE", headers=headers)
    assert "POST" not in error.why
    assert "revoked" in error.why
