"""A customer of the sandbox who comes to a company's website, and writes.

Nobody sits there. A lesson has one come, by the control plane, where something new has to happen.
"""

import msgspec

from lc_tutorial.sandbox.api import ApiError
from lc_tutorial.sandbox.customer_chat.customer_service import CustomerCall, Service
from lc_tutorial.sandbox.customer_chat.start_chat import start_chat
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import (
    Customer,
    CustomerToken,
    Organization,
    Sandbox,
    Version,
)

# An address and a browser that nobody has. Source of the address: RFC 5737.
_IP, _USER_AGENT = "203.0.113.7", "Mozilla/5.0 (a customer of the sandbox)"


def walk_in(
    world: Sandbox,
    store: ChatStore,
    organization: Organization,
    name: str,
    text: str,
    group_id: int,
) -> dict[str, str]:
    """Let a new customer start a chat with a message. To be called from a coroutine.

    Args:
        world: Where the webhooks are registered.
        store: Where the chat goes.
        organization: Whose customer it is.
        name: Of the customer; empty for one who doesn't say.
        text: What they write.
        group_id: Who is to answer.

    Returns:
        `chat_id` and `thread_id`.

    Raises:
        ApiError: `group_not_found`.
    """
    if group_id not in {group.id for group in organization.groups}:
        # Said before anybody comes, who would stay behind without a chat.
        raise ApiError("group_not_found", why="the organization has no such group")
    customer_id = world.customers.create(organization.id)
    if name:
        store.of(organization).add_customer(_named(customer_id, world.chat_time.now(), name))
    body = msgspec.json.encode(
        {
            "chat": {
                "access": {"group_ids": [group_id]},
                "thread": {"events": [{"type": "message", "text": text}]},
            }
        }
    )
    token = _of(world, organization, customer_id)
    call = CustomerCall(Version.V3_6, body, token, _IP, _USER_AGENT)
    began: dict[str, str] = msgspec.json.decode(start_chat(Service(world, store), call))
    return {"chat_id": began["chat_id"], "thread_id": began["thread_id"]}


def _of(world: Sandbox, organization: Organization, customer_id: str) -> CustomerToken:
    """What stands for the chat widget's own token. It was never issued, so nobody can send it."""
    block = world.ready_made.block
    now = world.clock.now()
    return CustomerToken(
        "", block.client_id if block else "", organization.id, customer_id, now, now
    )


def _named(customer_id: str, now: int, name: str) -> Customer:
    return Customer(
        id=customer_id,
        created_at=now,
        name=name,
        email=None,
        visit=None,
        statistics={},
        tickets=[],
        events_seen_up_to=None,
        agent_last_event_created_at=None,
        customer_last_event_created_at=None,
        session_fields=[],
        extras={},
    )
