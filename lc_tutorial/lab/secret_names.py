"""Which fields and headers of a request hold a secret, whatever they are called.

A secret is known by its shape, and by the words of the name it goes by: ``client_secret``,
``clientSecret``, ``client-secret`` and ``X-Api-Key`` all hold one. The names that the platform
knows are certain; of another one the value has to look like a secret, too.

Source of the names: livechat-public-docs, authorization/*; RFC 6749, RFC 7636 and RFC 7617.
"""

import re
from collections.abc import Iterator

from lc_tutorial.lab.names import name_of
from lc_tutorial.lab.request import REFERENCE
from lc_tutorial.lab.vault import MEANINGS, PUBLIC
from lc_tutorial.masking import find_known, find_secrets
from lc_tutorial.pasting import CROSSES, MARKED, REGION, hidden_in, placeholder_in, words_of

#: Words for secrets, and for what opens a door.
_WORDS = frozenset(
    {
        "secret",
        "secrets",
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "token",
        "tokens",
        "credential",
        "credentials",
        "bearer",
        "jwt",
        "pat",
        "apikey",
        "authorization",
        "assertion",
        "verifier",
        "cookie",
        "signature",
    }
)
#: Before "key" these make it one that opens something.
_OF_KEYS = frozenset({"api", "access", "private", "secret", "auth", "app", "subscription", "x"})

#: With these behind it a name speaks of a secret, and is not its own.
_ABOUT = frozenset(
    {
        "type",
        "id",
        "ids",
        "hint",
        "uri",
        "url",
        "name",
        "count",
        "limit",
        "method",
        "challenge",
        "expires",
        "at",
        "in",
        "endpoint",
        "scope",
        "status",
        "length",
        "version",
        "format",
    }
)
#: What HTML leaves in front of a name.
_DEBRIS = frozenset({"amp", "quot"})

#: Words written as one.
_TOGETHER = re.compile(r"(client|access|refresh|auth|api|id)(secret|token|key)")

# Placeholders whose marks a secret may begin and end with, too.
_OPEN_MARKS = ("dollar", "colon", "percents", "underscores")

# A word such as "required", where a secret would be.
_WORD = re.compile(r"[a-z_]{1,24}")
_SHORTEST = 8

#: Characters. No token comes near; what is longer is not looked at closely.
LONGEST_SECRET = 4_096

# A long word beside one that says what it is: "secret: Qm9…".
_BESIDE = re.compile(
    r"(?i:\b(secret|password|token|api[ _-]?key|credential)s?)\b(?:\W|is\b){0,6}?"
    r"(?<![\w-])([A-Za-z0-9_-]{32,})(?![\w-])"
)


def secret_name(name: str) -> str | None:
    """The name under which a field's value is kept, if the field holds a secret; else None.

    >>> secret_name("clientSecret"), secret_name("amp;client_secret"), secret_name("X-Api-Key")
    ('client_secret', 'client_secret', 'x_api_key')
    >>> secret_name("token_type"), secret_name("chat_id")
    (None, None)
    """
    if not name.isascii():
        return None
    words = [word for word in words_of(_TOGETHER.sub(r"\1_\2", name)) if word not in _DEBRIS]
    if not words or words[-1] in _ABOUT:
        return None
    snake = "_".join(words)
    known = name_of(snake)
    if known is not None:
        return None if known in PUBLIC or known not in MEANINGS else known
    opens = words[-1] == "key" and not _OF_KEYS.isdisjoint(words[:-1])
    if not opens and _WORDS.isdisjoint(words):
        return None
    return snake if snake[0].isalpha() else f"sent_{snake}"


def is_certain(name: str) -> bool:
    """Whether what this name's field holds is a secret, however it looks.

    Args:
        name: as :func:`secret_name` gives it.
    """
    return name in MEANINGS or "password" in name or "secret" in name


def looks_secret(value: str) -> bool:
    """Whether a value can be a secret: no word, and nothing with blanks in it."""
    return (
        len(value) >= _SHORTEST
        and not any(map(str.isspace, value))
        and not _WORD.fullmatch(value)
        and not stands_in(value)
    )


def stands_in(value: str) -> bool:
    """Whether it only stands for a secret: a reference, a sample's placeholder, dots."""
    if REFERENCE.search(value):
        return True
    if len(value) > LONGEST_SECRET:
        return False
    if hidden_in(value) or CROSSES.fullmatch(REGION.sub("", value, count=1)):
        return True
    marked = MARKED.fullmatch(value)
    if marked is not None and marked.lastgroup not in _OPEN_MARKS:
        return True
    placeholder = placeholder_in(value)
    # "secret" alone may be somebody's secret. With marks, or "your" in front, it is none.
    return bool(placeholder) and (
        not placeholder.replace("_", "").replace("-", "").isalnum()
        or words_of(placeholder)[0] == "your"
        or words_of(placeholder)[-1] == "here"
    )


def secrets_within(text: str) -> list[tuple[str, str]]:
    """What is secret in a text in which secrets may stand anywhere, each with a name for it."""
    found = [
        ("access_token" if field in ("", "authorization") else field, value)
        for field, value in find_secrets(text)
    ]
    return [*found, *_beside_words(text), *(("secret", value) for value in find_known(text))]


def _beside_words(text: str) -> Iterator[tuple[str, str]]:
    """Long values in a text that stand beside a word for a secret, with that word as their name."""
    for found in _BESIDE.finditer(text):
        yield re.sub(r"[ -]", "_", found[1].lower()), found[2]
