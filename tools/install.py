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
from collections.abc import Sequence
from pathlib import Path

#: Seconds from one line to the next.
EVERY = 5.0

_COLLECTING = re.compile(r"\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
_DOWNLOADING = re.compile(
    r"\s*Downloading (?:\S*/)?([\w.]+)-\S+\.(?:whl|tar\.gz)(?: \((.+)\))?\s*$"
)
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
        self._downloading = ""
        self._total = 0

    def read(self, line: str) -> None:
        """Take a line that pip said."""
        if found := _COLLECTING.match(line):
            self._found.add(found[1].lower())
            self._downloading = ""
        elif found := _DOWNLOADING.match(line):
            self._downloading = f", now {found[1]}" + (f" ({found[2]})" if found[2] else "")
        elif found := _INSTALLING.match(line):
            self._total = len(found[1].split(","))

    def __str__(self) -> str:
        if self._total:
            done = min(self._installed() - self._before, self._total)
            return f"{done} of {self._total} packages installed"
        return f"{len(self._found)} packages found{self._downloading}"

    def _installed(self) -> int:
        return sum(1 for _ in self._packages.glob("*.dist-info"))


def install(arguments: Sequence[str]) -> int:
    """Run ``pip install`` with these arguments; return its exit status."""
    log = Path(sys.prefix) / "pip.log"
    progress = Progress(Path(sysconfig.get_path("purelib")))
    began = time.monotonic()
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", *arguments]
    said: list[str] = []
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as pip,
    ):

        def listen() -> None:
            for line in pip.stdout or ():
                kept.write(line)
                said.append(line)
                progress.read(line)

        listener = threading.Thread(target=listen)
        listener.start()
        while listener.is_alive():
            listener.join(EVERY)
            if listener.is_alive():
                print(f"  {time.monotonic() - began:3.0f} s: {progress}", flush=True)
        status = pip.wait()
    if status:
        reasons = [line for line in said if line.startswith("ERROR")] or said[-15:]
        print(*reasons, f"pip could not install it. All that it said is in {log}.", sep="")
    else:
        print(f"  {time.monotonic() - began:3.0f} s: done", flush=True)
    return status


if __name__ == "__main__":
    try:
        sys.exit(install(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
