"""Notebook 05 in live mode, as far as it goes there: with an app, and with a token of one's own."""

from tests.mapped.live import CONSOLE, LiveStandIn
from tests.notebooks.test_live import (
    Open,
    check_cells,
    check_hosts,
    create_app,
    in_the_browser,
    open_notebook,
    open_the_link,
)

__all__ = ["in_the_browser", "open_notebook"]

NAME = "05_other_ways_in.ipynb"


def test_with_an_app(in_the_browser: LiveStandIn, open_notebook: Open) -> None:
    live = in_the_browser
    app = create_app(live, live.callback_address())
    encoded = live.person(CONSOLE).create_personal_access_token("Script", ("chats--all:ro",))
    with open_notebook(NAME) as notebook:
        notebook.run_until("session = lc.catch_up")
        assert any("customers:own" in shown for shown in notebook.forms())
        notebook.enter(app)
        open_the_link(live, notebook)
        notebook.run_until("lc.PersonalTokenForm")
        assert not [s for s in notebook.widgets.values() if s.get("description") == "Do it for me"]
        personal = [s for s in notebook.widgets.values() if "lc-personal-token" in classes(s)]
        assert len(personal) == 1
        key = next(key for key, s in notebook.widgets.items() if "lc-personal-token" in classes(s))
        notebook._bring({"fields": [{"key": key, "text": encoded}]})
        notebook.run_all()
        calls = notebook.billed()
    check_cells(notebook)
    check_hosts(live)
    assert calls == 1, "no call that is billed was spent unasked"
    assert "The platform took it: 200" in notebook.shown("lc.check_personal_token")
    # The app was not given the scope, and the cell says so.
    assert "accounts--my:ro" in notebook.shown("lc.show(profile)")
    for check in ("lc.check_example_app", "lc.check_same_customer", "lc.check_came_in"):
        assert "live platform" in notebook.shown(check)
    assert notebook.keeps_to_itself(app.client_secret, encoded)


def classes(state: dict[str, object]) -> list[str]:
    found = state.get("_dom_classes", [])
    assert isinstance(found, list)
    return found


def test_with_a_personal_access_token_alone(
    in_the_browser: LiveStandIn,
    open_notebook: Open,
) -> None:
    live = in_the_browser
    scopes = ("chats--all:ro", "accounts--my:ro")
    encoded = live.person(CONSOLE).create_personal_access_token("Script", scopes)
    with open_notebook(NAME, LC_PERSONAL_ACCESS_TOKEN=encoded) as notebook:
        notebook.run_all()
        calls = notebook.billed()
    check_cells(notebook)
    check_hosts(live)
    assert calls == 1
    assert "The platform took it: 200" in notebook.shown("lc.check_personal_token")
    assert "ada.lindqvist@example.com" in notebook.shown("lc.show(profile)")
    assert notebook.keeps_to_itself(encoded)
