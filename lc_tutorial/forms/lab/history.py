"""What this kernel has sent: to open, to send again, to copy."""

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from lc_tutorial import memory
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.forms.lab.copy import CopyBox
from lc_tutorial.forms.lab.fields import choice
from lc_tutorial.lab import Request, Sent, history

_LONGEST_PATH = 44

_NOTHING = "Nothing was sent yet. What you send here, or with requests in a cell, will be listed."


class History(base.Part):
    """A list of the requests that were sent: by the lab, and by code in cells.

    Args:
        opened: called with the entry that shall be opened.
        send: called with the entry that shall be sent again.
    """

    def __init__(self, opened: Callable[[Sent], None], send: Callable[[Sent], None]) -> None:
        super().__init__("The requests that this notebook has sent.")
        self._sent: dict[int, Sent] = {}
        self._list = choice("Sent", [], "lc-sent")
        self._about = widgets.HTML()
        self._copy = CopyBox(self._chosen_request)
        self._buttons = base.buttons(
            self.button("Open", lambda: opened(self._chosen()), "lc-open-sent", "primary"),
            self.button("Send again", lambda: send(self._chosen()), "lc-send-again"),
            *self._copy.buttons,
            self.button("Refresh", self.refresh, "lc-refresh"),
        )
        self._list.observe(lambda _: self._copy.clear(), names="value")
        self.add_class("lc-history-part")
        self.children = (self._about, self._list, self._buttons, self._speech, self._copy)
        self.refresh()

    @property
    def count(self) -> int:
        """How many requests are listed."""
        return len(self._sent)

    def refresh(self) -> None:
        """List what was sent since."""
        # Who looks at the newest goes on doing so.
        chosen = self._list.value if self._list.index else None
        self._sent = {sent.number: sent for sent in reversed(history.entries())}
        options = [(_label(sent), number) for number, sent in self._sent.items()]
        if options != list(self._list.options):
            self._list.options = options
            if chosen in self._sent:
                self._list.value = chosen
            elif options:
                self._list.value = options[0][1]
        self._list.layout.display = None if options else "none"
        about = history.about() if options else _NOTHING
        self._about.value = f"<p class='lc-aside'>{escape(about)}</p>"

    def _chosen(self) -> Sent:
        self._speech.value = ""
        if not self._sent:
            raise StepIncomplete(
                what="There is nothing in the history yet.",
                why="It lists what was sent from this notebook since its kernel started.",
                remedy="Send a request first.",
            )
        sent = self._sent.get(self._list.value)
        if sent is None:
            raise InputError(
                what="No request is chosen.",
                why="The list has several.",
                remedy="Choose one in the list.",
            )
        return sent

    def _chosen_request(self) -> Request:
        return self._chosen().request


def _label(sent: Sent) -> str:
    path = memory.path_of(sent.request.url) or "/"
    if len(path) > _LONGEST_PATH:
        path = f"…{path[-_LONGEST_PATH:]}"
    status = sent.answer.status_code if sent.answer is not None else "no answer"
    by = "from the lab" if sent.by == "lab" else "from a cell"
    at = sent.at.astimezone()
    return f"{sent.number}. {status} · {sent.request.method} {path} · {by} · {at:%H:%M:%S}"
