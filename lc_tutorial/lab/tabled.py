"""Whether an answer can be made into tables, for whoever offers that."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import requests

from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.tables import decode_answer

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables


def tables_of(response: requests.Response) -> "Callable[[], Tables] | None":
    """What makes the tables of an answer: of List Chats, List Archives, List Threads or Get Chat.

    Args:
        response: from any host.

    Returns:
        To be called when the tables are asked for, because pandas takes a while to load; None
        where there are none to make.
    """
    if not response.ok:
        return None
    try:
        page = decode_answer(response.content)
    except PlatformAnswerError:
        return None
    # Many things have an id. A chat has people in it.
    if page.chats and not any(page.threads) and not any(chat and chat.users for chat in page.chats):
        return None

    def make() -> "Tables":
        from lc_tutorial.tables import tables

        return tables(response)

    return make
