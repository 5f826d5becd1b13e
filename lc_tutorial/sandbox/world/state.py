"""The sandbox's world: people, their apps and personal access tokens, in memory.

What the platform demands of a request is decided where requests arrive (`authorize`, `tokens`,
`console`, `agent_chat`); here is what is true of the records whoever asks, and what goes when
something goes. What people granted to apps is in `grants`.
"""

import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from lc_tutorial.sandbox.web import Courier
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chat_time import ChatTime
from lc_tutorial.sandbox.world.customer_browsers import CustomerBrowsers
from lc_tutorial.sandbox.world.customer_identities import Customers
from lc_tutorial.sandbox.world.endings import Ending, Endings, How, Kind
from lc_tutorial.sandbox.world.grants import Grants
from lc_tutorial.sandbox.world.people import Agent, Organization
from lc_tutorial.sandbox.world.properties import PropertyDefinitions
from lc_tutorial.sandbox.world.records import (
    Account,
    App,
    AuthorizationBlock,
    ClientType,
    Clock,
    PersonalAccessToken,
)
from lc_tutorial.sandbox.world.scopes import Role
from lc_tutorial.sandbox.world.secret_values import (
    Region,
    new_password,
    new_secret,
    random_value,
    same,
)
from lc_tutorial.sandbox.world.settings import Settings
from lc_tutorial.sandbox.world.webhooks import Webhooks

DEFAULT_CALLBACK_PORT = 8377
READY_MADE_SCOPES = ("chats--all:ro", "chats--access:ro", "chats--my:ro")


class Sandbox:
    """The whole world of one sandbox, made anew with every start.

    Args:
        callback_port: The port of the redirect URI that the ready-made app has whitelisted.
        server_prefix: The path under which browsers reach the Jupyter server of the learner whose
            world this is, such as `/user/mia/`; empty where that is not known, or not needed.

    Attributes:
        agents: The agents of each organisation, by its id; those who were invited come last.
        accounts: All people by account id.
        apps: All apps by app id, oldest first.
        chat_time: What time it is for chats.
        courier: Brings webhooks to the apps that are to have them.
        customer_browsers: Which browser is which customer, by its cookies.
        customers: The identities of customers, and the tokens to act as one.
        endings: How codes, tokens and secrets ended that are worth nothing any more.
        grants: What people granted to apps: consents, codes and tokens.
        properties: Which properties there are, those that apps registered included.
        ready_made: The server-side app "List Chats", there from the start; its author is the owner
            of the first organisation.
        settings: What each organisation has set up, by its id.
        trusted_origins: By organisation: the origins, such as `https://shop.example.com`, whose
            pages may act for its customers with their cookies.
        webhooks: The webhooks that apps registered.
    """

    def __init__(
        self, *, callback_port: int = DEFAULT_CALLBACK_PORT, server_prefix: str = ""
    ) -> None:
        self.callback_port, self.server_prefix = callback_port, server_prefix
        self.clock = Clock()
        self.chat_time = ChatTime(self.clock)
        self.organizations: dict[str, Organization] = {
            organization.id: organization for organization in people.ORGANIZATIONS
        }
        self.agents: dict[str, list[Agent]] = {id_: [] for id_ in self.organizations}
        self.accounts: dict[str, Account] = {}
        for organization in people.ORGANIZATIONS:
            for agent in organization.agents:
                self._take_in(agent, organization.id)
        self.apps: dict[str, App] = {}
        self.endings = Endings()
        self.customers = Customers(self.clock, self._new_value, self.endings)
        self.customer_browsers = CustomerBrowsers()
        # assumed: a shop's own website is trusted from the start, and nothing else is.
        self.trusted_origins: dict[str, set[str]] = {
            organization.id: {organization.website} for organization in people.ORGANIZATIONS
        }
        self.grants = Grants(
            self.clock,
            self._new_value,
            lambda account_id: self.accounts[account_id].organization_id,
            self.endings,
        )
        self.personal_access_tokens: dict[str, PersonalAccessToken] = {}
        self.properties, self.webhooks, self.courier = PropertyDefinitions(), Webhooks(), Courier()
        self.settings = {
            id_: Settings.at_first(organization) for id_, organization in self.organizations.items()
        }
        self._clients: dict[str, App] = {}
        self.ready_made = self._make_ready()

    def _make_ready(self) -> App:
        author = people.ORGANIZATIONS[0].owner
        app = self.create_app("List Chats", author.account_id)
        app.installed = True  # a program may sign in anybody of the organisation
        block = self.add_authorization(app, "server_side")
        block.redirect_uris.append(f"http://127.0.0.1:{self.callback_port}/callback")
        block.scopes.update(dict.fromkeys(READY_MADE_SCOPES, True))
        return app

    def renewed(self) -> "Sandbox":
        """Return a world as new, in which nobody's password changes. Who was invited is gone."""
        new = Sandbox(callback_port=self.callback_port, server_prefix=self.server_prefix)
        new.accounts = {id_: self.accounts[id_] for id_ in new.accounts}
        new.endings.take_over(self.endings)
        self._end_all(new.endings)
        self.courier.stop()
        return new

    def _end_all(self, endings: Endings) -> None:
        """Note in another world that all that there is in this one ended with it."""
        now = self.clock.now()
        codes, access, refresh = self.grants.issued()
        kept: list[tuple[Kind, Iterable[Any]]] = [
            ("code", codes),
            ("access_token", access),
            ("refresh_token", refresh),
            ("customer_token", self.customers.issued()),
            ("identity_transfer_token", self.customers.transfers()),
            ("personal_access_token", self.personal_access_tokens.values()),
        ]
        for kind, records in kept:
            for record in records:
                client_id = getattr(record, "client_id", "")
                ending = Ending(kind, "reset", now, client_id, getattr(record, "account_id", ""))
                endings.note(record.value, ending)
        for app in self.apps.values():
            if app.block is not None:
                ending = Ending("client_secret", "reset", now, app.block.client_id)
                endings.note(app.block.client_secret, ending)

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
            password=new_password(),
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

    # --- Whose pages may act for customers ------------------------------------------------------

    def trusts(self, origin: str, organization_id: str | None = None) -> bool:
        """Whether an organisation, or any if none is named, trusts pages of this origin.

        Only to these may a browser give what it is told in return for a customer's cookies.
        """
        whose = self.trusted_origins if organization_id is None else [organization_id]
        return any(origin in self.trusted_origins.get(each, ()) for each in whose)

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
        self._end_secret(app.block, "app_deleted")
        self.grants.forget_client(client_id)
        self.customers.forget_client(client_id)
        self.properties.forget_client(client_id)
        self.webhooks.forget_client(client_id)

    def add_authorization(self, app: App, client_type: ClientType) -> AuthorizationBlock:
        """Give an app its Authorization block, with a client id and, server-side, a secret."""
        block = AuthorizationBlock(
            client_type=client_type,
            client_id=secrets.token_hex(16),
            client_secret=new_secret() if client_type == "server_side" else "",
        )
        app.block = block
        self._clients[block.client_id] = app
        return block

    def set_client_type(self, block: AuthorizationBlock, client_type: ClientType) -> None:
        """Turn a server-side app into a JavaScript app, or back, which makes a new secret."""
        if client_type != block.client_type:
            self._end_secret(block, "replaced")
            block.client_type = client_type
            block.client_secret = new_secret() if client_type == "server_side" else ""
            block.secret_seen = False

    def new_secret(self, block: AuthorizationBlock) -> str:
        """Replace the secret of a server-side app; the old one is worth nothing at once."""
        self._end_secret(block, "replaced")
        block.client_secret = new_secret()
        block.secret_seen = False
        return block.client_secret

    def _end_secret(self, block: AuthorizationBlock, how: How) -> None:
        ending = Ending("client_secret", how, self.clock.now(), block.client_id)
        self.endings.note(block.client_secret, ending)

    def client(self, client_id: str) -> tuple[App, AuthorizationBlock] | None:
        """Return the app with that client id, and its block."""
        app = self._clients.get(client_id)
        return (app, app.block) if app and app.block else None

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
        ending = Ending(
            "personal_access_token", "deleted", self.clock.now(), account_id=token.account_id
        )
        self.endings.note(token.value, ending)

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
        self.grants.forget_redirects()

    def _new_value(self, organization_id: str) -> str:
        return f"{self.region(organization_id)}:{random_value()}"
