"""Notebook 02 in a real JupyterLab, run whole, and looked at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PATIENCE, THEMES, JupyterLab, Notebook, screenshot

NAME = "02_explore_chats.ipynb"
Start = Callable[..., JupyterLab]

#: Cells worth a picture, by what their sources contain.
SEEN = {
    "catch-up": "session = lc.catch_up",
    "calls": "client.list_chats_pages()",
    "tables": "tables = lc.tables(pages)",
    "chats": "tables.chats[columns].tail()",
    "page-2": "second = requests.post",
    "what-if": "lc.show(mistaken)",
    "archives": "archives = lc.tables(archive_pages)",
    "conversation": "archives.conversation()",
    "by-day": "per_day.plot",
    "by-hour": "per_hour.reindex",
    "by-agent": "bars(by_agent",
    "by-agent-hour": "by_hour.loc",
    "queue": "bars(waits",
    "times": "bars(times",
    "countries": "bars(countries",
    "tags": "bars(pairs",
    "waiting": "waiting = tables.chats.dropna",
    "exercise": "lc.check_unanswered",
    "export": "archives.export",
}


@pytest.mark.parametrize("theme", THEMES)
def test_run_all(jupyterlab: Start, page: Page, theme: str) -> None:
    lab = jupyterlab(theme=f"JupyterLab {theme}")
    notebook = Notebook.open(page, lab, NAME)
    notebook.run_all()
    last = notebook.index("archives.export")
    page.wait_for_function(
        """index => window.jupyterapp.shell.currentWidget.content.model.cells.get(index)
            .executionCount""",
        arg=last,
        timeout=2 * PATIENCE,
    )
    cells = {}
    for picture, text in SEEN.items():
        cells[picture] = notebook.look_at(text)
        screenshot(page, f"explore-{theme.lower()}-{picture}")
        # Nothing failed, and nothing was written to stderr.
        expect(
            cells[picture].locator(
                "[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedError"
            )
        ).to_have_count(0)
    expect(notebook.look_at("session = lc.catch_up").locator(".lc-speech")).to_contain_text(
        "You have a token"
    )
    expect(notebook.look_at(SEEN["calls"])).to_contain_text("Calls that this pull takes: 3")
    expect(notebook.look_at(SEEN["tables"]).locator(".lc-tables")).to_contain_text("250")
    expect(notebook.look_at(SEEN["page-2"]).locator("table.dataframe tbody tr")).to_have_count(5)
    expect(notebook.look_at(SEEN["what-if"])).to_contain_text("Send page_id alone")
    conversation = notebook.look_at(SEEN["conversation"]).locator(".lc-conversation")
    expect(conversation.locator(".lc-customer").first).to_be_visible()
    expect(conversation.locator(".lc-agent").first).to_be_attached()
    for picture in ("by-day", "by-hour", "by-agent-hour"):
        expect(notebook.look_at(SEEN[picture]).locator("img")).to_have_count(1)
    expect(notebook.look_at(SEEN["waiting"]).locator("table.dataframe tbody tr")).to_have_count(3)
    expect(notebook.look_at(SEEN["exercise"])).to_contain_text("✗ missing")
    expect(notebook.look_at(SEEN["export"])).to_contain_text("your customers' personal data")
    assert (lab.folder / "my_archives" / "chats.parquet").is_file()


def test_the_exercise_by_hand(jupyterlab: Start, page: Page) -> None:
    notebook = Notebook.open(page, jupyterlab(), NAME)
    for text in ("platform = lc.connect()", "session = lc", "client.list_chats_pages()"):
        notebook.run(text)
    notebook.run("tables = lc.tables(pages)")
    exercise, check = "unanswered = ", "lc.check_unanswered"
    notebook.replace(exercise, "None", 'tables.chats.query("last_thread_active")')
    notebook.run(exercise)
    expect(notebook.run(check)).to_contain_text("the last message is not the customer's")
    notebook.replace(
        exercise,
        'unanswered = tables.chats.query("last_thread_active")',
        "both = tables.chats.merge(tables.events.query(\"type == 'message'\"), on='chat_id')\n"
        'unanswered = both.query("last_thread_active and author_id == customer_id")',
    )
    notebook.run(exercise)
    expect(notebook.run(check)).to_contain_text("Well done")
    # The other one, as a person who has read the refusal does it.
    exercise, check = "missing_scope = ", "lc.check_missing_scope"
    notebook.run('json={"filters": {"active": True}, "limit": 5}')
    notebook.replace(
        exercise,
        "missing_scope = None",
        "refused = requests.post(platform.api_url + '/v3.6/configuration/action/list_groups',"
        " headers=headers, json={}, timeout=30)\nlc.show(refused)\nmissing_scope = None",
    )
    expect(notebook.run(exercise)).to_contain_text("groups--all:ro")
    expect(notebook.run(check)).to_contain_text("Your answer: the name of a scope")
    notebook.replace(exercise, "missing_scope = None", 'missing_scope = "groups--all:ro"')
    notebook.run(exercise)
    expect(notebook.run(check)).to_contain_text("a refusal read, and understood")


def test_a_conversation_in_a_narrow_window(jupyterlab: Start, page: Page) -> None:
    page.set_viewport_size({"width": 480, "height": 800})
    notebook = Notebook.open(page, jupyterlab(), NAME)
    notebook.make_room()
    for text in ("platform = lc.connect()", "session = lc", "client.list_chats_pages()"):
        notebook.run(text)
    notebook.run("client.list_archives_pages")
    notebook.run("archives = lc.tables(archive_pages)")
    shown = notebook.run("archives.conversation()").locator(".lc-said")
    expect(shown).to_be_visible()
    screenshot(page, "explore-narrow")
    assert shown.evaluate("element => element.scrollWidth <= element.clientWidth")
