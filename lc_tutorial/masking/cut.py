"""What is left of a secret where a long value was shown without its middle.

IPython, pandas, pprint, reprlib and many others put an ellipsis there, each its own.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping

from lc_tutorial.masking.known import Forms, Span

_ELLIPSES = ("...", "…")

# What may stand around the ellipsis, up to three of them: ``<...>``, ``[...]``, blanks.
_OPENING, _CLOSED = "<[({ ", re.compile(r"[>\])} ]{0,3}")

_LETTERS = f"{string.ascii_letters}{string.digits}_%+/-"
_AFTER = re.compile(r"[\w%+/-]{4,}=*")

# A word at the end of a text, behind an ellipsis.
_BEGUN = re.compile(r"(?:\.\.\.|…)[>\])} ]{0,3}([\w%+/-]+=*)\Z")

#: Characters on each side of the ellipsis that are looked at; a shortened value has fewer.
_LONGEST = 256


def pieces(text: str, forms: Forms) -> Iterator[Span]:
    """Where in a text the beginnings and the ends of secrets stand beside an ellipsis."""
    if not forms.secrets:
        return
    for ellipsis in _ELLIPSES:
        begin = text.find(ellipsis) if ellipsis[0] in text else -1
        while begin >= 0:
            end = begin + len(ellipsis)
            first, last = _word_before(text, begin)
            if last - first > 3 and _holds_beginning(text[first:last], forms.beginnings):
                yield first, last
            closed = _CLOSED.match(text, end, end + 3)
            after = _AFTER.match(text, closed.end() if closed else end, end + _LONGEST)
            if after is not None and _holds_end(after[0].rstrip("="), forms.endings):
                yield after.span()
            begin = text.find(ellipsis, end)


def begun(text: str, forms: Forms) -> int:
    """How many characters at the end of a text, behind an ellipsis, may go on to a secret's end."""
    found = _BEGUN.search(text, max(0, len(text) - _LONGEST))
    if found is None:
        return 0
    piece = found[1].rstrip("=")
    is_part = any(piece in end for ends in forms.endings.values() for end in ends)
    return len(found[1]) if is_part else 0


def _word_before(text: str, end: int) -> Span:
    around = text[max(0, end - 3) : end]
    last = end - len(around) + len(around.rstrip(_OPENING))
    before = text[max(0, last - _LONGEST) : last]
    return last - len(before) + len(before.rstrip(_LETTERS)), last


def _holds_beginning(piece: str, beginnings: Mapping[str, Iterable[str]]) -> bool:
    """Whether a word ends with the first four or more characters of a secret."""
    return any(
        secret.startswith(piece[at:])
        for at in range(len(piece) - 3)
        for secret in beginnings.get(piece[at : at + 3], ())
    )


def _holds_end(piece: str, endings: Mapping[str, Iterable[str]]) -> bool:
    """Whether a word begins with the last four or more characters of a secret."""
    return any(
        end.endswith(piece[: at + 4])
        for at in range(len(piece) - 3)
        for end in endings.get(piece[at : at + 4], ())
    )
