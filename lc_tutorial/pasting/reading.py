"""Reading a value that somebody pasted or typed: it without what surrounds it, or what is wrong.

This is the one place that knows. It asks nobody and remembers nothing; who calls it keeps a secret
as a secret, and raises an error of its own with the sentence that it gets.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass, field

from lc_tutorial.messages import basic
from lc_tutorial.pasting import characters, stand_ins
from lc_tutorial.pasting.kinds import CLIENT_ID, REGION, Kind, kinds_named
from lc_tutorial.pasting.surroundings import Peeled, named_values, peel

# What may be in a value; anything else was copied along.
# Sources: RFC 6749, appendix A (visible ASCII); RFC 6750, section 2.1 (tokens).
_NOT_IN_TOKEN = re.compile(r"[^\w.~+/=:-]", re.ASCII)
# assumed: a secret has none of the marks that join or enclose values
_NOT_IN_SECRET = re.compile(r"[^!#-%(-;=?-\[\]-_a-z|~]")
_NOT_VISIBLE = re.compile(r"[^!-~]")
_NOT_ALLOWED = {
    Kind.CLIENT_SECRET: _NOT_IN_SECRET,
    Kind.CODE: _NOT_IN_TOKEN,
    Kind.CODE_VERIFIER: _NOT_IN_TOKEN,
    Kind.ACCESS_TOKEN: _NOT_IN_TOKEN,
    Kind.REFRESH_TOKEN: _NOT_IN_TOKEN,
}
_ENCODED_COLON = re.compile(r"(?:dal|fra|fra-[ab])%(?:25)*3A", re.IGNORECASE)
# A region as it may come: in capitals, or with blanks beside its colon.
_REGION_AS_IT_CAME = re.compile(r"(?P<region>dal|fra|fra-[ab])\s*:\s*(?=\S)", re.IGNORECASE)
# What quoted-printable makes of the = in front, where a value was marked from behind it on.
_QUOTED_EQUALS_SIGN = re.compile(r"\A=?3D(?=(?:dal|fra|fra-[ab]):)", re.IGNORECASE)
# A code or a token, also behind the word that goes in front in a header.
_LIKE_A_TOKEN = re.compile(
    r"(?:(?:bearer|basic|token)(?:[\s:+]|%20)+)?(?P<region>dal|fra|fra-[ab])(?::|%(?:25)*3A)[\w-]{10,}",
    re.IGNORECASE,
)
_ENCODED_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*%(?:25)*3A%(?:25)*2F", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
# Where it goes on in the next line, behind 64 (openssl) or 76 characters (GNU base64, MIME).
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9+/]{64})\s*\n\s*(?=[A-Za-z0-9+/]+={0,2}(?:[\"'\s}]|\Z))")
#: Characters. An answer with a token, or a file of settings, has far less.
MOST_CHARACTERS = 16 * 1024

#: Kinds that begin with a region.
_WITH_REGION = (Kind.CODE, Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN, Kind.PERSONAL_ACCESS_TOKEN)

_PLACEHOLDER = "It is a placeholder: your own value belongs in its place."
_SAMPLE = "It is the value of the documentation's samples: your own belongs in its place."
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Reading:
    """A value as it was meant.

    Attributes:
        value: without what surrounded it; as far as it could be read, where something is wrong.
        fault: what is wrong with it that nobody can mend, as a sentence; empty if nothing is.
        layers: what was taken off, such as ``"quotation marks"``.
        account_id: of a personal access token: whose it is; else empty.
    """

    value: str = field(repr=False)
    fault: str = ""
    layers: tuple[str, ...] = ()
    account_id: str = ""


def read(text: object, kind: Kind) -> Reading:
    """Read a value of this kind.

    Args:
        text: as it was pasted, typed, or set in the environment.
        kind: what it shall be.

    Returns:
        The value, also one that is empty; with a fault, where it can't be what it shall be.
    """
    if len(str(text)) > MOST_CHARACTERS:
        return Reading(str(text), "It is far too long: more than one value was copied.")
    if kind is Kind.PERSONAL_ACCESS_TOKEN:
        return _pair(peel(_joined(str(text)), kind))
    peeled = peel(str(text), kind)
    value = _mended(peeled.text, kind)
    return Reading(value, _fault(value, peeled, kind), tuple(peeled.layers))


def read_token(text: object) -> Reading:
    """Read an access token, or a personal one with its account id, whichever it is.

    Of a personal access token the reading names the account.
    """
    personal = read(text, Kind.PERSONAL_ACCESS_TOKEN)
    return personal if personal.account_id else read(text, Kind.ACCESS_TOKEN)


def what_surrounds(text: str, kind: Kind) -> str:
    """What surrounds a value that was sent as it is, as a sentence; empty if nothing does.

    For explaining a refusal: the reader would have taken it off, a cell's own code did not.

    >>> what_surrounds("Bearer dal:not-a-real-token", Kind.ACCESS_TOKEN)
    'It has the word Bearer around it.'
    """
    reading = read(text, kind)
    if reading.value == text or not reading.layers:
        return ""
    if reading.layers == ("characters that show nothing",):
        return "A character in it shows nothing."
    return f"It has {' and '.join(reading.layers)} around it."


def wrong_as_sent(value: str, kind: Kind) -> str:
    """What is wrong with a value that was sent as it is, as a sentence; empty if nothing shows.

    >>> wrong_as_sent("••••••••", Kind.CLIENT_SECRET)
    'It has dots in it, which stand for something hidden.'
    """
    return read(value, kind).fault or what_surrounds(value, kind)


def _mended(text: str, kind: Kind) -> str:
    if kind is Kind.CLIENT_ID:
        together = "".join(text.split())
        return together if CLIENT_ID.fullmatch(together) else text
    if kind is Kind.REDIRECT_URI:
        return characters.decoded(text) if _ENCODED_ADDRESS.match(text) else text
    if kind is Kind.CLIENT_SECRET:
        return text
    return _with_plain_region(
        characters.decoded(text) if _ENCODED_COLON.match(text) or kind is Kind.CODE else text
    )


def _with_plain_region(text: str) -> str:
    text = _QUOTED_EQUALS_SIGN.sub("", text)
    found = _REGION_AS_IT_CAME.match(text)
    # Where all is in capitals, the region is not all that was changed.
    if found is None or not any(map(str.islower, text[found.end() :])):
        return text
    return f"{found['region'].lower()}:{text[found.end() :]}"


def _fault(value: str, peeled: Peeled, kind: Kind) -> str:
    if not value:
        return ""
    named = [name for name in peeled.names if kind not in kinds_named(name)]
    return (
        stand_in(value, kind)
        or (f"It is called {named[0]}, and that is another value." if named else "")
        or _wrong_scheme(value, peeled, kind)
        or _wrong_region(value, kind)
        or _strange_character(value, kind)
    )


def stand_in(value: str, kind: Kind) -> str:
    """That something else stands in the place of a value, as a sentence; empty if it does not."""
    if stand_ins.placeholder_in(value):
        return _PLACEHOLDER
    if stand_ins.is_sample(value):
        return _SAMPLE
    if word := stand_ins.empty_in(value):
        return f"It says {word}, which is no value: where it was taken from, there was none."
    if kind is not Kind.REDIRECT_URI:
        return stand_ins.hidden_sentence(value)
    if placeholders := stand_ins.placeholders_within(value):
        return f"It has a placeholder in it: {placeholders[0]}."
    # A single dot or asterisk means something in an address.
    said = stand_ins.hidden_sentence(value)
    return said if "the word" in said or any(mark in value for mark in ("••", "***", "…")) else ""


def _wrong_scheme(value: str, peeled: Peeled, kind: Kind) -> str:
    if kind is Kind.ACCESS_TOKEN and peeled.scheme == "basic" and not REGION.match(value):
        return (
            "It says Basic, which goes with the Base64 of an account id and a personal access "
            "token, and it is not that."
        )
    return ""


def _wrong_region(value: str, kind: Kind) -> str:
    if kind in (Kind.CLIENT_ID, Kind.CLIENT_SECRET) and (found := _LIKE_A_TOKEN.match(value)):
        region = found["region"].lower()
        return f"It has {region}: in front, as codes and tokens have, and a {kind.value} has not."
    found = _REGION_AS_IT_CAME.match(value)
    if kind in _WITH_REGION and found and found["region"].isupper():
        return (
            "All its letters are capitals, so it was changed on its way: capitals and small "
            "letters are not the same in it."
        )
    return ""


def _strange_character(value: str, kind: Kind) -> str:
    if kind is Kind.REDIRECT_URI or kind is Kind.CLIENT_ID:
        return ""  # their form says more
    if "\ufffd" in value:
        return "A character in it was damaged on its way."
    if any(map(characters.is_blank, value)):
        return "It has a space or a line break in it."
    if "://" in value:
        return "It is an address."
    found = _NOT_ALLOWED.get(kind, _NOT_VISIBLE).search(value)
    if found is None:
        return ""
    char = found[0]
    name = "" if char.isascii() else f" ({unicodedata.name(char, 'a character without a name')})"
    article = "an" if kind.value[0] in "aeiou" else "a"
    return f"It has “{char}”{name} in it, which {article} {kind.value} never has."


def _pair(peeled: Peeled) -> Reading:
    """The account id and the token: as the Base64 of both, with a colon, or under their names."""
    layers = tuple(peeled.layers)
    for text in (peeled.text, _from_base64(peeled.text)):
        if found := basic.ACCOUNT_AND_TOKEN.fullmatch(text.strip()):
            token = _mended(found[2], Kind.PERSONAL_ACCESS_TOKEN)
            fault = stand_in(token, Kind.PERSONAL_ACCESS_TOKEN) or _wrong_region(
                token, Kind.PERSONAL_ACCESS_TOKEN
            )
            return Reading(token, fault, layers, found[1])
    return Reading(peeled.text, _fault(peeled.text, peeled, Kind.PERSONAL_ACCESS_TOKEN), layers)


def _joined(text: str) -> str:
    """The lines of a pair in Base64 as one; account id, colon, token, where each has its name."""
    text = _WRAPPED.sub("", text)
    together = dict[Kind, str]()
    for name, value in named_values(text):
        for kind in kinds_named(name):
            together.setdefault(kind, value)
    account_id = together.get(Kind.ACCOUNT_ID, "")
    token = together.get(Kind.PERSONAL_ACCESS_TOKEN, "")
    return f"{account_id}:{token}" if _UUID.fullmatch(account_id) and token else text


def _from_base64(text: str) -> str:
    """What Base64 holds, also in several lines, in the alphabet of addresses, without its end."""
    together = "".join(text.split())
    if not _BASE64.fullmatch(together):
        return ""
    plain = together.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        held = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        # Bits that are left over at the end show that it was cut.
        is_whole = base64.b64encode(held).decode().rstrip("=") == plain
        return held.decode("utf-8") if is_whole else ""
    except (binascii.Error, ValueError):
        return ""
