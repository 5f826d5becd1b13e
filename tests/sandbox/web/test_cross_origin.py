"""What an app's own JavaScript gets to see: every answer of the APIs, refusals and faults too.

Which addresses that holds for, and which never, is in test_security.
"""

import logging
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.accounts import tokens
from lc_tutorial.sandbox.control.routes import NONCE_HEADER
from tests.sandbox.conftest import NONCE, RunningSandbox

PAGE = "http://localhost:3000"
FROM_PAGE = {"Origin": PAGE}
LIST_CHATS = "/v3.6/agent/action/list_chats"
COOKIE_GRANT = "/v2/customer/token"


def asks_first(headers: str = "content-type", method: str = "POST", **more: str) -> dict[str, str]:
    """The headers of a preflight."""
    return {
        **FROM_PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
        **more,
    }


def control(sandbox: RunningSandbox, path: str, order: Any = None) -> Any:
    headers = {NONCE_HEADER: NONCE}
    method = "GET" if order is None else "POST"
    url = f"{sandbox.url}/_sandbox/{path}"
    return requests.request(method, url, headers=headers, json=order, timeout=30).json()


def exchange(sandbox: RunningSandbox) -> dict[str, str]:
    """What exchanges a new code."""
    redirect_uri, scopes = sandbox.block.redirect_uris[0], ("chats--all:ro",)
    code = sandbox.world.grants.issue_code(
        sandbox.block.client_id, sandbox.author, redirect_uri, scopes
    )
    return {
        "grant_type": "authorization_code",
        "code": code.value,
        "client_id": sandbox.block.client_id,
        "client_secret": sandbox.block.client_secret,
        "redirect_uri": redirect_uri,
    }


def readable(answer: requests.Response) -> bool:
    return answer.headers.get("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize("body", ["json", "data"])
def test_a_page_exchanges_a_code_and_reads_the_token(
    sandbox: RunningSandbox, http: requests.Session, body: str
) -> None:
    """A form goes without a preflight: the code was spent, and the page saw "Failed to fetch"."""
    options: dict[str, Any] = {body: exchange(sandbox), "headers": FROM_PAGE}
    answer = http.post(f"{sandbox.url}/v2/token", **options)
    assert answer.json()["access_token"]
    assert readable(answer)


def test_a_preflight_spends_nothing(sandbox: RunningSandbox, http: requests.Session) -> None:
    sent = exchange(sandbox)
    control(sandbox, "faults", {"fault": "503", "times": 1})
    control(sandbox, "rate-limit", {"calls": 0})
    # Whatever is in its body: a browser sends none.
    for path in ("/v2/token", LIST_CHATS):
        assert http.options(sandbox.url + path, headers=asks_first(), data=sent).ok
    assert sandbox.world.grants.code(sent["code"]) is not None
    assert control(sandbox, "faults")[0]["times"] == 1


def test_the_journal_shows_a_preflight_as_what_it_is(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    http.options(f"{sandbox.url}/v2/token", headers=asks_first())
    entry = control(sandbox, "journal")[-1]
    assert (entry["method"], entry["url"], entry["status"]) == ("OPTIONS", "/v2/token", 200)
    assert entry["request_headers"]["origin"] == PAGE
    assert entry["request_headers"]["access-control-request-method"] == "POST"
    assert entry["response_headers"]["access-control-allow-origin"] == "*"
    assert entry["response_headers"]["access-control-allow-headers"] == "content-type"


def test_only_a_question_of_a_browser_is_a_preflight(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    for headers in ({}, FROM_PAGE, {"Access-Control-Request-Method": "POST"}):
        assert http.options(f"{sandbox.url}/v2/token", headers=headers).status_code == 405


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v2/token", 422),
        ("GET", "/v2/info?code=x", 401),
        ("PUT", "/v2/info", 405),
        ("GET", "/v2/nothing", 404),
        ("POST", "/v2/customer/token", 422),
        ("POST", "/token", 422),
        ("POST", LIST_CHATS, 401),
        ("GET", LIST_CHATS, 405),
        ("POST", "/v9/agent/action/list_chats", 401),
        ("POST", "/v3.6/agent/nothing", 404),
    ],
)
def test_a_page_reads_why_it_was_refused(
    sandbox: RunningSandbox, http: requests.Session, method: str, path: str, status: int
) -> None:
    answer = http.request(method, sandbox.url + path, headers=FROM_PAGE)
    assert answer.status_code == status
    assert readable(answer)


@pytest.mark.parametrize("fault", ["429", "500", "503", "408", "slow"])
@pytest.mark.parametrize("path", ["/v2/info", "/token", LIST_CHATS])
def test_a_page_reads_an_answer_of_a_bad_day(
    sandbox: RunningSandbox, http: requests.Session, path: str, fault: str
) -> None:
    control(sandbox, "faults", {"fault": fault, "seconds": 0})
    answer = http.post(sandbox.url + path, headers=FROM_PAGE)
    assert answer.status_code == (int(fault) if fault.isdecimal() else answer.status_code)
    assert "application/json" in answer.headers["Content-Type"]
    assert readable(answer)


def test_a_page_reads_that_the_sandbox_itself_failed(
    sandbox: RunningSandbox,
    http: requests.Session,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(tokens, "describe", None)
    with caplog.at_level(logging.CRITICAL):
        answer = http.post(f"{sandbox.url}/v2/token", data=exchange(sandbox), headers=FROM_PAGE)
    assert answer.status_code == 500
    assert readable(answer)


def test_under_a_name_that_is_not_ours_there_is_nothing_to_read(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    """To a browser that was led here by a stranger's name, the stranger's page is no other origin.

    So it is the refusal that protects, and it is readable for nobody else.
    """
    for headers in (asks_first(), FROM_PAGE):
        answer = http.options(
            f"{sandbox.url}/v2/token", headers={**headers, "Host": "evil.example"}
        )
        assert answer.status_code == 421
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_of_the_internet_may_not_reach_into_this_machine(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    headers = asks_first(**{"Access-Control-Request-Private-Network": "true"})
    answer = http.options(f"{sandbox.url}/v2/token", headers=headers)
    assert "Access-Control-Allow-Private-Network" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "path", "allowed", "with_credentials"),
    [
        ("https://shop.example", COOKIE_GRANT, "https://shop.example", True),
        ("https://shop.example", "/v2/customer/some-organization/0/token", ..., True),
        ("https://evil.example", COOKIE_GRANT, "*", False),
        ("http://shop.example", COOKIE_GRANT, "*", False),
        ("https://shop.example", "/v2/token", "*", False),
        ("https://shop.example", LIST_CHATS, "*", False),
    ],
)
def test_cookies_go_along_for_a_trusted_origin_at_the_customers_tokens_alone(
    sandbox: RunningSandbox,
    http: requests.Session,
    origin: str,
    path: str,
    allowed: Any,
    with_credentials: bool,
) -> None:
    sandbox.world.trusted_origins[sandbox.author.organization_id].add("https://shop.example")
    expected = (origin if allowed is ... else allowed, "true" if with_credentials else None)
    for answer in (
        http.options(sandbox.url + path, headers={**asks_first(), "Origin": origin}),
        http.post(sandbox.url + path, headers={"Origin": origin}),
    ):
        told = answer.headers
        assert expected == (
            told["Access-Control-Allow-Origin"],
            told.get("Access-Control-Allow-Credentials"),
        )


def test_another_world_trusts_others(sandbox: RunningSandbox, http: requests.Session) -> None:
    sandbox.world.trusted_origins[sandbox.author.organization_id].add("https://shop.example")
    control(sandbox, "reset", {})
    answer = http.post(sandbox.url + COOKIE_GRANT, headers={"Origin": "https://shop.example"})
    assert readable(answer)
