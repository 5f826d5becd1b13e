"""What the Developer Console gives an app: its Client Id, its Client Secret, a redirect URI.

They are checked as far as possible before the first request, because the platform names a mistake
in them late (when the code is exchanged) and vaguely.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lc_tutorial import memory
from lc_tutorial.errors import CredentialsError, RedirectUriError
from lc_tutorial.masking import Secret
from lc_tutorial.oauth.callback import listening_port
from lc_tutorial.platforms import Platform

#: The form of a Client Id. Source: livechat-public-docs, authorization/oauth-authorization.
CLIENT_ID = re.compile(r"[0-9a-fA-F]{32}")

#: What surrounds a value that was copied: spaces, also the invisible ones, and quotation marks.
_SURROUNDING = " \t\r\n\u00a0\u200b\u200c\u200d\ufeff\"'`“”‘’"
_DOTS = frozenset("•●*·… .")
_EXAMPLE = "http://127.0.0.1:8377/callback"


class Credentials(NamedTuple):
    """An app's credentials and the redirect URI that it uses."""

    client_id: str
    client_secret: Secret
    redirect_uri: str


def check_credentials(
    client_id: str, client_secret: str, redirect_uri: str, *, platform: Platform
) -> Credentials:
    """Check what was copied from the Console; spaces and quotation marks around it are dropped.

    Args:
        client_id: 32 hexadecimal digits.
        client_secret: as the Console showed it once.
        redirect_uri: one of the app's whitelist.
        platform: the one whose Console showed them.

    Raises:
        CredentialsError: the id or the secret can't be right.
        RedirectUriError: the redirect URI can't be right.
    """
    client_id, client_secret, redirect_uri = map(trimmed, (client_id, client_secret, redirect_uri))
    _nothing_empty(client_id, client_secret, redirect_uri)
    _nothing_hidden(client_id, client_secret)
    _nothing_swapped(client_id, client_secret, redirect_uri)
    _check_client_id(client_id)
    _check_client_secret(client_secret)
    check_redirect_uri(redirect_uri)
    _not_the_platform_itself(redirect_uri, platform)
    memory.note_secret(client_secret)
    memory.note_redirect_uri(client_id, redirect_uri)
    secret = Secret(client_secret)
    memory.note_app(memory.SeenApp(client_id, secret, redirect_uri, platform.accounts_url))
    return Credentials(client_id, secret, redirect_uri)


def trimmed(text: str) -> str:
    """The text without the spaces and quotation marks around it."""
    return str(text).strip(_SURROUNDING)


def _nothing_empty(client_id: str, client_secret: str, redirect_uri: str) -> None:
    fields = {
        "Client Id": client_id,
        "Client Secret": client_secret,
        "redirect URI": redirect_uri,
    }
    empty = [name for name, value in fields.items() if not value]
    if not empty:
        return
    *others, last = empty
    listed = f"{', '.join(others)} and {last}" if others else last
    verb = "are" if others else "is"
    error = RedirectUriError if empty == ["redirect URI"] else CredentialsError
    raise error(
        what=f"The {listed} {verb} empty.",
        why="All three are needed: the link has the id and the redirect URI, the exchange all.",
        remedy="Copy what is missing from the App Authorization page of the Console.",
    )


def _nothing_hidden(client_id: str, client_secret: str) -> None:
    if set(client_secret) <= _DOTS or "••" in client_secret:
        raise CredentialsError(
            what="The Client Secret is only dots or asterisks.",
            why="They stand for a secret that is hidden: the Console shows it once.",
            remedy="Generate a new secret in the Console and copy it at once; the old one ends.",
        )
    if set(client_id) <= _DOTS or "••" in client_id:
        raise CredentialsError(
            what="The Client Id is only dots or asterisks.",
            why="They stand for something hidden. The Client Id is public and always shown.",
            remedy="Copy it from the App Authorization page of the Console.",
        )


def _nothing_swapped(client_id: str, client_secret: str, redirect_uri: str) -> None:
    if client_id == client_secret:
        raise CredentialsError(
            what="The Client Id and the Client Secret are the same.",
            why="One of the two was pasted twice.",
            remedy="Copy both again from the App Authorization page of the Console.",
        )
    if CLIENT_ID.fullmatch(client_secret) and not CLIENT_ID.fullmatch(client_id):
        raise CredentialsError(
            what="The Client Id and the Client Secret are in each other's place.",
            why="An id is 32 digits and letters a to f, and that is what the secret's field holds.",
            remedy="Swap the two.",
        )
    misplaced = {
        "Client Id": "://" in client_id,
        "Client Secret": "://" in client_secret,
    }
    for name, is_address in misplaced.items():
        if is_address:
            raise CredentialsError(
                what=f"The {name} is an address.",
                why="Likely it is the redirect URI, in the wrong field.",
                remedy=f"Copy the {name} from the Console, and the address into its own field.",
            )
    if CLIENT_ID.fullmatch(redirect_uri):
        raise RedirectUriError(
            what="The redirect URI is a Client Id.",
            why="It is 32 digits and letters a to f, not an address.",
            remedy=f"Enter the address that you whitelisted, such as {_EXAMPLE}.",
        )


def _check_client_id(client_id: str) -> None:
    if CLIENT_ID.fullmatch(client_id):
        return
    if memory.kind_of(client_id) == "client secret":
        why = "It is the secret of an app, which belongs into the field below."
    elif re.fullmatch(r"[0-9a-fA-F]+", client_id):
        why = f"It has {len(client_id)} characters, and an id has 32: part of it is missing."
        if len(client_id) > 32:
            why = f"It has {len(client_id)} characters, and an id has 32."
    else:
        why = "An id is 32 digits and letters a to f; this one has other characters in it."
    raise CredentialsError(
        what="This is no Client Id.",
        why=why,
        remedy="Copy it from the App Authorization page with the Copy button beside it.",
    )


def _check_client_secret(client_secret: str) -> None:
    if re.search(r"\s", client_secret):
        raise CredentialsError(
            what="The Client Secret has a space or a line break in it.",
            why="A secret has none: more than the secret was copied.",
            remedy="Copy it with the button beside it. If it is hidden by now, make a new one.",
        )
    kind = memory.kind_of(client_secret)
    if kind not in (None, "client secret"):
        raise CredentialsError(
            what=f"The Client Secret is the {kind}.",
            why="It was pasted into the wrong field.",
            remedy="Copy the secret from the Console; if it is hidden by now, make a new one.",
        )


def check_redirect_uri(uri: str) -> None:
    """Check the form of a redirect URI. Whether it is whitelisted only the platform knows.

    Source: livechat-public-docs, authorization/oauth-authorization, "Redirect URIs".

    Raises:
        RedirectUriError: it can't be right.
    """
    why, remedy = _wrong_redirect_uri(uri)
    if why:
        raise RedirectUriError(what="This redirect URI can't be used.", why=why, remedy=remedy)


def _wrong_redirect_uri(uri: str) -> tuple[str, str]:
    whole = f"Enter the whole address that you whitelisted, such as {_EXAMPLE}."
    if re.search(r"\s", uri):
        return ("It has a space or a line break in it.", "Take it out, or write %20 for it.")
    if "," in uri and uri.count("://") > 1:
        return ("There are several addresses in it.", "Enter one of your whitelist.")
    scheme, found, _ = uri.partition("://")
    if not found or not scheme:
        return ("It is not a whole address: http:// or https:// is missing in front.", whole)
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
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
    return ("", "")


def _climbs(path: str) -> bool:
    """Whether a path goes up, however often that is percent-encoded."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return ".." in path.replace("\\", "/").split("/")


def _not_the_platform_itself(uri: str, platform: Platform) -> None:
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
            else f"Enter the address that you whitelisted, such as {_EXAMPLE}."
        ),
    )
