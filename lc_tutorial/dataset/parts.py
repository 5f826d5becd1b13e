"""The parts of a dataset: written as they come, and tidied afterwards.

What comes is put beside what is there, whatever it replaces: so a pull writes each byte once, in
little memory. Tidying takes out the rows that a later part has anew, gives all files of a table the
same columns, and joins small parts of a month. Then each chat, thread and event is there once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.keys import Array, keys_of, superseded
from lc_tutorial.dataset.schema import as_arrow, conformed, own_columns, widened
from lc_tutorial.dataset.state import Part, State
from lc_tutorial.tables import NAMES, Tables

#: A part has about as many chats as come at once; smaller ones of a month are joined up to this.
ENOUGH = 8_000

_NO_KEYS = np.empty(0, np.uint64)
_OF_CHATS = ("chats", "users")


def by_chat(state: State) -> bool:
    """Whether all rows are known by their chat: so where it is a dataset of List Chats.

    Where threads came with all their events, a thread has its rows, and a chat as of its newest
    thread its own.
    """
    return state.about("of") != "threads"


@dataclass(frozen=True)
class Came:
    """What was new in what came.

    Attributes:
        new: how many chats, or threads, had never come before.
        again: how many had.
    """

    new: int = 0
    again: int = 0


class Known:
    """The keys of all chats, or of all threads, that there are in the dataset."""

    def __init__(self, state: State) -> None:
        self._of = "chats" if by_chat(state) else "threads"
        every = [getattr(part, self._of) for part in state.parts.values()]
        self._keys = np.sort(np.concatenate([_NO_KEYS, *every]))

    def meet(self, part: Part) -> Came:
        """Tell which keys of a part are new, and know them all from now on."""
        keys = np.sort(getattr(part, self._of))
        places = np.searchsorted(self._keys, keys)
        there = np.zeros(len(keys), bool)
        inside = places < len(self._keys)
        there[inside] = self._keys[places[inside]] == keys[inside]
        self._keys = np.insert(self._keys, places[~there], keys[~there])
        return Came(int((~there).sum()), int(there.sum()))


def write(folder: Folder, tables: Tables, noting: Mapping[str, str | None], known: Known) -> Came:
    """Put tables beside what is there, as parts: one for each month in which threads began.

    Args:
        folder: of the dataset.
        tables: with all five tables.
        noting: facts to note with them, in the same step.
        known: what there is.
    """
    state = folder.state
    frames = {name: getattr(tables, name) for name in NAMES}
    own = {name: own_columns(name, frame) for name, frame in frames.items()}
    wider = {
        name: wide
        for name, columns in own.items()
        if (wide := widened(state.own.get(name, {}), columns)) != state.own.get(name, {})
    }
    came = Came()
    with folder.change() as change:
        if wider:
            state.widen(wider)
        for month, of_month in _by_month(frames, is_by_chat=by_chat(state)):
            part = _part(state, month, of_month)
            files = {
                name: as_arrow(name, frame, state.own.get(name, {}))
                for name, frame in of_month.items()
                if len(frame)
            }
            change.put(part, files)
            met = known.meet(part)
            came = Came(came.new + met.new, came.again + met.again)
        state.note(**noting)
    return came


def _part(state: State, month: str, frames: Mapping[str, pd.DataFrame]) -> Part:
    chats, threads = frames["chats"], frames["threads"]
    return Part(
        state.next_number,
        month,
        keys_of(chats["chat_id"]),
        chats["last_thread_created_at"].to_numpy("M8[us]").view(np.int64),
        _NO_KEYS if by_chat(state) else keys_of(threads["chat_id"], threads["thread_id"]),
    )


def _by_month(
    frames: Mapping[str, pd.DataFrame], *, is_by_chat: bool
) -> Iterator[tuple[str, Mapping[str, pd.DataFrame]]]:
    """The same tables parted by month: each row goes with the thread, or chat, that it is of."""
    chats, threads = frames["chats"], frames["threads"]
    of_chats, of_threads = _month(chats["last_thread_created_at"]), _month(threads["created_at"])
    every = {*of_chats, *(() if is_by_chat else of_threads)}
    if len(every) == 1:
        yield every.pop(), frames
        return
    of_chat = dict(zip(chats["chat_id"], of_chats, strict=True))
    of_thread = dict(zip(threads["thread_id"], of_threads, strict=True))
    months = {
        name: np.array([of_chat.get(each, "") for each in frame["chat_id"]], dtype=object)
        if is_by_chat or name in _OF_CHATS
        else np.array([of_thread.get(each, "") for each in frame["thread_id"]], dtype=object)
        for name, frame in frames.items()
    }
    for month in sorted(every):
        yield month, {name: frame[months[name] == month] for name, frame in frames.items()}


def _month(times: "pd.Series[Any]") -> Array:
    # Few months are different, and to write one costs more than to count it.
    months = times.to_numpy("M8[us]").astype("M8[M]")
    different, places = np.unique(months, return_inverse=True)
    names = ["" if np.isnat(month) else str(month) for month in different]
    return np.array(names, dtype=object)[places]


# --- Tidying --------------------------------------------------------------------------------------


def tidy(folder: Folder) -> None:
    """Take out what is there anew in a later part, and make files follow that are behind."""
    stale = _stale(folder.state)
    for number in sorted(folder.state.parts):
        part = folder.state.parts[number]
        _rewrite(folder, part, stale.get(number, (_NO_KEYS, _NO_KEYS)))
    for numbers in _to_join(folder.state):
        _join(folder, [folder.state.parts[number] for number in numbers])


def _stale(state: State) -> dict[int, tuple[Array, Array]]:
    """For each part the keys of the chats, and of the threads, that a later one has anew."""
    parts = [state.parts[number] for number in sorted(state.parts)]
    chats = _superseded_in(parts, "chats", "times")
    threads = {} if by_chat(state) else _superseded_in(parts, "threads", None)
    return {
        number: (chats.get(number, _NO_KEYS), threads.get(number, _NO_KEYS))
        for number in {**chats, **threads}
    }


def _superseded_in(parts: list[Part], keys_in: str, times_in: str | None) -> dict[int, Array]:
    keys = [getattr(part, keys_in) for part in parts]
    every = np.concatenate([_NO_KEYS, *keys])
    # Of threads the one that came last is the latest; of chats the one with the newest thread.
    order = (
        np.zeros(len(every), np.int64)
        if times_in is None
        else np.concatenate([np.empty(0, np.int64), *(getattr(part, times_in) for part in parts)])
    )
    old = superseded(every, order)
    ends = np.cumsum([len(each) for each in keys])
    return {
        part.number: found
        for part, each, end in zip(parts, keys, ends, strict=True)
        if len(found := each[old[end - len(each) : end]])
    }


def _rewrite(folder: Folder, part: Part, stale: tuple[Array, Array]) -> None:
    """Leave out the rows with these keys, and bring the columns up to date."""
    state = folder.state
    files = {}
    for name in part.rows:
        gone = stale[0] if by_chat(state) or name in _OF_CHATS else stale[1]
        if not len(gone) and not _is_behind(state, part, name):
            continue
        table = folder.read(part, name)
        if len(gone):
            keys = row_keys(table, name, is_by_chat=by_chat(state))
            table = table.filter(pa.array(~np.isin(keys, gone)))
        files[name] = conformed(table, name, state.own.get(name, {}))
    if files:
        left = ~np.isin(part.chats, stale[0])
        threads_left = ~np.isin(part.threads, stale[1])
        changed = _with_keys(part, part.chats[left], part.times[left], part.threads[threads_left])
        with folder.change() as change:
            change.put(changed, files)


def _with_keys(part: Part, chats: Array, times: Array, threads: Array) -> Part:
    return Part(part.number, part.month, chats, times, threads, {**part.rows}, {**part.made_as})


def without_chats(folder: Folder, gone: Array) -> int:
    """Take chats out, with all that is of them, in one step.

    Whoever is killed has taken out all or nothing: of a part, nobody could tell whose chats the
    rest are of.

    Args:
        folder: of the dataset, tidied.
        gone: the keys of the chats.

    Returns:
        How many files were written anew.
    """
    number = 0
    with folder.change() as change:
        for part in [*folder.state.parts.values()]:
            files, threads = {}, part.threads
            for name in part.rows:
                # A part may have threads of a chat whose own row is in another one.
                ids = keys_of(folder.read(part, name, ["chat_id"]).column("chat_id").to_numpy())
                stays = ~np.isin(ids, gone)
                if stays.all():
                    continue
                table = folder.read(part, name).filter(pa.array(stays))
                files[name] = conformed(table, name, folder.state.own.get(name, {}))
                if name == "threads" and not by_chat(folder.state):
                    threads = row_keys(table, name, is_by_chat=False)
            left = ~np.isin(part.chats, gone)
            if files or not left.all():
                changed = _with_keys(part, part.chats[left], part.times[left], threads)
                change.put(changed, files)
                number += len(files)
    return number


def row_keys(table: pa.Table, name: str, *, is_by_chat: bool) -> Array:
    """By which its rows are known: the chat's key, or where threads have rows, the thread's."""
    chat_ids = table.column("chat_id").to_numpy()
    if is_by_chat or name in _OF_CHATS:
        return keys_of(chat_ids)
    return keys_of(chat_ids, table.column("thread_id").to_numpy())


def _is_behind(state: State, part: Part, name: str) -> bool:
    """Whether the columns of this table changed since the file was written."""
    return part.made_as[name] < int(state.about(f"made_as.{name}") or 0)


def _to_join(state: State) -> Iterator[list[int]]:
    """Numbers of small parts of a month that are to be one."""
    small = defaultdict(list)
    for part in sorted(state.parts.values(), key=lambda part: part.number):
        if _size(part) < ENOUGH // 2:
            small[part.month].append(part)
    for parts in small.values():
        together: list[Part] = []
        for part in parts:
            if together and sum(map(_size, together)) + _size(part) > ENOUGH:
                yield [each.number for each in together]
                together = []
            together.append(part)
        if len(together) > 1:
            yield [each.number for each in together]


def _size(part: Part) -> int:
    return max(len(part.chats), len(part.threads))


def _join(folder: Folder, parts: list[Part]) -> None:
    state = folder.state
    chats, times, threads = (
        np.concatenate([getattr(part, keys) for part in parts])
        for keys in ("chats", "times", "threads")
    )
    together = Part(state.next_number, parts[0].month, chats, times, threads)
    files = {}
    for name in NAMES:
        tables = [
            conformed(folder.read(part, name), name, state.own.get(name, {}))
            for part in parts
            if name in part.rows
        ]
        if tables:
            # One set of categories for all.
            files[name] = conformed(pa.concat_tables(tables), name, state.own.get(name, {}))
    with folder.change() as change:
        change.put(together, files)
        for part in parts:
            change.drop(part)
