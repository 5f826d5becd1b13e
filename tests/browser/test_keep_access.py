"""Notebook 03 by hand, from the token that one has to the one that a library gets."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import JupyterLab, Notebook, screenshot
from .person import close_tab, open_tab, sign_in

NAME = "03_keep_access.ipynb"
SOLUTIONS = Path(__file__).parents[2] / "solutions" / "03_keep_access.md"
Start = Callable[..., JupyterLab]

#: Cells worth a picture, by what their sources contain.
SEEN = {
    "caught-up": "lc.check_catch_up(session)",
    "token": "lc.show(info)",
    "expired": "lc.show(late)",
    "quiz": 'lc.quiz("new-token")',
    "fresh": "lc.check_fresh(fresh",
    "replayed": "lc.show(again)",
    "order": 'lc.quiz("access-ended")',
    "living": "lc.check_living(",
    "revoked": "lc.show(refused)",
    "several": 'lc.quiz("where-kept")',
    "authlib": "lc.AuthorizationForm(platform, url)",
}


def solution(exercise: str) -> str:
    below = SOLUTIONS.read_text(encoding="utf-8").partition(f"## exercise-{exercise}\n")[2]
    found = re.search(r"```python\n(.*?)\n```", below, re.DOTALL)
    assert found is not None
    return found[1]


def test_by_hand(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    for text in ("platform = lc.connect(", "session = lc.catch_up"):
        notebook.run(text)
    expect(notebook.run("lc.check_catch_up(session)")).to_contain_text("All is here")
    notebook.run("lc.show(info)")

    # Eight hours later, and the page on which the clock is seen to be ahead.
    late = notebook.run("lc.show(late)")
    expect(late).to_contain_text("The access token has expired.")
    control = open_tab(late.locator("a", has_text="_sandbox/enter"))
    expect(control.locator("#clock .badge")).to_contain_text("ahead by")
    expect(control.locator("#end-access")).to_be_visible()
    screenshot(control, "keep-access-control")
    close_tab(control, page)

    expect(notebook.run("lc.show(refresh_response)")).to_contain_text("200")
    expect(notebook.run("lc.check_renewed")).to_contain_text("nobody had to sign in")
    quiz = notebook.run('lc.quiz("new-token")')
    quiz.get_by_role("radio", name="The refresh token alone.").check()
    quiz.locator(".lc-quiz-check").click()
    expect(quiz.locator(".lc-speech")).to_contain_text("whoever found it could use it")
    quiz.get_by_role("radio", name="The refresh token, its Client Id").check()
    quiz.locator(".lc-quiz-check").click()
    expect(quiz.locator(".lc-speech")).to_contain_text("Nobody has to be awake")

    notebook.run("def fresh(token):")
    expect(notebook.run("lc.check_fresh(fresh")).to_contain_text("With 5 minutes left it should")
    notebook.replace("def fresh(token):", "    return token  # your code here", "    pass")
    start = 'def fresh(token):\n    """The token, or a new one if it has less than ten'
    notebook.replace(start, f'{start} minutes to live."""\n    pass', solution("fresh"))
    notebook.run(start)
    expect(notebook.run("lc.check_fresh(fresh")).to_contain_text("Well done")

    expect(notebook.run('lc.catch_up(platform, "javascript")')).to_contain_text("same? False")
    expect(notebook.run("lc.show(again)")).to_contain_text("This refresh token was used before.")
    expect(notebook.run("inspected = []")).to_contain_text("200")
    notebook.run("living = None")
    expect(notebook.run("lc.check_living(")).to_contain_text("Your answer: a table")
    notebook.replace("living = None", "living = None  # your code here", solution("living"))
    notebook.run("rows = []")
    expect(notebook.run("lc.check_living(")).to_contain_text("25 tokens, and those that live")

    expect(notebook.run("lc.show(refused)")).to_contain_text("The refresh token was revoked.")
    expect(notebook.run("lc.check_revoked(last)")).to_contain_text("could do nothing")
    expect(notebook.run("control.end_access(")).to_contain_text("The refresh token was revoked.")
    for question in ("refresh-twice", "access-ended", "where-kept"):
        expect(notebook.run(f'lc.quiz("{question}")').locator(".lc-quiz-check")).to_be_visible()

    form = notebook.run("lc.AuthorizationForm(platform, url)")
    tab = open_tab(form.locator("a.lc-authorize"))
    sign_in(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    close_tab(tab, page)
    expect(form.locator(".lc-speech")).to_contain_text("Done.")
    expect(notebook.run("client.fetch_token(")).to_contain_text("New tokens to save: 1")

    look(notebook, "wide")
    page.set_viewport_size({"width": 700, "height": 900})
    notebook.make_room()
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        "JupyterLab Dark",
    )
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    look(notebook, "dark-narrow")


def look(notebook: Notebook, name: str) -> None:
    """Take the pictures; nothing in them failed."""
    for picture, text in SEEN.items():
        cell = notebook.look_at(text)
        screenshot(notebook.page, f"keep-access-{name}-{picture}")
        expect(cell.locator(".jp-RenderedError")).to_have_count(0)
