"""What may be sent to List Chats, checked before it is sent.

The platform answers a wrong request with ``validation`` and "Wrong format of request", and counts
the call. Here the mistake has a name.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats), versions 3.4 to 3.7.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lc_tutorial.errors import InputError

#: The most chats on a page.
MOST_CHATS = 100

#: The most groups in a filter.
MOST_GROUPS = 200

_SORT_ORDERS = ("asc", "desc")
_ALWAYS = ("include_chats_without_threads", "group_ids", "properties")
_PROPERTY_FILTERS = ("exists", "values", "exclude_values")


def list_chats_parameters(
    version: str,
    *,
    filters: Mapping[str, Any] | None = None,
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
    given = {"filters": filters, "sort_order": sort_order, "limit": limit}
    body = {name: value for name, value in given.items() if value is not None}
    if page_id is not None:
        if body:
            raise InputError(
                what=f"page_id and {_listed(body)} can't go together.",
                why="A page belongs to the request that it was found with, filters and all.",
                remedy="Send page_id alone, or leave it out to start over with other filters.",
            )
        if not isinstance(page_id, str) or not page_id:
            raise _wrong("page_id", page_id, "the next_page_id of an answer, a text")
        return {"page_id": page_id}
    if limit is not None and not (type(limit) is int and 1 <= limit <= MOST_CHATS):
        raise _wrong("limit", limit, f"a whole number from 1 to {MOST_CHATS}")
    if sort_order is not None and sort_order not in _SORT_ORDERS:
        raise _wrong("sort_order", sort_order, '"desc" (newest first) or "asc"')
    if filters is not None:
        _check_filters(version, filters)
    return body


def _check_filters(version: str, filters: Any) -> None:
    if not isinstance(filters, Mapping):
        raise _wrong("filters", filters, 'a dictionary such as {"group_ids": [0]}')
    modern = tuple(map(int, version.split("."))) >= (3, 6)
    active, other = ("active", "include_active") if modern else ("include_active", "active")
    if other in filters:
        raise InputError(
            what=f"Version {version} of the API has no filter {other!r}.",
            why='Up to 3.5 the filter is "include_active", from 3.6 on it is "active".',
            remedy=f"Use {active!r}.",
        )
    names = (active, *_ALWAYS)
    for name, value in filters.items():
        if name not in names:
            raise InputError(
                what=f"List Chats has no filter {name!r}.",
                why=f"In version {version} there are {_listed(names)}.",
                remedy="Check the spelling, or leave it out.",
            )
        if name == "group_ids":
            _check_group_ids(value)
        elif name == "properties":
            _check_properties(value)
        elif not isinstance(value, bool) and not (name == "active" and value is None):
            raise _wrong(f"filters.{name}", value, "True or False")


def _check_group_ids(value: Any) -> None:
    if not _is_list(value) or not all(type(each) is int for each in value):
        raise _wrong("filters.group_ids", value, "a list of the numbers of groups, such as [0, 1]")
    if len(value) > MOST_GROUPS:
        raise InputError(
            what=f"filters.group_ids holds {len(value)} groups.",
            why=f"The platform takes at most {MOST_GROUPS}.",
            remedy="List the chats of some groups at a time.",
        )


def _check_properties(value: Any) -> None:
    expected = 'such as {"routing": {"continuous": {"values": [True]}}}'
    if not isinstance(value, Mapping):
        raise _wrong("filters.properties", value, expected)
    for namespace, names in value.items():
        if not isinstance(names, Mapping):
            raise _wrong(f"filters.properties.{namespace}", names, expected)
        for name, conditions in names.items():
            path = f"filters.properties.{namespace}.{name}"
            if not isinstance(conditions, Mapping) or len(conditions) != 1:
                raise _wrong(path, conditions, f"exactly one of {_listed(_PROPERTY_FILTERS)}")
            ((condition, wanted),) = conditions.items()
            if condition not in _PROPERTY_FILTERS:
                raise _wrong(path, conditions, f"exactly one of {_listed(_PROPERTY_FILTERS)}")
            if condition == "exists" and not isinstance(wanted, bool):
                raise _wrong(f"{path}.exists", wanted, "True or False")
            if condition != "exists" and not _is_list(wanted):
                raise _wrong(f"{path}.{condition}", wanted, "a list of values")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _listed(names: Any) -> str:
    *others, last = map(str, names)
    return f"{', '.join(others)} and {last}" if others else last


def _wrong(name: str, value: Any, expected: str) -> InputError:
    return InputError(
        what=f"{name} can't be {str(value)[:60]!r}.",
        why=f"It is {expected}.",
        remedy="Correct it and run the cell again. Nothing was sent.",
    )
