"""The answer to a request: as a person reads it, as it came, and as tables."""

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import requests

from lc_tutorial.display import WARNING, Revealed, reveal, transcript
from lc_tutorial.errors import Place, StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.lab import Sent, tables_of
from lc_tutorial.platforms import billing

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables

_TABLES = ("chats", "users", "threads", "events", "tags")


class Answer(base.Part):
    """Shows the answer to what was sent last. Secrets in it are dots until they are asked for."""

    def __init__(self) -> None:
        super().__init__("The answer to the request that was sent last.")
        self._response: requests.Response | None = None
        self._made: Tables | None = None
        self._shown = widgets.HTML()
        self._shown.add_class("lc-answer")
        self._previews = widgets.HTML()
        self._previews.add_class("lc-previews")
        # The link to them only: what is in a widget may be saved.
        self._revealed = widgets.HTML()
        self._revealed.add_class("lc-revealed")
        self._page: Revealed | None = None
        self._make = self.button("Make tables", self._make_tables, "lc-make-tables")
        self._reveal = self.button("Show the secrets …", self._reveal_secrets, "lc-reveal")
        self._buttons = base.buttons(self._make, self._reveal)
        self.add_class("lc-answer-part")
        self.children = (
            self._shown,
            self._buttons,
            self._speech,
            self._revealed,
            self._previews,
        )
        self.clear()

    @property
    def response(self) -> requests.Response:
        """What ``requests`` returned.

        Raises:
            StepIncomplete: nothing was sent yet.
        """
        if self._response is None:
            raise StepIncomplete(
                what="There is no answer in the lab yet.",
                why="No request was sent, or no answer came.",
                remedy="Press Send in the lab, then run this cell again.",
            )
        return self._response

    @property
    def tables(self) -> "Tables":
        """The chats of the answer as tables.

        Raises:
            StepIncomplete: nothing was sent yet.
            TutorialError: the answer holds no chats.
        """
        if self._made is None:
            from lc_tutorial.tables import tables

            self._made = tables(self.response)
        return self._made

    def clear(self) -> None:
        """Show nothing."""
        self.hide_secrets()
        self._response = self._made = None
        self._shown.value = self._previews.value = self._speech.value = ""
        self._buttons.layout.display = "none"

    def show(self, response: requests.Response) -> None:
        """Show this one."""
        self.clear()
        self._response = response
        billing.note(response)
        self._display(transcript.Transcript.from_response(response), response)

    def look_back(self, sent: Sent) -> None:
        """Show one of the history, as far as it was kept."""
        self.clear()
        if sent.answer is None or sent.transcript is None:
            self.say("note", escape(f"There was no answer: {sent.problem}"))
            return
        # It was counted when it came.
        billing.disregard(sent.answer)
        self._response = sent.answer
        self._display(sent.transcript, sent.answer)
        note = f" {sent.note}" if sent.note else ""
        self.say("note", escape(f"This answer is from {sent.at.astimezone():%H:%M:%S}.{note}"))

    def _display(self, shown: transcript.Transcript, response: requests.Response) -> None:
        parts = [shown._repr_html_()]
        problem = transcript.explanation(response, Place.LAB)
        # What is wrong comes first: the answer below it may be long.
        if problem is not None:
            parts.insert(0, f'<div role="alert">{problem.html()}</div>')
        if (notice := billing.notice(response)) is not None:
            parts.append(notice.html())
        self._shown.value = "".join(parts)
        self._buttons.layout.display = None
        self._make.layout.display = None if tables_of(response) is not None else "none"

    def hide_secrets(self) -> None:
        """Take back the page with the secrets, if there is one that nobody opened."""
        if self._page is not None:
            self._page.close()
            self._page = None
        self._revealed.value = ""

    def _reveal_secrets(self) -> None:
        self.hide_secrets()
        self._page = reveal(self.response)
        self._revealed.value = (
            f"{base.link('Open the page with the secrets', self._page.link, 'lc-open-revealed')}"
            f"<p class='lc-aside'>{escape(WARNING)}</p>"
        )

    def _make_tables(self) -> None:
        made = self.tables
        previews = [_preview(name, getattr(made, name)) for name in _TABLES]
        self._previews.value = f'<div class="lc-tables-made">{"".join(previews)}</div>'
        self.say(
            "done",
            "The first rows are below. In a cell, <code>lab.tables.chats</code> and its "
            "neighbours have them all.",
        )


def _preview(name: str, frame: Any) -> str:
    count = f"{len(frame):,} {'row' if len(frame) == 1 else 'rows'}"
    shape = f"{count}, {len(frame.columns)} columns"
    if frame.empty:
        return f'<p class="lc-table-title"><b>{name}</b> · {count}</p>'
    first = frame.head().astype(object)
    rows = first.where(first.notna(), "").to_html(max_cols=8, border=0)
    return (
        f'<p class="lc-table-title"><b>{name}</b> · {shape}</p>'
        f'<div class="lc-table-frame" tabindex="0">{rows}</div>'
    )
