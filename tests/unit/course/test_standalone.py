"""The file that the learner takes along: run as a program against the sandbox."""

import errno
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lc_tutorial import memory
from lc_tutorial.course.standalone import StandaloneFile, write_standalone
from lc_tutorial.course.standalone_list_chats import REDIRECT_URI
from lc_tutorial.errors import InputError, StepIncomplete, TutorialError
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.scripted import acquire_code, configure_app
from lc_tutorial.memory import SeenApp
from lc_tutorial.oauth import Credentials
from lc_tutorial.platforms import LIVE, Platform


@pytest.fixture(scope="module")
def app(sandbox: Platform) -> Credentials:
    assert sandbox.login is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    elsewhere = replace(sandbox, login=replace(sandbox.login, callback_port=port))
    return configure_app(elsewhere)


def start(
    folder: Path, sandbox: Platform, app: Credentials, shell: str = "sh"
) -> subprocess.Popen[str]:
    """Run the command as it is printed, in a shell, in another folder."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    command = repr(write_standalone(sandbox, folder, app=app)).splitlines()[-1]
    return subprocess.Popen(
        [shell, "-c", f"exec {command}"],
        cwd=elsewhere,
        # Whoever runs the tests in the background has Ctrl+C ignored in all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        # Away from this package, and without a browser.
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "LC_CLIENT_SECRET": str(app.client_secret),
            "BROWSER": "true",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def link_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return next(line.strip() for line in program.stdout if line.startswith("http"))


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_as_printed_it_does_the_four_steps(
    shell: str, sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    # Shells see what is in a name.
    folder = tmp_path / "Zoë's course; $HOME"
    folder.mkdir()
    program = start(folder, sandbox, app, shell)
    url = link_of(program)
    assert "state=" in url
    assert "code_challenge_method=S256" in url
    requests.get(app.redirect_uri.replace("/callback", "/favicon.ico"), timeout=5)
    brought = requests.get(acquire_code(sandbox, url), timeout=5)
    assert brought.text == "Thank you. You can close this tab."
    printed, complaints = program.communicate(timeout=30)
    assert program.returncode == 0, complaints
    # Tests beside this one may have begun some more.
    assert re.search(r"About 2[5-9]\d chats", printed)
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
    assert "name it with --redirect-uri" in complaints
    assert "Traceback" not in complaints
    first.terminate()
    first.communicate(timeout=30)


def bring(app: Credentials, url: str) -> str:
    """Bring a made-up code, as a browser would; the platform redirects an app only so often."""
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = {"code": "dal:not-a-real-code", "state": state}
    return requests.get(app.redirect_uri, params=answer, timeout=5).text


def test_a_connection_in_advance_does_not_keep_it(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    """Chromium opens one, and may say nothing on it."""
    program = start(tmp_path, sandbox, app)
    url = link_of(program)
    port = urlsplit(app.redirect_uri).port
    assert port
    with socket.create_connection(("127.0.0.1", port)):
        assert bring(app, url) == "Thank you. You can close this tab."
        _, complaints = program.communicate(timeout=30)
    assert complaints.startswith("/v2/token answered 401")


def test_a_platform_that_is_gone_is_said(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    program = start(tmp_path, replace(sandbox, accounts_url="http://127.0.0.1:9"), app)
    bring(app, link_of(program))
    _, complaints = program.communicate(timeout=30)
    assert program.returncode == 1
    assert complaints.startswith("No answer from 127.0.0.1:9.")


def test_ctrl_c_ends_it_without_a_traceback(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    program = start(tmp_path, sandbox, app)
    link_of(program)
    program.send_signal(signal.SIGINT)
    assert program.communicate(timeout=30)[1] == "Stopped.\n"


def test_it_asks_for_the_secret_without_showing_it(
    sandbox: Platform, app: Credentials, tmp_path: Path
) -> None:
    command = write_standalone(sandbox, tmp_path, app=app).command
    import pty

    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        ["sh", "-c", command],
        env={name: value for name, value in os.environ.items() if name != "LC_CLIENT_SECRET"}
        | {"BROWSER": "true"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        while b"Client Secret: " not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, f"{app.client_secret}\n".encode())
        while b"state=" not in shown:
            shown += os.read(ours, 1024)
    finally:
        # The shell, and what it runs.
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        os.close(ours)
    assert str(app.client_secret).encode() not in shown


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


APP = SeenApp("0" * 32, None, None, LIVE.accounts_url)


def command_of(file: StandaloneFile) -> list[str]:
    return shlex.split(file.command)


def test_it_runs_with_this_python_and_names_the_whole_path(tmp_path: Path) -> None:
    written = write_standalone(LIVE, tmp_path)
    assert command_of(written)[:2] == [sys.executable, str(tmp_path / "list_chats.py")]


def test_live_needs_no_addresses(tmp_path: Path) -> None:
    written = write_standalone(LIVE, tmp_path, app=APP)
    assert command_of(written)[2:] == ["--client-id", "0" * 32]


def test_the_app_that_this_kernel_used_last_is_named(tmp_path: Path, sandbox: Platform) -> None:
    memory.note_app(APP)
    memory.note_app(replace(APP, client_id="1" * 32, origin=sandbox.accounts_url))
    assert command_of(write_standalone(LIVE, tmp_path))[3] == "0" * 32
    assert command_of(write_standalone(sandbox, tmp_path))[3] == "1" * 32


def test_without_an_app_it_is_said_where_the_id_goes(tmp_path: Path) -> None:
    written = write_standalone(LIVE, tmp_path)
    assert command_of(written)[2:] == ["--client-id", "YOUR_CLIENT_ID"]
    assert "in the place of YOUR_CLIENT_ID" in repr(written)


def test_a_form_that_is_not_done_says_so(tmp_path: Path) -> None:
    with pytest.raises(StepIncomplete):
        write_standalone(LIVE, tmp_path, app=CredentialsForm(LIVE))


@pytest.mark.parametrize(
    ("uri", "named", "whitelist"),
    [
        (REDIRECT_URI, False, False),
        ("http://127.0.0.1:8378/callback", True, False),
        ("http://localhost:8377/back", True, False),
        ("https://example.com/callback", False, True),
    ],
)
def test_the_redirect_uri_is_the_apps_where_the_file_can_wait_there(
    uri: str, named: bool, whitelist: bool, tmp_path: Path
) -> None:
    written = write_standalone(LIVE, tmp_path, app=replace(APP, redirect_uri=uri))
    assert (command_of(written)[4:] == ["--redirect-uri", uri]) is named
    assert (f"Whitelist {REDIRECT_URI}" in repr(written)) is whitelist


def test_on_a_hub_it_is_for_ones_own_computer(
    tmp_path: Path, sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
    live = write_standalone(LIVE, tmp_path, app=APP)
    assert live.command == f"python list_chats.py --client-id {APP.client_id}"
    assert "on your own computer" in repr(live)
    # The sandbox of the hub is not on that computer, and its app is not the live platform's.
    practised = write_standalone(sandbox, tmp_path, app=APP)
    assert practised.command == "python list_chats.py --client-id YOUR_CLIENT_ID"


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TutorialError, match="could not be written") as problem:
        write_standalone(LIVE, tmp_path / "file")
    assert os.strerror(errno.ENOTDIR) in problem.value.why


def test_nobody_but_a_person_configures_a_live_app() -> None:
    with pytest.raises(InputError, match="live platform"):
        configure_app(LIVE)
