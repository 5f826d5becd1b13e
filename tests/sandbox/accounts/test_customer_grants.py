"""The customers' other grants: by cookies, and by an identity that is taken elsewhere.

Sources, by page of livechat-public-docs: `customer-authorization` (authorization) and `specv2`
(configs/redoc/customer-accounts-api).
"""

import json
from http.cookies import SimpleCookie
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.control.world_state import secret_values
from lc_tutorial.sandbox.world.people import FERN_AND_FILTER, GENERAL, ORDERS, PAPER_LANTERN
from tests.sandbox.accounts.test_customer_tokens import (
    INVALID_REQUEST,
    UNAUTHORIZED_CLIENT,
    agent_token,
    ask,
    refused,
)
from tests.sandbox.accounts.test_tokens import S256, VERIFIER
from tests.sandbox.conftest import RunningSandbox

SHOP = "https://shop.example.com"
PAGE = f"{SHOP}/plants"
SECRET_COOKIE = "__lc_cst"


@pytest.fixture(autouse=True)
def _whitelisted(sandbox: RunningSandbox) -> None:
    sandbox.block.redirect_uris.append(SHOP)


def by_cookie(
    sandbox: RunningSandbox,
    cookies: dict[str, str] | None = None,
    *,
    origin: str | None = SHOP,
    path: str = "/v2/customer/token",
    **fields: Any,
) -> requests.Response:
    """Ask as npm @livechat/customer-auth does: JSON as text, with the cookies that were set."""
    body = {
        "response_type": "token",
        "grant_type": "cookie",
        "client_id": sandbox.block.client_id,
        "organization_id": FERN_AND_FILTER.id,
        "redirect_uri": PAGE,
    } | fields
    sent = {name: value for name, value in body.items() if value is not None}
    headers = {"Content-Type": "text/plain;charset=UTF-8"}
    if origin is not None:
        headers["Origin"] = origin
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    url = sandbox.url + path
    return requests.post(url, data=json.dumps(sent), headers=headers, timeout=30)


def cookies_of(answer: requests.Response) -> dict[str, str]:
    return {morsel.key: morsel.value for morsel in morsels_of(answer)}


def morsels_of(answer: requests.Response) -> list[Any]:
    return [
        morsel
        for line in answer.raw.headers.getlist("Set-Cookie")
        for morsel in SimpleCookie(line).values()
    ]


# --- Cookies ------------------------------------------------------------------------------------


def test_a_browser_becomes_a_customer(sandbox: RunningSandbox) -> None:
    # Source: customer-authorization, "Cookie grant", "Case: New customer".
    answer = by_cookie(sandbox)
    assert answer.status_code == 200
    body = answer.json()
    assert body["organization_id"] == FERN_AND_FILTER.id
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 28_800)
    morsels = morsels_of(answer)
    assert [morsel.key for morsel in morsels] == ["__lc_cid", SECRET_COOKIE]
    for morsel in morsels:
        assert morsel["path"] == "/v2/customer"
        assert morsel["max-age"] == "63072000"
        assert (morsel["secure"], morsel["httponly"]) == (True, True)
        assert morsel["samesite"].lower() == "none"
    token = sandbox.world.customers.token(body["access_token"])
    assert token is not None
    assert token.entity_id == body["entity_id"]


def test_and_stays_the_same_one(sandbox: RunningSandbox) -> None:
    # Source: customer-authorization, "Cookie grant", "Case: Existing customer".
    first = by_cookie(sandbox)
    again = by_cookie(sandbox, cookies_of(first))
    assert again.json()["entity_id"] == first.json()["entity_id"]
    assert again.json()["access_token"] != first.json()["access_token"]
    # Sent again: their two years begin anew.
    assert cookies_of(again) == cookies_of(first)
    assert by_cookie(sandbox).json()["entity_id"] != first.json()["entity_id"]


def test_no_half_a_pair_of_cookies_is_believed(sandbox: RunningSandbox) -> None:
    first = by_cookie(sandbox)
    cookies = cookies_of(first)
    for wrong in (
        {"__lc_cid": cookies["__lc_cid"]},
        {**cookies, SECRET_COOKIE: "0" * 76},
        {**cookies, "__lc_cid": "another"},
    ):
        assert by_cookie(sandbox, wrong).json()["entity_id"] != first.json()["entity_id"]
    assert cookies[SECRET_COOKIE] in set(secret_values(sandbox.world))


def test_a_customer_for_each_group(sandbox: RunningSandbox) -> None:
    # Source: customer-authorization, "Case: Separating customer identity between groups".
    first = by_cookie(sandbox)
    cookies = cookies_of(first)

    def of_group(group_id: int, slash: str = "") -> str:
        path = f"/v2/customer/{FERN_AND_FILTER.id}/{group_id}/token{slash}"
        answer = by_cookie(sandbox, cookies, path=path)
        assert answer.status_code == 200
        return str(answer.json()["entity_id"])

    assert len({first.json()["entity_id"], of_group(GENERAL), of_group(ORDERS)}) == 3
    assert of_group(ORDERS) == of_group(ORDERS, "/")


def test_one_browser_at_two_organizations_is_two_customers(sandbox: RunningSandbox) -> None:
    sandbox.app.published = True
    sandbox.world.trusted_origins[PAPER_LANTERN.id].add(SHOP)
    first = by_cookie(sandbox)
    other = by_cookie(sandbox, cookies_of(first), organization_id=PAPER_LANTERN.id)
    assert other.json()["entity_id"] != first.json()["entity_id"]
    assert other.json()["access_token"].startswith("fra:")
    # Both are kept.
    again = by_cookie(sandbox, cookies_of(first))
    assert again.json()["entity_id"] == first.json()["entity_id"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        # Source: specv2 (required for this grant).
        ({"organization_id": None}, INVALID_REQUEST),
        ({"organization_id": "no-such-organization"}, (404, "resource_not_found")),
        ({"client_id": None}, UNAUTHORIZED_CLIENT),
        ({"client_id": "0" * 32}, UNAUTHORIZED_CLIENT),
        # Source: customer-authorization, redirect_uri (one that the app has; default: the origin).
        ({"redirect_uri": "https://elsewhere.example/"}, UNAUTHORIZED_CLIENT),
        ({"redirect_uri": None, "origin": None}, INVALID_REQUEST),
        # assumed: the name
        ({"origin": "https://elsewhere.example"}, (403, "access_denied")),
        ({"origin": "null"}, (403, "access_denied")),
        ({"organization_id": PAPER_LANTERN.id}, (403, "access_denied")),
        ({"expires_in": 28_801}, INVALID_REQUEST),
        ({"response_type": "code"}, INVALID_REQUEST),
    ],
)
def test_what_is_refused_sets_no_cookie(
    sandbox: RunningSandbox, changes: dict[str, Any], error: tuple[int, str]
) -> None:
    answer = by_cookie(sandbox, **changes)
    assert refused(answer) == error
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("changes", [{"redirect_uri": None}, {"origin": None}])
def test_the_origin_stands_for_the_address_and_a_program_has_none(
    sandbox: RunningSandbox, changes: dict[str, Any]
) -> None:
    assert by_cookie(sandbox, **changes).status_code == 200


def test_the_origin_has_to_be_trusted_by_that_organization(sandbox: RunningSandbox) -> None:
    sandbox.app.published = True
    assert sandbox.world.trusts(SHOP)
    assert not sandbox.world.trusts(SHOP, PAPER_LANTERN.id)
    answer = by_cookie(sandbox, organization_id=PAPER_LANTERN.id)
    assert refused(answer) == (403, "access_denied")


# --- The organisation's own path ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (f"{FERN_AND_FILTER.id}/99/token", (404, "resource_not_found")),
        (f"{FERN_AND_FILTER.id}/undefined/token", (404, "resource_not_found")),
        ("no-such-organization/0/token", (404, "resource_not_found")),
        (f"{PAPER_LANTERN.id}/0/token", INVALID_REQUEST),
    ],
)
def test_a_path_that_does_not_fit(
    sandbox: RunningSandbox, path: str, error: tuple[int, str]
) -> None:
    assert refused(by_cookie(sandbox, path=f"/v2/customer/{path}")) == error


def test_the_path_names_the_organization(sandbox: RunningSandbox) -> None:
    path = f"/v2/customer/{FERN_AND_FILTER.id}/0/token"
    assert by_cookie(sandbox, path=path, organization_id=None).status_code == 200


def test_an_agents_token_there(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = agent_token(sandbox)
    path = f"/v2/customer/{FERN_AND_FILTER.id}/0/token"
    assert ask(sandbox, http, token, path=path).status_code == 200
    path = f"/v2/customer/{PAPER_LANTERN.id}/0/token"
    assert refused(ask(sandbox, http, token, path=path)) == (403, "access_denied")


# --- An identity that is taken elsewhere --------------------------------------------------------

TRANSFER = "/v2/customer/identity_transfer"


def transfer(
    sandbox: RunningSandbox, http: requests.Session, token: str | None, **fields: Any
) -> requests.Response:
    body = {"client_id": sandbox.block.client_id, **fields}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return http.post(sandbox.url + TRANSFER, json=body, headers=headers, timeout=30)


def exchange(
    sandbox: RunningSandbox, http: requests.Session, code: str, **fields: Any
) -> requests.Response:
    # Source: customer-authorization ("No authorization is required for this call").
    return ask(sandbox, http, None, grant_type="identity_token", code=code, **fields)


def test_an_agent_takes_a_customer_along(sandbox: RunningSandbox, http: requests.Session) -> None:
    agent = agent_token(sandbox)
    customer_id = ask(sandbox, http, agent).json()["entity_id"]
    answer = transfer(sandbox, http, agent, bearer_type="agent", customer_id=customer_id)
    assert answer.status_code == 200
    assert set(answer.json()) == {"identity_transfer_token", "expires_in"}
    # Source: specv2, and the guide's table; its sample shows 28800.
    assert answer.json()["expires_in"] == 3_600
    code = answer.json()["identity_transfer_token"]
    assert code in set(secret_values(sandbox.world))
    issued = exchange(sandbox, http, code).json()
    assert issued["entity_id"] == customer_id
    assert sandbox.world.customers.token(issued["access_token"]) is not None


def test_a_customer_whom_an_app_made_is_one_without_a_chat_too(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    agent = agent_token(sandbox)
    writing = sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, ("customers:rw",)
    )
    made = http.post(
        f"{sandbox.url}/v3.5/agent/action/create_customer",
        json={"name": "Ana"},
        headers={"Authorization": f"Bearer {writing.value}"},
        timeout=30,
    ).json()
    customer_id = made["customer_id"]
    assert ask(sandbox, http, agent, entity_id=customer_id).json()["entity_id"] == customer_id
    answer = transfer(sandbox, http, agent, bearer_type="agent", customer_id=customer_id)
    code = answer.json()["identity_transfer_token"]
    assert exchange(sandbox, http, code).json()["entity_id"] == customer_id


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("expires_in", INVALID_REQUEST),
        ("bearer_type", INVALID_REQUEST),
        ("customer_id", (404, "resource_not_found")),
        ("client_id", UNAUTHORIZED_CLIENT),
    ],
)
def test_half_a_character_is_no_value(
    sandbox: RunningSandbox, http: requests.Session, name: str, error: tuple[int, str]
) -> None:
    body = {"bearer_type": "agent", "client_id": sandbox.block.client_id, name: "\ud800"}
    headers = {
        "Authorization": f"Bearer {agent_token(sandbox)}",
        "Content-Type": "application/json",
    }
    answer = http.post(sandbox.url + TRANSFER, data=json.dumps(body), headers=headers, timeout=30)
    assert refused(answer) == error


def test_a_customer_takes_themselves_along(sandbox: RunningSandbox, http: requests.Session) -> None:
    own = by_cookie(sandbox).json()
    answer = transfer(sandbox, http, own["access_token"], bearer_type="customer")
    code = answer.json()["identity_transfer_token"]
    issued = exchange(sandbox, http, code)
    assert issued.json()["entity_id"] == own["entity_id"]
    # assumed: it works once
    assert refused(exchange(sandbox, http, code)) == (403, "invalid_grant")


@pytest.mark.parametrize(
    ("whose", "fields", "error"),
    [
        ("agent", {}, INVALID_REQUEST),
        ("agent", {"bearer_type": "both"}, INVALID_REQUEST),
        # Source: customer-authorization (customer_id is required with an agent's token).
        ("agent", {"bearer_type": "agent"}, INVALID_REQUEST),
        ("agent", {"bearer_type": "agent", "customer_id": "x"}, (404, "resource_not_found")),
        ("agent", {"bearer_type": "customer"}, (401, "invalid_grant")),
        ("customer", {"bearer_type": "agent"}, (401, "invalid_grant")),
        ("nobody", {"bearer_type": "customer"}, (401, "invalid_grant")),
        ("nobody", {"bearer_type": "agent"}, UNAUTHORIZED_CLIENT),
        ("customer", {"bearer_type": "customer", "client_id": "0" * 32}, UNAUTHORIZED_CLIENT),
        ("customer", {"bearer_type": "customer", "code_challenge": "short"}, INVALID_REQUEST),
    ],
)
def test_what_is_wrong_with_a_transfer(
    sandbox: RunningSandbox,
    http: requests.Session,
    whose: str,
    fields: dict[str, Any],
    error: tuple[int, str],
) -> None:
    tokens = {
        "agent": agent_token(sandbox),
        "customer": by_cookie(sandbox).json()["access_token"],
        "nobody": None,
    }
    assert refused(transfer(sandbox, http, tokens[whose], **fields)) == error


@pytest.mark.parametrize(
    ("sent", "verifier", "error"),
    [
        ({"code_challenge": S256, "code_challenge_method": "S256"}, VERIFIER, None),
        # assumed: plain, where no method is named, as at the authorization endpoint
        ({"code_challenge": VERIFIER}, VERIFIER, None),
        ({"code_challenge": S256}, VERIFIER, (403, "invalid_grant")),
        ({"code_challenge": VERIFIER}, None, INVALID_REQUEST),
        ({}, VERIFIER, (403, "invalid_grant")),
    ],
)
def test_pkce(
    sandbox: RunningSandbox,
    http: requests.Session,
    sent: dict[str, str],
    verifier: str | None,
    error: tuple[int, str] | None,
) -> None:
    token = by_cookie(sandbox).json()["access_token"]
    made = transfer(sandbox, http, token, bearer_type="customer", **sent).json()
    answer = exchange(
        sandbox,
        http,
        made["identity_transfer_token"],
        **({"code_verifier": verifier} if verifier else {}),
    )
    if error is None:
        assert answer.status_code == 200
    else:
        assert refused(answer) == error


def test_a_transfer_of_another_app_or_too_late(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    token = by_cookie(sandbox).json()["access_token"]
    made = transfer(sandbox, http, token, bearer_type="customer").json()
    code, other = made["identity_transfer_token"], sandbox.new_app()
    answer = exchange(sandbox, http, code, client_id=other.client_id)
    assert refused(answer) == (403, "invalid_grant")
    path = f"/v2/customer/{PAPER_LANTERN.id}/0/token"
    assert refused(exchange(sandbox, http, code, path=path)) == (403, "access_denied")
    sandbox.world.clock.advance(3_601)
    assert refused(exchange(sandbox, http, code)) == (403, "invalid_grant")
    assert refused(ask(sandbox, http, None, grant_type="identity_token")) == INVALID_REQUEST
