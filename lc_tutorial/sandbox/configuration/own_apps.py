"""Whether an app belongs to the organisation of who asks."""

from lc_tutorial.sandbox.api import ApiError, Requester
from lc_tutorial.sandbox.world import Sandbox


def check_owner(world: Sandbox, requester: Requester, client_id: str) -> None:
    """Refuse a client id that the requester's organisation does not own.

    Raises:
        ApiError: `authorization`.

    """
    found = world.client(client_id)
    if found is None or found[0].organization_id != requester.organization_id:
        # assumed: this type. The source says that it must be owned by the organization.
        why = "owner_client_id is not the client id of an app of the organization"
        raise ApiError("authorization", why=why)
