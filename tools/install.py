"""Install with pip into the environment of this Python, and say every few seconds how far it is.

    .venv/bin/python tools/install.py -e .

The arguments are those of ``pip install``. pip itself is silent for half a minute and longer while
it unpacks. All that it says is kept in pip.log, in the environment; where it fails, its reasons are
printed. It needs nothing but Python: nothing else is there yet.
"""

import os
import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

#: Seconds from one line to the next.
EVERY = 5.0

_BEGAN = time.monotonic()

_COLLECTING = re.compile(r"\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
_DOWNLOADING = re.compile(
    r"\s*Downloading (?:\S*/)?([\w.]+)-\S+\.(?:whl|tar\.gz)(?: \((.+)\))?\s*$"
)
_PREPARING = re.compile(r"\s*(?:Installing build|Getting requirements to build|Preparing|Building)")
_INSTALLING = re.compile(r"\s*Installing collected packages: (.+)")


class Progress:
    """How far pip is, by what it says and by what has arrived.

    Args:
        packages: the folder into which it installs.
    """

    def __init__(self, packages: Path) -> None:
        self._packages = packages
        self._before = self._installed()
        self._found: set[str] = set()
        self._now = ""
        self._total = 0

    def read(self, line: str) -> None:
        """Take a line that pip said."""
        if found := _COLLECTING.match(line):
            self._found.add(found[1].lower())
            self._now = ""
        elif found := _DOWNLOADING.match(line):
            self._now = f", now {found[1]}" + (f" ({found[2]})" if found[2] else "")
        elif _PREPARING.match(line):
            self._now = ", one is being prepared"
        elif found := _INSTALLING.match(line):
            self._total = len(found[1].split(","))

    def __str__(self) -> str:
        if self._total:
            done = min(self._installed() - self._before, self._total)
            return f"packages installed: {done} of {self._total}"
        return f"packages found: {len(self._found)}{self._now}"

    def _installed(self) -> int:
        return sum(1 for _ in self._packages.glob("*.dist-info"))


def install(arguments: Sequence[str]) -> int:
    """Run ``pip install`` with these arguments; return its exit status.

    Where the environment has no pip yet, it gets Python's own first.
    """
    with (Path(sys.prefix) / "pip.log").open("w", encoding="utf-8") as log:
        if find_spec("pip") is None:
            status = _run(
                ["ensurepip", "--default-pip"], log, lambda _: None, lambda: "pip is being unpacked"
            )
            if status:
                return status
        progress = Progress(Path(sysconfig.get_path("purelib")))
        command = ["pip", "install", "--disable-pip-version-check", "--no-input"]
        command += ["--progress-bar", "off", *arguments]
        status = _run(command, log, progress.read, progress.__str__)
    if not status:
        print(f"  {time.monotonic() - _BEGAN:3.0f} s: done", flush=True)
    return status


def _run(
    module: Sequence[str], log: IO[str], read: Callable[[str], None], state: Callable[[], str]
) -> int:
    """Run a module of this Python, and print every few seconds how far it is."""
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *module],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:

        def listen() -> None:
            for line in process.stdout or ():
                log.write(line)
                said.append(line)
                read(line)

        listener = threading.Thread(target=listen)
        listener.start()
        while listener.is_alive():
            listener.join(EVERY)
            if listener.is_alive():
                print(f"  {time.monotonic() - _BEGAN:3.0f} s: {state()}", flush=True)
        status = process.wait()
    if status:
        reasons = [line for line in said if line.startswith("ERROR")] or said[-15:]
        print(*reasons, f"{module[0]} failed. All that it said is in {log.name}.", sep="")
    return status


if __name__ == "__main__":
    try:
        sys.exit(install(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
