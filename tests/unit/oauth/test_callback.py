"""The listener at the redirect URI."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from lc_tutorial.errors import PortTaken
from lc_tutorial.oauth import callback
from lc_tutorial.oauth.callback import CallbackListener, listening_port


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Notebook:
    """What a form does with a redirect."""

    def __init__(self) -> None:
        self.queries: list[str] = []
        self.problem: str | None = None

    def __call__(self, query: str) -> str | None:
        self.queries.append(query)
        return self.problem


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def listener(port: int, notebook: Notebook) -> Iterator[CallbackListener]:
    with CallbackListener(f"http://127.0.0.1:{port}/callback", notebook) as listener:
        yield listener


def get(listener: CallbackListener, path: str, **more: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"http://127.0.0.1:{listener.port}{path}", headers=more, timeout=9)


# --- The port -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "port"),
    [
        ("http://127.0.0.1:8377/callback", 8377),
        ("http://localhost:3000", 3000),
        ("http://[::1]:8377/", 8377),
        ("https://hub.example/user/mia/proxy/8377/callback", 8377),
        ("https://hub.example/user/mia/proxy/8377", 8377),
        ("http://127.0.0.1:8888/proxy/8377/callback", 8377),
        ("http://127.0.0.1/callback", None),
        ("https://127.0.0.1:8377/callback", None),
        ("http://192.0.2.1:8377/callback", None),
        ("http://localhost.example.com:8377/", None),
        ("https://www.livechat.com/", None),
        ("https://hub.example/proxy/absolute/8377/", None),
        ("https://hub.example/proxy/99999/", None),
        ("http://127.0.0.1:0/", None),
        ("http://127.0.0.1:port/", None),
        ("http://[::1/", None),
        ("my_app://callback", None),
        ("", None),
    ],
)
def test_where_a_redirect_uri_leads(uri: str, port: int | None) -> None:
    assert listening_port(uri) == port


def test_an_address_elsewhere_is_refused(notebook: Notebook) -> None:
    with pytest.raises(ValueError, match="this machine"):
        CallbackListener("https://www.livechat.com/", notebook)


# --- A redirect ---------------------------------------------------------------------------------


def test_a_redirect_is_handed_on(listener: CallbackListener, notebook: Notebook) -> None:
    page = get(listener, "/callback?code=dal%3Anot-a-real-code&state=s")
    assert notebook.queries == ["code=dal%3Anot-a-real-code&state=s"]
    assert page.status_code == 200
    assert "The code has arrived" in page.text
    assert "you can close it" in page.text
    assert "not-a-real-code" not in page.text


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("code=dal%3Anot-a-code&state=st-1", ["code=dal%3A••••••••", "state=st-1"]),
        ("code=fra-a:not-a-code&state=st-1", ["code=fra-a%3A••••••••", "state=st-1"]),
        ("code=not-a-code&state=%3Cb%3E", ["code=••••••••", "state=&lt;b&gt;"]),
        ("code=not-a-code:more", ["code=••••••••"]),
    ],
)
def test_the_page_says_what_stands_in_the_address_bar(
    listener: CallbackListener, query: str, parts: list[str]
) -> None:
    text = get(listener, f"/callback?{query}").text
    assert re.findall("<dt><code>(.*?)</code></dt>", text) == parts
    assert "not-a-code" not in text


def test_what_is_wrong_is_said_on_the_page(listener: CallbackListener, notebook: Notebook) -> None:
    notebook.problem = "This code answers <another> request."
    page = get(listener, "/callback?code=x")
    assert page.status_code == 400
    assert "This code answers &lt;another&gt; request." in page.text


def test_the_same_redirect_again_is_answered_and_not_handed_on(
    listener: CallbackListener, notebook: Notebook
) -> None:
    first, again = (get(listener, "/callback?code=x&state=s") for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert notebook.queries == ["code=x&state=s"]
    get(listener, "/callback?code=y&state=s")
    assert notebook.queries == ["code=x&state=s", "code=y&state=s"]


def test_a_page_opened_in_advance_is_refused(
    listener: CallbackListener, notebook: Notebook
) -> None:
    for header in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
        assert get(listener, "/callback?code=x", **header).status_code == 503
    assert notebook.queries == []


def test_a_head_request_is_no_redirect(listener: CallbackListener, notebook: Notebook) -> None:
    url = f"http://127.0.0.1:{listener.port}/callback?code=x"
    assert requests.head(url, timeout=9).status_code == 200
    assert requests.head(url.replace("callback", "other"), timeout=9).status_code == 404
    assert notebook.queries == []


@pytest.mark.parametrize("path", ["/", "/callback/x?code=x", "/other?code=x", "/callbackx?code=x"])
def test_other_paths_are_not_the_callback(
    listener: CallbackListener, notebook: Notebook, path: str
) -> None:
    assert get(listener, path).status_code == 404
    assert notebook.queries == []


def test_the_icon_is_nothing(listener: CallbackListener) -> None:
    answer = get(listener, "/favicon.ico")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("path", ["/callback", "/callback?"])
def test_the_address_without_a_query_is_explained(
    listener: CallbackListener, notebook: Notebook, path: str
) -> None:
    page = get(listener, path)
    assert page.status_code == 400
    assert "response_type=token" in page.text
    assert notebook.queries == []


def test_another_method_is_refused(listener: CallbackListener, notebook: Notebook) -> None:
    url = f"http://127.0.0.1:{listener.port}/callback?code=x"
    assert requests.post(url, timeout=9).status_code == 501
    assert notebook.queries == []


def test_a_failing_notebook_still_gets_its_page(port: int) -> None:
    def fail(query: str) -> str | None:
        raise RuntimeError(query)

    with CallbackListener(f"http://127.0.0.1:{port}/", fail) as listener:
        page = get(listener, "/?code=x")
    assert page.status_code == 400
    assert "paste it" in page.text


@pytest.mark.parametrize(
    ("end", "path"),
    [
        ("", "/"),
        ("/", "/"),
        ("/callback/", "/callback"),
        ("/callback", "/callback/"),
        ("/a%20b", "/a%20b"),
    ],
)
def test_a_slash_at_the_end_makes_no_difference(
    port: int, notebook: Notebook, end: str, path: str
) -> None:
    with CallbackListener(f"http://127.0.0.1:{port}{end}", notebook) as listener:
        assert get(listener, f"{path}?code=x").status_code == 200


def test_behind_a_proxy_the_prefix_is_gone(port: int, notebook: Notebook) -> None:
    uri = f"https://hub.example/user/mia/proxy/{port}/callback"
    with CallbackListener(uri, notebook) as listener:
        assert get(listener, "/callback?code=x").status_code == 200
    assert notebook.queries == ["code=x"]


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_address_of_the_newer_kind(port: int, notebook: Notebook) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with CallbackListener(f"http://[::1]:{port}/", notebook):
        assert requests.get(f"http://[::1]:{port}/?code=x", timeout=9).status_code == 200


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/callback?code=x", "/callback", "/other", "/favicon.ico"])
def test_no_page_leaks_or_loads_anything(listener: CallbackListener, path: str) -> None:
    answer = get(listener, path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy + answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"\b(?:src|href)=", answer.text)


def test_the_style_of_a_page_is_allowed_by_its_policy(listener: CallbackListener) -> None:
    answer = get(listener, "/callback?code=x")
    nonce = re.search(r'<style nonce="([^"]+)"', answer.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]


def test_nothing_is_logged(
    listener: CallbackListener, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    get(listener, "/callback?code=dal%3Anot_a_real_code")
    with socket.create_connection(("127.0.0.1", listener.port)) as rude:
        rude.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        rude.recv(1000)
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


# --- From start to stop -------------------------------------------------------------------------


def test_it_listens_between_start_and_stop_only(port: int, notebook: Notebook) -> None:
    listener = CallbackListener(f"http://127.0.0.1:{port}/", notebook)
    for _ in range(3):
        assert not listener.is_listening
        with pytest.raises(requests.ConnectionError):
            get(listener, "/?code=x")
        listener.start()
        listener.start()
        assert listener.is_listening
        assert get(listener, "/?code=x").status_code == 200
        listener.stop()
        listener.stop()


def test_it_can_be_stopped_at_once(
    port: int, notebook: Notebook, capfd: pytest.CaptureFixture[str]
) -> None:
    listener = CallbackListener(f"http://127.0.0.1:{port}/", notebook)
    for _ in range(50):
        listener.start()
        listener.stop()
    assert not any(thread.name == "lc-callback" for thread in threading.enumerate())
    assert capfd.readouterr() == ("", "")


def test_the_notebook_may_stop_it_while_it_answers(port: int) -> None:
    def take(query: str) -> str | None:
        listener.stop()
        return None

    listener = CallbackListener(f"http://127.0.0.1:{port}/", take)
    listener.start()
    assert "The code has arrived" in get(listener, "/?code=x").text
    assert not listener.is_listening


def test_a_slow_browser_does_not_keep_others_out(
    listener: CallbackListener, notebook: Notebook
) -> None:
    slow = http.client.HTTPConnection("127.0.0.1", listener.port)
    slow.connect()
    try:
        assert get(listener, "/callback?code=x").status_code == 200
    finally:
        slow.close()


def test_redirects_at_the_same_time_are_handed_on_one_by_one(port: int) -> None:
    inside: list[str] = []
    most: list[int] = []

    def take(query: str) -> str | None:
        inside.append(query)
        time.sleep(0.02)
        most.append(len(inside))
        inside.remove(query)
        return None

    with CallbackListener(f"http://127.0.0.1:{port}/", take) as listener:
        threads = [
            threading.Thread(target=get, args=(listener, f"/?code={number}")) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1] * 8


def test_a_taken_port_is_named(listener: CallbackListener, notebook: Notebook) -> None:
    second = CallbackListener(f"http://127.0.0.1:{listener.port}/callback", notebook)
    with pytest.raises(PortTaken, match=f"port {listener.port} is taken"):
        second.start()
    assert not second.is_listening
    second.stop()
    assert get(listener, "/callback?code=x").status_code == 200


HAS_IPV6 = callback._is_here("::1")


def answered(host: str, port: int) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=9)
    try:
        connection.request("GET", "/callback?code=x")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    "uri", ["http://localhost:{}/callback", "https://hub.example/proxy/{}/callback"]
)
def test_localhost_is_both_addresses(uri: str, port: int, notebook: Notebook) -> None:
    with CallbackListener(uri.format(port), notebook):
        assert answered("127.0.0.1", port) == 200
        if HAS_IPV6:
            assert answered("::1", port) == 200
    for host in ("127.0.0.1", "::1"):
        with pytest.raises(ConnectionRefusedError):
            answered(host, port)
    assert notebook.queries == ["code=x"]


@pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
def test_localhost_is_taken_where_one_of_its_addresses_is(
    taken: str, port: int, notebook: Notebook
) -> None:
    if not callback._is_here(taken):
        return
    family = socket.AF_INET6 if ":" in taken else socket.AF_INET
    with socket.create_server((taken, port), family=family):
        listener = CallbackListener(f"http://localhost:{port}/callback", notebook)
        with pytest.raises(PortTaken, match=f"port {port} is taken"):
            listener.start()
        assert not listener.is_listening
    # Nothing is left at the other address.
    with CallbackListener(f"http://localhost:{port}/callback", notebook) as listener:
        assert listener.is_listening


def test_a_machine_without_the_newer_address_listens_at_the_older(
    port: int, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "has_ipv6", False)
    with CallbackListener(f"http://localhost:{port}/callback", notebook):
        assert answered("127.0.0.1", port) == 200


def test_another_address_is_left_to_others(port: int, notebook: Notebook) -> None:
    if not HAS_IPV6:
        return
    with (
        socket.create_server(("::1", port), family=socket.AF_INET6),
        CallbackListener(f"http://127.0.0.1:{port}/callback", notebook),
    ):
        assert answered("127.0.0.1", port) == 200


def test_a_port_that_is_not_allowed_is_named(
    port: int, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whether a low port is refused depends on the machine and on who runs the tests.
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(PortTaken, match="may not listen"):
        CallbackListener(f"http://127.0.0.1:{port}/", notebook).start()
