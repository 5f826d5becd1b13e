"""What was pasted: a cURL command or a URL, taken out of what was copied along; or something else.

Everything here is looked at once, from its beginning to its end: what is pasted may be long.
"""

import enum
import re

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.mending import mended
from lc_tutorial.lab.importing.prompts import CURL, command_in
from lc_tutorial.pasting import CLIENT_ID

#: Characters. No request of these APIs comes near.
MOST_CHARACTERS = 256 * 1024

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd\ud800-\udfff]")
_URL = re.compile(r"https?://|[\w-]++(?:\.[\w-]++)++(?::\d++)?/|localhost\b", re.IGNORECASE)
# The options of what PowerShell calls curl.
_OF_POWERSHELL = re.compile(r"\s-(?:Uri|Method|Headers|Body|ContentType|UseBasicParsing)\s")
_TITLE = re.compile(r"[\w .,:!()+-]{1,80}")
_MOST_TITLES = 4
# The first line of a prompt of two.
_PROMPT_ABOVE = re.compile(r"[\u250c\u256d]\S.{0,120}|\S{1,60}@\S{1,60}(?: [^\s'\"]{1,60}){0,4}")

# What else people copy: how it begins, and what it is.
_OTHERS = (
    (re.compile(r"wget\b"), "a command for wget"),
    (re.compile(r"https?\s++(?:GET|POST|PUT|PATCH|DELETE|HEAD|:|-|[\w.]+[./])"),
     "a command for HTTPie"),
    (re.compile(r"(?:import|from)\s++\w|\w++\s*+=\s*+requests\.|requests\.\w|#!.*python"),
     "Python code"),
    (re.compile(r"(?:await\s++)?fetch\(|(?:const|var|let)\s"), "JavaScript"),
    (re.compile(r"(?:\$\w++\s*+=\s*+)?(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)\b"
                r"|\$\w++\s*+=\s*+(?:New-Object\b|@[\"'{(]|\[\w|[\"'$])|\$env:\w", re.IGNORECASE),
     "a command for PowerShell"),
    (re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s++\S++(?:\s++HTTP/[\d.]++)?\s*+"
                r"(?:\n|$)|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s++\S++\s++HTTP/"),
     "the text of an HTTP request"),
    (re.compile(r"HTTP/\d"), "the text of an answer"),
    (re.compile(r"[{\[]"), "JSON"),
    (re.compile(r"<"), "HTML or XML"),
    (re.compile(r"#!|(?:sudo|sh|bash|echo|export|cat|cd|rm|python3?|pip|npm)\s"),
     "a command for a shell, and not for curl"),
    (re.compile(r"(?:dal|fra|fra-[ab])(?::|%3A)\S++$", re.IGNORECASE), "a token or a code"),
    (re.compile(rf"{CLIENT_ID.pattern}$"), "a Client Id or a secret"),
)  # fmt: skip

_REMEDIES = {
    "a token or a code": "Import a request, and enter this below, among the values.",
    "a Client Id or a secret": "Import a request, and enter this below, among the values.",
    "JSON": "Import a command or an address first; then paste this into the body.",
}


class Kind(enum.Enum):
    """What can be imported."""

    CURL = enum.auto()
    URL = enum.auto()


def check(text: str) -> None:
    """Make sure that there is a text, and one of a size that a request has.

    Raises:
        InputError: there isn't.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            what=f"This is too long: {len(text):,} characters.",
            why=f"The lab takes {MOST_CHARACTERS:,} at most, which is more than any request needs.",
            remedy="Paste one cURL command or one URL.",
        )
    if not text.strip():
        raise InputError(
            what="Nothing is pasted.",
            why="The text is empty.",
            remedy="Paste a cURL command or a URL.",
        )
    if _BINARY.search(text):
        raise _binary()


def unwrapped(text: str, notes: list[str]) -> tuple[Kind, str]:
    """What can be imported in this text.

    Args:
        text: as it was pasted.
        notes: gets what was left out, as sentences.

    Raises:
        InputError: it is something else; what, as far as its beginning tells.
    """
    text = _without_titles(mended(text, notes), notes)
    if _BINARY.search(text):
        raise _binary()
    if CURL.match(text):
        if _OF_POWERSHELL.search(text):
            raise _is("a command for PowerShell, which calls a command of its own curl")
        return Kind.CURL, text
    if _URL.match(text):
        return Kind.URL, text
    raise _something_else(text)


def _without_titles(text: str, notes: list[str]) -> str:
    """Without the few lines above a command that a page has there, such as "Sample request"."""
    lines = text.split("\n")
    titles = 0
    for number, line in enumerate(lines):
        line = line.strip()
        if command_in(line) is not None:
            if titles:
                notes.append("What stands above the command was left out.")
            return mended("\n".join(lines[number:]), notes) if number else text
        if not line or line.startswith("#"):
            continue
        titles += 1
        is_title = _TITLE.fullmatch(line) or _PROMPT_ABOVE.fullmatch(line)
        if titles > _MOST_TITLES or not is_title:
            break
        if any(pattern.match(line) for pattern, _ in _OTHERS):
            break
    return text


def _binary() -> InputError:
    return InputError(
        what="This is binary data.",
        why="It has characters that no command and no address has.",
        remedy="Paste a cURL command or a URL, as text.",
    )


def _something_else(text: str) -> InputError:
    return _is(next((name for pattern, name in _OTHERS if pattern.match(text)), None))


def _is(name: str | None) -> InputError:
    return InputError(
        what=f"This is {name}." if name else "This is neither a cURL command nor a URL.",
        why="The lab reads commands that begin with curl, and addresses that begin with https://.",
        remedy=_REMEDIES.get(
            name or "",
            "The documentation shows each request as cURL; a browser has Copy as cURL in the "
            "Network tab of its developer tools.",
        ),
    )
