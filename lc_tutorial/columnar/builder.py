"""Pages of chats in, DataFrames out.

Pages become rows part by part: all users, then all visits of users, then all statistics of users.
A part that few rows have costs nothing where it is missing.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import astuple

from lc_tutorial import wire
from lc_tutorial.columnar.columns import TEXT, Array, Pool, Rows
from lc_tutorial.columnar.layout import CHATS, EVENTS, OTHER_TYPE, TAGS, USERS
from lc_tutorial.columnar.table import Table
from lc_tutorial.reading import Malformed, Page

# Pages are gathered until there are so many chats: small pages would cost more than their chats.
_CHATS_AT_ONCE = 200

_NO_EVENTS = wire.LastEvents()

_S = TypeVar("_S", bound=Struct)
_Chats = Sequence[wire.Chat]
_Threads = Sequence[wire.Thread | None]  # one for each chat


class Builder:
    """Tables in the making.

    Attributes:
        malformed: the chats that can't be read.
        unknown_fields: how often each field came that the platform doesn't document.
    """

    def __init__(self) -> None:
        self.malformed: list[Malformed] = []
        self.unknown_fields: Counter[str] = Counter()
        self._gathered: list[wire.Chat] = []
        self._chat_ids: list[str] = []
        self._pool: Pool = {}
        self._tables = {
            "chats": Table(CHATS, self._pool),
            "users": Table(USERS, self._pool),
            "events": Table(EVENTS, self._pool),
            "tags": Table(TAGS, self._pool),
        }

    @property
    def repeated(self) -> int:
        """How many chats came again after they had come before."""
        return len(self._chat_ids) - len(set(self._chat_ids))

    def add(self, page: Page) -> None:
        """Add the chats of a page."""
        self.malformed += page.malformed
        self.unknown_fields += page.unknown_fields
        self._gathered += page.chats
        if len(self._gathered) >= _CHATS_AT_ONCE:
            self._add_gathered()

    def _add_gathered(self) -> None:
        chats, self._gathered = self._gathered, []
        # What repeats does so nearby; and a small pool stays in the processor's cache.
        self._pool.clear()
        first = len(self._chat_ids)
        self._chat_ids += [chat.id for chat in chats]
        threads = [chat.last_thread_summary or chat.last_thread_info for chat in chats]
        self._add_chats(first, chats, threads)
        self._add_users(first, chats)
        self._add_events(first, chats, threads)
        self._add_tags(first, threads)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The DataFrames: chats, users, events, tags and problems."""
        if self._gathered:
            self._add_gathered()
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
            self.unknown_fields += table.unknown_fields
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
            if chat.properites is not wire.ABSENT and chat.properties is wire.ABSENT:
                chat.properties = chat.properites
        customers = [_customer(chat.users) for chat in chats]
        table.add_part("chat", rows, chats)
        table.add_values("customer_id", rows, [each and each.id for each in customers])
        table.add_values("customer_name", rows, [each and each.name for each in customers])
        table.add_part("thread", *_present(rows, threads))
        table.add_part("queue", *_present(rows, [thread and thread.queue for thread in threads]))

    def _add_users(self, first: int, chats: _Chats) -> None:
        table = self._tables["users"]
        users = [user for chat in chats if chat.users for user in chat.users]
        rows = table.add_rows(
            [n for n, chat in enumerate(chats, first) if chat.users for _ in chat.users]
        )
        table.add_part("user", rows, users)
        rows_of_visits, visits = _present(rows, [user.visit or user.last_visit for user in users])
        pages = [_last(visit.last_pages) for visit in visits]
        table.add_part("visit", rows_of_visits, visits)
        table.add_part("page", *_present(rows_of_visits, pages))
        table.add_part("statistics", *_present(rows, [user.statistics for user in users]))

    def _add_events(self, first: int, chats: _Chats, threads: _Threads) -> None:
        by_type = [
            chat.last_event_per_type or (thread and thread.last_event_per_type) or _NO_EVENTS
            for chat, thread in zip(chats, threads, strict=True)
        ]
        columns = zip(*map(astuple, by_type), strict=True)
        for kind, last_events in zip(wire.LastEvents.__struct_fields__, columns, strict=True):
            if any(last_events) and kind in wire.EVENT_TYPES:
                numbers = [n for n, last in enumerate(last_events, first) if last]
                of = [threads[number - first] for number in numbers]
                self._add_events_of_type(kind, numbers, of, [*filter(None, last_events)])
            elif any(last_events):
                for number, others in enumerate(last_events, first):
                    for other, last in (others or {}).items():
                        self._add_events_of_type(other, [number], [threads[number - first]], [last])

    def _add_events_of_type(
        self,
        kind: str,
        numbers: Sequence[int],
        threads: _Threads,
        last_events: Sequence[wire.LastEvent[Any]],
    ) -> None:
        table = self._tables["events"]
        events, thread_ids, threads_created_at = zip(*map(astuple, last_events), strict=True)
        if not all(thread_ids):
            # From 3.7 on they are of the chat's last thread.
            thread_ids = tuple(thread and thread.id for thread in threads)
            threads_created_at = tuple(thread and thread.created_at for thread in threads)
        rows = table.add_rows(numbers)
        table.add_values("type", rows, [kind] * len(rows))
        table.add_values("thread_id", rows, thread_ids)
        table.add_values("thread_created_at", rows, threads_created_at)
        table.add_part(kind if kind in wire.EVENT_TYPES else OTHER_TYPE, rows, events)

    def _add_tags(self, first: int, threads: _Threads) -> None:
        table = self._tables["tags"]
        found = [
            (number, thread.id, tag)
            for number, thread in enumerate(threads, first)
            if thread and thread.tags
            for tag in thread.tags
        ]
        if found:
            numbers, thread_ids, tags = zip(*found, strict=True)
            rows = table.add_rows(numbers)
            table.add_values("thread_id", rows, thread_ids)
            table.add_values("tag", rows, tags)


def _present(rows: Rows, structs: Sequence[_S | None]) -> tuple[Array, list[_S]]:
    """The rows that have something, and what they have."""
    present = [struct for struct in structs if struct is not None]
    return np.fromiter(compress(rows, structs), np.int64, len(present)), present


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
