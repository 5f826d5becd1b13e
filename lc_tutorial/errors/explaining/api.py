"""Why an API refused a call.

Source of the types: livechat-public-docs, messaging/agent-chat-api, "Possible errors".
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from lc_tutorial import memory
from lc_tutorial.errors.explaining.explanation import Explanation
from lc_tutorial.messages import basic, text_of
from lc_tutorial.pasting import hidden_sentence, placeholder_in, placeholders_within

#: One of these is needed. Source: livechat-public-docs, authorization/scopes.
_SCOPES = {
    "list_chats": ("chats--all:ro", "chats--access:ro"),
    "get_chat": ("chats--all:ro", "chats--access:ro"),
    "list_threads": ("chats--all:ro", "chats--access:ro"),
    "list_archives": ("chats--all:ro", "chats--access:ro"),
    "list_agents": ("agents--all:ro",),
    "list_groups": ("groups--all:ro",),
}
_TOKEN_SHAPE = re.compile(r"(dal|fra|fra-a|fra-b)(:|%3A)[\w-]{10,}", re.IGNORECASE)
_VERSION = re.compile(r"/v(\d+(?:\.\d+)*)/")
_NEW_TOKEN = "Get a new code in step 2 and exchange it in step 3."  # noqa: S105
_AS_BEARER = 'Send the header "Authorization" with "Bearer", a space and token.access_token.'


def refusal(
    response: requests.Response, kind: str, message: str, data: dict[str, Any]
) -> Explanation:
    """Why this call was refused.

    Args:
        response: the refusal, with its request.
        kind: the ``type`` of the error.
        message: the platform's sentence.
        data: what it adds.
    """
    what = f"The API refused: {response.status_code} {kind or response.reason}."
    method = response.request.method if response.request is not None else "POST"
    if method != "POST" and kind in ("", "not_found", "validation"):
        why = f"The request was a {method}, and every method of this API is called with POST."
        return Explanation(what, why, "Use requests.post in the cell of step 4.")
    if kind == "authentication":
        return Explanation(what, *_authentication(response))
    if kind == "authorization":
        return Explanation(what, *_authorization(response))
    if kind == "validation":
        return Explanation(what, *_validation(response, message))
    if kind == "unsupported_version":
        version = _VERSION.search(response.url or "")
        asked = f"Version {version[1]}" if version else "The version in the address"
        return Explanation(
            what,
            f"{asked} is not served, or not to you.",
            'Use version 3.6, the stable one: lc.connect(version="3.6").',
        )
    if kind == "misdirected_request":
        region = f": {data['region']}" if isinstance(data.get("region"), str) else ""
        return Explanation(
            what,
            f"The account lives in another region{region}.",
            "Send the header X-Region with that region; it is also the beginning of the token.",
        )
    if kind in _TYPES:
        return Explanation(what, *_TYPES[kind])
    if kind:
        why = f"It says: {message}" if message else "It gives no reason."
        return Explanation(what, why, "Compare the request with step 4, then send it again.")
    return _not_the_api(response)


def _not_the_api(response: requests.Response) -> Explanation:
    what = f"The answer is not the API's: status {response.status_code} {response.reason}."
    if response.status_code == 404:
        return Explanation(
            what,
            "There is nothing at this address: likely the method's name has a mistake in it.",
            "Use platform.list_chats_url, then send the request again.",
        )
    if response.status_code >= 500:
        return Explanation(
            what, "The fault is on the server's side.", "Wait a moment, then run the cell again."
        )
    return Explanation(
        what,
        "It has none of the API's error fields: likely another server answered.",
        "Check the address of the request, then send it again.",
    )


def _authentication(response: requests.Response) -> tuple[str, str]:
    headers = response.request.headers if response.request is not None else {}
    sent = str(headers.get("Authorization", ""))
    if not sent.strip():
        return ("The request had no Authorization header.", _AS_BEARER)
    scheme, _, credential = sent.strip().partition(" ")
    credential = credential.strip()
    if hidden := hidden_sentence(credential):
        return (f"This is not the token. {hidden}", _AS_BEARER)
    if placeholder_in(credential) or placeholders_within(credential):
        return ("The header still holds the sample's placeholder instead of a token.", _AS_BEARER)
    if scheme.lower() == "basic":
        return _basic(credential)
    if scheme.lower() != "bearer":
        return ("The header does not begin with Bearer and a space.", _AS_BEARER)
    return _bearer(credential, response.url or "")


def _basic(credential: str) -> tuple[str, str]:
    decoded = basic.decode(credential)
    parts = {credential, decoded, *decoded.split(":", 1), decoded.partition(":")[2]}
    if any(memory.kind_of(part) == "access token" for part in parts):
        return (
            "The header says Basic, and what follows is the access token. Basic is for personal "
            "access tokens; the sample in the documentation since version 3.5 has it.",
            "Change Basic to Bearer.",
        )
    if _TOKEN_SHAPE.fullmatch(credential) or _TOKEN_SHAPE.fullmatch(decoded):
        return (
            "The header says Basic, and a bare token follows. An access token goes with Bearer; a "
            "personal access token goes with Basic, as the Base64 of account id, colon and token.",
            "For the access token of step 3, change Basic to Bearer.",
        )
    if basic.ACCOUNT_AND_TOKEN.fullmatch(decoded):
        return (
            "The API doesn't know this personal access token of this account: likely it was "
            "deleted, or was not copied whole.",
            "Look for it in the Console, under Settings, Authorization; if it isn't there, make "
            "a new one.",
        )
    return (
        "The header says Basic: that is for a personal access token. Likely the token is not one, "
        "or it is not sent as the Base64 of account id, colon and token.",
        "For the access token of step 3, use Bearer. For a personal access token, pass "
        "auth=(account_id, token) to requests.post.",
    )


def _bearer(token: str, url: str) -> tuple[str, str]:
    kind = memory.kind_of(token)
    if kind not in (None, "access token"):
        return (f"What was sent as the token is the {kind}.", "Send token.access_token instead.")
    if "%3a" in token.lower():
        return (
            "The token has %3A in it, where a colon belongs.",
            "Replace %3A by a colon.",
        )
    if token.lower().startswith("bearer"):
        return ("The word Bearer came twice.", _AS_BEARER)
    seen = memory.seen_token(token)
    if seen is None:
        return (
            "The API doesn't know this token: likely it has expired (after 8 hours), was revoked, "
            "is not complete, or is a personal access token, which goes with Basic.",
            _NEW_TOKEN,
        )
    if seen.expires_at is not None and seen.expires_at <= datetime.now(UTC):
        return ("The token has expired.", _NEW_TOKEN)
    if _is_here(seen.origin) != _is_here(url) or (
        _is_here(url) and urlsplit(seen.origin).netloc != urlsplit(url).netloc
    ):
        return (
            "The token comes from another platform than the one that was called: the sandbox and "
            "the live platform, or two sandboxes, don't know each other's tokens.",
            "Go through steps 1 to 3 again with this platform.",
        )
    return ("Likely the token was revoked, or the oldest of more than 25 was dropped.", _NEW_TOKEN)


def _authorization(response: requests.Response) -> tuple[str, str]:
    action = _action(response)
    headers = response.request.headers if response.request is not None else {}
    token = str(headers.get("Authorization", "")).partition(" ")[2]
    seen = memory.seen_token(token)
    held = f" It holds {_listed(sorted(seen.scopes), 'and')}." if seen and seen.scopes else ""
    needed = _SCOPES.get(action, ())
    if not needed:
        return (
            f"The token lacks a scope that {action or 'this method'} needs.{held}",
            "Look the scope up in the method's documentation, add it to the app in the Console and "
            "save, then get a new code and a new token: a token keeps the scopes it was issued "
            "with.",
        )
    return (
        f"{action} needs the scope {_listed(needed, 'or')}, and the token has none of them.{held}",
        "Add one of them to the app's scopes in the Console and save, then repeat steps 2 and 3: a "
        "token keeps the scopes that it was issued with.",
    )


def _validation(response: requests.Response, message: str) -> tuple[str, str]:
    body = text_of(response.request)
    headers = response.request.headers if response.request is not None else {}
    if not body.strip():
        return (
            "The request had no body, and the API wants one even where nothing is asked.",
            "Send at least {}: pass json={} to requests.post.",
        )
    if "form-urlencoded" in str(headers.get("Content-Type", "")):
        return (
            "The body was sent as a form, and the API wants JSON.",
            "Pass json={...} to requests.post instead of data={...}.",
        )
    try:
        asked = json.loads(body)
    except ValueError as problem:
        position = getattr(problem, "pos", 0)
        return (
            f"The body is not JSON: it breaks at character {position + 1}.",
            "Pass a dict as json={...} to requests.post, which writes it for you.",
        )
    if isinstance(asked, dict) and _action(response) == "list_chats":
        known = _wrong_list_chats(asked)
        if known is not None:
            return known
    return (
        f"It says: {message}" if message else "A field of the body is not what it should be.",
        "Compare the body with the method's documentation, field by field.",
    )


def _wrong_list_chats(asked: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with the body of a List Chats call.

    Source: livechat-public-docs, messaging/agent-chat-api, "List Chats".
    """
    beside = [name for name in ("filters", "limit", "sort_order") if name in asked]
    if "page_id" in asked and beside:
        return (
            f"page_id came together with {_listed(beside, 'and')}. A page keeps what was asked "
            "for the first one.",
            "Send page_id alone.",
        )
    limit = asked.get("limit")
    if limit is not None and not (type(limit) is int and 1 <= limit <= 100):
        return (f"limit is {limit!r}.", "Send a whole number from 1 to 100.")
    if asked.get("sort_order") not in (None, "asc", "desc"):
        return (f"sort_order is {asked['sort_order']!r}.", 'Send "asc" or "desc".')
    return None


def _action(response: requests.Response) -> str:
    _, found, rest = urlsplit(response.url or "").path.partition("/action/")
    return rest.strip("/") if found else ""


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _listed(names: Any, last: str) -> str:
    *rest, final = names
    return f"{', '.join(rest)} {last} {final}" if rest else str(final)


_TYPES = {
    "too_many_requests": (
        "Too many calls came in a short time.",
        "Wait a minute, then send it again. In a loop, wait between the calls.",
    ),
    "missing_access": (
        "The account behind the token may not see this resource.",
        "Sign in as somebody who belongs to the chat's group, or as an Owner or Admin.",
    ),
    "not_found": (
        "There is no such resource, or no such method at this address.",
        "Check the ids in the body and the method's name in the address.",
    ),
    "chat_inactive": (
        "The chat is closed, and this method works with open ones.",
        "Choose a chat whose last thread is active.",
    ),
    "agent_offline": (
        "The agent is not accepting chats.",
        "Set the agent's status to accept chats, then send it again.",
    ),
    "license_expired": (
        "The account's trial or subscription has ended.",
        "Renew it on the platform, or go on in the sandbox.",
    ),
    "license_not_found": (
        "The platform doesn't know this account's license.",
        "Check that you signed in to the right account, then repeat steps 2 and 3.",
    ),
    "limit_reached": (
        "A limit of the account is reached.",
        "Look the limit up in the method's documentation.",
    ),
    "wrong_product_version": (
        "The account runs a product version without this method.",
        "Use another account, or go on in the sandbox.",
    ),
    "entity_too_large": (
        "The request is larger than 10 MB.",
        "Send less at once.",
    ),
    "request_timeout": (
        "The API needed more than 15 seconds.",
        "Ask for less: a smaller limit, or narrower filters. Then send it again.",
    ),
    "internal": (
        "The fault is on its side. Such calls are not billed.",
        "Wait a moment, then send it again.",
    ),
    "service_unavailable": (
        "The service is not available for the moment.",
        "Wait a moment, then send it again.",
    ),
}
