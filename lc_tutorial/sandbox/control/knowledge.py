"""What is known of a value, asked by its digest: what it is, whether it lives, how it ended.

For the control plane only. The client side explains a refusal with it, instead of guessing.
"""

from collections.abc import Collection, Iterator
from typing import Any

from lc_tutorial.sandbox.world import Code, Sandbox, digest_of


def of_values(world: Sandbox, digests: Collection[str]) -> dict[str, dict[str, Any]]:
    """Tell what is known of the values with these digests; of others there is nothing.

    Args:
        world: Who there is, and what was issued to them.
        digests: SHA-256, in hex.

    Returns:
        For each that is known: `kind`; `state`, which is `live` or how it ended; `at`, when it ends
        or ended, in seconds since the epoch, or None; `client_id` and `account_id` of whom it
        belongs to; `scopes`; and for a code what it was asked for with: `redirect_uri`,
        `code_challenge` and `code_challenge_method`.
    """
    wanted = set(digests)
    found = {digest_of(value): told for value, told in _alive(world)} if wanted else {}
    answer = {digest: found[digest] for digest in wanted.intersection(found)}
    for digest in wanted.difference(found):
        ending = world.endings.of(digest)
        if ending is not None:
            answer[digest] = {
                "kind": ending.kind,
                "state": ending.how,
                "at": ending.at,
                "client_id": ending.client_id,
                "account_id": ending.account_id,
                "scopes": [],
            }
    return answer


def of_client(world: Sandbox, client_id: str) -> dict[str, Any] | None:
    """Tell what is known of an app: its `client_type`, `scopes` and `redirect_uris`, and for whom.

    That is in `organization_id`, whose it is, in `published`, whether it is for all others too, and
    in `installed`, whether it is for all of its own.
    """
    found = world.client(client_id)
    if found is None:
        return None
    app, block = found
    return {
        "client_type": block.client_type,
        "scopes": list(block.scopes),
        "redirect_uris": list(block.redirect_uris),
        "organization_id": app.organization_id,
        "published": app.published,
        "installed": app.installed,
    }


def of_organization(world: Sandbox, organization_id: str) -> dict[str, Any] | None:
    """Tell what is known of an organisation: its `trusted_origins`."""
    if organization_id not in world.organizations:
        return None
    return {"trusted_origins": sorted(world.trusted_origins.get(organization_id, ()))}


def _alive(world: Sandbox) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through all values that the world keeps; some have expired all the same."""
    now = world.clock.now()

    def told(kind: str, record: Any, scopes: Collection[str] = ()) -> dict[str, Any]:
        expires_at = getattr(record, "expires_at", None)
        state = "expired" if expires_at is not None and expires_at <= now else "live"
        return {
            "kind": kind,
            "state": "spent" if getattr(record, "used", False) else state,
            "at": expires_at,
            "client_id": getattr(record, "client_id", ""),
            "account_id": getattr(record, "account_id", ""),
            "scopes": list(scopes),
        }

    codes, access, refresh = world.grants.issued()
    for code in codes:
        yield code.value, told("code", code, code.scopes) | _asked_with(code)
    for token in access:
        yield token.value, told("access_token", token, token.scopes)
    for refresh_token in refresh:
        yield refresh_token.value, told("refresh_token", refresh_token, refresh_token.scopes)
    for customer_token in world.customers.issued():
        yield customer_token.value, told("customer_token", customer_token)
    for transfer in world.customers.transfers():
        yield transfer.value, told("identity_transfer_token", transfer)
    for personal in world.personal_access_tokens.values():
        yield personal.value, told("personal_access_token", personal, personal.scopes)
    for app in world.apps.values():
        if app.block is not None and app.block.client_secret:
            yield app.block.client_secret, told("client_secret", app.block)


def _asked_with(code: Code) -> dict[str, Any]:
    challenge = code.challenge
    return {
        "redirect_uri": code.redirect_uri,
        "code_challenge": challenge.value if challenge else "",
        "code_challenge_method": challenge.method if challenge else "",
    }
