"""Notebook 01 in a real JupyterLab, as a person goes through it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from lc_tutorial.platforms import callback_port

from .conftest import THEMES, JupyterLab, Notebook, screenshot
from .person import (
    APP,
    AUTHORIZATION,
    CHATS,
    EXCHANGE,
    LIST_CHATS,
    SETUP,
    TOKEN,
    URL,
    allow,
    close_tab,
    configure,
    exchange_and_list,
    follow_link,
    open_tab,
    sign_in,
)

NAME = "01_authorization_in_practice.ipynb"
Start = Callable[..., JupyterLab]


@pytest.mark.parametrize("theme", THEMES)
def test_by_hand_the_code_arrives_by_itself(jupyter: Start, page: Page, theme: str) -> None:
    page.context.on("page", lambda tab: tab.emulate_media(color_scheme=theme.lower()))
    pictures = f"tutorial-{theme.lower()}"
    notebook = Notebook.open(page, jupyter(theme=f"JupyterLab {theme}"), NAME)
    copied = configure(notebook, pictures)
    # The first choice, or the next port that is free.
    ports = range(callback_port(), callback_port() + 10)
    assert copied.redirect_uri in {f"http://127.0.0.1:{port}/callback" for port in ports}
    screenshot(page, f"{pictures}-step-1")
    notebook.run("lc.check_app(app)")
    form, tab = follow_link(notebook)
    # Somebody else reads what they would allow, and says no.
    sign_in(tab, pictures, "Tomasz")
    expect(tab.locator("body")).to_contain_text("tomasz.zielinski@example.com")
    screenshot(tab, f"{pictures}-consent-of-somebody-else")
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("body")).to_contain_text("missing_grant")
    screenshot(tab, f"{pictures}-cancelled")
    close_tab(tab, page)
    expect(form.locator(".lc-speech")).to_contain_text("the code arrives here by itself")
    # Then they say yes: a code comes, and its token would be theirs.
    tab = open_tab(form.locator("a.lc-authorize"))
    expect(tab.locator("body")).to_contain_text("tomasz.zielinski@example.com")
    allow(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    close_tab(tab, page)
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    # The author's takes its place.
    tab = open_tab(form.locator("a.lc-authorize"))
    tab.get_by_role("button", name="use another account").click()
    sign_in(tab)
    screenshot(tab, f"{pictures}-consent")
    allow(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    expect(tab.locator("dt").first).to_have_text("code=dal%3A••••••••")
    expect(tab.locator("dt").last).to_have_text(f"state={sent_state(form)}")
    screenshot(tab, f"{pictures}-callback")
    close_tab(tab, page)
    expect(form.locator(".lc-speech")).to_contain_text("It takes the place of the one before.")
    expect(form.locator(".lc-speech")).to_contain_text(f"state={sent_state(form)}")
    screenshot(page, f"{pictures}-step-2")
    # The link had the focus, and Shift+Enter runs what comes next all the same.
    page.keyboard.press("Shift+Enter")
    check = notebook.cell(notebook.index("lc.check_authorization"))
    expect(check).to_contain_text("Step 2 is done")
    seen = {
        "somebody-else": "Are they the same?",
        "thief": "data=stolen",
        "exchange": EXCHANGE,
        "token": TOKEN,
        "list-chats": LIST_CHATS,
        "table": CHATS,
        "going-on": "lc.check_going_on",
        "expired": "lc.show(expired)",
        "refreshed": "lc.show(refreshed)",
        "inspected": "lc.countdown",
        "exercise": "lc.check_narrower",
        "standalone": "lc.write_standalone",
    }
    notebook.run("narrower = None")
    notebook.replace("going_on = None", "None", 'tables.chats["last_thread_active"].sum()')
    cells = {}
    for picture, text in seen.items():
        if picture == "going-on":
            notebook.run("going_on = ")
        cells[picture] = notebook.run(text)
        cells[picture].scroll_into_view_if_needed()
        screenshot(page, f"{pictures}-{picture}")
        expect(cells[picture]).to_contain_text(SAID[picture])


#: What a person reads below each cell.
SAID = {
    "thief": "is not the one whose challenge was in the link",
    "exchange": "200 OK",
    "token": "b1d5f0a2-6c34-4e8b-9a71-0f3c2e5d8a61",
    "somebody-else": "Are they the same? False",
    "list-chats": "200 OK",
    "table": "Step 4 is done",
    "going-on": "of 100 chats go on",
    "expired": "The access token has expired",
    "refreshed": "● 5 Eight hours later",
    "inspected": "This access token lives for 7 h 59 min",
    "exercise": "narrower: a token that has only the scope chats--my:ro",
    "standalone": "Written: list_chats.py",
}


def sent_state(form: Locator) -> str:
    """The state in the link of step 2."""
    link = form.locator("a.lc-authorize").get_attribute("href")
    return parse_qs(urlsplit(link or "").query)["state"][0]


def test_the_author_comes_straight_back(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    configure(notebook)
    notebook.replace(URL, '"prompt"', '# "prompt"')
    form, tab = follow_link(notebook)
    sign_in(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")


def test_pasting_the_address(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    # The app's address is on another machine, and the page there can't be opened.
    configure(notebook, redirect_uri="https://app.example/callback")
    notebook.run(URL)
    form = notebook.run(AUTHORIZATION)
    expect(form.locator(".lc-speech")).to_contain_text("copy the address of the page")
    with page.context.expect_page() as opened:
        form.locator("a.lc-authorize").click()
    with page.context.expect_event("requestfailed", lambda sent: "code=" in sent.url) as failed:
        sign_in(opened.value)
        allow(opened.value)
    address = failed.value.url
    assert address.startswith("https://app.example/callback?code=dal%3A")
    form.locator(".lc-paste input").fill(address)
    form.locator(".lc-use-pasted").click()
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    assert form.locator(".lc-paste input").input_value() == ""
    exchange_and_list(notebook)


def test_do_it_for_me(either_jupyter: Start, page: Page) -> None:
    notebook = Notebook.open(page, either_jupyter(), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    # A double click does it once.
    form.locator(".lc-do-it-for-me").dblclick()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    # The button lost the focus while it worked.
    page.keyboard.press("Shift+Enter")
    check = notebook.cell(notebook.index("lc.check_app(app)"))
    expect(check).to_contain_text("Step 1 is done")
    notebook.run(URL)
    form = notebook.run(AUTHORIZATION)
    form.locator(".lc-do-it-for-me").click()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 3")
    exchange_and_list(notebook)


def test_through_jupyter_server_proxy(jupyterlab: Start, page: Page) -> None:
    lab = jupyterlab(base_url="/foo/", proxy=True)
    notebook = Notebook.open(page, lab, NAME)
    copied = configure(notebook)
    # The Console was opened below the server's base URL, and worked out the address there.
    origin = urlsplit(lab.url)
    assert copied.redirect_uri.startswith(f"http://{origin.netloc}/foo/proxy/")
    form, tab = follow_link(notebook)
    assert urlsplit(tab.url).path.startswith("/foo/proxy/")
    sign_in(tab)
    allow(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    exchange_and_list(notebook)


def test_run_all_stops_where_the_learner_is_needed(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run_all()
    stopped = notebook.cell(notebook.index(URL))
    expect(stopped).to_contain_text("Step 1 is not done yet")
    expect(stopped).not_to_contain_text("Traceback")
    screenshot(page, "run-all")
    later = notebook.page.evaluate(
        "index => window.jupyterapp.shell.currentWidget.content.model.cells.get(index)"
        ".executionCount",
        notebook.index("lc.write_standalone"),
    )
    assert later is None


def test_notebook_00_remembers_the_choice(jupyter: Start, page: Page) -> None:
    lab = jupyter()
    notebook = Notebook.open(page, lab, "00_start_here.ipynb")
    form = notebook.run("lc.PlatformChoice()")
    form.get_by_role("button", name="Live platform").click()
    expect(form.locator(".lc-speech")).to_contain_text("billed")
    screenshot(page, "start-here")
    check = notebook.run("lc.check_environment()")
    expect(check).to_contain_text("All set")
    assert (lab.folder / "lc_tutorial.json").read_text() == '{"platform": "live"}\n'
    form.get_by_role("button", name="Sandbox").click()
    expect(form.locator(".lc-speech")).to_contain_text("no account and no network")
    assert not list(lab.home.glob("runtime/lc_tutorial-sandbox-*")), "00 starts nothing"
    # The next one opens beside it, and in Notebook 7 in a tab of its own.
    link = page.locator(".jp-Notebook").get_by_role("link", name="01 Authorization in practice")
    if lab.program == "notebook":
        page = open_tab(link)
    else:
        link.click()
    page.wait_for_url(f"**/{lab.notebooks}/{NAME}**")
    Notebook(page).wait_for_kernel()


def test_after_a_kernel_restart_one_cell_recovers(either_jupyter: Start, page: Page) -> None:
    notebook = Notebook.open(page, either_jupyter(), NAME)
    notebook.run(SETUP)
    notebook.run(APP).locator(".lc-do-it-for-me").click()
    notebook.restart()
    notebook.wait_for_kernel()
    notebook.run(SETUP)
    notebook.replace("lc.catch_up", "# session", "session")
    notebook.replace("lc.catch_up", "# app", "app")
    expect(notebook.run("lc.catch_up").locator(".lc-speech")).to_contain_text("You have a token")
    expect(notebook.run("list_chats_url").locator(".lc-transcript")).to_contain_text("200")
    expect(notebook.run("lc.RequestLab").locator(".lc-lab").first).to_be_visible()
