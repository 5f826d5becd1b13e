"""A client of the Agent Chat API: one page of chats or threads, or all pages.

In notebook 01 the request is written out, because it is the lesson. This is the same request, for
the notebooks that come after.
"""

import os
from collections.abc import Mapping
from typing import Any, Unpack

import requests

from lc_tutorial.agent_chat import parameters
from lc_tutorial.agent_chat.calls import ApiClient
from lc_tutorial.agent_chat.pages import Pages
from lc_tutorial.agent_chat.parameters import MOST_ON_A_PAGE, Parameters

_Filters = Mapping[str, Any]


class AgentChat(ApiClient):
    """The Agent Chat API of a platform, for the account of a token.

    ``lc.tables(client.list_chats_pages())`` makes tables of all the chats of the account.

    Whatever is wrong in a call's parameters is said before anything is sent. To send it all the
    same and see the platform refuse it, use :meth:`call`.

    Args:
        platform: where to call, and in which version.
        token: of an account that allowed the app to read chats: the token, or only its access
            token; or a personal access token, also as the Console shows it.
        app: the app's credentials, such as ``app`` of step 1 or ``session.app``. With them a token
            that expires half-way is refreshed, if it came with a refresh token.

    Attributes:
        platform: as given.
        calls: how many calls were answered so far, refused ones and those that were sent again
            among them. Live, each one is billed.

    Raises:
        InputError: the token can't be one, or the app has no credentials.
        StepIncomplete: the app is a form that is not filled in.
    """

    # --- One page -------------------------------------------------------------------------------

    def get_chat(self, chat_id: str, thread_id: str | None = None) -> requests.Response:
        """Call Get Chat for a chat with one of its threads, and all the events of that.

        Args:
            chat_id: of the chat.
            thread_id: which of its threads; the latest, if not given.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
            ApiError: the platform refused; ``not_found``, if there is no such chat.
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        return self._ask("get_chat", chat_id=chat_id, thread_id=thread_id)

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
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        return self._ask(
            "list_chats", filters=filters, sort_order=sort_order, limit=limit, page_id=page_id
        )

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
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        return self._ask(
            "list_archives",
            filters=filters,
            highlights=highlights,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )

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
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
        """
        return self._ask(
            "list_threads",
            chat_id=chat_id,
            filters=filters,
            min_events_count=min_events_count,
            sort_order=sort_order,
            limit=limit,
            page_id=page_id,
        )

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
                with the next. When it is finished, the file has them all, and the API is not called
                any more until you delete the file. It belongs to one account: whose a bare access
                token is, the accounts service is asked, which costs nothing and wants a token that
                lives. The file holds personal data of customers: nobody but you may read it, and it
                is some 3 kB a chat. It has no secret in it.

        Raises:
            InputError: the platform would refuse this; nothing was sent.
        """
        wanted = self._body("list_chats", filters=filters, sort_order=sort_order, limit=limit)
        return Pages(self, "list_chats", wanted, progress=progress, keep_in=keep_in)

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
        by_id = isinstance(filters, Mapping) and "thread_ids" in filters
        wanted = self._body(
            "list_archives",
            filters=filters,
            highlights=highlights,
            sort_order=None if by_id else sort_order,
            limit=None if by_id else limit,
        )
        return Pages(self, "list_archives", wanted, progress=progress, keep_in=keep_in)

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
        wanted = self._body(
            "list_threads", chat_id=chat_id, filters=filters, sort_order=sort_order, limit=limit
        )
        return Pages(self, "list_threads", wanted, progress=progress, keep_in=keep_in)

    # --- What is sent ---------------------------------------------------------------------------

    def _ask(self, action: str, **given: Unpack[Parameters]) -> requests.Response:
        return self.call(action, self._body(action, **given))

    def _body(self, action: str, **given: Unpack[Parameters]) -> dict[str, Any]:
        return parameters.body(action, self.platform.version, **given)
