"""A browser of a few lines for the scripted learner: pages, links and forms, no JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "source", "wbr"})
_TIMEOUT = 30.0
_MOST_REDIRECTS = 10


class Stuck(Exception):
    """A page is not what was expected; the text says which one, and what it said."""


@dataclass(slots=True)
class Element:
    """An element of a page, with what it contains."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = field(default=None, repr=False)
    children: list["Element | str"] = field(default_factory=list, repr=False)

    def __iter__(self) -> Iterator["Element"]:
        """Go through the elements inside, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    @property
    def text(self) -> str:
        """What a person reads in it, with single spaces."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def get(self, name: str) -> str:
        """Return an attribute, or an empty text."""
        return self.attributes.get(name, "")

    def find(self, tag: str = "", **attributes: str) -> "Element | None":
        """Return the first element inside with that tag and those attributes."""
        return next(self.find_all(tag, **attributes), None)

    def find_all(self, tag: str = "", **attributes: str) -> Iterator["Element"]:
        """Go through all elements inside with that tag and those attributes."""
        for element in self:
            if tag in ("", element.tag) and all(
                element.get(name) == value for name, value in attributes.items()
            ):
                yield element

    def inside(self, tag: str) -> "Element | None":
        """Return the nearest element with that tag that this one is in."""
        element = self.parent
        while element is not None and element.tag != tag:
            element = element.parent
        return element


@dataclass
class Page:
    """A page as it arrived, or, without a root, an address outside that a redirect leads to."""

    url: str
    root: Element | None

    def find(self, tag: str = "", **attributes: str) -> Element | None:
        """Return the first element with that tag and those attributes."""
        return self.root.find(tag, **attributes) if self.root else None

    def need(self, tag: str = "", **attributes: str) -> Element:
        """Return the first such element.

        Raises:
            Stuck: There is none.
        """
        found = self.find(tag, **attributes)
        if found is None:
            wanted = " ".join([tag, *(f'{name}="{value}"' for name, value in attributes.items())])
            raise Stuck(f'The page "{self.title}" has no element {wanted.strip()}. {self.problem}')
        return found

    @property
    def title(self) -> str:
        """The page's heading."""
        heading = self.find("h1") or self.find("title")
        return heading.text if heading else ""

    @property
    def problem(self) -> str:
        """What the page reports as wrong; empty if nothing is."""
        alert = self.find(role="alert") or self.find(**{"class": "field-error"})
        return alert.text if alert else ""


class Browser:
    """Opens pages, follows links and submits forms, and keeps cookies.

    Args:
        url: The origin of the pages, without a slash at the end. No other origin is asked for
            anything: a redirect that leads elsewhere ends in a page without a root.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def open(self, url: str, *, until: str | None = None) -> Page:
        """Open an address, and follow redirects up to the one that starts with `until`."""
        return self._follow(self._send("GET", url), until)

    def click(self, page: Page, link: Element) -> Page:
        """Follow a link."""
        return self.open(urljoin(page.url, link.get("href")))

    def press(
        self,
        page: Page,
        button: Element,
        entered: dict[str, str] | None = None,
        ticked: dict[str, tuple[str, ...]] | None = None,
        *,
        until: str | None = None,
    ) -> Page:
        """Press a button, and so submit the form that it is in.

        Args:
            page: The page with the form.
            button: The button that is pressed.
            entered: What to type into fields, by name.
            ticked: Which check boxes or radio buttons to choose, by name: their values.
            until: Where to stop following redirects.
        """
        form = button.inside("form")
        if form is None:
            raise Stuck(f'The button "{button.text}" of "{page.title}" is in no form.')
        fields = list(_fields(form, entered or {}, ticked or {}))
        if button.get("name"):
            fields.append((button.get("name"), button.get("value")))
        target = urljoin(page.url, form.get("action") or page.url)
        return self._follow(self._send("POST", target, fields), until)

    def _send(
        self, method: str, url: str, fields: list[tuple[str, str]] | None = None
    ) -> requests.Response:
        return self._session.request(
            method, url, data=fields, timeout=_TIMEOUT, allow_redirects=False
        )

    def _follow(self, response: requests.Response, until: str | None) -> Page:
        for _ in range(_MOST_REDIRECTS):
            if not response.is_redirect:
                return Page(response.url, parse(response.text))
            target = urljoin(response.url, response.headers["location"])
            if not target.startswith(f"{self._url}/") or (until and target.startswith(until)):
                return Page(target, None)
            response = self._send("GET", target)
        raise Stuck("The pages of the sandbox redirect to each other for ever.")


def _fields(
    form: Element, entered: dict[str, str], ticked: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Go through what a form sends, beside the button that was pressed."""
    for control in form:
        name, kind = control.get("name"), control.get("type")
        if not name or "disabled" in control.attributes or control.tag == "button":
            continue
        if control.tag == "select":
            options = list(control.find_all("option"))
            chosen = [option for option in options if "selected" in option.attributes] or options
            yield name, entered.get(name, chosen[0].get("value"))
        elif kind in ("checkbox", "radio"):
            value = control.get("value")
            chosen_here = name in ticked and value in ticked[name]
            if chosen_here or (name not in ticked and "checked" in control.attributes):
                yield name, value
        elif control.tag == "input" and kind not in ("submit", "button", "image", "file"):
            yield name, entered.get(name, control.get("value"))


class _Builder(HTMLParser):
    """Builds the tree of a page's elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Element("#page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self._open
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self._open = element.parent

    def handle_data(self, data: str) -> None:
        if not data.isspace():  # Between elements there is a space anyway: see `Element.text`.
            self._open.children.append(data)


def parse(html: str) -> Element:
    """Read a page, and return the element that holds all of it."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
