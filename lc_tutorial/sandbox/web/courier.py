"""Sends what the sandbox tells other programs on this machine: the webhooks of apps.

Nothing waits for it. Each receiver has a line of its own; what failed is tried again a while later,
and what follows does not wait for that.

Source of the times and of what counts as received: livechat-public-docs, guides/livechat-apps (an
answer other than 200, or none within about 10 seconds, leads to up to 3 more tries in about a
minute).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import httptools

from lc_tutorial.sandbox.web.hosts import is_loopback

_log = logging.getLogger("lc_tutorial.sandbox")

#: How much may wait to be sent; what comes on top is lost, and the log says so.
MOST_LETTERS = 500
MOST_BYTES = 16 * 1024 * 1024

_READ = 64 * 1024
_MOST_READS = 16


class Receiver(NamedTuple):
    """A program that listens on this machine."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def always() -> bool:
    """Say that a letter is wanted, whenever it comes."""
    return True


class Letter(NamedTuple):
    """Something to be sent: `what` it is in a word, for the log, and how often it was tried."""

    what: str
    receiver: Receiver
    target: str
    body: bytes
    is_wanted: Callable[[], bool] = always
    tries: int = 0


def receiver_of(url: str) -> tuple[Receiver, str] | None:
    """Return who listens at an address, and the path there; None if it is not on this machine.

    >>> receiver_of("http://127.0.0.1:9000/hooks?a=b")
    (Receiver(host='127.0.0.1', port=9000), '/hooks?a=b')
    >>> receiver_of("https://hooks.example.com/")
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme.lower() != "http" or not is_loopback(host):
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(host, port or 80), target


class Courier:
    """Posts JSON, in the background of the event loop.

    Args:
        timeout: How many seconds a receiver has to answer.
        pauses: How many seconds pass before each further try.

    """

    def __init__(self, timeout: float = 10.0, pauses: Sequence[float] = (10.0, 20.0, 30.0)) -> None:
        self.timeout = timeout
        self.pauses = pauses
        self._lines: dict[Receiver, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._letters = self._bytes = 0

    @property
    def busy(self) -> bool:
        """Whether anything waits to be sent, or to be tried again."""
        return self._letters > 0

    def send(
        self, what: str, url: str, body: bytes, is_wanted: Callable[[], bool] = always
    ) -> None:
        """Send a body to an address, soon. To be called from a coroutine.

        Args:
            what: A word for the log.
            url: Where to. What is not on this machine is not sent, and the log says so.
            body: JSON.
            is_wanted: Asked before each try; what nobody wants any more is not sent.

        """
        found = receiver_of(url)
        if found is None:
            _log.info("%s: not sent: the sandbox sends to http:// on this machine only", what)
            return
        if self._letters >= MOST_LETTERS or self._bytes + len(body) > MOST_BYTES:
            _log.warning("%s: not sent: too much waits to be sent already", what)
            return
        self._letters += 1
        self._bytes += len(body)
        self._line_up(Letter(what, *found, body, is_wanted))

    def stop(self) -> None:
        """Forget everything that was not sent yet."""
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._timers.clear()
        self._lines.clear()
        self._letters = self._bytes = 0

    def _line_up(self, letter: Letter) -> None:
        line = self._lines.get(letter.receiver)
        if line is not None:
            line.append(letter)
            return
        line = self._lines[letter.receiver] = deque([letter])
        task = asyncio.get_running_loop().create_task(self._work_off(letter.receiver, line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, receiver: Receiver, line: deque[Letter]) -> None:
        try:
            while line:
                letter = line.popleft()
                if letter.is_wanted():
                    self._note(letter, await self._post(letter))
                else:
                    self._drop(letter)
        finally:
            if self._lines.get(receiver) is line:
                del self._lines[receiver]

    def _note(self, letter: Letter, problem: str) -> None:
        """Say how it went, and see to another try where it went wrong."""
        if not problem:
            _log.info("%s: received by %s", letter.what, letter.receiver)
        elif not letter.is_wanted():
            self._drop(letter)
            return
        elif letter.tries < len(self.pauses):
            pause = self.pauses[letter.tries]
            again = letter._replace(tries=letter.tries + 1)
            words = "%s: not received by %s (%s); trying again in %g s"
            _log.info(words, letter.what, letter.receiver, problem, pause)
            key = id(again)
            timer = asyncio.get_running_loop().call_later(pause, self._try_again, key, again)
            self._timers[key] = timer
            return
        else:
            _log.info("%s: not received by %s (%s)", letter.what, letter.receiver, problem)
        self._forget(letter)

    def _drop(self, letter: Letter) -> None:
        _log.info("%s: not sent to %s: it is not wanted any more", letter.what, letter.receiver)
        self._forget(letter)

    def _forget(self, letter: Letter) -> None:
        self._letters -= 1
        self._bytes -= len(letter.body)

    def _try_again(self, key: int, letter: Letter) -> None:
        del self._timers[key]
        self._line_up(letter)

    async def _post(self, letter: Letter) -> str:
        """Post a letter once; return what went wrong, or nothing."""
        answer = _Answer()
        try:
            await asyncio.wait_for(_exchange(letter, answer), self.timeout)
        except TimeoutError:
            problem = f"no answer within {self.timeout:g} s"
        except ConnectionRefusedError:
            problem = "nothing answers there"
        except OSError:
            problem = "the connection ended before an answer came"
        except httptools.HttpParserError:
            problem = "what it answered is not HTTP"
        else:
            problem = "the connection ended before an answer came"
        # What went wrong after the status came changes nothing: it has received the letter.
        if answer.status is not None:
            return "" if answer.status == 200 else f"it answered with status {answer.status}"
        return problem


class _Answer:
    """What a receiver answered, piece by piece."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.complete = False
        self._parser = httptools.HttpResponseParser(self)

    def take(self, data: bytes) -> None:
        """Read on.

        Raises:
            httptools.HttpParserError: This is not HTTP.

        """
        self._parser.feed_data(data)

    def on_headers_complete(self) -> None:
        """Note the status; the parser calls this. Those below 200 announce the answer proper."""
        code = self._parser.get_status_code()
        if self.status is None and code >= 200:
            self.status = code

    def on_message_complete(self) -> None:
        """Note that nothing more will come; the parser calls this."""
        self.complete = self.status is not None


async def _exchange(letter: Letter, answer: _Answer) -> None:
    """Post a letter, and read the answer to its end, so that its sender is not cut off in it."""
    receiver = letter.receiver
    reader, writer = await asyncio.open_connection(receiver.host, receiver.port)
    try:
        head = (
            f"POST {letter.target} HTTP/1.1\r\n"
            f"Host: {receiver}\r\n"
            "User-Agent: lc-tutorial-sandbox\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(letter.body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        writer.write(head.encode("ascii") + letter.body)
        await writer.drain()
        # Its end is where it says: a receiver may leave the connection open, though asked not to.
        for _ in range(_MOST_READS):
            data = await reader.read(_READ)
            if not data:
                break
            answer.take(data)
            if answer.complete:
                break
    finally:
        writer.close()
