"""Postman's own runner, newman, and other things of npm for the tests of the export."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.needed import missing


def from_npm(path: str) -> Path:
    """A file of a package of npm, where `make test-setup` puts them."""
    found = Path(sys.prefix) / "postman" / "node_modules" / path
    if not found.exists():
        missing(f"{path} is missing: it needs Node, and `make test-setup` installs it.")
    return found


def newman(
    path: Path, values: Mapping[str, str], report: Path, only: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Run a collection as Postman does, and return what the runner says of each request.

    Args:
        path: of the collection.
        values: of its variables, as somebody enters them.
        report: the file to write the runner's report into.
        only: names of folders or requests; all, if empty.
    """
    program = from_npm(".bin/newman")
    options = [word for pair in values.items() for word in ("--env-var", "=".join(pair))]
    options += [word for name in only for word in ("--folder", name)]
    command = [str(program), "run", str(path), "--reporters", "json", "--ignore-redirects"]
    done = subprocess.run(
        [*command, "--reporter-json-export", str(report), *options],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(path.parent)},
        timeout=180,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    executions: list[dict[str, Any]] = json.loads(report.read_text())["run"]["executions"]
    return executions
