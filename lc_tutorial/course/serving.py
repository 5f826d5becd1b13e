"""Which Jupyter server shows the course, and what it is told, on one's own machine and on a hub."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from lc_tutorial.course.laying_out import FIRST_NOTEBOOK, lay_out
from lc_tutorial.errors import TutorialError
from lc_tutorial.files import see_that_there_is_room
from lc_tutorial.platforms import runtime_path
from lc_tutorial.system import become, in_words, is_administrator


@dataclass(frozen=True)
class Jupyter:
    """A program that shows notebooks in a browser.

    Attributes:
        main: runs its server with arguments, until it is ended.
        application: what its settings are named after.
        pages: the path below which it shows notebooks.
    """

    main: Callable[[list[str]], object]
    application: str
    pages: str

    def open_course(self, folder: Path, *, browser: bool) -> None:
        """Run its server until it is ended.

        Args:
            folder: with the course laid out in it.
            browser: whether to open one on the first notebook; else its address is printed.

        Raises:
            TutorialError: Jupyter can't note down what runs, and would end with a traceback.
        """
        _see_that_it_can_be_noted_down()
        # Not as the file to open: then the address that is printed would not lead to it.
        arguments = [
            f"--ServerApp.root_dir={folder.resolve()}",
            f"--{self.application}.default_url={self.pages}/{FIRST_NOTEBOOK}",
        ]
        if not browser:
            arguments.append("--no-browser")
            print("Open the address with the token, printed below, in your browser.")
        if is_administrator():
            # Containers often have no other user. Jupyter asks for consent: this is it.
            arguments.append("--allow-root")
        add_settings()
        self.main(arguments)


def _see_that_it_can_be_noted_down() -> None:
    folder = runtime_path()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        see_that_there_is_room(folder)
    except OSError as problem:
        raise TutorialError(
            what="Jupyter can't start here.",
            why=f"It notes down what runs in the folder {folder}, and the system says: "
            f"{in_words(problem)}.",
            remedy=(
                "Mend that; or set the environment variable JUPYTER_RUNTIME_DIR to a folder where "
                "you may write, and run this again."
            ),
        ) from problem


def jupyterlab() -> Jupyter:
    """What the course brings."""
    from jupyterlab.labapp import main

    return Jupyter(main, "LabApp", "/lab/tree")


def notebook_seven() -> Jupyter:
    """What some have beside it, or like better.

    Raises:
        TutorialError: this Python has none, or an older one.
    """
    try:
        # Older ones have no such module.
        from notebook.app import main
    except ModuleNotFoundError as problem:
        raise TutorialError(
            what="Jupyter Notebook 7 is not installed here.",
            why=f"The course brings JupyterLab, and {sys.executable} finds no other program.",
            remedy=(
                "Leave --notebook out, and the course opens in JupyterLab. Or install it for this "
                f"Python, and run this again: {shlex.quote(sys.executable)} -m pip install "
                "'notebook>=7.2,<8'"
            ),
        ) from problem
    return Jupyter(main, "JupyterNotebookApp", "/notebooks")


def add_settings() -> None:
    """Let a server that this process starts, or becomes, serve the course as it is meant.

    Each kernel runs `kernel_startup` before its first cell, and Jupyter doesn't ask whether it
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
    become([sys.executable, "-m", "jupyterhub.singleuser", *arguments])
