"""Reports on their way: whatever is at the other end, nobody in the kernel waits or is told."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from lc_tutorial import memory
from lc_tutorial.board import events
from lc_tutorial.classroom.sending import MOST_WAITING, Sender, Target
from tests.unit.classroom.strangers import Behaviour, answering, listening, request_of

REPORT = events.AtStep(1, 0, events.State.DONE)


def until(true: Callable[[], object], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.005)


@contextlib.contextmanager
def sending(
    url: str, is_joined: Callable[[], bool] = lambda: True, poll: float = 60
) -> Iterator[Sender]:
    sender = Sender(Target(url, "not-a-real-token", 1), is_joined, pauses=(0.01,), poll=poll)
    sender.start()
    yield sender
    sender.stop()
    sender._thread.join(30)
    assert not sender._thread.is_alive()


def drip(connection: socket.socket) -> None:
    """Bytes of an answer that never ends, one after the other."""
    request_of(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(100_000):
        connection.sendall(b"x" * 100)


def hang_up(connection: socket.socket) -> None:
    request_of(connection)


STRANGERS: dict[str, Behaviour] = {
    "garbage": lambda connection: connection.sendall(b"\x00\xff garbage\r\n\r\n"),
    "hangs up": hang_up,
    "a page": answering(b"<html>A login page</html>"),
    "another JSON": answering(b'{"line": 5}'),
    "JSON too deep": answering(b"[" * 4000),
    "a huge answer": answering(b"x" * 5_000_000),
    "an answer without an end": drip,
    "500": answering(b"", b"500 Internal Server Error"),
    "503": answering(b"", b"503 Service Unavailable"),
    "a redirect": answering(b"", b"302 Found", b"Location: http://127.0.0.1:1/\r\n"),
    "a redirect that keeps the method": answering(
        b"", b"307 Temporary Redirect", b"Location: http://127.0.0.1:1/\r\n"
    ),
}


@pytest.mark.parametrize("behaviour", STRANGERS.values(), ids=STRANGERS.keys())
def test_what_is_no_board_shows_in_one_line_and_nowhere_else(
    behaviour: Behaviour, capfd: pytest.CaptureFixture[str]
) -> None:
    with listening(behaviour) as (url, _), sending(url) as sender:
        sender.put(REPORT)
        until(lambda: sender.trouble)
        assert "What you do is not disturbed" in sender.trouble
        assert url not in sender.trouble
    assert capfd.readouterr() == ("", "")


def test_nobody_there_is_the_same() -> None:
    with sending("http://127.0.0.1:9/") as sender:
        sender.put(REPORT)
        until(lambda: sender.trouble)
        assert "does not answer" in sender.trouble


def test_who_answers_nothing_keeps_nobody_waiting() -> None:
    release = threading.Event()
    with listening(lambda _: release.wait(30) and None) as (url, called), sending(url) as sender:
        sender.put(REPORT)
        until(lambda: called)
        # The thread waits; whoever reports, and whoever stops, does not.
        for _ in range(10_000):
            sender.put(REPORT)
        assert len(sender._waiting) == MOST_WAITING
        sender.stop()
        release.set()


def test_what_could_not_be_sent_is_sent_when_the_board_is_there_again() -> None:
    heard: list[bytes] = []
    is_there = threading.Event()

    def board(connection: socket.socket) -> None:
        request = request_of(connection)
        if not request or not is_there.is_set():
            return
        heard.append(request)
        body = b'{"line":"","number":0}'
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
            % (len(body), body)
        )

    with listening(board) as (url, called), sending(url) as sender:
        for position in range(3):
            sender.put(events.AtStep(1, position, events.State.DONE))
        until(lambda: len(called) > 2)
        is_there.set()
        assert sender.wait_until_sent(0) or sender._idle.wait(30)
        until(lambda: not sender.trouble)
    reports = [
        report.step
        for request in heard
        for report in msgspec.json.decode(
            request.partition(b"\r\n\r\n")[2], type=events.Reports
        ).reports
        if isinstance(report, events.AtStep)
    ]
    assert reports == [0, 1, 2]


@pytest.mark.parametrize("status", [b"401 Unauthorized", b"403 Forbidden"])
def test_a_board_that_forgot_the_learner_is_told_nothing_more(status: bytes) -> None:
    with listening(answering(b"", status)) as (url, called), sending(url) as sender:
        sender.put(REPORT)
        until(lambda: sender.trouble)
        assert "run lc.join" in sender.trouble
        until(lambda: not sender._thread.is_alive())
        sender.put(REPORT)
        assert len(called) == 1


def test_who_left_in_another_notebook_tells_nothing_more() -> None:
    with (
        listening(answering(b'{"line":"","number":0}')) as (url, called),
        sending(url, is_joined=lambda: False) as sender,
    ):
        sender.put(REPORT)
        until(lambda: not sender._thread.is_alive())
        assert not called


def test_the_teachers_line_waits_for_the_next_check_plain_and_once() -> None:
    line = msgspec.json.encode(events.Heard("Stop \u202eat <2>\n", 3))
    with listening(answering(line)) as (url, _), sending(url, poll=0.01) as sender:
        until(lambda: sender._line_number == 3)
        assert memory.take_line() == "Stop at <2>"
        sender.put(REPORT)
        assert sender._idle.wait(30)
        assert memory.take_line() == ""


def test_a_board_that_was_started_anew_counts_its_lines_anew() -> None:
    lines = [events.Heard("Before", 1), events.Heard("After", 1, is_new=True)]

    def board(connection: socket.socket) -> None:
        line = lines[0] if len(lines) == 1 else lines.pop(0)
        answering(msgspec.json.encode(line))(connection)

    with listening(board) as (url, _), sending(url) as sender:
        for said in ("Before", "After"):
            sender.put(REPORT)
            assert sender._idle.wait(30)
            assert memory.take_line() == said
        assert sender.take_is_new()


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with listening(answering(b'{"line":"","number":0}')) as (url, called), sending(url) as sender:
        sender.put(REPORT)
        until(lambda: called)
        assert sender._idle.wait(30)
        assert not sender.trouble
