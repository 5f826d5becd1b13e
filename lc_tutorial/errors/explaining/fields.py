"""The fields of a request for a token: odd characters in one, and whether they name an app."""

import re

from lc_tutorial.errors.explaining.explanation import Finding, Known
from lc_tutorial.errors.explaining.oddities import oddity
from lc_tutorial.errors.explaining.pasted import not_a_value
from lc_tutorial.errors.explaining.refused import Refused

_CLIENT_ID = re.compile(r"[0-9a-fA-F]{32}")
_LOOKED_AT = (
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "refresh_token",
    "code_verifier",
    "redirect_uri",
    "response_type",
)


def odd_fields(refused: Refused) -> Finding | None:
    """A character too many, a placeholder, a word that is no value."""
    if pasted := not_a_value(refused.fields):
        cause, remedy = pasted
        return Finding(Known(cause), remedy)
    for name in _LOOKED_AT:
        odd = oddity(refused.fields.get(name, ""))
        if odd:
            return Finding(
                Known(f"{name} {odd}."), f"Send it as it is. {refused.place.say('again')}"
            )
    return None


def wrong_app(refused: Refused) -> Finding | None:
    """A Client Id or a Client Secret that is not the app's."""
    client_id = refused.fields.get("client_id", "")
    secret = refused.fields.get("client_secret", "")
    correct = refused.place.say("credentials")
    is_id = _CLIENT_ID.fullmatch
    if client_id and (client_id == secret or (is_id(secret) and not is_id(client_id))):
        return Finding(
            Known("The Client Id and the Client Secret are swapped, or one was pasted twice."),
            f"The id is the one of 32 digits and letters a to f. {correct}",
        )
    if client_id and not is_id(client_id):
        return Finding(
            Known("client_id is no Client Id: one has 32 digits and letters a to f."), correct
        )
    if client_id != client_id.lower():
        return Finding(
            Known("client_id has capital letters; the Console shows it in small ones."), correct
        )
    if refused.known.sandbox and refused.known.client is None and client_id:
        return Finding(Known("No app in the sandbox has this Client Id."), correct)
    return _wrong_secret(refused, client_id, secret)


def _wrong_secret(refused: Refused, client_id: str, secret: str) -> Finding | None:
    known = refused.known
    client, fact = known.client, known.of(secret) if secret else None
    correct = refused.place.say("credentials")
    if not known.sandbox or client is None or client["client_type"] != "server_side":
        return None
    if not secret:
        return Finding(Known("Missing or empty in the body: client_secret."), correct)
    if fact is None or fact.state == "":
        return Finding(
            Known("client_secret is not the app's: the sandbox knows no such secret."),
            f"Copy the secret whole, or generate a new one in the Console. {correct}",
        )
    if fact.kind != "client secret":
        return Finding(Known(f"What was sent as client_secret is the {fact.kind}."), correct)
    if fact.client_id != client_id:
        return Finding(Known("client_secret is the one of another app."), correct)
    if fact.state == "replaced":
        return Finding(
            Known("client_secret is an old one: a newer one was generated in the Console."), correct
        )
    return None
