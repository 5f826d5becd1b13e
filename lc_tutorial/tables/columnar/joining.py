"""How the columns of the tables become tables that join.

What came more than once goes, and chats, events and tags take over what is known of threads and
customers.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lc_tutorial.tables.columnar.columns import Array
from lc_tutorial.tables.columnar.layout import OF_CUSTOMER, OF_LAST_THREAD

#: The columns of a table, with for each row the number of its record.
Made = tuple[Array, dict[str, Any]]


@dataclass
class Records:
    """What came: each record is a chat with one thread.

    Attributes:
        chat_ids: None where it isn't said.
        has_chat: for each 1, or else 0: a thread came alone.
        has_thread: for each 1, or else 0: the chat has none.
    """

    chat_ids: list[str | None] = field(default_factory=list)
    has_chat: bytearray = field(default_factory=bytearray)
    has_thread: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, eq=False)
class Kept:
    """Which records are kept: a chat as of its newest thread, a thread as it came last.

    Attributes:
        chats: for each record, whether it is kept as a chat.
        threads: whether its thread, its events and its tags are kept.
        has_thread: whether it has a thread at all.
        repeated: how many came again after they had come before: of lists of chats chats, else
            threads.
    """

    chats: Array
    threads: Array
    has_thread: Array
    repeated: int

    def rows_of(self, name: str, numbers: Array) -> Array:
        """Which rows of a table are kept, given the record of each."""
        if name in ("chats", "users"):
            return self.chats[numbers]
        rows = self.threads[numbers]
        return rows & self.has_thread[numbers] if name == "threads" else rows


def kept(records: Records, threads: Mapping[str, Any], with_all_events: bool) -> Kept:
    """Decide which records are kept.

    Args:
        records: what came.
        threads: the columns of threads, a row for each record.
        with_all_events: whether threads came with all their events, and a chat as often as threads.
    """
    has_chat = np.frombuffer(records.has_chat, bool)
    has_thread = np.frombuffer(records.has_thread, bool)
    created_at = np.asarray(threads["created_at"].view("i8"))
    by_age = np.argsort(created_at, kind="stable")
    chats = _last_of_each(records.chat_ids, by_age) & has_chat
    if not with_all_events:
        return Kept(chats, chats, has_thread, len(chats) - int(chats.sum()))
    keys: list[Hashable] = [*zip(records.chat_ids, threads["thread_id"], strict=True)]
    of_threads = _last_of_each(keys, np.arange(len(keys))) & has_thread
    return Kept(chats, of_threads, has_thread, int(has_thread.sum() - of_threads.sum()))


def _last_of_each(keys: Sequence[Hashable], order: Array) -> Array:
    """Which of equal keys come last in the given order."""
    keep = np.ones(len(keys), dtype=bool)
    if len(set(keys)) < len(keys):
        last = {keys[number]: number for number in order.tolist()}
        keep[:] = False
        keep[[*last.values()]] = True
    return keep


def selected(arrays: Mapping[str, Any], rows: Array) -> dict[str, Any]:
    """The same columns with some rows only."""
    if rows.all():
        return {**arrays}
    return {name: array[rows] for name, array in arrays.items()}


# --- What tables take over ----------------------------------------------------------------------


def customers(
    chats: Array, number: int, records: Array, users: Mapping[str, Any]
) -> dict[str, Any]:
    """The first customer of each chat, as columns of chats.

    Args:
        chats: their records.
        number: how many records there are.
        records: those of the users.
        users: their columns.
    """
    customers = np.flatnonzero(users["type"] == "customer")[::-1]
    rows = np.full(number, -1)
    # From the last to the first: where a chat has several, the first one stays.
    rows[records[customers]] = customers
    return {
        name: users[source].take(rows[chats], allow_fill=True)
        for source, name in OF_CUSTOMER.items()
    }


def with_last_threads(
    chats: Mapping[str, Any], records: Array, threads: Mapping[str, Any]
) -> dict[str, Any]:
    """Add columns of the threads to the columns of the chats, own fields at the end."""
    own = {name: array for name, array in chats.items() if name.startswith("properties")}
    arrays = {name: array for name, array in chats.items() if name not in own}
    # The chats must not share memory with the threads: whoever changes one would change both.
    arrays |= {name: threads[source][records] for source, name in OF_LAST_THREAD.items()}
    arrays |= own
    arrays |= {
        f"last_thread_{name}": array[records]
        for name, array in threads.items()
        if name.startswith("properties")
    }
    return arrays


def fill_in_threads(events: Mapping[str, Any], records: Array, threads: Mapping[str, Any]) -> None:
    """Fill in, in their columns, which thread events are of: if nothing else is said, their own.

    Args:
        events: their columns. They are changed in place: they are long.
        records: those of the events.
        threads: the columns of threads, a row for each record.
    """
    ids, created_at = events["thread_id"], events["thread_created_at"]
    is_own = ids.isna()
    # The times first: who is interrupted can begin anew as long as the ids are not there.
    is_missing = is_own & created_at.isna()
    created_at[is_missing] = threads["created_at"][records[is_missing]]
    ids[is_own] = threads["thread_id"][records[is_own]]
