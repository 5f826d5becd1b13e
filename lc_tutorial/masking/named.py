"""Secrets that the name in front of them gives away, whoever wrote it, and in whatever layout.

``"access_token": "…"`` in JSON, ``client_secret=…&`` in a form, ``refresh_token      …`` in a
Series, ``Authorization: Basic …`` in a log.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lc_tutorial.masking.derived import REGIONS
from lc_tutorial.masking.known import DOTS, SHORTEST, Span
from lc_tutorial.masking.words import SHORTEST_RUN, View, looks_random

#: Fields whose values are secret, in JSON, in forms and in URLs.
SECRET_FIELDS = frozenset(
    {"access_token", "refresh_token", "client_secret", "code", "code_verifier"}
)

#: Headers whose values are secret.
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})

#: In a layout without quotation marks. Many things are called a code; it is known by its shape.
_CERTAIN = (SECRET_FIELDS - {"code"}) | {"personal_access_token"}

#: By what most of them end with, which is looked for first: most texts have none of them.
_NAMES = {
    "_token": ("access_token", "refresh_token", "personal_access_token"),
    "_secret": ("client_secret",),
    "code": ("code", "code_verifier"),
}

#: A name can be the heading of a column.
_HEADINGS = ("access_token", "refresh_token", "client_secret", "personal_access_token")

# A quotation mark as it comes in JSON, in JSON within JSON, in a repr and in HTML.
_QUOTE = r"""(?:\\*["']|&quot;|&\#x27;|&\#39;)"""
_COLOUR = r"(?:\x1b\[[0-9;]*m)*"

# "access_token": "value", and access_token='value' as in the repr of an object.
_QUOTED = re.compile(
    rf"{_QUOTE}?{_COLOUR}\s*[:=]\s*{_COLOUR}[bf]?{_QUOTE}"
    r"""([^\s"'\\<>&{}]+)(?=\\*["']|&quot;|&\#x27;|&\#39;)"""
)
# ?code=value&..., client_secret=value&... . Not the keyword arguments of a line of Python.
_OF_PARAMETER = r"""[^&\s"'\\<>\#,(){}]"""
_PARAMETER = re.compile(rf"=([A-Za-z0-9%]{_OF_PARAMETER}*)(&?)")
_BEFORE_PARAMETER = ("?", "&", "#", '"', "'", "&amp;")

# What follows a name with one of these behind it.
_FOLLOWED = re.compile(r"""["'&\\\x1b]|\s*[:=]""")

# All that layouts put between a name and its value: a Series blanks, CSV a comma, HTML tags.
_BETWEEN = re.compile(
    rf"(?:{_QUOTE}|\x1b\[[0-9;]*m|[\s:=,;|>\[({{]|</?\w[^<>]{{0,80}}>|[bf](?=[\"'])"
    r"|%(?:25)*(?:2[02]|3[AaDd])){1,120}"
)
_VALUE = re.compile(r"[A-Za-z0-9_~+/:%-]+=*")

# What such a value begins with. A text may be one value with a name at each of its characters:
# whether it is a secret is seen from its beginning, and the rest is read once.
_LONGEST_LOOK = 200
_PARAMETER_START = re.compile(rf"=([A-Za-z0-9%]{_OF_PARAMETER}{{0,{_LONGEST_LOOK}}})")
_VALUE_START = re.compile(rf"[A-Za-z0-9_~+/:%-]{{1,{_LONGEST_LOOK}}}=*")
_CUT = ("...", "…")

_AUTHORIZATION = re.compile(
    rf"(?i)authorization(?P<between>{_BETWEEN.pattern})(?:bearer|basic)\s+"
    r"""(?P<value>[^\s"'\\<>{},;&]{6,})"""
)
# Of its name in either spelling, what is first looked for.
_HEADER = ("uthorization", "UTHORIZATION")
_COLON = re.compile(rf"{_QUOTE}?\s*[:=]\s*[bf]?{_QUOTE}?")

# A word such as "required" where a secret would be: the answer names what is wrong with the field.
_WORD = re.compile(r"[a-z_]{1,24}")
_DIGIT, _BLANK = re.compile(r"\d"), re.compile(r"\s")
_IN_A_WORD = re.compile(r"[\w.-]\Z")
# What ends in a letter or a digit and is no word: a colour, an escaped line break or character.
_NO_WORD = re.compile(r"(?:\x1b\[[0-9;]*m|\\[nrt]|%[0-9A-Fa-f]{2})\Z")
_REGION = re.compile(rf"(?:{'|'.join(sorted(REGIONS, key=len, reverse=True))})(?::|%(?:25)*3[Aa])")

# A word of a table. Behind an equals sign, a slash or a dot it belongs to an address.
_CELL = re.compile(r"(?<![\w=&/.%+-])[A-Za-z0-9_-]{8,}")


class Named(NamedTuple):
    """A value and the name that it has.

    Attributes:
        name: in small letters; empty for a cell of a table.
        span: of the value in its text; without its region, which is no secret.
        whole: the value, as it stands there.
        is_certain: whether the value looks like one, too: then it is one elsewhere as well.
    """

    name: str
    span: Span
    whole: str
    is_certain: bool


def named_values(view: View) -> Iterator[Named]:
    """All values in a text whose name says that they are secret, and which can be secret."""
    text = view.text
    is_table = False
    last = (0, 0)
    for name, begin, end in _names(view):
        if last[0] <= begin < last[1]:
            # A part of the value before it.
            continue
        found = _value(text, name, begin, end)
        if found is not None:
            last = found.span()
            yield _named(name, found)
        elif name in _HEADINGS and _is_heading(text, begin, end):
            is_table = True
    if is_table:
        yield from _cells(text)
    if any(rest in text for rest in _HEADER):
        yield from _credentials(text)


def looks_secret(name: str, value: str) -> bool:
    """Whether the value of a secret field can be a secret."""
    if DOTS in value:
        return False
    if name == "code":
        # Many things are called a code: a status, a country, an error's name.
        return len(value) >= 16 and not value.isalpha() and _DIGIT.search(value) is not None
    if _BLANK.search(value):
        return False
    return len(value) >= SHORTEST and not _WORD.fullmatch(value)


def _credentials(text: str) -> Iterator[Named]:
    for rest in _HEADER:
        at = text.find(rest)
        while at >= 0:
            found = _AUTHORIZATION.match(text, max(0, at - 1))
            at = text.find(rest, at + 1)
            if found is not None:
                named = _named("authorization", found)
                if named.is_certain or _COLON.fullmatch(found["between"]):
                    yield named


def _names(view: View) -> Iterator[tuple[str, int, int]]:
    """The names of secret fields in a text; those of environment variables have LC_ in front."""
    text = view.text
    for name, spelled in _spelled(text):
        begin = text.find(spelled)
        while begin >= 0:
            end = begin + len(spelled)
            if name not in _CERTAIN and not _FOLLOWED.match(text, end):
                # In prose "code" is a word like others, and stands often.
                begin = text.find(spelled, end)
                continue
            first = begin - 3 if text[max(0, begin - 3) : begin].upper() == "LC_" else begin
            before = text[max(0, first - 8) : first]
            if not _IN_A_WORD.search(before) or _NO_WORD.search(before):
                yield name, first, end
            begin = text.find(spelled, end)


def _spelled(text: str) -> Iterator[tuple[str, str]]:
    """The names that may stand in a text, in small letters and as they may be written there."""
    for end, names in _NAMES.items():
        for way in (str.lower, str.upper):
            # One letter is found much faster than a word.
            if way(end[0]) in text and way(end) in text:
                for name in names:
                    yield name, way(name)


def _value(text: str, name: str, begin: int, end: int) -> re.Match[str] | None:
    quoted = _QUOTED.match(text, end)
    if quoted is not None and looks_secret(name, quoted[1]):
        return quoted
    start = _PARAMETER_START.match(text, end)
    if start is not None and looks_secret(name, start[1]):
        alone = begin == 0 or text.endswith(_BEFORE_PARAMETER, 0, begin)
        parameter = _PARAMETER.match(text, end) if alone or text[begin - 1].isspace() else None
        if parameter is not None and (alone or parameter[2]):
            return parameter
    if name not in _CERTAIN:
        return None
    between = _BETWEEN.match(text, end)
    value = _VALUE_START.match(text, between.end()) if between is not None else None
    if value is None or not _is_unquoted(text, value):
        return None
    return _VALUE.match(text, value.start())


def _is_unquoted(text: str, value: re.Match[str]) -> bool:
    word = _REGION.sub("", value[0], count=1).rstrip("=")
    if "://" in word:
        return False
    least = SHORTEST if text.startswith(_CUT, value.end()) else 16
    return len(word) >= least and looks_random(word, mixed=False)


def _is_heading(text: str, begin: int, end: int) -> bool:
    before, after = text[max(0, begin - 1) : begin], text[end : end + 1]
    return (before in "|>," or before.isspace()) and (after in "|<," or after.isspace())


def _cells(text: str) -> Iterator[Named]:
    """The words of a table that look as if they were secrets; which column it is nobody can say."""
    for word in _CELL.finditer(text):
        is_whole = len(word[0]) >= SHORTEST_RUN
        if (is_whole or text.startswith(_CUT, word.end())) and looks_random(word[0]):
            yield Named("", word.span(), word[0], is_whole)


def _named(name: str, found: re.Match[str]) -> Named:
    group = "value" if "value" in found.re.groupindex else min(1, found.re.groups)
    begin, end = found.span(group)
    region = _REGION.match(found.string, begin, end)
    secret = found.string[region.end() if region else begin : end]
    certain = name == "authorization" or (
        name != "code" and len(secret) >= 16 and looks_random(secret.rstrip("="), mixed=False)
    )
    return Named(name, (end - len(secret), end), found[group], certain)
