"""The methods that write: who may call them, with what, and what they refuse.

Sources: livechat-public-docs, messaging/agent-chat-api (the methods' pages of versions 3.4 to 3.7,
the changelog) and agent-chat-api/data-structures. What comes of a call is in `test_effects`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from lc_tutorial.sandbox.api import CATALOGUE
from lc_tutorial.sandbox.world import Chat, people, versions
from tests.sandbox.agent_chat.conversations import NOBODY, Conversations
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, refused

Body = dict[str, Any]

MESSAGE = {"type": "message", "text": "Hello"}

WRITING = {
    "start_chat": lambda c: {},
    "resume_chat": lambda c: {"chat": {"id": c.over.id}},
    "deactivate_chat": lambda c: {"id": c.mine.id},
    "transfer_chat": lambda c: {"id": c.mine.id, "target": {"type": "group", "ids": [0]}},
    "add_user_to_chat": lambda c: {
        "chat_id": c.mine.id,
        "user_id": c.colleague,
        "user_type": "agent",
        "visibility": "agents",
    },
    "remove_user_from_chat": lambda c: {
        "chat_id": c.mine.id,
        "user_id": c.me,
        "user_type": "agent",
    },
    "send_event": lambda c: {"chat_id": c.mine.id, "event": MESSAGE},
    "send_event_preview": lambda c: {"chat_id": c.mine.id, "event": MESSAGE},
    "send_typing_indicator": lambda c: {"chat_id": c.mine.id, "is_typing": True},
    "send_thinking_indicator": lambda c: {"chat_id": c.mine.id, "title": "Searching"},
    "send_rich_message_postback": lambda c: c.postback(),
}
"""For each method that changes a chat, a call that works for who is in the chat `mine`."""

FOLLOWING = {
    "follow_chat": lambda c: {"id": c.elsewhere.id},
    "unfollow_chat": lambda c: {"id": c.elsewhere.id},
}

CALLS = WRITING | FOLLOWING

EVERY = [
    pytest.param(name, version, id=f"{name}-{version}")
    for name in CALLS
    for version in VERSIONS
    if CATALOGUE["agent"][name].is_in(versions.parse(version) or 0)  # type: ignore[arg-type]
]


@pytest.fixture
def c(_server, http) -> Conversations:
    return Conversations.serve(_server, http)


@pytest.mark.parametrize(("name", "version"), EVERY)
def test_each_method_works_in_each_version_that_has_it(c: Conversations, name, version):
    answer = c.as_me(name, CALLS[name](c), version=version)
    assert answer.status_code == 200, answer.text
    expected = {
        "start_chat": {"chat_id", "thread_id"},
        "resume_chat": {"thread_id"},
        "send_event": {"event_id"},
    }.get(name, set())
    assert set(answer.json()) == expected


SCOPES = [
    # The scopes of a token, and whether they do in a chat of one's own group and in another's.
    (("chats--all:rw",), True, True),
    (("chats--all:rw", "chats--access:rw"), True, True),
    (("chats--access:rw",), True, False),
    # Source: changelog of 3.4: no longer those named `my`, nor those of the conversation.
    (("chats--all:ro",), None, None),
    (("chats--access:ro",), None, None),
    (("chats--my:rw",), None, None),
    (("chats.conversation--all:rw",), None, None),
    (("agents--all:rw",), None, None),
]


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize(("scopes", "near", "far"), SCOPES)
def test_the_scopes_of_methods_that_write(c: Conversations, name, scopes, near, far):
    for body, may in ((WRITING[name](c), near), (c.far_away(name, WRITING[name](c)), far)):
        answer = c.as_me(name, body, scopes=scopes, ignoring=True)
        if may is None:
            assert refused(answer) == (403, "authorization", "Authorization error")
        elif may is False:
            assert refused(answer) == (403, "missing_access", "Missing access")
        else:
            kind = "" if answer.ok else refused(answer)[1]
            assert kind not in ("authorization", "missing_access") or "not user" in answer.text


@pytest.mark.parametrize("name", FOLLOWING)
@pytest.mark.parametrize("scopes", [("chats--all:ro",), ("chats--access:ro",), ("agents--all:ro",)])
def test_the_scopes_of_following(c: Conversations, name, scopes):
    answer = c.as_me(name, {"id": c.far.id}, scopes=scopes)
    if name == "unfollow_chat" or scopes == ("chats--all:ro",):  # unfollowing takes any token
        assert answer.status_code == 200
    elif scopes == ("chats--access:ro",):
        assert refused(answer)[1] == "missing_access"
    else:
        assert refused(answer)[1] == "authorization"


@pytest.mark.parametrize("name", [*CALLS, "upload_file"])
def test_a_body_that_does_not_fit(c: Conversations, name):
    for body in (b"[]", b'{"chat": 1, "id": 2, "chat_id": 3}', b"", b"{"):
        answer = c.as_me(name, None, data=body)
        assert refused(answer)[:2] == (400, "validation")


# --- What each of them refuses --------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """A call that is refused: which, with what, by whom, and how."""

    method: str
    body: Callable[[Conversations], Body]
    type: str
    message: str | None = None
    by: str = ""
    version: str = "3.6"
    scopes: tuple[str, ...] = ("chats--all:rw",)
    why: str = ""
    """What the test is about, where the rest does not say it."""
    before: Callable[[Conversations], object] = field(default=lambda c: None)

    def __str__(self) -> str:
        return f"{self.method}: {self.type}, {self.why}"


NO_CHAT = "AAAAAAAAAA"
NOT_A_USER = "Requester is not user of the chat"


def event(**fields: Any) -> Callable[[Conversations], Body]:
    return lambda c: {"chat_id": c.mine.id, "event": fields}


def started(**chat: Any) -> Callable[[Conversations], Body]:
    return lambda c: {"chat": chat}


def user(user_id: str, kind: str = "agent") -> Body:
    return {"id": user_id, "type": kind}


def added(
    user_id: Callable[[Conversations], str], kind: str = "agent", visibility: str = "all"
) -> Callable[[Conversations], Body]:
    return lambda c: {
        "chat_id": c.mine.id,
        "user_id": user_id(c),
        "user_type": kind,
        "visibility": visibility,
    }


def transferred(kind: str, *ids: Any) -> Callable[[Conversations], Body]:
    return lambda c: {"id": c.mine.id, "target": {"type": kind, "ids": list(ids)}}


REFUSALS = [
    # Chats that are not there, are over, or that the requester is not in.
    *(
        Refusal(
            name, lambda c, name=name: c.elsewhere_named(name, NO_CHAT), "not_found", why="chat"
        )
        for name in CALLS
        if name != "start_chat"
    ),
    *(
        Refusal(
            name,
            lambda c, name=name: c.elsewhere_named(name, c.over.id),
            "chat_inactive",
            "Chat is inactive",
            why="the chat is over",
        )
        for name in (
            *("deactivate_chat", "transfer_chat", "add_user_to_chat"),
            *("send_event", "send_event_preview"),
            *("send_typing_indicator", "send_thinking_indicator"),
        )
    ),
    *(
        Refusal(
            name,
            lambda c, name=name: WRITING[name](c),
            "authorization",
            NOT_A_USER,
            by=OWNER,
            why="the requester is not in the chat",
        )
        for name in (
            *("deactivate_chat", "transfer_chat", "add_user_to_chat", "remove_user_from_chat"),
            *("send_event", "send_event_preview"),
        )
    ),
    # start_chat and resume_chat
    Refusal("start_chat", started(access={"group_ids": [99]}), "not_found", why="group"),
    Refusal("start_chat", started(access={"group_ids": []}), "validation", why="no group"),
    Refusal("start_chat", started(users=[user("nobody@example.com")]), "not_found", why="agent"),
    Refusal("start_chat", started(users=[user(NOBODY, "customer")]), "not_found", why="customer"),
    Refusal("start_chat", started(users=[user(OWNER, "bot")]), "validation", why="kind of user"),
    Refusal(
        "start_chat",
        started(users=[user(agent.email) for agent in people.FERN_AND_FILTER.agents]),
        "limit_reached",
        why="more than 4 other agents",
    ),
    Refusal(
        "start_chat",
        lambda c: {
            "chat": {"users": [user(chat.customer.id, "customer") for chat in (c.mine, c.over)]}
        },
        "limit_reached",
        why="more than one customer",
    ),
    Refusal(
        "start_chat",
        lambda c: {"chat": {"users": [user(c.over.customer.id, "customer")]}},
        "limit_reached",
        why="the customer has a chat",
    ),
    Refusal(
        "start_chat",
        started(thread={"events": [MESSAGE | {"author_id": OWNER}]}),
        "validation",
        why="the author is not among the users",
    ),
    Refusal("start_chat", started(thread={"events": [{"type": "x"}]}), "validation", why="event"),
    Refusal(
        "start_chat", started(properties={"a": {"b": [1]}}), "validation", why="kind of property"
    ),
    Refusal("resume_chat", lambda c: {"chat": {}}, "validation", why="no id"),
    Refusal("resume_chat", lambda c: {"chat": {"id": c.mine.id}}, "validation", why="active"),
    Refusal(
        "resume_chat",
        lambda c: {"chat": {"id": c.over.id, "users": [user(c.mine.customer.id, "customer")]}},
        "limit_reached",
        why="another customer",
    ),
    # Following
    Refusal("unfollow_chat", lambda c: {"id": c.mine.id}, "validation", why="a member"),
    # transfer_chat
    Refusal("transfer_chat", transferred("group", 99), "not_found", why="group"),
    Refusal("transfer_chat", transferred("agent", "nobody@example.com"), "not_found", why="agent"),
    Refusal("transfer_chat", transferred("group"), "validation", why="no ids"),
    Refusal("transfer_chat", transferred("group", "1"), "validation", why="ids of agents"),
    Refusal("transfer_chat", transferred("agent", 1), "validation", why="ids of groups"),
    Refusal("transfer_chat", transferred("bot", 1), "validation", why="kind of target"),
    Refusal(
        "transfer_chat",
        lambda c: transferred("agent", c.outsider)(c),
        "missing_access",
        why="the agent has no access",
    ),
    Refusal(
        "transfer_chat",
        lambda c: transferred("agent", c.me)(c),
        "agent_offline",
        "Agent offline",
        why="nobody else can take it",
    ),
    # add_user_to_chat and remove_user_from_chat
    Refusal("add_user_to_chat", added(lambda c: "nobody@example.com"), "not_found", why="agent"),
    Refusal("add_user_to_chat", added(lambda c: NOBODY, "customer"), "not_found", why="customer"),
    Refusal("add_user_to_chat", added(lambda c: OWNER, "bot"), "validation", why="kind of user"),
    Refusal(
        "add_user_to_chat", added(lambda c: OWNER, visibility="no"), "validation", why="visibility"
    ),
    Refusal("add_user_to_chat", added(lambda c: c.me), "validation", why="in the chat already"),
    Refusal(
        "add_user_to_chat",
        added(lambda c: c.outsider),
        "missing_access",
        why="the agent has no access",
    ),
    Refusal(
        "add_user_to_chat",
        added(lambda c: c.colleague),
        "limit_reached",
        "Public agents in chat limit reached",
        why="a second agent that customers see",
    ),
    Refusal(
        "add_user_to_chat",
        added(lambda c: c.over.customer.id, "customer"),
        "limit_reached",
        why="a second customer",
    ),
    Refusal(
        "add_user_to_chat",
        added(lambda c: c.over.customer.id, "customer", "agents"),
        "validation",
        why="a customer whom agents only see",
    ),
    Refusal(
        "remove_user_from_chat",
        lambda c: {"chat_id": c.mine.id, "user_id": OWNER, "user_type": "agent"},
        "not_found",
        why="not in the chat",
    ),
    Refusal(
        "remove_user_from_chat",
        lambda c: {"chat_id": c.mine.id, "user_id": c.mine.customer.id, "user_type": "customer"},
        "validation",
        why="a customer",
    ),
    # Events
    *(
        Refusal("send_event", event(**fields), "validation", why=why, version=version)
        for why, version, fields in (
            ("no type", "3.6", {"text": "x"}),
            ("no text", "3.6", {"type": "message"}),
            ("text of more than 16 KB", "3.6", MESSAGE | {"text": "é" * 8193}),
            ("visibility", "3.6", MESSAGE | {"visibility": "me"}),
            ("kind of property", "3.6", MESSAGE | {"properties": {"a": {"b": None}}}),
            ("half a postback", "3.6", MESSAGE | {"postback": {"id": "x"}}),
            # Source: data-structures, "System": it can't be sent.
            ("a system event", "3.6", {"type": "system", "source": "x", "subtype": "y"}),
            ("no such type", "3.6", {"type": "shout", "text": "x"}),
            ("a file elsewhere", "3.6", {"type": "file", "url": "https://example.com/a.png"}),
            ("a file nowhere", "3.6", {"type": "file", "url": "http://[a]/x"}),
            ("a form without id", "3.6", {"type": "form", "fields": []}),
            ("a form without fields", "3.6", {"type": "filled_form", "form_id": "1"}),
            (
                "an answer without id",
                "3.6",
                {"type": "filled_form", "form_id": "1", "fields": [{"answers": [{}]}]},
            ),
            ("no system message type", "3.6", {"type": "system_message", "text": "x"}),
            ("no such template", "3.6", {"type": "rich_message", "template_id": "poster"}),
            (
                "more than 10 elements",
                "3.6",
                {"type": "rich_message", "template_id": "cards", "elements": [{}] * 11},
            ),
            (
                "more than 13 buttons",
                "3.6",
                {
                    "type": "rich_message",
                    "template_id": "cards",
                    "elements": [{"buttons": [{}] * 14}],
                },
            ),
            # Source: changelog, 3.6.
            ("a shop's card", "3.5", {"type": "rich_message", "template_id": "ecommerce"}),
        )
    ),
    Refusal(
        "send_event",
        event(**MESSAGE),
        "validation",
        by=OWNER,
        why="an unseen agent to all",
        before=lambda c: c.look_on(OWNER),
    ),
    Refusal(
        "send_event_preview",
        lambda c: {"chat_id": c.mine.id, "event": MESSAGE | {"visibility": "agents"}},
        "validation",
        why="a preview for agents",
    ),
    Refusal(
        "send_event_preview",
        lambda c: {"chat_id": c.mine.id, "event": {"type": "custom"}},
        "validation",
        why="a preview of something else than a message",
    ),
    Refusal(
        "send_rich_message_postback",
        lambda c: c.postback() | {"event_id": "x"},
        "not_found",
        why="event",
    ),
    Refusal(
        "send_rich_message_postback",
        lambda c: c.postback() | {"thread_id": "x"},
        "not_found",
        why="thread",
    ),
    Refusal(
        "send_rich_message_postback",
        lambda c: c.postback() | {"event_id": c.first_message.id},
        "validation",
        why="no rich message",
    ),
    Refusal(
        "send_rich_message_postback",
        lambda c: c.postback() | {"postback": {"id": "no_such", "toggled": True}},
        "validation",
        why="no such button",
    ),
    Refusal(
        "send_rich_message_postback",
        lambda c: c.postback() | {"postback": {"id": "action_1"}},
        "validation",
        why="toggled is missing",
    ),
]


@pytest.mark.parametrize("row", REFUSALS, ids=str)
def test_refusals(c: Conversations, row: Refusal):
    row.before(c)
    body = row.body(c)
    before = c.picture()
    answer = c.as_me(
        row.method,
        body,
        email=row.by or c.me,
        scopes=row.scopes,
        version=row.version,
    )
    status, kind, message = refused(answer)
    assert kind == row.type, answer.text
    assert row.message is None or message == row.message
    assert 400 <= status < 500
    assert c.picture() == before  # a call that is refused changes nothing


# --- What overrides and what does not ------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["deactivate_chat", "transfer_chat", "add_user_to_chat", "remove_user_from_chat"]
)
def test_presence_can_be_ignored(c: Conversations, name):
    body = WRITING[name](c) | {"ignore_requester_presence": True}
    assert c.as_me(name, body, email=OWNER).status_code == 200


def test_presence_cannot_be_ignored_by_who_sends(c: Conversations):
    body = WRITING["send_event"](c) | {"ignore_requester_presence": True}
    assert refused(c.as_me("send_event", body, email=OWNER))[2] == NOT_A_USER


def test_nobody_writes_into_another_organization(c: Conversations):
    theirs: Chat = c.api.store.of(people.PAPER_LANTERN).ordered()[-1]
    for name in CALLS:
        if name != "start_chat":
            answer = c.as_me(name, c.elsewhere_named(name, theirs.id), email=OWNER, ignoring=True)
            assert refused(answer)[1] == "not_found", name


def test_a_normal_agent_s_reach(c: Conversations):
    scopes = ("chats--access:rw",)
    own = {"access": {"group_ids": [people.ORDERS]}}
    others = {"access": {"group_ids": [people.PLANT_CARE]}}
    assert c.as_me("start_chat", {"chat": own}, email=NORMAL, scopes=scopes).status_code == 200
    answer = c.as_me("start_chat", {"chat": others}, email=NORMAL, scopes=scopes)
    assert refused(answer)[1] == "missing_access"
