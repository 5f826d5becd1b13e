"""The journal: what it tells, and that no secret is in it."""

import base64
from urllib.parse import quote

import pytest
import requests

from lc_tutorial.sandbox.control import journal
from lc_tutorial.sandbox.control.journal_masks import Mask
from tests.sandbox.conftest import CALLBACK, NONCE, RunningSandbox
from tests.sandbox.control_plane import call, go_through, list_chats


def entries(sandbox: RunningSandbox, http: requests.Session) -> list[dict[str, object]]:
    answer = call(sandbox, http, "GET", "journal")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def test_it_tells_what_was_asked_and_answered(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    answer = http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats?x=1", json={"limit": 3, "filters": {}}
    )
    (entry,) = entries(sandbox, http)
    assert entry["number"] == 1
    assert entry["method"] == "POST"
    assert entry["url"] == "/v3.6/agent/action/list_chats?x=••••"
    assert entry["request_body"] == '{"limit": 3, "filters": {}}'
    assert entry["status"] == 401
    assert "Invalid" in str(entry["response_body"]) or "Authentication" in answer.text
    assert entry["fault"] is None
    assert float(str(entry["milliseconds"])) > 0
    assert entry["request_headers"]["content-type"] == "application/json"  # type: ignore[index]


def test_it_holds_no_secret_of_a_whole_flow(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    world, block, author = sandbox.world, sandbox.block, sandbox.author
    old_secret = block.client_secret
    world.new_secret(block)
    flow = go_through(sandbox, http, state="not-a-real-state-value")
    personal = world.create_personal_access_token(author.id, "script", ["chats--all:ro"])
    basic = base64.b64encode(f"{author.id}:{personal.value}".encode()).decode()
    verifier = "not-a-real-verifier-not-a-real-verifier-43ch"
    # Each in its place, and then where a learner in a hurry puts it.
    http.get(
        f"{sandbox.url}/v3.6/agent/action/list_chats", headers={"Authorization": f"Basic {basic}"}
    )
    http.get(f"{sandbox.url}/v2/info", params={"code": flow.access_token})
    http.get(f"{sandbox.url}/v2/info", headers={"Authorization": flow.refresh_token})
    http.get(f"{sandbox.url}/", params={"code_challenge": verifier, "client_id": old_secret})
    for place in ("client_id", "grant_type", "redirect_uri", "scope", "whatever", "a b"):
        for secret in (block.client_secret, flow.refresh_token, flow.access_token, verifier):
            given = {place: secret, "code_verifier": verifier, "client_secret": old_secret}
            if place != "redirect_uri" or secret != verifier:
                http.post(f"{sandbox.url}/v2/token", data=given)
                http.post(f"{sandbox.url}/v2/token", json=given)
    http.post(f"{sandbox.url}/v2/token", data=flow.refresh_token)
    http.post(f"{sandbox.url}/v2/token", json=[flow.refresh_token])
    http.post(f"{sandbox.url}/v3.6/agent/action/{flow.access_token}", json={})
    http.post(
        f"{sandbox.url}/v3.6/agent/action/x", json={"a": [{"token": verifier}, personal.value]}
    )
    http.post(f"{sandbox.url}/v3.6/agent/action/x", data=f"client_secret={old_secret}")
    http.get(f"{sandbox.url}/console/", headers={"Referer": f"{CALLBACK}?code={flow.code}"})
    http.get(f"{sandbox.url}/console/", headers={"X-My-Token": old_secret})
    world.grants.revoke(flow.access_token)
    text = call(sandbox, http, "GET", "journal").text
    assert len(entries(sandbox, http)) > 40
    for secret in (
        flow.code,
        flow.access_token,
        flow.refresh_token,
        personal.value,
        basic,
        verifier,
        old_secret,
        block.client_secret,
        author.password,
        "not-a-real-state-value",
        NONCE,
        *(value for name, value in http.cookies.items()),
    ):
        tail = secret.rpartition(":")[2]
        assert tail not in text
        assert quote(tail, safe="") not in text


@pytest.mark.parametrize("key", ["not-a-real-secret-key", "short"])
def test_it_holds_no_secret_key_of_a_webhook(
    sandbox: RunningSandbox, http: requests.Session, key: str
) -> None:
    token = sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, ("webhooks.configuration:rw",)
    )
    body = {
        "action": "tag_created",
        "secret_key": key,
        "url": "https://hooks.example.com/hooks?note=somebody-s",
        "owner_client_id": sandbox.block.client_id,
        "type": "license",
    }
    if len(key) > 8:
        body["description"] = f"my key is {key}"  # where a learner in a hurry puts it
    api = f"{sandbox.url}/v3.6/configuration/action"
    headers = {"Authorization": f"Bearer {token.value}"}
    assert http.post(f"{api}/register_webhook", json=body, headers=headers).ok
    owner = {"owner_client_id": sandbox.block.client_id}
    assert http.post(f"{api}/list_webhooks", json=owner, headers=headers).ok
    text = call(sandbox, http, "GET", "journal").text
    assert "tag_created" in text
    assert key not in text
    # Once as it was sent, once as it is listed.
    assert text.count("https://hooks.example.com/hooks?note=") == 2
    assert "somebody-s" not in text


@pytest.mark.parametrize("form", ["password", "csrf"])
def test_what_a_page_sends_is_masked(
    sandbox: RunningSandbox, http: requests.Session, form: str
) -> None:
    http.post(f"{sandbox.url}/login", data={form: "not-a-real-value"})
    http.get(f"{sandbox.url}/console/")
    refused, page = entries(sandbox, http)
    assert refused["request_body"] == f"{form}=••••"
    assert "of text/html, not shown" in str(page["response_body"])


def test_harmless_parameters_can_be_read() -> None:
    mask = Mask([])
    shown = mask.parameters(
        "grant_type=authorization_code&code=dal%3Aabcdefghijklmnopqrst&client_id="
        "0123456789abcdef0123456789abcdef&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fc%3Fcode%3Dx"
        "&scope=chats--all%3Aro%2Cchats--my%3Aro"
    )
    assert shown == (
        "grant_type=authorization_code&code=••••&client_id=0123456789abcdef0123456789abcdef"
        "&redirect_uri=http://localhost:1/c?code=••••&scope=chats--all:ro,chats--my:ro"
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"a": "\\ud800"}',
        b"\xff\xfe",
        b"{",
        b"=",
        b"a=1;" * 3000,
    ],
)
def test_whatever_was_sent_can_be_told(
    sandbox: RunningSandbox, http: requests.Session, body: bytes
) -> None:
    http.post(f"{sandbox.url}/v3.6/agent/action/list_chats", data=body)
    http.post(f"{sandbox.url}/v2/token", data=body)
    assert [type(entry["request_body"]) for entry in entries(sandbox, http)] == [str, str]


def test_it_is_bounded_in_number(sandbox: RunningSandbox, http: requests.Session) -> None:
    for _ in range(journal.MAX_ENTRIES + 5):
        http.get(f"{sandbox.url}/v2/info")
    told = entries(sandbox, http)
    assert len(told) == journal.MAX_ENTRIES
    assert [told[0]["number"], told[-1]["number"]] == [6, journal.MAX_ENTRIES + 5]


def test_it_keeps_no_large_bodies(sandbox: RunningSandbox, http: requests.Session) -> None:
    token = go_through(sandbox, http).access_token
    call(sandbox, http, "DELETE", "journal")
    list_chats(sandbox, http, token, limit=100, filters={"properties": {}})
    http.post(f"{sandbox.url}/v2/token", data="x" * (journal.MAX_BODY_BYTES + 1))
    pages, sent = entries(sandbox, http)
    assert str(pages["response_body"]).endswith("too many to keep)")
    assert sent["request_body"] == f"({journal.MAX_BODY_BYTES + 1:,} bytes, too many to keep)"


def test_it_names_the_fault_and_what_arrived(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    call(sandbox, http, "POST", "faults", fault="drop")
    with pytest.raises(requests.ConnectionError):
        http.post(f"{sandbox.url}/v2/info")
    call(sandbox, http, "POST", "faults", fault="503")
    http.get(f"{sandbox.url}/v2/info")
    dropped, refused = entries(sandbox, http)[-2:]
    assert (dropped["fault"], dropped["status"]) == ("drop", None)
    assert (refused["fault"], refused["status"]) == ("503", 503)


def test_control_and_stylesheets_are_not_in_it(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    call(sandbox, http, "GET", "state")
    http.get(f"{sandbox.url}/static/style.css")
    assert entries(sandbox, http) == []


def test_it_can_be_emptied(sandbox: RunningSandbox, http: requests.Session) -> None:
    http.get(f"{sandbox.url}/v2/info")
    assert len(entries(sandbox, http)) == 1
    assert call(sandbox, http, "DELETE", "journal").json() == []
    http.get(f"{sandbox.url}/v2/info")
    assert [entry["number"] for entry in entries(sandbox, http)] == [1]
