"""The methods for the values of properties: those of the whole account, and those of its groups.

Source: livechat-public-docs, management/configuration-api (Properties) of versions 3.4 to 3.7.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from lc_tutorial.sandbox.api import (
    ApiError,
    Call,
    PropertyNames,
    Requester,
    property_access,
)
from lc_tutorial.sandbox.world import (
    Location,
    Properties,
    Sandbox,
    with_properties,
    without_properties,
)


class Values(Struct):
    """The parameters of update_license_properties."""

    properties: Properties


class GroupValues(Values):
    """The parameters of update_group_properties."""

    group_id: int


class Names(Struct):
    """The parameters of delete_license_properties."""

    properties: PropertyNames


class GroupNames(Names):
    """The parameters of delete_group_properties."""

    id: int


class Which(Struct, kw_only=True):
    """Which properties are to be listed: all, unless a namespace or the names' start is given."""

    namespace: str | None = None
    name_prefix: str | None = None


class WhichOfGroup(Which, kw_only=True):
    """The parameters of list_group_properties."""

    id: int


class WhichOfGroups(Which, kw_only=True):
    """The parameters of list_groups_properties."""

    group_ids: list[int]


# --- The whole account ------------------------------------------------------------------------


def list_license_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_license_properties."""
    own_only = _own_only(call.requester, "license", "ro")
    which = call.parameters(Which)
    properties = world.settings[call.requester.organization_id].license_properties
    return msgspec.json.encode(_shown(world, call, "license", properties, which, own_only))


def update_license_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of update_license_properties."""
    own_only = _own_only(call.requester, "license", "rw")
    given = call.parameters(Values).properties
    _check_namespaces(call.requester, given, own_only)
    property_access.check_values(world, call.requester.client_id, "license", given)
    settings = world.settings[call.requester.organization_id]
    settings.license_properties = with_properties(settings.license_properties, given)
    return b"{}"


def delete_license_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of delete_license_properties."""
    own_only = _own_only(call.requester, "license", "rw")
    names = call.parameters(Names).properties
    _check_namespaces(call.requester, names, own_only)
    property_access.check_names(world, call.requester.client_id, "license", names)
    settings = world.settings[call.requester.organization_id]
    settings.license_properties = without_properties(settings.license_properties, names)
    return b"{}"


# --- Groups -----------------------------------------------------------------------------------


def list_group_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_group_properties, which was in version 3.4 only."""
    own_only = _own_only(call.requester, "group", "ro")
    which = call.parameters(WhichOfGroup)
    properties = _of_group(world, call, which.id)
    return msgspec.json.encode(_shown(world, call, "group", properties, which, own_only))


def list_groups_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_groups_properties."""
    call.requester.demand("properties.group.value--all:ro")
    which = call.parameters(WhichOfGroups)
    groups = world.organizations[call.requester.organization_id].groups
    wanted = which.group_ids or [group.id for group in groups]
    return msgspec.json.encode(
        [
            {
                "id": group_id,
                "properties": _shown(
                    world, call, "group", _of_group(world, call, group_id), which, own_only=False
                ),
            }
            for group_id in dict.fromkeys(wanted)
        ]
    )


def update_group_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of update_group_properties."""
    own_only = _own_only(call.requester, "group", "rw")
    given = call.parameters(GroupValues)
    properties = _of_group(world, call, given.group_id)
    _check_namespaces(call.requester, given.properties, own_only)
    property_access.check_values(world, call.requester.client_id, "group", given.properties)
    groups = world.settings[call.requester.organization_id].group_properties
    groups[given.group_id] = with_properties(properties, given.properties)
    return b"{}"


def delete_group_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of delete_group_properties."""
    own_only = _own_only(call.requester, "group", "rw")
    given = call.parameters(GroupNames)
    properties = _of_group(world, call, given.id)
    _check_namespaces(call.requester, given.properties, own_only)
    property_access.check_names(world, call.requester.client_id, "group", given.properties)
    groups = world.settings[call.requester.organization_id].group_properties
    groups[given.id] = without_properties(properties, given.properties)
    return b"{}"


# --- Both -------------------------------------------------------------------------------------


def _own_only(requester: Requester, location: Location, access: str) -> bool:
    """Whether the token reaches its app's own namespace only.

    Raises:
        ApiError: `authorization`, for one that reaches none.

    """
    scope = f"properties.{location}.value"
    requester.demand(f"{scope}--my:{access}", f"{scope}--all:{access}")
    return not requester.may(f"{scope}--all:{access}")


def _check_namespaces(requester: Requester, namespaces: Iterable[str], own_only: bool) -> None:
    if own_only and any(namespace != requester.client_id for namespace in namespaces):
        why = "the token reaches the properties of its own app only"
        raise ApiError("authorization", why=why)


def _of_group(world: Sandbox, call: Call, group_id: int) -> Properties:
    organization = world.organizations[call.requester.organization_id]
    if group_id not in {group.id for group in organization.groups}:
        raise ApiError("group_not_found", why="the organization has no such group")
    return world.settings[organization.id].group_properties.get(group_id, {})


def _shown(
    world: Sandbox,
    call: Call,
    location: Location,
    properties: Properties,
    which: Which,
    own_only: bool,
) -> Properties:
    """Return the values that the token may read, and the defaults of what was not set."""
    client_id = call.requester.client_id
    shown: Properties = {}
    for namespace, name, definition in world.properties.items():
        if which.namespace not in (None, namespace):
            continue
        if not name.startswith(which.name_prefix or ""):
            continue
        if own_only and namespace != client_id:
            continue
        if not property_access.may(definition, "read", location, namespace, client_id):
            continue
        value = properties.get(namespace, {}).get(name, definition.default_value)
        if value is not None:
            shown.setdefault(namespace, {})[name] = value
    return shown
