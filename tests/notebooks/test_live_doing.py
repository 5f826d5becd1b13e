"""Notebook 06 in live mode: with its switch off it writes nothing, with it on what it says.

The platform's place is taken as in `test_live`.
"""

from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.sandbox.learner.colleague import Colleague
from lc_tutorial.sandbox.server import NONCE_VARIABLE
from tests.mapped.live import CONSOLE, LiveStandIn, session
from tests.notebooks.test_live import (
    Open,
    check_cells,
    check_hosts,
    create_app,
    in_the_browser,  # noqa: F401  (a fixture)
    open_notebook,  # noqa: F401  (the same)
    open_the_link,
)

NAME = "06_do_something.ipynb"
SWITCH = "change_a_real_account = False"
SCOPES = ("chats--all:rw", "tags--all:rw", "webhooks.configuration:rw", "accounts--my:ro")


#: Opens the stand-in's control plane, where it is noted what was called.
NONCE = "not-a-real-nonce"


@pytest.fixture(autouse=True)
def known_nonce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NONCE_VARIABLE, NONCE)


def widen(live: LiveStandIn, client_id: str) -> None:
    """What the person does in the Developer Console, as the form says."""
    person = Colleague(CONSOLE, live.told["email"], live.told["password"])
    person._browser._session.verify = str(live.authority.bundle)
    person.add_scopes(client_id, *SCOPES)
    person.install(client_id)


def called(live: LiveStandIn) -> list[str]:
    """The methods of the billed APIs that were called, in turn, as the sandbox noted them."""
    with session(live.authority) as plain:
        noted: list[dict[str, Any]] = plain.get(
            f"https://127.0.0.1:{live.port}/_sandbox/journal",
            headers={"X-Sandbox-Nonce": NONCE},
            timeout=30,
        ).json()
    return [Path(each["url"]).name for each in noted if "/action/" in each["url"]]


@pytest.mark.parametrize("on", [False, True])
def test_it_writes_where_it_is_told_to(
    in_the_browser: LiveStandIn,  # noqa: F811
    open_notebook: Open,  # noqa: F811
    on: bool,
) -> None:
    live = in_the_browser
    app = create_app(live, live.callback_address())
    with open_notebook(NAME, lambda source: source.replace(SWITCH, f"{SWITCH[:-5]}{on}")) as (
        notebook
    ):
        notebook.run_until("session = lc.catch_up")
        notebook.enter(app)
        open_the_link(live, notebook)
        notebook.run_until("more = lc.ask_for_more")
        widen(live, app.client_id)
        open_the_link(live, notebook)
        notebook.run_all()
    check_cells(notebook)
    check_hosts(live)
    assert "14 of 100 methods" in notebook.shown("lc.what_can(session.token)")
    assert "Your app may write now" in notebook.shown("lc.check_may_write")
    assert "https://my.livechatinc.com/" in notebook.shown("lc.inbox(")
    if not on:
        assert "A chat that you have written in" in notebook.shown("lc.check_answered")
        assert called(live) == ["list_chats", "list_chats"], "it says that it makes two"
        return
    assert "You have been an agent" in notebook.shown("lc.check_answered")
    assert "First run: 2 answered. Second run: 0" in notebook.shown("answer_the_waiting()\n")
    by_hand = ["list_chats", "add_user_to_chat", "send_event", "create_tag", "tag_thread"]
    by_hand += ["transfer_chat", "deactivate_chat", "get_chat", "list_archives"]
    each = ["add_user_to_chat", "tag_thread", "send_event", "transfer_chat"]
    assert called(live) == [*by_hand, "list_chats", *each, *each, "list_chats", "list_chats"]
