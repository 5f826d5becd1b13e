"""Questions, with the keyboard alone: each kind is answered wrongly first, and then rightly."""

from collections.abc import Callable

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import THEMES, JupyterLab, Notebook, screenshot

NAME = "99_of_a_teacher.ipynb"
Start = Callable[..., JupyterLab]

#: A teacher's own, beside the notebook: one of each kind.
QUESTIONS = """
[[question]]
id = "my-single"
kind = "single"
topic = "Where the code arrives"
text = "The app asks with `response_type=code`. Where does the code arrive?"
[[question.choice]]
text = "At the *token endpoint*."
reason = "There it is exchanged."
[[question.choice]]
text = "At the redirect URI."
right = true
reason = "Right: with the `state` that was sent."
[[question.choice]]
text = "In the Console, where a long line goes on in the next one, as lines do in a narrow window."
reason = "There the app is configured."

[[question]]
id = "my-several"
kind = "several"
topic = "What is secret"
text = "Which of these must nobody else see?"
[[question.choice]]
text = "The Client Secret."
right = true
reason = "Right."
[[question.choice]]
text = "The Client Id."
reason = "It is public."
[[question.choice]]
text = "The access token."
right = true
reason = "Right: it opens the account."

[[question]]
id = "my-value"
kind = "value"
topic = "How long"
text = "How many hours does an access token live?"
answers = ["8"]
reason = "Right."
otherwise = "Look at `expires_in`."

[[question]]
id = "my-order"
kind = "order"
topic = "The flow"
text = "In which order?"
reason = "Right: that is the flow."
otherwise = "The code comes before the token."
[[question.item]]
text = "Ask for the code"
[[question.item]]
text = "Exchange it"
[[question.item]]
text = "Call the API"
"""

CELLS = [
    "import lc_tutorial as lc",
    *(f'lc.quiz("my-{kind}")' for kind in ("single", "several", "value", "order")),
    "lc.progress()",
]


def opened(page: Page, lab: JupyterLab) -> Notebook:
    """The notebook of a teacher, with questions of their own beside it."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.folder / NAME)
    (lab.folder / "99_of_a_teacher.questions.toml").write_text(QUESTIONS, encoding="utf-8")
    return Notebook.open(page, lab, NAME)


def says(quiz: Locator, text: str) -> None:
    speech = quiz.locator(".lc-speech")
    expect(speech).to_contain_text(text)
    # It was there before it spoke: only then a screen reader reads it aloud.
    expect(speech).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("theme", [f"JupyterLab {each}" for each in THEMES])
def test_with_the_keyboard_alone(either_jupyter: Start, page: Page, theme: str) -> None:
    dark = "-dark" if theme.endswith("Dark") else ""
    page.set_viewport_size({"width": 700, "height": 900})
    notebook = opened(page, either_jupyter(theme=theme))
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    notebook.run("import lc_tutorial")
    press = page.keyboard.press

    single = notebook.run("my-single")
    question = single.get_by_role("group", name="Where does the code arrive?")
    expect(question).to_be_visible()
    single.locator(".lc-quiz-check").focus()
    press("Space")
    says(single, "Note. Choose an answer first.")
    question.get_by_role("radio", name="At the token endpoint.").focus()
    press("Space")
    press("Tab")
    press("Space")
    says(single, "Not yet. There it is exchanged.")
    press("Shift+Tab")
    press("ArrowDown")
    expect(question.get_by_role("radio", name="At the redirect URI.")).to_be_checked()
    press("Tab")
    press("Space")
    says(single, "Right. With the state that was sent.")
    screenshot(page, f"quiz-single{dark}")

    several = notebook.run("my-several")
    several.get_by_role("checkbox", name="The Client Secret.").focus()
    press("Space")
    press("Tab")
    press("Space")
    several.locator(".lc-quiz-check").dblclick()
    says(several, "It is public.")
    says(several, "One more is.")
    screenshot(page, f"quiz-several{dark}")
    several.get_by_role("checkbox", name="The Client Id.").focus()
    press("Space")
    press("Tab")
    press("Space")
    press("Tab")
    press("Space")
    says(several, "Right.")

    value = notebook.run("my-value")
    value.get_by_role("textbox", name="Your answer").focus()
    page.keyboard.type("dd")
    press("Enter")
    says(value, "Not yet. Look at expires_in.")
    screenshot(page, f"quiz-value{dark}")
    press("ControlOrMeta+a")
    page.keyboard.type("8")
    press("Enter")
    says(value, "Right.")

    order = notebook.run("my-order")
    items = order.get_by_role("listitem")
    order.locator(".lc-quiz-check").click()
    says(order, "Not yet. The code comes before the token.")
    screenshot(page, f"quiz-order{dark}")
    for place, text in enumerate(("Ask for the code", "Exchange it", "Call the API")):
        up = order.get_by_role("button", name=f"Move up: {text}")
        up.focus()
        while text not in items.nth(place).inner_text():
            press("d")  # no command of JupyterLab's, which would delete the cell
            press("d")
            press("Enter")
            expect(order.locator(".lc-moved")).to_contain_text(text)
    expect(order.locator(".lc-moved")).to_contain_text("now 2 of 3.")
    order.locator(".lc-quiz-check").focus()
    press("Enter")
    says(order, "Right. That is the flow.")

    # No key was taken for a command of the notebook.
    assert cells == page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    )
    progress = notebook.run("lc.progress()")
    expect(progress).to_contain_text("Go on with 00 Start here")
    screenshot(page, f"progress{dark}")
