"""The request lab: for these APIs, what Postman is for all."""

import time
import weakref
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import requests

from lc_tutorial.errors import TutorialError
from lc_tutorial.forms import base
from lc_tutorial.forms.lab.answer import Answer
from lc_tutorial.forms.lab.collection import Collection
from lc_tutorial.forms.lab.copy import CopyBox
from lc_tutorial.forms.lab.editor import Editor
from lc_tutorial.forms.lab.fields import Fold
from lc_tutorial.forms.lab.history import History
from lc_tutorial.forms.lab.import_box import ImportBox
from lc_tutorial.forms.lab.style import STYLE
from lc_tutorial.forms.lab.values import Values
from lc_tutorial.lab import (
    Bearer,
    HostNotAllowed,
    JsonBody,
    Request,
    Sent,
    is_for_browser,
    remarks,
    send,
    vault_of,
    why_not_followed,
)
from lc_tutorial.platforms import Platform, billing, check_platform

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables

#: Seconds after an answer in which a click belongs to the one before: to a double click, to one
#: that waited while the request was under way, or to a key that is held down.
_SETTLING = 0.5

#: Those of all labs: when the cell is run again, what the one before revealed is hidden.
_answers: "weakref.WeakSet[Answer]" = weakref.WeakSet()


class RequestLab(base.Form):
    """Imports, edits, sends and keeps requests to the platform, and shows their answers.

    It needs no token to open: what a request refers to by name is looked up when it is sent.
    Secrets are in no field and in no saved state of it, only names for them.

    Args:
        platform: from :func:`lc_tutorial.connect`. No other host is reachable, unless the learner
            says so for one.
        app: the form of step 1; so the lab knows the app's three values.
        authorization: the form of step 2; so it knows the code.
        token: of step 3.

    Where one of the last three is not given, the lab takes what this kernel has seen of it.
    """

    def __init__(
        self, platform: Platform, app: Any = None, authorization: Any = None, token: Any = None
    ) -> None:
        check_platform(platform, "lc.RequestLab(platform, app, authorization, token)")
        super().__init__(
            "The request lab",
            "A request lab: paste, edit and send requests to the platform, and see the answers.",
        )
        self.platform = platform
        self._vault = vault_of(platform, app, authorization, token)
        self._also_to: set[str] = set()
        self._stranger = ""
        # Until when a click of a button belongs to the one before, which sent this.
        self._settled: dict[str, tuple[float, Request]] = {}
        for earlier in _answers:
            earlier.hide_secrets()
        self._make_parts()
        self._heading.value += STYLE
        self.add_class("lc-lab")
        self.children = (
            self._heading,
            self._price,
            self._import,
            self._editor,
            self._values,
            self._buttons,
            self._copy,
            self._courier,
            self._speech,
            self._answer,
            self._history_fold,
            self._collection_fold,
        )
        self._editor.fill(_first_request(platform))
        self._tell_price()

    def _make_parts(self) -> None:
        self._price = widgets.HTML()
        self._price.add_class("lc-price")
        self._import = Fold(
            "Import a cURL command or a URL",
            "lc-import-fold",
            ImportBox(self.platform, self._vault, self._fill),
        )
        self._send_button = self.button("Send", self._send_once, "lc-send", "primary")
        self._editor = Editor(self._vault, self._changed, self._send_button)
        self._values = Values(self._vault, self._changed)
        self._copy = CopyBox(lambda: self._editor.request)
        self._also_button = self.button("Also send to …", self._send_to_stranger, "lc-also-send")
        self._also_button.layout.display = "none"
        self._buttons = base.buttons(self._also_button, *self._copy.buttons)
        self._answer = Answer()
        _answers.add(self._answer)
        self._history = History(self._open_sent, self._send_again)
        self._history_fold = Fold(
            "History", "lc-history", self._history, opened=self._careful(self._refresh_history)
        )
        self._collection = Collection(self.platform, lambda entry: self._fill(entry.request))
        self._collection_fold = Fold("Collection", "lc-collection", self._collection)
        self._refresh_history()

    # --- For cells ------------------------------------------------------------------------------

    @property
    def request(self) -> Request:
        """The request in the fields, with references where secrets belong.

        Raises:
            InputError: its URL is none.
        """
        return self._editor.request

    @property
    def response(self) -> requests.Response:
        """What ``requests`` returned: the answer that the lab shows.

        Raises:
            StepIncomplete: it shows none.
        """
        return self._answer.response

    @property
    def tables(self) -> "Tables":
        """The chats of this answer as tables, as :func:`lc_tutorial.tables` makes them.

        Raises:
            StepIncomplete: the lab shows no answer.
            TutorialError: the answer holds no chats.
        """
        return self._answer.tables

    # --- What the parts call --------------------------------------------------------------------

    def _fill(self, request: Request) -> None:
        self._editor.fill(request)

    def _changed(self) -> None:
        """The request in the fields is another one now, or a value came."""
        self._forget_stranger()
        self._copy.clear()
        self._speech.value = ""
        self._editor.refresh()
        try:
            references = self._editor.request.references
        except TutorialError:
            # It is said when it is sent; while it is written, half a URL is no mistake.
            references = None
        self._values.refresh(references)

    def _send_once(self, button: str = "send") -> None:
        """Send what is in the fields, unless this click of the button belongs to the one before."""
        self._copy.clear()
        try:
            request = self._editor.checked
        except TutorialError:
            # An earlier answer below would seem to belong to this.
            self._answer.clear()
            raise
        until, before = self._settled.get(button, (0.0, None))
        if time.monotonic() >= until or request != before:
            self._answer.clear()
            try:
                self._send_now(request)
            finally:
                self._settled[button] = (time.monotonic() + _SETTLING, request)
        else:
            self._settled[button] = (time.monotonic() + _SETTLING, request)

    def _send_now(self, request: Request) -> None:
        self._forget_stranger()
        if (page := is_for_browser(request, self.platform, self._vault)) is not None:
            if self.platform.opens_in_notebook:
                way = f"<code>platform.in_notebook({escape(repr(page))})</code> in a cell shows it."
            else:
                way = base.link("Open the page", page, "lc-open-page")
            self.say(
                "note",
                f"This is the authorization page, for people: open it in the browser. {way}",
            )
            return
        remarked = remarks(request, self._vault)
        self.say("waiting", f"Sending to {escape(request.host)} …")
        try:
            response = send(request, self._vault, self.platform, also_to=self._also_to)
        except HostNotAllowed as problem:
            self._offer_stranger(problem.host)
            raise
        finally:
            self._refresh_history()
        self._speech.value = ""
        stopped = why_not_followed(response, self.platform, also_to=self._also_to)
        if told := [*remarked, *filter(None, [stopped])]:
            self.say("note", escape(" ".join(told)))
        self._answer.show(response)
        self._values.refresh()
        self._editor.refresh()
        self._tell_price()

    def _send_again(self, sent: Sent) -> None:
        self._fill(sent.request)
        self._send_once("again")

    def _open_sent(self, sent: Sent) -> None:
        self._fill(sent.request)
        self._answer.look_back(sent)
        self.say(
            "note",
            f"Request {sent.number} is in the fields, and its answer below. Nothing was sent now.",
        )

    def _refresh_history(self) -> None:
        self._history.refresh()
        count = self._history.count
        self._history_fold.hint(f"{count} sent" if count else "")

    # --- Other hosts ----------------------------------------------------------------------------

    def _offer_stranger(self, host: str) -> None:
        self._stranger = host
        self._also_button.description = f"Also send to {host}"
        self._also_button.layout.display = None

    def _forget_stranger(self) -> None:
        self._stranger = ""
        self._also_button.layout.display = "none"

    def _send_to_stranger(self) -> None:
        if self._stranger:
            self._also_to.add(self._stranger)
            self._send_once("stranger")

    # --- Words ----------------------------------------------------------------------------------

    def _tell_price(self) -> None:
        if self.platform.is_sandbox:
            self._price.value = (
                '<p class="lc-aside">It sends to the sandbox, and nothing there costs anything.</p>'
            )
            return
        self._price.value = (
            "<p><b>Live platform.</b> Each call of the API is billed: USD 0.27 per 1,000 after the "
            "first 1,000, failed ones too. "
            f"Billed calls so far in this kernel: <b>{billing.calls()}</b>.</p>"
        )

    def _careful(self, work: Callable[[], None]) -> Callable[[], None]:
        return lambda: self.attempt(work)


def _first_request(platform: Platform) -> Request:
    """What the lab opens with: step 4 of the tutorial."""
    return Request.to(
        platform.list_chats_url,
        method="POST",
        authorization=Bearer("{{access_token}}"),
        body=JsonBody('{\n  "limit": 10\n}'),
    )
