"""What the Developer Console gives an app: its Client Id, its Client Secret, a redirect URI.

They are checked as far as possible before the first request, because the platform names a mistake
in them late (when the code is exchanged) and vaguely.
"""

import re
from typing import NamedTuple

from lc_tutorial import memory
from lc_tutorial.errors import CredentialsError, Likely, RedirectUriError
from lc_tutorial.masking import Secret
from lc_tutorial.oauth.redirect_uris import check_not_the_platform_itself, check_redirect_uri
from lc_tutorial.pasting import CLIENT_ID, Kind, Reading, hidden_in, read, stand_in
from lc_tutorial.platforms import Platform, example_redirect_uri

#: A part of a Client Id that is too long to be one by chance; and one of which a few are missing.
_PART = 8
_CUT_ID = re.compile(r"[0-9a-fA-F]{24,31}")
#: Characters.
_SHORTEST_SECRET = 8  # assumed: what nobody can guess is longer; the samples' have ten behind test_


class Credentials(NamedTuple):
    """An app's credentials and the redirect URI that it uses. A JavaScript app has no secret."""

    client_id: str
    client_secret: Secret | None
    redirect_uri: str


def check_credentials(
    client_id: str, client_secret: str | None, redirect_uri: str, *, platform: Platform
) -> Credentials:
    """Check what was copied from the Console; spaces and quotation marks around it are dropped.

    Args:
        client_id: 32 hexadecimal digits.
        client_secret: as the Console showed it once; None for a JavaScript app, which has none.
        redirect_uri: one of the app's whitelist.
        platform: the one whose Console showed them.

    Raises:
        CredentialsError: the id or the secret can't be right.
        RedirectUriError: the redirect URI can't be right.
    """
    id_read = read(client_id, Kind.CLIENT_ID)
    secret_read = None if client_secret is None else read(client_secret, Kind.CLIENT_SECRET)
    uri_read = read(redirect_uri, Kind.REDIRECT_URI)
    client_id, redirect_uri = id_read.value, uri_read.value
    typed = None if secret_read is None else secret_read.value
    _nothing_empty(client_id, typed, redirect_uri)
    if secret_read is not None:
        _nothing_hidden(id_read, secret_read)
        _nothing_swapped(client_id, secret_read.value, redirect_uri)
    _check_client_id(id_read)
    if secret_read is not None:
        _check_client_secret(secret_read, client_id)
    check_redirect_uri(redirect_uri)
    check_not_the_platform_itself(redirect_uri, platform)
    secret = None if typed is None else Secret(typed)
    if secret is not None:
        memory.note_secret(secret)
    memory.note_redirect_uri(client_id, redirect_uri)
    memory.note_app(memory.SeenApp(client_id, secret, redirect_uri, platform.accounts_url))
    return Credentials(client_id, secret, redirect_uri)


def _nothing_empty(client_id: str, client_secret: str | None, redirect_uri: str) -> None:
    fields = {
        "Client Id": client_id,
        "Client Secret": client_secret,
        "redirect URI": redirect_uri,
    }
    empty = [name for name, value in fields.items() if value is not None and not value]
    if not empty:
        return
    *others, last = empty
    listed = f"{', '.join(others)} and {last}" if others else last
    verb = "are" if others else "is"
    error = RedirectUriError if empty == ["redirect URI"] else CredentialsError
    why = "All three are needed: the link has the id and the redirect URI, the exchange all."
    if client_secret is None:
        why = "Both are needed, in the link and in the exchange."
    remedy = "Copy what is missing from the App Authorization page of the Console."
    if client_secret == "":
        remedy += " If yours is a JavaScript app, it has no secret: choose that in the form."
    raise error(what=f"The {listed} {verb} empty.", why=why, remedy=remedy)


def _nothing_hidden(client_id: Reading, client_secret: Reading) -> None:
    if hidden_in(client_secret.value):
        raise CredentialsError(
            what="The Client Secret has dots or asterisks in it, or a word that hides it.",
            why=f"{client_secret.fault} The Console shows the secret once.",
            remedy="Generate a new secret in the Console and copy it at once; the old one ends.",
        )
    if hidden_in(client_id.value):
        raise CredentialsError(
            what="The Client Id has dots or asterisks in it, or a word that hides it.",
            why=f"{client_id.fault} The Client Id is public and always shown.",
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
                why=Likely("it is the redirect URI, in the wrong field."),
                remedy=f"Copy the {name} from the Console, and the address into its own field.",
            )
    if CLIENT_ID.fullmatch(redirect_uri):
        raise RedirectUriError(
            what="The redirect URI is a Client Id.",
            why="It is 32 digits and letters a to f, not an address.",
            remedy=f"Enter the address that you whitelisted, such as {example_redirect_uri()}.",
        )


def _check_client_id(reading: Reading) -> None:
    client_id = reading.value
    if CLIENT_ID.fullmatch(client_id) and not reading.fault:
        return
    if memory.kind_of(client_id) == "client secret":
        why = "It is the secret of an app, which belongs into the field below."
    elif reading.fault:
        why = reading.fault
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


def _check_client_secret(reading: Reading, client_id: str) -> None:
    client_secret = reading.value
    kind = memory.kind_of(client_secret)
    if kind not in (None, "client secret"):
        raise CredentialsError(
            what=f"The Client Secret is the {kind}.",
            why="It was pasted into the wrong field.",
            remedy="Copy the secret from the Console; if it is hidden by now, make a new one.",
        )
    if reading.fault:
        is_none = reading.fault == stand_in(client_secret, Kind.CLIENT_SECRET)
        raise CredentialsError(
            what="This is no Client Secret." if is_none else "This is not the Client Secret alone.",
            why=reading.fault,
            remedy="Copy it with the button beside it. If it is hidden by now, make a new one.",
        )
    if len(client_secret) < _SHORTEST_SECRET:
        raise CredentialsError(
            what="This is not the whole Client Secret.",
            why=f"It has {len(client_secret)} characters, and a secret has far more.",
            remedy="Copy it with the button beside it. If it is hidden by now, make a new one.",
        )
    if len(client_secret) >= _PART and client_secret.lower() in client_id.lower():
        raise CredentialsError(
            what="The Client Secret is a part of the Client Id.",
            why=f"The Client Id has these {len(client_secret)} characters in it.",
            remedy="Copy the secret from the Console; if it is hidden by now, make a new one.",
        )
    if _CUT_ID.fullmatch(client_secret):
        raise CredentialsError(
            what="The Client Secret is no secret.",
            why=Likely(
                f"it is a Client Id that was cut: {len(client_secret)} characters, all of them "
                "digits and letters a to f. An id has 32 of these."
            ),
            remedy="Copy the secret from the Console; if it is hidden by now, make a new one.",
        )
