"""Customers as the accounts service knows them: their identities, and the tokens to act as one.

An identity is an id and no more; what a customer said is with the chats.

Source: livechat-public-docs, authorization/customer-authorization.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from lc_tutorial.sandbox.world.endings import Ending, Endings, How
from lc_tutorial.sandbox.world.records import Clock

#: Seconds; a shorter time can be asked for.
CUSTOMER_TOKEN_LIFETIME = 28_800


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
        self._organizations: dict[str, str] = {}
        self._tokens: dict[str, CustomerToken] = {}

    def create(self, organization_id: str) -> str:
        """Make a new customer of an organisation, and return its id."""
        entity_id = str(uuid.uuid4())
        self._organizations[entity_id] = organization_id
        return entity_id

    def has(self, entity_id: str, organization_id: str) -> bool:
        """Whether an organisation has a customer with that id who was made here."""
        return self._organizations.get(entity_id) == organization_id

    def issue_token(
        self,
        client_id: str,
        organization_id: str,
        entity_id: str,
        lifetime: int = CUSTOMER_TOKEN_LIFETIME,
    ) -> CustomerToken:
        """Issue a token for a customer."""
        now = self._clock.now()
        for old in [token for token in self._tokens.values() if token.expires_at <= now]:
            self._end(old, "expired")
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

    def _end(self, token: CustomerToken, how: How) -> None:
        self._tokens.pop(token.value, None)
        at = token.expires_at if how == "expired" else self._clock.now()
        ending = Ending("customer_token", how, at, token.client_id)
        self._endings.note(token.value, ending)

    def forget_client(self, client_id: str) -> None:
        """Revoke all that was issued to an app."""
        for token in [t for t in self._tokens.values() if t.client_id == client_id]:
            self._end(token, "app_deleted")
