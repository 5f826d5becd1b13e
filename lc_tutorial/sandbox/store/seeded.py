"""The chats that are there from the start; for many worlds of one process they are made once.

What most of it weighs, the words of the chats and the summaries that lists send, such worlds have
in common. What one of them may change is its own from the start: the records, and the lists in them
that grow. Text, properties, an event's body and a visit are shared: whoever writes puts another one
in their place, and never changes one that is there.
"""

from collections.abc import Iterable
from copy import copy

import msgspec

from lc_tutorial.sandbox.store.summaries import Summaries, View
from lc_tutorial.sandbox.world import PAPER_LANTERN, Chat, Customer, Organization, Thread

NUMBER = 250
SEED = 20_260_615
_SMALL = 5  # how many chats the second organisation has


def made(organization: Organization, number: int, seed: int) -> list[Chat]:
    """Make an organisation's chats; `number` is how many the first one has."""
    # Only now: what makes chats takes a while to import, and not every sandbox needs it.
    from lc_tutorial.sandbox.seed import generate

    number = _SMALL if organization.id == PAPER_LANTERN.id else number
    return generate(organization, number, seed)


class Start:
    """An organisation's chats as they are at the start, which nobody changes."""

    def __init__(self, chats: Iterable[Chat]) -> None:
        self._chats = {chat.id: chat for chat in chats}
        self._summaries = Summaries()

    def copies(self) -> list[Chat]:
        """Return the chats, for one world alone."""
        customers: dict[int, Customer] = {}
        return [_copied(chat, customers) for chat in self._chats.values()]

    def summary(self, chat_id: str, view: View) -> msgspec.Raw:
        """Return the summary of one of these chats."""
        return self._summaries.of(self._chats[chat_id], view)


class Seeded:
    """The chats of all organisations as they are at the start, for any number of worlds."""

    number = NUMBER
    seed = SEED

    def __init__(self) -> None:
        self._starts: dict[str, Start] = {}

    def of(self, organization: Organization) -> Start:
        """Return an organisation's chats; they are made when they are first asked for."""
        start = self._starts.get(organization.id)
        if start is None:
            start = Start(made(organization, self.number, self.seed))
            self._starts[organization.id] = start
        return start


def _copied(chat: Chat, customers: dict[int, Customer]) -> Chat:
    mine = copy(chat)
    if chat.customer is not None:
        # Several chats may be of one customer: what is written of them shows in all.
        mine.customer = customers.setdefault(id(chat.customer), copy(chat.customer))
    mine.participants = [copy(one) for one in chat.participants]
    mine.threads = [_copied_thread(thread) for thread in chat.threads]
    mine.followers = set(chat.followers)
    return mine


def _copied_thread(thread: Thread) -> Thread:
    mine = copy(thread)
    mine.events = [copy(event) for event in thread.events]
    return mine
