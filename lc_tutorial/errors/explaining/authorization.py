"""Why the authorization page or the login page refused, and said so in an address.

Two parameters name an error there. ``oauth_exception`` is about the link and the app;
``identity_exception`` is about who signs in. Some names are in both, with two meanings.

Source: livechat-public-docs, authorization/troubleshooting.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from lc_tutorial import memory
from lc_tutorial.errors.explaining.explanation import Cause, Explanation, Known, Likely, listed
from lc_tutorial.errors.explaining.uris import uri_difference
from lc_tutorial.memory import SentRequest, entered_redirect_uri

_BUILD = "Build the link again and follow it."
_SIGN_IN = "Follow the link again and sign in."


def authorization(
    name: str, details: str, request: SentRequest | None, parameter: str = "oauth_exception"
) -> Explanation:
    """Why the authorization page or the login page refused.

    Args:
        name: the value of ``error``, ``oauth_exception`` or ``identity_exception``.
        details: what came with it.
        request: what was asked, where it is known.
        parameter: which of the three it was.
    """
    if parameter == "identity_exception" and name in _IDENTITY:
        return Explanation(*_IDENTITY[name])
    if details == "invalid_redirect_uri":
        return _redirect_uri_not_whitelisted(request)
    if details == "client_id_not_found" and (found := _unknown_client(request)) is not None:
        return found
    if details in _AUTHORIZATION:
        return Explanation(*_AUTHORIZATION[details])
    if name == "invalid_scope" and (found := _unknown_scopes(request)) is not None:
        return found
    if (found := _as_the_sandbox_says(name, request)) is not None:
        return found
    if name in _AUTHORIZATION:
        return Explanation(*_AUTHORIZATION[name])
    said = f"{name}, {details}" if details else name
    return Explanation(
        "The authorization page sent an error instead of a code.",
        Known(f"It says: {said}."),
        f"{_BUILD} If it comes back, compare each of its parameters with your app in the Console.",
    )


def _redirect_uri_not_whitelisted(request: SentRequest | None) -> Explanation:
    what = "The authorization page refused the redirect URI."
    uri, difference, whitelist = "The redirect URI of the link", "", []
    if request is not None:
        uri = request.redirect_uri.partition("?")[0]
        entered = entered_redirect_uri(request.client_id)
        if entered is not None:
            difference = uri_difference(request.redirect_uri, entered)
        whitelist = list((_client(request) or {}).get("redirect_uris", []))
    if difference:
        return Explanation(
            what,
            Known(
                f"{uri} fits no entry in the whitelist of your app. It is not the one that you "
                f"entered in the form: {difference}."
            ),
            "Build the link with app.redirect_uri, and follow it again.",
        )
    if request is not None and any(_covers(each, request.redirect_uri) for each in whitelist):
        return Explanation(
            what,
            Known(f"{uri} was not in the whitelist then. It is by now."),
            "Follow the link again.",
        )
    if len(whitelist) == 1:
        return Explanation(
            what,
            Known(
                f"{uri} does not fit the only entry in the whitelist of your app, {whitelist[0]}: "
                f"{uri_difference(uri, whitelist[0])}."
            ),
            "Correct one of the two: the redirect URI in the form, or the whitelist in the "
            "Console. Save, and follow the link again.",
        )
    return Explanation(
        what,
        Known(f"{uri} fits no entry in the whitelist of your app."),
        "Compare the two in the Console, letter by letter: http or https, the host (localhost and "
        "127.0.0.1 differ), the port, and the path, which must begin with the whitelisted one. "
        "Correct one of them, save, and follow the link again.",
    )


def _covers(entry: str, uri: str) -> bool:
    """Whether an entry of the whitelist opens an address: the same host, and the path's beginning.

    Source: livechat-public-docs, authorization/oauth-authorization, the rules for redirect URIs.
    """
    one, other = urlsplit(entry), urlsplit(uri)
    if other.query or other.fragment or ".." in unquote(other.path):
        return False
    same_host = (one.scheme, one.netloc) == (other.scheme, other.netloc)
    return same_host and other.path.startswith(one.path)


def _unknown_client(request: SentRequest | None) -> Explanation | None:
    """A Client Id that is not the form's, or was an app's before, or is one in small letters."""
    if request is None:
        return None
    what, _, copy = _AUTHORIZATION["client_id_not_found"]
    client_id = request.client_id
    entered = memory.entered_app(request.origin)
    if entered is not None and entered.client_id != client_id:
        return Explanation(
            what,
            Known("It is not the one that was entered in the form."),
            "Build the link with app.client_id, and follow it again.",
        )
    if client_id != client_id.lower():
        return Explanation(
            what, Known("It has capital letters; the Console shows it in small ones."), copy
        )
    if memory.served(client_id):
        return Explanation(
            what,
            Known(
                "An app had it before: it was deleted, or the sandbox was made as new since, or is "
                "another one."
            ),
            "Make the app again, then build the link again.",
        )
    return None


def _unknown_scopes(request: SentRequest | None) -> Explanation | None:
    """Scopes of the link that the sandbox says the app does not have."""
    if request is None or not request.scopes:
        return None
    client = _client(request)
    if client is None:
        return None
    missing = sorted(request.scopes - set(client.get("scopes", [])))
    if not missing:
        return None
    return Explanation(
        "The authorization page refused the scopes.",
        Known(f"The app does not have {listed(missing)}."),
        "Add it to the app in the Console and save, or leave it out of the link; then follow the "
        "link again.",
    )


def _as_the_sandbox_says(name: str, request: SentRequest | None) -> Explanation | None:
    """A refusal with several causes on the live platform, of which the sandbox tells the one."""
    if request is None or not request.state or name not in _SEVERAL_CAUSES:
        return None
    witness = memory.witness_of(request.origin) if request.origin else None
    if witness is None:
        return None
    asked = f"/\n{name} {request.state}"
    why = str(witness({"request": hashlib.sha256(asked.encode()).hexdigest()}).get("why") or "")
    if not why:
        return None
    what, _, _ = _AUTHORIZATION[name]
    remedy = next(remedy for part, remedy in _SEVERAL_CAUSES[name] if part in why)
    return Explanation(what, Known(f"{why[0].upper()}{why[1:]}."), remedy)


def _client(request: SentRequest) -> Mapping[str, Any] | None:
    witness = memory.witness_of(request.origin) if request.origin else None
    if witness is None:
        return None
    client: Mapping[str, Any] | None = witness({"client_id": request.client_id}).get("client")
    return client


_Told = tuple[str, Cause, str]

#: Names behind which are several causes: a part of what the sandbox says, and what to do then.
_SEVERAL_CAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    "access_denied": (
        (
            "another organization",
            "Follow the link again, and sign in with an account of the app's own organization. "
            "For people of others, publish the app on its page in the Console.",
        ),
        (
            "",
            "Follow the link again, and sign in with the account that made the app. For other "
            "people of its organization, install it in the Console, under Private installation.",
        ),
    ),
    "missing_grant": (("", "Follow the link again, and press Allow."),),
    "invalid_scope": (
        (
            "role",
            "Follow the link again, and sign in as an Owner or Admin; or ask for less: "
            "chats--access:ro can be given by every agent.",
        ),
        (
            "",
            "Add the scope to the app in the Console and save, or leave it out of the link; then "
            "follow the link again.",
        ),
    ),
}

#: About the link and the app.
_AUTHORIZATION: dict[str, _Told] = {
    "client_id_not_found": (
        "The authorization page doesn't know this Client Id.",
        Known(
            "No app has it: a character of it is wrong, or it belongs to the other platform "
            "(sandbox or live)."
        ),
        "Copy the Client Id from the App Authorization page of the Console into the "
        "form, then build the link again.",
    ),
    "redirect_uri_not_set": (
        "Your app has no redirect URI yet.",
        Known("Its whitelist in the Console is empty, or it was not saved."),
        "Add your redirect URI to the whitelist, press Save changes, and follow the link again.",
    ),
    "too_many_redirects": (
        "The authorization page stopped the redirects.",
        Known("It allows three within 30 seconds for one app and one account."),
        "Wait half a minute, then follow the link once.",
    ),
    "access_denied": (
        "The authorization page did not grant access.",
        Likely(
            "the app is not for the account that is signed in: it is private, and belongs to "
            "another organization, or is not installed at its own. Or Cancel was pressed on the "
            "consent page."
        ),
        "Follow the link again: sign in with the account that made the app, and press Allow. For "
        "other people of its organization, install the app in the Console, under Private "
        "installation; for those of others it has to be published.",
    ),
    "missing_grant": (
        "The app was not given what it needs.",
        Likely(
            "Cancel was pressed on the consent page. Or access was never given, or the app needs "
            "more scopes by now than were allowed."
        ),
        "Follow the link again and press Allow. With prompt=consent in the link the page asks "
        "anew.",
    ),
    "invalid_scope": (
        "The authorization page refused the scopes.",
        Likely(
            "one of them is not among the app's scopes in the Console, or it needs an "
            "administrator and a plain agent is signed in (chats--all:ro does)."
        ),
        "Add the scope to the app and save, or sign in as an Owner or Admin, and follow the link "
        "again.",
    ),
    "unsupported_response_type": (
        "The authorization page refused the response type.",
        Known(
            "It must be code here. Of a JavaScript app the link takes PKCE, too: a code_challenge."
        ),
        "Build the link with response_type=code. Look in the Console what client type the app "
        "has: for a JavaScript app, add code_challenge and code_challenge_method.",
    ),
    "unauthorized_client": (
        "The authorization page doesn't accept this app.",
        Likely("the Client Id has a mistake in it."),
        "Copy the Client Id from the Console into the form, then build the link again.",
    ),
    "invalid_request": (
        "The authorization page did not understand the request.",
        Known("A parameter of the link is missing, appears twice, or has a wrong value."),
        "Look for these in the link: response_type, client_id, redirect_uri and state, each once.",
    ),
    "server_error": (
        "The accounts service failed.",
        Known("The fault is on its side."),
        "Wait a moment, then follow the link again.",
    ),
    "temporarily_unavailable": (
        "The accounts service is overloaded.",
        Known("It asks to be left alone for a while."),
        "Wait a minute, then follow the link again.",
    ),
}

#: About who signs in: the login page says it, and the link is not to blame.
_IDENTITY: dict[str, _Told] = {
    "invalid_request": (
        "The login page could not read the sign-in.",
        Known("What was sent to it was not complete. The link itself is not to blame."),
        _SIGN_IN,
    ),
    "unauthorized": (
        "The login did not succeed.",
        Known("The e-mail or the password is not right, or there is no such account."),
        "Sign in again.",
    ),
    "access_denied": (
        "This account may not sign in.",
        Known(
            "The login knows the account and does not let it in: it is suspended, for example, or "
            "its plan does not allow it. Nobody was asked about the app yet."
        ),
        "Sign in with another account, or ask the account's owner.",
    ),
    "identity_lost": (
        "You were signed out while the page was open.",
        Known("A logout, a new password, or another device ended the session."),
        _SIGN_IN,
    ),
    "credentials_login_disabled": (
        "This account can't sign in with a password.",
        Known("Its organization uses another way, such as Google or SAML."),
        "Choose that way on the login page.",
    ),
    "server_error": (
        "The login failed.",
        Known("The fault is on the accounts service's side: it could not tell who signs in."),
        f"Wait a moment. {_SIGN_IN}",
    ),
}
# Names that only the login has; they mean the same wherever they stand.
_AUTHORIZATION |= {name: told for name, told in _IDENTITY.items() if name not in _AUTHORIZATION}
