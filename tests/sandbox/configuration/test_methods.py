"""What holds for every method of the Configuration API: its versions and its scopes.

Source: livechat-public-docs, management/configuration-api of versions 3.4 to 3.7 ("Required scopes"
of each method).
"""

from typing import Any

import pytest

from lc_tutorial.sandbox.world import scopes as catalogue
from tests.sandbox.chat_api import NORMAL, VERSIONS, refused
from tests.sandbox.configuration.conftest import AUTHORIZATION, NOT_FOUND, Configuration

ALL = ("3.4", "3.5", "3.6", "3.7")
SINCE_35 = ("3.5", "3.6", "3.7")

OWNER_ID = {"owner_client_id": "OWNER"}
NO_PROPERTIES: dict[str, Any] = {"properties": {}}
WEBHOOK = {
    "action": "incoming_chat",
    "secret_key": "not-a-real-key",
    "url": "https://hooks.example.com/",
    "type": "license",
    **OWNER_ID,
}
PROPERTY = {"name": "x", "type": "int", "access": {"chat": {"agent": ["read"]}}, **OWNER_ID}
PUBLISHED = {"name": "published", **OWNER_ID}

# The method, the versions that have it, one scope that opens it, one that does not, a body.
METHODS = [
    ("list_agents", ALL, "agents--all:ro", "agents--my:ro", {}),
    ("get_agent", ALL, "agents--my:ro", "groups--all:ro", {"id": "ME"}),
    ("list_groups", ALL, "groups--all:ro", "groups--my:ro", {}),
    ("get_group", ALL, "groups--my:ro", "agents--all:ro", {"id": 0}),
    ("list_tags", SINCE_35, "tags--groups:ro", "chats--all:rw", {}),
    ("create_tag", SINCE_35, "tags--groups:rw", "tags--all:ro", {"name": "new"}),
    ("update_tag", SINCE_35, "tags--groups:rw", "tags--all:ro", {"name": "coffee"}),
    ("delete_tag", SINCE_35, "tags--groups:rw", "tags--all:ro", {"name": "coffee"}),
    ("register_property", ALL, "properties.configuration:rw", "properties--all:ro", PROPERTY),
    ("publish_property", ALL, "properties.configuration:rw", "properties--all:ro",
        PUBLISHED | {"access_type": ["read"]}),
    ("unregister_property", ALL, "properties.configuration:rw", "properties--all:ro", PUBLISHED),
    ("list_properties", ALL, "properties.configuration:rw", "properties--all:ro", OWNER_ID),
    ("list_license_properties", ALL, "properties.license.value--my:rw",
        "properties.group.value--all:rw", {}),
    ("update_license_properties", ALL, "properties.license.value--my:rw",
        "properties.group.value--all:rw", NO_PROPERTIES),
    ("delete_license_properties", ALL, "properties.license.value--my:rw",
        "properties.group.value--all:rw", NO_PROPERTIES),
    ("list_group_properties", ("3.4",), "properties.group.value--my:rw",
        "properties.license.value--all:rw", {"id": 0}),
    ("list_groups_properties", SINCE_35, "properties.group.value--all:rw",
        "properties.group.value--my:rw", {"group_ids": []}),
    ("update_group_properties", ALL, "properties.group.value--my:rw",
        "properties.license.value--all:rw", NO_PROPERTIES | {"group_id": 0}),
    ("delete_group_properties", ALL, "properties.group.value--my:rw",
        "properties.license.value--all:rw", NO_PROPERTIES | {"id": 0}),
    ("register_webhook", ALL, "webhooks.configuration:rw", "webhooks--all:rw", WEBHOOK),
    ("list_webhooks", ALL, "webhooks.configuration:rw", "webhooks--all:rw", OWNER_ID),
    ("enable_license_webhooks", ALL, "webhooks.state:rw", "webhooks.state:ro", {}),
    ("disable_license_webhooks", ALL, "webhooks.state:rw", "webhooks.state:ro", {}),
    ("get_license_webhooks_state", ALL, "webhooks.state:ro", "webhooks--all:rw", {}),
]  # fmt: skip
every_method = pytest.mark.parametrize(
    ("action", "versions", "scope", "other", "body"), METHODS, ids=[row[0] for row in METHODS]
)


def body_of(configuration: Configuration, body: dict[str, Any], email: str) -> dict[str, Any]:
    values = {"OWNER": configuration.client_id, "ME": email}
    return {
        name: values.get(value, value) if isinstance(value, str) else value
        for name, value in body.items()
    }


def prepare(configuration: Configuration) -> None:
    scopes = ("properties.configuration:rw",)
    body = PROPERTY | {"name": "published", "owner_client_id": configuration.client_id}
    configuration.call("register_property", body, scopes=scopes)


@every_method
def test_a_method_is_in_its_versions_and_needs_one_of_its_scopes(
    configuration: Configuration,
    action: str,
    versions: tuple[str, ...],
    scope: str,
    other: str,
    body: dict[str, Any],
) -> None:
    prepare(configuration)
    # A member of the group General, who owns what they change.
    email = configuration.api.world.invite("administrator").email
    sent = body_of(configuration, body, email)
    for version in VERSIONS:
        answer = configuration.post(action, sent, version=version, scopes=(other,), email=email)
        expected = AUTHORIZATION if version in versions else NOT_FOUND
        assert refused(answer)[:2] == expected, version
    version = versions[-1]
    assert configuration.post(action, sent, version=version, scopes=(scope,), email=email).ok


@every_method
def test_the_scopes_are_in_the_console(
    action: str, versions: tuple[str, ...], scope: str, other: str, body: dict[str, Any]
) -> None:
    assert scope in catalogue.CATALOGUE


@every_method
def test_authentication_comes_first(
    configuration: Configuration,
    action: str,
    versions: tuple[str, ...],
    scope: str,
    other: str,
    body: dict[str, Any],
) -> None:
    answer = configuration.api.post(
        action, "no parameters", api="configuration", headers={}, version=versions[0]
    )
    assert refused(answer)[:2] == (401, "authentication")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer not-a-real-token"}])
def test_the_names_of_webhooks_are_told_to_anybody(
    configuration: Configuration, version: str, headers: dict[str, str]
) -> None:
    names = configuration.api.call(
        "list_webhook_names", {}, api="configuration", headers=headers, version=version
    )
    assert {"action": "tag_created", "filters": ["source_type"]} in names


AGENTS = [
    # Own profile, somebody else's, nobody's; by who may read their own and who may read all.
    ("agents--my:ro", NORMAL, None),
    ("agents--my:ro", "priya.raman@example.com", AUTHORIZATION),
    ("agents--my:ro", "nobody@example.com", AUTHORIZATION),
    ("agents--all:ro", "priya.raman@example.com", None),
    ("agents--all:ro", "nobody@example.com", NOT_FOUND),
    ("agents--all:ro", "ruth.okafor@example.org", NOT_FOUND),  # of another organisation
]


@pytest.mark.parametrize(("scope", "agent_id", "refusal"), AGENTS)
def test_get_agent(
    configuration: Configuration, scope: str, agent_id: str, refusal: tuple[int, str] | None
) -> None:
    answer = configuration.post("get_agent", {"id": agent_id}, scopes=(scope,), email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


@pytest.mark.parametrize("version", VERSIONS)
def test_an_agent_looks_as_in_the_samples(configuration: Configuration, version: str) -> None:
    # Source: livechat-public-docs, payloads/management, getAgent and listAgents
    scopes = ("agents--all:ro",)
    one = configuration.call("get_agent", {"id": NORMAL}, scopes=scopes, version=version)
    account = {} if version == "3.4" else {"account_id": configuration.api.account(NORMAL).id}
    assert one == {
        "id": NORMAL,
        "name": "Omar El-Sayed",
        "avatar": "https://cdn.example.com/avatars/omar.elsayed.png",
        "role": "normal",
        "login_status": "accepting chats",
        **account,
    }
    fields = {"id": NORMAL, "fields": ["groups", "max_chats_count"]}
    more = configuration.call("get_agent", fields, scopes=scopes, version=version)
    assert set(more) - set(one) == {"groups", "max_chats_count"}


GROUPS = [
    ("groups--my:ro", 1, None),
    ("groups--my:ro", 2, AUTHORIZATION),
    ("groups--all:ro", 2, None),
    ("groups--all:ro", 99, (404, "group_not_found")),
    ("groups--my:ro", 99, AUTHORIZATION),
]


@pytest.mark.parametrize(("scope", "group_id", "refusal"), GROUPS)
def test_get_group(
    configuration: Configuration, scope: str, group_id: int, refusal: tuple[int, str] | None
) -> None:
    answer = configuration.post("get_group", {"id": group_id}, scopes=(scope,), email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


@pytest.mark.parametrize("version", VERSIONS)
def test_a_group_looks_as_in_the_samples(configuration: Configuration, version: str) -> None:
    # Source: livechat-public-docs, payloads/management, getGroup
    body = {"id": 2, "fields": ["agent_priorities", "routing_status"]}
    group = configuration.call("get_group", body, scopes=("groups--all:ro",), version=version)
    assert group == {
        "id": 2,
        "name": "Plant care",
        "language_code": "en",
        "agent_priorities": {
            "tomasz.zielinski@example.com": "last",
            "yuki.tanaka@example.com": "normal",
            "claire.dubois@example.com": "last",
        },
        "routing_status": "online",
    }
