"""What notebooks call: it asks for pyarrow, an extra, before what needs it is loaded."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lc_tutorial.errors import TutorialError
from lc_tutorial.tables import lack_of_parquet

if TYPE_CHECKING:
    from lc_tutorial.agent_chat import Pages
    from lc_tutorial.dataset.forgetting import Forgotten
    from lc_tutorial.dataset.keeping import Kept
    from lc_tutorial.tables import Tables

#: Which columns are wanted: of each table those that it has; or for tables by their names.
Columns = Sequence[str] | Mapping[str, Sequence[str]]


def keep_tables(
    pages: "Pages | Iterable[Any]",
    folder: "str | os.PathLike[str]",
    *,
    since: datetime | None = None,
    replace: bool = False,
) -> "Kept":
    """Keep the tables of all chats in a folder, as Parquet files, and keep them up to date.

    The first time all pages are pulled. Called again with the same pages and folder, it asks only
    for what is new or has changed, and says before how many calls that takes. Whatever interrupts
    it, what is in the folder is whole, and the next call goes on. Memory stays the same, however
    many chats there are.

    What the platform does not tell is not found: a tag or a text that changed in a thread that had
    ended before the last pull, and chats that are deleted; before version 3.6, also a thread that
    went on at the last pull, and has ended since. ``since`` reads again from a day on. An update
    begins with the oldest thread that went on at the last pull: where one goes on for months, it
    takes as long.

    Args:
        pages: ``client.list_archives_pages()``, of threads with all events, or
            ``client.list_chats_pages()``, of chats with their last events; the order doesn't
            matter. Or answers, or pages that are kept in a file: these are added as they are.
        folder: of the tables. It is made, readable by you alone, where it isn't there.
        since: an aware time: ask again for what began then or later, even if it is there.
        replace: if the folder keeps the tables of other pages, such as those of a sandbox that has
            ended, let these take their place, once the first page of these is there. Answers, and
            pages that are kept in a file, take nobody's place.

    Returns:
        What came, what it cost, and how many rows there are now.

    Raises:
        InputError: the folder holds something else, or tables of other pages, or is in use; or
            the answers are threads of a chat that nobody names.
        ApiError: the platform refused.
        SandboxGone, NoNetwork, ConnectionLost: no whole answer came. What came before is kept, as
            it is where an answer can't be read.
        TutorialError: the folder can't be read or written; or pyarrow, an extra, is missing.
    """
    _need_parquet()
    from lc_tutorial.dataset.keeping import keep

    return keep(pages, folder, since, replace=replace)


def open_tables(
    folder: "str | os.PathLike[str]",
    *,
    since: datetime | None = None,
    columns: Columns | None = None,
) -> "Tables":
    """Open tables that ``lc.keep_tables`` keeps in a folder.

    Each DataFrame is read when it is first asked for; if the tables are updated meanwhile, those
    that are asked for later are of the later state. While somebody else reads, it waits; while
    somebody pulls, it says so. They are as ``lc.tables`` would have made
    them, and what can be done with those can be done with these; the rows are in the order of the
    months in which the threads began.

    Args:
        folder: of the tables.
        since: an aware time: only chats whose last thread began then or later; where all events
            came, only threads that did, and of chats those whose newest thread did.
        columns: only these columns: names, for all tables that have such a column; or for tables by
            their names, such as ``{"events": ["chat_id", "text"]}``, and the other tables whole.

    Returns:
        The tables, as ``lc.tables`` gives them.

    Raises:
        InputError: the folder keeps no tables, or is in use, or no table has such a column.
        TutorialError: the folder can't be read or written; or pyarrow, an extra, is missing.
    """
    _need_parquet()
    from lc_tutorial.dataset.opening import open_

    return open_(folder, since, columns)


def forget_customer(folder: "str | os.PathLike[str]", customer_id: str) -> "Forgotten":
    """Take all chats of a customer out of kept tables, as when a person asks to be forgotten.

    The Parquet files that hold them are written anew without them, and the old ones are deleted. An
    export, a file of a pull and a backup are other files: they are not touched.

    Args:
        folder: of the tables.
        customer_id: one of the column ``customer_id`` of ``chats``.

    Raises:
        InputError: the folder keeps no tables, or is in use; or that is no customer's id.
        TutorialError: the folder can't be read or written; or pyarrow, an extra, is missing.
    """
    _need_parquet()
    from lc_tutorial.dataset.forgetting import forget

    return forget(folder, customer_id)


def _need_parquet() -> None:
    if missing := lack_of_parquet():
        raise TutorialError(
            what="Kept tables are Parquet files, and these can't be written or read here.",
            why=missing.why,
            remedy=f"{missing.remedy}.",
        )
