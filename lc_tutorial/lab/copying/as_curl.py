"""From a request to a cURL command, to be pasted into a shell.

The secrets are variables of the shell, ``$ACCESS_TOKEN``: the command can be kept and shared, and
works where the variables are set. It means the same to bash, to zsh and to a plain sh, pasted or
from a file; an interactive bash finds no ``!`` in it that it would take for its history. Control
characters, such as a tab, need a terminal that knows pasting from typing, as they all do by now.

Sources: the manual of curl (``--data-urlencode``, ``--data-raw``, ``--url-query``, ``--header``);
POSIX, Shell Command Language, 2.2 Quoting.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from lc_tutorial.errors import InputError
from lc_tutorial.lab.prepare import headers_of, prepare
from lc_tutorial.lab.request import (
    REFERENCE,
    Basic,
    Body,
    FormBody,
    JsonBody,
    Request,
    around_references,
    split_url,
)
from lc_tutorial.lab.vault import MEANINGS, Vault

#: Bytes. No system hands a longer word to a program (Linux: MAX_ARG_STRLEN, its zero included).
_LONGEST_WORD = 128 * 1024 - 1

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110, 5.6.2

#: What is not just itself between double quotes. "!" can't be escaped there.
_ACTIVE_IN_DOUBLE_QUOTES = frozenset('"\\$`!')

#: Where a variable's name is plainly at its end. zsh goes on at a bracket and at some colons.
_NAME_ENDS = re.compile(r"$|:\$|[^\w:\[]")

#: Ids whose values need no encoding in a URL.
_IDS = frozenset({"account_id", "client_id", "entity_id", "organization_id"})


def as_curl(request: Request) -> str:
    r"""The request as a command for bash, zsh or sh, over several lines.

    The first lines are comments: which variables have to be set, and to what.

    >>> print(as_curl(Request.to("https://accounts.livechat.com/v2/info")))
    curl 'https://accounts.livechat.com/v2/info'

    Of two headers with the same name the last one is there, as it is with ``requests``.

    Raises:
        InputError: no command can say it: a zero character, a body too long for a command line, a
            header that curl would take for something else, or an address that is none.
    """
    in_url, apart = _query(request)
    words = [["curl", _address(request, in_url)]]
    words += _method(request)
    words += apart
    match request.authorization:
        case Basic(user, password):
            words.append(["-u", f"{user}:{password}"])
    words += [["-H", header] for header in _headers(request)]
    words += _data(request.body)
    _check(word for option in words for word in option)
    command = [" ".join(_quoted(word) for word in option) for option in words]
    return "\n".join([*_preface(request), " \\\n  ".join(command)])


def variable(name: str) -> str:
    """The variable that stands for a reference, in the shell and in the environment."""
    return name.upper()


# --- What goes to curl ----------------------------------------------------------------------------


def _address(request: Request, query: tuple[tuple[str, str], ...]) -> str:
    """The URL as it is sent, so that curl finds nothing in it to change or to take for a range."""
    names = request.references
    marks = {name: f"a-reference-{number}-" for number, name in enumerate(names)}

    def marked(text: str) -> str:
        return REFERENCE.sub(lambda found: marks[found[1]], text)

    address, _ = split_url(marked(request.url))
    pairs = tuple((marked(name), marked(value)) for name, value in query)
    url = prepare(Request(url=address, query=pairs), Vault()).url or ""
    for name, mark in marks.items():
        url = url.replace(mark, f"{{{{{name}}}}}")
    return url


def _query(request: Request) -> tuple[tuple[tuple[str, str], ...], list[list[str]]]:
    """The query: what of it stands in the URL, and else the options that make curl encode it."""
    names = {name for pair in request.query for text in pair for name in REFERENCE.findall(text)}
    if names <= _IDS if request.body is not None else not names:
        return request.query, []
    if request.body is None:
        return (), [["--get"], *(_urlencoded(*pair) for pair in request.query)]
    # curl 7.87 or newer; there is no older way to have both a query and a body encoded.
    return (), [_url_query(*pair) for pair in request.query]


def _method(request: Request) -> list[list[str]]:
    if request.method == ("GET" if request.body is None else "POST"):
        return []
    if request.method == "HEAD" and request.body is None:
        return [["--head"]]  # with -X HEAD curl would wait for a body
    return [["-X", request.method]]


def _headers(request: Request) -> list[str]:
    # What curl says of --data by itself is right for a form; and it counts by itself.
    headers = headers_of(request, with_type=not isinstance(request.body, FormBody))
    return [_header(*header) for header in headers if header[0].lower() != "content-length"]


def _header(name: str, value: str) -> str:
    # curl reads a file where a header begins with "@", and hands line breaks on as they are.
    if not _HEADER_NAME.fullmatch(name) or "\r" in value or "\n" in value:
        raise InputError(
            what="A header can't be sent.",
            why="Its name or its value has a character that headers can't have, such as a line "
            "break.",
            remedy="Look at the headers and the authorization, and take it out.",
        )
    return f"{name}: {value}" if value else f"{name};"  # "Name:" would take the header away


def _data(body: Body) -> list[list[str]]:
    match body:
        case None:
            return []
        case FormBody(fields):
            return [_urlencoded(*field) for field in fields] or [["--data-raw", ""]]
    return [["--data-raw", body.text]]


def _urlencoded(name: str, value: str) -> list[str]:
    if not name:  # --data-urlencode would swallow the "=" in front
        return ["--data-raw", f"={_encoded(value)}"]
    return ["--data-urlencode", f"{_encoded(name)}={value}"]  # it encodes what is behind the "="


def _url_query(name: str, value: str) -> list[str]:
    text = f"{_encoded(name)}={value}" if name else f"+={_encoded(value)}"
    return ["--url-query", text]


def _encoded(text: str) -> str:
    """Encode all but the references: their values have to be what a URL can hold."""
    return around_references(text, lambda part: quote(part, safe="", errors="replace"))


# --- The shell ------------------------------------------------------------------------------------


def _quoted(word: str) -> str:
    """Write a word so that the shell reads it as it is, but for the references."""
    word = word.encode("utf-8", "replace").decode()
    if re.fullmatch(r"-\w|--[\w-]+|curl|[A-Z]+", word):
        return word
    parts = REFERENCE.split(word)
    if len(parts) == 1:
        return _single(word)
    if _ACTIVE_IN_DOUBLE_QUOTES.isdisjoint(word):
        return f'"{_with_variables(word)}"'
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f'"${variable(part)}"'
        elif part:
            parts[index] = _single(part)
    return "".join(parts)


def _with_variables(word: str) -> str:
    word = REFERENCE.sub(lambda found: f"${{{variable(found[1])}}}", word)
    # Without braces it reads better, where the name ends anyway.
    return re.sub(rf"\$\{{(\w+)\}}(?={_NAME_ENDS.pattern})", r"$\1", word)


def _single(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _preface(request: Request) -> list[str]:
    """Comments only of words that mean nothing to a shell: zsh may not know them for comments."""
    if not request.references:
        return []
    lines = ["# Set these first, with your own values:"]
    for name in request.references:
        meaning = MEANINGS.get(name, "").replace("'", "’")
        lines.append(f"#   export {variable(name)}='…'" + (f"  # {meaning}" if meaning else ""))
    if isinstance(request.body, JsonBody) and REFERENCE.search(request.body.text):
        lines.append("# Inside JSON: no quotation marks and no backslashes in them.")
    return lines


def _check(words: Iterable[str]) -> None:
    for word in words:
        if "\0" in word:
            raise InputError(
                what="This request can't be written as a cURL command.",
                why="It has a zero character in it, which no command line can hold.",
                remedy="Take the character out, or copy the request as Python code.",
            )
        if len(word.encode("utf-8", "replace")) > _LONGEST_WORD:
            raise InputError(
                what="This request is too long for a cURL command.",
                why="Systems take no more than 128 KB in one piece on a command line.",
                remedy="Copy it as Python code.",
            )
