"""The forms at the edges: saved secrets, the keyboard, a second attempt, a narrow window."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.notebooks.test_secrets import search

from .conftest import JupyterLab, Notebook, screenshot
from .person import (
    APP,
    AUTHORIZATION,
    EXCHANGE,
    SETUP,
    URL,
    allow,
    close_tab,
    configure,
    create_app,
    fill_in,
    follow_link,
    open_tab,
    sign_in,
)

NAME = "01_authorization_in_practice.ipynb"
Start = Callable[..., JupyterLab]


def append(notebook: Notebook, *sources: str) -> None:
    """Add cells at the end, as a learner would."""
    notebook.page.evaluate(
        """sources => {
            const content = window.jupyterapp.shell.currentWidget.content;
            for (const source of sources) {
                content.model.sharedModel.addCell({cell_type: 'code', source});
            }
        }""",
        list(sources),
    )


def test_no_secret_is_saved(jupyterlab: Start, page: Page, tmp_path: Path) -> None:
    lab = jupyterlab()
    manager = lab.home / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))
    outside = tmp_path / "secrets.json"

    notebook = Notebook.open(page, lab, NAME)
    copied = configure(notebook)
    # A secret that is typed, left, and never submitted.
    typed = "not-a-real-secret-typed-and-left"
    form = notebook.cell(notebook.index(APP))
    form.locator(".lc-client-secret input").fill(typed)
    form.locator(".lc-client-id input").focus()
    expect(form.locator(".lc-client-secret input")).to_have_value("")
    fill_in(form, copied)
    form, tab = follow_link(notebook)
    sign_in(tab)
    allow(tab)
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    notebook.run(EXCHANGE)
    notebook.run("lc.Token.from_response")
    worse = (
        "print(token_response.json())",
        "token_response.json()",
        "dict(app=app, code=authorization.code, token=token)",
        "%xmode Verbose",
        "requests.get('http://127.0.0.1:9/?code=' + authorization.code, timeout=3)",
        "def call(code):\n    raise RuntimeError(f'broken with {code}')\ncall(authorization.code)",
        "import json; json.dump([app.client_secret, authorization.code, token.access_token,"
        f" token.refresh_token, pkce.verifier], open({str(outside)!r}, 'w'))",
    )
    append(notebook, *worse)
    for source in worse:
        notebook.run(source)
    notebook.save()
    saved = lab.folder / NAME
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    # A second save fills the checkpoint with the first.
    notebook.save()

    secrets = json.loads(outside.read_text())
    assert secrets[0] == copied.client_secret
    assert search([lab.home], [*secrets, typed]) == []
    written = json.loads(saved.read_text())
    assert "application/vnd.jupyter.widget-state+json" in written["metadata"]["widgets"]
    assert "broken with" in json.dumps(written)
    assert list(lab.folder.rglob(".ipynb_checkpoints/*.ipynb"))
    assert list((lab.home / "ipython").rglob("history.sqlite"))


def test_with_the_keyboard_alone(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    console = open_tab(form.locator("a.lc-console"))
    copied = create_app(console)
    close_tab(console, page)
    form.locator("a.lc-console").focus()
    steps = []
    for value in ("", copied.client_id, copied.client_secret, copied.redirect_uri):
        page.keyboard.press("Tab")
        steps.append(page.evaluate("() => document.activeElement.labels[0].innerText"))
        page.keyboard.type(value)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert steps == ["Client type", "Client Id", "Client Secret", "Redirect URI"]
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")


def test_mistakes_and_a_second_attempt(jupyter: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyter(), NAME)
    notebook.run(SETUP)
    form = notebook.run(APP)
    speech = form.locator(".lc-speech")
    form.locator(".lc-use-credentials").click()
    expect(speech).to_contain_text("What to do")
    screenshot(page, "credentials-empty")
    console = open_tab(form.locator("a.lc-console"))
    copied = create_app(console)
    close_tab(console, page)
    # Swapped.
    form.locator(".lc-client-id input").fill(copied.client_secret)
    form.locator(".lc-client-secret input").fill(copied.client_id)
    form.locator(".lc-redirect-uri input").fill(copied.redirect_uri)
    form.locator(".lc-use-credentials").click()
    expect(speech).to_contain_text("they are swapped now")
    expect(form.locator(".lc-client-id input")).to_have_value(copied.client_id)
    screenshot(page, "credentials-swapped")
    # A slash too many, which shows on the platform's own page.
    fill_in(form, copied)
    form.locator(".lc-redirect-uri input").fill(copied.redirect_uri.replace("/callback", "/back"))
    form.locator(".lc-use-credentials").click()
    expect(speech).to_contain_text("Go on with step 2")
    expect(notebook.run("lc.check_app(app)")).to_contain_text("✗ missing")
    screenshot(page, "check-missing")
    _, tab = follow_link(notebook)
    expect(tab.locator("body")).to_contain_text("invalid_redirect_uri")
    screenshot(tab, "error-page")
    address = tab.url
    close_tab(tab, page)
    waiting = notebook.cell(notebook.index(AUTHORIZATION))
    waiting.locator(".lc-paste input").fill(address)
    waiting.locator(".lc-use-pasted").click()
    expect(waiting.locator(".lc-speech")).to_contain_text("whitelist")
    screenshot(page, "pasted-error")
    # Mended.
    fill_in(form, copied)
    form, tab = follow_link(notebook)
    sign_in(tab)
    allow(tab)
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    # Twice.
    expect(notebook.run(EXCHANGE).locator(".lc-transcript")).to_contain_text("200 OK")
    expect(notebook.run(EXCHANGE)).to_contain_text("a code works once")


def test_cancel_is_explained(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run(SETUP)
    notebook.run(APP).locator(".lc-do-it-for-me").click()
    expect(notebook.cell(notebook.index(APP)).locator(".lc-speech")).to_contain_text("Go on")
    form, tab = follow_link(notebook)
    sign_in(tab)
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("body")).to_contain_text("missing_grant")
    form.locator(".lc-paste input").fill(tab.url)
    form.locator(".lc-use-pasted").click()
    expect(form.locator(".lc-speech")).to_contain_text("What to do")
    screenshot(page, "cancelled")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_narrow_window(jupyter: Start, page: Page, theme: str) -> None:
    page.set_viewport_size({"width": 620, "height": 900})
    notebook = Notebook.open(page, jupyter(theme=f"JupyterLab {theme}"), NAME)
    notebook.make_room()
    notebook.run(SETUP)
    form = notebook.run(APP)
    form.locator(".lc-do-it-for-me").click()
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    screenshot(page, f"narrow-{theme.lower()}-step-1")
    notebook.run(URL)
    waiting = notebook.run(AUTHORIZATION)
    screenshot(page, f"narrow-{theme.lower()}-step-2")
    for shown in (form, waiting):
        box = shown.locator(".lc-form").first
        inside, width = box.evaluate("form => [form.scrollWidth, form.clientWidth]")
        assert inside <= width, "The form is wider than its frame."
