"""A cell that Python can't read: a terminal's command, typographic quotes, a bracket left open."""

import re

from lc_tutorial.errors import NotSent

#: Programs whose commands are read about, and then typed into a cell.
_COMMAND = re.compile(
    r"\s*(?:[$>%!]\s*)?(curl|lc-tutorial|make|pip3?|python3?|jupyter|conda|git|cd|export|bash|sh)"
    r"(?:\s+[^=\s].*)?"
)
_QUOTES = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4`"


def cell(problem: SyntaxError) -> NotSent | None:
    """Why Python can't read a cell, and what to do; None where Python's own words have to do.

    Args:
        problem: what reading it raised.
    """
    said, where = problem.msg or "", f" in line {problem.lineno}" if problem.lineno else ""
    if (found := command(problem.text or "")) is not None:
        return found
    if said.startswith("invalid character") and any(quote in said for quote in _QUOTES):
        return _unread(
            where,
            "It has typographic quotation marks, as word processors and web pages make them.",
            """Write plain ones in their place: " or '.""",
        )
    if opened := re.match(r"'([({\[])' was never closed", said):
        closing = {"(": ")", "[": "]", "{": "}"}[opened[1]]
        return _unread(
            where,
            f"The bracket {opened[1]} is opened there, and closed nowhere.",
            f"Write {closing} where it belongs.",
        )
    if said == "incomplete input":
        return _unread(
            where,
            "It breaks off: a bracket is opened in it, and closed nowhere.",
            "Write the closing bracket where it belongs.",
        )
    if said.startswith(("unterminated string", "unterminated f-string")):
        return _unread(
            where,
            "A text begins there with a quotation mark, and no quotation mark ends it.",
            "Write the same mark at its end, on the same line.",
        )
    if "forgot a comma" in said:
        return _unread(
            where,
            "Two things stand side by side there with nothing between them.",
            "Write a comma between them; in a dict, one behind each value.",
        )
    return None


def command(line: str) -> NotSent | None:
    """A command of a terminal in a cell; None, if it is something else.

    Args:
        line: of the cell.
    """
    found = _COMMAND.fullmatch(line.rstrip("\n"))
    if found is None:
        return None
    remedy = "Run it in a terminal: in Jupyter, File, New, Terminal opens one."
    if found[1] == "curl":
        remedy = f"Paste it into the request lab, lc.RequestLab(platform). {remedy}"
    return NotSent(
        what=f"This is a command for a terminal: {found[1]}.",
        why="A cell is Python, and Python can't read it. Nothing was run.",
        remedy=remedy,
    )


def _unread(where: str, why: str, remedy: str) -> NotSent:
    return NotSent(
        what=f"Python can't read this cell{where}. Nothing was run.",
        why=why,
        remedy=f"{remedy} Run the cell again.",
    )
