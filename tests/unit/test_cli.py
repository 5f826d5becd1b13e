"""The command, as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from lc_tutorial import cli
from lc_tutorial.course import laying_out as course

COMMAND = [sys.executable, "-m", "lc_tutorial"]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    made = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    yield made
    subprocess.run([*COMMAND, "stop"], env=made, check=True, capture_output=True)


def run(
    *arguments: str, environment: dict[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_the_commands(environment: dict[str, str]) -> None:
    told = run("--help", environment=environment)
    assert told.returncode == 0
    for command in ("start", "sandbox", "stop"):
        assert command in told.stdout


def test_the_flag_that_opens_the_sandbox_to_others_says_what_that_means(
    environment: dict[str, str],
) -> None:
    told = " ".join(run("sandbox", "--help", environment=environment).stdout.split())
    assert "whoever reaches that address can then use this sandbox" in told


@pytest.mark.parametrize("port", ["http", "-1", "65536"])
def test_a_port_is_a_port(port: str, environment: dict[str, str]) -> None:
    told = run("sandbox", f"--port={port}", environment=environment)
    assert told.returncode == 2
    assert "a port is a number from 0 to 65535" in told.stderr


def test_sandbox_for_any_client(environment: dict[str, str]) -> None:
    running = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    ready = json.loads(running.stdout.readline())
    assert set(ready) == {
        *("url", "client_id", "client_secret", "redirect_uri"),
        *("email", "password"),
    }
    assert ready["url"].startswith("http://127.0.0.1:")
    assert ready["redirect_uri"].startswith("http://127.0.0.1:")
    refused = requests.post(
        f"{ready['url']}/v2/token",
        data={
            "grant_type": "authorization_code",
            "code": "dal:not-a-real-code-not-a-real-",
            **{name: ready[name] for name in ("client_id", "client_secret", "redirect_uri")},
        },
        timeout=10,
    )
    assert refused.status_code == 401
    assert run("stop", environment=environment).stdout == "The sandbox has ended.\n"
    assert running.wait(20) == 0
    assert running.stdout.read() == ""
    running.stdout.close()
    assert run("stop", environment=environment).stdout == "No sandbox is running.\n"


def test_a_taken_port_is_said(environment: dict[str, str]) -> None:
    running = subprocess.Popen(
        [*COMMAND, "sandbox", "--json"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    port = json.loads(running.stdout.readline())["url"].rpartition(":")[2]
    told = run("sandbox", "--port", port, environment=environment)
    assert told.returncode == 1
    assert port in told.stderr
    assert "Traceback" not in told.stderr
    running.terminate()
    assert running.wait(20) == 0
    running.stdout.close()


def test_a_folder_that_can_not_be_made_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = run("start", "--folder", str(tmp_path / "file" / "x"), environment=environment)
    assert told.returncode == 1
    assert "--folder" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("arguments", [[], ["start"]])
def test_start_lays_the_course_out_and_opens_jupyterlab_on_it(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = []
    monkeypatch.setattr(
        cli, "_run_jupyterlab", lambda folder, *, browser: opened.append((folder, browser)) or 0
    )
    folder = tmp_path / "mine"
    assert cli.main([*arguments, "--folder", str(folder), "--no-browser"]) == 0
    assert opened == [(folder, False)]
    assert (folder / course.FIRST_NOTEBOOK).is_file()
    (folder / course.FIRST_NOTEBOOK).write_text("my own")
    assert cli.main([*arguments, "--folder", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "You changed 00_start_here.ipynb, so it was kept." in printed
    assert "00_start_here-new.ipynb" in printed


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True)],
)
def test_without_a_display_no_browser_is_opened(
    variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli._has_display() is expected


def test_jupyterlab_prints_the_address_of_the_first_notebook(
    environment: dict[str, str], tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [*COMMAND, "start", "--folder", "mine", "--no-browser"],
        env={**environment, "HOME": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    address = next(
        (line for line in running.stdout if "127.0.0.1" in line and "token=" in line), ""
    )
    running.terminate()
    running.stdout.close()
    running.wait(20)
    assert f"/lab/tree/{course.FIRST_NOTEBOOK}?token=" in address
