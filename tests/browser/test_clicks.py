"""A click acts on what the fields show: while the kernel is busy or gone, and on a slow machine."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.notebooks.test_secrets import search

from .conftest import THEMES, JupyterLab, Notebook, screenshot
from .person import APP, AUTHORIZATION, SETUP, URL, allow, close_tab, open_tab, sign_in
from .test_forms import append
from .test_request_lab import open_lab

NAME = "01_authorization_in_practice.ipynb"
Start = Callable[..., JupyterLab]
CLIENT_ID = "0123456789abcdef" * 2
SECRET = "not-a-real-secret-at-all-0"
FIRST, SECOND = "http://127.0.0.1:8377/first", "http://127.0.0.1:8377/second"


#: A cell that runs until this file is there.
LONG = "import pathlib, time\nwhile not pathlib.Path('go_on').exists(): time.sleep(0.05)"


def start(notebook: Notebook, text: str) -> None:
    """Run a cell, and don't wait for its end."""
    notebook.page.evaluate(
        """index => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            notebook.deselectAll();
            window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        notebook.index(text),
    )
    notebook.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
        " === 'busy'"
    )


#: The kernel answers, but slowly.
BUSY = """import threading


def busy():
    while True:
        sum(range(10_000))


threading.Thread(target=busy, daemon=True).start()"""

#: Keeps the kernel from getting done with what this form sent, as long as this file is there. What
#: the form says to it has been sent by then.
SLOW = """import pathlib, time

def be_slow(form):
    def wait(*_):
        while pathlib.Path('held').exists(): time.sleep(0.05)
    form._courier.on_msg(wait)

be_slow({})"""


@contextmanager
def held(notebook: Notebook, folder: Path) -> Iterator[None]:
    """Meanwhile the kernel is kept at a click; before and after it is done with all it answered."""
    notebook.wait_for_kernel()
    (folder / "held").touch()
    try:
        yield
    finally:
        (folder / "held").unlink()
    notebook.wait_for_kernel()


def fill_twice(form: Locator) -> None:
    """Fill in step 1's form, and change the Redirect URI a second time."""
    form.locator(".lc-client-id input").fill(CLIENT_ID)
    form.locator(".lc-client-secret input").fill(SECRET)
    form.locator(".lc-redirect-uri input").fill(FIRST)
    form.locator(".lc-client-id input").focus()
    form.locator(".lc-redirect-uri input").fill(SECOND)


def slow_down(page: Page, rate: int) -> None:
    """Let the browser have only a part of the processor."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def test_while_another_cell_runs(either_jupyter: Start, page: Page) -> None:
    lab = either_jupyter()
    notebook = Notebook.open(page, lab, NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    append(notebook, LONG, "print('it uses', app.redirect_uri)")
    start(notebook, "go_on")
    notebook.look_at(APP)
    fill_twice(form)
    expect(form.locator(".lc-speech")).to_contain_text("Fill in the fields")
    form.locator(".lc-use-credentials").click()
    # What was said before the click is not taken for its answer.
    expect(form.locator(".lc-speech .lc-say")).to_be_hidden()
    expect(form.locator(".lc-note-of-courier")).to_contain_text("The kernel is busy")
    screenshot(page, "click-while-busy")
    (lab.folder / "go_on").touch()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    expect(form.locator(".lc-note-of-courier")).to_be_hidden()
    expect(form.locator(".lc-redirect-uri input")).to_have_value(SECOND)
    expect(notebook.run("print('it uses'")).to_contain_text(f"it uses {SECOND}")


#: A form that takes a moment for what it is asked for.
TAKES_A_MOMENT = """import time, ipywidgets
from lc_tutorial.forms import base

class Counting(base.Form):
    def __init__(self):
        super().__init__("Count", "A form.")
        self.count = 0
        self.step = base.field(ipywidgets.Text, "Step", "a number", "lc-step")
        self._lay_out(self.step, self.button("Count on", self.count_on, "lc-count"))

    def count_on(self):
        time.sleep(1)
        self.count += int(self.step.value)
        self.say("done", f"Counted to {self.count}.")

counting = Counting()
counting"""


def test_a_cell_run_after_a_click_comes_after_it(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run(SETUP)
    append(notebook, TAKES_A_MOMENT, "print('it counted to', counting.count)")
    form = notebook.run("class Counting")
    for step, count in ((1, 1), (2, 3), (3, 6)):
        form.locator(".lc-step input").fill(str(step))
        form.locator(".lc-count").click()
        expect(notebook.run("print('it counted to'")).to_contain_text(f"it counted to {count}")
        notebook.look_at("class Counting")
        expect(form.locator(".lc-speech")).to_contain_text(f"Counted to {count}.")


def test_on_a_slow_machine(jupyterlab: Start, page: Page) -> None:
    lab = open_lab(page, jupyterlab())
    slow_down(page, 6)
    notebook = Notebook(page)
    # The lab: changed, changed again, and sent at once, with the mouse and with Enter.
    body, url = lab.locator(".lc-body-text textarea"), lab.locator(".lc-url input")
    lab.locator(".lc-tabs button", has_text="Body").click()
    for limit in (3, 4, 5):
        body.fill(json.dumps({"limit": limit}))
        body.blur()
    lab.locator(".lc-send").click()
    transcript = lab.locator(".lc-answer .lc-transcript")
    expect(transcript).to_contain_text("200 OK")
    body.fill('{"limit": 6}')
    address = url.input_value()
    url.fill(address.replace("list_chats", "list_nothing"))
    url.press("Enter")
    expect(transcript).to_contain_text("list_nothing")
    append(
        notebook,
        "from lc_tutorial.lab import history\n"
        "print('it sent', "
        "[sent.request.body.text for sent in history.entries() if sent.by == 'lab'])",
    )
    sent = notebook.run("print('it sent'")
    expect(sent).to_contain_text("""it sent ['{"limit": 5}', '{"limit": 6}']""")
    # The form, made anew.
    append(notebook, "print('it uses', app.redirect_uri)")
    form = notebook.run(APP)
    fill_twice(form)
    form.locator(".lc-redirect-uri input").press("Enter")
    expect(form.locator(".lc-speech")).to_contain_text("build the authorization URL again there")
    expect(notebook.run("print('it uses'")).to_contain_text(f"it uses {SECOND}")


def test_the_fields_show_what_became_of_them_when_the_form_speaks(
    jupyterlab: Start, page: Page
) -> None:
    server = jupyterlab()
    notebook = Notebook.open(page, server, NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    append(notebook, "workbench = lc.RequestLab(platform); workbench")
    append(notebook, *(SLOW.format(name) for name in ("app", "authorization", "workbench")))
    form.locator(".lc-do-it-for-me").click()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    # A secret in a field that shows what it holds.
    notebook.run("be_slow(app)")
    form = notebook.look_at(APP)
    with held(notebook, server.folder):
        form.locator(".lc-client-id input").fill(SECRET)
        form.locator(".lc-redirect-uri input").focus()
        expect(form.locator(".lc-speech")).to_contain_text("Not used yet")
        assert form.locator(".lc-client-id input").input_value() == ""
        # What is typed meanwhile is newer, and stays.
        form.locator(".lc-client-id input").fill(CLIENT_ID)
    form.locator(".lc-redirect-uri input").focus()
    expect(form.locator(".lc-client-id")).not_to_have_class(re.compile("lc-edited"))
    expect(form.locator(".lc-client-id input")).to_have_value(CLIENT_ID)
    # Pasted into step 2's form.
    notebook.run(URL)
    notebook.run(AUTHORIZATION)
    notebook.run("be_slow(authorization)")
    form = notebook.look_at(AUTHORIZATION)
    with held(notebook, server.folder):
        form.locator(".lc-paste input").fill("https://app.example/elsewhere")
        form.locator(".lc-use-pasted").click()
        expect(form.locator(".lc-problem")).to_be_visible()
        assert form.locator(".lc-paste input").input_value() == ""
    # Who follows the link again reads no more of what was wrong before.
    expect(form.locator(".lc-note-of-courier")).to_be_hidden()
    close_tab(open_tab(form.locator("a.lc-authorize")), page)
    expect(form.locator(".lc-speech")).to_contain_text("the code arrives here by itself")
    expect(form.locator(".lc-problem")).to_have_count(0)
    # Pasted into the lab, and typed into its URL.
    notebook.run("workbench = ")
    notebook.run("be_slow(workbench)")
    lab = notebook.look_at("workbench = ").locator(".lc-lab")
    lab.locator(".lc-import-fold").click()
    expect(lab.locator(".lc-import-field textarea")).to_be_visible()
    with held(notebook, server.folder):
        lab.locator(".lc-import-field textarea").fill("https://api.livechatinc.com/v3.6/a?b=c")
        lab.locator(".lc-import-field textarea").blur()
        expect(lab.locator(".lc-import-box .lc-speech")).to_contain_text("in the fields below")
        assert lab.locator(".lc-import-field textarea").input_value() == ""
    url = lab.locator(".lc-url input")
    expect(url).to_have_value(re.compile("/v3.6/a$"))
    address = url.input_value()
    with held(notebook, server.folder):
        url.fill(f"{address}?d=e")
        url.blur()
        expect(lab.locator(".lc-editor > .lc-speech")).to_contain_text("in the rows of Query now")
        assert url.input_value() == address


def test_a_button_pressed_again_after_another_one_is_meant(jupyterlab: Start, page: Page) -> None:
    server = jupyterlab()
    lab, notebook = open_lab(page, server), Notebook(page)
    append(
        notebook,
        SLOW.format("lab"),
        "print('all done')",
        "print([sent.by for sent in lc.lab.history.entries()])",
    )
    notebook.run("be_slow(lab)")
    notebook.look_at("lab = lc.RequestLab")
    with held(notebook, server.folder):
        # The kernel shows what comes of the first click, and is not done with it.
        tab = lab.locator(".lc-tabs button")
        tab.filter(has_text="Headers").click()
        expect(lab.locator(".lc-headers")).to_be_visible()
        tab.filter(has_text="Body").click()
        tab.filter(has_text="Headers").click()
    notebook.run("print('all done')")
    expect(tab.filter(has_text="Headers")).to_have_attribute("aria-pressed", "true")
    expect(lab.locator(".lc-headers")).to_be_visible()
    # The same one twice is impatience: one request goes out.
    notebook.look_at("lab = lc.RequestLab")
    with held(notebook, server.folder):
        lab.locator(".lc-send").click()
        expect(lab.locator(".lc-answer .lc-transcript")).to_be_visible()
        lab.locator(".lc-send").click()
    notebook.run("print('all done')")
    sent = notebook.run("print([sent.by")
    expect(sent).to_contain_text("'lab']")
    expect(sent).not_to_contain_text("'lab', 'lab'")


def test_a_restart_during_a_click_is_said(jupyter: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyter(), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    append(notebook, LONG)
    start(notebook, "go_on")
    form = notebook.look_at(APP)
    note = form.locator(".lc-note-of-courier")
    form.locator(".lc-client-id input").fill(CLIENT_ID)
    form.locator(".lc-use-credentials").click()
    expect(note).to_contain_text("The kernel is busy")
    notebook.restart()
    expect(note).to_contain_text("The kernel ended before it was done with this")
    screenshot(page, "restart-during-a-click")
    notebook.wait_for_kernel()
    expect(note).to_contain_text("Run the notebook's cells again")
    # Its button is not kept pressed.
    form.locator(".lc-use-credentials").click()
    expect(note).to_contain_text("so nothing was sent, and what you typed is still here")
    expect(form.locator(".lc-client-id input")).to_have_value(CLIENT_ID)
    notebook.run(SETUP)
    form = notebook.run(APP)
    form.locator(".lc-do-it-for-me").click()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")


def test_a_choice_looks_chosen_when_the_kernel_knows_it(jupyterlab: Start, page: Page) -> None:
    server = jupyterlab()
    notebook = Notebook.open(page, server, "00_start_here.ipynb")
    notebook.run("lc.PlatformChoice()")
    append(notebook, "lab = lc.RequestLab(lc.connect('sandbox')); lab", LONG)
    notebook.run("lab = lc.RequestLab")
    start(notebook, "go_on")
    choices = (
        (notebook.look_at("lc.PlatformChoice()"), "Sandbox", "Live platform", "billed"),
        (notebook.look_at("lab = lc.RequestLab"), "Body", "Headers", "Also in the request"),
    )
    chosen = re.compile("mod-active")
    for form, before, after, _ in choices:
        form.scroll_into_view_if_needed()
        form.get_by_role("button", name=after, exact=True).click()
        expect(form.locator(".lc-note-of-courier")).to_contain_text("The kernel is busy")
        for name, is_chosen in ((before, True), (after, False)):
            button = form.get_by_role("button", name=name, exact=True)
            (expect(button).to_have_class if is_chosen else expect(button).not_to_have_class)(
                chosen
            )
    assert not (server.folder / "lc_tutorial.json").exists()
    (server.folder / "go_on").touch()
    for form, _, after, said in choices:
        form.scroll_into_view_if_needed()
        expect(form.get_by_role("button", name=after, exact=True)).to_have_class(chosen)
        expect(form).to_contain_text(said)
    assert (server.folder / "lc_tutorial.json").read_text() == '{"platform": "live"}\n'


def test_no_secret_is_saved_while_the_kernel_is_busy_or_gone(jupyterlab: Start, page: Page) -> None:
    lab = jupyterlab()
    manager = lab.home / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))
    notebook = Notebook.open(page, lab, NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    typed = [f"not-a-real-secret-typed-{number}" for number in range(4)]
    append(notebook, LONG)
    start(notebook, "go_on")
    notebook.look_at(APP)
    secret, client_id = (form.locator(f".lc-client-{each} input") for each in ("secret", "id"))
    # Typed and left, and typed into a field that shows it.
    secret.fill(typed[0])
    client_id.fill(typed[1])
    form.locator(".lc-redirect-uri input").focus()
    expect(secret).to_have_value("")

    def saved() -> None:
        notebook.save()
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
        notebook.save()
        written = json.loads((lab.folder / NAME).read_text())
        assert "application/vnd.jupyter.widget-state+json" in written["metadata"]["widgets"]
        assert search([lab.folder], typed) == []

    saved()
    (lab.folder / "go_on").touch()
    expect(client_id).to_have_attribute("placeholder", re.compile("received"))
    expect(client_id).to_have_value("")
    saved()
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
    )
    secret.fill(typed[2])
    client_id.fill(typed[3])
    form.locator(".lc-use-credentials").click()
    expect(form.locator(".lc-note-of-courier")).to_contain_text("has ended, so nothing was sent")
    screenshot(page, "click-while-gone")
    # What was typed is not lost either.
    expect(secret).to_have_value(typed[2])
    saved()


@pytest.mark.parametrize("theme", THEMES)
def test_a_step_once_done_stays_done(jupyterlab: Start, page: Page, theme: str) -> None:
    notebook = Notebook.open(page, jupyterlab(theme=f"JupyterLab {theme}"), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    form.locator(".lc-do-it-for-me").click()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    client_id = form.locator(".lc-client-id input").input_value()
    # Run again.
    form = notebook.run(APP)
    expect(form.locator(".lc-speech")).to_contain_text("entered before")
    expect(form.locator(".lc-client-id input")).to_have_value(client_id)
    form.locator(".lc-redirect-uri input").fill("https://app.example/")
    expect(form.locator(".lc-redirect-uri")).to_have_class(re.compile("lc-edited"))
    form.locator(".lc-client-id input").focus()
    expect(form.locator(".lc-speech")).to_contain_text("Not used yet")
    screenshot(page, f"not-used-yet-{theme.lower()}")
    expect(notebook.run("lc.check_app(app)")).to_contain_text("not used yet (Redirect URI)")
    notebook.run(APP)
    # Back from the link, which has the focus, Shift+Enter runs the form's cell again.
    notebook.run(URL)
    waiting = notebook.run(AUTHORIZATION)
    notebook.page.evaluate(
        "index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }",
        notebook.index(AUTHORIZATION),
    )
    tab = open_tab(waiting.locator("a.lc-authorize"))
    sign_in(tab)
    allow(tab)
    expect(waiting.locator(".lc-speech")).to_contain_text("go on with step 3")
    close_tab(tab, page)
    waiting.locator("a.lc-authorize").focus()
    page.keyboard.press("Shift+Enter")
    expect(waiting.locator(".lc-speech")).to_contain_text("arrived before")
    screenshot(page, f"arrived-before-{theme.lower()}")


def test_a_copy_is_in_the_clipboard(jupyterlab: Start, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab = open_lab(page, jupyterlab())
    for css_class, what, part in (
        ("lc-as-curl", "The cURL command", "$ACCESS_TOKEN"),
        ("lc-as-cell", "The cell", "token.access_token"),
        ("lc-as-python", "The program", 'os.environ["ACCESS_TOKEN"]'),
    ):
        lab.locator(f".{css_class}").first.click()
        expect(lab.locator(".lc-copy-box .lc-speech").first).to_contain_text(
            f"{what} is in the clipboard"
        )
        assert part in page.evaluate("() => navigator.clipboard.readText()")
    screenshot(page, "lab-copied")


def test_a_key_is_the_forms_and_not_lost_while_the_lab_is_filled(
    jupyterlab: Start, page: Page
) -> None:
    lab = open_lab(page, jupyterlab())
    notebook, press = Notebook(page), page.keyboard.press
    append(notebook, BUSY)
    notebook.run(BUSY)
    notebook.look_at("lab = lc.RequestLab")
    slow_down(page, 6)
    lab.locator(".lc-collection").press("Enter")
    entries = lab.locator(".lc-entries select")
    expect(entries).to_be_visible()
    headers = lab.locator(".lc-tabs button", has_text="Headers")
    for entry in range(2):
        entries.select_option(index=entry)
        lab.locator(".lc-open-entry").press("Enter")
        headers.press("Space")
        expect(headers).to_have_attribute("aria-pressed", "true")
        expect(lab.locator(".lc-tabs [aria-pressed=true]")).to_have_count(1)
        expect(lab.locator(".lc-headers")).to_be_visible()
        expect(headers).to_be_focused()
    expect(lab.locator(".lc-speech:not([aria-live=polite])")).to_have_count(0)
    # In JupyterLab's command mode these delete the cell, cut it, add one, change its kind.
    state = """() => {
        const { widgets, mode } = window.jupyterapp.shell.currentWidget.content;
        return [mode, widgets.map((cell) => [cell.model.id, cell.model.type])];
    }"""
    before = page.evaluate(state)
    for key in ("d", "d", "x", "b", "m", "Enter", "ArrowDown"):
        press(key)
    assert page.evaluate(state) == before
    expect(headers).to_be_focused()
