"""Notebook 01 in a real JupyterLab, as a person goes through it."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import JupyterLab, Notebook, screenshot
from .person import (
    APP,
    AUTHORIZATION,
    CHATS,
    EXCHANGE,
    LIST_CHATS,
    SETUP,
    TOKEN,
    URL,
    close_tab,
    configure,
    exchange_and_list,
    follow_link,
    sign_in,
)

NAME = "01_authorization_in_practice.ipynb"
Start = Callable[..., JupyterLab]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_by_hand_the_code_arrives_by_itself(jupyterlab: Start, page: Page, theme: str) -> None:
    page.context.on("page", lambda tab: tab.emulate_media(color_scheme=theme.lower()))
    pictures = f"tutorial-{theme.lower()}"
    notebook = Notebook.open(page, jupyterlab(theme=f"JupyterLab {theme}"), NAME)
    copied = configure(notebook, pictures)
    # 8377, or the next port that is free.
    assert re.fullmatch(r"http://127\.0\.0\.1:83\d\d/callback", copied.redirect_uri)
    screenshot(page, f"{pictures}-step-1")
    notebook.run("lc.check_app(app)")
    notebook.replace(URL, '# "prompt"', '"prompt"')
    form, tab = follow_link(notebook)
    sign_in(tab, pictures)
    screenshot(tab, f"{pictures}-consent")
    tab.get_by_role("button", name="Allow").click()
    expect(tab.locator("body")).to_contain_text("Close this tab")
    screenshot(tab, f"{pictures}-callback")
    close_tab(tab, page)
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    screenshot(page, f"{pictures}-step-2")
    seen = {
        "exchange": EXCHANGE,
        "token": TOKEN,
        "used-twice": "lc.show(again)",
        "list-chats": LIST_CHATS,
        "table": CHATS,
        "picture": "plot.barh",
        "check": "lc.check_chats",
        "mistake": "lc.show(mistaken)",
        "standalone": "lc.write_standalone",
    }
    cells = {}
    for picture, text in seen.items():
        cells[picture] = notebook.run(text)
        cells[picture].scroll_into_view_if_needed()
        screenshot(page, f"{pictures}-{picture}")
    expect(cells["exchange"].locator(".lc-transcript")).to_contain_text("200 OK")
    expect(cells["used-twice"]).to_contain_text("a code works once")
    expect(cells["list-chats"].locator(".lc-transcript")).to_contain_text("200 OK")
    expect(cells["table"].locator("table.dataframe tbody tr")).to_have_count(5)
    expect(cells["picture"].locator("img")).to_be_visible()
    expect(cells["check"]).to_contain_text("All four steps are done")
    expect(cells["mistake"]).to_contain_text("Change Basic to Bearer")


def test_the_author_comes_straight_back(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    configure(notebook)
    form, tab = follow_link(notebook)
    sign_in(tab)
    expect(tab.locator("body")).to_contain_text("Close this tab")
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
    address = failed.value.url
    assert address.startswith("https://app.example/callback?code=dal%3A")
    form.locator(".lc-paste input").fill(address)
    form.locator(".lc-use-pasted").click()
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    assert form.locator(".lc-paste input").input_value() == ""
    exchange_and_list(notebook)


def test_do_it_for_me(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    # A double click does it once.
    form.locator(".lc-do-it-for-me").dblclick()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
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
    expect(tab.locator("body")).to_contain_text("Close this tab")
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


def test_notebook_00_remembers_the_choice(jupyterlab: Start, page: Page) -> None:
    lab = jupyterlab()
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


def test_after_a_kernel_restart_one_cell_recovers(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run(SETUP)
    notebook.run(APP).locator(".lc-do-it-for-me").click()
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    notebook.wait_for_kernel()
    notebook.run(SETUP)
    notebook.replace("lc.catch_up", "# session", "session")
    notebook.replace("lc.catch_up", "# app", "app")
    expect(notebook.run("lc.catch_up").locator(".lc-speech")).to_contain_text("You have a token")
    expect(notebook.run("list_chats_url").locator(".lc-transcript")).to_contain_text("200")
    expect(notebook.run("lc.RequestLab").locator(".lc-lab").first).to_be_visible()
