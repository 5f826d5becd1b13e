"""Which chats and threads are there more than once: of each the latest stays.

All keys of an account at once would take more memory the larger it is. So they are looked through
in shares of a certain size. Equal keys only say that rows may be of the same chat: their ids are
read from the files then, so that no chat is lost to another one that has its key.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import ceil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.keys import Array, keys_of, superseded
from lc_tutorial.dataset.problems import damaged
from lc_tutorial.dataset.state import Part, State

# So many keys are looked at at once, in some 7 MB.
_AT_ONCE = 200_000

#: By which columns rows are known: where they are known by their chat, and by their thread.
IDS: Mapping[str, list[str]] = {"chats": ["chat_id"], "threads": ["chat_id", "thread_id"]}


def outdated(folder: Folder, of: str) -> dict[int, Array]:
    """Of each part the rows that are there anew.

    Args:
        folder: of the dataset.
        of: ``"chats"``: the one with the newest thread is the latest; of equal ones, and of
            ``"threads"``, the one that came last.

    Returns:
        By the numbers of the parts, the places of such rows in the table ``of``; int64.

    Raises:
        TutorialError: a file is not as it was left.
    """
    found: dict[int, list[Array]] = defaultdict(list)
    repeated = _repeated(folder.state, of)
    for begin in range(0, len(repeated), _AT_ONCE):
        for number, rows in _outdated_of(folder, of, repeated[begin : begin + _AT_ONCE]):
            found[number].append(rows)
    return {number: np.concatenate(rows) for number, rows in found.items()}


def ids_of(folder: Folder, part: Part, of: str, rows: Array) -> pa.Table:
    """The ids in these rows of the table ``of``, a column each, none missing."""
    table = folder.read(part, of, IDS[of])
    if len(table) != getattr(part, of):
        raise damaged(folder.path, f"{part.place(of)} has other rows than it had.")
    chosen = table.take(pa.array(rows))
    return pa.table({name: _texts(chosen, name) for name in IDS[of]})


def have_ids(table: pa.Table, ids: pa.Table) -> Array:
    """Which rows of a table have one of these ids.

    Args:
        table: with the columns that ``ids`` has.
        ids: such as :func:`ids_of` gives.

    Returns:
        A mask, bool.
    """
    there, places, wanted = np.ones(len(table), bool), _zeros(len(table)), _zeros(len(ids))
    for name in ids.column_names:
        different = pc.unique(ids.column(name))
        place = pc.index_in(_texts(table, name), different).fill_null(-1).to_numpy()
        there &= place >= 0
        places = places * len(different) + place
        wanted = wanted * len(different) + pc.index_in(ids.column(name), different).to_numpy()
    return there & np.isin(places, wanted)


def _repeated(state: State, of: str) -> Array:
    """The keys that stand in more than one row, each once and in their order."""
    parts = state.parts.values()
    shares = max(1, ceil(sum(getattr(part, of) for part in parts) / _AT_ONCE))
    found = [np.empty(0, np.uint64)]
    for share in range(shares):
        keys = (getattr(state.keys(part), of) for part in parts)
        some = [each[each % np.uint64(shares) == share] for each in keys]
        in_order = np.sort(np.concatenate([found[0][:0], *some]))
        found.append(in_order[1:][in_order[1:] == in_order[:-1]])
    return np.unique(np.concatenate(found))


def _outdated_of(folder: Folder, of: str, wanted: Array) -> Iterator[tuple[int, Array]]:
    """For each part the rows that are there anew, of those with these keys."""
    ids, orders, rows = [], [], {}
    for number in sorted(folder.state.parts):
        part = folder.state.parts[number]
        keys = folder.state.keys(part)
        every = getattr(keys, of)
        found = np.flatnonzero(wanted.take(wanted.searchsorted(every), mode="clip") == every)
        if not len(found):
            continue
        rows[number] = found
        ids.append(ids_of(folder, part, of, found))
        orders.append(keys.times[found] if of == "chats" else _zeros(len(found)))
        if (keys_of(*(each.to_numpy() for each in ids[-1])) != every[found]).any():
            raise damaged(folder.path, f"{part.place(of)} has other rows than it had.")
    old = superseded(_numbered(pa.concat_tables(ids)), np.concatenate(orders))
    ends = np.cumsum([len(each) for each in rows.values()])
    for (number, found), end in zip(rows.items(), ends, strict=True):
        if (is_old := old[end - len(found) : end]).any():
            yield number, found[is_old]


def _numbered(ids: pa.Table) -> Array:
    """A number for each row: the same where all ids are."""
    numbers = _zeros(len(ids))
    for column in ids:
        codes, different = pd.factorize(column.to_numpy())
        numbers = numbers * len(different) + codes
    return numbers


def _texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    return table.column(name).cast(pa.string()).fill_null("")


def _zeros(length: int) -> Array:
    return np.zeros(length, np.int64)
