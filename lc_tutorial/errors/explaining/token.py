"""Why the accounts service refused: the exchange, the refresh, an inspection, a revocation.

Source of the names and of their likely causes: livechat-public-docs, authorization/troubleshooting
and the Global Accounts API.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from urllib.parse import parse_qsl

from lc_tutorial.errors.explaining import (
    account,
    address,
    body,
    code,
    credential,
    customer_token,
    service,
)
from lc_tutorial.errors.explaining.explanation import (
    Explanation,
    Finding,
    Known,
    Likely,
    first,
    listed,
)
from lc_tutorial.errors.explaining.fields import odd_fields, wrong_app
from lc_tutorial.errors.explaining.methods import STABLE
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.errors.explaining.value import ended

#: Names under which a fault in the request's own fields comes back.
_ABOUT_THE_FIELDS = (
    "unauthorized_client",
    "invalid_client",
    "invalid_request",
    "invalid_grant",
    "unsupported_grant_type",
    "access_denied",
    "invalid_scope",
)

#: What the exchange needs, and what the refresh needs.
_NEEDED = {
    "authorization_code": ("client_id", "client_secret", "code", "redirect_uri"),
    "refresh_token": ("client_id", "client_secret", "refresh_token"),
}

#: All fields that a request for an agent's token can have.
_FIELDS = (
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "refresh_token",
    "code_verifier",
    "scope",
)

#: Grants of RFC 6749 and its neighbours that the platform does not have.
_OTHER_GRANTS = ("password", "client_credentials", "implicit", "token")


def refusal(refused: Refused) -> Explanation:
    """Why this request was refused: the request is asked first, and the error's name last."""
    does = "failed" if refused.status >= 500 and refused.name != "not_imitated" else "refused"
    said = refused.name or refused.response.reason or ""
    what = f"The accounts service {does}: {refused.status} {said}.".replace(" .", ".")
    found = first(refused, service.trouble, address.wrong, *_checks(refused))
    if found is None and not refused.name:
        return Explanation(
            f"The answer is not the accounts service's: status {refused.status}.",
            *address.nothing_there(refused),
        )
    return Explanation(what, *(found or _says(refused)))


def _checks(refused: Refused) -> tuple[Callable[[Refused], Finding | None], ...]:
    """What to look at, in this order."""
    if refused.path.startswith("/v2/customer/"):
        return (customer_token.wrong,)
    if refused.path.startswith(account.PATHS):
        return (account.wrong,)
    if refused.path == "/v2/info" or refused.method == "DELETE":
        return (_presented,)
    return (body.wrong_for_accounts, _fields, _values, _by_name)


def _presented(refused: Refused) -> Finding | None:
    """A token that is inspected or revoked."""
    if refused.status not in (401, 404, 422):
        return None
    return credential.for_accounts(refused, wants="access token")


# --- The fields by themselves -------------------------------------------------------------------


def _fields(refused: Refused) -> Finding | None:
    """A field that is missing, comes twice, or is spelt in a way that can't be right."""
    if refused.name not in _ABOUT_THE_FIELDS:
        return None
    return first(
        refused,
        _spaced,
        _doubled,
        _spelling,
        odd_fields,
        _foreign,
        _grant_type,
        _missing,
        _named,
    )


def _names(refused: Refused) -> list[str]:
    if isinstance(refused.asked, dict):
        return list(refused.asked)
    return [name for name, _ in parse_qsl(refused.text, keep_blank_values=True)]


def _spaced(refused: Refused) -> Finding | None:
    spaced = [name.strip() for name in _names(refused) if name != name.strip()]
    if not spaced:
        return None
    return Finding(
        Known(
            f"There are spaces in front of these names in the body: {', '.join(spaced)}. "
            "A snippet that was copied over several lines has them."
        ),
        f"Write the body on one line. {refused.place.say('form')}",
    )


def _doubled(refused: Refused) -> Finding | None:
    names = _names(refused)
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not doubled:
        return None
    return Finding(Known(f"This field came more than once: {listed(doubled)}."), "Send it once.")


def _spelling(refused: Refused) -> Finding | None:
    """A field whose name is written in another way: with a hyphen, in capitals, as one word."""
    unknown = {_plain(name): name for name in _names(refused) if name not in _FIELDS}
    for name in _FIELDS:
        near = get_close_matches(_plain(name), unknown, n=1, cutoff=0.85)
        if name not in refused.fields and near:
            return Finding(
                Known(f"There is no field {unknown[near[0]][:40]}: it is written {name}."),
                f"Correct the name. {refused.place.say('again')}",
            )
    return None


def _plain(name: str) -> str:
    """A field's name by its letters alone.

    >>> _plain("redirectUri"), _plain("grant-type")
    ('redirecturi', 'granttype')
    """
    return re.sub(r"[\W_]", "", name).lower()


def _foreign(refused: Refused) -> Finding | None:
    """A request for something else that was sent to this address."""
    names = set(_names(refused))
    if not names or names & {*_FIELDS}:
        return None
    return Finding(
        Known("The body has none of the fields of a request for a token, and this is its address."),
        f"A method of the API has another address: one ends in /v{STABLE}/agent/action/list_chats, "
        "for example. For a token, send grant_type, client_id and what goes with them.",
    )


def _grant_type(refused: Refused) -> Finding | None:
    grant = refused.fields.get("grant_type", "")
    has_code, has_token = (bool(refused.fields.get(n)) for n in ("code", "refresh_token"))
    if grant == "refresh_token" and has_code and not has_token:
        return Finding(
            Known('grant_type is "refresh_token", and what was sent is a code.'),
            'Send grant_type "authorization_code" with a code.',
        )
    if grant in ("code", "authorization_code") and has_token and not has_code:
        return Finding(
            Known(f'grant_type is "{grant}", and what was sent is a refresh token.'),
            'Send grant_type "refresh_token" with a refresh token.',
        )
    if not grant:
        wanted = "refresh_token" if refused.fields.get("refresh_token") else "authorization_code"
        return Finding(
            Known("The field grant_type is missing or empty."), f'Send grant_type "{wanted}".'
        )
    if grant in ("code", *_NEEDED):
        return None
    near = next((right for right in _NEEDED if right == grant.strip().lower()), None)
    why = "the platform has no such grant type" if grant in _OTHER_GRANTS else "there is none such"
    return Finding(
        Known(f'grant_type is "{grant[:40]}", and {why}.'),
        f'Send "{near}", in small letters.'
        if near
        else 'Send "authorization_code" with a code, or "refresh_token" with a refresh token.',
    )


def _missing(refused: Refused) -> Finding | None:
    sent, grant = refused.fields, refused.fields.get("grant_type", "")
    needed = _NEEDED.get("authorization_code" if grant == "code" else grant, ())
    missing = [name for name in needed if not sent.get(name)]
    client = refused.known.client
    if "client_secret" in missing and client is not None:
        if client["client_type"] == "javascript":
            missing.remove("client_secret")
    elif missing == ["client_secret"]:
        # A JavaScript app has none, and nobody here knows what kind of app it is.
        if sent.get("code_verifier") or refused.name == "invalid_client":
            return None
        return Finding(
            Likely("client_secret is missing: a server-side app sends it always."),
            f"Add it to the fields. {refused.place.say('again')}",
        )
    if not missing:
        return None
    return Finding(
        Known(f"Missing or empty in the body: {', '.join(missing)}."),
        f"Add {'it' if len(missing) == 1 else 'them'} to the fields. {refused.place.say('again')}",
    )


def _named(refused: Refused) -> Finding | None:
    """What the service itself says of single fields."""
    named = refused.answer.get("invalid_fields")
    if not isinstance(named, dict) or not named or "code_verifier" in named:
        return None
    said = ", ".join(f"{name} ({reason})" for name, reason in named.items())
    return Finding(
        Known(f"It names these fields: {said}."), f"Correct them. {refused.place.say('again')}"
    )


# --- What they say ------------------------------------------------------------------------------


def _values(refused: Refused) -> Finding | None:
    """A value that is another's, or worth nothing any more."""
    if refused.name not in _ABOUT_THE_FIELDS:
        return None
    grant = refused.fields.get("grant_type")
    of_grant = _refresh_token if grant == "refresh_token" else code.wrong
    return first(refused, wrong_app, of_grant, _scope)


def _refresh_token(refused: Refused) -> Finding | None:
    value = refused.fields.get("refresh_token", "")
    fact = refused.known.of(value) or refused.known.of(value.partition(":")[2])
    if fact is None:
        if not refused.known.sandbox:
            return None
        return Finding(
            Known(
                "The sandbox knows no such refresh token: it was not copied whole, or comes "
                "from elsewhere."
            ),
            refused.place.say("start_over"),
        )
    if fact.kind != "refresh token":
        return Finding(
            Known(f"What was sent as the refresh token is the {fact.kind}."),
            "Send token.refresh_token.",
        )
    found = ended(refused, fact)
    if found is not None:
        return found
    if fact.client_id and fact.client_id != refused.fields.get("client_id"):
        return Finding(
            Known("The refresh token belongs to another app than the client_id."),
            "Send the client_id of the app that the token was issued to, with that app's secret.",
        )
    return None


def _scope(refused: Refused) -> Finding | None:
    """Scopes that were asked for in the exchange or the refresh."""
    if "scope" not in refused.fields:
        return None
    wanted = frozenset(refused.fields["scope"].replace(",", " ").split())
    value = refused.fields.get("code") or refused.fields.get("refresh_token", "")
    fact = refused.known.of(value)
    beyond = sorted(wanted - fact.scopes) if fact is not None and fact.scopes else []
    if not beyond:
        return None
    return Finding(
        Known(
            f"It asks for {listed(beyond)}, which was not granted. What was granted is "
            f"{listed(sorted(fact.scopes))}."  # type: ignore[union-attr]
        ),
        "Ask for these, or leave scope out, which means all of them.",
    )


# --- The error's name ---------------------------------------------------------------------------


def _by_name(refused: Refused) -> Finding | None:
    sub_error = refused.answer.get("sub_error")
    if sub_error == "insufficient_scope" or refused.name in ("invalid_scope", "access_denied"):
        return Finding(
            Likely("it asks for a scope that the app does not have, or that was never granted."),
            "Add the scope to the app in the Console and save, then get a new code: a code and a "
            "token keep the scopes that they were issued with.",
        )
    is_refresh = refused.fields.get("grant_type") == "refresh_token"
    if refused.name == "unauthorized_client" and is_refresh:
        return Finding(
            Likely(
                "the refresh token is not whole, was used or revoked before, or the Client Secret "
                "is not the app's newest one."
            ),
            f"Compare both with what you have. If that fails: {refused.place.say('start_over')}",
        )
    if refused.name == "invalid_grant" and is_refresh:
        return Finding(Likely("the refresh token has expired."), refused.place.say("start_over"))
    if refused.name == "unauthorized_client":
        return Finding(
            Likely(
                "the Client Secret is not the app's newest one, or the code has expired or was "
                "used before; else the Client Id or the redirect URI differs from the link's."
            ),
            f"{refused.place.say('new_code')} If that fails too, generate a new secret in the "
            "Console and use that.",
        )
    if refused.name == "unsupported_grant_type":
        return Finding(
            Likely("the app's client type may not use this grant type."),
            "Check in the Console which client type the app has. A JavaScript app gets a code "
            "with PKCE only, and sends the code_verifier.",
        )
    if refused.name == "invalid_grant":
        return Finding(
            Likely("the code_verifier does not fit the code_challenge of the link."),
            f"Send the verifier that belongs to that challenge. {refused.place.say('new_code')}",
        )
    if refused.name == "invalid_client":
        return Finding(
            Likely("the refresh token belongs to another app than the client_id."),
            "Send the client_id that the token was issued to.",
        )
    if refused.name == "invalid_request":
        return Finding(
            Likely("a field is missing, came twice, or is not what it should be."),
            "Compare the fields of the request with those in the documentation, one by one.",
        )
    return None


def _says(refused: Refused) -> Finding:
    says = f"It says: {refused.message}" if refused.message else "It gives no reason."
    return Finding(Known(says), "Look the error up in the documentation, then compare the request.")
