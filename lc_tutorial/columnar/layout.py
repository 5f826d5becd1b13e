"""In which column each field of an answer lands.

A column has a kind and a source: a part of the answer, a dot, and the field of that part. A source
without a dot is worked out by the builder.
"""

from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from lc_tutorial import wire
from lc_tutorial.columnar.columns import (
    Category,
    Column,
    Flag,
    Items,
    Number,
    Rest,
    Shared,
    Text,
    Time,
    Truth,
    Whole,
)
from lc_tutorial.columnar.repeated import Named, Part

#: For each column, or for a number of columns that are made together, the kind and the source.
Columns = Mapping[str, tuple[Callable[..., Column], str]]

#: The part of events of types that are not documented.
OTHER_TYPE = "other_type"

#: The parts that sources name. An event's part is named by its type.
PARTS: Mapping[str, type[Struct]] = {
    "chat": wire.Chat,
    "thread": wire.Thread,
    "queue": wire.Queue,
    "user": wire.User,
    "visit": wire.Visit,
    "page": wire.VisitedPage,
    "statistics": wire.Statistics,
    OTHER_TYPE: wire.OtherEvent,
    **wire.EVENT_TYPES,
}

#: A source may name all types of events at once; those that have the field are meant.
EVENT = (OTHER_TYPE, *wire.EVENT_TYPES)

_PLACE: Mapping[str, tuple[type[Column], str]] = {
    "country": (Category, "country"),
    "country_code": (Category, "country_code"),
    "region": (Category, "region"),
    "city": (Category, "city"),
    "timezone": (Category, "timezone"),
    "latitude": (Number, "latitude"),
    "longitude": (Number, "longitude"),
}

CHATS: Columns = {
    "customer_id": (Text, "customer_id"),
    "customer_name": (Text, "customer_name"),
    "last_thread_id": (Shared, "thread.id"),
    "last_thread_created_at": (Time, "thread.created_at"),
    "last_thread_active": (Truth, "thread.active"),
    "last_thread_tags": (Items, "thread.tags"),
    "last_thread_user_ids": (Items, "thread.user_ids"),
    "last_thread_access": (
        partial(
            Part,
            "last_thread_summary.access",
            wire.Access,
            {"last_thread_group_ids": (Items, "group_ids")},
        ),
        "thread.access",
    ),
    "last_thread_queue_position": (Whole, "queue.position"),
    "last_thread_queue_wait_time": (Number, "queue.wait_time"),
    "last_thread_queue_queued_at": (Time, "queue.queued_at"),
    "access": (
        partial(Part, "access", wire.Access, {"group_ids": (Items, "group_ids")}),
        "chat.access",
    ),
    "is_followed": (Truth, "chat.is_followed"),
    "properties": (partial(Named, "properties"), "chat.properties"),
    "last_thread_properties": (partial(Named, "last_thread_properties"), "thread.properties"),
}

USERS: Columns = {
    "user_id": (Shared, "user.id"),
    "type": (Category, "user.type"),
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
    "thread_id": (Shared, "thread_id"),
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
    "thread_id": (Shared, "thread_id"),
    "tag": (Category, "tag"),
}
