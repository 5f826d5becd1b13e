"""The names of errors as the accounts service puts them into addresses, in words for a person.

Source: livechat-public-docs, authorization/troubleshooting (the names and what they mean).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """What happened, in a few words, and why that may be and what to do now."""

    title: str
    text: str


_BY_DETAILS = {
    "client_id_not_found": Explanation(
        "No app has this client id",
        "The client_id in the link is missing or mistyped, or its app was deleted. Copy the "
        "Client Id from the app's Authorization page in the Developer Console, and make the link "
        "again.",
    ),
    "redirect_uri_not_set": Explanation(
        "This app has no redirect URI",
        "Its whitelist is empty, so there is no address it could send you back to. Add one on the "
        "app's Authorization page in the Developer Console and save it, then open the link again.",
    ),
    "invalid_redirect_uri": Explanation(
        "This redirect URI is not allowed",
        "The redirect_uri in the link is not one of those that the app has whitelisted. Scheme, "
        "host and port have to be the same to the letter, and the path has to start with the "
        "whitelisted one. Correct the link, or the whitelist in the Developer Console.",
    ),
    "too_many_redirects": Explanation(
        "Too many redirects",
        "This app was redirected to more than 3 times within 30 seconds, which looks like two "
        "pages that send you to each other for ever. Wait half a minute, then try again.",
    ),
}

_BY_NAME = {
    "invalid_request": Explanation(
        "This request is malformed",
        "The link lacks a parameter, has one twice, or has one with an invalid value. Compare it "
        "with a link that works.",
    ),
    "unauthorized_client": Explanation(
        "This app may not ask for that",
        "The client id is missing or unknown, or it is not allowed to ask in this way.",
    ),
    "access_denied": Explanation(
        "The app got no access",
        "The app is not for the person who is signed in: a private app is for the people of its "
        "own organization, once it is installed there, and until then for its author. To go on as "
        "another person, sign out first.",
    ),
    "unsupported_response_type": Explanation(
        "This response type is not possible here",
        "The response_type in the link has to be code or token, and has to fit the client type of "
        "the app.",
    ),
    "invalid_scope": Explanation(
        "These scopes cannot be given",
        "Either the link asks for a scope that the app does not have, or the app needs a scope "
        "that only an Owner or Admin can give, and an agent is signed in.",
    ),
    "missing_grant": Explanation(
        "The app was not given what it needs",
        "Somebody chose Cancel, or the access was never given, or the app needs more by now. Open "
        "the link again and choose Allow.",
    ),
    "server_error": Explanation(
        "The accounts service failed",
        "This is not your mistake. Try again in a while.",
    ),
    "temporarily_unavailable": Explanation(
        "The accounts service is busy",
        "This is not your mistake. Try again in a while.",
    ),
}

_UNKNOWN = Explanation(
    "Something went wrong",
    "The error's name is not one that this page knows. It is shown below as it came.",
)

#: What the login page says for each value of identity_exception.
IDENTITY_EXCEPTIONS = {
    "unauthorized": "No account has this e-mail address with this password.",
    "invalid_request": "The sign-in could not be read. Try again.",
    "access_denied": "This account may not sign in.",
    "identity_lost": "You were signed out. Sign in again.",
    "credentials_login_disabled": "This account cannot sign in with a password.",
    "server_error": "The accounts service failed. Try again in a while.",
}


def explain(name: str, details: str) -> Explanation:
    """Return what an `oauth_exception` with these `exception_details` means."""
    return _BY_DETAILS.get(details) or _BY_NAME.get(name) or _UNKNOWN
