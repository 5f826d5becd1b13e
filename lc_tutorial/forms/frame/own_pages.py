"""The pages that a browser shows in its own words, where no page came."""

from html import escape
from urllib.parse import urlsplit

#: They load nothing and run nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; font: 1rem/1.55 system-ui, sans-serif; background: Canvas; color: CanvasText; }}
main {{ max-width: 34rem; margin: 0 auto; padding: 2rem 1.25rem; }}
h1 {{ font-size: 1.3rem; margin: 0 0 .6rem; }}
p {{ margin: 0 0 .75rem; overflow-wrap: anywhere; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }}
</style>
</head>
<body><main><h1>{title}</h1>{text}</main></body>
</html>
"""

_COPY = (
    "A code that came along is in the address bar above: copy the whole address, and paste it into "
    "the form."
)


def _page(title: str, *paragraphs: str, more: str = "") -> str:
    text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs) + more
    return _PAGE.format(title=escape(title), text=text)


def nobody_listens(url: str) -> str:
    """The browser was redirected to an app on this machine, and nothing answers there."""
    return _page(
        "Nothing answers at the redirect URI",
        f"The platform sent you on to {_origin(url)}, and no program listens there now. A browser "
        "would say that it refused to connect.",
        _COPY,
    )


def app_elsewhere(url: str) -> str:
    """The browser was redirected to an app that is not on this machine."""
    return _page(
        "Here the app's own page would open",
        f"The platform sent you on to {_origin(url)}. This frame opens no pages but the sandbox's, "
        "and what answers at a redirect URI on the notebook's machine.",
        _COPY,
    )


def app_broke_off(url: str) -> str:
    """The browser was redirected to an app on this machine, from which no whole answer came."""
    return _page(
        "The app does not answer",
        f"The platform sent you on to {_origin(url)}. A program listens there, and no whole answer "
        "came from it. Perhaps it has taken the code all the same. Press Reload, or look at what "
        "the program says.",
    )


def app_sends_on(target: str) -> str:
    """The app on this machine has answered, and sends the browser on.

    Args:
        target: where to, as a whole address; empty for one that can't be read.
    """
    return _page(
        "The app sends you on",
        "The app has taken what came along in the address above, such as a code, and sends you on "
        f"to {_origin(target)}. This frame doesn't go there: of an app it opens the redirect URI "
        "alone.",
    )


def outside(url: str) -> str:
    """A link leads out of the sandbox."""
    leads = f"It leads to {_origin(url)}. This frame shows the sandbox's pages alone."
    if _is_of_the_web(url):
        leads += (
            " To open it, copy the address above, and paste it into the address bar of your "
            "browser."
        )
    return _page("This link leads elsewhere", leads)


def needs_a_tab() -> str:
    """A page whose own script asks the platform."""
    return _page(
        "This page needs a tab of a browser",
        "It is an app that runs in the browser: it sends requests by itself, and comes back to an "
        "address of its own, which a page in this frame doesn't have.",
        "Where your browser doesn't reach the sandbox, press Do it for me in the form of notebook "
        "05: it sends what the page would send. To see the page at work, run the course on your "
        "own computer.",
    )


def from_a_form() -> str:
    """A page that came as the answer to a form, and would come again only by sending it again."""
    return _page(
        "This page was the answer to a form",
        "To see it again, the form would have to be sent again. Go one page further back, and send "
        "it there.",
    )


def no_answer() -> str:
    """The sandbox is gone, or hangs."""
    return _page(
        "The sandbox does not answer",
        "Perhaps it has ended, or this machine is very busy. Press Reload. If it stays so, run the "
        "notebook's cells again, from the first one on: that starts a new one.",
    )


def too_many_redirects() -> str:
    """Pages that lead to each other."""
    return _page(
        "These pages lead to each other",
        "Each sends the browser on to another one, without end. Go back.",
    )


def no_page(kind: str) -> str:
    """An answer that is neither a page nor a text."""
    return _page(
        "This is no page", f"What came is of the type {kind or 'unknown'}. Nothing to read in it."
    )


def too_large() -> str:
    """An answer with no end, or nearly so."""
    return _page("This page is too large", "The frame shows pages up to two megabytes.")


def as_text(text: str) -> str:
    """An answer that is a text, such as a script or JSON."""
    return _page("A text", more=f"<pre>{escape(text)}</pre>")


def failed(kind: str) -> str:
    """Something went wrong here."""
    return _page(
        "This page could not be shown",
        f"The frame met an error of its own: {kind}. Go back, or press Reload. If it comes back, "
        "please report it with this text.",
    )


def _is_of_the_web(url: str) -> bool:
    """Whether an address is one that the address bar of a browser takes anywhere."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _origin(url: str) -> str:
    """Where an address leads, without what it brings along."""
    scheme, _, _ = url.partition(":")
    if _is_of_the_web(url):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    readable = scheme != url and scheme.lower() not in ("http", "https")
    return f"an address of the kind {scheme}:" if readable else "an address that can't be read"
