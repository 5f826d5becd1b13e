"""A request before it is sent: what the lab imports, edits, keeps and copies.

It holds no secret. Where one belongs it has a reference to it, ``{{access_token}}``, which
:class:`~lc_tutorial.lab.vault.Vault` fills in at the moment of sending. Postman writes its
variables the same way.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from lc_tutorial.errors import InputError

#: Names and values, in their order; a name may come more than once.
Pairs = tuple[tuple[str, str], ...]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

#: A reference to a value of the vault.
REFERENCE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")


def around_references(text: str, encode: Callable[[str], str]) -> str:
    """Encode a text, but for its references: what they stand for is encoded in its own place."""
    parts = REFERENCE.split(text)
    parts[::2] = map(encode, parts[::2])
    parts[1::2] = [f"{{{{{name}}}}}" for name in parts[1::2]]
    return "".join(parts)


@dataclass(frozen=True)
class FormBody:
    """A form.

    Attributes:
        fields: as they are meant, not encoded.
    """

    fields: Pairs

    content_type = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class JsonBody:
    """JSON, kept to the letter as it was written.

    Attributes:
        text: the JSON; a reference in it stands within a string.
    """

    text: str

    content_type = "application/json"

    def data(self) -> Any:
        """What the JSON says.

        Raises:
            ValueError: it is no JSON; a :class:`json.JSONDecodeError` with line and column.
        """
        return json.loads(self.text)


@dataclass(frozen=True)
class TextBody:
    """A body of any other kind.

    Attributes:
        text: is sent in UTF-8.
    """

    text: str

    content_type = "text/plain; charset=utf-8"


Body = FormBody | JsonBody | TextBody | None


@dataclass(frozen=True)
class Bearer:
    """The scheme for access tokens. Source: RFC 6750."""

    token: str


@dataclass(frozen=True)
class Basic:
    """The scheme for personal access tokens, with the account's id as the user. Source: RFC 7617.

    Attributes:
        user: before the colon, which it can't contain.
        password: behind it.
    """

    user: str
    password: str


Authorization = Bearer | Basic | None


@dataclass(frozen=True)
class Request:
    """A request before it is sent. Every text in it may hold references.

    Attributes:
        method: such as ``POST``.
        url: scheme, host and path; no query and no fragment.
        query: the parameters of the URL, not encoded.
        headers: those that are set by hand. What follows from the rest is not among them:
            ``Authorization``, unless its scheme is neither Bearer nor Basic, or what should be
            Base64 is none; and ``Content-Type``, unless it is another one than the body's own.
        authorization: who asks.
        body: what is sent along.
    """

    method: str = "GET"
    url: str = ""
    query: Pairs = ()
    headers: Pairs = ()
    authorization: Authorization = None
    body: Body = None

    @classmethod
    def to(cls, url: str, **rest: Any) -> Self:
        """A request to a URL that may have a query; a fragment is dropped, as browsers do.

        Raises:
            InputError: it is no address that a request can go to.
        """
        address, query = split_url(url)
        return cls(url=address, query=query, **rest)

    @property
    def host(self) -> str:
        """The host and port that it goes to, in lower case; empty where the URL has none."""
        try:
            return urlsplit(self.url).netloc.rpartition("@")[2].lower()
        except ValueError:
            return ""

    def header(self, name: str) -> str | None:
        """The last header of this name that was set by hand, whatever its case."""
        found = [value for each, value in self.headers if each.lower() == name.lower()]
        return found[-1] if found else None

    @property
    def references(self) -> tuple[str, ...]:
        """The names of the values that it needs, each once, in the order of their first use."""
        return tuple(dict.fromkeys(REFERENCE.findall("\n".join(self._texts()))))

    def _texts(self) -> list[str]:
        texts = [self.url, *_flat(self.query), *_flat(self.headers)]
        match self.authorization:
            case Bearer(token):
                texts.append(token)
            case Basic(user, password):
                texts += [user, password]
        match self.body:
            case FormBody(fields):
                texts += _flat(fields)
            case JsonBody(text) | TextBody(text):
                texts.append(text)
        return texts


def split_url(url: str) -> tuple[str, Pairs]:
    """Take a URL apart into its address and its query.

    Raises:
        InputError: it is no address that a request can go to.
    """
    url = url.strip()
    if any(character.isspace() for character in url):
        raise _no_address("There are spaces or line breaks in it.")
    try:
        parts = urlsplit(url)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError:
        raise _no_address("Its host or its port can't be read.") from None
    if parts.scheme not in ("http", "https"):
        raise _no_address("It does not begin with https:// or http://.")
    if not parts.hostname or not port_is_readable:
        raise _no_address("It names no host.")
    if parts.username is not None:
        raise _no_address("It has a user name in it, which would be saved with it.")
    address, _, _ = url.partition("#")[0].partition("?")
    return address, tuple(parse_qsl(parts.query, keep_blank_values=True))


def _flat(pairs: Pairs) -> list[str]:
    return [text for pair in pairs for text in pair]


def _no_address(why: str) -> InputError:
    return InputError(
        what="This is no address that a request can go to.",
        why=why,
        remedy="Write it like https://api.livechatinc.com/v3.6/agent/action/list_chats.",
    )
