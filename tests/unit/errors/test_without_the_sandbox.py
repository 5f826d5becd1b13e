"""What is said of a refusal where nobody can be asked, as on the live platform.

The kernel's memory makes a cause known; without it a cause is likely, and said to be.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import masking, memory
from lc_tutorial.display.transcript import explanation
from lc_tutorial.errors import ApiError, Place, TokenError
from lc_tutorial.errors.explaining.explanation import Cause, Known, Likely
from lc_tutorial.errors.explaining.place import _WORDS
from lc_tutorial.memory import SentRequest
from lc_tutorial.oauth import Pkce
from lc_tutorial.oauth.personal_tokens import PersonalAccessToken
from tests.unit.errors.scene import basic

CLIENT_ID = "0123456789abcdef" * 2
REDIRECT_URI = "http://127.0.0.1:8377/callback"
CODE = "dal:not_a_real_code_00000000000"
TOKEN = "dal:not_a_real_token_0000000000"
GOOD = {
    "grant_type": "authorization_code",
    "code": CODE,
    "client_id": CLIENT_ID,
    "client_secret": "not-a-real-secret",
    "redirect_uri": REDIRECT_URI,
}
REFRESH = {
    "grant_type": "refresh_token",
    "refresh_token": "not-a-real-refresh-token",
    "client_id": CLIENT_ID,
    "client_secret": "not-a-real-secret",
}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as stand_in:
        yield stand_in


def refused(server: StandIn, status: int, name: str, fields: Any = GOOD, **said: Any) -> TokenError:
    server.answers(status, {"error": name, "error_description": "A sentence of theirs.", **said})
    answer = requests.post(server.platform.token_url, data=fields, timeout=9)
    return TokenError.from_response(answer)


def call(server: StandIn, status: int, kind: str, *, token: str = TOKEN, **sent: Any) -> ApiError:
    message = "A sentence of theirs."
    server.answers(status, {"error": {"type": kind, "message": message, "data": {}}})
    sent.setdefault("json", {})
    sent.setdefault("headers", {"Authorization": f"Bearer {token}"})
    url = server.platform.action_url(sent.pop("action", "list_chats"))
    return ApiError.from_response(requests.post(url, timeout=9, **sent))


def issued(server: StandIn, token: str = TOKEN, **more: Any) -> None:
    """This kernel sees a token being issued."""
    server.answers(200, {"access_token": token, "expires_in": 28800, **more})
    memory.observe(requests.post(f"{server.origin}/v2/token", timeout=9))


# --- The token endpoint -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "name", "fields", "cause"),
    [
        (401, "unauthorized_client", GOOD, Likely("the Client Secret is not the app's newest")),
        (401, "unauthorized_client", REFRESH, Likely("the refresh token is not whole, was used")),
        (401, "invalid_client", REFRESH, Likely("the refresh token belongs to another app")),
        (403, "invalid_grant", REFRESH, Likely("the refresh token has expired.")),
        (403, "invalid_grant", GOOD, Likely("the code_verifier does not fit")),
        (403, "unsupported_grant_type", GOOD, Likely("the app's client type may not use")),
        (403, "access_denied", GOOD, Likely("it asks for a scope that the app does not have")),
        (403, "invalid_scope", GOOD, Likely("it asks for a scope that the app does not have")),
        (422, "invalid_request", GOOD, Likely("a field is missing, came twice")),
        (418, "something_new", GOOD, Known("It says: A sentence of theirs.")),
    ],
)
def test_where_the_request_shows_nothing_the_name_is_what_is_left(
    server: StandIn, status: int, name: str, fields: dict[str, str], cause: Cause
) -> None:
    problem = refused(server, status, name, fields)
    assert type(problem.cause) is type(cause)
    assert problem.cause.text.startswith(cause.text)
    assert problem.remedy


def test_a_javascript_app_is_not_told_that_its_secret_is_missing(server: StandIn) -> None:
    fields = {name: value for name, value in REFRESH.items() if name != "client_secret"}
    problem = refused(server, 401, "unauthorized_client", fields)
    assert problem.cause == Likely("client_secret is missing: a server-side app sends it always.")


def test_fields_that_the_service_names_are_named(server: StandIn) -> None:
    problem = refused(server, 422, "invalid_request", invalid_fields={"scope": "too long"})
    assert problem.why == "It names these fields: scope (too long)."


def test_a_code_of_which_the_kernel_knows_the_request(server: StandIn) -> None:
    pkce = Pkce.new()
    request = SentRequest(CLIENT_ID, REDIRECT_URI, code_challenge=pkce.challenge)
    memory.note_request("a-state", request)
    seen = memory.note_code(CODE, "a-state")

    def why(**changed: str) -> str:
        return refused(server, 401, "unauthorized_client", {**GOOD, **changed}).why

    assert why(redirect_uri=f"{REDIRECT_URI}/").startswith("The redirect_uri is not the one of")
    assert "belongs to another app" in why(client_id="f" * 32)
    assert why().startswith("code_verifier is missing")
    seen.received_at = datetime.now(UTC) - timedelta(minutes=7, seconds=5)
    seen.request = None
    assert why() == "This code came 7 minutes ago, and a code lives for a few minutes only."
    seen.exchanged = True
    assert why() == "This code was exchanged before, and a code works once."


def test_a_verifier_of_another_run_is_called_an_older_one(server: StandIn) -> None:
    old, new = Pkce.new(), Pkce.new()
    request = SentRequest(
        CLIENT_ID, REDIRECT_URI, code_challenge=new.challenge, code_challenge_method="S256"
    )
    memory.note_request("a-state", request)
    memory.note_code(CODE, "a-state")
    problem = refused(server, 403, "invalid_grant", {**GOOD, "code_verifier": old.verifier})
    assert problem.cause == Known("The code_verifier is an older one than that of the link.")


def test_a_challenge_of_nobody_here_makes_no_verifier_an_older_one(server: StandIn) -> None:
    """Somebody changed it in the link, and this kernel has made others since."""
    sent, _ = Pkce.new(), Pkce.new()
    request = SentRequest(
        CLIENT_ID, REDIRECT_URI, code_challenge="x" * 43, code_challenge_method="S256"
    )
    memory.note_request("a-state", request)
    memory.note_code(CODE, "a-state")
    problem = refused(server, 403, "invalid_grant", {**GOOD, "code_verifier": sent.verifier})
    assert problem.cause == Known(
        "The code_verifier is not the one whose challenge was in the link."
    )


def test_an_answer_from_somebody_else(server: StandIn) -> None:
    for status, cause in ((404, Known("There is nothing")), (418, Likely("another server"))):
        server.answers(status, b"<html>", "text/html")
        answer = requests.post(server.platform.list_chats_url, json={}, timeout=9)
        problem = explanation(answer)
        assert problem is not None
        assert type(problem.cause) is type(cause)
        assert problem.cause.text.startswith(cause.text)


# --- The product APIs ---------------------------------------------------------------------------


def test_a_token_that_nobody_knows_is_a_guess(server: StandIn) -> None:
    problem = call(server, 401, "authentication")
    assert isinstance(problem.cause, Likely)
    assert "This kernel did not see it issued." in problem.why
    issued(server)
    problem = call(server, 401, "authentication")
    assert problem.why == "Likely the token was revoked, or the oldest of more than 25 was dropped."


def test_what_the_kernel_saw_is_known(server: StandIn) -> None:
    issued(server, expires_in=0)
    assert call(server, 401, "authentication").cause == Known("The access token has expired.")
    server.answers(200, {})
    memory.observe(
        requests.delete(
            server.platform.token_url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=9
        )
    )
    assert call(server, 401, "authentication").cause == Known("The access token was revoked.")


def test_a_token_that_was_cut_off(server: StandIn) -> None:
    issued(server)
    assert "cut off" in call(server, 401, "authentication", token=TOKEN[:-4]).why


def test_a_token_of_another_platform_is_known_as_such(server: StandIn) -> None:
    issued(server)
    with StandIn() as other:
        problem = call(other, 401, "authentication")
    assert isinstance(problem.cause, Known)
    assert "comes from another platform" in problem.why


def test_a_header_of_bytes_is_read_as_one_of_text(server: StandIn) -> None:
    issued(server, scope="chats--my:ro")
    header = {"Authorization": f"Bearer {TOKEN}".encode()}
    assert "revoked" in call(server, 401, "authentication", headers=header).why
    assert "It holds chats--my:ro." in call(server, 403, "authorization", headers=header).why
    server.answers(200, {})
    memory.observe(requests.delete(server.platform.token_url, headers=header, timeout=9))
    seen = memory.seen_token(TOKEN)
    assert seen is not None
    assert seen.revoked


def test_a_personal_access_token_that_was_entered_is_known_as_one(server: StandIn) -> None:
    account = "00000000-0000-4000-8000-000000000000"
    PersonalAccessToken(account, masking.Secret(TOKEN))
    problem = call(server, 401, "authentication")
    assert problem.cause == Known(
        "This is a personal access token, which goes with Basic and with the account id, not with "
        "Bearer."
    )
    problem = call(server, 401, "authentication", headers=basic(account, TOKEN))
    assert problem.why.startswith("Likely the token was deleted")


BY_COOKIE = {"grant_type": "cookie", "client_id": CLIENT_ID, "organization_id": "not-a-real-one"}
BY_IDENTITY = {"grant_type": "identity_token", "client_id": CLIENT_ID, "code": CODE}
OF_ELSEWHERE = {"Origin": "https://elsewhere.example"}


@pytest.mark.parametrize(
    ("status", "name", "sent", "cause"),
    [
        (
            401,
            "unauthorized_client",
            {"json": {**BY_COOKIE, "redirect_uri": REDIRECT_URI}},
            f"{REDIRECT_URI} fits no entry in the whitelist of the app.",
        ),
        (
            403,
            "access_denied",
            {"json": BY_COOKIE, "headers": OF_ELSEWHERE},
            "the organization does not trust pages of https://elsewhere.example, or the app is",
        ),
        (
            403,
            "access_denied",
            {"json": {**BY_COOKIE, "redirect_uri": REDIRECT_URI}},
            "the app is private to another organization.",
        ),
        (
            403,
            "invalid_grant",
            {"json": BY_IDENTITY},
            "the identity transfer token was used, has expired, or was not copied whole.",
        ),
    ],
)
def test_what_is_wrong_with_a_customers_grant_is_a_guess(
    server: StandIn, status: int, name: str, sent: dict[str, Any], cause: str
) -> None:
    server.answers(status, {"oauth_exception": name, "exception_description": "A sentence."})
    answer = requests.post(f"{server.origin}/v2/customer/token", timeout=9, **sent)
    problem = TokenError.from_response(answer)
    assert isinstance(problem.cause, Likely)
    assert problem.cause.text.startswith(cause)
    assert problem.remedy


def test_an_agents_token_that_nobody_knows_at_the_customer_chat_api(server: StandIn) -> None:
    server.answers(401, {"error": {"type": "authentication", "message": "x"}})
    url = f"{server.origin}/v3.6/customer/action/list_chats?organization_id=x"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    problem = ApiError.from_response(requests.post(url, json={}, headers=headers, timeout=9))
    assert isinstance(problem.cause, Likely)
    assert "is an agent's" in problem.why
    assert "/v2/customer/token" in problem.remedy


@pytest.mark.parametrize(
    ("status", "kind", "cause"),
    [
        (403, "missing_access", "may not see"),
        (404, "not_found", "nothing with the id"),
        (400, "chat_inactive", "closed"),
        (400, "chat_anonymized", "anonymized"),
        (400, "agent_offline", "can take the chat"),
        (400, "license_expired", "ended"),
        (400, "license_not_found", "license"),
        (400, "limit_reached", "more than"),
        (400, "wrong_product_version", "product version"),
        (400, "customer_banned", "banned"),
        (400, "group_offline", "No agent of the group"),
        (400, "groups_offline", "No agent of any group"),
        (400, "group_unavailable", "none of its agents is available"),
        (404, "greeting_not_found", "no greeting"),
        (413, "entity_too_large", "10 MB"),
        (408, "request_timeout", "15 seconds"),
        (429, "too_many_requests", "short time"),
        (500, "internal", "not billed"),
        (503, "service_unavailable", "not available"),
        (421, "misdirected_request", "another region"),
        (418, "something_new", "It says: A sentence of theirs."),
    ],
)
def test_every_type_has_its_meaning(server: StandIn, status: int, kind: str, cause: str) -> None:
    problem = call(server, status, kind)
    assert cause in problem.why
    assert isinstance(problem.cause, Known)
    assert problem.remedy


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"limit": 10}, Known("It says: A sentence of theirs. It names no parameter.")),
        ({"page_id": "MTYxODM5"}, Likely("the page_id does not belong to this call")),
        ([1], Known("The body is a list")),
        ({"filters": 3}, Known("filters is 3.")),
    ],
)
def test_a_wrong_parameter(server: StandIn, body: Any, cause: Cause) -> None:
    problem = call(server, 400, "validation", json=body)
    assert type(problem.cause) is type(cause)
    assert problem.cause.text.startswith(cause.text)


@pytest.mark.parametrize(
    ("header", "remedy"),
    [
        ("2", "Wait 2 seconds, as the answer asks. Run the cell again."),
        ("0.5", "Wait a second, as the answer asks. Run the cell again."),
        ("60s", "Wait 60 seconds, as the answer asks. Run the cell again."),
        ("-5", "Run the cell again."),
        ("soon", "Wait a minute. Run the cell again."),
        ("Fri, 31 Dec 99999 23:59:59 GMT", "Wait a minute. Run the cell again."),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "It asks to wait for more than a day"),
    ],
)
def test_how_long_to_wait(server: StandIn, header: str, remedy: str) -> None:
    server.headers["Retry-After"] = header
    assert call(server, 503, "service_unavailable").remedy.startswith(remedy)


# --- Where it is shown --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "bearer", "method"),
    [
        (Place.CELL, 'Send the header "Authorization"', "Use requests.post in the cell."),
        (Place.LAB, "Under Authorization choose Bearer, with {{access_token}}", "Choose POST"),
        (Place.FORM, "Enter the access token.", "Use POST."),
        (Place.SCRIPT, "lc.AgentChat(platform, token)", "Send it with POST."),
    ],
)
def test_a_remedy_fits_its_place(server: StandIn, place: Place, bearer: str, method: str) -> None:
    server.answers(401, {"error": {"type": "authentication", "message": "x"}})
    without = requests.post(server.platform.list_chats_url, json={}, timeout=9)
    assert bearer in ApiError.from_response(without, place).remedy
    server.answers(405, {"error": {"type": "not_found", "message": "x"}})
    got = requests.get(server.platform.list_chats_url, timeout=9)
    assert ApiError.from_response(got, place).remedy.startswith(method)


def test_each_thing_is_said_at_each_place() -> None:
    assert {name: {*ways} for name, ways in _WORDS.items()} == {name: {*Place} for name in _WORDS}


def test_outside_the_notebook_nobody_is_sent_to_a_step(server: StandIn) -> None:
    for name in ("start_over", "refresh", "new_code", "credentials", "again", "customer"):
        assert "step" not in Place.SCRIPT.say(name)
        assert "the cell" not in Place.LAB.say(name)
