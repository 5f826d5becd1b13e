"""Who may ask the callback listener, how much it keeps, and what it says to who comes again."""

import contextlib
import http.client
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from lc_tutorial.errors import PortTaken
from lc_tutorial.oauth import callback, callback_server
from lc_tutorial.oauth.callback import CallbackListener
from lc_tutorial.platforms import page_server

ARRIVED = "The code has arrived"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Notebook:
    """What a form does with a redirect."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    def __call__(self, query: str) -> str | None:
        self.queries.append(query)
        return None


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def listener(port: int, notebook: Notebook) -> Iterator[CallbackListener]:
    with CallbackListener(f"http://127.0.0.1:{port}/callback", notebook) as listener:
        yield listener


def get(port: int, path: str, *hosts: str, **headers: str) -> tuple[int, str]:
    """The status and the page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=9)
    try:
        line.putrequest("GET", path, skip_host=True)
        for host in hosts or ("127.0.0.1",):
            line.putheader("Host", host)
        for name, value in headers.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


# --- Names ----------------------------------------------------------------------------------------

LOCAL, HUB = "http://127.0.0.1:{}/callback", "https://Hub.example/user/mia/proxy/{}/callback"
PREFIX = "/user/mia/proxy/{}"
OF_ADA = "https://hub.example/user/ada%40example.org/proxy/{}"

#: A redirect URI, what is sent as `Host`, what jupyter-server-proxy adds; and whether it is ours.
NAMES = [
    (LOCAL, "127.0.0.1", "", True),
    (LOCAL, "127.0.0.1:8377", "", True),
    (LOCAL, "127.1.2.3", "", True),
    (LOCAL, "localhost", "", True),
    (LOCAL, "LOCALHOST.:1", "", True),
    (LOCAL, "[::1]:8377", "", True),
    ("http://localhost:{}/callback", "127.0.0.1", "", True),
    (LOCAL, "evil.example", "", False),
    (LOCAL, "127.0.0.1.evil.example", "", False),
    (LOCAL, "192.0.2.1", "", False),
    (LOCAL, "", "", False),
    (LOCAL, "a b", "", False),
    (LOCAL, "127.0.0.1/", "", False),
    (LOCAL, "hub.example", PREFIX, False),
    (HUB, "hub.example", PREFIX, True),
    (HUB, "hub.example:443", "", True),
    (HUB, "127.0.0.1", "", True),
    (HUB, "evil.example", "", False),
    (HUB, "evil.example", "/user/ben/proxy/{}", False),
    # Of a neighbour on the same machine, who has the same port.
    (HUB, "hub.example", "/user/ben/proxy/{}", False),
    (HUB, "127.0.0.1", "/user/ben/proxy/{}", False),
    (LOCAL, "127.0.0.1", "/user/ben/proxy/{}", False),
    (f"{OF_ADA}/callback", "hub.example", "/user/ada@example.org/proxy/{}", True),
    (f"{OF_ADA}/callback", "hub.example", "/user/ada%40example.org/proxy/{}", True),
    # A proxy in front of the hub that keeps the public name to itself.
    (HUB, "inside.example", PREFIX, True),
]


@pytest.mark.parametrize(("uri", "host", "context", "ours"), NAMES)
def test_it_answers_to_the_names_of_its_redirect_uri(
    port: int, notebook: Notebook, uri: str, host: str, context: str, ours: bool
) -> None:
    headers = {"X_Forwarded_Context": context.format(port)} if context else {}
    with CallbackListener(uri.format(port), notebook):
        status, page = get(port, "/callback?code=x", host, **headers)
    assert status == (200 if ours else 421)
    assert notebook.queries == (["code=x"] if ours else [])
    assert "evil" not in page


def test_two_names_are_none(listener: CallbackListener, notebook: Notebook) -> None:
    assert get(listener.port, "/callback?code=x", "127.0.0.1", "127.0.0.1")[0] == 421
    assert notebook.queries == []


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_no_method_does_without_its_name(listener: CallbackListener, method: str) -> None:
    url = f"http://127.0.0.1:{listener.port}/callback"
    answer = requests.request(method, url, headers={"Host": "evil.example"}, timeout=9)
    assert answer.status_code == 421


# --- Room and time --------------------------------------------------------------------------------


def test_it_remembers_so_many_redirects(listener: CallbackListener, notebook: Notebook) -> None:
    for number in range(100):
        assert get(listener.port, f"/callback?code={number}")[0] == 200
    assert len(notebook.queries) == 100
    assert len(listener._answers) == callback.MOST_REDIRECTS
    # A code is in no memory but the notebook's.
    assert not any(b"code" in key for key in listener._answers)
    get(listener.port, "/callback?code=99")
    assert len(notebook.queries) == 100


def test_a_redirect_is_so_long(listener: CallbackListener, notebook: Notebook) -> None:
    fits = "code=" + "x" * (callback_server.MAX_QUERY - 5)
    assert get(listener.port, f"/callback?{fits}")[0] == 200
    status, page = get(listener.port, f"/callback?{fits}x")
    assert (status, "too long" in page) == (414, True)
    assert notebook.queries == [fits]


def is_closed(line: socket.socket) -> bool:
    line.settimeout(9)
    with contextlib.suppress(ConnectionError):
        while line.recv(65_536):
            pass
    return True


def test_others_are_answered_while_many_are_slow(
    listener: CallbackListener, notebook: Notebook
) -> None:
    with contextlib.ExitStack() as lines:
        slow = [
            lines.enter_context(socket.create_connection(("127.0.0.1", listener.port), 9))
            for _ in range(100)
        ]
        for line in slow:
            with contextlib.suppress(ConnectionError):  # it may be closed already
                line.sendall(b"GET /callback HTTP/1.1\r\n")
        assert get(listener.port, "/callback?code=x")[0] == 200
        assert all(is_closed(line) for line in slow[: 100 - page_server.MOST_CONNECTIONS])


@pytest.mark.parametrize("bits", [b"", b"a"])
def test_a_slow_browser_is_not_waited_for(
    listener: CallbackListener, monkeypatch: pytest.MonkeyPatch, bits: bytes
) -> None:
    monkeypatch.setattr(page_server, "PATIENCE", 0.2)
    with socket.create_connection(("127.0.0.1", listener.port), 9) as line:
        line.sendall(b"GET /callback HTTP/1.1\r\nX: ")
        with contextlib.suppress(ConnectionError):
            ends = time.monotonic() + 9
            line.settimeout(0.02)
            while bits and time.monotonic() < ends:
                line.sendall(bits)
                with contextlib.suppress(TimeoutError):
                    if not line.recv(1000):
                        return
        assert is_closed(line)


# --- Who comes again ------------------------------------------------------------------------------


def test_who_comes_again_may_bring_another_code(port: int, notebook: Notebook) -> None:
    def take(query: str) -> str | None:
        listener.rest()
        return notebook(query)

    with CallbackListener(f"http://127.0.0.1:{port}/callback", take) as listener:
        # At once, a reload, and the link followed once more.
        for query in ("code=x&state=s", "code=x&state=s", "code=y&state=s"):
            status, page = get(port, f"/callback?{query}")
            assert (status, ARRIVED in page) == (200, True)
        assert not listener.is_listening
    assert notebook.queries == ["code=x&state=s", "code=y&state=s"], "the reload is none"
    with pytest.raises(ConnectionRefusedError):
        get(port, "/callback?code=x")


def test_it_can_go_on_after_a_rest(listener: CallbackListener, notebook: Notebook) -> None:
    listener.rest()
    assert not listener.is_listening
    listener.start()
    assert listener.is_listening
    assert get(listener.port, "/callback?code=y")[0] == 200
    assert notebook.queries == ["code=y"]


def test_what_was_wrong_stays_wrong(port: int) -> None:
    problems = iter(["Not this one.", None])

    def take(query: str) -> str | None:
        problem = next(problems)
        if problem is None:
            listener.rest()
        return problem

    with CallbackListener(f"http://127.0.0.1:{port}/callback", take) as listener:
        assert [get(port, f"/callback?code={code}")[0] for code in "xyx"] == [400, 200, 400]


def test_a_listener_that_rests_makes_room_in_its_kernel(port: int, notebook: Notebook) -> None:
    first = CallbackListener(f"http://127.0.0.1:{port}/callback", notebook)
    first.start()
    first.rest()
    with CallbackListener(f"http://localhost:{port}/callback", notebook):
        assert get(port, "/callback?code=x")[0] == 200
        first.stop()
        assert get(port, "/callback?code=y")[0] == 200
    assert notebook.queries == ["code=x", "code=y"]


def test_a_listener_that_rests_makes_room_for_another_kernel(port: int, notebook: Notebook) -> None:
    program = f"""
        from lc_tutorial.oauth.callback import CallbackListener
        with CallbackListener("http://127.0.0.1:{port}/callback", lambda query: None) as listener:
            print("listens", flush=True)
            input()
            listener.rest()
            print("rests", flush=True)
            input()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "listens\n"
        with pytest.raises(PortTaken):
            CallbackListener(f"http://127.0.0.1:{port}/callback", notebook).start()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "rests\n"
        with CallbackListener(f"http://127.0.0.1:{port}/callback", notebook):
            assert get(port, "/callback?code=x")[0] == 200
        other.stdin.write("\n")
    assert notebook.queries == ["code=x"]


def test_a_rest_comes_to_its_end(
    listener: CallbackListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "REST", 0.05)
    listener.rest()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(9)
    with pytest.raises(ConnectionRefusedError):
        get(listener.port, "/callback?code=x")


def test_no_page_can_make_it_give_up_its_port(listener: CallbackListener) -> None:
    listener.rest()
    url = f"http://127.0.0.1:{listener.port}/.lc-tutorial/make-room"
    assert requests.post(url, timeout=9).status_code == 501
    # A header of its own makes the browser ask first whether it may be sent.
    assert requests.options(url, timeout=9).status_code == 501
    assert get(listener.port, "/callback?code=x")[0] == 200
