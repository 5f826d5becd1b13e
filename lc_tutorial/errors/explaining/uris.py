"""How two addresses differ, in words."""

from itertools import takewhile
from urllib.parse import unquote, urlsplit


def uri_difference(here: str, there: str) -> str:
    """How two addresses differ, in words; empty if they don't. Neither may hold a query.

    >>> uri_difference("http://127.0.0.1:8377/callback/", "http://127.0.0.1:8377/callback")
    'one ends in a slash and the other does not'
    >>> uri_difference("http://127.0.0.1:8377/call", "http://127.0.0.1:8377/callback")
    'one ends where the other goes on with “back”'
    """
    if here == there:
        return ""
    if here.strip() == there.strip():
        return "there is a space at the end or the beginning of one"
    if here.rstrip("/") == there.rstrip("/"):
        return "one ends in a slash and the other does not"
    if unquote(here) == unquote(there):
        return "one is percent-encoded and the other is not"
    if here.lower() == there.lower():
        return "upper and lower case differ"
    one, other = urlsplit(here), urlsplit(there)
    if one.scheme != other.scheme:
        return f"one begins with {one.scheme}:, the other with {other.scheme}:"
    if one.hostname != other.hostname:
        return f"the host is {one.hostname} in one and {other.hostname} in the other"
    if one.netloc != other.netloc:
        return f"the port differs: {one.netloc} and {other.netloc}"
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False))
    )
    if not (here[same:] and there[same:]):
        return f"one ends where the other goes on with “{here[same:] or there[same:]}”"
    return f"they differ from character {same + 1} on: “{here[same:]}” and “{there[same:]}”"
