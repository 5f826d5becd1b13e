"""What the names in double braces stand for, and a place to enter a value."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.base import field
from lc_tutorial.forms.courier import SecretField
from lc_tutorial.forms.lab.authorization import meaning_of
from lc_tutorial.forms.lab.fields import Fold, choice
from lc_tutorial.lab import MEANINGS, Vault, typed_value


class Values(base.Part):
    """A legend of the references in the request, and a field to give one a value.

    Args:
        vault: with the values.
        changed: called when one got a value.
    """

    def __init__(self, vault: Vault, changed: Callable[[], None]) -> None:
        super().__init__("What the names in double braces stand for.")
        self._vault, self._changed = vault, changed
        self._references: tuple[str, ...] = ()
        self._legend = widgets.HTML()
        self._legend.add_class("lc-legend")
        self._name = choice("Name", [("", "")], "lc-value-name")
        self._value = field(
            SecretField, "Value", "type or paste; it leaves this field", "lc-value-typed"
        )
        self._value.observe(self._take, names="value")
        self._fold = Fold("Enter a value", "lc-values", self._name, self._value, self._speech)
        self.add_class("lc-values-part")
        self.children = (self._legend, self._fold)
        self.refresh(())

    def refresh(self, references: tuple[str, ...] | None = None) -> None:
        """Say anew which names the request needs and which have a value.

        Args:
            references: of the request; those of the last time, if not given.
        """
        self._references = self._references if references is None else references
        lines = []
        for name in self._references:
            is_here = self._vault.value(name) is not None
            state = "✓ is here" if is_here else "✗ has no value yet: enter it, or do its step"
            lines.append(
                f"<li><code>{{{{{escape(name)}}}}}</code> stands for {escape(meaning_of(name))}: "
                f'<span class="lc-{"here" if is_here else "missing"}">{state}</span></li>'
            )
        self._legend.value = f'<ul class="lc-legend-list">{"".join(lines)}</ul>' if lines else ""
        names = list(dict.fromkeys([*self._references, *self._vault.names, *MEANINGS]))
        missing = [name for name in self._references if self._vault.value(name) is None]
        chosen = missing[0] if missing else self._name.value
        self._name.options = names
        self._name.value = chosen if chosen in names else names[0]

    def _take(self, change: dict[str, Any]) -> None:
        typed = change["new"]
        if not typed:
            return
        self._value.value = ""
        if typed.strip():
            self.attempt(lambda: self._keep(self._name.value, typed))

    def _keep(self, name: str, typed: str) -> None:
        self._vault.put(name, typed_value(name, typed))
        self.refresh()
        self.say("done", f"<code>{{{{{escape(name)}}}}}</code> has this value in the lab now.")
        self._changed()
