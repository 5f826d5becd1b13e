"""Asking a sandbox what it knows of values, over HTTP."""

import contextlib
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from stand_in import StandIn, platform_at

from lc_tutorial.platforms import Platform, SandboxLogin, issued_by, witness

DIGESTS = [hashlib.sha256(f"fake {number}".encode()).hexdigest() for number in range(600)]


def sandbox_at(port: int) -> Platform:
    """A sandbox on this port, with its nonce."""
    login = SandboxLogin("mia@example.com", "not-a-real-password", 8377, "not-a-real-nonce")
    return replace(platform_at(f"http://127.0.0.1:{port}"), login=login)


class Control(BaseHTTPRequestHandler):
    """The one path of the control plane that is asked; it knows every second value."""

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = question["digests"]
        self.server.asked.append(asked)  # type: ignore[attr-defined]
        right = self.headers["X-Sandbox-Nonce"] == "not-a-real-nonce" and len(asked) <= 256
        said: Any = {"values": {each: {"kind": "code"} for each in asked if each in KNOWN}}
        # Whatever else was asked comes back, so that the test sees it.
        said |= {name: value for name, value in question.items() if name != "digests"}
        body = json.dumps(said).encode() if self.path == "/_sandbox/known" else b"no"
        self.send_response(200 if right else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Log nothing."""


KNOWN = set(DIGESTS[::2])


@pytest.fixture
def control() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Control) as server:
        server.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_it_says_which_are_known(control: Any) -> None:
    question = issued_by(sandbox_at(control.server_port))
    assert set(question(DIGESTS)) == KNOWN
    assert [len(asked) for asked in control.asked] == [256, 256, 88]


def test_a_sandbox_that_has_ended_issued_nothing_that_lives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert set(issued_by(sandbox_at(port))(DIGESTS)) == set()


def test_one_that_does_not_answer_may_have_issued_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        question = issued_by(sandbox_at(silent.getsockname()[1]))
        with pytest.raises(TimeoutError):
            question(DIGESTS[:1])


def test_one_that_answers_byte_by_byte_is_not_waited_for() -> None:
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def drip() -> None:
            connection, _ = slow.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not is_over.wait(0.05):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(TimeoutError):
            issued_by(sandbox_at(slow.getsockname()[1]))(DIGESTS[:1])
        is_over.set()
        thread.join()


def test_a_witness_says_what_became_of_values(control: Any) -> None:
    ask = witness(f"http://127.0.0.1:{control.server_port}", "not-a-real-nonce")
    about = {"digests": DIGESTS[:2], "path": "/v2/token"}
    assert ask(about) == {"values": {DIGESTS[0]: {"kind": "code"}}, "path": "/v2/token"}


def test_a_witness_that_can_not_be_asked_says_nothing(control: Any) -> None:
    about = {"digests": DIGESTS[:2]}
    assert witness(f"http://127.0.0.1:{control.server_port}", "another-nonce")(about) == {}
    assert len(control.asked) == 1
    with socket.create_server(("127.0.0.1", 0)) as place:
        url = f"http://127.0.0.1:{place.getsockname()[1]}"
        # It listens, and does not answer.
        assert witness(url, "not-a-real-nonce")(about) == {}
    assert witness(url, "not-a-real-nonce")(about) == {}


def test_no_proxy_and_no_recorder_comes_between(
    control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delattr("requests.Session.send")
    ask = witness(f"http://127.0.0.1:{control.server_port}", "not-a-real-nonce")
    assert set(ask({"digests": DIGESTS[:9]})["values"]) == KNOWN & set(DIGESTS[:9])
    assert set(issued_by(sandbox_at(control.server_port))(DIGESTS)) == KNOWN


@pytest.mark.parametrize("said", [b"", b"[]", b"null", b"not JSON", b'{"values": null}'])
def test_what_is_no_answer_says_nothing_of_a_value(said: bytes) -> None:
    with StandIn() as stranger:
        stranger.answers(200, said)
        asked = {"digests": DIGESTS[:2]}
        assert not witness(stranger.origin, "not-a-real-nonce")(asked).get("values")
        assert set(issued_by(stranger.platform)(DIGESTS[:2])) == set()
