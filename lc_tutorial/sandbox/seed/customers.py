"""The customers of the seeded chats: people, their visits and what the platform knows of them."""

from dataclasses import dataclass
from typing import Any

from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.seed.phrases import COFFEES, PLANTS
from lc_tutorial.sandbox.seed.places import (
    DOCUMENTATION_NETWORKS,
    MAIL_DOMAINS,
    NAMES,
    REFERRERS,
    USER_AGENTS,
    Place,
    geolocation,
)
from lc_tutorial.sandbox.world import (
    FERN_AND_FILTER,
    PAPER_LANTERN,
    Customer,
    Organization,
    Page,
    Thread,
    Visit,
    moment,
)

SECOND = 1_000_000

# What there is to see on the organisations' websites: paths and titles.
_SHOP_PAGES = (
    ("/", "Fern & Filter: plants and coffee"),
    ("/plants", "All plants"),
    ("/coffee", "All coffees"),
    ("/plants/sale", "Spring sale"),
    ("/subscription", "Coffee subscription"),
    ("/gifts", "Gifts"),
    ("/help/delivery", "Delivery"),
    ("/help/returns", "Returns"),
    ("/account/orders", "Your orders"),
    ("/wholesale", "For cafés and offices"),
    ("/cart", "Your basket"),
    *((f"/plants/{name.lower().replace(' ', '-')}", name) for name in PLANTS),
    *((f"/coffee/{name.lower().replace(' ', '-')}", name) for name in COFFEES),
)
_PAGES = {
    FERN_AND_FILTER.id: _SHOP_PAGES,
    PAPER_LANTERN.id: (
        ("/", "Paper Lantern Books"),
        ("/new", "New books"),
        ("/rare", "Rare books"),
        ("/readings", "Readings and events"),
    ),
}

# The client id of the company's chat widget.
_WIDGET = "c5e4f61e1a6c3b1521b541bc5c5a2ac5"
_SOURCE: dict[str, str | int | bool] = {"client_id": _WIDGET, "customer_client_id": _WIDGET}

_STREETS = ("High Street", "Garden Lane", "Mill Road")


@dataclass(slots=True)
class Person:
    """A customer as a person; the name and the address may be unknown to the shop."""

    id: str
    name: str | None
    email: str | None
    mailbox: str
    """The address, whether the shop knows it or not."""
    place: Place
    organization: Organization
    ip: str
    user_agent: str
    orders: int
    source: dict[str, str | int | bool]
    """The properties that name the app which the person writes from."""

    @property
    def display_name(self) -> str:
        """What texts call the person."""
        return self.name or "Customer"  # assumed: no source shows the word for nameless ones


def make_person(organization: Organization, place: Place, dice: Dice) -> Person:
    """Make up a customer of the organisation who lives at that place."""
    name, mailbox = dice.pick(NAMES[place.names])
    if dice.chance(0.35):  # the same name in another house
        mailbox += str(dice.between(1, 99))
    mailbox += f"@{dice.pick(MAIL_DOMAINS)}"
    if dice.chance(0.12):
        ip = f"2001:db8:{dice.between(1, 0xFFFF):x}::{dice.between(1, 0xFFFF):x}"
    else:
        ip = f"{dice.pick(DOCUMENTATION_NETWORKS)}.{dice.between(1, 254)}"
    return Person(
        id=dice.uuid(),
        name=name if dice.chance(0.86) else None,
        email=mailbox if dice.chance(0.74) else None,
        mailbox=mailbox,
        place=place,
        organization=organization,
        ip=ip,
        user_agent=dice.pick(USER_AGENTS),
        orders=dice.between(1, 14) if dice.chance(0.4) else 0,
        source=_SOURCE,
    )


def make_visit(person: Person, start: int, dice: Dice) -> Visit:
    """Make the visit to the website during which a conversation starts; it has no end yet."""
    count = dice.between(1, 5)
    opened_at = start - int(dice.around(60 * count) * SECOND)
    began_at = opened_at
    pages = []
    for _ in range(count):
        path, title = dice.pick(_PAGES[person.organization.id])
        pages.append(Page(opened_at, person.organization.website + path, title))
        opened_at += max(1, (start - opened_at) // 2)
    return Visit(
        started_at=began_at,
        ended_at=None,
        ip=person.ip,
        user_agent=person.user_agent,
        geolocation=geolocation(person.place),
        referrer=dice.pick(REFERRERS) if dice.chance(0.55) else None,
        last_pages=pages,
    )


def make_customer(person: Person, threads: list[Thread], first_seen: int, dice: Dice) -> Customer:
    """Make the customer of a chat out of the person and of what was said."""
    created_at = first_seen - int(dice.around(6 * 86_400) * SECOND)
    visit = threads[-1].visit if threads else make_visit(person, first_seen, dice)
    by_agent = by_customer = None
    for thread in threads:
        for event in thread.events:
            if event.author_id == person.id:
                by_customer = event.created_at
            elif event.author_id is not None:
                by_agent = event.created_at
    tickets = [thread for thread in threads if "offline_message" in thread.properties["routing"]]
    greetings = sum(thread.greeting_id is not None for thread in threads)
    visits = len(threads) + dice.between(0, 6)
    last = threads[-1].events[-1].created_at if threads and threads[-1].events else None
    return Customer(
        id=person.id,
        created_at=min(created_at, visit.started_at),
        name=person.name,
        email=person.email,
        visit=visit,
        statistics={
            "chats_count": 1,
            "threads_count": len(threads),
            "visits_count": max(visits, 1),
            "page_views_count": max(visits, 1) * 2 + len(visit.last_pages),
            "greetings_shown_count": greetings + dice.between(0, 3),
            "greetings_accepted_count": greetings,
        },
        tickets=[(dice.uuid(), ticket.created_at + 90 * SECOND) for ticket in tickets],
        events_seen_up_to=last if dice.chance(0.8) else by_customer,
        agent_last_event_created_at=by_agent,
        customer_last_event_created_at=by_customer,
        session_fields=_session_fields(person, dice),
        extras=_extras(person, visit.started_at, dice),
    )


def _session_fields(person: Person, dice: Dice) -> list[dict[str, str]]:
    fields = []
    if dice.chance(0.3):
        fields.append({"basket": f"{dice.between(900, 12_000) / 100:.2f} EUR"})
    if person.orders and dice.chance(0.5):
        fields.append({"customer_number": f"K-{dice.between(10_000, 99_999)}"})
    return fields


def _extras(person: Person, updated_at: int, dice: Dice) -> dict[str, Any]:
    """Fields that came with version 3.6, in the platform's form."""
    extras: dict[str, Any] = {}
    if dice.chance(0.1):
        # 555-0100 to 555-0199 are kept for fiction.
        extras["phone_number"] = f"+1202555{dice.between(100, 199):04d}"
    if person.orders and dice.chance(0.25):
        extras["carts"] = [_cart(updated_at, dice)]
    if dice.chance(0.03):
        extras["omnichannel"] = {"twilio": [{"+12025550147": {"phone_number": "+12025550147"}}]}
    if person.orders and dice.chance(0.15):
        extras["address"] = {
            "address": f"{dice.between(1, 120)} {dice.pick(_STREETS)}",
            "city": person.place.city,
            "country": person.place.country,
            "state": person.place.region,
            "postal_code": f"{dice.between(10_000, 99_999)}",
        }
    return extras


def _cart(updated_at: int, dice: Dice) -> dict[str, Any]:
    quantity = dice.between(1, 3)
    subtotal = quantity * dice.between(800, 6_000)
    return {
        "store_uuid": "5a0d9c7e-2f41-4b68-9e13-c6d2a8f07b35",
        "store_platform": "shopify",
        "customer_signed_in": True,
        "subtotal": subtotal / 100,
        "total": (subtotal + 490) / 100,
        "subtotal_usd": subtotal * 11 // 10 / 100,
        "total_usd": (subtotal + 490) * 11 // 10 / 100,
        "currency": "EUR",
        "items": [
            {
                "id": dice.between(10**9, 10**10),
                "quantity": quantity,
                "variant_id": dice.between(10**9, 10**10),
            }
        ],
        "last_updated_at": moment(updated_at),
    }
