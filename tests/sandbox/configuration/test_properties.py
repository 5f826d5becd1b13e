"""The methods for properties: what an app registers, and the values of the account and its groups.

Source: livechat-public-docs, management/configuration-api (Properties) of versions 3.4 to 3.7.
"""

from typing import Any

import pytest

from lc_tutorial.sandbox.configuration import properties as module
from lc_tutorial.sandbox.world.properties import PropertyDefinition, PropertyDefinitions
from tests.sandbox.chat_api import VERSIONS
from tests.sandbox.configuration.conftest import (
    ALREADY_EXISTS,
    AUTHORIZATION,
    GROUP_NOT_FOUND,
    LIMIT_REACHED,
    NOT_FOUND,
    VALIDATION,
    Configuration,
    Refusal,
)

SET_UP = ("properties.configuration:rw",)
OWN_LICENSE, ALL_LICENSE = (f"properties.license.value--{whose}:rw" for whose in ("my", "all"))
ALL_GROUP = "properties.group.value--all:rw"
EVERYWHERE = {
    location: {"agent": ["read", "write"]} for location in ("license", "group", "chat", "thread")
}


def register(configuration: Configuration, name: str = "mine", **more: Any) -> None:
    body = {"name": name, "owner_client_id": configuration.client_id, "type": "int"}
    configuration.call("register_property", body | {"access": EVERYWHERE} | more, scopes=SET_UP)


def test_a_property_that_was_registered_is_listed(configuration: Configuration) -> None:
    access = {"thread": {"agent": ["read", "write"], "customer": ["read"]}}
    register(configuration, "mine", type="string", access=access)
    owner = {"owner_client_id": configuration.client_id}
    # Source: livechat-public-docs, payloads/management, listProperties
    mine: dict[str, Any] = {"type": "string", "description": "", "access": access}
    assert configuration.call("list_properties", owner, scopes=SET_UP) == {"mine": mine}
    configuration.call(
        "publish_property", {"name": "mine", "access_type": ["read"], **owner}, scopes=SET_UP
    )
    mine["public_access"] = ["read"]
    assert configuration.call("list_properties", owner, scopes=SET_UP) == {"mine": mine}


def test_a_property_that_was_unregistered_is_gone(configuration: Configuration) -> None:
    register(configuration)
    owner = {"owner_client_id": configuration.client_id}
    configuration.call("unregister_property", {"name": "mine", **owner}, scopes=SET_UP)
    assert configuration.call("list_properties", owner, scopes=SET_UP) == {}


REGISTER: list[tuple[dict[str, Any], Refusal | None]] = [
    ({}, None),
    ({"type": "tokenized_string", "description": "words"}, None),
    ({"type": "float"}, VALIDATION),
    ({"name": ""}, VALIDATION),
    ({"name": "there"}, ALREADY_EXISTS),
    ({"access": {}}, VALIDATION),
    ({"access": {"chat": {}}}, VALIDATION),
    ({"access": {"ticket": {"agent": ["read"]}}}, VALIDATION),
    ({"access": {"chat": {"bot": ["read"]}}}, VALIDATION),
    ({"access": {"chat": {"agent": ["delete"]}}}, VALIDATION),
    ({"domain": [1, 2, 3]}, None),
    ({"domain": [1, "2"]}, VALIDATION),
    ({"domain": [True]}, VALIDATION),
    ({"range": {"from": 1, "to": 3}}, None),
    ({"range": {"from": 1}, "type": "string"}, VALIDATION),
    ({"domain": [4], "range": {"to": 3}}, VALIDATION),
    ({"default_value": 2}, None),
    ({"default_value": "2"}, VALIDATION),
    ({"default_value": 2**31}, VALIDATION),  # "int (int32)"
    ({"default_value": 4, "domain": [1, 2]}, VALIDATION),
    # "… is possible only if access.<location> is set to license or to group."
    ({"default_value": 2, "access": {"chat": {"agent": ["read"]}}}, VALIDATION),
    ({"owner_client_id": "0" * 32}, AUTHORIZATION),
]


@pytest.mark.parametrize(("more", "refusal"), REGISTER)
def test_register_property(
    configuration: Configuration, more: dict[str, Any], refusal: Refusal | None
) -> None:
    register(configuration, "there")
    body = {"name": "mine", "owner_client_id": configuration.client_id, "type": "int"}
    body |= {"access": EVERYWHERE} | more
    if refusal is None:
        assert configuration.call("register_property", body, scopes=SET_UP) == {}
    else:
        assert configuration.refusal("register_property", body, scopes=SET_UP) == refusal


@pytest.mark.parametrize(
    "action",
    ["register_property", "publish_property", "unregister_property", "list_properties"],
)
def test_an_app_of_another_organisation_is_out_of_reach(
    configuration: Configuration, action: str
) -> None:
    theirs = configuration.another_app("ruth.okafor@example.org")
    body = {"name": "x", "owner_client_id": theirs, "type": "int", "access": EVERYWHERE}
    body["access_type"] = ["read"]
    assert configuration.refusal(action, body, scopes=SET_UP) == AUTHORIZATION


def test_a_published_property_stays(configuration: Configuration) -> None:
    # "Published properties cannot be unregistered."
    register(configuration)
    mine = {"name": "mine", "owner_client_id": configuration.client_id}
    configuration.call("publish_property", mine | {"access_type": ["read"]}, scopes=SET_UP)
    assert configuration.refusal("unregister_property", mine, scopes=SET_UP) == VALIDATION
    nothing = mine | {"name": "nothing"}
    assert configuration.refusal("unregister_property", nothing, scopes=SET_UP) == NOT_FOUND


def test_there_is_an_end_to_properties(configuration: Configuration, monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_PROPERTIES", 1)
    register(configuration)
    body = {"name": "x", "owner_client_id": configuration.client_id, "type": "int"}
    body["access"] = EVERYWHERE
    assert configuration.refusal("register_property", body, scopes=SET_UP) == LIMIT_REACHED


def test_an_app_that_is_deleted_takes_its_properties_along(configuration: Configuration) -> None:
    register(configuration)
    client_id, world = configuration.client_id, configuration.api.world
    world.delete_app(world.ready_made)
    assert not world.properties.of(client_id)


# --- Values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_license_properties_are_set_listed_and_deleted(
    configuration: Configuration, version: str
) -> None:
    values = {"test": {"int_property": 3, "string_property": "x"}}
    use = {"scopes": (ALL_LICENSE,), "version": version}

    def listed(body: Any = None) -> Any:
        return configuration.call("list_license_properties", body, **use)

    assert listed() == {}
    assert configuration.call("update_license_properties", {"properties": values}, **use) == {}
    assert listed() == values
    # "This operation doesn't overwrite the existing values": the others, that is.
    more = {"test": {"bool_property": True}}
    configuration.call("update_license_properties", {"properties": more}, **use)
    assert listed() == {"test": values["test"] | more["test"]}
    assert listed({"namespace": "chats"}) == {}
    assert listed({"namespace": "test", "name_prefix": "int"}) == {"test": {"int_property": 3}}
    names = {"test": ["string_property", "bool_property", "tokenized_string_property"]}
    configuration.call("delete_license_properties", {"properties": names}, **use)
    assert listed() == {"test": {"int_property": 3}}


def test_group_properties_are_set_listed_and_deleted(configuration: Configuration) -> None:
    values = {"test": {"int_property": 3}}
    use = {"scopes": (ALL_GROUP,)}
    configuration.call("update_group_properties", {"group_id": 2, "properties": values}, **use)
    # Source: livechat-public-docs, payloads/management, listGroupsProperties
    both = [{"id": 1, "properties": {}}, {"id": 2, "properties": values}]
    assert configuration.call("list_groups_properties", {"group_ids": [1, 2]}, **use) == both
    # "Properties from all groups will be returned if an empty array is provided."
    every = configuration.call("list_groups_properties", {"group_ids": []}, **use)
    assert [one["id"] for one in every] == [0, 1, 2, 3]
    # What version 3.4 has in its place.
    old = configuration.call("list_group_properties", {"id": 2}, version="3.4", **use)
    assert old == values
    names = {"id": 2, "properties": {"test": ["int_property"]}}
    configuration.call("delete_group_properties", names, **use)
    assert configuration.call("list_group_properties", {"id": 2}, version="3.4", **use) == {}


def test_what_was_not_set_has_its_default(configuration: Configuration) -> None:
    register(configuration, "mine", default_value=7)
    own = {configuration.client_id: {"mine": 7}}
    assert configuration.call("list_license_properties", scopes=(OWN_LICENSE,)) == own
    groups = configuration.call(
        "list_groups_properties", {"group_ids": [0]}, scopes=("properties.group.value--all:rw",)
    )
    assert groups == [{"id": 0, "properties": own}]


UPDATES: list[tuple[dict[str, Any], Refusal | None]] = [
    ({"test": {"int_property": 1}}, None),
    ({"test": {"int_property": "1"}}, VALIDATION),
    ({"test": {"int_property": True}}, VALIDATION),
    ({"test": {"bool_property": 1}}, VALIDATION),
    ({"test": {"string_property": 1}}, VALIDATION),
    ({"test": {"string_property": "x" * 16 * 1024}}, None),
    ({"test": {"string_property": "x" * (16 * 1024 + 1)}}, VALIDATION),
    ({"test": {"int_property": None}}, VALIDATION),
    ({"test": {"int_property": 1.5}}, VALIDATION),
    ({"test": {"no_property": 1}}, VALIDATION),
    ({"no_namespace": {"x": 1}}, VALIDATION),
    ({"routing": {"pinned": True}}, VALIDATION),  # of chats and threads alone
    ({"chats": {"auto_summary_enabled": True}}, None),
    ({"chats": {"queue.limit": 3}}, AUTHORIZATION),  # agents may only read it
    ({"test": []}, VALIDATION),
]


@pytest.mark.parametrize(("values", "refusal"), UPDATES, ids=range(len(UPDATES)))
def test_which_values_are_taken(
    configuration: Configuration, values: dict[str, Any], refusal: Refusal | None
) -> None:
    body, use = {"properties": values}, {"scopes": (ALL_LICENSE,)}
    answer = configuration.post("update_license_properties", body, **use)
    if refusal is None:
        assert answer.json() == {}
    else:
        assert (answer.status_code, answer.json()["error"]["type"]) == refusal
        assert configuration.call("list_license_properties", **use) == {}


@pytest.mark.parametrize(
    ("scopes", "public", "own", "read", "write"),
    [
        # Whether a token reads and writes the property; by its scope, by what the property was
        # published for, and whether the token is of the app that owns the property.
        ((OWN_LICENSE,), None, True, True, True),
        ((ALL_LICENSE,), None, True, True, True),
        ((OWN_LICENSE,), ["read", "write"], False, False, False),
        ((ALL_LICENSE,), None, False, False, False),
        ((ALL_LICENSE,), ["read"], False, True, False),
        ((ALL_LICENSE,), ["write"], False, False, True),
        ((ALL_LICENSE,), ["read", "write"], False, True, True),
    ],
)
def test_private_and_public_properties(
    configuration: Configuration,
    scopes: tuple[str, ...],
    public: list[str] | None,
    own: bool,
    read: bool,
    write: bool,
) -> None:
    register(configuration, "mine", default_value=7)
    owner = configuration.client_id
    if public is not None:
        body = {"name": "mine", "owner_client_id": owner, "access_type": public}
        configuration.call("publish_property", body, scopes=SET_UP)
    use = {"scopes": scopes, "client_id": owner if own else configuration.another_app()}
    seen = configuration.call("list_license_properties", **use)
    assert (owner in seen) == read
    update = {"properties": {owner: {"mine": 8}}}
    assert configuration.post("update_license_properties", update, **use).ok == write
    delete = {"properties": {owner: ["mine"]}}
    assert configuration.post("delete_license_properties", delete, **use).ok == write


def test_a_personal_access_token_belongs_to_no_app(configuration: Configuration) -> None:
    register(configuration, default_value=7)
    use = {"scopes": (ALL_LICENSE,), "client_id": ""}
    assert configuration.call("list_license_properties", **use) == {}


@pytest.mark.parametrize(
    ("action", "body", "version"),
    [
        ("update_group_properties", {"group_id": 99, "properties": {}}, "3.6"),
        ("delete_group_properties", {"id": 99, "properties": {}}, "3.6"),
        ("list_groups_properties", {"group_ids": [0, 99]}, "3.6"),
        ("list_group_properties", {"id": 99}, "3.4"),
    ],
)
def test_a_group_that_is_not_there(
    configuration: Configuration, action: str, body: dict[str, Any], version: str
) -> None:
    use = {"scopes": (ALL_GROUP,), "version": version}
    assert configuration.refusal(action, body, **use) == GROUP_NOT_FOUND


def test_the_predefined_properties_have_the_access_of_the_reference() -> None:
    # Source: livechat-public-docs, messaging/references/default-properties
    of = PropertyDefinitions().get
    pinned, rating = of("routing", "pinned"), of("rating", "score")
    assert isinstance(pinned, PropertyDefinition)
    assert isinstance(rating, PropertyDefinition)
    assert pinned.access["chat"]["agent"] == ["read", "write"]
    assert pinned.access["thread"]["agent"] == ["read"]
    assert rating.access["event"] == {"agent": ["read"], "customer": ["read", "write"]}
    assert "license" not in rating.access
