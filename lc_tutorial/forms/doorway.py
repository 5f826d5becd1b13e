"""The way from a form to a page of the platform: a tab, or a frame below the form's links.

Where the browser reaches the platform, it is a link. Where it can't, it is a button that opens the
page in the notebook; and where nobody knows, as in VS Code, there are both.
"""

from collections.abc import Callable

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.frame.page_frame import PageFrame
from lc_tutorial.platforms import Platform, jupyter


class Doorway:
    """A link, a button and the place of a frame, which a form lays out one below the other.

    Args:
        form: that has them.
        platform: whose page it is.
        text: of the link and the button.
        address: of the page, for the browser.
        css_class: of the link.
        aside: gives what stands behind the link, as HTML.
        when_opened: called before the page opens in the notebook.
    """

    def __init__(
        self,
        form: base.Form,
        platform: Platform,
        text: str,
        address: str,
        css_class: str,
        *,
        aside: Callable[[], str] = lambda: "",
        when_opened: Callable[[], None] = lambda: None,
    ) -> None:
        self._platform = platform
        self._text = text
        self._address = address
        self._css_class = css_class
        self._frame: PageFrame | None = None
        self._aside = aside
        self._when_opened = when_opened
        self.links = widgets.HTML()
        self._here = form.button("", self._open, "lc-open-here", "primary")
        self._place = widgets.VBox()
        self._place.add_class("lc-frame-place")
        self.refresh()
        form.when_shown(self.refresh)

    @property
    def parts(self) -> tuple[widgets.Widget, ...]:
        """What the form lays out. The live platform's pages open in tabs alone."""
        return (self.links, self._here, self._place) if self._platform.is_sandbox else (self.links,)

    def refresh(self) -> None:
        """Show the ways that there are, now that a browser may have said where it is."""
        is_only_way = self._platform.opens_in_notebook
        link = "" if is_only_way else base.link(self._text, self._address, self._css_class)
        self.links.value = link + self._aside()
        self._here.description = self._text if is_only_way else f"{self._text} here"
        self._here.layout.display = None if is_only_way or jupyter.in_vs_code() else "none"

    def _open(self) -> None:
        self._when_opened()
        if self._frame is None:
            self._frame = PageFrame(self._platform, self._address, when_closed=self._close)
        else:
            self._frame.go_to(self._address)
        self._place.children = (self._frame,)

    def _close(self) -> None:
        """As a tab is closed: who opens it again is still signed in."""
        self._place.children = ()
