"""The file that the learner takes along: run as a program against the sandbox."""

import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from lc_tutorial.course.standalone import write_standalone
from lc_tutorial.errors import InputError
from lc_tutorial.forms.scripted import acquire_code, configure_app
from lc_tutorial.oauth import Credentials
from lc_tutorial.platforms.platform import LIVE, Platform


@pytest.fixture(scope="module")
def app(sandbox: Platform) -> Credentials:
    assert sandbox.login is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    elsewhere = replace(sandbox, login=replace(sandbox.login, callback_port=port))
    return configure_app(elsewhere)


def start(folder: Path, sandbox: Platform, app: Credentials) -> subprocess.Popen[str]:
    written = write_standalone(sandbox, folder)
    command = written.command.replace("YOUR_CLIENT_ID", app.client_id).split()
    return subprocess.Popen(
        [sys.executable, *command[1:], "--redirect-uri", app.redirect_uri],
        cwd=folder,
        # Away from this package, and without a browser.
        env={**os.environ, "LC_CLIENT_SECRET": str(app.client_secret), "BROWSER": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def link_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return next(line.strip() for line in program.stdout if line.startswith("http"))


def test_it_does_the_four_steps(sandbox: Platform, app: Credentials, tmp_path: Path) -> None:
    program = start(tmp_path, sandbox, app)
    url = link_of(program)
    assert "state=" in url
    assert "code_challenge_method=S256" in url
    requests.get(app.redirect_uri.replace("/callback", "/favicon.ico"), timeout=5)
    brought = requests.get(acquire_code(sandbox, url), timeout=5)
    assert brought.text == "Thank you. You can close this tab."
    printed, complaints = program.communicate(timeout=30)
    assert program.returncode == 0, complaints
    assert "About 250 chats" in printed
    assert len(re.findall(r"^\w{10}  2026-", printed, re.M)) == 10
    assert complaints == ""


def test_a_state_of_another_attempt_is_refused(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    program = start(tmp_path, sandbox, app)
    link_of(program)
    requests.get(app.redirect_uri, params={"code": "dal:not-a-real-code", "state": "x"}, timeout=5)
    _, complaints = program.communicate(timeout=30)
    assert program.returncode == 1
    assert "belongs to another attempt" in complaints
    assert "Traceback" not in complaints


def test_no_is_an_answer(sandbox: Platform, app: Credentials, tmp_path: Path) -> None:
    program = start(tmp_path, sandbox, app)
    link_of(program)
    requests.get(app.redirect_uri, params={"error": "access_denied"}, timeout=5)
    _, complaints = program.communicate(timeout=30)
    assert program.returncode == 1
    assert complaints.strip() == "Access was not given: access_denied"


def test_a_wrong_secret_is_the_platforms_word(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    wrong = app._replace(client_secret="not-a-real-secret")  # type: ignore[arg-type]
    program = start(tmp_path, sandbox, wrong)
    requests.get(acquire_code(sandbox, link_of(program)), timeout=5)
    _, complaints = program.communicate(timeout=30)
    assert complaints.strip() == "/v2/token answered 401: unauthorized_client"


def test_a_taken_port_is_said(sandbox: Platform, app: Credentials, tmp_path: Path) -> None:
    first = start(tmp_path, sandbox, app)
    link_of(first)
    second = start(tmp_path, sandbox, app)
    _, complaints = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "Use another port" in complaints
    assert "Traceback" not in complaints
    first.terminate()
    first.communicate(timeout=30)


def test_it_imports_none_of_this_package(tmp_path: Path) -> None:
    text = write_standalone(LIVE, tmp_path).path.read_text()
    assert "lc_tutorial" not in text
    assert "import requests" in text


def test_a_changed_file_is_kept(tmp_path: Path) -> None:
    first = write_standalone(LIVE, tmp_path)
    assert write_standalone(LIVE, tmp_path).path == first.path
    first.path.write_text("# mine\n")
    second = write_standalone(LIVE, tmp_path)
    assert second.path.name == "list_chats_2.py"
    assert "list_chats_2.py" in repr(second)
    assert first.path.read_text() == "# mine\n"


def test_live_needs_no_addresses(tmp_path: Path) -> None:
    assert write_standalone(LIVE, tmp_path).command.endswith("--client-id YOUR_CLIENT_ID")


def test_nobody_but_a_person_configures_a_live_app() -> None:
    with pytest.raises(InputError, match="live platform"):
        configure_app(LIVE)
