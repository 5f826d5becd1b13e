"""Tokens to act as a customer: `/v2/customer/token` and `/v2/customer/info`.

Sources, by page of livechat-public-docs: `customer-authorization` and `troubleshooting`
(authorization), and `specv2` (configs/redoc/customer-accounts-api).
"""

import json
import logging
import uuid
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.scopes import Role, may_grant
from tests.sandbox.conftest import RunningSandbox

UNAUTHORIZED_CLIENT = (401, "unauthorized_client")
INVALID_REQUEST = (422, "invalid_request")


@pytest.fixture
def agent(sandbox: RunningSandbox) -> str:
    """An access token of the ready-made app that may act as customers."""
    return agent_token(sandbox)


def agent_token(sandbox: RunningSandbox, *scopes: str) -> str:
    issued = sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, scopes or ("customers:own",)
    )
    return issued.value


def ask(
    sandbox: RunningSandbox,
    http: requests.Session,
    token: str | None,
    *,
    method: str = "POST",
    path: str = "/v2/customer/token",
    without: tuple[str, ...] = (),
    **fields: Any,
) -> requests.Response:
    body = {
        "grant_type": "agent_token",
        "client_id": sandbox.block.client_id,
        "response_type": "token",
    } | fields
    for name in without:
        del body[name]
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return http.request(method, sandbox.url + path, json=body, headers=headers, timeout=30)


def refused(answer: requests.Response) -> tuple[int, str]:
    """Return what a refusal says, if it has the form of the accounts service for customers."""
    body = answer.json()
    assert set(body) == {"oauth_exception", "exception_description"}
    assert body["exception_description"].endswith(".")
    return answer.status_code, body["oauth_exception"]


# --- New and existing customers -----------------------------------------------------------------


def test_a_token_for_a_new_customer(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    # Source: customer-authorization, "Agent token grant", "Case: New customer".
    answer = ask(sandbox, http, agent)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert set(body) == {
        "access_token",
        "client_id",
        "entity_id",
        "expires_in",
        "organization_id",
        "token_type",
    }
    assert body["access_token"].startswith("dal:")
    assert body["client_id"] == sandbox.block.client_id
    assert str(uuid.UUID(body["entity_id"])) == body["entity_id"]
    assert body["expires_in"] == 28_800
    assert body["organization_id"] == sandbox.author.organization_id
    assert body["token_type"] == "Bearer"
    assert ask(sandbox, http, agent).json()["entity_id"] != body["entity_id"]


def test_an_entity_id_renews_the_token_of_a_customer(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    # Source: customer-authorization, "Agent token grant", "Case: Existing customer".
    first = ask(sandbox, http, agent).json()
    sandbox.world.clock.advance(28_801)
    agent = agent_token(sandbox)
    second = ask(sandbox, http, agent, entity_id=first["entity_id"]).json()
    assert second["entity_id"] == first["entity_id"]
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 28_800


def test_a_customer_of_the_chats_exists_too(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    # Source: specv2, entity_id ("should already exist").
    token = agent_token(sandbox, "chats--all:ro")
    listed = http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats",
        json={"limit": 1},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    ).json()
    users = listed["chats_summary"][0]["users"]
    customer_id = next(user["id"] for user in users if user["type"] == "customer")
    answer = ask(sandbox, http, agent, entity_id=customer_id)
    assert answer.json()["entity_id"] == customer_id


@pytest.mark.parametrize("kind", ["json", "form", "json as curl sends it"])
def test_bodies(sandbox: RunningSandbox, http: requests.Session, agent: str, kind: str) -> None:
    # Source: specv2 (JSON); customer-authorization, whose samples do not name a Content-Type.
    fields = {"grant_type": "agent_token", "client_id": sandbox.block.client_id}
    headers = {"Authorization": f"Bearer {agent}"}
    data: Any = fields | {"response_type": "token", "expires_in": 60}
    if kind != "form":
        data = json.dumps(data)
        headers["Content-Type"] = (
            "application/json" if kind == "json" else "application/x-www-form-urlencoded"
        )
    url = f"{sandbox.url}/v2/customer/token"
    answer = http.post(url, data=data, headers=headers, timeout=30)
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 60


# --- Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "without", "error"),
    [
        # Source: specv2 (required: grant_type, client_id).
        ({}, ("grant_type",), INVALID_REQUEST),
        ({"grant_type": ""}, (), INVALID_REQUEST),
        ({"grant_type": 1}, (), INVALID_REQUEST),
        ({}, ("client_id",), UNAUTHORIZED_CLIENT),
        # Source: troubleshooting, "unauthorized_client" (client ID not found).
        ({"client_id": "0" * 32}, (), UNAUTHORIZED_CLIENT),
        # Source: troubleshooting, "unsupported_grant_type".
        ({"grant_type": "authorization_code"}, (), (403, "unsupported_grant_type")),
        # Source: customer-authorization, "Request" (response_type: token).
        ({"response_type": "code"}, (), INVALID_REQUEST),
        ({"expires_in": 0}, (), INVALID_REQUEST),
        ({"expires_in": 28_801}, (), INVALID_REQUEST),
        ({"expires_in": "soon"}, (), INVALID_REQUEST),
        # Source: specv2, entity_id ("should already exist"), resource_not_found.
        ({"entity_id": str(uuid.UUID(int=1))}, (), (404, "resource_not_found")),
        ({"entity_id": "\ud83d"}, (), (404, "resource_not_found")),
        ({"entity_id": []}, (), INVALID_REQUEST),
    ],
)
def test_what_is_wrong_with_a_request(
    sandbox: RunningSandbox,
    http: requests.Session,
    agent: str,
    fields: dict[str, Any],
    without: tuple[str, ...],
    error: tuple[int, str],
) -> None:
    assert refused(ask(sandbox, http, agent, without=without, **fields)) == error


def test_a_missing_response_type_is_no_mistake(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    # Source: specv2, where it is not named at all.
    assert ask(sandbox, http, agent, without=("response_type",)).status_code == 200


def test_an_agent_s_token_is_needed(sandbox: RunningSandbox, http: requests.Session) -> None:
    # Source: specv2, 401.
    assert refused(ask(sandbox, http, None)) == UNAUTHORIZED_CLIENT
    assert refused(ask(sandbox, http, "not-a-real-token")) == (401, "invalid_grant")
    token = agent_token(sandbox)
    sandbox.world.clock.advance(28_801)
    assert refused(ask(sandbox, http, token)) == (401, "invalid_grant")


@pytest.mark.parametrize("scope", ["customers:rw", "customers:ro", "chats--all:rw"])
def test_the_agent_s_token_needs_its_scope(
    sandbox: RunningSandbox, http: requests.Session, scope: str
) -> None:
    # Source: customer-authorization, "Agent token grant" (customers:own).
    token = agent_token(sandbox, scope)
    assert refused(ask(sandbox, http, token)) == (403, "access_denied")


def test_a_plain_agent_cannot_grant_the_scope(sandbox: RunningSandbox) -> None:
    # Source: scopes (customers:own: administrator).
    roles: tuple[Role, ...] = ("normal", "administrator", "owner")
    assert [may_grant(role, "customers:own") for role in roles] == [False, True, True]


def test_a_personal_access_token_will_not_do(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    # Source: customer-authorization, "Agent token grant" (except for Personal Access Tokens).
    owner = sandbox.author.id
    made = sandbox.world.create_personal_access_token(owner, "script", ["customers:own"])
    assert refused(ask(sandbox, http, made.value)) == (401, "invalid_grant")
    answer = http.post(
        f"{sandbox.url}/v2/customer/token",
        json={"grant_type": "agent_token", "client_id": sandbox.block.client_id},
        auth=(owner, made.value),
        timeout=30,
    )
    assert refused(answer) == UNAUTHORIZED_CLIENT


def test_the_app_has_to_be_the_token_s_own(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    other = sandbox.new_app()
    assert refused(ask(sandbox, http, agent, client_id=other.client_id)) == UNAUTHORIZED_CLIENT


def test_another_organization_s_customer_does_not_exist(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    stranger = sandbox.world.customers.create(people.PAPER_LANTERN.id)
    answer = ask(sandbox, http, agent, entity_id=stranger)
    assert refused(answer) == (404, "resource_not_found")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        # Source: customer-authorization, whose sample of an existing customer lacks a quote.
        ('{"grant_type": "agent_token", "entity_id: "x"}', "application/json"),
        ('{"grant_type": "agent_token", "entity_id: "x"}', "application/x-www-form-urlencoded"),
        ('["grant_type"]', "application/json"),
        ('{"grant_type": "agent_token", "grant_type": "cookie"}', "application/json"),
        ("grant_type=agent_token&grant_type=agent_token", "application/x-www-form-urlencoded"),
        ("grant_type=agent_token", "text/plain"),
        ("", "application/json"),
    ],
)
def test_bodies_that_cannot_be_read(
    sandbox: RunningSandbox, http: requests.Session, agent: str, body: str, kind: str
) -> None:
    headers = {"Authorization": f"Bearer {agent}", "Content-Type": kind}
    url = f"{sandbox.url}/v2/customer/token"
    answer = http.post(url, data=body, headers=headers, timeout=30)
    assert refused(answer) == INVALID_REQUEST


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("GET", "/v2/customer/token", (405, "invalid_request")),
        ("PUT", "/v2/customer/info", (405, "invalid_request")),
        ("GET", "/v2/customer/identity_transfer", (405, "invalid_request")),
        ("POST", "/v2/customer/x/1/token", (404, "resource_not_found")),
        ("POST", "/v2/customer/anything", (404, "resource_not_found")),
    ],
)
def test_addresses_and_methods_that_are_not_there(
    sandbox: RunningSandbox,
    http: requests.Session,
    agent: str,
    method: str,
    path: str,
    error: tuple[int, str],
) -> None:
    assert refused(ask(sandbox, http, agent, method=method, path=path)) == error


def test_what_is_not_imitated_is_in_the_log(
    sandbox: RunningSandbox,
    http: requests.Session,
    agent: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        ask(sandbox, http, agent, path=f"/v2/customer/{agent}")
    assert len([m for m in caplog.messages if "does not imitate" in m]) == 1
    assert agent not in caplog.text


# --- Inspect, revoke, expire --------------------------------------------------------------------


def test_inspecting(sandbox: RunningSandbox, http: requests.Session, agent: str) -> None:
    # Source: specv2, /info: by the header or a query string.
    issued = ask(sandbox, http, agent).json()
    sandbox.world.clock.advance(100)
    url, token = f"{sandbox.url}/v2/customer/info", issued["access_token"]
    by_header = http.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    by_query = http.get(url, params={"code": token}, timeout=10)
    for answer in (by_header, by_query):
        assert answer.status_code == 200
        assert answer.json() == issued | {"expires_in": answer.json()["expires_in"]}
        assert 28_600 < answer.json()["expires_in"] <= 28_700
    for answer in (http.get(url, timeout=10), http.get(url, params={"code": agent}, timeout=10)):
        assert refused(answer) == UNAUTHORIZED_CLIENT


def test_revoking(sandbox: RunningSandbox, http: requests.Session, agent: str) -> None:
    # Source: specv2, DELETE /token.
    issued = ask(sandbox, http, agent).json()
    headers = {"Authorization": f"Bearer {issued['access_token']}"}
    url = f"{sandbox.url}/v2/customer/token"
    assert http.delete(url, headers=headers, timeout=10).status_code == 200
    assert refused(http.delete(url, headers=headers, timeout=10)) == UNAUTHORIZED_CLIENT
    # The customer lives on.
    again = ask(sandbox, http, agent, entity_id=issued["entity_id"])
    assert again.status_code == 200


def test_a_deleted_app_s_customers_lose_their_tokens(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    block = sandbox.new_app(scopes=("customers:own",))
    app = list(sandbox.world.apps.values())[-1]
    token = sandbox.world.grants.issue_access_token(
        block.client_id, sandbox.author.id, ["customers:own"]
    ).value
    issued = ask(sandbox, http, token, client_id=block.client_id).json()["access_token"]
    kept = ask(sandbox, http, agent_token(sandbox)).json()["access_token"]
    sandbox.world.delete_app(app)
    assert sandbox.world.customers.token(issued) is None
    assert sandbox.world.customers.token(kept) is not None


def test_a_customer_s_token_is_not_an_agent_s(
    sandbox: RunningSandbox, http: requests.Session, agent: str
) -> None:
    # Source: troubleshooting, "Invalid access token", 1 ("or the other way round").
    token = ask(sandbox, http, agent).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("agent/action/list_chats", "configuration/action/list_agents"):
        answer = http.post(f"{sandbox.url}/v3.6/{path}", json={}, headers=headers, timeout=30)
        assert answer.status_code == 401
        assert answer.json()["error"]["message"] == "Invalid access token"
    answer = http.get(f"{sandbox.url}/v2/info", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
