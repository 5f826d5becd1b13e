"""The control plane's calls: who may make them, and what they do to the world."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner.learner import Learner
from tests.sandbox.conftest import CALLBACK, NONCE, RunningSandbox
from tests.sandbox.control_plane import call, go_through, info, list_chats

CALLS = [
    ("GET", "state"),
    ("POST", "known"),
    ("POST", "reset"),
    ("POST", "people"),
    ("POST", "customer"),
    ("POST", "seed"),
    ("POST", "end-access"),
    ("POST", "clock"),
    ("GET", "faults"),
    ("POST", "faults"),
    ("DELETE", "faults"),
    ("POST", "rate-limit"),
    ("GET", "journal"),
    ("DELETE", "journal"),
    ("POST", "ticket"),
    ("POST", "stop"),
]


@pytest.mark.parametrize(("method", "name"), CALLS)
@pytest.mark.parametrize("headers", [{}, {"X-Sandbox-Nonce": "x" + NONCE[1:]}])
def test_every_call_needs_the_nonce(
    sandbox: RunningSandbox,
    http: requests.Session,
    method: str,
    name: str,
    headers: dict[str, str],
) -> None:
    app = sandbox.app
    answer = http.request(
        method, f"{sandbox.url}/_sandbox/{name}?nonce={NONCE}", json={}, headers=headers
    )
    assert answer.status_code == 403
    assert list(answer.json()) == ["error"]
    assert sandbox.world.ready_made is app


@pytest.mark.parametrize(
    "name", ["reset", "people", "customer", "seed", "end-access", "clock", "rate-limit", "ticket"]
)
def test_what_changes_something_is_not_a_link(
    sandbox: RunningSandbox, http: requests.Session, name: str
) -> None:
    assert call(sandbox, http, "GET", name).status_code == 405


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("people", {"number": 0}),
        ("people", {"number": 501}),
        ("people", {"number": "2"}),
        ("people", {"role": "owner"}),
        ("people", {"password": "not-a-real-password"}),
        ("customer", {}),
        ("customer", {"text": ""}),
        ("customer", {"text": "x" * 1001}),
        ("customer", {"text": "Hello", "name": "x" * 61}),
        ("customer", {"text": "Hello", "group_id": 17}),
        ("seed", {"chats": 100_001}),
        ("seed", {"chats": -1}),
        ("seed", {"chats": "many"}),
        ("seed", {"sed": 1}),
        ("clock", {}),
        ("clock", {"advance": -1}),
        ("clock", {"advance": 1e300}),
        ("clock", {"advance": 1, "real": True}),
        ("faults", {}),
        ("faults", {"fault": "418"}),
        ("faults", {"fault": "500", "times": 0}),
        ("faults", {"fault": "500", "path": "v2/token"}),
        ("faults", {"fault": "slow", "seconds": 1000}),
        ("rate-limit", {"calls": -1}),
        ("rate-limit", {"calls": 1, "seconds": 0}),
    ],
)
def test_a_wrong_order_is_refused_and_says_why(
    sandbox: RunningSandbox, http: requests.Session, name: str, order: dict[str, Any]
) -> None:
    before = call(sandbox, http, "GET", "state").json()
    answer = call(sandbox, http, "POST", name, **order)
    assert answer.status_code == 422
    assert answer.json()["error"]
    after = call(sandbox, http, "GET", "state").json()
    del before["clock"], after["clock"]
    assert after == before
    assert sandbox.world.clock.offset == 0


@pytest.mark.parametrize(
    ("name", "order", "why"),
    [
        ("people", {"number": "two"}, "number is a whole number, and this is a text"),
        ("people", {"number": 0}, "number is at least 1"),
        ("people", {"number": 501}, "number is at most 500"),
        ("people", {"role": "owner"}, "role can't be 'owner'"),
        ("people", {"numbr": 2}, "there is no numbr to set"),
        ("end-access", {}, "client_id is missing"),
        ("customer", {"text": ""}, "text has at least 1 characters"),
        ("customer", {"text": ["Hello"]}, "text is a text, and this is a list"),
        ("clock", {"advance": "an hour"}, "advance is a number or nothing, and this is a text"),
        ("clock", {"advance": -1}, "advance is at least 0"),
        ("clock", {}, "name one of: advance, expire_tokens, real"),
        ("faults", {"fault": "418"}, "fault can't be '418'"),
        ("faults", {"fault": "500", "times": 0}, "times is at least 1"),
        ("faults", {"fault": "500", "path": "v2/token"}, "path begins with / or *"),
        ("rate-limit", {"calls": 1, "seconds": 0}, "seconds is more than 0"),
        (
            "rate-limit",
            {"calls": None, "seconds": None},
            "seconds is a number, and this is nothing",
        ),
    ],
)
def test_a_refusal_is_in_plain_words(
    sandbox: RunningSandbox, http: requests.Session, name: str, order: dict[str, Any], why: str
) -> None:
    assert call(sandbox, http, "POST", name, **order).json()["error"] == why


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 60_000, b" " * 70_000])
def test_a_body_that_is_no_order_is_refused(
    sandbox: RunningSandbox, http: requests.Session, body: bytes
) -> None:
    answer = http.post(
        f"{sandbox.url}/_sandbox/clock", data=body, headers={"X-Sandbox-Nonce": NONCE}
    )
    assert answer.status_code == 422
    assert "`" not in answer.json()["error"]


# --- State ------------------------------------------------------------------------------------


def administrators_token(sandbox: RunningSandbox) -> str:
    return sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, ["customers:own"]
    ).value


def test_state_tells_everything_but_secrets(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    flow = go_through(sandbox, http)
    personal = sandbox.world.create_personal_access_token(
        sandbox.author.id, "script", ["chats--all:ro"]
    )
    customers = http.post(
        f"{sandbox.url}/v2/customer/token",
        json={
            "grant_type": "agent_token",
            "client_id": sandbox.block.client_id,
            "response_type": "token",
        },
        headers={"Authorization": f"Bearer {administrators_token(sandbox)}"},
    ).json()
    answer = call(sandbox, http, "GET", "state")
    state = answer.json()
    (customer,) = state["customer_tokens"]
    assert customer["value"] == f"dal:••••{customers['access_token'][-4:]}"
    assert customer["customer"] == customers["entity_id"]
    assert [app["name"] for app in state["apps"]] == ["List Chats"]
    assert state["apps"][0]["client_id"] == sandbox.block.client_id
    assert state["access_tokens"][0]["value"] == f"dal:••••{flow.access_token[-4:]}"
    assert state["access_tokens"][0]["account"] == sandbox.author.email
    assert state["access_tokens"][0]["valid"] is True
    assert state["refresh_tokens"][0]["value"] == f"••••{flow.refresh_token[-4:]}"
    assert state["codes"][0]["valid"] is False  # it was used
    assert state["sessions"] >= 1
    assert len(state["people"]) == len(sandbox.world.accounts)
    assert state["chats"] == {"seed": 20_260_615, "number": 250}
    for secret in (
        flow.code,
        flow.access_token,
        flow.refresh_token,
        customers["access_token"],
        personal.value,
        sandbox.block.client_secret,
        *(account.password for account in sandbox.world.accounts.values()),
    ):
        assert secret[-8:] not in answer.text


# --- Reset ------------------------------------------------------------------------------------


def test_reset_makes_the_world_as_new(sandbox: RunningSandbox, http: requests.Session) -> None:
    flow = go_through(sandbox, http)
    old = sandbox.block
    call(sandbox, http, "POST", "seed", seed=1, chats=3)
    call(sandbox, http, "POST", "clock", advance=100)
    call(sandbox, http, "POST", "faults", fault="500", times=None)
    call(sandbox, http, "POST", "rate-limit", calls=1)
    state = call(sandbox, http, "POST", "reset").json()
    assert [app["ready_made"] for app in state["apps"]] == [True]
    assert state["apps"][0]["client_id"] != old.client_id
    assert state["access_tokens"] == state["refresh_tokens"] == state["codes"] == []
    assert state["sessions"] == 0
    assert state["faults"] == []
    assert state["clock"]["ahead_by"] == 0
    assert state["chats"] == {"seed": 20_260_615, "number": 250}
    assert state["rate_limit"]["calls"] == 1_000_000
    assert call(sandbox, http, "GET", "journal").json() == []
    assert info(sandbox, http, flow.access_token).status_code == 401
    assert list_chats(sandbox, http, flow.access_token).status_code == 401
    answer = http.post(
        f"{sandbox.url}/v2/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": flow.refresh_token,
            "client_id": old.client_id,
            "client_secret": old.client_secret,
        },
    )
    assert answer.json()["error"] == "unauthorized_client"


def test_after_a_reset_the_new_app_works_and_people_keep_their_passwords(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    password = sandbox.author.password
    call(sandbox, http, "POST", "reset")
    assert sandbox.author.password == password
    assert go_through(sandbox, http).access_token.startswith("dal:")


# --- People -----------------------------------------------------------------------------------


def test_who_is_invited_lives_here_as_everybody_else(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    before = len(sandbox.world.accounts)
    mia, noor = call(sandbox, http, "POST", "people", number=2).json()
    assert (mia["name"], noor["name"]) == ("Learner 1", "Learner 2")
    assert mia["email"] != noor["email"]
    assert mia["password"] != noor["password"]
    assert len(sandbox.world.accounts) == before + 2
    for place in ("login", "console/people"):
        assert noor["email"] in http.get(f"{sandbox.url}/{place}").text
    learner = Learner(sandbox.url, noor["email"], noor["password"])
    app = learner.create_app("Another app", CALLBACK)
    arrived = learner.authorize(
        f"{sandbox.url}/?response_type=code&client_id={app.client_id}&redirect_uri={CALLBACK}"
    )
    code = sandbox.world.grants.code(parse_qs(urlsplit(arrived).query)["code"][0])
    assert code is not None
    account = sandbox.world.accounts[code.account_id]
    assert (account.email, account.role) == (noor["email"], "administrator")
    assert account.organization_id == sandbox.author.organization_id


def test_who_is_invited_is_an_agent_of_the_organisation(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    (invited,) = call(sandbox, http, "POST", "people", role="normal").json()
    account = sandbox.world.account_by_email(invited["email"])
    assert account is not None
    scopes = ("agents--all:ro", "groups--all:ro", "chats--access:ro")
    token = sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, account.id, scopes
    ).value

    def configuration(action: str, *fields: str) -> Any:
        return http.post(
            f"{sandbox.url}/v3.6/configuration/action/{action}",
            json={"fields": fields},
            headers={"Authorization": f"Bearer {token}"},
        ).json()

    agent = configuration("list_agents", "groups")[-1]
    assert (agent["id"], agent["account_id"]) == (invited["email"], account.id)
    assert (agent["role"], agent["groups"]) == ("normal", [{"id": 0, "priority": "normal"}])
    general, *others = configuration("list_groups", "agent_priorities")
    assert general["agent_priorities"][invited["email"]] == "normal"
    assert not any(invited["email"] in group["agent_priorities"] for group in others)
    assert 0 < list_chats(sandbox, http, token).json()["found_chats"] < 250


def test_the_chats_are_the_same_whoever_is_invited(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    # They are made when somebody first asks for them.
    call(sandbox, http, "POST", "people", number=20)
    token = go_through(sandbox, http).access_token
    invited = list_chats(sandbox, http, token, limit=100).json()["chats_summary"]
    call(sandbox, http, "POST", "reset")
    token = go_through(sandbox, http).access_token
    assert list_chats(sandbox, http, token, limit=100).json()["chats_summary"] == invited


def test_after_a_reset_who_was_invited_is_gone(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    (invited,) = call(sandbox, http, "POST", "people").json()
    state = call(sandbox, http, "POST", "reset").json()
    assert invited["email"] not in [person["email"] for person in state["people"]]
    (again,) = call(sandbox, http, "POST", "people").json()
    assert again["password"] != invited["password"]


# --- Chats ------------------------------------------------------------------------------------


def test_reseed_makes_other_chats(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = go_through(sandbox, http).access_token
    before = list_chats(sandbox, http, token).json()
    answer = call(sandbox, http, "POST", "seed", seed=7, chats=12)
    assert answer.json() == {"seed": 7, "number": 12}
    first = list_chats(sandbox, http, token).json()
    assert first["found_chats"] == 12
    assert first["chats_summary"] != before["chats_summary"]
    call(sandbox, http, "POST", "seed", seed=8, chats=12)
    assert list_chats(sandbox, http, token).json()["chats_summary"] != first["chats_summary"]
    call(sandbox, http, "POST", "seed", seed=7, chats=12)
    assert list_chats(sandbox, http, token).json()["chats_summary"] == first["chats_summary"]


# --- Clock ------------------------------------------------------------------------------------


def test_the_clock_can_be_moved_and_set_back(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    token = go_through(sandbox, http).access_token
    left = info(sandbox, http, token).json()["expires_in"]
    answer = call(sandbox, http, "POST", "clock", advance=3600)
    assert answer.json()["ahead_by"] == 3600
    assert left - 3700 < info(sandbox, http, token).json()["expires_in"] <= left - 3600
    call(sandbox, http, "POST", "clock", advance=3600 * 7)
    assert info(sandbox, http, token).status_code == 401
    assert call(sandbox, http, "POST", "clock", real=True).json()["ahead_by"] == 0
    assert info(sandbox, http, token).status_code == 200


def test_tokens_expire_now(sandbox: RunningSandbox, http: requests.Session) -> None:
    flow = go_through(sandbox, http)
    assert call(sandbox, http, "POST", "clock", expire_tokens=True).json()["ahead_by"] > 28_700
    assert list_chats(sandbox, http, flow.access_token).status_code == 401
    block = sandbox.block
    renewed = http.post(
        f"{sandbox.url}/v2/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": flow.refresh_token,
            "client_id": block.client_id,
            "client_secret": block.client_secret,
        },
    ).json()
    assert list_chats(sandbox, http, renewed["access_token"]).status_code == 200


def test_without_tokens_nothing_expires(sandbox: RunningSandbox, http: requests.Session) -> None:
    assert call(sandbox, http, "POST", "clock", expire_tokens=True).json()["ahead_by"] == 0


def test_what_was_counted_ahead_of_time_does_not_stay(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    token = go_through(sandbox, http).access_token
    call(sandbox, http, "POST", "rate-limit", calls=1, seconds=60)
    call(sandbox, http, "POST", "clock", advance=600)
    for _ in range(3):
        sandbox.world.grants.may_redirect(sandbox.block.client_id, sandbox.author.id)
    assert list_chats(sandbox, http, token).status_code == 200
    assert list_chats(sandbox, http, token).status_code == 429
    call(sandbox, http, "POST", "clock", real=True)
    assert list_chats(sandbox, http, token).status_code == 200
    assert sandbox.world.grants.may_redirect(sandbox.block.client_id, sandbox.author.id)


# --- Rate limit -------------------------------------------------------------------------------


def test_the_rate_limit_can_be_tightened(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = go_through(sandbox, http).access_token
    answer = call(sandbox, http, "POST", "rate-limit", calls=2, seconds=30)
    assert answer.json() == {"calls": 2, "seconds": 30}
    statuses = [list_chats(sandbox, http, token).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    call(sandbox, http, "POST", "clock", advance=30)
    assert list_chats(sandbox, http, token).status_code == 200
    assert call(sandbox, http, "POST", "rate-limit").json() == {"calls": 1_000_000, "seconds": 60}
    assert {list_chats(sandbox, http, token).status_code for _ in range(4)} == {200}
