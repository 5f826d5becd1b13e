"""Where this application keeps what was joined: asked each time that a kernel connects."""

from pathlib import Path

from lc_tutorial.platforms import application_pid, runtime_path


def path() -> Path:
    """The file, which is there only where somebody joined."""
    return runtime_path() / f"lc_tutorial-board-{application_pid()}.json"
