"""The body of a request, to edit: none, JSON, a form, or a text."""

from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms.base import field
from lc_tutorial.forms.lab.fields import Left, Rows, choice
from lc_tutorial.lab import Body, FormBody, JsonBody, TextBody, json_comments

_KINDS = [("No body", "none"), ("JSON", "json"), ("Form", "form"), ("Text", "text")]


class BodyEditor(widgets.VBox):  # type: ignore[misc]
    """Takes a body. What is wrong with its JSON shows below it, with line and column.

    Args:
        left: called with each field that was left, and with the name in its row.
    """

    def __init__(self, left: Left) -> None:
        self._kind = choice("Kind", _KINDS, "lc-body-kind")
        self._text = field(widgets.Textarea, "Body", "", "lc-body-text", rows=7)
        self._rows = Rows("field", "lc-body-form", left)
        self._note = widgets.HTML()
        self._note.add_class("lc-body-note")
        self._note.add_class("lc-live")
        self._left = left
        super().__init__((self._kind, self._text, self._rows, self._note))
        self.add_class("lc-body-editor")
        self._kind.observe(self._change_kind, names="value")
        self._text.observe(lambda _: self._left(self._text, ""), names="value")
        self._arrange()

    @property
    def body(self) -> Body:
        """What the fields say."""
        match self._kind.value:
            case "json":
                return JsonBody(self._text.value)
            case "form":
                return FormBody(self._rows.pairs)
            case "text":
                return TextBody(self._text.value)
        return None

    def fill(self, body: Body) -> None:
        """Show this body in the place of what is there."""
        match body:
            case JsonBody(text) | TextBody(text):
                self._text.value = text
                self._rows.fill(())
                self._kind.value = "json" if isinstance(body, JsonBody) else "text"
            case FormBody(fields):
                self._text.value = ""
                self._rows.fill(fields)
                self._kind.value = "form"
            case _:
                self._text.value = ""
                self._rows.fill(())
                self._kind.value = "none"
        self._arrange()

    def check(self) -> None:
        """Look at the JSON, and say what is wrong with it.

        Raises:
            InputError: it is no JSON.
        """
        self.look()
        if self._kind.value == "json":
            json_comments.check(self._text.value)

    def look(self) -> None:
        """The same without raising: for a field that was left.

        What samples have and JSON has not, such as comments, is taken out, and that is said.
        """
        self._note.value = ""
        if self._kind.value != "json":
            return
        mended = json_comments.cleaned(self._text.value)
        problem = json_comments.problem_in(mended.text)
        if problem is not None:
            problem = json_comments.problem_in(self._text.value) or problem
            self._note.value = _pointed_at(problem, self._text.value)
        elif mended.notes:
            self._text.value = mended.text
            self._note.value = (
                '<div class="lc-say lc-say-note"><b>Mended.</b> '
                f"{escape(' '.join(mended.notes))}</div>"
            )

    def _change_kind(self, _: Any) -> None:
        self._arrange()
        self._left(self._kind, "")

    def _arrange(self) -> None:
        kind = self._kind.value
        self._text.layout.display = None if kind in ("json", "text") else "none"
        self._rows.layout.display = None if kind == "form" else "none"
        self.look()


def _pointed_at(problem: json_comments.Problem, text: str) -> str:
    """What is wrong, the line where it is with the one before, and a mark below the column."""
    lines = text.split("\n")[: problem.line]
    # A long line is shown around the place.
    begin = max(0, problem.column - 50)
    shown = [line[begin : begin + 70].replace("\t", " ") for line in lines[-2:]]
    mark = " " * (problem.column - 1 - begin) + "▲"
    return (
        '<div class="lc-say lc-say-bad"><b>This is not JSON yet.</b> '
        f'{escape(str(problem))}<pre class="lc-pointed">'
        f"{escape(chr(10).join([*shown, mark]))}</pre></div>"
    )
