"""The columns of all tables become DataFrames that join.

What came more than once goes, all rows learn which chat they are of, and chats and events take over
what is known of threads and customers.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lc_tutorial.tables.columnar.columns import TEXT, Array
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


def joined(
    made: dict[str, Made], records: Records, with_all_events: bool
) -> tuple[dict[str, pd.DataFrame], int]:
    """Make the DataFrames.

    Args:
        made: the columns of chats, users, threads, events and tags; they are taken out. There is a
            row of threads for each record.
        records: what the rows belong to.
        with_all_events: whether threads came with all their events, and a chat as often as threads.

    Returns:
        The DataFrames; and how many came again after they had come before: of lists of chats chats,
        else threads.
    """
    threads = made["threads"][1]
    keep_chats, keep_threads, repeated = _kept(records, threads, with_all_events)
    ids = pd.array(records.chat_ids, dtype=TEXT)
    kept = {
        "chats": keep_chats,
        "users": keep_chats,
        "threads": keep_threads & np.frombuffer(records.has_thread, bool),
        "events": keep_threads,
        "tags": keep_threads,
    }
    frames = {}
    for name, keep in kept.items():
        numbers, arrays = made.pop(name)
        if name == "chats":
            customers = _customers(numbers, len(ids), *made["users"])
            arrays = {**customers, **_with_last_threads(arrays, numbers, threads)}
        elif name == "events":
            arrays = _with_threads(arrays, numbers, threads)
        elif name == "tags":
            arrays = {"thread_id": threads["thread_id"].take(numbers), **arrays}
        arrays = {"chat_id": ids.take(numbers), **arrays}
        frames[name] = pd.DataFrame(_selected(arrays, keep[numbers]), copy=False)
    return frames, repeated


# --- What is kept -------------------------------------------------------------------------------


def _kept(
    records: Records, threads: Mapping[str, Any], with_all_events: bool
) -> tuple[Array, Array, int]:
    """Which records are kept as chats, which as threads and their events; and how many came again.

    A chat is kept as of its newest thread, a thread as it came last.
    """
    has_chat = np.frombuffer(records.has_chat, bool)
    has_thread = np.frombuffer(records.has_thread, bool)
    created_at = np.asarray(threads["created_at"].view("i8"))
    by_age = np.argsort(created_at, kind="stable").tolist()
    keep_chats = _last_of_each(records.chat_ids, by_age) & has_chat
    if not with_all_events:
        return keep_chats, keep_chats, len(keep_chats) - int(keep_chats.sum())
    keys: list[Hashable] = [*zip(records.chat_ids, threads["thread_id"], strict=True)]
    keep_threads = _last_of_each(keys, range(len(keys))) & has_thread
    return keep_chats, keep_threads, int(has_thread.sum() - keep_threads.sum())


def _last_of_each(keys: Sequence[Hashable], order: Sequence[int]) -> Array:
    """Which of equal keys come last in the given order."""
    keep = np.ones(len(keys), dtype=bool)
    if len(set(keys)) < len(keys):
        last = {keys[number]: number for number in order}
        keep[:] = False
        keep[[*last.values()]] = True
    return keep


def _selected(arrays: Mapping[str, Any], rows: Array) -> dict[str, Any]:
    """The same columns with some rows only."""
    if rows.all():
        return {**arrays}
    return {name: array[rows] for name, array in arrays.items()}


# --- What tables take over ----------------------------------------------------------------------


def _customers(
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


def _with_last_threads(
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


def _with_threads(
    events: Mapping[str, Any], records: Array, threads: Mapping[str, Any]
) -> dict[str, Any]:
    """Add to the columns of events which thread they are of: if nothing else is said, their own."""
    ids, created_at = threads["thread_id"].take(records), threads["created_at"].take(records)
    said, said_created_at = events["thread_id"], events["thread_created_at"]
    is_other = ~said.isna()
    ids[is_other] = said[is_other]
    is_said = is_other | ~said_created_at.isna()
    created_at[is_said] = said_created_at[is_said]
    return {**events, "thread_id": ids, "thread_created_at": created_at}
