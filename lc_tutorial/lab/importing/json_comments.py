"""Sample JSON made JSON: without the comments and the commas too many that samples have.

The platform's own samples have ``// payload`` and lines that are commented out. What is within
strings is never touched, and all else stays to the letter.
"""

import json
import re
from dataclasses import dataclass

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.mending import earlier_json
from lc_tutorial.messages import at_the_same_place
from lc_tutorial.pasting import with_plain_blanks

# A string, a comment, or a comma with nothing but blanks and comments between it and a bracket.
# One that is never closed goes to the end, so that nothing is looked at twice.
_STRING = r'"(?:[^"\\\n]++|\\.)*+"?'
_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
_PIECE = re.compile(rf"({_STRING})|({_COMMENT})|(,)|([^\s])|(\s++)", re.DOTALL)


@dataclass(frozen=True)
class Cleaned:
    """JSON, or what comes closest to it.

    Attributes:
        text: without comments.
        notes: what was taken out, as sentences.
    """

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Where a text stops being JSON.

    Attributes:
        line: from 1.
        column: from 1, in characters.
        reason: as a sentence.
    """

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.reason}"


def problem_in(text: str) -> Problem | None:
    """Where and why this is no JSON; None if it is."""
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as said:
        problem = at_the_same_place(said)
        return Problem(problem.lineno, problem.colno, _reason(problem, text))
    except RecursionError:
        return Problem(1, 1, "Its brackets are nested too deep.")
    except ValueError as other:
        return Problem(1, 1, str(other))
    return None


def check(text: str) -> None:
    """Make sure that this is JSON.

    Raises:
        InputError: with line and column.
    """
    if problem := problem_in(text):
        raise InputError(
            what="The body is not JSON.",
            why=str(problem),
            remedy="Correct it there.",
        )


def cleaned(text: str) -> Cleaned:
    """Take out what samples have and JSON has not. JSON comes back as it is.

    So does what is no JSON whatever is taken out, but for that.
    """
    if problem_in(text) is None:
        return Cleaned(text)
    found = _without_extras(text)
    if problem_in(found.text) is not None:
        for earlier, said in earlier_json(text):
            mended = _without_extras(earlier)
            if problem_in(mended.text) is None:
                return Cleaned(mended.text, (said, *mended.notes))
    return found


def _without_extras(text: str) -> Cleaned:
    if problem_in(text) is None:
        return Cleaned(text)
    kept: list[str] = []
    notes: dict[str, None] = {}
    comma = -1  # the place in ``kept`` of a comma that nothing has followed yet
    for string, comment, is_comma, other, blank in _PIECE.findall(text):
        if comment:
            notes["Comments were taken out of the JSON, which has none."] = None
            _drop_line_before(kept)
            continue
        if blank:
            plain = with_plain_blanks(blank)
            if plain != blank:
                notes["Spaces of a special kind were taken for plain ones."] = None
            kept.append(plain)
            continue
        if other == "\\":
            notes["Backslashes between the parts of the JSON were taken out."] = None
            continue
        if other in ("}", "]") and other and comma >= 0:
            kept[comma] = ""
            notes["A comma before a closing bracket was taken out of the JSON."] = None
        comma = len(kept) if is_comma else -1
        kept.append(string or is_comma or other)
    text = "".join(kept)
    if problem_in(text) is not None:
        straight = re.sub("[\u201c\u201d\u201e\u201f]", '"', text)
        if straight != text and problem_in(straight) is None:
            notes["Curly quotes in the JSON were taken for straight ones."] = None
            text = straight
    return Cleaned(text, tuple(notes))


def _drop_line_before(kept: list[str]) -> None:
    """Drop the blanks that led up to a comment; its line break follows yet."""
    if kept and kept[-1].isspace():
        before, newline, _ = kept[-1].rpartition("\n")
        # A comment on a line of its own takes its line along.
        kept[-1] = before if newline else ""


def _no_constant(name: str) -> None:
    raise ValueError(f"JSON has no {name}.")


def _reason(problem: json.JSONDecodeError, text: str) -> str:
    found = text[problem.pos : problem.pos + 1]
    if not found:
        return "It ends too early: a bracket or a quote is not closed."
    if problem.msg == "Extra data":
        return "Something follows behind the end of the JSON."
    if problem.msg.startswith("Expecting property name"):
        if found == "'":
            return "Names stand in double quotes, not in single ones."
        if found == "}":
            return "There is a comma before the closing bracket."
        return 'A name in double quotes is expected, such as "limit".'
    if problem.msg.startswith("Expecting ','"):
        return "A comma or a closing bracket is missing."
    if problem.msg.startswith("Expecting ':'"):
        return "A colon is missing behind the name."
    if problem.msg.startswith("Invalid control character"):
        return "There is a line break or a tab in a string; write \\n or \\t."
    if problem.msg.startswith("Unterminated string"):
        return "This string has no closing quote."
    if problem.msg.startswith("Invalid \\"):
        return "This backslash escapes nothing; write two of them."
    if problem.msg == "Expecting value":
        if found == "'":
            return "Strings stand in double quotes, not in single ones."
        if found in "]}":
            return "There is a comma before the closing bracket, or a value is missing."
        return "A value is expected: a string in double quotes, a number, true, false or null."
    return f"{problem.msg}."
