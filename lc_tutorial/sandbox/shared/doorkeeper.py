"""Who it is that joins: the hub is asked whose token was shown.

Source: JupyterHub's REST API, `GET /user`, and the environment that it gives its services
(jupyterhub.services.auth, which does the same, takes 40 MB: as much as forty learners' worlds).
"""

import asyncio
import json
import os
import ssl
import time
from collections import OrderedDict
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool

#: Seconds for which the hub's answer is believed: a notebook's cells may join in a row.
_BELIEVED = 60.0
_MOST_REMEMBERED = 1000
_LONGEST_TOKEN = 500
#: Seconds that the hub has to answer: thirty servers may be starting.
_PATIENCE = 30.0
_LONGEST_ANSWER = 1024 * 1024


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
    JUPYTERHUB_API_URL, and the JUPYTERHUB_SSL_ files of a hub whose own parts encrypt.

    Raises:
        NoHub: This process is no service of a hub.
    """

    def __init__(self) -> None:
        api = urlsplit(os.environ.get("JUPYTERHUB_API_URL", ""))
        if not api.hostname:
            raise NoHub(
                "A sandbox for a class belongs to a JupyterHub, which tells it who joins: let the "
                "hub start it, as a service. Without --class a sandbox is for whoever starts it."
            )
        self._api = api
        self._tls = _tls() if api.scheme == "https" else None
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
        try:
            status, answer = await run_in_threadpool(self._answer, token)
        except (OSError, HTTPException) as problem:
            raise HubIsSilent from problem
        if status in (401, 403, 404):
            return None
        if status != 200:
            raise HubIsSilent
        try:
            user: Any = json.loads(answer)
        except ValueError as problem:
            raise HubIsSilent from problem
        if not isinstance(user, dict) or user.get("kind") != "user":
            return None
        name = user.get("name")
        return name if isinstance(name, str) and name else None

    def _answer(self, token: str) -> tuple[int, bytes]:
        host, port = self._api.hostname or "", self._api.port
        connection = (
            HTTPConnection(host, port, timeout=_PATIENCE)
            if self._tls is None
            else HTTPSConnection(host, port, timeout=_PATIENCE, context=self._tls)
        )
        try:
            path = f"{self._api.path.rstrip('/')}/user"
            connection.request("GET", path, headers={"Authorization": f"token {token}"})
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST_ANSWER)
        finally:
            connection.close()


def _tls() -> ssl.SSLContext:
    authority = os.environ.get("JUPYTERHUB_SSL_CLIENT_CA") or None
    context = ssl.create_default_context(cafile=authority)
    certificate = os.environ.get("JUPYTERHUB_SSL_CERTFILE")
    if certificate:
        context.load_cert_chain(certificate, os.environ.get("JUPYTERHUB_SSL_KEYFILE") or None)
    return context
