"""What a JupyterHub tells the kernels of its learners, in their environment."""

import os

#: The board's address as the kernel reaches it: learners come in by themselves where it is set.
VARIABLE = "LC_TUTORIAL_BOARD"


def board() -> str | None:
    """The board that the hub names, ending in a slash; None where there is none."""
    told = os.environ.get(VARIABLE, "").strip()
    return f"{told.rstrip('/')}/" if told and token() else None


def token() -> str:
    """What the hub gave this learner's server: by it the board asks the hub who that is."""
    return os.environ.get("JUPYTERHUB_API_TOKEN", "")


def user() -> str:
    """The learner's name on the hub."""
    return os.environ.get("JUPYTERHUB_USER", "")
