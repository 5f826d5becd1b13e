"""The learner's choice between the sandbox and the live platform, kept in their folder.

Only the name of the platform is kept, never a secret.
"""

import json
from pathlib import Path

from lc_tutorial.files import write_whole

#: The file beside the notebooks that holds the choice.
FILE_NAME = "lc_tutorial.json"

PLATFORMS = ("sandbox", "live")


def remember(name: str, folder: Path | None = None) -> None:
    """Keep the choice for the other notebooks in the same folder.

    Args:
        name: ``"sandbox"`` or ``"live"``.
        folder: where; the folder of the notebook, if not given.

    Raises:
        ValueError: for another name.
        OSError: where the folder can't be written; the choice before stays.
    """
    if name not in PLATFORMS:
        raise ValueError(f"A platform is one of {', '.join(PLATFORMS)}, not {name!r}.")
    path = (folder or Path.cwd()) / FILE_NAME
    write_whole(path, json.dumps({"platform": name}) + "\n")


def remembered(folder: Path | None = None) -> str:
    """The choice made in notebook 00; the sandbox, if there is none or it can't be read."""
    try:
        # Where the notebook's folder was deleted, there is no current one either.
        path = (folder or Path.cwd()) / FILE_NAME
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return "sandbox"
    name = kept.get("platform") if isinstance(kept, dict) else None
    return name if name in PLATFORMS else "sandbox"
