"""Accounts and sessions, as login libraries and apps that sign people out ask for them.

Source: livechat-public-docs, configs/redoc/global-accounts-api ("Accounts", "Sessions").
"""

import logging
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.accounts.account_routes import DOCUMENTED, IMITATED
from lc_tutorial.sandbox.world.records import Account
from tests.sandbox.conftest import RunningSandbox

UNKNOWN_ID = "0d4b8a52-6c1e-4f79-9a30-5e8d7c2b1f64"


def bearer(sandbox: RunningSandbox, *scopes: str, account: Account | None = None) -> dict[str, str]:
    account = account or sandbox.author
    token = sandbox.world.grants.issue_access_token(sandbox.block.client_id, account.id, scopes)
    return {"Authorization": f"Bearer {token.value}"}


def get(
    sandbox: RunningSandbox, http: requests.Session, path: str, *scopes: str, **options: Any
) -> requests.Response:
    headers = bearer(sandbox, *scopes, **options)
    return http.get(f"{sandbox.url}/v2/accounts{path}", headers=headers)


def test_whose_token_it_is(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = get(sandbox, http, "/me", "accounts--my:ro")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    profile = answer.json()
    times = (profile.pop("created_at"), profile.pop("updated_at"))
    assert all(time.endswith(".000Z") for time in times)
    assert profile == {
        "account_id": sandbox.author.id,
        "name": sandbox.author.name,
        "email": sandbox.author.email,
        "email_verified": True,
        "default_product": "LiveChat",
        "default_organization_id": sandbox.author.organization_id,
        "avatar_url": None,
        "properties": {
            "active": True,
            "mfa": False,
            "LiveChat": {"suspended": False},
            "avatar_url": profile["properties"]["avatar_url"],
        },
    }


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("owner", [("Accounts", "owner"), ("LiveChat", "owner")]),
        ("administrator", [("Accounts", "administrator"), ("LiveChat", "administrator")]),
        ("normal", [("Accounts", "member"), ("LiveChat", "normal")]),
    ],
)
def test_roles_are_there_with_their_scope_alone(
    sandbox: RunningSandbox, http: requests.Session, role: str, names: list[tuple[str, str]]
) -> None:
    account = sandbox.person(role)
    scopes = ("accounts--my:ro", "accounts.roles--all:ro")
    roles = get(sandbox, http, "/me", *scopes, account=account).json()["roles"]
    assert [(each["product"], each["role"]) for each in roles] == names
    assert [each["type"] for each in roles] == ["primary", "secondary"]
    again = get(sandbox, http, f"/{account.id}", "accounts--all:rw", "accounts.roles--all:rw")
    assert again.json()["roles"] == roles


@pytest.mark.parametrize(
    ("whose", "scope", "status"),
    [
        ("me", "accounts--my:ro", 200),
        ("me", "accounts--my:rw", 200),
        ("me", "accounts--all:ro", 200),
        ("me", "chats--all:ro", 403),
        ("mine", "accounts--my:ro", 200),
        ("mine in capitals", "accounts--my:ro", 200),
        ("colleague", "accounts--my:ro", 403),
        ("colleague", "accounts--all:ro", 200),
        ("colleague", "accounts--all:rc", 200),
        ("stranger", "accounts--my:ro", 403),
        ("stranger", "accounts--all:ro", 404),
        ("nobody", "accounts--all:ro", 404),
        ("no uuid", "accounts--all:ro", 422),
        ("all", "accounts--my:ro", 403),
        ("all", "accounts--all:ro", 200),
    ],
)
def test_who_may_read_whom(
    sandbox: RunningSandbox, http: requests.Session, whose: str, scope: str, status: int
) -> None:
    path = {
        "me": "/me",
        "mine": f"/{sandbox.author.id}",
        "mine in capitals": f"/{sandbox.author.id.upper()}",
        "colleague": f"/{sandbox.person('normal').id}",
        "stranger": f"/{sandbox.person('owner', elsewhere=True).id}",
        "nobody": f"/{UNKNOWN_ID}",
        "no uuid": "/someone",
        "all": "",
    }[whose]
    answer = get(sandbox, http, path, scope)
    assert answer.status_code == status
    told = answer.json()
    match status:
        case 403:
            assert (told["error"], told["sub_error"]) == ("access_denied", "insufficient_scope")
        case 404:
            assert told["error"] == "resource_not_found"
            assert (told["resource_name"], f"/{told['resource_id']}") == ("account", path)
        case 422:
            assert told["error"] == "invalid_request"
            assert told["invalid_fields"] == {"account_id": "invalid uuid"}


def test_all_of_the_organisation_and_nobody_else(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    invited = sandbox.world.invite("normal")
    listed = get(sandbox, http, "", "accounts--all:ro").json()
    home = sandbox.author.organization_id
    there = [a.id for a in sandbox.world.accounts.values() if a.organization_id == home]
    assert [each["account_id"] for each in listed] == there
    assert invited.id in there


def test_a_personal_access_token(sandbox: RunningSandbox, http: requests.Session) -> None:
    author = sandbox.author
    token = sandbox.world.create_personal_access_token(author.id, "mine", ("accounts--my:ro",))
    url = f"{sandbox.url}/v2/accounts/me"
    assert http.get(url, auth=(author.id, token.value)).json()["email"] == author.email
    answer = http.get(url, headers={"Authorization": f"Bearer {token.value}"})
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer not-a-real-token"}, {"Authorization": "x"}]
)
@pytest.mark.parametrize("path", DOCUMENTED)
def test_who_nobody_knows_is_refused_first(
    sandbox: RunningSandbox, http: requests.Session, path: str, headers: dict[str, str]
) -> None:
    for method in DOCUMENTED[path]:
        answer = http.request(method, sandbox.url + path, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [(m, path) for path in DOCUMENTED for m in DOCUMENTED[path] if (m, path) not in IMITATED],
)
def test_what_is_not_imitated_says_so(
    sandbox: RunningSandbox,
    http: requests.Session,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
) -> None:
    url = sandbox.url + path.replace("{account_id}", UNKNOWN_ID)
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        answer = http.request(method, url, headers=bearer(sandbox))
    assert answer.status_code == 501
    told = answer.json()
    assert told["error"] == "not_imitated"
    assert told["error_description"] == (
        f"The sandbox does not imitate {method} {path}. The real accounts service has it."
    )
    assert "not_imitated, the platform has it, the sandbox has not" in caplog.text
    assert UNKNOWN_ID not in caplog.text


class TestLogout:
    """`DELETE /v2/sessions`, as the app livechat/sample-app-popup-auth calls it."""

    @pytest.mark.parametrize("scope", ["sessions--my:rw", "accounts--all:ro"])
    def test_it_ends_the_sign_in_and_the_tokens_of_the_person_alone(
        self, sandbox: RunningSandbox, http: requests.Session, scope: str
    ) -> None:
        page = http.get(f"{sandbox.url}/login").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        person = {"email": sandbox.author.email, "password": sandbox.author.password, "csrf": csrf}
        assert http.post(f"{sandbox.url}/login", data=person).url.endswith("/console/")
        grants = sandbox.world.grants
        refresh = grants.issue_refresh_token(sandbox.block.client_id, sandbox.author.id, ())
        grants.issue_access_token(sandbox.block.client_id, sandbox.author.id, (), refresh)
        other = bearer(sandbox, "accounts--my:ro", account=sandbox.person("administrator"))
        answer = requests.delete(
            f"{sandbox.url}/v2/sessions", headers=bearer(sandbox, scope), json={}, timeout=30
        )
        assert (answer.status_code, answer.json()) == (200, {})
        assert http.get(f"{sandbox.url}/login").url.endswith("/login")
        _, access, left = grants.issued()
        assert [f"Bearer {token.value}" for token in access] == [other["Authorization"]]
        assert left == []

    def test_not_with_any_token(self, sandbox: RunningSandbox, http: requests.Session) -> None:
        for headers, status in ((bearer(sandbox, "chats--all:ro"), 403), ({}, 401)):
            answer = http.delete(f"{sandbox.url}/v2/sessions", headers=headers)
            assert answer.status_code == status


class TestTokenWithoutAVersion:
    """The specifications' `tokenUrl`."""

    def test_it_exchanges_refuses_and_revokes_as_the_newer_one(
        self, sandbox: RunningSandbox, http: requests.Session
    ) -> None:
        redirect_uri = sandbox.block.redirect_uris[0]
        code = sandbox.world.grants.issue_code(
            sandbox.block.client_id, sandbox.author, redirect_uri, ("chats--all:ro",)
        )
        form = {
            "grant_type": "authorization_code",
            "code": code.value,
            "client_id": sandbox.block.client_id,
            "client_secret": sandbox.block.client_secret,
            "redirect_uri": redirect_uri,
        }
        url = f"{sandbox.url}/token"
        token = http.post(url, data=form).json()["access_token"]
        refused = http.post(url, data=form)
        assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
        assert {"error_description", "request_id"} < set(refused.json())
        headers = {"Authorization": f"Bearer {token}"}
        assert http.delete(url, headers=headers).json() == {}
        assert http.get(url).status_code == 405
        assert http.get(f"{sandbox.url}/v2/info", headers=headers).status_code == 401
