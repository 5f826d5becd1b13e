"""The three demonstrations of docs/teaching.md: what the teacher does, and what the room sees."""

import re

import requests

from lc_tutorial.sandbox.world.records import Challenge
from tests.sandbox.accounts.test_authorize import Visitor, assert_error_page
from tests.sandbox.accounts.test_tokens import (
    S256,
    VERIFIER,
    code_grant,
    issue_code,
    post,
    refresh_grant,
)
from tests.sandbox.conftest import RunningSandbox
from tests.sandbox.control.test_control_page import link, press
from tests.sandbox.control_plane import call, go_through, info, list_chats


def statuses(sandbox: RunningSandbox, http: requests.Session, path: str) -> list[int]:
    """What the journal has of a path, oldest first."""
    entries = call(sandbox, http, "GET", "journal").json()
    return [entry["status"] for entry in entries if entry["url"].partition("?")[0].endswith(path)]


def test_a_cancelled_consent(sandbox: RunningSandbox, http: requests.Session) -> None:
    sandbox.app.installed = True
    with requests.Session() as browser:
        browser.trust_env = False
        tomasz = Visitor(sandbox, browser)
        assert call(sandbox, http, "GET", "state").json()["codes"] == []
        tomasz.ask(sandbox.block, prompt="consent")
        tomasz.sign_in(sandbox.person("administrator"))
        tomasz.follow()
        assert tomasz.path == "/grant-access"
        tomasz.send("grant-access", decision="cancel")
        tomasz.follow()
        assert_error_page(tomasz, "missing_grant")
        for path in ("/login", "/grant-access", "/ooops"):
            assert statuses(sandbox, http, path), path
        assert call(sandbox, http, "GET", "state").json()["codes"] == []
        # The same link again, and he can still say yes.
        tomasz.ask(sandbox.block, prompt="consent")
        tomasz.send("grant-access", decision="allow")
        assert "?code=" in tomasz.leads_to


def test_a_stolen_code(sandbox: RunningSandbox, http: requests.Session) -> None:
    code = issue_code(sandbox, challenge=Challenge(S256, "S256")).value
    stolen = code_grant(sandbox, code=code)
    rights = {**stolen, "code_verifier": VERIFIER}
    changed = issue_code(sandbox, challenge=Challenge("x" * 43, "S256")).value
    said = [
        post(sandbox, fields)
        for fields in (
            stolen,
            {**stolen, "code_verifier": "w" * 43},
            {**rights, "code": changed},
            rights,
            rights,
        )
    ]
    assert [(each.status_code, each.json().get("error")) for each in said] == [
        (422, "invalid_request"),
        (403, "invalid_grant"),
        (403, "invalid_grant"),
        (200, None),
        (401, "unauthorized_client"),
    ]
    assert statuses(sandbox, http, "/v2/token") == [422, 403, 403, 200, 401]
    # The token that the app has stays good.
    assert info(sandbox, http, said[3].json()["access_token"]).status_code == 200


def test_an_expired_token(sandbox: RunningSandbox, http: requests.Session) -> None:
    flow = go_through(sandbox, http)
    press(sandbox, http, "expire-tokens")
    # Eight hours, less the time that the machine has taken since.
    assert re.search(r"ahead by 28,[78]\d\d seconds", http.get(link(sandbox, http)).text)
    refused = list_chats(sandbox, http, flow.access_token)
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        401,
        "Invalid access token",
    )
    renewed = post(sandbox, refresh_grant(sandbox, flow.refresh_token))
    assert renewed.status_code == 200
    assert list_chats(sandbox, http, renewed.json()["access_token"]).status_code == 200
    press(sandbox, http, "real-time")
    assert list_chats(sandbox, http, flow.access_token).status_code == 200
