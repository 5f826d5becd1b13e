"""How fast the sandbox answers, beside other stand-ins, and how long a learner waits for it.

    python benchmarks/sandbox.py

Each server runs in a process of its own, and so does what asks it: the same request again and
again over 1 and over 16 connections. The rounds of the servers alternate; the median counts. Beside
the answers a second stands the server's CPU time for one, which a busy machine changes less. The
npm package oauth2-mock-server and Flask are fetched into `build/bench`, and left out where that
fails (no Node, no network).
"""

import contextlib
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psutil
import requests

from lc_tutorial.sandbox.learner.learner import Credentials, Learner

HERE = Path(__file__).parent
CACHE = HERE.parent / "build" / "bench"
CONNECTIONS = (1, 16)
ROUNDS = 3
SECONDS = 1.0
STARTS = 5


@dataclass(frozen=True)
class Service:
    """A server and one request to it."""

    name: str
    what: str
    port: int
    request: str
    pid: int


# --- The servers --------------------------------------------------------------------------------


@contextlib.contextmanager
def process(*command: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


@contextlib.contextmanager
def sandbox(runtime: str) -> Iterator[dict[str, Any]]:
    """The sandbox, and what the others need to do the same: tokens and chats."""
    command = (sys.executable, "-m", "lc_tutorial", "sandbox", "--json")
    with process(*command, JUPYTER_RUNTIME_DIR=runtime) as running:
        assert running.stdout is not None
        known = json.loads(running.stdout.readline())
        url = known["url"]
        learner = Learner(url, known["email"], known["password"])
        ready_made = Credentials(*(known[key] for key in Credentials.__annotations__))
        known["token"] = authorize(url, learner, ready_made)
        known["refresh_token"] = known["token"]["refresh_token"]
        known["access_token"] = known["token"]["access_token"]
        known["port"] = urlsplit(url).port
        known["pid"] = running.pid
        known["chats"] = list_chats(known)
        scopes = ("chats--all:rw", "customers:rw", "webhooks.configuration:rw")
        writes = learner.create_app("Writes", known["redirect_uri"], scopes)
        known["writing_app"] = writes.client_id
        known["writing_token"] = authorize(url, learner, writes)["access_token"]
        known["own_chat"] = start_chat(known)
        yield known


def authorize(url: str, learner: Learner, app: Credentials) -> dict[str, Any]:
    """Let the app have a token, and return what comes with it."""
    query = {"client_id": app.client_id, "redirect_uri": app.redirect_uri}
    arrived = learner.authorize(f"{url}/?{urlencode({'response_type': 'code', **query})}")
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(arrived).query)["code"][0],
        "client_secret": app.client_secret,
        **query,
    }
    return dict(requests.post(f"{url}/v2/token", data=form, timeout=10).json())


def start_chat(known: dict[str, Any]) -> str:
    """Start a chat to write into, and return its id."""
    answer = requests.post(
        f"{known['url']}/v3.6/agent/action/start_chat",
        headers={"Authorization": f"Bearer {known['writing_token']}"},
        json={},
        timeout=30,
    )
    return str(answer.json()["chat_id"])


def list_chats(known: dict[str, Any]) -> list[Any]:
    answer = requests.post(
        f"{known['url']}/v3.6/agent/action/list_chats",
        headers={"Authorization": f"Bearer {known['access_token']}"},
        json={"limit": 100},
        timeout=30,
    )
    return list(answer.json()["chats_summary"])


@contextlib.contextmanager
def mock_server() -> Iterator[tuple[int, int] | None]:
    """The npm package oauth2-mock-server, which signs a token for each answer."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        print("oauth2-mock-server is left out: there is no Node here.")
        yield None
        return
    package = CACHE / "node_modules" / "oauth2-mock-server"
    if not package.exists():
        subprocess.run(
            [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(CACHE),
             "oauth2-mock-server@^8"], check=False,
        )  # fmt: skip
    if not package.exists():
        print("oauth2-mock-server is left out: npm could not fetch it.")
        yield None
        return
    port = free_port()
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    program = str(package / described["bin"]["oauth2-mock-server"])
    with process(node, program, "-a", "127.0.0.1", "-p", str(port)) as running:
        wait_for(port)
        yield port, running.pid


@contextlib.contextmanager
def plain_flask(known: dict[str, Any], directory: str) -> Iterator[tuple[int, int] | None]:
    packages = CACHE / "flask"
    if not packages.exists():
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--target",
                str(packages),
                "flask>=3,<4",
                "waitress>=3,<4",
            ],
            check=False,
        )
    if not packages.exists():
        print("Flask is left out: pip could not fetch it.")
        yield None
        return
    file = Path(directory) / "known.json"
    file.write_text(json.dumps(known), encoding="utf-8")
    port = free_port()
    command = (sys.executable, str(HERE / "plain_flask.py"), str(file), str(port))
    with process(*command, PYTHONPATH=str(packages)) as running:
        wait_for(port)
        yield port, running.pid


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise SystemExit(f"Nobody listens on port {port}.")


# --- The requests -------------------------------------------------------------------------------


def post(path: str, body: str, kind: str, *headers: str) -> str:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*lines, "", body])


def services(
    known: dict[str, Any], mock: tuple[int, int] | None, flask: tuple[int, int] | None
) -> list[Service]:
    names = ("client_id", "client_secret", "refresh_token")
    form = urlencode({"grant_type": "refresh_token", **{name: known[name] for name in names}})
    kind = "application/x-www-form-urlencoded"
    token = post("/v2/token", form, kind)
    page = post(
        "/v3.6/agent/action/list_chats",
        '{"limit":100}',
        "application/json",
        f"Authorization: Bearer {known['access_token']}",
    )
    # The sandbox keeps 25 access tokens for an app and a person: pages go before tokens.
    own = known["port"], known["pid"]
    event = json.dumps({"chat_id": known["own_chat"], "event": {"type": "message", "text": "Hi"}})
    write = post(
        "/v3.6/agent/action/send_event",
        event,
        "application/json",
        f"Authorization: Bearer {known['writing_token']}",
    )
    pages, at, sent = "page of 100 chats", "token", "send_event"
    asked = [
        ("sandbox", pages, own, page),
        ("Flask", pages, flask, page),
        ("sandbox", at, own, token),
        ("Flask", at, flask, token),
        ("oauth2-mock-server", at, mock, post("/token", form, kind)),
        ("sandbox", sent, own, write),
    ]
    return [
        Service(name, what, where[0], request, where[1])
        for name, what, where, request in asked
        if where is not None
    ]


def measure(service: Service, connections: int) -> tuple[float, float]:
    """One round: the answers a second, and the server's CPU time for one, in microseconds."""
    job = {
        "port": service.port,
        "request": service.request,
        "connections": connections,
        "seconds": SECONDS,
    }
    before = cpu_seconds(service.pid)
    done = subprocess.run(
        [sys.executable, str(HERE / "load.py")],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    assert result["answers"], f"{service.name} did not answer"
    assert not result["failures"], f"{service.name} refused {service.what}"
    used = cpu_seconds(service.pid) - before
    return result["answers"] / result["seconds"], used / result["answers"] * 1e6


def cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def compare(found: list[Service]) -> None:
    own_costs: dict[tuple[str, int], float] = {}
    for what in dict.fromkeys(service.what for service in found):
        for connections in CONNECTIONS:
            same = [service for service in found if service.what == what]
            for service in same:
                measure(service, connections)  # to warm up
            rounds = [[measure(service, connections) for service in same] for _ in range(ROUNDS)]
            rates = [
                statistics.median(r for r, _ in column) for column in zip(*rounds, strict=True)
            ]
            costs = [
                statistics.median(c for _, c in column) for column in zip(*rounds, strict=True)
            ]
            own_costs[what, connections] = costs[0]
            for service, rate, cost in zip(same, rates, costs, strict=True):
                line = f"| {what} | {connections} | {service.name} | {rate:,.0f} | {cost:,.0f} "
                if service is not same[0]:
                    line += f"| {rates[0] / rate:.1f} | {cost / costs[0]:.1f} |"
                else:
                    line += "| | |"
                print(line, flush=True)
    for connections in CONNECTIONS:
        ratio = own_costs["send_event", connections] / own_costs["token", connections]
        print(f"send_event takes {ratio:.1f} times the CPU of a token, {connections} connections")


# --- connect("sandbox") -------------------------------------------------------------------------

CONNECT = """
import time, lc_tutorial
connect = lc_tutorial.connect
begin = time.perf_counter()
connect("sandbox")
print((time.perf_counter() - begin) * 1000)
"""


def time_connect(runtime: str) -> None:
    # As in the kernels of one application, which share a sandbox.
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": runtime,
        "JPY_PARENT_PID": str(os.getpid()),
    }

    def once() -> float:
        done = subprocess.run(
            [sys.executable, "-c", CONNECT], env=environment, stdout=subprocess.PIPE, check=True
        )
        return float(done.stdout.split()[-1])

    cold, warm = [], []
    for _ in range(STARTS):
        cold.append(once())
        warm.append(once())
        stop = [sys.executable, "-m", "lc_tutorial", "stop"]
        subprocess.run(stop, env=environment, stdout=subprocess.DEVNULL, check=True)
    for name, times in (("from cold", cold), ("when it runs already", warm)):
        print(
            f'connect("sandbox") {name}: {statistics.median(times):.0f} ms '
            f"(from {min(times):.0f} to {max(times):.0f})"
        )


def main() -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}")
    with tempfile.TemporaryDirectory() as directory:
        time_connect(directory)
        with (
            sandbox(directory) as known,
            mock_server() as mock,
            plain_flask(known, directory) as flask,
        ):
            print(
                "| what | connections | server | answers a second | µs of CPU for one "
                "| sandbox is faster by | uses less CPU by |"
            )
            print("| --- | --- | --- | --- | --- | --- | --- |")
            compare(services(known, mock, flask))


if __name__ == "__main__":
    main()
