"""get_customer, create_customer, update_customer and ban_customer.

Source: livechat-public-docs, agent-chat-api (Customers) of versions 3.4 to 3.7.
"""

import uuid
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.api import ApiError, Call, Source, announce, is_web_address
from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.store import Chats
from lc_tutorial.sandbox.world import Customer, Version

# assumed: the greatest lengths and numbers, and that an e-mail address has an "@" inside.
Text = Annotated[str, Meta(max_length=500)]
Email = Annotated[str, Meta(max_length=200, pattern=r"^$|^[^@\s]+@[^@\s]+$")]
Url = Annotated[str, Meta(max_length=1000)]
SessionField = Annotated[dict[Text, Text], Meta(min_length=1, max_length=1)]
SessionFields = Annotated[list[SessionField], Meta(max_length=100)]
# E.164: up to 15 digits, the first of which is not 0.
PhoneNumber = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{1,14}$")]
Days = Annotated[float, Meta(gt=0, le=10_000)]


class WhichCustomer(Struct):
    """The parameters of get_customer."""

    id: str


class GivenCustomer(Struct, omit_defaults=True):
    """The parameters of create_customer."""

    name: Text | None = None
    email: Email | None = None
    avatar: Url | None = None
    session_fields: SessionFields | None = None


class UpdateCustomerUpTo35(GivenCustomer, kw_only=True):
    """The parameters of update_customer up to version 3.5."""

    id: str


class Messenger(Struct, omit_defaults=True, kw_only=True):
    """Who somebody is in a messenger."""

    id: Text
    name: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    profile_pic: Url | None = None
    gender: Text | None = None
    locale: Text | None = None
    is_verified_user: bool | None = None


class Twilio(Struct):
    """Who somebody is for text messages."""

    phone_number: Text


class Omnichannel(Struct):
    """Who somebody is elsewhere."""

    fbmessenger: Messenger | None = None
    twilio: Twilio | None = None


class Address(Struct, omit_defaults=True):
    """Where somebody lives."""

    address: Text | None = None
    city: Text | None = None
    country: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None


class UpdateCustomer(UpdateCustomerUpTo35, kw_only=True, omit_defaults=True):
    """The parameters of update_customer from version 3.6 on."""

    phone_number: PhoneNumber | None = None
    omnichannel: Omnichannel | None = None
    address: Address | None = None


class Ban(Struct):
    """For how long somebody is banned."""

    days: Days


class BanCustomer(Struct):
    """The parameters of ban_customer."""

    id: str
    ban: Ban


def get_customer(service: ChatService, call: Call) -> bytes:
    """Answer a call of get_customer."""
    call.requester.demand("customers:ro")
    chats = service.chats(call.requester)
    customer = _find(chats, call.parameters(WhichCustomer).id)
    payload = payloads.customer(customer, call.version)
    # What has to do with a chat that somebody is in is shown in chats only.
    for name in ("present", "events_seen_up_to", "email_verified"):
        payload.pop(name, None)
    chat_ids = [chat.id for chat in chats.of_customer(customer.id)]
    if chat_ids:
        payload["chat_ids"] = chat_ids
    return msgspec.json.encode(payload)


def create_customer(service: ChatService, call: Call) -> bytes:
    """Answer a call of create_customer, which was in versions up to 3.5."""
    call.requester.demand("customers:rw")
    given = call.parameters(GivenCustomer)
    _check_pictures(given)
    now = service.world.chat_time.now()
    customer = Customer(
        id=str(uuid.uuid4()),
        created_at=now,
        name=None,
        email=None,
        visit=None,
        statistics={
            "chats_count": 0,
            "threads_count": 0,
            "visits_count": 0,
            "page_views_count": 0,
            "greetings_shown_count": 0,
            "greetings_accepted_count": 0,
        },
        tickets=[],
        events_seen_up_to=None,
        agent_last_event_created_at=None,
        customer_last_event_created_at=None,
        session_fields=[],
        extras={},
        present=False,
    )
    _set(customer, given)
    service.chats(call.requester).add_customer(customer)
    announce(
        service.world,
        Source.of(call.requester),
        "incoming_customer",
        lambda version: {"customer": payloads.customer(customer, version)},
    )
    return msgspec.json.encode({"customer_id": customer.id})


def update_customer(service: ChatService, call: Call) -> bytes:
    """Answer a call of update_customer: it shows in all the customer's chats."""
    call.requester.demand("customers:rw")
    kind = UpdateCustomer if call.version >= Version.V3_6 else UpdateCustomerUpTo35
    given = call.parameters(kind)
    if not _is_uuid4(given.id):
        raise ApiError("validation", why="id has to be a UUID of version 4")
    if len(msgspec.to_builtins(given)) == 1:
        raise ApiError("validation", why="id alone changes nothing: another parameter is needed")
    _check_pictures(given)
    chats = service.chats(call.requester)
    customer = _find(chats, given.id)
    _set(customer, given)
    if isinstance(given, UpdateCustomer):
        _set_more(customer, given)
    chats.write_customer(customer)
    if given.session_fields is not None:
        _announce_session_fields(service, call, chats, customer)
    return b"{}"


def ban_customer(service: ChatService, call: Call) -> bytes:
    """Answer a call of ban_customer: the Customer Chat API is closed to them for so long."""
    call.requester.demand("customers.ban:rw")
    given = call.parameters(BanCustomer)
    chats = service.chats(call.requester)
    customer = _find(chats, given.id)
    until = service.world.clock.now() + given.ban.days * 86_400
    service.world.settings[call.requester.organization_id].bans[customer.id] = until
    customer.present = False  # The ban ends the customer's sessions.
    chats.touch_customer(customer)
    return b"{}"


def _find(chats: Chats, customer_id: str) -> Customer:
    customer = chats.customers.get(customer_id)
    if customer is None:
        raise ApiError("not_found", why="there is no such customer")
    return customer


def _is_uuid4(text: str) -> bool:
    try:
        return uuid.UUID(text).version == 4
    except ValueError:
        return False


def _check_pictures(given: GivenCustomer) -> None:
    """Refuse the address of a picture that is none of the web.

    Raises:
        ApiError: `validation` (assumed).

    """
    messenger = None
    if isinstance(given, UpdateCustomer) and given.omnichannel is not None:
        messenger = given.omnichannel.fbmessenger
    for name, url in (
        ("avatar", given.avatar),
        ("profile_pic", messenger.profile_pic if messenger else None),
    ):
        if url and not is_web_address(url):
            raise ApiError("validation", why=f"{name} is no http or https address")


def _set(customer: Customer, given: GivenCustomer) -> None:
    # assumed: an empty text takes away what was there.
    if given.name is not None:
        customer.name = given.name or None
    if given.email is not None:
        customer.email = given.email or None
    if given.avatar is not None:
        customer.avatar = given.avatar or None
    if given.session_fields is not None:
        customer.session_fields = given.session_fields


def _set_more(customer: Customer, given: UpdateCustomer) -> None:
    more: dict[str, Any] = {}
    if given.phone_number is not None:
        more["phone_number"] = given.phone_number
    if given.address is not None:
        # assumed: what is not given stays as it was.
        more["address"] = customer.extras.get("address", {}) | msgspec.to_builtins(given.address)
    if given.omnichannel is not None:
        elsewhere = dict(customer.extras.get("omnichannel", {}))
        messenger, twilio = given.omnichannel.fbmessenger, given.omnichannel.twilio
        # assumed: the form in which they are shown, each under its id, from the seeded sample.
        if messenger is not None:
            elsewhere["fbmessenger"] = [{messenger.id: msgspec.to_builtins(messenger)}]
        if twilio is not None:
            elsewhere["twilio"] = [{twilio.phone_number: msgspec.to_builtins(twilio)}]
        more["omnichannel"] = elsewhere
    customer.extras = customer.extras | more


def _announce_session_fields(
    service: ChatService, call: Call, chats: Chats, customer: Customer
) -> None:
    """Tell of each active chat that the customer has."""
    for chat in chats.of_customer(customer.id):
        thread = chat.last_thread
        if thread is not None and thread.active:
            said = {
                "id": customer.id,
                "active_chat": {"chat_id": chat.id, "thread_id": thread.id},
                "session_fields": customer.session_fields,
            }
            source = Source.of(call.requester)
            announce(service.world, source, "customer_session_fields_updated", said, chat=chat)
