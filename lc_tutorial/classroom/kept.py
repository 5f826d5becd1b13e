"""What was joined, kept for the learner's other notebooks and for a kernel that restarts.

It lies in Jupyter's runtime directory, readable by its user alone, since the token in it opens the
board; not in the learner's folder, which is handed in and passed on. It belongs to one application
(a JupyterLab), as the sandbox's record does, and ends after half a day.
"""

import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from lc_tutorial.classroom import place
from lc_tutorial.files import write_whole
from lc_tutorial.platforms import runtime_path
from lc_tutorial.system import is_gone, is_ours, remove

#: Seconds after which nothing counts any more: a process number may be another's by then.
LASTS = 12 * 3600.0


class Joined(msgspec.Struct, frozen=True):
    """Which board this learner joined.

    Attributes:
        url: of the board, ending in a slash.
        token: what it gave; empty on a hub, which gives one to each server.
        name: as they chose it.
        fingerprint: of the board's certificate; empty where none was told.
        at: when, in seconds since the epoch.
        left: whether they have left it since: on a hub they don't come in again by themselves.
    """

    url: Annotated[str, msgspec.Meta(max_length=2000)]
    token: Annotated[str, msgspec.Meta(max_length=200)]
    name: Annotated[str, msgspec.Meta(max_length=200)]
    fingerprint: Annotated[str, msgspec.Meta(max_length=64)] = ""
    at: float = msgspec.field(default_factory=time.time)
    left: bool = False

    def __repr__(self) -> str:
        return f"Joined({self.name!r})"  # never the token


def keep(joined: Joined) -> None:
    """Keep it for the other notebooks.

    Raises:
        OSError: it can't be written.
    """
    path = place.path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, msgspec.json.encode(joined), mode=0o600)


def forget() -> None:
    """Keep nothing any more."""
    with suppress(OSError):
        remove(place.path())


def kept() -> Joined | None:
    """What was joined; None where nothing was, or what is there can't be used."""
    return _read(place.path())


def token_of_an_ended_jupyter(url: str, name: str) -> str:
    """What this learner's Jupyter had before it was started anew; empty where nothing is left.

    By it they stay the same person on the board, where else the one of before would be stuck for
    ever. That Jupyter has to have ended: else two may share an account, and a name.

    Args:
        url: of the board.
        name: that they join by.
    """
    for path in runtime_path().glob("lc_tutorial-board-*.json"):
        application = re.fullmatch(r"lc_tutorial-board-([0-9]{1,9})", path.stem)
        joined = _read(path) if application else None
        if application is None or joined is None or (joined.url, joined.name) != (url, name):
            continue
        if is_gone(int(application[1])):
            return joined.token
    return ""


def _read(path: Path) -> Joined | None:
    try:
        if not is_ours(path):
            return None
        joined = msgspec.json.decode(path.read_bytes(), type=Joined)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return joined if 0 <= time.time() - joined.at < LASTS else None
