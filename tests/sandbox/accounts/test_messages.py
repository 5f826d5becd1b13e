"""Answers that go to an app's page as messages: what npm @livechat/accounts-sdk waits for.

That the library takes them, in a real browser, is in tests/browser/test_browser_apps. Sources:
oauth-authorization, "Sign in with LiveChat", of livechat-public-docs, and the library itself.
"""

import json
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.accounts.pkce import is_verifier_of
from lc_tutorial.sandbox.world.records import AuthorizationBlock, Challenge
from tests.sandbox.accounts.test_authorize import Visitor, asking
from tests.sandbox.conftest import CALLBACK, RunningSandbox

ORIGIN = "http://127.0.0.1:8377"
IN_A_FRAME = {"Sec-Fetch-Dest": "iframe"}
UNAUTHORIZED = {"error": {"identity_exception": "unauthorized"}}


def asking_by_message(block: AuthorizationBlock, **changes: Any) -> dict[str, Any]:
    return asking(block, **{"flow": "button", "response_type": "token", **changes})


def message(guest: Visitor) -> dict[str, Any]:
    """The message on the page that is open, which only the right page may get or frame."""
    found = guest.page.find("section", id="answer")
    assert found is not None, guest.response.text
    assert found.get("data-recipient") == ORIGIN
    policy = guest.response.headers["Content-Security-Policy"]
    assert f"; frame-ancestors {ORIGIN};" in policy
    assert guest.response.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = json.loads(found.get("data-message"))
    return told


@pytest.fixture
def visitor(sandbox: RunningSandbox, http: requests.Session) -> Visitor:
    return Visitor(sandbox, http)


@pytest.fixture
def signed_in(sandbox: RunningSandbox, visitor: Visitor) -> Visitor:
    """A visitor signed in as the author of the app."""
    visitor.get("/login")
    visitor.sign_in(sandbox.author)
    return visitor


@pytest.fixture
def block(sandbox: RunningSandbox) -> AuthorizationBlock:
    return sandbox.new_app("javascript", scopes=("chats--all:ro", "chats--my:ro"))


def test_a_token(sandbox: RunningSandbox, signed_in: Visitor, block: AuthorizationBlock) -> None:
    signed_in.get("/", asking_by_message(block))
    data = message(signed_in)["data"]
    token = sandbox.world.grants.access_token(data.pop("access_token"))
    assert token is not None
    assert token.scopes == ("chats--all:ro", "chats--my:ro")
    # Source: oauth-authorization, "Response format"; the sample app livechat/sample-app-popup-auth.
    assert data == {
        "token_type": "Bearer",
        "expires_in": 28_800,
        "scopes": ["chats--all:ro", "chats--my:ro"],
        "account_id": sandbox.author.id,
        "organization_id": sandbox.author.organization_id,
        "client_id": block.client_id,
        "state": "a state",
    }


def test_a_code(sandbox: RunningSandbox, signed_in: Visitor, block: AuthorizationBlock) -> None:
    signed_in.get("/", asking_by_message(block, response_type="code", code_challenge="c" * 43))
    data = message(signed_in)["data"]
    code = sandbox.world.grants.code(data["code"])
    assert code is not None
    assert code.redirect_uri == CALLBACK
    assert "access_token" not in data


@pytest.mark.parametrize("state", [None, ""])
def test_no_state_is_none(
    signed_in: Visitor,
    block: AuthorizationBlock,
    state: str | None,
) -> None:
    """An empty one would have the library look for its verifier in the wrong place."""
    signed_in.get("/", asking_by_message(block, state=state))
    assert "state" not in message(signed_in)["data"]


def test_a_window_that_has_to_ask(
    sandbox: RunningSandbox,
    visitor: Visitor,
    block: AuthorizationBlock,
) -> None:
    visitor.get("/", asking_by_message(block, prompt="consent"))
    visitor.follow()
    visitor.sign_in(sandbox.author)
    visitor.follow()
    assert visitor.path == "/grant-access"
    assert "frame-ancestors 'none'" in visitor.response.headers["Content-Security-Policy"]
    visitor.send("grant-access", decision="allow")
    assert message(visitor)["data"]["access_token"]


def test_a_frame_is_told_that_somebody_would_have_to_be_asked(
    sandbox: RunningSandbox,
    visitor: Visitor,
    block: AuthorizationBlock,
) -> None:
    visitor._http.headers.update(IN_A_FRAME)
    for path in ("/", "/signin", "/signup"):
        visitor.get(path, asking_by_message(block))
        assert message(visitor) == UNAUTHORIZED
    del visitor._http.headers["Sec-Fetch-Dest"]
    visitor.get("/login")
    visitor.sign_in(sandbox.author)
    visitor._http.headers.update(IN_A_FRAME)
    visitor.get("/", asking_by_message(block, prompt="consent"))
    assert message(visitor) == UNAUTHORIZED
    visitor.get("/", asking_by_message(block))
    assert "data" in message(visitor)


@pytest.mark.parametrize("path", ["/", "/login", "/grant-access", "/signup", "/ooops"])
@pytest.mark.parametrize("flow", ["button", "", "x"])
def test_no_page_that_asks_anything_can_be_framed(
    visitor: Visitor,
    block: AuthorizationBlock,
    path: str,
    flow: str,
) -> None:
    visitor.get(path, asking_by_message(block, flow=flow))
    visitor.follow()
    assert visitor.page.find("section", id="answer") is None
    assert "frame-ancestors 'none'" in visitor.response.headers["Content-Security-Policy"]


REFUSED = [
    ({"response_type": "id_token"}, {"oauth_exception": "unsupported_response_type"}),
    ({"scope": "agents--all:ro"}, {"oauth_exception": "invalid_scope"}),
    ({"code_challenge": "short"}, {"oauth_exception": "invalid_request"}),
]


@pytest.mark.parametrize(("changes", "error"), REFUSED)
def test_what_is_wrong_with_a_request_is_told_to_the_page(
    visitor: Visitor,
    block: AuthorizationBlock,
    changes: dict[str, Any],
    error: dict[str, str],
) -> None:
    visitor.get("/", asking_by_message(block, **changes))
    assert message(visitor) == {"error": error}


def test_too_many_times_is_told_to_the_page(signed_in: Visitor, block: AuthorizationBlock) -> None:
    for _ in range(4):
        signed_in.get("/", asking_by_message(block))
    assert message(signed_in)["error"]["exception_details"] == "too_many_redirects"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "0" * 32},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1:8378/callback"},
        {"redirect_uri": [CALLBACK, "https://evil.example/"]},
        {"redirect_uri": None},
    ],
)
def test_an_origin_that_is_not_whitelisted_is_told_nothing(
    signed_in: Visitor,
    block: AuthorizationBlock,
    changes: dict[str, Any],
) -> None:
    signed_in.get("/", asking_by_message(block, **changes))
    signed_in.follow()
    assert signed_in.path == "/ooops"
    assert "evil" not in signed_in.response.headers["Content-Security-Policy"]


def test_a_native_app_has_no_page_that_could_get_a_message(
    sandbox: RunningSandbox,
    signed_in: Visitor,
) -> None:
    block = sandbox.new_app("javascript", redirect_uris=("my_app://here",))
    asked = asking_by_message(block, response_type="code", code_challenge="c" * 43)
    signed_in.get("/", asked)
    assert signed_in.response.headers["Location"].startswith("my_app://here?code=")


class TestSigningIn:
    def test_at_signin_everybody_is_asked(
        self,
        sandbox: RunningSandbox,
        signed_in: Visitor,
        block: AuthorizationBlock,
    ) -> None:
        # Source: oauth-authorization, "AccountsSDK" (popup_flow manual)
        signed_in.get("/signin", asking_by_message(block))
        assert signed_in.page.find("input", name="password") is not None
        signed_in.send("login", email=sandbox.author.email, password="not-a-real-password")
        signed_in.follow()
        # Nobody gets in by failing, also who was signed in before.
        assert signed_in.path == "/login"
        other = sandbox.person("administrator")
        signed_in.sign_in(other)
        signed_in.follow()
        assert message(signed_in)["data"]["account_id"] == other.id

    def test_by_redirect_signin_is_like_any_other_address(
        self,
        signed_in: Visitor,
        block: AuthorizationBlock,
    ) -> None:
        signed_in.get("/signin", asking(block, response_type="token"))
        assert signed_in.response.headers["Location"].startswith(f"{CALLBACK}#access_token=")

    @pytest.mark.parametrize("asks", [True, False])
    def test_signup_explains_and_leads_on(
        self,
        sandbox: RunningSandbox,
        visitor: Visitor,
        block: AuthorizationBlock,
        asks: bool,
    ) -> None:
        sent = asking(block, response_type="token") if asks else {}
        assert visitor.get("/signup", sent).status_code == 200
        assert ("Another app" in visitor.response.text) is asks
        link = next(a for a in visitor.page.find_all("a") if "signin" in (a.get("href") or ""))
        visitor.get(link.get("href"))
        visitor.follow()
        visitor.sign_in(sandbox.author)
        goes_to = CALLBACK if asks else f"{sandbox.url}/console/"
        assert visitor.leads_to.startswith(goes_to)

    def test_a_request_that_is_wrong_is_refused_at_signup_too(
        self,
        visitor: Visitor,
        block: AuthorizationBlock,
    ) -> None:
        visitor.get("/signup", asking(block, redirect_uri="https://evil.example/"))
        visitor.follow()
        assert visitor.path == "/ooops"


def test_the_librarys_own_form_of_s256() -> None:
    """As accounts-sdk 2.1.3 made it in a browser for this verifier."""
    made = (
        "MTc0ODQyMjQxOSwtMTE2MTU1OTgzMSwyNzM3MDc0NjksMTc5NDQwNDQ4NCwtNTQyMzMxNTcwLDE1ODAyMTU0NDQsLTEw"
        "NzQ5Nzc1NjgsMzMwMjgyODE0"
    )
    assert is_verifier_of(Challenge(made, "S256"), "a" * 128)
    assert not is_verifier_of(Challenge(made, "S256"), "a" * 127)
    assert not is_verifier_of(Challenge(made, "plain"), "a" * 128)
