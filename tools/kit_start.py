"""Open the course from this folder, without a network.

    python start.py

The first time it sets up what the course needs, in .environment beside this file; from then on it
starts at once. What follows start.py is handed on to lc-tutorial: --no-browser, for example. With
--install-only it sets up and ends: for the day before.

It needs Python and nothing else, and is a program of the kit that tools/offline_kit.py packs.
"""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Iterator, List, Tuple  # noqa: UP035  (old Pythons get to the sentence below)

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".environment"
#: Written last: without it, what is in the folder is half an environment.
READY = ENVIRONMENT / "ready"


class Refusal(Exception):
    """The kit can't be used like this; its text says why, and what to do."""


def main(arguments: List[str]) -> int:  # noqa: UP006
    """Set up what is not there yet, and open the course."""
    install_only = "--install-only" in arguments
    try:
        kit = json.loads(_read("kit.json"))
        fits(kit)
        with one_at_a_time():
            # Its Python is a link to this computer's: on another one it leads nowhere.
            if not (READY.exists() and python().exists()):
                install(kit)
    except Refusal as problem:
        print(problem, file=sys.stderr)
        return 1
    if install_only:
        print("All is set up. Start the course with: python start.py")
        return 0
    command = [str(python()), "-m", "lc_tutorial", *arguments]
    try:
        return subprocess.call(command, cwd=str(HERE), env=surroundings())  # noqa: S603
    except KeyboardInterrupt:
        return 130


def this_machine() -> Tuple[str, str]:  # noqa: UP006
    """The system and the processor: ``("linux", "x86_64")``."""
    machine = platform.machine().lower()
    return sys.platform, {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)


def fits(kit: dict) -> None:
    """Raises Refusal: the kit is for another system or another Python."""
    system, machine = this_machine()
    if [system, machine] != kit["machine"]:
        raise Refusal(
            f"This kit is for {' '.join(kit['machine'])}, and this computer is {system} {machine}: "
            "take the kit for that, or a Python for the other processor."
        )
    here = "{}.{}".format(*sys.version_info[:2])
    if here not in kit["pythons"]:
        raise Refusal(
            f"This kit is for Python {' or '.join(kit['pythons'])}, and this is {here}: start it "
            "with that one, or pack a kit for this one."
        )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Who starts it twice waits here; the lock ends with its process, however that ends.

    Raises:
        Refusal: this folder can't be written.
    """
    try:
        lock = (HERE / ".lock").open("a+")
    except OSError as problem:
        if READY.exists():
            # Nothing is left to write.
            yield
            return
        raise Refusal(
            f"The kit's folder, {HERE}, can't be written ({problem.strerror}): copy it to a folder "
            "of your own, and start it there."
        ) from problem
    with lock:
        _wait_for(lock)
        yield


def _wait_for(lock: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        while True:
            # It tries for ten seconds.
            with contextlib.suppress(OSError):
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
                return
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("The kit is being set up already; this waits for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def install(kit: dict) -> None:
    """Make the environment from the wheels.

    Raises:
        Refusal: the kit is damaged, or pip could not do it.
    """
    check()
    print("Setting up the course, without a network: a minute or two.", flush=True)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(str(ENVIRONMENT))
    wheels = HERE / "wheels"
    requirements = HERE / "requirements-{}.{}.txt".format(*sys.version_info[:2])
    # pip is among the wheels, and runs from its own: not every Python brings it.
    pip = [str(python()), str(wheels / kit["pip"] / "pip")]
    options = ["--no-index", "--no-deps", "--require-hashes", "--no-input", "--no-compile"]
    options += ["--disable-pip-version-check", "--quiet", "--find-links", str(wheels)]
    for command in (
        [sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)],
        [*pip, "install", *options, "--requirement", str(requirements)],
    ):
        done = subprocess.run(  # noqa: S603
            command,
            env={**surroundings("PIP_"), "PIP_CONFIG_FILE": os.devnull},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            said = done.stdout.decode(errors="replace").strip()
            raise Refusal(
                f"The course could not be set up. The last that was said:\n{said[-1500:]}"
            )
    READY.touch()


def surroundings(*but: str) -> dict:
    """The environment's variables, without those that lead Python or pip to other packages."""
    led_by = ("PYTHONPATH", "PYTHONHOME", *but)
    return {name: value for name, value in os.environ.items() if not name.startswith(led_by)}


def check() -> None:
    """Raises Refusal: a file is missing, or another one than was packed."""
    for line in _read("SHA256SUMS").splitlines():
        expected, _, name = line.partition("  ")
        if hashlib.sha256(_content(name)).hexdigest() != expected:
            raise _damaged(name)


def python() -> Path:
    """The environment's Python."""
    return ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _read(name: str) -> str:
    return _content(name).decode()


def _content(name: str) -> bytes:
    try:
        return (HERE / name).read_bytes()
    except OSError as problem:
        raise _damaged(name) from problem


def _damaged(name: str) -> Refusal:
    return Refusal(
        f"The kit is damaged: {name} is not what was packed. Unpack the zip file once more, or "
        "copy it anew from where you have it."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
