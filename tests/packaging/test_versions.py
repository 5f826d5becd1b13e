"""One set of versions: pyproject.toml is followed by environment.yml and binder/."""

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import yaml

import lc_tutorial

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def ranges(lines: list[str]) -> dict[str, str]:
    """Requirements by their normalised name: ``{"jupyter-core": ">=5.7,<6"}``."""
    found = {}
    for line in lines:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)\s*(.*)", line.strip())
        assert match, line
        found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2].replace(" ", "")
    return found


ASKED = ranges(PROJECT["dependencies"])


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    for name, allowed in ASKED.items():
        assert re.fullmatch(r">=[\d.]+,<[\d.]+", allowed), name


def test_each_dependency_says_what_it_is_for() -> None:
    """Beside it, or in a comment of its own above it: somebody has to download it."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    listed = lines[lines.index("dependencies = [") + 1 :]
    listed = listed[: listed.index("]")]
    told = [
        line
        for above, line in pairwise(["", *listed])
        if "  # " in line or above.lstrip().startswith("#")
    ]
    assert [line for line in listed if line not in told and '"' in line] == []


#: What the course needs and does not import: programs of their own, the notebooks' server and %pip.
_NOT_IMPORTED = {"jupyter-server", "pip"}


def test_nothing_is_asked_for_that_the_course_does_not_use() -> None:
    """What only tests, the site or a hub need is in an extra: learners' disks are small."""
    imported = set()
    for path in (ROOT / "lc_tutorial").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    # pandas draws with matplotlib.
    imported.add("matplotlib")
    assert {name for name in ASKED if name.replace("-", "_") not in imported} == _NOT_IMPORTED


def test_environment_yml_follows() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = ranges([entry for entry in listed if isinstance(entry, str)])
    # conda-forge's matplotlib without a window system has another name.
    conda["matplotlib"] = conda.pop("matplotlib-base")
    assert conda.pop("python") == PROJECT["requires-python"]
    assert conda == ASKED
    assert [entry for entry in listed if isinstance(entry, dict)] == [{"pip": ["-e ."]}]


def test_binder_follows() -> None:
    lines = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    binder = ranges([line for line in lines if line and not line.startswith("#")])
    extras = PROJECT["optional-dependencies"]
    # A picture is built once for many, who then need nothing more.
    more = ranges([*extras["hub"], *extras["parquet"]])
    assert binder == {name: ASKED[name] for name in ASKED if name != "jupyterlab"} | more
    python = (ROOT / "binder" / "runtime.txt").read_text().strip()
    assert python == "python-" + PROJECT["requires-python"].removeprefix(">=")


def test_the_package_and_the_changelog_name_the_version() -> None:
    assert lc_tutorial.__version__ == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_workflow_has_three_systems_each_python_and_the_oldest_versions() -> None:
    written = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
    jobs = yaml.safe_load(written)["jobs"]
    whole, elsewhere = (jobs[name]["strategy"]["matrix"] for name in ("whole", "elsewhere"))
    assert elsewhere["system"] == ["macos-latest", "windows-latest"]
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert whole["python"] == elsewhere["python"]
    assert whole["python"][0] == oldest
    called = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    targets = {each for line in called if line.startswith("make ") for each in line.split()[1:-1]}
    assert targets == {"lint", "typing", "test", "test-lowest"}
    for target in targets:
        assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text()), target
