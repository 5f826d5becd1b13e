"""A client of the Agent Chat API: one call, one page of chats or threads, or all pages.

In notebook 01 the request is written out, because it is the lesson. This is the same request, for
the notebooks that come after.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol, Self, runtime_checkable

import requests

from lc_tutorial import billing, parameters, retrying, tokens
from lc_tutorial.bodies import json_object
from lc_tutorial.errors import ApiError, ConnectionProblem, InputError
from lc_tutorial.masking import Secret
from lc_tutorial.pages import Pages
from lc_tutorial.parameters import MOST_ON_A_PAGE
from lc_tutorial.platforms import Platform
from lc_tutorial.tokens import Token

#: Seconds to connect, and to wait for an answer. The platform itself gives up after 15.
#: Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors" (request_timeout).
TIMEOUT = (5, 20)

#: What a region may look like, to be sent on in a header.
_REGION = re.compile(r"[a-z0-9-]{2,20}")

_Filters = Mapping[str, Any]


@runtime_checkable
class App(Protocol):
    """What refreshes a token: the credentials of the app that it was issued to."""

    @property
    def client_id(self) -> str:
        """The app's public identifier."""

    @property
    def client_secret(self) -> str | None:
        """The app's secret; None for a JavaScript app, which has none."""


class AgentChat:
    """The Agent Chat API of a platform, for the account of a token.

    ``lc.tables(client.list_chats_pages())`` makes tables of all the chats of the account.

    Whatever is wrong in a call's parameters is said before anything is sent. To send it all the
    same and see the platform refuse it, use :meth:`call`.

    Args:
        platform: where to call, and in which version.
        token: of an account that allowed the app to read chats: the token, or only its access
            token.
        app: the app's credentials, such as ``app`` of step 1 or ``session.app``. With them a token
            that expires half-way is refreshed, if it came with a refresh token.

    Attributes:
        platform: as given.
        calls: how many calls were answered so far, refused ones and those that were sent again
            among them. Live, each one is billed.

    Raises:
        InputError: the token can't be one, or the app has no credentials.
    """

    def __init__(self, platform: Platform, token: str | Token, app: App | None = None) -> None:
        if app is not None and not isinstance(app, App):
            raise InputError(
                what="This is not an app.",
                why="An app has a client_id and a client_secret, as what step 1 makes.",
                remedy="Use lc.AgentChat(platform, token, app=app), or leave app out.",
            )
        self.platform = platform
        self.calls = 0
        self._token = token if isinstance(token, Token) else _checked(token)
        self._account_id = token.account_id if isinstance(token, Token) else ""
        self._app = app
        self._session = platform.session()
        self._session.auth = _Bearer(self)
        adapter = retrying.adapter(
            lambda status: self._count(self.platform.api_url, status),
            # Nobody starts a sandbox again by waiting.
            patient=not platform.is_sandbox,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    @property
    def token(self) -> Token | Secret:
        """The token in use: a new one, once it was refreshed."""
        return self._token

    @property
    def account_id(self) -> str:
        """Whose token it is, a UUID. Of a bare access token the accounts service knows it.

        Raises:
            TokenError: it doesn't know the token.
            SandboxGone, NoNetwork: it did not answer.
        """
        if not self._account_id:
            self._account_id = tokens.inspect(self.platform, self._access_token).account_id
        return self._account_id

    @property
    def platform_mark(self) -> str:
        """What tells this platform from others, also one sandbox from the next. Not a secret."""
        login = self.platform.login
        proof = hashlib.sha256(login.nonce.encode()).hexdigest()[:16] if login else ""
        return f"{self.platform.api_url} {proof}".strip()

    # --- One call -------------------------------------------------------------------------------

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
            SandboxGone, NoNetwork: nobody answered.
        """
        url = self.platform.action_url(action)
        remedies: list[Callable[[requests.Response], bool]] = [self._moves, self._refreshes]
        response = self._post(url, body or {})
        while response.status_code != 200:
            # Each remedy once: what it didn't mend it won't.
            remedy = next((each for each in remedies if each(response)), None)
            if remedy is None:
                raise ApiError.from_response(response)
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
        new = tokens.refresh(
            self.platform,
            client_id=self._app.client_id,
            client_secret=self._app.client_secret or None,
            refresh_token=old.refresh_token,
        )
        # A JavaScript app's refresh token is replaced, and the old one is worth nothing. A
        # server-side app's stays, whether the answer repeats it or not.
        self._token = new if new.refresh_token else replace(new, refresh_token=old.refresh_token)
        return True

    @property
    def _access_token(self) -> Secret:
        return self._token.access_token if isinstance(self._token, Token) else self._token

    # --- One page -------------------------------------------------------------------------------

    def get_chat(self, chat_id: str, thread_id: str | None = None) -> requests.Response:
        """Call Get Chat for a chat with one of its threads, and all the events of that.

        Args:
            chat_id: of the chat.
            thread_id: which of its threads; the latest, if not given.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused; ``not_found``, if there is no such chat.
            SandboxGone, NoNetwork: nobody answered.
        """
        return self.call("get_chat", parameters.get_chat(chat_id, thread_id))

    def list_chats(
        self,
        *,
        filters: _Filters | None = None,
        sort_order: str | None = None,
        limit: int | None = None,
        page_id: str | None = None,
    ) -> requests.Response:
        """Call List Chats for one page of chats, each with its last thread and last events.

        Args:
            filters: such as ``{"group_ids": [0]}``, ``{"active": True}`` from version 3.6 on,
                ``{"include_active": False}`` up to 3.5.
            sort_order: ``"desc"``, newest first and the default, or ``"asc"``. A chat is as old as
                its last thread.
            limit: how many chats on the page, from 1 to 100; 10, if not given.
            page_id: ``next_page_id`` or ``previous_page_id`` of an earlier answer. What that
                request asked for holds here too, so this goes alone.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
        """
        body = parameters.list_chats(
            self.platform.version,
            filters=filters,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )
        return self.call("list_chats", body)

    def list_archives(
        self,
        *,
        filters: _Filters | None = None,
        highlights: Mapping[str, str] | None = None,
        sort_order: str | None = None,
        limit: int | None = None,
        page_id: str | None = None,
    ) -> requests.Response:
        """Call List Archives for one page of threads that have ended, each with all its events.

        Args:
            filters: such as ``{"from": datetime(2026, 6, 1, tzinfo=UTC)}`` or
                ``{"tags": {"values": ["refund"]}}``; ``{"thread_ids": [...]}`` goes alone.
            highlights: what to put around the words that ``filters["query"]`` found: ``{}`` for
                ``<em>`` and ``</em>``, or ``pre_tag`` and ``post_tag``.
            sort_order: ``"desc"``, newest first and the default, or ``"asc"``.
            limit: how many threads on the page, from 1 to 100; 10, if not given.
            page_id: as for :meth:`list_chats`.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
        """
        body = parameters.list_archives(
            self.platform.version,
            filters=filters,
            highlights=highlights,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )
        return self.call("list_archives", body)

    def list_threads(
        self,
        chat_id: str,
        *,
        filters: _Filters | None = None,
        min_events_count: int | None = None,
        sort_order: str | None = None,
        limit: int | None = None,
        page_id: str | None = None,
    ) -> requests.Response:
        """Call List Threads for one page of a chat's threads, each with all its events.

        Args:
            chat_id: whose threads.
            filters: ``from`` and ``to``, times of creation.
            min_events_count: as many threads as it takes to have so many events, from 1 to 100;
                without ``filters`` and ``limit``.
            sort_order: ``"desc"``, newest first and the default, or ``"asc"``.
            limit: how many threads on the page, from 1 to 100; 3, if not given.
            page_id: as for :meth:`list_chats`; the chat's id goes with it.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused.
            SandboxGone, NoNetwork: nobody answered.
        """
        body = parameters.list_threads(
            self.platform.version,
            chat_id,
            filters=filters,
            min_events_count=min_events_count,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )
        return self.call("list_threads", body)

    # --- All pages ------------------------------------------------------------------------------

    def list_chats_pages(
        self,
        *,
        filters: _Filters | None = None,
        sort_order: str = "asc",
        limit: int = MOST_ON_A_PAGE,
        progress: bool = True,
        keep_in: "str | os.PathLike[str] | None" = None,
    ) -> Pages:
        """All pages of chats, each fetched when it is asked for.

        No chat is lost that fits the filters all the time, also where chats change meanwhile. One
        that gets a new thread comes twice, and ``lc.tables`` keeps the later one. That is why the
        oldest chats come first: a chat with a new thread moves to the end that is still to come.
        With ``sort_order="desc"`` it would move to the front, so there the front is read once more
        in the end, back to a chat that has not changed: one call more than there are pages, as a
        rule.

        Args:
            filters: as for :meth:`list_chats`.
            sort_order: ``"asc"``, oldest first, or ``"desc"``.
            limit: how many chats on a page, from 1 to 100. Fewer mean more calls.
            progress: show a bar, where somebody looks: in a terminal or a notebook that a person
                runs. What runs a notebook by itself (nbconvert, nbval) sees none.
            keep_in: a file that keeps every page as soon as it has come. Stopped at any moment,
                even killed, the same pull with the same file has the pages from there and goes on
                with the next. When it is finished, the file has them all, and no call is made any
                more until you delete the file. It holds personal data of customers: nobody but you
                may read it, and it is some 3 kB a chat. It has no secret in it.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
        """
        body = parameters.list_chats(
            self.platform.version, filters=filters, sort_order=sort_order, limit=limit
        )
        return Pages(self, "list_chats", body, progress=progress, keep_in=keep_in)

    def list_archives_pages(
        self,
        *,
        filters: _Filters | None = None,
        highlights: Mapping[str, str] | None = None,
        sort_order: str = "asc",
        limit: int = MOST_ON_A_PAGE,
        progress: bool = True,
        keep_in: "str | os.PathLike[str] | None" = None,
    ) -> Pages:
        """All pages of threads that have ended, each fetched when it is asked for.

        A thread that ends while the pages are read is in the archives from then on, at the time of
        its creation; if that place was read already, only the next pull has it.

        Args:
            filters: as for :meth:`list_archives`.
            highlights: as for :meth:`list_archives`.
            sort_order: ``"asc"``, oldest first, or ``"desc"``.
            limit: how many threads on a page, from 1 to 100. Fewer mean more calls.
            progress: as for :meth:`list_chats_pages`.
            keep_in: as for :meth:`list_chats_pages`.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
        """
        # Threads that are asked for by their ids come without order and limit.
        paging = {"sort_order": sort_order, "limit": limit}
        by_id = isinstance(filters, Mapping) and "thread_ids" in filters
        body = parameters.list_archives(
            self.platform.version,
            filters=filters,
            highlights=highlights,
            **({} if by_id else paging),  # type: ignore[arg-type]
        )
        return Pages(self, "list_archives", body, progress=progress, keep_in=keep_in)

    def list_threads_pages(
        self,
        chat_id: str,
        *,
        filters: _Filters | None = None,
        sort_order: str = "asc",
        limit: int = MOST_ON_A_PAGE,
        progress: bool = True,
        keep_in: "str | os.PathLike[str] | None" = None,
    ) -> Pages:
        """All pages of a chat's threads, each fetched when it is asked for.

        Args:
            chat_id: whose threads.
            filters: as for :meth:`list_threads`.
            sort_order: ``"asc"``, oldest first, or ``"desc"``.
            limit: how many threads on a page, from 1 to 100. Fewer mean more calls.
            progress: as for :meth:`list_chats_pages`.
            keep_in: as for :meth:`list_chats_pages`.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
        """
        body = parameters.list_threads(
            self.platform.version, chat_id, filters=filters, sort_order=sort_order, limit=limit
        )
        return Pages(self, "list_threads", body, progress=progress, keep_in=keep_in)

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

    def __init__(self, client: AgentChat) -> None:
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._client._access_token}"
        return request


def _error(response: requests.Response) -> tuple[str, dict[str, Any]]:
    """The type of an API's error, and what it adds."""
    error = json_object(response).get("error")
    error = error if isinstance(error, dict) else {}
    data = error.get("data")
    return str(error.get("type", "")), data if isinstance(data, dict) else {}


def _checked(access_token: object) -> Secret:
    """An access token that can at least be put in a header."""
    token = access_token.strip() if isinstance(access_token, str) else ""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise InputError(
            what="This is not an access token.",
            why="An access token is a text without spaces, such as step 3 of the tutorial gets.",
            remedy="Use lc.AgentChat(platform, token).",
        )
    return Secret(token)
