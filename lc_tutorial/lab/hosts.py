"""Where the lab sends: to the platform's own hosts, and to others by name only.

Addresses that look alike are the oldest trick there is, so nothing here goes by looks: scheme, host
and port have to be the same to the letter, after what ``requests`` itself makes of the address, and
two readers of addresses have to agree about it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from lc_tutorial.errors import InputError
from lc_tutorial.messages import LOOPBACK
from lc_tutorial.platforms import Platform

_PORTS = {"http": 80, "https": 443}

#: What never leaves this machine needs no encryption.


#: Headers by which servers and proxies are told of another host or path than the address has.
#: Sources: RFC 9110, 7.2 (Host); RFC 7239 (Forwarded) and the headers that it took the place of.
_LEADING_ELSEWHERE = frozenset(
    {
        "host",
        "forwarded",
        "x-forwarded-host",
        "x-forwarded-server",
        "x-host",
        "x-http-host-override",
        "x-original-host",
        "x-original-url",
        "x-rewrite-url",
    }
)


class HostNotAllowed(InputError):
    """The lab doesn't send to this host.

    Attributes:
        host: with its port, and with ``http://`` where nothing would be encrypted: what to put in
            ``also_to``, to send there all the same.
    """

    def __init__(self, what: str, why: str, remedy: str, *, host: str) -> None:
        super().__init__(what, why, remedy)
        self.host = host


class Origin(NamedTuple):
    """Where an address leads.

    Attributes:
        scheme: ``http`` or ``https``.
        host: a name in lower case and ASCII, or a number; IPv6 without brackets.
        port: also where the address names none.
    """

    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """Host, and port where it is not the usual one; ``http://`` in front where that matters."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _PORTS[self.scheme]
        named = host if usual and self.scheme == "https" else f"{host}:{self.port}"
        if self.scheme == "http" and self.host not in LOOPBACK:
            return f"http://{host}" if usual else f"http://{named}"
        return named

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _PORTS[self.scheme]
        return f"{self.scheme}://{host}" if usual else f"{self.scheme}://{host}:{self.port}"


def origin_of(url: str) -> Origin | None:
    r"""Where an address leads; None where it can't be told without doubt.

    >>> origin_of("HTTPS://API.livechatinc.com:443/v3.6/agent/action/list_chats")
    Origin(scheme='https', host='api.livechatinc.com', port=443)
    >>> origin_of("http://accounts.livechat.com@evil.example/")
    >>> origin_of("https://evil.example\\@accounts.livechat.com/")
    """
    authority = url.partition("?")[0].partition("#")[0]
    if any(character <= " " or character in "\\\x7f" for character in url):
        return None
    if "@" in "/".join(authority.split("/")[:3]) or not authority.lower().startswith("http"):
        return None
    asked = requests.PreparedRequest()
    try:
        asked.prepare_url(url, None)
        seen, also_seen = urlsplit(asked.url or ""), parse_url(asked.url or "")
        port = seen.port
    except (requests.RequestException, LocationParseError, ValueError):
        return None
    host = seen.hostname or ""
    agreed = (also_seen.host or "").strip("[]").lower() == host and also_seen.port == port
    if not agreed or not host.isascii() or seen.scheme not in _PORTS or also_seen.auth:
        return None
    if not host or any(character in "%{}" for character in host):
        return None
    return Origin(seen.scheme, host, _PORTS[seen.scheme] if port is None else port)


def leads_elsewhere(name: str, value: str, host: str) -> bool:
    """Whether a header may lead a request to another place than its address does.

    Args:
        name: of the header.
        value: of the header.
        host: of the address, with its port where it names one.
    """
    return name.lower() in _LEADING_ELSEWHERE and value.strip().lower() != host.lower()


@dataclass(frozen=True)
class Reach:
    """Whom the lab sends to.

    Attributes:
        platform: whose own hosts are always among them.
        origins: all of them.
    """

    platform: Platform
    origins: frozenset[Origin]

    @classmethod
    def of(cls, platform: Platform, also_to: Collection[str] = ()) -> Self:
        """The reach of a platform.

        Args:
            platform: the one that is chosen.
            also_to: hosts that the learner allows: ``"example.com"`` or ``"example.com:8443"`` for
                https, on this machine also for http; ``"http://example.com"`` for what is not
                encrypted.

        Raises:
            InputError: one of these is no host.
        """
        origins = {origin_of(platform.accounts_url), origin_of(platform.api_url)}
        for host in also_to:
            origins |= _named(host)
        return cls(platform, frozenset(origin for origin in origins if origin is not None))

    def allows(self, url: str) -> bool:
        """Whether the lab sends to this address."""
        return origin_of(url) in self.origins

    def check(self, url: str) -> None:
        """Refuse an address that the lab doesn't send to.

        Raises:
            HostNotAllowed: the host is another one.
            InputError: it can't be told which host is meant.
        """
        origin = origin_of(url)
        if origin is None:
            raise InputError(
                what="The lab can't tell for sure which host this address means.",
                why="A host is plain letters, digits, dots and hyphens. A user name in front of "
                "it, a backslash, a space, an unusual character or a value in double braces hides "
                "it.",
                remedy=f"Write it like {self.platform.list_chats_url}.",
            )
        if origin in self.origins:
            return
        secure = origin._replace(scheme="https", port=443)
        if origin.scheme == "http" and origin.port in (80, 443) and secure in self.origins:
            raise HostNotAllowed(
                what=f"The lab doesn't send to {origin.host} without encryption.",
                why="The address begins with http://, so whoever is in between could read the "
                "token.",
                remedy="Write https:// in front.",
                host=origin.name,
            )
        own = dict.fromkeys(
            each.name
            for each in map(origin_of, (self.platform.accounts_url, self.platform.api_url))
            if each is not None
        )
        chosen = "the sandbox" if self.platform.is_sandbox else "the live platform"
        raise HostNotAllowed(
            what=f"The lab doesn't send to {origin.name}.",
            why=f"It is connected to {chosen}, which is {' and '.join(own)}. It sends nowhere "
            "else, so that a token never goes to a stranger.",
            remedy=f"Check the address. If you mean it, and trust {origin.host} with all that is "
            "in the request, allow this host.",
            host=origin.name,
        )


def _named(host: str) -> set[Origin | None]:
    """The origins of a host that the learner allows."""
    with_scheme = host if "://" in host else f"https://{host}"
    origin = origin_of(with_scheme)
    if origin is None:
        raise InputError(
            what="This is no host that the lab could send to.",
            why="A host is a name such as example.com, with a port behind a colon if need be.",
            remedy="Leave out all else.",
        )
    if "://" not in host and origin.host in LOOPBACK:
        return {origin, origin_of(f"http://{host}")}
    return {origin}
