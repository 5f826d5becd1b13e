"""A process in which a dataset is changed, and which is ended in the middle of that.

It is started once, has all imported, and forks for each of its tasks. What is to end the one that
does the task comes with it: a number of statements of SQLite, of steps with files, or of calls,
before which it kills itself; a byte of a file beyond which the system ends it, or refuses to write;
or a time after which it is killed.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from kept_pages import PAGES

import lc_tutorial as lc
from lc_tutorial.agent_chat import AgentChat
from lc_tutorial.dataset import forget_customer, keep_tables, keeping, open_tables, parts
from lc_tutorial.errors import TutorialError
from lc_tutorial.oauth import Token
from lc_tutorial.platforms import Platform, SandboxLogin

# --- The tasks ------------------------------------------------------------------------------------


def _keep(given: dict[str, Any]) -> Any:
    begin, end = given.get("pages", (0, None))
    return keep_tables(PAGES[given["of"]]()[begin:end], given["folder"]).rows


def _open(given: dict[str, Any]) -> Any:
    return len(open_tables(given["folder"]).chats)


def _forget(given: dict[str, Any]) -> Any:
    return forget_customer(given["folder"], given["customer"]).chats


def _pull(given: dict[str, Any]) -> Any:
    platform = Platform(
        name="sandbox",
        authorization_url="",
        console_url="",
        accounts_url=given["url"],
        api_url=given["url"],
        login=SandboxLogin("", "", 1, given["nonce"]),
    )
    token = Token(given["token"], given["account"], "", "", frozenset(), 1, datetime.now(UTC))
    with AgentChat(platform, token) as client:
        pages = getattr(client, f"{given['action']}_pages")(limit=given["limit"], progress=False)
        keep_tables(pages, given["folder"])
        return client.calls


_TASKS = {"keep": _keep, "open": _open, "forget": _forget, "pull": _pull}

# --- What ends them -------------------------------------------------------------------------------


class _Count:
    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _die_at(given: dict[str, Any]) -> None:
    if number := given.get("at_statement"):
        count, connect = _Count(number), sqlite3.connect

        def connect_to_die(*args: Any, **options: Any) -> sqlite3.Connection:
            database = connect(*args, **options)
            database.set_trace_callback(count)
            return database

        sqlite3.connect = connect_to_die  # type: ignore[assignment]
    if number := given.get("at_step"):
        count = _Count(number)
        for name in ("replace", "unlink", "rmdir", "mkdir", "rename"):
            setattr(os, name, _counted(getattr(os, name), count))
    if number := given.get("at_call"):
        requests.Session.send = _counted(requests.Session.send, _Count(number))  # type: ignore[method-assign]
    if number := given.get("at_byte") or given.get("no_byte_after"):
        ends = "at_byte" in given
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if ends else signal.SIG_IGN)
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))


def _counted(step: Any, count: _Count) -> Any:
    def counted(*args: Any, **options: Any) -> Any:
        count()
        return step(*args, **options)

    return counted


# --- The process ----------------------------------------------------------------------------------


def _do(given: dict[str, Any]) -> None:
    keeping._PAGES_AT_ONCE, parts.ENOUGH = 2, 8
    # A kill takes nothing away that the system has; only its own end does.
    os.fsync = lambda descriptor: None
    _die_at(given)
    try:
        said = {"done": _TASKS[given["task"]](given)}
    except TutorialError as problem:
        said = {"what": problem.what, "why": problem.why, "remedy": problem.remedy}
    os.write(given["tell"], json.dumps(said).encode())


def _main() -> None:
    lc.tables(()).chats.to_numpy()  # all that is imported on first use
    null = os.open(os.devnull, os.O_WRONLY)
    for line in sys.stdin:
        given = json.loads(line)
        hear, given["tell"] = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(null, 1)
            try:
                _do(given)
            finally:
                os._exit(1 if sys.exc_info()[0] else 0)
        os.close(given["tell"])
        if "after" in given:
            time.sleep(given["after"])
            os.kill(child, signal.SIGKILL)
        with os.fdopen(hear, "rb") as said:
            content = said.read()
        _, status = os.waitpid(child, 0)
        told = json.loads(content or b"{}")
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status), **told}), flush=True)


class Mortal:
    """Has tasks done by processes that may be ended.

    Args:
        process: the one that forks.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def does(self, task: str, folder: Path, **given: Any) -> dict[str, Any]:
        """What came of a task: ``ended`` with the exit code, and what it said, if it could."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps({"task": task, "folder": str(folder), **given})
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def mortal() -> Iterator[Mortal]:
    """A process for tasks, as long as the context lasts."""
    process = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        yield Mortal(process)
        assert process.stdin is not None
        process.stdin.close()


if __name__ == "__main__":
    _main()
