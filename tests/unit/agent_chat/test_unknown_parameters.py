"""What the platform answers as if nothing had been said: parameters that it doesn't know."""

import inspect
from typing import Any

import pytest
import requests

from lc_tutorial.agent_chat import AgentChat, parameters
from lc_tutorial.agent_chat.unknown_parameters import ignored

API = "https://api.livechatinc.com"


def answer(
    body: Any, action: str = "list_chats", version: str = "3.6", **more: Any
) -> requests.Response:
    """An answer to a request that was never sent."""
    response = requests.Response()
    response.status_code = more.pop("status", 200)
    url = more.pop("url", f"{API}/v{version}/agent/action/{action}")
    response.request = requests.Request("POST", url, json=body, **more).prepare()
    response.url = response.request.url or ""
    return response


#: Body, action, version, and what is said.
IGNORED = [
    (
        {"filters": {"activ": True}}, "list_chats", "3.6",
        "The platform ignored filters.activ: List Chats of version 3.6 has no such parameter. "
        "Did you mean filters.active?",
    ),
    (
        {"filters": {"include_active": True}}, "list_chats", "3.6",
        "The platform ignored filters.include_active: List Chats of version 3.6 has no such "
        'parameter. Up to 3.5 the filter is "include_active", from 3.6 on "active".',
    ),
    (
        {"filters": {"active": True}}, "list_chats", "3.5",
        "The platform ignored filters.active: List Chats of version 3.5 has no such parameter. "
        'Up to 3.5 the filter is "include_active", from 3.6 on "active".',
    ),
    (
        {"filter": {"active": True}}, "list_chats", "3.6",
        "The platform ignored filter: List Chats of version 3.6 has no such parameter. Did you "
        "mean filters?",
    ),
    (
        {"active": True}, "list_chats", "3.7",
        "The platform ignored active: List Chats of version 3.7 has no such parameter. It is a "
        "filter: write it as filters.active.",
    ),
    (
        {"include_active": True}, "list_chats", "3.6",
        "The platform ignored include_active: List Chats of version 3.6 has no such parameter. It "
        "is a filter: write it as filters.active.",
    ),
    (
        {"filters": {"limit": 3}}, "list_chats", "3.6",
        "The platform ignored filters.limit: List Chats of version 3.6 has no such parameter. Did "
        "you mean limit, beside filters and not in it?",
    ),
    (
        {"Limit": 3}, "list_chats", "3.6",
        "The platform ignored Limit: List Chats of version 3.6 has no such parameter. Did you mean "
        "limit?",
    ),
    (
        {"filters": {"properties": {"rating": {"score": {"value": [1]}}}}}, "list_chats", "3.6",
        "The platform ignored filters.properties.rating.score.value: List Chats of version 3.6 has "
        "no such parameter. Did you mean filters.properties.rating.score.values?",
    ),
    (
        {"highlights": {"pre": "<b>"}}, "list_archives", "3.6",
        "The platform ignored highlights.pre: List Archives of version 3.6 has no such parameter. "
        "Did you mean highlights.pre_tag?",
    ),
    (
        {"filters": {"forms": [{"typ": "pre_chat"}]}}, "list_archives", "3.5",
        "The platform ignored filters.forms[0].typ: List Archives of version 3.5 has no such "
        "parameter. Did you mean filters.forms[0].type?",
    ),
    (
        {"filters": {"customer_id": "x"}}, "list_archives", "3.5",
        "The platform ignored filters.customer_id: List Archives of version 3.5 has no such "
        "parameter. There is one from version 3.6 on.",
    ),
    (
        {"chat_id": "PJ0MRSHTDG", "sort": "asc"}, "list_threads", "3.6",
        "The platform ignored sort: List Threads of version 3.6 has no such parameter. Did you "
        "mean sort_order?",
    ),
    (
        {"chat_id": "PJ0MRSHTDG", "thread": "K600PKZON8"}, "get_chat", "3.6",
        "The platform ignored thread: Get Chat of version 3.6 has no such parameter. Did you mean "
        "thread_id?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "action", "version", "said"), IGNORED)
def test_what_was_ignored_is_named(body: Any, action: str, version: str, said: str) -> None:
    assert ignored(answer(body, action, version)) == (said,)


@pytest.mark.parametrize(
    "response",
    [
        answer({"filters": {"active": True, "group_ids": [0]}, "limit": 5, "sort_order": "asc"}),
        answer({"filters": {"properties": {"any": {"name": {"exists": True}}}}}),
        answer({"page_id": "x"}, "list_archives"),
        answer({"filters": {"from": "x", "to": "y"}, "chat_id": "x"}, "list_threads"),
        answer({}, "get_chat"),
        answer({"filters": {"activ": True}}, status=400),
        answer({"filters": {"activ": True}}, "send_event"),
        answer({"filters": {"activ": True}}, version="4.0"),
        answer({"filters": {"activ": True}}, url=f"{API}/v3.6/customer/action/list_chats"),
        answer({"filters": [1]}),
        answer([{"activ": 1}]),
        answer("text"),
        answer(None, data=b"\xff{"),
        answer(None, data="[" * 100_000),
        answer({"limit": 1}, params={"license_id": "1"}),
    ],
)
def test_of_all_else_nothing_is_said(response: requests.Response) -> None:
    assert ignored(response) == ()


def test_parameters_in_the_address_are_named() -> None:
    assert ignored(answer({}, params={"limit": "5", "page_id": "x", "other": "y"})) == (
        "The platform ignored limit and page_id in the address: List Chats takes its parameters as "
        "JSON in the body.",
    )


def test_of_many_only_the_number_is_told() -> None:
    said = ignored(answer({f"zzz_{number}": 1 for number in range(9)}))
    assert len(said) == 6
    assert said[-1] == "And 4 more parameters that it doesn't know."


@pytest.mark.parametrize("action", ["list_chats", "list_archives", "list_threads", "get_chat"])
def test_what_is_known_is_what_can_be_sent(action: str) -> None:
    known = parameters.known(action, "3.6")
    assert known is not None
    sent = set(inspect.signature(getattr(AgentChat, action)).parameters) - {"self"}
    assert set(known[1].fields) == sent


def test_an_answer_without_its_request_says_nothing() -> None:
    response = requests.Response()
    response.status_code = 200
    assert ignored(response) == ()
