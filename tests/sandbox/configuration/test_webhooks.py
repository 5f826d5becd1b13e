"""The methods for webhooks: registered, listed, taken away, turned on and off.

Source: livechat-public-docs, management/configuration-api (Webhooks) of versions 3.4 to 3.7.
"""

import logging
from typing import Any

import pytest

from tests.sandbox.chat_api import OWNER, VERSIONS, refused
from tests.sandbox.configuration.conftest import (
    AUTHORIZATION,
    LIMIT_REACHED,
    NOT_FOUND,
    VALIDATION,
    Configuration,
    Refusal,
)

USE = {"scopes": ("webhooks.configuration:rw", "webhooks.state:rw")}


def webhook(configuration: Configuration, **more: Any) -> dict[str, Any]:
    return {
        "action": "chat_deactivated",
        "secret_key": "not-a-real-key",
        "url": "http://myservice.example.com/webhooks",
        "owner_client_id": configuration.client_id,
        "type": "license",
    } | more


def listed(configuration: Configuration) -> list[dict[str, Any]]:
    owner = {"owner_client_id": configuration.client_id}
    hooks: list[dict[str, Any]] = configuration.call("list_webhooks", owner, **USE)
    return hooks


@pytest.mark.parametrize("version", VERSIONS)
def test_a_webhook_that_was_registered_is_listed(
    configuration: Configuration, version: str
) -> None:
    filters = {"chat_presence": {"user_ids": {"values": [OWNER]}, "my_bots": True}}
    body = webhook(configuration, description="Test webhook", filters=filters)
    registered = configuration.call("register_webhook", body, version=version, **USE)
    assert set(registered) == {"id"}
    # Source: livechat-public-docs, payloads/management, listWebhooks: without the secret key
    expected = registered | body
    del expected["secret_key"]
    assert listed(configuration) == [expected]


REGISTER: list[tuple[str, dict[str, Any], Refusal | None]] = [
    ("3.6", {}, None),
    ("3.6", {"url": ""}, VALIDATION),
    ("3.6", {"url": "http://x.example.com/" + "x" * 479}, None),
    ("3.6", {"url": "http://x.example.com/" + "x" * 480}, VALIDATION),  # 500 characters
    ("3.6", {"url": "myservice.example.com"}, VALIDATION),
    ("3.6", {"url": "ftp://myservice.example.com"}, VALIDATION),
    ("3.6", {"url": "http://x.example.com/\r\nX: y"}, VALIDATION),
    ("3.6", {"url": "http://127.0.0.1:99999/"}, VALIDATION),
    ("3.6", {"type": "app"}, VALIDATION),
    ("3.6", {"type": "bot"}, None),
    ("3.6", {"action": "no_action"}, VALIDATION),
    ("3.6", {"additional_data": ["chat_properties", "chat_presence_user_ids"]}, None),
    ("3.6", {"additional_data": ["chat_users"]}, VALIDATION),
    ("3.6", {"owner_client_id": "0" * 32}, AUTHORIZATION),
    # What each version has.
    ("3.5", {"action": "incoming_customer"}, None),
    ("3.6", {"action": "incoming_customer"}, VALIDATION),
    ("3.5", {"action": "thread_summary_set"}, VALIDATION),
    ("3.6", {"action": "thread_summary_set"}, None),
    ("3.4", {"action": "tag_created"}, VALIDATION),
    ("3.5", {"action": "tag_created"}, None),
    ("3.4", {"action": "auto_access_updated"}, None),
    ("3.5", {"action": "auto_access_updated"}, VALIDATION),
    # The filters that each action has.
    ("3.6", {"filters": {"only_my_chats": True, "source_type": ["system"]}}, None),
    ("3.6", {"filters": {"author_type": "agent"}}, VALIDATION),
    ("3.6", {"action": "incoming_event", "filters": {"author_type": "agent"}}, None),
    ("3.6", {"action": "incoming_event", "filters": {"author_type": "bot"}}, VALIDATION),
    ("3.6", {"action": "tag_created", "filters": {"source_type": ["my_client"]}}, None),
    ("3.6", {"action": "tag_created", "filters": {"only_my_chats": True}}, VALIDATION),
    ("3.6", {"filters": {"source_type": ["nobody"]}}, VALIDATION),
    ("3.6", {"filters": {"source_type": ["system"] * 11}}, VALIDATION),
    ("3.6", {"filters": {"chat_presence": {"user_ids": {}}}}, VALIDATION),
    ("3.6", {"filters": {"chat_presence": {"user_ids": {"values": ["x" * 254] * 200}}}}, None),
    ("3.6", {"filters": {"chat_presence": {"user_ids": {"values": ["x" * 255]}}}}, VALIDATION),
    ("3.6", {"filters": {"chat_presence": {"user_ids": {"values": ["x"] * 201}}}}, VALIDATION),
    (
        "3.6",
        {"filters": {"chat_presence": {"user_ids": {"values": [], "exclude_values": []}}}},
        VALIDATION,
    ),
]


@pytest.mark.parametrize(("version", "more", "refusal"), REGISTER)
def test_register_webhook(
    configuration: Configuration, version: str, more: dict[str, Any], refusal: Refusal | None
) -> None:
    answer = configuration.post(
        "register_webhook", webhook(configuration, **more), version=version, **USE
    )
    assert (None if answer.ok else refused(answer)[:2]) == refusal
    assert len(listed(configuration)) == (refusal is None)


@pytest.mark.parametrize("missing", ["action", "secret_key", "url", "owner_client_id", "type"])
def test_what_a_webhook_needs(configuration: Configuration, missing: str) -> None:
    body = webhook(configuration)
    del body[missing]
    assert configuration.refusal("register_webhook", body, **USE) == VALIDATION


def test_three_webhooks_for_one_action(configuration: Configuration) -> None:
    # "One Client ID can register up to three webhooks for every action."
    for _ in range(3):
        configuration.call("register_webhook", webhook(configuration), **USE)
    refusal = configuration.refusal("register_webhook", webhook(configuration), **USE)
    assert refusal == LIMIT_REACHED
    configuration.call("register_webhook", webhook(configuration, action="incoming_event"), **USE)
    another = webhook(configuration, owner_client_id=configuration.another_app())
    configuration.call("register_webhook", another, **USE)


def test_unregister_webhook(configuration: Configuration) -> None:
    registered = configuration.call("register_webhook", webhook(configuration), **USE)
    body = registered | {"owner_client_id": configuration.another_app()}
    assert configuration.refusal("unregister_webhook", body, **USE) == NOT_FOUND
    body["owner_client_id"] = configuration.client_id
    assert configuration.call("unregister_webhook", body, **USE) == {}
    assert listed(configuration) == []
    assert configuration.refusal("unregister_webhook", body, **USE) == NOT_FOUND


@pytest.mark.parametrize("action", ["register_webhook", "list_webhooks", "unregister_webhook"])
def test_an_app_of_another_organisation_is_out_of_reach(
    configuration: Configuration, action: str
) -> None:
    theirs = configuration.another_app("ruth.okafor@example.org")
    body = webhook(configuration, owner_client_id=theirs, id="x")
    assert configuration.refusal(action, body, **USE) == AUTHORIZATION


def test_an_app_that_is_deleted_takes_its_webhooks_along(configuration: Configuration) -> None:
    configuration.call("register_webhook", webhook(configuration), **USE)
    configuration.call("disable_license_webhooks", **USE)
    client_id, world = configuration.client_id, configuration.api.world
    world.delete_app(world.ready_made)
    assert world.webhooks.enabled(configuration.api.account(OWNER).organization_id, client_id)
    assert world.webhooks.of_action("chat_deactivated") == []
    assert world.webhooks.secret_keys() == []


@pytest.mark.parametrize(
    ("asked", "version", "there", "not_there"),
    [
        # "Defaults to the current stable API version."
        ({}, "3.4", {"tag_created", "event_deleted"}, {"incoming_customer"}),
        ({"version": "3.4"}, "3.7", {"incoming_customer", "auto_access_deleted"}, {"tag_created"}),
        ({"version": "3.5"}, "3.6", {"incoming_customer", "tag_created"}, {"event_deleted"}),
        ({"version": "3.7"}, "3.4", {"thread_summary_set"}, {"incoming_customer"}),
    ],
)
def test_list_webhook_names(
    configuration: Configuration,
    asked: dict[str, str],
    version: str,
    there: set[str],
    not_there: set[str],
) -> None:
    names = configuration.call("list_webhook_names", asked, version=version)
    found = {one["action"] for one in names}
    assert there <= found
    assert not not_there & found


def test_what_is_told_of_the_names(configuration: Configuration) -> None:
    # Source: livechat-public-docs, payloads/management, listWebhookNames
    names = {one["action"]: one for one in configuration.call("list_webhook_names")}
    assert names["chat_access_updated"] == {
        "action": "chat_access_updated",
        "filters": ["chat_presence", "only_my_chats", "source_type"],
        "additional_data": ["chat_properties", "chat_presence_user_ids"],
    }
    assert names["agent_deleted"] == {"action": "agent_deleted", "filters": ["source_type"]}
    refusal = configuration.refusal("list_webhook_names", {"version": "1.0"})
    assert refusal == VALIDATION


def state(configuration: Configuration, body: Any = None, **arguments: Any) -> bool:
    answer = configuration.call("get_license_webhooks_state", body, **USE, **arguments)
    assert set(answer) == {"license_webhooks_enabled"}
    return bool(answer["license_webhooks_enabled"])


def test_webhooks_are_on_until_they_are_turned_off(configuration: Configuration) -> None:
    assert state(configuration)
    assert configuration.call("disable_license_webhooks", **USE) == {}
    assert not state(configuration)
    other = configuration.another_app()
    assert state(configuration, client_id=other)
    # "… provided owner_client_id will be used instead", from version 3.5 on.
    owner = {"owner_client_id": configuration.client_id}
    assert not state(configuration, owner, client_id=other)
    assert state(configuration, client_id="not-the-same-organisation", email=OWNER)
    assert configuration.call("enable_license_webhooks", owner, client_id=other, **USE) == {}
    assert state(configuration)


OWNERS: list[tuple[str, bool, str | None, Refusal | None]] = [
    # The version, whether it is an access token, the owner that is given.
    ("3.6", True, None, None),
    ("3.6", True, "OWN", None),
    ("3.6", True, "0" * 32, NOT_FOUND),
    ("3.6", False, None, VALIDATION),
    ("3.6", False, "OWN", None),
    # "The request will be rejected if you provide owner_client_id when authorizing with a Bearer
    # Token."
    ("3.4", True, "OWN", VALIDATION),
    ("3.4", True, None, None),
    ("3.4", False, "OWN", None),
]


@pytest.mark.parametrize(("version", "of_app", "owner", "refusal"), OWNERS)
@pytest.mark.parametrize(
    "action",
    ["enable_license_webhooks", "disable_license_webhooks", "get_license_webhooks_state"],
)
def test_whose_webhooks_are_meant(
    configuration: Configuration,
    action: str,
    version: str,
    of_app: bool,
    owner: str | None,
    refusal: Refusal | None,
) -> None:
    body = {} if owner is None else {"owner_client_id": owner}
    if owner == "OWN":
        body["owner_client_id"] = configuration.client_id
    answer = configuration.post(
        action, body, version=version, client_id=None if of_app else "", **USE
    )
    assert (None if answer.ok else refused(answer)[:2]) == refusal


def test_the_log_says_what_will_not_be_sent(configuration: Configuration, caplog) -> None:
    caplog.set_level(logging.INFO, "lc_tutorial.sandbox")
    configuration.call("register_webhook", webhook(configuration), **USE)
    assert "webhook chat_deactivated: registered, but its address is not http:// on this" in (
        caplog.text
    )
    assert "myservice" not in caplog.text
    caplog.clear()
    local = webhook(configuration, url="http://localhost:9000/")
    configuration.call("register_webhook", local, **USE)
    assert not caplog.records
