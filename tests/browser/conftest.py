"""A real JupyterLab, a real Notebook 7 and a real Chromium."""

import contextlib
import functools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests
from playwright.sync_api import Browser, BrowserType, Error, Locator, Page, expect, sync_playwright

from lc_tutorial.course import laying_out as course
from lc_tutorial.platforms import launch as launch_sandbox
from tests.needed import missing

#: Milliseconds for what a person would wait for without a thought; a busy machine needs more.
PATIENCE = 60_000

# A busy machine is slow, not wrong.
expect.set_options(timeout=PATIENCE / 2)

#: Of JupyterLab, for walks that are the same in each. Pictures of both are for people's eyes.
THEMES = ["Dark"] if "CI" in os.environ else ["Light", "Dark"]

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def launch(chromium: BrowserType, *options: str) -> Browser:
    """Start a Chromium with these command-line options too."""
    started = how_to_start(*options)
    try:
        return chromium.launch(**started)
    except Error as problem:
        if started["executable_path"] is None:
            missing("There is no Chromium here. `make browser` gets one.")
        raise problem


def how_to_start(*options: str) -> dict[str, Any]:
    """Which Chromium to start, and how; with these command-line options too."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return {
        "executable_path": next(filter(None, map(shutil.which, names)), None),
        "args": [
            *("--no-sandbox", "--disable-background-networking", "--disable-component-update"),
            *options,
        ],
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(
    command: list[str], log: Path, cwd: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended, with its own children, when the test is."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def wait_until_it_answers(
    url: str, log: Path, running: subprocess.Popen[bytes], seconds: float = 90
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            if requests.get(url, timeout=5).status_code == 200:
                return
        if running.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer:\n{log.read_text()}")


def quiet_settings(directory: Path, theme: str = "JupyterLab Light") -> None:
    """JupyterLab's own news and updates stay out of the way; a theme is chosen."""
    extension = directory / "@jupyterlab" / "apputils-extension"
    extension.mkdir(parents=True, exist_ok=True)
    (extension / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )
    (extension / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))


@dataclass
class Server:
    """Where a Jupyter answers, and what it wants to hear."""

    url: str
    token: str
    #: Below its address: what the addresses of notebooks begin with.
    notebooks: ClassVar[str] = "lab/tree"
    #: And that of its first page.
    first: ClassVar[str] = "lab"


class JupyterLab(Server):
    """A running server of our own, its folder with the course laid out in it."""

    #: What Python runs, and how its settings are named.
    program: ClassVar[str] = "jupyterlab"
    application: ClassVar[str] = "LabApp"

    def __init__(self, home: Path, base_url: str, proxy: bool, environment: dict[str, str]) -> None:
        self.home = home
        self.folder = home / "course"
        self.log = home / f"{self.program}.log"
        self._port = free_port()
        super().__init__(f"http://127.0.0.1:{self._port}{base_url}", secrets.token_hex(16))
        self._base_url = base_url
        self._proxy = proxy
        self._environment = environment

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start the server; end it afterwards."""
        self.folder.mkdir(parents=True)
        extensions = self.home / "config" / "jupyter_server_config.d" / "extensions.json"
        extensions.parent.mkdir(parents=True)
        # JupyterLab is as people have it who have no Notebook.
        enabled = {"jupyter_server_proxy": self._proxy, "notebook": self.program == "notebook"}
        extensions.write_text(json.dumps({"ServerApp": {"jpserver_extensions": enabled}}))
        command = [
            *(sys.executable, "-m", self.program, "--no-browser", "--allow-root"),
            f"--ServerApp.port={self._port}",
            "--ServerApp.port_retries=0",
            "--ServerApp.ip=127.0.0.1",
            # Under other names, too: see `faraway.py`.
            "--ServerApp.allow_remote_access=True",
            f"--ServerApp.base_url={self._base_url}",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
            f"--{self.application}.expose_app_in_browser=True",
        ]
        environment = {
            "JUPYTERLAB_SETTINGS_DIR": str(self.home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.home / "workspaces"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            # Read before the environment's own, which enables every extension.
            "JUPYTER_CONFIG_PATH": str(self.home / "config"),
            **self._environment,
        }
        with process(command, self.log, self.folder, environment) as started:
            wait_until_it_answers(f"{self.url}api", self.log, started)
            yield

    def make_new(self, theme: str) -> None:
        """Lay out the course as for somebody who opens it for the first time."""
        for kept in ("settings", "workspaces", "ipython"):
            shutil.rmtree(self.home / kept, ignore_errors=True)
        for left in (self.home / "runtime").glob("lc_tutorial-*"):
            left.unlink()
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        course.lay_out(self.folder)
        quiet_settings(self.home / "settings", theme)

    def end_kernels(self) -> None:
        """End what its kernels started, too: the callback's port is free again."""
        sessions, headers = f"{self.url}api/sessions", {"Authorization": f"token {self.token}"}
        for session in requests.get(sessions, headers=headers, timeout=60).json():
            requests.delete(f"{sessions}/{session['id']}", headers=headers, timeout=60)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("JUPYTER_RUNTIME_DIR", str(self.home / "runtime"))
            launch_sandbox.stop_all()


class NotebookSeven(JupyterLab):
    """The same of Notebook 7, which shows a notebook alone: no tabs, no sidebars."""

    notebooks = "notebooks"
    program = "notebook"
    application = "JupyterNotebookApp"


#: What everything is tried in that is the same in both, as far as is known.
PROGRAMS = [JupyterLab] if "CI" in os.environ else [JupyterLab, NotebookSeven]


@pytest.fixture(scope="package")
def server_of_all(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[type[JupyterLab]], JupyterLab]]:
    """The server as a learner has it, for one test after the other: starting one takes long."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def of_all(kind: type[JupyterLab]) -> JupyterLab:
            lab = kind(tmp_path_factory.mktemp(kind.program) / "home", "/", False, {})
            stack.enter_context(lab.running())
            return lab

        yield of_all


@pytest.fixture
def server(
    tmp_path: Path, server_of_all: Callable[[type[JupyterLab]], JupyterLab]
) -> Iterator[Callable[..., JupyterLab]]:
    """Gives servers of a kind, each with a new learner's folder.

    On a learner's own computer there is no jupyter-server-proxy, and so by default none here.
    """
    with contextlib.ExitStack() as stack:

        def start(
            kind: type[JupyterLab],
            base_url: str = "/",
            theme: str = "JupyterLab Light",
            proxy: bool = False,
            environment: dict[str, str] | None = None,
        ) -> JupyterLab:
            if base_url == "/" and not proxy and not environment:
                lab = server_of_all(kind)
                stack.callback(lab.end_kernels)
            else:
                home = tmp_path / f"home-{secrets.token_hex(3)}"
                lab = kind(home, base_url, proxy, environment or {})
                stack.enter_context(lab.running())
            lab.make_new(theme)
            return lab

        yield start


@pytest.fixture
def jupyterlab(server: Callable[..., JupyterLab]) -> Callable[..., JupyterLab]:
    """Gives JupyterLab servers."""
    return functools.partial(server, JupyterLab)


@pytest.fixture
def notebook_seven(server: Callable[..., JupyterLab]) -> Callable[..., JupyterLab]:
    """Gives servers of Notebook 7."""
    return functools.partial(server, NotebookSeven)


@pytest.fixture(params=[JupyterLab, NotebookSeven], ids=["lab", "seven"])
def jupyter(
    request: pytest.FixtureRequest, server: Callable[..., JupyterLab]
) -> Callable[..., JupyterLab]:
    """Gives servers of one and then of the other, for what must be the same in both."""
    return functools.partial(server, request.param)


@pytest.fixture(params=PROGRAMS, ids=["lab", "seven"][: len(PROGRAMS)])
def either_jupyter(
    request: pytest.FixtureRequest, server: Callable[..., JupyterLab]
) -> Callable[..., JupyterLab]:
    """The same, for what hardly differs: where CI is set, JupyterLab alone has to do."""
    return functools.partial(server, request.param)


class Notebook:
    """An open notebook, in the hands of a person."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def open(cls, page: Page, lab: Server, name: str) -> "Notebook":
        page.set_default_timeout(PATIENCE)
        page.goto(f"{lab.url}{lab.notebooks}/{name}?token={lab.token}")
        notebook = cls(page)
        notebook.wait_for_kernel()
        return notebook

    def wait_for_kernel(self) -> None:
        # "Idle" is shown before the kernel is connected, so the widget's own context is asked.
        self.page.wait_for_function(
            """() => {
                const widget = window.jupyterapp?.shell?.currentWidget;
                const session = widget?.sessionContext;
                return widget?.content?.model?.cells?.length > 0 && session?.isReady &&
                    session.session?.kernel?.connectionStatus === 'connected' &&
                    session.session.kernel.status === 'idle';
            }"""
        )

    def index(self, text: str) -> int:
        """The cell whose source contains ``text``."""
        found = self.page.evaluate(
            """text => {
                const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
                for (let i = 0; i < cells.length; i++) {
                    if (cells.get(i).sharedModel.getSource().includes(text)) return i;
                }
                return -1;
            }""",
            text,
        )
        assert found >= 0, f"No cell contains {text!r}."
        return int(found)

    def run(self, text: str) -> Locator:
        """Run the cell that contains ``text``, as Shift+Enter does, and give its output."""
        index = self.index(text)
        self.page.evaluate(
            """async index => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                await notebook.scrollToItem(index);
                // In one go: a notebook that is still opening makes its first cell the active one.
                notebook.activeCellIndex = index;
                notebook.deselectAll();
                notebook.mode = 'command';
                notebook.node.focus();
                // A restarted kernel counts from one again.
                notebook.model.cells.get(index).executionCount = null;
                window.jupyterapp.commands.execute('notebook:run-cell-and-select-next');
            }""",
            index,
        )
        self.page.wait_for_function(
            """index => {
                const widget = window.jupyterapp.shell.currentWidget;
                return widget.content.model.cells.get(index).executionCount
                    && widget.sessionContext.session.kernel.status === 'idle';
            }""",
            arg=index,
        )
        return self.cell(index)

    def make_room(self) -> None:
        """Close what stands beside the notebook, as one does in a narrow window."""
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    def run_all(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")

    def cell(self, index: int) -> Locator:
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def look_at(self, text: str) -> Locator:
        """Scroll to the cell that contains ``text``, and give it."""
        index = self.index(text)
        self.page.evaluate(
            """index => window.jupyterapp.shell.currentWidget.content
                .scrollToItem(index, 'start', 0)""",
            index,
        )
        cell = self.cell(index)
        expect(cell).to_be_visible()
        return cell

    def replace(self, text: str, old: str, new: str) -> None:
        """Edit a cell, as a learner would."""
        self.page.evaluate(
            """([index, old, replacement]) => {
                const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
                const model = cells.get(index).sharedModel;
                model.setSource(model.getSource().replace(old, replacement));
            }""",
            [self.index(text), old, new],
        )

    def add_at_end(self, source: str) -> None:
        """Write a cell of one's own."""
        self.page.evaluate(
            """source => {
                const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
                model.insertCell(model.cells.length, { cell_type: 'code', source });
            }""",
            source,
        )

    def restart(self) -> None:
        """Restart its kernel, and don't wait for it."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    yield page
    if getattr(request.node, "failed", False):
        screenshot(page, f"failed-{request.node.name}")
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report


def screenshot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    if f"/{NotebookSeven.notebooks}/" in page.url:
        name = f"seven-{name}"
    page.wait_for_timeout(300)  # for the notebook to have scrolled
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
