"""A JupyterHub as `classroom/` has it, started with the commands of its page."""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.browser.conftest import free_port, process, wait_until_it_answers
from tests.browser.hub import node_proxy

from .learner import PATIENCE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "classroom" / "README.md"

TEACHER = "teacher"


@dataclass(frozen=True)
class ClassHub:
    """A hub that runs.

    Attributes:
        url: of it.
        password: with which learners log in.
        teachers_password: with which the teacher does.
        homes: the folder of the learners' files.
        log: what it and all that it started wrote.
        sandbox: the address of the sandbox that all share.
        running: its process.
    """

    url: str
    password: str
    teachers_password: str
    homes: Path
    log: Path
    sandbox: str
    running: subprocess.Popen[bytes]


def blocks_of(page: str) -> list[str]:
    """The commands that a page shows, block by block."""
    return [textwrap.dedent(block) for _, block in re.findall(r"(?ms)^( *)```\n(.+?)^\1```$", page)]


def commands() -> tuple[list[str], str, str]:
    """What README has a teacher type for a bare JupyterHub: to install it, to set it, to start it.

    What installs is given line by line.
    """
    (section,) = re.findall(r"(?ms)^## A bare JupyterHub\n(.+?)^## ", PAGE.read_text("utf-8"))
    install, settings, start = blocks_of(section)
    return install.splitlines(), settings, start.strip()


@contextlib.contextmanager
def class_hub(
    folder: Path,
    *more: str,
    programs: Sequence[Path] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[ClassHub]:
    """Start a hub as README says, with what is installed; end it, and all that it started.

    Args:
        folder: for its files.
        more: arguments for `jupyterhub`.
        programs: folders that come before those of the tests' own programs.
        settings: of the page's table, such as ``CLASSROOM_IDLE``.
    """
    # As in a checkout; what the hub writes where it is started is not for the project's folder.
    (folder / "classroom").symlink_to(ROOT / "classroom")
    there = [*programs, Path(sys.executable).parent, Path(node_proxy()).parent]
    environment = {
        **(settings or {}),
        "PATH": os.pathsep.join([*map(str, there), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    with started(folder, [], more, environment) as hub:
        yield hub


@contextlib.contextmanager
def started(
    folder: Path,
    before: Sequence[str],
    more: Sequence[str],
    environment: Mapping[str, str],
    forgotten: Sequence[str] = (),
    *,
    course: Path | None = None,
    patience: float = PATIENCE,
) -> Iterator[ClassHub]:
    """Say README's settings, and start the hub, in one shell.

    Args:
        folder: where the shell begins.
        before: commands that come first.
        more: arguments for `jupyterhub`.
        environment: variables of the shell.
        forgotten: those of the test's own that it has not.
        course: the folder in which the hub is started; the shell's, if not given.
        patience: seconds until it answers.
    """
    _, settings, start = commands()
    url, log = f"http://127.0.0.1:{free_port()}", folder / "hub.log"
    # A teacher's machine has its usual ports for itself, and the tests may be root's.
    otherwise = {
        "CLASSROOM_ADDRESS": url,
        "CLASSROOM_BOARD_PORT": str(free_port()),
        "CLASSROOM_SANDBOX_PORT": str(free_port()),
        "CLASSROOM_AS_ROOT": "yes",
    }
    options = [
        f"--JupyterHub.hub_port={free_port()}",
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}",
        *more,
    ]
    script = [
        *before,
        settings,
        *(f"export {name}={shlex.quote(value)}" for name, value in otherwise.items()),
        f"exec {start} {shlex.join(options)}",
    ]
    without = [word for name in forgotten for word in ("-u", name)]
    command = ["env", *without, "sh", "-e", "-c", "\n".join(script)]
    with process(command, log, folder, dict(environment)) as running:
        wait_until_it_answers(f"{url}/hub/health", log, running, patience)
        (password,) = re.findall(r"CLASSROOM_PASSWORD=(\S+)", settings)
        # The page has it printed, for the teacher to read.
        (teachers_password,) = re.findall(r"(?m)^[0-9a-f]{32}$", log.read_text("utf-8"))
        try:
            yield ClassHub(
                url=url,
                password=password,
                teachers_password=teachers_password,
                homes=(course or folder) / "learners",
                log=log,
                sandbox=f"http://127.0.0.1:{otherwise['CLASSROOM_SANDBOX_PORT']}",
                running=running,
            )
        finally:
            left = psutil.Process(running.pid).children(recursive=True)
    # A hub that has no time left to end its services leaves them behind.
    for service in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            service.kill()
