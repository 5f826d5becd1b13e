"""Texts of the course's data: plain, with `code` in backticks and *emphasis* in asterisks."""

import re
from html import escape

_CODE = re.compile(r"`([^`]+)`")
_EMPHASIS = re.compile(r"\*(\S(?:[^*]*\S)?)\*")


def as_html(text: str) -> str:
    """The text for a page; whatever else stands in it is escaped."""
    pieces = _CODE.split(" ".join(text.split()))
    # Every second piece stood in backticks.
    return "".join(
        f"<code>{escape(piece)}</code>" if position % 2 else _emphasised(piece)
        for position, piece in enumerate(pieces)
    )


def as_plain(text: str) -> str:
    """The text without its marks, on one line."""
    pieces = _CODE.split(" ".join(text.split()))
    return "".join(
        piece if position % 2 else _EMPHASIS.sub(r"\1", piece)
        for position, piece in enumerate(pieces)
    )


def _emphasised(text: str) -> str:
    return _EMPHASIS.sub(r"<em>\1</em>", escape(text))
