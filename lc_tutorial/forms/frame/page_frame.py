"""The widget: an address bar, and below it a page of the sandbox.

All that passes between the browser and the kernel goes in messages of the widget's own. Its state,
which Jupyter may save into the notebook, has its script and its looks, and nothing of any page.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lc_tutorial.errors import InputError
from lc_tutorial.forms.courier import script
from lc_tutorial.forms.fallback import Fallback
from lc_tutorial.forms.frame.addresses import Site
from lc_tutorial.forms.frame.browser import Browser
from lc_tutorial.platforms import Platform, check_platform, jupyter

_HERE = Path(__file__).parent


class PageFrame(Fallback, anywidget.AnyWidget):
    """Shows the sandbox's pages in the notebook, where no tab of the browser can.

    It is a browser of its own, with an address bar, a way back, and cookies that no other frame
    has. ``platform.in_notebook()`` makes one. Links that ask for a tab of their own open in it.

    Args:
        platform: from :func:`lc_tutorial.connect`.
        address: of a page of the sandbox; the Console, if not given.
        when_closed: called when a person closes the frame; without it, they can't.

    Raises:
        InputError: it is the live platform, or the address is none of the sandbox's.
    """

    _fallback = "A frame with the sandbox's pages. It needs a notebook that runs widgets."
    _esm = script() + (_HERE / "page_frame.js").read_text(encoding="utf-8")
    _css = (_HERE / "page_frame.css").read_text(encoding="utf-8")

    #: Whether the bar has a button that closes the frame.
    closes = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        platform: Platform,
        address: str | None = None,
        *,
        when_closed: Callable[[], None] | None = None,
    ) -> None:
        check_platform(platform, "platform.in_notebook()")
        if not platform.is_sandbox:
            raise _not_live()
        super().__init__(closes=when_closed is not None)
        self._when_closed = when_closed
        self._is_open = False
        self._is_dark = False
        self._site = Site.of(platform)
        self._browser = Browser(self._site)
        #: What opens next without a link: the first page, and where the form's button leads.
        self._next: str | None = self._checked(address or platform.console_url)
        self._dom_classes = ("lc-page-frame", f"lc-model-{self.model_id}")
        self.on_msg(self._arrived)

    def go_to(self, address: str) -> None:
        """Open another page of the sandbox, with the cookies that are there.

        Where a page is open, it is asked first whether something in it is not saved.

        Raises:
            InputError: the address is none of the sandbox's.
        """
        self._next = self._checked(address)
        if self._is_open:
            self.send({"kind": "leave"})

    def _checked(self, address: str) -> str:
        # What is no text can come from a learner's cell.
        url = self._site.for_kernel(address) if isinstance(address, str) else ""
        if not self._site.has(url):
            raise InputError(
                what="This is no address of the sandbox.",
                why="The frame in the notebook shows the sandbox's own pages alone.",
                remedy="Use platform.in_notebook() for the Console, or give it an address that "
                "begins with platform.authorization_url.",
            )
        return url

    def _arrived(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        if content.get("kind") == "close":
            self._is_open = False
            if self._when_closed is not None:
                self._when_closed()
            return
        self._is_dark = bool(content.get("dark", self._is_dark))
        number = content.get("number")
        try:
            self._do(content)
        except Exception as problem:  # noqa: BLE001  (a page must come, whatever goes wrong)
            self._browser.fail(problem)
        self._show(number, moved=content.get("kind") != "shown")

    def _do(self, content: dict[str, Any]) -> None:
        """What a person did in the browser."""
        match content.get("kind"):
            case "link":
                self._browser.open(str(content["href"]))
            case "form":
                fields = [(str(name), str(value)) for name, value in content["fields"]]
                self._browser.submit(str(content["action"]), str(content["method"]), fields)
            case "back":
                self._browser.back()
            case "reload":
                self._browser.reload()
            case "go":
                self._open_next()
            case "shown":
                jupyter.browser_is_at(str(content.get("origin", "")))
                # In one more place: the page that is open in the others.
                if not self._is_open:
                    self._open_next()
                self._is_open = True

    def _open_next(self) -> None:
        # Once, in however many places the frame is shown.
        if self._next is not None:
            self._browser.open(self._next)
            self._next = None

    def _show(self, number: Any, *, moved: bool) -> None:
        """Send the page that is open to each place where the frame is shown.

        Args:
            number: of the message that asked for it.
            moved: whether something was done in the browser; else the frame shows in a place where
                it did not, and the others stay as they are.
        """
        page = self._browser.shown
        if page is None:
            return
        # Of a page that leads the frame elsewhere, what comes there has no word.
        word = secrets.token_urlsafe()
        self.send(
            {
                "kind": "page",
                "word": word,
                "address": page.address,
                "html": self._document(word),
                "back": self._browser.can_go_back,
                "moved": moved,
                "number": number,
            }
        )

    def _document(self, word: str) -> str:
        try:
            return self._browser.document(word=word, dark=self._is_dark)
        except Exception as problem:  # noqa: BLE001  (what an app sends may be anything)
            self._browser.fail(problem)
            return self._browser.document(word=word, dark=self._is_dark)


def _not_live() -> InputError:
    return InputError(
        what="The live platform's pages open in tabs of your browser, not in the notebook.",
        why="They are on the web, where every browser reaches them. And a real password belongs "
        "into a page whose address your browser itself shows.",
        remedy="Follow the links of the forms. platform.in_notebook() is for the sandbox.",
    )
