"""The options of curl: which make the request, which can go, which can't be followed, and why.

Source: the manual of curl, version 8.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from lc_tutorial.errors import InputError

#: Options that make the request, and whether they take a value.
OPTIONS: Mapping[str, bool] = {
    "--request": True,
    "--header": True,
    "--data": True,
    "--data-ascii": True,
    "--data-binary": True,
    "--data-raw": True,
    "--data-urlencode": True,
    "--json": True,
    "--url": True,
    "--url-query": True,
    "--user": True,
    "--oauth2-bearer": True,
    "--user-agent": True,
    "--referer": True,
    "--cookie": True,
    "--get": False,
    "--head": False,
}

_ALWAYS = "the lab does that anyway"
_SHOWN = "the lab shows the answer in its own way"
_CONNECTION = "the lab makes its connection in its own way"
_INSECURE = "the lab always checks certificates"

#: Options without which it is the same request: whether they take a value, and why they can go.
LEFT_OUT: Mapping[str, tuple[bool, str]] = {
    "--location": (False, "the lab follows redirects itself, to the hosts that it may reach"),
    "--max-redirs": (True, "the lab follows a few redirects"),
    "--insecure": (False, _INSECURE),
    "--proxy-insecure": (False, _INSECURE),
    "--ssl-no-revoke": (False, _INSECURE),
    **dict.fromkeys(("--compressed", "--globoff", "--basic", "--disable"), (False, _ALWAYS)),
    **dict.fromkeys(
        ("--silent", "--show-error", "--include", "--verbose", "--fail", "--fail-with-body",
         "--fail-early", "--no-buffer", "--no-progress-meter", "--progress-meter",
         "--progress-bar", "--remote-name", "--remote-header-name", "--remote-time",
         "--create-dirs", "--trace-time", "--styled-output", "--raw"),
        (False, _SHOWN),
    ),
    **dict.fromkeys(
        ("--output", "--output-dir", "--write-out", "--dump-header", "--stderr", "--trace",
         "--trace-ascii"),
        (True, _SHOWN),
    ),
    **dict.fromkeys(
        ("--http1.0", "--http1.1", "--http2", "--http2-prior-knowledge", "--http3", "--http0.9",
         "--ipv4", "--ipv6", "--tlsv1", "--tlsv1.0", "--tlsv1.1", "--tlsv1.2", "--tlsv1.3",
         "--ssl", "--ssl-reqd", "--keepalive", "--tcp-nodelay", "--tcp-fastopen", "--alpn",
         "--retry-all-errors", "--retry-connrefused", "--doh-insecure"),
        (False, _CONNECTION),
    ),
    **dict.fromkeys(
        ("--max-time", "--connect-timeout", "--retry", "--retry-delay", "--retry-max-time",
         "--keepalive-time", "--limit-rate", "--speed-limit", "--speed-time", "--tls-max",
         "--ciphers", "--tls13-ciphers", "--expect100-timeout", "--noproxy", "--max-filesize"),
        (True, _CONNECTION),
    ),
}  # fmt: skip

_FILE = "it makes curl read or write a file, and the lab does neither"
_WAY = "it sends the request another way, and the lab goes straight to the host of the address"

#: Options without which it would be another request, and that the lab can't follow, and why.
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("--form", "--form-string"),
        "it makes a multipart body, with files as a rule, and the lab sends forms, JSON and text",
    ),
    **dict.fromkeys(
        ("--upload-file", "--config", "--cookie-jar", "--netrc", "--netrc-file",
         "--netrc-optional", "--cert", "--key", "--cacert", "--capath", "--alt-svc", "--hsts"),
        _FILE,
    ),
    **dict.fromkeys(
        ("--proxy", "--proxy-user", "--proxy-header", "--proxytunnel", "--resolve", "--connect-to",
         "--unix-socket", "--abstract-unix-socket", "--interface", "--socks4", "--socks4a",
         "--socks5", "--socks5-hostname", "--preproxy", "--doh-url", "--dns-servers"),
        _WAY,
    ),
    **dict.fromkeys(
        ("--digest", "--ntlm", "--negotiate", "--anyauth", "--aws-sigv4"),
        "the lab knows the schemes Bearer and Basic",
    ),
    "--location-trusted": "it hands your credentials to every host that a redirect leads to, and "
    "the lab hands them to nobody else",
    **dict.fromkeys(
        ("--next", "--parallel", "--parallel-immediate", "--parallel-max"),
        "it is for several requests, and the lab imports one at once",
    ),
    **dict.fromkeys(("--range", "--continue-at"), "it asks for a part of the answer only"),
    "--time-cond": "it asks for the answer only if that is new",
    **dict.fromkeys(("--help", "--manual", "--version"), "it makes curl tell of itself"),
}  # fmt: skip

#: The short names.
SHORT: Mapping[str, str] = {
    "X": "--request", "H": "--header", "d": "--data", "u": "--user", "A": "--user-agent",
    "e": "--referer", "b": "--cookie", "G": "--get", "I": "--head", "L": "--location",
    "k": "--insecure", "g": "--globoff", "s": "--silent", "S": "--show-error", "i": "--include",
    "v": "--verbose", "f": "--fail", "N": "--no-buffer", "#": "--progress-bar", "o": "--output",
    "w": "--write-out", "O": "--remote-name", "J": "--remote-header-name", "R": "--remote-time",
    "D": "--dump-header", "q": "--disable", "0": "--http1.0", "4": "--ipv4", "6": "--ipv6",
    "1": "--tlsv1", "m": "--max-time", "y": "--speed-time", "Y": "--speed-limit", "F": "--form",
    "T": "--upload-file", "K": "--config", "c": "--cookie-jar", "n": "--netrc", "E": "--cert",
    "x": "--proxy", "U": "--proxy-user", "p": "--proxytunnel", ":": "--next", "Z": "--parallel",
    "r": "--range", "C": "--continue-at", "z": "--time-cond", "h": "--help", "M": "--manual",
    "V": "--version",
}  # fmt: skip

_DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_LEADING_DASHES = re.compile(f"(?:-|{_DASH.pattern})+")
_HYPHENS_SAID = "Long dashes, as a word processor makes them, were taken for hyphens."


def with_hyphens(name: str, notes: list[str]) -> str:
    """A name with hyphens in the place of what only looks like them."""
    plain = _DASH.sub("-", name)
    if plain != name:
        notes.append(_HYPHENS_SAID)
    return plain


def options_in(words: Sequence[str], notes: list[str]) -> Iterator[tuple[str, str, str]]:
    """The options that make the request, each with the name as it was written and its value.

    Args:
        words: behind ``curl``. One that belongs to no option is a URL, and comes as ``--url``.
        notes: gets what was left out and why, as sentences.

    Raises:
        InputError: an option is unknown, can't be followed, or lacks its value.
    """
    reader = _Reader(words)
    found = list(reader.read())
    if reader.refused:
        raise _refused(*reader.refused)
    if reader.equals:
        raise _with_equals(reader.equals)
    if reader.unknown:
        raise _unknown(list(dict.fromkeys(reader.unknown)))
    if reader.dashes:
        notes.append(_HYPHENS_SAID)
    for reason, names in reader.left_out.items():
        notes.append(f"{_listed(names)} {'was' if len(names) == 1 else 'were'} left out: {reason}.")
    return iter(found)


class _Reader:
    """Goes through the words once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.rest = iter(words)
        self.left_out: dict[str, list[str]] = {}
        self.unknown: list[str] = []
        self.refused: tuple[str, str] | None = None
        self.equals = ""
        self.dashes = False

    def read(self) -> Iterator[tuple[str, str, str]]:
        only_urls = False
        for word in self.rest:
            if word[:1] == "-" or _DASH.match(word):
                word = word if only_urls else self._with_hyphens(word)
            if only_urls or not word.startswith("-") or word == "-":
                yield "--url", "--url", word
            elif word == "--":
                only_urls = True
            elif word.startswith("--"):
                yield from self._long(word)
            else:
                yield from self._short(word[1:])

    def _with_hyphens(self, word: str) -> str:
        """An option, which has hyphens in front and within; what follows a short one stays."""
        plain = _DASH.sub("-", word)
        if plain == word:
            return word
        rest = plain.lstrip("-")
        if _kind_of(f"--{rest}"):
            self.dashes = True
            return f"--{rest}"
        if not _DASH.match(word):
            return word
        self.dashes = True
        return "-" + _LEADING_DASHES.sub("", word, count=1)

    def _long(self, word: str) -> Iterator[tuple[str, str, str]]:
        if _kind_of(word):
            yield from self._known(word, word, "")
        elif "=" in word and _kind_of(word.partition("=")[0]):
            self.equals = self.equals or word.partition("=")[0]
        else:
            self.unknown.append(word.partition("=")[0])

    def _short(self, letters: str) -> Iterator[tuple[str, str, str]]:
        """A bundle; what follows the first option that takes a value is its value."""
        while letters:
            letter, letters = letters[0], letters[1:]
            option = SHORT.get(letter)
            if option is None:
                self.unknown.append(f"-{letter}")
                return
            yield from self._known(option, f"-{letter}", letters)
            if option in REFUSED or _takes_value(option):
                return

    def _known(self, option: str, written: str, behind: str) -> Iterator[tuple[str, str, str]]:
        if option in REFUSED:
            self.refused = self.refused or (written, REFUSED[option])
            return
        value = (behind or self._value(written)) if _takes_value(option) else ""
        if option in OPTIONS:
            yield option, written, value
        else:
            names = self.left_out.setdefault(_reason(option), [])
            names += [] if written in names else [written]

    def _value(self, written: str) -> str:
        value = next(self.rest, None)
        if value is None:
            raise InputError(
                what=f"Nothing follows {written}.",
                why="This option takes a value, and the command ends there.",
                remedy="Copy the whole command again, to its last line.",
            )
        return value


def _kind_of(option: str) -> bool:
    return option in OPTIONS or option in REFUSED or bool(_reason(option))


def _takes_value(option: str) -> bool:
    return OPTIONS[option] if option in OPTIONS else LEFT_OUT.get(option, (False, ""))[0]


def _reason(option: str) -> str:
    """Why an option can be left out; empty where it can't."""
    if option in LEFT_OUT:
        return LEFT_OUT[option][1]
    # curl knows --no-… for each option without a value.
    takes_value, reason = LEFT_OUT.get(option.replace("--no-", "--", 1), (True, ""))
    return "" if takes_value else reason


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _unknown(options: list[str]) -> InputError:
    shown = _listed([option[:40] for option in options[:10]])
    one = len(options) == 1
    return InputError(
        what=f"The lab doesn't know {'this option' if one else 'these options'}: {shown}.",
        why="It may change what is sent, so it is not simply left out.",
        remedy=f"Take {'it' if one else 'them'} out of the command, with the value if there is "
        "one, and import the rest. Options are case-sensitive.",
    )


def _refused(written: str, why: str) -> InputError:
    return InputError(
        what=f"The lab can't do what {written} asks for.",
        why=f"{why[0].upper()}{why[1:]}.",
        remedy="Take it out of the command, with its value if it has one, and import the rest.",
    )


def _with_equals(option: str) -> InputError:
    return InputError(
        what=f"{option} has an equals sign behind it.",
        why="curl does not read options that way; many other programs do.",
        remedy=f"Put a space in its place: {option} and then the value.",
    )
