"""A client of the Agent Chat API: one call, one page of chats, or all pages.

In notebook 01 the request is written out, because it is the lesson. This is the same request, for
the notebooks that come after.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.util import Retry

from lc_tutorial import billing
from lc_tutorial.errors import ApiError, ConnectionProblem, InputError, PlatformAnswerError
from lc_tutorial.list_chats_parameters import MOST_CHATS, list_chats_parameters
from lc_tutorial.masking import Secret
from lc_tutorial.platforms import Platform

#: Seconds to connect, and to wait for an answer. The platform itself gives up after 15.
#: Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors" (request_timeout).
TIMEOUT = (5, 20)

#: The longest wait before a call is sent again, in seconds.
LONGEST_WAIT = 30

# Worth another try: too many requests, and what is the platform's own trouble.
_RETRIED = (408, 429, 500, 502, 503, 504)


class AgentChat:
    """The Agent Chat API of a platform, for the account of a token.

    ``tables(client.list_chats_pages())`` makes tables of all the chats of the account.

    Args:
        platform: where to call, and in which version.
        access_token: of an account that allowed the app to read chats.

    Attributes:
        calls: how many calls were answered so far. Live, each one is billed.

    Raises:
        InputError: the access token can't be one.
    """

    def __init__(self, platform: Platform, access_token: str) -> None:
        self.platform = platform
        self.calls = 0
        self._session = platform.session()
        self._session.auth = _Bearer(_checked(access_token))
        retry = _Retry(
            total=3,
            # Nobody starts a sandbox again by waiting.
            connect=0 if platform.is_sandbox else 2,
            status_forcelist=_RETRIED,
            # All methods of this API are POST, and what this client calls only reads.
            allowed_methods={"POST"},
            backoff_factor=0.5,
            backoff_jitter=0.5,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def call(self, action: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        """Call a method of the API.

        It is called again, up to three times, when the platform is overloaded or in trouble.

        Args:
            action: the method, such as ``"get_chat"``.
            body: its parameters. Every call has a body: an empty one, if none is given.

        Raises:
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
        """
        url = self.platform.action_url(action)
        try:
            response = self._session.post(
                url, json=dict(body or {}), timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as problem:
            # Not "from problem": its text and its request hold the token.
            raise ConnectionProblem.from_exception(problem, url) from None
        billing.note(response)
        self.calls += 1 + _answered_before(response)
        if response.status_code != 200:
            raise ApiError.from_response(response)
        return response

    def list_chats(
        self,
        *,
        filters: Mapping[str, Any] | None = None,
        sort_order: str | None = None,
        limit: int | None = None,
        page_id: str | None = None,
    ) -> requests.Response:
        """Call List Chats for one page of chats.

        Args:
            filters: such as ``{"group_ids": [0]}``, ``{"active": True}`` from version 3.6 on,
                ``{"include_active": False}`` up to 3.5.
            sort_order: ``"desc"``, newest first and the default, or ``"asc"``.
            limit: how many chats on the page, from 1 to 100; 10, if not given.
            page_id: ``next_page_id`` or ``previous_page_id`` of an earlier answer. What that
                request asked for holds here too, so this goes alone.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
        """
        body = list_chats_parameters(
            self.platform.version,
            filters=filters,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )
        return self.call("list_chats", body)

    def list_chats_pages(
        self,
        *,
        filters: Mapping[str, Any] | None = None,
        sort_order: str | None = None,
        limit: int = MOST_CHATS,
    ) -> Iterator[requests.Response]:
        """Call List Chats for all pages of chats, each when it is asked for.

        Args:
            filters: as for :meth:`list_chats`.
            sort_order: as for :meth:`list_chats`.
            limit: how many chats on a page, from 1 to 100. Fewer mean more calls.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
            PlatformAnswerError: the pages don't come to an end.
        """
        body = list_chats_parameters(
            self.platform.version, filters=filters, sort_order=sort_order, limit=limit
        )
        return self._pages("list_chats", body)

    def _pages(self, action: str, body: Mapping[str, Any]) -> Iterator[requests.Response]:
        seen = set()
        while True:
            response = self.call(action, body)
            yield response
            page_id = _next_page_id(response)
            if page_id is None:
                return
            if page_id in seen:
                raise PlatformAnswerError(
                    what="The pages of chats go round in circles.",
                    why="The platform named a next page that had been read before.",
                    remedy="Start again. What was read so far is not complete.",
                )
            seen.add(page_id)
            body = {"page_id": page_id}

    def close(self) -> None:
        """Close the connections. Leaving a ``with`` block does the same."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<AgentChat {self.platform.version}, {self.platform.name}, calls: {self.calls}>"


class _Bearer(requests.auth.AuthBase):
    """Sends the token. As a header of the session it would give way to a ``.netrc`` file."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Retry(Retry):
    """As urllib3's, but nobody is made to wait for long."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, LONGEST_WAIT)


class _Links(msgspec.Struct):
    next_page_id: str | None = None


def _next_page_id(response: requests.Response) -> str | None:
    try:
        return msgspec.json.decode(response.content, type=_Links).next_page_id
    except msgspec.DecodeError:
        raise PlatformAnswerError.from_response(response, "a page of chats") from None


def _answered_before(response: requests.Response) -> int:
    """How many answers came before this one, and were not good enough."""
    retries = getattr(response.raw, "retries", None)
    return sum(1 for each in retries.history if each.status) if retries else 0


def _checked(access_token: str) -> Secret:
    """An access token that can at least be put in a header."""
    token = access_token.strip() if isinstance(access_token, str) else ""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise InputError(
            what="This is not an access token.",
            why="An access token is a text without spaces, such as step 3 of the tutorial gets.",
            remedy="Use lc.AgentChat(platform, token.access_token).",
        )
    return Secret(token)
