"""What may be sent to the methods that read chats, checked before it is sent.

The platform answers a wrong request with ``validation`` and "Wrong format of request", and counts
the call. Here the mistake has a name.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Archives, List Threads, Get
Chat; Pagination), versions 3.4 to 3.7.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lc_tutorial.agent_chat import filters as checks
from lc_tutorial.errors import InputError

#: The most chats or threads on a page.
MOST_ON_A_PAGE = 100

#: The most events that List Threads can be told to reach.
MOST_EVENTS = 100

#: The versions whose parameters are known here.
VERSIONS = ("3.4", "3.5", "3.6", "3.7")

_Filters = Mapping[str, Any] | None

_TAGS = checks.object_of({"pre_tag": checks.text, "post_tag": checks.text})
_OF_LISTS = ("filters", "sort_order", "limit", "page_id")

# Of each method: what the documentation calls it, its parameters, and its filters in a version.
_METHODS: Mapping[str, tuple[str, tuple[str, ...], Callable[[str], dict[str, checks.Check]]]] = {
    "list_chats": ("List Chats", _OF_LISTS, checks.of_list_chats),
    "list_archives": ("List Archives", (*_OF_LISTS, "highlights"), checks.of_list_archives),
    "list_threads": (
        "List Threads",
        ("chat_id", *_OF_LISTS, "min_events_count"),
        checks.of_list_threads,
    ),
    "get_chat": ("Get Chat", ("chat_id", "thread_id"), lambda _version: {}),
}


def known(action: str, version: str) -> tuple[str, checks.ObjectOf] | None:
    """What a method is called, and what it takes in a version of the API; None if it isn't known.

    Only the objects in it are checks: what is at the end of them is taken for right.
    """
    if action not in _METHODS or version not in VERSIONS:
        return None
    name, parameters, filters = _METHODS[action]
    fields: dict[str, checks.Check] = dict.fromkeys(parameters, _anything)
    if "filters" in fields:
        fields["filters"] = checks.object_of(filters(version))
    if "highlights" in fields:
        fields["highlights"] = _TAGS
    return name, checks.object_of(fields)


def _anything(_path: str, value: Any) -> Any:
    return value


def list_chats(
    version: str,
    *,
    filters: _Filters = None,
    sort_order: str | None = None,
    limit: int | None = None,
    page_id: str | None = None,
) -> dict[str, Any]:
    """Make the body of a request to List Chats; what is None is left out.

    Args:
        version: of the API; it decides which filters there are.
        filters: which chats to list.
        sort_order: ``"desc"``, newest first, or ``"asc"``.
        limit: how many chats on a page, from 1 to 100.
        page_id: of the page, from ``next_page_id`` or ``previous_page_id`` of an earlier answer.

    Raises:
        InputError: the platform would refuse this.
    """
    body = _paged({"filters": filters}, sort_order, limit, page_id)
    if filters is not None:
        known = checks.of_list_chats(version)
        body["filters"] = checks.check("List Chats", version, known, filters)
    return body


def list_archives(
    version: str,
    *,
    filters: _Filters = None,
    highlights: Mapping[str, str] | None = None,
    sort_order: str | None = None,
    limit: int | None = None,
    page_id: str | None = None,
) -> dict[str, Any]:
    """Make the body of a request to List Archives; what is None is left out.

    Args:
        version: of the API; it decides which filters there are.
        filters: which threads to list; ``thread_ids`` goes without anything else.
        highlights: ``pre_tag`` and ``post_tag`` around what ``filters.query`` found, or empty.
        sort_order: ``"desc"``, newest first, or ``"asc"``.
        limit: how many threads on a page, from 1 to 100.
        page_id: of the page.

    Raises:
        InputError: the platform would refuse this.
    """
    body = _paged({"filters": filters, "highlights": highlights}, sort_order, limit, page_id)
    if filters is not None:
        known = checks.of_list_archives(version)
        body["filters"] = checks.check("List Archives", version, known, filters)
        if "thread_ids" in filters:
            others = [f"filters.{name}" for name in filters if name != "thread_ids"]
            others += [name for name in ("sort_order", "limit") if name in body]
            _apart(
                "filters.thread_ids",
                others,
                why="Threads that are asked for by their ids are not searched for.",
            )
    if highlights is not None:
        body["highlights"] = _TAGS("highlights", highlights)
        if len(highlights) == 1:
            raise checks.wrong("highlights", highlights, "empty, or has both pre_tag and post_tag")
    return body


def list_threads(
    version: str,
    chat_id: str,
    *,
    filters: _Filters = None,
    min_events_count: int | None = None,
    sort_order: str | None = None,
    limit: int | None = None,
    page_id: str | None = None,
) -> dict[str, Any]:
    """Make the body of a request to List Threads; what is None is left out.

    Args:
        version: of the API.
        chat_id: whose threads. It goes with every page.
        filters: ``from`` and ``to``, times of creation.
        min_events_count: as many threads as it takes to have so many events, from 1 to 100;
            without ``filters`` and ``limit``.
        sort_order: ``"desc"``, newest first, or ``"asc"``.
        limit: how many threads on a page, from 1 to 100.
        page_id: of the page.

    Raises:
        InputError: the platform would refuse this.
    """
    least = checks.plain(min_events_count)
    body = _paged({"filters": filters, "min_events_count": least}, sort_order, limit, page_id)
    if least is not None:
        _whole_number("min_events_count", least, MOST_EVENTS)
        others = [name for name in ("filters", "limit") if name in body]
        _apart("min_events_count", others, why="It decides by itself how many threads come.")
    if filters is not None:
        known = checks.of_list_threads(version)
        body["filters"] = checks.check("List Threads", version, known, filters)
    return {"chat_id": _id("chat_id", chat_id), **body}


def get_chat(chat_id: str, thread_id: str | None = None) -> dict[str, Any]:
    """Make the body of a request to Get Chat.

    Args:
        chat_id: of the chat.
        thread_id: which of its threads; the latest, if not given.

    Raises:
        InputError: the platform would refuse this.
    """
    body = {"chat_id": _id("chat_id", chat_id)}
    if thread_id is not None:
        body["thread_id"] = _id("thread_id", thread_id)
    return body


def _paged(
    given: Mapping[str, Any], sort_order: str | None, limit: int | None, page_id: str | None
) -> dict[str, Any]:
    """What all lists have. The rest of what is given is still to be checked."""
    limit = checks.plain(limit)
    all_given = {**given, "sort_order": sort_order, "limit": limit}
    body = {name: value for name, value in all_given.items() if value is not None}
    if page_id is not None:
        _apart("page_id", body, why="A page belongs to the request it was found with, with all.")
        if not isinstance(page_id, str) or not page_id:
            raise checks.wrong("page_id", page_id, "the next_page_id of an answer, a text")
        return {"page_id": page_id}
    if limit is not None:
        _whole_number("limit", limit, MOST_ON_A_PAGE)
    if sort_order not in (None, "asc", "desc"):
        raise checks.wrong("sort_order", sort_order, '"desc" (newest first) or "asc"')
    return body


def _apart(name: str, others: Any, *, why: str) -> None:
    if others:
        raise InputError(
            what=f"{name} and {checks.listed(others)} can't go together.",
            why=why,
            remedy=f"Send {name} alone, or leave it out. Nothing was sent.",
        )


def _whole_number(name: str, value: Any, most: int) -> None:
    if not (type(value) is int and 1 <= value <= most):
        expected = f"a whole number from 1 to {most}{checks.not_a_text(value)}"
        raise checks.wrong(name, value, expected)


def _id(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value or any(map(str.isspace, value)):
        raise checks.wrong(name, value, 'an id such as "PJ0MRSHTDG"')
    return value
