"""The body of a request, to edit: none, JSON, a form, or a text."""

import json
from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial.errors import InputError
from lc_tutorial.forms.lab_fields import Left, Rows, choice, field
from lc_tutorial.lab.request import Body, FormBody, JsonBody, TextBody

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
        self._note.value = ""
        if self._kind.value != "json":
            return
        try:
            json.loads(self._text.value)
        except json.JSONDecodeError as problem:
            self._note.value = _pointed_at(problem)
            raise _no_json(problem) from None

    def look(self) -> None:
        """The same without raising: for a field that was left."""
        try:
            self.check()
        except InputError:
            return

    def _change_kind(self, _: Any) -> None:
        self._arrange()
        self._left(self._kind, "")

    def _arrange(self) -> None:
        kind = self._kind.value
        self._text.layout.display = None if kind in ("json", "text") else "none"
        self._rows.layout.display = None if kind == "form" else "none"
        self.look()


def _pointed_at(problem: json.JSONDecodeError) -> str:
    """What is wrong, the line where it is with the one before, and a mark below the column."""
    lines = problem.doc.split("\n")[: problem.lineno]
    # A long line is shown around the place.
    begin = max(0, problem.colno - 50)
    shown = [line[begin : begin + 70].replace("\t", " ") for line in lines[-2:]]
    mark = " " * (problem.colno - 1 - begin) + "▲"
    return (
        f'<div class="lc-say lc-say-bad" role="alert"><b>This is not JSON yet.</b> '
        f"Line {problem.lineno}, column {problem.colno}: {escape(_in_words(problem))}"
        f'<pre class="lc-pointed">{escape(chr(10).join([*shown, mark]))}</pre></div>'
    )


def _no_json(problem: json.JSONDecodeError) -> InputError:
    return InputError(
        what="The body is not JSON.",
        why=f"Line {problem.lineno}, column {problem.colno}: {_in_words(problem)}",
        remedy="Mend it there, or choose the kind Text to send it as it is.",
    )


def _in_words(problem: json.JSONDecodeError) -> str:
    for told, words in _WORDS.items():
        if problem.msg.startswith(told):
            return words
    return f"{problem.msg}."


#: What Python's json module says, in words for somebody who writes JSON for the first time.
_WORDS = {
    "Expecting value": 'a value is expected here: a text in "…", a number, true, false, null, '
    "{…} or […].",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected "
    "here. There is no comma after the last one.",
    "Illegal trailing comma": "there is no comma after the last one.",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here.",
    "Expecting ':' delimiter": "a colon is expected between a name and its value.",
    "Extra data": "the JSON ends before this; what is behind it is too much.",
    "Unterminated string": "the text that begins here has no closing quote in its line.",
    "Invalid control character": "a text can't go on in the next line: write \\n for a line break.",
    "Invalid \\escape": "a backslash in a text is written twice: \\\\.",
    "Invalid \\uXXXX": "behind \\u there are four digits or letters a to f.",
}
