"""The request lab of notebook 01 in a real JupyterLab: mouse, keyboard, themes, narrow windows."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.notebooks.test_secrets import search

from .conftest import THEMES, JupyterLab, Notebook, screenshot
from .person import APP, AUTHORIZATION, EXCHANGE, SETUP, TOKEN, URL, close_tab, open_tab
from .test_forms import append

NAME = "01_authorization_in_practice.ipynb"
LAB = "lab = lc.RequestLab"
Start = Callable[..., JupyterLab]

#: The platform's own sample since 3.5, but for the limit: Basic, and a placeholder.
SAMPLE = """curl -X POST 'https://api.livechatinc.com/v3.6/agent/action/list_chats' \\
  -H 'Content-Type: application/json' \\
  -H 'Authorization: Basic <your_personal_access_token>' \\
  -d '{
        "limit": 3 // at most 100
      }'"""

SCRIPT = "<script>document.title='owned'</script>"


#: Texts of the lab that can't be read well: with a contrast below 4.5 (WCAG AA).
PALE = """lab => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => colour
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const over = ([r, g, b, alpha = 1], below) =>
        [r, g, b].map((part, i) => part * alpha + below[i] * (1 - alpha));
    const behind = (element) => element
        ? over(numbers(getComputedStyle(element).backgroundColor), behind(element.parentElement))
        : [255, 255, 255];
    return [...lab.querySelectorAll("*")]
        .filter((element) => element.checkVisibility() && !element.matches("style, option"))
        .filter((element) => element.matches("input, select, textarea")
            || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .map((element) => {
            const below = behind(element);
            const text = over(numbers(getComputedStyle(element).color), below);
            const [one, other] = [light(text), light(below)];
            const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            return [element.textContent.trim().slice(0, 40) || element.tagName, contrast];
        })
        .filter(([, contrast]) => contrast < 4.5);
}"""


def open_lab(page: Page, jupyterlab: JupyterLab, *, pictures: bool = False) -> Locator:
    """Steps 1 to 3, done by the forms themselves; then the lab."""
    notebook = Notebook.open(page, jupyterlab, NAME)
    notebook.make_room()
    notebook.run(SETUP)
    notebook.run(APP).locator(".lc-do-it-for-me").click()
    expect(notebook.cell(notebook.index(APP)).locator(".lc-speech")).to_contain_text("Go on")
    notebook.run(URL)
    notebook.run(AUTHORIZATION).locator(".lc-do-it-for-me").click()
    expect(notebook.cell(notebook.index(AUTHORIZATION)).locator(".lc-speech")).to_contain_text(
        "Go on"
    )
    notebook.run(EXCHANGE)
    notebook.run(TOKEN)
    lab = notebook.run(LAB).locator(".lc-lab")
    expect(lab.locator(".lc-legend")).to_contain_text("✓ is here")
    top(lab)
    return lab


def top(inside: Locator) -> None:
    """Scroll so that this begins at the top."""
    inside.evaluate("element => element.scrollIntoView({block: 'start'})")


def paste(lab: Locator, text: str) -> None:
    lab.locator(".lc-import-field textarea").fill(text)
    lab.locator(".lc-import").click()


def speech(lab: Locator) -> Locator:
    """What the lab itself says, below Send."""
    return lab.locator(":scope > .lc-speech")


def fits(lab: Locator) -> bool:
    return bool(lab.evaluate("element => element.scrollWidth <= element.clientWidth"))


@pytest.mark.parametrize("theme", THEMES)
def test_with_the_mouse(jupyterlab: Start, page: Page, theme: str) -> None:
    server = jupyterlab(theme=f"JupyterLab {theme}")
    lab = open_lab(page, server)

    def picture(name: str, at: Locator | None = None) -> None:
        top(at or lab)
        screenshot(page, f"lab-{theme.lower()}-{name}")
        assert lab.evaluate(PALE) == [], name

    picture("opened")
    # As a sample says it: asked, filled in, sent to the sandbox.
    lab.locator(".lc-import-fold").click()
    paste(lab, SAMPLE)
    notes = lab.locator(".lc-import-box .lc-speech")
    expect(notes).to_contain_text("Nothing was sent yet")
    expect(lab.locator(".lc-import-field textarea")).to_have_value("")
    picture("imported")
    lab.locator(".lc-bearer").click()
    expect(notes).to_contain_text("Bearer header now")
    lab.locator(".lc-import-fold").click()
    lab.locator(".lc-tabs button", has_text="Authorization").click()
    expect(lab.locator(".lc-token-choice select")).to_have_value("{{access_token}}")
    picture("authorization")
    # A double click sends once.
    lab.locator(".lc-send").dblclick()
    expect(lab.locator(".lc-answer .lc-transcript")).to_contain_text("200 OK")
    expect(lab.locator(".lc-history")).to_contain_text("sent")
    picture("answer")
    raw = lab.locator(".lc-transcript summary", has_text="The raw answer")
    raw.click()
    picture("raw", raw)
    lab.locator(".lc-make-tables").click()
    expect(lab.locator(".lc-tables-made")).to_contain_text("chats · 3 rows")
    picture("tables", lab.locator(".lc-tables-made"))
    # Wrong JSON.
    lab.locator(".lc-tabs button", has_text="Body").click()
    body = lab.locator(".lc-body-text textarea")
    body.fill('{\n  "limit": 3,\n  "sort_order": asc\n}')
    lab.locator(".lc-send").click()
    expect(lab.locator(".lc-body-note")).to_contain_text("Line 3, column 17")
    picture("json")
    # Rows: a header that the sandbox answers with a refusal.
    body.fill("{}")
    lab.locator(".lc-tabs button", has_text="Headers").click()
    lab.locator(".lc-headers .lc-add").click()
    lab.locator(".lc-headers .lc-name input").fill("X-Region")
    lab.locator(".lc-headers .lc-value input").fill("mars")
    lab.locator(".lc-headers .lc-add").click()
    expect(lab.locator(".lc-headers .lc-remove")).to_have_count(2)
    picture("headers")
    lab.locator(".lc-headers .lc-remove").last.click()
    expect(lab.locator(".lc-headers .lc-add")).to_be_focused()
    # Another host is named, and needs a click of its own.
    lab.locator(".lc-url input").fill("https://stranger.example/x?page=2")
    page.keyboard.press("Tab")
    expect(lab.locator(".lc-editor > .lc-speech")).to_contain_text("The URL had a query")
    lab.locator(".lc-send").click()
    expect(speech(lab)).to_contain_text("stranger.example")
    expect(lab.locator(".lc-also-send")).to_have_text("Also send to stranger.example")
    picture("stranger")
    # What was sent: opened, copied, sent again.
    lab.locator(".lc-history").click()
    history = lab.locator(".lc-history-part")
    # The list writes spaces that don't break.
    sent = [entry.replace("\xa0", " ") for entry in history.locator("option").all_inner_texts()]
    from_lab = [entry for entry in sent if "from the lab" in entry]
    assert len(from_lab) == 1, sent
    assert any("200 · POST /v2/token · from a cell" in entry for entry in sent)
    history.locator("select").select_option(index=sent.index(from_lab[0]))
    history.locator(".lc-as-curl").click()
    expect(history.locator(".lc-copy-text textarea")).to_have_value(re.compile(r"\$ACCESS_TOKEN"))
    picture("history", lab.locator(".lc-history"))
    history.locator(".lc-open-sent").click()
    expect(lab.locator(".lc-url input")).to_have_value(re.compile(r"/list_chats$"))
    history.locator(".lc-send-again").click()
    expect(lab.locator(".lc-history")).to_contain_text(f"{len(sent) + 1} sent")
    lab.locator(".lc-history").click()
    # The collection.
    lab.locator(".lc-collection").click()
    collection = lab.locator(".lc-collection-part")
    collection.locator(".lc-export").click()
    expect(collection.locator(".lc-speech")).to_contain_text(".postman_collection.json")
    picture("collection", lab.locator(".lc-collection"))
    exported = next(server.folder.glob("*.postman_collection.json"))
    assert "v2.1.0" in json.loads(exported.read_text())["info"]["schema"]
    # In cells.
    notebook = Notebook(page)
    append(notebook, "lab.request.method, lab.response.status_code, len(lab.tables.chats)")
    expect(notebook.run("lab.request.method")).to_contain_text("('POST', 200, 3)")
    # Run again, it is as new.
    again = notebook.run(LAB).locator(".lc-lab")
    expect(again.locator(".lc-send")).to_be_visible()
    expect(again.locator(".lc-answer .lc-transcript")).to_have_count(0)


def name_of_focused(page: Page) -> str:
    """What a person hears of the element that has the keyboard."""
    return str(
        page.evaluate(
            """() => {
                const at = document.activeElement;
                return (at.labels?.[0]?.innerText || at.innerText || at.title).trim();
            }"""
        )
    )


def tab_to(page: Page, name: str, most: int = 25) -> list[str]:
    """Press Tab until this has the keyboard; gives the names on the way."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(name_of_focused(page))
        if passed[-1].endswith(name):
            outline = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1; }"
            )
            assert outline, f"{name} does not show that it has the keyboard."
            return passed
    raise AssertionError(f"{name} is not among {passed}.")


def test_with_the_keyboard_alone(jupyterlab: Start, page: Page) -> None:
    lab = open_lab(page, jupyterlab())
    press, answer = page.keyboard.press, lab.locator(".lc-answer .lc-transcript")
    lab.locator(".lc-import-fold").focus()
    press("Enter")
    expect(lab.locator(".lc-import-field")).to_be_visible()
    tab_to(page, "cURL or URL")
    page.keyboard.insert_text(SAMPLE.replace("Basic <your_personal", "Bearer <your"))
    tab_to(page, "Import")
    expect(lab.locator(".lc-import-box .lc-speech")).to_contain_text("Nothing was sent yet")
    passed = tab_to(page, "Send", 30)
    assert passed[-3:] == ["Method", "URL", "Send"]
    press("Enter")
    expect(answer).to_contain_text("200 OK")
    # The answer: its folds, and the tables.
    passed = tab_to(page, "Make tables", 40)
    assert passed[:6] == ["Authorization", "Body", "Query", "Headers", "Kind", "Body"]
    assert any("The raw answer" in name for name in passed)
    press("Space")
    expect(lab.locator(".lc-tables-made")).to_contain_text("chats · 3 rows")
    # The exchange, the check's own question, and what was sent here.
    tab_to(page, "History · 3 sent", 20)
    press("Space")
    expect(lab.locator(".lc-sent")).to_be_visible()
    tab_to(page, "Sent")
    for key in ("Space", "ArrowDown", "ArrowDown", "Enter"):
        press(key)
    tab_to(page, "Open")
    press("Space")
    expect(lab.locator(".lc-url input")).to_have_value(re.compile("/v2/token$"))
    tab_to(page, "Copy as a program")
    press("Enter")
    copied = lab.locator(".lc-history-part .lc-copy-text textarea")
    expect(copied).to_be_focused()
    press("Control+a")
    chosen = copied.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen == copied.input_value()
    assert 'os.environ["CLIENT_SECRET"]' in chosen
    tab_to(page, "Collection")
    press("Enter")
    expect(lab.locator(".lc-folder")).to_be_visible()
    tab_to(page, "Folder")
    tab_to(page, "Request")
    tab_to(page, "Open")
    press("Enter")
    expect(lab.locator(".lc-url input")).not_to_have_value(re.compile("/v2/token$"))
    expect(lab).to_contain_text("Also in the request: 6 query parameters")
    # A row of a table.
    lab.locator(".lc-tabs button", has_text="Headers").press("Space")
    expect(lab.locator(".lc-headers")).to_be_visible()
    tab_to(page, "Add a header")
    press("Space")
    expect(lab.locator(".lc-headers .lc-name input")).to_be_focused()
    page.keyboard.type("X-Region")
    tab_to(page, "Value of the header")
    page.keyboard.type("fra")
    tab_to(page, "Remove")
    press("Enter")
    expect(lab.locator(".lc-headers .lc-name")).to_have_count(0)
    expect(lab.locator(".lc-headers .lc-add")).to_be_focused()


@pytest.mark.parametrize(("width", "theme"), [(620, "Dark"), (400, "Light")])
def test_a_narrow_window(jupyterlab: Start, page: Page, width: int, theme: str) -> None:
    server = jupyterlab(theme=f"JupyterLab {theme}")
    lab = open_lab(page, server)
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_timeout(300)

    def picture(name: str, at: Locator | None = None) -> None:
        top(at or lab)
        screenshot(page, f"lab-{width}-{name}")
        assert fits(lab), name

    picture("opened")
    lab.locator(".lc-import-fold").click()
    paste(lab, SAMPLE)
    expect(lab.locator(".lc-bearer")).to_be_visible()
    picture("imported")
    lab.locator(".lc-bearer").click()
    lab.locator(".lc-import-fold").click()
    lab.locator(".lc-tabs button", has_text="Query").click()
    lab.locator(".lc-query .lc-add").click()
    expect(lab.locator(".lc-query .lc-name input")).to_be_focused()
    picture("query")
    lab.locator(".lc-query .lc-remove").click()
    lab.locator(".lc-send").click()
    expect(lab.locator(".lc-answer .lc-transcript")).to_contain_text("200 OK")
    picture("answer", lab.locator(".lc-send"))
    lab.locator(".lc-make-tables").click()
    expect(lab.locator(".lc-tables-made")).to_be_visible()
    picture("tables", lab.locator(".lc-tables-made"))
    lab.locator(".lc-history").click()
    lab.locator(".lc-history-part .lc-as-curl").click()
    picture("history", lab.locator(".lc-history"))
    lab.locator(".lc-history").click()
    lab.locator(".lc-collection").click()
    picture("collection", lab.locator(".lc-collection"))


def test_what_is_hostile_shows_as_text(jupyterlab: Start, page: Page) -> None:
    server = jupyterlab()
    lab = open_lab(page, server)
    before = sorted(path.name for path in server.folder.iterdir())
    title = page.title()
    lab.locator(".lc-import-fold").click()
    box = lab.locator(".lc-import-box")
    for pasted in (
        "curl https://api.livechatinc.com/$(touch pwned)",
        "curl https://api.livechatinc.com/ | tee pwned",
        SCRIPT,
        "\x01\x02\x7f PNG",
        "x" * 1_000_000,
    ):
        box.locator("textarea").fill(pasted)
        box.locator(".lc-import").click()
        expect(box.locator(".lc-speech")).to_contain_text("What to do")
        expect(box.locator("textarea")).to_have_value("")
    screenshot(page, "lab-hostile")
    # As a part of an address it is text, and nothing else.
    paste(lab, f'curl "https://api.livechatinc.com/{SCRIPT}"')
    expect(lab.locator(".lc-url input")).to_have_value(re.compile(re.escape(SCRIPT)))
    paste(lab, SAMPLE.replace("Basic <your_personal", "Bearer <your"))
    expect(lab.locator(".lc-url input")).to_have_value(re.compile("list_chats$"))
    # In each field, and in what the platform says of it.
    lab.locator(".lc-body-text textarea").fill(json.dumps({"limit": SCRIPT, SCRIPT: 1}))
    lab.locator(".lc-tabs button", has_text="Headers").click()
    lab.locator(".lc-headers .lc-add").click()
    lab.locator(".lc-headers .lc-name input").fill("X-Test")
    lab.locator(".lc-headers .lc-value input").fill(SCRIPT)
    lab.locator(".lc-send").click()
    transcript = lab.locator(".lc-answer .lc-transcript")
    expect(transcript).to_contain_text("400")
    transcript.locator("summary", has_text="The request").click()
    expect(transcript).to_contain_text(SCRIPT)
    lab.locator(".lc-url input").fill(f"https://stranger.example/{SCRIPT}")
    lab.locator(".lc-send").click()
    expect(speech(lab)).to_contain_text("What to do")
    assert lab.locator("script").count() == 0
    assert page.title() == title
    assert sorted(path.name for path in server.folder.iterdir()) == before


def test_no_secret_is_saved(jupyterlab: Start, page: Page, tmp_path: Path) -> None:
    server = jupyterlab()
    manager = server.home / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))
    lab = open_lab(page, server)
    typed = [f"not-a-real-secret-{number}-of-the-lab" for number in range(4)]
    # Typed and left, in each place where one could be.
    lab.locator(".lc-values").click()
    lab.locator(".lc-value-name select").select_option("personal_access_token")
    lab.locator(".lc-value-typed input").fill(typed[0])
    lab.locator(".lc-tabs button", has_text="Authorization").click()
    expect(lab.locator(".lc-value-typed input")).to_have_value("")
    lab.locator(".lc-token-choice").locator("xpath=..").locator(".lc-new-secret input").fill(
        typed[1]
    )
    lab.locator(".lc-tabs button", has_text="Headers").click()
    lab.locator(".lc-headers .lc-add").click()
    lab.locator(".lc-headers .lc-name input").fill("Cookie")
    lab.locator(".lc-headers .lc-value input").fill(f"session={typed[2]}")
    # Pasted.
    lab.locator(".lc-import-fold").click()
    paste(
        lab,
        f"curl https://accounts.livechat.com/v2/info -H 'Authorization: Bearer {typed[3]}-pasted'",
    )
    expect(lab.locator(".lc-import-box .lc-speech")).to_contain_text("Nothing was sent yet")
    # Sent, answered, revealed on a page of its own.
    lab.locator(".lc-tabs button", has_text="Authorization").click()
    lab.locator(".lc-token-choice select").select_option("{{access_token}}")
    lab.locator(".lc-send").click()
    expect(lab.locator(".lc-answer .lc-transcript")).to_contain_text("200 OK")
    lab.locator(".lc-reveal").click()
    revealed = open_tab(lab.locator("a.lc-open-revealed"))
    expect(revealed.locator("body")).to_contain_text("dal:")
    assert "•" not in revealed.locator("body").inner_text()
    screenshot(revealed, "lab-revealed")
    # It opens once: after that nobody answers there.
    with pytest.raises(Error):
        revealed.reload()
    close_tab(revealed, page)
    screenshot(page, "lab-reveal-link")
    outside = tmp_path / "secrets.json"
    notebook = Notebook(page)
    append(
        notebook,
        "import json; json.dump([app.client_secret, token.access_token, token.refresh_token], "
        f"open({str(outside)!r}, 'w'))",
    )
    notebook.run("json.dump")
    notebook.save()
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    notebook.save()
    written = json.loads((server.folder / NAME).read_text())
    assert "application/vnd.jupyter.widget-state+json" in written["metadata"]["widgets"]
    assert "{{access_token}}" in json.dumps(written["metadata"]["widgets"])
    saved = [server.folder, server.home / "workspaces"]
    assert search(saved, [*json.loads(outside.read_text()), *typed]) == []


def test_after_a_kernel_restart(jupyterlab: Start, page: Page) -> None:
    lab = open_lab(page, jupyterlab())
    lab.locator(".lc-send").click()
    expect(lab.locator(".lc-answer .lc-transcript")).to_contain_text("200 OK")
    notebook = Notebook(page)
    notebook.restart()
    notebook.wait_for_kernel()
    notebook.run(SETUP)
    append(notebook, "fresh = lc.RequestLab(platform)\nfresh")
    fresh = notebook.run("fresh = lc").locator(".lc-lab")
    expect(fresh.locator(".lc-legend")).to_contain_text("✗ has no value yet")
    fresh.locator(".lc-send").click()
    expect(speech(fresh)).to_contain_text("There is no value for {{access_token}}")
    top(fresh)
    screenshot(page, "lab-no-token")
