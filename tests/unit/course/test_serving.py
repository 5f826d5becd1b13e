"""What a hub's server of one learner is told, before this process becomes it."""

import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from lc_tutorial import cli
from lc_tutorial.course import FIRST_NOTEBOOK, serving


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, list[str]]]:
    """With which arguments which program is gone on with."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("JUPYTERHUB_ROOT_DIR", "JUPYTER_CONFIG_PATH", "PYTHONSTARTUP"):
        monkeypatch.delenv(name, raising=False)
        # So that it is put back, whatever is set by then.
        monkeypatch.setenv(name, "")
        os.environ.pop(name)
    programs: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda *program: programs.append(program))
    return programs


def serve(*arguments: str) -> None:
    # Nothing comes back from the real one.
    cli.main(["singleuser", *arguments])


def test_it_lays_the_course_out_and_goes_on_as_the_hubs_server(
    started: list[tuple[str, list[str]]], tmp_path: Path
) -> None:
    serve("--allow-root", "--LabApp.expose_app_in_browser=True")
    arguments = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
    command = [sys.executable, "-m", "jupyterhub.singleuser", *arguments]
    assert started == [(sys.executable, command)]
    folder = tmp_path / "lc-tutorial-course"
    assert (folder / FIRST_NOTEBOOK).is_file()
    assert os.environ["JUPYTERHUB_ROOT_DIR"] == str(folder)
    assert Path(os.environ["PYTHONSTARTUP"]).is_file()
    assert Path(os.environ["JUPYTER_CONFIG_PATH"]).is_dir()


def test_the_folder_that_the_hub_names_is_the_one_shown(
    started: list[tuple[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_ROOT_DIR", "/somewhere")
    serve("--folder", str(tmp_path / "mine"))
    assert os.environ["JUPYTERHUB_ROOT_DIR"] == "/somewhere"
    assert (tmp_path / "mine" / FIRST_NOTEBOOK).is_file()
    assert len(started) == 1


def test_a_learner_gets_a_server_in_any_case(
    started: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(serving, "lay_out", full)
    serve()
    assert len(started) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert "JUPYTERHUB_ROOT_DIR" not in os.environ


def test_another_command_takes_no_arguments_of_jupyters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["stop", "--allow-root"])
    assert "unrecognized arguments: --allow-root" in capsys.readouterr().err


def not_there(name: str) -> None:
    raise PackageNotFoundError(name)


def test_without_jupyterhub_it_says_so(
    started: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("importlib.metadata.distribution", not_there)
    serve()
    assert started == []
    assert "jupyterhub is missing from this Python" in capsys.readouterr().err
