"""Pages of chats in, tables out.

A record is a chat with one thread, as it came: in a list of chats with the last one, in the
archives with any. Records become rows part by part: all users, then all visits of users, then all
statistics of users. A part that few rows have costs nothing where it is missing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple

from lc_tutorial.tables import wire
from lc_tutorial.tables.columnar.columns import Array, Pool, Rows
from lc_tutorial.tables.columnar.joining import Records
from lc_tutorial.tables.columnar.layout import NAMES, columns_for
from lc_tutorial.tables.columnar.making import Making
from lc_tutorial.tables.columnar.table import Table
from lc_tutorial.tables.reading import Malformed, Page

# Pages are gathered until there are so many records: small pages would cost more than their chats.
# What 400 chats are as Structs, some 4 MB, would no longer be in a core's cache when it is needed.
_RECORDS_AT_ONCE = 200

_NO_EVENTS = wire.LastEvents()

_S = TypeVar("_S")
_Chat = wire.ChatSummary | wire.Chat
_Thread = wire.LastThread | wire.Thread
_Threads = Sequence[_Thread | None]  # one for each chat


class Builder:
    """Tables in the making.

    Args:
        wanted: the names of the tables that shall be made.

    Attributes:
        with_all_events: whether the threads came with all their events; None before any came.
    """

    def __init__(self, wanted: Collection[str] = NAMES) -> None:
        self.with_all_events: bool | None = None
        self._wanted = frozenset(wanted)
        self._malformed: list[Malformed] = []
        self._unknown_fields: Counter[str] = Counter()
        self._chats: list[_Chat | None] = []
        self._threads: list[_Thread | None] = []
        self._records = Records()
        self._pool: Pool = {}
        needed = columns_for(self._wanted)
        self._tables = {name: Table(columns, self._pool) for name, columns in needed.items()}
        self._makes_users = bool(needed["users"])

    def holds_other_than(self, page: Page) -> bool:
        """Whether chats came before that the page's don't go with: with all events, or without."""
        return bool(self._records.chat_ids) and self.with_all_events is not page.with_all_events

    def add(self, page: Page, chat_id: str | None = None) -> None:
        """Add the chats and threads of a page.

        Args:
            page: like all the others, either with all events or not.
            chat_id: of the chat that the threads are of, where the page doesn't name one.
        """
        self._malformed += page.malformed
        self._unknown_fields += page.unknown_fields
        if page.chats or self.with_all_events is None:
            self.with_all_events = page.with_all_events
        self._chats += page.chats
        self._threads += page.threads
        self._records.chat_ids += [chat_id if chat is None else chat.id for chat in page.chats]
        if len(self._chats) >= _RECORDS_AT_ONCE:
            self._add_gathered()

    def _add_gathered(self) -> None:
        chats, self._chats = self._chats, []
        threads, self._threads = self._threads, []
        # What repeats does so nearby; and a small pool stays in the processor's cache.
        self._pool.clear()
        end = len(self._records.chat_ids)
        records = range(end - len(chats), end)
        self._records.has_chat += bytes([chat is not None for chat in chats])
        self._records.has_thread += bytes([thread is not None for thread in threads])
        self._add_threads(records, threads)
        if "tags" in self._wanted:
            self._add_tags(records, threads)
        if "events" in self._wanted:
            if self.with_all_events:
                self._add_events(records, threads)
            else:
                self._add_last_events(records, chats, threads)
        numbers, present = _present(records, chats)
        if "chats" in self._wanted:
            self._add_chats(numbers, present)
        if self._makes_users:
            self._add_users(numbers, present)

    # --- Rows -----------------------------------------------------------------------------------

    def _add_chats(self, records: Rows, chats: Sequence[Any]) -> None:
        table = self._tables["chats"]
        rows = table.add_rows(records)
        for chat in chats:
            if chat.properites is not wire.ABSENT and chat.properties is wire.ABSENT:
                chat.properties = chat.properites
        table.add_part(rows, chats)

    def _add_users(self, records: Rows, chats: Sequence[Any]) -> None:
        table = self._tables["users"]
        users = [user for chat in chats if chat.users for user in chat.users]
        rows = table.add_rows(
            [n for n, chat in zip(records, chats, strict=True) if chat.users for _ in chat.users]
        )
        for kind, (its_rows, structs) in _by_class(rows, users).items():
            _add_with_type(table, its_rows, structs)
            if issubclass(kind, wire.Customer):
                self._add_customers(its_rows, structs)

    def _add_customers(self, rows: Rows, customers: Sequence[Any]) -> None:
        table = self._tables["users"]
        rows_of_visits, visits = _present(rows, [who.visit or who.last_visit for who in customers])
        pages = [_last(visit.last_pages) for visit in visits]
        table.add_part(rows_of_visits, visits)
        table.add_part(*_present(rows_of_visits, pages))
        table.add_part(*_present(rows, [who.statistics for who in customers]))

    def _add_threads(self, records: range, threads: _Threads) -> None:
        # Records without a thread have a row too: so that rows and records go together.
        table = self._tables["threads"]
        table.add_rows(records)
        table.add_part(*_present(records, threads))
        table.add_part(*_present(records, [thread and thread.queue for thread in threads]))
        if self.with_all_events:
            whole = [thread if isinstance(thread, wire.Thread) else None for thread in threads]
            table.add_part(*_present(records, [each and each.summary for each in whole]))
            table.add_part(*_present(records, [each and each.customer_visit for each in whole]))

    def _add_events(self, records: range, threads: Sequence[Any]) -> None:
        table = self._tables["events"]
        found = [
            (n, each) for n, each in zip(records, threads, strict=True) if each and each.events
        ]
        rows = table.add_rows([n for n, thread in found for _ in thread.events])
        events = [event for _, thread in found for event in thread.events]
        for its_rows, structs in _by_class(rows, events).values():
            _add_with_type(table, its_rows, structs)

    def _add_last_events(
        self, records: range, chats: Sequence[Any], threads: Sequence[Any]
    ) -> None:
        by_type = [
            chat.last_event_per_type or (thread and thread.last_event_per_type) or _NO_EVENTS
            for chat, thread in zip(chats, threads, strict=True)
        ]
        names = wire.LastEvents.__struct_fields__
        columns: dict[str, Sequence[wire.LastEvent[Any] | None]]
        columns = dict(zip(names, zip(*map(astuple, by_type), strict=True), strict=True))
        others: Any = columns.pop("of_other_types")
        for name in sorted({name for each in others if each for name in each}):
            columns[name] = [each and each.get(name) for each in others]
        columns = {kind: column for kind, column in columns.items() if any(column)}
        if not columns:
            return
        # For each chat a line with a place for each type: what is there gets the next row.
        has = np.array([[*map(bool, column)] for column in columns.values()], dtype=bool).T
        rows = self._tables["events"].add_rows(np.repeat(records, has.sum(axis=1)))
        places = rows.start - 1 + np.cumsum(has).reshape(has.shape)
        for number, (kind, column) in enumerate(columns.items()):
            which = has[:, number]
            present = [last for last in column if last]
            self._add_last_events_of_type(
                kind, places[which, number], [*compress(threads, column)], present
            )

    def _add_last_events_of_type(
        self,
        kind: str,
        rows: Array,
        threads: _Threads,
        last_events: Sequence[wire.LastEvent[Any]],
    ) -> None:
        table = self._tables["events"]
        events, said_ids, said_created_at = zip(*map(astuple, last_events), strict=True)
        # Mostly they are of the chat's last thread, and what is said of it is known already.
        ids = tuple([thread and thread.id for thread in threads])
        if said_ids != ids and any(said_ids):
            is_other = [said not in (None, own) for said, own in zip(said_ids, ids, strict=True)]
            table.add_values("thread_id", rows[is_other], [*compress(said_ids, is_other)])
        created_at = tuple([thread and thread.created_at for thread in threads])
        if said_created_at != created_at and any(said_created_at):
            table.add_values("thread_created_at", rows, said_created_at)
        table.add_value("type", rows, kind)
        table.add_part(rows, events)

    def _add_tags(self, records: range, threads: _Threads) -> None:
        table = self._tables["tags"]
        found = [
            (number, tag)
            for number, thread in zip(records, threads, strict=True)
            if thread and thread.tags
            for tag in thread.tags
        ]
        if found:
            numbers, tags = zip(*found, strict=True)
            table.add_values("tag", table.add_rows(numbers), tags)

    def made(self) -> Making:
        """The tables, of which each becomes a DataFrame when it is asked for. Nothing is added."""
        if self._chats:
            self._add_gathered()
        return Making(
            self._tables,
            self._records,
            self._wanted,
            with_all_events=bool(self.with_all_events),
            malformed=self._malformed,
            unknown_fields=self._unknown_fields,
        )


def _add_with_type(table: Table, rows: Rows, structs: Sequence[Any]) -> None:
    """Add users or events of one class. The class tells their type, if it is a documented one."""
    table.add_part(rows, structs)
    if isinstance(structs[0], wire.OtherUser | wire.OtherEvent):
        table.add_values("type", rows, [each.of_type for each in structs])
    else:
        table.add_value("type", rows, str(type(structs[0]).__struct_config__.tag))


def _by_class(
    rows: range, structs: Sequence[Struct]
) -> dict[type[Struct], tuple[Array, list[Any]]]:
    """For each class the rows that have it, and what they have."""
    found: dict[type[Struct], tuple[list[int], list[Any]]] = defaultdict(lambda: ([], []))
    for row, struct in zip(rows, structs, strict=True):
        numbers, present = found[type(struct)]
        numbers.append(row)
        present.append(struct)
    return {kind: (np.array(numbers), present) for kind, (numbers, present) in found.items()}


def _present(rows: Rows, structs: Sequence[_S | None]) -> tuple[Rows, list[_S]]:
    """The rows that have something, and what they have."""
    present = [struct for struct in structs if struct is not None]
    if len(present) == len(rows):
        return rows, present
    return np.fromiter(compress(rows, structs), np.int64, len(present)), present


def _last(pages: list[wire.VisitedPage] | None) -> wire.VisitedPage | None:
    """The page that was opened last."""
    if not pages:
        return None
    # No source says whether the oldest comes first or the newest.
    first, last = pages[0], pages[-1]
    return first if (first.opened_at or "") > (last.opened_at or "") else last
