"""What is secret in a text, and dots in its place.

A value is secret because it was remembered as such, because it has the shape of a platform token,
or because of the name of its field. :mod:`lc_tutorial.masking.output` applies this to all that a
kernel displays.
"""

import re
import threading
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote, quote_plus

#: What stands in the place of a secret. Always as long, so that it tells nothing.
DOTS = "•" * 8

#: Shorter values are never remembered: masking them would eat ordinary text.
_SHORTEST = 8

#: Fields whose values are secret, in JSON, in forms and in URLs.
SECRET_FIELDS = frozenset(
    {"access_token", "refresh_token", "client_secret", "code", "code_verifier"}
)

#: Headers whose values are secret.
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})

# Codes and access tokens carry their region in front; refresh tokens did once.
# Source: livechat-public-docs, authorization/oauth-authorization.
_REGION = r"(?:dal|fra-[ab]|fra)(?::|%(?:25)*3[Aa])"
_SHAPE = re.compile(rf"({_REGION})[A-Za-z0-9_-]{{10,}}")
_WHOLE_SHAPE = re.compile(rf"({_REGION})[A-Za-z0-9_-]{{20,}}")
# What may stand before it though it ends in a letter or a digit, unlike the rest of a word
# ("medal:"): a colour, an escaped line break, an encoded character.
_BEFORE_SHAPE = re.compile(r"(?:\dm|\\[nrt]|%[0-9A-Fa-f]{2})$")

# A quotation mark as it comes in JSON, in JSON within JSON, in a repr and in HTML.
_QUOTE = r"""(?:\\*["']|&quot;|&\#x27;|&\#39;)"""
_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_NAMES = "|".join(sorted(SECRET_FIELDS, key=len, reverse=True))

# "access_token": "value", and access_token='value' as in the repr of an object.
_FIELD = re.compile(
    rf"(?<![\w.-])({_NAMES})({_QUOTE}?{_COLOUR}\s*[:=]\s*{_COLOUR}{_QUOTE})"
    r"""([^\s"'\\<>&{}]+)(?=\\*["']|&quot;|&\#x27;|&\#39;)"""
)
# ?code=value&..., client_secret=value&... . Not the keyword arguments of a line of Python.
_PARAMETER = re.compile(
    rf"""(^|[?&\#"']|&amp;|\s)({_NAMES})=([A-Za-z0-9%][^&\s"'\\<>\#,(){{}}]*)(?=(&?))"""
)
_AUTHORIZATION = re.compile(
    rf"(?i)(authorization{_QUOTE}?\s*[:=]\s*[bf]?{_QUOTE}?(?:bearer|basic)\s+)"
    r"""([^\s"'\\<>{},;&]{6,})"""
)
_PIECE_BEFORE = re.compile(r"[\w:%-]{4,}$")
_PIECE_AFTER = re.compile(r"[\w:%-]{4,}")

#: Characters beside the cut that are looked at; IPython leaves at most half a hundred.
_LONGEST = 128

#: Longer texts are no tracebacks, and searching them for pieces would take long.
_LONGEST_TRACEBACK = 200_000

# A word such as "required" where a secret would be: the answer names what is wrong with the field.
_WORD = re.compile(r"[a-z_]{1,24}")

_lock = threading.Lock()
_known: dict[str, str] = {}


class Secret(str):
    """A string that shows itself as dots and is sent as it is.

    Only its ``repr`` is masked, which is what a notebook shows of a value. ``str()``, f-strings,
    form bodies and headers hold the value. Creating one makes the value known to :func:`mask`.

    >>> Secret("dal:not-a-real-token-at-all")
    Secret('dal:••••••••')
    """

    __slots__ = ()

    def __new__(cls, value: str = "") -> Self:
        """Make a secret of a string, and remember it."""
        remember(value)
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return f"Secret({_dots(self)!r})" if self else "Secret('')"


def remember(value: str) -> None:
    """Mask this value from now on, wherever it is displayed.

    Values of fewer than 8 characters are ignored: they could be part of any word.
    """
    value = str.__str__(value)
    if len(value) < _SHORTEST or value.strip("•*. ") == "":
        return
    encoded = quote(value, safe="")
    forms = {value, encoded, encoded.replace("%3A", "%3a"), quote(value), quote_plus(value)}
    with _lock:
        for form in forms:
            _known.setdefault(form, _dots(value))


def forget_all() -> None:
    """Forget every remembered value. For tests."""
    with _lock:
        _known.clear()


def holds_secret(text: str) -> bool:
    """Whether the text holds a remembered value, or a whole token of the platform's shape."""
    with _lock:
        known = list(_known)
    return any(value in text for value in known) or any(
        _is_token(found) for found in _WHOLE_SHAPE.finditer(text)
    )


def mask(text: str) -> str:
    """The text with dots in the place of every secret in it.

    Masks remembered values, the platform's tokens, the values of secret fields in JSON, in
    ``repr`` of dicts, in forms and URLs, and ``Authorization`` headers. All else stays as it is.
    """
    with _lock:
        # Longest first: one value may be part of another.
        known = sorted(_known.items(), key=lambda item: len(item[0]), reverse=True)
    for value, dots in known:
        if value in text:
            text = text.replace(value, dots)
    if "dal" in text or "fra" in text:
        text = _SHAPE.sub(lambda found: f"{found[1]}{DOTS}" if _is_token(found) else found[0], text)
    if "token" in text or "client_secret" in text or "code" in text:
        text = _FIELD.sub(_mask_field, text)
    if any(f"{name}=" in text for name in SECRET_FIELDS):
        text = _PARAMETER.sub(_mask_parameter, text)
    if "uthorization" in text or "UTHORIZATION" in text:
        text = _AUTHORIZATION.sub(rf"\1{DOTS}", text)
    if known and "..." in text and len(text) < _LONGEST_TRACEBACK:
        text = _mask_pieces(text, [value for value, _ in known])
    return text


def find_secrets(text: str) -> list[tuple[str, str]]:
    """What looks like a secret in a text, whether it was remembered or not.

    Returns:
        The name of its field, or an empty string where only its shape tells, and the value as it
        stands in the text, which may be percent-encoded.
    """
    fields = [(match[1], match[3]) for match in _FIELD.finditer(text)]
    fields += [(match[2], match[3]) for match in _PARAMETER.finditer(text)]
    found = [(name, value) for name, value in fields if _looks_secret(name, value)]
    found += [("authorization", match[2]) for match in _AUTHORIZATION.finditer(text)]
    found += [("", match[0]) for match in _WHOLE_SHAPE.finditer(text) if _is_token(match)]
    return list(dict.fromkeys(found))


def mask_data(data: Any) -> Any:
    """The same for data as JSON has it: lists, dicts and strings, at any depth.

    A value whose key is a secret field is masked whole. Images are left alone.
    """
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, Mapping):
        return {key: _mask_value(key, value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [mask_data(value) for value in data]
    return data


def _mask_value(key: Any, value: Any) -> Any:
    if isinstance(value, str):
        if key in SECRET_FIELDS and _looks_secret(key, value):
            return _dots(value)
        if isinstance(key, str) and key.startswith("image/") and "svg" not in key:
            return value
    return mask_data(value)


def _is_token(found: re.Match[str]) -> bool:
    """Whether what has a token's shape is one, and not the end of a word and what follows it."""
    before = found.string[max(0, found.start() - 3) : found.start()]
    return not before[-1:].isalnum() or _BEFORE_SHAPE.search(before) is not None


def _dots(value: str) -> str:
    """Dots for a value; its region, which is no secret, stays."""
    region, colon, _ = value.partition(":")
    return f"{region}:{DOTS}" if colon and region in ("dal", "fra", "fra-a", "fra-b") else DOTS


def _looks_secret(field: str, value: str) -> bool:
    if DOTS in value:
        return False
    if field == "code":
        # Many things are called a code: a status, a country, an error's name.
        return len(value) >= 16 and not value.isalpha() and any(c.isdigit() for c in value)
    if any(c.isspace() for c in value):
        return False
    return len(value) >= _SHORTEST and not _WORD.fullmatch(value)


def _mask_field(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    return f"{name}{between}{_dots(value)}" if _looks_secret(name, value) else found[0]


def _mask_parameter(found: re.Match[str]) -> str:
    before, name, value, after = found.groups()
    if before.isspace() and not after:
        return found[0]
    return f"{before}{name}={DOTS}" if _looks_secret(name, value) else found[0]


def _mask_pieces(text: str, known: list[str]) -> str:
    """Mask what is left of secrets in values that IPython shortened in the middle."""
    left, *rights = text.split("...")
    parts = [left]
    for right in rights:
        before = _PIECE_BEFORE.search(parts[-1][-_LONGEST:])
        if before is not None and any(_ends_with_start_of(before[0], value) for value in known):
            parts[-1] = f"{parts[-1][: -len(before[0])]}{DOTS}"
        after = _PIECE_AFTER.match(right[:_LONGEST])
        if after is not None and any(_begins_with_end_of(after[0], value) for value in known):
            right = f"{DOTS}{right[len(after[0]) :]}"
        parts.append(right)
    return "...".join(parts)


def _ends_with_start_of(piece: str, value: str) -> bool:
    return any(value.startswith(piece[i:]) for i in range(len(piece) - 3))


def _begins_with_end_of(piece: str, value: str) -> bool:
    return any(value.endswith(piece[: len(piece) - i]) for i in range(len(piece) - 3))
