"""`/v2/token` and `/v2/info`, over HTTP.

Sources, by page of livechat-public-docs: `oauth-authorization`, `troubleshooting` (both under
authorization) and `global-accounts-api` (under configs/redoc).
"""

import hashlib
import json
import re
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from lc_tutorial.sandbox.accounts.pkce import is_verifier_of
from lc_tutorial.sandbox.world.records import AccessToken, Challenge, Code
from tests.sandbox.conftest import CALLBACK, RunningSandbox

SCOPES = ("chats--all:ro", "chats--access:ro", "chats--my:ro")
VERIFIER = "not-a-real-verifier-" + "v" * 30
S256 = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

Fields = dict[str, Any]


def issue_code(
    sandbox: RunningSandbox, client_id: str | None = None, challenge: Challenge | None = None
) -> Code:
    return sandbox.world.grants.issue_code(
        client_id or sandbox.block.client_id, sandbox.author, CALLBACK, SCOPES, challenge
    )


def code_grant(sandbox: RunningSandbox, **changes: Any) -> Fields:
    """The fields of a good exchange; a change to None leaves the field out."""
    fields = {
        "grant_type": "authorization_code",
        "code": issue_code(sandbox).value,
        "client_id": sandbox.block.client_id,
        "client_secret": sandbox.block.client_secret,
        "redirect_uri": CALLBACK,
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def refresh_grant(sandbox: RunningSandbox, refresh_token: str, **changes: Any) -> Fields:
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": sandbox.block.client_id,
        "client_secret": sandbox.block.client_secret,
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def post(sandbox: RunningSandbox, fields: Fields, how: str = "form") -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        body: Fields = {"json": fields} if how == "json" else {"data": fields}
        return session.post(f"{sandbox.url}/v2/token", timeout=10, **body)


def tokens(sandbox: RunningSandbox, **changes: Any) -> Fields:
    response = post(sandbox, code_grant(sandbox, **changes))
    assert response.status_code == 200, response.text
    answer: Fields = response.json()
    return answer


def assert_refused(
    response: requests.Response, status: int, name: str, **more: object
) -> dict[str, Any]:
    """Check a refusal's status and body. Source: global-accounts-api, "Default error object"."""
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["error"]) == (status, name), body
    assert response.headers["content-type"] == "application/json"
    assert len(body["error_description"]) > 10
    assert uuid.UUID(body["request_id"])
    assert body.keys() - {"error", "error_description", "request_id"} == more.keys()
    for member, value in more.items():
        assert body[member] == value
    return body


class TestExchange:
    @pytest.mark.parametrize("how", ["form", "json"])
    def test_the_answer(self, sandbox: RunningSandbox, how: str) -> None:
        # Source: oauth-authorization, "Step 4"; client_id: global-accounts-api, "Token"
        response = post(sandbox, code_grant(sandbox), how)
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        assert response.headers["cache-control"] == "no-store"
        answer = response.json()
        assert re.fullmatch(r"dal:[A-Za-z0-9_-]{27}", answer.pop("access_token"))
        assert re.fullmatch(r"[A-Za-z0-9_-]{27}", answer.pop("refresh_token"))
        assert set(answer.pop("scope").split(",")) == set(SCOPES)
        assert answer == {
            "account_id": sandbox.author.id,
            "client_id": sandbox.block.client_id,
            "expires_in": 28800,
            "organization_id": sandbox.author.organization_id,
            "token_type": "Bearer",
        }

    def test_the_token_is_the_persons_who_allowed_it(self, sandbox: RunningSandbox) -> None:
        agent = sandbox.person("normal")
        code = sandbox.world.grants.issue_code(
            sandbox.block.client_id, agent, CALLBACK, ["chats--access:ro"]
        )
        answer = tokens(sandbox, code=code.value)
        assert (answer["account_id"], answer["scope"]) == (agent.id, "chats--access:ro")
        token = sandbox.world.grants.access_token(answer["access_token"])
        assert token is not None
        assert token.scopes == ("chats--access:ro",)

    def test_the_api_specification_calls_the_grant_code(self, sandbox: RunningSandbox) -> None:
        # Source: global-accounts-api, "Code Exchange"
        assert tokens(sandbox, grant_type="code")["token_type"] == "Bearer"

    def test_unknown_parameters_do_no_harm(self, sandbox: RunningSandbox) -> None:
        assert tokens(sandbox, state="x", organization_id="")["token_type"] == "Bearer"

    def test_a_code_is_exchanged_only_once(self, sandbox: RunningSandbox) -> None:
        # Source: troubleshooting, "The client is not authorized to request a token ..."
        fields = code_grant(sandbox)
        assert post(sandbox, fields).status_code == 200
        body = assert_refused(post(sandbox, fields), 401, "unauthorized_client")
        assert "not authorized to request a token using this method" in body["error_description"]

    def test_a_code_is_valid_for_a_few_minutes(self, sandbox: RunningSandbox) -> None:
        # Source: troubleshooting, same place
        fields = code_grant(sandbox)
        sandbox.world.clock.advance(301)
        assert_refused(post(sandbox, fields), 401, "unauthorized_client")

    def test_a_refused_exchange_does_not_use_the_code_up(self, sandbox: RunningSandbox) -> None:
        # assumed
        fields = code_grant(sandbox)
        wrong = fields | {"client_secret": "not-a-real-secret"}
        assert_refused(post(sandbox, wrong), 401, "unauthorized_client")
        assert post(sandbox, fields).status_code == 200

    def test_a_new_secret_kills_the_old_one(self, sandbox: RunningSandbox) -> None:
        old = sandbox.block.client_secret
        sandbox.world.new_secret(sandbox.block)
        refused = post(sandbox, code_grant(sandbox, client_secret=old))
        assert_refused(refused, 401, "unauthorized_client")
        assert tokens(sandbox)["token_type"] == "Bearer"

    def test_scopes_can_be_narrowed(self, sandbox: RunningSandbox) -> None:
        # assumed
        assert tokens(sandbox, scope="chats--my:ro")["scope"] == "chats--my:ro"

    def test_of_26_tokens_the_oldest_is_gone(self, sandbox: RunningSandbox) -> None:
        # Source: oauth-authorization, "Token limitations"
        first = tokens(sandbox)
        for _ in range(25):
            tokens(sandbox)
        assert_refused(info(sandbox, first["access_token"]), 401, "unauthorized")
        refused = post(sandbox, refresh_grant(sandbox, first["refresh_token"]))
        assert_refused(refused, 401, "unauthorized_client")


REFUSED_EXCHANGES = [
    ("missing client id (troubleshooting)", {"client_id": None}, 401, "unauthorized_client", {}),
    ("empty client id", {"client_id": ""}, 401, "unauthorized_client", {}),
    (
        "client id not found (troubleshooting)",
        {"client_id": "0" * 32},
        401,
        "unauthorized_client",
        {},
    ),
    (
        "invalid client secret (troubleshooting)",
        {"client_secret": "not-a-real-secret"},
        401,
        "unauthorized_client",
        {},
    ),
    ("no client secret (assumed)", {"client_secret": None}, 401, "unauthorized_client", {}),
    (
        "invalid redirect URI (troubleshooting)",
        {"redirect_uri": "http://127.0.0.1:8377/other"},
        401,
        "unauthorized_client",
        {},
    ),
    (
        "redirect URI that the page would accept, yet not that of step 2",
        {"redirect_uri": CALLBACK + "/"},
        401,
        "unauthorized_client",
        {},
    ),
    ("code not found", {"code": "dal:nothing"}, 401, "unauthorized_client", {}),
    (
        "grant type that is not supported (troubleshooting)",
        {"grant_type": "client_credentials"},
        403,
        "unsupported_grant_type",
        {},
    ),
    ("password grant", {"grant_type": "password", "code": None}, 403, "unsupported_grant_type", {}),
    (
        "no grant type (global-accounts-api)",
        {"grant_type": None},
        422,
        "invalid_request",
        {"invalid_fields": {"grant_type": "is required"}},
    ),
    (
        "no code (global-accounts-api)",
        {"code": None},
        422,
        "invalid_request",
        {"invalid_fields": {"code": "is required"}},
    ),
    (
        "no redirect URI (global-accounts-api)",
        {"redirect_uri": ""},
        422,
        "invalid_request",
        {"invalid_fields": {"redirect_uri": "is required"}},
    ),
    (
        "only a grant type",
        {"code": None, "redirect_uri": None, "client_id": None},
        422,
        "invalid_request",
        {
            "invalid_fields": {
                "code": "is required",
                "redirect_uri": "is required",
                "client_id": "is required",
            }
        },
    ),
    ("scope not found (troubleshooting)", {"scope": "chats:read"}, 403, "invalid_scope", {}),
    (
        "scope not granted (troubleshooting)",
        {"scope": "chats--my:ro,customers:rw"},
        403,
        "access_denied",
        {"sub_error": "insufficient_scope"},
    ),
    (
        "verifier without a challenge (assumed)",
        {"code_verifier": VERIFIER},
        403,
        "invalid_grant",
        {},
    ),
]


@pytest.mark.parametrize("how", ["form", "json"])
@pytest.mark.parametrize(
    ("changes", "status", "name", "more"),
    [pytest.param(*case[1:], id=case[0]) for case in REFUSED_EXCHANGES],
)
def test_refused_exchanges(
    sandbox: RunningSandbox, changes: Fields, status: int, name: str, more: Fields, how: str
) -> None:
    fields = code_grant(sandbox, **changes)
    assert_refused(post(sandbox, fields, how), status, name, **more)


def test_a_code_of_another_client(sandbox: RunningSandbox) -> None:
    other = sandbox.new_app()
    fields = code_grant(sandbox, code=issue_code(sandbox, other.client_id).value)
    assert_refused(post(sandbox, fields), 401, "unauthorized_client")


class TestPkce:
    """Source: oauth-authorization, "PKCE extension"."""

    @pytest.mark.parametrize(
        ("challenge", "verifier"),
        [
            (Challenge(S256, "S256"), VERIFIER),
            (Challenge(VERIFIER, "plain"), VERIFIER),
            (Challenge("~" * 43, "plain"), "~" * 43),
            (Challenge("._-9" * 32, "plain"), "._-9" * 32),
        ],
    )
    def test_the_verifier_that_fits(
        self, sandbox: RunningSandbox, challenge: Challenge, verifier: str
    ) -> None:
        code = issue_code(sandbox, challenge=challenge).value
        assert tokens(sandbox, code=code, code_verifier=verifier)["token_type"] == "Bearer"

    @pytest.mark.parametrize(
        ("verifier", "status", "name", "more"),
        [
            pytest.param(VERIFIER + "x", 403, "invalid_grant", None, id="does not fit"),
            pytest.param(S256, 403, "invalid_grant", None, id="the challenge itself"),
            pytest.param(None, 422, "invalid_request", "is required", id="missing"),
            pytest.param("", 422, "invalid_request", "is required", id="empty"),
            pytest.param("v" * 42, 422, "invalid_request", "must be 43 to", id="too short"),
            pytest.param("v" * 129, 422, "invalid_request", "must be 43 to", id="too long"),
            pytest.param("v" * 43 + "!", 422, "invalid_request", "must be 43 to", id="alphabet"),
            pytest.param("v" * 43 + "\n", 422, "invalid_request", "must be 43 to", id="line end"),
            pytest.param("é" * 43, 422, "invalid_request", "must be 43 to", id="not ASCII"),
        ],
    )
    def test_other_verifiers(
        self, sandbox: RunningSandbox, verifier: str | None, status: int, name: str, more: str
    ) -> None:
        code = issue_code(sandbox, challenge=Challenge(S256, "S256")).value
        response = post(sandbox, code_grant(sandbox, code=code, code_verifier=verifier))
        if more is None:
            assert_refused(response, status, name)
        else:
            body = response.json()
            assert (response.status_code, body["error"]) == (status, name)
            assert more in body["invalid_fields"]["code_verifier"]

    def test_a_server_side_app_needs_its_secret_too(self, sandbox: RunningSandbox) -> None:
        code = issue_code(sandbox, challenge=Challenge(S256, "S256")).value
        fields = code_grant(sandbox, code=code, code_verifier=VERIFIER, client_secret=None)
        assert_refused(post(sandbox, fields), 401, "unauthorized_client")

    def test_a_javascript_app_gets_nothing_without_it(self, sandbox: RunningSandbox) -> None:
        # Source: global-accounts-api, "Token": a public client needs a matching code_verifier;
        # assumed: the name. The code is of a time when the app was a server-side one.
        code = issue_code(sandbox).value
        sandbox.world.set_client_type(sandbox.block, "javascript")
        for verifier in (None, VERIFIER):
            fields = code_grant(sandbox, code=code, client_secret=None, code_verifier=verifier)
            assert_refused(post(sandbox, fields), 403, "unsupported_grant_type")

    def test_a_javascript_app_needs_none(self, sandbox: RunningSandbox) -> None:
        answer = javascript_tokens(sandbox, sandbox.new_app("javascript").client_id)
        assert answer["refresh_token"]

    def test_the_example_of_the_standard(self) -> None:
        # Source: RFC 7636, appendix B
        challenge = Challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256")
        assert is_verifier_of(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        assert not is_verifier_of(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXj")


def javascript_tokens(sandbox: RunningSandbox, client_id: str) -> Fields:
    code = issue_code(sandbox, client_id, Challenge(S256, "S256")).value
    return tokens(
        sandbox, code=code, client_id=client_id, client_secret=None, code_verifier=VERIFIER
    )


class TestRefresh:
    @pytest.mark.parametrize("how", ["form", "json"])
    def test_of_a_server_side_app_the_refresh_token_stays(
        self, sandbox: RunningSandbox, how: str
    ) -> None:
        # Source: oauth-authorization, "PKCE extension": refresh tokens don't rotate
        first = tokens(sandbox)
        for _ in range(2):
            response = post(sandbox, refresh_grant(sandbox, first["refresh_token"]), how)
            assert response.status_code == 200
            second = response.json()
            assert second["access_token"] != first["access_token"]
            assert second | {"access_token": ""} == first | {"access_token": ""}
        assert info(sandbox, first["access_token"]).status_code == 200

    def test_it_outlives_the_access_token(self, sandbox: RunningSandbox) -> None:
        first = tokens(sandbox)
        sandbox.world.clock.advance(28_801)
        assert_refused(info(sandbox, first["access_token"]), 401, "unauthorized")
        assert post(sandbox, refresh_grant(sandbox, first["refresh_token"])).status_code == 200

    def test_a_prefix_before_it_does_no_harm(self, sandbox: RunningSandbox) -> None:
        # Source: oauth-authorization, "Note": refresh tokens had a prefix once
        refresh = tokens(sandbox)["refresh_token"]
        assert post(sandbox, refresh_grant(sandbox, f"fra:{refresh}")).status_code == 200

    def test_of_a_javascript_app_it_rotates_and_the_old_one_is_dead(
        self, sandbox: RunningSandbox
    ) -> None:
        # Source: oauth-authorization, "PKCE extension"; global-accounts-api: single-use
        client_id = sandbox.new_app("javascript").client_id
        first = javascript_tokens(sandbox, client_id)
        fields = refresh_grant(
            sandbox, first["refresh_token"], client_id=client_id, client_secret=None
        )
        second = post(sandbox, fields).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert_refused(post(sandbox, fields), 401, "unauthorized_client")
        fields["refresh_token"] = second["refresh_token"]
        assert post(sandbox, fields).status_code == 200

    def test_of_26_access_tokens_the_oldest_is_gone(self, sandbox: RunningSandbox) -> None:
        # Source: oauth-authorization, "Token limitations"
        first = tokens(sandbox)
        fields = refresh_grant(sandbox, first["refresh_token"])
        bought = [post(sandbox, fields).json()["access_token"] for _ in range(25)]
        assert_refused(info(sandbox, first["access_token"]), 401, "unauthorized")
        assert {info(sandbox, token).status_code for token in bought} == {200}
        assert post(sandbox, fields).status_code == 200
        assert_refused(info(sandbox, bought[0]), 401, "unauthorized")

    def test_scopes_can_be_narrowed_for_one_token(self, sandbox: RunningSandbox) -> None:
        refresh = tokens(sandbox)["refresh_token"]
        fields = refresh_grant(sandbox, refresh, scope="chats--my:ro")
        assert post(sandbox, fields).json()["scope"] == "chats--my:ro"
        again = post(sandbox, refresh_grant(sandbox, refresh)).json()
        assert set(again["scope"].split(",")) == set(SCOPES)

    def test_expired(self, sandbox: RunningSandbox) -> None:
        # Source: troubleshooting, "invalid_grant"
        refresh = tokens(sandbox)["refresh_token"]
        sandbox.world.clock.advance(31 * 86_400)
        assert_refused(post(sandbox, refresh_grant(sandbox, refresh)), 403, "invalid_grant")

    def test_with_the_id_of_another_client(self, sandbox: RunningSandbox) -> None:
        # Source: troubleshooting, "invalid_client"
        refresh, other = tokens(sandbox)["refresh_token"], sandbox.new_app()
        for secret in (other.client_secret, sandbox.block.client_secret):
            fields = refresh_grant(
                sandbox, refresh, client_id=other.client_id, client_secret=secret
            )
            assert_refused(post(sandbox, fields), 401, "invalid_client")

    @pytest.mark.parametrize(
        ("changes", "status", "name", "more"),
        [
            pytest.param(
                {"refresh_token": "nothing"},
                401,
                "unauthorized_client",
                {},
                id="refresh token not found (troubleshooting)",
            ),
            pytest.param(
                {"client_secret": "not-a-real-secret"},
                401,
                "unauthorized_client",
                {},
                id="invalid client secret (troubleshooting)",
            ),
            pytest.param(
                {"client_secret": None},
                401,
                "unauthorized_client",
                {},
                id="no client secret (oauth-authorization: mandatory to refresh a token)",
            ),
            pytest.param(
                {"client_id": None}, 401, "unauthorized_client", {}, id="missing client id"
            ),
            pytest.param(
                {"refresh_token": ""},
                422,
                "invalid_request",
                {"invalid_fields": {"refresh_token": "is required"}},
                id="no refresh token",
            ),
            pytest.param(
                {"scope": "customers:rw"},
                403,
                "access_denied",
                {"sub_error": "insufficient_scope"},
                id="scope not granted (troubleshooting)",
            ),
        ],
    )
    def test_refused(
        self, sandbox: RunningSandbox, changes: Fields, status: int, name: str, more: Fields
    ) -> None:
        refresh = tokens(sandbox)["refresh_token"]
        fields = refresh_grant(sandbox, refresh) | changes
        fields = {name: value for name, value in fields.items() if value is not None}
        assert_refused(post(sandbox, fields), status, name, **more)

    def test_a_code_is_no_refresh_token(self, sandbox: RunningSandbox) -> None:
        fields = refresh_grant(sandbox, issue_code(sandbox).value)
        assert_refused(post(sandbox, fields), 401, "unauthorized_client")


def call(sandbox: RunningSandbox, method: str, path: str, **arguments: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, sandbox.url + path, timeout=10, **arguments)


def bearer(token: str) -> Fields:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def in_query(token: str) -> Fields:
    return {"params": {"code": token}}


def info(sandbox: RunningSandbox, token: str) -> requests.Response:
    return call(sandbox, "GET", "/v2/info", **bearer(token))


BOTH_WAYS = pytest.mark.parametrize("present", [bearer, in_query], ids=["header", "query"])


class TestInfo:
    """Source: oauth-authorization, "Validating the access token"."""

    @BOTH_WAYS
    def test_inspecting(self, sandbox: RunningSandbox, present: Callable[[str], Fields]) -> None:
        token = tokens(sandbox)
        sandbox.world.clock.advance(75)
        response = call(sandbox, "GET", "/v2/info", **present(token["access_token"]))
        assert response.status_code == 200
        answer = response.json()
        assert 28_700 < answer.pop("expires_in") <= 28_725
        assert answer == {name: token[name] for name in token if name != "expires_in"}

    def test_an_implicit_token_has_no_refresh_token(self, sandbox: RunningSandbox) -> None:
        # Source: global-accounts-api, "Introspect"
        token = implicit(sandbox)
        answer = info(sandbox, token.value).json()
        assert answer["access_token"] == token.value
        assert "refresh_token" not in answer

    @BOTH_WAYS
    def test_refresh_tokens_cannot_be_inspected(
        self, sandbox: RunningSandbox, present: Callable[[str], Fields]
    ) -> None:
        refresh = tokens(sandbox)["refresh_token"]
        response = call(sandbox, "GET", "/v2/info", **present(refresh))
        assert_refused(response, 401, "unauthorized")

    @pytest.mark.parametrize(
        "header",
        ["Bearer nothing", "Bearer", "Bearer ", "Basic YTpi", "nothing", "bearer dal%3Aabc"],
    )
    def test_other_headers(self, sandbox: RunningSandbox, header: str) -> None:
        response = call(sandbox, "GET", "/v2/info", headers={"Authorization": header})
        assert_refused(response, 401, "unauthorized")

    def test_an_access_token_is_no_password(self, sandbox: RunningSandbox) -> None:
        header = {"Authorization": f"Basic {implicit(sandbox).value}"}
        assert_refused(call(sandbox, "GET", "/v2/info", headers=header), 401, "unauthorized")

    def test_the_schemes_case_does_not_matter(self, sandbox: RunningSandbox) -> None:
        token = implicit(sandbox).value
        response = call(sandbox, "GET", "/v2/info", headers={"Authorization": f"bearer {token}"})
        assert response.status_code == 200

    @pytest.mark.parametrize("query", ["", "?code=", "?token=x"])
    def test_without_a_token(self, sandbox: RunningSandbox, query: str) -> None:
        # Source: global-accounts-api, "Introspect": 422
        response = call(sandbox, "GET", f"/v2/info{query}")
        fields = {"code": "is required"}
        assert_refused(response, 422, "invalid_request", invalid_fields=fields)


def implicit(sandbox: RunningSandbox) -> AccessToken:
    return sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, SCOPES
    )


class TestRevoke:
    """Source: oauth-authorization, "Revoking tokens"."""

    @BOTH_WAYS
    @pytest.mark.parametrize("which", ["access_token", "refresh_token"])
    def test_both_of_a_pair_go(
        self, sandbox: RunningSandbox, present: Callable[[str], Fields], which: str
    ) -> None:
        token, kept = tokens(sandbox), tokens(sandbox)
        response = call(sandbox, "DELETE", "/v2/token", **present(token[which]))
        assert (response.status_code, response.json()) == (200, {})
        assert_refused(info(sandbox, token["access_token"]), 401, "unauthorized")
        refused = post(sandbox, refresh_grant(sandbox, token["refresh_token"]))
        assert_refused(refused, 401, "unauthorized_client")
        assert info(sandbox, kept["access_token"]).status_code == 200

    @BOTH_WAYS
    def test_what_does_not_exist(
        self, sandbox: RunningSandbox, present: Callable[[str], Fields]
    ) -> None:
        # Source: global-accounts-api, "Revoke": 404
        token = tokens(sandbox)["access_token"]
        assert call(sandbox, "DELETE", "/v2/token", **present(token)).status_code == 200
        response = call(sandbox, "DELETE", "/v2/token", **present(token))
        assert_refused(response, 404, "resource_not_found", resource_name="token")

    def test_without_a_token(self, sandbox: RunningSandbox) -> None:
        response = call(sandbox, "DELETE", "/v2/token")
        fields = {"code": "is required"}
        assert_refused(response, 422, "invalid_request", invalid_fields=fields)


FORM = "application/x-www-form-urlencoded"
GOOD = "grant_type=authorization_code&client_id=a&redirect_uri=b&code=c"

MALFORMED = [
    ("a parameter twice", FORM, f"{GOOD}&code=d", {"code": "is repeated"}),
    ("the same twice", FORM, f"{GOOD}&code=c", {"code": "is repeated"}),
    ("an unknown parameter twice", FORM, f"{GOOD}&x=1&x=2", None),
    (
        "a name twice in JSON",
        "application/json",
        '{"code": "a", "code": "b"}',
        {"code": "is repeated"},
    ),
    ("a number", "application/json", '{"grant_type": 1}', {"grant_type": "must be a string"}),
    ("null", "application/json", '{"code": null}', {"code": "must be a string"}),
    ("a list", "application/json", '{"code": ["a"]}', {"code": "must be a string"}),
    ("an object", "application/json", '{"code": {"a": "b"}}', {"code": "must be a string"}),
    ("JSON that is no object", "application/json", '["code"]', None),
    ("a JSON text", "application/json", '"code"', None),
    ("an empty body as JSON", "application/json", "", None),
    ("broken JSON", "application/json", '{"code": ', None),
    ("a form called JSON", "application/json", GOOD, None),
    ("JSON in UTF-16", "application/json", '{"code": "a"}'.encode("utf-16"), None),
    ("not UTF-8", "application/json", b'{"code": "\xff"}', None),
    ("deep nesting", "application/json", "[" * 100_000, None),
    ("deep nesting in an object", "application/json", '{"code":' * 50_000, None),
    ("a number too long", "application/json", '{"x": ' + "9" * 10_000 + "}", None),
    ("a form that is not UTF-8", FORM, b"code=\xff\xfe", None),
    ("too many parameters", FORM, "&".join(f"x{n}=1" for n in range(2000)), None),
    (
        "JSON called a form",
        FORM,
        json.dumps({"grant_type": "x"}),
        {"grant_type": "is required", "client_id": "is required"},
    ),
    ("an empty body", FORM, "", {"grant_type": "is required", "client_id": "is required"}),
    ("no type and no body", None, "", {"grant_type": "is required", "client_id": "is required"}),
    ("another type", "text/plain", GOOD, None),
    ("multipart", "multipart/form-data; boundary=x", GOOD, None),
    ("a broken type", ";;;", GOOD, {}),
]


@pytest.mark.parametrize(
    ("kind", "body", "fields"), [pytest.param(*case[1:], id=case[0]) for case in MALFORMED]
)
def test_malformed_bodies(
    sandbox: RunningSandbox, kind: str | None, body: str | bytes, fields: dict[str, str] | None
) -> None:
    # Source: troubleshooting, "invalid_request": also "invalid HTTP body encoding"
    response = call(
        sandbox, "POST", "/v2/token", data=body, headers={"Content-Type": kind} if kind else {}
    )
    if fields == {}:  # read as a form, and refused for what is in it
        assert_refused(response, 401, "unauthorized_client")
    elif fields is None:
        assert response.json().get("invalid_fields", {}) == {}
        assert (response.status_code, response.json()["error"]) == (422, "invalid_request")
    else:
        assert_refused(response, 422, "invalid_request", invalid_fields=fields)


def test_the_vendors_snippet_pasted_as_it_stands(sandbox: RunningSandbox) -> None:
    # Source: oauth-authorization, "Step 4": within double quotes a backslash at the end of a line
    # joins the lines, and the two spaces of the next one become part of the parameter's name.
    fields = code_grant(sandbox)
    body = "&  ".join(f"{name}={value}" for name, value in fields.items())
    response = call(sandbox, "POST", "/v2/token", data=body, headers={"Content-Type": FORM})
    missing = dict.fromkeys(("code", "redirect_uri", "client_id"), "is required")
    assert_refused(response, 422, "invalid_request", invalid_fields=missing)


@pytest.mark.parametrize("how", ["form", "json"])
@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\r\nSet-Cookie: a=b",
        "%0d%0a",
        "\u202e",
        "😀" * 1000,
        "'\"><script>",
        "a" * 1_000_000,
    ],
    ids=range(7),
)
@pytest.mark.parametrize("name", ["code", "client_id", "client_secret", "redirect_uri"])
def test_strange_values_are_just_wrong(
    sandbox: RunningSandbox, name: str, text: str, how: str
) -> None:
    response = post(sandbox, code_grant(sandbox, **{name: text}), how)
    assert_refused(response, 401, "unauthorized_client")
    assert "set-cookie" not in response.headers
    assert text not in response.text


@pytest.mark.parametrize(
    "name", ["grant_type", "code", "client_id", "client_secret", "redirect_uri", "scope"]
)
def test_text_without_a_utf8_form_is_just_wrong(sandbox: RunningSandbox, name: str) -> None:
    response = post(sandbox, code_grant(sandbox, **{name: "\ud800"}), "json")
    assert response.status_code in (401, 403)
    assert response.json()["request_id"]


def test_a_colon_may_be_encoded_or_not(sandbox: RunningSandbox) -> None:
    fields = code_grant(sandbox)
    body = urlencode(fields, safe=":")
    assert fields["code"] in body
    response = call(sandbox, "POST", "/v2/token", data=body, headers={"Content-Type": FORM})
    assert response.status_code == 200


def test_a_code_copied_with_its_encoding_is_wrong(sandbox: RunningSandbox) -> None:
    # Source: authorization-in-practice: %3A is to be changed into a colon
    fields = code_grant(sandbox)
    fields["code"] = fields["code"].replace(":", "%3A")
    assert_refused(post(sandbox, fields), 401, "unauthorized_client")


def test_a_body_that_is_too_large(sandbox: RunningSandbox) -> None:
    # assumed: the status; the name is global-accounts-api's for "size too large"
    def chunks() -> Any:
        for _ in range(11):
            yield b"a" * 1024 * 1024

    response = call(sandbox, "POST", "/v2/token", data=chunks(), headers={"Content-Type": FORM})
    assert_refused(response, 413, "bad_request")
    assert tokens(sandbox)["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v2/token", "POST, DELETE"),
        ("PUT", "/v2/token", "POST, DELETE"),
        ("PATCH", "/v2/token", "POST, DELETE"),
        ("OPTIONS", "/v2/token", "POST, DELETE"),
        ("POST", "/v2/info", "GET"),
        ("DELETE", "/v2/info", "GET"),
    ],
)
def test_other_methods(sandbox: RunningSandbox, method: str, path: str, allow: str) -> None:
    # Source: troubleshooting, "invalid_request": "wrong HTTP method"; assumed: the status
    response = call(sandbox, method, path)
    assert_refused(response, 405, "invalid_request")
    assert response.headers["allow"] == allow


def test_nothing_secret_is_in_an_answers_headers(sandbox: RunningSandbox) -> None:
    response = post(sandbox, code_grant(sandbox))
    assert "access-control-allow-origin" not in response.headers
    assert "set-cookie" not in response.headers
