"""Programs away from the project, and away from every network."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the project, without what would lead Python or make to it."""
    ours = ("PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    finished = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


class Kit(NamedTuple):
    """A kit that was unpacked and set up.

    Attributes:
        folder: of it.
        said: when it was set up: what each of two who started it at once was told.
    """

    folder: Path
    said: tuple[str, str]

    @property
    def python(self) -> Path:
        """Of its environment."""
        return self.folder / ".environment" / ("Scripts" if os.name == "nt" else "bin") / "python"


#: Brings the loopback up, and becomes another program.
_UP = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: up, running
os.execv(sys.argv[1], sys.argv[1:])
"""


@functools.cache
def alone() -> tuple[str, ...]:
    """What stands before a command that shall have no network; nothing, where that can't be."""
    command = ("unshare", "--net", sys.executable, "-c", _UP)
    if shutil.which("unshare") is None:
        return ()
    tried = subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, check=False)
    return command if tried.returncode == 0 else ()
