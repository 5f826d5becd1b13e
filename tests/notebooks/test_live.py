"""The notebooks in live mode, unchanged, as far as a machine without the internet can tell.

The live platform's host names lead to a sandbox on this machine, over TLS. The kernel knows nothing
of that: it runs the notebook as it is, with `live` chosen. The test is the person: it types into
the forms, presses their buttons, and does in the pages what a browser would.
"""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import requests
from nbclient import NotebookClient
from nbformat import NotebookNode

from lc_tutorial.sandbox.learner.learner import Credentials
from tests.mapped.live import ACCOUNTS, CONSOLE, LiveStandIn

ROOT = Path(__file__).parents[2]
NAME = "01_authorization_in_practice.ipynb"
EXPLORE = "02_explore_chats.ipynb"
KEEP = "03_keep_access.ipynb"
FAILS = "04_when_it_fails.ipynb"

Open = Callable[..., contextlib.AbstractContextManager["LiveNotebook"]]

#: What the kernel may connect to: all of it is this machine.
HERE = {"127.0.0.1", "::1"}


@dataclass
class LiveNotebook:
    """A notebook in a running kernel, and what a person does with it."""

    client: NotebookClient
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[NotebookNode]:
        """The cells with code."""
        found: list[NotebookNode] = [c for c in self.client.nb.cells if c.cell_type == "code"]
        return found

    def run_until(self, text: str) -> None:
        """Run the cells that have not run yet, up to the one whose source contains this."""
        for index, cell in enumerate(self.client.nb.cells):
            if cell.cell_type == "code" and cell.id not in self.outputs:
                self.client.execute_cell(cell, index)
                self.outputs[cell.id] = as_text(cell.outputs)
                if text in cell.source:
                    return
        raise AssertionError(f"No cell contains {text!r}.")

    def run_code(self, source: str) -> str:
        """Run code that is in no cell of the notebook; what it shows."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        self.client.nb.cells.remove(cell)
        return as_text(cell.outputs)

    def run_all(self) -> None:
        """Run the cells that are left."""
        self.run_until(self.cells[-1].source)

    def shown(self, text: str) -> str:
        """What the cell shows whose source contains this."""
        cell = next(cell for cell in self.cells if text in cell.source)
        return self.outputs[cell.id]

    def type(self, label: str, text: str) -> None:
        """Type into a form's field, and leave it."""
        self._bring({"fields": [{"key": self._widget(label), "text": text}]})

    def press(self, label: str) -> None:
        """Press a form's button."""
        self._bring({"click": self._widget(label)})

    def enter(self, app: Credentials) -> None:
        """Type an app's values into the form that asks for them."""
        self.type("Client Id", app.client_id)
        self.type("Client Secret", app.client_secret)
        self.type("Redirect URI", app.redirect_uri)
        self.press("Use these")

    def billed(self) -> int:
        """How many calls that are billed the kernel has counted."""
        return int(
            self.run_code("from lc_tutorial.platforms import billing; print(billing.calls())")
        )

    def keeps_to_itself(self, *secrets: str) -> bool:
        """Whether neither the notebook nor the state of its widgets has any of these."""
        saved = json.dumps(self.widgets) + nbformat.writes(self.client.nb)
        return not any(secret in saved for secret in secrets)

    def _bring(self, content: dict[str, Any]) -> None:
        """Send what the script of a form sends, to one of the forms."""
        courier = next(model for model, state in self.widgets.items() if "_esm" in state)
        self._send(courier, {"method": "custom", "content": content})

    def _widget(self, label: str) -> str:
        named = [
            model for model, state in self.widgets.items() if state.get("description") == label
        ]
        assert len(named) == 1, f"{len(named)} widgets are called {label!r}."
        return named[0]

    @property
    def widgets(self) -> dict[str, dict[str, Any]]:
        """The state of all widgets, as the notebook's own page would have it."""
        state: dict[str, dict[str, Any]] = self.client.widget_state
        return state

    def forms(self) -> list[str]:
        """What the forms show now. The kernel is asked: what they say between cells is not here."""
        shown = self.run_code(
            "import ipywidgets\n"
            "states = ipywidgets.Widget.get_manager_state()['state'].values()\n"
            "print(*(state['state'].get('value') for state in states), sep='\\0')"
        )
        return shown.split("\0")

    def _send(self, model: str, data: dict[str, Any]) -> None:
        kernel = self.client.kc
        assert kernel is not None
        content = {"comm_id": model, "data": data}
        # Cells that run later come after this: both take the same way.
        kernel.shell_channel.send(kernel.session.msg("comm_msg", content))


def as_text(outputs: list[NotebookNode]) -> str:
    """All that a cell shows, as text."""
    return "\n".join(
        str(output.get("text", "")) + "\n".join(map(str, output.get("data", {}).values()))
        for output in outputs
    )


@pytest.fixture
def open_notebook(live: LiveStandIn, tmp_path: Path) -> Open:
    @contextlib.contextmanager
    def opened(
        name: str = NAME, edit: Callable[[str], str] = str, **environment: str
    ) -> Iterator[LiveNotebook]:
        folder = tmp_path / "course"
        folder.mkdir()
        shutil.copy(ROOT / "notebooks" / name, folder)
        (folder / "lc_tutorial.json").write_text('{"platform": "live"}\n')
        notebook = nbformat.read(folder / name, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source, cell.outputs = edit(cell.source), []
        # What is printed comes in pieces, cut wherever a slow kernel sends them.
        client = NotebookClient(
            notebook,
            resources={"metadata": {"path": str(folder)}},
            timeout=120,
            coalesce_streams=True,
        )
        private = {
            "IPYTHONDIR": str(tmp_path / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        }
        with client.setup_kernel(env=live.environment | private | environment):
            yield LiveNotebook(client)

    return opened


@pytest.fixture
def in_the_browser(live: LiveStandIn, map_hosts: Callable[[int], list[str]]) -> LiveStandIn:
    """The stand-in, for a test that opens its pages as the browser does."""
    map_hosts(live.port)
    return live


def create_app(live: LiveStandIn, redirect_uri: str) -> Credentials:
    """What the person does in the Developer Console."""
    return live.person(CONSOLE).create_app(
        "List Chats", redirect_uri, ("chats--all:ro", "chats--my:ro")
    )


def follow_link(live: LiveStandIn, *forms: str) -> str:
    """What the person does on the authorization pages; gives the address where the browser goes.

    Args:
        live: the platform's place.
        forms: what the forms on the page show; one of them has the link.
    """
    offered = next(form for form in forms if "lc-authorize" in form)
    address = unescape(offered.partition("lc-authorize")[2].partition('href="')[2])
    address = address.partition('"')[0]
    assert urlsplit(address).hostname == "accounts.livechat.com"
    return live.person(ACCOUNTS).authorize(address)


def open_the_link(live: LiveStandIn, notebook: LiveNotebook) -> str:
    """What the person does with the newest link; gives the address where their browser went."""
    address = follow_link(live, *reversed(notebook.forms()))
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(address, timeout=30)
    assert "you can close it" in page.text
    return address


def check_cells(notebook: LiveNotebook) -> None:
    """No cell failed, and none that is for the sandbox alone did anything."""
    for cell in notebook.cells:
        assert not any(output.output_type == "error" for output in cell.outputs), cell.source
        if "sandbox-only" in cell.metadata.get("tags", []):
            assert cell.outputs == [], f"This cell is not for live mode:\n{cell.source}"
    assert "API calls are billed" in notebook.shown("platform = lc.connect(")


def check_hosts(live: LiveStandIn) -> None:
    """The platform's own hosts were asked for, and all of them were on this machine."""
    assert live.asked_for() - {"127.0.0.1", "localhost"} == {
        "accounts.livechat.com",
        "api.livechatinc.com",
    }
    assert live.connected_to() <= HERE


def check_what_came_of_it(live: LiveStandIn, notebook: LiveNotebook) -> None:
    check_cells(notebook)
    link = notebook.shown("authorization_url = ").strip()
    assert link.startswith(f"{ACCOUNTS}/?response_type=code&")
    assert "kernel: 0 (this one is free" in notebook.shown("lc.show(token_response)")
    assert "Billed calls so far in this kernel: 1 (" in notebook.shown("lc.show(response)")
    assert "kernel: 1 (this one is free" in notebook.shown("lc.show(revoked)")
    tables = notebook.shown("tables = lc.tables(response)")
    assert tables.count('<tr style="text-align: right;">') == 3
    assert tables.count("<th>4</th>") == 3, "five rows each"
    assert "Step 4 is done" in tables
    assert "kernel: 1 (this one is free" in notebook.shown("lc.show(refreshed)")
    assert "Step 5 is done" in notebook.shown("lc.check_refreshed")
    assert "✓ 4 Send a request → ● 5" in notebook.shown("lc.flow(platform, step=5)")
    assert "chats--my:ro" in notebook.shown("lc.check_narrower")
    check_hosts(live)


def test_the_code_arrives_by_itself(
    in_the_browser: LiveStandIn,
    open_notebook: Open,
) -> None:
    live = in_the_browser
    app = create_app(live, live.callback_address())
    with open_notebook() as notebook:
        notebook.run_until("app = lc.CredentialsForm")
        assert not [s for s in notebook.widgets.values() if s.get("description") == "Do it for me"]
        notebook.enter(app)
        notebook.run_until("authorization = lc.AuthorizationForm")
        redirected = open_the_link(live, notebook)
        assert redirected.startswith(f"{app.redirect_uri}?code=dal%3A")
        notebook.run_all()
    check_what_came_of_it(live, notebook)


def test_the_code_is_pasted(
    in_the_browser: LiveStandIn,
    open_notebook: Open,
) -> None:
    live = in_the_browser
    app = create_app(live, "https://app.example/callback")
    environment = {
        "LC_CLIENT_ID": app.client_id,
        "LC_CLIENT_SECRET": app.client_secret,
        "LC_REDIRECT_URI": app.redirect_uri,
    }
    with open_notebook(**environment) as notebook:
        notebook.run_until("app = lc.CredentialsForm")
        notebook.press("Use these")
        notebook.run_until("authorization = lc.AuthorizationForm")
        redirected = follow_link(live, *notebook.forms())
        assert parse_qs(urlsplit(redirected).query)["code"][0].startswith("dal:")
        notebook.type("Or paste it", redirected)
        notebook.run_all()
    check_what_came_of_it(live, notebook)
    code = parse_qs(urlsplit(redirected).query)["code"][0]
    assert notebook.keeps_to_itself(app.client_secret, code[-12:])


def test_access_is_kept(in_the_browser: LiveStandIn, open_notebook: Open) -> None:
    live = in_the_browser
    app = create_app(live, live.callback_address())
    with open_notebook(KEEP) as notebook:
        notebook.run_until("session = lc.catch_up")
        notebook.enter(app)
        open_the_link(live, notebook)
        notebook.run_until("authorization = lc.AuthorizationForm")
        open_the_link(live, notebook)
        notebook.run_all()
        calls = notebook.billed()
    check_cells(notebook)
    # All of it is free: the API is not asked once.
    assert calls == 0
    assert live.asked_for() - {"127.0.0.1", "localhost"} == {"accounts.livechat.com"}
    assert live.connected_to() <= HERE
    assert "All is here" in notebook.shown("lc.check_catch_up(session)")
    assert "Your app goes on" in notebook.shown("lc.check_renewed")
    assert "could do nothing with them" in notebook.shown("lc.check_revoked")
    assert "New tokens to save: 1" in notebook.shown("client.fetch_token")


@pytest.mark.parametrize("weeks", [8, 2000])
def test_chats_are_explored(in_the_browser: LiveStandIn, open_notebook: Open, weeks: int) -> None:
    """Unchanged there is nothing in the archives: the stand-in's chats are long over by now."""
    live = in_the_browser
    app = create_app(live, live.callback_address())
    with open_notebook(EXPLORE, lambda source: source.replace("weeks=8", f"weeks={weeks}")) as (
        notebook
    ):
        notebook.run_until("session = lc.catch_up")
        notebook.enter(app)
        open_the_link(live, notebook)
        notebook.run_until("client.list_chats_pages()")
        live_calls = notebook.run_code("print(client.calls)")
        notebook.run_all()
        all_calls = notebook.billed()
    check_cells(notebook)
    check_hosts(live)
    # It says how many calls a pull takes, and has made one of them to find out.
    assert notebook.shown("client.list_chats_pages()") == "Calls that this pull takes: 3\n"
    assert live_calls == "1\n"
    archives = 1 if weeks == 8 else 4
    said = notebook.shown("client.list_archives_pages(")
    assert said == f"Calls that this pull takes: {archives}\n"
    by_hand = 2
    assert all_calls == 3 + archives + by_hand, "and makes no more"
    assert "250 rows" in notebook.shown("lc.tables(pages)")
    assert "Your answer: chat ids" in notebook.shown("lc.check_unanswered")
    pictures = sum("<Figure" in shown for shown in notebook.outputs.values())
    # Of the last eight weeks of this clock there are no conversations to draw.
    assert pictures == (3 if weeks > 8 else 0)


def test_chats_are_explored_with_a_personal_access_token(
    in_the_browser: LiveStandIn, open_notebook: Open
) -> None:
    live = in_the_browser
    browser = live.person(CONSOLE)._browser
    page = browser.open(f"{CONSOLE}/console/settings/authorization/new")
    create = page.need("button", id="create")
    page = browser.press(page, create, {"name": "Export"}, {"scope": ("chats--all:ro",)})
    encoded = page.need(id="token-base64").get("value")
    with open_notebook(EXPLORE) as notebook:
        notebook.run_until("session = lc.catch_up")
        notebook.type("Token", encoded)
        notebook.run_all()
    check_cells(notebook)
    assert notebook.shown("client.list_chats_pages()") == "Calls that this pull takes: 3\n"
    assert "250 rows" in notebook.shown("lc.tables(pages)")
    # There was nothing to ask the accounts service.
    assert live.asked_for() - {"127.0.0.1", "localhost"} == {"api.livechatinc.com"}
    assert notebook.keeps_to_itself(encoded, page.need(id="token-value").get("value"))


def test_nothing_is_broken_on_the_live_platform(live: LiveStandIn, open_notebook: Open) -> None:
    """Notebook 04 works in a sandbox of its own, whatever was chosen."""
    with open_notebook(FAILS) as notebook:
        notebook.run_all()
        calls = notebook.billed()
        choice = notebook.run_code("print(lc.connect())")
    for cell in notebook.cells:
        assert not any(output.output_type == "error" for output in cell.outputs), cell.source
    assert "Connected to the live platform" in choice
    assert "Connected to the sandbox" in notebook.shown("platform = lc.connect(")
    assert calls == 0
    assert live.asked_for() <= {"127.0.0.1", "localhost"}
    assert live.connected_to() <= HERE
