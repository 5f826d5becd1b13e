"""What all forms share: their frame, the area where they speak, and buttons that report failures.

An exception in a widget's callback shows nothing at all in a notebook, and a ``print`` lands in
whichever cell is running. So a form says everything in an area of its own, and its callbacks catch
everything.
"""

import os
import re
from collections.abc import Callable
from html import escape
from itertools import count
from typing import Any

import ipywidgets as widgets

from lc_tutorial import masking
from lc_tutorial.errors import Place, TutorialError, shown_in
from lc_tutorial.forms.courier import Courier, reach
from lc_tutorial.forms.fallback import Fallback
from lc_tutorial.platforms import Platform

#: Set to 1, each form does its step by itself (sandbox only): for runs that nobody watches.
AUTOPILOT_VARIABLE = "LC_TUTORIAL_AUTOPILOT"

_STYLE = """<style>
.lc-form { border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 6px;
  padding: 12px 16px 14px; max-width: 760px; margin: 4px 0;
  color: var(--jp-ui-font-color1, #212121); }
.lc-form .widget-html-content, .lc-form .widget-html-content p { line-height: 1.5; }
.lc-form .widget-html { height: auto; }
.lc-form :is(h2, h3) { margin: 0 0 2px; font-size: 15px; font-weight: 600; }
.lc-form :is(.widget-text, .widget-password, .widget-dropdown) > label { width: 110px;
  text-align: left; color: var(--jp-ui-font-color1, #212121); }
.lc-form :is(.widget-text, .widget-password, .widget-dropdown) { width: calc(100% - 4px);
  max-width: 620px; }
.lc-form .widget-dropdown > select { background-image: none !important; appearance: auto;
  min-height: 28px; }
body[data-jp-theme-light="false"] .lc-form select { color-scheme: dark; }
.lc-form input:placeholder-shown { text-overflow: ellipsis; }
.lc-form code { font-size: 92%; overflow-wrap: anywhere; }
.lc-link { display: inline-block; margin: 2px 10px 2px 0; padding: 5px 14px; border-radius: 4px;
  border: 1px solid #1558b0; background: #1a66c9; color: #ffffff !important;
  font-weight: 600; text-decoration: none; }
.lc-link:hover { background: #1558b0; text-decoration: underline; }
.lc-link:focus-visible, .lc-form button:focus-visible, .lc-form input:focus-visible {
  outline: 3px solid #f5a623; outline-offset: 1px; }
.lc-aside { color: var(--jp-ui-font-color2, #555555); }
.lc-form .lc-say { border-left: 4px solid; padding: 6px 12px; margin: 6px 0 0;
  background: var(--jp-layout-color2, #f2f2f2); overflow-wrap: anywhere; }
.lc-say-done { border-color: #2e8b57 !important; }
.lc-say-waiting { border-color: #1a66c9 !important; }
.lc-say-note { border-color: #8a8a8a !important; }
.lc-form .lc-buttons { flex-wrap: wrap; margin-top: 6px; }
.lc-form .lc-buttons button { width: auto; min-width: 130px; }
.lc-form .lc-open-here { width: auto; align-self: flex-start; margin-bottom: 6px; }
.lc-form .lc-choices { flex-wrap: wrap; }
.lc-form .lc-callback-address { user-select: all; }
.lc-form details { margin-top: 4px; }
.lc-form summary { cursor: pointer; }
.lc-form:not(:has(> .lc-courier > .lc-ready)) > :not(.widget-html, .lc-courier) {
  visibility: hidden; }
.lc-courier { overflow: visible; margin: 0 2px; }
.lc-speech .lc-before { visibility: hidden; }
.lc-note-of-courier[hidden] { display: none; }
.lc-shows-use:is(.lc-edited, .lc-not-used)::after { content: "not used yet"; flex: none;
  align-self: center; padding-left: 8px; font-size: 12px; font-style: italic;
  color: var(--jp-ui-font-color2, #555555); }
</style>"""

#: Of each problem that a form explains: by it one knows whether it still shows.
_marks = count(1)

_WORDS = {"done": "Done.", "waiting": "Waiting.", "note": "Note."}


class Part(Fallback, widgets.VBox):  # type: ignore[misc]
    """A box with an area where it speaks, and callbacks whose failures show there.

    Args:
        fallback: one sentence for places that don't run widgets, such as a rendered page.
    """

    def __init__(self, fallback: str) -> None:
        super().__init__()
        self._fallback = fallback
        # The courier makes it a live region: what changes in it is read aloud.
        self._speech = widgets.HTML()
        self._speech.add_class("lc-speech")

    def say(self, kind: str, html: str) -> None:
        """Show one message, replacing the one before.

        Args:
            kind: ``"done"``, ``"waiting"`` or ``"note"``; it is shown as a word too.
            html: what to say; all that comes from outside already escaped.
        """
        self._speech.value = f'<div class="lc-say lc-say-{kind}"><b>{_WORDS[kind]}</b> {html}</div>'

    def explain(self, problem: TutorialError) -> None:
        """Show what went wrong, why, and what to do."""
        self._speech.value = f'<div data-said="{next(_marks)}">{problem.html()}</div>'

    @property
    def explained(self) -> str:
        """The mark of the problem that shows; empty if none does."""
        found = re.search(r'data-said="(\d+)"', self._speech.value)
        return found[1] if found else ""

    def still_explains(self, mark: str) -> bool:
        """Whether the problem with this mark is the one that shows."""
        return bool(mark) and f'data-said="{mark}"' in self._speech.value

    def _add(self, html: str) -> None:
        """Say something more, below the message that shows."""
        self._speech.value += f'<div class="lc-say lc-say-note">{html}</div>'

    def attempt(self, work: Callable[[], None]) -> None:
        """Run a callback's work; whatever it raises is shown in the form."""
        try:
            with shown_in(Place.FORM):
                work()
        except TutorialError as problem:
            self.explain(problem)
        except Exception as problem:  # noqa: BLE001
            self.explain(_unexpected(problem))

    def button(self, text: str, work: Callable[[], None], css_class: str, style: str = "") -> Any:
        """A button that does ``work`` once a click and can't be clicked again meanwhile."""
        button = reach(widgets.Button(description=text, button_style=style))
        button.add_class(css_class)

        def clicked(_: Any) -> None:
            if button.disabled:
                return
            button.disabled = True
            try:
                self.attempt(work)
            finally:
                button.disabled = False

        button.on_click(clicked)
        return button


class Form(Part):
    """A framed form with a title, its fields, and below them what it has to say.

    Args:
        title: one line, in words.
        fallback: one sentence for places that don't run widgets, such as a rendered page.
        level: of its heading: one more than what it stands below has.
    """

    def __init__(self, title: str, fallback: str, *, level: int = 3) -> None:
        super().__init__(fallback)
        self._done_callbacks: list[Callable[[], None]] = []
        self._heading = widgets.HTML(f"{_STYLE}<h{level}>{escape(title)}</h{level}>")
        self.add_class("lc-form")
        own_class = f"lc-form-{self.model_id}"
        self.add_class(own_class)
        self._courier = Courier(own_class)
        self._courier.when_shown = self._tell_shown
        self._shown_callbacks: list[Callable[[], None]] = []

    def _lay_out(self, *children: widgets.Widget) -> None:
        self.children = (self._heading, *children, self._courier, self._speech)

    def when_done(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` each time the learner has done what the form asks for."""
        self._done_callbacks.append(callback)

    def when_shown(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` each time a browser shows the form, and has told where it is."""
        self._shown_callbacks.append(callback)

    def _tell_shown(self) -> None:
        for callback in self._shown_callbacks:
            self.attempt(callback)

    def _tell_done(self) -> None:
        for callback in self._done_callbacks:
            callback()
        # A form within another one is done before that one is.
        if not self._done_callbacks:
            self._courier.tell_done()


def field(kind: Any, label: str, hint: str, css_class: str, **rest: Any) -> Any:
    """A field with a label, which hands over what it holds when it is left.

    Args:
        kind: its class, such as ``widgets.Text``.
        label: in words.
        hint: shown while it is empty.
        css_class: by which it can be found.
        rest: more traits of it.
    """
    made = kind(description=label, placeholder=hint, continuous_update=False, **rest)
    made.add_class(css_class)
    return reach(made)


def submits(*fields: widgets.Widget, button: widgets.Button) -> None:
    """Let Enter in one of these fields do what a click of the button does."""
    button.add_class("lc-default")
    for each in fields:
        each.add_class("lc-enter")


def buttons(*children: widgets.Widget) -> widgets.HBox:
    """A row of buttons that wraps in a narrow window."""
    row = widgets.HBox(children)
    row.add_class("lc-buttons")
    return row


def link(text: str, url: str, css_class: str = "") -> str:
    """A link that looks like a button and opens a tab of its own. No script, no pop-up."""
    return (
        f'<a class="lc-link {css_class}" href="{escape(url)}" target="_blank" rel="noopener">'
        f"{escape(text)}</a>"
    )


def plain_link(text: str, url: str) -> str:
    """A link within a sentence."""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener" '
        f'style="color: var(--jp-content-link-color, #1a66c9)">{escape(text)}</a>'
    )


def autopilot_is_on(platform: Platform) -> bool:
    """Whether forms do their steps by themselves. Never on the live platform."""
    return platform.is_sandbox and os.environ.get(AUTOPILOT_VARIABLE) == "1"


AUTOPILOT_BANNER = (
    f"<i>Autopilot is on ({AUTOPILOT_VARIABLE}=1): this form did its step by itself.</i>"
)


def _unexpected(problem: Exception) -> TutorialError:
    return TutorialError(
        what="This form met an error of its own.",
        why=f"{type(problem).__name__}: {masking.mask(str(problem))}",
        remedy="Run the cell again. If it comes back, please report it with this text.",
    )
