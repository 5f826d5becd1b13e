"""Which addresses apps may give: those of the web, and none that would act where it is shown."""

from urllib.parse import urlsplit


def is_web_address(url: str) -> bool:
    """Whether an address is one of http or https, with a host.

    Apps make links and pictures of addresses: one with `javascript:` would act in their pages.

    >>> is_web_address("https://example.com/a.png"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
