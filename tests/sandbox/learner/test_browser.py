"""The learner's browser reads pages as Python's own parser of HTML does."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from lc_tutorial.sandbox.learner import browser
from lc_tutorial.sandbox.learner.browser import Browser, Element
from lc_tutorial.sandbox.learner.learner import Learner
from tests.sandbox.conftest import CALLBACK, RunningSandbox


class Reference(HTMLParser):
    """What a page holds, in its order: elements with their attributes, where they end, texts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.held: list[object] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.held.append((tag, {name: value or "" for name, value in attrs}))
        if tag in browser._VOID:
            self.held.append(("end", tag))
        else:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            self.held.append(("end", self._open[-1]))
            if self._open.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        self.held.append(data)


def held(html: str) -> list[object]:
    reference = Reference(html)
    return [*reference.held, *(("end", tag) for tag in reversed(reference._open))]


def flat(element: Element) -> list[object]:
    found: list[object] = []
    for child in element.children:
        if isinstance(child, str):
            found.append(child)
        else:
            found += [(child.tag, child.attributes), *flat(child), ("end", child.tag)]
    return found


def joined(parts: list[object]) -> list[object]:
    """The same, with texts that follow each other made one: how they are cut says nothing."""
    found: list[object] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return found


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch, sandbox: RunningSandbox) -> list[str]:
    """The pages of a whole walk, and more of the sandbox's."""
    pages: list[str] = []
    parse: Callable[[str], Element] = browser.parse

    def kept(html: str) -> Element:
        pages.append(html)
        return parse(html)

    with monkeypatch.context() as patch:
        patch.setattr(browser, "parse", kept)
        walk(sandbox)
    return pages


def walk(sandbox: RunningSandbox) -> None:
    learner = Learner(sandbox.url, sandbox.author.email, sandbox.author.password)
    app = learner.create_app('A "quoted" <b>app</b> & more', CALLBACK, installed=True)
    query = f"response_type=code&client_id={app.client_id}&redirect_uri={CALLBACK}"
    learner.authorize(f"{sandbox.url}/?{query}")
    learner.people()
    visitor = Browser(sandbox.url)
    for path in ("console/inbox", "example-app", "_sandbox/", "nothing-here", "signup"):
        visitor.open(f"{sandbox.url}/{path}")
    visitor.close()


def test_it_reads_every_page_as_pythons_parser_does(walked: list[str]) -> None:
    assert len(walked) > 15
    for page in walked:
        assert joined(flat(browser.parse(page))) == joined(held(page))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "no element",
        "<p>a &amp; b &lt; c &#8211; d &nbsp;</p>",
        "<p title=\"a > b\" class='x' hidden data-n=5>text</p>",
        '<a href="?a=1&amp;b=2">x</a>',
        '<input value="&quot;quoted&quot;" DISABLED><br><p>after',
        "<!doctype html><html><!-- <p>none</p> --><P>Big</P></html>",
        "<script>if (a < b) { '<p>' }</script><p>after</p>",
        "<style>a > b { color: red }</style>",
        "<div><p>left open</div><p>after</p></div></main>",
        "<textarea>\n&lt;p&gt;</textarea>",
        "<p\n  id='a'\n>over\nlines</p\n>",
    ],
)
def test_it_reads_what_pages_may_hold(html: str) -> None:
    assert joined(flat(browser.parse(html))) == joined(held(html))


def test_an_attribute_that_an_element_has_not_is_empty() -> None:
    found = browser.parse('<p data-name="class">x</p>').find("p")
    assert found is not None
    assert (found.get("data-name"), found.get("name"), found.get("class")) == ("class", "", "")
