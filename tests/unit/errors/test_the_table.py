"""The table of errors has every error that the platform's documentation names."""

import pytest

from tests.unit.errors.table import TABLE

NAMES = {row.error.partition(" ")[2] for rows in TABLE.values() for row in rows}

#: Source: livechat-public-docs, authorization/troubleshooting and the Global Accounts API.
ACCOUNTS = (
    *("unauthorized_client", "invalid_client", "unauthorized", "unsupported_grant_type"),
    *("access_denied", "invalid_scope", "invalid_grant", "invalid_request", "resource_not_found"),
    *("temporarily_unavailable", "server_error"),
)
#: Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors".
APIS = (
    *("authentication", "authorization", "validation", "not_found", "missing_access"),
    *("too_many_requests", "misdirected_request", "unsupported_version", "entity_too_large"),
    *("request_timeout", "internal", "service_unavailable", "chat_inactive", "agent_offline"),
    *("license_not_found", "limit_reached", "group_not_found", "customer_banned"),
)


@pytest.mark.parametrize("name", [*ACCOUNTS, *APIS])
def test_it_has_this_error(name: str) -> None:
    """What the sandbox can't bring about (an account whose licence ended, a product of another
    version) is held where nobody can be asked."""
    assert name in NAMES
