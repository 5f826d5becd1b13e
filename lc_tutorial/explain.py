"""Why the authorization page refused, why nobody answered, and how two addresses differ.

The texts for an error. What the platform's answer says is taken as it is; what this kernel knows
makes a cause a fact; everything else is said to be likely.
"""

from itertools import takewhile
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import requests

from lc_tutorial.memory import (
    SentRequest,
    entered_redirect_uri,
)


class Explanation(NamedTuple):
    """What happened, why, and what to do now."""

    what: str
    why: str
    remedy: str


def authorization(name: str, details: str, request: SentRequest | None) -> Explanation:
    """Why the authorization page or the login page refused.

    Source: livechat-public-docs, authorization/troubleshooting.

    Args:
        name: the value of ``error``, ``oauth_exception`` or ``identity_exception``.
        details: what came with it.
        request: what was asked, where it is known.
    """
    if details == "invalid_redirect_uri":
        return _redirect_uri_not_whitelisted(request)
    if details in _AUTHORIZATION:
        return Explanation(*_AUTHORIZATION[details])
    if name in _AUTHORIZATION:
        return Explanation(*_AUTHORIZATION[name])
    said = f"{name}, {details}" if details else name
    return Explanation(
        "The authorization page sent an error instead of a code.",
        f"It says: {said}.",
        "Build the link again and follow it. If it comes back, compare each of its parameters "
        "with your app in the Console.",
    )


def _redirect_uri_not_whitelisted(request: SentRequest | None) -> Explanation:
    uri, difference = "The redirect URI of the link", ""
    if request is not None:
        uri = request.redirect_uri.partition("?")[0]
        entered = entered_redirect_uri(request.client_id)
        if entered is not None:
            difference = uri_difference(request.redirect_uri, entered)
    if difference:
        return Explanation(
            "The authorization page refused the redirect URI.",
            f"{uri} fits no entry in the whitelist of your app. It is not the one that you "
            f"entered in step 1: {difference}.",
            "Build the link with app.redirect_uri, and follow it again.",
        )
    return Explanation(
        "The authorization page refused the redirect URI.",
        f"{uri} fits no entry in the whitelist of your app.",
        "Compare the two in the Console, letter by letter: http or https, the host (localhost and "
        "127.0.0.1 differ), the port, and the path, which must begin with the whitelisted one. "
        "Correct one of them, save, and follow the link again.",
    )


_AUTHORIZATION = {
    "client_id_not_found": (
        "The authorization page doesn't know this Client Id.",
        "No app has it: likely a character is missing, or it belongs to the other platform "
        "(sandbox or live).",
        "Copy the Client Id from the App Authorization page of the Console into the form of "
        "step 1, then build the link again.",
    ),
    "redirect_uri_not_set": (
        "Your app has no redirect URI yet.",
        "Its whitelist in the Console is empty, or it was not saved.",
        "Add your redirect URI to the whitelist, press Save changes, and follow the link again.",
    ),
    "too_many_redirects": (
        "The authorization page stopped the redirects.",
        "It allows three within 30 seconds for one app and one account.",
        "Wait half a minute, then follow the link once.",
    ),
    "access_denied": (
        "The authorization page did not grant access.",
        "Likely Cancel was pressed on the consent page, or the app belongs to another account "
        "than the one that is signed in.",
        "Follow the link again and press Allow; sign in with the account that made the app.",
    ),
    "invalid_scope": (
        "The authorization page refused the scopes.",
        "Likely one of them is not among the app's scopes in the Console, or it needs an "
        "administrator and a plain agent is signed in (chats--all:ro does).",
        "Add the scope to the app and save, or sign in as an Owner or Admin, and follow the link "
        "again.",
    ),
    "unsupported_response_type": (
        "The authorization page refused the response type.",
        "It must be code here. A JavaScript app gets a code with PKCE only.",
        "Build the link with response_type=code, and check in the Console that the client type "
        "is Server-side app.",
    ),
    "unauthorized_client": (
        "The authorization page doesn't accept this app.",
        "Likely the Client Id has a mistake in it.",
        "Copy the Client Id from the Console into the form of step 1, then build the link again.",
    ),
    "invalid_request": (
        "The authorization page did not understand the request.",
        "A parameter of the link is missing, appears twice, or has a wrong value.",
        "Compare the link with step 2: response_type, client_id, redirect_uri and state, each "
        "once.",
    ),
    "unauthorized": (
        "The login did not succeed.",
        "The e-mail or the password is not right, or there is no such account.",
        "Sign in again.",
    ),
    "identity_lost": (
        "You were signed out while the page was open.",
        "A logout, a new password, or another device ended the session.",
        "Follow the link again and sign in.",
    ),
    "credentials_login_disabled": (
        "This account can't sign in with a password.",
        "Its organization uses another way, such as Google or SAML.",
        "Choose that way on the login page.",
    ),
    "server_error": (
        "The accounts service failed.",
        "The fault is on its side.",
        "Wait a moment, then follow the link again.",
    ),
    "temporarily_unavailable": (
        "The accounts service is overloaded.",
        "It asks to be left alone for a while.",
        "Wait a minute, then follow the link again.",
    ),
}


def connection(problem: requests.RequestException, host: str) -> Explanation:
    """Why nobody answered. The text of ``problem`` is not repeated: it may hold a secret.

    Args:
        problem: what ``requests`` raised.
        host: whom the call was for.
    """
    if host in ("127.0.0.1", "localhost", "::1"):
        if isinstance(problem, requests.Timeout):
            return Explanation(
                "The sandbox did not answer in time.",
                "It runs, but something keeps it busy.",
                "Run the cell again. If it stays silent, restart the kernel and run the cell that "
                "connects.",
            )
        return Explanation(
            "The sandbox is gone.",
            "Nothing answers at its address. It ends with JupyterLab, with `lc-tutorial stop`, "
            "and after a day without use.",
            "Run the cell that connects again: it starts a new one. Your app from step 1 is gone "
            "with the old one, so go on with step 1.",
        )
    why, remedy = _network(problem)
    return Explanation(f"{host} can't be reached.", why, remedy)


def _network(problem: requests.RequestException) -> tuple[str, str]:
    causes = _chain(problem)
    if isinstance(problem, requests.exceptions.ProxyError):
        return (
            "The proxy of your network refused, or is not there.",
            "Check the environment variables HTTP_PROXY and HTTPS_PROXY, then run the cell again.",
        )
    if isinstance(problem, requests.exceptions.SSLError):
        return (
            "Its certificate was not accepted. Often a company's network puts its own in between.",
            "Set REQUESTS_CA_BUNDLE to your company's certificates, or use another network. "
            "Don't switch the check off: you would send your secret to a stranger.",
        )
    if isinstance(problem, requests.Timeout):
        return (
            "It did not answer in time.",
            "Check your network, then run the cell again.",
        )
    if "NameResolutionError" in causes or "gaierror" in causes:
        return (
            "Its name could not be looked up: likely this machine is offline.",
            "Check your network, then run the cell again.",
        )
    if isinstance(problem, requests.ConnectionError):
        return (
            "The connection was refused or broken off.",
            "Check your network, a firewall and a VPN, then run the cell again.",
        )
    return (
        f"The request failed on its way ({type(problem).__name__}).",
        "Check the address in the cell, then run it again.",
    )


def _chain(problem: BaseException) -> set[str]:
    """The names of the kinds of errors that led to this one."""
    names: set[str] = set()
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and len(names) < 50:
            names.add(type(one).__name__)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return names


def uri_difference(here: str, there: str) -> str:
    """How two addresses differ, in words; empty if they don't. Neither may hold a query.

    >>> uri_difference("http://127.0.0.1:8377/callback/", "http://127.0.0.1:8377/callback")
    'one ends in a slash and the other does not'
    """
    if here == there:
        return ""
    if here.strip() == there.strip():
        return "there is a space at the end or the beginning of one"
    if here.rstrip("/") == there.rstrip("/"):
        return "one ends in a slash and the other does not"
    if unquote(here) == unquote(there):
        return "one is percent-encoded and the other is not"
    if here.lower() == there.lower():
        return "upper and lower case differ"
    one, other = urlsplit(here), urlsplit(there)
    if one.scheme != other.scheme:
        return f"one begins with {one.scheme}:, the other with {other.scheme}:"
    if one.hostname != other.hostname:
        return f"the host is {one.hostname} in one and {other.hostname} in the other"
    if one.netloc != other.netloc:
        return f"the port differs: {one.netloc} and {other.netloc}"
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False))
    )
    return f"they differ from character {same + 1} on: “{here[same:]}” and “{there[same:]}”"
