"""Why the accounts service refused a customer's token: ``/v2/customer/token`` and its neighbours.

An app asks for one with an agent's access token that has the scope ``customers:own``; the grants
for browsers are in `customer_grants`.

Source: livechat-public-docs, authorization/customer-authorization and customer-accounts-api.
"""

import re

from lc_tutorial.errors.explaining import body, credential, customer_grants
from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, first, listed
from lc_tutorial.errors.explaining.fields import odd_fields
from lc_tutorial.errors.explaining.knowledge import Fact
from lc_tutorial.errors.explaining.refused import Refused

_SCOPE = "customers:own"

#: Seconds. Source: livechat-public-docs, authorization/customer-authorization.
_LIFETIME = 28_800

_OF_GROUP = re.compile(r"/v2/customer/[^/]+/[^/]+/token/?")


def wrong(refused: Refused) -> Finding | None:
    """Why a customer's token was not issued, inspected or revoked."""
    if refused.path == customer_grants.TRANSFER:
        return first(
            refused,
            body.wrong_for_accounts,
            odd_fields,
            _of_transfer_by_agent,
            customer_grants.of_transfer,
            _client,
            _by_name,
        )
    is_asked_for = refused.path == "/v2/customer/token" or _OF_GROUP.fullmatch(refused.path)
    if not is_asked_for or refused.method == "DELETE":
        return credential.for_accounts(refused, wants="customer access token")
    by_grant = _BY_GRANT.get(refused.fields.get("grant_type", ""))
    if by_grant is not None:
        return first(
            refused, body.wrong_for_accounts, odd_fields, _unknown_client, by_grant, _others
        )
    return first(
        refused,
        body.wrong_for_accounts,
        odd_fields,
        _grant_type,
        _agent_token,
        _client,
        _scope,
        _others,
        _customer,
        _by_name,
    )


def _grant_type(refused: Refused) -> Finding | None:
    grant = refused.fields.get("grant_type", "")
    if grant == "agent_token":
        return None
    if not grant:
        return Finding(
            Known("The field grant_type is missing or empty."), 'Send grant_type "agent_token".'
        )
    return Finding(
        Known(f'grant_type is "{grant[:40]}", which there is not for customers.'),
        'Send "agent_token", with an agent\'s access token in the header.',
    )


_BY_GRANT = {"cookie": customer_grants.by_cookie, "identity_token": customer_grants.by_identity}


def _of_transfer_by_agent(refused: Refused) -> Finding | None:
    if refused.fields.get("bearer_type") != "agent":
        return None
    return first(refused, _agent_token, _client, _scope)


def _unknown_client(refused: Refused) -> Finding | None:
    """Only the first two of what may be wrong with a client: no agent's token is involved."""
    if not refused.fields.get("client_id") or refused.known.client is None:
        return _client(refused)
    return None


def _agent_token(refused: Refused) -> Finding | None:
    """The agent's token in the header, which proves who asks."""
    if refused.status != 401:
        return None
    if not refused.authorization:
        return Finding(
            Known(
                "The request had no Authorization header: a customer's token is asked for with "
                "an agent's access token."
            ),
            refused.place.say("bearer"),
        )
    fact = _agent(refused)
    is_right = fact is not None and fact.kind == "access token" and fact.state in ("live", "")
    if is_right and refused.name != "invalid_grant":
        return None
    return credential.for_accounts(refused, wants="access token")


def _agent(refused: Refused) -> Fact | None:
    return refused.known.of(refused.credential) if refused.scheme == "bearer" else None


def _client(refused: Refused) -> Finding | None:
    if refused.name != "unauthorized_client":
        return None
    given, fact = refused.fields.get("client_id", ""), _agent(refused)
    remedy = "Send the client_id of the app that the agent's token was issued to: app.client_id."
    if not given:
        return Finding(Known("Missing or empty in the body: client_id."), remedy)
    if fact is not None and fact.client_id and fact.client_id != given:
        return Finding(
            Known("The client_id is not the app that the agent's token was issued to."), remedy
        )
    if refused.known.sandbox and refused.known.client is None:
        return Finding(Known("No app in the sandbox has this Client Id."), remedy)
    return None


def _scope(refused: Refused) -> Finding | None:
    if refused.name != "access_denied":
        return None
    remedy = (
        f"Add {_SCOPE} to the app in the Console and save, then get a new token: an Owner or an "
        f"Admin has to grant it. {refused.place.say('start_over')}"
    )
    fact = _agent(refused)
    if fact is not None and fact.scopes and _SCOPE not in fact.scopes:
        return Finding(
            Known(
                f"The agent's token lacks the scope {_SCOPE}. It holds "
                f"{listed(sorted(fact.scopes))}."
            ),
            remedy,
        )
    return Finding(Likely(f"the agent's token lacks the scope {_SCOPE}."), remedy)


def _others(refused: Refused) -> Finding | None:
    """``response_type`` and ``expires_in``."""
    if refused.name != "invalid_request":
        return None
    sent = refused.asked if isinstance(refused.asked, dict) else refused.fields
    kind, seconds = sent.get("response_type"), sent.get("expires_in")
    if kind not in (None, "token"):
        return Finding(
            Known(f'response_type is "{str(kind)[:40]}" here.'), 'Send response_type "token".'
        )
    if seconds is not None and not _is_lifetime(seconds):
        return Finding(
            Known(f"expires_in is {str(seconds)[:40]}."),
            f"Send a whole number of seconds from 1 to {_LIFETIME}, or leave it out.",
        )
    wrong = [name for name, value in sent.items() if value is not None and name != "expires_in"]
    not_text = [name for name in wrong if not isinstance(sent[name], str)]
    if not_text:
        return Finding(Known(f"{listed(not_text)} is no text."), "Send texts.")
    return None


def _is_lifetime(seconds: object) -> bool:
    text = str(seconds)
    is_number = type(seconds) is int or (isinstance(seconds, str) and text.isdecimal())
    return is_number and 1 <= int(text) <= _LIFETIME


def _customer(refused: Refused) -> Finding | None:
    if refused.name != "resource_not_found" or not refused.fields.get("entity_id"):
        return None
    return Finding(
        Known("The organization has no customer with this entity_id."),
        "Leave entity_id out for a new customer; or send the id of a customer in a chat, which "
        "list_chats names.",
    )


def _by_name(refused: Refused) -> Finding | None:
    if refused.name not in ("unauthorized_client", "invalid_grant", "invalid_request"):
        return None
    return Finding(
        Likely(
            "the agent's token does not live any more, or the client_id is not the app that it was "
            "issued to."
        ),
        refused.place.say("customer"),
    )
