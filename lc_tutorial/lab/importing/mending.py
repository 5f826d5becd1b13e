"""Text that was damaged on its way: escaped for HTML, put into JSON, mailed, quoted for Windows.

What is pasted passes through here first, whatever it turns out to be, so that nothing behind this
module knows of these damages. Each mend asks for a proof first: something that nobody writes, and
that is left behind on one way only. An ``&amp;`` in a message stays; one before ``client_id=`` was
an ``&``. All that was mended is said.
"""

import contextlib
import json
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.prompts import CURL, command_in, without_prompts
from lc_tutorial.lab.importing.windows import as_bash, with_variables
from lc_tutorial.pasting import (
    QUOTES,
    is_blank,
    shows_nothing,
    unescaped,
    without_invisible,
    without_json_escapes,
)

#: What came by several ways has several damages; each round finds those of the last one.
_MOST_ROUNDS = 4

# Some only count behind the backslash that says that a line goes on: strings have them, too.
_LINE_ENDS = re.compile(r"\r\n?|(?<=\\)[\u2028\u2029\x85]")
_FENCE = re.compile(r"^[ \t]*+(```+|~~~+)[^\n`]*+\n", re.MULTILINE)

# Proofs that a text was escaped for HTML: an escape where a separator of parameters, the mark of a
# placeholder or the first quote of JSON belongs, or an escape that is escaped itself.
_QUOTE_ESCAPE = r"&(?:quot|apos|#0*(?:34|39)|#[xX]0*2[27]);"
_AMPERSAND = r"&(?:amp|#0*38|#[xX]0*26);"
_FOR_HTML = re.compile(
    rf"{_AMPERSAND}(?=[\w.%\[\]-]++=|(?:amp|lt|gt|quot|apos|#\d++|#[xX][0-9a-fA-F]++);)"
    r"|(?:(?:bearer|basic)\s++|[=/:]\s?)&lt;[\w .|-]{1,60}&gt;"
    r"|&lt;[A-Za-z]{1,20}(?:[_-][A-Za-z]{1,20}){1,6}&gt;"
    rf"|[\[{{]\s*+{_QUOTE_ESCAPE}",
    re.IGNORECASE,
)
# And where the first quote of a command is an escape.
_FIRST_QUOTE = re.compile(rf"{_QUOTE_ESCAPE}|[\"'\u2018-\u201f]", re.IGNORECASE)
_HTML_SAID = "The escapes of HTML, such as &amp;, were taken for the characters they stand for."
_BREAK_TAG = re.compile(r"<br ?/?>[ \t]*+(?=\n|\Z)", re.IGNORECASE)

# Within a string of JSON: a quote that opens a word of the command is escaped, and no other is not.
_IN_JSON = re.compile(r"\s\\\"")
_PLAIN_QUOTE = re.compile(r"(?<!\\)\"")
_STRING = re.compile(r"([\"'])\s*+(?=(?:\S{0,80}[/\\])?curl(?:\.exe)?\s)", re.IGNORECASE)
_SEPARATOR_IN_JSON = re.compile(r"\\u0026(?=[\w.%\[\]-]++=)|https?:\\/\\/")

_QUOTED_PRINTABLE = re.compile(r"=(?:[0-9A-F]{2}|[ \t]*\n|\Z)")

_LONG_LINE = re.compile(r"^[^\n]{60,75}=\n", re.MULTILINE)

_ADDRESS = re.compile(
    r"\s*(?:https?://|[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}(?:[/:?]|\s*\Z))", re.IGNORECASE
)
_ONLY_A_LINK = re.compile(r"\[([^\]\n]{0,200})\]\(\s*+<?(https?://[^)\s>]++)>?[^)\n]{0,80}\)")
_LINK = re.compile(r"\[\s*+(https?://[^\]\s]++)\s*+\]\(\s*+<?(https?://[^)\s>]++)>?\s*+\)")
_IN_BRACKETS = re.compile(
    r"(?:(?<=\s)|(?<![:,\[] [\"'])(?<![:,\[{][\"'])(?<=[\"'])|^)<(https?://[^\s<>|]++)(\|[^<>\n]*+)?>"
    r"(?=[\s\"']|\Z)"
)
# "Request URL: https://…", ("https://…"), https://….
_SURROUNDED = re.compile(
    rf"(?:[A-Za-z][\w -]{{0,30}}[:=][ \t]*|try |see |open |// )?([(<\[*{QUOTES}]*)(https?://\S+)",
    re.IGNORECASE,
)
_BEHIND_ADDRESS = f".,;*{QUOTES}"
_CLOSES = {")": "(", "]": "[", ">": "<"}
_ENCODED = re.compile(r"https?%(?:25)*3A%(?:25)*2F%(?:25)*2F", re.IGNORECASE)
_DOUBLE_CONTINUATION = re.compile(r"(?<=\s)\\\\[ \t]*+$", re.MULTILINE)


def mended(text: str, notes: list[str]) -> str:
    """The text as it was before it was damaged on its way.

    >>> mended("curl -d 'grant_type=x&amp;code=y' https://x.example", notes := [])
    "curl -d 'grant_type=x&code=y' https://x.example"
    >>> notes
    ['The escapes of HTML, such as &amp;, were taken for the characters they stand for.']

    Args:
        text: as it was pasted.
        notes: gets what was mended, as sentences.

    Raises:
        InputError: there are several commands in it, or a link that leads elsewhere than it says.
    """
    text = _stripped(_LINE_ENDS.sub("\n", text))
    for _ in range(_MOST_ROUNDS):
        before = text
        for mend in (
            _printable, _block, _html, _json_string, _separators, without_prompts, _links, _alone,
            _encoded,
        ):  # fmt: skip
            text = _stripped(mend(text, notes))
        if text == before:
            break
    without_variables = with_variables(text, notes)
    if without_variables != text:
        text = _stripped(without_prompts(without_variables, notes))
    if _DOUBLE_CONTINUATION.search(text):
        notes.append("Two backslashes at the end of a line were read as one.")
        text = _DOUBLE_CONTINUATION.sub(r"\\", text)
    return as_bash(text, notes) if CURL.match(text) else text


def _stripped(text: str) -> str:
    begin, end = 0, len(text)
    while begin < end and _is_empty(text[begin]):
        begin += 1
    while begin < end and _is_empty(text[end - 1]):
        end -= 1
    return text[begin:end]


def _is_empty(char: str) -> bool:
    return char.isspace() or is_blank(char) or shows_nothing(char)


# --- Mails and pages ------------------------------------------------------------------------------


def _printable(text: str, notes: list[str]) -> str:
    """Undo quoted-printable, the encoding of mails: behind each ``=`` is a code or a line end."""
    count = text.count("=")
    is_broken = _LONG_LINE.search(text) is not None
    if not is_broken and (count < 2 or "=3D" not in text):
        return text
    if len(_QUOTED_PRINTABLE.findall(text)) < count:
        return text
    try:
        plain = quopri.decodestring(text.encode()).decode()
    except UnicodeDecodeError:
        return text
    notes.append("The text was encoded for a mail (=3D for each =); that was undone.")
    return plain


def _block(text: str, notes: list[str]) -> str:
    """What stands in a block of code of Markdown, if one of them holds what is looked for."""
    if not (fence := _FENCE.search(text)):
        inline = len(text) > 2 and text[0] == text[-1] == "`" and "`" not in text[1:-1]
        return text[1:-1].strip() if inline else text
    blocks, starts = [], []
    while fence:
        end = text.find(f"\n{fence[1]}", fence.end() - 1)
        blocks.append(text[fence.end() : len(text) if end < 0 else end].rstrip("`~ \t\n"))
        starts.append(fence.start())
        fence = _FENCE.search(text, end + 1 + len(fence[1])) if end >= 0 else None
    found = [block for block in blocks if _is_wanted(block)]
    if len(found) > 1:
        raise InputError(
            what="There is more than one command.",
            why=f"{len(found)} blocks of code in the text hold one, and the lab imports one "
            "request at once.",
            remedy="Paste one after the other.",
        )
    if not found:
        # None of them is one: as it was before, the first says what it is.
        return blocks[0] if not starts[0] else text
    if starts[0] or len(blocks) > 1:
        notes.append("What stands around the block of code was left out.")
    return found[0]


def _is_wanted(block: str) -> bool:
    lines = block.lstrip().split("\n", 6)[:6]
    return any(command_in(line) is not None or line.startswith("http") for line in lines)


def _html(text: str, notes: list[str]) -> str:
    without_tags = _BREAK_TAG.sub("", text) if CURL.match(text) else text
    if without_tags != text:
        notes.append("<br> at the ends of lines was taken out.")
        text = without_tags
    first = _FIRST_QUOTE.search(text)
    if not _FOR_HTML.search(text) and (first is None or first[0][0] != "&"):
        return text
    notes.append(_HTML_SAID)
    return unescaped(text)


def _links(text: str, notes: list[str]) -> str:
    """Addresses out of the links that Markdown, Slack and mails make of them."""
    plain = _LINK.sub(lambda link: _target(link[1], link[2]), text)
    plain = _IN_BRACKETS.sub(lambda link: _target((link[2] or "")[1:], link[1]), plain)
    if only := _ONLY_A_LINK.fullmatch(plain):
        plain = _target(only[1], only[2])
    if plain != text:
        notes.append("The link around the address was taken out.")
    return plain


def _target(said: str, target: str) -> str:
    """Where a link leads. What it says may be anything, but not another address."""
    if _ADDRESS.match(said) and _without_scheme(said) != _without_scheme(target):
        raise InputError(
            what="There is a link in the text that leads elsewhere than it says.",
            why="Its text is one address, and behind it is another.",
            remedy="Write the address that you mean in its place.",
        )
    return target


def _without_scheme(address: str) -> str:
    return re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).rstrip("/")


def _alone(text: str, notes: list[str]) -> str:
    """An address without what surrounds it in a text: a label, quotes, brackets, a full stop."""
    if not (found := _SURROUNDED.fullmatch(text)):
        return text
    opened, address = found[1], found[2]
    while address[-1] in _BEHIND_ADDRESS or _CLOSES.get(address[-1], "-") in opened:
        address = address[:-1]
    if address != text:
        notes.append("What surrounds the address was taken off.")
    return address


def _encoded(text: str, notes: list[str]) -> str:
    if not _ENCODED.match(text):
        return text
    notes.append("The address was percent-encoded as a whole; that was undone.")
    while _ENCODED.match(text):
        text = unquote(text)
    return text


# --- JSON -----------------------------------------------------------------------------------------


def _json_string(text: str, notes: list[str]) -> str:
    """A command out of a string of JSON or Python, with or without the quotes around it."""
    inner, quote = text, ""
    if found := _STRING.match(text):
        inner, quote = text[found.end() :].rstrip(" ,;\n"), found[1]
        if not inner.endswith(quote) or re.search(rf"(?<!\\){quote}", inner[:-1]):
            return text
        inner = inner[:-1]
    elif not _IN_JSON.search(text) or _PLAIN_QUOTE.search(text):
        return text
    plain = inner
    if "\\" in inner:
        try:
            escaped = inner.replace("\\'", "'") if quote == "'" else inner
            escaped = re.sub(r"(?<!\\)\"", r"\"", escaped)
            plain = str(json.loads(f'"{escaped}"', strict=False))
        except ValueError:
            return text
    notes.append("The command was a string of JSON or of a program; its escapes were undone.")
    return plain.strip()


def earlier_json(text: str) -> Iterator[tuple[str, str]]:
    r"""What a text that is no JSON may have been before it was damaged, each with a sentence.

    >>> [plain for plain, _ in earlier_json('{""limit"": 5}')]
    ['{"limit": 5}']
    """
    if '\\"' in text:
        with contextlib.suppress(ValueError):
            yield (
                str(json.loads(f'"{text}"', strict=False)),
                "The quotes in the JSON had backslashes in front of them; these were taken out.",
            )
    if '""' in text:
        yield text.replace('""', '"'), "Doubled quotes in the JSON were read as single ones."
    if "&" in text:
        yield unescaped(text), _HTML_SAID
    if without_invisible(text) != text:
        yield without_invisible(text), "Invisible characters were taken out of the JSON."


def _separators(text: str, notes: list[str]) -> str:
    if not _SEPARATOR_IN_JSON.search(text):
        return text
    plain = without_json_escapes(text) if not CURL.match(text) else _plain_separators(text)
    notes.append(r"The escapes of JSON, such as \u0026, were taken for what they stand for.")
    return plain


def _plain_separators(text: str) -> str:
    r"""Without those that mean the same in JSON: ``\u0022`` in a body would end a string."""
    return re.sub(r"\\u0026|\\u003[dDcCeE]|\\/", lambda found: without_json_escapes(found[0]), text)
