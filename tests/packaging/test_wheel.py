"""A wheel, in an environment that has nothing else."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the project, without what would lead Python to it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    finished = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", directory, checkout, cwd=directory)
    (built,) = directory.glob("*.whl")
    return built


def test_it_holds_the_notebooks_and_the_pages_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "lc_tutorial/_notebooks/01_authorization_in_practice.ipynb" in names
    assert "lc_tutorial/_notebooks/02_explore_chats.ipynb" in names
    assert "lc_tutorial/_notebooks/01_authorization_in_practice.questions.toml" in names
    assert "lc_tutorial/_solutions/02_explore_chats.md" in names
    assert "lc_tutorial/course/questions.schema.json" in names
    assert "lc_tutorial/forms/courier.js" in names
    assert "lc_tutorial/forms/quiz.js" in names
    assert "lc_tutorial/sandbox/web/templates/base.html" in names
    assert "lc_tutorial/sandbox/web/static/style.css" in names
    assert "lc_tutorial/course/jupyter_config/labconfig/default_setting_overrides.json" in names
    assert not [name for name in names if name.startswith(("tests", "notebooks"))]


def test_it_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert "sandbox" in run(scripts / "lc-tutorial", "--help", cwd=tmp_path)
    program = (
        "from pathlib import Path; from lc_tutorial.course import laying_out as course;"
        "print(course.notebooks_directory()); print(*course.lay_out(Path('mine')).added)"
    )
    printed = run(scripts / "python", "-c", program, cwd=tmp_path).split()
    assert printed[0].startswith(str(tmp_path / "env"))
    assert "00_start_here.ipynb" in printed[1:]
    # A sandbox of the installed package answers and ends.
    program = (
        "import lc_tutorial as lc; p = lc.connect('sandbox', fresh=True);"
        "print(lc.catch_up(p).token.scopes)"
    )
    assert "chats--all:ro" in run(scripts / "python", "-c", program, cwd=tmp_path)
