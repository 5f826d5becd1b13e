"""The words of a curl command as a request. No option is dropped without a word.

Source: the manual of curl, version 8.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lc_tutorial.errors import InputError
from lc_tutorial.lab import json_comments
from lc_tutorial.lab.curl_options import LEFT_OUT, OPTIONS, REFUSED, SHORT, takes_value
from lc_tutorial.lab.request import (
    Authorization,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
    split_url,
)

# [1-10] and {a,b} make curl send several requests. Not [] and not {{reference}}.
_RANGE = re.compile(r"\[\w+-\w+(?::\d+)?\]|(?<!\{)\{[^{}]*,[^{}]*\}(?!\})")

# What is left of a broken line between two parameters: blanks, and a backslash that escaped one.
_BROKEN_LINE = re.compile(r"(?:(?<=&)|^)[\\\s]*\s[\\\s]*|[\\\s]*\s[\\\s]*(?=&|$)")
_BLANKS_IN_URL = re.compile(r"\s+(?=[?&]|$)|(?<=[?&])\s+|^\s+")


@dataclass
class _Command:
    """What the options ask for."""

    method: str = ""
    urls: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    json: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    authorization: Authorization = None
    get: bool = False
    head: bool = False
    notes: list[str] = field(default_factory=list)


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
    unknown: list[str] = []
    for option, value in _options(words, unknown):
        if option in LEFT_OUT:
            command.notes.append(f"{option} was left out: {LEFT_OUT[option][1]}.")
        elif option in REFUSED:
            raise _refused(option)
        else:
            _apply(command, option, value)
    if unknown:
        raise _unknown(unknown)
    return _request(command), tuple(dict.fromkeys(command.notes))


# --- Options --------------------------------------------------------------------------------------


def _options(words: Sequence[str], unknown: list[str]) -> Iterator[tuple[str, str]]:
    """The options with their values; a URL comes as ``--url``."""
    rest = iter(words)
    only_urls = False
    for word in rest:
        if only_urls or not word.startswith("-") or word == "-":
            yield "--url", word
        elif word == "--":
            only_urls = True
        elif word.startswith("--"):
            yield from _long(word, rest, unknown)
        else:
            yield from _short(word[1:], rest, unknown)


def _long(word: str, rest: Iterator[str], unknown: list[str]) -> Iterator[tuple[str, str]]:
    if word in REFUSED:
        yield word, ""
    elif word in OPTIONS or word in LEFT_OUT:
        yield word, _value(word, rest) if takes_value(word) else ""
    else:
        unknown.append(word.partition("=")[0])


def _short(letters: str, rest: Iterator[str], unknown: list[str]) -> Iterator[tuple[str, str]]:
    """A bundle of short options; the last one may have its value behind it."""
    while letters:
        letter, letters = letters[0], letters[1:]
        option = SHORT.get(letter)
        if option is None:
            unknown.append(f"-{letter}")
            return
        if option in REFUSED or not takes_value(option):
            yield option, ""
        else:
            yield option, letters or _value(f"-{letter}", rest)
            return


def _value(option: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise InputError(
            what=f"Nothing follows {option}.",
            why="This option takes a value, and the command ends there.",
            remedy="Copy the whole command again, to its last line.",
        )
    return value


def _apply(command: _Command, option: str, value: str) -> None:
    match option:
        case "--request":
            command.method = value.strip().upper()
        case "--url":
            command.urls.append(value)
        case "--header":
            command.headers += _header(value)
        case "--data" | "--data-ascii" | "--data-binary":
            command.data.append(_no_file(option, value))
        case "--data-raw":
            command.data.append(value)
        case "--data-urlencode":
            command.data.append(_urlencoded(option, value))
        case "--json":
            command.json.append(_no_file(option, value))
        case "--url-query":
            command.queries.append(value[1:] if value[:1] == "+" else _urlencoded(option, value))
        case "--user":
            command.authorization = Basic(*_user(command, value))
        case "--oauth2-bearer":
            command.authorization = Bearer(value)
        case "--user-agent":
            command.headers.append(("User-Agent", value))
        case "--referer":
            command.headers.append(("Referer", value))
        case "--cookie":
            if "=" not in value:
                raise _refused("--cookie-jar")
            command.cookies.append(value)
        case "--get":
            command.get = True
        case "--head":
            command.head = True


def _header(text: str) -> list[tuple[str, str]]:
    if text.startswith("@"):
        raise _reads_file("--header")
    name, colon, value = text.partition(":")
    if colon:
        # "Name:" takes away what curl would send by itself; the lab doesn't send that.
        return [(name.strip(), value.strip())] if value.strip() else []
    if text.rstrip().endswith(";"):
        return [(text.rstrip()[:-1].strip(), "")]
    raise InputError(
        what="There is a header without a colon.",
        why="A header is a name, a colon and a value.",
        remedy="Write it like -H 'Content-Type: application/json'.",
    )


def _user(command: _Command, text: str) -> tuple[str, str]:
    user, colon, password = text.partition(":")
    if not colon:
        command.notes.append("curl would ask for the password of -u; fill it in below.")
    return user, password


def _urlencoded(option: str, text: str) -> str:
    """What curl makes of ``content``, ``=content`` and ``name=content``."""
    name, equals, content = text.partition("=")
    if not equals:
        if "@" in text:
            raise _reads_file(option)
        return _encoded(text)
    return f"{name}={_encoded(content)}" if name else _encoded(content)


def _encoded(text: str) -> str:
    return quote(text, safe="{}", errors="replace")  # the braces of references


def _no_file(option: str, text: str) -> str:
    if text.startswith("@"):
        raise _reads_file(option)
    return text


# --- The request ----------------------------------------------------------------------------------


def _request(command: _Command) -> Request:
    address, query = _address(command)
    headers = list(command.headers)
    if command.cookies:
        headers.append(("Cookie", ";".join(command.cookies)))
    body: Body = None
    data = "&".join(command.data)
    if command.get:
        query += _pairs(_mended(data, command.notes))
    elif command.json:
        # curl puts several of them behind each other.
        body = _json("".join(command.json), command.notes)
    elif command.data:
        body, headers = _body(data, headers, command.notes)
    for text in command.queries:
        query += _pairs(text)
    has_body = body is not None
    names = [name.lower() for name, _ in headers]
    if len(set(names)) < len(names):
        command.notes.append("Of headers with the same name the lab sends the last one.")
    method = command.method or ("HEAD" if command.head else "POST" if has_body else "GET")
    if isinstance(body, FormBody | JsonBody | TextBody):
        headers = [pair for pair in headers if not _says_the_same(pair, body)]
    return Request(method, address, query, tuple(headers), command.authorization, body)


def _address(command: _Command) -> tuple[str, Pairs]:
    if len(command.urls) != 1:
        raise _not_one_url(command.urls)
    url = mended_url(command.urls[0], command.notes)
    if _RANGE.search(url):
        raise InputError(
            what="There are square or curly brackets in the address.",
            why="curl sends one request for each thing in them, and the lab sends one.",
            remedy="Write one of them in their place.",
        )
    return split_url(url)


def mended_url(url: str, notes: list[str]) -> str:
    """The URL without the blanks that broken lines leave, and with a scheme."""
    mended = _BLANKS_IN_URL.sub("", url)
    if mended != url:
        notes.append(
            "Blanks in the address were taken out: line breaks of the sample left them there."
        )
    if "://" not in mended:
        host = urlsplit(f"//{mended}").hostname or ""
        scheme = "http" if host in ("localhost", "127.0.0.1", "::1") else "https"
        notes.append(f"{scheme}:// was put in front of the address.")
        mended = f"{scheme}://{mended}"
    return mended


def _body(
    text: str, headers: list[tuple[str, str]], notes: list[str]
) -> tuple[Body, list[tuple[str, str]]]:
    """The body of ``--data``, and the headers that go with it."""
    said = next((value for name, value in headers if name.lower() == "content-type"), None)
    kind = (said or "").partition(";")[0].strip().lower()
    if kind.endswith(("/json", "+json")):
        return _json(text, notes), headers
    if said is None and text.lstrip()[:1] in ("{", "[") and not text.startswith("{{"):
        notes.append(
            "The sample names no Content-Type, so curl would call this JSON a form. "
            "The lab sends it as JSON."
        )
        return _json(text, notes), headers
    if said is None or kind == FormBody.content_type:
        text = _mended(text, notes)
        fields = _fields(text)
        if fields is not None:
            return FormBody(fields), headers
        if said is None:
            headers = [*headers, ("Content-Type", FormBody.content_type)]
    return TextBody(text), headers


def _json(text: str, notes: list[str]) -> JsonBody:
    cleaned = json_comments.cleaned(text)
    notes += cleaned.notes
    if problem := json_comments.problem_in(cleaned.text):
        notes.append(f"The body is no JSON yet. {problem} Correct it below, then send it.")
    return JsonBody(cleaned.text)


def _mended(text: str, notes: list[str]) -> str:
    """A form without what broken lines leave in front of and behind its parameters."""
    mended, times = _BROKEN_LINE.subn("", text) if "&" in text else (text, 0)
    if times:
        notes.append(
            f"Blanks beside {'one parameter' if times == 1 else f'{times} parameters'} were taken "
            "out: line breaks of the sample left them there, and the platform would not have "
            "known the names."
        )
    return mended


def _fields(text: str) -> Pairs | None:
    """The fields of a form; None where they would not make that form again."""
    chunks = [chunk for chunk in text.split("&") if chunk]
    if not all("=" in chunk for chunk in chunks):
        return None
    fields = _pairs(text)
    return fields if parse_qsl(urlencode(fields), keep_blank_values=True) == [*fields] else None


def _pairs(text: str) -> Pairs:
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))


def _says_the_same(header: tuple[str, str], body: FormBody | JsonBody | TextBody) -> bool:
    name, value = header
    return name.lower() == "content-type" and value.lower() == body.content_type


# --- What can't be imported -----------------------------------------------------------------------


def _unknown(options: list[str]) -> InputError:
    shown = ", ".join(option[:40] for option in dict.fromkeys(options))
    plural = len(set(options)) > 1
    return InputError(
        what=f"The lab doesn't know {'these options' if plural else 'this option'}: {shown}.",
        why="It may change what is sent, so it is not simply left out.",
        remedy=f"Take {'them' if plural else 'it'} out of the command, with its value if it has "
        "one, and import the rest.",
    )


def _refused(option: str) -> InputError:
    return InputError(
        what=f"The lab can't do what {option} asks for.",
        why=f"{REFUSED[option][:1].upper()}{REFUSED[option][1:]}.",
        remedy="Take it out of the command, with its value, and import the rest.",
    )


def _reads_file(option: str) -> InputError:
    return InputError(
        what=f"The value of {option} names a file.",
        why="The @ in it makes curl read one, and the lab reads no files.",
        remedy="Write what is in the file in its place. With --data-raw an @ is plain text.",
    )


def _not_one_url(urls: list[str]) -> InputError:
    if urls:
        return InputError(
            what=f"There are {len(urls)} addresses in this command.",
            why="Each word that belongs to no option is one for curl. A quote may be missing, or "
            "an option lost its minus.",
            remedy="Put quotes around what belongs together, or paste one request at a time.",
        )
    return InputError(
        what="There is no address in this command.",
        why="curl needs one to send the request to.",
        remedy="Copy the whole command again.",
    )
