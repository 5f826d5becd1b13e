"""Handing the learner the four steps as one Python file without any helper of this package."""

from importlib.resources import files
from pathlib import Path

from lc_tutorial.course.laying_out import lay_beside
from lc_tutorial.platforms import Platform


class StandaloneFile:
    """Where the file is, and how to run it, as a notebook shows it."""

    def __init__(self, path: Path, command: str) -> None:
        self.path = path
        self.command = command

    def __repr__(self) -> str:
        return f"Written: {self.path.name}\nRun it in a terminal, in this folder:\n{self.command}"


def write_standalone(platform: Platform, folder: Path | None = None) -> StandaloneFile:
    """Write ``list_chats.py``, which needs nothing but requests, and no secret is in it.

    A file that the learner changed is kept, and the new one laid beside it.

    Args:
        platform: the command shown runs the file against this one.
        folder: where; the folder of the notebook, if not given.

    Raises:
        OSError: the folder can't be written.
    """
    text = (files("lc_tutorial.course") / "standalone_list_chats.py").read_text(encoding="utf-8")
    path = lay_beside((folder or Path.cwd()) / "list_chats.py", text)
    command = f"python {path.name} --client-id YOUR_CLIENT_ID"
    if platform.is_sandbox:
        command += f" --accounts {platform.accounts_url} --api {platform.api_url}"
    return StandaloneFile(path, command)
