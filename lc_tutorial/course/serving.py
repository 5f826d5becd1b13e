"""What a Jupyter server of the course is told, on one's own machine and on a hub."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from lc_tutorial.course.laying_out import lay_out
from lc_tutorial.errors import TutorialError


def add_settings() -> None:
    """Let a server that this process starts, or becomes, serve the course as it is meant.

    Each kernel runs `kernel_startup` before its first cell, and JupyterLab doesn't ask whether it
    may fetch news. No file is changed; what the learner has set for themselves goes before it.
    """
    ours = files("lc_tutorial.course")
    # Who has a file of their own there keeps it.
    os.environ.setdefault("PYTHONSTARTUP", str(ours / "kernel_startup.py"))
    theirs = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [str(ours / "jupyter_config"), theirs]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))


def become_server_of_a_hub(folder: Path, arguments: Sequence[str]) -> NoReturn:
    """Lay the course out, and go on as JupyterHub's server of one learner, in this process.

    A hub starts this as it would start `jupyterhub-singleuser`, as the learner and in their home:
    so the files are theirs. Where the course can't be laid out, as on a full disk, the hub's log
    says so, and the learner still gets a server.

    Args:
        folder: for the course. The server shows it, unless the hub names another one.
        arguments: for `jupyterhub-singleuser`.

    Raises:
        ModuleNotFoundError: JupyterHub is not installed here.
    """
    version("jupyterhub")
    folder = folder.expanduser()
    try:
        laid_out = lay_out(folder)
    except (OSError, TutorialError) as problem:
        print(f"The course could not be laid out in {folder}: {problem}", file=sys.stderr)
    else:
        for beside in laid_out.beside:
            print(beside, file=sys.stderr)
        os.environ.setdefault("JUPYTERHUB_ROOT_DIR", str(folder))
    add_settings()
    sys.stderr.flush()
    os.execv(  # noqa: S606
        sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *arguments]
    )
