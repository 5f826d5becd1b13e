"""A request as text to copy: a cURL command, or code with ``requests``."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.base import field
from lc_tutorial.forms.courier import when_copied
from lc_tutorial.lab import Request, as_cell, as_curl, as_python

_BY_HAND = "Select all of it (Ctrl+A, on a Mac ⌘A), and copy."
_NOT_ALLOWED = "The browser did not let the notebook write to the clipboard."

#: What each way of writing a request down gives.
_WRITTEN: dict[Callable[[Request], str], str] = {
    as_curl: "The cURL command",
    as_cell: "The cell",
    as_python: "The program",
}


class CopyBox(base.Part):
    """Buttons that write a request down, and a field to copy it from.

    Args:
        request: gives the request to write down.
    """

    def __init__(self, request: Callable[[], Request]) -> None:
        super().__init__("A request as text to copy.")
        self._request = request
        self._written = self._what = self._needs = ""
        self._text = field(widgets.Textarea, "Copy this", "", "lc-copy-text", rows=9)
        # It is for reading: what is changed in it comes back.
        self._text.observe(self._restore, names="value")
        self._text.layout.display = "none"
        self.buttons = (
            self.button("Copy as cURL", lambda: self._write(as_curl), "lc-as-curl"),
            self.button("Copy as a cell", lambda: self._write(as_cell), "lc-as-cell"),
            self.button("Copy as a program", lambda: self._write(as_python), "lc-as-python"),
        )
        for button in self.buttons:
            when_copied(button, self._text, self._tell_copied)
        self.add_class("lc-copy-box")
        self.children = (self._speech, self._text)

    def clear(self) -> None:
        """Show nothing."""
        self._written = self._text.value = self._speech.value = ""
        self._text.layout.display = "none"

    def _write(self, write: Callable[[Request], str]) -> None:
        self.clear()
        request = self._request()
        self._written, self._what = write(request), _WRITTEN[write]
        self._text.rows = min(18, max(4, self._written.count("\n") + 2))
        self._text.value = self._written
        self._text.layout.display = None
        self._needs = _in_cell(request) if write is as_cell else _variables(request)
        self.say("done", f"{_BY_HAND}{self._needs}")
        self._text.focus()

    def _tell_copied(self, is_copied: bool) -> None:
        """The browser was asked to put it into the clipboard."""
        if not self._written:
            return
        here = f"{self._what} is in the clipboard."
        how = here if is_copied else f"{_NOT_ALLOWED} {_BY_HAND}"
        self.say("done" if is_copied else "note", f"{how}{self._needs}")

    def _restore(self, change: dict[str, Any]) -> None:
        if change["new"] != self._written:
            self._text.value = self._written


def _in_cell(request: Request) -> str:
    if not request.references:
        return ""
    return " It holds no secret: in a cell of this notebook it takes them from the names they have."


def _variables(request: Request) -> str:
    names = [f"<code>{name.upper()}</code>" for name in request.references]
    if not names:
        return ""
    *others, last = names
    listed = f"{', '.join(others)} and {last}" if others else last
    return (
        f" It holds no secret: set the environment {'variables' if others else 'variable'} "
        f"{listed} before you run it."
    )
