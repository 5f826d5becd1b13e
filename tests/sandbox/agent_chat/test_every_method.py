"""Every method of the Agent Chat API, in each version that the documentation has it in.

Which these are, and the scopes of each, is in the catalogue, which `test_catalogue` counts. Here
each is called with what it needs, without its scopes, and with what does not fit. What it does is
in the other tests.

Source: livechat-public-docs, messaging/agent-chat-api, the method pages of versions 3.4 to 3.7
("Method URL", "Required scopes", the tables of parameters and of the response).
"""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.api import CATALOGUE
from lc_tutorial.sandbox.world import Version
from tests.sandbox.agent_chat.conversations import Conversations
from tests.sandbox.agent_chat.test_writing import CALLS as WRITING
from tests.sandbox.chat_api import Json, refused

AGENT = CATALOGUE["agent"]
#: A scope that no method here asks for.
OTHER = "organization--my:ro"

PROPERTIES = {"test": {"int_property": 1}}
NAMES = {"test": ["int_property"]}
IN_ARCHIVES = {"chats", "found_chats", "next_page_id"}


def thread(c: Conversations) -> Json:
    return {"chat_id": c.mine.id, "thread_id": c.mine.threads[-1].id}


def event(c: Conversations) -> Json:
    return thread(c) | {"event_id": c.first_message.id}


def customer(c: Conversations) -> str:
    assert c.mine.customer is not None
    return c.mine.customer.id


READING: dict[str, Callable[[Conversations], Json]] = {
    "list_chats": lambda c: {"limit": 5},
    "list_threads": lambda c: {"chat_id": c.mine.id},
    "get_chat": lambda c: {"chat_id": c.mine.id},
    "list_archives": lambda c: {"limit": 5},
    "get_customer": lambda c: {"id": customer(c)},
    "list_customers": lambda c: {"limit": 5},
    "list_routing_statuses": lambda c: {"filters": {"group_ids": [0]}},
    "list_agents_for_transfer": lambda c: {"chat_id": c.mine.id},
    "get_license_info": lambda c: {},
}
CHANGING: dict[str, Callable[[Conversations], Json]] = {
    "update_chat_properties": lambda c: {"id": c.mine.id, "properties": PROPERTIES},
    "delete_chat_properties": lambda c: {"id": c.mine.id, "properties": NAMES},
    "update_thread_properties": lambda c: thread(c) | {"properties": PROPERTIES},
    "delete_thread_properties": lambda c: thread(c) | {"properties": NAMES},
    "update_event_properties": lambda c: event(c) | {"properties": PROPERTIES},
    "delete_event_properties": lambda c: event(c) | {"properties": NAMES},
    "tag_thread": lambda c: thread(c) | {"tag": "gave up waiting"},
    "untag_thread": lambda c: thread(c) | {"tag": "gave up waiting"},
    "update_customer": lambda c: {"id": customer(c), "name": "Ana"},
    "ban_customer": lambda c: {"id": customer(c), "ban": {"days": 3}},
    "create_customer": lambda c: {"name": "Ana"},
    "set_routing_status": lambda c: {"status": "accepting_chats"},
    "mark_events_as_seen": lambda c: {"chat_id": c.mine.id, "seen_up_to": "2026-06-15T14:00:00Z"},
    "multicast": lambda c: {"recipients": {"agents": {"all": True}}, "content": {"a": 1}},
    "request_thread_summary": thread,
    "upload_file": lambda c: {},  # its body is a form
}
CALLS = READING | CHANGING | WRITING

Answer = set[str]
ANSWERS: dict[str, Answer] = {
    "list_chats": {"found_chats", "next_page_id"},
    "list_threads": {"threads", "found_threads"},
    "get_chat": {"id", "thread", "users", "properties", "access", "is_followed"},
    "list_archives": IN_ARCHIVES,
    "list_customers": {"customers", "total_customers", "next_page_id"},
    "create_customer": {"customer_id"},
    "get_license_info": {"license_id", "expires_at", "created_at", "in_trial"},
    "start_chat": {"chat_id", "thread_id"},
    "resume_chat": {"thread_id"},
    "send_event": {"event_id"},
    "upload_file": {"url"},
}
"""What is in an answer in every version; of the methods that are not here, nothing."""

IN_LISTS: dict[str, Answer] = {
    "list_routing_statuses": {"agent_id", "status"},
    "list_agents_for_transfer": {"agent_id", "total_active_chats"},
}
"""The same of those that answer a bare list."""


def answer_of(name: str, version: Version) -> Answer:
    expected = ANSWERS.get(name, set())
    if name == "list_chats":
        return expected | {"chats_info" if version >= Version.V3_7 else "chats_summary"}
    return expected


MISFITS: dict[str, Json] = {
    "list_chats": {"limit": 101},
    "list_archives": {"sort_order": "newest"},
    "list_customers": {"limit": "10"},
    "create_customer": {"name": 1},
    "list_routing_statuses": {"filters": []},
    "start_chat": {"active": "yes"},
}
"""What does not fit the methods that need no parameter; `{}` does not fit the others."""

EVERY = [
    pytest.param(name, version, id=f"{name}-{version.number}")
    for name, method in AGENT.items()
    for version in Version
    if method.is_in(version)
]
every_method = pytest.mark.parametrize(("name", "version"), EVERY)


@pytest.fixture
def c(_server, http) -> Conversations:
    return Conversations.serve(_server, http)


def call(
    c: Conversations, name: str, version: Version, *scopes: str, body: Any = None
) -> requests.Response:
    use: Json = {"version": version.number, "email": c.me, "scopes": scopes}
    if name == "upload_file" and body is None:
        headers = {"Authorization": f"Bearer {c.api.token(*scopes, email=c.me)}"}
        form = {"data": None, "files": {"file": ("list.txt", b"ferns")}, "headers": headers}
        return c.api.post(name, version=version.number, **form)
    return c.api.post(name, CALLS[name](c) if body is None else body, **use)


def test_the_calls_are_of_all_documented_methods() -> None:
    assert set(CALLS) == set(AGENT)


@every_method
def test_it_answers_with_each_of_its_scopes(c: Conversations, name: str, version: Version) -> None:
    scopes = [scope for scope in AGENT[name].scopes if not scope.startswith("agents-bot--")]
    for scope in scopes or [OTHER]:
        c = Conversations(c.api)  # what it works on is looked for anew: some do a thing only once
        answer = call(c, name, version, scope)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json"
        if name in IN_LISTS:
            assert answer.json()
            assert {frozenset(one) for one in answer.json()} == {frozenset(IN_LISTS[name])}
        elif name == "get_customer":  # in detail: test_customers
            assert answer.json()["id"] == customer(c)
        else:
            assert set(answer.json()) == answer_of(name, version)


@every_method
def test_it_is_refused_without_its_scopes(c: Conversations, name: str, version: Version) -> None:
    if not AGENT[name].scopes:
        assert call(c, name, version, OTHER).status_code == 200
        return
    body = CALLS[name](c)
    before = c.picture()
    answer = call(c, name, version, OTHER, body=body)
    assert refused(answer) == (403, "authorization", "Authorization error")
    assert c.picture() == before


@every_method
def test_its_parameters_are_checked(c: Conversations, name: str, version: Version) -> None:
    scopes = AGENT[name].scopes[-1:] if name != "set_routing_status" else ("agents--my:rw",)
    for misfit in (MISFITS.get(name, {}), [], None):
        if (name, misfit) == ("get_license_info", {}):
            continue  # it has no parameters
        use: Json = {"version": version.number, "email": c.me, "scopes": scopes}
        sent = {"data": b"null"} if misfit is None else {"body": misfit}
        assert refused(c.api.post(name, **sent, **use))[:2] == (400, "validation"), misfit
