"""Calls of the Agent Chat API: with a token that may expire, to a platform that may have a bad day.

A call is sent again where that helps, and counted each time, because live calls are billed.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol, Self

import requests

from lc_tutorial import oauth
from lc_tutorial.agent_chat import retrying
from lc_tutorial.errors import ApiError, ConnectionProblem, InputError, Place
from lc_tutorial.masking import Secret
from lc_tutorial.messages import json_object
from lc_tutorial.oauth import PersonalAccessToken, Token
from lc_tutorial.pasting import read_token
from lc_tutorial.platforms import Platform, billing, check_platform

#: Seconds to connect, and to wait for an answer. The platform itself gives up after 15.
#: Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors" (request_timeout).
TIMEOUT = (5, 20)

#: What a region may look like, to be sent on in a header.
_REGION = re.compile(r"[a-z0-9-]{2,20}")


class App(Protocol):
    """What refreshes a token: the credentials of the app that it was issued to."""

    @property
    def client_id(self) -> str:
        """The app's public identifier."""

    @property
    def client_secret(self) -> str | None:
        """The app's secret; None for a JavaScript app, which has none."""


class ApiClient:
    """Calls methods of the Agent Chat API for the account of a token.

    What it takes, has and raises is said where it has the methods' names: :class:`AgentChat`.
    """

    def __init__(
        self,
        platform: Platform,
        token: str | Token | PersonalAccessToken,
        app: App | None = None,
    ) -> None:
        check_platform(platform, "lc.AgentChat(platform, token)")
        if app is not None and not (hasattr(app, "client_id") and hasattr(app, "client_secret")):
            raise InputError(
                what="This is not an app.",
                why="An app has a client_id and a client_secret, such as app or session.app.",
                remedy="Use lc.AgentChat(platform, token, app=app), or leave app out.",
            )
        self.platform = platform
        self.calls = 0
        self._token: Token | PersonalAccessToken | Secret = (
            token if isinstance(token, Token | PersonalAccessToken) else _checked(token)
        )
        self._account_id = "" if isinstance(self._token, Secret) else self._token.account_id
        self._app = app
        self._session = platform.session()
        self._session.auth = _Authorization(self)
        adapter = retrying.adapter(
            lambda status: self._count(self.platform.api_url, status),
            # Nobody starts a sandbox again by waiting.
            patient=not platform.is_sandbox,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    @property
    def token(self) -> Token | PersonalAccessToken | Secret:
        """The token in use: a new one, once it was refreshed."""
        return self._token

    @property
    def account_id(self) -> str:
        """Whose token it is, a UUID. Of a bare access token the accounts service knows it.

        Raises:
            TokenError: it doesn't know the token.
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        token = self._token
        if not self._account_id and not isinstance(token, PersonalAccessToken):
            access_token = token.access_token if isinstance(token, Token) else token
            self._account_id = oauth.inspect(self.platform, access_token).account_id
        return self._account_id

    @property
    def platform_mark(self) -> str:
        """What tells this platform from others, also one sandbox from the next. Not a secret."""
        login = self.platform.login
        proof = hashlib.sha256(login.nonce.encode()).hexdigest()[:16] if login else ""
        return f"{self.platform.api_url} {proof}".strip()

    def call(self, action: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        """Call a method of the API, with a body that is sent as it is.

        It is called again when the platform is overloaded or in trouble (up to four times, with
        the waits that the platform asks for), when the connection drops or the answer breaks off,
        when the token has expired and can be refreshed, and when the account lives in another
        region. Only for methods that read: what changes something might be done twice.

        Args:
            action: the method, such as ``"get_chat"``.
            body: its parameters. Every call has a body: an empty one, if none is given.

        Raises:
            ApiError: the platform refused.
            TokenError: the token has expired, and the platform refused to refresh it.
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        url = self.platform.action_url(action)
        remedies: list[Callable[[requests.Response], bool]] = [self._moves, self._refreshes]
        response = self._post(url, body or {})
        while response.status_code != 200:
            # Each remedy once: what it didn't mend it won't.
            remedy = next((each for each in remedies if each(response)), None)
            if remedy is None:
                raise ApiError.from_response(response, Place.SCRIPT)
            remedies.remove(remedy)
            response = self._post(url, body or {})
        return response

    def _post(self, url: str, body: Mapping[str, Any]) -> requests.Response:
        def send() -> requests.Response:
            return self._session.post(url, json=dict(body), timeout=TIMEOUT, allow_redirects=False)

        try:
            response = retrying.until_whole(send, lambda status: self._count(url, status))
        except requests.RequestException as problem:
            # Not "from problem": its text and its request hold the token.
            raise ConnectionProblem.from_exception(problem, url) from None
        self.calls += 1
        billing.note(response, alone=True)
        return response

    def _count(self, url: str, status: int) -> None:
        """An answer came after which the call is sent again."""
        self.calls += 1
        billing.count(url, status)

    def _moves(self, response: requests.Response) -> bool:
        """Ask the region that the platform names from now on, if it names one."""
        kind, data = _error(response)
        region = data.get("region")
        if kind != "misdirected_request" or not isinstance(region, str):
            return False
        if not _REGION.fullmatch(region) or self._session.headers.get("X-Region") == region:
            return False
        self._session.headers["X-Region"] = region
        return True

    def _refreshes(self, response: requests.Response) -> bool:
        """Get a new access token in the place of one that has expired, if that can be."""
        kind, _ = _error(response)
        old = self._token
        if response.status_code != 401 or kind != "authentication" or self._app is None:
            return False
        if not isinstance(old, Token) or old.refresh_token is None:
            return False
        new = oauth.refresh(
            self.platform,
            client_id=self._app.client_id,
            client_secret=self._app.client_secret or None,
            refresh_token=old.refresh_token,
        )
        # A JavaScript app's refresh token is replaced, and the old one is worth nothing. A
        # server-side app's stays, whether the answer repeats it or not.
        self._token = new if new.refresh_token else replace(new, refresh_token=old.refresh_token)
        return True

    def close(self) -> None:
        """Close the connections. Leaving a ``with`` block does the same."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        about = f"{self.platform.version}, {self.platform.name}, calls: {self.calls}"
        return f"<{type(self).__name__} {about}>"


class _Authorization(requests.auth.AuthBase):
    """Sends the token. As a header of the session it would give way to a ``.netrc`` file."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        token = self._client.token
        request.headers["Authorization"] = (
            f"Bearer {token}" if isinstance(token, Secret) else token.authorization
        )
        return request


def _error(response: requests.Response) -> tuple[str, dict[str, Any]]:
    """The type of an API's error, and what it adds."""
    error = json_object(response).get("error")
    error = error if isinstance(error, dict) else {}
    data = error.get("data")
    return str(error.get("type", "")), data if isinstance(data, dict) else {}


def _checked(text: object) -> PersonalAccessToken | Secret:
    """A personal access token with its account; else what can at least be put in a header."""
    reading = read_token(text if isinstance(text, str) else "")
    if reading.fault or not reading.value:
        raise InputError(
            what="This is not an access token.",
            why=reading.fault or "An access token is a text without spaces.",
            remedy="Use lc.AgentChat(platform, token), with a name that holds your token. "
            "What a notebook shows of a token has dots in it, and is not the token.",
        )
    if reading.account_id:
        return PersonalAccessToken(reading.account_id, Secret(reading.value))
    return Secret(reading.value)
