"""Which parameter of a call is wrong, by the documentation's rules; else as the sandbox says.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Threads, Get Chat, List
Archives), customer-chat-api (List Chats) and configuration-api (List Agents, List Groups) of
versions 3.4 to 3.7.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, listed
from lc_tutorial.errors.explaining.refused import Refused

#: Says what a value should be; empty for one that is right.
Rule = Callable[[Any], str]

_MOST_SHOWN = 40


# --- Rules for values ---------------------------------------------------------------------------


def _number(most: int) -> Rule:
    def check(value: Any) -> str:
        if type(value) is int and 1 <= value <= most:
            return ""
        bare = ", without quotation marks" if isinstance(value, str) else ""
        return f"a whole number from 1 to {most}{bare}"

    return check


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value else "a text, and not an empty one"


def _one_of(*names: str) -> Rule:
    words = listed([f'"{name}"' for name in names], "or")
    return lambda value: "" if value in names else words


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false, without quotation marks"


def _flag_or_null(value: Any) -> str:
    bare = ", without quotation marks" if isinstance(value, str) else ""
    return "" if value is None or isinstance(value, bool) else f"true, false or null{bare}"


def _numbers(most: int) -> Rule:
    def check(value: Any) -> str:
        if not isinstance(value, list) or any(type(each) is not int for each in value):
            return "a list of whole numbers, such as [0, 1]"
        return f"a list of at most {most}" if len(value) > most else ""

    return check


def _texts(most: int) -> Rule:
    def check(value: Any) -> str:
        if not isinstance(value, list) or any(not isinstance(each, str) for each in value):
            return "a list of texts"
        return f"a list of at most {most}" if len(value) > most else ""

    return check


def _moment(value: Any) -> str:
    wanted = 'a time with its offset from UTC, such as "2026-06-15T14:30:00.000000Z"'
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
        return wanted
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return wanted
    return wanted if moment.utcoffset() is None else ""


def _object(value: Any) -> str:
    return "" if isinstance(value, dict) else "an object: names and values between { and }"


# --- Rules for methods --------------------------------------------------------------------------

_ORDER, _ID = _one_of("asc", "desc"), _text
_PAGED: Mapping[str, Rule] = {"sort_order": _ORDER, "limit": _number(100), "page_id": _text}
_SPAN: Mapping[str, Rule] = {"from": _moment, "to": _moment}

#: For each method its parameters, and those that it needs.
_METHODS: Mapping[tuple[str, str], tuple[Mapping[str, Rule], tuple[str, ...]]] = {
    ("agent", "list_chats"): ({**_PAGED, "filters": _object}, ()),
    ("agent", "list_archives"): ({**_PAGED, "filters": _object, "highlights": _object}, ()),
    ("agent", "list_threads"): (
        {**_PAGED, "chat_id": _ID, "filters": _object, "min_events_count": _number(100)},
        ("chat_id",),
    ),
    ("agent", "get_chat"): ({"chat_id": _ID, "thread_id": _ID}, ("chat_id",)),
    ("customer", "list_chats"): ({**_PAGED, "limit": _number(25)}, ()),
    ("configuration", "list_agents"): ({"fields": _texts(100), "filters": _object}, ()),
    ("configuration", "list_groups"): ({"fields": _texts(100)}, ()),
}

#: For each method its filters.
_FILTERS: Mapping[tuple[str, str], Mapping[str, Rule]] = {
    ("agent", "list_chats"): {
        "active": _flag_or_null,
        "include_active": _flag,
        "include_chats_without_threads": _flag,
        "group_ids": _numbers(200),
        "properties": _object,
    },
    ("agent", "list_threads"): _SPAN,
    ("agent", "list_archives"): {
        **_SPAN,
        "query": _text,
        "thread_ids": _texts(20),
        "group_ids": _numbers(200),
        "chat_ids": _texts(1000),
        "customer_id": _text,
        "customer_email": _text,
        "properties": _object,
        "agents": _object,
        "tags": _object,
        "sales": _object,
        "goals": _object,
        "event_types": _object,
        "greetings": _object,
        "forms": _object,
        "surveys": lambda value: "" if isinstance(value, list) else "a list",
    },
    ("configuration", "list_agents"): {"group_ids": _numbers(200), "suspended": _flag},
}

#: What a page keeps of the first request, and so does not go with page_id.
_KEPT = ("filters", "limit", "sort_order", "highlights", "min_events_count")


def wrong(refused: Refused) -> Finding | None:
    """Which parameter is wrong; None for a refusal that is not about parameters."""
    if refused.name != "validation":
        return None
    asked = refused.asked
    if isinstance(asked, dict):
        found = _by_rules((refused.service, refused.action), asked)
        if found is not None:
            return found
    if refused.known.why:
        return _as_the_sandbox_says(refused.known.why)
    if isinstance(asked, dict) and "page_id" in asked:
        return Finding(
            Likely(
                "the page_id does not belong to this call: it is of another method or account, is "
                "older than a month, or was not copied whole."
            ),
            "Take next_page_id from an answer of this very method.",
        )
    says = f"It says: {refused.message}. " if refused.message else ""
    return Finding(
        Known(f"{says}It names no parameter.".replace("..", ".")),
        "Compare the body with the method's documentation, field by field.",
    )


def _by_rules(method: tuple[str, str], asked: dict[str, Any]) -> Finding | None:
    rules, needed = _METHODS.get(method, ({}, ()))
    for name in needed:
        if name not in asked:
            return Finding(
                Known(f"{name} is missing, and {method[1]} can't do without."),
                f"Add it to the body. {_WHERE_FROM.get(name, '')}".strip(),
            )
    if rules and "page_id" in asked:
        beside = [name for name in _KEPT if name in asked]
        if beside:
            return Finding(
                Known(
                    f"page_id came together with {listed(beside)}. A page keeps what was asked "
                    "for the first one."
                ),
                "Send page_id alone." if "chat_id" not in asked else "Send it with chat_id alone.",
            )
    found = _first_wrong("", rules, asked)
    filters = asked.get("filters")
    if found is None and isinstance(filters, dict):
        found = _first_wrong("filters.", _FILTERS.get(method, {}), filters)
    return found or _together(asked)


_WHERE_FROM = {"chat_id": "The id of a chat is in the answer of list_chats, as id."}


def _first_wrong(path: str, rules: Mapping[str, Rule], given: dict[str, Any]) -> Finding | None:
    for name, value in given.items():
        # null is as good as nothing, but for a filter that has a meaning for it.
        wanted = rules[name](value) if name in rules and value is not None else ""
        if wanted:
            shown = json.dumps(value, ensure_ascii=False)
            if len(shown) > _MOST_SHOWN:
                shown = f"{shown[:_MOST_SHOWN]}…"
            return Finding(Known(f"{path}{name} is {shown}."), f"Send {wanted}.")
    return None


def _together(asked: dict[str, Any]) -> Finding | None:
    """Parameters that do not go together."""
    filters = asked.get("filters")
    if isinstance(filters, dict) and "thread_ids" in filters:
        others = [f"filters.{name}" for name in filters if name != "thread_ids"]
        others += [name for name in ("limit", "sort_order") if name in asked]
        if others:
            return Finding(
                Known(f"filters.thread_ids came together with {listed(others)}."),
                "Send thread_ids alone: threads that are asked for by id are not searched for.",
            )
    if "min_events_count" in asked:
        others = [name for name in ("limit", "filters") if name in asked]
        if others:
            return Finding(
                Known(f"min_events_count came together with {listed(others)}."),
                "Send it alone: it decides by itself how many threads come.",
            )
    return None


# --- What the sandbox says ----------------------------------------------------------------------

_TYPES = {
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "float": "a number",
    "datetime": "a time with its offset",
}
_EXPECTED = re.compile(r"Expected `([^`]+)`(.*?), got `([^`]+)`(?: - at `\$\.?(.*)`)?")
_REQUIRED = re.compile(r"Object missing required field `([^`]+)`(?: - at `\$\.?(.*)`)?")
_INVALID = re.compile(r"[Ii]nvalid (?:value|enum value).*? at `?\$\.?([^`]*)`?")
_PAGE_ID = "this page_id"


def _as_the_sandbox_says(why: str) -> Finding:
    """What the sandbox's own reader found; it names a place in the body, and no value."""
    if found := _EXPECTED.search(why):
        wanted = " or ".join(_TYPES.get(each.strip(), each.strip()) for each in found[1].split("|"))
        got = _TYPES.get(found[3], found[3])
        return Finding(
            Known(f"{found[4] or 'The body'} is {got}."), f"Send {wanted}{found[2].rstrip()}."
        )
    if found := _REQUIRED.search(why):
        where = f"{found[2]}." if found[2] else ""
        remedy = _WHERE_FROM.get(found[1], "")
        return Finding(Known(f"{where}{found[1]} is missing."), f"Add it to the body. {remedy}")
    if found := _INVALID.search(why):
        return Finding(
            Known(f"{found[1] or 'The body'} has a value that it can't have."),
            "Look its values up in the method's documentation.",
        )
    if why.startswith(_PAGE_ID):
        remedy = "Take next_page_id from an answer of this very method."
        return Finding(Known(f"{why[0].upper()}{why[1:]}.".replace("one of ours", _OURS)), remedy)
    return Finding(
        Known(f"The sandbox says: {why}."), "Correct it, and compare it with the documentation."
    )


_OURS = "one that the sandbox gave: it was made up, or not copied whole"
