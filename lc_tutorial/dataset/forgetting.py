"""Take a customer out of kept tables, since people will be asked to."""

import os
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.dataset.folder import Folder, explained
from lc_tutorial.dataset.keys import keys_of
from lc_tutorial.dataset.parts import tidy, without_chats
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
            return "There was no chat of this customer in the tables."
        chats = "1 chat" if self.chats == 1 else f"{self.chats:,} chats"
        return (
            f"Taken out: {chats} of this customer, with all threads, events and tags. As long as "
            "they are on the platform, a later update may bring them again: delete them there, too."
        )


def forget_customer(folder: "str | os.PathLike[str]", customer_id: str) -> Forgotten:
    """Take all chats of a customer out of kept tables, as when a person asks to be forgotten.

    The Parquet files that hold them are written anew without them, and the old ones are deleted. An
    export, a file of a pull and a backup are other files: they are not touched.

    Args:
        folder: of the tables.
        customer_id: as in the column ``user_id`` of ``users``.

    Raises:
        InputError: the folder keeps no tables, or is in use; or that is no id.
        TutorialError: the folder can't be read or written.
    """
    if not isinstance(customer_id, str) or not customer_id:
        raise InputError(
            what="That is no customer's id.",
            why="An id is a text.",
            remedy="Use one of the column customer_id of chats.",
        )
    with Folder.open(folder) as opened, explained(opened.path):
        tidy(opened)
        chats = _chats_of(opened, customer_id)
        files = without_chats(opened, keys_of(chats)) if len(chats) else 0
        return Forgotten(len(chats), files)


def _chats_of(folder: Folder, customer_id: str) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    found = [np.empty(0, object)]
    for part in folder.state.parts.values():
        if "users" in part.rows:
            users = folder.read(part, "users", ["chat_id", "user_id"])
            theirs = users.filter(pc.equal(users.column("user_id"), pa.scalar(customer_id)))
            found.append(theirs.column("chat_id").to_numpy())
    return np.unique(np.concatenate(found).astype(str)).astype(object)
