"""The checks and exercises of notebook 05, with right and wrong answers."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.course.findings import Check
from lc_tutorial.errors import InputError
from lc_tutorial.forms import scripted
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.masking import Secret
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.learner import Learner
from tests.unit.fakes import ACCOUNT, pair

TOKEN = "dal:not-a-real-token"
BASE64 = pair("dal:not-a-real-personal-token")


def missing(check: Check) -> str:
    return "\n".join(each.text for each in check.findings if each.standing == "missing")


def answered(
    url: str = "http://127.0.0.1:9/v3.6/agent/action/list_chats",
    body: Any = None,
    status: int = 200,
    **headers: Any,
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.url = url
    response.request = requests.Request("POST", url, headers=headers).prepare()
    response._content = json.dumps(body or {}).encode()
    response.headers["Content-Type"] = "application/json"
    return response


# --- A personal access token ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status", "what"),
    [
        (f"Basic {BASE64}", 200, ""),
        (f"Basic {BASE64}".encode(), 200, ""),
        (f"Basic {BASE64}", 401, "the platform refused with 401"),
        (f"Bearer {TOKEN}", 200, "The scheme Basic: this request had Bearer"),
        (None, 401, "no Authorization header"),
        ("Basic dal:not-a-real-token", 401, "The Base64 of account id, colon and token"),
        ("Basic bm90LWEtcGFpcg==", 401, "The Base64 of account id, colon and token"),
        ("Basic", 401, "The Base64"),
    ],
)
def test_a_personal_token(header: str | bytes | None, status: int, what: str) -> None:
    response = answered(status=status, **({"Authorization": header} if header else {}))
    check = lc.check_personal_token(response)
    assert check.passed is not bool(what)
    assert what in missing(check)
    assert BASE64 not in repr(check)


# --- The app in the browser -----------------------------------------------------------------------


@pytest.fixture
def anew(own_sandbox: Platform) -> Platform:
    """A sandbox with nothing in it that another test made."""
    lc.Control.of(own_sandbox).reset()
    return own_sandbox


def test_the_way_to_the_app_in_the_browser(anew: Platform) -> None:
    def check() -> str:
        return missing(lc.check_example_app(anew))

    assert anew.login is not None
    learner = Learner(anew.accounts_url, anew.login.email, anew.login.password)
    assert "A JavaScript app" in check()
    page = f"{anew.accounts_url}/example-app"
    learner.create_app("Elsewhere", "https://app.example/", client_type="javascript")
    assert "on its redirect URI whitelist" in check()
    learner.create_app("For agents", page, ("agents--all:ro",), client_type="javascript")
    assert "A scope for List Chats" in check()
    learner.create_app("Ready", page, client_type="javascript")
    assert "The exchange of a code" in check()
    scripted.run_example_app(anew)
    done = lc.check_example_app(anew)
    assert done.passed, done
    assert "implicit" not in repr(done)


def test_the_implicit_grant_is_no_exchange(anew: Platform) -> None:
    assert anew.login is not None
    learner = Learner(anew.accounts_url, anew.login.email, anew.login.password)
    page = f"{anew.accounts_url}/example-app"
    app = learner.create_app("Ready", page, client_type="javascript")
    asked = {"response_type": "token", "client_id": app.client_id, "redirect_uri": page}
    assert "#access_token=" in learner.authorize(f"{anew.accounts_url}/?{urlencode(asked)}")
    check = lc.check_example_app(anew)
    assert "The exchange of a code" in missing(check)
    assert "1 by the implicit grant" in repr(check)


def test_the_live_platform_has_no_example_app() -> None:
    assert "A sandbox" in missing(lc.check_example_app(LIVE))


# --- Somebody else's account ----------------------------------------------------------------------

MINE = lc.Token(Secret(TOKEN), ACCOUNT, "ours", "c1", frozenset(), None, None)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"account_id": "somebody", "organization_id": "theirs"}, ""),
        ({"account_id": "somebody", "organization_id": "theirs", "client_id": ""}, ""),
        ({}, "Somebody else's consent"),
        ({"account_id": "colleague"}, "Another organization"),
        ({"account_id": "a", "organization_id": "b", "client_id": "c2"}, "this one is another"),
    ],
)
def test_another_account(changes: dict[str, str], what: str) -> None:
    check = lc.check_other_account(replace(MINE, **changes), MINE)  # type: ignore[arg-type]
    assert check.passed is not bool(what)
    assert what in missing(check)
    assert TOKEN not in repr(check)


def test_no_token_of_theirs_yet() -> None:
    assert "run the cells above" in missing(lc.check_other_account(None, MINE))


# --- The customers --------------------------------------------------------------------------------

START = "http://127.0.0.1:9/v3.6/customer/action/start_chat?organization_id=x"
STARTED = answered(START, {"chat_id": "NEW", "thread_id": "T"})
LISTED = answered(body={"chats_summary": [{"id": "NEW"}, {"id": "OLD"}]})


@pytest.mark.parametrize(
    ("started", "listed", "what"),
    [
        (STARTED, LISTED, ""),
        (STARTED, answered(body={"chats_info": [{"id": "NEW"}]}), ""),
        (None, LISTED, "run the cells above"),
        (STARTED, None, "run the cells above"),
        (STARTED, answered(body={"chats_summary": []}), "ask for the list after it started"),
        (STARTED, answered(status=401), "not an answer of their list_chats"),
        (answered(START, {"error": {}}, 401), LISTED, "A chat that a customer started"),
        (LISTED, LISTED, "A chat that a customer started"),
    ],
)
def test_a_customer_s_chat(started: Any, listed: Any, what: str) -> None:
    check = lc.check_customer_chat(started, listed)
    assert check.passed is not bool(what)
    assert what in missing(check)


# --- Exercises ------------------------------------------------------------------------------------

GRANT = "http://127.0.0.1:9/v2/customer/token"
FIRST = answered(GRANT, {"access_token": "dal:not-the-first", "entity_id": "e1"})


@pytest.mark.parametrize(
    ("first", "again", "what"),
    [
        (FIRST, answered(GRANT, {"access_token": "dal:not-the-next", "entity_id": "e1"}), ""),
        (FIRST, None, "in the place of None"),
        (None, None, "run the cells of part 5"),
        (answered(GRANT, {"oauth_exception": "x"}, 403), None, "run the cells of part 5"),
        (FIRST, FIRST, "Send a request of its own"),
        (FIRST, answered(GRANT, {"access_token": "dal:not", "entity_id": "e2"}), "another one"),
        (FIRST, answered(GRANT, {"entity_id": "e1"}), "this answer brings none"),
        (FIRST, answered(GRANT, {}), "this answer brings none"),
        (answered(GRANT, {"entity_id": "e1"}), FIRST, "run the cells of part 5"),
        (FIRST, answered(GRANT, {"oauth_exception": "x"}, 403), "refused with 403"),
        (FIRST, {"access_token": "dal:not", "entity_id": "e1"}, "this is a dict"),
    ],
)
def test_the_same_customer(first: Any, again: Any, what: str) -> None:
    check = lc.check_same_customer(first, again)
    assert check.passed is not bool(what)
    assert what in missing(check)
    assert "dal:" not in repr(check)
    assert "e1" not in missing(check), "a hint is not the answer"


@pytest.fixture(scope="module")
def came(own_sandbox: Platform) -> tuple[Any, str, str]:
    """Tables in which two chats came in through an app; its id, and the id of one of them."""
    session = CatchUp(own_sandbox, scopes=("customers:own",))
    token, app = session.token, session.app
    assert isinstance(token, lc.Token)
    assert app is not None
    grant = {
        "grant_type": "agent_token",
        "client_id": app.client_id,
        "response_type": "token",
    }
    bearer = {"Authorization": token.authorization}
    chat_id = ""
    for _ in range(2):
        customer = requests.post(
            f"{own_sandbox.accounts_url}/v2/customer/token", json=grant, headers=bearer, timeout=30
        ).json()
        chat_id = requests.post(
            f"{own_sandbox.api_url}/v3.6/customer/action/start_chat",
            params={"organization_id": token.organization_id},
            json={},
            headers={"Authorization": f"Bearer {customer['access_token']}"},
            timeout=30,
        ).json()["chat_id"]
    listed = requests.post(own_sandbox.list_chats_url, json={}, headers=bearer, timeout=30)
    return lc.tables(listed), app.client_id, chat_id


def test_the_right_chats_in_any_form(came: tuple[Any, str, str]) -> None:
    tables, client_id, _ = came
    chats = tables.chats
    right = chats[(chats["properties.source.client_id"] == client_id).fillna(False)]
    assert len(right) == 2
    ids = list(right["chat_id"])
    for answer in (right, right["chat_id"], right["chat_id"].to_numpy(), ids, tuple(ids), set(ids)):
        assert lc.check_came_in(answer, tables, client_id).passed, type(answer)
    assert lc.check_came_in([], tables, "f" * 32).passed, "none came in through another app"


def test_wrong_chats_get_a_hint_and_not_the_answer(came: tuple[Any, str, str]) -> None:
    tables, client_id, one = came
    everything = list(tables.chats["chat_id"])
    for answer, what in (
        (None, "in the place of None"),
        ([one], "1 chat more of your app"),
        (everything, "came another way"),
        (["NOBODY"], "can't be found"),
        ("", "an empty text in your answer can't be found"),
        (7, "this is an int"),
        (tables.users[["user_id"]], "this is a DataFrame"),
    ):
        check = lc.check_came_in(answer, tables, client_id)
        assert what in missing(check)
        assert one not in missing(check)
    assert "run the cells above" in missing(lc.check_came_in(None, None, client_id))
    with pytest.raises(InputError, match="no Client Id"):
        lc.check_came_in([one], tables, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda: lc.check_personal_token("token"),  # type: ignore[arg-type]
        lambda: lc.check_example_app("sandbox"),  # type: ignore[arg-type]
        lambda: lc.check_other_account(FIRST, MINE),  # type: ignore[arg-type]
        lambda: lc.check_customer_chat(MINE, LISTED),  # type: ignore[arg-type]
        lambda: lc.check_same_customer(MINE, None),  # type: ignore[arg-type]
        lambda: lc.check_came_in([], LISTED, "c"),  # type: ignore[arg-type]
    ],
)
def test_what_a_check_is_not_for(call: Any) -> None:
    with pytest.raises(InputError, match="is not what this checks"):
        call()
