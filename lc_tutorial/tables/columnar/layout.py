"""In which column each field of an answer lands.

A column has a kind and a source: a part of the answer, a dot, and the field of that part. A source
without a dot is worked out by the builder.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from msgspec import Struct

from lc_tutorial.tables import wire
from lc_tutorial.tables.columnar.columns import Column, Items, Rest, Shared, Text
from lc_tutorial.tables.columnar.packed import Category, Flag, Number, Time, Truth, Whole
from lc_tutorial.tables.columnar.repeated import Named, Part

#: For each column, or for a number of columns that are made together, the kind and the source.
Columns = Mapping[str, tuple[Callable[..., Column], str]]

#: The parts that sources name.
PARTS: Mapping[str, Sequence[type[Struct]]] = {
    "chat": (wire.ChatSummary, wire.Chat),
    "thread": (wire.LastThread, wire.Thread),
    "queue": (wire.Queue,),
    "summary": (wire.Summary,),
    "customer_visit": (wire.CustomerVisit,),
    "user": (wire.Customer, wire.Agent, wire.OtherUser),
    "visit": (wire.Visit,),
    "page": (wire.VisitedPage,),
    "statistics": (wire.Statistics,),
    "event": (*wire.EVENT_TYPES.values(), wire.OtherEvent),
}

_PLACE: Mapping[str, tuple[type[Column], str]] = {
    "country": (Category, "country"),
    "country_code": (Category, "country_code"),
    "region": (Category, "region"),
    "city": (Category, "city"),
    "timezone": (Category, "timezone"),
    "latitude": (Number, "latitude"),
    "longitude": (Number, "longitude"),
}
_GROUPS: Mapping[str, tuple[type[Column], str]] = {"group_ids": (Items, "group_ids")}

CHATS: Columns = {
    "access": (partial(Part, "access", wire.Access, _GROUPS), "chat.access"),
    "is_followed": (Truth, "chat.is_followed"),
    "properties": (partial(Named, "properties"), "chat.properties"),
}

THREADS: Columns = {
    "thread_id": (Text, "thread.id"),
    "created_at": (Time, "thread.created_at"),
    "active": (Truth, "thread.active"),
    "tags": (Items, "thread.tags"),
    "user_ids": (Items, "thread.user_ids"),
    "access": (partial(Part, "thread.access", wire.Access, _GROUPS), "thread.access"),
    "queue_position": (Whole, "queue.position"),
    "queue_wait_time": (Number, "queue.wait_time"),
    "queue_queued_at": (Time, "queue.queued_at"),
    "queues_duration": (Number, "thread.queues_duration"),
    "restricted_access": (Category, "thread.restricted_access"),
    "previous_thread_id": (Text, "thread.previous_thread_id"),
    "next_thread_id": (Text, "thread.next_thread_id"),
    "previous_accessible_thread_id": (Text, "thread.previous_accessible_thread_id"),
    "next_accessible_thread_id": (Text, "thread.next_accessible_thread_id"),
    "summary": (Text, "summary.text"),
    "summary_status": (Category, "summary.status"),
    "summary_updated_at": (Time, "summary.updated_at"),
    "customer_visit_ip": (Text, "customer_visit.ip"),
    "customer_visit_user_agent": (Category, "customer_visit.user_agent"),
    "customer_visit_geolocation": (
        partial(
            Part,
            "thread.customer_visit.geolocation",
            wire.Geolocation,
            {f"customer_visit_{name}": column for name, column in _PLACE.items()},
        ),
        "customer_visit.geolocation",
    ),
    "properties": (partial(Named, "properties"), "thread.properties"),
}

#: Fields that are different in each row: one of equal values can't be kept.
DIFFERENT = {(wire.Customer, "name"), (wire.Customer, "email")}

#: The columns of ``users`` that ``chats`` has too, of the customer, and their names there.
OF_CUSTOMER: Mapping[str, str] = {"user_id": "customer_id", "name": "customer_name"}

#: The columns of ``threads`` that ``chats`` has too, of the last thread, and their names there.
OF_LAST_THREAD: Mapping[str, str] = {
    "thread_id": "last_thread_id",
    **{
        name: f"last_thread_{name}"
        for name in (
            "created_at",
            "active",
            "tags",
            "user_ids",
            "group_ids",
            "queue_position",
            "queue_wait_time",
            "queue_queued_at",
        )
    },
}

USERS: Columns = {
    "user_id": (Shared, "user.id"),
    "type": (Category, "type"),
    "name": (Shared, "user.name"),
    "email": (Shared, "user.email"),
    "present": (Truth, "user.present"),
    "events_seen_up_to": (Time, "user.events_seen_up_to"),
    "visibility": (Category, "user.visibility"),
    "avatar": (Category, "user.avatar"),
    "created_at": (Time, "user.created_at"),
    "agent_last_event_created_at": (Time, "user.agent_last_event_created_at"),
    "customer_last_event_created_at": (Time, "user.customer_last_event_created_at"),
    "email_verified": (Truth, "user.email_verified"),
    "phone_number": (Text, "user.phone_number"),
    "geolocation": (
        partial(Part, "users.visit.geolocation", wire.Geolocation, _PLACE),
        "visit.geolocation",
    ),
    "visit_started_at": (Time, "visit.started_at"),
    "visit_ended_at": (Time, "visit.ended_at"),
    "visit_referrer": (Category, "visit.referrer"),
    "visit_ip": (Text, "visit.ip"),
    "visit_user_agent": (Category, "visit.user_agent"),
    "visit_last_page_url": (Text, "page.url"),
    "visit_last_page_title": (Category, "page.title"),
    "chats_count": (Whole, "statistics.chats_count"),
    "threads_count": (Whole, "statistics.threads_count"),
    "visits_count": (Whole, "statistics.visits_count"),
    "page_views_count": (Whole, "statistics.page_views_count"),
    "greetings_shown_count": (Whole, "statistics.greetings_shown_count"),
    "greetings_accepted_count": (Whole, "statistics.greetings_accepted_count"),
    "tickets_count": (Whole, "statistics.tickets_count"),
    "other_fields": (Rest, "user."),
    "session_fields": (partial(Named, "session_fields"), "user.session_fields"),
}

EVENTS: Columns = {
    # Of the last events only: where it isn't the chat's last thread.
    "thread_id": (Text, "thread_id"),
    "event_id": (Text, "event.id"),
    "type": (Category, "type"),
    "created_at": (Time, "event.created_at"),
    "author_id": (Shared, "event.author_id"),
    "text": (Shared, "event.text"),
    "visibility": (Category, "event.visibility"),
    "deleted": (Flag, "event.deleted"),
    "thread_created_at": (Time, "thread_created_at"),
    "system_message_type": (Category, "event.system_message_type"),
    "form_type": (Category, "event.form_type"),
    "other_fields": (Rest, "event."),
    "properties": (partial(Named, "properties"), "event.properties"),
}

TAGS: Columns = {
    "tag": (Category, "tag"),
}

_ALL: Mapping[str, Columns] = {
    "chats": CHATS,
    "users": USERS,
    "threads": THREADS,
    "events": EVENTS,
    "tags": TAGS,
}

#: The tables, by their names.
NAMES = tuple(_ALL)

#: What is taken over from threads and users. Group ids are in ``access``, and ``properties`` are
#: many columns; and by the ids and times of threads it is decided what is kept.
_FOR_ALL: Mapping[str, frozenset[str]] = {"threads": frozenset({"thread_id", "created_at"})}
_FOR_CHATS: Mapping[str, frozenset[str]] = {
    "threads": frozenset(OF_LAST_THREAD) | {"access", "properties"},
    "users": frozenset(OF_CUSTOMER) | {"type"},
}


def columns_for(wanted: Collection[str]) -> dict[str, Columns]:
    """The columns that are needed to make these tables: of others those that these take over."""
    needed: dict[str, Columns] = {}
    for name, columns in _ALL.items():
        taken = _FOR_ALL.get(name, frozenset())
        if "chats" in wanted:
            taken |= _FOR_CHATS.get(name, frozenset())
        needed[name] = {
            column: of for column, of in columns.items() if name in wanted or column in taken
        }
    return needed
