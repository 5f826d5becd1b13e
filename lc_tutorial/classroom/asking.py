"""One request to the board: it follows no redirect, knows no proxy, reads little, and ends."""

import time
from typing import Any, TypeVar

import msgspec
import requests
from requests.adapters import HTTPAdapter

from lc_tutorial.board import events

#: Seconds to connect, and between two pieces of the answer.
TIMEOUT = (3.0, 4.0)

#: Seconds for a whole answer, and its bytes: what is longer is no board's.
_PATIENCE, _MOST = 8.0, 4096

_Answer = TypeVar("_Answer", bound=msgspec.Struct)


class Refused(Exception):
    """Somebody answered, and not with what was asked for.

    Attributes:
        status: of the answer; 0 where it is no board's.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Pinned(HTTPAdapter):
    """Trusts the one certificate that the room's address names, whoever signed it."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, assert_fingerprint=self._fingerprint)


def session_for(fingerprint: str = "") -> requests.Session:
    """A session for a board.

    Args:
        fingerprint: SHA-256 of the board's certificate, where the address names it.
    """
    session = requests.Session()
    # No proxies, and no .netrc, from the environment: the board is in the room.
    session.trust_env = False
    if fingerprint:
        session.mount("https://", _Pinned(fingerprint))
        session.verify = False  # The fingerprint is asked for instead.
    return session


def ask(
    session: requests.Session, url: str, content: msgspec.Struct, token: str, kind: type[_Answer]
) -> _Answer:
    """Send JSON to the board, and read what it answers.

    Args:
        session: from :func:`session_for`.
        url: the whole address.
        content: one of the structures of :mod:`lc_tutorial.board.events`.
        token: the learner's; may be empty.
        kind: the structure of the answer.

    Raises:
        Refused: somebody refused, or it is no board's answer.
        requests.RequestException: nobody answered, or not to the end.
    """
    body = msgspec.json.encode(content)
    headers = {"Content-Type": "application/json", "User-Agent": "lc_tutorial"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    ends = time.monotonic() + _PATIENCE
    with session.post(
        url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
    ) as response:
        if response.status_code != 200:
            raise Refused(response.status_code)
        answer = bytearray()
        for piece in response.iter_content(1024):
            answer += piece
            if len(answer) > _MOST or time.monotonic() > ends:
                raise Refused(0)
    try:
        return msgspec.json.decode(bytes(answer), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(0) from None


def say_goodbye(session: requests.Session, url: str, token: str) -> None:
    """Ask the board to forget this learner.

    Raises:
        requests.RequestException: nobody answered.
    """
    session.post(
        f"{url}leave",
        data=b"{}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
        allow_redirects=False,
        stream=True,
    ).close()


def join(session: requests.Session, url: str, wish: events.Join, token: str) -> events.Admitted:
    """Ask the board to let this learner in.

    Args:
        session: from :func:`session_for`.
        url: of the board, ending in a slash.
        wish: with the room's code and the name.
        token: of an earlier time, by which one stays the same person; may be empty.

    Raises:
        Refused: it does not.
        requests.RequestException: nobody answered.
    """
    return ask(session, f"{url}join", wish, token, events.Admitted)
