"""A pull that is killed at any moment, and taken up again: each chat once, none lost.

Real processes against a real sandbox: one is ended by SIGKILL at moments that are spread over the
pull, one by its own hand at each of SQLite's statements, and one by the system, in the middle of
the bytes that it writes.
"""

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.errors import InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.platforms.platform import Platform

# Pulls all chats into a file, and prints the ids of each page. What is to end it comes first.
_PROGRAM = """
import json, os, resource, signal, sqlite3, sys
from lc_tutorial.agent_chat import AgentChat
from lc_tutorial.platforms import Platform, SandboxLogin
from lc_tutorial.oauth import Token
import datetime

given = json.loads(sys.stdin.readline())
platform = Platform(
    name="sandbox", authorization_url="", console_url="", accounts_url=given["url"],
    api_url=given["url"], login=SandboxLogin("", "", 1, given["nonce"]),
)
token = Token(
    given["token"], given["account"], "", "", frozenset(), 1, datetime.datetime.now(datetime.UTC)
)

if given["at_statement"]:
    connect, left = sqlite3.connect, [given["at_statement"]]

    def die_at(statement):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect_to_die(*args, **kwargs):
        database = connect(*args, **kwargs)
        database.set_trace_callback(die_at)
        return database

    sqlite3.connect = connect_to_die

if given["at_byte"]:
    # Whoever writes beyond it is ended by the system, with the bytes up to it written.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (given["at_byte"],) * 2)

client = AgentChat(platform, token)
pages = client.list_chats_pages(
    keep_in=given["file"], limit=given["limit"], sort_order=given["order"], progress=False
)
print("ready", flush=True)
for page in pages:
    print(json.dumps([chat["id"] for chat in page.json()["chats_summary"]]), flush=True)
print(json.dumps({"calls": client.calls}), flush=True)
"""


@dataclass
class Puller:
    """Starts processes that pull the sandbox's chats into a file."""

    platform: Platform
    session: CatchUp
    file: Path
    order: str = "asc"
    limit: int = 10

    def start(self, *, at_statement: int = 0, at_byte: int = 0) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.platform.login is not None
        given = {
            "url": self.platform.api_url,
            "nonce": str(self.platform.login.nonce),
            "token": str(self.session.token.access_token),
            "account": self.session.token.account_id,
            "file": str(self.file),
            "order": self.order,
            "limit": self.limit,
            "at_statement": at_statement,
            "at_byte": at_byte,
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(given) + "\n")
        process.stdin.flush()
        return process

    def finish(self, process: "subprocess.Popen[str]") -> tuple[list[str], int]:
        """Wait for a process that ends by itself: the ids in its order, and its calls."""
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        *pages, last = map(json.loads, out.splitlines()[1:])
        return [chat_id for page in pages for chat_id in page], last["calls"]

    def kept(self) -> int:
        """How many pages are in the file, which is whole; -1 if there is none yet."""
        if not self.file.exists():
            return -1
        for file in self.file.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        database = sqlite3.connect(self.file)
        try:
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return -1
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            numbers = [number for (number,) in database.execute("SELECT number FROM page")]
            for (content,) in database.execute("SELECT content FROM page"):
                assert json.loads(content)["chats_summary"]
        finally:
            database.close()
        assert sorted(numbers) == list(range(len(numbers)))
        return len(numbers)


@pytest.fixture(scope="module")
def session(sandbox: Platform) -> CatchUp:
    return CatchUp(sandbox)


@pytest.fixture(scope="module")
def all_ids(sandbox: Platform, session: CatchUp) -> set[str]:
    with AgentChat(sandbox, session.token) as client:
        return {
            chat["id"]
            for page in client.list_chats_pages()
            for chat in page.json()["chats_summary"]
        }


@pytest.fixture
def puller(sandbox: Platform, session: CatchUp, tmp_path: Path) -> Puller:
    return Puller(sandbox, session, tmp_path / "chats.pull")


def exactly_once(ids: list[str], all_ids: set[str]) -> bool:
    return set(ids) == all_ids and len(ids) == len(all_ids)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_pull_that_is_killed_again_and_again_has_every_chat_once(
    puller: Puller, all_ids: set[str], order: str
) -> None:
    puller.order, puller.limit = order, 2  # 125 pages, which take the whole time
    kept = 0
    for kills, pages_more in enumerate((0, 1, 2, 5, 9, 14, 20, 27)):
        process = puller.start()
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(kept + pages_more):
            assert process.stdout.readline().startswith("[")
        # Not always at the end of a line: somewhere within what it does for the next page.
        time.sleep(0.0007 * kills)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        before, kept = kept, max(puller.kept(), 0)
        assert kept >= before + pages_more, "a page that was handed out is in the file"
    ids, calls = puller.finish(puller.start())
    assert exactly_once(ids, all_ids)
    assert calls == 125 - kept + (order == "desc"), "no page is asked for twice"
    ids, calls = puller.finish(puller.start())
    assert exactly_once(ids, all_ids)
    assert calls == 0


def test_a_pull_that_dies_at_any_statement_has_every_chat_once(
    puller: Puller, all_ids: set[str]
) -> None:
    """Among them those that make the file, and each BEGIN, INSERT and COMMIT of the last page."""
    puller.limit = 100
    deaths = 0
    for statement in range(1, 80):
        puller.file.unlink(missing_ok=True)
        process = puller.start(at_statement=statement)
        process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        deaths += 1
        puller.kept()
        # Taken up in this process, which has all imported already.
        with AgentChat(puller.platform, puller.session.token) as client:
            pages = client.list_chats_pages(keep_in=puller.file, limit=100)
            ids = [chat["id"] for page in pages for chat in page.json()["chats_summary"]]
        assert exactly_once(ids, all_ids), f"killed at statement {statement}"
    assert process.returncode == 0, "every statement was one to die at"
    assert deaths >= 15


def test_a_pull_that_dies_in_the_middle_of_writing_has_every_chat_once(
    puller: Puller, all_ids: set[str]
) -> None:
    puller.limit = 25
    for at_byte in (
        1,
        600,
        2000,
        4096,
        5000,
        8192,
        12_289,
        40_000,
        100_001,
        200_000,
        409_600,
        777_777,
    ):
        process = puller.start(at_byte=at_byte)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGXFSZ, at_byte
        puller.kept()
    ids, _ = puller.finish(puller.start())
    assert exactly_once(ids, all_ids)


def test_two_programs_at_once_are_told_apart(
    puller: Puller, session: CatchUp, all_ids: set[str]
) -> None:
    first = puller.start()
    puller.limit = 2
    assert first.stdout is not None
    first.send_signal(signal.SIGCONT)
    assert first.stdout.readline() == "ready\n"
    assert first.stdout.readline().startswith("[")
    first.send_signal(signal.SIGSTOP)
    try:
        with AgentChat(puller.platform, session.token) as client:
            pages = client.list_chats_pages(keep_in=puller.file, limit=10)
            for use in (pages.calls_needed, lambda: next(iter(pages))):
                with pytest.raises(InputError, match="in use") as caught:
                    use()
                assert "another notebook's kernel" in caught.value.why
            assert client.calls == 0
    finally:
        first.send_signal(signal.SIGCONT)
    first.communicate(timeout=60)
    with AgentChat(puller.platform, session.token) as client:
        pages = client.list_chats_pages(keep_in=puller.file, limit=10)
        ids = [chat["id"] for page in pages for chat in page.json()["chats_summary"]]
        assert client.calls == 0
    assert exactly_once(ids, all_ids)


def test_a_finished_pull_is_read_by_two_at_once(puller: Puller, session: CatchUp) -> None:
    puller.finish(puller.start())
    with AgentChat(puller.platform, session.token) as client:
        pages: Any = iter(client.list_chats_pages(keep_in=puller.file, limit=10))
        next(pages)
        ids, calls = puller.finish(puller.start())
        assert len(ids) == 250
        assert calls == 0
        assert len([*pages]) == 24
