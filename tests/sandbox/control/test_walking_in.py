"""A customer who comes because the control plane says so: a chat like any other."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import RunningSandbox
from tests.sandbox.control_plane import call, go_through, list_chats
from tests.sandbox.receiving import receiving


def agents_see(sandbox: RunningSandbox, http: requests.Session, chat_id: str) -> dict[str, Any]:
    token = go_through(sandbox, http).access_token
    chats = list_chats(sandbox, http, token, limit=100).json()["chats_summary"]
    return next(chat for chat in chats if chat["id"] == chat_id)


@pytest.mark.parametrize(("group_id", "name"), [(0, "Maya"), (2, "")])
def test_the_chat_is_first_in_the_list_and_waits(
    sandbox: RunningSandbox, http: requests.Session, group_id: int, name: str
) -> None:
    text = "Do you deliver on <b>Saturdays</b>?"
    began = call(sandbox, http, "POST", "customer", text=text, name=name, group_id=group_id).json()
    assert set(began) == {"chat_id", "thread_id"}
    chat = agents_see(sandbox, http, began["chat_id"])
    (customer,) = chat["users"]
    message = chat["last_event_per_type"]["message"]["event"]
    assert (message["text"], message["author_id"]) == (text, customer["id"])
    assert customer.get("name", "") == name
    assert chat["last_thread_summary"]["active"]
    assert chat["access"]["group_ids"] == [group_id]
    assert customer["statistics"]["chats_count"] == 1
    assert customer["visit"]["ip"] == "203.0.113.7"


def test_webhooks_tell_of_it(sandbox: RunningSandbox, http: requests.Session) -> None:
    sandbox.app.installed = True
    sandbox.block.scopes["webhooks.configuration:rw"] = True
    token = go_through(sandbox, http).access_token
    with receiving() as receiver:
        registered = http.post(
            f"{sandbox.url}/v3.6/configuration/action/register_webhook",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "action": "incoming_chat",
                "url": receiver.url,
                "secret_key": "not-a-real-secret-key",
                "owner_client_id": sandbox.block.client_id,
                "type": "license",
            },
        )
        assert registered.status_code == 200
        began = call(sandbox, http, "POST", "customer", text="Hello?", name="Maya").json()
        told = receiver.next()
    assert told["secret_key"] == "not-a-real-secret-key"
    chat = told["payload"]["chat"]
    assert chat["id"] == began["chat_id"]
    assert chat["users"][0]["name"] == "Maya"


def test_nobody_can_act_as_them(sandbox: RunningSandbox, http: requests.Session) -> None:
    """No token was issued: an empty one opens nothing."""
    call(sandbox, http, "POST", "customer", text="Hello?")
    assert call(sandbox, http, "GET", "state").json()["customer_tokens"] == []
    organization = sandbox.author.organization_id
    answer = http.post(
        f"{sandbox.url}/v3.6/customer/action/list_chats?organization_id={organization}",
        headers={"Authorization": "Bearer "},
        json={},
    )
    assert answer.status_code == 401


def test_who_is_sent_to_no_group_does_not_come(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    organization = sandbox.world.organizations[sandbox.author.organization_id]
    answer = call(sandbox, http, "POST", "customer", text="Hello?", name="Nobody", group_id=999)
    assert answer.status_code == 422
    customers = sandbox.chats.of(organization).customers.values()
    assert "Nobody" not in {customer.name for customer in customers}
