"""The sandbox's world: people, apps, codes and tokens, in memory.

What the platform demands of a request is decided where requests arrive (`authorize`, `tokens`,
`console`, `agent_chat`); here is what is true of the records whoever asks: how long they live, how
many there may be, what goes when something goes.
"""

import hmac
import secrets
import uuid
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from lc_tutorial.sandbox import people
from lc_tutorial.sandbox.customer_identities import Customers
from lc_tutorial.sandbox.people import Agent, Organization, Role
from lc_tutorial.sandbox.records import (
    AccessToken,
    Account,
    App,
    AuthorizationBlock,
    Challenge,
    ClientType,
    Clock,
    Code,
    PersonalAccessToken,
    RefreshToken,
)

Region = Literal["dal", "fra", "fra-a", "fra-b"]

#: The prefixes of codes and tokens. Source: livechat-public-docs, src/constants.
REGIONS: tuple[Region, ...] = ("dal", "fra", "fra-a", "fra-b")

#: Seconds. Source: livechat-public-docs, authorization/oauth-authorization.
ACCESS_TOKEN_LIFETIME = 28_800
CODE_LIFETIME = 300  # assumed: the source says "a few minutes"
REFRESH_TOKEN_LIFETIME = 30 * 86_400  # assumed: the source says only that they expire

#: For each kind of token, per client and account; the oldest goes when there is one more.
#: Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations".
TOKEN_LIMIT = 25

#: Redirects to an app within so many seconds, per client and account. Source: the same.
REDIRECT_LIMIT = 3
REDIRECT_WINDOW = 30

DEFAULT_CALLBACK_PORT = 8377
READY_MADE_SCOPES = ("chats--all:ro", "chats--access:ro", "chats--my:ro")


@dataclass
class _Wallet:
    """The tokens of one client and account, oldest first."""

    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, RefreshToken] = field(default_factory=dict)


class Sandbox:
    """The whole world of one sandbox, made anew with every start.

    Args:
        callback_port: The port of the redirect URI that the ready-made app has whitelisted.

    Attributes:
        agents: The agents of each organisation, by its id; those who were invited come last.
        accounts: All people by account id.
        apps: All apps by app id, oldest first.
        customers: The identities of customers, and the tokens to act as one.
        ready_made: The server-side app "List Chats", there from the start; its author is the owner
            of the first organisation.
    """

    def __init__(self, *, callback_port: int = DEFAULT_CALLBACK_PORT) -> None:
        self.callback_port = callback_port
        self.clock = Clock()
        self.organizations: dict[str, Organization] = {
            organization.id: organization for organization in people.ORGANIZATIONS
        }
        self.agents: dict[str, list[Agent]] = {id_: [] for id_ in self.organizations}
        self.accounts: dict[str, Account] = {}
        for organization in people.ORGANIZATIONS:
            for agent in organization.agents:
                self._take_in(agent, organization.id)
        self.apps: dict[str, App] = {}
        self.customers = Customers(self.clock, self._new_value)
        self.personal_access_tokens: dict[str, PersonalAccessToken] = {}
        self._clients: dict[str, App] = {}
        self._codes: dict[str, Code] = {}
        self._wallets: dict[tuple[str, str], _Wallet] = {}
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._consents: dict[tuple[str, str], frozenset[str]] = {}
        self._redirects: dict[tuple[str, str], deque[float]] = {}
        self.ready_made = self._make_ready()

    def _make_ready(self) -> App:
        author = people.ORGANIZATIONS[0].owner
        app = self.create_app("List Chats", author.account_id)
        block = self.add_authorization(app, "server_side")
        block.redirect_uris.append(f"http://127.0.0.1:{self.callback_port}/callback")
        block.scopes.update(dict.fromkeys(READY_MADE_SCOPES, True))
        return app

    def renewed(self) -> "Sandbox":
        """Return a world as new, in which nobody's password changes. Who was invited is gone."""
        new = Sandbox(callback_port=self.callback_port)
        new.accounts = {id_: self.accounts[id_] for id_ in new.accounts}
        return new

    # --- People ---------------------------------------------------------------------------------

    def invite(self, role: Role) -> Account:
        """Take another person into the first organisation, an agent of its group General."""
        home = people.ORGANIZATIONS[0]
        number = len(self.agents[home.id]) - len(home.agents) + 1
        return self._take_in(people.learner(number, role), home.id)

    def _take_in(self, agent: Agent, organization_id: str) -> Account:
        self.agents[organization_id].append(agent)
        account = self.accounts[agent.account_id] = Account(
            id=agent.account_id,
            email=agent.email,
            password=_new_password(),
            name=agent.name,
            role=agent.role,
            organization_id=organization_id,
            group_ids=agent.group_ids,
        )
        return account

    def account_by_email(self, email: str) -> Account | None:
        """Return the person with that address; upper and lower case are the same."""
        wanted = email.strip().casefold()
        return next((a for a in self.accounts.values() if a.email.casefold() == wanted), None)

    def sign_in(self, email: str, password: str) -> Account | None:
        """Return the person with that address if the password is theirs, else None."""
        account = self.account_by_email(email)
        return account if account and same(account.password, password) else None

    def region(self, organization_id: str) -> Region:
        """Return the region that holds an organisation's data, and prefixes its tokens."""
        return "fra" if organization_id == people.PAPER_LANTERN.id else "dal"

    # --- Apps -----------------------------------------------------------------------------------

    def create_app(self, name: str, author_id: str) -> App:
        """Create an app, private and without a building block."""
        app = App(
            id=str(uuid.uuid4()),
            name=name,
            author_id=author_id,
            organization_id=self.accounts[author_id].organization_id,
            created_at=self.clock.now(),
        )
        self.apps[app.id] = app
        return app

    def delete_app(self, app: App) -> None:
        """Delete an app with all that was ever issued to it."""
        self.apps.pop(app.id, None)
        if app.block is None:
            return
        client_id = app.block.client_id
        self._clients.pop(client_id, None)
        for account_id in self.accounts:
            owner = (client_id, account_id)
            wallet = self._wallets.pop(owner, _Wallet())
            for value in (*wallet.access, *wallet.refresh):
                self._access.pop(value, None)
                self._refresh.pop(value, None)
            self._consents.pop(owner, None)
            self._redirects.pop(owner, None)
        self.customers.forget_client(client_id)

    def add_authorization(self, app: App, client_type: ClientType) -> AuthorizationBlock:
        """Give an app its Authorization block, with a client id and, server-side, a secret."""
        block = AuthorizationBlock(
            client_type=client_type,
            client_id=secrets.token_hex(16),
            client_secret=_new_secret() if client_type == "server_side" else "",
        )
        app.block = block
        self._clients[block.client_id] = app
        return block

    def set_client_type(self, block: AuthorizationBlock, client_type: ClientType) -> None:
        """Turn a server-side app into a JavaScript app, or back, which makes a new secret."""
        if client_type != block.client_type:
            block.client_type = client_type
            block.client_secret = _new_secret() if client_type == "server_side" else ""
            block.secret_seen = False

    def new_secret(self, block: AuthorizationBlock) -> str:
        """Replace the secret of a server-side app; the old one is worth nothing at once."""
        block.client_secret = _new_secret()
        block.secret_seen = False
        return block.client_secret

    def client(self, client_id: str) -> tuple[App, AuthorizationBlock] | None:
        """Return the app with that client id, and its block."""
        app = self._clients.get(client_id)
        return (app, app.block) if app and app.block else None

    # --- What people agreed to ------------------------------------------------------------------

    def remember_consent(self, client_id: str, account_id: str, scopes: Iterable[str]) -> None:
        """Note that a person allowed a client these scopes."""
        owner = (client_id, account_id)
        self._consents[owner] = self._consents.get(owner, frozenset()) | frozenset(scopes)

    def has_consent(self, client_id: str, account_id: str, scopes: Iterable[str]) -> bool:
        """Whether a person allowed a client all of these scopes before."""
        return self._consents.get((client_id, account_id), frozenset()).issuperset(scopes)

    def may_redirect(self, client_id: str, account_id: str) -> bool:
        """Count a redirect to an app; False, and not counted, if there were too many lately."""
        now = self.clock.now()
        times = self._redirects.setdefault((client_id, account_id), deque())
        while times and times[0] <= now - REDIRECT_WINDOW:
            times.popleft()
        if len(times) >= REDIRECT_LIMIT:
            return False
        times.append(now)
        return True

    # --- Codes ----------------------------------------------------------------------------------

    def issue_code(
        self,
        client_id: str,
        account: Account,
        redirect_uri: str,
        scopes: Iterable[str],
        challenge: Challenge | None = None,
    ) -> Code:
        """Issue a code that can be exchanged once."""
        now = self.clock.now()
        while self._codes and next(iter(self._codes.values())).expires_at <= now:
            del self._codes[next(iter(self._codes))]
        code = Code(
            value=self._new_value(account.organization_id),
            client_id=client_id,
            account_id=account.id,
            redirect_uri=redirect_uri,
            scopes=tuple(scopes),
            challenge=challenge,
            expires_at=now + CODE_LIFETIME,
        )
        self._codes[code.value] = code
        return code

    def code(self, value: str) -> Code | None:
        """Return a code that can still be exchanged: neither used nor expired."""
        code = self._codes.get(value)
        return code if code and not code.used and code.expires_at > self.clock.now() else None

    # --- Tokens ---------------------------------------------------------------------------------

    def issue_refresh_token(
        self, client_id: str, account_id: str, scopes: Iterable[str]
    ) -> RefreshToken:
        """Issue a refresh token; with too many, the client's and account's oldest one goes."""
        refresh = RefreshToken(
            value=_random_value(),
            client_id=client_id,
            account_id=account_id,
            scopes=tuple(scopes),
            expires_at=self.clock.now() + REFRESH_TOKEN_LIFETIME,
        )
        wallet = self._wallets.setdefault((client_id, account_id), _Wallet())
        wallet.refresh[refresh.value] = self._refresh[refresh.value] = refresh
        while len(wallet.refresh) > TOKEN_LIMIT:
            self._drop(next(iter(wallet.refresh.values())))
        return refresh

    def issue_access_token(
        self,
        client_id: str,
        account_id: str,
        scopes: Iterable[str],
        refresh: RefreshToken | None = None,
    ) -> AccessToken:
        """Issue an access token; with too many, the client's and account's oldest one goes."""
        now = self.clock.now()
        organization_id = self.accounts[account_id].organization_id
        token = AccessToken(
            value=self._new_value(organization_id),
            client_id=client_id,
            account_id=account_id,
            organization_id=organization_id,
            scopes=tuple(scopes),
            issued_at=now,
            expires_at=now + ACCESS_TOKEN_LIFETIME,
            refresh_token=refresh.value if refresh else None,
        )
        wallet = self._wallets.setdefault((client_id, account_id), _Wallet())
        wallet.access[token.value] = self._access[token.value] = token
        while len(wallet.access) > TOKEN_LIMIT:
            self._drop(next(iter(wallet.access.values())))
        return token

    def access_token(self, value: str) -> AccessToken | None:
        """Return an access token that is valid now, else None."""
        token = self._access.get(value)
        return token if token and token.expires_at > self.clock.now() else None

    def refresh_token(self, value: str) -> RefreshToken | None:
        """Return a refresh token, expired or not; a region prefix, as in older days, is fine."""
        prefix, colon, rest = value.partition(":")
        return self._refresh.get(rest if colon and prefix in REGIONS else value)

    def spend(self, refresh: RefreshToken) -> None:
        """Make a single-use refresh token worthless; access tokens bought with it live on."""
        self._drop(refresh)

    def revoke(self, value: str) -> bool:
        """Revoke an access or a refresh token together with its twin.

        Returns:
            False if there is no such token.
        """
        token = self.access_token(value)
        refresh = self.refresh_token(value if token is None else token.refresh_token or "")
        if token is None and refresh is None:
            return False
        if token is not None:
            self._drop(token)
        if refresh is not None:
            self._drop(refresh)
            wallet = self._wallets[refresh.client_id, refresh.account_id]
            # assumed: all access tokens that came with this refresh token are its twins.
            for twin in [t for t in wallet.access.values() if t.refresh_token == refresh.value]:
                self._drop(twin)
        return True

    def _drop(self, token: AccessToken | RefreshToken) -> None:
        wallet = self._wallets[token.client_id, token.account_id]
        if isinstance(token, AccessToken):
            wallet.access.pop(token.value, None)
            self._access.pop(token.value, None)
        else:
            wallet.refresh.pop(token.value, None)
            self._refresh.pop(token.value, None)

    # --- Personal access tokens -----------------------------------------------------------------

    def create_personal_access_token(
        self, account_id: str, name: str, scopes: Iterable[str]
    ) -> PersonalAccessToken:
        """Make a token for a person's own scripts."""
        organization_id = self.accounts[account_id].organization_id
        token = PersonalAccessToken(
            id=str(uuid.uuid4()),
            value=self._new_value(organization_id),  # assumed: it looks like an access token
            name=name,
            account_id=account_id,
            organization_id=organization_id,
            scopes=tuple(scopes),
            created_at=self.clock.now(),
        )
        self.personal_access_tokens[token.id] = token
        return token

    def delete_personal_access_token(self, token: PersonalAccessToken) -> None:
        """Delete a token; it is worth nothing at once."""
        self.personal_access_tokens.pop(token.id, None)

    def personal_access_token(self, account_id: str, value: str) -> PersonalAccessToken | None:
        """Return the token of that person with that value: user name and password of Basic."""
        return next(
            (
                token
                for token in self.personal_access_tokens.values()
                if token.account_id == account_id and same(token.value, value)
            ),
            None,
        )

    # --- For the control plane ------------------------------------------------------------------

    def return_to_real_time(self) -> None:
        """Take back every move of the clock."""
        self.clock.offset = 0.0
        # Counted in a time that is yet to come, they would stay for as long as the clock was moved.
        self._redirects.clear()

    def issued(self) -> tuple[list[Code], list[AccessToken], list[RefreshToken]]:
        """Return all codes, access tokens and refresh tokens that are kept, oldest first."""
        codes, access, refresh = self._codes, self._access, self._refresh
        return list(codes.values()), list(access.values()), list(refresh.values())

    def _new_value(self, organization_id: str) -> str:
        return f"{self.region(organization_id)}:{_random_value()}"


def same(secret: str, given: str) -> bool:
    """Compare two secrets in a time that tells nothing about them."""
    # "surrogatepass": JSON can smuggle in text that has no UTF-8 form.
    return hmac.compare_digest(
        secret.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass")
    )


def _random_value() -> str:
    """27 base64url characters. Source: livechat-public-docs, authorization-in-practice."""
    return secrets.token_urlsafe(20)


def _new_secret() -> str:
    return secrets.token_urlsafe(24)  # assumed: no source shows a real secret's form


def _new_password() -> str:
    # Easy to read and to type: no letters or digits that look alike.
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
