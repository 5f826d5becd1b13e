"""What the parts of the request lab are made of: fields, rows of names and values, folds."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.errors import InputError
from lc_tutorial.forms.base import field
from lc_tutorial.forms.courier import reach
from lc_tutorial.lab import Pairs

#: Called with a field that was left, and with the name of what it holds, where that is known.
Left = Callable[[Any, str], None]

#: More characters than these are no request that somebody edits by hand.
LONGEST = 200_000


def choice(label: str, options: list[tuple[str, Any]], css_class: str) -> Any:
    """A drop-down list with a label.

    No list that shows several lines at once, nor radio buttons: JupyterLab takes their arrow keys
    for its own, and goes to another cell. A drop-down list that Space has opened keeps them.
    """
    made = widgets.Dropdown(description=label, options=options)
    made.add_class(css_class)
    return reach(made)


def not_too_long(text: str) -> None:
    """Refuse what nobody edits by hand.

    Raises:
        InputError: it has too many characters.
    """
    if len(text) > LONGEST:
        raise InputError(
            what=f"This is too long: {len(text):,} characters.",
            why=f"A field of the lab takes {LONGEST:,}. It was left empty.",
            remedy="Shorten it, or send it with requests.post from a cell.",
        )


class Fold(widgets.VBox):  # type: ignore[misc]
    """Something folded away under a button.

    Args:
        title: what is in it, in words.
        css_class: of the button.
        inside: what shows when it is open.
        opened: called each time it opens.
    """

    def __init__(
        self,
        title: str,
        css_class: str,
        *inside: widgets.Widget,
        opened: Callable[[], None] | None = None,
    ) -> None:
        self._title, self._hint = title, ""
        self._opened = opened
        self._button = reach(widgets.Button())
        self._button.add_class(css_class)
        self._button.add_class("lc-again")
        self._button.add_class("lc-fold-button")
        self._button.on_click(lambda _: self.fold() if self.is_open else self.unfold())
        self._inside = widgets.VBox(inside)
        self._inside.add_class("lc-fold-inside")
        super().__init__((self._button, self._inside))
        self.fold()

    @property
    def is_open(self) -> bool:
        """Whether its content shows."""
        return bool(self._inside.layout.display != "none")

    def unfold(self) -> None:
        """Show what is in it."""
        self._inside.layout.display = None
        self._label()
        if self._opened is not None:
            self._opened()

    def fold(self) -> None:
        """Hide what is in it."""
        self._inside.layout.display = "none"
        self._label()

    def hint(self, text: str) -> None:
        """Say in a word what is in it."""
        self._hint = f" · {text}" if text else ""
        self._label()

    def focus(self) -> None:
        """Give the keyboard to its button."""
        self._button.focus()

    def _label(self) -> None:
        self._button.description = f"{'▾' if self.is_open else '▸'} {self._title}{self._hint}"


class Rows(widgets.VBox):  # type: ignore[misc]
    """Names and values, one pair a row; rows can be added and taken out.

    Args:
        what: one of them is, such as ``"header"``.
        css_class: of the whole.
        left: called with each field that was left, and with the name in its row.
    """

    def __init__(self, what: str, css_class: str, left: Left) -> None:
        super().__init__()
        self._what, self._left = what, left
        self._rows: list[tuple[Any, Any, Any]] = []
        self._is_filling = False
        self._add = reach(widgets.Button(description=f"Add a {what}"))
        self._add.add_class("lc-add")
        self._add.add_class("lc-again")
        self._add.on_click(lambda _: self._add_by_hand())
        self.add_class("lc-rows")
        self.add_class(css_class)
        self._lay_out()

    @property
    def pairs(self) -> Pairs:
        """What the rows say; empty rows say nothing."""
        told = ((name.value.strip(), value.value) for _, name, value in self._rows)
        return tuple((name, value) for name, value in told if name or value)

    def fill(self, pairs: Pairs) -> None:
        """Show these in the place of what is there."""
        self._is_filling = True
        self._rows = [self._row(name, value) for name, value in pairs]
        self._lay_out()
        self._is_filling = False

    def _add_by_hand(self) -> None:
        self._rows.append(self._row("", ""))
        self._lay_out()
        self._rows[-1][1].focus()

    def _remove(self, row: Any) -> None:
        self._rows = [each for each in self._rows if each[0] is not row]
        self._lay_out()
        self._add.focus()
        self._left(None, "")

    def _row(self, name: str, value: str) -> tuple[Any, Any, Any]:
        name_field = field(widgets.Text, f"Name of the {self._what}", "name", "lc-name")
        value_field = field(widgets.Text, f"Value of the {self._what}", "value", "lc-value")
        name_field.value, value_field.value = name, value
        for each in (name_field, value_field):
            each.add_class("lc-enter")
        remove = reach(widgets.Button(description="Remove", tooltip=f"Remove this {self._what}"))
        remove.add_class("lc-remove")
        row = widgets.HBox((name_field, value_field, remove))
        row.add_class("lc-row")
        remove.on_click(lambda _: self._remove(row))
        name_field.observe(lambda _: self._hand_over(name_field, ""), names="value")
        # A name that comes after its value says what the value is.
        name_field.observe(lambda _: self._hand_over(value_field, name_field.value), names="value")
        value_field.observe(lambda _: self._hand_over(value_field, name_field.value), names="value")
        return row, name_field, value_field

    def _hand_over(self, changed: Any, name: str) -> None:
        if not self._is_filling:
            self._left(changed, name.strip())

    def _lay_out(self) -> None:
        self.children = (*(row for row, _, _ in self._rows), self._add)
