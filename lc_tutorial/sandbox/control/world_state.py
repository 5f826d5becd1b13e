"""The world of a sandbox in words and numbers, for who controls it: nothing in it is secret.

Of a code or a token no more than the last 4 characters are told, of a password or a client secret
nothing at all.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lc_tutorial.sandbox.control.journal_masks import DOTS
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import AccessToken, App, Code, RefreshToken, Sandbox

_TAIL = 4
_SECRET_KEY = 8


def masked(value: str) -> str:
    """Return a code or a token with its region and its last 4 characters.

    >>> masked("dal:not-a-real-token-at-all")
    'dal:••••-all'
    """
    region, colon, rest = value.rpartition(":")
    return f"{region}{colon}{DOTS}{rest[-_TAIL:]}"


def describe(world: Sandbox, store: ChatStore, sessions: int) -> dict[str, Any]:
    """Describe a world as JSON does.

    Args:
        world: The people, the apps and what was issued to them.
        store: The chats.
        sessions: How many browsers it remembers.
    """
    now = world.clock.now()
    codes, access, refresh = world.grants.issued()
    emails = {account.id: account.email for account in world.accounts.values()}

    def issued(record: Code | AccessToken | RefreshToken) -> dict[str, Any]:
        value = record.value
        return {
            "value": masked(value),
            "client_id": record.client_id,
            "account": emails.get(record.account_id, ""),
            "scopes": list(record.scopes),
            "expires_in": round(record.expires_at - now),
            "valid": record.expires_at > now and not getattr(record, "used", False),
        }

    return {
        "clock": {
            "now": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
            "ahead_by": round(world.clock.offset, 3),
        },
        "chats": {"seed": store.seed, "number": store.number},
        "sessions": sessions,
        "people": [
            {
                "name": account.name,
                "email": account.email,
                "role": account.role,
                "organization": world.organizations[account.organization_id].name,
            }
            for account in world.accounts.values()
        ],
        "apps": [_app(world, app) for app in world.apps.values()],
        "codes": [issued(code) for code in codes],
        "access_tokens": [issued(token) for token in access],
        "refresh_tokens": [issued(token) for token in refresh],
        "customer_tokens": [
            {
                "value": masked(token.value),
                "client_id": token.client_id,
                "customer": token.entity_id,
                "expires_in": round(token.expires_at - now),
                "valid": token.expires_at > now,
            }
            for token in world.customers.issued()
        ],
        "personal_access_tokens": [
            {
                "value": masked(token.value),
                "name": token.name,
                "account": emails.get(token.account_id, ""),
                "scopes": list(token.scopes),
            }
            for token in world.personal_access_tokens.values()
        ],
    }


def secret_values(world: Sandbox) -> Iterator[str]:
    """Go through every secret that the world holds now."""
    for account in world.accounts.values():
        yield account.password
    for app in world.apps.values():
        if app.block is not None:
            yield app.block.client_secret
    for records in world.grants.issued():
        for record in records:
            yield record.value
    for customer_token in world.customers.issued():
        yield customer_token.value
    for transfer in world.customers.transfers():
        yield transfer.value
    yield from world.customer_browsers.secrets()
    for token in world.personal_access_tokens.values():
        yield token.value
        yield base64.b64encode(f"{token.account_id}:{token.value}".encode()).decode()
    # One that is too short to be a secret is in many a word.
    yield from (key for key in world.webhooks.secret_keys() if len(key) >= _SECRET_KEY)


def _app(world: Sandbox, app: App) -> dict[str, Any]:
    block = app.block
    return {
        "name": app.name,
        "author": world.accounts[app.author_id].email,
        "ready_made": app is world.ready_made,
        "published": app.published,
        "client_id": block.client_id if block else None,
        "client_type": block.client_type if block else None,
        "redirect_uris": list(block.redirect_uris) if block else [],
        "scopes": list(block.scopes) if block else [],
    }
