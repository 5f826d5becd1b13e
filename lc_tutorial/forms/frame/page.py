"""A page of the sandbox, made ready for a frame that has no address and asks nobody for anything.

What stands in the page stays as it is, character by character, but for what would take the place of
a header. In the place of each stylesheet, script and picture that it loads from the sandbox stands
the thing itself, as far as the page's own policy allows it; in front stand the policy, and the
script that takes its links and forms to the kernel.
"""

import base64
import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from lc_tutorial.forms.frame.policy import Inlined, allows_self, digest, in_frame, read_policies

#: In front of all of the page's own: it hears of a click first, and reads the page at its end.
_INSIDE = Path(__file__).with_name("inside.js").read_text(encoding="utf-8")

#: How a page asks which theme the browser has; the frame tells it of the notebook's.
_ASKED_THEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")
_BOTH_THEMES = re.compile(r"color-scheme\s*:\s*light dark")

#: With it a page speaks in the place of a header. Where a browser reads it, this parser need not:
#: the two differ on where a comment ends, and on much else.
_HEADER = re.compile("http-equiv", re.IGNORECASE)

#: Gives the content of what a page loads, and its media type; None where it is not to be had.
Load = Callable[[str], tuple[bytes, str] | None]


def framed(html: str, policy: str, load: Load, *, word: str, dark: bool = False) -> str:
    """Make a page ready for the frame.

    Args:
        html: as it came.
        policy: its ``Content-Security-Policy``; empty where it has none: then it runs no scripts.
        load: asked for what the page loads, by the address as it stands there.
        word: by which the page's script shows that it is this page's: letters, digits and dashes.
        dark: whether the notebook's theme is. A frame has the theme of the system, else.

    Returns:
        The whole text of the frame's document.
    """
    policies = read_policies(policy)
    script = f'({_INSIDE})("{word}");'
    inlined = Inlined(scripts=[digest(script)])
    inliner = _Inliner(html, load, inlined, "dark" if dark else "light")
    if policies:
        inliner.styles = allows_self(policies, "style-src")
        inliner.scripts = allows_self(policies, "script-src")
        inliner.images = allows_self(policies, "img-src")
    body = _HEADER.sub("data-http-equiv", inliner.result())
    metas = "".join(
        f'<meta http-equiv="Content-Security-Policy" content="{escape(each)}">'
        for each in in_frame(policies, inlined)
    )
    # Our own come first: what the parser meets in front of them could be anything.
    theme = f'<meta name="color-scheme" content="{inliner.theme}">'
    return f"<!doctype html>{metas}{theme}<script>{script}</script>{body}"


class _Inliner(HTMLParser):
    """Finds what a page loads, and puts it into the page."""

    styles = scripts = images = False

    def __init__(self, html: str, load: Load, inlined: Inlined, theme: str) -> None:
        super().__init__(convert_charrefs=True)
        self._html = html
        self._load = load
        self.theme = theme
        self._is_in_style = False
        self._inlined = inlined
        self._lines = [0, *(found.end() for found in re.finditer("\n", html))]
        #: Pieces of the page that are replaced: where each begins and ends, and by what.
        self._edits: list[tuple[int, int, str]] = []
        self._deferred: list[str] = []
        # A script that is replaced goes on to its end tag.
        self._script: tuple[int, str, bool] | None = None

    def result(self) -> str:
        """The page with all of it inside."""
        self.feed(self._html)
        self.close()
        pieces, done = [], 0
        for start, end, text in self._edits:
            pieces += [self._html[done:start], text]
            done = end
        return "".join([*pieces, self._html[done:], *self._deferred])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is to be replaced. Of an attribute that comes twice, the first counts."""
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta" and "http-equiv" in given:
            # A policy of its own, or the way to another page: neither is ours to follow.
            self._replace("")
        elif tag == "link":
            self._replace(self._stylesheet(given))
        elif tag == "style":
            self._is_in_style = True
        elif tag == "script" and "src" in given:
            self._script = (self._offset(), given["src"], "defer" in given)
        elif tag == "img" and "src" in given and self.images:
            self._picture(given)

    def handle_data(self, data: str) -> None:
        """A style of the page's own has the notebook's theme, too."""
        if self._is_in_style:
            start = self._offset()
            self._edits.append((start, start + len(data), self._dressed(data)))

    def handle_endtag(self, tag: str) -> None:
        """Replace a script, once its end is here."""
        if tag == "style":
            self._is_in_style = False
        if tag != "script" or self._script is None:
            return
        (start, src, is_deferred), self._script = self._script, None
        end = self._html.find(">", self._offset()) + 1 or len(self._html)
        script = self._loaded(src, "</script") if self.scripts else None
        text = ""
        if script is not None:
            self._inlined.scripts.append(digest(script))
            text = f"<script>{script}</script>"
        if is_deferred:
            self._deferred.append(text)
        self._edits.append((start, end, "" if is_deferred else text))

    def _stylesheet(self, given: dict[str, str]) -> str:
        if "stylesheet" not in given.get("rel", "").lower().split() or not self.styles:
            return ""
        loaded = self._loaded(given.get("href", ""), "</style")
        if loaded is None:
            return ""
        style = self._dressed(loaded)
        self._inlined.styles.append(digest(style))
        media = f' media="{escape(given["media"])}"' if given.get("media") else ""
        return f"<style{media}>{style}</style>"

    def _dressed(self, style: str) -> str:
        """A style, as it is where the browser has the notebook's theme."""
        style = _BOTH_THEMES.sub(f"color-scheme: {self.theme}", style)
        return _ASKED_THEME.sub(
            lambda asked: "(min-width: 0)" if asked[1] == self.theme else "(max-width: 0)", style
        )

    def _picture(self, given: dict[str, str]) -> None:
        loaded = self._load(given["src"])
        if loaded is None or not loaded[1].startswith("image/"):
            return
        self._inlined.has_images = True
        given["src"] = f"data:{loaded[1]};base64,{base64.b64encode(loaded[0]).decode()}"
        given.pop("srcset", None)
        self._replace(
            "<img" + "".join(f' {name}="{escape(value)}"' for name, value in given.items()) + ">"
        )

    def _loaded(self, address: str, end: str) -> str | None:
        """The text of a script or a stylesheet, if it can stand in a page as it is."""
        loaded = self._load(address)
        if loaded is None:
            return None
        # As the parser of the browser reads line ends: else the digest is of another text.
        text = loaded[0].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        is_harmless = end not in text.lower() and "<!--" not in text and "\0" not in text
        # Nothing in it is changed, then: its digest holds.
        return text if is_harmless and not _HEADER.search(text) else None

    def _replace(self, text: str) -> None:
        """Put something in the place of the tag that was just read."""
        start = self._offset()
        self._edits.append((start, start + len(self.get_starttag_text() or ""), text))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
