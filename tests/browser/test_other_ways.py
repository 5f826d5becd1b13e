"""Notebook 05: the example app's page, which runs in the browser, and the notebook by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.conftest import RunningSandbox, _server, sandbox  # noqa: F401

from .axe import violations
from .conftest import JupyterLab, Notebook, screenshot
from .person import close, close_tab, open_tab, sign_in

NAME = "05_other_ways_in.ipynb"
Start = Callable[..., JupyterLab]


class ExampleApp:
    """The page, and what a person does on it."""

    def __init__(self, page: Page, sandbox: RunningSandbox) -> None:  # noqa: F811
        self.page = page
        self.url = f"{sandbox.url}/example-app"
        self.sandbox = sandbox
        block = sandbox.new_app("javascript", redirect_uris=(self.url,), scopes=("chats--all:ro",))
        self.client_id = block.client_id
        self.problems: list[str] = []
        page.on("console", lambda said: self.problems.append(said.text))
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))

    def ask(self, flow: str) -> None:
        """Open the page, enter the app, and follow the link to the end of the sign-in."""
        self.page.goto(self.url)
        self.page.fill("#client-id", self.client_id)
        self.page.check(f"[name=flow][value={flow}]")
        self.page.click("#build")
        expect(self.page.locator("#follow")).to_be_focused()
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/login?*")
        sign_in(self.page)
        self.page.wait_for_url(self.url)

    def passed(self) -> list[str]:
        return self.page.locator("#passed li").all_inner_texts()


@pytest.fixture
def app(page: Page, sandbox: RunningSandbox) -> ExampleApp:  # noqa: F811
    return ExampleApp(page, sandbox)


def issued(app: ExampleApp) -> list[str]:
    codes, access, refresh = app.sandbox.world.grants.issued()
    return [record.value for records in (codes, access, refresh) for record in records]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_code_with_pkce(app: ExampleApp, theme: Any) -> None:
    page = app.page
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(app.url)
    assert violations(page) == []
    app.ask("code")
    expect(page.locator("#exchange")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#list-chats")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#next-words")).to_contain_text("has listed chats")
    expect(page.locator("#next-words")).to_be_focused()
    link, came, exchange, request = app.passed()
    assert "code_challenge_method: S256" in link
    assert "code: dal:••••••••" in came
    assert "code_verifier: ••••••••" in exchange
    assert "refresh_token: ••••••••" in exchange
    assert "client_secret" not in exchange
    assert "Answer: 200" in request
    assert "Authorization: Bearer dal:••••••••" in request
    values = issued(app)
    assert len(values) == 3
    shown, kept = page.content(), page.evaluate("() => JSON.stringify({...sessionStorage})")
    for value in values:
        assert value.rpartition(":")[2] not in shown + kept
    assert page.url == app.url, "the code is out of the address"
    assert app.problems == [], "the page's own policy stops nothing"
    screenshot(page, f"example-app-{theme}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 700
    assert violations(page) == []


def test_the_implicit_grant(app: ExampleApp) -> None:
    app.ask("token")
    _, came = app.passed()
    assert "#, in the fragment" in came
    assert "access_token: dal:••••••••" in came
    app.page.click("#list-chats")
    expect(app.page.locator("#next-words")).to_contain_text("has listed chats")
    _, access, refresh = app.sandbox.world.grants.issued()
    assert (len(access), len(refresh)) == (1, 0)
    assert app.page.evaluate("() => location.hash") == ""


@pytest.mark.parametrize(
    "answer", ["?code=dal%3Anot-a-real-code&state=x", "#access_token=x&state="]
)
def test_what_another_request_brings_is_not_used(app: ExampleApp, answer: str) -> None:
    app.page.goto(app.url + answer)
    expect(app.page.locator("#next-words")).to_contain_text("the state is not the one")
    expect(app.page.locator("#exchange, #list-chats").first).to_be_hidden()
    assert app.page.url == app.url


def test_a_client_id_that_is_none(app: ExampleApp) -> None:
    app.page.goto(app.url)
    app.page.fill("#client-id", "List Chats")
    app.page.keyboard.press("Enter")
    expect(app.page.locator("#client-id-problem")).to_contain_text("32 characters")
    expect(app.page.locator("#client-id")).to_be_focused()
    expect(app.page.locator("#client-id")).to_have_attribute("aria-invalid", "true")


def test_the_platform_refuses_a_server_side_app(app: ExampleApp) -> None:
    block = app.sandbox.new_app("server_side", redirect_uris=(app.url,), scopes=("chats--all:ro",))
    app.client_id = block.client_id
    app.ask("code")
    app.page.click("#exchange")
    expect(app.page.locator("#next-words")).to_contain_text("the platform refused")
    assert "Answer: 401" in app.passed()[-1]


def test_the_notebook_by_hand(jupyterlab: Start, page: Page) -> None:
    """Through jupyter-server-proxy, where each page has a prefix before its path."""
    notebook = Notebook.open(page, jupyterlab(base_url="/foo/", proxy=True), NAME)
    notebook.run("platform = lc.connect()")
    notebook.run("session = lc.catch_up")

    form = notebook.run("lc.PersonalTokenForm")
    console = open_tab(form.locator("a.lc-console"))
    console.fill("#token-name", "By hand")
    console.locator("#scope-select label", has_text="chats--all:ro").click()
    console.click("#create")
    encoded = console.input_value("#token-base64")
    close_tab(console, page)
    form.locator(".lc-personal-token input").fill(encoded)
    form.locator(".lc-use-token").click()
    expect(form.locator(".lc-speech")).to_contain_text("The token is here")
    screenshot(page, "other-ways-personal-token")
    expect(notebook.run("lc.check_personal_token")).to_contain_text("The platform took it: 200")

    form = notebook.run("lc.ExampleAppForm")
    screenshot(page, "other-ways-example-app")
    expect(notebook.run("lc.check_example_app")).to_contain_text("A JavaScript app: create one")
    by_example_app(open_tab(form.locator("a.lc-page")), page)
    expect(notebook.run("lc.check_example_app")).to_contain_text("has read chats")

    form = notebook.run("lc.PublishForm")
    console = open_tab(form.locator("a.lc-page"))
    client_id = form.locator(".lc-speech code").inner_text()
    console.locator("li", has_text=client_id).get_by_role("link").click()
    console.get_by_role("link", name="Publication", exact=True).click()
    console.click("#publish-app")
    close_tab(console, page)

    form = notebook.run("lc.AuthorizationForm")
    tab = open_tab(form.locator("a.lc-authorize"))
    if "/login" not in tab.url:  # signed in on the example app's way
        tab.get_by_role("button", name="Sign out and use another account").click()
    sign_in(tab, person="Ruth Okafor")
    expect(tab.locator(".scopes li")).to_have_count(2)
    screenshot(tab, "other-ways-consent")
    tab.get_by_role("button", name="Allow").click()
    expect(tab.locator("body")).to_contain_text("you can close it")
    close_tab(tab, page)
    expect(notebook.run("lc.check_other_account")).to_contain_text("each opens the data")
    expect(notebook.run("lc.show(profile)")).to_contain_text("Ruth Okafor")
    as_customers(notebook)


def test_the_example_app_by_hand_in_notebook_7(notebook_seven: Start, page: Page) -> None:
    notebook = Notebook.open(page, notebook_seven(base_url="/foo/", proxy=True), NAME)
    notebook.run("platform = lc.connect()")
    notebook.run("session = lc.catch_up")
    form = notebook.run("lc.ExampleAppForm")
    by_example_app(open_tab(form.locator("a.lc-page")), page)
    expect(notebook.run("lc.check_example_app")).to_contain_text("has read chats")


def as_customers(notebook: Notebook) -> None:
    """Parts 5 and 6: run the cells, and write the two answers."""
    expect(notebook.run("lc.show(refused)")).to_contain_text("This is an agent's access token")
    expect(notebook.run("lc.show(customer_response)")).to_contain_text("entity_id")
    expect(notebook.run("lc.check_customer_chat")).to_contain_text("The agent's token lists it")
    screenshot(notebook.page, "other-ways-customer-chat")
    expect(notebook.run("chat_id = started.json()")).to_contain_text("Hello?")

    notebook.run("again = None")
    check = notebook.run("lc.check_same_customer")
    expect(check).to_contain_text("A hint: it is the request of part 5")
    notebook.replace(
        "again = None",
        "None",
        'requests.post(f"{platform.accounts_url}/v2/customer/token", timeout=10, headers='
        '{"Authorization": f"Bearer {session.token.access_token}"}, json={"grant_type": '
        '"agent_token", "client_id": session.app.client_id, "response_type": "token", '
        '"entity_id": customer_response.json()["entity_id"]})',
    )
    notebook.run("again = requests")
    expect(notebook.run("lc.check_same_customer")).to_contain_text("Well done")

    notebook.run("tables = lc.tables(answer)")
    notebook.run("came_in = None")
    expect(notebook.run("lc.check_came_in")).to_contain_text("Your answer: chat ids")
    ours = 'tables.chats[tables.chats["properties.source.client_id"] == session.app.client_id]'
    notebook.replace("came_in = None", "None", ours)
    notebook.run("came_in = tables")
    expect(notebook.run("lc.check_came_in")).to_contain_text("Well done")
    screenshot(notebook.page, "other-ways-your-turn")


def by_example_app(tab: Page, notebook: Page) -> None:
    """The example app's page and the Console, as the notebook tells."""
    redirect_uri = tab.input_value("#redirect-uri")
    assert "/foo/proxy/" in redirect_uri
    console = open_tab(tab.get_by_role("link", name="Developer Console"))
    console.click("#create-app")
    console.fill("#app-name", "In my browser")
    console.click("#create")
    console.click("#get-started")
    console.check("#type-javascript")
    console.click("#continue")
    client_id = console.input_value("#client-id")
    console.fill("#redirect-uri-input", redirect_uri)
    console.click("#add-redirect-uri")
    console.click("#save-client")
    expect(console.locator("#client[data-edited=no]")).to_be_visible()
    console.fill("#scope-search", "chats--all")
    console.locator("#scope-select label:visible", has_text="chats--all:ro").click()
    console.click("#add-scope")
    console.click("#save-scopes")
    expect(console.locator("#scopes[data-edited=no]")).to_be_visible()
    close(console)
    tab.bring_to_front()
    tab.fill("#client-id", client_id)
    tab.click("#build")
    tab.click("#follow")
    sign_in(tab)
    tab.click("#exchange")
    tab.click("#list-chats")
    expect(tab.locator("#next-words")).to_contain_text("has listed chats")
    close_tab(tab, notebook)
