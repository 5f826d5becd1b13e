"""Single characters that come along when something is copied.

Ones that show nothing, odd blanks, and ones that HTML, JSON and addresses write in another way.
"""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

# What Unicode calls ignorable by default and doesn't put among its control and format characters
# (Cc, Cf): joiners, fillers and variation selectors.
# Source: Unicode Character Database, DerivedCoreProperties, Default_Ignorable_Code_Point.
_IGNORABLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE0FFF),
)
#: What stands for a picture that was copied along.
_OBJECT = "\ufffc"
_BRAILLE_BLANK = "\u2800"
_LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
_HARDLY_PLAIN = re.compile(r"[^ -~\n]")
_ESCAPED = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
_JSON_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])|\\(/)")
_ENCODED = re.compile(r"%[0-9a-fA-F]{2}")

#: Characters of which is remembered what they are: one text has few different ones.
_ALPHABET = 1024

#: Rounds of decoding. What is encoded more often was made so on purpose.
_MOST_ROUNDS = 4


@lru_cache(_ALPHABET)
def shows_nothing(char: str) -> bool:
    """Whether a character takes no place on the screen, so that nobody sees it come along.

    That are Unicode's format and control characters (Cf, Cc) but for tabs and line breaks, and what
    it calls ignorable. The place of a picture and the codes that fonts of icons use, which a *Copy*
    button may leave behind, count as well.
    """
    if char == "\t" or char in _LINE_BREAKS:
        return False
    code = ord(char)
    return (
        unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs")
        or char == _OBJECT
        or any(first <= code <= last for first, last in _IGNORABLE)
    )


@lru_cache(_ALPHABET)
def is_blank(char: str) -> bool:
    """Whether a character shows as an empty place, or as the end of a line."""
    return char == _BRAILLE_BLANK or (char.isspace() and not shows_nothing(char))


def without_invisible(text: str) -> str:
    r"""The text without the characters that show nothing.

    >>> without_invisible("dal:not\u200b-a-real\u2060-token")
    'dal:not-a-real-token'
    """
    return _HARDLY_PLAIN.sub(lambda found: "" if shows_nothing(found[0]) else found[0], text)


def with_plain_blanks(text: str) -> str:
    """The text with a space for each odd blank, and a line feed for each kind of line break."""
    text = text.replace("\r\n", "\n")
    return _HARDLY_PLAIN.sub(lambda found: _plain(found[0]), text)


def _plain(char: str) -> str:
    if char in _LINE_BREAKS:
        return "\n"
    return " " if is_blank(char) else char


def unescaped(text: str) -> str:
    """The text without HTML's escapes, however often it was escaped.

    Only whole escapes count: ``&reg`` at the beginning of ``&region=dal`` is none.

    >>> unescaped("&quot;dal&amp;#58;not-a-real-token&quot;&region=dal")
    '"dal:not-a-real-token"&region=dal'
    """
    for _ in range(_MOST_ROUNDS):
        plain = _ESCAPED.sub(lambda found: unescape(found[0]), text)
        if plain == text:
            break
        text = plain
    return text


def without_json_escapes(text: str) -> str:
    r"""The text without the escapes that JSON may write for plain characters.

    >>> without_json_escapes(r"http:\/\/127.0.0.1\u003a8377\/callback")
    'http://127.0.0.1:8377/callback'
    """
    return _JSON_ESCAPED.sub(lambda found: found[2] or chr(int(found[1], 16)), text)


def decoded(text: str) -> str:
    """The text without percent-encoding, also where it was encoded again on its way.

    >>> decoded("dal%253Anot-a-real-token")
    'dal:not-a-real-token'
    """
    for _ in range(_MOST_ROUNDS):
        if not _ENCODED.search(text):
            break
        text = unquote(text)
    return text
