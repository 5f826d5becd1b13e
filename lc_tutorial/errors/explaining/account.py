"""Why the accounts service told nothing of an account: ``/v2/accounts`` and ``/v2/sessions``.

Source: livechat-public-docs, global-accounts-api ("Accounts", "Sessions").
"""

from lc_tutorial.errors.explaining import credential
from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, listed
from lc_tutorial.errors.explaining.refused import Refused

PATHS = ("/v2/accounts", "/v2/sessions")


def wrong(refused: Refused) -> Finding | None:
    """Why a call about accounts was refused; None where nobody can tell."""
    match refused.status:
        case 401:
            return credential.for_api(refused)
        case 403:
            return _scope(refused)
        case 404 if refused.answer.get("resource_name") == "account":
            return Finding(
                Known("The organization of the token has no account with the id in the address."),
                "Write me in its place for the token's own account. GET /v2/accounts lists all of "
                "the organization, for a token with accounts--all:ro.",
            )
        case 405:
            return _method(refused)
        case 422 if "account_id" in _invalid(refused):
            return Finding(
                Known("What stands in the address for the account's id is no UUID."),
                "Write me for the token's own account, or an account_id, such as the one that "
                "comes with a token.",
            )
    return None


def _scope(refused: Refused) -> Finding | None:
    """The token's scopes: what is needed, as far as the address tells."""
    if refused.answer.get("sub_error") != "insufficient_scope":
        return None
    held = refused.scopes_held
    holds = f" It holds {listed(sorted(held))}." if held else ""
    lacks = f"the token lacks {_needed(refused)}."
    return Finding(
        Known(f"{lacks.capitalize()}{holds}") if held else Likely(lacks),
        "Add the scope to the app in the Console and save, then get a new code: a token keeps the "
        "scopes that it was issued with.",
    )


def _needed(refused: Refused) -> str:
    if refused.method != "GET" or not refused.path.startswith("/v2/accounts"):
        return "the scope that the call's documentation names"
    if refused.path.endswith("/me"):
        return "accounts--my:ro, or accounts--all:ro, which contains it"
    return "accounts--all:ro, which it takes to read of others"


def _method(refused: Refused) -> Finding:
    takes = refused.response.headers.get("Allow", "")
    allowed = f": this address takes {takes}" if takes else ", which this address does not take"
    return Finding(Known(f"The request was a {refused.method}{allowed}."), "Send it as that.")


def _invalid(refused: Refused) -> dict[str, str]:
    fields = refused.answer.get("invalid_fields")
    return fields if isinstance(fields, dict) else {}
