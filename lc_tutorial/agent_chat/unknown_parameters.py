"""What of a request the platform ignored, though it answered.

It does not refuse a parameter that it doesn't know: ``{"filters": {"activ": true}}`` is answered
with 200 and with all chats, as if nothing had been said. So what is unknown in a version is named
where the answer is shown.

Source: livechat-public-docs, messaging/agent-chat-api (List Chats, List Archives, List Threads, Get
Chat), versions 3.4 to 3.7.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from lc_tutorial import memory
from lc_tutorial.agent_chat import filters, parameters
from lc_tutorial.messages import text_of

_METHOD = re.compile(r"/v(\d\.\d{1,2})/agent/action/([a-z_]{1,40})/?")

#: Of more only the number is told.
_MOST = 5


def ignored(response: requests.Response) -> tuple[str, ...]:
    """What the platform ignored of the request that this answers, as sentences; mostly nothing.

    Args:
        response: any. Only of answers with 200 to methods that are known here something is said.
    """
    request = response.request
    if response.status_code != 200 or request is None:
        return ()
    parts = urlsplit(request.url or "")
    method = _METHOD.fullmatch(memory.path_of(request.url or ""))
    known = parameters.known(method[2], method[1]) if method is not None else None
    if method is None or known is None:
        return ()
    name, takes = known
    said = [*_of_the_address(name, takes, parts.query)]
    said += _of_the_body(method[2], method[1], _body_of(request))
    if len(said) > _MOST:
        said[_MOST:] = [f"And {len(said) - _MOST} more parameters that it doesn't know."]
    return tuple(said)


def _body_of(request: requests.PreparedRequest) -> Any:
    try:
        return json.loads(text_of(request) or "")
    except (ValueError, RecursionError):
        return None


def _of_the_address(name: str, takes: filters.ObjectOf, query: str) -> Iterator[str]:
    """Its parameters stand in the body."""
    given = dict.fromkeys(each for each, _ in parse_qsl(query, keep_blank_values=True))
    misplaced = [each for each in given if each in takes.fields]
    if misplaced:
        listed = filters.listed(misplaced)
        # assumed: a parameter in the address has no effect; the documentation has all in the body
        yield (
            f"The platform ignored {listed} in the address: {name} takes its parameters as JSON in "
            "the body."
        )


def _of_the_body(action: str, version: str, body: Any) -> Iterator[str]:
    known = parameters.known(action, version)
    if known is None:
        return
    method, takes = known
    for path, fields, given in filters.objects_in(takes, "", body):
        for name in given:
            if name not in fields:
                # assumed: what the documentation doesn't list has no effect
                where = _joined(path, str(name)[:60])
                hint = (
                    _of_another_version(action, version, path, str(name))
                    or _misspelled(str(name), path, fields)
                    or _misplaced(str(name), path, takes)
                )
                yield (
                    f"The platform ignored {where}: {method} of version {version} has no such "
                    f"parameter.{hint}"
                )


def _of_another_version(action: str, version: str, path: str, name: str) -> str:
    """Since when, or until when, there is such a filter."""
    if path != "filters":
        return ""
    here = _filters_of(action, version)
    other, why = filters.RENAMED.get(name, ("", ""))
    if other in here:
        return f" {why}"
    having = [each for each in parameters.VERSIONS if name in _filters_of(action, each)]
    return f" There is one from version {having[0]} on." if having else ""


def _filters_of(action: str, version: str) -> Mapping[str, filters.Check]:
    known = parameters.known(action, version)
    filtering = known[1].fields.get("filters") if known is not None else None
    return filtering.fields if isinstance(filtering, filters.ObjectOf) else {}


def _misspelled(name: str, path: str, fields: Mapping[str, filters.Check]) -> str:
    lower = name.lower()
    close = [each for each in fields if each.startswith(f"{lower}_")]
    close += difflib.get_close_matches(lower, fields, n=1, cutoff=0.7)
    return f" Did you mean {_joined(path, close[0])}?" if close else ""


def _misplaced(name: str, path: str, takes: filters.ObjectOf) -> str:
    """A filter among the parameters, or the other way round."""
    filtering = takes.fields.get("filters")
    if not path and isinstance(filtering, filters.ObjectOf):
        for each in (name, filters.RENAMED.get(name, ("",))[0]):
            if each in filtering.fields:
                return f" It is a filter: write it as filters.{each}."
    if path == "filters" and name in takes.fields:
        return f" Did you mean {name}, beside filters and not in it?"
    return ""


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
