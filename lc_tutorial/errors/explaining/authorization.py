"""Why the authorization page or the login page refused."""

from lc_tutorial.errors.explaining.explanation import Explanation, uri_difference
from lc_tutorial.memory import SentRequest, entered_redirect_uri


def refusal(name: str, details: str, request: SentRequest | None) -> Explanation:
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
