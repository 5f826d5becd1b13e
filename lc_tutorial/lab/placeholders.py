"""What samples write in the place of one's own values: ``<your_access_token>``, ``YOUR_CODE_HERE``.

Source: livechat-public-docs, the samples of messaging/agent-chat-api, authorization/* and the page
"Authorization in practice".
"""

import re
from collections.abc import Callable, Mapping

from lc_tutorial.lab.vault import MEANINGS

# <your_access_token>, <access_token|refresh token>; CLIENT_ID_HERE>, YOUR_redirect_HERE;
# YOUR_CLIENT_ID. The platform's samples have all of these.
_PLACEHOLDER = re.compile(
    r"<([A-Za-z][\w |./-]{0,60})>|\b([A-Z][A-Za-z_]*_HERE)\b>?|\b(YOUR_[A-Z][A-Z_]*)\b"
)

_NAMES: Mapping[str, str] = {
    **{name: name for name in MEANINGS},
    "token": "access_token",
    "access_token_refresh_token": "access_token",
    "agent_access_token": "access_token",
    "bearer_token": "access_token",
    "pat": "personal_access_token",
    "personal_token": "personal_access_token",
    "api_token": "personal_access_token",
    "id": "client_id",
    "app_id": "client_id",
    "app_client_id": "client_id",
    "secret": "client_secret",
    "app_secret": "client_secret",
    "app_client_secret": "client_secret",
    "authorization_code": "code",
    "auth_code": "code",
    "verifier": "code_verifier",
    "redirect": "redirect_uri",
    "redirect_url": "redirect_uri",
    "app_redirect_uri": "redirect_uri",
    "customer_token": "customer_access_token",
}


def name_of(placeholder: str) -> str | None:
    """The name of the value that a placeholder stands for; None if it is not known.

    >>> name_of("YOUR_redirect_HERE")
    'redirect_uri'
    """
    words = re.sub(r"[^a-z0-9]+", "_", placeholder.lower()).strip("_")
    words = words.removesuffix("_here").removeprefix("your_").removeprefix("my_")
    return _NAMES.get(words)


def replaced(text: str, found: Callable[[str, str | None], None]) -> str:
    """Put references in the place of placeholders.

    Args:
        text: in which they may stand.
        found: is called with each placeholder and the name that it got, None where nobody knows
            what it stands for; that one stays.
    """

    def reference(match: re.Match[str]) -> str:
        inner = next(group for group in match.groups() if group)
        name = name_of(inner)
        # Something in angle brackets may also be markup.
        if name is None and match[1] and not re.search(r"[_ |-]|^action$", inner):
            return match[0]
        found(match[0], name)
        return match[0] if name is None else f"{{{{{name}}}}}"

    return _PLACEHOLDER.sub(reference, text)
