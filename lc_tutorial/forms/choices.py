"""Buttons of which one is chosen."""

from collections.abc import Iterable
from typing import Any

import ipywidgets as widgets
import traitlets

from lc_tutorial.forms.courier import reach


class Choices(widgets.HBox):  # type: ignore[misc]
    """Buttons of which one is chosen, and each of which stays where another one is chosen.

    The ``ToggleButtons`` of ipywidgets makes all its buttons anew with each choice: who has the
    keyboard there loses it, and a key that is down just then comes to nothing.

    Args:
        options: of each button, what it says and what it stands for; the first one is chosen.

    Attributes:
        value: what is chosen; it can be observed, and set.
    """

    value = traitlets.Any()

    def __init__(self, options: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self._buttons = {value: self._button(text, value) for text, value in options}
        self.children = tuple(self._buttons.values())
        self.add_class("lc-choices")
        self.observe(self._mark, names="value")
        self.value = next(iter(self._buttons))

    def _button(self, text: str, value: Any) -> widgets.Button:
        button = reach(widgets.Button(description=text))

        def choose(_: Any) -> None:
            self.value = value

        button.on_click(choose)
        return button

    def _mark(self, change: dict[str, Any]) -> None:
        for value, button in self._buttons.items():
            # The courier says it in words, too.
            (button.add_class if value == change["new"] else button.remove_class)("mod-active")
