"""What an explanation is: what happened, why, and what to do; and whether the why is known.

A cause is a claim. Who makes one says with its type how sure it is: :class:`Known` for what the
request itself shows, this kernel saw, or the platform said; :class:`Likely` for everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar


@dataclass(frozen=True)
class Known:
    """A cause that is a fact.

    Attributes:
        text: one sentence or more.
    """

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Likely:
    """A cause that is a guess, if a good one.

    Attributes:
        text: what follows the word "Likely", and so it begins with a small letter.
    """

    text: str

    def __str__(self) -> str:
        return f"Likely {self.text}"


Cause = Known | Likely


class Finding(NamedTuple):
    """What one check found: why the request was refused, and what to do."""

    cause: Cause
    remedy: str


class Explanation(NamedTuple):
    """What happened, why, and what to do now."""

    what: str
    why: Cause
    remedy: str


T = TypeVar("T")


def first(of: T, *checks: Callable[[T], Finding | None]) -> Finding | None:
    """What the first of these checks finds that finds something."""
    return next((found for check in checks if (found := check(of)) is not None), None)


def listed(names: object, last: str = "and") -> str:
    """Names as a sentence has them.

    >>> listed(["limit", "filters", "sort_order"])
    'limit, filters and sort_order'
    """
    *rest, final = [str(name) for name in names]  # type: ignore[attr-defined]
    return f"{', '.join(rest)} {last} {final}" if rest else final
