"""The Configuration API as the tests here call it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.sandbox.chat_api import OWNER, ChatApi, refused, serve
from tests.sandbox.receiving import Receiver, receiving

Json = dict[str, Any]
Refusal = tuple[int, str]

VALIDATION: Refusal = (400, "validation")
AUTHORIZATION: Refusal = (403, "authorization")
NOT_FOUND: Refusal = (404, "not_found")
GROUP_NOT_FOUND: Refusal = (404, "group_not_found")
LIMIT_REACHED: Refusal = (403, "limit_reached")
ALREADY_EXISTS: Refusal = (400, "already_exists")


@dataclass
class Configuration:
    """Calls of the Configuration API by the ready-made app, unless something else is said."""

    api: ChatApi

    @property
    def client_id(self) -> str:
        """Of the ready-made app."""
        assert self.api.world.ready_made.block is not None
        return self.api.world.ready_made.block.client_id

    def another_app(self, email: str = OWNER) -> str:
        """Make another app, and return its client id."""
        world = self.api.world
        app = world.create_app("Another app", self.api.account(email).id)
        return world.add_authorization(app, "server_side").client_id

    def post(
        self,
        action: str,
        body: Any = None,
        *,
        scopes: tuple[str, ...] = (),
        client_id: str | None = None,
        email: str = OWNER,
        **arguments: Any,
    ) -> requests.Response:
        """Call a method with an access token of an app."""
        issued = self.api.world.grants.issue_access_token(
            self.client_id if client_id is None else client_id,
            self.api.account(email).id,
            scopes,
        )
        headers = {"Authorization": f"Bearer {issued.value}"}
        return self.api.post(action, body, api="configuration", headers=headers, **arguments)

    def call(self, action: str, body: Any = None, **arguments: Any) -> Any:
        """Call a method that is to work, and return its answer."""
        response = self.post(action, body, **arguments)
        assert response.status_code == 200, response.text
        return response.json()

    def refusal(self, action: str, body: Any = None, **arguments: Any) -> Refusal:
        """Call a method that is to refuse; return status and type."""
        return refused(self.post(action, body, **arguments))[:2]


@pytest.fixture
def configuration(_server: Any, http: requests.Session) -> Configuration:
    return Configuration(serve(_server, http))


@pytest.fixture
def with_own_chats(_server: Any, http: requests.Session) -> Configuration:
    """The same for tests that change chats."""
    return Configuration(serve(_server, http, own_chats=True))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that receives webhooks."""
    with receiving() as one:
        yield one
