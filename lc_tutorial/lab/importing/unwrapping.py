"""What was pasted: a cURL command or a URL, taken out of what was copied along; or something else.

Everything here is looked at once, from its beginning to its end: what is pasted may be long.
"""

import enum
import re

from lc_tutorial.errors import InputError
from lc_tutorial.pasting import CLIENT_ID

#: Characters. No request of these APIs comes near.
MOST_CHARACTERS = 256 * 1024

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd\ud800-\udfff]")
_URL = re.compile(r"<?https?://|[\w-]++(?:\.[\w-]++)++(?::\d++)?/|localhost\b", re.IGNORECASE)
_CURL = re.compile(r"(?:\S*[/\\])?curl(?:\.exe)?(?=\s|$)", re.IGNORECASE)
_FOR_WINDOWS = re.compile(r"\S*curl(?:\.exe)?\s++\^\"|[^\n]*\s\^[ \t]*+(?:\n|$)", re.IGNORECASE)
_FENCE = re.compile(r"```[\w-]*+[ \t]*+\n|%%(?:bash|sh|script\b[^\n]*+)[ \t]*+\n")
# What a terminal or a notebook writes before a command.
_PROMPT = re.compile(
    r"\A\s*(?:[\w.-]+@[\w.-]+[^\n$#%>]{0,80})?[$%#>!][ \t]*(?=curl\b)", re.IGNORECASE
)
_LATER_PROMPT = re.compile(r"^[ \t]*> ?", re.MULTILINE)
_TITLE = re.compile(r"[\w .,:!()+-]{1,80}")
_MOST_TITLES = 4

# What else people copy: how it begins, and what it is.
_OTHERS = (
    (re.compile(r"wget\b"), "a command for wget"),
    (re.compile(r"https?\s++(?:GET|POST|PUT|PATCH|DELETE|HEAD|:|-|[\w.]+[./])"),
     "a command for HTTPie"),
    (re.compile(r"(?:import|from)\s++\w|\w++\s*+=\s*+requests\.|requests\.\w|#!.*python"),
     "Python code"),
    (re.compile(r"(?:await\s++)?fetch\(|(?:const|var|let)\s"), "JavaScript"),
    (re.compile(r"(?:\$\w++\s*+=\s*+)?(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)\b"
                r"|\$\w++\s*+=\s*+New-Object\b", re.IGNORECASE),
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
        raise InputError(
            what="This is binary data.",
            why="It has characters that no command and no address has.",
            remedy="Paste a cURL command or a URL, as text.",
        )


def unwrapped(text: str, notes: list[str]) -> tuple[Kind, str]:
    """What can be imported in this text.

    Args:
        text: as it was pasted.
        notes: gets what was left out, as sentences.

    Raises:
        InputError: it is something else; what, as far as its beginning tells.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\u200b \t\n\u00a0")
    if fence := _FENCE.match(text):
        text = text[fence.end() :].rstrip("` \t\n").lstrip()
    text = _without_titles(text, notes)
    if _PROMPT.match(text) or _CURL.match(text) or _commented(text):
        if _FOR_WINDOWS.match(text):
            raise InputError(
                what="This command was copied for the command prompt of Windows.",
                why="It has ^ before quotes and at the ends of lines, which mean nothing here.",
                remedy="In the browser choose Copy as cURL (bash), and paste that.",
            )
        return Kind.CURL, _without_prompts(text)
    if _URL.match(text):
        if text[0] == "<":
            text = text.strip("<>")
        return Kind.URL, text
    raise _something_else(text)


def _without_prompts(text: str) -> str:
    """Drop ``$`` in front of the command, and ``>`` in front of its further lines."""
    text = _PROMPT.sub("", text, count=1)
    first, _, rest = text.partition("\n")
    lines = [line for line in rest.split("\n") if line.strip()]
    if lines and all(line.lstrip().startswith(">") for line in lines):
        rest = _LATER_PROMPT.sub("", rest)
        return f"{first}\n{rest}"
    return text


def _without_titles(text: str, notes: list[str]) -> str:
    """Drop the few lines above a command that a page has there, such as "Sample request"."""
    lines = text.split("\n", _MOST_TITLES + 1)
    for number, line in enumerate(lines[: _MOST_TITLES + 1]):
        line = line.strip()
        if _CURL.match(line) or _PROMPT.match(line):
            if number and any(above.strip() for above in lines[:number]):
                notes.append("What stands above the command was left out.")
            return "\n".join(lines[number:])
        if line and not _TITLE.fullmatch(line):
            break
        if any(pattern.match(line) for pattern, _ in _OTHERS):
            break
    return text


def _commented(text: str) -> bool:
    """Whether it begins with comments, and goes on with curl."""
    for line in text.split("\n"):
        line = line.strip()
        if line and not line.startswith("#"):
            return _CURL.match(line) is not None
    return False


def _something_else(text: str) -> InputError:
    name = next((name for pattern, name in _OTHERS if pattern.match(text)), None)
    return InputError(
        what=f"This is {name}." if name else "This is neither a cURL command nor a URL.",
        why="The lab reads commands that begin with curl, and addresses that begin with https://.",
        remedy=_REMEDIES.get(
            name or "",
            "The documentation shows each request as cURL; a browser has Copy as cURL in the "
            "Network tab of its developer tools.",
        ),
    )
