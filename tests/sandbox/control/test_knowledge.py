"""What the sandbox tells its own client of a value that was refused: by its digest, never of it."""

import hashlib
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.api.reasons import Reasons, digest_of_request
from lc_tutorial.sandbox.world import endings
from lc_tutorial.sandbox.world.endings import Ending, Endings, digest_of
from lc_tutorial.sandbox.world.grants import REFRESH_TOKEN_LIFETIME
from lc_tutorial.sandbox.world.records import Account, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import CALLBACK, SCOPES, RunningSandbox, pair
from tests.sandbox.control_plane import call, go_through, list_chats


def known(
    sandbox: RunningSandbox, http: requests.Session, *values: str, **more: Any
) -> dict[str, Any]:
    digests = [hashlib.sha256(value.encode()).hexdigest() for value in values]
    answer = call(sandbox, http, "POST", "known", digests=digests, **more)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert not any(value in answer.text for value in values if len(value) > 8)
    return told


def state_of(sandbox: RunningSandbox, http: requests.Session, value: str) -> tuple[str, str]:
    told = known(sandbox, http, value)["values"]
    assert len(told) == 1
    (about,) = told.values()
    return about["kind"], about["state"]


def test_what_lives_is_told_with_whose_it_is(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    flow = go_through(sandbox, http)
    told = known(sandbox, http, flow.access_token)
    about = told["values"][digest_of(flow.access_token)]
    assert (about["kind"], about["state"]) == ("access_token", "live")
    assert about["client_id"] == sandbox.block.client_id
    assert about["account_id"] == sandbox.author.id
    assert about["at"] > told["now"]
    assert state_of(sandbox, http, flow.refresh_token) == ("refresh_token", "live")
    assert state_of(sandbox, http, flow.code) == ("code", "spent")
    assert state_of(sandbox, http, sandbox.block.client_secret) == ("client_secret", "live")


def test_of_what_was_never_issued_nothing_is_told(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    assert known(sandbox, http, "not-a-real-token")["values"] == {}


def test_how_tokens_end(sandbox: RunningSandbox, http: requests.Session) -> None:
    flow = go_through(sandbox, http)
    headers = {"Authorization": f"Bearer {flow.access_token}"}
    assert http.delete(f"{sandbox.url}/v2/token", headers=headers).ok
    assert state_of(sandbox, http, flow.access_token) == ("access_token", "revoked")
    assert state_of(sandbox, http, flow.refresh_token) == ("refresh_token", "revoked")
    other = go_through(sandbox, http)
    call(sandbox, http, "POST", "clock", expire_tokens=True)
    assert state_of(sandbox, http, other.access_token) == ("access_token", "expired")
    assert known(sandbox, http)["ahead_by"] > 28_000
    call(sandbox, http, "POST", "clock", real=True)
    assert state_of(sandbox, http, other.access_token) == ("access_token", "live")
    call(sandbox, http, "POST", "reset")
    for value in (other.access_token, other.refresh_token):
        assert state_of(sandbox, http, value)[1] == "reset"
    assert state_of(sandbox, http, flow.access_token)[1] == "revoked"


@pytest.fixture
def how(world: Sandbox) -> Any:
    def told(value: str) -> str:
        ending = world.endings.of(digest_of(value))
        assert ending is not None
        return ending.how

    return told


def test_the_oldest_of_26_was_pushed_out(
    world: Sandbox, block: AuthorizationBlock, author: Account, how: Any
) -> None:
    access, refresh = pair(world, block, author)
    for _ in range(25):
        pair(world, block, author)
    assert (how(access), how(refresh)) == ("pushed_out", "pushed_out")


def test_a_refresh_token_that_works_once_is_spent(
    world: Sandbox, block: AuthorizationBlock, author: Account, how: Any
) -> None:
    refresh = world.grants.issue_refresh_token(block.client_id, author.id, SCOPES)
    world.grants.spend(refresh)
    assert how(refresh.value) == "spent"


def test_what_had_expired_is_not_called_revoked(
    world: Sandbox, block: AuthorizationBlock, author: Account, how: Any
) -> None:
    _, refresh = pair(world, block, author)
    code = world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
    world.clock.advance(REFRESH_TOKEN_LIFETIME + 1)
    world.grants.revoke(refresh)
    world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
    assert (how(refresh), how(code.value)) == ("expired", "expired")


def test_a_secret_that_was_replaced_and_an_app_that_was_deleted(
    world: Sandbox, block: AuthorizationBlock, author: Account, how: Any
) -> None:
    first = block.client_secret
    world.new_secret(block)
    assert how(first) == "replaced"
    access, _ = pair(world, block, author)
    customer = world.customers.issue_token(block.client_id, author.organization_id, "a-customer")
    secret = block.client_secret
    world.delete_app(next(app for app in world.apps.values() if app.block is block))
    assert [how(value) for value in (access, customer.value, secret)] == ["app_deleted"] * 3


def test_a_personal_access_token_that_was_deleted(
    world: Sandbox, author: Account, how: Any
) -> None:
    token = world.create_personal_access_token(author.id, "mine", SCOPES)
    world.delete_personal_access_token(token)
    assert how(token.value) == "deleted"


def test_the_endings_are_bounded_and_hold_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "MOST", 3)
    kept = Endings()
    for number in range(5):
        kept.note(f"not-a-real-token-{number}", Ending("code", "expired", 0.0))
    assert len(kept) == 3
    assert kept.of(digest_of("not-a-real-token-1")) is None
    assert "not-a-real" not in repr(vars(kept))


def test_why_a_call_was_refused(sandbox: RunningSandbox, http: requests.Session) -> None:
    flow = go_through(sandbox, http)
    answer = list_chats(sandbox, http, flow.access_token, page_id="x", limit=5)
    assert answer.status_code == 400
    assert answer.request.body is not None
    body = answer.request.body
    digest = digest_of_request(
        "/v3.6/agent/action/list_chats", body if isinstance(body, bytes) else body.encode()
    )
    assert (
        known(sandbox, http, request=digest)["why"] == "page_id goes without limit and sort_order"
    )
    assert known(sandbox, http, request="0" * 64)["why"] == ""


def test_the_reasons_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lc_tutorial.sandbox.api.reasons.MOST", 2)
    kept = Reasons()
    for number in range(4):
        kept.note("/a", str(number).encode(), "a reason")
    found = [kept.of(digest_of_request("/a", str(number).encode())) for number in range(4)]
    assert found == ["", "", "a reason", "a reason"]


@pytest.mark.parametrize(
    ("path", "imitated"),
    [
        ("/v3.6/agent/action/list_chats", True),
        ("/v3.6/agent/action/no_such_method", False),
        ("/v2/token", True),
        ("/v2/nowhere", False),
    ],
)
def test_what_is_imitated(
    sandbox: RunningSandbox, http: requests.Session, path: str, imitated: bool
) -> None:
    assert known(sandbox, http, path=path)["imitated"] is imitated


def test_an_app_is_told_of_by_its_client_id(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    about = known(sandbox, http, client_id=sandbox.block.client_id)["client"]
    assert about["client_type"] == "server_side"
    assert about["organization_id"] == sandbox.author.organization_id
    assert about["published"] is False
    assert "chats--all:ro" in about["scopes"]
    assert known(sandbox, http, client_id="0" * 32)["client"] is None


@pytest.mark.parametrize(
    "order", [{"digests": ["dal:not-a-digest"]}, {"digests": ["0" * 64] * 257}, {"value": "x"}]
)
def test_a_value_itself_is_refused(
    sandbox: RunningSandbox, http: requests.Session, order: dict[str, Any]
) -> None:
    assert call(sandbox, http, "POST", "known", **order).status_code == 422


def test_an_organization_is_known_with_the_origins_that_it_trusts(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    sandbox.world.trusted_origins[sandbox.author.organization_id].add("https://shop.example.com")
    about = known(sandbox, http, organization_id=sandbox.author.organization_id)["organization"]
    assert about == {"trusted_origins": ["https://shop.example.com"]}
    assert known(sandbox, http, organization_id="none")["organization"] is None
