"""Apps that run in a browser: the platform's own library, unmodified, on an origin of its own.

npm @livechat/accounts-sdk signs a person in by redirect, in a popup and in a frame; then the page
exchanges its code and lists chats, all with its own JavaScript.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.needed import of_npm
from tests.sandbox.conftest import RunningSandbox, _server, sandbox  # noqa: F401

from .elsewhere import serving_files
from .person import close

#: What Cancel is called in an address and a message.
CANCELLED = "missing_grant"

LIBRARY = "@livechat/accounts-sdk/dist/accounts-sdk.min.js"

APP = """<!doctype html>
<title>An app</title>
<script>
  // The library's file for browsers asks for Node's util: this is what bundlers put in its place.
  globalThis.require$$0$2 = { inspect: {} };
</script>
<script src="accounts-sdk.min.js"></script>
<button id="sign-in">Sign in</button>
<pre id="outcome"></pre>
<script>
  const options = JSON.parse(sessionStorage.getItem("options"));
  const library = options && new AccountsSDK(options);

  function show(kind, value) {
    document.getElementById("outcome").textContent = JSON.stringify({ kind, value });
  }

  async function signIn() {
    const flow = library[options.way]();
    const answer = flow.authorize();
    if (answer) await answer.then((it) => use(it), (it) => show("refused", it));
  }

  async function use(answer) {
    const transaction = library.verify(answer);
    if (transaction === null) return show("unverified", answer);
    let token = answer;
    if (answer.code) {
      const body = {
        grant_type: "authorization_code",
        code: answer.code,
        client_id: options.client_id,
        redirect_uri: options.redirect_uri,
        code_verifier: transaction.code_verifier,
      };
      token = await call("/v2/token", { "Content-Type": "application/json" }, body);
    }
    const headers = {
      "Content-Type": "application/json",
      Authorization: `Bearer ${token.access_token}`,
    };
    const chats = await call("/v3.6/agent/action/list_chats", headers, { limit: 3 });
    show("chats", { answer, token, chats });
  }

  async function call(path, headers, body) {
    const sent = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(options.server_url + path, sent)).json();
  }

  document.getElementById("sign-in").onclick = signIn;
  if (options?.way === "redirect" && (location.search || location.hash)) {
    library.redirect().authorizeData().then((it) => use(it), (it) => show("refused", it));
  }
</script>
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Serves the app; each time at another origin."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "index.html").write_text(APP)
    (folder / "accounts-sdk.min.js").write_bytes(of_npm("browser-apps", LIBRARY).read_bytes())
    with ExitStack() as stack:
        yield lambda: f"{stack.enter_context(serving_files(folder))}/"


class App:
    """An app in a browser, and the person in front of it."""

    def __init__(self, page: Page, sandbox: RunningSandbox, address: str) -> None:  # noqa: F811
        self.page = page
        self.sandbox = sandbox
        self.address = address

    def open(self, way: str, **options: Any) -> None:
        """Open a new app's page, at its redirect URI if no other is given."""
        scopes = ("chats--all:ro", "chats--my:ro")
        self.block = self.sandbox.new_app(
            "javascript", redirect_uris=(self.address,), scopes=scopes
        )
        told = {
            "way": way,
            "client_id": self.block.client_id,
            "redirect_uri": self.address,
            "server_url": self.sandbox.url,
            **options,
        }
        self.page.goto(told.pop("opened_at", self.address))
        self.page.evaluate("told => sessionStorage.setItem('options', JSON.stringify(told))", told)
        self.page.reload()

    def begin(self) -> None:
        self.page.click("#sign-in")

    def begin_in_popup(self) -> Page:
        with self.page.expect_popup() as opened:
            self.begin()
        return opened.value

    def sign_in(self, window: Page) -> None:
        author = self.sandbox.author
        window.fill("#email", author.email)
        window.fill("#password", author.password)
        window.click("#sign-in")

    def sign_in_before(self) -> None:
        """Be signed in at the accounts service, by another tab."""
        tab = self.page.context.new_page()
        tab.goto(f"{self.sandbox.url}/login")
        if urlsplit(tab.url).path == "/login":
            self.sign_in(tab)
        tab.wait_for_url("**/console/")
        close(tab)

    def outcome(self) -> Any:
        expect(self.page.locator("#outcome")).not_to_be_empty()
        return self.page.evaluate("JSON.parse(document.getElementById('outcome').textContent)")

    def refused(self) -> Any:
        outcome = self.outcome()
        assert outcome["kind"] == "refused"
        return outcome["value"]


@pytest.fixture
def app(page: Page, sandbox: RunningSandbox, served: Callable[[], str]) -> App:  # noqa: F811
    return App(page, sandbox, served())


def allow(window: Page) -> None:
    window.click("button:text('Allow')")


def cancel(window: Page) -> None:
    window.click("button:text('Cancel')")


GRANTS = {
    "implicit": {"response_type": "token"},
    "S256": {"response_type": "code"},  # the library's own default
    "plain": {
        "response_type": "code",
        "pkce": {"enabled": True, "code_verifier_length": 64, "code_challange_method": "plain"},
    },
}


def signs_in_by_redirect(app: App, **options: Any) -> None:
    app.open("redirect", prompt="consent", **options)
    app.begin()
    app.page.wait_for_url(f"{app.sandbox.url}/**")
    if urlsplit(app.page.url).path == "/login":
        app.sign_in(app.page)
    allow(app.page)


def signs_in_by_popup(app: App, **options: Any) -> None:
    app.open("popup", prompt="consent", **options)
    window = app.begin_in_popup()
    window.wait_for_url(f"{app.sandbox.url}/**")
    if urlsplit(window.url).path == "/login":
        app.sign_in(window)
    with window.expect_event("close"):
        allow(window)


def signs_in_by_iframe(app: App, **options: Any) -> None:
    app.sign_in_before()
    app.open("iframe", **options)
    app.begin()


@pytest.mark.parametrize("way", [signs_in_by_redirect, signs_in_by_popup, signs_in_by_iframe])
def test_the_library_signs_in_and_the_page_lists_chats(app: App, way: Callable[..., None]) -> None:
    for name, grant in GRANTS.items():
        way(app, state=f"state-{name}", **grant)
        outcome = app.outcome()
        assert outcome["kind"] == "chats", outcome
        told = outcome["value"]
        assert told["answer"]["state"] == f"state-{name}"
        assert ("code" in told["answer"]) == (name != "implicit")
        assert told["token"]["token_type"] == "Bearer"
        assert len(told["chats"]["chats_summary"]) == 3


def test_a_popup_asks_whom_it_knows_nothing_and_without_a_state_the_verifier_is_found(
    app: App,
) -> None:
    """The defaults of the library send no state at all."""
    app.sign_in_before()
    app.open("popup", response_type="code")
    app.begin()
    outcome = app.outcome()
    assert outcome["kind"] == "chats", outcome
    assert "state" not in outcome["value"]["answer"]


def test_popup_flow_manual_asks_everybody_to_sign_in(app: App) -> None:
    app.sign_in_before()
    app.open("popup", popup_flow="manual", email_hint=app.sandbox.author.email)
    window = app.begin_in_popup()
    expect(window.locator("#email")).to_have_value(app.sandbox.author.email)
    window.fill("#password", "not-a-real-password")
    window.click("#sign-in")
    expect(window.locator("[role=alert]")).to_be_visible()
    app.sign_in(window)
    assert app.outcome()["kind"] == "chats"


def test_path_signup_explains_and_leads_on(app: App) -> None:
    app.open("popup", path="/signup")
    window = app.begin_in_popup()
    expect(window.locator("h1")).to_have_text("Nobody signs up here")
    window.click("text=Go on to sign in")
    app.sign_in(window)
    assert app.outcome()["kind"] == "chats"


def test_cancel_in_a_popup_is_told_to_the_page(app: App) -> None:
    app.open("popup", prompt="consent")
    window = app.begin_in_popup()
    app.sign_in(window)
    with window.expect_event("close"):
        cancel(window)
    assert app.refused()["oauth_exception"] == CANCELLED


def test_cancel_by_redirect_ends_at_the_error_page(app: App) -> None:
    app.open("redirect", prompt="consent")
    app.begin()
    app.sign_in(app.page)
    cancel(app.page)
    app.page.wait_for_url(f"{app.sandbox.url}/ooops?oauth_exception={CANCELLED}*")


def test_nobody_is_asked_anything_in_a_frame(app: App) -> None:
    unauthorized = {
        "identity_exception": "unauthorized",
        "description": "Resource owner identity is not known or consent is missing.",
    }
    app.open("iframe")
    app.begin()
    assert app.refused() == unauthorized
    app.sign_in_before()
    app.open("iframe", prompt="consent")
    app.begin()
    assert app.refused() == unauthorized


def test_a_page_of_another_origin_gets_nothing(app: App, served: Callable[[], str]) -> None:
    """It knows the client id and the redirect URI, which are no secrets, and opens the windows."""
    app.sign_in_before()
    app.open("iframe", opened_at=served())
    app.page.evaluate("window.addEventListener('message', (event) => show('message', event.data))")
    app.begin()
    # The library gives up after its 5 seconds: the frame stayed empty.
    assert app.refused() == "timeout"
    app.open("popup", opened_at=app.page.url, prompt="consent")
    app.page.evaluate("window.addEventListener('message', (event) => show('message', event.data))")
    window = app.begin_in_popup()
    with window.expect_event("close"):
        allow(window)
    expect(app.page.locator("#outcome")).to_be_empty()


def test_a_window_that_no_page_opened_says_so_and_stays(app: App) -> None:
    app.sign_in_before()
    app.open("popup")
    link = app.page.evaluate("library.authorizeURL({}, 'button')")
    app.page.goto(link)
    expect(app.page.locator("h1")).to_have_text("Back to the app")
    expect(app.page.locator("main")).to_contain_text("no page opened it")
