"""Faults on demand, as a client meets them."""

import time

import pytest
import requests

from tests.sandbox.conftest import NONCE, RunningSandbox
from tests.sandbox.control_plane import call, go_through, info, list_chats

#: For each the name at the accounts service, and the type and message of the product APIs.
#: Sources: livechat-public-docs, configs/redoc/global-accounts-api (429, 500; assumed: 503, 408),
#: and agent-chat-api, "Errors".
NAMES = {
    "429": ("temporarily_unavailable", "too_many_requests", "Too many requests"),
    "500": ("server_error", "internal", "Internal server error"),
    "503": ("temporarily_unavailable", "service_unavailable", "Service unavailable"),
    "408": ("temporarily_unavailable", "request_timeout", "Request timed out"),
}


@pytest.mark.parametrize("fault", NAMES)
def test_the_accounts_service_refuses_in_its_own_form(
    sandbox: RunningSandbox, http: requests.Session, fault: str
) -> None:
    call(sandbox, http, "POST", "faults", fault=fault)
    answer = http.post(f"{sandbox.url}/v2/token", data={})
    assert answer.status_code == int(fault)
    assert set(answer.json()) == {"error", "error_description", "request_id"}
    assert answer.json()["error"] == NAMES[fault][0]


@pytest.mark.parametrize("fault", NAMES)
def test_the_customer_accounts_service_refuses_in_its_own_form(
    sandbox: RunningSandbox, http: requests.Session, fault: str
) -> None:
    call(sandbox, http, "POST", "faults", fault=fault)
    answer = http.post(f"{sandbox.url}/v2/customer/token", json={})
    assert answer.status_code == int(fault)
    assert set(answer.json()) == {"oauth_exception", "exception_description"}
    assert answer.json()["oauth_exception"] == NAMES[fault][0]


@pytest.mark.parametrize("fault", NAMES)
@pytest.mark.parametrize("service", ["agent", "customer", "configuration"])
def test_the_product_apis_refuse_in_their_own_form(
    sandbox: RunningSandbox, http: requests.Session, fault: str, service: str
) -> None:
    call(sandbox, http, "POST", "faults", fault=fault)
    answer = http.post(f"{sandbox.url}/v3.6/{service}/action/list_chats", json={})
    assert answer.status_code == int(fault)
    error_type, message = NAMES[fault][1:]
    assert answer.json() == {"error": {"type": error_type, "message": message}}


@pytest.mark.parametrize("fault", NAMES)
def test_pages_refuse_with_a_page(
    sandbox: RunningSandbox, http: requests.Session, fault: str
) -> None:
    call(sandbox, http, "POST", "faults", fault=fault)
    answer = http.get(f"{sandbox.url}/console/")
    assert answer.status_code == int(fault)
    assert "not your mistake" in answer.text
    assert http.get(f"{sandbox.url}/console/").status_code == 200


def test_429_says_when_to_try_again(sandbox: RunningSandbox, http: requests.Session) -> None:
    call(sandbox, http, "POST", "faults", fault="429", retry_after=17, times=3)
    for path in ("/v2/info", "/v3.6/agent/action/list_chats", "/console/"):
        assert http.get(sandbox.url + path).headers["Retry-After"] == "17"
    call(sandbox, http, "POST", "faults", fault="503")
    assert "Retry-After" not in http.get(f"{sandbox.url}/v2/info").headers


def test_a_dropped_connection_does_nothing_and_answers_nothing(
    sandbox: RunningSandbox, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    flow = go_through(sandbox, http)
    call(sandbox, http, "POST", "faults", fault="drop", path="/v2/token")
    with pytest.raises(requests.ConnectionError):
        http.delete(
            f"{sandbox.url}/v2/token", headers={"Authorization": f"Bearer {flow.access_token}"}
        )
    assert info(sandbox, http, flow.access_token).status_code == 200
    assert not caplog.records


def test_a_truncated_answer_has_been_acted_on(
    sandbox: RunningSandbox, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    flow = go_through(sandbox, http)
    call(sandbox, http, "POST", "faults", fault="truncate", path="/v2/token")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        http.delete(
            f"{sandbox.url}/v2/token", headers={"Authorization": f"Bearer {flow.access_token}"}
        )
    assert info(sandbox, http, flow.access_token).status_code == 401
    assert not caplog.records


def test_a_truncated_answer_holds_the_first_half(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    token = go_through(sandbox, http).access_token
    whole = list_chats(sandbox, http, token, limit=1).content
    call(sandbox, http, "POST", "faults", fault="truncate")
    with http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats",
        json={"limit": 1},
        headers={"Authorization": f"Bearer {token}"},
        stream=True,
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Length"] == str(len(whole))
        # The page ids differ from one answer to the next, and come last.
        assert answer.raw.read(len(whole) // 2) == whole[: len(whole) // 2]


def test_a_slow_answer_comes_late(sandbox: RunningSandbox, http: requests.Session) -> None:
    call(sandbox, http, "POST", "faults", fault="slow", seconds=60, path="/v2/info", times=2)
    with pytest.raises(requests.ReadTimeout):
        http.get(f"{sandbox.url}/v2/info", timeout=0.2)
    # Others are not kept waiting meanwhile.
    assert http.get(f"{sandbox.url}/console/", timeout=20).status_code == 200
    call(sandbox, http, "DELETE", "faults")
    call(sandbox, http, "POST", "faults", fault="slow", seconds=0.3)
    began = time.monotonic()
    assert http.get(f"{sandbox.url}/v2/info").status_code == 422
    assert time.monotonic() - began >= 0.3


def test_a_fault_strikes_so_many_calls(sandbox: RunningSandbox, http: requests.Session) -> None:
    call(sandbox, http, "POST", "faults", fault="503", times=2)
    statuses = [http.get(f"{sandbox.url}/v2/info").status_code for _ in range(3)]
    assert statuses == [503, 503, 422]
    assert call(sandbox, http, "GET", "faults").json() == []


def test_a_fault_strikes_until_it_is_cleared(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    call(sandbox, http, "POST", "faults", fault="503", times=None)
    assert {http.get(f"{sandbox.url}/v2/info").status_code for _ in range(5)} == {503}
    assert call(sandbox, http, "DELETE", "faults").json() == []
    assert http.get(f"{sandbox.url}/v2/info").status_code == 422


def test_a_fault_strikes_only_its_paths(sandbox: RunningSandbox, http: requests.Session) -> None:
    call(sandbox, http, "POST", "faults", fault="500", path="/v*/agent/action/list_*", times=None)
    agent = f"{sandbox.url}/v3.6/agent/action"
    assert http.post(f"{agent}/list_chats", json={}).status_code == 500
    assert http.post(f"{agent}/list_threads", json={}).status_code == 500
    assert http.post(f"{agent}/get_chat", json={}).status_code == 401
    assert http.get(f"{sandbox.url}/v2/info").status_code == 422


def test_the_older_of_two_faults_strikes_first(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    call(sandbox, http, "POST", "faults", fault="500")
    call(sandbox, http, "POST", "faults", fault="503")
    told = call(sandbox, http, "GET", "faults").json()
    assert [(fault["fault"], fault["times"]) for fault in told] == [("500", 1), ("503", 1)]
    assert [http.get(f"{sandbox.url}/v2/info").status_code for _ in range(2)] == [500, 503]


def test_the_control_plane_and_the_stylesheet_are_spared(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    call(sandbox, http, "POST", "faults", fault="drop", times=None)
    assert call(sandbox, http, "GET", "state").status_code == 200
    assert http.get(f"{sandbox.url}/static/style.css").status_code == 200
    health = http.get(f"{sandbox.url}/_sandbox/health", params={"challenge": NONCE[:3]})
    assert health.status_code == 200
