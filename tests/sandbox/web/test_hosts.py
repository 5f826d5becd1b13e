"""By which names the sandbox goes: no page of a stranger can read it (DNS rebinding)."""

import os
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.web import Hosts, hosts
from lc_tutorial.sandbox.world import Sandbox
from tests.sandbox.conftest import NONCE, RunningSandbox, serving

CONTEXT = "X-Forwarded-Context"


def asked_of(
    known: Hosts,
    *given: str,
    context: str = "",
    version: str = "1.1",
    client: tuple[str, int] = ("127.0.0.1", 50_000),
) -> int:
    """The status with which these `Host` headers are refused; 0 if they are not."""
    headers = [(b"host", host.encode()) for host in given]
    if context:
        headers.append((b"x-forwarded-context", context.encode()))
    scope = {"type": "http", "http_version": version, "headers": headers, "client": client}
    return (known.problem(scope) or (0,))[0]


OURS = [
    *("127.0.0.1", "127.0.0.1:8000", "127.9.9.9:1", "localhost", "LocalHost:65535", "localhost."),
    *("[::1]", "[::1]:8000", "localhost:"),
]
FOREIGN = [
    *("evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"),
    *("192.0.2.1", "10.0.0.1:8000", "[2001:db8::1]", "0.0.0.0:8000", "xlocalhost", "2130706433"),
    *("accounts.livechat.com", "[::ffff:192.0.2.1]"),
]
BROKEN = ["", " ", "[::1", "a:b", "x/v2/", "127.0.0.1@evil.example", "<img>", "a b", "x" * 300]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 0) for host in OURS),
        *((host, 421) for host in FOREIGN),
        *((host, 400) for host in BROKEN),
    ],
)
def test_only_the_loopback_goes_without_saying(host: str, status: int) -> None:
    assert asked_of(Hosts(), host) == status


def test_one_host_header_is_needed_but_by_http_1_0() -> None:
    assert asked_of(Hosts()) == 400
    assert asked_of(Hosts(), "localhost", "localhost") == 400
    assert asked_of(Hosts(), version="1.0") == 0
    assert asked_of(Hosts(), "evil.example", version="1.0") == 421


OWN = socket.gethostname().lower()

#: What it listens on, what its user allowed, whether it has a certificate; and who is let in.
STARTED = [
    ("127.0.0.1", [], False, ["127.0.0.1:1"], ["box.example", "accounts.livechat.com", "10.0.0.1"]),
    ("127.0.0.1", ["Box.example"], False, ["box.example:9", "localhost"], ["x.box.example"]),
    ("10.0.0.1", [], False, ["10.0.0.1:80", "localhost"], ["10.0.0.2", "evil.example"]),
    ("box.example", [], False, ["box.example"], ["10.0.0.2", "evil.example"]),
    ("0.0.0.0", [], False, ["10.0.0.2:80", "[2001:db8::1]", OWN, f"{OWN}.local"], ["evil.example"]),
    ("::", [], False, ["10.0.0.2:80", "[2001:db8::1]", OWN], ["evil.example"]),
    ("127.0.0.1", [], True, [*hosts.PLATFORM_NAMES, "accounts.livechat.com:443"], ["evil.example"]),
]


@pytest.mark.parametrize(("host", "allowed", "tls", "ours", "foreign"), STARTED)
def test_how_it_was_started_says_which_names_it_has(
    host: str, allowed: list[str], tls: bool, ours: list[str], foreign: list[str]
) -> None:
    known = Hosts.of(host, allowed, tls=tls)
    assert {name: asked_of(known, name) for name in ours} == dict.fromkeys(ours, 0)
    assert {name: asked_of(known, name) for name in foreign} == dict.fromkeys(foreign, 421)


def test_the_environment_can_allow_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "box.example, other.example")
    known = Hosts.of("127.0.0.1")
    assert [asked_of(known, name) for name in ("box.example", "other.example", "x")] == [0, 0, 421]


# --- Behind a Jupyter server ----------------------------------------------------------------------


@pytest.fixture
def started_by(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], tuple[str, str]]]:
    """Run a sandbox that was started by this process; gives its address and the app's secret."""
    running = []

    def start(pid: int) -> tuple[str, str]:
        monkeypatch.setenv("JPY_PARENT_PID", str(pid))
        world = Sandbox()
        server = serving()
        stage, port = server.__enter__()
        running.append(server)
        stage.app = create_app(world, nonce=NONCE, hosts=Hosts.of("127.0.0.1"))
        assert world.ready_made.block is not None
        return f"http://127.0.0.1:{port}", world.ready_made.block.client_secret

    yield start
    for server in running:
        server.__exit__(None, None, None)


def test_the_jupyter_servers_name_is_known_by_its_process(
    started_by: Callable[[int], tuple[str, str]],
) -> None:
    # This process is the Jupyter server: what it passes on has its browsers' Host.
    url, _ = started_by(os.getpid())
    behind = {"Host": "hub.example", CONTEXT: f"/user/mia/proxy/{urlsplit(url).port}"}
    assert requests.get(f"{url}/console/", headers=behind, timeout=9).status_code == 200
    assert (
        requests.get(f"{url}/console/", headers={"Host": "x.example"}, timeout=9).status_code == 421
    )


def test_another_process_is_not_it(started_by: Callable[[int], tuple[str, str]]) -> None:
    # A page of a stranger can send the proxy's header to "its own" server, but not be the proxy.
    url, _ = started_by(os.getppid())
    behind = {"Host": "evil.example", CONTEXT: f"/user/mia/proxy/{urlsplit(url).port}"}
    assert requests.get(f"{url}/console/", headers=behind, timeout=9).status_code == 421


def test_a_process_that_has_ended_is_not_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_PARENT_PID", "999999999")
    known = Hosts.of("127.0.0.1")
    assert asked_of(known, "hub.example", context="/user/mia/proxy/1") == 421


# --- What is refused ------------------------------------------------------------------------------

PATHS = [
    *("/", "/console/", "/login", "/v2/token", "/v2/info", "/static/style.css", "/nothing"),
    *("/v3.6/agent/action/list_chats", "/v3.6/configuration/action/list_agents"),
    *("/v3.6/customer/action/list_chats", "/_sandbox/health?challenge=x", "/_sandbox/state"),
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_hears_a_sentence_and_nothing_else(
    sandbox: RunningSandbox, http: requests.Session, path: str, method: str
) -> None:
    answer = http.request(
        method,
        f"{sandbox.url}{path}",
        headers={"Host": "evil.example", "X-Sandbox-Nonce": NONCE, CONTEXT: "/proxy/1"},
        allow_redirects=False,
    )
    assert answer.status_code == 421
    assert "does not go by the name" in answer.text
    assert "evil" not in answer.text + str(answer.headers)
    assert "Set-Cookie" not in answer.headers


def test_a_rebinding_page_gets_neither_the_secret_nor_a_token(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    http.headers["Host"] = "evil.example:8000"
    page = http.get(f"{sandbox.url}/console/apps/{sandbox.app.id}/authorization")
    assert sandbox.block.client_secret not in page.text
    assert not sandbox.block.secret_seen
    http.post(f"{sandbox.url}/console/tokens/new", data={"name": "x", "scope": "chats--all:ro"})
    assert sandbox.world.personal_access_tokens == {}
    # Nothing of it fills the journal either.
    del http.headers["Host"]
    journal = http.get(f"{sandbox.url}/_sandbox/journal", headers={"X-Sandbox-Nonce": NONCE})
    assert journal.json() == []
