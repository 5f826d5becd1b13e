"""What learners give as an answer, read and named: for the checks of exercises."""

import re
from collections.abc import Iterable
from typing import Any


def kind_of(thing: object) -> str:
    """What kind of thing this is, with its article; None is nothing else.

    >>> kind_of(1), kind_of(""), kind_of(None)
    ('an int', 'a str', 'None')
    """
    if thing is None:
        return "None"
    name = type(thing).__name__
    return f"an {name}" if re.match("[aeiou]", name, re.IGNORECASE) else f"a {name}"


def ids_in(answer: Any) -> set[str] | None:
    """Chat ids in whatever a learner may hold them; None if it holds something else."""
    # Imported here: not every check needs it.
    import pandas as pd

    if isinstance(answer, pd.DataFrame):
        if list(answer.columns).count("chat_id") != 1:
            return None
        answer = answer["chat_id"]
    if isinstance(answer, str):
        answer = [answer]
    if isinstance(answer, dict) or not isinstance(answer, Iterable):
        return None
    try:
        ids = list(answer)
    except TypeError:
        # An array without a dimension says that it is iterable, and is not.
        return None
    return set(ids) if all(isinstance(each, str) for each in ids) else None


def number_in(answer: Any) -> int | None:
    """A whole number in whatever a learner may hold it; None if they hold something else."""
    # A column or an array has an int, too, if there is one number in it.
    is_one = hasattr(answer, "__int__") and getattr(answer, "shape", ()) == ()
    if not is_one or isinstance(answer, bool):
        return None
    try:
        number = int(answer)
    except (TypeError, ValueError, OverflowError):
        # Not-a-number, or infinity.
        return None
    return number if number == answer else None


def some(ids: set[str]) -> str:
    """One of these ids, and how many more there are."""
    first = min(ids) or "an empty text"
    return first if len(ids) == 1 else f"{first} and {len(ids) - 1} more"


def count(ids: set[str], one: str) -> str:
    """How many these are, of which ``one`` is the name of one."""
    return f"{len(ids)} {one}" if len(ids) == 1 else f"{len(ids)} {one}s"
