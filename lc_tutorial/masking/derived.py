"""All that one secret looks like elsewhere: encoded, escaped, within the Base64 of something.

Whoever has one of these has the secret. They are derived here and nowhere else, from the value
alone: the Base64 of ``account:token`` is found though nobody said which account.
"""

import base64
import binascii
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote, quote_plus

#: The places whose data a code or a token belongs to stand in front of it, and are no secret.
#: Source: livechat-public-docs, src/constants.
REGIONS = ("dal", "fra", "fra-a", "fra-b")

#: What can only be one value, whatever is scattered within it.
_WORD = re.compile(r"[A-Za-z0-9_-]{16,}")

_SCHEME = re.compile(r"(?i)(?:bearer|basic)\s+(?=\S)")
_USER_AND_PASSWORD = re.compile(r"[\w.@+-]{4,128}:([!-~]{8,})")


#: Letters of a word that are looked for in blocks; what is longer is recognized by its beginning.
_BEGINNING = 64


@dataclass(frozen=True, eq=False)
class Form:
    """One form of a secret.

    Attributes:
        text: as it stands in what is displayed.
        is_word: whether it is one long word, which is found also where a line break, a quotation
            mark or the like divides it.
        is_base64: whether the Base64 around it belongs to it.
    """

    text: str
    is_word: bool = False
    is_base64: bool = False

    @cached_property
    def data(self) -> bytes:
        """The text as bytes."""
        return self.text.encode("utf-8", "surrogatepass")

    @property
    def blocks(self) -> Iterator[int]:
        """All that stands in 8 letters one after another where the word begins, as numbers."""
        for first in range(self.reach - 7):
            yield int.from_bytes(self.data[first : first + 8], sys.byteorder)

    @property
    def reach(self) -> int:
        """How many letters of the word the :attr:`blocks` are taken from; 0 for what is no word."""
        return min(len(self.data), _BEGINNING) if self.is_word else 0


def without_region(value: str) -> str:
    """The secret part of a code or a token.

    >>> without_region("fra-a:not-a-real-token")
    'not-a-real-token'
    """
    region, colon, rest = value.partition(":")
    return rest if colon and region in REGIONS else value


def secrets_in(value: str) -> Iterator[str]:
    """The secrets of which a value is made: of a header its credential, of a pair its password.

    >>> list(secrets_in("Basic bm90LWEtdXNlcjpub3QtYS1yZWFsLXBhc3N3b3Jk"))
    ['bm90LWEtdXNlcjpub3QtYS1yZWFsLXBhc3N3b3Jk', 'not-a-real-password']
    """
    value = without_region(_SCHEME.sub("", value, count=1))
    yield value
    for pair in (value, decoded(value)):
        found = _USER_AND_PASSWORD.fullmatch(pair)
        if found and "://" not in pair:
            yield without_region(found[1])


def decoded(text: str) -> str:
    """The text that this is the Base64 of, of either alphabet; empty if it is none."""
    bare = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(f"{bare}{'=' * (-len(bare) % 4)}", validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def forms_of(secret: str) -> Iterator[Form]:
    """All forms of a secret, itself among them.

    Args:
        secret: without its region, which may stand before any of the forms.
    """
    # Of small letters alone, it could be some words of a sentence.
    small = secret.islower() and secret.isalpha()
    is_word = _WORD.fullmatch(secret) is not None and not small
    yield Form(secret, is_word=is_word)
    for text in dict.fromkeys(_escaped(secret)):
        if text != secret:
            yield Form(text)
    data = secret.encode("utf-8", "surrogatepass")
    for text in (data.hex(), data.hex().upper()):
        yield Form(text, is_word=len(data) >= 8)
    for text in dict.fromkeys(_in_base64(data)):
        yield Form(text, is_word=_WORD.fullmatch(text) is not None, is_base64=True)


def endings_of(secret: str) -> Iterator[str]:
    """What a text ends with that ends with the secret: in clear, and in Base64 without padding."""
    yield secret
    data = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        yield _encoded(data, before)[_FIRST_WHOLE[before] :]


def _in_small_digits(encoded: str) -> str:
    """What was URL-encoded, with the hex digits after each ``%`` in small letters."""
    first, *others = encoded.split("%")
    return "%".join([first, *[each[:2].lower() + each[2:] for each in others]])


def _escaped(secret: str) -> Iterator[str]:
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        for text in (encoded, quote(encoded, safe="")):
            yield text
            yield _in_small_digits(text)
            yield text.replace("%3A", "%3a")
    in_json = json.dumps(secret)[1:-1]
    yield from (in_json, in_json.replace("/", r"\/"), json.dumps(in_json)[1:-1])
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (escape(secret), repr(secret)[1:-1])
    yield repr(secret.encode("utf-8", "surrogatepass"))[2:-1]


#: Of the Base64 of something with so many bytes before the secret, the first digit that depends on
#: nothing but the secret.
_FIRST_WHOLE = (0, 2, 3)


def _in_base64(data: bytes) -> Iterator[str]:
    """What depends on nothing but the secret, in the Base64 of anything that the secret is in."""
    for before in range(3):
        whole = _encoded(data, before)[_FIRST_WHOLE[before] : (before + len(data)) * 8 // 6]
        yield whole
        yield whole.translate(str.maketrans("+/", "-_"))


def _encoded(data: bytes, before: int) -> str:
    return base64.b64encode(b"\0" * before + data).decode().rstrip("=")
