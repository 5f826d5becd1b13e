"""Where the sandbox keeps the chats of each organisation, and the work that is done only once.

Making an answer is most of what a list of chats costs. So each chat's summary is written once for
a version, as bytes, and what a filter selects is remembered, until something changes.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import NamedTuple

import msgspec

from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.store.page_ids import Position
from lc_tutorial.sandbox.world import PAPER_LANTERN, Chat, Organization, Thread, Version

NUMBER = 250
SEED = 20_260_615

_REMEMBERED_SELECTIONS = 200
_SMALL = 5  # how many chats the second organisation has

_View = tuple[Version, bool, bool]
"""What a summary depends on besides its chat: see `Chats.summary`."""


class Selection(NamedTuple):
    """Chats and their positions, oldest first."""

    chats: list[Chat]
    positions: list[Position]


class ThreadSelection(NamedTuple):
    """Threads, each with its chat and its place there, and their positions, oldest first."""

    threads: list[tuple[Chat, int]]
    positions: list[Position]


class Chats:
    """The chats of one organisation."""

    def __init__(self, chats: Iterable[Chat] = ()) -> None:
        self._chats: dict[str, Chat] = {}
        self._by_customer: dict[str, list[Chat]] = {}
        self._summaries: defaultdict[_View, dict[str, msgspec.Raw]] = defaultdict(dict)
        self._selections: dict[Hashable, Selection] = {}
        self._thread_selections: dict[Hashable, ThreadSelection] = {}
        self._ordered: list[Chat] | None = None
        for chat in chats:
            self.put(chat)

    def __len__(self) -> int:
        return len(self._chats)

    def put(self, chat: Chat) -> None:
        """Add a chat, or note that it has changed."""
        known = chat.id in self._chats
        self._chats[chat.id] = chat
        self._ordered = None
        self._selections.clear()
        self._thread_selections.clear()
        if not known:
            self._by_customer.setdefault(chat.customer.id, []).append(chat)
        else:
            for written in self._summaries.values():
                written.pop(chat.id, None)

    def get(self, chat_id: str) -> Chat | None:
        """Return a chat by its id."""
        return self._chats.get(chat_id)

    def of_customer(self, customer_id: str) -> list[Chat]:
        """Return the chats of a customer, in the order in which they came to be here."""
        return self._by_customer.get(customer_id, [])

    def ordered(self) -> list[Chat]:
        """Return all chats, the one with the oldest last thread first."""
        if self._ordered is None:
            self._ordered = sorted(self._chats.values(), key=lambda chat: chat.position)
        return self._ordered

    def select(self, key: Hashable, passes: Callable[[Chat], bool]) -> Selection:
        """Return the chats that pass; asked again with the same key, the same ones."""
        selection = self._selections.get(key)
        if selection is None:
            if len(self._selections) >= _REMEMBERED_SELECTIONS:
                self._selections.clear()
            chats = [chat for chat in self.ordered() if passes(chat)]
            selection = Selection(chats, [chat.position for chat in chats])
            self._selections[key] = selection
        return selection

    def select_threads(
        self, key: Hashable, passes: Callable[[Chat, Thread], bool]
    ) -> ThreadSelection:
        """Return the threads that pass; asked again with the same key, the same ones."""
        selection = self._thread_selections.get(key)
        if selection is None:
            if len(self._thread_selections) >= _REMEMBERED_SELECTIONS:
                self._thread_selections.clear()
            found = [
                ((thread.created_at, thread.id), (chat, index))
                for chat in self._chats.values()
                for index, thread in enumerate(chat.threads)
                if passes(chat, thread)
            ]
            found.sort(key=itemgetter(0))
            selection = ThreadSelection([of for _, of in found], [at for at, _ in found])
            self._thread_selections[key] = selection
        return selection

    def summary(
        self, chat: Chat, version: Version, *, sees_deleted: bool, followed: bool
    ) -> msgspec.Raw:
        """Return a chat's summary as JSON."""
        written = self._summaries[version, sees_deleted, followed]
        summary = written.get(chat.id)
        if summary is None:
            payload = payloads.chat_summary(chat, version, sees_deleted=sees_deleted)
            payload["is_followed"] = followed
            summary = written[chat.id] = msgspec.Raw(msgspec.json.encode(payload))
        return summary


class ChatStore:
    """The chats of all organisations, made when they are first asked for.

    Args:
        number: How many chats the first organisation has, up to 100,000.
        seed: What they are made of; the same seed gives the same chats.

    """

    def __init__(self, number: int = NUMBER, seed: int = SEED) -> None:
        self.number = number
        self.seed = seed
        self._chats: dict[str, Chats] = {}

    def of(self, organization: Organization) -> Chats:
        """Return the chats of an organisation."""
        chats = self._chats.get(organization.id)
        if chats is None:
            # Only now: what makes chats takes a while to import, and not every sandbox needs it.
            from lc_tutorial.sandbox.seed import generate

            number = _SMALL if organization.id == PAPER_LANTERN.id else self.number
            made = generate(organization, number, self.seed)
            chats = self._chats[organization.id] = Chats(made)
        return chats

    def become(self, other: "ChatStore") -> None:
        """Hold what another store holds, in the place of what is here."""
        self.number, self.seed, self._chats = other.number, other.seed, other._chats
