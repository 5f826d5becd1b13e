"""Which addresses the frame's browser opens: the sandbox's own, and the app's on this machine."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from lc_tutorial.messages import LOOPBACK
from lc_tutorial.platforms import Platform

#: What counts for nothing around an address: the space, and what is below it.
_AROUND = "".join(map(chr, range(0x21)))

#: And within it: tabs and line ends.
_TAKEN_OUT = dict.fromkeys(map(ord, "\t\n\r"))


@dataclass(frozen=True)
class Site:
    """A sandbox, as a place of pages.

    Attributes:
        home: where it begins, as this kernel reaches it; ends in a slash. Of a sandbox that a class
            shares it is this learner's world alone.
        elsewhere: where it begins for browsers.
    """

    home: str
    elsewhere: tuple[str, ...]

    @classmethod
    def of(cls, platform: Platform) -> "Site":
        """The pages of a platform, which has to be a sandbox."""
        others = (platform.authorization_url, platform.direct_url or "")
        return cls(f"{platform.accounts_url}/", tuple(filter(None, others)))

    def for_kernel(self, address: str) -> str:
        """The address as this kernel reaches it, for one that is the browser's."""
        begins = next((each for each in self.elsewhere if address.startswith(each)), None)
        return address if begins is None else self.home + address.removeprefix(begins)

    def has(self, url: str) -> bool:
        """Whether this is the address of a page of the sandbox, to the letter of its origin."""
        try:
            asked, home = urlsplit(url), urlsplit(self.home)
            same_origin = (asked.scheme, asked.netloc) == (home.scheme, home.netloc)
        except ValueError:
            return False
        # What a server makes of dots that are still there, nobody knows here.
        segments = asked.path.lower().replace("%2e", ".").split("/")
        is_straight = not {"..", "."} & set(segments) and "\\" not in asked.path
        return same_origin and is_straight and (asked.path or "/").startswith(home.path)


def resolve(base: str, reference: str) -> str:
    """The address to which a link of a page leads; empty for one that leads to none.

    >>> resolve("http://127.0.0.1:8000/console/apps/7", "../people?a=b#c")
    'http://127.0.0.1:8000/console/people?a=b#c'
    >>> resolve("http://127.0.0.1:8000/console/", "http://[")
    ''
    """
    # As a browser reads what stands in a page (URL Standard, "basic URL parser").
    read = reference.strip(_AROUND).translate(_TAKEN_OUT).replace(" ", "%20")
    try:
        return urljoin(base, read)
    except ValueError:
        return ""


def is_on_this_machine(url: str) -> bool:
    """Whether this is an http address of this machine, as that of a listening app is."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and parts.hostname in LOOPBACK and parts.username is None
    except ValueError:
        return False


def with_query(url: str, query: str) -> str:
    """The address that a form of method GET leads to: its fields are the query."""
    parts = urlsplit(urldefrag(url).url)
    return urlunsplit(parts._replace(query=query))
