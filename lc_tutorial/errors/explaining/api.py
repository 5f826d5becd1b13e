"""Why a product API refused a call.

Source of the types: livechat-public-docs, messaging/agent-chat-api and customer-chat-api,
"Possible errors".
"""

from lc_tutorial import memory
from lc_tutorial.errors.explaining import address, body, credential, parameters, service
from lc_tutorial.errors.explaining.explanation import Explanation, Finding, Known, first, listed
from lc_tutorial.errors.explaining.methods import scopes_of
from lc_tutorial.errors.explaining.refused import Refused


def refusal(refused: Refused) -> Explanation:
    """Why this call was refused: the request is asked first, and the error's name last."""
    does = "failed" if refused.status >= 500 and refused.name != "not_imitated" else "refused"
    said = refused.name or refused.response.reason or ""
    what = f"The API {does}: {refused.status} {said}.".replace(" .", ".")
    if not refused.name:
        what = f"The answer is not the API's: status {refused.status} {said}.".replace(" .", ".")
    found = first(
        refused,
        service.trouble,
        address.wrong,
        _organization,
        body.wrong_for_api,
        credential.for_api,
        _region,
        _presence,
        _scope,
        parameters.wrong,
        _one_at_a_time,
        _by_name,
    )
    return Explanation(what, *(found or _unnamed(refused)))


# --- The address' query and the headers ---------------------------------------------------------


def _organization(refused: Refused) -> Finding | None:
    """The Customer Chat API's ``organization_id``, in the address."""
    if refused.service != "customer" or refused.name not in ("validation", "license_not_found"):
        return None
    issued = memory.seen_token(refused.credential)
    right = "It came with the customer's token, as organization_id: put it in the address."
    given = refused.query.get("organization_id")
    if given is None and refused.name == "validation":
        if _in_body(refused):
            return Finding(
                Known("organization_id is in the body, and belongs in the address."),
                "Write ?organization_id=… behind the method's name.",
            )
        older = (
            " license_id was its name up to version 3.3." if "license_id" in refused.query else ""
        )
        return _for_agents(refused) or Finding(
            Known(f"organization_id is missing in the address.{older}"),
            f"Write ?organization_id=… behind the method's name. {right}",
        )
    if refused.name != "license_not_found":
        return None
    if issued is not None and issued.organization_id and issued.organization_id != given:
        return Finding(
            Known(
                "There is no organization with the organization_id in the address. It is not the "
                "one of the customer's token."
            ),
            right,
        )
    return Finding(
        Known("There is no organization with the organization_id in the address."), right
    )


def _for_agents(refused: Refused) -> Finding | None:
    """An agent's token at the API for customers, which asks for the organization first."""
    fact = refused.known.of(refused.credential)
    if fact is None or fact.kind != "access token":
        return None
    agents = refused.path.replace("/customer/", "/agent/")
    return Finding(
        Known(
            "organization_id is missing in the address. And the token is an agent's: this is the "
            "Customer Chat API, for customers."
        ),
        f"The same for agents: {refused.place.say('address', path=agents)} For a customer's call, "
        "write ?organization_id=… behind the method's name, with a customer's token.",
    )


def _in_body(refused: Refused) -> bool:
    asked = refused.asked
    return isinstance(asked, dict) and "organization_id" in asked


def _region(refused: Refused) -> Finding | None:
    if refused.name != "misdirected_request":
        return None
    region = refused.data.get("region")
    named = f": {region}" if isinstance(region, str) else ""
    sent = refused.header("X-Region")
    asked = f" The header X-Region asks for {sent[:20]}." if sent.isprintable() and sent else ""
    return Finding(
        Known(f"The account lives in another region{named}.{asked}"),
        "Send the header X-Region with that region; it is also the beginning of the token.",
    )


# --- Who may ------------------------------------------------------------------------------------


def _presence(refused: Refused) -> Finding | None:
    """Somebody who writes in a chat that they are not in; it is told by the message alone."""
    if refused.name != "authorization" or "not user of the chat" not in refused.message.lower():
        return None
    return Finding(
        Known("The account behind the token is not a user of this chat, as this method wants it."),
        'Join with add_user_to_chat and "ignore_requester_presence": true, then send it again.',
    )


def _scope(refused: Refused) -> Finding | None:
    if refused.name != "authorization":
        return None
    needed = scopes_of(refused.service, refused.action)
    is_personal = refused.scheme == "basic"
    held = refused.scopes_held
    holds = f" It holds {listed(sorted(held))}." if held else ""
    named = refused.action or "this method"
    if needed:
        lacks = {1: "does not have it", 2: "has neither"}.get(len(needed), "has none of them")
        cause = f"{named} needs the scope {listed(needed, 'or')}, and the token {lacks}.{holds}"
    else:
        cause = f"The token lacks a scope that {named} needs.{holds}"
    one = "the scope that the method's documentation names"
    if needed:
        one = "one of these scopes" if len(needed) > 1 else "this scope"
    if is_personal:
        return Finding(
            Known(cause),
            f"A personal access token's scopes never change: make another one in the Console, "
            f"with {one}.",
        )
    return Finding(
        Known(cause),
        f"Add {one} to the app in the Console and save, then get a new token, for a token keeps "
        f"the scopes that it was issued with. {refused.place.say('start_over')}",
    )


# --- What was asked -----------------------------------------------------------------------------


_STARTED = ("customer", "start_chat")
_OF_ANOTHER = ("add_user_to_chat", "transfer_chat")


def _one_at_a_time(refused: Refused) -> Finding | None:
    if refused.name == "group_not_found":
        return Finding(
            Known("The organization has no group with an id that the body names."),
            "list_groups of the Configuration API lists the groups; 0 is General, which is there "
            "always.",
        )
    if refused.name == "missing_access" and refused.action in _OF_ANOTHER:
        return Finding(
            Known("The account behind the token, or an agent in the body, has no access to this."),
            "Choose an agent of one of the chat's groups, or let somebody of these groups call.",
        )
    if refused.name == "limit_reached" and "public agents" in refused.message.lower():
        return Finding(
            Known("An agent whom the customer sees is in the chat, and there can be one of them."),
            'Add the other with "visibility": "agents", or give them the chat with transfer_chat.',
        )
    if refused.name == "limit_reached" and (refused.service, refused.action) == _STARTED:
        return Finding(
            Known("This customer has a chat already, and a customer has one at a time."),
            "Go on in that chat, which list_chats names; or get the token of a new customer, "
            "without entity_id.",
        )
    return None


def _by_name(refused: Refused) -> Finding | None:
    if refused.name in _TYPES:
        return Finding(*_TYPES[refused.name])
    if not refused.name:
        return None
    says = f"It says: {refused.message}" if refused.message else "It gives no reason."
    return Finding(
        Known(says), "Look the error up in the method's documentation, then compare the request."
    )


def _unnamed(refused: Refused) -> Finding:
    return address.nothing_there(refused)


#: What is left where the request shows nothing: the documentation's own meaning of each type.
_TYPES = {
    "missing_access": (
        Known("The account behind the token may not see this resource."),
        "Sign in as somebody who belongs to the chat's group, or as an Owner or Admin.",
    ),
    "not_found": (
        Known("There is nothing with the id that the body names."),
        "Check the ids in the body: list_chats names chats and who is in them; list_agents, "
        "list_groups and list_tags of the Configuration API name the others.",
    ),
    "chat_inactive": (
        Known("The chat is closed, and this method works with open ones."),
        "Choose a chat whose last thread is active, or begin another thread with resume_chat.",
    ),
    "chat_anonymized": (
        Known("The chat was anonymized, and can't be changed any more."),
        "Choose another chat.",
    ),
    "agent_offline": (
        Known("No agent who is meant can take the chat: they accept none, or have it already."),
        "Choose another agent or group, let an agent accept chats (set_routing_status), or let the "
        'chat wait with "ignore_agents_availability": true.',
    ),
    "license_expired": (
        Known("The account's trial or subscription has ended."),
        "Renew it on the platform, or go on in the sandbox.",
    ),
    "license_not_found": (
        Known("The platform doesn't know this account's license."),
        "Check which account you signed in to; its product is LiveChat.",
    ),
    "already_exists": (
        Known("There is one with this name already."),
        "Choose another name, or change the one that is there.",
    ),
    "limit_reached": (
        Known("It would be more than the account or the method allows."),
        "Look the limit up in the method's documentation.",
    ),
    "wrong_product_version": (
        Known("The account runs a product version without this method."),
        "Use another account, or go on in the sandbox.",
    ),
    "customer_banned": (
        Known("The customer is banned."),
        "Lift the ban in the product, or use another customer.",
    ),
    "group_offline": (
        Known("No agent of the group accepts chats at the moment."),
        "Choose another group, or let an agent accept chats.",
    ),
    "groups_offline": (
        Known("No agent of any group accepts chats at the moment."),
        "Let an agent accept chats.",
    ),
    "group_unavailable": (
        Known("The group is online, but none of its agents is available."),
        "Try again later, or choose another group.",
    ),
    "greeting_not_found": (
        Known("There is no greeting with this id."),
        "Check the id in the body.",
    ),
    "unsupported_version": (
        Known("The API can't be called in this version."),
        "Use version 3.6, the stable one.",
    ),
}
