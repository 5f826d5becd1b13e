"""What the sandbox sends to other programs: when, how often, and that nothing waits for it."""

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from lc_tutorial.sandbox.web import courier as module
from lc_tutorial.sandbox.web.courier import Courier, receiver_of

# Source: livechat-public-docs, guides/livechat-apps: 10 seconds, 3 more tries within a minute.
PAUSES = (10.0, 20.0, 30.0)


@dataclass
class Receiver:
    """A program that listens; it answers each request with the next of its answers."""

    url: str = ""
    answers: list[bytes | None] = field(default_factory=list)
    received: asyncio.Queue[tuple[bytes, bytes]] = field(default_factory=asyncio.Queue)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        body = await reader.readexactly(length)
        answer = self.answers.pop(0) if self.answers else status(200)
        self.received.put_nowait((head, body))
        if answer is None:
            await reader.read()  # says nothing until the other side has had enough
        else:
            writer.write(answer)
        writer.close()


def status(code: int) -> bytes:
    return f"HTTP/1.1 {code} Whatever\r\nContent-Length: 2\r\n\r\nok".encode()


@asynccontextmanager
async def receiver(*answers: bytes | None) -> AsyncIterator[Receiver]:
    one = Receiver(answers=list(answers))
    async with await asyncio.start_server(one.answer, "127.0.0.1", 0) as server:
        one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks?a=b"
        yield one


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 30))


def test_a_letter_is_a_post_of_json() -> None:
    async def play() -> None:
        async with receiver() as there:
            Courier().send("a letter", there.url, b'{"a": 1}')
            head, body = await there.received.get()
            assert head.startswith(b"POST /hooks?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
            # Source: livechat-public-docs, guides/livechat-apps
            assert b"\r\nContent-Type: application/json\r\n" in head
            assert body == b'{"a": 1}'

    run(play)


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(status(500), id="another status"),
        pytest.param(status(201), id="another status of success"),
        pytest.param(b"SSH-2.0-whatever\r\n", id="no HTTP"),
        pytest.param(b"", id="no answer at all"),
        pytest.param(None, id="no answer in time"),
    ],
)
def test_what_was_not_received_is_tried_again(problem: bytes | None, caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")

    async def play() -> None:
        async with receiver(problem) as there:
            Courier(timeout=0.2, pauses=(0.0,)).send("a letter", there.url, b"{}")
            await there.received.get()
            await there.received.get()

    run(play)
    assert "a letter: not received by 127.0.0.1:" in caplog.text
    assert "trying again in 0 s" in caplog.text


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        pytest.param(OK + b"Content-Length: 0\r\n\r\n", "open", id="the connection stays open"),
        pytest.param(OK + b"Content-Length: 0\r\n\r\n", "reset", id="the connection breaks"),
        pytest.param(OK + b"\r\nwhatever", "open", id="an answer without an end"),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n",
            "closed",
            id="after an interim answer",
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "open", id="in chunks"
        ),
    ],
)
def test_what_was_answered_with_200_was_received(answer: bytes, ending: str, caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    left_open = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left_open.append(writer)
        writer.write(answer)
        await writer.drain()
        if ending == "reset":
            # Ended like that, a connection is broken off ("linger" for no time at all).
            end = writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if ending != "open":
            writer.close()

    async def play() -> None:
        async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
            courier = Courier(timeout=0.2, pauses=(0.0,))
            port = server.sockets[0].getsockname()[1]
            courier.send("a letter", f"http://127.0.0.1:{port}/", b"{}")
            while courier.busy:
                await asyncio.sleep(0)
            for writer in left_open:
                writer.close()

    run(play)
    assert len(left_open) == 1
    assert "a letter: received by 127.0.0.1:" in caplog.text


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"", "the connection ended before an answer came"),
        (b"HTTP/1.1 20", "the connection ended before an answer came"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "the connection ended before an answer came"),
        (b"SSH-2.0-whatever\r\n", "what it answered is not HTTP"),
        (status(302), "it answered with status 302"),
        (None, "no answer within 0.2 s"),
    ],
)
def test_the_log_says_what_went_wrong(answer: bytes | None, problem: str, caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")

    async def play() -> None:
        async with receiver(answer) as there:
            courier = Courier(timeout=0.2, pauses=())
            courier.send("a letter", there.url, b"{}")
            await there.received.get()
            while courier.busy:
                await asyncio.sleep(0)

    run(play)
    assert caplog.messages[-1].endswith(f"({problem})")


def test_the_log_says_where_nobody_listens(caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")

    async def play() -> None:
        async with receiver() as gone:
            pass
        courier = Courier(pauses=())
        courier.send("a letter", gone.url, b"{}")
        while courier.busy:
            await asyncio.sleep(0)

    run(play)
    assert caplog.messages[-1].endswith("(nothing answers there)")


def test_the_tries_are_four_within_a_minute() -> None:
    courier = Courier()
    assert courier.timeout == 10
    assert tuple(courier.pauses) == PAUSES


def test_after_the_last_try_it_is_given_up(caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")

    async def play() -> None:
        async with receiver(status(500), status(500), status(500)) as there:
            courier = Courier(pauses=(0.0,))
            courier.send("the first", there.url, b"1")
            bodies = [(await there.received.get())[1] for _ in range(2)]
            courier.send("the second", there.url, b"2")
            bodies += [(await there.received.get())[1] for _ in range(2)]
            assert bodies == [b"1", b"1", b"2", b"2"]

    run(play)
    assert "the first: not received by" in caplog.text


def test_what_waits_to_be_tried_again_holds_up_nothing() -> None:
    async def play() -> None:
        async with receiver(status(500)) as there:
            courier = Courier()  # tries again in 10 seconds
            courier.send("the first", there.url, b"1")
            courier.send("the second", there.url, b"2")
            assert (await there.received.get())[1] == b"1"
            assert (await there.received.get())[1] == b"2"
            courier.stop()

    run(play)


def test_letters_to_one_receiver_keep_their_order() -> None:
    async def play() -> None:
        async with receiver() as there:
            courier = Courier()
            for number in range(20):
                courier.send("a letter", there.url, str(number).encode())
            numbers = [int((await there.received.get())[1]) for _ in range(20)]
            assert numbers == list(range(20))

    run(play)


def test_a_receiver_that_says_nothing_holds_up_no_other() -> None:
    async def play() -> None:
        async with receiver(None) as silent, receiver() as there:
            courier = Courier()
            courier.send("a letter", silent.url, b"{}")
            await silent.received.get()
            courier.send("a letter", there.url, b"{}")
            await there.received.get()
            courier.stop()

    run(play)


@pytest.mark.parametrize("bound", ["MOST_LETTERS", "MOST_BYTES"])
def test_no_more_waits_than_may(bound: str, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, bound, 3)

    async def play() -> None:
        async with receiver() as there:
            courier = Courier()
            for number in range(5):
                courier.send("a letter", there.url, str(number).encode())
            assert [(await there.received.get())[1] for _ in range(3)] == [b"0", b"1", b"2"]

    run(play)
    assert caplog.text.count("too much waits to be sent already") == 2


def test_what_was_sent_makes_room(monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "MOST_LETTERS", 1)

    async def play() -> None:
        async with receiver() as there:
            courier = Courier()
            courier.send("the first", there.url, b"1")
            await there.received.get()
            while courier.busy:
                await asyncio.sleep(0)
            courier.send("the second", there.url, b"2")
            assert (await there.received.get())[1] == b"2"

    run(play)
    assert not caplog.records


def test_a_courier_that_stops_forgets_what_waits() -> None:
    async def play() -> None:
        async with receiver(None) as there:
            courier = Courier()
            courier.send("the first", there.url, b"1")
            courier.send("the second", there.url, b"2")
            await there.received.get()
            courier.stop()
            courier.send("the third", there.url, b"3")
            assert (await there.received.get())[1] == b"3"

    run(play)


@pytest.mark.parametrize(
    ("url", "receiver"),
    [
        ("http://127.0.0.1:9000", ("127.0.0.1:9000", "/")),
        ("http://127.0.0.1:9000/hooks", ("127.0.0.1:9000", "/hooks")),
        ("http://localhost/a?b=c", ("localhost:80", "/a?b=c")),
        ("HTTP://LOCALHOST:1/", ("localhost:1", "/")),
        ("http://[::1]:9000/#there", ("[::1]:9000", "/")),
        ("https://127.0.0.1/hooks", None),
        ("http://hooks.example.com/", None),
        ("http://127.0.0.1.example.com/", None),
        ("http://127.0.0.1@example.com/", None),
        ("http://10.0.0.1/", None),
        ("http://0.0.0.0:1/", None),
        ("http://127.0.0.1:99999/", None),
        ("http://[::1/", None),
        ("ftp://127.0.0.1/", None),
        ("", None),
    ],
)
def test_only_this_machine_is_sent_to(url: str, receiver: tuple[str, str] | None) -> None:
    found = receiver_of(url)
    assert (found and (str(found[0]), found[1])) == receiver


def test_the_log_says_what_is_not_sent_and_not_where_it_was_to_go(caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    Courier().send("a letter", "https://hooks.example.com/not-a-real-key", b"{}")
    assert "a letter: not sent" in caplog.text
    assert "not-a-real-key" not in caplog.text
