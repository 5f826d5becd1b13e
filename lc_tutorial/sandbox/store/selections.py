"""What lists select of the chats: worked out once, and brought up to date change by change.

Asking each chat whether it passes is most of what the first page of a list costs. So what a filter
selected is kept, and beside it a log of the chats that have changed since. Who asks again pays for
these, and not for all the others.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from lc_tutorial.sandbox.store.page_ids import Position
from lc_tutorial.sandbox.world import Chat

REMEMBERED = 200
LOGGED = 500
"""How many changes a selection may be behind; after more, it is made anew."""

_ALL = object()


class Selection(NamedTuple):
    """Chats and their positions, oldest first."""

    chats: list[Chat]
    positions: list[Position]


class _Change(NamedTuple):
    """Where a chat was, and where it is; None for one that is new, or is gone."""

    chat: Chat
    before: Position | None
    after: Position | None


@dataclass
class _Kept:
    """A selection, and how many changes it knows of."""

    selection: Selection
    changes: int


class Selections:
    """The selections of one organisation's chats.

    Args:
        chats: All of them.

    """

    def __init__(self, chats: Iterable[Chat]) -> None:
        self._log: list[_Change] = []
        self._forgotten = 0  # of the changes, how many are not in the log any more
        ordered = sorted(chats, key=lambda chat: chat.position)
        everything = Selection(ordered, [chat.position for chat in ordered])
        self._kept: dict[Hashable, _Kept] = {_ALL: _Kept(everything, 0)}
        self._places = {chat.id: chat.position for chat in ordered}

    def note(self, chat: Chat, *, gone: bool = False) -> None:
        """Note that a chat has come, has changed, or is gone."""
        before, after = self._places.pop(chat.id, None), None if gone else chat.position
        if after is not None:
            self._places[chat.id] = after
        self._log.append(_Change(chat, before, after))
        if len(self._log) > LOGGED:
            everything = self._up_to_date(_ALL, lambda _: True)
            self._kept = {_ALL: everything}
            self._forgotten += len(self._log)
            self._log.clear()

    def everything(self) -> list[Chat]:
        """Return all chats, the one with the oldest last thread first."""
        return self._up_to_date(_ALL, lambda _: True).selection.chats

    def select(self, key: Hashable, passes: Callable[[Chat], bool]) -> Selection:
        """Return the chats that pass; the same key stands for the same function."""
        if key not in self._kept:
            if len(self._kept) > REMEMBERED:
                self._kept = {_ALL: self._kept[_ALL]}
            chats = [chat for chat in self.everything() if passes(chat)]
            selection = Selection(chats, [self._places[chat.id] for chat in chats])
            self._kept[key] = _Kept(selection, self._changes)
        return self._up_to_date(key, passes).selection

    @property
    def _changes(self) -> int:
        return self._forgotten + len(self._log)

    def _up_to_date(self, key: Hashable, passes: Callable[[Chat], bool]) -> _Kept:
        kept = self._kept[key]
        chats, positions = kept.selection
        for chat, before, after in self._log[kept.changes - self._forgotten :]:
            if before is not None:
                at = bisect_left(positions, before)
                if at < len(positions) and positions[at] == before:
                    del chats[at], positions[at]
            if after is not None and passes(chat):
                at = bisect_left(positions, after)
                chats.insert(at, chat)
                positions.insert(at, after)
        kept.changes = self._changes
        return kept
