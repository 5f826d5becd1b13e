"""Install into the environment of this Python, and say every few seconds how far it is.

    .venv/bin/python tools/install.py -e .

The arguments are those of ``pip install``. uv installs, and pip itself with the rest: it takes a
fraction of pip's time. Where there is none, pip fetches one, which is gone afterwards. uv doesn't
read pip's settings: where they say where packages come from, the one that was fetched is told. But
where it can't be told just that, or fails, pip installs. pip is silent for half a minute and longer
while it unpacks. All that is said is kept in pip.log, in the environment, but for pip's settings;
where pip fails, its reasons are printed. It needs nothing but Python: nothing else is there yet.

Nothing is compiled ahead, which would take a fifth of the room, and time: Python compiles what it
loads, once. Only where it is told to keep nothing of that, compile_ahead.py does it here.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

#: Seconds from one line to the next.
EVERY = 5.0

#: What is fetched where there is no uv; the Makefile asks for the same one.
_UV = "uv>=0.9,<1"

_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
_QUIETLY = ["--progress-bar", "off"]

#: Settings of pip's with which uv installs the same from the same places.
_ALIKE = {
    "break-system-packages",
    "cache-dir",
    "config-file",
    "default-timeout",
    "disable-pip-version-check",
    "no-cache-dir",
    "no-compile",
    "no-input",
    "no-warn-script-location",
    "progress-bar",
    "quiet",
    "require-virtualenv",
    "retries",
    "root-user-action",
    "timeout",
    "verbose",
}

#: Settings of pip's that say where packages come from, and the variable by which uv is told the
#: same. Source: uv's documentation, "Environment variables".
_TOLD = {
    "cert": "SSL_CERT_FILE",
    "constraint": "UV_CONSTRAINT",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "index-url": "UV_DEFAULT_INDEX",
}
#: Of these pip takes several, with blanks between them.
_SEVERAL = {"constraint", "extra-index-url", "find-links"}

#: Where a setting of pip's for installing may be: the later one counts.
_SECTIONS = ("global", "install", ":env:")

#: uv has settings, too, which pip knows nothing of. Of several places that have a package pip takes
#: the newest version, and so does uv in this way.
_AS_PIP = {"UV_NO_CONFIG": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}

#: So that pip says what it has been told, whatever it has been told of that.
_ALOUD = {"PIP_QUIET": "0", "PIP_VERBOSE": "0", "PYTHONIOENCODING": "utf-8"}

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
    with (
        (Path(sys.prefix) / "pip.log").open("w", encoding="utf-8") as log,
        tempfile.TemporaryDirectory() as folder,
    ):
        status = _installed(arguments, Path(folder), log)
        if not status:
            _compile_ahead(log)
    if not status:
        print(f"  {time.monotonic() - _BEGAN:3.0f} s: done", flush=True)
    return status


def _installed(arguments: Sequence[str], folder: Path, log: IO[str]) -> int:
    uv, environment = shutil.which("uv"), dict(os.environ)
    if uv is None:
        if status := _unpacked_pip(log):
            return status
        told = _as_uv_is_told(_settings_of_pip())
        if told is not None:
            uv = _fetched_uv(folder, log)
            # uv may have been told other places, which pip knows nothing of.
            kept = {name for name in os.environ if not name.startswith("UV_")} | {"UV_CACHE_DIR"}
            environment = {name: os.environ[name] for name in kept & os.environ.keys()} | told
    if uv is not None and _with_uv(uv, environment, arguments, log) == 0:
        return 0
    return _unpacked_pip(log) or _with_pip(arguments, log)


def _fetched_uv(folder: Path, log: IO[str]) -> str | None:
    """Have pip fetch uv into this folder; None where it can't."""
    status, _ = _run(
        [*_PIP, "install", *_QUIETLY, "--only-binary=:all:", "--target", str(folder), _UV],
        log,
        lambda _: None,
        lambda: "pip fetches uv, which installs faster",
    )
    return None if status else shutil.which("uv", path=folder / "bin")


def _settings_of_pip() -> dict[str, str] | None:
    """What pip has been told for installing, by name; None where that isn't certain."""
    if "PIP_ISOLATED" in os.environ:
        # It doesn't say then what it has been told by other variables.
        return None
    # What is said may hold a password, and so it isn't kept.
    asked = subprocess.run(  # noqa: S603
        [*_PIP, "config", "list"],
        env={**os.environ, **_ALOUD},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    try:
        for line in filter(None, asked.stdout.splitlines()):
            name, _, value = line.partition("=")
            section, _, option = name.rpartition(".")
            if section in found and found[section].setdefault(option, value) != value:
                # Of two files that say different things, it doesn't say which one counts.
                return None
        settings = {**found["global"], **found["install"], **found[":env:"]}
        settings = {option: str(literal_eval(value)) for option, value in settings.items()}
    except (SyntaxError, ValueError):
        return None
    # What pip has just been told must be there, too.
    is_certain = asked.returncode == 0 and not asked.stderr and "quiet" in found[":env:"]
    return settings if is_certain else None


def _as_uv_is_told(settings: Mapping[str, str] | None) -> dict[str, str] | None:
    """Settings of pip's as variables of uv's; None where uv may not take the same for the same."""
    if settings is None or not settings.keys() <= _ALIKE | _TOLD.keys():
        return None
    told = dict(_AS_PIP)
    for name in settings.keys() & _TOLD.keys():
        places = settings[name].split() if name in _SEVERAL else [settings[name]]
        if not places or not all(map(_is_plain, places)):
            return None
        # Of the same version in several places pip takes the last one, and uv the first.
        between = "," if name == "find-links" else " "
        told[_TOLD[name]] = between.join(reversed(places))
    return told


def _is_plain(place: str) -> bool:
    """Whether pip and uv read the same from it: an address, or a path on this machine.

    pip takes no packages from a plain http address that it was not told to trust, and uv does.
    """
    if any(character.isspace() or character == "," for character in place):
        return False
    try:
        address = urlsplit(place)
    except ValueError:
        return False
    if address.scheme == "https":
        return bool(address.hostname)
    return place.startswith(("/", "file:///"))


def _with_uv(
    uv: str, environment: Mapping[str, str], arguments: Sequence[str], log: IO[str]
) -> int:
    packages = Path(sysconfig.get_path("purelib"))
    try:
        status, _ = _run(
            [uv, "pip", "install", "--python", sys.executable, *arguments],
            log,
            lambda _: None,
            lambda: f"uv is at it, packages: {sum(1 for _ in packages.glob('*.dist-info'))}",
            environment,
        )
    except OSError as problem:
        # It is made for another machine, for one.
        log.write(f"{uv}: {problem}\n")
        status = 1
    if status:
        print("uv could not install it; pip tries now.", flush=True)
    return status


def _with_pip(arguments: Sequence[str], log: IO[str]) -> int:
    progress = Progress(Path(sysconfig.get_path("purelib")))
    command = [*_PIP, "install", *_QUIETLY, "--no-compile", *arguments]
    status, said = _run(command, log, progress.read, progress.__str__)
    return _failed("pip", said, log, status) if status else 0


def _unpacked_pip(log: IO[str]) -> int:
    """Give the environment Python's own pip where it has none; return the exit status."""
    if find_spec("pip") is not None:
        return 0
    ensurepip = [sys.executable, "-m", "ensurepip", "--default-pip"]
    status, said = _run(ensurepip, log, lambda _: None, lambda: "pip is being unpacked")
    return _failed("ensurepip", said, log, status) if status else 0


def _compile_ahead(log: IO[str]) -> None:
    """Where it fails, Python compiles what it loads each time, as it would without."""
    compiling = [sys.executable, str(Path(__file__).with_name("compile_ahead.py"))]
    _run(compiling, log, lambda _: None, lambda: "what the course loads is being compiled")


def _failed(program: str, said: Sequence[str], log: IO[str], status: int) -> int:
    reasons = [line for line in said if line.startswith("ERROR")] or said[-15:]
    print(*reasons, f"{program} failed. All that it said is in {log.name}.", sep="")
    return status


def _run(
    command: Sequence[str],
    log: IO[str],
    read: Callable[[str], None],
    state: Callable[[], str],
    environment: Mapping[str, str] = os.environ,
) -> tuple[int, list[str]]:
    """Run a command, and print every few seconds how far it is.

    Returns:
        Its exit status, and the lines that it said.
    """
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603
        command,
        env={**environment, "PYTHONUNBUFFERED": "1"},
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
