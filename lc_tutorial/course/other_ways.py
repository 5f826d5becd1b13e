"""The checks of notebook 05: other ways in.

As all checks, they never raise for what the learner has not done yet.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import requests

from lc_tutorial.course.checks import LIST_CHATS_SCOPES
from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding, refuse_others
from lc_tutorial.messages import header_of, json_object
from lc_tutorial.oauth import Token
from lc_tutorial.platforms import Control, Platform

if TYPE_CHECKING:
    pass

#: How the address of the example app's page ends.
_EXAMPLE_APP = "/example-app"


# --- A personal access token ----------------------------------------------------------------------


def check_personal_token(response: requests.Response) -> Check:
    """Did a personal access token open the API, sent as it has to be?

    Args:
        response: the answer to a request that was sent with one.

    Raises:
        InputError: it is no answer.
    """
    refuse_others(response, "lc.check_personal_token(response)", "status_code", "request")
    return Check(
        "A personal access token",
        tuple(_personal_token(response)),
        "That is all that a script of your own needs.",
    )


def _personal_token(response: requests.Response) -> Iterable[Finding]:
    header = header_of(response.request, "Authorization")
    scheme, _, value = header.partition(" ")
    if scheme != "Basic":
        yield Finding(
            MISSING,
            f"The scheme Basic: this request had {scheme or 'no Authorization header'}. A personal "
            "access token goes with its account id, as a password with a name.",
        )
        return
    yield Finding(RIGHT, "It was sent with Basic.")
    if not _is_pair(value):
        yield Finding(
            MISSING,
            "The Base64 of account id, colon and token behind the word Basic: this is something "
            "else. The Console shows it ready-made.",
        )
        return
    if response.ok:
        yield Finding(RIGHT, f"The platform took it: {response.status_code}.")
    else:
        yield Finding(
            MISSING,
            f"An answer of 200: the platform refused with {response.status_code}. lc.show(response)"
            " says why.",
        )


def _is_pair(value: str) -> bool:
    try:
        name, colon, token = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(name and colon and token)


# --- The app in the browser -----------------------------------------------------------------------


def check_example_app(platform: Platform) -> Check:
    """Has the example app got its token, with PKCE and without a secret? It asks the sandbox.

    Raises:
        InputError: it is no platform.
        SandboxGone: the sandbox has ended.
    """
    refuse_others(platform, "lc.check_example_app(platform)", "is_sandbox", "login")
    return Check(
        "The app in the browser",
        tuple(_example_app(platform)),
        "An app without a secret has read chats.",
    )


def _example_app(platform: Platform) -> Iterable[Finding]:
    if not platform.is_sandbox:
        yield Finding(MISSING, "A sandbox: the live platform has no example app.")
        return
    world = Control.of(platform).state()
    apps = [app for app in world["apps"] if app["client_type"] == "javascript"]
    if not apps:
        yield Finding(
            MISSING,
            "A JavaScript app: create one in the Console, at App Authorization. There is none yet.",
        )
        return
    yield Finding(RIGHT, "There is a JavaScript app.")
    at_the_page = [
        app for app in apps if any(uri.endswith(_EXAMPLE_APP) for uri in app["redirect_uris"])
    ]
    if not at_the_page:
        yield Finding(
            MISSING,
            "The address of the example app's page on its redirect URI whitelist. The page shows "
            "it, to copy. Did you press Save changes?",
        )
        return
    yield Finding(RIGHT, "The page's address is on its whitelist.")
    fitting = [app for app in at_the_page if {*app["scopes"]} & {*LIST_CHATS_SCOPES}]
    if not fitting:
        yield Finding(
            MISSING, "A scope for List Chats, such as chats--all:ro. Did you press Save changes?"
        )
        return
    yield Finding(RIGHT, "It has a scope for List Chats.")
    yield from _issued(world, {app["client_id"] for app in fitting})


def _issued(world: dict[str, Any], client_ids: set[str]) -> Iterable[Finding]:
    """What the app has got. A refresh token comes with the exchange of a code alone."""
    of_app = [token for token in world["access_tokens"] if token["client_id"] in client_ids]
    with_refresh = [each for each in world["refresh_tokens"] if each["client_id"] in client_ids]
    if with_refresh:
        yield Finding(RIGHT, "It traded a code for a token, with the verifier and no secret.")
    else:
        yield Finding(
            MISSING,
            "The exchange of a code: on the example app's page choose the code with PKCE, follow "
            "the link, and exchange what comes back.",
        )
    at_once = len(of_app) - len(with_refresh)
    if at_once > 0:
        yield Finding(
            NOTE, f"Also here: {at_once} by the implicit grant, with no refresh token beside it."
        )


# --- Somebody else's account ----------------------------------------------------------------------


def check_other_account(theirs: Token | None, mine: Token) -> Check:
    """Is this the token of somebody of another organization, for your own app?

    Args:
        theirs: made of the answer to the exchange; None, if there is none yet.
        mine: your own account's token, for the same app.

    Raises:
        InputError: one is no token.
    """
    call = "lc.check_other_account(theirs, session.token)"
    for token in (mine,) if theirs is None else (mine, theirs):
        refuse_others(token, call, "account_id", "organization_id", "client_id", "scopes")
    return Check(
        "Somebody else's account",
        tuple(_other_account(theirs, mine)),
        "One app, two people, two tokens: each opens the data of the one who said yes.",
    )


def _other_account(theirs: Token | None, mine: Token) -> Iterable[Finding]:
    if theirs is None:
        yield Finding(MISSING, "Their token: run the cells above. The live platform leaves it out.")
        return
    if theirs.client_id and mine.client_id and theirs.client_id != mine.client_id:
        yield Finding(MISSING, "A token for this notebook's app: this one is another app's.")
    else:
        yield Finding(RIGHT, "It was issued to your app.")
    if theirs.account_id == mine.account_id:
        yield Finding(
            MISSING,
            "Somebody else's consent: this token is of your own account. Sign out on the consent "
            "page, and sign in as the person that the cell above names.",
        )
    elif theirs.organization_id == mine.organization_id:
        yield Finding(
            MISSING, "Another organization: this is a colleague of yours, with the same chats."
        )
    else:
        yield Finding(RIGHT, "Another person of another organization gave it.")
    if theirs.expired:
        yield Finding(MISSING, "A token that lives: this one has expired. Follow the link again.")


# --- The customers --------------------------------------------------------------------------------


def check_customer_chat(
    started: requests.Response | None, listed: requests.Response | None
) -> Check:
    """Is the chat that a customer started in the agent's list?

    Args:
        started: the answer to the customer's start_chat; None, if there is none yet.
        listed: the answer to an agent's list_chats after it; None, if there is none yet.

    Raises:
        InputError: one is no answer.
    """
    call = "lc.check_customer_chat(started, listed)"
    for response in (started, listed):
        if response is not None:
            refuse_others(response, call, "status_code", "request")
    return Check(
        "A customer's chat",
        tuple(_customer_chat(started, listed)),
        "Two tokens, two sides of one conversation.",
    )


def _customer_chat(
    started: requests.Response | None, listed: requests.Response | None
) -> Iterable[Finding]:
    if started is None or listed is None:
        yield Finding(
            MISSING,
            "The customer's chat and the agent's list: run the cells above. The live platform "
            "leaves them out.",
        )
        return
    chat_id = json_object(started).get("chat_id")
    if "/customer/action/start_chat" not in (started.request.url or "") or not chat_id:
        yield Finding(
            MISSING,
            "A chat that a customer started: the first of the two is not the answer to the "
            "customer's start_chat, or it is a refusal.",
        )
        return
    yield Finding(RIGHT, "The customer's token started a chat.")
    answer = json_object(listed)
    chats = answer.get("chats_summary", answer.get("chats_info", []))
    if "/agent/action/list_chats" not in (listed.request.url or "") or not listed.ok:
        yield Finding(MISSING, "The agent's list: the second is not an answer of their list_chats.")
    elif chat_id in {chat["id"] for chat in chats}:
        yield Finding(RIGHT, "The agent's token lists it.")
    else:
        yield Finding(MISSING, "The chat in the agent's list: ask for the list after it started.")
