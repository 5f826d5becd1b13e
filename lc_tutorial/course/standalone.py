"""Handing the learner the four steps as one Python file without any helper of this package."""

import os
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from lc_tutorial import memory
from lc_tutorial.course.laying_out import lay_beside
from lc_tutorial.course.standalone_list_chats import REDIRECT_URI
from lc_tutorial.errors import TutorialError
from lc_tutorial.oauth import listening_port
from lc_tutorial.platforms import Platform, check_platform, jupyter
from lc_tutorial.system import in_a_shell, in_words

_UNKNOWN = "YOUR_CLIENT_ID"
_WHITELIST = f"Whitelist {REDIRECT_URI} in the Developer Console first: the file waits there."


class App(Protocol):
    """What is needed of an app: the form of step 1 has it, once it is done."""

    @property
    def client_id(self) -> str:
        """Its Client Id."""

    @property
    def redirect_uri(self) -> str | None:
        """The redirect URI that it uses; None where that isn't known."""


class StandaloneFile:
    """Where the file is, and how to run it, as a notebook shows it.

    Attributes:
        path: of the file.
        command: runs it, as it stands, in a terminal of this machine and in any folder.
        advice: what to know before.
    """

    def __init__(self, path: Path, command: str, advice: Sequence[str]) -> None:
        self.path = path
        self.command = command
        self.advice = tuple(advice)

    def __repr__(self) -> str:
        return "\n".join([f"Written: {self.path.name}", *self.advice, self.command])


def write_standalone(
    platform: Platform, folder: str | os.PathLike[str] | None = None, *, app: App | None = None
) -> StandaloneFile:
    """Write ``list_chats.py``, which needs nothing but requests, and no secret is in it.

    A file that the learner changed is kept, and the new one laid beside it.

    Args:
        platform: the command shown runs the file against this one.
        folder: where; the folder of the notebook, if not given.
        app: the form of step 1, or the credentials; if not given, the app that this kernel used
            last. The command names its Client Id and, where it is on this machine, its redirect
            URI.

    Raises:
        StepIncomplete: the form that was given is not done.
        TutorialError: the folder can't be written.
    """
    check_platform(platform, "lc.write_standalone(platform)")
    text = (files("lc_tutorial.course") / "standalone_list_chats.py").read_text(encoding="utf-8")
    try:
        path = lay_beside(Path(folder or Path.cwd()) / "list_chats.py", text).resolve()
    except OSError as problem:
        raise TutorialError(
            what="list_chats.py could not be written.",
            why=f"The system says of the folder: {in_words(problem)}.",
            remedy='Name another one: lc.write_standalone(platform, folder="…").',
        ) from None
    app = app or memory.newest_app(platform.accounts_url)
    if jupyter.on_hub():
        return _for_another_computer(path, None if platform.is_sandbox else app)
    words = [*_client(app)]
    advice = ["Run it in a terminal, in any folder. It asks for the Client Secret:"]
    if app is None:
        advice.insert(0, f"Put your Client Id in the place of {_UNKNOWN}.")
    elif app.redirect_uri and listening_port(app.redirect_uri) is None:
        advice.insert(0, _WHITELIST)
    elif app.redirect_uri and app.redirect_uri != REDIRECT_URI:
        words += ["--redirect-uri", app.redirect_uri]
    if platform.is_sandbox:
        words += ["--accounts", platform.accounts_url, "--api", platform.api_url]
    return StandaloneFile(path, in_a_shell([sys.executable, str(path), *words]), advice)


def _client(app: App | None) -> tuple[str, str]:
    return ("--client-id", app.client_id if app else _UNKNOWN)


def _for_another_computer(path: Path, app: App | None) -> StandaloneFile:
    advice = (
        "It can't run on this hub: it waits for the browser on its own machine, and yours is "
        "elsewhere.",
        "Download it, and run it on your own computer against the live platform.",
        _WHITELIST,
    )
    return StandaloneFile(path, f"python {path.name} {' '.join(_client(app))}", advice)
