"""The records of the sandbox's world: accounts, apps, codes, tokens.

Plain data and no rules; `state.Sandbox` keeps them and says how they come and go.
"""

import time
from dataclasses import dataclass, field
from typing import Literal

from lc_tutorial.sandbox.world.scopes import Role

ClientType = Literal["server_side", "javascript"]


class Clock:
    """The real time plus an offset in seconds that can be moved forward."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time() + self.offset

    def elapsed(self) -> float:
        """Seconds since some moment: for what asks only how long something is ago.

        It goes on evenly when the machine's clock is set, by hand or by the network, and moves with
        this one.
        """
        return time.monotonic() + self.offset

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self.offset += seconds


@dataclass(frozen=True)
class Account:
    """A person who can sign in; in the Agent Chat API, an agent."""

    id: str
    email: str
    password: str = field(repr=False)
    name: str
    role: Role
    organization_id: str
    group_ids: tuple[int, ...]


@dataclass
class AuthorizationBlock:
    """The Authorization building block of an app: its OAuth client.

    Attributes:
        client_secret: Empty for a JavaScript app, which has none.
        secret_seen: Whether the Console has shown the secret; it does so once.
        redirect_uris: The whitelist.
        scopes: Each scope's name, and whether the app requires it.
    """

    client_type: ClientType
    client_id: str
    client_secret: str = field(repr=False)
    secret_seen: bool = False
    redirect_uris: list[str] = field(default_factory=list)
    scopes: dict[str, bool] = field(default_factory=dict)


@dataclass
class App:
    """An app of the Developer Console. Without a block it cannot ask anybody for access.

    Attributes:
        published: Whether the people of all organisations may use it; else it is private.
        installed: Whether the people of its own organisation may use it while it is private.
    """

    id: str
    name: str
    author_id: str
    organization_id: str
    created_at: float
    published: bool = False
    installed: bool = False
    block: AuthorizationBlock | None = None

    def is_for(self, account: Account) -> bool:
        """Whether this person may be asked for access: its author may, whatever its state."""
        # assumed: that a private app which is not installed is its author's alone. The sources say
        # that one installs it to try it, and that a private app is not for other organisations.
        at_home = self.installed and account.organization_id == self.organization_id
        return account.id == self.author_id or self.published or at_home


@dataclass(frozen=True)
class Challenge:
    """What a client announced of its PKCE verifier: method is "S256" or "plain"."""

    value: str
    method: Literal["S256", "plain"]


@dataclass
class Code:
    """An authorization code: what was agreed, waiting to be exchanged once."""

    value: str = field(repr=False)
    client_id: str
    account_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: Challenge | None
    expires_at: float
    used: bool = False


@dataclass(frozen=True)
class RefreshToken:
    """A token that buys new access tokens. It has no region prefix."""

    value: str = field(repr=False)
    client_id: str
    account_id: str
    scopes: tuple[str, ...]
    expires_at: float


@dataclass(frozen=True)
class AccessToken:
    """What an app shows to the APIs. `refresh_token` is the value of its twin, if it had one."""

    value: str = field(repr=False)
    client_id: str
    account_id: str
    organization_id: str
    scopes: tuple[str, ...]
    issued_at: float
    expires_at: float
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PersonalAccessToken:
    """A token that a person made for scripts of their own. Its scopes never change."""

    id: str
    value: str = field(repr=False)
    name: str
    account_id: str
    organization_id: str
    scopes: tuple[str, ...]
    created_at: float
