"""The words of a curl command as a request, the one that curl would send.

Where the lab sends another one, because the sample can't be meant as it stands, it says so.

Source: the manual of curl, version 8.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

from requests.utils import DEFAULT_ACCEPT_ENCODING

from lc_tutorial.errors import InputError
from lc_tutorial.lab.hosts import leads_elsewhere
from lc_tutorial.lab.importing.curl_data import body_of, mended_form, pairs_of
from lc_tutorial.lab.importing.curl_options import options_in, with_hyphens
from lc_tutorial.lab.importing.pasted_url import read_address
from lc_tutorial.lab.request import (
    METHODS,
    Authorization,
    Basic,
    Bearer,
    Body,
    JsonBody,
    Pairs,
    Request,
    around_references,
)
from lc_tutorial.pasting import with_plain_blanks, without_invisible

_METHOD = re.compile(r"[A-Za-z][A-Za-z_-]*")

# [1-10] and {a,b} make curl send several requests. Not [] and not {{reference}}.
_RANGE = re.compile(r"\[\w+-\w+(?::\d+)?\]|(?<!\{)\{[^{},]*,[^{}]*\}(?!\})")

#: Headers that follow from the rest, and would be wrong once that is edited.
_FOLLOWING = frozenset({"content-length", "transfer-encoding", "connection", "host"})

# As it is typed where Chinese or Japanese is written.
_WIDE_COLON = "\uff1a"


@dataclass
class _Command:
    """What the options ask for."""

    method: str = ""
    urls: list[str] = field(default_factory=list)
    #: None for a header that is taken away.
    headers: list[tuple[str, str | None]] = field(default_factory=list)
    #: Headers of options such as -A, which a header of the same name takes the place of.
    by_option: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    is_json: bool = False
    queries: list[str] = field(default_factory=list)
    authorization: Authorization = None
    get: bool = False
    head: bool = False
    notes: list[str] = field(default_factory=list)

    def add_data(self, text: str, *, is_json: bool = False) -> None:
        """Join what several options say, as curl does: with ``&``, but for ``--json``."""
        self.data += [text] if is_json or not self.data else ["&", text]
        self.is_json = self.is_json or is_json


def read_curl(words: Sequence[str]) -> tuple[Request, tuple[str, ...]]:
    """Read a curl command.

    Args:
        words: behind ``curl``, without quotes.

    Returns:
        The request, and what was mended or left out, as sentences.

    Raises:
        InputError: an option is unknown, or asks for what the lab doesn't do; or there is not
            exactly one URL.
    """
    command = _Command()
    for option, written, value in options_in(words, command.notes):
        _apply(command, option, written, value)
    _take_method(command)
    return _request(command), tuple(dict.fromkeys(command.notes))


# --- Options --------------------------------------------------------------------------------------


def _apply(command: _Command, option: str, written: str, value: str) -> None:
    match option:
        case "--request":
            command.method = _method(value, command.notes)
        case "--url":
            command.urls.append(value)
        case "--header":
            command.headers += _header(written, value, command.notes)
        case "--data" | "--data-ascii" | "--data-binary":
            command.add_data(_no_file(written, value))
        case "--data-raw":
            command.add_data(value)
        case "--data-urlencode":
            command.add_data(_urlencoded(written, value))
        case "--json":
            command.add_data(_no_file(written, value), is_json=True)
        case "--url-query":
            command.queries.append(value[1:] if value[:1] == "+" else _urlencoded(written, value))
        case "--user":
            basic = _user(written, value, command.notes)
            # Of both, curl sends the token.
            if not isinstance(command.authorization, Bearer):
                command.authorization = basic
        case "--oauth2-bearer":
            command.authorization = Bearer(value)
        case "--user-agent":
            command.by_option["User-Agent"] = value
        case "--referer":
            command.by_option["Referer"] = value.removesuffix(";auto")
        case "--cookie":
            if "=" not in value:
                raise _names_cookie_file(written)
            before = command.by_option.get("Cookie")
            command.by_option["Cookie"] = f"{before};{value}" if before else value
        case "--get":
            command.get = True
        case "--head":
            command.head = True


def _method(text: str, notes: list[str]) -> str:
    text = text.strip()
    if not _METHOD.fullmatch(text):
        raise InputError(
            what="What follows -X is no method.",
            why="A method is a word such as GET or POST"
            + (", and there is no equals sign in front of it." if text[:1] == "=" else "."),
            remedy="Write it like -X POST.",
        )
    if text != text.upper():
        notes.append(f"The method is written {text.upper()}: methods have capital letters.")
    return text.upper()


def _header(written: str, text: str, notes: list[str]) -> list[tuple[str, str | None]]:
    if text.startswith("@"):
        raise _reads_file(written)
    plain = without_invisible(text)
    if plain != text:
        notes.append("Invisible characters in a header were taken out.")
    text, plain = plain, with_plain_blanks(plain)
    if plain != text:
        notes.append("Spaces of a special kind in a header were taken for plain ones.")
    if ":" not in plain and _WIDE_COLON in plain:
        notes.append("A wide colon in a header was taken for a plain one.")
        plain = plain.replace(_WIDE_COLON, ":", 1)
    name, colon, value = plain.partition(":")
    name, value = name.strip(), value.strip()
    if colon and name:
        return [(with_hyphens(name, notes), value or None)]
    if colon:
        notes.append(f"A {written} that begins with a colon was left out: it is no header.")
        return []
    if plain.rstrip().endswith(";"):
        return [(plain.rstrip()[:-1].strip(), "")]
    raise InputError(
        what="There is a header without a colon.",
        why="A header is a name, a colon and a value. A quote may be missing before or behind it.",
        remedy="Write it like -H 'Content-Type: application/json'.",
    )


def _user(written: str, text: str, notes: list[str]) -> Basic:
    user, colon, password = text.partition(":")
    if not colon:
        notes.append(f"curl would ask for the password of {written}: write it below.")
    return Basic(user, password)


def _urlencoded(written: str, text: str) -> str:
    """What curl makes of ``content``, ``=content`` and ``name=content``."""
    name, equals, content = text.partition("=")
    if not equals and "@" in text:
        raise _reads_file(written)
    if not equals:
        return _encoded(text)
    return f"{name}={_encoded(content)}" if name else _encoded(content)


def _encoded(text: str) -> str:
    """Encoded as in a form, but for the references."""
    return around_references(text, lambda part: quote_plus(part, errors="replace"))


def _no_file(written: str, text: str) -> str:
    if text.startswith("@"):
        raise _reads_file(written)
    return text


def _take_method(command: _Command) -> None:
    """Find a method that stands alone, as in two samples of the Configuration API 2.0."""
    alone = [url for url in command.urls if url in METHODS]
    if alone and len(command.urls) == 2 and not command.method:
        command.method = alone[0]
        command.urls.remove(alone[0])
        command.notes.append(f"{alone[0]} stands alone in the command; it was read as -X.")


# --- The request ----------------------------------------------------------------------------------


def _request(command: _Command) -> Request:
    address, query, of_url = _address(command)
    authorization = command.authorization or of_url
    headers = _headers(command, urlsplit(address).netloc)
    if authorization and any(name.lower() == "authorization" for name, _ in command.headers):
        command.notes.append("Of -u and the Authorization header the header counts, as for curl.")
        authorization = None
    body: Body = None
    data = "".join(command.data)
    if command.data and command.get:
        query += pairs_of(mended_form(data, command.notes))
    elif command.data and command.head:
        raise InputError(
            what="This command has both a body and -I.",
            why="-I sends a HEAD request, which has no body; curl refuses both together.",
            remedy="Take one of them out of the command.",
        )
    elif command.data:
        body, headers = body_of(data, headers, command.notes)
    for text in command.queries:
        query += pairs_of(text)
    by_default = "HEAD" if command.head else "GET" if body is None else "POST"
    return Request(
        command.method or by_default, address, query, tuple(headers), authorization, body
    )


def _address(command: _Command) -> tuple[str, Pairs, Basic | None]:
    if len(command.urls) != 1:
        raise _not_one_url(len(command.urls))
    if _RANGE.search(command.urls[0]):
        raise InputError(
            what="There are square or curly brackets in the address.",
            why="curl sends one request for each thing in them, and the lab sends one.",
            remedy="Write one of them in their place.",
        )
    return read_address(command.urls[0], command.notes)


def _headers(command: _Command, host: str) -> list[tuple[str, str]]:
    """The headers that somebody means, each once."""
    kept: dict[str, tuple[str, str | None]] = {}
    for name, value in command.headers:
        lower = name.lower()
        if value is not None and _is_left_out(name, value, host, command.notes):
            continue
        if lower in kept and kept[lower][1] != value:
            command.notes.append(f"{name[:40]} is there twice; the lab sends the last one.")
        kept[lower] = (name, value)
    for name, by_option in command.by_option.items():
        kept.setdefault(name.lower(), (name, by_option or None))
    if command.is_json:
        kept.setdefault("content-type", ("Content-Type", JsonBody.content_type))
        kept.setdefault("accept", ("Accept", JsonBody.content_type))
    command.notes += [
        f"The header {name[:40]} was left out: it has no value."
        for name, value in kept.values()
        if value is None
    ]
    return [(name, value) for name, value in kept.values() if value is not None]


def _is_left_out(name: str, value: str, host: str, notes: list[str]) -> bool:
    lower = name.lower()
    if leads_elsewhere(name, value, host):
        notes.append(
            f"The header {name} was left out: it names another place than the address does. The "
            "request goes to its address, and to no other host."
        )
        return True
    if lower in _FOLLOWING:
        notes.append(f"The header {name} was left out: it follows from the rest of the request.")
        return True
    if lower == "accept-encoding":
        asked = {each.partition(";")[0].strip() for each in value.lower().split(",")}
        if not asked <= {*DEFAULT_ACCEPT_ENCODING.replace(",", " ").split(), "identity", "*"}:
            notes.append(
                f"The header {name} was left out: the lab asks for the encodings it can read."
            )
            return True
    return False


# --- What can't be imported -----------------------------------------------------------------------


def _names_cookie_file(written: str) -> InputError:
    return InputError(
        what=f"The value of {written} names a file.",
        why="Without an = in it curl takes it for a file of cookies, and the lab reads no files.",
        remedy=f"Write the cookies themselves: {written} 'name=value'.",
    )


def _reads_file(written: str) -> InputError:
    return InputError(
        what=f"The value of {written} names a file.",
        why="The @ in it makes curl read one, and the lab reads no files.",
        remedy="Write what is in the file in its place. With --data-raw an @ is plain text.",
    )


def _not_one_url(number: int) -> InputError:
    if number:
        return InputError(
            what=f"There are {number} addresses in this command.",
            why="Each word that belongs to no option is one for curl. A quote may be missing, or "
            "an option lost its hyphen.",
            remedy="Put quotes around what belongs together, or paste one request at a time.",
        )
    return InputError(
        what="There is no address in this command.",
        why="curl needs one to send the request to.",
        remedy="Copy the whole command again.",
    )
