"""What a person does in the sandbox's pages and in the forms."""

import contextlib
from dataclasses import dataclass

from playwright.sync_api import Error, Frame, Locator, Page, expect

from .conftest import Notebook, screenshot

SETUP = "platform = lc.connect()"
APP = "app = lc.CredentialsForm"
URL = "authorization_url = "
AUTHORIZATION = "authorization = lc.AuthorizationForm"
EXCHANGE = "token_response = requests.post"
TOKEN = "lc.Token.from_response"
LIST_CHATS = "list_chats_url"
CHATS = "tables.chats[columns]"


@dataclass
class Copied:
    """What the person copied from the Console."""

    client_id: str
    client_secret: str
    redirect_uri: str


def open_tab(link: Locator) -> Page:
    """Follow a link that opens a tab."""
    with link.page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    tab.wait_for_load_state()
    return tab


def close_tab(tab: Page, notebook: Page) -> None:
    """Close a tab and go back to the notebook's, which takes the keyboard again."""
    close(tab)
    notebook.bring_to_front()


def close(tab: Page) -> None:
    """Close a tab, once more if Chromium did not.

    While a page is on its way into the tab, Chromium may answer that it closed it and leave it
    open; Playwright's own way then waits without an end (microsoft/playwright#42366).
    """
    for _ in range(10):
        if tab.is_closed():
            return
        with contextlib.suppress(Error), tab.expect_event("close", timeout=3_000):
            tab.close(run_before_unload=True)
    raise AssertionError(f"{tab.url.partition('?')[0]} stays open.")


def page_of(shown: Page | Frame) -> Page:
    """The page that a frame is in; a page itself."""
    return shown.page if isinstance(shown, Frame) else shown


def create_app(
    console: Page | Frame, pictures: str | None = None, redirect_uri: str | None = None
) -> Copied:
    """Go through the Console as notebook 01 tells.

    Args:
        console: its first page, in a tab or in the notebook.
        pictures: what the names of the screenshots begin with; none, if not given.
        redirect_uri: to whitelist; the address that the page works out, if not given.
    """

    def picture(name: str) -> None:
        if pictures:
            screenshot(page_of(console), f"{pictures}-{name}")

    picture("console-apps")
    console.click("#create-app")
    console.fill("#app-name", "List Chats")
    picture("console-new-app")
    console.click("#create")
    picture("console-building-blocks")
    console.click("#get-started")
    console.check("#type-server-side")
    picture("console-new-client")
    console.click("#continue")
    client_id = console.input_value("#client-id")
    client_secret = console.input_value("#client-secret")
    picture("console-authorization")
    if redirect_uri is None:
        console.click("#use-callback-address")
        redirect_uri = console.locator("#callback-address").inner_text().strip()
    else:
        console.fill("#redirect-uri-input", redirect_uri)
        console.click("#add-redirect-uri")
        expect(console.locator("#redirect-uri-input")).to_have_value("")
    # The page with what was added is there: a frame in the notebook says no other way.
    expect(console.locator("#client[data-edited=yes]")).to_be_visible()
    console.click("#save-client")
    expect(console.locator("#client[data-edited=no]")).to_be_visible()
    console.fill("#scope-search", "chats--")
    for scope in ("chats--all:ro", "chats--my:ro"):
        console.locator("#scope-select label:visible", has_text=scope).click()
    console.click("#add-scope")
    expect(console.locator("#scope-select :checked")).to_have_count(0)
    console.click("#save-scopes")
    expect(console.locator("#scopes[data-edited=no]")).to_be_visible()
    picture("console-saved")
    console.get_by_role("link", name="Private installation").click()
    console.click("#install-app")
    expect(console.locator("#installation-state")).to_have_text("installed")
    return Copied(client_id, client_secret, redirect_uri)


def fill_in(form: Locator, copied: Copied) -> None:
    """Step 1's form."""
    form.locator(".lc-client-id input").fill(copied.client_id)
    form.locator(".lc-client-secret input").fill(copied.client_secret)
    form.locator(".lc-redirect-uri input").fill(copied.redirect_uri)
    form.locator(".lc-use-credentials").click()


def sign_in(page: Page | Frame, pictures: str | None = None, person: str | None = None) -> None:
    """The login page: fill in the app's author, and sign in."""
    if pictures:
        screenshot(page_of(page), f"{pictures}-login")
    row = page.locator("tr", has_text=person or "author of this app")
    row.get_by_role("button").click()
    page.click("#sign-in")


def allow(page: Page | Frame) -> None:
    """The consent page: say yes."""
    page.get_by_role("button", name="Allow").click()


def configure(
    notebook: Notebook, pictures: str | None = None, redirect_uri: str | None = None
) -> Copied:
    """Step 1, by hand."""
    notebook.run(SETUP)
    form = notebook.run(APP)
    console = open_tab(form.locator("a.lc-console"))
    copied = create_app(console, pictures, redirect_uri)
    close_tab(console, notebook.page)
    fill_in(form, copied)
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    return copied


def follow_link(notebook: Notebook) -> tuple[Locator, Page]:
    """Build the URL and follow it: the form, and the tab that opened."""
    notebook.run(URL)
    form = notebook.run(AUTHORIZATION)
    return form, open_tab(form.locator("a.lc-authorize"))


def exchange_and_list(notebook: Notebook) -> Locator:
    """Steps 3 and 4; gives the output with the table of chats."""
    expect(notebook.run(EXCHANGE).locator(".lc-transcript")).to_contain_text("200")
    notebook.run(TOKEN)
    expect(notebook.run(LIST_CHATS).locator(".lc-transcript")).to_contain_text("200")
    table = notebook.run(CHATS)
    expect(table.locator("table.dataframe").first.locator("tbody tr")).to_have_count(5)
    return table
