"""Who was refused: whether there is a header, and whether its scheme fits the value."""

import re
from difflib import get_close_matches

import requests
from requests.utils import get_netrc_auth

from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, first
from lc_tutorial.errors.explaining.knowledge import Fact
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.errors.explaining.value import no_customer_token, of_token, reset
from lc_tutorial.messages import basic
from lc_tutorial.pasting import Kind, placeholders_within, stand_in

#: A header that was to be Authorization.
_MEANT = ("authorization", "access_token", "access-token", "bearer", "token")
_TOKEN_SHAPE = re.compile(r"(dal|fra|fra-a|fra-b)(:|%3A)[\w-]{10,}", re.IGNORECASE)


def for_api(refused: Refused) -> Finding | None:
    """Why a product API does not accept who asks."""
    if refused.name != "authentication" and refused.status != 401:
        return None
    wants = "customer access token" if refused.service == "customer" else "access token"
    found = first(refused, by_netrc, _no_header, _scheme)
    return found or of_token(refused, refused.credential, wants)


def for_accounts(refused: Refused, wants: str) -> Finding | None:
    """Why the accounts service does not accept the token that came as Bearer or as ``code``.

    Args:
        refused: by ``/v2/info``, a revocation, or ``/v2/customer/``.
        wants: the kind of token, such as ``access token``.
    """
    found = by_netrc(refused)
    if found is not None:
        return found
    if not refused.authorization and not refused.query.get("code"):
        return Finding(
            Known("No token was sent: neither the header Authorization nor ?code= holds one."),
            _send(refused, wants),
        )
    if not refused.authorization:
        return of_token(refused, refused.query["code"], wants)
    return _scheme_for_accounts(refused) or of_token(refused, refused.credential, wants)


# --- The header ---------------------------------------------------------------------------------


def by_netrc(refused: Refused) -> Finding | None:
    """A ``.netrc`` file: requests sends what it has for a host in the place of a header."""
    if refused.scheme != "basic" or refused.request is None:
        return None
    try:
        kept = get_netrc_auth(refused.url)
    except (requests.RequestException, ValueError, OSError):
        return None
    if kept is None or basic.encode(*kept) != refused.credential:
        return None
    return Finding(
        Known(
            "What was sent comes from a .netrc file in your home folder: it has an entry for this "
            "host, and requests sends that in the place of the header in the cell."
        ),
        "Take the entry out of the file. Or use session = requests.Session() with "
        "session.trust_env = False, and session.post in the place of requests.post.",
    )


def _no_header(refused: Refused) -> Finding | None:
    if refused.authorization:
        return None
    return Finding(
        Known(f"The request had no Authorization header.{_elsewhere(refused)}"),
        refused.place.say("customer" if refused.service == "customer" else "bearer"),
    )


def _elsewhere(refused: Refused) -> str:
    """Where the token was put in its place, as far as that shows."""
    sent = refused.request.headers if refused.request is not None else {}
    near = next((n for n in sent if get_close_matches(str(n).lower(), _MEANT, 1, 0.8)), "")
    if near:
        return f" It has {str(near)[:40]}, which is not the name."
    if any(name in refused.query for name in ("access_token", "token")):
        return " The token is in the address, where the API doesn't look."
    return ""


def _scheme(refused: Refused) -> Finding | None:
    """The word in front: Bearer for an access token, Basic for a personal access token."""
    word = refused.authorization.partition(" ")[0].rstrip(":").lower()
    if word in ("bearer", "basic") and not refused.credential:
        return Finding(
            Known(f"Nothing follows the word {word.capitalize()} in the header."),
            refused.place.say("basic" if word == "basic" else "bearer"),
        )
    if in_its_place := _in_place_of_a_token(refused.credential):
        return Finding(
            Known(in_its_place),
            refused.place.say("basic" if refused.scheme == "basic" else "bearer"),
        )
    if refused.scheme == "basic":
        return _basic(refused)
    if refused.scheme != "bearer":
        colon = " A colon follows the word." if word in ("bearer", "basic") else ""
        return Finding(
            Known(f"The header does not begin with Bearer and a space.{colon}"),
            refused.place.say("bearer"),
        )
    return _bearer_with_pair(refused)


def _basic(refused: Refused) -> Finding | None:
    """Basic is for personal access tokens; the documentation's newer samples have it."""
    credential = refused.credential
    decoded = basic.decode(credential)
    user, _, password = decoded.partition(":")
    facts = [refused.known.of(part) for part in (credential, password, user, decoded) if part]
    kinds = [fact.kind for fact in facts if fact is not None]
    if refused.service == "customer":
        return no_customer_token(refused, "a personal access token")
    if "access token" in kinds:
        return Finding(
            Known(
                "The header says Basic, and what follows is the access token. Basic is for "
                "personal access tokens; the sample in the documentation since version 3.5 has it."
            ),
            # A pair is what auth= makes; there is no word in the cell to change.
            refused.place.say("bearer") if password else "Change Basic to Bearer.",
        )
    personal = next((f for f in facts if f and f.kind == "personal access token"), None)
    if personal is not None and (personal.about or not refused.known.sandbox):
        return _personal(refused, personal, user) or Finding(
            Likely("the token was deleted, or the account id is not the one of its owner."),
            "Compare both with what the Console shows under Settings, Authorization.",
        )
    if _TOKEN_SHAPE.fullmatch(credential) or _TOKEN_SHAPE.fullmatch(decoded):
        return Finding(
            Known(
                "The header says Basic, and a bare token follows. An access token goes with "
                "Bearer; a personal access token goes with Basic, as the Base64 of account id, "
                "colon and token."
            ),
            "For an access token, change Basic to Bearer.",
        )
    if basic.ACCOUNT_AND_TOKEN.fullmatch(decoded):
        return _unknown_personal(refused)
    return Finding(
        Known(
            "The header says Basic, but what follows is not the Base64 of an account id, a colon "
            "and a personal access token."
        ),
        f"For an access token, use Bearer. For a personal one: {refused.place.say('basic')}",
    )


def _personal(refused: Refused, fact: Fact, user: str) -> Finding | None:
    if fact.state == "deleted":
        return Finding(
            Known("This personal access token was deleted in the Console."),
            "Make a new one there, under Settings, Authorization.",
        )
    if fact.state == "reset":
        return reset(refused)
    if fact.account_id and user != fact.account_id:
        what = "an e-mail address" if "@" in user else "not the account id of its owner"
        return Finding(
            Known(f"The user of the scheme Basic is {what}; the token itself is right."),
            refused.place.say("basic"),
        )
    if not user:
        return Finding(
            Known("The account id is missing in front of the personal access token."),
            refused.place.say("basic"),
        )
    return None


def _unknown_personal(refused: Refused) -> Finding:
    remedy = (
        "Look for it in the Console, under Settings, Authorization; if it isn't there, make a "
        "new one."
    )
    if refused.known.sandbox:
        return Finding(
            Known(
                "The sandbox knows no such personal access token: it was not copied whole, or "
                "comes from elsewhere."
            ),
            remedy,
        )
    return Finding(Likely("the token was deleted, or was not copied whole."), remedy)


def _bearer_with_pair(refused: Refused) -> Finding | None:
    if refused.service != "customer" and basic.ACCOUNT_AND_TOKEN.fullmatch(
        basic.decode(refused.credential)
    ):
        return Finding(
            Known(
                "The header says Bearer, and what follows is the Base64 of an account id and a "
                "personal access token, which goes with Basic."
            ),
            "Change Bearer to Basic.",
        )
    return None


def _scheme_for_accounts(refused: Refused) -> Finding | None:
    if refused.scheme == "bearer" and refused.credential:
        if in_its_place := _in_place_of_a_token(refused.credential):
            return Finding(Known(in_its_place), refused.place.say("bearer"))
        return None
    if refused.scheme == "basic" and refused.credential:
        return Finding(
            Known("The header says Basic. The accounts service takes a token with Bearer only."),
            "Change Basic to Bearer, with the access token behind it. A personal access token "
            "can't be used here.",
        )
    return _scheme(refused)


def _send(refused: Refused, wants: str) -> str:
    if wants.startswith("customer"):
        return "Send the header Authorization with Bearer, a space and the customer's token."
    return refused.place.say("bearer")


def _in_place_of_a_token(credential: str) -> str:
    """What the header holds where a token belongs, as a sentence; empty if it may be a token."""
    if placeholders_within(credential):
        return "This is not the token. It has a placeholder in it."
    wrong = stand_in(credential, Kind.ACCESS_TOKEN)
    return f"This is not the token. {wrong}" if wrong else ""
