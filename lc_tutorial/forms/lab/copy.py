"""A request as text to copy: a cURL command, or code with ``requests``."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.lab.fields import field
from lc_tutorial.lab import Request, as_cell, as_curl, as_python


class CopyBox(base.Part):
    """Buttons that write a request down, and a field to copy it from.

    Args:
        request: gives the request to write down.
    """

    def __init__(self, request: Callable[[], Request]) -> None:
        super().__init__("A request as text to copy.")
        self._request = request
        self._written = ""
        self._text = field(widgets.Textarea, "Copy this", "", "lc-copy-text", rows=9)
        # It is for reading: what is changed in it comes back.
        self._text.observe(self._restore, names="value")
        self._text.layout.display = "none"
        self.buttons = (
            self.button("Copy as cURL", lambda: self._write(as_curl), "lc-as-curl"),
            self.button("Copy as a cell", lambda: self._write(as_cell), "lc-as-cell"),
            self.button("Copy as a program", lambda: self._write(as_python), "lc-as-python"),
        )
        self.add_class("lc-copy-box")
        self.children = (self._speech, self._text)

    def clear(self) -> None:
        """Show nothing."""
        self._written = self._text.value = self._speech.value = ""
        self._text.layout.display = "none"

    def _write(self, write: Callable[[Request], str]) -> None:
        self.clear()
        request = self._request()
        self._written = write(request)
        self._text.rows = min(18, max(4, self._written.count("\n") + 2))
        self._text.value = self._written
        self._text.layout.display = None
        needs = _in_cell(request) if write is as_cell else _variables(request)
        self.say("done", f"Select all of it (Ctrl+A, on a Mac ⌘A), and copy.{needs}")
        self._text.focus()

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
