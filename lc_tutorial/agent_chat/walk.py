"""The way through all pages of a list: which is asked for next, and when all have been read.

A list may change while it is read. List Chats orders chats by their last threads, so a chat that
gets a new thread moves to the newest end:

- Oldest first, it moves to the end that is still to come. A chat that was read already is read
  once more, in its later state. Nothing is missed.
- Newest first, it moves to the front, which was read already, and would be missed. So after the
  last page the front is read again, back to a chat that is known with the same last thread; what is
  older was there all the time. If that takes several pages, and there was something new, the front
  is read yet again: it may have changed meanwhile.

A walk comes to an end, whatever the platform names as the next page. Each page has to bring
something: a chat or thread that was not read before, or a known chat with another last thread. A
few pages may bring nothing, as filters may leave some empty; and chats may come again for as many
pages as there were, as each of them may have got a new thread. Beyond that it is an error: live,
every call is billed.

A walk is decided by the answers alone. So it can be taken up again: show it those that were kept.

# assumed: a page id names a place between two chats, not a number of chats to leave out. The sample
# in the documentation is a time in milliseconds (livechat-public-docs, agent-chat-api, List Chats).
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from lc_tutorial.agent_chat.seen import Seen
from lc_tutorial.errors import PlatformAnswerError

#: Where an answer has its chats or threads: List Chats up to 3.6 and from 3.7, Archives, Threads.
_LISTS = ("chats_summary", "chats_info", "chats", "threads")

# assumed: no list of the platform has so many pages in a row that bring nothing.
_PATIENCE = 20

_I = TypeVar("_I")


class _Answer(Struct, Generic[_I]):
    next_page_id: Any = None
    found_chats: Any = UNSET
    found_threads: Any = UNSET
    chats_summary: list[_I] | UnsetType | None = UNSET
    chats_info: list[_I] | UnsetType | None = UNSET
    chats: list[_I] | UnsetType | None = UNSET
    threads: list[_I] | UnsetType | None = UNSET


class _Thread(Struct):
    id: str | None = None


class _Item(Struct):
    """A thread; or a chat with one of its threads, or with its last one."""

    id: str
    thread: _Thread | None = None
    last_thread_summary: _Thread | None = None
    last_thread_info: _Thread | None = None


_answer = msgspec.json.Decoder(_Answer[_Item])
# Where one of the items is odd, each is read by itself.
_answer_of_any = msgspec.json.Decoder(_Answer[Raw])
_item = msgspec.json.Decoder(_Item)


@dataclass(frozen=True)
class _Met:
    """What is on a page, as far as it is known from the pages before.

    Attributes:
        new: how many chats or threads came that never came before.
        changed: how many chats have another last thread than before.
        as_before: whether a chat came with the last thread that it had before.
    """

    new: int = 0
    changed: int = 0
    as_before: bool = False


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
        has_no_end: whether it was given up, because the pages don't come to an end.
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
        self._rereads = rereads
        # For each chat, or thread that stands alone, its last thread; as hashes, which are smaller.
        # A chat with the hash of another one counts as changed, and so its page is given as well.
        self._known = Seen()
        self._pages_with_new = self._pages_without_new = self._pages_with_nothing = 0
        self.has_no_end = False
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
            PlatformAnswerError: the answer can't be read, or the pages don't come to an end.
        """
        answer = _read(content)
        items = next((each for name in _LISTS if (each := getattr(answer, name))), ())
        page_id = _page_id(answer)
        if page_id in self._page_ids:
            self.has_no_end = True
            raise PlatformAnswerError(
                what="The pages go round in circles.",
                why="The platform named a next page that had been read before.",
                remedy=_NO_END,
            )
        self.pages += 1
        self._pages_of_round += 1
        is_first_round = self._round == 0
        if is_first_round:
            counts = (answer.found_chats, answer.found_threads)
            self.found = next((each for each in counts if type(each) is int), self.found)
        met = self._meet(items)
        news = met.new + met.changed
        self.items += news if self._rereads else len(items)
        self._new_in_round = self._new_in_round or news > 0
        if page_id and (is_first_round or not met.as_before):
            self._check_progress(met)
            self._page_ids.add(page_id)
            self.asks = {**self._kept, "page_id": page_id}
        else:
            self._end_round()
        return is_first_round or news > 0

    @property
    def calls(self) -> int:
        """How many calls the whole way takes, as far as the first answer tells."""
        if self.asks is None:
            return self.pages
        # There is a next page, whatever the estimate says.
        pages = max(2, ceil((self.found or 0) / self._limit))
        return pages + self._rereads

    def _meet(self, items: Sequence[_Item | Raw]) -> _Met:
        """Tell what is on a page from what is known, and know it from now on."""
        new = changed = 0
        as_before = False
        identities = [_identity(item) for item in items]
        keys = [hash(identity) for identity, _ in identities]
        befores = self._known.states(keys)
        now: dict[int, int] = {}
        for key, before, (identity, thread_id) in zip(keys, befores, identities, strict=True):
            before = now.get(key, before)
            now[key] = state = hash(thread_id)
            if before is None:
                # What can't be read is known again by its bytes alone, and these may change.
                new += self._round == 0 or not isinstance(identity, bytes)
            elif before != state:
                changed += 1
            else:
                # No source says where chats without threads are: such a one is no place to stop.
                as_before = as_before or thread_id is not None
        self._known.meet(now)
        return _Met(new, changed, as_before)

    def _check_progress(self, met: _Met) -> None:
        """See to it that the pages lead somewhere, before the next one is asked for."""
        self._pages_with_new += met.new > 0
        self._pages_without_new = 0 if met.new else self._pages_without_new + 1
        is_nothing = not (met.new or met.changed)
        self._pages_with_nothing = self._pages_with_nothing + 1 if is_nothing else 0
        # Where the front is read again, it is known; so it may be as long as the list.
        may_be_known = self._pages_with_new + _PATIENCE
        if self._round == 0 and self._pages_with_nothing >= _PATIENCE:
            came = f"The last {_PATIENCE} pages brought nothing that had not come before"
        elif self._pages_without_new >= may_be_known:
            came = f"The last {self._pages_without_new} pages brought no chat that was not known"
        else:
            return
        self.has_no_end = True
        raise PlatformAnswerError(
            what="The pages don't come to an end.",
            why=f"{came}, and each time the platform named a next page.",
            remedy=_NO_END,
        )

    def _end_round(self) -> None:
        """Read the front again where it may hold what was not read."""
        again = self._rereads and self._pages_of_round > 1
        if again and (self._round == 0 or self._new_in_round):
            self.asks = dict(self._first)
            self._round += 1
            self._pages_of_round, self._new_in_round = 0, False
            self._page_ids.clear()
        else:
            self.asks = None


_NO_END = "Start again later. What was read so far may not be all."


def _page_id(answer: _Answer[Any]) -> str | None:
    """The id of the next page; None where this one is the last."""
    page_id = answer.next_page_id
    if page_id is None or isinstance(page_id, str):
        return page_id or None
    # Not taken for the last page: what comes after it would be missing.
    raise PlatformAnswerError(
        what="The answer names its next page in no way that can be read.",
        why=f"Its next_page_id is no text: {str(page_id)[:60]}.",
        remedy="Look at one page with lc.show(client.list_chats()), then start again.",
    )


def _identity(item: _Item | Raw) -> tuple[Hashable, str | None]:
    """By what a chat or a thread is known again; and of a chat, which thread is its last one."""
    if isinstance(item, Raw):
        content = bytes(item)
        try:
            item = _item.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Whoever makes tables of it will name it.
            return content, None
    if item.thread is not None:
        # In the archives a chat comes as often as it has threads.
        return (item.id, item.thread.id), None
    thread = item.last_thread_info or item.last_thread_summary
    return item.id, thread.id if thread else None


def _read(content: bytes) -> _Answer[Any]:
    for decoder in (_answer, _answer_of_any):
        try:
            return _checked(decoder.decode(content), content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    try:
        # Broken characters; the lists are counted all the same.
        mended = json.loads(content.decode(json.detect_encoding(content), "replace"))
        text = json.dumps(mended, ensure_ascii=False).encode("utf-8", "replace")
        return _checked(_answer_of_any.decode(text), content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise _no_page(content) from None


def _checked(answer: _Answer[Any], content: bytes) -> _Answer[Any]:
    fields = (*_LISTS, "found_chats", "found_threads")
    if all(getattr(answer, name) is UNSET for name in fields):
        raise _no_page(content)
    return answer


def _no_page(content: bytes) -> PlatformAnswerError:
    return PlatformAnswerError(
        what="The answer is not a page of chats or threads.",
        why=f"{len(content):,} bytes came, and they are not what the API answers.",
        remedy="Look at one page with lc.show(client.list_chats()), then start again.",
    )
