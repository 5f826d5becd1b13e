"""Why a customer's token was refused by one of the grants that need no agent.

A browser asks by its cookies, and an identity is taken elsewhere in two steps.

Source: livechat-public-docs, authorization/customer-authorization.
"""

import re

from lc_tutorial.errors.explaining import credential
from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, first
from lc_tutorial.errors.explaining.refused import Refused

TRANSFER = "/v2/customer/identity_transfer"

_TRANSFER_AGAIN = (
    f"Send bearer_type, client_id and, with an agent's token, customer_id to {TRANSFER}, and send "
    "the new identity_transfer_token as code."
)


def by_cookie(refused: Refused) -> Finding | None:
    """Why a browser got no token."""
    return first(refused, _organization, _whitelist, _trust)


def _organization(refused: Refused) -> Finding | None:
    if refused.name == "resource_not_found":
        return Finding(
            Known("There is no such organization, or it has no group with the number in the path."),
            "Send the organization_id that came with an access token of an agent.",
        )
    if refused.name != "invalid_request":
        return None
    if not refused.fields.get("organization_id") and refused.path == "/v2/customer/token":
        return Finding(
            Known("Missing or empty in the body: organization_id."),
            "Send the organization_id that came with an access token of an agent.",
        )
    if not refused.fields.get("redirect_uri") and not refused.header("Origin"):
        return Finding(
            Known("There is no redirect_uri in the body, and no page's Origin in its place."),
            "Send a redirect_uri from the app's whitelist.",
        )
    return None


def _whitelist(refused: Refused) -> Finding | None:
    if refused.name != "unauthorized_client":
        return None
    sent = refused.fields.get("redirect_uri") or refused.header("Origin")
    said = f"{sent[:120] or 'the redirect_uri'} fits no entry in the whitelist of the app."
    client = refused.known.client
    is_known = client is not None and sent not in client["redirect_uris"]
    return Finding(
        Known(said) if is_known else Likely(said),
        "Add it to the app's redirect URIs in the Console and save, or send one that is there.",
    )


def _trust(refused: Refused) -> Finding | None:
    if refused.name != "access_denied":
        return None
    origin, client = refused.header("Origin"), refused.known.client
    organization = refused.known.organization
    if client is not None and not (
        client["published"] or client["organization_id"] == refused.organization_id
    ):
        return Finding(Known("The app is private to another organization."), _PUBLISH)
    if origin and organization is not None and origin not in organization["trusted_origins"]:
        return Finding(
            Known(f"The organization does not trust pages of {origin[:120]}."),
            f"In the sandbox's Console, {_ADD_ORIGIN}.",
        )
    return Finding(
        Likely(
            f"the organization does not trust pages of {origin[:120]}, or the app is private to "
            "another organization."
            if origin
            else "the app is private to another organization."
        ),
        f"In the sandbox's Console, {_ADD_ORIGIN}; {_PUBLISH[0].lower()}{_PUBLISH[1:]}",
    )


_ADD_ORIGIN = "add the origin under Settings, Trusted origins"
_PUBLISH = "An app for other organizations has to be published, in the Console of its author."


def by_identity(refused: Refused) -> Finding | None:
    """Why an identity transfer token could not be exchanged."""
    code = refused.fields.get("code", "")
    if not code:
        return Finding(
            Known("Missing or empty in the body: code."),
            f"It is the identity transfer token. {_TRANSFER_AGAIN}",
        )
    if refused.name == "access_denied":
        return Finding(
            Known("The customer belongs to another organization than the one in the address."),
            "Send the request to /v2/customer/token.",
        )
    if refused.name != "invalid_grant":
        return None
    fact = refused.known.of(code)
    if fact is not None and fact.kind != "identity transfer token":
        return Finding(
            Known(f"What was sent as code is the {fact.kind}, and no identity transfer token."),
            _TRANSFER_AGAIN,
        )
    if fact is not None and fact.state in _ENDED:
        return Finding(Known(f"The identity transfer token {_ENDED[fact.state]}."), _TRANSFER_AGAIN)
    if fact is not None and fact.client_id and fact.client_id != refused.fields.get("client_id"):
        return Finding(
            Known("The identity transfer token was issued to another app."),
            "Send the client_id of the app that asked for it.",
        )
    if fact is not None and fact.state == "live":
        return Finding(
            Known("The code_verifier does not belong to the code_challenge that was sent before."),
            "Send the verifier of that challenge; and none, where no challenge was sent.",
        )
    if fact is None and refused.known.sandbox:
        return Finding(
            Known(
                "The sandbox knows no such identity transfer token: it was not copied whole, or "
                "comes from elsewhere."
            ),
            _TRANSFER_AGAIN,
        )
    return Finding(
        Likely("the identity transfer token was used, has expired, or was not copied whole."),
        _TRANSFER_AGAIN,
    )


_ENDED = {
    "spent": "was used before: it works once",
    "expired": "has expired: it lives for an hour",
    "reset": "is gone: the sandbox was made as new since",
    "app_deleted": "is gone: its app was deleted",
    "pushed_out": "was pushed out by newer ones",
}


def of_transfer(refused: Refused) -> Finding | None:
    """Why no identity transfer token was issued, apart from the agent's token and the client."""
    sent = refused.fields.get("bearer_type", "")
    if sent not in ("agent", "customer"):
        said = f'bearer_type is "{sent[:40]}".' if sent else "Missing or empty: bearer_type."
        return Finding(Known(said), 'Send "agent" or "customer": whose token is in the header.')
    if sent == "agent" and not refused.fields.get("customer_id"):
        if refused.name != "invalid_request":
            return None
        return Finding(
            Known("Missing or empty in the body: customer_id, which an agent has to name."),
            "Send the id of a customer in a chat, which list_chats names.",
        )
    if sent == "agent" and refused.name == "resource_not_found":
        return Finding(
            Known("The organization has no customer with this customer_id."),
            "Send the id of a customer in a chat, which list_chats names.",
        )
    if sent == "customer" and refused.status == 401 and refused.name != "unauthorized_client":
        return credential.for_accounts(refused, wants="customer access token")
    return _challenge(refused) if refused.name == "invalid_request" else None


def _challenge(refused: Refused) -> Finding | None:
    challenge = refused.fields.get("code_challenge")
    method = refused.fields.get("code_challenge_method", "plain")
    if challenge is not None and not _CHALLENGE.fullmatch(challenge):
        return Finding(
            Known("code_challenge is not 43 to 128 characters of A-Z a-z 0-9 - . _ ~."),
            "Correct it, or leave it out.",
        )
    if method not in ("S256", "s256", "plain"):
        return Finding(
            Known(f'code_challenge_method is "{method[:40]}", which there is not.'),
            "Send S256 or plain.",
        )
    return None


#: Source: livechat-public-docs, authorization/oauth-authorization, "PKCE extension"; RFC 7636, 4.2.
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
