"""The sandbox that a class shares: where the hub says that there is one, this learner joins it.

It is one process for all learners; each has a world of their own in it, below a path that nobody
guesses. The hub's token of this learner's server says who joins, and what comes back is told to
nobody else: the path, and what opens the controls of that world alone.
"""

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from lc_tutorial.errors import InputError, Likely, Place, SandboxGone, TutorialError
from lc_tutorial.messages import json_object
from lc_tutorial.platforms.callback_port import callback_port
from lc_tutorial.platforms.record import SandboxRecord

#: The setting, an environment variable of the kernel: the address of the sandbox that the learners
#: of this hub share, as the kernel reaches it, such as ``http://127.0.0.1:8390/services/sandbox``.
SETTING = "LC_TUTORIAL_SANDBOX"

#: Seconds; it answers at once, but thirty may join at the same moment, and it asks the hub.
_PATIENCE = 60.0

#: What it tells whoever joins.
_TOLD = {"base", "path", "nonce", "email", "password", "callback_port"}

#: The path of the world in which this kernel was before, if it was in one.
_before: str | None = None


@dataclass(frozen=True)
class Joined:
    """A learner's world in a sandbox that others share.

    Attributes:
        record: how this kernel reaches it.
        browser_path: how a browser does through the hub itself, from its root; empty where the hub
            leads no browser there.
        is_another: whether this kernel was in one before, which is gone.
    """

    record: SandboxRecord
    browser_path: str
    is_another: bool


def is_set() -> bool:
    """Whether the hub says that there is one."""
    return bool(os.environ.get(SETTING, "").strip())


def join(*, fresh: bool = False) -> Joined:
    """Join the sandbox that the hub names, as the hub's user.

    Args:
        fresh: in a new world beside one's own, for notebooks that break things. Of a few such
            worlds of a learner the oldest goes.

    Raises:
        InputError: the setting is no address, or this is no server of a hub.
        SandboxGone: it doesn't answer, or takes nobody in.
    """
    global _before
    url = _address()
    told = _told(url, _asked(url, fresh=fresh))
    path = str(told["path"])
    record = SandboxRecord(
        url=f"{url}{path}",
        email=str(told["email"]),
        password=str(told["password"]),
        callback_port=int(told["callback_port"]),
        nonce=str(told["nonce"]),
    )
    is_another = not fresh and _before not in (None, path)
    if not fresh:
        _before = path
    base = str(told["base"])
    return Joined(record, f"{base}{path}/" if base else "", is_another)


def another_world() -> TutorialError:
    """Say that the world in which this kernel was before is gone."""
    return SandboxGone(
        what="This is another sandbox than before.",
        why="The one that your class shares was started anew, or dropped your part of it because "
        "nobody used it for a day. Your app and your tokens are gone with that.",
        remedy=f"{Place.CELL.say('begin_again')} The forms can do their steps for you.",
    )


def _address() -> str:
    url = os.environ.get(SETTING, "").strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise InputError(
            what=f"{SETTING} is set, and names no sandbox.",
            why="It is the address of a sandbox that a class shares, as this kernel reaches it.",
            remedy="Tell whoever runs this hub; or take the setting out of the environment, and "
            "restart the kernel: then the sandbox is your own.",
        )
    if not os.environ.get("JUPYTERHUB_API_TOKEN"):
        raise InputError(
            what=f"{SETTING} is set, and this kernel is on no JupyterHub.",
            why="The sandbox that a class shares asks a JupyterHub who joins.",
            remedy="Take the setting out of the environment, and restart the kernel: then the "
            "sandbox is your own.",
        )
    return url


def _asked(url: str, *, fresh: bool) -> requests.Response:
    about = {
        "callback_port": callback_port(),
        "server_prefix": os.environ.get("JUPYTERHUB_SERVICE_PREFIX", ""),
        "fresh": fresh,
    }
    bearer = {"Authorization": f"Bearer {os.environ['JUPYTERHUB_API_TOKEN']}"}
    try:
        with requests.Session() as session:
            session.trust_env = False
            # Never to where it might lead: the hub's token goes with it.
            return session.post(
                f"{url}/join", json=about, headers=bearer, timeout=_PATIENCE, allow_redirects=False
            )
    except requests.RequestException:
        raise SandboxGone(
            what="The sandbox that your class shares does not answer.",
            why=Likely("the hub's service for it is not running, or was just started."),
            remedy="Run the cell again in a minute. If it stays so, tell your teacher.",
        ) from None


def _told(url: str, answer: requests.Response) -> dict[str, Any]:
    told = json_object(answer)
    if answer.status_code == 200 and told.keys() >= _TOLD:
        return told
    if answer.status_code == 200:
        said = "It does not answer as this edition of the course expects."
    else:
        said = str(told.get("error") or f"It answered with {answer.status_code}.")
    raise SandboxGone(
        what="The sandbox that your class shares did not take you in.",
        why=f"At {url}: {said}",
        remedy="Run the cell again in a minute. If it stays so, restart your server from the hub's "
        "control panel; then tell your teacher.",
    )
