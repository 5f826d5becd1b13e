"""One sandbox an application, found again, and ended."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from lc_tutorial.errors import SandboxGone
from lc_tutorial.platforms import launch


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    yield tmp_path  # type: ignore[misc]
    launch.stop_all()


def records(runtime: Path) -> list[Path]:
    return sorted(runtime.glob("lc_tutorial-sandbox-*.json"))


def test_the_second_joins_the_first(runtime: Path) -> None:
    first = launch.join_or_start()
    assert launch.join_or_start() == first
    assert len(records(runtime)) == 1


def test_the_record_is_for_this_user_alone(runtime: Path) -> None:
    launch.join_or_start()
    (record,) = records(runtime)
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


@pytest.mark.parametrize("fresh", [False, True])
def test_its_log_is_beside_the_record_while_it_runs(runtime: Path, fresh: bool) -> None:
    record = launch.join_or_start(fresh=fresh)
    (log,) = runtime.glob("lc_tutorial-sandbox-*.log")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert log.read_text() == ""
    requests.post(f"{record.url}/v3.6/agent/action/send_event", json={}, timeout=10)
    assert "send_event: authentication" in log.read_text()
    requests.post(
        f"{record.url}/_sandbox/stop", headers={"X-Sandbox-Nonce": record.nonce}, timeout=10
    )
    deadline = time.monotonic() + 10
    while log.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [path.suffix for path in runtime.iterdir()] == ([] if fresh else [".lock"])


def test_a_fresh_one_is_private(runtime: Path) -> None:
    shared, private = launch.join_or_start(), launch.join_or_start(fresh=True)
    assert private.url != shared.url
    assert private.callback_port
    assert launch.join_or_start() == shared


def test_two_applications_have_two(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = launch.join_or_start()
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getppid()))
    assert launch.join_or_start().url != mine.url


def test_kernels_that_start_at_once_share_one(runtime: Path) -> None:
    program = "from lc_tutorial.platforms import launch; print(launch.join_or_start().url)"
    environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({kernel.communicate(timeout=60)[0] for kernel in kernels}) == 1


def test_a_record_of_a_dead_sandbox_is_not_believed(runtime: Path) -> None:
    first = launch.join_or_start()
    (record,) = records(runtime)
    kept = record.read_bytes()
    assert launch.stop_all() == 1
    record.write_bytes(kept)
    assert launch.join_or_start().url != first.url


def test_a_stranger_on_the_port_is_not_believed(runtime: Path) -> None:
    first = launch.join_or_start()
    (record,) = records(runtime)
    # The process is there and answers, but does not know this nonce.
    content = json.loads(record.read_text())
    pid = content["pid"]
    record.write_text(json.dumps({**content, "nonce": "another"}))
    assert launch.join_or_start().url != first.url
    psutil.Process(pid).terminate()


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"url": "http://127.0.0.1:9"}'])
def test_a_broken_record_is_replaced(runtime: Path, broken: str) -> None:
    path = runtime / f"lc_tutorial-sandbox-{os.getpid()}.json"
    path.write_text(broken)
    assert launch.is_alive(launch.join_or_start())


def test_stop_ends_them_all_and_leaves_nothing(runtime: Path) -> None:
    first = launch.join_or_start()
    launch.join_or_start(fresh=True)
    assert launch.stop_all() == 2
    deadline = time.monotonic() + 20
    while (launch.is_alive(first) or records(runtime)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not launch.is_alive(first)
    assert records(runtime) == []
    assert launch.stop_all() == 0


def test_it_ends_with_its_application(runtime: Path) -> None:
    program = "from lc_tutorial.platforms import launch; print(launch.join_or_start().url)"
    url = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()
    deadline = time.monotonic() + 30
    alive = True
    while alive and time.monotonic() < deadline:
        try:
            requests.get(f"{url}/_sandbox/health?challenge=x", timeout=2)
            time.sleep(0.1)
        except requests.ConnectionError:
            alive = False
    assert not alive


def test_the_nonce_stays_out_of_sight(runtime: Path) -> None:
    record = launch.join_or_start()
    assert record.nonce not in repr(record)
    assert record.password not in repr(record)
    answer = requests.get(f"{record.url}/{record.health_path}", timeout=5)
    assert record.nonce not in answer.text


def test_a_sandbox_that_can_not_start_says_why(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_NONCE_VARIABLE", "UNUSED")
    monkeypatch.setattr(sys, "executable", "/bin/false" if os.name != "nt" else sys.executable)
    with pytest.raises(SandboxGone, match="could not be started"):
        launch.join_or_start()
