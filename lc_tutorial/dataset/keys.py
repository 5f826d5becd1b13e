"""By which rows are known again: 64-bit keys of the ids, and which rows are still the latest.

A million chats have to be compared with what comes, in little memory: so their keys are, eight
bytes each, and not their ids. That two ids of a million have the same key is as likely as one in
thirty million. So a key only says where to look: it is by the ids that rows are told apart.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]

# Odd, so that no bit of the first id's key is lost.
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Keys:
    """By which the rows of a part are known again. They stay on disk until they are asked for.

    Attributes:
        chats: the keys of the chats in it, uint64, in the order of its rows of ``chats``.
        times: of each of these, when its thread began, in microseconds; int64.
        threads: the keys of the threads in it, uint64, in the order of its rows of ``threads``;
            empty where each is known by its chat.
    """

    chats: Array
    times: Array
    threads: Array


def keys_of(*ids: Any) -> Array:
    """A key for each row.

    Args:
        ids: one or several arrays of texts; a row is known by all of them. A missing one counts as
            empty.

    Returns:
        The keys, uint64.
    """
    key = np.zeros(len(ids[0]), np.uint64)
    for each in ids:
        texts = np.asarray(pd.Series(each, dtype=object).fillna(""), dtype=object)
        key = key * _MIX + pd.util.hash_array(texts, categorize=False)
    return key


#: What :func:`keys_of` makes of a known text: keys that are kept are of no use if it makes another.
CHECK = str(keys_of(["lc_tutorial"])[0])


def superseded(keys: Array, order: Array) -> Array:
    """Which rows are not the latest of their key.

    Args:
        keys: of the rows, whole numbers.
        order: of the rows, int64 or such a sequence of several numbers a row; where it is equal,
            the row that stands later is the later one.

    Returns:
        A mask, bool.
    """
    old = np.zeros(len(keys), bool)
    # Few come more than once, and to sort by more than the keys is for these alone.
    by_key = np.argsort(keys, kind="stable")
    in_order = keys[by_key]
    same = in_order[1:] == in_order[:-1]
    if not same.any():
        return old
    is_repeated = np.zeros(len(keys), bool)
    is_repeated[:-1] |= same
    is_repeated[1:] |= same
    rows = by_key[is_repeated]
    rows = rows[np.lexsort((rows, order[rows], keys[rows]))]
    old[rows[:-1]] = keys[rows[1:]] == keys[rows[:-1]]
    return old
