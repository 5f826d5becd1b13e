"""What was copied elsewhere, pasted: a cURL command or a URL becomes a request to edit."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial.errors import InputError
from lc_tutorial.forms import base
from lc_tutorial.forms.base import field
from lc_tutorial.lab import Imported, Request, Vault, addressed_to, import_request
from lc_tutorial.platforms import Platform


class ImportBox(base.Part):
    """Takes a cURL command or a URL. What is pasted leaves the field at once, and is not run.

    Args:
        platform: that the request shall go to.
        vault: that keeps the secrets in what was pasted, and has values for placeholders.
        imported: called with each request that came out.
    """

    def __init__(
        self, platform: Platform, vault: Vault, imported: Callable[[Request], None]
    ) -> None:
        super().__init__("A box for a cURL command or a URL.")
        self._platform, self._vault, self._imported = platform, vault, imported
        self._field = field(
            widgets.Textarea,
            "cURL or URL",
            "curl -X POST 'https://…' -H '…' -d '…'",
            "lc-import-field",
            rows=4,
        )
        self._field.observe(self._take, names="value")
        self._import = self.button("Import", self._nothing_pasted, "lc-import", "primary")
        # The question that samples of the platform raise, shown where it is open.
        self._asked: Imported | None = None
        self._question = base.buttons(
            self.button("Bearer: my access token", lambda: self._answer("bearer"), "lc-bearer"),
            self.button("Basic: as it says", lambda: self._answer("basic"), "lc-basic"),
        )
        self._question.layout.display = "none"
        self.add_class("lc-import-box")
        self.children = (self._field, base.buttons(self._import), self._speech, self._question)

    def focus(self) -> None:
        """Give the keyboard to the field."""
        self._field.focus()

    def _take(self, change: dict[str, Any]) -> None:
        pasted = change["new"]
        if not pasted:
            return
        self._field.value = ""
        self.attempt(lambda: self._read(pasted))

    def _read(self, pasted: str) -> None:
        self._asked = None
        self._question.layout.display = "none"
        self._speech.value = ""
        imported = import_request(pasted, self._vault)
        self._hand_over(imported.request, imported.notes)
        if imported.asks_scheme:
            self._asked = imported
            self._question.layout.display = None

    def _answer(self, scheme: str) -> None:
        if self._asked is None:
            return
        request = self._asked.with_scheme("bearer" if scheme == "bearer" else "basic")
        chosen = (
            "The access token goes into a Bearer header now."
            if scheme == "bearer"
            else "The sample's Basic scheme stays: it wants an account id and a personal access "
            "token."
        )
        notes = self._asked.notes
        self._asked = None
        self._question.layout.display = "none"
        self._hand_over(request, (*notes, chosen))

    def _hand_over(self, request: Request, notes: tuple[str, ...]) -> None:
        here = addressed_to(request, self._platform)
        if here.host != request.host:
            notes = (
                *notes,
                f"It was addressed to {request.host}; here it goes to the {self._platform.name}, "
                f"at {here.host}.",
            )
        self._imported(here)
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        listed = f'<ul class="lc-notes">{items}</ul>' if items else ""
        self.say("done", f"The request is in the fields below. Nothing was sent yet.{listed}")

    def _nothing_pasted(self) -> None:
        # The field hands over what it holds when it loses the focus, so before this click.
        if not self._speech.value:
            raise InputError(
                what="Nothing is pasted yet.",
                why="The field is empty.",
                remedy="Paste a cURL command or a URL: from the documentation, or from your "
                "browser's developer tools with Copy as cURL.",
            )
