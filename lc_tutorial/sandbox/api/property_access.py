"""Which properties a token may read and change, and what values they take.

Source: livechat-public-docs, management/configuration-api (Properties). It says who may do what;
which error comes of it otherwise is assumed.
"""

from lc_tutorial.sandbox.api.errors import ApiError
from lc_tutorial.sandbox.world import Location, Properties, PropertyDefinition, Right, Sandbox, User

PropertyNames = dict[str, list[str]]
"""Namespaces, and the names of properties in them."""


def check_values(
    world: Sandbox,
    client_id: str,
    location: Location,
    properties: Properties,
    user: User = "agent",
) -> None:
    """Refuse properties that cannot be set there.

    Args:
        world: Which properties there are.
        client_id: Of the app whose token is used; empty for a personal access token.
        location: Where they are to be set.
        properties: The values.
        user: Who sets them.

    Raises:
        ApiError: `validation` for what is no property or has a wrong value, `authorization` for
            what this app may not change.

    """
    for namespace, values in properties.items():
        for name, value in values.items():
            definition = _writable(world, client_id, location, namespace, name, user)
            if not definition.takes(value):
                raise ApiError("validation", why="a property does not take this value")


def check_names(
    world: Sandbox,
    client_id: str,
    location: Location,
    names: PropertyNames,
    user: User = "agent",
) -> None:
    """Refuse to delete properties that cannot be changed there; see `check_values`."""
    for namespace, wanted in names.items():
        for name in wanted:
            _writable(world, client_id, location, namespace, name, user)


def may(
    definition: PropertyDefinition,
    right: Right,
    location: Location,
    namespace: str,
    client_id: str,
    user: User = "agent",
) -> bool:
    """Whether a token of this app may read or change a property there."""
    return definition.allows(right, location, user, own=bool(client_id) and namespace == client_id)


def _writable(
    world: Sandbox, client_id: str, location: Location, namespace: str, name: str, user: User
) -> PropertyDefinition:
    definition = world.properties.get(namespace, name)
    if definition is None:
        raise ApiError("validation", why="no such property is registered")
    if not definition.access.get(location):
        raise ApiError("validation", why=f"the property has no values for a {location}")
    if not may(definition, "write", location, namespace, client_id, user):
        raise ApiError("authorization", why="the token may not change this property")
    return definition
