"""What the tests of webhooks share: how one is registered, and how something happens."""

from typing import Any

from tests.sandbox.chat_api import OWNER
from tests.sandbox.configuration.conftest import Configuration
from tests.sandbox.receiving import Receiver

KEY = "not-a-real-secret-key"
SCOPES = (
    *("webhooks.configuration:rw", "webhooks.state:rw", "tags--all:rw", "chats--all:rw"),
    *("customers:rw", "agents--all:rw"),
)

Json = dict[str, Any]


def register(
    configuration: Configuration,
    receiver: Receiver,
    action: str,
    *,
    version: str = "3.6",
    **more: Any,
) -> str:
    """Register a webhook of the ready-made app, and return its id."""
    body = {
        "action": action,
        "secret_key": KEY,
        "url": receiver.url,
        "owner_client_id": configuration.client_id,
        "type": "license",
    }
    answer = configuration.call("register_webhook", body | more, version=version, scopes=SCOPES)
    return str(answer["id"])


def agent_call(configuration: Configuration, action: str, body: Json, **arguments: Any) -> Any:
    """Call a method of the Agent Chat API by the same app, unless another is named."""
    arguments = {"version": "3.6"} | arguments
    token = configuration.api.world.grants.issue_access_token(
        arguments.pop("client_id", configuration.client_id),
        configuration.api.account(OWNER).id,
        SCOPES,
    )
    headers = {"Authorization": f"Bearer {token.value}"}
    return configuration.api.call(action, body, headers=headers, **arguments)
