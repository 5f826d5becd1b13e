"""The control plane's page: who gets in, and what its forms do."""

import pytest
import requests

from lc_tutorial.sandbox.control import faults
from lc_tutorial.sandbox.control import page as control_page
from lc_tutorial.sandbox.learner.browser import Browser, parse
from tests.sandbox.conftest import NONCE, RunningSandbox
from tests.sandbox.control_plane import call, go_through, info


def link(sandbox: RunningSandbox, http: requests.Session) -> str:
    ticket = call(sandbox, http, "POST", "ticket").json()["ticket"]
    return f"{sandbox.url}/_sandbox/enter?ticket={ticket}"


def press(sandbox: RunningSandbox, http: requests.Session, button: str, **entered: str) -> str:
    """Open the page, press a button of it as a person does, and return what it says then."""
    browser = Browser(sandbox.url)
    page = browser.open(link(sandbox, http))
    pressed = browser.press(page, page.need("button", id=button), entered)
    notice = pressed.find(role="status") or pressed.find(role="alert")
    browser.close()
    return notice.text if notice else ""


# --- Getting in -------------------------------------------------------------------------------


def test_a_link_opens_the_page_and_is_used_up(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    address = link(sandbox, http)
    assert NONCE not in address
    with requests.Session() as browser:
        browser.trust_env = False
        answer = browser.get(address)
        assert (answer.status_code, answer.url) == (200, f"{sandbox.url}/_sandbox/")
        assert "Sandbox control" in answer.text
        assert NONCE not in answer.text
        assert browser.get(f"{sandbox.url}/_sandbox/").status_code == 200
    again = http.get(address)
    assert again.status_code == 403
    assert "has been used" in again.text
    assert "text/html" in again.headers["Content-Type"]


def test_a_look_at_the_link_does_not_use_it_up(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    address = link(sandbox, http)
    http.head(address)
    assert http.get(f"{sandbox.url}/_sandbox/").status_code == 403
    assert http.get(address).status_code == 200


def test_an_old_link_opens_nothing(
    sandbox: RunningSandbox, http: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_page, "TICKET_LIFETIME", -1.0)
    assert http.get(link(sandbox, http)).status_code == 403


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=x", f"?ticket={NONCE}"])
def test_without_a_ticket_nobody_gets_in(
    sandbox: RunningSandbox, http: requests.Session, query: str
) -> None:
    assert http.get(f"{sandbox.url}/_sandbox/enter{query}").status_code == 403
    assert http.get(f"{sandbox.url}/_sandbox/").status_code == 403


def test_the_cookie_is_for_this_port_and_path_and_for_no_script(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    answer = http.get(link(sandbox, http), allow_redirects=False)
    port = sandbox.url.rpartition(":")[2]
    (cookie,) = [
        value
        for value in answer.raw.headers.getlist("set-cookie")
        if value.startswith(f"sandbox_control_{port}=")
    ]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "path=/_sandbox/", "samesite=lax"}
    assert NONCE not in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_behind_a_proxy_the_cookie_is_for_its_prefix(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    answer = http.get(
        link(sandbox, http),
        headers={"X-Forwarded-Context": "/user/mia/proxy/8000"},
        allow_redirects=False,
    )
    assert "path=/user/mia/proxy/8000/_sandbox/;" in answer.headers["Set-Cookie"].lower()
    assert answer.headers["Location"] == "../_sandbox/"


def test_only_so_many_tickets_and_visitors_are_remembered() -> None:
    visitors = control_page.Visitors()
    first = visitors.ticket()
    key = visitors.admit(visitors.ticket()) or ""
    assert visitors.knows(key)
    for _ in range(control_page.MAX_TICKETS):
        visitors.ticket()
    assert visitors.admit(first) is None
    for _ in range(control_page.MAX_VISITORS):
        assert visitors.admit(visitors.ticket())
    assert not visitors.knows(key)


# --- Forms ------------------------------------------------------------------------------------

ACTIONS = [
    *("clock", "faults", "clear-faults", "rate-limit"),
    *("people", "seed", "reset", "clear-journal"),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_form_needs_the_cookie_and_the_token_of_the_page(
    sandbox: RunningSandbox, http: requests.Session, action: str
) -> None:
    app = sandbox.app
    target = f"{sandbox.url}/_sandbox/page/{action}"
    token = parse(http.get(f"{sandbox.url}/console/new-app").text).find("input", name="csrf")
    given = {"real": "true", "fault": "500", "csrf": token.get("value") if token else "x"}
    assert http.post(target, data=given).status_code == 403  # no cookie
    http.get(link(sandbox, http))
    assert http.post(target, data={**given, "csrf": "x"}).status_code == 403
    assert http.post(target, data={"real": "true", "fault": "500"}).status_code == 403
    assert sandbox.app is app
    assert call(sandbox, http, "GET", "faults").json() == []


def test_an_unknown_action_is_a_page_that_says_so(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    http.get(link(sandbox, http))
    answer = http.post(f"{sandbox.url}/_sandbox/page/dance", data={})
    assert answer.status_code == 404
    assert "There is no such action" in answer.text


def test_the_clock_moves(sandbox: RunningSandbox, http: requests.Session) -> None:
    assert "has moved" in press(sandbox, http, "move-clock", advance="7200")
    assert sandbox.world.clock.offset == 7200
    go_through(sandbox, http)
    press(sandbox, http, "expire-tokens")
    assert sandbox.world.clock.offset > 7200 + 28_000
    press(sandbox, http, "real-time")
    assert sandbox.world.clock.offset == 0


@pytest.mark.parametrize("entered", ["-1", "nan", "inf", "an hour", "", "1e400"])
def test_a_wrong_value_is_explained(
    sandbox: RunningSandbox, http: requests.Session, entered: str
) -> None:
    assert "cannot be done" in press(sandbox, http, "move-clock", advance=entered)
    assert sandbox.world.clock.offset == 0


@pytest.mark.parametrize("name", faults.NAMES)
def test_faults_are_set_and_cleared(
    sandbox: RunningSandbox, http: requests.Session, name: str
) -> None:
    press(sandbox, http, "set-fault", fault=name, path="/v2/token", times="4")
    (fault,) = call(sandbox, http, "GET", "faults").json()
    assert (fault["fault"], fault["path"], fault["times"]) == (name, "/v2/token", 4)
    press(sandbox, http, "clear-faults")
    assert call(sandbox, http, "GET", "faults").json() == []


def test_a_fault_has_its_seconds(sandbox: RunningSandbox, http: requests.Session) -> None:
    press(sandbox, http, "set-fault", fault="slow", seconds="0.5", retry_after="")
    press(sandbox, http, "set-fault", fault="429", retry_after="7", seconds="")
    slow, busy = call(sandbox, http, "GET", "faults").json()
    assert (slow["seconds"], slow["retry_after"]) == (0.5, 2)
    assert (busy["seconds"], busy["retry_after"]) == (5.0, 7)


def test_a_fault_can_stay(sandbox: RunningSandbox, http: requests.Session) -> None:
    browser = Browser(sandbox.url)
    page = browser.open(link(sandbox, http))
    browser.press(page, page.need("button", id="set-fault"), ticked={"always": ("true",)})
    assert call(sandbox, http, "GET", "faults").json()[0]["times"] is None


def test_the_rate_limit_and_the_chats_change(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    press(sandbox, http, "limit-rate", calls="3")
    press(sandbox, http, "reseed", seed="5", chats="6")
    state = call(sandbox, http, "GET", "state").json()
    assert state["rate_limit"] == {"calls": 3, "seconds": 60}
    assert state["chats"] == {"seed": 5, "number": 6}
    press(sandbox, http, "limit-rate", calls="")
    assert call(sandbox, http, "GET", "state").json()["rate_limit"]["calls"] == 1_000_000


@pytest.mark.parametrize("role", ["administrator", "normal"])
def test_people_are_invited(sandbox: RunningSandbox, http: requests.Session, role: str) -> None:
    assert "Invited: 12." in press(sandbox, http, "invite", number="12", role=role)
    people = call(sandbox, http, "GET", "state").json()["people"]
    assert [person["role"] for person in people[-12:]] == [role] * 12
    assert "cannot be done" in press(sandbox, http, "invite", number="501")


def test_the_world_begins_again(sandbox: RunningSandbox, http: requests.Session) -> None:
    old = sandbox.app
    assert "as new" in press(sandbox, http, "reset")
    assert sandbox.app is not old


def test_the_page_shows_the_journal_without_secrets(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    flow = go_through(sandbox, http)
    page = http.get(link(sandbox, http)).text
    assert "/v3.6/agent/action/list_chats" in page
    for secret in (flow.code, flow.access_token, flow.refresh_token, sandbox.author.password):
        assert secret.rpartition(":")[2] not in page
    assert sandbox.block.client_secret not in page
    press(sandbox, http, "clear-journal")
    assert call(sandbox, http, "GET", "journal").json() == []


def test_what_was_sent_is_escaped(sandbox: RunningSandbox, http: requests.Session) -> None:
    http.post(
        f"{sandbox.url}/v3.6/agent/action/x", json={"<script>": "<script>"},
        headers={"User-Agent": "<script>alert(1)</script>"},
    )  # fmt: skip
    page = http.get(link(sandbox, http))
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_an_app_loses_its_access(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = go_through(sandbox, http).access_token
    client_id = sandbox.block.client_id
    said = press(sandbox, http, "end-access", client_id=client_id, email="nobody@example.com")
    assert said == "That cannot be done: nobody has this email."
    assert info(sandbox, http, token).ok
    said = press(sandbox, http, "end-access", client_id=client_id, email=sandbox.author.email)
    assert said.endswith("Tokens that lived until now: access 1, refresh 1.")
    assert info(sandbox, http, token).status_code == 401
