"""Customers as the accounts service knows them: their identities, and the tokens to act as one.

An identity is an id and no more; what a customer said is with the chats.

Source: livechat-public-docs, authorization/customer-authorization.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lc_tutorial.sandbox.world.endings import Ending, Endings, How, Kind
from lc_tutorial.sandbox.world.records import Challenge, Clock

#: Seconds; a shorter time can be asked for.
CUSTOMER_TOKEN_LIFETIME = 28_800
#: Seconds. The guide's sample shows 28800, its table and the specification say 3600.
IDENTITY_TRANSFER_LIFETIME = 3_600

# How many of each are kept; the oldest goes. assumed: no source names a limit.
MOST_IDENTITIES = 10_000
MOST_TOKENS = 2_000


@dataclass(frozen=True)
class CustomerToken:
    """What a program shows to the Customer Chat API to act as a customer.

    Attributes:
        value: The token.
        client_id: The app that it was issued to.
        organization_id: Whose customer it is.
        entity_id: The customer's id, in chats too.
        issued_at: Seconds since the epoch.
        expires_at: The same.
    """

    value: str = field(repr=False)
    client_id: str
    organization_id: str
    entity_id: str
    issued_at: float
    expires_at: float


@dataclass(frozen=True)
class IdentityTransfer:
    """What takes a customer's identity to another device: good for one token, and once.

    Attributes:
        value: The identity transfer token.
        client_id: The app that it was issued to.
        organization_id: Whose customer it is.
        entity_id: The customer's id.
        challenge: What was announced of a PKCE verifier.
        expires_at: Seconds since the epoch.
    """

    value: str = field(repr=False)
    client_id: str
    organization_id: str
    entity_id: str
    challenge: Challenge | None
    expires_at: float


class Customers:
    """The identities that the accounts service made, and all customers' tokens.

    Args:
        clock: What time it is.
        new_value: Makes a token's value for an organisation.
        endings: Where it is noted how tokens end.
    """

    def __init__(
        self, clock: Clock, new_value: Callable[[str], str], endings: Endings | None = None
    ) -> None:
        self._endings = Endings() if endings is None else endings
        self._clock = clock
        self._new_value = new_value
        self._organizations: OrderedDict[str, str] = OrderedDict()
        self._tokens: dict[str, CustomerToken] = {}
        self._transfers: dict[str, IdentityTransfer] = {}

    def create(self, organization_id: str) -> str:
        """Make a new customer of an organisation, and return its id."""
        entity_id = str(uuid.uuid4())
        self._organizations[entity_id] = organization_id
        while len(self._organizations) > MOST_IDENTITIES:
            self._organizations.popitem(last=False)
        return entity_id

    def has(self, entity_id: str, organization_id: str) -> bool:
        """Whether an organisation has a customer with that id who was made here."""
        return self._organizations.get(entity_id) == organization_id

    # --- Tokens ---------------------------------------------------------------------------------

    def issue_token(
        self,
        client_id: str,
        organization_id: str,
        entity_id: str,
        lifetime: int = CUSTOMER_TOKEN_LIFETIME,
    ) -> CustomerToken:
        """Issue a token for a customer; with too many, the oldest of all goes."""
        now = self._clock.now()
        self._make_room(self._tokens)
        token = CustomerToken(
            value=self._new_value(organization_id),
            client_id=client_id,
            organization_id=organization_id,
            entity_id=entity_id,
            issued_at=now,
            expires_at=now + lifetime,
        )
        self._tokens[token.value] = token
        return token

    def token(self, value: str) -> CustomerToken | None:
        """Return a token that is valid now, else None."""
        token = self._tokens.get(value)
        return token if token and token.expires_at > self._clock.now() else None

    def issued(self) -> list[CustomerToken]:
        """Return all tokens that are kept, oldest first."""
        return list(self._tokens.values())

    def revoke(self, token: CustomerToken) -> None:
        """Make a token worthless; the customer stays."""
        self._end(token, "revoked")

    # --- Transfers ------------------------------------------------------------------------------

    def issue_transfer(
        self,
        client_id: str,
        organization_id: str,
        entity_id: str,
        challenge: Challenge | None = None,
    ) -> IdentityTransfer:
        """Issue an identity transfer token; with too many, the oldest of all goes."""
        self._make_room(self._transfers)
        transfer = IdentityTransfer(
            value=self._new_value(organization_id),
            client_id=client_id,
            organization_id=organization_id,
            entity_id=entity_id,
            challenge=challenge,
            expires_at=self._clock.now() + IDENTITY_TRANSFER_LIFETIME,
        )
        self._transfers[transfer.value] = transfer
        return transfer

    def transfer(self, value: str) -> IdentityTransfer | None:
        """Return an identity transfer that can still be exchanged."""
        transfer = self._transfers.get(value)
        return transfer if transfer and transfer.expires_at > self._clock.now() else None

    def transfers(self) -> list[IdentityTransfer]:
        """Return all identity transfers that are kept, oldest first."""
        return list(self._transfers.values())

    def spend(self, transfer: IdentityTransfer) -> None:
        """Make an identity transfer worthless, for it was exchanged."""
        self._end(transfer, "spent")

    # --- How they end ---------------------------------------------------------------------------

    def _make_room(self, kept: Mapping[str, CustomerToken | IdentityTransfer]) -> None:
        now = self._clock.now()
        for old in list(kept.values()):
            if old.expires_at <= now:
                self._end(old, "expired")
        while len(kept) >= MOST_TOKENS:
            self._end(next(iter(kept.values())), "pushed_out")

    def _end(self, record: CustomerToken | IdentityTransfer, how: How) -> None:
        kind: Kind = "customer_token"
        if isinstance(record, CustomerToken):
            self._tokens.pop(record.value, None)
        else:
            kind = "identity_transfer_token"
            self._transfers.pop(record.value, None)
        at = record.expires_at if how == "expired" else self._clock.now()
        self._endings.note(record.value, Ending(kind, how, at, record.client_id))

    def forget_client(self, client_id: str) -> None:
        """Revoke all that was issued to an app."""
        kept: list[CustomerToken | IdentityTransfer] = [*self.issued(), *self.transfers()]
        for record in kept:
            if record.client_id == client_id:
                self._end(record, "app_deleted")
