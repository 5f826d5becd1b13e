"""Redirect URIs: what may be whitelisted, and which requests a whitelist lets through.

Scheme and host (with its port) must be the same to the letter; the whitelisted path must be the
start of the requested one. Path traversal, a query and a fragment are refused.

Source: livechat-public-docs, authorization/oauth-authorization, "Redirect URIs".
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote

MAX_LENGTH = 2048  # assumed: no source names a limit

_FORM = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+._-]*)://(?P<host>[^/]*)(?P<path>.*)")
_WEB_HOST = re.compile(r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_APP_HOST = re.compile(r"[A-Za-z0-9._~-]*")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NEVER = frozenset({"javascript", "vbscript", "data", "file", "blob", "about", "view-source"})
_DEEPEST_ENCODING = 8


@dataclass(frozen=True)
class _Parts:
    scheme: str
    host: str
    path: str


def problem(uri: str) -> str | None:
    """Say what makes a text no redirect URI at all, whitelisted or requested.

    Returns:
        A sentence for a person, or None if nothing is wrong with it.
    """
    if not uri:
        return "It is empty."
    if len(uri) > MAX_LENGTH:
        return f"It is longer than {MAX_LENGTH} characters."
    if not uri.isascii():
        return "It has a character that must be percent-encoded in a URL."
    if any(character <= " " or character == "\x7f" for character in uri):
        return "It has a space, a line break or another invisible character in it."
    if "\\" in uri:
        return "It has a backslash in it."
    if "?" in uri:
        return "It has a query (from the question mark on), which is not allowed here."
    if "#" in uri:
        return "It has a fragment (from the # on), which is not allowed here."
    parts = _split(uri)
    if parts is None:
        return "It has to be a full address, such as http://127.0.0.1:8377/callback."
    if parts.scheme.lower() in _NEVER:
        return f"Nobody can be redirected to a {parts.scheme}: address."
    if "@" in parts.host:
        return "It has a user name (before the @) in it, which is not allowed here."
    host = _APP_HOST if is_custom_scheme(uri) else _WEB_HOST
    if not host.fullmatch(parts.host):
        return "Its host is not a valid one."
    return _path_problem(parts.path)


def is_custom_scheme(uri: str) -> bool:
    """Whether a redirect URI leads into a native app (`my_app://`), which needs PKCE."""
    return not uri.startswith(("http://", "https://"))


def origin_of(uri: str) -> str | None:
    """Return the origin that a browser gives pages at this redirect URI; None for a native app's.

    >>> origin_of("https://shop.example:8443/app")
    'https://shop.example:8443'
    """
    parts = _split(uri)
    if parts is None or is_custom_scheme(uri) or problem(uri) is not None:
        return None
    return f"{parts.scheme}://{parts.host}"


def is_allowed(whitelist: Collection[str], requested: str) -> bool:
    """Whether one of the whitelisted URIs lets the requested one through."""
    return problem(requested) is None and any(_matches(entry, requested) for entry in whitelist)


def difference(whitelist: Collection[str], requested: str) -> str:
    """Explain to the app's author why `is_allowed` said no.

    The whitelisted URI that comes nearest is compared with the requested one, part by part.
    """
    wrong = problem(requested)
    if wrong is not None:
        return wrong
    asked = _split(requested)
    known = [(entry, parts) for entry in whitelist if (parts := _split(entry)) is not None]
    if asked is None or not known:
        return "The whitelist of this app is empty."
    nearest, expected = max(known, key=lambda entry: _likeness(entry[1], asked))
    if expected.scheme != asked.scheme:
        found = f"it starts with {asked.scheme}://, not with {expected.scheme}://"
    elif expected.host != asked.host:
        found = f"its host and port are {asked.host}, not {expected.host}"
    elif expected.path == asked.path + "/":
        found = "the slash at its end is missing"
    else:
        found = f"its path is {asked.path or 'empty'}, and does not start with {expected.path}"
    return f"The nearest whitelisted URI is {nearest}. The requested one differs: {found}."


def _matches(configured: str, requested: str) -> bool:
    rule, asked = _split(configured), _split(requested)
    if rule is None or asked is None or (rule.scheme, rule.host) != (asked.scheme, asked.host):
        return False
    # assumed: the source says "a substring"; we read it as the start, up to the end of a segment,
    # so that /archives does not let /archives-evil through.
    if not asked.path.startswith(rule.path):
        return False
    rest = asked.path[len(rule.path) :]
    return not rest or rest.startswith("/") or rule.path.endswith("/")


def _likeness(expected: _Parts, asked: _Parts) -> tuple[bool, bool, int]:
    same_start = 0
    for one, other in zip(expected.path, asked.path, strict=False):
        if one != other:
            break
        same_start += 1
    return expected.scheme == asked.scheme, expected.host == asked.host, same_start


def _split(uri: str) -> _Parts | None:
    found = _FORM.fullmatch(uri)
    return _Parts(**found.groupdict()) if found else None


def _path_problem(path: str) -> str | None:
    if _BROKEN_ESCAPE.search(path):
        return "It has a % that is not followed by two hexadecimal digits."
    # assumed: traversal is refused in any encoding, since servers differ in what they decode.
    for _ in range(_DEEPEST_ENCODING):
        plain = unicodedata.normalize("NFKC", path)
        if "\\" in plain or any(unicodedata.category(character) == "Cc" for character in plain):
            return "It has a backslash or a control character in it, percent-encoded."
        if any(segment.split(";")[0] == ".." for segment in plain.split("/")):
            return "Its path goes up with .. (path traversal), which is not allowed."
        try:
            decoded = unquote(path, errors="strict")
        except UnicodeDecodeError:
            return "Its path is percent-encoded, but not from UTF-8."
        if decoded == path:
            return None
        path = decoded
    return "Its path is percent-encoded too many times over."
