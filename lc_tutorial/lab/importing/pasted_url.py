"""An address as it was pasted, also one that was broken over several lines.

Source: livechat-public-docs, authorization/oauth-authorization; the page "Authorization in
practice", step 2.
"""

import re
from urllib.parse import unquote, urlsplit

from lc_tutorial.lab.importing.curl_data import pairs_of
from lc_tutorial.lab.request import Basic, Pairs, split_url
from lc_tutorial.pasting import without_invisible

_RUN = re.compile(r"[\\\s]++")
_HOST_ENDS = re.compile(r"[/?#]|\Z")


def read_address(url: str, notes: list[str]) -> tuple[str, Pairs, Basic | None]:
    """Take an address apart.

    Args:
        url: as it was pasted.
        notes: gets what was mended, as sentences.

    Returns:
        Scheme, host and path; the query; and the user with a password, where they are in it.

    Raises:
        InputError: it is no address that a request can go to.
    """
    url = mended_url(url, notes)
    scheme, found, rest = url.partition("://")
    if not found or "?" in scheme:
        local = re.match(r"localhost\b|127\.|\[::1\]", url)
        scheme, rest = "http" if local else "https", url
        notes.append(f"{scheme}:// was put in front of the address.")
    end = _HOST_ENDS.search(rest)
    host, path = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    user, at, host = host.rpartition("@")
    authorization = None
    if at:
        name, _, password = user.partition(":")
        authorization = Basic(unquote(name), unquote(password))
        notes.append("The user and the password in the address are its authorization now.")
    url = f"{scheme.lower()}://{host}{path}"
    address, _ = split_url(url)
    return address, pairs_of(urlsplit(url).query), authorization


def mended_url(text: str, notes: list[str]) -> str:
    """An address without blanks at its ends and beside ``?`` and ``&``; others are left."""

    def mended(run: re.Match[str]) -> str:
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        beside = before in ("", "?", "&") or after in ("", "?", "&")
        return "" if beside and run[0].strip("\\") else run[0]

    visible = without_invisible(text)
    if visible != text:
        notes.append("Invisible characters in the address were taken out.")
    text = visible.strip()
    url = _RUN.sub(mended, text)
    if url != text:
        notes.append(
            "Blanks in the address were taken out: the broken lines of the sample left them there."
        )
    return url
