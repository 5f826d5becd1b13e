"""Take a customer out of kept tables, since people will be asked to."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.dataset import memory
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.parts import tidy, without_chats
from lc_tutorial.dataset.problems import explained
from lc_tutorial.errors import InputError


@dataclass(frozen=True)
class Forgotten:
    """What was taken out.

    Attributes:
        chats: how many chats, with all their threads, events and tags.
        files: how many files were written anew.
    """

    chats: int
    files: int

    def __repr__(self) -> str:
        if not self.chats:
            return (
                "No customer in the tables has this id, and nothing was changed. An id is one of "
                "the column customer_id of chats: no name, and no e-mail address."
            )
        chats = "1 chat" if self.chats == 1 else f"{self.chats:,} chats"
        return (
            f"Taken out: {chats} of this customer, with all threads, events and tags. As long as "
            "they are on the platform, a later update may bring them again: delete them there, too."
        )


def forget(folder: "str | os.PathLike[str]", customer_id: str) -> Forgotten:
    """Do what ``lc.forget_customer`` says."""
    if not isinstance(customer_id, str) or not customer_id:
        raise InputError(
            what="That is no customer's id.",
            why="An id is a text.",
            remedy="Use one of the column customer_id of chats.",
        )
    with Folder.open(folder) as opened, explained(opened.path), memory.given_back():
        # What a killed one has left may hold them, too.
        opened.clear_staging()
        tidy(opened)
        chats = _chats_of(opened, customer_id)
        files = without_chats(opened, chats) if len(chats) else 0
        return Forgotten(len(chats), files)


def _chats_of(folder: Folder, customer_id: str) -> list[str]:
    """The ids of all chats that this customer is in, or was."""
    theirs = {*_where(folder, "chats", "customer_id", customer_id)}
    types = set()
    for chat_id, kind in _where(folder, "users", "user_id", customer_id, "type"):
        types.add(kind)
        theirs.add(chat_id)
    if "agent" in types:
        raise InputError(
            what=f"{customer_id} is no customer, but an agent.",
            why="To take an agent's chats out would take out those of many customers. Nothing was "
            "changed.",
            remedy="Use one of the column customer_id of chats.",
        )
    if theirs or _is_of_a_customer(customer_id):
        # They may have left a chat that goes on.
        theirs.update(_where(folder, "threads", "user_ids", customer_id))
        theirs.update(_where(folder, "events", "author_id", customer_id))
    return sorted(theirs)


def _is_of_a_customer(user_id: str) -> bool:
    """Whether it is an id as customers have: an agent's is an e-mail address, a bot's other hex."""
    with suppress(ValueError):
        return str(UUID(user_id)) == user_id.lower()
    return False


def _where(
    folder: Folder, name: str, column: str, wanted: str, more: str | None = None
) -> Iterator[Any]:
    """The chat of each row of a table where a column has, or holds, this; one more beside it."""
    for part in folder.state.parts.values():
        if name not in part.rows:
            continue
        table = folder.read(part, name, ["chat_id", column, *([more] if more else ())])
        values = table.column(column).combine_chunks()
        if pa.types.is_list(values.type):
            parents = pc.list_parent_indices(values)
            found = pc.unique(parents.filter(pc.equal(pc.list_flatten(values), wanted)))
            chosen = table.take(found)
        else:
            chosen = table.filter(pc.equal(values, wanted))
        ids = chosen.column("chat_id").to_pylist()
        yield from zip(ids, chosen.column(more).to_pylist(), strict=True) if more else ids
