"""What Binder would build. The build itself needs Docker and a network, so it is not run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lc_tutorial.course import laying_out as course

ROOT = Path(__file__).parents[2]


def repo2docker(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def plan(checkout: Path) -> str:
    planned = repo2docker(checkout)
    assert planned.returncode == 0, planned.stderr
    return planned.stdout + planned.stderr


def test_it_reads_only_the_binder_folder(plan: str) -> None:
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in plan
    assert "environment.yml" not in plan.partition("# Run pre-assemble scripts!")[2]


def test_it_uses_the_python_of_runtime_txt(plan: str) -> None:
    wanted = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"python={wanted}" in plan
    assert f"environment.py-{wanted}" in plan or f"py-2d{wanted.replace('.', '-2e')}" in plan


def test_it_installs_the_package_last(plan: str) -> None:
    copied = plan.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    assert plan.index("RUN ./binder/postBuild") > copied


def test_a_broken_file_would_be_noticed(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "binder").mkdir()
    (tmp_path / "binder" / "runtime.txt").write_text("python-three\n")
    assert repo2docker(tmp_path).returncode != 0


def test_post_build_lays_the_course_out(checkout: Path, tmp_path: Path) -> None:
    script = (ROOT / "binder" / "postBuild").read_text()
    command = next(line for line in script.splitlines() if line.startswith("python -c "))
    subprocess.run(
        ["bash", "-c", f'PATH="{Path(sys.executable).parent}:$PATH"; {command}'],
        cwd=tmp_path,
        check=True,
    )
    assert (tmp_path / "course" / course.FIRST_NOTEBOOK).is_file()


def test_post_build_switches_the_question_about_news_off(checkout: Path, tmp_path: Path) -> None:
    script = (ROOT / "binder" / "postBuild").read_text().splitlines()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "{tmp_path}/prefix"\n')
    python.chmod(0o755)
    commands = "\n".join(script[script.index(SETTINGS) :])
    subprocess.run(
        ["bash", "-euc", f'PATH="{tmp_path}:$PATH"\n{commands}'], cwd=checkout, check=True
    )
    # Where JupyterLab looks for it in an environment.
    settings = tmp_path / "prefix" / "etc" / "jupyter" / "labconfig"
    (overrides,) = settings.iterdir()
    assert overrides.name == "default_setting_overrides.json"
    (setting,) = json.loads(overrides.read_text()).values()
    assert setting["fetchNews"] == "false"


SETTINGS = """settings="$(python -c 'import sys; print(sys.prefix)')/etc/jupyter\""""


def test_a_kernel_explains_a_slip_before_its_first_cell(plan: str, checkout: Path) -> None:
    assert re.search('R2D_ENTRYPOINT="[^"]*binder/start"', plan)
    named = subprocess.run(
        ["binder/start", "printenv", "PYTHONSTARTUP"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(named.strip()).samefile(checkout / "lc_tutorial" / "course" / "kernel_startup.py")


def test_the_badge_opens_the_first_notebook() -> None:
    readme = (ROOT / "README.md").read_text()
    link = re.search(r"\[!\[[^\]]*\]\([^)]*\)\]\((https://mybinder\.org/[^)]+)\)", readme)
    assert link
    opened = parse_qs(urlsplit(link[1]).query)["urlpath"]
    # The folder is the one that postBuild fills.
    assert opened == [f"lab/tree/course/{course.FIRST_NOTEBOOK}"]
    assert "course.lay_out(Path('course'))" in (ROOT / "binder" / "postBuild").read_text()
