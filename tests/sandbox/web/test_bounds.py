"""What strangers, and clients gone wrong, can take of the sandbox: so much room and time."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
import requests
from starlette.types import Receive, Scope, Send

from lc_tutorial.sandbox.control import Journal, journal
from lc_tutorial.sandbox.web import Protocol, connections, sparing
from tests.sandbox.conftest import NONCE, RunningSandbox, serving

LONG = 30.0
SHORT = 0.3

Connect = Callable[[], socket.socket]


# --- Time -----------------------------------------------------------------------------------------


@pytest.fixture
def given_up() -> threading.Event:
    """Set when the server has given up a large answer."""
    return threading.Event()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, given_up: threading.Event) -> Iterator[Connect]:
    """A server that waits for nothing longer than a moment; gives what connects to it."""
    for limit in ("PATIENCE", "UNREAD"):
        monkeypatch.setattr(connections, limit, SHORT)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/large":
            large = b"x" * 32 * 1024 * 1024
            await send({"type": "http.response.body", "body": large, "more_body": True})
            while (await receive())["type"] != "http.disconnect":
                pass
            given_up.set()
        else:
            await send({"type": "http.response.body", "body": b"x"})

    with contextlib.ExitStack() as lines:
        stage, port = lines.enter_context(serving(timeout_keep_alive=SHORT))
        stage.app = app
        yield lambda: lines.enter_context(socket.create_connection(("127.0.0.1", port), LONG))


def is_closed(line: socket.socket, *, within: float = LONG) -> bool:
    """Whether the other end closes, with or without an answer before that."""
    line.settimeout(within)
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

#: What is sent at once, and what then comes bit by bit.
SLOW = [
    ("nothing at all", b"", b""),
    ("half a head", b"GET / HTTP/1.1\r\n", b""),
    ("a head bit by bit", b"GET / HTTP/1.1\r\nX: ", b"a"),
    ("headers one by one", b"GET / HTTP/1.1\r\n", b"X: y\r\n"),
    ("empty lines", b"", b"\r\n"),
    ("a body bit by bit", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", b"a"),
    ("chunks bit by bit", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ("trailers", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    ("rest after an answer", GET, b""),
    ("half a second request", GET + b"GET / HTT", b""),
    ("a second request bit by bit", GET + b"GET / HTTP/1.1\r\nX: ", b"a"),
]


@pytest.mark.parametrize(("first", "bits"), [s[1:] for s in SLOW], ids=[s[0] for s in SLOW])
def test_a_slow_connection_is_closed(impatient: Connect, first: bytes, bits: bytes) -> None:
    line = impatient()
    line.sendall(first)
    ends = time.monotonic() + LONG
    with contextlib.suppress(ConnectionError):
        while bits and time.monotonic() < ends:
            line.sendall(bits)
            if select.select([line], [], [], SHORT / 20)[0] and not line.recv(65_536):
                return
    assert is_closed(line)


def test_an_answer_that_nobody_reads_is_not_kept(
    impatient: Connect, given_up: threading.Event
) -> None:
    impatient().sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert given_up.wait(LONG)


def test_one_request_after_the_other_is_no_slow_one(impatient: Connect) -> None:
    line = impatient()
    answers = line.makefile("rb")
    ends = time.monotonic() + SHORT * 4
    while time.monotonic() < ends:
        line.sendall(GET)
        read: list[bytes] = []
        while read[-2:] != [b"0\r\n", b"\r\n"]:
            read.append(answers.readline())
            assert read[-1], "closed"
        assert read[0].startswith(b"HTTP/1.1 200")


def test_others_are_answered_while_many_are_slow(
    impatient: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", LONG)
    monkeypatch.setattr(Protocol, "most", 20)
    slow = []
    for _ in range(100):
        slow.append(impatient())
        slow[-1].sendall(b"GET / HTTP/1.1\r\n")
    for _ in range(10):
        line = impatient()
        line.sendall(GET)
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
    # Those go that have waited longest.
    assert all(is_closed(line) for line in slow[:80])


# --- Room -----------------------------------------------------------------------------------------


def size_of(kept: Journal) -> int:
    """The bytes of all that a journal holds, with what Python takes for them."""
    seen: set[int] = set()

    def size(thing: Any) -> int:
        if id(thing) in seen:
            return 0
        seen.add(id(thing))
        inside: list[Any] = list(thing) if isinstance(thing, list | tuple) else []
        for name in getattr(type(thing), "__slots__", ()):
            inside.append(getattr(thing, name, None))
        return sys.getsizeof(thing) + sum(map(size, inside))

    return sum(size(entry) for entry in kept._entries)


HEADS: list[tuple[str, list[tuple[bytes, bytes]]]] = [
    ("one header of 1 MB", [(b"x", b"a" * 1024 * 1024)]),
    ("ten of 100 KB", [(b"x-%d" % i, b"a" * 100_000) for i in range(10)]),
    ("a name of 1 MB", [(b"x" * 1024 * 1024, b"a")]),
    ("50,000 headers", [(b"x-%d" % i, b"%d" % i) for i in range(50_000)]),
]


@pytest.mark.parametrize("headers", [head[1] for head in HEADS], ids=[head[0] for head in HEADS])
def test_the_journal_does_not_grow_beyond_what_it_says(
    headers: list[tuple[bytes, bytes]],
) -> None:
    kept = Journal()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": bytes(bytearray(journal.MAX_BODY_BYTES))}

    async def send(_: Any) -> None:
        pass

    async def go_through() -> None:
        for number in range(250):
            scope = {
                "type": "http",
                "method": "POST",
                "path": f"/{number}" + "ü" * 100_000 * (number % 2),
                "query_string": b"%d" % number * 100_000,
                "headers": [(bytes(bytearray(n)), bytes(bytearray(v))) for n, v in headers[:200]]
                if number
                else headers,
            }
            entry = kept.begin(scope, receive, send)
            await entry.receive()
            answered = [(b"location", b"%d" % number * 100_000), *headers]
            await entry.send({"type": "http.response.start", "status": 302, "headers": answered})
            body = bytes(bytearray(journal.MAX_BODY_BYTES))
            await entry.send({"type": "http.response.body", "body": body})
            entry.finish()

    asyncio.run(go_through())
    assert len(kept._entries) == journal.MAX_ENTRIES
    # Beside the bytes there are the objects that hold an entry together.
    assert size_of(kept) <= journal.MAX_BYTES + journal.MAX_ENTRIES * 2048


def test_what_the_journal_leaves_out_it_names(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    http.get(f"{sandbox.url}/v2/info?code={'a' * 20_000}", headers={"User-Agent": "b" * 20_000})
    answer = http.get(f"{sandbox.url}/_sandbox/journal", headers={"X-Sandbox-Nonce": NONCE})
    (entry,) = answer.json()
    assert entry["url"] == "/v2/info?too_long_to_keep="
    assert entry["request_headers"]["user-agent"] == "(20000 bytes, too many to keep)"
    assert entry["request_headers"]["host"].startswith("127.0.0.1")


# --- File handles, and the log --------------------------------------------------------------------


@pytest.mark.skipif(
    not hasattr(psutil, "RLIMIT_NOFILE"), reason="only Linux limits a process from outside"
)
def test_file_handles_that_run_out_are_one_line_in_the_log() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_TUTORIAL_ALLOW_HOST": ""},
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        port = int(url.rpartition(":")[2])
        handles = psutil.Process(process.pid)
        handles.rlimit(psutil.RLIMIT_NOFILE, (handles.num_fds() + 5, 4096))
        with contextlib.ExitStack() as lines:
            for _ in range(9):
                lines.enter_context(socket.create_connection(("127.0.0.1", port), LONG))
            while handles.num_fds() < handles.rlimit(psutil.RLIMIT_NOFILE)[0]:
                time.sleep(0.01)
        # As soon as there are handles again, it answers.
        answer = requests.get(f"{url}/_sandbox/health?challenge=x", timeout=LONG)
        assert answer.status_code == 200
        process.terminate()
        log = process.communicate(timeout=LONG)[1]
    assert log.count("\n") == 1
    assert "No file handles are left" in log


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
@pytest.mark.parametrize(
    ("handles", "most"), [(256, 144), (1024, 512), (65_536, 512), (-1, 512), (100, 1)]
)
def test_there_are_fewer_connections_than_file_handles(
    monkeypatch: pytest.MonkeyPatch, handles: int, most: int
) -> None:
    import resource

    monkeypatch.setattr(Protocol, "most", 512)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (handles, handles))
    assert connections.most_connections(backlog=64) == most


def test_the_log_leaves_out_what_comes_too_often(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(sparing, "monotonic", lambda: now)
    log = logging.Logger("a log")
    log.addHandler(caplog.handler)
    spare = sparing.SparingLog()
    caplog.handler.addFilter(spare)
    try:
        for number in range(10_000):
            log.warning("Refused number %d", number)
        assert len(caplog.records) == sparing.MOST_LINES
        now += sparing.WINDOW
        log.warning("Refused %s", "one more")
    finally:
        caplog.handler.removeFilter(spare)
    assert caplog.records[-1].getMessage() == "(9940 lines were left out here.) Refused one more"


def test_other_problems_of_the_loop_are_told_as_always(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sparing, "_last_said", float("-inf"))
    loop = asyncio.new_event_loop()
    try:
        for number in (errno.EMFILE, errno.ENFILE, errno.EPERM):
            context = {"message": "what asyncio says", "exception": OSError(number, "text")}
            sparing.say_once_in_a_while(loop, context)
    finally:
        loop.close()
    first, second = caplog.messages
    assert "No file handles" in first
    assert "what asyncio says" in second
