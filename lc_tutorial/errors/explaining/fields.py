"""The fields of a request for a token: odd characters in one, and whether they name an app."""

import re
from functools import partial
from urllib.parse import urlsplit

from lc_tutorial import memory
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

#: How Python shows what is no text: an object, or a function whose brackets are missing.
_OBJECT = re.compile(
    r"<(?:function|bound method|built-in|class|module|[\w.]+ object)\b.*>|[A-Z]\w*\(.*\)", re.DOTALL
)

#: Where the lesson has each from.
_BY_NAME = {
    "client_id": ", such as app.client_id",
    "client_secret": ", such as app.client_secret",
    "code": ", such as authorization.code",
    "refresh_token": ", such as token.refresh_token",
    "code_verifier": ", such as pkce.verifier",
    "redirect_uri": ", such as app.redirect_uri",
}


def odd_fields(refused: Refused) -> Finding | None:
    """A character too many, a placeholder, a word that is no value."""
    for name in _LOOKED_AT:
        if _OBJECT.fullmatch(refused.fields.get(name, "")):
            return Finding(
                Known(
                    f"What was sent as {name} is no value: it is what Python shows of an object."
                ),
                f"Send the value itself{_BY_NAME.get(name, '')}. {refused.place.say('again')}",
            )
    if pasted := not_a_value(refused.fields, partial(_is_another, refused)):
        cause, remedy = pasted
        return Finding(Known(cause), remedy)
    for name in _LOOKED_AT:
        if len(refused.fields.get(name, "").split()) > 2:
            return Finding(
                Known(f"What was sent as {name} has several words, which no {name} has."),
                f"Send the value itself{_BY_NAME.get(name, '')}. {refused.place.say('again')}",
            )
        odd = oddity(refused.fields.get(name, ""))
        if odd:
            return Finding(
                Known(f"{name} {odd}."), f"Send it as it is. {refused.place.say('again')}"
            )
    return None


def _is_another(refused: Refused, value: str) -> bool:
    """Whether a value is known, and is no Client Secret."""
    fact = refused.known.of(value)
    return fact is not None and fact.kind != "client secret"


def wrong_app(refused: Refused) -> Finding | None:
    """A Client Id or a Client Secret that is not the app's."""
    client_id = refused.fields.get("client_id", "")
    secret = refused.fields.get("client_secret", "")
    is_id = _CLIENT_ID.fullmatch
    correct = _correct(refused, "client_id")
    if client_id and client_id == secret:
        return Finding(
            Known("client_id and client_secret are the same value."),
            f"One of them is in both places. {_correct(refused, 'client_secret')}",
        )
    if client_id and is_id(secret) and not is_id(client_id):
        return Finding(
            Known("client_id and client_secret are in each other's place."),
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
        return _no_app(refused, client_id)
    return _wrong_secret(refused, client_id, secret)


def _no_app(refused: Refused, client_id: str) -> Finding:
    """A Client Id that could be one, but is none."""
    if memory.served(client_id):
        return Finding(
            Known(
                "No app in the sandbox has this Client Id any more: it was deleted, or the sandbox "
                "was made as new since, or is another one."
            ),
            f"Make the app again{refused.place.with_steps(', from step 1 on')}.",
        )
    return Finding(
        Known("No app in the sandbox has this Client Id."), _correct(refused, "client_id")
    )


def _correct(refused: Refused, name: str) -> str:
    """Where the right value is: in the form, unless it is the form's that was sent."""
    right = getattr(_entered(refused), name, None)
    if right is None or right == refused.fields.get(name):
        return refused.place.say("credentials")
    return refused.place.say("from_the_form", field=name)


def _entered(refused: Refused) -> memory.SeenApp | None:
    parts = urlsplit(refused.url)
    return memory.entered_app(f"{parts.scheme}://{parts.netloc}")


def _wrong_secret(refused: Refused, client_id: str, secret: str) -> Finding | None:
    known = refused.known
    client, fact = known.client, known.of(secret) if secret else None
    correct = _correct(refused, "client_secret")
    if not known.sandbox or client is None or client["client_type"] != "server_side":
        return None
    if not secret:
        return Finding(Known("Missing or empty in the body: client_secret."), correct)
    if fact is None or fact.state == "":
        return Finding(
            Known("client_secret is not the app's: the sandbox knows no such secret."),
            # What is in the form is to be sent as it is.
            correct
            if correct != refused.place.say("credentials")
            else f"Copy the secret whole, or generate a new one in the Console. {correct}",
        )
    if fact.kind != "client secret":
        return Finding(Known(f"What was sent as client_secret is the {fact.kind}."), correct)
    if fact.client_id != client_id:
        entered = _entered(refused)
        if entered is not None and entered.client_secret == secret:
            correct = _correct(refused, "client_id")
        return Finding(
            Known("client_id and client_secret belong to two apps: the secret is another one's."),
            correct,
        )
    if fact.state == "replaced":
        return Finding(
            Known("client_secret is an old one: a newer one was generated in the Console."), correct
        )
    return None
