"""The parts of a dataset: written as they come, and tidied afterwards.

What comes is put beside what is there, whatever it replaces: so a pull writes each byte once, in
little memory. Tidying takes out the rows that a later part has anew, gives all files of a table the
same columns, and joins small parts of a month. Then each chat, thread and event is there once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.keys import Array, Keys, keys_of
from lc_tutorial.dataset.repeated import have_ids, ids_of, outdated
from lc_tutorial.dataset.schema import as_arrow, conformed, own_columns, widened
from lc_tutorial.dataset.state import Part, State
from lc_tutorial.tables import NAMES, Tables

#: A part has about as many chats as come at once; smaller ones of a month are joined up to this.
ENOUGH = 8_000

_NO_ROWS = np.empty(0, np.int64)
_OF_CHATS = ("chats", "users")
#: The month of what has no time.
_NO_MONTH = int(np.datetime64("NaT", "M").view(np.int64))


def by_chat(state: State) -> bool:
    """Whether all rows are known by their chat: so where it is a dataset of List Chats.

    Where threads came with all their events, a thread has its rows, and a chat as of its newest
    thread its own.
    """
    return state.about("of") != "threads"


def number_of(state: State) -> int:
    """How many chats, or threads, there are: each once, where it is tidied."""
    of = "chats" if by_chat(state) else "threads"
    return sum(getattr(part, of) for part in state.parts.values())


def write(folder: Folder, tables: Tables, noting: Mapping[str, str | None]) -> int:
    """Put tables beside what is there, as parts: one for each month in which threads began.

    Args:
        folder: of the dataset.
        tables: with all five tables.
        noting: facts to note with them, in the same step.

    Returns:
        How many chats, or threads, they are of.
    """
    state = folder.state
    before = number_of(state)
    frames = {name: getattr(tables, name) for name in NAMES}
    own = {name: own_columns(name, frame) for name, frame in frames.items()}
    wider = {
        name: wide
        for name, columns in own.items()
        if (wide := widened(state.own.get(name, {}), columns)) != state.own.get(name, {})
    }
    with folder.change() as change:
        if wider:
            state.widen(wider)
        for month, of_month in _by_month(frames, is_by_chat=by_chat(state)):
            files = (
                (name, as_arrow(name, frame, state.own.get(name, {})))
                for name, frame in of_month.items()
                if len(frame)
            )
            change.put(Part(state.next_number, month), _keys(state, of_month), files)
        state.note(**noting)
    return number_of(state) - before


def _keys(state: State, frames: Mapping[str, pd.DataFrame]) -> Keys:
    chats, threads = frames["chats"], frames["threads"]
    return Keys(
        keys_of(chats["chat_id"]),
        chats["last_thread_created_at"].to_numpy("M8[us]").view(np.int64),
        np.empty(0, np.uint64)
        if by_chat(state)
        else keys_of(threads["chat_id"], threads["thread_id"]),
    )


def _by_month(
    frames: Mapping[str, pd.DataFrame], *, is_by_chat: bool
) -> Iterator[tuple[str, Mapping[str, pd.DataFrame]]]:
    """The same tables parted by month: each row goes with the thread, or chat, that it is of."""
    chats, threads = frames["chats"], frames["threads"]
    of_chats, of_threads = _months(chats["last_thread_created_at"]), _months(threads["created_at"])
    every = np.unique(of_chats if is_by_chat else np.concatenate([of_chats, of_threads]))
    if len(every) == 1:
        yield _name(every[0]), frames
        return
    of_chat = dict(zip(_objects(chats["chat_id"]), of_chats.tolist(), strict=True))
    of_thread = dict(zip(_objects(threads["thread_id"]), of_threads.tolist(), strict=True))
    months = {
        name: _looked_up(of_chat, frame["chat_id"])
        if is_by_chat or name in _OF_CHATS
        else _looked_up(of_thread, frame["thread_id"])
        for name, frame in frames.items()
    }
    for month in every:
        yield _name(month), {name: frame[months[name] == month] for name, frame in frames.items()}


def _months(times: "pd.Series[Any]") -> Array:
    """Months since 1970, int64."""
    months: Array = times.to_numpy("M8[us]").astype("M8[M]").view(np.int64)
    return months


def _name(month: np.int64) -> str:
    moment = month.view("M8[M]")
    return "" if np.isnat(moment) else str(moment)


def _looked_up(month_of: Mapping[Any, int], ids: "pd.Series[Any]") -> Array:
    # By way of a Series each id would be an item of its own: it takes five times as long.
    each = map(month_of.get, _objects(ids), repeat(_NO_MONTH))
    return np.fromiter(each, np.int64, len(ids))


def _objects(ids: "pd.Series[Any]") -> Array:
    texts: Array = ids.array.to_numpy(dtype=object)
    return texts


# --- Tidying --------------------------------------------------------------------------------------


def tidy(folder: Folder) -> None:
    """Take out what is there anew in a later part, and make files follow that are behind."""
    state = folder.state
    chats = outdated(folder, "chats")
    threads = {} if by_chat(state) else outdated(folder, "threads")
    for number in sorted(state.parts):
        part = state.parts[number]
        _rewrite(folder, part, chats.get(number, _NO_ROWS), threads.get(number, _NO_ROWS))
    for numbers in _to_join(state):
        _join(folder, [state.parts[number] for number in numbers])


def _rewrite(folder: Folder, part: Part, chats: Array, threads: Array) -> None:
    """Leave out these chats and threads with all that is of them, and have the columns follow."""
    state = folder.state
    of_chats = ids_of(folder, part, "chats", chats) if len(chats) else None
    of_threads = ids_of(folder, part, "threads", threads) if len(threads) else None
    gone = {
        name: of_chats if known_by(state, name) == "chats" else of_threads for name in part.rows
    }
    gone = {
        name: ids for name, ids in gone.items() if ids is not None or _is_behind(state, part, name)
    }
    if gone:
        keys = state.keys(part)
        left = Keys(
            np.delete(keys.chats, chats),
            np.delete(keys.times, chats),
            np.delete(keys.threads, threads),
        )
        with folder.change() as change:
            change.put(_copy(part), left, _without(folder, part, gone))


def _without(
    folder: Folder, part: Part, gone: Mapping[str, pa.Table | None]
) -> Iterator[tuple[str, pa.Table]]:
    """Files of a part without these ids: one after the other, for the sake of memory."""
    for name, ids in gone.items():
        table = folder.read(part, name)
        if ids is not None:
            table = table.filter(pa.array(~have_ids(table, ids)))
        yield name, conformed(table, name, folder.state.own.get(name, {}))


def _copy(part: Part) -> Part:
    return replace(part, rows={**part.rows}, made_as={**part.made_as})


def without_chats(folder: Folder, chat_ids: Sequence[str]) -> int:
    """Take chats out, with all that is of them, in one step.

    Whoever is killed has taken out all or nothing: of a part, nobody could tell whose chats the
    rest are of.

    Args:
        folder: of the dataset, tidied.
        chat_ids: of the chats.

    Returns:
        How many files were written anew.
    """
    state, number = folder.state, 0
    ids = pa.table({"chat_id": pa.array(chat_ids, pa.string())})
    with folder.change() as change:
        for part in [*state.parts.values()]:
            # A part may have threads of a chat whose own row is in another one.
            stay = {
                name: ~have_ids(folder.read(part, name, ["chat_id"]), ids) for name in part.rows
            }
            gone = {name: ids for name, rows in stay.items() if not rows.all()}
            if gone:
                keys, every = state.keys(part), slice(None)
                chats = stay.get("chats", every)
                threads = every if by_chat(state) else stay.get("threads", every)
                left = Keys(keys.chats[chats], keys.times[chats], keys.threads[threads])
                change.put(_copy(part), left, _without(folder, part, gone))
                number += len(gone)
    return number


def known_by(state: State, name: str) -> str:
    """By what the rows of a table are known: ``"chats"``, or where threads have rows, these."""
    return "chats" if by_chat(state) or name in _OF_CHATS else "threads"


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
    return max(part.chats, part.threads)


def _join(folder: Folder, parts: list[Part]) -> None:
    state = folder.state
    keys = [state.keys(part) for part in parts]
    together = Keys(
        np.concatenate([each.chats for each in keys]),
        np.concatenate([each.times for each in keys]),
        np.concatenate([each.threads for each in keys]),
    )
    with folder.change() as change:
        change.put(Part(state.next_number, parts[0].month), together, _joined(folder, parts))
        for part in parts:
            change.drop(part)


def _joined(folder: Folder, parts: list[Part]) -> Iterator[tuple[str, pa.Table]]:
    for name in NAMES:
        own = folder.state.own.get(name, {})
        tables = [
            conformed(folder.read(part, name), name, own) for part in parts if name in part.rows
        ]
        if tables:
            # One set of categories for all.
            yield name, conformed(pa.concat_tables(tables), name, own)
