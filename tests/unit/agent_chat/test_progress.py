"""The progress bar: for whoever looks, and for nobody else."""

import io
import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.agent_chat.progress import Progress, somebody_looks
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.platforms.platform import Platform
from tests.unit.stand_in import reply_to


@pytest.fixture
def client(sandbox: Platform) -> Iterator[AgentChat]:
    with AgentChat(sandbox, CatchUp(sandbox).token) as client:
        yield client


class Terminal(io.StringIO):
    """A terminal in the place of the standard error stream."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        # In the test itself: before it begins, pytest puts a stream of its own there.
        monkeypatch.setattr(sys, "stderr", self)

    def isatty(self) -> bool:
        return True

    def last_line(self) -> str:
        """What it shows last; and it is empty again."""
        text = self.getvalue().replace("\n", "\r").rstrip("\r")
        self.seek(0)
        self.truncate()
        return text.rpartition("\r")[2]


def test_a_terminal_sees_a_bar_out_of_all_the_chats(
    client: AgentChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch)
    for _ in client.list_chats_pages(limit=60):
        pass
    line = terminal.last_line()
    assert "100%" in line
    assert "250/250" in line
    assert "chats" in line


def test_threads_are_counted_as_threads(client: AgentChat, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    found = client.list_archives().json()["found_chats"]
    [*client.list_archives_pages()]
    line = terminal.last_line()
    assert f"{found}/{found}" in line
    assert "threads" in line


def test_a_pull_that_is_taken_up_again_begins_where_it_was(
    client: AgentChat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal = Terminal(monkeypatch)
    file = tmp_path / "chats.pull"
    for _ in client.list_chats_pages(keep_in=file, limit=100):
        break
    assert "100/250" in terminal.last_line()
    [*client.list_chats_pages(keep_in=file, limit=100)]
    assert "250/250" in terminal.last_line()
    [*client.list_chats_pages(keep_in=file, limit=100)]
    assert terminal.last_line() == "", "what is in the file comes at once"


def test_no_bar_where_none_is_wanted_or_nobody_looks(
    client: AgentChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch)
    [*client.list_chats_pages(progress=False)]
    assert terminal.last_line() == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    [*client.list_chats_pages()]
    assert terminal.last_line() == ""


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_a_stream_that_is_gone_looks_at_nothing(
    stream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    assert not somebody_looks()


def test_an_estimate_that_is_wrong_or_missing_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal(monkeypatch)
    with Progress("chats", wanted=True) as progress:
        progress.reached(30, 20)
        progress.reached(40, 20)
    assert "40/40" in terminal.last_line()
    with Progress("chats", wanted=True) as progress:
        progress.reached(30, 50)
    assert "30/30" in terminal.last_line(), "it is all there was"
    with Progress("chats", wanted=True) as progress:
        progress.reached(7, None)
    assert "7" in terminal.last_line()


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    manager = KernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def shown(kernel: Any, program: str, *, by_a_person: bool) -> str:
    """All that a cell shows, as a front end of a person or as nbconvert and nbval run it."""
    asked = kernel.execute(program, allow_stdin=by_a_person)
    reply = reply_to(kernel, asked)
    assert reply["content"]["status"] == "ok", reply["content"]
    seen = ""
    while True:
        try:
            message = kernel.get_iopub_msg(timeout=30)
        except queue.Empty:
            raise AssertionError(seen) from None
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return seen
        if message["msg_type"] in ("stream", "display_data", "update_display_data"):
            seen += str(message["content"])


_CELL = """
from lc_tutorial.agent_chat.progress import Progress
with Progress("chats", wanted=True) as progress:
    progress.reached(100, 250)
    progress.reached(250, 250)
"""


def test_a_person_s_notebook_shows_a_bar_and_a_notebook_that_runs_by_itself_none(
    kernel: Any,
) -> None:
    assert shown(kernel, _CELL, by_a_person=False) == ""
    bar = shown(kernel, _CELL, by_a_person=True)
    assert "application/vnd.jupyter.widget-view+json" in bar
    assert "250" in bar
    assert shown(kernel, _CELL, by_a_person=False) == ""
