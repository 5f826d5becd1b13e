"""The summaries of chats, which lists send: written once for each way to see them, as bytes."""

from collections import defaultdict
from typing import NamedTuple

import msgspec

from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.world import Chat, Version


class View(NamedTuple):
    """What a summary depends on besides its chat."""

    version: Version
    sees_deleted: bool
    followed: bool


class Summaries:
    """What was written of chats, and still holds."""

    def __init__(self) -> None:
        self._written: defaultdict[View, dict[str, msgspec.Raw]] = defaultdict(dict)

    def of(self, chat: Chat, view: View) -> msgspec.Raw:
        """Return a chat's summary as JSON."""
        written = self._written[view]
        summary = written.get(chat.id)
        if summary is None:
            payload = payloads.chat_summary(chat, view.version, sees_deleted=view.sees_deleted)
            payload["is_followed"] = view.followed
            summary = written[chat.id] = msgspec.Raw(msgspec.json.encode(payload))
        return summary

    def forget(self, chat: Chat) -> None:
        """Note that a chat has changed."""
        for written in self._written.values():
            written.pop(chat.id, None)
