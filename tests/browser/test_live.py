"""Notebook 01 in live mode, in a real JupyterLab, with a real browser that goes to the real names.

The live platform's host names lead to a sandbox on this machine, over TLS, both for the kernel and
for the browser; to neither it looks like anything but the live platform.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect

from lc_tutorial.platforms import callback_port
from tests.mapped.live import Authority, LiveStandIn
from tests.mapped.mapped_hosts import HOSTS

from .conftest import THEMES, JupyterLab, Notebook, launch, screenshot
from .person import (
    APP,
    EXCHANGE,
    LIST_CHATS,
    SETUP,
    close,
    create_app,
    exchange_and_list,
    fill_in,
    follow_link,
    open_tab,
    sign_in,
)

NAME = "01_authorization_in_practice.ipynb"
EXPLORE = "02_explore_chats.ipynb"


def pin(authority: Authority) -> str:
    """By what Chromium knows the certificate: the Base64 of the SHA-256 of its public key."""
    certificate = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


@pytest.fixture
def page(chromium: Browser, live: LiveStandIn) -> Iterator[Page]:
    """A page of a browser for which the live platform is here, and nothing else is anywhere."""
    rules = [f"MAP {host}:443 127.0.0.1:{live.port}" for host in HOSTS]
    rules += ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]
    browser = launch(
        chromium.browser_type,
        f"--host-resolver-rules={', '.join(rules)}",
        f"--ignore-certificate-errors-spki-list={pin(live.authority)}",
        "--no-proxy-server",
    )
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    browser.close()


def test_the_live_platform_by_hand(
    jupyterlab: Callable[..., JupyterLab], page: Page, live: LiveStandIn
) -> None:
    lab = jupyterlab(environment=live.variables)
    (lab.folder / "lc_tutorial.json").write_text('{"platform": "live"}\n')
    notebook = Notebook.open(page, lab, NAME)
    expect(notebook.run(SETUP)).to_contain_text("API calls are billed")
    form = notebook.run(APP)
    expect(form.locator(".lc-do-it-for-me")).to_have_count(0)
    console = open_tab(form.locator("a.lc-console"))
    assert console.url == "https://platform.text.com/console/"
    here = f"http://127.0.0.1:{callback_port()}/callback"
    expect(form.locator(".lc-callback-address")).to_have_text(here)
    copied = create_app(console, redirect_uri=live.callback_address())
    close(console)
    fill_in(form, copied)
    expect(form.locator(".lc-speech")).to_contain_text("Go on with step 2")
    form, tab = follow_link(notebook)
    assert tab.url.startswith("https://accounts.livechat.com/login?")
    sign_in(tab)
    assert tab.url.startswith("https://accounts.livechat.com/grant-access?")
    tab.get_by_role("button", name="Allow").click()
    expect(tab.locator("body")).to_contain_text("you can close it")
    assert tab.url.startswith(f"{copied.redirect_uri}?code=dal%3A")
    close(tab)
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    exchange_and_list(notebook)
    exchanged = notebook.cell(notebook.index(EXCHANGE)).locator(".lc-billing")
    expect(exchanged).to_contain_text("kernel: 0 (this one is free")
    listed = notebook.cell(notebook.index(LIST_CHATS)).locator(".lc-billing")
    expect(listed).to_contain_text("Billed calls so far in this kernel: 1 (")
    listed.scroll_into_view_if_needed()
    # The lab says the price before it sends, and counts what it sent.
    in_lab = notebook.run("lab = lc.RequestLab").locator(".lc-lab")
    price = in_lab.locator(".lc-price")
    expect(price).to_contain_text("USD 0.27 per 1,000")
    expect(price).to_contain_text("Billed calls so far in this kernel: 1")
    in_lab.locator(".lc-send").click()
    expect(in_lab.locator(".lc-answer .lc-transcript")).to_contain_text("200 OK")
    expect(price).to_contain_text("Billed calls so far in this kernel: 2")
    in_lab.evaluate("element => element.scrollIntoView({block: 'start'})")
    screenshot(page, "lab-live")
    listed = notebook.look_at(LIST_CHATS).locator(".lc-billing")
    screenshot(page, "live-billed-calls")
    for skipped in ("lc.redirect_of_somebody_else", "data=stolen", "lc.show(expired)"):
        expect(notebook.run(skipped).locator(".jp-OutputArea-output")).to_have_count(0)
    expect(notebook.run("lc.show(revoked)").locator(".lc-transcript")).to_contain_text("200")
    assert {"accounts.livechat.com", "api.livechatinc.com"} <= live.asked_for()
    assert live.connected_to() <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("theme", THEMES)
def test_a_personal_access_token(
    jupyterlab: Callable[..., JupyterLab], page: Page, live: LiveStandIn, theme: str
) -> None:
    lab = jupyterlab(theme=f"JupyterLab {theme}", environment=live.variables)
    (lab.folder / "lc_tutorial.json").write_text('{"platform": "live"}\n')
    console = page.context.new_page()
    console.goto("https://platform.text.com/console/settings/authorization/new")
    console.fill("#token-name", "Export")
    console.check("input[value='chats--all:ro']")
    console.click("#create")
    token, encoded = (console.input_value(f"#token-{each}") for each in ("value", "base64"))
    close(console)
    notebook = Notebook.open(page, lab, EXPLORE)
    notebook.run("platform = lc.connect()")
    form = notebook.run("session = lc.catch_up").locator(".lc-catch-up")
    form.get_by_text("Which tokens?").click()
    form.evaluate("element => element.scrollIntoView({block: 'start'})")
    screenshot(page, f"catch-up-{theme.lower()}")
    field, speech = form.locator(".lc-access-token input"), form.locator(".lc-speech").last
    # By itself it doesn't say whose it is.
    field.fill(token)
    field.press("Tab")
    expect(speech).to_contain_text("is a personal access token")
    screenshot(page, f"catch-up-{theme.lower()}-bare")
    field.fill(encoded)
    field.press("Tab")
    expect(speech).to_contain_text("You have a token: go on.")
    expect(field).to_have_value("")
    expect(form.locator(".lc-client-id")).to_have_count(0)
    screenshot(page, f"catch-up-{theme.lower()}-done")
    expect(notebook.run("pages.calls_needed()")).to_contain_text("3")
    chats = notebook.run("tables = lc.tables(pages)").get_by_role("row", name="a chat, with")
    expect(chats).to_contain_text("250")
