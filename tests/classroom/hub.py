"""A JupyterHub as `classroom/` has it, started with the commands of its page."""

import contextlib
import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterator
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
    """

    url: str
    password: str
    teachers_password: str
    homes: Path
    log: Path


def blocks_of(page: Path) -> list[str]:
    """The commands that a page shows, block by block."""
    text = page.read_text(encoding="utf-8")
    return [textwrap.dedent(block) for _, block in re.findall(r"(?ms)^( *)```\n(.+?)^\1```$", text)]


def settings_and_start() -> tuple[str, str]:
    """What README has a teacher type for a bare JupyterHub, after all is installed."""
    (settings,) = (block for block in blocks_of(PAGE) if "export CLASSROOM_PASSWORD=" in block)
    (start,) = (block for block in blocks_of(PAGE) if block.startswith("jupyterhub "))
    return settings, start.strip()


@contextlib.contextmanager
def class_hub(folder: Path, *more: str) -> Iterator[ClassHub]:
    """Start a hub as README says; end it, and all that it started, afterwards.

    Args:
        folder: for its files.
        more: arguments for `jupyterhub`.
    """
    settings, start = settings_and_start()
    url, log = f"http://127.0.0.1:{free_port()}", folder / "hub.log"
    # As in a checkout; what the hub writes where it is started is not for the project's folder.
    (folder / "classroom").symlink_to(ROOT / "classroom")
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
        settings,
        *(f"export {name}={shlex.quote(value)}" for name, value in otherwise.items()),
        f"exec {start} {shlex.join(options)}",
    ]
    programs = [str(Path(sys.executable).parent), str(Path(node_proxy()).parent)]
    environment = {
        "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    with process(["sh", "-e", "-c", "\n".join(script)], log, folder, environment) as running:
        wait_until_it_answers(f"{url}/hub/health", log, running, PATIENCE)
        (password,) = re.findall(r"CLASSROOM_PASSWORD=(\S+)", settings)
        # The page has it printed, for the teacher to read.
        teachers_password = log.read_text(encoding="utf-8").split()[0]
        try:
            yield ClassHub(url, password, teachers_password, folder / "learners", log)
        finally:
            started = psutil.Process(running.pid).children(recursive=True)
    # A hub that has no time left to end its services leaves them behind.
    for service in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            service.kill()
