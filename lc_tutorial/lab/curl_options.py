"""The options of curl, as far as a pasted command may have them.

Source: the manual of curl, version 8.
"""

from collections.abc import Mapping

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

_AS_ALWAYS = "the lab does that anyway"
_SHOWN = "it is about how curl shows the answer"
_CONNECTION = "the lab makes its connection in its own way"

#: Options that change nothing here: whether they take a value, and why they can go.
LEFT_OUT: Mapping[str, tuple[bool, str]] = {
    "--location": (False, "the lab follows redirects itself, to the hosts that it may reach"),
    "--max-redirs": (True, "the lab follows a few redirects"),
    "--insecure": (False, "the lab always checks certificates"),
    "--compressed": (False, _AS_ALWAYS),
    "--globoff": (False, _AS_ALWAYS),
    **dict.fromkeys(
        (
            "--silent",
            "--show-error",
            "--include",
            "--verbose",
            "--fail",
            "--fail-with-body",
            "--no-buffer",
            "--no-progress-meter",
            "--progress-bar",
        ),
        (False, _SHOWN),
    ),
    **dict.fromkeys(("--output", "--write-out", "--stderr", "--trace-ascii"), (True, _SHOWN)),
    "--remote-name": (False, _SHOWN),
    **dict.fromkeys(
        ("--http1.0", "--http1.1", "--http2", "--http3", "--ipv4", "--ipv6", "--tlsv1.2",
         "--tlsv1.3", "--keepalive", "--no-keepalive"),
        (False, _CONNECTION),
    ),
    **dict.fromkeys(
        ("--max-time", "--connect-timeout", "--retry", "--retry-delay", "--retry-max-time",
         "--keepalive-time", "--limit-rate"),
        (True, _CONNECTION),
    ),
}  # fmt: skip

_FILE = "it reads or writes a file, and the lab does neither"
_WAY = "it sends the request on another way, and the lab goes straight to the host"

#: Options without which it would be another request, and that the lab can't follow, and why.
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("--form", "--form-string"), "the lab sends no multipart forms"),
    **dict.fromkeys(
        ("--upload-file", "--config", "--cookie-jar", "--netrc", "--netrc-file", "--cert",
         "--key", "--cacert", "--capath"),
        _FILE,
    ),
    **dict.fromkeys(
        ("--proxy", "--proxy-user", "--resolve", "--connect-to", "--unix-socket", "--interface",
         "--socks5", "--preproxy"),
        _WAY,
    ),
    **dict.fromkeys(
        ("--digest", "--ntlm", "--negotiate", "--anyauth", "--aws-sigv4"),
        "the lab knows the schemes Bearer and Basic",
    ),
    **dict.fromkeys(("--next", "--parallel"), "the lab imports one request at once"),
}  # fmt: skip

#: The short names.
SHORT: Mapping[str, str] = {
    "X": "--request",
    "H": "--header",
    "d": "--data",
    "u": "--user",
    "A": "--user-agent",
    "e": "--referer",
    "b": "--cookie",
    "G": "--get",
    "I": "--head",
    "L": "--location",
    "k": "--insecure",
    "g": "--globoff",
    "s": "--silent",
    "S": "--show-error",
    "i": "--include",
    "v": "--verbose",
    "f": "--fail",
    "N": "--no-buffer",
    "#": "--progress-bar",
    "o": "--output",
    "w": "--write-out",
    "O": "--remote-name",
    "0": "--http1.0",
    "4": "--ipv4",
    "6": "--ipv6",
    "m": "--max-time",
    "F": "--form",
    "T": "--upload-file",
    "K": "--config",
    "c": "--cookie-jar",
    "n": "--netrc",
    "E": "--cert",
    "x": "--proxy",
    "U": "--proxy-user",
    ":": "--next",
    "Z": "--parallel",
}


def takes_value(option: str) -> bool:
    """Whether the next word belongs to this option, which is known and not refused."""
    return OPTIONS[option] if option in OPTIONS else LEFT_OUT[option][0]
