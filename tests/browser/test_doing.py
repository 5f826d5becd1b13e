"""Notebook 06 in a real JupyterLab: the app is given more scopes by hand, and does something."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import JupyterLab, Notebook, screenshot
from .person import close_tab, open_tab, sign_in

NAME = "06_do_something.ipynb"
SCOPES = ("chats--all:rw", "tags--all:rw", "webhooks.configuration:rw", "accounts--my:ro")
Start = Callable[..., JupyterLab]


def widen(console: Page, client_id: str) -> None:
    """What the form says: more scopes for the app, and install it."""
    console.locator("li", has_text=client_id).get_by_role("link").click()
    console.get_by_role("link", name="Authorization", exact=True).click()
    for scope in SCOPES:
        console.fill("#scope-search", scope)
        console.locator("#scope-select label:visible", has_text=scope).click()
        console.click("#add-scope")
    console.click("#save-scopes")
    expect(console.locator("#scopes[data-edited=no]")).to_be_visible()
    console.get_by_role("link", name="Private installation").click()
    # Catching up has installed it.
    expect(console.locator("#installation-state")).to_have_text("installed")


def look_at_the_inbox(tab: Page) -> None:
    """The two pages, in both themes and at both widths."""
    expect(tab.get_by_text("transferred the chat")).to_be_visible()
    photograph(tab, "doing-conversation")
    tab.get_by_role("link", name="Back to the inbox").click()
    expect(tab.locator("#going-on li").first).to_be_visible()
    photograph(tab, "doing-inbox")


def photograph(tab: Page, name: str) -> None:
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width in (1280, 700):
            tab.set_viewport_size({"width": width, "height": 900})
            screenshot(tab, f"{name}-{width}-{theme}")
            assert tab.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_person_lets_the_app_do_something(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run("platform = lc.connect()")
    # Run too early, a cell names the one that comes first.
    early = notebook.run("lc.check_bot")
    expect(early).to_contain_text('made in the first cell under "3. Answer one chat"')
    notebook.run("session = lc.catch_up")
    expect(notebook.run("lc.what_can(session.token)")).to_contain_text("14 of 100 methods")
    screenshot(page, "doing-what-can")
    form = notebook.run("more = lc.ask_for_more").locator(".lc-more-scopes")
    screenshot(page, "doing-more-scopes")
    client_id = form.locator("li code").first.inner_text()
    console = open_tab(form.locator("a.lc-console"))
    widen(console, client_id)
    close_tab(console, page)
    link = open_tab(form.locator("a.lc-authorize"))
    sign_in(link)
    expect(link.get_by_role("status")).to_contain_text("you can close it")
    close_tab(link, page)
    expect(form.locator(".lc-speech").last).to_contain_text("A new token")
    expect(notebook.run("lc.check_may_write(token)")).to_contain_text("Your app may write now")
    for cell in ("change_a_real_account =", "def waits", "me = None", "tag = "):
        notebook.run(cell)
    inbox = open_tab(notebook.run("lc.inbox(platform").locator(".lc-inbox a"))
    look_at_the_inbox(inbox)
    close_tab(inbox, page)
    expect(notebook.run("lc.check_answered")).to_contain_text("You have been an agent")
    notebook.run("listener = lc.WebhookListener()")
    expect(notebook.run("webhook = listener.wait()")).to_contain_text("incoming_chat from Maya")
    expect(notebook.run("lc.check_webhook")).to_contain_text("nobody's word but the platform's")
    notebook.run("def answer_the_waiting")
    expect(notebook.run("lc.check_bot")).to_contain_text("The second run answered nobody")
    screenshot(page, "doing-bot")
