"""The filters of the Agent Chat API: which there are in a version, and what each takes.

Each check returns the value as it is sent, so that aware datetimes and tuples may be given.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Threads, List Archives) of
versions 3.4 to 3.7.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lc_tutorial.errors import InputError

#: Looks at a value, given where it stands, and returns it as JSON has it.
Check = Callable[[str, Any], Any]

#: The most entries of a filter.
MOST_GROUPS = 200
MOST_CHAT_IDS = 1000
MOST_THREAD_IDS = 20

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_A_TIME = (
    "a time with its offset from UTC: an aware datetime, or a text such as "
    '"2026-06-15T14:30:00.000000Z"'
)
_AGENT_TYPES = ("human", "chatbot", "ai_agent")


# --- Values -------------------------------------------------------------------------------------


def text(path: str, value: Any) -> str:
    """A text in which something is."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(path, value, "a text, and not an empty one")
    return value


def flag(path: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise wrong(path, value, f"True or False{not_a_text(value)}")
    return value


def flag_or_none(path: str, value: Any) -> bool | None:
    """True, False, or None for both."""
    return value if value is None else flag(path, value)


def moment(path: str, value: Any) -> str:
    """A time as RFC 3339 writes it, to the microsecond."""
    # What pandas has in the place of a missing time is a datetime as well, but equals nothing.
    if isinstance(value, datetime) and value == value:
        if value.utcoffset() is None:
            raise wrong(path, value, f"{_A_TIME}. A datetime without a zone could mean any place")
        return value.isoformat(timespec="microseconds")
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise wrong(path, value, _A_TIME)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise wrong(path, value, f"{_A_TIME}; and this day or hour is in no calendar") from None
    return value


def one_of(*names: str) -> Check:
    """One of these texts."""

    def check(path: str, value: Any) -> Any:
        if value not in names:
            raise wrong(path, value, f"one of {listed(names)}")
        return value

    return check


def list_of(kinds: type | tuple[type, ...], about: str, most: int | None = None) -> Check:
    """A list of values of these types, and no longer than that."""
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)

    def check(path: str, value: Any) -> list[Any]:
        if not _is_list(value) or not all(type(each) in allowed for each in value):
            raise wrong(path, value, about)
        if most is not None and len(value) > most:
            raise InputError(
                what=f"{path} holds {len(value)} entries.",
                why=f"The platform takes at most {most}.",
                remedy="Ask for some of them at a time. Nothing was sent.",
            )
        return list(value)

    return check


texts = list_of(str, 'a list of texts, such as ["refund"]')
numbers = list_of(int, "a list of whole numbers, such as [1, 2]")
group_ids = list_of(int, "a list of the numbers of groups, such as [0, 1]", MOST_GROUPS)
values = list_of((str, int, bool), "a list of values: texts, whole numbers, True or False")


# --- Objects ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ObjectOf:
    """The check of an object.

    Attributes:
        fields: that it may have.
        one: of these exactly one has to be there, if there are any.
    """

    fields: Mapping[str, Check]
    one: tuple[str, ...] = ()

    def __call__(self, path: str, value: Any) -> dict[str, Any]:
        """Check it and all that is in it."""
        fields = self.fields
        if not isinstance(value, Mapping):
            raise wrong(path, value, f"a dictionary with {listed(fields, 'or')} in it")
        if self.one and sum(name in value for name in self.one) != 1:
            raise wrong(path, value, f"a dictionary with exactly one of {listed(self.one)}")
        for name in value:
            if name not in fields:
                raise wrong(path, value, f"a dictionary, with only {listed(fields, 'or')} in it")
        return {name: fields[name](f"{path}.{name}", given) for name, given in value.items()}


def object_of(fields: Mapping[str, Check], one: Iterable[str] = ()) -> ObjectOf:
    """An object with these fields; exactly one of those in ``one`` has to be there."""
    return ObjectOf(fields, tuple(one))


def objects_in(
    check: Check, path: str, value: Any
) -> Iterator[tuple[str, Mapping[str, Check], Mapping[str, Any]]]:
    """The objects with fixed fields that a value is or has in it, whether or not they are right.

    Args:
        check: of the value.
        path: where it stands.
        value: as it is sent.

    Returns:
        Of each: where it stands, which fields there are, and what was given.
    """
    if check is properties and isinstance(value, Mapping):
        for namespace, names in value.items():
            if isinstance(names, Mapping):
                for name, wanted in names.items():
                    yield from objects_in(property_filter, f"{path}.{namespace}.{name}", wanted)
    elif check is _forms and _is_list(value):
        for place, each in enumerate(value):
            yield from objects_in(_form, f"{path}[{place}]", each)
    elif isinstance(check, ObjectOf) and isinstance(value, Mapping):
        yield path, check.fields, value
        for name, given in value.items():
            if name in check.fields:
                inner = f"{path}.{name}" if path else str(name)
                yield from objects_in(check.fields[name], inner, given)


_CONDITIONS = ("exists", "values", "exclude_values")

property_filter = object_of(
    {"exists": flag, "values": values, "exclude_values": values}, one=_CONDITIONS
)
_list_filter = object_of(
    {"exists": flag, "values": values, "exclude_values": values, "require_every_value": flag},
    one=_CONDITIONS,
)
_event_types = object_of(
    {"values": texts, "exclude_values": texts, "require_every_value": flag},
    one=("values", "exclude_values"),
)
_groups = object_of({"values": numbers, "exclude_values": numbers})
_span: dict[str, Check] = {"from": moment, "to": moment}
_form = object_of(
    {
        **_span,
        "exists": flag,
        "type": one_of("pre_chat", "post_chat"),
        "values": texts,
        "exclude_values": texts,
        "groups": _groups,
    }
)
_greetings = object_of(
    {**_span, "exists": flag, "values": numbers, "exclude_values": numbers, "groups": _groups}
)
_agent_response = object_of(
    {
        "exists": flag,
        "first": flag,
        "agents": object_of({"values": texts, "exclude_values": texts}),
        "groups": _groups,
    }
)


def properties(path: str, value: Any) -> dict[str, Any]:
    """``{namespace: {name: {condition: wanted}}}``, with one condition for a property."""
    example = 'such as {"routing": {"continuous": {"values": [True]}}}'
    if not isinstance(value, Mapping):
        raise wrong(path, value, example)
    checked: dict[str, Any] = {}
    for namespace, names in value.items():
        if not isinstance(names, Mapping):
            raise wrong(f"{path}.{namespace}", names, example)
        checked[namespace] = {
            name: property_filter(f"{path}.{namespace}.{name}", wanted)
            for name, wanted in names.items()
        }
    return checked


def _forms(path: str, value: Any) -> list[Any]:
    if not _is_list(value):
        raise wrong(path, value, 'a list, such as [{"type": "pre_chat"}]')
    return [_form(f"{path}[{place}]", each) for place, each in enumerate(value)]


def _agent_types(path: str, value: Any) -> dict[str, Any]:
    kinds = list_of(str, f"a list of {listed(_AGENT_TYPES, 'or')}")
    names = ("all_values", "any_values", "exclude_values")
    checked: dict[str, Any] = object_of(dict.fromkeys(names, kinds))(path, value)
    used = [kind for each in checked.values() for kind in each]
    if not used or len(set(used)) != len(used) or not set(used).issubset(_AGENT_TYPES):
        raise wrong(path, value, f"made of {listed(_AGENT_TYPES)}, each once at most, one at least")
    return checked


# --- The filters of each method -----------------------------------------------------------------


def of_list_chats(version: str) -> dict[str, Check]:
    """The filters of List Chats."""
    active: dict[str, Check] = (
        {"active": flag_or_none} if _number(version) >= (3, 6) else {"include_active": flag}
    )
    return {
        **active,
        "include_chats_without_threads": flag,
        "group_ids": group_ids,
        "properties": properties,
    }


def of_list_threads(_version: str) -> dict[str, Check]:
    """The filters of List Threads."""
    return _span


def of_list_archives(version: str) -> dict[str, Check]:
    """The filters of List Archives."""
    number = _number(version)
    known: dict[str, Check] = {
        "query": text,
        **_span,
        "thread_ids": list_of(str, "a list of ids of threads", MOST_THREAD_IDS),
        "group_ids": group_ids,
        "properties": properties,
        "agents": _list_filter,
        "tags": _list_filter,
        "sales": _list_filter,
        "goals": _list_filter,
        "forms" if number >= (3, 5) else "surveys": _forms,
        "event_types": _event_types,
        "greetings": _greetings,
        "agent_response": _agent_response,
    }
    if number >= (3, 5):
        known["customer_countries"] = _list_filter
    if number >= (3, 6):
        known["chat_ids"] = list_of(str, "a list of ids of chats", MOST_CHAT_IDS)
        known["agent_types"] = _agent_types
        known["customer_id"] = known["customer_email"] = text
    return known


#: What was renamed between the versions, either way.
RENAMED = {
    "active": ("include_active", 'Up to 3.5 the filter is "include_active", from 3.6 on "active".'),
    "include_active": ("active", 'Up to 3.5 the filter is "include_active", from 3.6 on "active".'),
    "forms": ("surveys", 'In 3.4 the filter is "surveys", from 3.5 on "forms".'),
    "surveys": ("forms", 'In 3.4 the filter is "surveys", from 3.5 on "forms".'),
}


def check(method: str, version: str, known: Mapping[str, Check], given: Any) -> dict[str, Any]:
    """Check the filters of a call.

    Args:
        method: as the documentation writes it, such as ``"List Chats"``.
        version: of the API.
        known: the filters that there are.
        given: what is to be sent as ``filters``.

    Returns:
        The filters as they are sent.

    Raises:
        InputError: the platform would refuse them.
    """
    if not isinstance(given, Mapping):
        raise wrong("filters", given, f'a dictionary such as {{"{next(iter(known))}": ...}}')
    for name in given:
        if name in known:
            continue
        other, why = RENAMED.get(name, ("", ""))
        if other in known:
            raise InputError(
                what=f"Version {version} of the API has no filter {name!r}.",
                why=why,
                remedy=f"Use {other!r}. Nothing was sent.",
            )
        raise InputError(
            what=f"{method} has no filter {name!r}.",
            why=f"In version {version} there are {listed(known)}.",
            remedy="Check the spelling, or leave it out. Nothing was sent.",
        )
    return {name: known[name](f"filters.{name}", plain(value)) for name, value in given.items()}


def plain(value: Any) -> Any:
    """A value as Python has it, where it comes from a DataFrame: 5 for ``np.int64(5)``."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.tolist() if hasattr(value, "tolist") else value


# --- Words --------------------------------------------------------------------------------------


def wrong(path: str, value: Any, expected: str) -> InputError:
    """The error for a value that can't be sent."""
    shown = str(value)
    shown = f"{shown[:60]}…" if len(shown) > 60 else shown
    shown = repr(shown) if isinstance(value, str) else shown
    return InputError(
        what=f"{path} can't be {shown}.",
        why=f"It is {expected}.",
        remedy="Correct it and run the cell again. Nothing was sent.",
    )


def not_a_text(value: Any) -> str:
    """What to add to what is expected, if a text came instead: it looks the same when printed."""
    return ", and not a text" if isinstance(value, str) else ""


def listed(names: Iterable[Any], last: str = "and") -> str:
    """Names as words: ``a, b and c``."""
    *others, final = map(str, names)
    return f"{', '.join(others)} {last} {final}" if others else final


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
