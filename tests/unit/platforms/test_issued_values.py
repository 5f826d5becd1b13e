"""Asking a sandbox which values it issued, over HTTP."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from stand_in import platform_at

from lc_tutorial.platforms import Platform, SandboxLogin, issued_by

DIGESTS = [hashlib.sha256(f"fake {number}".encode()).hexdigest() for number in range(70)]


def sandbox_at(port: int) -> Platform:
    """A sandbox on this port, with its nonce."""
    login = SandboxLogin("mia@example.com", "not-a-real-password", 8377, "not-a-real-nonce")
    return replace(platform_at(f"http://127.0.0.1:{port}"), login=login)


class Control(BaseHTTPRequestHandler):
    """The one path of the control plane that is asked; it knows every second value."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["digests"]
        self.server.asked.append(asked)  # type: ignore[attr-defined]
        right = self.headers["X-Sandbox-Nonce"] == "not-a-real-nonce" and len(asked) <= 32
        known: dict[str, Any] = {digest: {"kind": "code"} for digest in asked if digest in KNOWN}
        body = json.dumps({"values": known}).encode() if self.path == "/_sandbox/known" else b"no"
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
    assert [len(asked) for asked in control.asked] == [32, 32, 6]


def test_a_sandbox_that_has_ended_issued_nothing_that_lives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert set(issued_by(sandbox_at(port))(DIGESTS)) == set()


def test_one_that_does_not_answer_may_have_issued_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        question = issued_by(sandbox_at(silent.getsockname()[1]))
        with pytest.raises(TimeoutError):
            question(DIGESTS[:1])
