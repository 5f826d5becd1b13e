"""What may be sent to the methods that read chats, checked before it is sent.

The platform answers a wrong request with ``validation`` and "Wrong format of request", and counts
the call. Here the mistake has a name.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Archives, List Threads, Get
Chat; Pagination), versions 3.4 to 3.7.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, Unpack

from lc_tutorial.agent_chat import filters as checks
from lc_tutorial.errors import InputError

#: The most chats or threads on a page.
MOST_ON_A_PAGE = 100

#: The most events that List Threads can be told to reach.
MOST_EVENTS = 100

#: The versions whose parameters are known here.
VERSIONS = ("3.4", "3.5", "3.6", "3.7")


class Parameters(TypedDict, total=False):
    """What the methods take, each its own; None says nothing."""

    chat_id: str
    thread_id: str | None
    filters: Mapping[str, Any] | None
    highlights: Mapping[str, str] | None
    min_events_count: int | None
    sort_order: str | None
    limit: int | None
    page_id: str | None


_IDS = ("chat_id", "thread_id")
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


def body(action: str, version: str, **given: Unpack[Parameters]) -> dict[str, Any]:
    """Make the body of a request; what is None is left out.

    Args:
        action: the method, such as ``"list_chats"``.
        version: of the API; it decides which filters there are.
        **given: the parameters. What each of them means, the methods of
            :class:`~lc_tutorial.agent_chat.client.AgentChat` say.

    Raises:
        InputError: the platform would refuse this.
    """
    wanted = {name: value for name, value in given.items() if name not in _IDS}
    choices = _choices(action, version, {n: v for n, v in wanted.items() if v is not None})
    return {**_ids(given), **choices}


def _ids(given: Parameters) -> dict[str, str]:
    """Of which chat, and which of its threads, where the method is about one."""
    ids = {"chat_id": _id("chat_id", given["chat_id"])} if "chat_id" in given else {}
    thread_id = given.get("thread_id")
    return ids if thread_id is None else {**ids, "thread_id": _id("thread_id", thread_id)}


def _choices(action: str, version: str, given: dict[str, Any]) -> dict[str, Any]:
    """What of a list is wanted, and how it is paged: checked, and as it is sent."""
    if "page_id" in given:
        return _page(given)
    checked = dict(given)
    if "limit" in given:
        checked["limit"] = _whole_number("limit", given["limit"], MOST_ON_A_PAGE)
    if given.get("sort_order", "asc") not in ("asc", "desc"):
        raise checks.wrong("sort_order", given["sort_order"], '"desc" (newest first) or "asc"')
    if "min_events_count" in given:
        least = _whole_number("min_events_count", given["min_events_count"], MOST_EVENTS)
        checked["min_events_count"] = least
        others = [name for name in ("filters", "limit") if name in given]
        _apart("min_events_count", others, why="It decides by itself how many threads come.")
    if "filters" in given:
        checked["filters"] = _filters(action, version, given)
    if "highlights" in given:
        checked["highlights"] = _highlights(given["highlights"])
    return checked


def _page(given: Mapping[str, Any]) -> dict[str, Any]:
    """The next page of a list, or the one before; what is wanted was said with the first."""
    page_id = given["page_id"]
    others = [name for name in given if name != "page_id"]
    _apart("page_id", others, why="A page belongs to the request it was found with, with all.")
    if not isinstance(page_id, str) or not page_id:
        raise checks.wrong("page_id", page_id, "the next_page_id of an answer, a text")
    return {"page_id": page_id}


def _filters(action: str, version: str, given: Mapping[str, Any]) -> dict[str, Any]:
    name, _, known = _METHODS[action]
    filters = checks.check(name, version, known(version), given["filters"])
    if "thread_ids" in filters:
        others = [f"filters.{each}" for each in filters if each != "thread_ids"]
        others += [each for each in ("sort_order", "limit") if each in given]
        _apart(
            "filters.thread_ids",
            others,
            why="Threads that are asked for by their ids are not searched for.",
        )
    return filters


def _highlights(tags: Any) -> dict[str, str]:
    checked = _TAGS("highlights", tags)
    if len(checked) == 1:
        raise checks.wrong("highlights", tags, "empty, or has both pre_tag and post_tag")
    return checked


def _apart(name: str, others: Any, *, why: str) -> None:
    if others:
        raise InputError(
            what=f"{name} and {checks.listed(others)} can't go together.",
            why=why,
            remedy=f"Send {name} alone, or leave it out. Nothing was sent.",
        )


def _whole_number(name: str, value: Any, most: int) -> int:
    number = checks.plain(value)
    if type(number) is int and 1 <= number <= most:
        return number
    expected = f"a whole number from 1 to {most}{checks.not_a_text(number)}"
    raise checks.wrong(name, number, expected)


def _id(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value or any(map(str.isspace, value)):
        raise checks.wrong(name, value, 'an id such as "PJ0MRSHTDG"')
    return value
