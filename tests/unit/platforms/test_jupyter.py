"""Finding the Jupyter server around the kernel. That it works in a browser: tests/browser."""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lc_tutorial.platforms import jupyter


class Server(BaseHTTPRequestHandler):
    """A Jupyter server with its proxy, as far as the question goes."""

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "token not-a-real-token"
        known = self.path == "/foo/proxy/8000/health"
        self.send_response(200 if allowed and known else 403 if known else 404)
        self.end_headers()
        self.wfile.write(b"the proof")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{running.server_port}/foo/"
        record = {"pid": os.getpid(), "url": url, "token": "not-a-real-token"}
        (tmp_path / f"jpserver-{os.getpid()}.json").write_text(json.dumps(record))
        yield url
        running.shutdown()


def test_the_server_is_the_one_that_started_the_kernel(server: str) -> None:
    found = jupyter.running_server()
    assert found is not None
    assert (found.url, found.base_url) == (server, "/foo/")


def test_another_application_has_none(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getppid()))
    assert jupyter.running_server() is None
    monkeypatch.delenv("JPY_PARENT_PID")
    assert jupyter.running_server() is None
    assert jupyter.application_pid() == os.getpid()


def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    monkeypatch.setattr(jupyter, "_PATIENCE", 0.3)
    is_asked_no_more = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def drip() -> None:
            connection, _ = slow.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not is_asked_no_more.wait(0.05):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{slow.getsockname()[1]}/"
        record = {"pid": os.getpid(), "url": url, "token": ""}
        (tmp_path / "jpserver-1.json").write_text(json.dumps(record))
        assert jupyter.proxied_path(8000, "health", "x") is None
        is_asked_no_more.set()
        thread.join()


def test_what_the_proxy_reaches_is_offered(server: str) -> None:
    assert jupyter.proxied_path(8000, "health", "the proof") == "/foo/proxy/8000/"


def test_a_hub_opens_its_servers_with_its_own_token(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "not-a-real-hub-token")
    found = jupyter.running_server()
    assert found is not None
    assert found.token == "not-a-real-hub-token"
    assert jupyter.proxied_path(8000, "health", "the proof") is None


@pytest.mark.parametrize(
    ("port", "expected"), [(8001, "the proof"), (8000, "another program's page")]
)
def test_what_it_does_not_reach_is_not(server: str, port: int, expected: str) -> None:
    assert jupyter.proxied_path(port, "health", expected) is None


def test_a_server_that_is_gone_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = jupyter.JupyterServer("http://127.0.0.1:9/", "")
    monkeypatch.setattr(jupyter, "running_server", lambda: gone)
    assert jupyter.proxied_path(8000, "health", "the proof") is None


def test_hub_and_binder_show_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTERHUB_SERVICE_PREFIX", "BINDER_LAUNCH_HOST", "BINDER_REPO_URL"):
        monkeypatch.delenv(name, raising=False)
    assert not jupyter.on_hub()
    assert not jupyter.on_binder()
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
    assert jupyter.on_hub()
    monkeypatch.setenv("BINDER_REPO_URL", "https://example.org/")
    assert jupyter.on_binder()
