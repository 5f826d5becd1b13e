"""Webhooks on their way: what is sent, to whom, and that nobody waits for it.

Source: livechat-public-docs, management/webhooks of versions 3.4 to 3.7, and
management/configuration-api (Webhooks).
"""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from livechat.webhooks.parser import parse_webhook

from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import Chat
from tests.sandbox.chat_api import OWNER, VERSIONS
from tests.sandbox.configuration.conftest import Configuration
from tests.sandbox.configuration.deliveries import KEY, SCOPES, Json, agent_call, register
from tests.sandbox.receiving import Receiver, receiving


@pytest.fixture
def configuration(with_own_chats: Configuration) -> Configuration:
    with_own_chats.api.world.ready_made.installed = True
    return with_own_chats


def active_chat(configuration: Configuration) -> Chat:
    chats = configuration.api.chats.ordered()
    return next(c for c in chats if c.active and c.threads[-1].events and c.threads[-1].tags)


def over(configuration: Configuration) -> Chat:
    chats = configuration.api.chats.ordered()
    return next(
        c
        for c in chats
        if c.threads
        and not c.active
        and c.threads[-1].events
        and not c.threads[-1].summary
        and c.threads[-1].restricted_access is None
    )


# --- The form -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.5", "3.6", "3.7"])
def test_a_webhook_of_the_configuration(
    configuration: Configuration, receiver: Receiver, version: str
) -> None:
    webhook_id = register(configuration, receiver, "tag_created", version=version)
    body = {"name": "docs_feedback", "group_ids": [0, 2]}
    configuration.call("create_tag", body, scopes=SCOPES)
    webhook = receiver.next()
    created_at = webhook["payload"].pop("created_at")
    assert created_at.startswith("2026-06-15T14:30:")
    requester = {
        "user_id": OWNER,
        "account_id": configuration.api.account(OWNER).id,
        "client_id": configuration.client_id,
    }
    assert webhook == {
        "webhook_id": webhook_id,
        "secret_key": KEY,
        "action": "tag_created",
        "organization_id": people.FERN_AND_FILTER.id,
        "payload": {**body, "author_id": OWNER},
        "additional_data": {},
        # "There is a new `requester` property" in version 3.6.
        **({"requester": requester} if version >= "3.6" else {}),
    }


def test_additional_data(configuration: Configuration, receiver: Receiver) -> None:
    data = ["chat_properties", "chat_presence_user_ids"]
    register(configuration, receiver, "thread_untagged", additional_data=data)
    chat = active_chat(configuration)
    ids = {"chat_id": chat.id, "thread_id": chat.threads[-1].id}
    tag = chat.threads[-1].tags[0]
    agent_call(configuration, "untag_thread", ids | {"tag": tag})
    webhook = receiver.next()
    assert webhook["payload"] == ids | {"tag": tag}
    assert chat.customer is not None
    present = [one.agent.email for one in chat.participants if one.present]
    assert webhook["additional_data"] == {
        "chat_properties": chat.properties,
        "chat_presence_user_ids": [chat.customer.id, *present],
    }


# What happens, where, and what the webhook says of it.
Happening = Callable[[Configuration], tuple[Json, Json]]
_PROPERTIES = {"test": {"int_property": 7}}


def _chat(configuration: Configuration) -> tuple[Json, Json]:
    chat = active_chat(configuration)
    return {"id": chat.id, "properties": _PROPERTIES}, {
        "chat_id": chat.id,
        "properties": _PROPERTIES,
    }


def _thread(configuration: Configuration) -> tuple[Json, Json]:
    chat = active_chat(configuration)
    body = {"chat_id": chat.id, "thread_id": chat.threads[-1].id, "properties": _PROPERTIES}
    return body, body


def _event(configuration: Configuration) -> tuple[Json, Json]:
    body, _ = _thread(configuration)
    body = body | {"event_id": active_chat(configuration).threads[-1].events[0].id}
    return body, body


def _names(happening: Happening) -> Happening:
    def with_names(configuration: Configuration) -> tuple[Json, Json]:
        body, payload = happening(configuration)
        names = {"properties": {"test": ["int_property"]}}
        return body | names, payload | names

    return with_names


def _tag(configuration: Configuration) -> tuple[Json, Json]:
    chat = active_chat(configuration)
    body = {"chat_id": chat.id, "thread_id": chat.threads[-1].id, "tag": "gave up waiting"}
    return body, body


def _seen(configuration: Configuration) -> tuple[Json, Json]:
    seen = {"chat_id": active_chat(configuration).id, "seen_up_to": "2026-06-15T16:30:00+02:00"}
    return seen, seen | {"user_id": OWNER, "seen_up_to": "2026-06-15T14:30:00.000000Z"}


def _status(_: Configuration) -> tuple[Json, Json]:
    who = "priya.raman@example.com"
    # "Possible values: accepting chats, not accepting chats": with spaces, here.
    return {"agent_id": who, "status": "not_accepting_chats"}, {
        "agent_id": who,
        "status": "not accepting chats",
    }


def _session_fields(configuration: Configuration) -> tuple[Json, Json]:
    chat = active_chat(configuration)
    assert chat.customer is not None
    body = {"id": chat.customer.id, "session_fields": [{"a": "b"}, {"c": "d"}]}
    ids = {"chat_id": chat.id, "thread_id": chat.threads[-1].id}
    return body, body | {"active_chat": ids}


HAPPENINGS: list[tuple[str, str, Happening]] = [
    ("update_chat_properties", "chat_properties_updated", _chat),
    ("delete_chat_properties", "chat_properties_deleted", _names(_chat)),
    ("update_thread_properties", "thread_properties_updated", _thread),
    ("delete_thread_properties", "thread_properties_deleted", _names(_thread)),
    ("update_event_properties", "event_properties_updated", _event),
    ("delete_event_properties", "event_properties_deleted", _names(_event)),
    ("tag_thread", "thread_tagged", _tag),
    ("mark_events_as_seen", "events_marked_as_seen", _seen),
    ("set_routing_status", "routing_status_set", _status),
    ("update_customer", "customer_session_fields_updated", _session_fields),
]


@pytest.mark.parametrize(("action", "webhook_action", "happening"), HAPPENINGS)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_webhooks_say(
    configuration: Configuration,
    receiver: Receiver,
    version: str,
    action: str,
    webhook_action: str,
    happening: Happening,
) -> None:
    register(configuration, receiver, webhook_action, version=version)
    body, payload = happening(configuration)
    assert agent_call(configuration, action, body) == {}
    webhook = receiver.next()
    assert webhook["action"] == webhook_action
    assert webhook["payload"] == payload
    if version != "3.4":
        # The vendor's own reader of webhooks knows them all.
        assert parse_webhook(webhook, version).action == webhook_action


@pytest.mark.parametrize("action", ["tag_updated", "tag_deleted"])
def test_what_becomes_of_tags(
    configuration: Configuration, receiver: Receiver, action: str
) -> None:
    register(configuration, receiver, action)
    method = {"tag_updated": "update_tag", "tag_deleted": "delete_tag"}[action]
    more = {"group_ids": [1, 2]} if action == "tag_updated" else {}
    configuration.call(method, {"name": "coffee", **more}, scopes=SCOPES)
    assert receiver.next()["payload"] == {"name": "coffee", **more}


def test_a_thread_that_was_summarized(configuration: Configuration, receiver: Receiver) -> None:
    register(configuration, receiver, "thread_summary_set")
    chat = over(configuration)
    ids = {"chat_id": chat.id, "thread_id": chat.threads[-1].id}
    agent_call(configuration, "request_thread_summary", ids)
    payload = receiver.next()["payload"]
    summary = payload.pop("summary")
    assert payload == ids
    assert summary["status"] == "ok"
    assert summary["text"] == chat.threads[-1].summary


@pytest.mark.parametrize("version", ["3.4", "3.5"])
def test_a_customer_who_was_created(
    configuration: Configuration, receiver: Receiver, version: str
) -> None:
    register(configuration, receiver, "incoming_customer", version=version)
    made = agent_call(configuration, "create_customer", {"name": "Ana"}, version=version)
    customer = receiver.next()["payload"]["customer"]
    assert (customer["id"], customer["name"]) == (made["customer_id"], "Ana")


# --- Who is told ----------------------------------------------------------------------------------


def tag_and_untag(configuration: Configuration, chat: Chat, **arguments: Any) -> None:
    """Make two things happen, of which the second is always told."""
    ids = {"chat_id": chat.id, "thread_id": chat.threads[-1].id, "tag": "gave up waiting"}
    agent_call(configuration, "tag_thread", ids, **arguments)
    agent_call(configuration, "untag_thread", ids, **arguments)


FILTERS: list[tuple[Json, bool]] = [
    ({}, True),
    ({"source_type": ["my_client"]}, True),
    ({"source_type": ["other_clients", "system"]}, False),
    ({"source_type": []}, False),
    ({"only_my_chats": False}, True),
    ({"only_my_chats": True}, False),
    ({"chat_presence": {"user_ids": {"values": ["CUSTOMER", "nobody"]}}}, True),
    ({"chat_presence": {"user_ids": {"values": ["AGENT"]}}}, True),
    ({"chat_presence": {"user_ids": {"values": ["nobody"]}}}, False),
    ({"chat_presence": {"user_ids": {"exclude_values": ["nobody"]}}}, True),
    ({"chat_presence": {"user_ids": {"exclude_values": ["AGENT"]}}}, False),
    ({"chat_presence": {"my_bots": True}}, False),
]


@pytest.mark.parametrize(("filters", "told"), FILTERS)
def test_filters(
    configuration: Configuration, receiver: Receiver, filters: Json, told: bool
) -> None:
    chat = active_chat(configuration)
    agent = next(one.agent.email for one in chat.participants if one.present)
    assert chat.customer is not None
    user_ids = filters.get("chat_presence", {}).get("user_ids", {})
    known = {"CUSTOMER": chat.customer.id, "AGENT": agent}
    filled = {name: [known.get(one, one) for one in ids] for name, ids in user_ids.items()}
    if filled:
        filters = {"chat_presence": {"user_ids": filled}}
    register(configuration, receiver, "thread_tagged", filters=filters)
    register(configuration, receiver, "thread_untagged")
    tag_and_untag(configuration, chat)
    assert receiver.next()["action"] == ("thread_tagged" if told else "thread_untagged")


def test_only_my_chats(configuration: Configuration, receiver: Receiver) -> None:
    chat = active_chat(configuration)
    source: dict[str, str | int | bool] = {"client_id": configuration.client_id}
    chat.properties = chat.properties | {"source": source}
    register(configuration, receiver, "thread_tagged", filters={"only_my_chats": True})
    tag_and_untag(configuration, chat)
    assert receiver.next()["action"] == "thread_tagged"


@pytest.mark.parametrize(
    ("client_id", "kind"), [("", "system"), ("another", "other_clients"), (None, "my_client")]
)
def test_by_which_app_it_happened(
    configuration: Configuration, receiver: Receiver, client_id: str | None, kind: str
) -> None:
    register(configuration, receiver, "thread_tagged", filters={"source_type": [kind]})
    for one in ("", "another", configuration.client_id):
        tag_and_untag(configuration, active_chat(configuration), client_id=one)
    register(configuration, receiver, "thread_tagged", description="the last")
    tag_and_untag(configuration, active_chat(configuration), client_id="another")
    told = {"my_client": 1, "other_clients": 2, "system": 1}[kind]
    ids = [receiver.next()["webhook_id"] for _ in range(told + 1)]
    assert len(set(ids[:1])) == 1
    assert len(set(ids)) == 2


def test_whose_status(configuration: Configuration, receiver: Receiver) -> None:
    who = "priya.raman@example.com"
    wanted = {"agent_ids": {"values": [who]}}
    register(configuration, receiver, "routing_status_set", filters=wanted)
    for agent_id in (OWNER, who):
        body = {"agent_id": agent_id, "status": "not_accepting_chats"}
        agent_call(configuration, "set_routing_status", body)
    assert receiver.next()["payload"]["agent_id"] == who


def not_installed(configuration: Configuration, _: Receiver) -> None:
    configuration.api.world.ready_made.installed = False


def disabled(configuration: Configuration, _: Receiver) -> None:
    configuration.call("disable_license_webhooks", scopes=SCOPES)


def unregistered(configuration: Configuration, receiver: Receiver) -> None:
    body = {"id": receiver.webhook_id, "owner_client_id": configuration.client_id}
    configuration.call("unregister_webhook", body, scopes=SCOPES)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (not_installed, "not sent: its app is not installed"),
        (disabled, "not sent: the webhooks of its app are disabled"),
        (unregistered, ""),
    ],
)
def test_what_is_not_sent_any_more(
    configuration: Configuration,
    receiver: Receiver,
    end: Callable[[Configuration, Receiver], None],
    words: str,
    caplog,
) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    receiver.webhook_id = register(configuration, receiver, "tag_updated")
    register(configuration, receiver, "tag_deleted")
    end(configuration, receiver)
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    if end is not unregistered:
        configuration.api.world.ready_made.installed = True
        configuration.call("enable_license_webhooks", scopes=SCOPES)
    configuration.call("delete_tag", {"name": "coffee"}, scopes=SCOPES)
    assert receiver.next()["action"] == "tag_deleted"
    assert words in caplog.text


@pytest.mark.parametrize("end", [disabled, unregistered])
def test_what_is_to_be_tried_again_is_not_when_nobody_wants_it_any_more(
    configuration: Configuration,
    receiver: Receiver,
    end: Callable[[Configuration, Receiver], None],
    caplog,
) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    receiver.free.clear()
    receiver.statuses = [503]
    configuration.api.world.courier.pauses = (0.0,)
    receiver.webhook_id = register(configuration, receiver, "tag_updated")
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    receiver.next()  # it is not answered yet
    end(configuration, receiver)
    receiver.free.set()
    while configuration.api.world.courier.busy:
        configuration.call("list_webhook_names")
    assert "webhook tag_updated: not sent to 127.0.0.1" in caplog.text
    assert "it is not wanted any more" in caplog.text
    assert "trying again" not in caplog.text


def test_a_published_app_is_told_of_where_it_was_allowed(
    configuration: Configuration, receiver: Receiver, caplog
) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    world, stranger = configuration.api.world, configuration.api.account("ruth.okafor@example.org")
    register(configuration, receiver, "tag_updated")

    def update() -> None:
        body = {"name": "delivery"}
        configuration.call("update_tag", body, scopes=SCOPES, email=stranger.email)

    update()
    assert "not sent: it belongs to an app of another organization" in caplog.text
    world.ready_made.published = True
    update()
    assert "not sent: nobody of this organization has allowed its app" in caplog.text
    world.grants.remember_consent(configuration.client_id, stranger.id, SCOPES)
    update()
    assert receiver.next()["organization_id"] == stranger.organization_id
    configuration.call("disable_license_webhooks", scopes=SCOPES, email=stranger.email)
    update()
    assert "not sent: the webhooks of its app are disabled" in caplog.text
    # At home they are still on.
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    assert receiver.next()["organization_id"] == people.FERN_AND_FILTER.id


def test_another_organisation_is_not_told(configuration: Configuration, receiver: Receiver) -> None:
    register(configuration, receiver, "tag_updated")
    body = {"name": "delivery"}
    configuration.call("update_tag", body, scopes=SCOPES, email="ruth.okafor@example.org")
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    assert receiver.next()["payload"]["name"] == "coffee"


# --- On the way -----------------------------------------------------------------------------------


def test_a_call_does_not_wait_for_its_webhooks(
    configuration: Configuration, receiver: Receiver
) -> None:
    receiver.free.clear()
    register(configuration, receiver, "tag_updated")
    for _ in range(3):
        configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    receiver.next()  # it is still being answered, and the calls are not
    receiver.free.set()
    receiver.next()
    receiver.next()


def test_what_the_receiver_does_not_take_is_sent_again(
    configuration: Configuration, receiver: Receiver
) -> None:
    configuration.api.world.courier.pauses = (0.0,)
    receiver.statuses = [503]
    register(configuration, receiver, "tag_updated")
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    assert receiver.next() == receiver.next()


def test_a_receiver_that_is_not_there_breaks_no_call(
    configuration: Configuration, receiver: Receiver, caplog
) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    configuration.api.world.courier.pauses = ()
    with receiving() as gone:
        pass
    register(configuration, gone, "tag_updated")
    register(configuration, receiver, "tag_deleted")
    configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES)
    while configuration.api.world.courier.busy:
        configuration.call("list_webhook_names")
    configuration.call("delete_tag", {"name": "coffee"}, scopes=SCOPES)
    assert receiver.next()["action"] == "tag_deleted"
    assert "webhook tag_updated: not received by 127.0.0.1" in caplog.text
    assert KEY not in caplog.text


def test_what_is_elsewhere_is_not_sent_and_the_log_says_so(
    configuration: Configuration, receiver: Receiver, caplog
) -> None:
    register(configuration, receiver, "tag_updated", url="https://hooks.example.com/x")
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    assert configuration.call("update_tag", {"name": "coffee"}, scopes=SCOPES) == {}
    words = "webhook tag_updated: not sent: the sandbox sends to http:// on this machine only"
    assert caplog.messages == [words]
