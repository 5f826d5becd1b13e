"""Notebook 01 where the browser reaches the Jupyter server, and nothing else of its machine."""

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.notebooks.test_secrets import search

from .axe import violations
from .conftest import THEMES, JupyterLab, Notebook, screenshot
from .faraway import from_far_away
from .person import (
    APP,
    AUTHORIZATION,
    SETUP,
    URL,
    Copied,
    allow,
    create_app,
    exchange_and_list,
    fill_in,
    sign_in,
)
from .test_clicks import LONG, start
from .test_forms import append

NAME = "01_authorization_in_practice.ipynb"
Start = Callable[..., JupyterLab]


def open_here(form: Locator) -> Frame:
    """Press the form's button, and give the frame in which the page opens."""
    form.locator("button.lc-open-here").click()
    shown = form.locator(".lc-browser iframe")
    frame = shown.element_handle().content_frame()
    assert frame is not None
    # Whoever pressed the button sees all of it, without scrolling.
    expect(shown).to_be_in_viewport(ratio=0.98)
    return frame


def address(form: Locator) -> Locator:
    return form.get_by_role("textbox", name="Address")


def close(form: Locator) -> None:
    form.get_by_role("button", name="Close").click()
    expect(form.locator(".lc-browser")).to_have_count(0)


def configured(notebook: Notebook, redirect_uri: str | None = None) -> Copied:
    """Step 1, by hand, in the frame."""
    notebook.run(SETUP)
    form = notebook.run(APP)
    expect(form.locator("a.lc-console")).to_have_count(0)
    copied = create_app(open_here(form), redirect_uri=redirect_uri)
    expect(address(form)).to_have_value(f"{home_of(form)}/installation")
    close(form)
    fill_in(form, copied)
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    return copied


def home_of(form: Locator) -> str:
    """The address of the app's pages in the Console."""
    return "/".join(address(form).input_value().split("/")[:6])


@pytest.mark.parametrize("theme", THEMES)
def test_steps_1_to_3_by_hand(jupyter: Start, page: Page, theme: str) -> None:
    lab, in_vain = from_far_away(jupyter(theme=f"JupyterLab {theme}"), page.context)
    notebook = Notebook.open(page, lab, NAME)
    copied = configured(notebook)
    notebook.run("lc.check_app(app)")
    notebook.run(URL)
    form = notebook.run(AUTHORIZATION)
    expect(form.locator(".lc-speech")).to_contain_text("it opens here")

    # Somebody else says no, and is still signed in when they come again.
    tab = open_here(form)
    sign_in(tab, person="Tomasz")
    expect(tab.locator("body")).to_contain_text("tomasz.zielinski@example.com")
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("body")).to_contain_text("missing_grant")
    close(form)
    tab = open_here(form)
    expect(tab.locator("body")).to_contain_text("tomasz.zielinski@example.com")
    # The author says yes.
    tab.get_by_role("button", name="use another account").click()
    sign_in(tab)
    allow(tab)
    expect(tab.locator("body")).to_contain_text("The code has arrived")
    shown = address(form).input_value()
    assert shown.startswith(f"{copied.redirect_uri}?")
    assert parse_qs(urlsplit(shown).query).keys() == {"code", "state"}
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    screenshot(page, f"in-notebook-{lab.program}-{theme.lower()}")

    # It can be copied out of the address bar, as out of a browser's.
    form.locator("button.lc-start-over").click()
    expect(form.locator(".lc-speech")).to_contain_text("it opens here")
    address(form).focus()
    page.keyboard.press("Control+C")
    form.locator(".lc-paste input").focus()
    page.keyboard.press("Control+V")
    expect(form.locator(".lc-paste input")).to_have_value(shown)
    page.keyboard.press("Enter")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    page.keyboard.press("Shift+Enter")
    check = notebook.cell(notebook.index("lc.check_authorization"))
    expect(check).to_contain_text("Step 2 is done")
    exchange_and_list(notebook)
    assert in_vain == []


def test_an_app_on_another_machine(jupyterlab: Start, page: Page) -> None:
    """The code is in the address bar and nowhere else, and in no file. In a narrow window."""
    server = jupyterlab()
    save_widget_state(server)
    lab, in_vain = from_far_away(server, page.context)
    notebook = Notebook.open(page, lab, NAME)
    copied = configured(notebook, redirect_uri="https://app.example/callback")
    notebook.run(URL)
    page.set_viewport_size({"width": 700, "height": 900})
    form = notebook.run(AUTHORIZATION)
    tab = open_here(form)
    sign_in(tab)
    screenshot(page, "in-notebook-narrow")
    allow(tab)
    expect(tab.locator("h1")).to_have_text("Here the app's own page would open")
    shown = address(form).input_value()
    assert shown.startswith("https://app.example/callback?code=dal%3A")
    # All of it is to be seen.
    assert address(form).evaluate("field => field.scrollHeight <= field.clientHeight + 1")
    assert violations(page, ".lc-browser") == []
    form.locator(".lc-browser").scroll_into_view_if_needed()
    screenshot(page, "in-notebook-narrow-code")
    form.get_by_role("button", name="Copy the address").click()
    expect(form.locator(".lc-browser-status")).to_have_text("The address is in the clipboard.")
    form.locator(".lc-paste input").focus()
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    notebook.save()
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    written = json.loads((server.folder / NAME).read_text())
    assert "application/vnd.jupyter.widget-state+json" in written["metadata"]["widgets"]
    code = parse_qs(urlsplit(shown).query)["code"][0]
    secrets = [code, code.partition(":")[2], copied.client_secret]
    assert search([server.folder], secrets) == []
    assert in_vain == []


def save_widget_state(server: JupyterLab) -> None:
    manager = server.home / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))


#: Opens no page as long as this file is there, and notes which it opened.
SLOW = """import pathlib, time

opened = []
to_open = frame._browser.open


def slowly(address):
    while pathlib.Path('held').exists(): time.sleep(0.05)
    to_open(address)
    opened.append(address)


frame._browser.open = slowly"""


def test_a_busy_a_slow_and_a_dead_kernel(jupyterlab: Start, page: Page) -> None:
    server = jupyterlab()
    lab, _ = from_far_away(server, page.context)
    notebook = Notebook.open(page, lab, NAME)
    notebook.run(SETUP)
    append(notebook, "frame = platform.in_notebook()\nframe", LONG, SLOW, "print('opened', opened)")
    output = notebook.run("frame = platform.in_notebook()")
    expect(output.locator(".lc-browser").get_by_role("button", name="Close")).to_be_hidden()
    shown = output.frame_locator(".lc-browser iframe")
    status = output.locator(".lc-browser-status")
    expect(shown.locator("h1")).to_have_text("Apps")

    # Another cell runs. Whoever presses twice is answered once.
    start(notebook, "go_on")
    notebook.look_at("frame = platform.in_notebook()")
    shown.locator("#create-app").click()
    expect(status).to_contain_text("The kernel is busy with something else")
    screenshot(page, "in-notebook-busy")
    (server.folder / "go_on").touch()
    expect(shown.locator("#app-name")).to_be_focused()
    expect(status).to_have_text("")
    shown.locator("#app-name").fill("Once")
    shown.locator("#create").dblclick()
    expect(shown.locator("#get-started")).to_be_visible()
    output.get_by_role("button", name="Back").click()
    expect(shown.locator("#app-name")).to_be_visible()
    output.get_by_role("button", name="Back").click()
    expect(shown.locator(".list-name a", has_text="Once")).to_have_count(1)

    # A cell that is run after a click in the page comes after it.
    notebook.run("opened = []")
    notebook.look_at("frame = platform.in_notebook()")
    held = server.folder / "held"
    held.touch()
    shown.get_by_role("link", name="People").click()
    expect(status).to_contain_text("Waiting for the page")
    start(notebook, "print('opened'")
    held.unlink()
    expect(notebook.look_at("print('opened'")).to_contain_text("people")
    notebook.look_at("frame = platform.in_notebook()")
    expect(output.get_by_role("textbox", name="Address")).to_have_value(re.compile("people$"))

    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    notebook.wait_for_kernel()
    shown.get_by_role("link", name="Settings").click()
    expect(status).to_contain_text("The kernel that this frame belongs to has ended")
    screenshot(page, "in-notebook-dead")


def test_what_is_not_saved_is_asked_about(jupyterlab: Start, page: Page) -> None:
    """By the frame's own buttons and the form's. A second view and a theme leave it as it is."""
    lab, _ = from_far_away(jupyterlab(), page.context)
    notebook = Notebook.open(page, lab, NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    tab = open_here(form)
    create_app(tab)
    tab.get_by_role("link", name="Authorization", exact=True).click()
    typed = tab.locator("#redirect-uri-input")
    typed.press_sequentially("http")
    question = form.get_by_role("group", name="This page has changes that are not saved.")
    bar = form.locator(".lc-browser-bar")
    own = [bar.get_by_role("button", name=name) for name in ("Back", "Reload", "Close")]
    for button in (*own, form.locator("button.lc-open-here")):
        button.click()
        expect(question).to_be_visible()
        question.get_by_role("button", name="Stay here").click()
        expect(question).to_be_hidden()
    expect(typed).to_have_value("http")

    view_again(notebook, APP)
    second = page.frame_locator(".jp-LinkedOutputView .lc-browser iframe")
    expect(second.locator("#redirect-uri-input")).to_have_value("")
    change_theme(page, "JupyterLab Dark")
    expect(second.locator("meta[name=color-scheme][content=dark]")).to_be_attached()
    expect(typed).to_have_value("http")

    bar.get_by_role("button", name="Back").click()
    question.get_by_role("button", name="Leave the page").click()
    expect(tab.locator("#installation-state")).to_be_visible()
    expect(tab.locator("meta[name=color-scheme][content=dark]")).to_be_attached()
    change_theme(page, "JupyterLab Light")
    expect(tab.locator("meta[name=color-scheme][content=light]")).to_be_attached()


def view_again(notebook: Notebook, text: str) -> None:
    """Create New View for Output, of the cell that contains this."""
    notebook.page.evaluate(
        """index => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
            return window.jupyterapp.commands.execute('notebook:create-output-view');
        }""",
        notebook.index(text),
    )


def change_theme(page: Page, theme: str) -> None:
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )


#: What answers at a redirect URI may be anything.
HOSTILE = """<title>Hostile</title>
<script>document.title = "It ran"; top.location = "https://evil.example/top"</script>
<meta http-equiv="refresh" content="0; url=https://evil.example/refresh">
<link rel="stylesheet" href="https://evil.example/style"><base href="https://evil.example/">
<img src="https://evil.example/image" onerror="document.title = 'It ran'">
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o"></object>
<form action="https://evil.example/form"><button>Send</button></form>
<a id="script" href="javascript:document.title = 'It ran'">a</a>
<a id="away" href="https://evil.example/away" target="_top">b</a>
<svg height="30"><a id="drawn" xlink:href="https://evil.example/drawn"><text y="20">c</text></a>
<a id="moved"><set attributeName="href" to="https://evil.example/moved" />
<text x="30" y="20">d</text></a></svg>
<style>body { background: url(https://evil.example/background) }</style>"""


REFRESH = '<meta http-equiv="refresh" content="0; url=https://evil.example/shape">'

#: What Python's parser takes for a comment, or a text, and a browser for an element.
SHAPES = [
    f"<!-->{REFRESH}-->",
    f"<title><!--</title>{REFRESH}-->",
    f"<textarea><!--</textarea>{REFRESH}-->",
    f"<svg><style>{REFRESH}</style></svg>",
]

#: Shows one page after the other, each time that Reload is pressed; and notes what is opened.
PAGES = """from lc_tutorial.forms.frame.browser import Shown, Source

frame = platform.in_notebook()
opened = []
to_open = frame._browser.open


def noted(address):
    opened.append(address)
    to_open(address)


def show_next():
    address = f"{{platform.accounts_url}}/{{len(pages)}}"
    frame._browser._pages.append(Shown(address, Source(pages.pop(0), "")))


pages = {pages!r}
frame._browser.open = noted
frame._browser.reload = show_next
frame"""

#: What is done in the page, and where it would lead.
LEADS = [
    ("#script", "javascript:document.title%20=%20'It%20ran'"),
    ("#away", "https://evil.example/away"),
    ("#drawn", "https://evil.example/drawn"),
    ("form button", "https://evil.example/form"),
]

#: As a page would speak that has taken the place of one of ours.
SAYS = """() => {
    for (const message of [{}, {word: ""}, {word: "fake"}]) {
        const said = {kind: "link", href: "https://evil.example/said", ...message};
        parent.postMessage({lcPage: said}, "*");
    }
}"""


def test_a_hostile_page_does_nothing(jupyterlab: Start, page: Page) -> None:
    lab, in_vain = from_far_away(jupyterlab(), page.context)
    notebook = Notebook.open(page, lab, NAME)
    notebook.run(SETUP)
    shapes = [f"<title>Shape {number}</title>{each}" for number, each in enumerate(SHAPES)]
    pages = [*shapes, *[HOSTILE] * len(LEADS)]
    append(notebook, PAGES.format(pages=pages), "print('all', opened)")
    output = notebook.run("def show_next")
    frame = output.locator(".lc-browser iframe")
    shown = output.frame_locator(".lc-browser iframe")
    where = output.get_by_role("textbox", name="Address")
    following = output.get_by_role("button", name="Reload")
    expect(shown.locator("h1")).to_have_text("Apps")
    for number, _ in enumerate(SHAPES):
        following.click()
        expect(frame).to_have_attribute("title", f"Shape {number}")
        # The browser sees an element there.
        expect(shown.locator("meta[data-http-equiv]")).to_be_attached()
    for pressed, address in LEADS:
        following.click()
        expect(frame).to_have_attribute("title", "Hostile")
        # An origin of its own: it can't look at the notebook, whatever runs in it.
        assert shown.locator("body").evaluate("() => origin") == "null"
        shown.locator("body").evaluate(SAYS)
        shown.locator("#moved text").click()
        shown.locator(pressed).click()
        expect(where).to_have_value(address)
        expect(shown.locator("h1")).to_have_text("This link leads elsewhere")
    links = [address for pressed, address in LEADS if pressed.startswith("#")]
    told = notebook.run("print('all'")
    for address in links:
        expect(told).to_contain_text(address.partition("%")[0])
    expect(told).not_to_contain_text("said")
    expect(told).not_to_contain_text("moved")
    assert in_vain == []
    assert urlsplit(page.url).netloc == urlsplit(lab.url).netloc
