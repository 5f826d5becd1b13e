"""A row of the table: one way in which a request is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from lc_tutorial.errors.explaining.explanation import Cause
from tests.unit.errors.scene import Scene


@dataclass(frozen=True)
class Row:
    """One refusal.

    Attributes:
        case: what was done.
        send: does it.
        error: the status and the name of the error.
        cause: what is said of it, in part; a known one or a likely one.
        remedy: what to do, in part.
        alone: whether it spoils the scene for others.
    """

    case: str
    send: Callable[[Scene], requests.Response]
    error: str
    cause: Cause
    remedy: str
    alone: bool = False


def once(*columns: Any) -> Row:
    """A row that spoils its scene."""
    return Row(*columns, alone=True)
