"""A class on a hub as `classroom/` has it: everybody logs in, and comes to the table of chats.

`make classroom-test` has thirty people, of whom six sit at a browser too; `make test` has six, and
no browser.
"""

import os
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import Notebook, launch
from tests.browser.hub import sign_in_to_hub
from tests.browser.person import (
    CHATS,
    allow,
    close_tab,
    configure,
    exchange_and_list,
    follow_link,
    sign_in,
)

from .hub import TEACHER, ClassHub, class_hub
from .learner import PATIENCE, Learner, logged_in

PEOPLE = int(os.environ.get("LC_TUTORIAL_CLASS", "6"))
AT_BROWSERS = 6 if "LC_TUTORIAL_CLASS" in os.environ else 0

FIRST, SECOND = "00_start_here.ipynb", "01_authorization_in_practice.ipynb"


def all_at_once(learners: Iterable[Learner], do: Callable[[Learner], object]) -> list[object]:
    """Everybody does the same in the same minute; the first trouble is raised."""
    people = list(learners)
    with ThreadPoolExecutor(len(people)) as room:
        return list(room.map(do, people))


def come_in(learner: Learner) -> None:
    learner.log_in()
    learner.start_server()


def do_notebooks(learner: Learner) -> str:
    """Notebook 00, and 01 to the table; gives the redirect URI."""
    first = learner.open(FIRST)
    first.run_to()
    second = learner.open(SECOND)
    table = second.run_to(CHATS)
    assert "Step 4 is done" in table.html, table.html
    redirect_uri = second.run("print(app.redirect_uri)").text.strip()
    learner.close(second)
    learner.close(first)
    return redirect_uri


def sit_at_browser(hub: ClassHub, learner: Learner) -> None:
    """Notebook 00, and 01 to the table by hand, in a browser of one's own."""
    with sync_playwright() as playwright:
        chromium = launch(playwright.chromium)
        page = chromium.new_context().new_page()
        lab = sign_in_to_hub(page, hub.url, hub.password, learner.name)
        first = Notebook.open(page, lab, FIRST)
        first.run("lc.PlatformChoice()")
        expect(first.run("lc.check_environment()")).to_contain_text("All set")
        second = Notebook.open(page, lab, SECOND)
        # JupyterLab shows first what was open before.
        page.wait_for_function(
            "name => window.jupyterapp.shell.currentWidget.context.path.endsWith(name)", arg=SECOND
        )
        second.wait_for_kernel()
        configure(second)
        form, tab = follow_link(second)
        sign_in(tab)
        allow(tab)
        expect(tab.locator("body")).to_contain_text("The code has arrived")
        close_tab(tab, page)
        expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
        exchange_and_list(second)
        chromium.close()


def steps_on_the_board(page: str, name: str) -> int:
    """How many steps of the notebook shown somebody is done with, as the board shows it."""
    row = re.search(rf'<span class="name">{name}</span>.*?</tr>', page, re.DOTALL)
    return row[0].count('<td class="done">') if row else 0


def see_all_on_the_board(hub: ClassHub, learners: list[str], steps: int = 4) -> None:
    """The teacher opens the board, and looks until so many steps of everybody are there."""
    with logged_in(hub.url, TEACHER, hub.teachers_password) as browser:
        deadline = time.monotonic() + PATIENCE
        done: dict[str, int] = {}
        # It is told by threads of the kernels, which nobody waits for.
        while time.monotonic() < deadline:
            page = browser.get(f"{hub.url}/services/board/", timeout=PATIENCE).text
            done = {name: steps_on_the_board(page, name) for name in learners}
            if min(done.values()) >= steps:
                return
    raise AssertionError(f"The board does not show {steps} steps of each: {done}")


@pytest.fixture
def learners() -> list[str]:
    return [f"learner-{number:02}" for number in range(1, PEOPLE + 1)]


def test_everybody_comes_to_the_table(tmp_path: Path, learners: list[str]) -> None:
    # The tests' browsers ask JupyterLab how far it is.
    options = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
    with class_hub(tmp_path, *(f"--Spawner.args={option}" for option in options)) as hub:
        people = [Learner(hub.url, name, hub.password) for name in learners]
        began = time.monotonic()
        all_at_once(people, come_in)
        print(f"\n{PEOPLE} servers: after {time.monotonic() - began:.0f} s")
        uris = all_at_once(people, do_notebooks)
        print(f"{PEOPLE} tables: after {time.monotonic() - began:.0f} s")
        see_all_on_the_board(hub, learners)
        # Nobody's code can come to somebody else.
        assert len(set(uris)) == len(people), uris
        for name in learners:
            assert (hub.homes / name / "lc-tutorial-course" / FIRST).is_file()
        if AT_BROWSERS:
            all_at_once(people[:AT_BROWSERS], lambda learner: sit_at_browser(hub, learner))
            print(f"and at browsers: after {time.monotonic() - began:.0f} s")
        all_at_once(people, Learner.stop_server)
