"""Slips in the cells of a real kernel: a line for a person, and no traceback."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from lc_tutorial.course import tracebacks
from lc_tutorial.platforms import launch

CONNECT = "import requests\nimport lc_tutorial as lc\nplatform = lc.connect('sandbox')"


@pytest.fixture(autouse=True)
def private_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    yield
    launch.stop_all()


@contextmanager
def running(folder: Path) -> Iterator[NotebookClient]:
    """A kernel that goes on after an error."""
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,
        timeout=60,
    )
    with client.setup_kernel():
        yield client


def error_in(client: NotebookClient, *sources: str) -> str:
    """Run cells in a kernel; the text of what the last one shows, as an error."""
    client.nb.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for index, cell in enumerate(client.nb.cells):
        client.execute_cell(cell, index)
    (output,) = client.nb.cells[-1].outputs
    assert output.output_type == "error"
    return "\n".join(output.traceback)


def last_error(tmp_path: Path, *sources: str) -> str:
    """The same in a kernel of its own."""
    with running(tmp_path) as client:
        return error_in(client, *sources)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Cells in one kernel for many tests: the learner's names are new each time."""
    folder = tmp_path_factory.mktemp("slips")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        with running(folder) as client:
            yield lambda *sources: error_in(client, "%reset -f", *sources)
        # A test's own patches are gone by now.
        launch.stop_all()


@pytest.mark.parametrize(
    ("notebook", "cell", "name", "made_in"),
    [
        ("01_authorization_in_practice", "lc.check_token(token)", "token", "step 3"),
        ("02_explore_chats", "tables.chats.head()", "tables", 'under "1. Get the chats"'),
        ("06_do_something", "call('get_chat', {})", "call", 'under "3. Answer one chat"'),
    ],
)
def test_a_cell_run_too_early(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    notebook: str,
    cell: str,
    name: str,
    made_in: str,
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", f"{notebook}.ipynb")
    said = last_error(tmp_path, CONNECT, cell)
    assert f"This kernel has no {name} yet." in said
    assert made_in in said
    assert "Traceback" not in said


def test_a_check_before_the_first_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = Path(tracebacks.__file__).with_name("kernel_startup.py")
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    monkeypatch.setenv("JPY_SESSION_NAME", "01_authorization_in_practice.ipynb")
    said = last_error(tmp_path, "assert '_tracebacks' not in globals()\nlc.check_token(token)")
    assert "This kernel has no lc yet." in said
    assert "it is made in the first cell" in said
    assert "Traceback" not in said


def test_a_form_that_is_not_done(kernel: Callable[..., str]) -> None:
    said = kernel(CONNECT, "app = lc.CredentialsForm(platform)", "app.client_secret")
    assert said.startswith("Step 1 is not done yet.")
    assert "What to do: Fill in the form above" in said


@pytest.mark.parametrize(
    "headers", ['{"Authorization": f"Bearer {token}"}', '{"Authorization": token}']
)
def test_a_token_in_the_place_of_its_access_token(kernel: Callable[..., str], headers: str) -> None:
    cell = f"requests.post(platform.list_chats_url, timeout=9, json={{}}, headers={headers})"
    said = kernel(CONNECT, "token = lc.catch_up(platform).token", cell)
    assert said.startswith("The request was not sent")
    assert "token.access_token" in said
    assert "Traceback" not in said
    assert "urllib3" not in said


def test_the_sandbox_is_gone(tmp_path: Path) -> None:
    ended = "from lc_tutorial.platforms import launch\nlaunch.stop_all()"
    said = last_error(
        tmp_path, CONNECT, ended, "requests.post(platform.token_url + '?code=dal:x', timeout=5)"
    )
    assert "sandbox" in said
    assert "What to do" in said
    assert "urllib3" not in said
    assert "code=" not in said


def test_connecting_again_starts_a_new_one(tmp_path: Path) -> None:
    ended = "from lc_tutorial.platforms import launch\nlaunch.stop_all()"
    reached = "requests.get(platform.console_url, timeout=5).raise_for_status()\n1/0"
    assert "ZeroDivisionError" in last_error(tmp_path, CONNECT, ended, CONNECT, reached)


def test_no_network_in_live_mode(tmp_path: Path) -> None:
    said = last_error(
        tmp_path,
        "import requests\nimport lc_tutorial as lc\nplatform = lc.connect('live')",
        "import socket\n"
        "def no(*_, **__):\n    raise socket.gaierror(-2, 'Name or service not known')\n"
        "socket.getaddrinfo = no",
        "requests.post(platform.token_url, timeout=5)",
    )
    assert "accounts.livechat.com" in said
    assert "What to do" in said
    assert "urllib3" not in said


_REFUSED = "requests.post(platform.list_chats_url, json={}, timeout=9)"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["requests.get('no-url', timeout=9)"], "The request was not sent: its address has no"),
        (["{'limit': 10, 'active': true}"], "Python has no true."),
        ([f"response = {_REFUSED}", "response.json()['chats_summary']"], 'no "chats_summary"'),
        ([f"data = {_REFUSED}.json()", "data['chats_summary']"], 'no "chats_summary"'),
        ([f"{_REFUSED}.json()['chats_summary']"], 'no "chats_summary"'),
        (["requests.get(platform.console_url, timeout=9).json()"], "The answer is not JSON."),
        (
            ["requests.get(platform.console_url, headers={'A': 'Bearer ••••••••'}, timeout=9)"],
            "The request was not sent: this can't be the value of a header.",
        ),
        (
            ["lc.Control.of(platform).inject('drop')", _REFUSED],
            "The sandbox closed the connection without an answer.",
        ),
        (
            ["lc.Control.of(platform).inject('truncate')", _REFUSED],
            "The answer broke off.",
        ),
    ],
)
def test_other_slips(kernel: Callable[..., str], cells: list[str], what: str) -> None:
    said = kernel(CONNECT, *cells)
    assert what in said
    assert "What to do" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("my_own_name", "NameError"),
        ("{'a': 1}['b']", "KeyError"),
        ("requests.get(f'{platform.api_url}/nowhere', timeout=9).raise_for_status()", "HTTPError"),
    ],
)
def test_other_errors_keep_their_traceback(
    kernel: Callable[..., str], cell: str, error: str
) -> None:
    said = kernel(CONNECT, cell)
    assert "Traceback" in said
    assert error in said


def test_a_handler_of_the_learners_own_is_kept(tmp_path: Path) -> None:
    own = "get_ipython().set_custom_exc((ZeroDivisionError,), lambda *a, **k: None)"
    check = "assert get_ipython().custom_exceptions == (ZeroDivisionError,), 'replaced'\n1 + ''"
    assert "TypeError" in last_error(tmp_path, own, CONNECT, check)


def test_outside_ipython_nothing_changes() -> None:
    hook = sys.excepthook
    tracebacks.install()
    assert sys.excepthook is hook
