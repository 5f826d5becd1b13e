"""What the tests of the product APIs share: a server with chats that a test can change."""

from dataclasses import dataclass, field
from typing import Any

import requests
from starlette.applications import Starlette

from lc_tutorial.sandbox.agent_chat import routes as agent_chat
from lc_tutorial.sandbox.api.web_api import RateLimit
from lc_tutorial.sandbox.configuration import routes as configuration
from lc_tutorial.sandbox.store.chat_store import NUMBER, Chats, ChatStore
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.records import Account
from lc_tutorial.sandbox.world.state import Sandbox

OWNER = people.FERN_AND_FILTER.owner.email
NORMAL = "omar.elsayed@example.com"
"""An agent of the groups Orders and Wholesale."""

VERSIONS = ("3.4", "3.5", "3.6", "3.7")

Json = dict[str, Any]


@dataclass
class ChatApi:
    """The product APIs as a client sees them, for one account at a time."""

    url: str
    http: requests.Session
    store: ChatStore
    world: Sandbox = field(default_factory=Sandbox)

    @property
    def chats(self) -> Chats:
        """The chats of the first organisation."""
        return self.store.of(people.FERN_AND_FILTER)

    def account(self, email: str) -> Account:
        account = self.world.account_by_email(email)
        assert account is not None
        return account

    def token(self, *scopes: str, email: str = OWNER) -> str:
        issued = self.world.grants.issue_access_token(
            "not-a-real-client", self.account(email).id, scopes or ("chats--all:ro",)
        )
        return issued.value

    def post(
        self,
        action: str,
        body: Any = None,
        *,
        version: str = "3.6",
        scopes: tuple[str, ...] = (),
        email: str = OWNER,
        api: str = "agent",
        **arguments: Any,
    ) -> requests.Response:
        """Call a method with an access token of its own, unless headers are given."""
        if "headers" not in arguments:
            token = self.token(*scopes, email=email)
            arguments["headers"] = {"Authorization": f"Bearer {token}"}
        if "data" not in arguments:
            arguments["json"] = {} if body is None else body
        url = f"{self.url}/v{version}/{api}/action/{action}"
        return self.http.post(url, timeout=30, **arguments)

    def call(self, action: str, body: Any = None, **arguments: Any) -> Any:
        """Call a method that is to work, and return its answer."""
        response = self.post(action, body, **arguments)
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"] == "application/json"
        return response.json()

    def summaries(self, body: Any = None, *, version: str = "3.6", **arguments: Any) -> list[Json]:
        """List all chats, page by page."""
        name = "chats_info" if version == "3.7" else "chats_summary"
        answer = self.call(
            "list_chats", {"limit": 100} | (body or {}), version=version, **arguments
        )
        chats = list(answer[name])
        while "next_page_id" in answer:
            next_page = {"page_id": answer["next_page_id"]}
            answer = self.call("list_chats", next_page, version=version, **arguments)
            chats += answer[name]
        return chats

    def ids(self, body: Any = None, **arguments: Any) -> set[str]:
        """The ids of all chats that are listed."""
        return {chat["id"] for chat in self.summaries(body, **arguments)}


def refused(response: requests.Response) -> tuple[int, str, str]:
    """Return what a refusal says, if it has the platform's form."""
    answer = response.json()
    assert set(answer) == {"error"}
    assert set(answer["error"]) <= {"type", "message", "data"}
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, answer["error"]["type"], answer["error"]["message"]


_SHARED = ChatStore()


def serve(
    server: tuple[Any, str],
    http: requests.Session,
    *,
    own_chats: bool = False,
    number: int = NUMBER,
    rate_limit: RateLimit | None = None,
) -> ChatApi:
    """Put the product APIs on the tests' server, with people and tokens of their own.

    A test that changes chats asks for its own; the others share theirs, which takes less time.
    """
    stage, url = server
    api = ChatApi(url, http, ChatStore(number) if own_chats else _SHARED)
    stage.app = Starlette(
        routes=[
            *agent_chat.routes(api.world, api.store, rate_limit),
            *configuration.routes(api.world, rate_limit),
        ]
    )
    return api
