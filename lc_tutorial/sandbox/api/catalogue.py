"""The methods of the product APIs that the documentation has, imitated or not.

They stand in methods.txt at the top of the package, which says what is in it and where it is from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from lc_tutorial.sandbox.world import Version, versions

Api = Literal["agent", "configuration", "customer"]
"""As they are called in an address."""

API_NAMES: dict[Api, str] = {
    "agent": "Agent Chat API",
    "configuration": "Configuration API",
    "customer": "Customer Chat API",
}


@dataclass(frozen=True)
class Documented:
    """A method as the documentation has it.

    Attributes:
        api: Which API it belongs to.
        name: The name of its action.
        group: The heading that it stands under.
        since: The first version of ours that has it.
        until: The last one.
        scopes: Those of which a token needs one; none where none is needed. Where the rules are
            more than that, the method's page tells them.
        by_get: Whether it is called by GET, not by POST.
    """

    api: Api
    name: str
    group: str
    since: Version
    until: Version
    scopes: tuple[str, ...]
    by_get: bool = False

    def is_in(self, version: Version) -> bool:
        """Whether that version has it."""
        return self.since <= version <= self.until

    @property
    def span(self) -> str:
        """The versions that have it, in words."""
        first, last = self.since.number, self.until.number
        if self.since == self.until:
            return f"version {first}"
        return f"versions {first} to {last}"


_TABLE = Path(__file__).parents[2] / "methods.txt"
_MARKS = {"*", "GET"}


def _read(table: str) -> Iterator[Documented]:
    """Read the table; what a method does, behind the bar, is for people."""
    api: Api = "agent"
    group = ""
    for line in table.splitlines():
        if line.startswith("["):
            api = cast(Api, line.strip("[]"))
        elif line.endswith(":"):
            group = line.removesuffix(":")
        elif line and not line.startswith("#"):
            name, span, *needed = line.partition("|")[0].split()
            since, _, until = span.partition("-")
            yield Documented(
                api,
                name,
                group,
                _version(since),
                _version(until or since),
                tuple(scope for scope in needed if scope not in _MARKS),
                "GET" in needed,
            )


def _version(number: str) -> Version:
    version = versions.parse(number)
    assert version is not None  # noqa: S101  (a slip in a table)
    return version


#: The methods of each API by their names, in the order of the documentation.
CATALOGUE: dict[Api, dict[str, Documented]] = {api: {} for api in API_NAMES}
for _method in _read(_TABLE.read_text(encoding="utf-8")):
    CATALOGUE[_method.api][_method.name] = _method
