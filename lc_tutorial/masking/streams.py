"""What is printed in pieces, as a kernel sends it: a message for what came in a fifth of a second.

A secret may be divided by that. So the end of a message is held back where a secret may begin,
until the next one or the end of the cell; and each message is looked at together with what was sent
before it.
"""

import threading
from collections.abc import Callable
from typing import Any

from lc_tutorial.masking.known import DOTS
from lc_tutorial.masking.redacting import Beginning, beginning_of_secret, mask_after
from lc_tutorial.masking.words import View
from lc_tutorial.system import after_fork

#: Letters with which a word may end as a secret begins, and of the beginnings that are not held.
_END_OF_A_WORD, _NOT_HELD = 5, 2

#: Characters in front of what is held: an ellipsis with what is around it.
_AROUND = 6

#: Characters already sent that are looked at once more.
_CONTEXT = 512


class _Stream:
    """One standard stream: what was sent of it, and what was not yet."""

    def __init__(self) -> None:
        self.sent = ""
        self.held = ""
        #: What is held is the end of this; more of it may have been sent, when a cell ended.
        self.beginning = Beginning()
        self.send: Callable[[str], Any] = lambda _: None


class Streams:
    """Masks the messages of the standard streams."""

    def __init__(self) -> None:
        self._begin()
        after_fork(self._begin)

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._streams: dict[str, _Stream] = {}

    def pass_on(self, name: str, text: str, send: Callable[[str], Any]) -> Any:
        """Send a text, masked; perhaps without its end, which comes later.

        Args:
            name: of the stream.
            text: new on it.
            send: sends a text as this message.
        """
        with self._lock:
            stream = self._streams.setdefault(name, _Stream())
            text = stream.held + text
            whole = stream.sent + text
            beginning = beginning_of_secret(whole)
            held = min(len(text), beginning.length)
            now = text[: len(text) - held]
            masked = mask_after(whole[: len(whole) - held], len(stream.sent))
            stream.sent = (stream.sent + now)[-_CONTEXT:]
            stream.held, stream.beginning = text[len(text) - held :], beginning
            stream.send = send
            return send(masked)

    def release(self) -> None:
        """Send what was held back: the cell has ended.

        What a program writes to a descriptor may still come after that. So what may be the
        beginning of a secret is remembered, and is shown only where it may be the end of a word.
        """
        with self._lock:
            for stream in self._streams.values():
                text = stream.sent + stream.held
                if stream.held:
                    is_word = stream.beginning.letters <= _END_OF_A_WORD
                    stream.send(mask_after(text, len(stream.sent)) if is_word else DOTS)
                begun = stream.beginning.length + _AROUND if stream.held else 0
                kept = max(begun, _length_of_letters(text, _NOT_HELD))
                stream.sent, stream.held = text[max(0, len(text) - kept) :], ""


def _length_of_letters(text: str, number: int) -> int:
    """How many characters at the end of a text have so many letters among them."""
    around = text[-_CONTEXT:]
    places = View(around).places
    return len(around) - places[-number] if len(places) >= number else len(around)
