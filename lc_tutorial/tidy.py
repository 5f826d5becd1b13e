"""In which table and column each field of the platform's answers lands.

A page of chats becomes rows part by part: all users, then all visits of users, then all places of
visits, and so on. A part that few rows have costs nothing where it is missing.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import astuple

from lc_tutorial import wire
from lc_tutorial.columns import (
    TEXT,
    Array,
    Category,
    Column,
    Items,
    Json,
    Named,
    Number,
    Pool,
    Shared,
    Text,
    Time,
    Truth,
    Whole,
)

# For each column its kind, and where it comes from: a part and its field, or simply a value.
_Columns = Mapping[str, tuple[type[Column], str]]

_PARTS: Mapping[str, type[Struct]] = {
    "chat": wire.Chat,
    "access": wire.Access,
    "thread": wire.Thread,
    "thread_access": wire.Access,
    "queue": wire.Queue,
    "user": wire.User,
    "visit": wire.Visit,
    "place": wire.Geolocation,
    "page": wire.VisitedPage,
    "statistics": wire.Statistics,
    "event": wire.Event,
    "last_event": wire.LastEvent,
}

_CHAT_COLUMNS: _Columns = {
    "customer_id": (Text, "customer_id"),
    "customer_name": (Text, "customer_name"),
    "last_thread_id": (Shared, "thread.id"),
    "last_thread_created_at": (Time, "thread.created_at"),
    "last_thread_active": (Truth, "thread.active"),
    "last_thread_tags": (Items, "thread.tags"),
    "last_thread_user_ids": (Items, "thread.user_ids"),
    "last_thread_group_ids": (Items, "thread_access.group_ids"),
    "last_thread_queue_position": (Whole, "queue.position"),
    "last_thread_queue_wait_time": (Number, "queue.wait_time"),
    "last_thread_queue_queued_at": (Time, "queue.queued_at"),
    "group_ids": (Items, "access.group_ids"),
    "is_followed": (Truth, "chat.is_followed"),
    "properties": (Named, "chat.properties"),
    "last_thread_properties": (Named, "thread.properties"),
}

_USER_COLUMNS: _Columns = {
    "user_id": (Shared, "user.id"),
    "type": (Category, "user.type"),
    "name": (Text, "user.name"),
    "email": (Text, "user.email"),
    "present": (Truth, "user.present"),
    "events_seen_up_to": (Time, "user.events_seen_up_to"),
    "visibility": (Category, "user.visibility"),
    "avatar": (Category, "user.avatar"),
    "created_at": (Time, "user.created_at"),
    "agent_last_event_created_at": (Time, "user.agent_last_event_created_at"),
    "customer_last_event_created_at": (Time, "user.customer_last_event_created_at"),
    "email_verified": (Truth, "user.email_verified"),
    "phone_number": (Text, "user.phone_number"),
    "country": (Category, "place.country"),
    "country_code": (Category, "place.country_code"),
    "region": (Category, "place.region"),
    "city": (Category, "place.city"),
    "timezone": (Category, "place.timezone"),
    "latitude": (Number, "place.latitude"),
    "longitude": (Number, "place.longitude"),
    "visit_started_at": (Time, "visit.started_at"),
    "visit_ended_at": (Time, "visit.ended_at"),
    "visit_referrer": (Text, "visit.referrer"),
    "visit_ip": (Text, "visit.ip"),
    "visit_user_agent": (Category, "visit.user_agent"),
    "visit_last_page_url": (Text, "page.url"),
    "visit_last_page_title": (Text, "page.title"),
    "visit_last_page_opened_at": (Time, "page.opened_at"),
    "chats_count": (Whole, "statistics.chats_count"),
    "threads_count": (Whole, "statistics.threads_count"),
    "visits_count": (Whole, "statistics.visits_count"),
    "page_views_count": (Whole, "statistics.page_views_count"),
    "greetings_shown_count": (Whole, "statistics.greetings_shown_count"),
    "greetings_accepted_count": (Whole, "statistics.greetings_accepted_count"),
    "tickets_count": (Whole, "statistics.tickets_count"),
    "tickets": (Json, "user.tickets"),
    "carts": (Json, "user.carts"),
    "omnichannel": (Json, "user.omnichannel"),
    "address": (Json, "user.address"),
    "session_fields": (Named, "user.session_fields"),
}

_EVENT_COLUMNS: _Columns = {
    "thread_id": (Shared, "last_event.thread_id"),
    "event_id": (Text, "event.id"),
    "type": (Category, "type"),
    "created_at": (Time, "event.created_at"),
    "author_id": (Shared, "event.author_id"),
    "text": (Text, "event.text"),
    "visibility": (Category, "event.visibility"),
    "deleted": (Truth, "event.deleted"),
    "thread_created_at": (Time, "last_event.thread_created_at"),
    "system_message_type": (Category, "event.system_message_type"),
    "text_vars": (Json, "event.text_vars"),
    "form_id": (Category, "event.form_id"),
    "form_type": (Category, "event.form_type"),
    "fields": (Json, "event.fields"),
    "name": (Text, "event.name"),
    "url": (Text, "event.url"),
    "content_type": (Category, "event.content_type"),
    "size": (Whole, "event.size"),
    "template_id": (Category, "event.template_id"),
    "elements": (Json, "event.elements"),
    "postback": (Json, "event.postback"),
    "content": (Json, "event.content"),
    "source": (Category, "event.source"),
    "subtype": (Category, "event.subtype"),
    "details": (Json, "event.details"),
    "custom_id": (Text, "event.custom_id"),
    "properties": (Named, "event.properties"),
}

_TAG_COLUMNS: _Columns = {
    "thread_id": (Shared, "thread_id"),
    "tag": (Category, "tag"),
}

_NO_ACCESS = wire.Access()

_Chats = Sequence[wire.Chat]
_Threads = Sequence[wire.Thread | None]  # one for each chat


class Table:
    """A DataFrame in the making.

    Args:
        columns: the columns that it has after ``chat_id``.
        pool: for the columns that keep equal values once.

    Attributes:
        problems: after :meth:`frame`, what can't be read, with the number of its chat.
    """

    def __init__(self, columns: _Columns, pool: Pool) -> None:
        self.problems: list[tuple[int, str]] = []
        self._chats = array("q")
        self._columns: dict[str, tuple[str, Column]] = {}
        self._parts: dict[str, list[tuple[int, Column]]] = defaultdict(list)
        self._places: dict[str, array[int]] = {}
        for name, (kind, source) in columns.items():
            part, _, field = source.partition(".")
            index = _PARTS[part].__struct_fields__.index(field) if field else 0
            column = _column(kind, name, pool)
            self._columns[name] = part, column
            self._parts[part].append((index, column))

    def add_rows(self, chats: Sequence[int]) -> range:
        """Add rows, given the number of the chat that each belongs to.

        Returns:
            The numbers of these rows.
        """
        first = len(self._chats)
        self._chats.extend(chats)
        return range(first, len(self._chats))

    def add_part(
        self, part: str, structs: Sequence[Struct], rows: Iterable[int] | None = None
    ) -> None:
        """Add what the new rows have, or some of them.

        Args:
            part: what it is; the columns know it by this name.
            structs: one for each of these rows.
            rows: the numbers of the rows that have it, if not all have.
        """
        if structs:
            fields = tuple(zip(*map(astuple, structs), strict=True))
            for index, column in self._parts[part]:
                column.add(fields[index])
        if rows is not None:
            self._places.setdefault(part, array("q")).extend(rows)

    def add_values(self, name: str, values: Sequence[Any]) -> None:
        """Add the values of one column for the new rows."""
        self._columns[name][1].add(values)

    def frame(self, chat_ids: Any, keep_chats: Array | None) -> pd.DataFrame:
        """The DataFrame. The table is of no use from then on.

        Args:
            chat_ids: pandas' array of the ids of all chats, by their number.
            keep_chats: for each chat, by its number, whether to keep its rows; None: keep all.
        """
        chats = np.array(self._chats)
        arrays = {"chat_id": chat_ids.take(chats)}
        for name in list(self._columns):
            part, column = self._columns.pop(name)
            places = np.array(self._places[part]) if part in self._places else None
            made = column.array(len(chats), places)
            arrays |= made if isinstance(made, dict) else {name: made}
            self.problems += [
                (self._chats[row], f"{name} can't be read: {str(value)[:60]!r}.")
                for row, value in column.unreadable.items()
            ]
        frame = pd.DataFrame(arrays, copy=False)
        if keep_chats is not None:
            frame = frame[keep_chats[chats]].reset_index(drop=True)
        return frame


def _column(kind: type[Column], name: str, pool: Pool) -> Column:
    if issubclass(kind, Shared | Items):
        return kind(pool)
    return kind(name) if issubclass(kind, Named) else kind()


class Builder:
    """Tables in the making.

    Attributes:
        malformed: the chats that can't be read.
        unknown_fields: how often each field came that the platform doesn't document.
    """

    def __init__(self) -> None:
        self.malformed: list[wire.Malformed] = []
        self.unknown_fields: Counter[str] = Counter()
        self._chat_ids: list[str] = []
        self._pool: Pool = {}
        self._tables = {
            name: Table(columns, self._pool)
            for name, columns in (
                ("chats", _CHAT_COLUMNS),
                ("users", _USER_COLUMNS),
                ("events", _EVENT_COLUMNS),
                ("tags", _TAG_COLUMNS),
            )
        }

    @property
    def repeated(self) -> int:
        """How many chats came again after they had come before."""
        return len(self._chat_ids) - len(set(self._chat_ids))

    def add(self, page: wire.Page) -> None:
        """Add the chats of a page."""
        self.malformed += page.malformed
        self.unknown_fields += page.unknown_fields
        # What repeats does so nearby; a small pool stays in the processor's cache.
        self._pool.clear()
        first = len(self._chat_ids)
        self._chat_ids += [chat.id for chat in page.chats]
        threads = [chat.last_thread_summary or chat.last_thread_info for chat in page.chats]
        self._add_chats(first, page.chats, threads)
        self._add_users(first, page.chats)
        self._add_events(first, page.chats, threads)
        self._add_tags(first, threads)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The DataFrames: chats, users, events, tags and problems."""
        keep = None
        if self.repeated:
            latest = {chat_id: number for number, chat_id in enumerate(self._chat_ids)}
            keep = np.zeros(len(self._chat_ids), dtype=bool)
            keep[list(latest.values())] = True
        chat_ids = pd.array(self._chat_ids, dtype=TEXT)
        frames = {name: table.frame(chat_ids, keep) for name, table in self._tables.items()}
        problems = [
            (chat.chat_id, f"The chat is left out, it can't be read: {chat.why}")
            for chat in self.malformed
        ]
        for name, table in self._tables.items():
            problems += [(self._chat_ids[n], f"{name}.{problem}") for n, problem in table.problems]
        frames["problems"] = pd.DataFrame(
            {
                "chat_id": pd.array([chat_id for chat_id, _ in problems], dtype=TEXT),
                "problem": pd.array([problem for _, problem in problems], dtype=TEXT),
            }
        )
        return frames

    def _add_chats(self, first: int, chats: _Chats, threads: _Threads) -> None:
        table = self._tables["chats"]
        rows = table.add_rows(range(first, first + len(chats)))
        for chat in chats:
            if chat.properites:
                chat.properties = chat.properties or chat.properites
        customers = [_customer(chat.users) for chat in chats]
        numbered = [(row, thread) for row, thread in zip(rows, threads, strict=True) if thread]
        table.add_part("chat", chats)
        table.add_part("access", [chat.access or _NO_ACCESS for chat in chats])
        table.add_part("thread", *_structs_and_rows(numbered))
        table.add_part("thread_access", *_structs_and_rows((row, t.access) for row, t in numbered))
        table.add_part("queue", *_structs_and_rows((row, t.queue) for row, t in numbered))
        table.add_values("customer_id", [customer and customer.id for customer in customers])
        table.add_values("customer_name", [customer and customer.name for customer in customers])

    def _add_users(self, first: int, chats: _Chats) -> None:
        table = self._tables["users"]
        users = [user for chat in chats if chat.users for user in chat.users]
        rows = table.add_rows(
            [n for n, chat in enumerate(chats, first) if chat.users for _ in chat.users]
        )
        numbered = [*zip(rows, users, strict=True)]
        visits = [(row, visit) for row, u in numbered if (visit := u.visit or u.last_visit)]
        table.add_part("user", users)
        table.add_part("visit", *_structs_and_rows(visits))
        table.add_part("place", *_structs_and_rows((row, v.geolocation) for row, v in visits))
        table.add_part("page", *_structs_and_rows((row, _last(v.last_pages)) for row, v in visits))
        table.add_part("statistics", *_structs_and_rows((row, u.statistics) for row, u in numbered))

    def _add_events(self, first: int, chats: _Chats, threads: _Threads) -> None:
        table = self._tables["events"]
        owners: list[int] = []
        of_threads: list[wire.Thread | None] = []
        types: list[str] = []
        last_events: list[wire.LastEvent] = []
        for number, (chat, thread) in enumerate(zip(chats, threads, strict=True), first):
            by_type = chat.last_event_per_type or (thread and thread.last_event_per_type)
            if by_type:
                owners += repeat(number, len(by_type))
                of_threads += repeat(thread, len(by_type))
                types += by_type
                last_events += by_type.values()
        if not last_events:
            return
        table.add_rows(owners)
        table.add_values("type", types)
        table.add_part(
            "last_event",
            [
                each if each.thread_id else _in_thread(each, thread)
                for each, thread in zip(last_events, of_threads, strict=True)
            ],
        )
        table.add_part("event", [each.event for each in last_events])

    def _add_tags(self, first: int, threads: _Threads) -> None:
        table = self._tables["tags"]
        found = [
            (number, thread.id, tag)
            for number, thread in enumerate(threads, first)
            if thread and thread.tags
            for tag in thread.tags
        ]
        if found:
            owners, thread_ids, tags = zip(*found, strict=True)
            table.add_rows(owners)
            table.add_values("thread_id", thread_ids)
            table.add_values("tag", tags)


def _structs_and_rows(
    numbered: Iterable[tuple[int, Struct | None]],
) -> tuple[list[Struct], list[int]]:
    """What some rows have, and which rows these are."""
    structs, rows = [], []
    for row, struct in numbered:
        if struct is not None:
            structs.append(struct)
            rows.append(row)
    return structs, rows


def _in_thread(last: wire.LastEvent, thread: wire.Thread | None) -> wire.LastEvent:
    """From 3.7 on a last event is of the last thread."""
    if thread is None:
        return last
    return wire.LastEvent(last.event, thread.id, thread.created_at)


def _customer(users: list[wire.User] | None) -> wire.User | None:
    for user in users or ():
        if user.type == "customer":
            return user
    return None


def _last(pages: list[wire.VisitedPage] | None) -> wire.VisitedPage | None:
    """The page that was opened last."""
    if not pages:
        return None
    # No source says whether the oldest comes first or the newest.
    first, last = pages[0], pages[-1]
    return first if (first.opened_at or "") > (last.opened_at or "") else last
