"""The answer to an authorization request as a message to the app's page, in place of a redirect.

npm @livechat/accounts-sdk opens the accounts service in a popup or in a frame, with `flow=button`.
The window ends at a page that posts the answer to the one that opened or framed it, and closes.

- The browser hands a message over only to a page of the origin of the redirect URI, which the app
  has whitelisted: whoever else opens such a window learns nothing.
- A frame of that origin may show the answer, which asks nothing. It may never show a page with a
  button: an app could lay its own page over Allow, and have people press what they can't see
  ("clickjacking"). So in a frame nobody is asked: who is not signed in, or has to consent, is
  "unauthorized" there, as the library expects.
- The session's cookie is SameSite=Lax. In a frame a browser sends it if both pages are of one site,
  as all ports of 127.0.0.1 are, and not to localhost from 127.0.0.1 or on the platform's own hosts.
  People are "unauthorized" there: so they are on the live platform in each browser that blocks
  cookies of others, which is why the library advises against frames.

Sources: that library (`src/helpers/listener.js`); livechat-public-docs, oauth-authorization,
"Response format"; the app livechat/sample-app-popup-auth.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lc_tutorial.sandbox.accounts.authorization_request import AuthorizationRequest
from lc_tutorial.sandbox.web import pages
from lc_tutorial.sandbox.world import ACCESS_TOKEN_LIFETIME, Account

Message = dict[str, dict[str, Any]]

#: Source: livechat-public-docs, oauth-authorization, "Authentication errors".
UNAUTHORIZED: Message = {"error": {"identity_exception": "unauthorized"}}


def is_framed(request: Request) -> bool:
    """Whether the answer is for a frame in another page.

    Every browser of today says so. In an older one a frame that leads to the login page stays
    empty, for that page lets nobody frame it, and the library gives up after 5 seconds.
    """
    return request.headers.get("sec-fetch-dest") in ("iframe", "frame")


def success(
    asked: AuthorizationRequest, account: Account, granted: tuple[str, ...], **issued: str
) -> Message:
    """Make the message that brings a code or an access token.

    Args:
        asked: What the app asked for.
        account: Who is signed in.
        granted: The scopes that they gave.
        issued: The code, or the access token and its type.
    """
    data = {
        **issued,
        "expires_in": ACCESS_TOKEN_LIFETIME,
        "scopes": list(granted),  # the library makes it `scope`
        # The documentation has these three for codes only; the sample app reads them with a token.
        "account_id": account.id,
        "organization_id": account.organization_id,
        "client_id": asked.block.client_id,
    }
    # assumed: an empty state is left out here. With one the library does not find its verifier.
    return {"data": data | ({"state": asked.state} if asked.state else {})}


def refusal(name: str, details: str) -> Message:
    """Make the message that brings an authorization error."""
    told = {"oauth_exception": name}
    return {"error": told | ({"exception_details": details} if details else {})}


def answer(request: Request, recipient: str, message: Message) -> Response:
    """Make the page that posts a message and closes its window.

    Args:
        request: The request that is answered.
        recipient: The origin that gets it.
        message: What it gets.
    """
    return pages.render(
        request,
        "message.html",
        framed_by=recipient,
        recipient=recipient,
        message=msgspec.json.encode(message).decode(),
    )
