"""What a sandbox keeps of what was issued is bounded: of too much of a kind, the oldest goes."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from lc_tutorial.sandbox.api import reasons
from lc_tutorial.sandbox.web import pages
from lc_tutorial.sandbox.world import customer_browsers, customer_identities, endings, grants
from lc_tutorial.sandbox.world.endings import Ending, digest_of
from lc_tutorial.sandbox.world.records import Account, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import CALLBACK, SCOPES

LIMIT = 5


class Issuing:
    """Issues something of a kind, again and again."""

    def __init__(self, world: Sandbox, block: AuthorizationBlock, author: Account) -> None:
        self.world = world
        self.author = author
        self.client_id = block.client_id
        self.customer = world.customers.create(author.organization_id)
        self.sessions = pages.Sessions()
        self.reasons = reasons.Reasons()

    def code(self, _: int) -> str:
        return self.world.grants.issue_code(self.client_id, self.author, CALLBACK, SCOPES).value

    def access_token(self, _: int) -> str:
        return self.world.grants.issue_access_token(self.client_id, self.author.id, SCOPES).value

    def refresh_token(self, _: int) -> str:
        return self.world.grants.issue_refresh_token(self.client_id, self.author.id, SCOPES).value

    def customer_token(self, _: int) -> str:
        organization_id = self.author.organization_id
        return self.world.customers.issue_token(
            self.client_id, organization_id, self.customer
        ).value

    def transfer(self, _: int) -> str:
        organization_id = self.author.organization_id
        return self.world.customers.issue_transfer(
            self.client_id, organization_id, self.customer
        ).value

    def identity(self, _: int) -> str:
        return self.world.customers.create(self.author.organization_id)

    def browser(self, _: int) -> Any:
        return self.world.customer_browsers.take_in()

    def ending(self, number: int) -> str:
        value = f"not-a-real-token-{number}"
        self.world.endings.note(value, Ending("code", "spent", 0.0, self.client_id))
        return value

    def session(self, _: int) -> str:
        return self.sessions.start().key

    def reason(self, number: int) -> str:
        self.reasons.note("/", str(number).encode(), "a reason")
        return reasons.digest_of_request("/", str(number).encode())


#: The kind, where its limit is, and whether one of it is still there.
KINDS: list[tuple[str, ModuleType, str, Callable[[Issuing, Any], Any]]] = [
    ("code", grants, "MOST_CODES", lambda i, v: i.world.grants.code(v)),
    ("access_token", grants, "TOKEN_LIMIT", lambda i, v: i.world.grants.access_token(v)),
    ("refresh_token", grants, "TOKEN_LIMIT", lambda i, v: i.world.grants.refresh_token(v)),
    ("customer_token", customer_identities, "MOST_TOKENS", lambda i, v: i.world.customers.token(v)),
    ("transfer", customer_identities, "MOST_TOKENS", lambda i, v: i.world.customers.transfer(v)),
    (
        "identity",
        customer_identities,
        "MOST_IDENTITIES",
        lambda i, v: i.world.customers.has(v, i.author.organization_id),
    ),
    (
        "browser",
        customer_browsers,
        "MOST_BROWSERS",
        lambda i, v: i.world.customer_browsers.known(v.cid, v.cst),
    ),
    ("ending", endings, "MOST", lambda i, v: i.world.endings.of(digest_of(v))),
    ("session", pages, "MAX_SESSIONS", lambda i, v: i.sessions.find(v)),
    ("reason", reasons, "MOST", lambda i, v: i.reasons.of(v)),
]


@pytest.mark.parametrize(
    ("kind", "module", "limit", "is_there"), [pytest.param(*each, id=each[0]) for each in KINDS]
)
def test_of_too_many_the_oldest_goes(
    world: Sandbox,
    block: AuthorizationBlock,
    author: Account,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    module: ModuleType,
    limit: str,
    is_there: Callable[[Issuing, Any], Any],
) -> None:
    issuing = Issuing(world, block, author)
    monkeypatch.setattr(module, limit, LIMIT)
    made = [getattr(issuing, kind)(number) for number in range(LIMIT * 3)]
    assert [bool(is_there(issuing, each)) for each in made] == [False] * LIMIT * 2 + [True] * LIMIT
