"""The sandbox as a process: how it starts, what it tells, and how it ends."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from lc_tutorial.sandbox.world import people

NONCE = "not-a-real-nonce"
LONG = 30.0

Start = Callable[..., "subprocess.Popen[str]"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and file modes")


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a sandbox with these arguments of `run`, given as they are written in Python."""
    started: list[subprocess.Popen[str]] = []

    def start_one(**arguments: object) -> "subprocess.Popen[str]":
        given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        program = f"""
            import sys
            from pathlib import *
            from lc_tutorial.sandbox.server import run
            sys.exit(run({given}))
        """
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LC_TUTORIAL_SANDBOX_NONCE": NONCE},
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "runtime" / "sandbox.json"


def ready(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    told: dict[str, Any] = json.loads(line)
    return told


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LONG)
    return process.returncode, out, err


def get(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=LONG)


def stop(url: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.post(
            f"{url}/_sandbox/stop", headers={"X-Sandbox-Nonce": NONCE}, timeout=LONG
        ).raise_for_status()


# --- Being ready ------------------------------------------------------------------------------


def test_the_line_comes_when_it_answers_and_is_all_there_is(start: Start) -> None:
    process = start(json_line=True)
    told = ready(process)
    assert get(f"{told['url']}/console/").status_code == 200
    assert set(told) == {
        "url",
        "client_id",
        "client_secret",
        "redirect_uri",
        "email",
        "password",
    }
    stop(told["url"])
    assert ended(process) == (0, "", "")


def test_what_it_tells_is_true(start: Start) -> None:
    told = ready(start(json_line=True))
    with requests.Session() as session:
        session.trust_env = False
        refused = session.post(
            f"{told['url']}/v2/token",
            timeout=LONG,
            data={
                "grant_type": "refresh_token",
                "refresh_token": "not-a-real-token",
                "client_id": told["client_id"],
                "client_secret": told["client_secret"],
            },
        )
        page = session.get(
            f"{told['url']}/",
            timeout=LONG,
            params={
                "response_type": "code",
                "client_id": told["client_id"],
                "redirect_uri": told["redirect_uri"],
            },
        )
    assert refused.json()["error"] == "unauthorized_client"
    assert page.url.startswith(f"{told['url']}/login?")
    assert told["email"] in page.text
    assert told["password"] in page.text


def test_a_person_gets_a_paragraph_without_secrets(start: Start, record: Path) -> None:
    process = start(record=record)
    assert process.stdout is not None
    first = process.stdout.readline()
    kept = json.loads(record.read_text())
    stop(kept["url"])
    rest = process.stdout.read()
    assert f"{kept['url']}/console/" in first
    assert kept["client_id"] in rest
    assert "lc-tutorial stop" in rest
    for secret in (kept["client_secret"], kept["password"], kept["nonce"]):
        assert secret not in first + rest


def test_its_log_says_why_it_refused_a_call(start: Start) -> None:
    process = start(json_line=True)
    url = ready(process)["url"]
    token = "dal:not-a-real-token-in-the-address"
    for path in ("agent/action/send_event", "customer/action/send_event", f"agent/action/{token}"):
        answer = requests.post(
            f"{url}/v3.6/{path}?organization_id={people.FERN_AND_FILTER.id}",
            json={},
            headers={"Authorization": "Bearer dal:not-a-real-token"},
            timeout=LONG,
        )
        assert answer.status_code == 401
    process.terminate()
    _, log = process.communicate(timeout=LONG)
    lines = log.splitlines()
    assert len(lines) == 3
    assert all("authentication: Invalid access token, no valid" in line for line in lines)
    assert [" send_event: " in line for line in lines] == [True, True, False]
    assert "not-a-real-token" not in log


def test_it_listens_on_this_machine_only(start: Start) -> None:
    process = start(json_line=True)
    port = int(ready(process)["url"].rpartition(":")[2])
    connections = psutil.Process(process.pid).net_connections(kind="inet")
    listening = {c.laddr for c in connections if c.status == psutil.CONN_LISTEN}
    assert listening == {("127.0.0.1", port)}


def is_here(host: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("json_line", [True, False])
@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("0.0.0.0", "listens on every network that this machine is in"),
        ("127.0.0.1", ""),
        ("localhost", ""),
        ("127.0.0.2", ""),
    ],
)
def test_listening_for_others_is_said(
    start: Start, record: Path, host: str, told: str, json_line: bool
) -> None:
    if not is_here(host):
        pytest.skip(f"this machine has no {host}: of 127.0.0.0/8, macOS has 127.0.0.1 alone")
    process = start(host=host, json_line=json_line, record=record)
    assert process.stdout is not None
    assert process.stdout.readline()
    kept = json.loads(record.read_text())
    stop(kept["url"])
    code, _, err = ended(process)
    assert code == 0
    assert told in err
    assert bool(err) == bool(told)
    if told:
        assert "can sign in as anyone" in err
        assert kept["client_secret"] not in err


def test_its_answers_do_not_name_the_server(start: Start) -> None:
    assert "server" not in get(ready(start(json_line=True))["url"]).headers


# --- The record -------------------------------------------------------------------------------


def test_the_record_says_how_to_reach_it(start: Start, record: Path) -> None:
    process = start(json_line=True, record=record)
    told = ready(process)
    kept = json.loads(record.read_text())
    assert {name: kept[name] for name in told} == told
    assert kept["nonce"] == NONCE
    assert kept["pid"] == process.pid
    assert kept["create_time"] == psutil.Process(process.pid).create_time()
    assert told["redirect_uri"] == f"http://127.0.0.1:{kept['callback_port']}/callback"


@posix
def test_the_record_is_for_this_users_eyes(start: Start, record: Path) -> None:
    ready(start(json_line=True, record=record))
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_the_record_of_another_is_left_alone(start: Start, record: Path) -> None:
    process = start(json_line=True, record=record)
    url = ready(process)["url"]
    record.write_text('{"pid": 1}')
    stop(url)
    assert ended(process)[0] == 0
    assert record.read_text() == '{"pid": 1}'


def test_a_record_that_cannot_be_written(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = ended(start(json_line=True, record=tmp_path / "file" / "record.json"))
    assert (code, out) == (1, "")
    assert "cannot write its record" in err
    assert "Traceback" not in err


def test_without_a_nonce_it_makes_one(
    start: Start, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "NONCE", "")
    ready(start(json_line=True, record=record))
    assert len(json.loads(record.read_text())["nonce"]) == 64


# --- Ports ------------------------------------------------------------------------------------


def test_a_port_that_is_taken(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out, err = ended(start(port=port))
    assert (code, out) == (1, "")
    assert f"Port {port} is taken" in err
    assert "Choose another port" in err
    assert "Traceback" not in err


def test_a_host_that_is_not_this_machine(start: Start) -> None:
    code, _, err = ended(start(host="192.0.2.1"))
    assert code == 1
    assert "cannot listen on 192.0.2.1" in err
    assert "Traceback" not in err


def test_a_chosen_port(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert ready(start(json_line=True, port=port))["url"] == f"http://127.0.0.1:{port}"


def test_the_callback_port_is_free(start: Start) -> None:
    """Whatever runs on this machine, the port is one that a listener can have."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        port = callback_port_of(start(json_line=True, callback_port=first))
        assert first < port < first + 10
        socket.create_server(("127.0.0.1", port)).close()


def test_a_chosen_callback_port(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert callback_port_of(start(json_line=True, callback_port=port)) == port


def test_without_a_choice_it_is_the_usual_port(start: Start) -> None:
    # Or one of the next, where somebody else has it.
    assert callback_port_of(start(json_line=True)) in range(8377, 8387)


def callback_port_of(process: "subprocess.Popen[str]") -> int:
    uri: str = ready(process)["redirect_uri"]
    return int(uri.removeprefix("http://127.0.0.1:").removesuffix("/callback"))


# --- The end ----------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start: Start, record: Path, number: signal.Signals) -> None:
    process = start(json_line=True, record=record)
    ready(process)
    assert record.exists()
    process.send_signal(number)
    assert ended(process) == (0, "", "")
    assert not record.exists()


def test_stop_ends_it_even_while_a_client_keeps_its_connection(start: Start, record: Path) -> None:
    process = start(json_line=True, record=record)
    url = ready(process)["url"]
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"{url}/console/", timeout=LONG)
        stop(url)
        assert ended(process) == (0, "", "")
    assert not record.exists()


def test_it_ends_with_its_parent(start: Start, record: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = start(json_line=True, record=record, parent_pid=parent.pid)
    ready(process)
    # The parent is gone as far as anybody can tell, though nobody has asked for its exit status.
    parent.kill()
    assert ended(process)[0] == 0
    assert not record.exists()
    parent.communicate()


def test_a_parent_that_has_ended_already(start: Start) -> None:
    parent = subprocess.Popen([sys.executable, "-c", ""])
    parent.wait()
    code, out, err = ended(start(json_line=True, parent_pid=parent.pid))
    assert (code, out) == (1, "")
    assert "has ended already" in err


def test_it_ends_when_nobody_asks_it_anything(start: Start, record: Path) -> None:
    process = start(json_line=True, record=record, idle_seconds=0.1)
    ready(process)
    assert ended(process) == (0, "", "")
    assert not record.exists()
