"""The Console's pages in a real browser: what only a script, or only a browser, does."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

#: Colours of all visible text, with what is behind it: [text, contrast, is large].
CONTRASTS = """() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b]
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = numbers(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.checkVisibility() && !element.matches("script, option"))
        .filter((element) => !element.closest(".visually-hidden, :disabled"))
        .filter((element) => element.matches("input:not([type=checkbox], [type=radio]), select")
            || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .map((element) => {
            const style = getComputedStyle(element);
            const [one, other] = [light(numbers(style.color)), light(behind(element))];
            const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            return [element.textContent.trim().slice(0, 40) || element.id, contrast, large];
        });
}"""


@dataclass
class Sandbox:
    """A sandbox, as a client knows it."""

    url: str
    client_id: str
    redirect_uri: str
    email: str
    password: str


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    command = [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        del told["client_secret"]
        yield Sandbox(**told)
        process.terminate()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of on any page of the test: nothing."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def authorization(page: Page, sandbox: Sandbox, complaints: list[str]) -> Page:
    """The page App Authorization of a new app."""
    page.goto(f"{sandbox.url}/console/apps/new")
    page.fill("#app-name", "Mine")
    page.click("#create")
    page.click("#get-started")
    page.check("#type-server-side")
    page.click("#continue")
    return page


@pytest.mark.parametrize("has_clipboard", [True, False])
@pytest.mark.parametrize("copied", ["#client-id", "#client-secret", "#callback-address"])
def test_copy_buttons(authorization: Page, copied: str, has_clipboard: bool) -> None:
    page = authorization
    if has_clipboard:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        # As on a page that came over http from another machine.
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    source = page.locator(copied)
    text = source.inner_text() or source.input_value()
    button = page.locator(f'[data-copy="{copied}"]').first
    # The script offers it: what is hidden can't be focused.
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_have_text("Copied")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    page.locator("#redirect-uri-input").focus()
    page.keyboard.press("ControlOrMeta+V")
    expect(page.locator("#redirect-uri-input")).to_have_value(text)
    page.fill("#redirect-uri-input", "")


@pytest.mark.parametrize("proxied", [False, True])
def test_nothing_is_offered_before_it_works(authorization: Page, proxied: bool) -> None:
    """On a loaded machine the script comes late: a click before that would be lost."""
    page = authorization
    held: list[Route] = []
    page.route("**/console.js", lambda route: held.append(route))
    if proxied:
        page.set_extra_http_headers({"X-Forwarded-Context": "/user/mia/proxy/8000"})
    page.reload(wait_until="commit")
    expect(page.locator("#client-id")).to_be_visible()
    buttons = page.locator("[data-copy]")
    expect(buttons.locator("visible=true")).to_have_count(0)
    # Of the other buttons those are there that do without a script.
    expect(page.locator("#use-callback-address")).to_be_visible(visible=not proxied)
    expect(page.locator("#save-client")).to_be_visible()
    held[-1].continue_()
    expect(buttons.locator("visible=true")).to_have_count(buttons.count())
    expect(page.locator("#use-callback-address")).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    buttons.first.click()
    expect(buttons.first).to_have_text("Copied")


def test_the_save_button_says_whether_all_is_saved(authorization: Page) -> None:
    page = authorization
    save, state = page.locator("#save-client"), page.locator("#client-state")
    expect(save).to_have_text("All saved")
    expect(save).to_be_disabled()
    page.select_option("#client-type", "javascript")
    expect(save).to_have_text("Save changes")
    expect(save).to_be_enabled()
    expect(state).to_have_text("Not saved yet")
    page.select_option("#client-type", "server_side")
    expect(save).to_have_text("All saved")
    page.click("#use-callback-address")
    expect(save).to_have_text("Save changes")
    expect(page.locator("#save-scopes")).to_have_text("All saved")
    save.click()
    expect(save).to_have_text("All saved")
    expect(page.locator("#redirect-uri-list")).to_contain_text("/callback")


@pytest.mark.parametrize("edit", ["type an address", "tick a scope", "add an address"])
def test_leaving_with_unsaved_edits_asks_first(authorization: Page, edit: str) -> None:
    page = authorization
    if edit == "type an address":
        page.locator("#redirect-uri-input").press_sequentially("http")
    elif edit == "tick a scope":
        page.check("#scope-select input[value='chats--all:ro']")
    else:
        page.click("#use-callback-address")
        page.click("#redirect-uris-title")  # Chromium asks only whoever touched the page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url("**/console/apps/*")
    assert asked == ["beforeunload"]


def test_leaving_with_all_saved_does_not_ask(authorization: Page) -> None:
    page = authorization
    page.click("#use-callback-address")
    page.click("#save-client")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.click("#redirect-uris-title")
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url("**/console/apps/*")
    assert asked == []


def test_searching_the_scopes(authorization: Page) -> None:
    page = authorization
    visible = page.locator("#scope-select label:visible")
    everything = visible.count()
    page.check("#scope-select input[value='tags--all:ro']")
    page.locator("#scope-search").press_sequentially("chats--")
    expect(visible.filter(has_text="chats--all:ro")).to_have_count(1)
    expect(visible.filter(has_text="customers:ro")).to_have_count(0)
    # What is ticked stays in sight, for Add would add it.
    expect(visible.filter(has_text="tags--all:ro")).to_have_count(1)
    page.uncheck("#scope-select input[value='tags--all:ro']")
    page.fill("#scope-search", "elephants")
    expect(page.locator("#scope-none")).to_be_visible()
    page.fill("#scope-search", "")
    expect(visible).to_have_count(everything)
    expect(page.locator("#scope-none")).to_be_hidden()


def test_with_the_keyboard_alone(page: Page, sandbox: Sandbox, complaints: list[str]) -> None:
    def tab_to(selector: str) -> None:
        page.locator(selector).wait_for()
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    page.goto(f"{sandbox.url}/console/")
    tab_to("#create-app")
    page.keyboard.press("Enter")
    expect(page.locator("#app-name")).to_be_focused()
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    tab_to("#get-started")
    page.keyboard.press("Enter")
    tab_to("#type-javascript")
    page.keyboard.press("ArrowDown")
    tab_to("#continue")
    page.keyboard.press("Enter")
    tab_to("#redirect-uri-input")
    page.keyboard.type("https://app.example.com/?no")
    page.keyboard.press("Enter")
    # One is where one was, and reads what is wrong.
    field = page.locator("#redirect-uri-input")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "It has a query (from the question mark on), which is not allowed here."
    )
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("https://app.example.com/back")
    page.keyboard.press("Enter")
    expect(page.locator("#redirect-uri-list")).to_contain_text("https://app.example.com/back")
    tab_to("#scope-search")
    page.keyboard.type("chats--all:ro")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-scopes")).to_contain_text("chats--all:ro")
    page.locator("#save-client").press("Enter")
    expect(page.locator("#save-client")).to_have_text("All saved")
    page.locator("#save-scopes").press("Enter")
    expect(page.locator("#take-back-title")).to_have_text("Take these back to the notebook")


def test_the_focus_is_not_taken_from_who_went_on(authorization: Page) -> None:
    """On a busy machine one reads the new page before it put one back where one was."""
    page = authorization
    page.add_init_script(
        """const waiting = [];
        window.requestAnimationFrame = (then) => waiting.push(then);
        window.drawFrame = () => waiting.splice(0).forEach((then) => then());"""
    )
    for went_on in (False, True):
        page.fill("#redirect-uri-input", "no address")
        page.click("#add-redirect-uri")
        expect(page.locator("#redirect-uri-problem")).to_be_visible()
        page.wait_for_load_state()
        if went_on:
            page.locator("#scope-search").focus()
            page.evaluate("scrollTo(0, 10)")
        for _ in range(3):
            page.evaluate("drawFrame()")
        focused = "#scope-search" if went_on else "#redirect-uri-input"
        expect(page.locator(focused)).to_be_focused()
    assert page.evaluate("scrollY") == 10


def test_a_browser_lets_the_forms_end_at_the_app(
    page: Page, sandbox: Sandbox, complaints: list[str]
) -> None:
    """Chromium holds the redirects that answer a form against the policy's form-action."""
    arrived: list[str] = []

    class App(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arrived.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<link rel=icon href=data:,>Arrived")

        def log_message(self, *_: object) -> None:
            pass

    port = int(sandbox.redirect_uri.rpartition(":")[2].partition("/")[0])
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), App) as app:
        threading.Thread(target=app.serve_forever, daemon=True).start()
        request = {
            "response_type": "code",
            "client_id": sandbox.client_id,
            "redirect_uri": sandbox.redirect_uri,
            "state": "from-login",
        }
        page.goto(f"{sandbox.url}/?{urlencode(request)}")
        page.fill("#email", sandbox.email)
        page.fill("#password", sandbox.password)
        page.click("#sign-in")
        expect(page.locator("body")).to_have_text("Arrived")
        request |= {"state": "from-consent", "prompt": "consent"}
        page.goto(f"{sandbox.url}/?{urlencode(request)}")
        page.get_by_role("button", name="Allow").click()
        expect(page.locator("body")).to_have_text("Arrived")
        app.shutdown()
    assert [path.partition("&state=")[2] for path in arrived] == ["from-login", "from-consent"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_text_can_be_read_and_fits(
    chromium: Browser, sandbox: Sandbox, theme: Any, width: int
) -> None:
    """WCAG AA: a contrast of 4.5, or 3 for large text; and nothing to scroll sideways for."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()

    def look() -> None:
        page.wait_for_load_state()
        texts = page.evaluate(CONTRASTS)
        assert texts
        assert [text for text in texts if text[1] < (3 if text[2] else 4.5)] == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    for path in ("/console/", "/console/people", "/login", "/nothing", "/console/apps/new"):
        page.goto(f"{sandbox.url}{path}")
        look()
    page.click("#create")
    look()
    page.fill("#app-name", "A name " + "that is rather long " * 2)
    page.click("#create")
    look()
    page.click("#get-started")
    page.check("#type-server-side")
    look()
    page.click("#continue")
    page.fill("#redirect-uri-input", "http://127.0.0.1:8377/" + "a/" * 60 + "?x")
    page.click("#add-redirect-uri")
    look()
    page.fill("#redirect-uri-input", "http://127.0.0.1:8377/" + "a" * 120)
    page.click("#add-redirect-uri")
    page.check("#scope-select input[value='properties.license.value--all:rw']")
    page.click("#add-scope")
    look()
    page.click("#save-client")
    page.click("#save-scopes")
    look()
    page.get_by_role("link", name="Private installation").click()
    look()
    context.close()
