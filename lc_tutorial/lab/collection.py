"""The requests of the course as entries to open: the flow, chats and their neighbours, customers.

They stand in the order in which they are of use: the answer of one has what a later one needs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request
from lc_tutorial.platforms import Platform

TOKENS = "Get a token"
LIST_CHATS = "List chats"
NEIGHBOURS = "Chats, threads, agents and groups"
CUSTOMERS = "Act as a customer"

_AGENT = Bearer("{{access_token}}")
_CUSTOMER = Bearer("{{customer_access_token}}")

_NEEDS_CHATS = "Needs chats--all:ro, or chats--access:ro for the chats of your own groups."


@dataclass(frozen=True)
class Entry:
    """A request with a name.

    Attributes:
        name: what it does, in a few words; no other entry of its folder has it.
        folder: under which heading it stands.
        about: what it does and what it needs, in plain sentences.
        request: holds references in the place of secrets.
    """

    name: str
    folder: str
    about: str
    request: Request


def entries(platform: Platform) -> tuple[Entry, ...]:
    """All entries, for this platform and its version of the APIs."""
    return (
        *_tokens(platform),
        *_list_chats(platform),
        *_neighbours(platform),
        *_customers(platform),
    )


def _tokens(platform: Platform) -> Iterator[Entry]:
    """The agent authorization flow.

    Sources: livechat-public-docs, authorization/oauth-authorization; configs/redoc,
    global-accounts-api (``/v2/token``, ``/v2/info``).
    """
    yield Entry(
        "Ask for a code",
        TOKENS,
        "The link to the authorization page, with a state and with PKCE. It is made for a "
        "browser, where somebody signs in and allows the access. The lab makes a link of it.",
        Request(
            url=f"{platform.accounts_url}/",
            query=(
                ("response_type", "code"),
                ("client_id", "{{client_id}}"),
                ("redirect_uri", "{{redirect_uri}}"),
                ("state", "{{state}}"),
                ("code_challenge", "{{code_challenge}}"),
                ("code_challenge_method", "S256"),
            ),
        ),
    )
    code = {"code": "{{code}}", "client_id": "{{client_id}}", "redirect_uri": "{{redirect_uri}}"}
    secret = {"client_secret": "{{client_secret}}"}
    verifier = {"code_verifier": "{{code_verifier}}"}
    yield _grant(
        platform,
        "Exchange the code",
        "Gives the code away for an access token and a refresh token. For a server-side app whose "
        "link had a PKCE challenge. A code works once, and for a few minutes only.",
        grant_type="authorization_code",
        **code,
        **secret,
        **verifier,
    )
    yield _grant(
        platform,
        "Exchange the code, without PKCE",
        "The same for a link that had no PKCE challenge.",
        grant_type="authorization_code",
        **code,
        **secret,
    )
    yield _grant(
        platform,
        "Exchange the code, as a JavaScript app",
        "The same for a JavaScript app. It has no secret, so the PKCE verifier is all that proves "
        "who asks.",
        grant_type="authorization_code",
        **code,
        **verifier,
    )
    yield _grant(
        platform,
        "Refresh the token",
        "Gets a new access token for the refresh token, without anybody signing in again. For a "
        "server-side app, whose refresh token stays the same.",
        grant_type="refresh_token",
        refresh_token="{{refresh_token}}",  # noqa: S106 - a reference
        client_id="{{client_id}}",
        **secret,
    )
    yield _grant(
        platform,
        "Refresh the token, as a JavaScript app",
        "The same for a JavaScript app. It has no secret, and its refresh token works once: the "
        "answer brings the next one.",
        grant_type="refresh_token",
        refresh_token="{{refresh_token}}",  # noqa: S106 - a reference
        client_id="{{client_id}}",
    )
    yield Entry(
        "Inspect the token",
        TOKENS,
        "Tells what an access token is good for, and for how many seconds it is still valid.",
        Request(url=platform.info_url, authorization=_AGENT),
    )
    yield Entry(
        "Revoke the token",
        TOKENS,
        "Ends the access token and its refresh token. The requests below need a new one then.",
        Request("DELETE", platform.token_url, authorization=_AGENT),
    )


def _list_chats(platform: Platform) -> Iterator[Entry]:
    """List Chats and what can be asked of it.

    Sources: livechat-public-docs, messaging/agent-chat-api (List Chats) of versions 3.4 to 3.7;
    messaging/references/default-properties (rating).
    """
    answer = "chats_info" if platform.version >= "3.7" else "chats_summary"
    events = (
        " Since 3.7, the last events of a chat stand in its last_thread_info."
        if platform.version >= "3.7"
        else ""
    )
    yield _agent(
        platform,
        "First page",
        f"The newest chats, in {answer}. {_NEEDS_CHATS}{events}",
        limit=10,
    )
    yield _agent(
        platform,
        "Next page",
        "The chats that come after: page_id is the next_page_id of an answer. Filters, limit and "
        f"order are those of the first page, and must not be sent again. {_NEEDS_CHATS}",
        page_id="{{page_id}}",
    )
    if platform.version >= "3.6":
        yield _agent(
            platform,
            "Only active chats",
            f"The chats that are going on. {_NEEDS_CHATS}",
            filters={"active": True},
        )
    else:
        yield _agent(
            platform,
            "No active chats",
            "The chats that are over. Since version 3.6 the filter is called active, and finds the "
            f"others alone, too. {_NEEDS_CHATS}",
            filters={"include_active": False},
        )
    yield _agent(
        platform,
        "Chats of a group, oldest first",
        f"The chats of the group General, from the oldest one on. {_NEEDS_CHATS}",
        filters={"group_ids": [0]},
        sort_order="asc",
        limit=10,
    )
    yield _agent(
        platform,
        "Chats rated as good",
        f"The chats whose property rating.score is 1: their customers were content. {_NEEDS_CHATS}",
        filters={"properties": {"rating": {"score": {"values": [1]}}}},
    )
    yield Entry(
        "With a personal access token",
        LIST_CHATS,
        "The newest chats, for a token that you make for yourself in the Console. It takes the "
        f"Basic scheme, with the account's id as the user. {_NEEDS_CHATS}",
        Request(
            "POST",
            platform.list_chats_url,
            authorization=Basic("{{account_id}}", "{{personal_access_token}}"),
            body=_json(limit=10),
        ),
    )


def _neighbours(platform: Platform) -> Iterator[Entry]:
    """What else can be asked with the same token.

    Sources: livechat-public-docs, messaging/agent-chat-api (Get Chat, List Threads, List Archives)
    and management/configuration-api (List Agents, List Groups) of versions 3.4 to 3.7.
    """
    chat = {"chat_id": "{{chat_id}}"}
    for name, action, about, body in (
        ("One chat", "get_chat", "A chat with the events of its last thread.", chat),
        ("Threads of a chat", "list_threads", "The threads of a chat, the newest first.", chat),
        (
            "Archives",
            "list_archives",
            "The threads of all chats with their events, the newest first.",
            {"limit": 10},
        ),
        (
            "Search the archives",
            "list_archives",
            "The threads in which a word was written.",
            {"filters": {"query": "plant"}, "limit": 10},
        ),
    ):
        yield _agent(
            platform, name, f"{about} {_NEEDS_CHATS}", folder=NEIGHBOURS, action=action, **body
        )
    for name, action, about in (
        ("Agents", "list_agents", "Who answers chats. Needs agents--all:ro."),
        ("Groups", "list_groups", "The groups of agents. Needs groups--all:ro."),
    ):
        url = f"{platform.api_url}/v{platform.version}/configuration/action/{action}"
        request = Request("POST", url, authorization=_AGENT, body=_json())
        yield Entry(name, NEIGHBOURS, about, request)


def _customers(platform: Platform) -> Iterator[Entry]:
    """A token to act as a customer, and what it opens.

    Sources: livechat-public-docs, authorization/customer-authorization (agent token grant);
    messaging/customer-chat-api (Start Chat, List Chats) of versions 3.4 to 3.7.
    """
    token_url = f"{platform.accounts_url}/v2/customer/token"
    grant = {
        "grant_type": "agent_token",
        "client_id": "{{client_id}}",
        "response_type": "token",
    }
    yield Entry(
        "Get a customer's token",
        CUSTOMERS,
        "Makes a new customer, and a token to act as this customer. The access token of an agent "
        "asks for it, and needs customers:own; a personal access token won't do.",
        Request("POST", token_url, authorization=_AGENT, body=_json(**grant)),
    )
    yield Entry(
        "Renew a customer's token",
        CUSTOMERS,
        "A new token for a customer that exists: entity_id is the customer's id. Needs "
        "customers:own.",
        Request(
            "POST", token_url, authorization=_AGENT, body=_json(**grant, entity_id="{{entity_id}}")
        ),
    )
    message = {"type": "message", "text": "Hello! Do you water plants in August?"}
    for name, action, about, body in (
        (
            "Start a chat",
            "start_chat",
            "Starts a chat with a message. Agents see it at once; on the live platform, so do "
            "yours. A customer has one chat.",
            {"chat": {"thread": {"events": [message]}}},
        ),
        ("Chats of the customer", "list_chats", "The chats that this customer has.", {}),
    ):
        yield Entry(
            name,
            CUSTOMERS,
            f"{about} Needs a customer's token, and the organization's id in the address.",
            Request(
                "POST",
                f"{platform.api_url}/v{platform.version}/customer/action/{action}",
                query=(("organization_id", "{{organization_id}}"),),
                authorization=_CUSTOMER,
                body=_json(**body),
            ),
        )


def _grant(platform: Platform, name: str, about: str, **fields: str) -> Entry:
    body = FormBody(tuple(fields.items()))
    return Entry(name, TOKENS, about, Request("POST", platform.token_url, body=body))


def _agent(
    platform: Platform,
    name: str,
    about: str,
    *,
    folder: str = LIST_CHATS,
    action: str = "list_chats",
    **parameters: Any,
) -> Entry:
    url, body = platform.action_url(action), _json(**parameters)
    return Entry(name, folder, about, Request("POST", url, authorization=_AGENT, body=body))


def _json(**parameters: Any) -> JsonBody:
    """A body, which each method wants: an empty object at least."""
    return JsonBody(json.dumps(parameters, indent=2) if parameters else "{}")
