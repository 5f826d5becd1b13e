"""The methods of the product APIs that the documentation has, and the scopes that each takes.

They stand in methods.txt at the top of the package, which says what is in it and where it is from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: What the APIs are called, by the part of the address that says which it is.
API_NAMES = {
    "agent": "Agent Chat API",
    "configuration": "Configuration API",
    "customer": "Customer Chat API",
}

#: The versions that have a method, where all of them do.
_ALL = ("3.4", "3.7")

#: The version to use. Source: livechat-public-docs, messaging (API versioning).
STABLE = "3.6"


@dataclass(frozen=True)
class Documented:
    """A method as the documentation has it.

    Attributes:
        api: ``agent``, ``configuration`` or ``customer``.
        name: of its action.
        versions: the first and the last of 3.4 to 3.7 that have it.
        scopes: of which a token needs one; none where none is needed.
        has_more_rules: whether the rules are more than that; its page tells them.
        by_get: whether it is called by GET, not by POST.
        does: what it does, in a few words; empty for customers' methods.
    """

    api: str
    name: str
    versions: tuple[str, str]
    scopes: tuple[str, ...]
    has_more_rules: bool
    by_get: bool
    does: str


_MARKS = {"*", "GET"}


def _read(table: str) -> Iterator[Documented]:
    api = ""
    for line in table.splitlines():
        if line.startswith("["):
            api = line.strip("[]")
        elif line and not line.startswith("#") and not line.endswith(":"):
            facts, _, does = line.partition("|")
            name, span, *needed = facts.split()
            since, _, until = span.partition("-")
            yield Documented(
                api,
                name,
                (since, until or since),
                tuple(scope for scope in needed if scope not in _MARKS),
                "*" in needed,
                "GET" in needed,
                does.strip(),
            )


_TABLE = Path(__file__).parents[2] / "methods.txt"

#: All of them, API by API, in the order of the documentation.
DOCUMENTED = tuple(_read(_TABLE.read_text(encoding="utf-8")))

#: The names of all methods, by API.
METHODS: dict[str, tuple[str, ...]] = {
    api: tuple(method.name for method in DOCUMENTED if method.api == api) for api in API_NAMES
}

#: Those that are called with GET.
BY_GET: dict[str, tuple[str, ...]] = {
    api: tuple(method.name for method in DOCUMENTED if method.api == api and method.by_get)
    for api in API_NAMES
}

#: The versions that have a method, by API and method, where not all of them do.
VERSIONS: dict[str, dict[str, tuple[str, str]]] = {
    api: {
        method.name: method.versions
        for method in DOCUMENTED
        if method.api == api and method.versions != _ALL
    }
    for api in API_NAMES
}

# None of customers' methods, whose tokens have no scopes, nor of those with several rules.
_SCOPES = {
    (method.api, method.name): method.scopes
    for method in DOCUMENTED
    if method.api != "customer" and not method.has_more_rules
}


def scopes_of(service: str, action: str) -> tuple[str, ...] | None:
    """The scopes of which a method takes one; empty where it takes none, None where unknown."""
    return _SCOPES.get((service, action))
