"""The workflow that would run the tests on three systems: what of it can be known without them."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests import posix_only

ROOT = Path(__file__).parents[2]
JOBS = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))["jobs"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


ELSEWHERE = [word for word in commands("elsewhere")[-1].split() if word.startswith("tests/")]
FILES = sorted(path.relative_to(ROOT) for name in ELSEWHERE for path in (ROOT / name).rglob("*.py"))


def test_each_job_says_where_it_runs_and_ends() -> None:
    for name, job in JOBS.items():
        assert job["timeout-minutes"] <= 90, name
        matrix = job.get("strategy", {}).get("matrix", {})
        named = re.findall(r"\$\{\{ matrix\.(\w+) \}\}", yaml.safe_dump(job))
        assert set(named) == set(matrix), name
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), name
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1")), name


def test_what_is_installed_there_is_there() -> None:
    (extra,) = re.findall(r"pip install -e '\.\[(\w+)\]'", "\n".join(commands("elsewhere")))
    assert extra in PROJECT["optional-dependencies"]
    assert all((ROOT / name).is_dir() for name in ELSEWHERE)
    assert len(ELSEWHERE) == 3


def test_a_missing_thing_is_skipped_there_and_fails_elsewhere() -> None:
    """Where CI is set, tests/needed.py lets a test fail for what is missing."""
    assert "env -u CI " in commands("elsewhere")[-1]
    assert not any("env -u CI" in each for name in ("whole", "lowest") for each in commands(name))


def imported(program: str) -> Iterator[str]:
    """What a file imports before any of its tests runs."""
    for node in ast.parse(program).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_windows_can_read_each_file_of_tests() -> None:
    """One that it can't import would end the run before it begins."""
    assert len(FILES) > 200
    assert {str(path): why for path in FILES if (why := unreadable(path))} == {}


def unreadable(path: Path) -> list[str]:
    """What is made in a file before any of its tests runs, and Windows has not."""
    program = (ROOT / path).read_text(encoding="utf-8")
    absent = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"}
    found = [*absent.intersection(imported(program))]
    # Nor may what is made there, or decorates a test, name a signal or a call that it has not.
    for node in ast.parse(program).body:
        found += [name for part in _run_at_once(node) for name in _named(part) if _ABSENT(name)]
    return found


_ABSENT = re.compile(
    r"signal\.SIG(KILL|STOP|USR\d|XFSZ)|os\.(fork|wait|waitpid|mkfifo|mknod|chown|fchown|killpg"
    r"|get(e|p)?(uid|gid)|setsid|statvfs|uname)"
).fullmatch


def _run_at_once(node: ast.stmt) -> list[ast.expr]:
    """What of a statement is looked up when the file is imported: of a function, what is above."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.decorator_list
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and not _is_text(node):
        return [node.value]
    return []


def _named(part: ast.AST) -> Iterator[str]:
    """Whatever has a dot, such as ``os.fork``, but for what a lambda does later."""
    if isinstance(part, ast.Lambda):
        return
    if isinstance(part, ast.Attribute):
        yield ast.unparse(part)
    for inner in ast.iter_child_nodes(part):
        yield from _named(inner)


def _is_text(node: ast.stmt) -> bool:
    """Whether it makes a text, such as a program for a process of its own."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr)


PROGRAM = """
import signal
from pathlib import Path
from tests.unit.dataset.mortal import killed_at

KILLS = [signal.SIGKILL]
_SCRIPT = "#!/bin/sh"

@pytest.fixture
def runtime(): ...

@pytest.fixture
def guarded(runtime):
    Path("a").chmod(0o600)

def helper():
    return KILLS

def test_by_a_helper(runtime):
    helper()

def test_by_a_fixture(guarded): ...

@pytest.mark.usefixtures("guarded")
def test_by_a_mark(): ...

def test_by_a_text():
    run(_SCRIPT)

def test_by_an_import():
    killed_at(3)

@pytest.mark.parametrize("shell", ["bash"])
def test_by_its_parameters(shell): ...

class TestAll:
    def test_within(self):
        os.killpg(1)

def test_nothing_of_it(runtime):
    "signals are another matter, and so is a process of ours"
    process.kill()
"""


def test_what_windows_has_not_is_found() -> None:
    found = {name for name in posix_only.using(PROGRAM) if name.startswith(("test_", "Test"))}
    assert found == {
        *("test_by_a_helper", "test_by_a_fixture", "test_by_a_mark", "test_by_a_text"),
        *("test_by_an_import", "test_by_its_parameters", "TestAll"),
    }


@pytest.mark.parametrize(
    "line",
    [
        'monkeypatch.setattr(os, "geteuid", lambda: 0)',
        'monkeypatch.setattr(os, "fchmod", refuse)',
        'monkeypatch.setattr(os, "kill", refuse)',
        'monkeypatch.setattr(os, "execv", note)',
        "assert psutil.Process().num_fds() == before",
        'os.statvfs("/")',
        "os.waitpid(child, 0)",
    ],
)
def test_a_call_that_windows_has_not_is_found(line: str) -> None:
    assert posix_only.using(f"def test_it():\n    {line}") == {"test_it"}


def test_most_tests_are_left_to_windows() -> None:
    tests: dict[bool, int] = {False: 0, True: 0}
    for path in FILES:
        program = (ROOT / path).read_text(encoding="utf-8")
        found = posix_only.using(program)
        for name in re.findall(r"(?m)^def (test_\w+)", program):
            tests[name in found] += 1
    assert tests[True] > 50
    assert tests[False] > 10 * tests[True]


def test_what_is_tried_of_the_installed_package_works_here(tmp_path: Path) -> None:
    """The same lines, in this environment."""
    bin_ = Path(sys.executable).parent
    runtime = tmp_path / "runtime"
    environment = {
        **os.environ,
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_RUNTIME_DIR": str(runtime),
    }
    environment.pop("JPY_PARENT_PID", None)
    done = subprocess.run(
        ["bash", "-ec", commands("installed")[-1]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "chats--all:ro" in done.stdout
    assert done.stdout.endswith(f"lc-tutorial {PROJECT['version']}\n")


def test_a_checkout_has_the_same_bytes_on_each_system() -> None:
    """Git for Windows would give texts other line ends, and notebooks other digests."""
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "* text=auto eol=lf" in lines
