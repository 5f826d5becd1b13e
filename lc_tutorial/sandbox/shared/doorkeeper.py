"""Who it is that joins: the hub is asked whose token was shown."""

import asyncio
import os
import time
from collections import OrderedDict
from hashlib import sha256
from typing import Protocol

#: Seconds for which the hub's answer is believed: a notebook's cells may join in a row.
_BELIEVED = 60.0
_MOST_REMEMBERED = 1000
_LONGEST_TOKEN = 500


class NoHub(Exception):
    """There is no hub to ask; the text says what to do."""


class HubIsSilent(Exception):
    """The hub does not say who it is."""


class Doorkeeper(Protocol):
    """Tells learners apart."""

    async def name_of(self, token: str) -> str | None:
        """Return the name of the learner whose token this is; None for nobody's.

        Raises:
            HubIsSilent: It can't be told just now.
        """


class HubDoorkeeper:
    """Asks the JupyterHub whose service this is.

    Where the hub is, it takes from the environment, as each of a hub's services does:
    JUPYTERHUB_API_URL and JUPYTERHUB_API_TOKEN.

    Raises:
        NoHub: This process is no service of a hub.
    """

    def __init__(self) -> None:
        if not os.environ.get("JUPYTERHUB_API_URL"):
            raise NoHub(
                "A sandbox for a class belongs to a JupyterHub, which tells it who joins: let the "
                "hub start it, as a service. Without --class a sandbox is for whoever starts it."
            )
        # Imported here: what a single learner starts has no hub, and needs none of it.
        try:
            from jupyterhub.services.auth import HubAuth
        except ImportError as problem:
            raise NoHub(
                "jupyterhub is missing from this Python: a sandbox for a class asks it who joins. "
                "Start it with the Python of the hub, and install the course there."
            ) from problem
        self._auth = HubAuth()
        self._known: OrderedDict[bytes, tuple[float, str]] = OrderedDict()
        self._asking = asyncio.Semaphore(8)

    async def name_of(self, token: str) -> str | None:
        """Return the name of the user whose token this is; None for nobody's, or a service's."""
        if not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii():
            return None
        digest = sha256(token.encode()).digest()
        asked_at, name = self._known.get(digest, (0.0, ""))
        if name and time.monotonic() - asked_at < _BELIEVED:
            return name
        # Of those whom the hub does not know nothing is remembered: they could be any number.
        async with self._asking:
            found = await self._ask(token)
        if found is not None:
            self._known[digest] = time.monotonic(), found
            self._known.move_to_end(digest)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return found

    async def _ask(self, token: str) -> str | None:
        from tornado.web import HTTPError

        try:
            user = await self._auth.user_for_token(token, use_cache=False, sync=False)
        except HTTPError as problem:
            raise HubIsSilent from problem
        if not isinstance(user, dict) or user.get("kind") != "user":
            return None
        name = user.get("name")
        return name if isinstance(name, str) and name else None
