"""What ``requests`` was given and can't send: said by the name of the argument.

Where it finds out, deep in its own code, its error tells of an object without ``items``.
"""

from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import Any

from lc_tutorial.course.cells import frames_below
from lc_tutorial.errors import NotSent

_HEADER = '{"Authorization": f"Bearer {token.access_token}"}'


def arguments(trace: TracebackType | None) -> NotSent | None:
    """Which argument of a call of ``requests`` can't be sent; None if it was none of them.

    Args:
        trace: of what the cell raised.
    """
    frames = list(frames_below(trace))
    for frame in frames:
        if _is_in(frame, "urllib.parse", "urlencode"):
            return _to_encode(frame.f_locals.get("query"))
        if _is_in(frame, "requests.sessions", "request"):
            return _to_send(frame.f_locals)
    return None


def _is_in(frame: FrameType, module: str, function: str) -> bool:
    return frame.f_globals.get("__name__") == module and frame.f_code.co_name == function


def _to_encode(query: Any) -> NotSent | None:
    if isinstance(query, Mapping):
        return None
    return NotSent(
        what="urlencode can't put this into an address.",
        why=f"It was given {_kind(query)}, and takes a dict.",
        remedy="Pass the dict itself: urlencode(parameters)",
    )


def _to_send(given: Mapping[str, Any]) -> NotSent | None:
    headers, data, json = given.get("headers"), given.get("data"), given.get("json")
    auth, timeout = given.get("auth"), given.get("timeout")
    if headers is not None and not isinstance(headers, Mapping):
        return _not_sent("headers", headers, "a dict", f"Write headers={_HEADER}{_colon(headers)}")
    if isinstance(data, set | frozenset):
        return _not_sent("data", data, "a dict", f"Write data={{...}}{_colon(data)}")
    if (found := _in_json(json)) is not None:
        return _not_sent(
            "json",
            found,
            "what JSON can hold",
            f"Send texts, numbers, lists and dicts{_colon(found)}",
        )
    if auth is not None and not isinstance(auth, tuple) and not callable(auth):
        return _not_sent(
            "auth",
            auth,
            "a pair",
            "auth= is for a personal access token: auth=(account_id, personal_access_token). An "
            f"access token goes into the header: headers={_HEADER}",
        )
    if isinstance(timeout, str):
        return _not_sent(
            "timeout", timeout, "a number", "Write it without quotation marks: timeout=10"
        )
    return None


def _not_sent(name: str, given: Any, wanted: str, remedy: str) -> NotSent:
    return NotSent(
        what=f"The request was not sent: {name} is not what it has to be.",
        why=f"There is {_kind(given)} in {name}, and {wanted} belongs there.",
        remedy=remedy,
    )


def _in_json(value: Any) -> Any:
    """What has no form in JSON; None if all of it has one."""
    if isinstance(value, Mapping):
        return next((bad for v in value.values() if (bad := _in_json(v)) is not None), None)
    if isinstance(value, list | tuple):
        return next((bad for v in value if (bad := _in_json(v)) is not None), None)
    return None if value is None or isinstance(value, str | int | float) else value


def _colon(given: Any) -> str:
    """A comma in the place of a colon makes a set of what shall be a dict."""
    if isinstance(given, set | frozenset):
        return ". A colon stands between a name and its value; with a comma it is a set."
    return ""


def _kind(given: Any) -> str:
    if isinstance(given, str):
        return "a text"
    name = type(given).__name__
    return f"an {name}" if name[0] in "AEIOUaeiou" else f"a {name}"
