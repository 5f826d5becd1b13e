"""Who may do what: the teacher with a key, learners with the room's code.

The teacher's address holds a key, which it exchanges for a cookie that scripts can't read; the
learners' address holds the code of the room, and opens nothing but the door for reports.
"""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

#: Letters and digits that nobody takes for others: no I, L, O, U, 0, 1.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_MOST_VISITORS = 200


class NobodyCanTell(Exception):
    """Who this is can't be found out at this moment."""


@dataclass(frozen=True)
class Visitor:
    """A browser that may see a page.

    Attributes:
        is_teacher: whether it sees the whole room, and may send it a line.
        learner: else the key of the learner whose own row it sees.
        csrf: what each form of this browser carries.
        name: of the account on a hub; else empty.
    """

    is_teacher: bool
    learner: str = ""
    name: str = ""
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


@dataclass(frozen=True)
class Reporter:
    """A notebook that reports.

    Attributes:
        key: by which the room knows the learner.
        name: of the account on a hub; empty where each joins by a name.
        is_teacher: whether it is a teacher's: the board is of learners.
    """

    key: str
    name: str = ""
    is_teacher: bool = False


class Visitors:
    """The browsers that were let in; who was not here for longest goes when there are too many."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[str, Visitor] = OrderedDict()

    def admit(self, visitor: Visitor) -> str:
        """Let a browser in, and return the value of its cookie."""
        key = secrets.token_urlsafe(32)
        self._by_key[key] = visitor
        if len(self._by_key) > _MOST_VISITORS:
            self._by_key.popitem(last=False)
        return key

    def find(self, key: str) -> Visitor | None:
        """The browser with this cookie. A dictionary finds by hash, and tells nothing of others."""
        found = self._by_key.get(key)
        if found is not None:
            self._by_key.move_to_end(key)
        return found


class Door(Protocol):
    """How people come in: with keys and codes, or by a hub's login."""

    async def visitor(self, request: Request) -> Visitor | Response:
        """Who opens a page; or the answer that leads them to the login."""

    async def reporter(self, request: Request) -> Reporter | None:
        """Whose notebook reports; None for nobody's.

        Raises:
            NobodyCanTell: it may be known later.
        """


class RoomDoor:
    """Keys and codes, without a hub.

    Attributes:
        code: of the room: opens the door for learners' reports.
        key: of the teacher.
    """

    def __init__(self) -> None:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        self.code = "-".join(groups)
        self.key = secrets.token_urlsafe(24)
        self._visitors = Visitors()

    def is_code(self, code: str) -> bool:
        """Whether this is the room's code; small letters and other dashes are forgiven."""
        letters = [each for each in code.upper() if each.isascii() and each.isalnum()]
        return hmac.compare_digest("".join(letters), self.code.replace("-", ""))

    def admit_teacher(self, key: str) -> str | None:
        """The value of a cookie for a browser that comes with the teacher's key."""
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return None
        return self._visitors.admit(Visitor(is_teacher=True))

    async def visitor(self, request: Request) -> Visitor | Response:
        """Who opens a page."""
        found = self._visitors.find(request.cookies.get(cookie_name(request), ""))
        return found or Visitor(is_teacher=False)

    async def reporter(self, request: Request) -> Reporter | None:
        """Who has the token that a notebook got when it joined."""
        token = bearer_of(request)
        return Reporter(token) if token else None


def bearer_of(request: Request) -> str:
    """The token in a request's ``Authorization: Bearer``; empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "token") else ""


def cookie_name(request: Request) -> str:
    """The name of the board's cookie."""
    # Cookies of 127.0.0.1 go to all its ports, so two boards need two names.
    server = request.scope.get("server") or ("", 0)
    return f"lc_board_{server[1]}"


def set_cookie(
    request: Request, response: Response, value: str, name: str = "", seconds: int | None = None
) -> None:
    """Give a browser its cookie, which scripts can't read, for the board's pages alone.

    Args:
        request: of the browser.
        response: that takes it there.
        value: of the cookie.
        name: of it; that of the board's visitors, if none is given.
        seconds: that it lasts; as long as the browser runs, if not given.
    """
    # A hub's proxies name each of them that the request passed, the browser's first.
    scheme = request.headers.get("x-forwarded-proto", "") or request.scope["scheme"]
    secure = scheme.startswith("https")
    path = request.scope.get("root_path", "") + "/"
    response.set_cookie(
        name or cookie_name(request),
        value,
        max_age=seconds,
        path=path,
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def is_own_form(visitor: Visitor, csrf: str) -> bool:
    """Whether a form came from a page that this browser got from us."""
    return hmac.compare_digest(csrf.encode(), visitor.csrf.encode())
