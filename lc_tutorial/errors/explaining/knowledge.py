"""What is known of the values in a request: by this kernel, and by the sandbox it is connected to.

The sandbox knows more: its clock, what was revoked elsewhere, which app a token belongs to. It is
asked by digest. On the live platform, and where no answer comes, the kernel's memory is all.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from lc_tutorial import memory
from lc_tutorial.messages import LOOPBACK, basic

#: What the sandbox calls what it knows, in words.
_KINDS = {
    "access_token": "access token",
    "refresh_token": "refresh token",
    "customer_token": "customer access token",
    "identity_transfer_token": "identity transfer token",
    "code": "authorization code",
    "personal_access_token": "personal access token",
    "client_secret": "client secret",
}


@dataclass(frozen=True)
class Fact:
    """What is known of one value.

    Attributes:
        kind: what it is, such as ``access token``.
        state: ``live``, or how it ended: ``expired``, ``revoked``, ``spent``, ``pushed_out``,
            ``replaced``, ``deleted``, ``app_deleted``, ``reset``; ``elsewhere``, if another
            platform issued it; empty where that isn't known.
        client_id: the app that it belongs to; empty where that isn't known.
        account_id: whose it is; empty where that isn't known.
        scopes: that it holds; empty where that isn't known.
        about: what else the sandbox says of it.
    """

    kind: str
    state: str = ""
    client_id: str = ""
    account_id: str = ""
    scopes: frozenset[str] = frozenset()
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Knowledge:
    """What is known of a refused request.

    Attributes:
        sandbox: whether the connected sandbox was asked, and answered. Then a value of which there
            is no fact was never issued there.
        client: what the sandbox knows of the app: ``client_type``, ``scopes``, ``redirect_uris``,
            ``organization_id``, ``published``, ``installed``; None where it knows none.
        organization: what it knows of the organization that the request names:
            ``trusted_origins``; None where it knows none.
        why: what the sandbox says was wrong with the request; empty where it doesn't say.
        imitated: whether the sandbox has the address; None where nobody knows.
        ahead_by: by how many seconds the sandbox's clock was moved.
        now: what time it is on the platform, in seconds since the epoch.
    """

    sandbox: bool = False
    client: Mapping[str, Any] | None = None
    organization: Mapping[str, Any] | None = None
    why: str = ""
    imitated: bool | None = None
    ahead_by: float = 0.0
    now: float = 0.0
    _origin: str = ""
    _values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def about(
        cls,
        url: str,
        path: str,
        body: bytes,
        values: Iterable[str],
        client_id: str = "",
        organization_id: str = "",
    ) -> Self:
        """Ask the connected sandbox about a request; nobody, where none is connected.

        Args:
            url: where it was sent.
            path: of that.
            body: that was sent.
            values: in it, of which something may be known.
            client_id: in it, if any.
            organization_id: that it names, if any.
        """
        origin = memory.place_of(url)
        witness = memory.witness_of(url)
        if witness is None:
            return cls(now=datetime.now(UTC).timestamp(), _origin=origin)
        wanted = dict.fromkeys(
            variant for value in values if value for variant in variants(value) if variant
        )
        said = witness(
            {
                "digests": [digest(value) for value in wanted],
                "request": hashlib.sha256(path.encode() + b"\n" + body).hexdigest(),
                "client_id": client_id[:100],
                "organization_id": organization_id[:100],
                "path": path[:2000],
            }
        )
        if "values" not in said:
            return cls(now=datetime.now(UTC).timestamp(), _origin=origin)
        return cls(
            sandbox=True,
            client=said.get("client"),
            organization=said.get("organization"),
            why=said.get("why", ""),
            imitated=said.get("imitated"),
            ahead_by=said.get("ahead_by", 0.0),
            now=said.get("now", 0.0),
            _origin=origin,
            _values=said["values"],
        )

    def of(self, value: str) -> Fact | None:
        """What is known of a value; None, if nothing is."""
        seen = _seen(value, self._origin)
        said = self._values.get(digest(value))
        if said is not None:
            return Fact(
                kind=_KINDS.get(said["kind"], said["kind"]),
                state=said["state"],
                client_id=said["client_id"],
                account_id=said["account_id"],
                scopes=frozenset(said["scopes"]) or (seen.scopes if seen else frozenset()),
                about=said,
            )
        return seen


def digest(value: str) -> str:
    """By what the sandbox is asked of a value: its SHA-256 in hex."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()


def variants(value: str) -> list[str]:
    """A value, and what it may have been meant to be: decoded, bare, without region."""
    bare = value.strip(" \t\r\n\"'<>`")
    decoded = basic.decode(bare)
    user, colon, password = decoded.partition(":")
    region, _, rest = bare.partition(":")
    found = [value, bare, unquote(bare), bare.split(" ")[-1]]
    if colon:
        found += [password.strip(), user.strip(), decoded]
    if region in ("dal", "fra", "fra-a", "fra-b"):
        found.append(rest)
    return list(dict.fromkeys(found))


def _seen(value: str, origin: str) -> Fact | None:
    """What this kernel's memory has of a value."""
    kind = memory.kind_of(value)
    if kind is None:
        return None
    token, code = memory.seen_token(value), memory.seen_code(value)
    if token is not None:
        return Fact(
            kind,
            _state_of_token(token, origin),
            client_id=token.client_id,
            account_id=token.account_id,
            scopes=token.scopes,
        )
    if code is not None:
        client_id = code.request.client_id if code.request is not None else ""
        return Fact(kind, "spent" if code.exchanged else "", client_id=client_id)
    return Fact(kind)


def _state_of_token(token: memory.SeenToken, origin: str) -> str:
    if token.revoked:
        return "revoked"
    if _is_other_platform(token.origin, origin):
        return "elsewhere"
    if token.expires_at is not None and token.expires_at <= datetime.now(UTC):
        return "expired"
    return ""


def _is_other_platform(one: str, other: str) -> bool:
    """Whether two origins are of two platforms: the live one has two, a sandbox has one."""
    here = [urlsplit(origin).hostname in LOOPBACK for origin in (one, other)]
    if here[0] != here[1]:
        return True
    return here[0] and memory.key_of(one) != memory.key_of(other)
