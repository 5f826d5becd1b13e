"""A page, made ready for the frame."""

import html
import re

import pytest

from lc_tutorial.forms.frame.page import framed
from lc_tutorial.forms.frame.policy import digest

SELF = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"

FILES = {
    "/style.css": (b":root { color-scheme: light dark; }\n", "text/css"),
    "/crlf.css": (b"a {}\r\nb {}\r", "text/css"),
    "/app.js": (b"let a = 1;", "text/javascript"),
    "/late.js": (b"let b = 2;", "text/javascript"),
    "/evil.js": (b"'</script><script>evil()'", "text/javascript"),
    "/comment.js": (b"'<!--<script>'", "text/javascript"),
    "/evil.css": (b"</style><b>", "text/css"),
    "/refresh.js": (b"'<meta http-equiv=refresh>'", "text/javascript"),
    "/refresh.css": (b"/* <meta HTTP-EQUIV=refresh> */", "text/css"),
    "/dot.png": (b"\x89PNG", "image/png"),
    "/no.png": (b"<html>", "text/html"),
}


def in_frame(page: str, policy: str = SELF, *, dark: bool = False) -> str:
    return framed(page, policy, FILES.get, word="fake", dark=dark)


def body(text: str) -> str:
    """What follows our own beginning."""
    return text.partition("</script>")[2]


def policies(text: str) -> list[str]:
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return [html.unescape(each) for each in found]


def test_the_policy_stands_before_all_that_is_the_page_s() -> None:
    text = in_frame("<!doctype html><html><head><title>A</title></head><p>b</p></html>")
    assert text.startswith('<!doctype html><meta http-equiv="Content-Security-Policy"')
    assert text.index("<script>") > text.rindex("http-equiv")
    assert text.index("</script>") < text.index("<title>")
    # Ours, and the page's.
    assert len(policies(text)) == 2


def test_the_first_script_is_the_one_that_the_policy_allows() -> None:
    text = in_frame("<p>a</p>")
    script = text.partition("<script>")[2].partition("</script>")[0]
    for policy in policies(text):
        assert digest(script) in policy


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (
            '<link rel="stylesheet" href="/style.css">',
            "<style>:root { color-scheme: light; }\n</style>",
        ),
        # As the browser reads it: else its digest is another one.
        ('<link rel=stylesheet href="/crlf.css">', "<style>a {}\nb {}\n</style>"),
        (
            '<link media="print" rel="Stylesheet" href="/evil.css" href="/style.css">',
            "",  # the first of two counts, and it can't stand in a page
        ),
        ('<link rel="icon" href="/dot.png">', ""),
        ('<script src="/app.js"></script><p>', "<script>let a = 1;</script><p>"),
        ('<SCRIPT SRC="/app.js">x</SCRIPT><p>', "<script>let a = 1;</script><p>"),
        ('<script defer src="/late.js"></script><p>', "<p><script>let b = 2;</script>"),
        ('<script src="/gone.js"></script><p>', "<p>"),
        ('<script src="/evil.js"></script>', ""),
        ('<script src="/comment.js"></script>', ""),
        (
            '<img alt="&lt;" src="/dot.png">',
            '<img src="data:image/png;base64,iVBORw==" alt="&lt;">',
        ),
        ('<img src="/no.png">', '<img src="/no.png">'),
        # Another address, or another policy: both would be the page's own doing.
        ('<meta http-equiv="refresh" content="0; url=https://evil.example/">a', "a"),
        ('<META HTTP-EQUIV=refresh content="0;https://evil.example/">', ""),
        # The rest stays to the letter.
        ("<p title='a&amp;b' class=x>&eacute;<br/>\r\n<!-- c --></p>",) * 2,
        ("<textarea><script src=/x></textarea>",) * 2,
        ('<a href="x" target="_blank">y</a>',) * 2,
    ],
)
def test_what_stands_in_the_page(page: str, shown: str) -> None:
    assert body(in_frame(page)) == shown


@pytest.mark.parametrize(
    "page",
    [
        # What a browser takes for an element, and Python's parser for text.
        "<!--><meta http-equiv=refresh content='0;x'>-->",
        "<!---><meta HTTP-Equiv=refresh content='0;x'>-->",
        "<title><!--</title><meta http-equiv=refresh content='0;x'>-->",
        "<textarea><!--</textarea><meta http-equiv=refresh content='0;x'>-->",
        "<svg><style><meta http-equiv=refresh content='0;x'></style>",
        "<![CDATA[><meta http-equiv=refresh content='0;x'>]]>",
        # What comes together when something is taken out between.
        "<!x <meta http-<link>equiv=refresh content='0;x'>",
        "<a title='<meta http-<link>equiv=refresh content=0;x'>",
        '<svg><script src="/refresh.js"></script>',
        '<svg><link rel=stylesheet href="/refresh.css"><img src=/dot.png http-equiv>',
    ],
)
def test_only_our_own_metas_say_what_a_header_says(page: str) -> None:
    text = in_frame(page)
    left = re.findall("(?<!data-)http-equiv", text, re.IGNORECASE)
    assert len(left) == len(policies(text)) == 2


def test_each_thing_inlined_is_allowed_by_its_own_digest() -> None:
    text = in_frame('<link rel=stylesheet href=/crlf.css><script src="/app.js"></script>')
    _, own = policies(text)
    assert digest("a {}\nb {}\n") in own.partition("style-src ")[2].partition(";")[0]
    assert digest("let a = 1;") in own.partition("script-src ")[2].partition(";")[0]


def test_scripts_in_the_page_itself_are_not_allowed() -> None:
    hostile = "<script>evil()</script><p onclick='evil()'><svg onload=evil()>"
    for policy in policies(in_frame(hostile)):
        sources = policy.partition("script-src ")[2].partition(";")[0].split()
        assert len(sources) == 1
        assert sources[0].startswith("'sha256-")
        assert digest("evil()") not in policy


def test_what_the_policy_refuses_is_not_inlined() -> None:
    page = '<script src="/app.js"></script><link rel=stylesheet href=/style.css>'
    assert body(in_frame(page, "default-src 'none'")) == ""
    # A page without one is of a stranger: it runs nothing, and looks as its own styles say.
    assert body(in_frame(f"{page}<img src=/dot.png>", "")) == "<img src=/dot.png>"


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_is_the_notebook_s(dark: bool) -> None:
    style = "@media (prefers-color-scheme:dark) { a {} } @media (prefers-color-scheme: light) {}"
    text = in_frame(f"<style nonce=a>{style} color-scheme: light dark;</style>", dark=dark)
    theme, on, off = ("dark", "min", "max") if dark else ("light", "max", "min")
    assert f'<meta name="color-scheme" content="{theme}">' in text
    assert body(text) == (
        f"<style nonce=a>@media ({on}-width: 0) {{ a {{}} }} @media ({off}-width: 0) {{}} "
        f"color-scheme: {theme};</style>"
    )


@pytest.mark.parametrize(
    "page",
    [
        "<!--><script src=/app.js></script>-->",
        "<title><meta http-equiv=refresh></title>",
        "<script src=/app.js>",
        "<script src=/app.js></script",
        "<style><!--</style><script>x</script>",
        "<![CDATA[<script src=/app.js></script>]]>",
        "</script\t\n bar><p",
        "\0<script\0 src=/app.js></script>",
    ],
)
def test_broken_pages_come_through(page: str) -> None:
    text = in_frame(page)
    assert text.startswith('<!doctype html><meta http-equiv="Content-Security-Policy"')
