"""What came back from an authorization page, as people paste it: an address or a part of one.

It may be a whole address, what an address bar shows of it, its path and query, a line of a server's
log, or only its parameters; also twice, in a link of a chat, or with words around it.
"""

import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from lc_tutorial.pasting import characters
from lc_tutorial.pasting.stand_ins import hidden_in
from lc_tutorial.pasting.surroundings import QUOTES, named_values

#: What may stand behind an address, and in no code.
_EDGES = QUOTES + ".,;:!)]}>|*\\"

#: No browser shows a longer address.
_MOST_CHARACTERS = 16 * 1024

_PARAMETERS = (
    "code|state|error|error_description|access_token|oauth_exception|identity_exception|"
    "exception_details|client_id"
)
_PARAMETER = re.compile(rf"(?:\A|[?&#])(?:{_PARAMETERS})=")
_LENIENT = re.compile(rf"(?:\A|[?&#])({_PARAMETERS})=([^&#?]*)")
_ADDRESS = re.compile(r"\W*(?:https?://|/|localhost\b|[\w.-]+:\d{1,5}/)", re.IGNORECASE)
_REQUEST_LINE = re.compile(r"\b(?:GET|POST|HEAD)\s+(\S+?\?\S+)")
_ENCODED_ADDRESS = re.compile(r"https?%3A(?:%2F|/){2}\S+", re.IGNORECASE)
_LINK = re.compile(
    r"\]\(\s*+<?([^\s()>]++)>?[^()]*+\)|<(https?://[^|<>\s]++)\|[^<>]*+>"
    r"|<a\s[^<>]*?href=[\"']([^\"'<>\s]++)[\"']"
)
# What a double click marks of an address: a code from behind its name on, and the next parameter.
_FROM_THE_CODE_ON = re.compile(r"(?:dal|fra|fra-[ab])(?::|%3A)[\w%-]+&", re.IGNORECASE)
_NEXT_ADDRESS = re.compile(r"(?<=.)(?=https?://)", re.IGNORECASE)
# Mails are sent as quoted-printable: = as =3D, and a = at the end of a line that goes on.
# Source: RFC 2045, section 6.7.
_QUOTED_PRINTABLE = re.compile(rf"\b(?:{_PARAMETERS})=3D", re.IGNORECASE)
_QUOTED_CODE = re.compile(r"\bcode=3D(?:dal|fra|fra-[ab])(?::|%3A|=3A)", re.IGNORECASE)
_SOFT_BREAK = re.compile(
    r"(?<!code)(?<!state)=[ \t]*+\n|(?<=state)=[ \t]*+\n(?==3D)", re.IGNORECASE
)
_QUOTED = re.compile(r"=([2-7][0-9A-Fa-f])")
#: Dots of a display that shows the beginning of an address, or its beginning and its end.
_SHORTENED = re.compile(r"\.{3}|\u2026|\u22ef|[•●∙·]{2}")


@dataclass(frozen=True)
class Redirected:
    """One way to read what was pasted.

    Attributes:
        fields: the parameters, each with its different values.
        is_address: whether it is an address, or at least a path: these bring all parameters along.
        has_readable_host: whether the host of the address can be read.
        is_shortened: whether it has the dots in it with which a display shortens an address.
    """

    fields: dict[str, tuple[str, ...]] = field(repr=False)
    is_address: bool = False
    has_readable_host: bool = True
    is_shortened: bool = False

    def values(self, name: str) -> tuple[str, ...]:
        """The different values of a parameter; of a code without what was copied along."""
        values = self.fields.get(name, ())
        if name == "code":
            # A code may have been encoded twice on its way.
            values = tuple(map(_without_edges, values))
        return tuple(dict.fromkeys(values))

    def brings_back(self, state: str) -> bool:
        """Whether this state is in it, perhaps with marks behind it, which end a sentence."""
        return any(
            hmac.compare_digest(value[: len(state)].encode(), state.encode())
            and not any(map(str.isalnum, value[len(state) :]))
            for value in self.values("state")
        )


def came_back(text: str) -> tuple[Redirected, ...]:
    """The ways to read what was pasted, the most literal one first; none if it is no address.

    >>> way, *_ = came_back("127.0.0.1:8377/callback?code=dal%3Anot_a_code&state=not-a-state")
    >>> way.values("code"), way.brings_back("not-a-state")
    (('dal:not_a_code',), True)
    """
    if len(text) > _MOST_CHARACTERS:
        return ()
    text = characters.with_plain_blanks(characters.without_invisible(text))
    text = characters.without_json_escapes(characters.unescaped(text)).strip()
    if text[:1] == "{" and (fields := _of_json(text)):
        return (Redirected(fields),)
    if _FROM_THE_CODE_ON.match(text):
        text = f"code={text}"
    encoded = _ENCODED_ADDRESS.search(text)
    if encoded and not _PARAMETER.search(text.replace(encoded[0], "")):
        # The page of a browser that could not connect has the address in its own.
        text = unquote_plus(encoded[0])
    text = _SOFT_BREAK.sub("", text)
    texts = [found[1] for found in _REQUEST_LINE.finditer(text)] or [_without_link(text)]
    # A long address is broken into lines, or stands in a sentence.
    together = ["".join(each.split()) for each in texts]
    words = [word for each in texts for word in each.split()]
    ways = [
        way(each.strip(QUOTES + "<"))
        for read in together + words
        for each in dict.fromkeys(_with_what_was_quoted(read))
        for way in ((_lenient,) if each.count("code=") > 1 else (_literal, _lenient))
    ]
    return tuple(each for each in ways if each.fields or _ADDRESS.match(text))


def _with_what_was_quoted(text: str) -> tuple[str, ...]:
    """The text as it is, and without quoted-printable; the likelier one first."""
    if not _QUOTED_PRINTABLE.search(text):
        return (text,)
    plain = _QUOTED.sub(lambda found: chr(int(found[1], 16)), text)
    # A state may begin with 3D by chance, a code can't.
    return (plain, text) if _QUOTED_CODE.search(text) else (text, plain)


def _without_edges(code: str) -> str:
    code = characters.decoded(code)
    # Three dots are none of those that end a sentence.
    return code if hidden_in(code) else code.rstrip(_EDGES)


def _of_json(text: str) -> dict[str, tuple[str, ...]]:
    known = _PARAMETERS.split("|")
    return {name: (value,) for name, value in named_values(text) if name in known}


def _without_link(text: str) -> str:
    """The address of a link of Markdown, of a chat or of HTML; else the text."""
    found = _LINK.search(text)
    return (found[1] or found[2] or found[3]) if found else text


def _literal(text: str) -> Redirected:
    """Read as an address is to be read."""
    fields: dict[str, tuple[str, ...]] = {}
    for address in _NEXT_ADDRESS.split(text) if _PARAMETER.search(text) else []:
        for query in re.split("[?#]", address, maxsplit=1)[-1].split("#"):
            for name, value in parse_qsl(query, keep_blank_values=True):
                fields[name] = (*fields.get(name, ()), value)
    return _redirected(fields, text)


def _lenient(text: str) -> Redirected:
    """Read without regard to what stands between the parameters, such as the same address again."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in _LENIENT.findall(text):
        fields[name] = (*fields.get(name, ()), unquote_plus(value))
    return _redirected(fields, text)


def _redirected(fields: dict[str, tuple[str, ...]], text: str) -> Redirected:
    return Redirected(
        fields,
        is_address=_is_address(text),
        has_readable_host=_has_readable_host(text),
        is_shortened=_SHORTENED.search(text) is not None,
    )


def _is_address(text: str) -> bool:
    before = re.split("[?#]", text, maxsplit=1)[0]
    return "://" in text or ("=" not in before and before != "")


def _has_readable_host(text: str) -> bool:
    if not _is_address(text):
        return True
    try:
        urlsplit(text if "://" in text or text.startswith("/") else f"//{text}")
    except ValueError:
        return False
    return True
