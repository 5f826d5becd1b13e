"""How long a page of this kernel waits for a browser, while it serves and after."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from lc_tutorial.platforms import PageHandler, PageServer, is_loopback, page_server, plain_name


class Arrived(PageHandler):
    """Says that a request began to arrive, before its headers are there."""

    begun = threading.Event()

    def setup(self) -> None:
        super().setup()
        self.begun.set()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageServer]:
    monkeypatch.setattr(page_server, "PATIENCE", 0.3)
    Arrived.begun.clear()
    made = PageServer("127.0.0.1", 0, Arrived)
    made.start()
    yield made
    made.stop()


def comes_to_an_end(line: socket.socket) -> bool:
    """Send a bit now and then until the other side is done."""
    line.settimeout(0.02)
    with contextlib.suppress(ConnectionError):
        for _ in range(1000):
            line.sendall(b"a")
            with contextlib.suppress(TimeoutError):
                if not line.recv(1000):
                    return True
        return False
    return True


def test_who_sends_bit_by_bit_comes_to_an_end(server: PageServer) -> None:
    with socket.create_connection(server.server_address[:2], 9) as line:
        line.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert comes_to_an_end(line)


def test_who_does_so_when_the_server_is_stopped_does_too() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_server, "PATIENCE", 0.3)
        Arrived.begun.clear()
        server = PageServer("127.0.0.1", 0, Arrived)
        server.start()
        with socket.create_connection(server.server_address[:2], 9) as line:
            line.sendall(b"GET / HTTP/1.1\r\nX: ")
            assert Arrived.begun.wait(9)
            server.stop()
            assert comes_to_an_end(line)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8377", True),
        ("127.8.9.1", True),
        ("LOCALHOST.:80", True),
        ("[::1]", True),
        ("[::1]:8377", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example:8377", False),
        ("evil.example", False),
        ("127.0.0.1:8377@evil.example", False),
        ("127.0.0.1, evil.example", False),
        ("", False),
    ],
)
def test_by_which_names_this_machine_goes(host: str, is_ours: bool) -> None:
    assert is_loopback(plain_name(host)) is is_ours
