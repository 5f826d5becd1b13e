"""Why the token endpoint, or its neighbours, refused.

Source of the names and of their likely causes: livechat-public-docs, authorization/troubleshooting
and the Global Accounts API.
"""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

import requests

from lc_tutorial import memory
from lc_tutorial.errors.explaining.explanation import Explanation, uri_difference
from lc_tutorial.errors.explaining.pasted import not_a_value
from lc_tutorial.messages import fields_of, json_object, text_of

#: Minutes that a code lives. The documentation says "a few minutes".
CODE_LIFE = 5  # assumed: the documentation gives no number

_NEW_CODE = "Follow the link of step 2 again, and exchange the new code."
_CLIENT_ID = re.compile(r"[0-9a-fA-F]{32}")

#: Names under which a fault in the request's own fields comes back.
_ABOUT_THE_FIELDS = ("unauthorized_client", "invalid_client", "invalid_request")

#: What the exchange needs, and what the refresh needs.
_NEEDED = {
    "authorization_code": ("client_id", "client_secret", "code", "redirect_uri"),
    "refresh_token": ("client_id", "client_secret", "refresh_token"),
}


def refusal(
    response: requests.Response, name: str, description: str, sub_error: str
) -> Explanation:
    """Why this request was refused.

    Args:
        response: the refusal, with its request.
        name: of the error, as the platform calls it.
        description: the platform's sentence.
        sub_error: what it adds to the name.
    """
    what = f"The accounts service refused: {response.status_code} {name or response.reason}."
    sent = fields_of(response.request)
    known = _wrong_call(response, sent)
    if known is None and name in _ABOUT_THE_FIELDS:
        names = [field for field, _ in parse_qsl(text_of(response.request), keep_blank_values=True)]
        known = _wrong_fields(sent, names) or _named_fields(response) or _wrong_values(sent)
    if known is None and sub_error == "insufficient_scope":
        known = _LIKELY["invalid_scope"]
    if known is None:
        known = _likely(name, sent)
    if known is not None:
        return Explanation(what, *known)
    if name:
        why = f"It says: {description}" if description else "It gives no reason."
        return Explanation(what, why, "Compare the request with step 3, then send it again.")
    return Explanation(
        f"The answer is no token: status {response.status_code}.",
        "It has none of the accounts service's error fields: likely another server answered.",
        "Check the address of the request, which ends in /v2/token, then send it again.",
    )


def _asks_for_a_token(response: requests.Response) -> bool:
    method = response.request.method if response.request is not None else None
    return method != "DELETE" and (response.url or "").partition("?")[0].endswith("/token")


def _wrong_call(response: requests.Response, sent: dict[str, str]) -> tuple[str, str] | None:
    if not _asks_for_a_token(response) or response.status_code in (429, 500, 502, 503):
        return None
    method = response.request.method if response.request is not None else "POST"
    if method != "POST":
        return (
            f"The request was a {method}; a token is asked for with POST.",
            "Use requests.post in the cell of step 3.",
        )
    if not sent:
        return (
            "The request had no fields in its body.",
            "Pass them to requests.post as data={...}; params={...} puts them in the address.",
        )
    return None


def _named_fields(response: requests.Response) -> tuple[str, str] | None:
    """What the service itself says of single fields."""
    named = json_object(response).get("invalid_fields")
    if not isinstance(named, dict) or not named:
        return None
    listed = ", ".join(f"{field} ({reason})" for field, reason in named.items())
    return (f"It names these fields: {listed}.", "Correct them, then send the request again.")


def _likely(name: str, sent: dict[str, str]) -> tuple[str, str] | None:
    if name == "invalid_grant" and sent.get("grant_type") == "refresh_token":
        return ("The refresh token has expired.", "Start again with step 2.")
    if name == "unsupported_grant_type" and sent.get("grant_type") in ("code", *_NEEDED):
        return (
            "Your client type may not use this grant type.",
            "Check in the Console that the client type is Server-side app.",
        )
    return _LIKELY.get(name)


def _wrong_fields(sent: dict[str, str], names: list[str]) -> tuple[str, str] | None:
    spaced = [name.strip() for name in names if name != name.strip()]
    if spaced:
        return (
            f"There are spaces in front of these names in the body: {', '.join(spaced)}. "
            "A snippet that was copied over several lines has them.",
            "Write the body on one line, or pass a dict as data={...}.",
        )
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        return (
            f"This field came more than once: {', '.join(doubled)}.",
            "Send each field once.",
        )
    grant = sent.get("grant_type", "")
    if not grant:
        return (
            "The field grant_type is missing.",
            'Send "grant_type": "authorization_code" with the code.',
        )
    missing = [
        name
        for name in _NEEDED.get("authorization_code" if grant == "code" else grant, ())
        # A JavaScript app has no secret, and proves itself with a verifier.
        if not sent.get(name) and not (name == "client_secret" and sent.get("code_verifier"))
    ]
    if missing:
        return (
            f"Missing or empty in the body: {', '.join(missing)}.",
            "Add it to the data of the request, then send it again.",
        )
    return None


def _wrong_values(sent: dict[str, str]) -> tuple[str, str] | None:
    """What the request shows by itself, and what this kernel remembers of the flow."""
    if pasted := not_a_value(sent):
        return pasted
    client_id, secret = sent.get("client_id", ""), sent.get("client_secret", "")
    if client_id == secret or (
        _CLIENT_ID.fullmatch(secret) and client_id and not _CLIENT_ID.fullmatch(client_id)
    ):
        return (
            "The Client Id and the Client Secret are swapped, or one was pasted twice.",
            "The id is the one of 32 digits and letters a to f. Correct the form of step 1.",
        )
    if "code" not in sent:
        return None
    return _wrong_code(sent["code"]) or _not_as_in_step_2(sent) or _spent_code(sent["code"])


def _wrong_code(code: str) -> tuple[str, str] | None:
    kind = memory.kind_of(code)
    if kind not in (None, "authorization code"):
        return (f"What was sent as the code is the {kind}.", _NEW_CODE)
    if memory.longer_code(code):
        return (
            "The code was cut off: the one that came back is longer.",
            "Send authorization.code as it is, without copying.",
        )
    if "%3a" in code.lower() and memory.kind_of(unquote(code)) in (None, "authorization code"):
        return (
            "The code still has %3A in it, where a colon belongs.",
            "Replace %3A by a colon, or take authorization.code, which is decoded already.",
        )
    if code != code.strip():
        return ("The code has a space around it.", "Send it without.")
    return None


def _not_as_in_step_2(sent: dict[str, str]) -> tuple[str, str] | None:
    seen = memory.seen_code(sent["code"])
    if seen is None or seen.request is None:
        return None
    difference = uri_difference(sent.get("redirect_uri", ""), seen.request.redirect_uri)
    if difference:
        return (
            f"The redirect_uri is not the one of step 2: {difference}.",
            "Both must be the same to the letter, even though the browser may end elsewhere. "
            f"Send the one of step 2. {_NEW_CODE}",
        )
    if sent.get("client_id") != seen.request.client_id:
        return (
            "The client_id is not the one of step 2: the code belongs to another app.",
            "Send the client_id that the link had, or build the link again with this one.",
        )
    return None


def _spent_code(code: str) -> tuple[str, str] | None:
    seen = memory.seen_code(code)
    if seen is None:
        return None
    if seen.exchanged:
        return ("This code was exchanged before, and a code works once.", _NEW_CODE)
    age = int((datetime.now(UTC) - seen.received_at).total_seconds() // 60)
    if age >= CODE_LIFE:
        return (
            f"This code came {age} minutes ago, and a code lives for a few minutes only.",
            _NEW_CODE,
        )
    return None


_NO_SUCH_SCOPE = (
    "It asks for a scope that the app does not have, or that the user never granted.",
    "Add the scope to the app in the Console and save, then get a new code: a code and a token "
    "keep the scopes that they were issued with.",
)

_LIKELY = {
    "invalid_scope": _NO_SUCH_SCOPE,
    "access_denied": _NO_SUCH_SCOPE,
    "unauthorized_client": (
        "Likely the Client Secret is not the app's newest one, or the code has expired or was "
        "used before; else the Client Id or the redirect URI differs from step 2.",
        "Follow the link of step 2 again and exchange the new code at once. If that fails too, "
        "generate a new secret in the Console and enter it in the form of step 1.",
    ),
    "invalid_client": (
        "The refresh token belongs to another app than the client_id.",
        "Send the client_id that the token was issued to.",
    ),
    "unauthorized": (
        "The token is missing, has expired, was revoked, or has a mistake in it.",
        "Send it as the header Authorization: Bearer and the token, or get a new one.",
    ),
    "unsupported_grant_type": (
        "The server does not know this grant_type.",
        'Send "grant_type": "authorization_code" with a code, or "refresh_token" with a refresh '
        "token.",
    ),
    "invalid_grant": (
        "Likely the code_verifier does not fit the code_challenge of step 2.",
        "Send the verifier that belongs to the challenge in the link; or start again with step 2.",
    ),
    "invalid_request": (
        "A field is missing, came twice, or is not what it should be.",
        "Compare the data of the request with step 3, field by field.",
    ),
    "resource_not_found": (
        "There is no such token: likely it was revoked before.",
        "Nothing is left to do for this one.",
    ),
    "temporarily_unavailable": (
        "Too many requests came in a short time.",
        "Wait a minute, then send it again.",
    ),
    "server_error": (
        "The fault is on its side.",
        "Wait a moment, then send the request again.",
    ),
}
