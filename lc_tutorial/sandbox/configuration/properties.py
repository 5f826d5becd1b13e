"""The methods with which an app sets up its properties.

Source: livechat-public-docs, management/configuration-api (Properties) of versions 3.4 to 3.7.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.api import ApiError, Call
from lc_tutorial.sandbox.configuration.own_apps import check_owner
from lc_tutorial.sandbox.world import (
    MOST_PROPERTIES,
    Location,
    PropertyDefinition,
    PropertyRange,
    PropertyType,
    Right,
    Sandbox,
    User,
    describe_property,
)

# assumed: the greatest lengths; no source names them.
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Rights = Annotated[list[Right], Meta(max_length=10)]
Users = Annotated[dict[User, Rights], Meta(min_length=1)]


class RegisterProperty(Struct):
    """The parameters of register_property."""

    name: Name
    owner_client_id: str
    type: PropertyType
    access: Annotated[dict[Location, Users], Meta(min_length=1)]
    description: Annotated[str, Meta(max_length=1000)] = ""
    domain: Annotated[list[str | int | bool], Meta(min_length=1, max_length=200)] | None = None
    range: PropertyRange | None = None
    default_value: str | int | bool | None = None


class WhichProperty(Struct):
    """The parameters of unregister_property."""

    name: str
    owner_client_id: str


class PublishProperty(WhichProperty):
    """The parameters of publish_property."""

    access_type: Annotated[list[Right], Meta(min_length=1, max_length=10)]


class ListProperties(Struct):
    """The parameters of list_properties."""

    owner_client_id: str


def register_property(world: Sandbox, call: Call) -> bytes:
    """Answer a call of register_property."""
    call.requester.demand("properties.configuration:rw")
    given = call.parameters(RegisterProperty)
    check_owner(world, call.requester, given.owner_client_id)
    own = world.properties.of(given.owner_client_id)
    if given.name in own:
        raise ApiError("already_exists", why="the app has a property of this name")
    if len(own) >= MOST_PROPERTIES:
        why = f"the sandbox keeps {MOST_PROPERTIES} properties of an app at most"
        raise ApiError("limit_reached", why=why)
    world.properties.register(given.owner_client_id, given.name, _definition(given))
    return b"{}"


def _definition(given: RegisterProperty) -> PropertyDefinition:
    definition = PropertyDefinition(
        type=given.type,
        access=given.access,
        description=given.description,
        domain=given.domain,
        range=given.range,
    )
    if given.range is not None and given.type != "int":
        raise ApiError("validation", why="only numbers have a range")
    if any(not definition.takes(value) for value in given.domain or ()):
        raise ApiError("validation", why="the domain has a value that the type or range excludes")
    if given.default_value is not None:
        if {"license", "group"}.isdisjoint(given.access):
            raise ApiError("validation", why="only license and group properties have a default")
        if not definition.takes(given.default_value):
            raise ApiError("validation", why="the property does not take its default value")
        definition.default_value = given.default_value
    return definition


def unregister_property(world: Sandbox, call: Call) -> bytes:
    """Answer a call of unregister_property. Values that were set stay."""
    # assumed: what becomes of the values.
    call.requester.demand("properties.configuration:rw")
    given = call.parameters(WhichProperty)
    if _find(world, call, given).public_access is not None:
        # assumed: this type. The source says that it cannot be done.
        raise ApiError("validation", why="a published property cannot be unregistered")
    world.properties.unregister(given.owner_client_id, given.name)
    return b"{}"


def publish_property(world: Sandbox, call: Call) -> bytes:
    """Answer a call of publish_property."""
    call.requester.demand("properties.configuration:rw")
    given = call.parameters(PublishProperty)
    definition = _find(world, call, given)
    # assumed: published again, it has the rights given last.
    definition.public_access = list(dict.fromkeys(given.access_type))
    return b"{}"


def list_properties(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_properties."""
    call.requester.demand("properties.configuration:rw")
    client_id = call.parameters(ListProperties).owner_client_id
    check_owner(world, call.requester, client_id)
    own = world.properties.of(client_id)
    return msgspec.json.encode({name: describe_property(one) for name, one in own.items()})


def _find(world: Sandbox, call: Call, which: WhichProperty) -> PropertyDefinition:
    check_owner(world, call.requester, which.owner_client_id)
    definition = world.properties.of(which.owner_client_id).get(which.name)
    if definition is None:
        raise ApiError("not_found", why="the app has no such property")
    return definition
