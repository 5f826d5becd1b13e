"""Where the sandbox keeps the chats of each organisation, and the work that is done only once.

Making an answer is most of what a list of chats costs. So each chat's summary is written once for
a version, as bytes, until it changes, and what a filter selects is remembered. Who changes a record
says so here, at once: `put` for what lists order or select by, `touch` for the rest.

All of it runs in one thread: a method is done before the next one begins.
"""

import secrets
import string
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import NamedTuple

import msgspec

from lc_tutorial.sandbox.store.customer_data import WRITTEN_EXTRAS, CustomerData
from lc_tutorial.sandbox.store.files import Files
from lc_tutorial.sandbox.store.page_ids import Position
from lc_tutorial.sandbox.store.seeded import NUMBER, SEED, Seeded, Start, made
from lc_tutorial.sandbox.store.selections import REMEMBERED, Selection, Selections
from lc_tutorial.sandbox.store.set_properties import Name, Place, SetProperties
from lc_tutorial.sandbox.store.summaries import Summaries, View
from lc_tutorial.sandbox.store.written import Piece, Written
from lc_tutorial.sandbox.world import (
    Chat,
    Customer,
    Event,
    Organization,
    Properties,
    Thread,
    Version,
    without_properties,
)

_ADDED_CUSTOMERS = 2000
_ID_LENGTH = 10
_LETTERS = string.ascii_uppercase + string.digits


class ThreadSelection(NamedTuple):
    """Threads, each with its chat and its place there, and their positions, oldest first."""

    threads: list[tuple[Chat, int]]
    positions: list[Position]


class Chats:
    """The chats of one organisation.

    Args:
        chats: All of them.
        start: What they are copies of, if other worlds have copies too.

    Attributes:
        customers: All customers by their ids, those without a chat too.
        written: What was written since the start; the oldest of it goes.
    """

    def __init__(self, chats: Iterable[Chat] = (), start: Start | None = None) -> None:
        self.customers: dict[str, Customer] = {}
        self.written = Written()
        self._set_properties = SetProperties()
        self._customer_data = CustomerData()
        self._added: deque[str] = deque()
        self._chats: dict[str, Chat] = {}
        self._by_customer: dict[str, list[Chat]] = {}
        self._start = start
        self._summaries = Summaries()
        self._thread_selections: dict[Hashable, ThreadSelection] = {}
        for chat in chats:
            self._chats[chat.id] = chat
            if chat.customer is not None:
                self._note_customer(chat, chat.customer)
        self._as_at_start = set(self._chats) if start is not None else set()
        self._selections = Selections(self._chats.values())

    def __len__(self) -> int:
        return len(self._chats)

    # --- What changes ---------------------------------------------------------------------------

    def put(self, chat: Chat) -> None:
        """Add a chat, or note that something has changed by which lists order or select."""
        known = chat.id in self._chats
        self._chats[chat.id] = chat
        self._selections.note(chat)
        self._thread_selections.clear()
        if known:
            self.touch(chat)
        elif chat.customer is not None:
            self._note_customer(chat, chat.customer)

    def set_customer(self, chat: Chat, customer: Customer) -> None:
        """Give a customer to a chat that has none."""
        chat.customer = customer
        self._note_customer(chat, customer)
        self.put(chat)

    def _note_customer(self, chat: Chat, customer: Customer) -> None:
        self._by_customer.setdefault(customer.id, []).append(chat)
        self.customers.setdefault(customer.id, customer)

    def touch(self, chat: Chat) -> None:
        """Note that something has changed by which no list of chats orders or selects."""
        self._as_at_start.discard(chat.id)
        self._summaries.forget(chat)

    def touch_customer(self, customer: Customer) -> None:
        """Note that something of a customer has changed; their chats show it."""
        self.customers[customer.id] = customer
        self._thread_selections.clear()  # archives are searched for names and addresses
        for chat in self.of_customer(customer.id):
            self.touch(chat)

    def write_customer(self, customer: Customer) -> None:
        """Note what was written of a customer; of too much, that of others is forgotten."""
        self.touch_customer(customer)
        self._customer_data.note(customer, self._forget_data)

    def _forget_data(self, customer_id: str) -> None:
        customer = self.customers.get(customer_id)
        if customer is None:
            return  # gone themselves
        customer.session_fields = []
        customer.extras = {
            name: value for name, value in customer.extras.items() if name not in WRITTEN_EXTRAS
        }
        self.touch_customer(customer)

    def add_customer(self, customer: Customer) -> None:
        """Add a customer without a chat. Of too many, the one that was added first goes."""
        self.write_customer(customer)
        self._added.append(customer.id)
        while len(self._added) > _ADDED_CUSTOMERS:
            first = self._added.popleft()
            if not self.of_customer(first):
                self._remove_customer(first)

    def _remove_customer(self, customer_id: str) -> None:
        self.customers.pop(customer_id, None)
        self._customer_data.drop(customer_id)

    def add_thread(self, chat: Chat, thread: Thread) -> None:
        """Begin a thread: of a chat that is there already, or of one that starts with it."""
        is_new = chat.id not in self._chats
        chat.threads.append(thread)
        self.put(chat)
        self.written.note_thread(chat, thread, self._forget, is_new=is_new)

    def add_event(self, chat: Chat, thread: Thread, event: Event) -> None:
        """Add an event to a thread of a chat."""
        thread.events.append(event)
        thread.last_number += 1
        self.touch(chat)
        if not thread.active:
            self._thread_selections.clear()  # the archives, where only what is over is searched
        self.written.note_event(chat, thread, event, self._forget)

    def set_properties(self, place: Place, given: Properties) -> None:
        """Note properties that were set; of too much, those that were set first are deleted."""
        self._set_properties.note(place, given, self._forget_property)

    def delete_properties(self, place: Place, names: dict[str, list[str]]) -> None:
        """Note properties that were deleted."""
        self._set_properties.drop(place, names)

    def _forget_property(self, which: Name) -> None:
        chat = self._chats.get(which.place.chat_id)
        record = _record(chat, which.place) if chat is not None else None
        if chat is None or record is None:
            return  # it has gone itself
        left = without_properties(record.properties or {}, {which.namespace: [which.name]})
        record.properties = left
        self.put(chat)

    def remove(self, chat: Chat) -> None:
        """Forget a chat, and its customer where they have no other."""
        self.touch(chat)
        del self._chats[chat.id]
        self._selections.note(chat, gone=True)
        self._thread_selections.clear()
        if chat.customer is None:
            return
        left = self._by_customer[chat.customer.id]
        left.remove(chat)
        if not left:
            del self._by_customer[chat.customer.id]
            self._remove_customer(chat.customer.id)

    def _forget(self, what: Piece) -> None:
        """Forget something that was written long ago; with its first thread goes a chat."""
        chat, thread, event = what.chat, what.thread, what.event
        if self._chats.get(chat.id) is not chat:
            return
        if event is not None:
            for index, one in enumerate(thread.events):  # it is one of the first
                if one is event:
                    del thread.events[index]
                    break
            self.touch(chat)
        elif what.is_chat and len(chat.threads) == 1:
            self.remove(chat)
        else:
            chat.threads[:] = [one for one in chat.threads if one is not thread]
            self.put(chat)

    @staticmethod
    def next_event_id(thread: Thread) -> str:
        """Return the id of the event that comes next in a thread."""
        return f"{thread.id}_{thread.last_number + 1}"

    def new_id(self) -> str:
        """Make the id of a chat or a thread."""
        while (made := "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))) in self._chats:
            pass
        return made

    # --- What is read ---------------------------------------------------------------------------

    def get(self, chat_id: str) -> Chat | None:
        """Return a chat by its id."""
        return self._chats.get(chat_id)

    def of_customer(self, customer_id: str) -> list[Chat]:
        """Return the chats of a customer, in the order in which they came to be here."""
        return self._by_customer.get(customer_id, [])

    def ordered(self) -> list[Chat]:
        """Return all chats, the one with the oldest last thread first."""
        return self._selections.everything()

    def select(self, key: Hashable, passes: Callable[[Chat], bool]) -> Selection:
        """Return the chats that pass; asked again with the same key, the same ones."""
        return self._selections.select(key, passes)

    def select_threads(
        self, key: Hashable, passes: Callable[[Chat, Thread], bool]
    ) -> ThreadSelection:
        """Return the threads that pass; asked again with the same key, the same ones."""
        selection = self._thread_selections.get(key)
        if selection is None:
            if len(self._thread_selections) >= REMEMBERED:
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
        view = View(version, sees_deleted, followed)
        if self._start is not None and chat.id in self._as_at_start:
            return self._start.summary(chat.id, view)
        return self._summaries.of(chat, view)


def _record(chat: Chat, place: Place) -> Chat | Thread | Event | None:
    """Find the chat, the thread or the event that a place names."""
    if place.thread_id is None:
        return chat
    thread = next((one for one in chat.threads if one.id == place.thread_id), None)
    if thread is None or place.event_id is None:
        return thread
    return next((one for one in thread.events if one.id == place.event_id), None)


class ChatStore:
    """The chats of all organisations, made when they are first asked for, and their files.

    Args:
        number: How many chats the first organisation has, up to 100,000.
        seed: What they are made of; the same seed gives the same chats.
        seeded: The chats that this world has in common with others, in place of such of its own.

    """

    def __init__(
        self, number: int = NUMBER, seed: int = SEED, seeded: Seeded | None = None
    ) -> None:
        self.number = number if seeded is None else seeded.number
        self.seed = seed if seeded is None else seeded.seed
        self._seeded = seeded
        self.files = Files()
        self._chats: dict[str, Chats] = {}

    def of(self, organization: Organization) -> Chats:
        """Return the chats of an organisation."""
        chats = self._chats.get(organization.id)
        if chats is None:
            if self._seeded is None:
                chats = Chats(made(organization, self.number, self.seed))
            else:
                start = self._seeded.of(organization)
                chats = Chats(start.copies(), start)
            self._chats[organization.id] = chats
        return chats

    def become(self, other: "ChatStore") -> None:
        """Hold what another store holds, in the place of what is here."""
        self.number, self.seed, self._chats = other.number, other.seed, other._chats
        self._seeded = other._seeded
        self.files = other.files
