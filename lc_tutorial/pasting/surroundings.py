"""What surrounds a value that was copied, layer by layer, from the outside in.

A layer is taken off only where what is left can still be a value: brackets around a placeholder
belong to the placeholder.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from lc_tutorial.pasting import characters, stand_ins
from lc_tutorial.pasting.kinds import Kind, kinds_named

#: What people, word processors and programs put around a value.
QUOTES = "\"'`´“”„‟‘’‚‛«»‹›＂＇′″「」『』"
_CLOSING = {"<": ">", "(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_PUNCTUATION = ",;."
_EDGES = _PUNCTUATION + "\\"
# Blanks, quotation marks and what shows nothing, as addresses write them; \n as programs do.
_ENCODED = (
    r"%(?:25){0,3}(?:0[09AD]|2[027]|60|C2%(?:25){0,3}A0|"
    r"E2%(?:25){0,3}80%(?:25){0,3}8[B-F]|EF%(?:25){0,3}BB%(?:25){0,3}BF)"
)
_ENCODED_IN_FRONT = re.compile(rf"(?:{_ENCODED})+", re.IGNORECASE)
_ENCODED_AT_END = re.compile(rf"(?:{_ENCODED}|\\[nrt])\Z", re.IGNORECASE)
#: Characters, of the longest of them.
_LONGEST_ENCODED = 27
# The mark of a list or of an answer in a mail, and the frame of a table.
_IN_FRONT = re.compile(r"\A(?:(?:[-*•–·|]|>+|\d{1,2}[.)])\s+)+(?=\S)|(?<=\S)\s+\|\Z")

# The name of a value and what joins the two: client_secret=, "access_token":, export LC_CODE=.
_NAME = r"[A-Za-z][\w .-]{0,40}?"
_NAMED = re.compile(
    r"(?:(?:export|set|setx|let|const|var|val|declare|-e)\s+|\$env:|\$|--|[-*•]\s+|\?|&)?"
    rf"(?:os\.environ\[|process\.env\.)?(?P<quote>[\"'`*]{{0,2}})(?P<name>{_NAME})(?P=quote)\]?"
    r"\s*(?:=>|:=|==?|:)\s*(?=\S)",
    re.IGNORECASE,
)
# The same without anything that joins them: setx LC_ACCESS_TOKEN …, --client-secret ….
_FLAGGED = re.compile(r"(?:setx\s+|--)(?P<name>[A-Za-z][\w-]{1,40})\s+(?=\S)", re.IGNORECASE)
# A secret may begin like an option: without a space or a quotation mark it needs a name behind it.
_OPTION = re.compile(
    r"\A(?:curl\s+)?(?:-H|--header|-u|--user|-d|--data(?:-\w+)?|-F|--form)"
    r"(?:\s+(?=[\"'\w-])|(?=[\"'])|(?=[\w-]+\s*[=:]))"
)
# Also as a form or an address writes the blank behind it, and with none in front of a region.
_BLANK = r"(?:[\s:+]|%(?:25)*(?:20|3A))"
_SCHEME = re.compile(
    rf"{_BLANK}*(?:authorization{_BLANK}+)?(?P<scheme>bearer|basic|token)"
    rf"(?:{_BLANK}+(?=\S)|[\s:=,;_-]*(?=(?:dal|fra|fra-[ab])(?::|%(?:25)*3A)))",
    re.IGNORECASE,
)
# Another name, with its value; what ends in = may be Base64.
_NEXT = r"[\"']?[A-Za-z][\w.-]*[\"']?\s*(?:=(?!=|[^\S\n]*(?:\n|\Z))|:\s)"
# A name and its value anywhere in JSON, a form, a query, a dict, or lines of a file.
_PAIR = re.compile(
    r"(?<![\w-])(?P<quote>\\?[\"']?)(?P<name>[A-Za-z][\w.-]{1,40})(?P=quote)\s*(?:=>|:=|==?|:)"
    # Nothing, or nothing in quotation marks, and then the line ends, or another name comes.
    rf"(?!\s*[{QUOTES}]{{2}}[^\S\n]*(?:\n|\Z|{_NEXT}))(?![^\S\n]*\n\s*{_NEXT})\s*"
    # No curly bracket: what is in one has names of its own.
    rf"(?=(?:(?:Bearer|Basic)\s+)?(?:\\?[{QUOTES}<(\[][^\S\n]*)*"
    r"(?P<value>[^\"'\s&;,}<>\\]+))"
)
_MANY = re.compile(r"\A[{\[]|[?&\n#]")

# What print shows of base64.b64encode(…), for example.
_BYTES = re.compile(r"\Ab(?=(?P<quote>[\"'])[^\"']+(?P=quote)\Z)")
_MARKDOWN = re.compile(r"!?\[(?P<text>[^\]]*)\]\(\s*<?(?P<address>[^\s)>]+)>?(?:\s+[\"'][^)]*)?\)")
_BOLD = re.compile(r"(?:\*\*|\*)\s*([^*\s][^*]*?)\s*(?:\*\*|\*)")
_SLACK = re.compile(r"<(?P<address>https?://[^|>\s]+)\|(?P<text>[^>]*)>")

#: Rounds of taking off. What has more layers was made so on purpose.
_MOST_ROUNDS = 12


class Peeled:
    """A text without its layers.

    Attributes:
        text: what is left.
        layers: what was taken off, such as ``"quotation marks"``, from the outside in.
        names: that stood in front.
        scheme: ``bearer``, ``basic`` or ``token`` that stood in front, in small letters; or empty.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.layers: list[str] = []
        self.names: list[str] = []
        self.scheme = ""

    def take(self, text: str, layer: str) -> None:
        """Go on with this text; where it is another, the layer was there."""
        if text != self.text:
            self.text = text
            if layer not in self.layers:
                self.layers.append(layer)

    def __repr__(self) -> str:
        return f"<Peeled: {len(self.layers)} layers>"


def peel(text: str, kind: Kind) -> Peeled:
    """Take off what surrounds a value of this kind.

    It stops at a placeholder and at what is only dots: they are to be named as they stand.
    """
    peeled = Peeled(text)
    peeled.take(characters.without_invisible(text), "characters that show nothing")
    peeled.take(characters.with_plain_blanks(peeled.text).strip(), "blanks")
    for _ in range(_MOST_ROUNDS):
        before = peeled.text
        for layer in _LAYERS:
            if stand_ins.placeholder_in(peeled.text):
                return peeled
            layer(peeled, kind)
        if peeled.text == before:
            break
    return peeled


def _escapes(peeled: Peeled, _: Kind) -> None:
    peeled.take(characters.unescaped(peeled.text), "escapes of HTML")
    # An escape may have stood for one of these.
    peeled.take(characters.without_invisible(peeled.text), "characters that show nothing")
    peeled.take(characters.with_plain_blanks(peeled.text).strip(), "blanks")
    peeled.take(characters.without_json_escapes(peeled.text), "escapes of JSON")
    peeled.take(_without_encoded_edges(peeled.text), "encoded blanks or marks")


def _links(peeled: Peeled, kind: Kind) -> None:
    for form in (_MARKDOWN, _SLACK):
        if found := form.fullmatch(peeled.text.rstrip(_PUNCTUATION)):
            wanted = "address" if kind is Kind.REDIRECT_URI else "text"
            peeled.take(found[wanted], "a link")


def _many(peeled: Peeled, kind: Kind) -> None:
    """The value of its name among others: in JSON, in a form, in the lines of a file."""
    if not _MANY.search(peeled.text):
        return
    for name, value in named_values(peeled.text):
        if kind in kinds_named(name):
            peeled.names.append(name)
            peeled.take(value, f"the name {name}")
            return


def named_values(text: str) -> Iterator[tuple[str, str]]:
    """The names in a text that holds several values, each with its value."""
    if text[:1] and text[0] in "{[":
        # Where it isn't JSON after all, it is a dict of Python, or a part of an object.
        with contextlib.suppress(ValueError, RecursionError):
            # Not strict: a terminal or a mail may have broken a text of it over lines.
            yield from _leaves(json.loads(text, strict=False))
    for found in _PAIR.finditer(text):
        value = found["value"]
        is_form = "&" in text or "?" in text or "#" in text
        yield found["name"], characters.decoded(value) if is_form else value


def _leaves(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in JSON, with the name that it goes by."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, str(key))
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value, name)
    elif isinstance(data, str):
        yield name, data


def _name(peeled: Peeled, _: Kind) -> None:
    peeled.take(_OPTION.sub("", peeled.text, count=1), "an option of curl")
    for form in (_NAMED, _FLAGGED):
        found = form.match(peeled.text)
        if found and kinds_named(found["name"]):
            peeled.names.append(found["name"].strip())
            peeled.take(peeled.text[found.end() :], f"the name {found['name'].strip()}")


def _scheme(peeled: Peeled, kind: Kind) -> None:
    if kind not in (Kind.ACCESS_TOKEN, Kind.PERSONAL_ACCESS_TOKEN, Kind.REFRESH_TOKEN):
        return
    if found := _SCHEME.match(peeled.text):
        peeled.scheme = found["scheme"].lower()
        peeled.take(peeled.text[found.end() :], f"the word {found['scheme']}")


def _without_encoded_edges(text: str) -> str:
    if found := _ENCODED_IN_FRONT.match(text):
        text = text[found.end() :]
    while found := _ENCODED_AT_END.search(text[-_LONGEST_ENCODED:]):
        text = text[: -len(found[0])]
    return text


def _marks(peeled: Peeled, kind: Kind) -> None:
    peeled.take(_IN_FRONT.sub("", peeled.text), "the marks of a list or a table")
    if kind is Kind.REDIRECT_URI:
        # No address has it; a secret may.
        peeled.take(peeled.text.strip("|"), "a vertical bar")


def _quotes(peeled: Peeled, _: Kind) -> None:
    peeled.take(_BYTES.sub("", peeled.text), "the b of Python's bytes")
    # A backslash before one is how a string of a program, or JSON in JSON, writes it.
    peeled.take(peeled.text.strip(QUOTES + " \n\t\\"), "quotation marks")
    if bold := _BOLD.fullmatch(peeled.text):
        peeled.take(bold[1], "asterisks of Markdown")


def _brackets(peeled: Peeled, _: Kind) -> None:
    text = peeled.text
    if len(text) > 1 and _CLOSING.get(text[0]) == text[-1]:
        text = text[1:-1]
    elif text[:1] in _CLOSING and text.count(_CLOSING[text[0]]) < text.count(text[0]):
        text = text[1:]
    elif text[-1:] in _CLOSING or (
        text[-1:] in _OPENING and text.count(_OPENING[text[-1]]) < text.count(text[-1])
    ):
        text = text[:-1]
    peeled.take(text.strip(), "brackets")


def _punctuation(peeled: Peeled, _: Kind) -> None:
    text = peeled.text
    # Three dots hide something.
    if not stand_ins.hidden_in(text):
        peeled.take(text.rstrip(_EDGES + " \n").lstrip(",; "), "punctuation")


_LAYERS: tuple[Callable[[Peeled, Kind], None], ...] = (
    _escapes,
    _marks,
    _links,
    _many,
    _name,
    _scheme,
    _quotes,
    _brackets,
    _punctuation,
)
