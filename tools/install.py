"""Install into the environment of this Python, and say every few seconds how far it is.

    .venv/bin/python tools/install.py -e .

The arguments are those of ``pip install``. Where there is uv, that installs, and pip itself with
the rest: it takes a fraction of pip's time. Else it is pip, and also where uv fails, which doesn't
read pip's settings. pip is silent for half a minute and longer while it unpacks. All that is said
is kept in pip.log, in the environment; where pip fails, its reasons are printed. It needs nothing
but Python: nothing else is there yet.

Nothing is compiled ahead, which would take a fifth of the room, and time: Python compiles what it
loads, once. Only where it is told to keep nothing of that (``PYTHONDONTWRITEBYTECODE``), all is
compiled here.
"""

import os
import re
import shutil
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
    """Install what these arguments of ``pip install`` name; return the exit status."""
    with (Path(sys.prefix) / "pip.log").open("w", encoding="utf-8") as log:
        uv = shutil.which("uv")
        if uv is not None and _with_uv(uv, arguments, log) == 0:
            status = 0
        else:
            status = _with_pip(arguments, log)
    if not status:
        print(f"  {time.monotonic() - _BEGAN:3.0f} s: done", flush=True)
    return status


def _with_uv(uv: str, arguments: Sequence[str], log: IO[str]) -> int:
    packages = Path(sysconfig.get_path("purelib"))
    ahead = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    try:
        status, _ = _run(
            # Notebooks have %pip.
            [uv, "pip", "install", "--python", sys.executable, *ahead, "pip", *arguments],
            log,
            lambda _: None,
            lambda: f"uv is at it, packages: {sum(1 for _ in packages.glob('*.dist-info'))}",
        )
    except OSError as problem:
        # It is made for another machine, for one.
        log.write(f"{uv}: {problem}\n")
        status = 1
    if status:
        print("uv could not install it; pip tries now.", flush=True)
    return status


def _with_pip(arguments: Sequence[str], log: IO[str]) -> int:
    """The same with pip. Where the environment has none yet, it gets Python's own first."""
    if find_spec("pip") is None:
        ensurepip = [sys.executable, "-m", "ensurepip", "--default-pip"]
        status, said = _run(ensurepip, log, lambda _: None, lambda: "pip is being unpacked")
        if status:
            return _failed("ensurepip", said, log, status)
    progress = Progress(Path(sysconfig.get_path("purelib")))
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", *([] if sys.dont_write_bytecode else ["--no-compile"])]
    status, said = _run([*command, *arguments], log, progress.read, progress.__str__)
    return _failed("pip", said, log, status) if status else 0


def _failed(program: str, said: Sequence[str], log: IO[str], status: int) -> int:
    reasons = [line for line in said if line.startswith("ERROR")] or said[-15:]
    print(*reasons, f"{program} failed. All that it said is in {log.name}.", sep="")
    return status


def _run(
    command: Sequence[str], log: IO[str], read: Callable[[str], None], state: Callable[[], str]
) -> tuple[int, list[str]]:
    """Run a command, and print every few seconds how far it is.

    Returns:
        Its exit status, and the lines that it said.
    """
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603
        command,
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
    return status, said


if __name__ == "__main__":
    try:
        sys.exit(install(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
