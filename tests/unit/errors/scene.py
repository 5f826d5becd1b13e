"""A stage on which a request can go wrong in every way: an app, its tokens, a customer, a PAT.

All of it is made in the sandbox's own pages, when it is needed.
"""

import base64
import itertools
from functools import cached_property
from typing import Any

import requests

from lc_tutorial.oauth import Pkce, Token, build_authorization_url, new_state, parse_redirect
from lc_tutorial.oauth.personal_tokens import PersonalAccessToken
from lc_tutorial.platforms import Platform
from lc_tutorial.platforms.control import Control
from lc_tutorial.sandbox.learner.browser import Page
from lc_tutorial.sandbox.learner.learner import Credentials, Learner

REDIRECT_URI = "http://127.0.0.1:8377/callback"
NEVER_ISSUED = "dal:not_a_real_token_000000000"
SCOPES = ("chats--all:ro", "customers:own")

_numbers = itertools.count(1)


class Scene:
    """Somebody with an app of the sandbox.

    Args:
        platform: a sandbox.
        scopes: of the app.
    """

    def __init__(self, platform: Platform, scopes: tuple[str, ...] = SCOPES) -> None:
        assert platform.login is not None
        self.platform = platform
        self.scopes = scopes
        self.name = f"Scene {next(_numbers)}"
        self.control = Control.of(platform)
        self.learner = Learner(platform.accounts_url, platform.login.email, platform.login.password)

    # --- What there is --------------------------------------------------------------------------

    @cached_property
    def app(self) -> Credentials:
        """A server-side app."""
        return self.new_app(self.name)

    @cached_property
    def other_app(self) -> Credentials:
        """Another one."""
        return self.new_app(f"Other {self.name}")

    @cached_property
    def javascript_app(self) -> Credentials:
        """An app without a secret."""
        name = f"Browser {self.name}"
        made = self.new_app(name)
        page = self._open(name, "authorization")
        change = page.need("button", name="action", value="save-client")
        self.learner._browser.press(page, change, {"client_type": "javascript"})
        return Credentials(made.client_id, "", REDIRECT_URI)

    def new_app(self, name: str) -> Credentials:
        """Make a server-side app."""
        return self.learner.create_app(name, redirect_uri=REDIRECT_URI, scopes=self.scopes)

    @cached_property
    def token(self) -> Token:
        """Of the app."""
        return Token.from_response(self.post(self.good()))

    @cached_property
    def javascript_token(self) -> Token:
        """Of the JavaScript app."""
        pkce = Pkce.new()
        code = self.code(self.javascript_app, pkce)
        response = self.post(self.good(self.javascript_app, code, code_verifier=pkce.verifier))
        return Token.from_response(response)

    @cached_property
    def customer(self) -> dict[str, Any]:
        """A customer's token with what came with it."""
        answer = self.post(self.wanted(), path="/v2/customer/token", token=self.token.access_token)
        assert answer.ok
        told: dict[str, Any] = answer.json()
        return told

    @cached_property
    def personal(self) -> PersonalAccessToken:
        """A personal access token."""
        return self.personal_token("chats--all:ro")

    def personal_token(self, *scopes: str) -> PersonalAccessToken:
        """Make a personal access token with these scopes."""
        _ = self.app  # The learner has signed in to the Console by then.
        browser = self.learner._browser
        page = browser.open(f"{self.platform.accounts_url}/console/settings/authorization/new")
        entered = {"name": f"{self.name}, {next(_numbers)}"}
        page = browser.press(
            page, page.need("button", id="create"), entered, ticked={"scope": scopes}
        )
        value = page.need("input", id="token-value").get("value")
        return PersonalAccessToken.parse(
            f"{page.need('input', id='token-account-id').get('value')}:{value}"
        )

    # --- What can be done to it -----------------------------------------------------------------

    def revoked(self, value: str) -> str:
        """Revoke a token."""
        answer = requests.delete(
            self.platform.token_url, headers={"Authorization": f"Bearer {value}"}, timeout=9
        )
        assert answer.ok
        return str(value)

    def expired(self, value: str) -> str:
        """Move the clock to where all access tokens have expired."""
        self.control.expire_tokens()
        return str(value)

    def pushed_out(self, value: str) -> str:
        """Issue 25 tokens more."""
        for _ in range(25):
            assert self.post(self.refreshing()).ok
        return str(value)

    def with_new_secret(self) -> dict[str, str]:
        """A good exchange, but that a new secret was generated since."""
        fields = self.good()
        page = self._open(self.name, "authorization/secret")
        self.learner._browser.press(page, page.need("button", id="confirm-new-secret"))
        return fields

    def deleted(self, value: str) -> str:
        """Delete the app."""
        page = self._open(self.name, "delete")
        self.learner._browser.press(page, page.need("button", id="confirm-delete"))
        return str(value)

    def deleted_personal(self) -> PersonalAccessToken:
        """A personal access token that was deleted since."""
        made, browser = self.personal, self.learner._browser
        page = browser.open(f"{self.platform.accounts_url}/console/settings/authorization")
        assert page.root is not None
        links = (a for a in page.root.find_all("a") if a.get("href").endswith("/delete"))
        page = browser.click(page, next(a for a in links if self.name in a.text))
        browser.press(page, page.need("button", id="confirm-delete"))
        return made

    def _open(self, name: str, rest: str) -> Page:
        """A page of the Console about the app with this name."""
        browser = self.learner._browser
        page = browser.open(f"{self.platform.accounts_url}/console/")
        assert page.root is not None
        link = next(a for a in page.root.find_all("a") if a.text == name)
        return browser.open(f"{browser.click(page, link).url}/{rest}")

    # --- Requests -------------------------------------------------------------------------------

    def code(self, app: Credentials | None = None, pkce: Pkce | None = None) -> str:
        """A new code, which this kernel has seen come back."""
        app, state = app or self.app, new_state()
        # It also forgets how often an app was redirected to: three times in 30 seconds are allowed.
        self.control.real_time()
        url = build_authorization_url(
            self.platform,
            client_id=app.client_id,
            redirect_uri=REDIRECT_URI,
            state=state,
            pkce=pkce,
        )
        return str(parse_redirect(self.learner.authorize(url), state=state).code)

    def good(
        self, app: Credentials | None = None, code: str | None = None, **changed: Any
    ) -> dict[str, Any]:
        """The fields of an exchange that would work, with some changed; None takes one out."""
        app = app or self.app
        fields = {
            "grant_type": "authorization_code",
            "code": self.code(app) if code is None else code,
            "client_id": app.client_id,
            "client_secret": app.client_secret or None,
            "redirect_uri": REDIRECT_URI,
            **changed,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def refreshing(self, token: Token | None = None, **changed: Any) -> dict[str, Any]:
        """The fields of a refresh that would work, with some changed; None takes one out."""
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": str((token or self.token).refresh_token),
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            **changed,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def wanted(self, **changed: Any) -> dict[str, Any]:
        """The fields of a request for a customer's token that would work, with some changed."""
        fields = {
            "grant_type": "agent_token",
            "client_id": self.app.client_id,
            "response_type": "token",
            **changed,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def post(
        self, fields: Any = None, *, path: str = "/v2/token", token: str = "", **sent: Any
    ) -> requests.Response:
        """Send fields to the accounts service, as a form."""
        return self.send("POST", path, token, data=fields, **sent)

    def send(self, method: str, path: str, token: str = "", **sent: Any) -> requests.Response:
        """Send something to the sandbox; with a token, as Bearer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= sent.pop("headers", {})
        return requests.request(
            method,
            f"{self.platform.accounts_url}{path}",
            headers=headers,
            timeout=9,
            allow_redirects=False,
            **sent,
        )

    def call(
        self,
        action: str = "list_chats",
        body: Any = None,
        *,
        token: str | None = None,
        service: str = "agent",
        version: str = "3.6",
        query: str = "",
        **sent: Any,
    ) -> requests.Response:
        """Call a method of an API; with the app's access token, if none is given."""
        if token is None and "auth" not in sent and "headers" not in sent:
            token = str(self.token.access_token)
        if "data" not in sent:
            sent["json"] = {} if body is None else body
        path = f"/v{version}/{service}/action/{action}{query}"
        return self.send("POST", path, token or "", **sent)

    def chat(self, action: str = "list_chats", body: Any = None, **sent: Any) -> requests.Response:
        """Call a method of the Customer Chat API; with the customer's token, if none is given."""
        customer = self.customer
        sent.setdefault("token", customer["access_token"])
        sent.setdefault("query", f"?organization_id={customer['organization_id']}")
        return self.call(action, body, service="customer", **sent)


def basic(user: str, password: str) -> dict[str, str]:
    """A header with the scheme Basic."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
