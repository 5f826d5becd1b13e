"""A request to edit: method, URL, query, headers, body, authorization."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.base import field
from lc_tutorial.forms.choices import Choices
from lc_tutorial.forms.lab.authorization import AuthorizationEditor
from lc_tutorial.forms.lab.body import BodyEditor
from lc_tutorial.forms.lab.fields import Rows, choice, not_too_long
from lc_tutorial.lab import (
    METHODS,
    Basic,
    Bearer,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
    Vault,
    split_url,
    withheld,
)

_AUTHORIZATIONS = {Bearer: "a Bearer token", Basic: "a Basic authorization"}
_BODIES = {JsonBody: "a JSON body", FormBody: "a form", TextBody: "a body of text"}

_PANELS = ("Authorization", "Body", "Query", "Headers")


class Editor(base.Part):
    """Shows a request in fields, and makes a request of them.

    A secret that is typed or pasted into a field is moved into the vault at once, and its
    reference stays.

    Args:
        vault: that keeps secrets.
        changed: called after each change.
        send: the button that sends it. It stands beside the URL, above all that grows and shrinks:
            a button that moves while it is clicked is missed.
    """

    def __init__(self, vault: Vault, changed: Callable[[], None], send: widgets.Button) -> None:
        super().__init__("The fields of a request.")
        self._vault, self._changed = vault, changed
        self._is_filling = False
        self._method = choice("Method", [(each, each) for each in METHODS], "lc-method")
        self._url = field(widgets.Text, "URL", "https://…", "lc-url")
        first = widgets.HBox((self._method, self._url, send))
        first.add_class("lc-address")
        base.submits(self._url, button=send)
        self._authorization = AuthorizationEditor(vault, self._left, self.attempt)
        self._body = BodyEditor(self._left)
        self._query = Rows("query parameter", "lc-query", self._left)
        self._headers = Rows("header", "lc-headers", self._left)
        self._panels: dict[str, Any] = dict(
            zip(_PANELS, (self._authorization, self._body, self._query, self._headers), strict=True)
        )
        self._tabs = Choices((name, name) for name in _PANELS)
        self._tabs.add_class("lc-tabs")
        self._summary = widgets.HTML()
        self._summary.add_class("lc-summary")
        self._method.observe(lambda _: self._left(self._method, ""), names="value")
        self._url.observe(lambda _: self._left(self._url, ""), names="value")
        self._tabs.observe(lambda _: self._arrange(), names="value")
        self.add_class("lc-editor")
        self.children = (
            first,
            self._tabs,
            self._summary,
            *self._panels.values(),
            self._speech,
        )
        self._arrange()

    @property
    def request(self) -> Request:
        """What the fields say.

        Raises:
            InputError: the URL is none.
        """
        address, query = split_url(self._url.value)
        return Request(
            method=self._method.value,
            url=address,
            query=self._query.pairs + query,
            headers=self._headers.pairs,
            authorization=self._authorization.authorization,
            body=self._body.body,
        )

    @property
    def checked(self) -> Request:
        """The same, ready to be sent.

        Raises:
            InputError: the URL is none, or the body is no JSON though it should be.
        """
        request = self.request
        self._body.check()
        return request

    def fill(self, request: Request) -> None:
        """Show this request in the place of what is there."""
        self._is_filling = True
        try:
            if request.method not in METHODS:
                self._method.options = [(each, each) for each in (*METHODS, request.method)]
            self._method.value = request.method
            self._url.value = request.url
            self._query.fill(request.query)
            self._headers.fill(request.headers)
            self._authorization.fill(request.authorization)
            self._body.fill(request.body)
        finally:
            self._is_filling = False
        self._speech.value = ""
        self._tabs.value = "Body" if request.body is not None else "Authorization"
        self._summarize()
        self._changed()

    def refresh(self) -> None:
        """Say anew which values there are."""
        self._is_filling = True
        self._authorization.refresh()
        self._is_filling = False

    def _left(self, changed: Any, name: str) -> None:
        if not self._is_filling:
            self.attempt(lambda: self._take(changed, name))

    def _take(self, changed: Any, name: str) -> None:
        self._speech.value = ""
        if isinstance(changed, widgets.Text | widgets.Textarea):
            self._withhold(changed, name)
        if changed is self._url and "?" in changed.value:
            self._move_query()
        self._move_authorization()
        self._body.look()
        self._summarize()
        self._changed()

    def _withhold(self, changed: Any, name: str) -> None:
        """Leave references in a field where secrets were, and nothing of what is far too long."""
        typed = changed.value
        kept = typed
        try:
            not_too_long(typed)
            kept = withheld(typed, self._vault, name)
        except Exception:
            kept = ""
            raise
        finally:
            if kept != typed:
                self._is_filling = True
                changed.value = kept
                self._is_filling = False

    def _move_query(self) -> None:
        """Take the query out of the URL into rows, where it can be read."""
        address, query = split_url(self._url.value)
        self._is_filling = True
        self._url.value = address
        self._query.fill(self._query.pairs + query)
        self._is_filling = False
        self.say("note", "The URL had a query: it is in the rows of <b>Query</b> now.")

    def _move_authorization(self) -> None:
        """Take a Bearer token that was written as a header to where tokens are chosen."""
        for name, value in self._headers.pairs:
            scheme, _, token = value.partition(" ")
            if name.lower() == "authorization" and scheme.lower() == "bearer" and token.strip():
                self._is_filling = True
                self._authorization.fill(Bearer(token.strip()))
                self._headers.fill(
                    tuple(pair for pair in self._headers.pairs if pair != (name, value))
                )
                self._is_filling = False
                self.say("note", "The token of that header is in <b>Authorization</b> now.")

    def _summarize(self) -> None:
        """Say what is in the panels that don't show."""
        authorization, body = self._authorization.authorization, self._body.body
        said = {
            "Authorization": _AUTHORIZATIONS.get(type(authorization), ""),
            "Body": _BODIES.get(type(body), ""),
            "Query": _count(self._query.pairs, "query parameter"),
            "Headers": _count(self._headers.pairs, "header"),
        }
        hidden = [each for name, each in said.items() if each and name != self._tabs.value]
        self._summary.value = (
            f"<p class='lc-aside'>Also in the request: {', '.join(hidden)}.</p>" if hidden else ""
        )

    def _arrange(self) -> None:
        for name, panel in self._panels.items():
            panel.layout.display = None if name == self._tabs.value else "none"
        self._summarize()


def _count(pairs: Pairs, what: str) -> str:
    return f"{len(pairs)} {what}{'' if len(pairs) == 1 else 's'}" if pairs else ""
