"""The properties that clients set on chats, threads and events: of too much, the oldest goes.

A value that is set anew is as young as that. One that was there from the start does not come back
when the one in its place goes.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from lc_tutorial.sandbox.world import Properties

MOST_BYTES = 12 * 1024 * 1024

_VALUE = 400  # what a value takes beside its text and its names


class Place(NamedTuple):
    """Where properties are: on a chat, on a thread of it, or on an event there."""

    chat_id: str
    thread_id: str | None = None
    event_id: str | None = None


class Name(NamedTuple):
    """Which property it is, and where."""

    place: Place
    namespace: str
    name: str


class SetProperties:
    """Which properties were set, the oldest first."""

    def __init__(self) -> None:
        self._sizes: OrderedDict[Name, int] = OrderedDict()
        self._bytes = 0

    def note(self, place: Place, given: Properties, forget: Callable[[Name], None]) -> None:
        """Note what was set; `forget` is called for each value that is too much by now."""
        for namespace, values in given.items():
            for name, value in values.items():
                which = Name(place, namespace, name)
                size = _VALUE + len(namespace) + len(name)
                size += len(value.encode()) if isinstance(value, str) else 0
                self._bytes += size - self._sizes.pop(which, 0)
                self._sizes[which] = size
        while self._bytes > MOST_BYTES:
            which, size = self._sizes.popitem(last=False)
            self._bytes -= size
            forget(which)

    def drop(self, place: Place, names: dict[str, list[str]]) -> None:
        """Note what was deleted."""
        for namespace, of_it in names.items():
            for name in of_it:
                self._bytes -= self._sizes.pop(Name(place, namespace, name), 0)
