"""What became of codes, tokens and secrets that are worth nothing any more.

A refusal says "Invalid access token" for all of them. Who wants to know which of these it was asks
the control plane, by the digest of the value: so nothing here is a secret, and none is sent.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "access_token",
    "refresh_token",
    "customer_token",
    "identity_transfer_token",
    "code",
    "personal_access_token",
    "client_secret",
]

How = Literal[
    "expired",
    "revoked",
    "spent",  # what works once and was used: a code, a refresh token, an identity transfer
    "pushed_out",  # the oldest of too many
    "replaced",  # a client secret
    "deleted",  # a personal access token
    "app_deleted",
    "reset",
]

#: How many endings are kept; the oldest goes.
MOST = 5_000


def digest_of(value: str) -> str:
    """Return the SHA-256 of a value, in hex."""
    return hashlib.sha256(value.encode()).hexdigest()


@dataclass(frozen=True)
class Ending:
    """How something ended.

    Attributes:
        kind: What it was.
        how: What ended it.
        at: When, in seconds since the epoch.
        client_id: The app that it belonged to; empty for a personal access token.
        account_id: The person that it belonged to; empty where there is none.
    """

    kind: Kind
    how: How
    at: float
    client_id: str = ""
    account_id: str = ""


class Endings:
    """The endings of late, by the digest of the value that ended."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Ending] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def note(self, value: str, ending: Ending) -> None:
        """Note how a value ended. What ended once stays as it was noted."""
        if not value:
            return
        self._known.setdefault(digest_of(value), ending)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def of(self, digest: str) -> Ending | None:
        """Return how the value with this digest ended."""
        return self._known.get(digest)

    def take_over(self, others: "Endings") -> None:
        """Remember the endings of another world, too."""
        for digest, ending in others._known.items():
            self._known.setdefault(digest, ending)
