"""What the methods of the Customer Chat API share: who calls, the chats, and what time it is.

Source: livechat-public-docs, customer-chat-api of versions 3.4 to 3.7.
"""

from dataclasses import dataclass, field

from starlette.requests import Request

from lc_tutorial.sandbox.api import ApiError, Message, Source
from lc_tutorial.sandbox.store import Chats, ChatStore, PageIds
from lc_tutorial.sandbox.world import Chat, CustomerToken, Organization, Sandbox


@dataclass(frozen=True, slots=True)
class CustomerCall(Message):
    """One call of a customer's method.

    Attributes:
        token: Who calls.
        ip: From where.
        user_agent: With what.
    """

    token: CustomerToken
    ip: str
    user_agent: str


@dataclass
class Service:
    """The people and the chats that the methods work with."""

    world: Sandbox
    store: ChatStore
    page_ids: PageIds = field(default_factory=PageIds)

    def organization(self, call: CustomerCall) -> Organization:
        """Return the organisation whose customer calls."""
        return self.world.organizations[call.token.organization_id]

    def chats(self, call: CustomerCall) -> Chats:
        """Return the chats of the organisation."""
        return self.store.of(self.organization(call))

    def own_chat(self, call: CustomerCall, chat_id: str) -> Chat:
        """Return a chat of the customer who calls.

        Raises:
            ApiError: `not_found`, also for somebody else's chat.

        """
        for chat in self.chats(call).of_customer(call.token.entity_id):
            if chat.id == chat_id:
                return chat
        # assumed: this type. Of other customers' chats nobody is told that they are there.
        raise ApiError("not_found", why="the customer has no such chat")


def source_of(call: CustomerCall) -> Source:
    """Return the customer who calls as the source of what webhooks tell."""
    return Source(call.token.organization_id, call.token.client_id, call.token.entity_id)


def authenticate(world: Sandbox, request: Request) -> CustomerToken:
    """Find out which customer asks, and whether of the organisation in the address.

    Raises:
        ApiError: `validation` without an organisation, `license_not_found` for one that is not
            there, `authentication` for anything but a valid token of a customer of it,
            `customer_banned` while they are banned.

    """
    organization_id = request.query_params.get("organization_id", "")
    if not organization_id:
        # assumed: this type. license_id, its name up to version 3.3, will not do.
        raise ApiError("validation", why="organization_id is missing in the query")
    if organization_id not in world.organizations:
        raise ApiError("license_not_found", why="there is no such organization")
    header = request.headers.get("Authorization", "").strip()
    if not header:
        raise ApiError("authentication", why="there is no Authorization header")
    scheme, _, value = header.partition(" ")
    token = world.customers.token(value.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        why = "no valid token of a customer (an agent's does not open the Customer Chat API)"
        raise ApiError("authentication", "Invalid access token", why=why)
    if token.organization_id != organization_id:  # assumed: no source shows the answer
        why = "the customer belongs to another organization than the one in the query"
        raise ApiError("authentication", "Invalid access token", why=why)
    banned_until = world.settings[organization_id].bans.get(token.entity_id, 0.0)
    if world.clock.now() < banned_until:
        raise ApiError("customer_banned", why="an agent banned the customer (ban_customer)")
    return token
