"""The Customer Chat API: start_chat and list_chats, and what agents see of what customers do.

Sources, by page of livechat-public-docs: `customer-chat-api` (messaging/customer-chat-api and its
versions), `data-structures` (its data structures), `changelog` (its changelog), `troubleshooting`
and `customer-authorization` (authorization), `customer-sdk` (extending-chat-widget/customer-sdk),
and `src/constants` (the errors).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import Participant
from lc_tutorial.sandbox.world.people import ORDERS, WHOLESALE
from tests.sandbox.chat_api import NORMAL, VERSIONS, Json, refused
from tests.sandbox.conftest import RunningSandbox

NO_TOKEN = (401, "authentication", "Invalid access token")
VALIDATION = (400, "validation", "Wrong format of request")
INVALID_MESSAGE = (400, "validation", "Invalid message")
EVERYTHING = ("chats--all:ro",)

every_version = pytest.mark.parametrize("version", VERSIONS)


@dataclass
class Platform:
    """The sandbox as an integration sees it: with an app, an agent's tokens, and customers."""

    sandbox: RunningSandbox
    http: requests.Session
    organization_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.organization_id = self.sandbox.author.organization_id

    def customer(self, entity_id: str | None = None) -> tuple[str, str]:
        """Make a customer, or take one, and return a token and the id."""
        customers = self.sandbox.world.customers
        entity_id = entity_id or customers.create(self.organization_id)
        client_id = self.sandbox.block.client_id
        token = customers.issue_token(client_id, self.organization_id, entity_id)
        return token.value, entity_id

    def agent(self, *scopes: str, email: str | None = None) -> str:
        world = self.sandbox.world
        account = world.account_by_email(email) if email else self.sandbox.author
        assert account is not None
        client_id = self.sandbox.block.client_id
        return world.grants.issue_access_token(client_id, account.id, scopes or EVERYTHING).value

    def post(
        self,
        action: str,
        token: str | None,
        body: Any = None,
        *,
        api: str = "customer",
        version: str = "3.6",
        query: dict[str, str] | None = None,
        **arguments: Any,
    ) -> requests.Response:
        if query is None:
            query = {"organization_id": self.organization_id} if api == "customer" else {}
        if "data" not in arguments:
            arguments["json"] = {} if body is None else body
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        headers |= arguments.pop("headers", {})
        url = f"{self.sandbox.url}/v{version}/{api}/action/{action}"
        return self.http.post(url, params=query, headers=headers, timeout=30, **arguments)

    def call(self, action: str, token: str, body: Any = None, **arguments: Any) -> Json:
        response = self.post(action, token, body, **arguments)
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer

    def start(self, body: Any = None, **arguments: Any) -> tuple[Json, str]:
        """Let a new customer start a chat; return the answer and the customer's id."""
        token, entity_id = self.customer()
        return self.call("start_chat", token, body, **arguments), entity_id


@pytest.fixture
def platform(sandbox: RunningSandbox, http: requests.Session) -> Platform:
    return Platform(sandbox, http)


def customer_of(chat: Json) -> Json:
    users: list[Json] = [user for user in chat["users"] if user["type"] == "customer"]
    assert len(users) == 1
    return users[0]


# --- What agents see ----------------------------------------------------------------------------


@every_version
def test_a_started_chat_is_the_first_in_the_agents_list(platform: Platform, version: str) -> None:
    # Source: customer-chat-api, "Start Chat"; agent-chat-api, "List Chats" (newest first).
    agent = platform.agent()
    before = platform.call("list_chats", agent, api="agent", version=version)["found_chats"]
    message = {"type": "message", "text": "Do you water plants in August?", "custom_id": "c-1"}
    started, entity_id = platform.start(
        {
            "chat": {
                "properties": {"test": {"string_property": "green"}},
                "thread": {
                    "events": [message],
                    "properties": {"test": {"int_property": 7, "bool_property": True}},
                },
            }
        },
        version=version,
    )
    listed = platform.call("list_chats", agent, {"limit": 1}, api="agent", version=version)
    assert listed["found_chats"] == before + 1
    (chat,) = listed["chats_info" if version == "3.7" else "chats_summary"]
    assert chat["id"] == started["chat_id"]
    last = chat["last_thread_info" if version == "3.7" else "last_thread_summary"]
    assert last["id"] == started["thread_id"]
    assert last["active"] is True
    assert last["user_ids"] == [entity_id]
    assert last["access"] == chat["access"] == {"group_ids": [0]}
    assert last["properties"]["test"] == {"int_property": 7, "bool_property": True}
    assert chat["properties"]["test"] == {"string_property": "green"}
    assert chat["properties"]["source"]["client_id"] == platform.sandbox.block.client_id
    who = customer_of(chat)
    assert who["id"] == entity_id
    assert who["present"] is True
    assert who["statistics"]["chats_count"] == who["statistics"]["threads_count"] == 1
    events = (last if version == "3.7" else chat)["last_event_per_type"]
    event = events["message"]["event"]
    assert event["id"] == f"{started['thread_id']}_1"
    assert event["text"] == message["text"]
    assert event["custom_id"] == "c-1"
    assert event["author_id"] == entity_id
    assert last["created_at"] < event["created_at"] == who["events_seen_up_to"]
    assert who["customer_last_event_created_at"] == event["created_at"]


@every_version
def test_a_started_chat_is_in_the_other_methods(platform: Platform, version: str) -> None:
    events = [{"type": "message", "text": text} for text in ("One", "Two")]
    started, entity_id = platform.start({"chat": {"thread": {"events": events}}}, version=version)
    agent, which = platform.agent(), {"chat_id": started["chat_id"]}
    chat = platform.call("get_chat", agent, which, api="agent", version=version)
    assert chat["thread"]["id"] == started["thread_id"]
    assert chat["thread"]["active"] is True
    assert [event["text"] for event in chat["thread"]["events"]] == ["One", "Two"]
    assert [event["id"] for event in chat["thread"]["events"]] == started["event_ids"]
    assert customer_of(chat)["id"] == entity_id
    listed = platform.call("list_threads", agent, which, api="agent", version=version)
    assert [thread["id"] for thread in listed["threads"]] == [started["thread_id"]]
    assert listed["found_threads"] == 1


def test_filters_find_a_started_chat(platform: Platform) -> None:
    # Source: agent-chat-api, "List Chats" (filters).
    started, _ = platform.start({"chat": {"properties": {"an_app": {"ticket": "A-17"}}}})
    agent = platform.agent()
    for filters, found in (
        ({"active": True}, True),
        ({"active": False}, False),
        ({"properties": {"an_app": {"ticket": {"values": ["A-17"]}}}}, True),
        ({"properties": {"an_app": {"ticket": {"exists": False}}}}, False),
    ):
        body = {"filters": filters, "limit": 1}
        (chat,) = platform.call("list_chats", agent, body, api="agent")["chats_summary"]
        assert (chat["id"] == started["chat_id"]) is found


@pytest.mark.parametrize(
    ("group_ids", "seen"),
    [(None, True), ([0], True), ([ORDERS], True), ([2], False), ([2, WHOLESALE, 2], True)],
)
def test_the_chat_s_access_is_what_start_chat_says(
    platform: Platform, group_ids: list[int] | None, seen: bool
) -> None:
    # Source: customer-chat-api, "Start Chat" (chat.access; default: all agents).
    chat = {} if group_ids is None else {"access": {"group_ids": group_ids}}
    started, _ = platform.start({"chat": chat})
    agent = platform.agent("chats--access:ro", email=NORMAL)
    listed = platform.call("list_chats", agent, {"limit": 1}, api="agent")["chats_summary"]
    assert (listed[0]["id"] == started["chat_id"]) is seen


def test_an_inactive_chat(platform: Platform) -> None:
    # Source: customer-chat-api, "Start Chat" (active).
    message = {"type": "message", "text": "From a letter"}
    started, _ = platform.start({"active": False, "chat": {"thread": {"events": [message]}}})
    agent = platform.agent()
    chat = platform.call("list_chats", agent, {"limit": 1}, api="agent")["chats_summary"][0]
    assert chat["id"] == started["chat_id"]
    assert chat["last_thread_summary"]["active"] is False
    for filters in ({}, {"customer_countries": {"values": ["DE"]}}):
        body = {"limit": 1, "filters": filters}
        archived = platform.call("list_archives", agent, body, api="agent")["chats"][0]
        assert (archived["id"] == started["chat_id"]) is not bool(filters)


@pytest.mark.parametrize("continuous", [None, True, False])
def test_a_continuous_chat(platform: Platform, continuous: bool | None) -> None:
    # Source: customer-chat-api, "Start Chat" (continuous; default: false).
    started, _ = platform.start({} if continuous is None else {"continuous": continuous})
    which = {"chat_id": started["chat_id"]}
    chat = platform.call("get_chat", platform.agent(), which, api="agent")
    for properties in (chat["properties"], chat["thread"]["properties"]):
        assert properties["routing"]["continuous"] is bool(continuous)


def test_pages_that_an_agent_is_going_through_stay_as_they_were(platform: Platform) -> None:
    # Source: agent-chat-api, "Pagination".
    agent = platform.agent()

    def pages(between: Callable[[], object]) -> tuple[list[str], list[str]]:
        answer = platform.call("list_chats", agent, {"limit": 40}, api="agent")
        ids, first = [chat["id"] for chat in answer["chats_summary"]], answer
        while "next_page_id" in answer:
            between()
            page = {"page_id": answer["next_page_id"]}
            answer = platform.call("list_chats", agent, page, api="agent")
            ids += [chat["id"] for chat in answer["chats_summary"]]
        # And back again to the first page, which is as it was.
        while "previous_page_id" in answer:
            page = {"page_id": answer["previous_page_id"]}
            answer = platform.call("list_chats", agent, page, api="agent")
            if answer["chats_summary"] == first["chats_summary"]:
                break
        return ids, [chat["id"] for chat in answer["chats_summary"]]

    undisturbed, first_page = pages(lambda: None)
    started: list[str] = []
    disturbed, first_page_again = pages(lambda: started.append(platform.start()[0]["chat_id"]))
    assert disturbed == undisturbed
    assert first_page_again == first_page == undisturbed[:40]
    assert len(started) == 6
    newest = platform.call("list_chats", agent, {"limit": 6}, api="agent")["chats_summary"]
    assert [chat["id"] for chat in newest] == started[::-1]


def test_chats_started_later_come_first(platform: Platform) -> None:
    first, _ = platform.start()
    platform.sandbox.world.clock.advance(3600)
    second, _ = platform.start()
    agent = platform.agent()
    listed = platform.call("list_chats", agent, {"limit": 2}, api="agent")["chats_summary"]
    assert [chat["id"] for chat in listed] == [second["chat_id"], first["chat_id"]]
    # Time goes on from the instant at which the seeded chats end.
    began = [chat["last_thread_summary"]["created_at"] for chat in listed]
    assert "2026-06-15T15:30" <= began[0] < "2026-06-15T16:00"
    assert "2026-06-15T14:30" <= began[1] < "2026-06-15T15:00"


# --- What start_chat answers --------------------------------------------------------------------


def test_the_answer_has_the_ids(platform: Platform) -> None:
    # Source: customer-chat-api, "Start Chat", "Response".
    bare, _ = platform.start()
    assert set(bare) == {"chat_id", "thread_id"}
    full, _ = platform.start({"chat": {"thread": {"events": [{"type": "message", "text": ""}]}}})
    assert set(full) == {"chat_id", "thread_id", "event_ids"}
    for value in (full["chat_id"], full["thread_id"]):
        assert len(value) == 10
        assert value.isalnum()
        assert value == value.upper()


def test_a_customer_has_one_chat(platform: Platform) -> None:
    # Source: customer-sdk, "startChat" (the limit is 1); src/constants (limit_reached).
    token, _ = platform.customer()
    platform.call("start_chat", token)
    assert refused(platform.post("start_chat", token)) == (403, "limit_reached", "Limit reached")
    # Nor has one whose chat was there before.
    chat = platform.call("list_chats", platform.agent(), {"limit": 2}, api="agent")
    known, _ = platform.customer(customer_of(chat["chats_summary"][1])["id"])
    assert refused(platform.post("start_chat", known))[1] == "limit_reached"


@pytest.mark.parametrize(
    ("event", "more"),
    [
        # Source: data-structures, "Events", each type's "Request" and "Response".
        ({"type": "message", "text": "Hi", "properties": {"a": {"b": 1}}}, {}),
        (
            {
                "type": "message",
                "text": "Yes",
                "postback": {"id": "p", "thread_id": "t", "event_id": "e"},
            },
            {},
        ),
        (
            {"type": "file", "url": "https://cdn.livechat-files.com/api/file/a/b/fern.png"},
            {"name": "fern.png", "content_type": "image/png"},
        ),
        ({"type": "custom", "content": {"any": ["thing", {"at": "all"}]}}, {}),
        ({"type": "custom"}, {}),
        ({"type": "form", "form_id": "1", "fields": [{"type": "email", "label": "?"}]}, {}),
        (
            {
                "type": "filled_form",
                "form_id": "1",
                "fields": [{"type": "email", "label": "?", "answer": "x@example.com"}],
            },
            {},
        ),
        (
            {
                "type": "rich_message",
                "template_id": "cards",
                "elements": [{"title": "Fern", "buttons": []}],
            },
            {},
        ),
        ({"type": "system_message", "system_message_type": "my_own", "text": "x"}, {}),
    ],
)
def test_types_of_events(platform: Platform, event: Json, more: Json) -> None:
    started, entity_id = platform.start({"chat": {"thread": {"events": [event]}}})
    which = {"chat_id": started["chat_id"]}
    chat = platform.call("get_chat", platform.agent(), which, api="agent")
    (got,) = chat["thread"]["events"]
    assert got.items() >= (event | more).items()
    assert got["visibility"] == "all"
    assert got.get("author_id") == (None if event["type"] == "system_message" else entity_id)


@pytest.mark.parametrize(
    "event",
    [
        # Source: data-structures, "Events", what each type requires.
        {},
        {"text": "Hi"},
        {"type": "nonsense"},
        {"type": "system", "subtype": "x"},
        {"type": "message"},
        {"type": "message", "text": 1},
        {"type": "message", "text": "ą" * 8193},
        {"type": "message", "text": "", "custom_id": 1},
        {"type": "message", "text": "", "properties": {"a": 1}},
        {"type": "message", "text": "", "properties": {"a": {"b": 1.5}}},
        {"type": "message", "text": "", "properties": {"a": {"b": 2**31}}},
        {"type": "message", "text": "", "postback": {"id": "p"}},
        {
            "type": "message",
            "text": "",
            "postback": {"id": "p", "thread_id": "t", "event_id": "e", "type": "phone"},
        },
        {"type": "file"},
        {"type": "file", "url": "https://elsewhere.example.net/a.png"},
        {"type": "file", "url": "https://["},
        {"type": "file", "url": "cdn.livechat-files.com/a.png"},
        {"type": "form", "form_id": "1"},
        {"type": "filled_form", "fields": []},
        {"type": "filled_form", "form_id": "1", "fields": [], "recipients": "nobody"},
        {"type": "rich_message", "template_id": "poster"},
        {"type": "rich_message", "template_id": "cards", "elements": [{}] * 11},
        {"type": "rich_message", "template_id": "cards", "elements": [{"buttons": [{}] * 14}]},
        {"type": "rich_message", "template_id": "cards", "elements": [{"buttons": 3}]},
        {"type": "system_message", "text": "x"},
        "message",
        None,
    ],
)
def test_events_that_are_not_right(platform: Platform, event: object) -> None:
    token, _ = platform.customer()
    response = platform.post("start_chat", token, {"chat": {"thread": {"events": [event]}}})
    assert refused(response) == VALIDATION
    assert platform.call("list_chats", token)["total_chats"] == 0


def test_the_longest_message(platform: Platform) -> None:
    # Source: data-structures, "Message" (16 KB, a character of UTF-8 being up to 4 bytes).
    text = "ą" * 8192
    platform.start({"chat": {"thread": {"events": [{"type": "message", "text": text}]}}})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ([], VALIDATION),
        ({"chat": []}, VALIDATION),
        ({"active": "yes"}, VALIDATION),
        ({"continuous": 1}, VALIDATION),
        ({"chat": {"properties": {"a": {"b": None}}}}, VALIDATION),
        ({"chat": {"thread": {"events": {}}}}, VALIDATION),
        ({"chat": {"access": {}}}, VALIDATION),
        ({"chat": {"access": {"group_ids": []}}}, VALIDATION),
        ({"chat": {"access": {"group_ids": ["0"]}}}, VALIDATION),
        # Source: src/constants (group_not_found).
        ({"chat": {"access": {"group_ids": [0, 99]}}}, (404, "group_not_found", "Group not found")),
    ],
)
def test_parameters_that_are_not_right(
    platform: Platform, body: object, error: tuple[int, str, str]
) -> None:
    token, _ = platform.customer()
    assert refused(platform.post("start_chat", token, body)) == error
    assert platform.call("list_chats", token)["total_chats"] == 0


@pytest.mark.parametrize("content", ["1e400", "1" * 30, "[" * 500 + "]" * 500, '"\\ud83d"', "-0"])
def test_strange_values_in_a_custom_event(platform: Platform, content: str) -> None:
    token, _ = platform.customer()
    body = f'{{"chat":{{"thread":{{"events":[{{"type":"custom","content":{{"a":{content}}}}}]}}}}}}'
    answer = platform.post("start_chat", token, data=body)
    assert answer.status_code in (200, 400)
    for api, reader in (("customer", token), ("agent", platform.agent())):
        assert platform.post("list_chats", reader, api=api).status_code == 200


# --- list_chats ---------------------------------------------------------------------------------


@every_version
def test_a_customer_sees_their_own_chat(platform: Platform, version: str) -> None:
    # Source: customer-chat-api, "List Chats"; changelog, v3.7 (chats_info, last_thread_info).
    token, entity_id = platform.customer()
    events = [{"type": "message", "text": "Hello"}]
    started = platform.call("start_chat", token, {"chat": {"thread": {"events": events}}})
    platform.start()  # somebody else
    answer = platform.call("list_chats", token, version=version)
    name = "chats_info" if version == "3.7" else "chats_summary"
    assert set(answer) == {name, "total_chats"}
    assert answer["total_chats"] == 1
    (chat,) = answer[name]
    assert chat["id"] == started["chat_id"]
    assert chat["active"] is True
    assert chat["access"] == {"group_ids": [0]}
    assert customer_of(chat)["id"] == entity_id
    if version == "3.7":
        last = chat["last_thread_info"]
        assert last["id"] == started["thread_id"]
        assert set(last["last_event_per_type"]["message"]) == {"event"}
        event = last["last_event_per_type"]["message"]["event"]
    else:
        assert chat["last_thread_id"] == started["thread_id"]
        entry = chat["last_event_per_type"]["message"]
        assert entry["thread_id"] == started["thread_id"]
        assert entry["thread_created_at"] == chat["last_thread_created_at"]
        event = entry["event"]
    # Source: data-structures, "Message".
    assert set(event) == {"id", "created_at", "type", "text", "author_id"}


def test_a_customer_without_a_chat(platform: Platform) -> None:
    token, _ = platform.customer()
    assert platform.call("list_chats", token) == {"chats_summary": [], "total_chats": 0}


@every_version
def test_customers_do_not_see_what_is_for_agents(platform: Platform, version: str) -> None:
    # Source: data-structures (no addresses of agents, visibility, deleted events for others).
    agent = platform.agent()
    answer = platform.call("list_chats", agent, {"limit": 60}, api="agent", version=version)
    summaries = answer["chats_info" if version == "3.7" else "chats_summary"]
    hidden = {agent.email for agent in people.FERN_AND_FILTER.agents}
    seen_agents = 0
    for summary in summaries:
        token, _ = platform.customer(customer_of(summary)["id"])
        response = platform.post("list_chats", token, version=version)
        assert response.status_code == 200
        assert not any(address in response.text for address in hidden)
        (chat,) = response.json()["chats_info" if version == "3.7" else "chats_summary"]
        assert chat["id"] == summary["id"]
        inside = chat.get("last_thread_info", {}) if version == "3.7" else chat
        for entry in inside.get("last_event_per_type", {}).values():
            assert "visibility" not in entry["event"]
            assert "deleted" not in entry["event"]
        for user in chat["users"]:
            assert ("visit" in user, "last_visit" in user, "statistics" in user) == (False,) * 3
            if user["type"] == "agent":
                seen_agents += 1
                assert set(user) >= {"id", "name", "present", "avatar", "job_title"}
                assert len(user["id"]) == 32
    assert seen_agents > 50


@every_version
def test_notes_deleted_events_and_onlookers_are_for_agents(
    platform: Platform, version: str
) -> None:
    # Source: data-structures, "Message" (deleted); agent-chat-api, "Events" (visibility).
    token, _ = platform.customer()
    sent = [{"type": "message", "text": text} for text in ("Said", "Note", "Oops")]
    started = platform.call("start_chat", token, {"chat": {"thread": {"events": sent}}})
    chats = platform.sandbox.chats.of(people.FERN_AND_FILTER)
    chat = chats.get(started["chat_id"])
    assert chat is not None
    _, note, oops = chat.threads[0].events
    note.visibility, oops.deleted = "agents", True
    talking, onlooker = people.FERN_AND_FILTER.agents[:2]
    chat.participants += [
        Participant(talking, None),
        Participant(onlooker, None, visibility="agents"),
    ]
    chats.put(chat)
    answer = platform.call("list_chats", token, version=version)
    (got,) = answer["chats_info" if version == "3.7" else "chats_summary"]
    last = got["last_thread_info"] if version == "3.7" else got
    assert last["last_event_per_type"]["message"]["event"]["text"] == "Said"
    assert [user["name"] for user in got["users"] if user["type"] == "agent"] == [talking.name]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        # Source: customer-chat-api, "List Chats" (limit: at most 25), "Pagination".
        ({"limit": 25}, None),
        ({"limit": 1, "sort_order": "asc"}, None),
        ({"limit": 26}, VALIDATION),
        ({"limit": 0}, VALIDATION),
        ({"sort_order": "newest"}, VALIDATION),
        ({"page_id": "not-one-of-ours"}, VALIDATION),
    ],
)
def test_parameters_of_list_chats(
    platform: Platform, body: Json, error: tuple[int, str, str] | None
) -> None:
    token, _ = platform.customer()
    response = platform.post("list_chats", token, body)
    if error is None:
        assert response.status_code == 200
    else:
        assert refused(response) == error


def test_pages_of_a_customer_s_chats(platform: Platform) -> None:
    # Source: customer-chat-api, "Pagination". More chats than a customer can have today.
    store = platform.sandbox.chats
    chats = store.of(people.FERN_AND_FILTER)
    token, entity_id = platform.customer()
    for number in range(30):
        chat = chats.get(platform.start()[0]["chat_id"])
        assert chat is not None
        owner = replace(chat.customer, id=entity_id)
        chats.put(replace(chat, id=f"COPY{number:06}", customer=owner))
    first = platform.call("list_chats", token)
    assert (len(first["chats_summary"]), first["total_chats"]) == (10, 30)
    assert "previous_page_id" not in first
    second = platform.call("list_chats", token, {"page_id": first["next_page_id"]})
    third = platform.call("list_chats", token, {"page_id": second["next_page_id"]})
    assert "next_page_id" not in third
    ids = [chat["id"] for page in (first, second, third) for chat in page["chats_summary"]]
    assert len(set(ids)) == 30
    ascending = platform.call("list_chats", token, {"limit": 25, "sort_order": "asc"})
    assert [chat["id"] for chat in ascending["chats_summary"]] == ids[::-1][:25]
    page = {"page_id": first["next_page_id"]}
    for more in ({"limit": 10}, {"sort_order": "desc"}):
        assert refused(platform.post("list_chats", token, page | more)) == VALIDATION
    stranger, _ = platform.customer()
    assert refused(platform.post("list_chats", stranger, page)) == VALIDATION
    agent = platform.agent()
    assert refused(platform.post("list_chats", agent, page, api="agent")) == VALIDATION


# --- Who may call, and what ---------------------------------------------------------------------


@pytest.mark.parametrize("action", ["start_chat", "list_chats"])
def test_other_tokens_do_not_open_it(platform: Platform, action: str) -> None:
    # Source: troubleshooting, "Invalid access token", 1; "Authorizing requests with a Personal
    # Access Token doesn't work", 2.
    world, author = platform.sandbox.world, platform.sandbox.author
    agent = platform.agent("chats--all:rw", "customers:own")
    personal = world.create_personal_access_token(author.id, "script", ["chats--all:rw"]).value
    for token in (agent, personal, "not-a-real-token", ""):
        assert refused(platform.post(action, token)) == NO_TOKEN
    basic = platform.post(action, None, auth=(author.id, personal))
    assert refused(basic) == NO_TOKEN
    nothing = platform.post(action, None)
    assert refused(nothing) == (401, "authentication", "Authentication error")
    token, _ = platform.customer()
    world.clock.advance(28_801)
    assert refused(platform.post(action, token)) == NO_TOKEN


@every_version
@pytest.mark.parametrize(
    ("query", "error"),
    [
        # Source: customer-chat-api, "Methods" (the query string); changelog, v3.4 (license_id).
        ({}, VALIDATION),
        ({"organization_id": ""}, VALIDATION),
        ({"license_id": "104130623"}, VALIDATION),
        # Source: src/constants (license_not_found).
        ({"organization_id": "nobody"}, (404, "license_not_found", "License not found")),
        ({"organization_id": people.PAPER_LANTERN.id}, NO_TOKEN),
    ],
)
def test_the_organization_is_in_the_query(
    platform: Platform, version: str, query: dict[str, str], error: tuple[int, str, str]
) -> None:
    token, _ = platform.customer()
    for action in ("list_chats", "start_chat"):
        assert refused(platform.post(action, token, query=query, version=version)) == error


def test_the_region(platform: Platform) -> None:
    # Source: customer-chat-api, "Errors" (misdirected_request).
    token, _ = platform.customer()
    platform.call("list_chats", token, headers={"X-Region": "dal"})
    answer = platform.post("list_chats", token, headers={"X-Region": "fra"})
    assert refused(answer)[:2] == (421, "misdirected_request")
    assert answer.json()["error"]["data"] == {"region": "dal"}


@pytest.mark.parametrize(
    ("version", "header"), [("3.4", "Deprecation"), ("3.5", "Legacy"), ("3.6", ""), ("3.7", "")]
)
def test_versions(platform: Platform, version: str, header: str) -> None:
    # Source: customer-chat-api of each version, "Versioning".
    token, _ = platform.customer()
    answer = platform.post("list_chats", token, version=version)
    assert [name for name in ("Deprecation", "Legacy") if name in answer.headers] == [
        name for name in (header,) if name
    ]
    assert refused(platform.post("list_chats", token, version="3.3"))[1] == "unsupported_version"


@pytest.mark.parametrize("data", ["", "{", "list_chats", b"\xff"])
def test_a_body_that_is_no_json(platform: Platform, data: str | bytes) -> None:
    # Source: troubleshooting, "Invalid message".
    token, _ = platform.customer()
    for action in ("list_chats", "start_chat"):
        assert refused(platform.post(action, token, data=data)) == INVALID_MESSAGE


@pytest.mark.parametrize(
    ("method", "action"),
    [
        # Source: customer-chat-api, "Available methods", of which the sandbox has four.
        ("POST", "list_threads"),
        ("POST", "resume_chat"),
        ("POST", "get_customer"),
        ("GET", "get_dynamic_configuration"),
        ("GET", "get_localization"),
    ],
)
def test_what_it_does_not_imitate_it_says_there_and_in_the_log(
    platform: Platform, caplog: pytest.LogCaptureFixture, method: str, action: str
) -> None:
    token, _ = platform.customer()
    url = f"{platform.sandbox.url}/v3.6/customer/action/{action}"
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        answer = platform.http.request(
            method,
            url,
            params={"organization_id": platform.organization_id},
            json={},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
    words = f"The sandbox does not imitate {action}. The real Customer Chat API has it."
    assert refused(answer) == (501, "not_imitated", words)
    assert f"{action}: " in caplog.text
    assert words in caplog.text
    assert token not in caplog.text


def test_an_unknown_action(platform: Platform) -> None:
    token, _ = platform.customer()
    assert refused(platform.post("nonsense", token)) == (404, "not_found", "Not found")


def test_what_is_posted_is_not_got(platform: Platform) -> None:
    url = f"{platform.sandbox.url}/v3.6/customer/action/list_chats"
    assert platform.http.get(url, timeout=10).status_code == 405
