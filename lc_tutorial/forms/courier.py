"""What the browser sends of a form: its fields and its clicks, in the order a person made them.

ipywidgets sends a field's change only when the answer to its last one is back, and a click at once
(``_pending_msgs`` in its manager): on a busy machine a click acts on what the fields held before.
It also writes what is typed into the state of a widget, which Jupyter may save into the notebook,
and which stays there while the kernel is busy or dead. So a small script in the browser
(``courier.js``) takes the events of a form's fields and buttons, and brings them here, in one
message where they belong together. What becomes of a field's text goes back before what the form
says of it: who reads that the code is here finds the field empty. The fields themselves, and what
the kernel shows in them, are those of ipywidgets.

JupyterLab from 4.4 on has ipykernel 7 handle what widgets send in a thread of their own, beside the
cells. A cell that is run right after a click would not see what the click did, so the courier's
messages go to the thread of the cells.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary, WeakValueDictionary

import anywidget
import ipywidgets as widgets
import traitlets

from lc_tutorial.platforms import jupyter

#: Fields and buttons that the browser names by the id of their model.
_reached: "WeakValueDictionary[str, widgets.Widget]" = WeakValueDictionary()

#: Fields whose text is being handed over: what learns that a form makes something else of it.
_entering: "dict[widgets.Widget, Callable[[str], None]]" = {}

#: Called when a link in this text was followed, with the mark of the problem that was shown then.
_followed: "WeakKeyDictionary[widgets.HTML, Callable[[str], None]]" = WeakKeyDictionary()

#: Called with whether the text of a button that copies went into the clipboard.
_copied: "WeakKeyDictionary[widgets.Button, Callable[[bool], None]]" = WeakKeyDictionary()


def script(*names: str) -> str:
    """The code of a widget that sends messages: what all such need, and in front of what.

    Args:
        names: of files of this folder that follow.
    """
    folder = Path(__file__).parent
    return "".join((folder / each).read_text(encoding="utf-8") for each in ("kernel.js", *names))


class SecretField(widgets.Password):  # type: ignore[misc]
    """A field for a secret. What is typed is no trait that is synchronised, so it is never saved.

    Its ``value`` is there for those who observe it, and is empty again after they have seen it.
    """

    value = traitlets.Unicode()

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.add_class("lc-secret")


class Courier(anywidget.AnyWidget):
    """Takes what the browser sends of one form. It is a part of the form, and shows only a note.

    Args:
        form: a class that the form's element has, and no other.
    """

    _esm = script("courier.js")
    form = traitlets.Unicode().tag(sync=True)

    def __init__(self, form: str) -> None:
        super().__init__(form=form)
        #: Called when the form shows in a browser, which has told then where it is.
        self.when_shown: Callable[[], None] = lambda: None
        self._dom_classes = ("lc-courier", f"lc-at-{name(self)}")
        self.on_msg(self._arrived)

    def tell_done(self) -> None:
        """The form's step is done: the next cell is where Shift+Enter goes."""
        self.send({"done": True})

    def _arrived(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        jupyter.browser_is_at(str(content.get("origin", "")))
        if content.get("shown"):
            self.when_shown()
        for entered in content.get("fields", ()):
            field = _reached.get(entered["key"])
            if field is not None:
                self._enter(field, entered, content.get("number"))
        button = _reached.get(content.get("click", ""))
        if isinstance(button, widgets.Button):
            button.click()
        copied = _reached.get(content.get("copied", ""))
        if copied in _copied:
            _copied[copied](bool(content.get("done")))
        followed = _reached.get(content.get("followed", ""))
        if followed in _followed:
            _followed[followed](str(content.get("said", "")))

    def _enter(self, field: Any, entered: dict[str, Any], number: Any) -> None:
        """Give a field what a person entered; only what its observers make of it goes back.

        Args:
            field: the widget.
            entered: what the browser sent of it.
            number: of the message that brought it.
        """

        def tell() -> None:
            self.send({"taken": entered["key"], "number": number})

        def replaced(text: str) -> None:
            if text != entered["text"]:
                field.send_state(("value", "placeholder"))
                tell()

        if isinstance(field, widgets.Dropdown):
            _choose(field, entered)
        elif isinstance(field, SecretField):
            field.value = entered["text"]
            field.value = ""
        else:
            _entering[field] = replaced
            try:
                with field.hold_sync():
                    field.value = entered["text"]
            finally:
                del _entering[field]
        tell()


def reach(widget: Any) -> Any:
    """Let the courier bring what a person does with this field or button; returns it."""
    if isinstance(widget, widgets.Text | widgets.Textarea):
        # Before the observers of forms, which are added to what is reached already.
        widget.observe(_replaced, names="value")
    widget.add_class(f"lc-at-{name(widget)}")
    return widget


def name(field: widgets.Widget) -> str:
    """What the browser names this field by; for one that marks its element itself.

    Its element, or one in it, has the class ``lc-at-`` and this name; an ``input`` in there is what
    the courier brings, from the first ``input`` event on.
    """
    _reached[field.model_id] = field
    return str(field.model_id)


def _replaced(change: dict[str, Any]) -> None:
    if change["owner"] in _entering:
        _entering[change["owner"]](change["new"])


def when_followed(links: widgets.HTML, tell: Callable[[str], None]) -> widgets.HTML:
    """Learn that a person follows a link in this text; returns it.

    Args:
        links: the text.
        tell: called with the mark of the problem that the form showed then, or with nothing.
    """
    _followed[links] = tell
    return cast("widgets.HTML", reach(links))


def when_copied(
    button: widgets.Button, text: widgets.Textarea, tell: Callable[[bool], None]
) -> None:
    """After a click of this button, put what the text field shows into the clipboard.

    Args:
        button: that writes the text.
        text: that shows it.
        tell: called with whether the browser allowed it.
    """
    button.add_class("lc-copies")
    text.add_class(f"lc-copied-by-{button.model_id}")
    _copied[button] = tell


def _choose(field: widgets.Dropdown, entered: dict[str, Any]) -> None:
    """Choose by the label: the list may be another one by now."""
    labels = list(field._options_labels)
    index, label = entered["index"], entered["label"]
    if not (0 <= index < len(labels) and labels[index] == label):
        index = labels.index(label) if label in labels else None
    if index is not None:
        field.index = index
