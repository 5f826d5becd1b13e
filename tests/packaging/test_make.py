"""What ``make`` says on a machine where something is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needed import missing

ROOT = Path(__file__).parents[2]


def make(tmp_path: Path, condition: str, target: str = "tutorial") -> str:
    """Run make with a Python of which ``condition`` (in shell words of its arguments) fails."""
    if shutil.which("make") is None:
        pytest.fail("make is missing.")
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in {condition}) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")
    }
    finished = subprocess.run(
        ["make", f"PYTHON={python}", target],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode != 0
    assert not (tmp_path / ".venv").exists()
    return finished.stdout


def test_a_missing_venv_module(tmp_path: Path) -> None:
    assert "sudo apt install python3-venv" in make(tmp_path, "*ensurepip*")


def test_an_old_python(tmp_path: Path) -> None:
    said = make(tmp_path, "*version_info*")
    assert "This needs Python 3.11 or newer" in said
    assert "make PYTHON=python3.12 tutorial" in said


def test_what_is_assumed_is_listed() -> None:
    if not (ROOT / ".git").exists():
        missing("This is not a checkout: git has nothing to search.")
    listed = subprocess.run(
        ["make", "-s", "assumed"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    limit = next(line for line in listed if "CODE_LIFETIME" in line)
    assert re.fullmatch(
        r"lc_tutorial/sandbox/world/grants\.py:\d+:CODE_LIFETIME = 300  # assumed: .+", limit
    )
    # A remark of two lines is there as a whole, and nothing of the code below it.
    first = next(i for i, line in enumerate(listed) if "we read it as the start" in line)
    assert re.search(r"\.py-\d+- +# so that /archives does not let", listed[first + 1])
    assert not [line for line in listed if "assumed" not in line and "#" not in line]
