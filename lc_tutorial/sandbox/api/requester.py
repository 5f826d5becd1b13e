"""Who asks the product APIs for agents, and what their token allows.

Source: livechat-public-docs, agent-chat-api ("Authentication", "Errors").
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from lc_tutorial.sandbox.api.errors import ApiError
from lc_tutorial.sandbox.world import Account, Sandbox, scopes


@dataclass(frozen=True, slots=True)
class Requester:
    """Who calls a method: an agent, and what their token allows.

    Attributes:
        account: The agent.
        granted: The scopes of the token.
        client_id: Of the app that the token was issued to; empty for a personal access token.
    """

    account: Account
    granted: tuple[str, ...]
    client_id: str = ""

    @property
    def agent_id(self) -> str:
        """The requester's id in the product APIs, the e-mail address."""
        return self.account.email

    @property
    def organization_id(self) -> str:
        """The organisation whose data the requester works with."""
        return self.account.organization_id

    @property
    def sees_deleted(self) -> bool:
        """Whether deleted events are shown with what they said."""
        return self.account.role != "normal"

    def may(self, *any_of: str) -> bool:
        """Whether the token grants one of these scopes, or one that contains it."""
        return any(scopes.grants(self.granted, scope) for scope in any_of)

    def demand(self, *any_of: str) -> None:
        """Refuse a token that grants none of the scopes.

        Raises:
            ApiError: `authorization`.

        """
        if not self.may(*any_of):
            raise ApiError("authorization", why=f"the token lacks {' or '.join(any_of)}")


def authenticate(world: Sandbox, header: str | None) -> Requester:
    """Find out who asks, by an access token (Bearer) or a personal access token (Basic).

    Args:
        world: Where the tokens are.
        header: The `Authorization` header.

    Raises:
        ApiError: `authentication`.

    """
    scheme, _, credentials = (header or "").strip().partition(" ")
    credentials = credentials.strip()
    token: Any = None
    if scheme.lower() == "bearer":
        token = world.grants.access_token(credentials)
    elif scheme.lower() == "basic":
        token = world.personal_access_token(*_user_and_password(credentials))
    elif not header:
        raise ApiError("authentication", why="there is no Authorization header")
    if token is None:
        raise ApiError("authentication", "Invalid access token", why=_why_invalid(scheme))
    client_id: str = getattr(token, "client_id", "")
    return Requester(world.accounts[token.account_id], token.scopes, client_id)


def _why_invalid(scheme: str) -> str:
    if scheme.lower() == "bearer":
        return "no valid access token (a personal access token goes with Basic)"
    if scheme.lower() == "basic":
        return "no valid account id and personal access token (an access token goes with Bearer)"
    return "the scheme is neither Bearer nor Basic"


def _user_and_password(credentials: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password
