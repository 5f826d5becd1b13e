"""Every page of the sandbox and every form, looked at by axe-core in both themes."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from lc_tutorial.platforms import SandboxRecord, launch

from .axe import violations
from .conftest import JupyterLab, Notebook
from .person import APP, AUTHORIZATION, EXCHANGE, LIST_CHATS, SETUP, TOKEN, URL, create_app, sign_in
from .test_forms import append

Start = Callable[..., JupyterLab]

LAB = "lab = lc.RequestLab"
#: Enough for each kind of page; a crawler that finds no end has found a mistake.
MOST_PAGES = 80


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxRecord]:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    yield launch.join_or_start(fresh=True)
    launch.stop_all()


def kind_of(url: str) -> str:
    """The page's path without what differs from one app or chat to the next."""
    return re.sub(r"/(?=[^/]*\d)[\w:-]{8,}", "/…", urlsplit(url).path)


def look(page: Page) -> list[str]:
    """What is wrong with a page, by day and by night."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"at night: {each}" for each in violations(page, None, "color-contrast")]
    page.emulate_media(color_scheme="light")
    return [f"{page.url}: {each}" for each in found]


def test_pages_of_the_sandbox(sandbox: SandboxRecord, page: Page) -> None:
    nonce = {"X-Sandbox-Nonce": sandbox.nonce}
    made = requests.post(f"{sandbox.url}/_sandbox/ticket", headers=nonce, timeout=10)
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(f"{sandbox.url}/console/")
    copied = create_app(page)
    asked = {
        "response_type": "code",
        "client_id": copied.client_id,
        "redirect_uri": copied.redirect_uri,
        "state": "of-the-test",
    }
    # Nobody listens at the app's own address; the visit counts, for from now on we are signed in.
    page.route(f"{copied.redirect_uri}**", lambda route: route.fulfill(body="back at the app"))
    page.goto(f"{sandbox.url}/?{urlencode(asked)}")
    found = look(page)
    sign_in(page)
    expect(page.locator("body")).to_have_text("back at the app")
    todo = [
        f"/_sandbox/enter?ticket={made.json()['ticket']}",
        "/_sandbox/",
        "/console/",
        "/nothing",
        "/login",
        "/signup",
        f"/?{urlencode(asked | {'prompt': 'consent'})}",
        f"/?{urlencode(asked | {'redirect_uri': 'https://elsewhere.example/'})}",
        f"/?{urlencode(asked | {'client_id': 'not-an-id'})}",
    ]
    seen: set[str] = set()
    while todo:
        url = urljoin(sandbox.url, todo.pop(0))
        page.goto(url)
        seen.add(kind_of(page.url))
        found += look(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
        for link in links:
            is_here = link.startswith(f"{sandbox.url}/")
            known = seen | {kind_of(urljoin(sandbox.url, each)) for each in todo}
            if is_here and "/download" not in link and kind_of(link) not in known:
                todo.append(link)
        assert len(seen) < MOST_PAGES, seen
    assert {"/_sandbox/", "/console/", "/grant-access", "/ooops", "/nothing", "/signup"} <= seen
    assert found == []
    # And this it would have found.
    page.evaluate("document.body.append(document.createElement('img'))")
    assert [each.partition(":")[0] for each in violations(page)] == ["image-alt", "region"]


def test_forms(either_jupyter: Start, page: Page) -> None:
    lab = either_jupyter()
    one_of_each_kind = {
        each["kind"]: each["id"]
        for path in sorted(lab.folder.glob("*.questions.toml"))
        for each in tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    }
    assert set(one_of_each_kind) == {"single", "several", "value", "order"}
    questions = list(one_of_each_kind.values())
    notebook = Notebook.open(page, lab, "01_authorization_in_practice.ipynb")
    page.set_viewport_size({"width": 700, "height": 900})
    notebook.make_room()
    append(
        notebook,
        "lc.PlatformChoice()",
        "lc.progress()",
        "lc.glossary()",
        "lc.PersonalTokenForm(platform)",
        "lc.PublishForm(platform, app)",
        *(f"lc.quiz({each!r})" for each in questions),
    )
    notebook.run(SETUP)
    found = []

    def look_at(text: str) -> None:
        cell = notebook.run(text)
        output = cell.locator(".jp-OutputArea-output")
        expect(output.first).to_be_visible()
        output.first.evaluate("element => element.closest('.jp-Cell').id = 'looked-at'")
        found.extend(f"{text}: {each}" for each in violations(page, "#looked-at .jp-OutputArea"))
        cell.evaluate("element => element.removeAttribute('id')")

    def do_it_for_me(text: str) -> None:
        look_at(text)
        form = notebook.look_at(text)
        form.locator(".lc-do-it-for-me").click()
        expect(form.locator(".lc-speech")).to_contain_text("Go on")
        look_at(text)

    look_at("lc.PlatformChoice()")
    do_it_for_me(APP)
    notebook.run(URL)
    do_it_for_me(AUTHORIZATION)
    for text in (EXCHANGE, TOKEN, LIST_CHATS, LAB):
        look_at(text)
    look_at("lc.progress()")
    look_at("lc.glossary()")
    look_at("lc.PersonalTokenForm(platform)")
    look_at("lc.PublishForm(platform, app)")
    for each in questions:
        look_at(f"lc.quiz({each!r})")
    assert found == []
