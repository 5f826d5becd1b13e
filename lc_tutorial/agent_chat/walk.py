"""The way through all pages of a list: which is asked for next, and when all have been read.

A list may change while it is read. List Chats orders chats by their last threads, so a chat that
gets a new thread moves to the newest end:

- Oldest first, it moves to the end that is still to come. A chat that was read already is read
  once more, in its later state. Nothing is missed.
- Newest first, it moves to the front, which was read already, and would be missed. So after the
  last page the front is read again, back to a chat that is known with the same last thread; what is
  older was there all the time. If that takes several pages, and there was something new, the front
  is read yet again: it may have changed meanwhile.

A walk is decided by the answers alone. So it can be taken up again: show it those that were kept.

# assumed: a page id names a place between two chats, not a number of chats to leave out. The sample
# in the documentation is a time in milliseconds (livechat-public-docs, agent-chat-api, List Chats).
"""

import json
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

import msgspec
from msgspec import Raw, Struct

from lc_tutorial.errors import PlatformAnswerError

#: Where an answer has its chats or threads: List Chats up to 3.6 and from 3.7, Archives, Threads.
_LISTS = ("chats_summary", "chats_info", "chats", "threads")


class _Answer(Struct):
    next_page_id: Any = None
    found_chats: Any = None
    found_threads: Any = None
    chats_summary: list[Raw] | None = None
    chats_info: list[Raw] | None = None
    chats: list[Raw] | None = None
    threads: list[Raw] | None = None


class _Thread(Struct):
    id: str | None = None


class _Chat(Struct):
    id: str
    last_thread_summary: _Thread | None = None
    last_thread_info: _Thread | None = None


_answer = msgspec.json.Decoder(_Answer)
_chat = msgspec.json.Decoder(_Chat)


class Walk:
    """One way through all pages.

    Args:
        first: the body of the first request.
        kept: the names in it that go with every page.
        rereads: whether the front is read again in the end.
        limit: how many chats or threads are on a page.

    Attributes:
        asks: the body of the next request; None when all has been read.
        pages: how many pages were read.
        items: how many chats or threads were on them.
        found: how many there are, as far as the platform knows; None if it doesn't say.
    """

    def __init__(
        self, first: Mapping[str, Any], *, kept: tuple[str, ...] = (), rereads: bool, limit: int
    ) -> None:
        self.asks: dict[str, Any] | None = dict(first)
        self.pages = self.items = 0
        self.found: int | None = None
        self._first = dict(first)
        self._kept = {name: first[name] for name in kept}
        self._limit = limit
        self._known: dict[str, str | None] | None = {} if rereads else None
        self._round = 0
        self._pages_of_round = 0
        self._new_in_round = False
        self._page_ids: set[str] = set()

    def take(self, content: bytes) -> bool:
        """Go on by the answer to what was asked for.

        Args:
            content: the bytes of the answer.

        Returns:
            Whether something is on the page that was not read before.

        Raises:
            PlatformAnswerError: the answer can't be read, or the pages go round in circles.
        """
        answer = _read(content)
        lists: Iterator[list[Raw] | None] = (getattr(answer, name) for name in _LISTS)
        items = next((each for each in lists if each is not None), [])
        page_id = answer.next_page_id if isinstance(answer.next_page_id, str) else None
        if page_id in self._page_ids:
            raise PlatformAnswerError(
                what="The pages go round in circles.",
                why="The platform named a next page that had been read before.",
                remedy="Start again. What was read so far is not complete.",
            )
        self.pages += 1
        self._pages_of_round += 1
        is_first_round = self._round == 0
        if is_first_round:
            found = answer.found_chats if answer.found_chats is not None else answer.found_threads
            self.found = found if type(found) is int else self.found
        new, met = self._meet(items)
        self.items += new
        self._new_in_round = self._new_in_round or new > 0
        if page_id and (is_first_round or not met):
            self._page_ids.add(page_id)
            self.asks = {**self._kept, "page_id": page_id}
        else:
            self._end_round()
        return is_first_round or new > 0

    @property
    def calls(self) -> int:
        """How many calls the whole way takes, as far as the first answer tells."""
        if self.asks is None:
            return self.pages
        # There is a next page, whatever the estimate says.
        pages = max(2, ceil((self.found or 0) / self._limit))
        return pages + (self._known is not None)

    def _meet(self, items: list[Raw]) -> tuple[int, bool]:
        """How many of these are new or changed, and whether one is as it was."""
        if self._known is None:
            return len(items), False
        new, met = 0, False
        for item in items:
            try:
                chat = _chat.decode(item)
            except (msgspec.DecodeError, UnicodeDecodeError):
                # Whoever makes tables of it will name it; here it can't be known again.
                new += self._round == 0
                continue
            thread = chat.last_thread_info or chat.last_thread_summary
            thread_id = thread.id if thread else None
            if chat.id in self._known and self._known[chat.id] == thread_id:
                # No source says where chats without threads are: such a one is no place to stop.
                met = met or thread_id is not None
            else:
                self._known[chat.id] = thread_id
                new += 1
        return new, met

    def _end_round(self) -> None:
        """Read the front again where it may hold what was not read."""
        again = self._known is not None and self._pages_of_round > 1
        if again and (self._round == 0 or self._new_in_round):
            self.asks = dict(self._first)
            self._round += 1
            self._pages_of_round, self._new_in_round = 0, False
            self._page_ids.clear()
        else:
            self.asks = None


def _read(content: bytes) -> _Answer:
    try:
        try:
            return _answer.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # Broken characters; the lists are counted all the same.
            mended = json.loads(content.decode("utf-8", "replace"))
            text = json.dumps(mended, ensure_ascii=False).encode("utf-8", "replace")
            return _answer.decode(text)
    except (msgspec.DecodeError, ValueError):
        raise PlatformAnswerError(
            what="The answer is not a page of chats or threads.",
            why=f"{len(content):,} bytes came, and they are not what the API answers.",
            remedy="Look at one page with lc.show(client.list_chats()), then start again.",
        ) from None
