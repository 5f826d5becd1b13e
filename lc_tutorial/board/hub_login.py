"""Who comes in on a JupyterHub: by the hub's own login, and by the tokens of its servers.

The board runs there as a managed service: the hub starts it, and leads `/services/board/` to it.
Teachers, who are the hub's group `teachers` and its admins, see the whole board; everybody else
their own row. Kernels report with the token that the hub gave to their server; it needs the scope
`access:services!service=board`. Those of teachers are answered, and have no row. The hub is asked
without keeping anybody else waiting.

Source: JupyterHub's documentation, "Services" and "Authenticating with JupyterHub as a service".
"""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from tornado.web import HTTPError

from lc_tutorial.board.entering import (
    NobodyCanTell,
    Reporter,
    Visitor,
    bearer_of,
    cookie_name,
    set_cookie,
)
from lc_tutorial.board.limits import Pace
from lc_tutorial.board.rendering import problem, protect

_log = logging.getLogger("lc_tutorial.board")

#: The group of the hub whose members are teachers.
TEACHERS = "teachers"

#: Seconds for which the hub's word is believed: so long may a token live that it has taken back.
_BELIEVED = 60.0

#: Characters of a token of the hub's, and more.
_LONGEST_TOKEN = 200

#: Seconds that a login may take.
_LOGIN = 600

_MOST_REMEMBERED = 1000

#: A user as the hub describes them: `name`, `admin`, `groups`, `scopes`, `kind`.
User = dict[str, Any]


class _Remembered:
    """What is kept for a while, by a value that nobody guesses; the oldest goes first."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def keep(self, key: str, value: Any) -> None:
        self._kept[key] = (self._clock() + self._seconds, value)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_REMEMBERED:
            self._kept.popitem(last=False)

    def find(self, key: str) -> Any:
        ends, value = self._kept.get(key, (0.0, None))
        return value if ends > self._clock() else None

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)


class HubDoor:
    """The hub's login for pages, and its tokens for reports.

    Args:
        auth: a `jupyterhub.services.auth.HubOAuth`, which reads the hub's settings from the
            environment that the hub gives to its services.
    """

    def __init__(self, auth: Any) -> None:
        self._auth = auth
        self._users = _Remembered(_BELIEVED)
        self._sessions = _Remembered(12 * 3600)
        self._key = secrets.token_bytes(32)
        # So many strangers' tokens are shown to the hub, and no more: it has others to serve.
        self._asking = Pace(burst=200, rate=10)
        # Whom it knew before, no number of strangers keeps out.
        self._known_before = _Remembered(12 * 3600)
        self.routes = (Route("/oauth_callback", self._come_back, methods=["GET"]),)

    async def visitor(self, request: Request) -> Visitor | Response:
        """Who opens a page; whoever has not signed in is led to the hub's login."""
        session = self._sessions.find(request.cookies.get(cookie_name(request), ""))
        try:
            user = await self._user(session[0]) if session else None
        except HTTPError:
            return _no_hub()
        if user is None:
            return self._lead_to_login(request)
        return Visitor(
            is_teacher=_is_teacher(user), learner=user["name"], name=user["name"], csrf=session[1]
        )

    async def reporter(self, request: Request) -> Reporter | None:
        """Whose server's token this is."""
        try:
            user = await self._user(bearer_of(request))
        except HTTPError:
            raise NobodyCanTell from None
        if user is None:
            return None
        return Reporter(user["name"], name=user["name"], is_teacher=_is_teacher(user))

    # --- The hub ----------------------------------------------------------------------------------

    async def _user(self, token: str) -> User | None:
        """Whose token this is, if it opens this service.

        Raises:
            HTTPError: the hub can't be asked.
        """
        if not token or len(token) > _LONGEST_TOKEN:
            return None
        key = _digest(token)
        known: User | None = self._users.find(key)
        if known is not None:
            return known
        if not self._known_before.find(key) and not self._asking.allows("hub"):
            raise HTTPError(503, "Too many are asked for.")
        user: User | None = await self._auth.user_for_token(token, use_cache=False, sync=False)
        if user is None or user.get("kind") != "user":
            self._known_before.forget(key)
            return None
        if not self._auth.check_scopes(self._auth.access_scopes, user):
            _log.warning("Refused: a token without the scope for this service.")
            return None
        self._users.keep(key, user)
        self._known_before.keep(key, value=True)
        return user

    def _lead_to_login(self, request: Request) -> Response:
        # In the browser alone: nobody's logins push out another's, and each tab has its own.
        state = secrets.token_urlsafe(24)
        address = f"{self._auth.login_url}&state={state}"
        if self._has_pkce:
            digest = hashlib.sha256(self._verifier(state).encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            address += f"&code_challenge={challenge}&code_challenge_method=S256"
        answer = protect(RedirectResponse(address, 302))
        set_cookie(request, answer, state, name=_state_cookie(state), seconds=_LOGIN)
        return answer

    async def _come_back(self, request: Request) -> Response:
        """`GET /oauth_callback`: from the hub's login, with a code."""
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        if not code or not state or state != request.cookies.get(_state_cookie(state)):
            return problem(
                403,
                "This login is not the one that was begun here",
                "It took longer than ten minutes, was begun in another browser, or was refused. "
                "Open the board again.",
            )
        try:
            more = {"code_verifier": self._verifier(state)} if self._has_pkce else {}
            token = await self._auth.token_for_code(code, sync=False, **more)
        except HTTPError:
            return _no_hub()
        self._known_before.keep(_digest(token), value=True)  # The hub itself just gave it.
        session = secrets.token_urlsafe(32)
        self._sessions.keep(session, (token, secrets.token_urlsafe(24)))
        answer = protect(RedirectResponse("./", 303))
        set_cookie(request, answer, session)
        return answer

    def _verifier(self, state: str) -> str:
        """What shows the hub that whoever brings the code is who began this login (RFC 7636)."""
        return hmac.new(self._key, state.encode(), hashlib.sha256).hexdigest()

    @property
    def _has_pkce(self) -> bool:
        # From JupyterHub 6.0 on.
        return bool(getattr(self._auth, "pkce_enabled", False))


def _state_cookie(state: str) -> str:
    return f"lc_board_state_{state[:8]}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_teacher(user: User) -> bool:
    return bool(user.get("admin")) or TEACHERS in user.get("groups", ())


def _no_hub() -> Response:
    return problem(
        503,
        "The hub does not answer",
        "The board could not ask it who you are. Reload the page in a moment.",
    )
