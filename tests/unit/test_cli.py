"""The command, as a process."""

import contextlib
import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import lc_tutorial
from lc_tutorial import cli
from lc_tutorial.course import add_settings
from lc_tutorial.course import laying_out as course
from lc_tutorial.course.serving import Jupyter
from lc_tutorial.platforms import launch

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


@pytest.mark.parametrize("port", ["http", "-1", "65536", "²"])
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


def test_the_version(environment: dict[str, str]) -> None:
    told = run("--version", environment=environment)
    assert (told.returncode, told.stdout) == (0, f"lc-tutorial {lc_tutorial.__version__}\n")


@pytest.mark.parametrize("folder", ["file", "file/x", "file/x/y"])
def test_a_file_in_the_place_of_the_folder_is_said(
    folder: str, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    told = run("start", "--folder", folder, environment=environment, cwd=tmp_path)
    assert told.returncode == 1
    assert told.stderr == (
        f"The notebooks could not be copied to {folder}. file is a file, and no folder. "
        "Choose another place with --folder.\n"
    )


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EROFS])
def test_a_folder_that_can_not_be_written_is_said(
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(folder: Path, *, with_solutions: bool) -> None:
        raise OSError(number, os.strerror(number), str(folder))

    # The name of the face: that is what the command takes.
    monkeypatch.setattr("lc_tutorial.course.lay_out", refuse)
    assert cli.main(["--folder", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err == (
        f"The notebooks could not be copied to {tmp_path / 'x'}. "
        f"The system says: {os.strerror(number)}. Choose another place with --folder.\n"
    )


def test_solutions_are_laid_out_for_who_asks_for_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Jupyter, "open_course", lambda *_, **__: None)
    assert cli.main(["--folder", str(tmp_path)]) == 0
    assert list(tmp_path.glob("*.md")) == []
    assert cli.main(["--folder", str(tmp_path), "--with-solutions"]) == 0
    assert "The solutions are beside them" in capsys.readouterr().out
    assert (tmp_path / "02_explore_chats.solutions.md").is_file()


def test_an_incomplete_installation_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(course, "files", lambda _: tmp_path / "lc_tutorial")
    assert cli.main(["--folder", str(tmp_path / "x")]) == 1
    assert "The notebooks are missing" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["jupyterlab", "nbformat"])
def test_what_is_not_installed_is_said(
    module: str, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.modules[{module!r}] = None\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    told = run(
        *("--folder", "mine", "--no-browser"),
        environment={**environment, "PYTHONPATH": path},
        cwd=tmp_path,
    )
    assert told.returncode == 1
    assert told.stderr.startswith(f"{module}")
    assert f"is missing from this Python ({sys.executable})." in told.stderr
    assert "Traceback" not in told.stderr


def test_ctrl_c_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "stop_all", interrupted)
    assert cli.main(["stop"]) == 130


def test_the_option_may_stand_before_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = []
    monkeypatch.setattr(
        Jupyter, "open_course", lambda _, folder, *, browser: opened.append((folder, browser))
    )
    assert cli.main(["--folder", str(tmp_path / "mine"), "--no-browser", "start"]) == 0
    assert opened == [(tmp_path / "mine", False)]


def test_news_are_off_for_this_server_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What JupyterLab reads; tests/browser/test_start.py looks at the page."""
    from jupyterlab_server.settings_utils import _get_overrides

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    add_settings()
    assert os.environ["JUPYTER_CONFIG_PATH"].endswith(f"{os.pathsep}/theirs")
    overrides, error = _get_overrides("/nowhere")
    assert not error
    quiet = overrides["@jupyterlab/apputils-extension:notification"]
    assert quiet == {"fetchNews": "false", "checkForUpdates": False}


@pytest.mark.parametrize("arguments", [[], ["start"]])
def test_start_lays_the_course_out_and_opens_jupyterlab_on_it(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = []
    monkeypatch.setattr(
        Jupyter, "open_course", lambda _, folder, *, browser: opened.append((folder, browser))
    )
    folder = tmp_path / "mine"
    assert cli.main([*arguments, "--folder", str(folder), "--no-browser"]) == 0
    assert opened == [(folder, False)]
    assert (folder / course.FIRST_NOTEBOOK).is_file()
    assert capsys.readouterr().out == f"Your notebooks are in {folder}.\n"
    (folder / course.FIRST_NOTEBOOK).write_text("my own")
    assert cli.main([*arguments, "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == (
        f"Your notebooks are in {folder}.\n"
        "00_start_here.ipynb can't be read any more, and was left as it is. "
        "Use 00_start_here-new.ipynb.\n"
    )


@pytest.mark.parametrize(
    ("option", "pages"), [([], "/lab/tree"), (["--notebook"], "/notebooks")], ids=["lab", "seven"]
)
def test_the_address_of_the_first_notebook_is_printed(
    option: list[str], pages: str, environment: dict[str, str], tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [*COMMAND, "start", "--folder", "mine", "--no-browser", *option],
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
    end(running)
    running.stdout.close()
    assert f"{pages}/{course.FIRST_NOTEBOOK}?token=" in address


def end(running: subprocess.Popen[str]) -> None:
    """End a Jupyter that has just printed something.

    Likely, a signal that comes while it still writes to its log is lost: its handler writes there,
    too, which Python doesn't allow then. A person would press Ctrl+C again.
    """
    for _ in range(4):
        running.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(10)
            return
    raise AssertionError("It does not end.")


def test_without_notebook_7_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # As Python says of what is not installed.
    monkeypatch.setitem(sys.modules, "notebook", None)
    monkeypatch.delitem(sys.modules, "notebook.app", raising=False)
    assert cli.main(["--notebook", "--folder", str(tmp_path / "mine")]) == 1
    said = capsys.readouterr().err
    assert f"{sys.executable} -m pip install 'notebook>=7.2,<8'" in said
    assert "Leave --notebook out" in said
    assert not (tmp_path / "mine").exists()


def test_where_jupyter_can_not_note_down_what_runs_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "a file" / "runtime"))
    assert cli.main(["--no-browser", "--folder", str(tmp_path / "mine")]) == 1
    said = capsys.readouterr().err
    assert "Jupyter can't start here." in said
    assert "JUPYTER_RUNTIME_DIR" in said


@pytest.mark.parametrize("command", [[], ["start"], ["singleuser"]])
@pytest.mark.parametrize("folder", ["", "  "])
def test_a_folder_has_a_name(
    command: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([*command, "--folder", folder])
    assert caught.value.code == 2
    assert "this names no folder" in capsys.readouterr().err


def test_kernels_run_the_courses_startup_first_if_the_user_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Jupyter(lambda _: None, "LabApp", "/lab/tree")
    monkeypatch.setenv("PYTHONSTARTUP", "of-my-own.py")
    program.open_course(tmp_path, browser=False)
    assert os.environ["PYTHONSTARTUP"] == "of-my-own.py"
    monkeypatch.delenv("PYTHONSTARTUP")
    program.open_course(tmp_path, browser=False)
    assert Path(os.environ["PYTHONSTARTUP"]).parts[-2:] == ("course", "kernel_startup.py")
    assert Path(os.environ["PYTHONSTARTUP"]).is_file()
