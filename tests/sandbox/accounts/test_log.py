"""What the accounts service refused and why is in its log; what was sent never is."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.accounts.test_authorize import Visitor, asking
from tests.sandbox.accounts.test_tokens import S256, VERIFIER
from tests.sandbox.conftest import CALLBACK, RunningSandbox

#: Nothing of it may be in the log, wherever it is put.
TYPED = "not-a-real-secret-that-somebody-typed"


@pytest.fixture(autouse=True)
def _listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


# --- For programs -------------------------------------------------------------------------------

Send = Callable[[RunningSandbox], requests.Response]


def send(sandbox: RunningSandbox, path: str = "/v2/token", **more: Any) -> requests.Response:
    return requests.request(more.pop("method", "POST"), sandbox.url + path, timeout=10, **more)


def exchanging(sandbox: RunningSandbox, **changes: str | None) -> requests.Response:
    """Exchange a good code, but for the changes; None leaves a parameter out."""
    code = sandbox.world.grants.issue_code(
        sandbox.block.client_id, sandbox.author, CALLBACK, ("chats--my:ro",)
    )
    sent = {
        "grant_type": "authorization_code",
        "code": code.value,
        "client_id": sandbox.block.client_id,
        "client_secret": sandbox.block.client_secret,
        "redirect_uri": CALLBACK,
    } | changes
    return send(sandbox, data={name: value for name, value in sent.items() if value is not None})


@pytest.mark.parametrize(
    ("refused", "line"),
    [
        (lambda s: exchanging(s, grant_type=TYPED), "unsupported_grant_type, there is no such"),
        (lambda s: exchanging(s, grant_type=None), "invalid_request, grant_type is required"),
        (lambda s: exchanging(s, code=None), "invalid_request, code is required"),
        (lambda s: exchanging(s, code=TYPED), "unauthorized_client, no such code lives"),
        (lambda s: exchanging(s, client_id=TYPED), "unauthorized_client, no app has this client"),
        (lambda s: exchanging(s, client_secret=TYPED), "the client_secret is wrong"),
        (lambda s: exchanging(s, client_secret=None), "the client_secret is missing"),
        (lambda s: exchanging(s, redirect_uri=TYPED), "not, to the letter, the one"),
        (lambda s: exchanging(s, code_verifier=VERIFIER), "issued without a code_challenge"),
        (lambda s: exchanging(s, scope=TYPED), "invalid_scope, there is no such scope"),
        (lambda s: exchanging(s, scope="chats--all:rw"), "access_denied, a scope is asked for"),
        (lambda s: exchanging(s, grant_type="refresh_token"), "refresh_token is required"),
        (
            lambda s: exchanging(s, grant_type="refresh_token", refresh_token=TYPED),
            "unauthorized_client, there is no such refresh token",
        ),
        (
            lambda s: send(s, data=TYPED, headers={"Content-Type": "text/plain"}),
            "invalid_request, the body's Content-Type is neither a form's nor JSON's",
        ),
        (lambda s: send(s, json=[TYPED]), "invalid_request, the body is JSON, but not an object"),
        (
            lambda s: send(s, data=TYPED, headers={"Content-Type": "application/json"}),
            "invalid_request, the body is not JSON",
        ),
        (lambda s: send(s, method="PUT"), "invalid_request, this address takes other methods"),
        (
            lambda s: send(s, f"/v2/token?code={TYPED}", method="DELETE"),
            "resource_not_found, there is no such token",
        ),
        (
            lambda s: send(s, f"/v2/info?code={TYPED}", method="GET"),
            "/v2/info: unauthorized, this is no access token that lives",
        ),
        (
            lambda s: send(s, "/v2/customer/token", json={"grant_type": TYPED}),
            "/v2/customer/token: unsupported_grant_type, there is no such grant_type",
        ),
        (
            lambda s: send(s, f"/v2/customer/{TYPED}/{TYPED}/token", json={"grant_type": "cookie"}),
            "/v2/customer/{organization_id}/{group_id}/token: resource_not_found, there is no such",
        ),
    ],
)
def test_what_a_program_was_refused(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, refused: Send, line: str
) -> None:
    assert refused(sandbox).status_code >= 400
    told = lines(caplog)
    assert len(told) == 1
    assert line in told[0]
    assert TYPED not in told[0]
    for secret in (sandbox.block.client_secret, VERIFIER):
        assert secret not in told[0]


def test_what_succeeds_is_not_in_the_log(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    assert exchanging(sandbox).status_code == 200
    assert lines(caplog) == []


# --- For people ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"client_id": TYPED}, "unauthorized_client client_id_not_found, no app has this"),
        ({"client_id": None}, "unauthorized_client client_id_not_found, there is no client_id"),
        ({"redirect_uri": f"https://{TYPED}"}, "invalid_request invalid_redirect_uri, the redirec"),
        ({"redirect_uri": None}, "invalid_redirect_uri, there is no redirect_uri"),
        ({"response_type": TYPED}, "unsupported_response_type, response_type is neither"),
        ({"scope": TYPED}, "invalid_scope, a scope is asked for that the app does not list"),
        ({"code_challenge": TYPED}, "invalid_request, code_challenge does not have the form"),
        (
            {"code_challenge": S256, "code_challenge_method": TYPED},
            "invalid_request, code_challenge_method is neither",
        ),
    ],
)
def test_which_links_were_refused(
    sandbox: RunningSandbox,
    http: requests.Session,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, str | None],
    line: str,
) -> None:
    Visitor(sandbox, http).get("/", asking(sandbox.block, **changes))
    (told,) = lines(caplog)
    assert told.startswith("authorization: ")
    assert line in told
    assert TYPED not in told
    assert sandbox.block.client_id not in told


def test_who_was_refused(
    sandbox: RunningSandbox, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(sandbox, http)
    visitor.ask(sandbox.block)
    visitor.send("login", email=sandbox.author.email, password=TYPED)
    visitor.follow()
    visitor.sign_in(sandbox.person("owner", elsewhere=True))
    visitor.get("/logout")
    visitor.get("/login", asking(sandbox.block))
    assert lines(caplog) == [
        "login: unauthorized, nobody has this e-mail address with this password",
        "authorization: access_denied, the app is private to another organization",
        "authorization: access_denied, the app is private to another organization",
    ]


def test_who_cancelled(
    sandbox: RunningSandbox, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(sandbox, http)
    visitor.ask(sandbox.block, prompt="consent")
    visitor.sign_in(sandbox.author)
    visitor.follow()
    visitor.send("grant-access", decision="cancel")
    assert lines(caplog) == ["authorization: missing_grant, Cancel was chosen"]
