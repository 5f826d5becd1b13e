"""The form of a redirect URI: what the platform refuses, and what browsers do.

Source: livechat-public-docs, authorization/oauth-authorization, "Redirect URIs".
"""

import re
from urllib.parse import unquote, urlsplit

from lc_tutorial.errors import RedirectUriError
from lc_tutorial.oauth.callback import listening_port
from lc_tutorial.pasting import Kind, shows_nothing, stand_in
from lc_tutorial.platforms import Platform, example_redirect_uri

#: Ports that no browser opens, because old services that can be misled listen there.
#: Source: WHATWG Fetch, section 2.9, "Port blocking", the table of bad ports.
# fmt: off
_BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
})
# fmt: on


_TWICE_IN_FRONT = re.compile(r"https?://https?:", re.IGNORECASE)
# Behind a path's slash it may be a part of the path.
_ANOTHER_ADDRESS = re.compile(r"://.*[^/]https?://", re.IGNORECASE | re.DOTALL)
# htp://, http:/, http//, http;//, https:\\.
_NEARLY_HTTP = re.compile(
    r"(?!https?://)(?:h+t+p+s*[:;.]?[/\\]|ht+ps*:|h+t*p+s*:[/\\]|t+ps*:[/\\])", re.IGNORECASE
)


def check_redirect_uri(uri: str) -> None:
    """Check the form of a redirect URI. Whether it is whitelisted only the platform knows.

    Raises:
        RedirectUriError: it can't be right.
    """
    why, remedy = _wrong(uri)
    if why:
        raise RedirectUriError(what="This redirect URI can't be used.", why=why, remedy=remedy)


def check_not_the_platform_itself(uri: str, platform: Platform) -> None:
    """Check that a redirect URI, whose form is right, does not lead to the platform.

    Raises:
        RedirectUriError: it does.
    """
    is_sandbox_port = (
        platform.is_sandbox and listening_port(uri) == urlsplit(platform.accounts_url).port
    )
    own = (platform.console_url, platform.authorization_url)
    if not is_sandbox_port and not any(f"{uri}/".startswith(address) for address in own):
        return
    raise RedirectUriError(
        what="This redirect URI is an address of the platform itself.",
        why="The code has to come to your app, which here is this notebook.",
        remedy=(
            "Enter the callback address that you whitelisted; the Console offers it for copying."
            if platform.is_sandbox
            else f"Enter the address that you whitelisted, such as {example_redirect_uri()}."
        ),
    )


def _wrong(uri: str) -> tuple[str, str]:
    whole = f"Enter the whole address that you whitelisted, such as {example_redirect_uri()}."
    if _TWICE_IN_FRONT.match(uri):
        return ("http:// or https:// stands in front twice.", "Take one of the two out.")
    if _ANOTHER_ADDRESS.search(uri):
        return ("There are several addresses in it.", "Enter one of your whitelist.")
    if re.search(r"\s", uri):
        return ("It has a space or a line break in it.", "Take it out, or write %20 for it.")
    if any(map(shows_nothing, uri)):
        return ("A character in it shows nothing.", "Type it anew, or use app.redirect_uri.")
    if fault := stand_in(uri, Kind.REDIRECT_URI):
        return (fault, whole)
    scheme, found, _ = uri.partition("://")
    if _NEARLY_HTTP.match(uri):
        return ("What it begins with is nearly http:// or https://, and neither of them.", whole)
    if not found or not scheme:
        return ("It is not a whole address: http:// or https:// is missing in front.", whole)
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ("Its host or its port can't be read.", whole)
    if scheme.lower() not in ("http", "https"):
        return (
            f"It begins with {scheme}: , which only an app on a phone or a desktop can receive, "
            "and only with PKCE.",
            "Whitelist an address that begins with http or https, and enter that.",
        )
    if not host:
        return ("It names no host.", whole)
    if "?" in uri:
        return (
            "It has a query, from the question mark on; the platform refuses that.",
            "Leave out the question mark and what follows, here and in the whitelist.",
        )
    if "#" in uri:
        return (
            "It has a fragment, from the # on; the platform refuses that.",
            "Leave out the # and what follows, here and in the whitelist.",
        )
    if "*" in uri:
        return ("It has a * in it, and the platform takes no patterns.", whole)
    if "@" in parts.netloc:
        return ("It has a user name in front of the host.", whole)
    if _climbs(parts.path):
        return (
            "Its path has .. in it; the platform refuses that.",
            "Write the path without, here and in the whitelist.",
        )
    if port in _BAD_PORTS:
        return (
            f"Browsers refuse to open port {port}, so the code could never arrive there.",
            "Choose another port, here and in the whitelist: for example "
            f"{example_redirect_uri()}.",
        )
    return ("", "")


def _climbs(path: str) -> bool:
    """Whether a path goes up, however often that is percent-encoded."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return ".." in path.replace("\\", "/").split("/")
