"""Notebook 04 in a real JupyterLab: some of its cases broken and mended by hand, and looked at."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import JupyterLab, Notebook, screenshot

NAME = "04_when_it_fails.ipynb"
Start = Callable[..., JupyterLab]

#: Cells worth a picture, by what their sources contain.
SEEN = {
    "javascript-app": '"client-type"',
    "cancel": "clinic.cancel",
    "exercise": "lc.check_take_code",
    "scope": '"scope", response',
    "too-many": '"too-many"',
    "dropped": '"dropped"',
    "failures": "lc.check_failures",
    "answers": "## What each answer asks for",
}

AGAIN = (
    'requests.post(\n    platform.list_chats_url, timeout=10, headers=headers, json={"limit": 1}\n)'
)


def test_by_hand(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.run("import requests")
    expect(notebook.run("lc.catch_up").locator(".lc-speech")).to_contain_text("You have a token")

    broken = notebook.run('"client-type"')
    expect(broken).to_contain_text("Of a JavaScript app the link takes PKCE, too")
    expect(broken.locator(".lc-check")).to_contain_text("✗ missing")
    notebook.replace(
        '"client-type"',
        '    "state": state,\n',
        '    "state": state,\n    "code_challenge": pkce.challenge,\n'
        '    "code_challenge_method": "S256",\n',
    )
    mended = notebook.run('"client-type"')
    expect(mended.locator(".lc-check")).to_contain_text("✓ right")
    expect(mended.locator(".lc-redirected")).to_contain_text("dal:••••••••")

    expect(notebook.run("clinic.cancel")).to_contain_text("Cancel was chosen.")
    expect(notebook.run("clinic.somebody_else")).to_contain_text("answers another request")
    notebook.run("def take_code")
    expect(notebook.run("lc.check_take_code")).to_contain_text("broke with KeyError")
    notebook.replace(
        "def take_code",
        'return came["code"]',
        'return came.get("code") if came.get("state") == sent_state else None',
    )
    notebook.run("def take_code")
    expect(notebook.run("lc.check_take_code")).to_contain_text("Well done.")

    expect(notebook.run('"scope", response')).to_contain_text("403 authorization")
    notebook.replace(
        '"scope", response', "token = clinic", 'clinic.add_scope("agents--all:ro")\ntoken = clinic'
    )
    expect(notebook.run('"scope", response').locator(".lc-check")).to_contain_text("✓ right")

    notebook.run('"json", response')  # it makes the headers
    expect(notebook.run('"too-many"')).to_contain_text("Wait 2 seconds, as the answer asks.")
    notebook.replace(
        '"too-many"', "lc.check_mended", f"time.sleep(2)\nresponse = {AGAIN}\nlc.check_mended"
    )
    expect(notebook.run('"too-many"').locator(".lc-check")).to_contain_text("✓ right")
    expect(notebook.run('"dropped"')).to_contain_text("closed the connection without an answer")

    notebook.run("journal = pd.DataFrame")
    notebook.replace(
        "journal = pd.DataFrame",
        "answer = None",
        'failed = journal[journal["status"] >= 400]\n'
        'answer = failed["status"].value_counts().reset_index()\n'
        'answer["who"] = answer["status"].map({403: "person", 429: "time", 400: "code"})\n#',
    )
    notebook.run("journal = pd.DataFrame")
    expect(notebook.run("lc.check_failures")).to_contain_text("Well done.")

    for theme, width in (("Light", 1280), ("Dark", 700)):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {theme}",
        )
        page.set_viewport_size({"width": width, "height": 900})
        notebook.make_room()
        for picture, text in SEEN.items():
            cell = notebook.look_at(text)
            screenshot(page, f"fails-{theme.lower()}-{picture}")
            wide = cell.locator(".lc-check, .lc-redirected, .lc-problem")
            for shown in wide.all():
                assert shown.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
