"""What can be done to a sandbox from outside its world, by a program or on the control page.

Each order is a msgspec Struct, so that a call's JSON and a form's fields are read by the same
rules.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.routing import BaseRoute, Match

from lc_tutorial.sandbox.api import ApiError, RateLimit
from lc_tutorial.sandbox.control import knowledge, world_state
from lc_tutorial.sandbox.control.faults import Fault, FaultName, Faults
from lc_tutorial.sandbox.control.journal import MAX_ENTRIES, Journal
from lc_tutorial.sandbox.customer_chat import walk_in
from lc_tutorial.sandbox.store import NUMBER, SEED, ChatStore
from lc_tutorial.sandbox.world import GENERAL, ORGANIZATIONS, Sandbox

#: Seconds: ten years.
MAX_ADVANCE = 315_360_000
MAX_CHATS = 100_000
MAX_INVITED = 500


class Order(Struct, forbid_unknown_fields=True):
    """Something that a sandbox is told to do."""


class Reseed(Order):
    """Make other chats: of which seed, and how many."""

    seed: Annotated[int, Meta(ge=0, le=2**53)] = SEED
    chats: Annotated[int, Meta(ge=0, le=MAX_CHATS)] = NUMBER


class Invite(Order):
    """Take in more people: how many, and as what."""

    number: Annotated[int, Meta(ge=1, le=MAX_INVITED)] = 1
    # An organisation has one owner. The tutorial's scopes take an administrator.
    role: Literal["administrator", "normal"] = "administrator"


class EndAccess(Order):
    """End what was granted to an app: by one person, or by all."""

    client_id: Annotated[str, Meta(min_length=1, max_length=100)]
    email: Annotated[str, Meta(max_length=200)] = ""


class WalkIn(Order):
    """Let a customer come and write: what, under which name, and to which group."""

    text: Annotated[str, Meta(min_length=1, max_length=1000)]
    name: Annotated[str, Meta(max_length=60)] = ""
    group_id: Annotated[int, Meta(ge=0, le=1000)] = GENERAL


class MoveClock(Order):
    """Move the clock: exactly one of the three."""

    advance: Annotated[float, Meta(ge=0, le=MAX_ADVANCE)] | None = None
    expire_tokens: bool = False
    real: bool = False


class SetFault(Order):
    """Set a fault, for the next call if nothing else is said."""

    fault: FaultName
    path: Annotated[str, Meta(pattern=r"^[/*]", max_length=200)] = "*"
    times: Annotated[int, Meta(ge=1, le=1_000_000)] | None = 1
    retry_after: Annotated[int, Meta(ge=0, le=86_400)] = 2
    seconds: Annotated[float, Meta(ge=0, le=120)] = 5.0


class LimitRate(Order):
    """Allow each account so many calls of the product APIs in so many seconds."""

    calls: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    seconds: Annotated[float, Meta(gt=0, le=86_400)] = field(default=60.0)


_Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Question(Order):
    """What is known of values and a request by their digests, and of what else a request names.

    That is a client, an organisation and an address. The digest of a value is its SHA-256 in hex;
    that of a request is of its path, a line break and its body.
    """

    digests: Annotated[list[_Digest], Meta(max_length=256)] = field(default_factory=list)
    request: _Digest | None = None
    client_id: Annotated[str, Meta(max_length=100)] = ""
    organization_id: Annotated[str, Meta(max_length=100)] = ""
    path: Annotated[str, Meta(max_length=2_000)] = ""


class Controls:
    """The handles of one running sandbox.

    Args:
        state: The app's: its world, chats, rate limit, faults, journal and sessions.
        furnish: Puts another world into the app.
        renewed: Told of the new world after a reset.
        routes: The app's, as they are at that moment.
        most_chats: How many chats may be made.
    """

    def __init__(
        self,
        state: State,
        *,
        furnish: Callable[[Sandbox], None],
        renewed: Callable[[Sandbox], None],
        routes: Callable[[], Sequence[BaseRoute]] = list,
        most_chats: int = MAX_CHATS,
    ) -> None:
        self._most_chats = most_chats
        self._routes = routes
        self._state = state
        self._furnish = furnish
        self._renewed = renewed
        self._reseeding = asyncio.Lock()

    @property
    def _world(self) -> Sandbox:
        world: Sandbox = self._state.world
        return world

    def state(self) -> dict[str, Any]:
        """Describe the world and what was done to it, without secrets."""
        state, rate_limit = self._state, self._state.rate_limit
        return {
            **world_state.describe(state.world, state.chats, len(state.sessions)),
            "rate_limit": {"calls": rate_limit.calls, "seconds": rate_limit.seconds},
            "faults": self.faults(),
        }

    def known(self, question: Question) -> dict[str, Any]:
        """Tell what is known of values that were refused, and why; nothing in it is secret.

        Returns:
            `values`, by their digests, `client` and `organization`, as `knowledge` says; `why`,
            empty where nobody knows; `imitated`: whether the sandbox has this address; `now` and
            `ahead_by`, of the clock.
        """
        world, reasons = self._world, self._state.reasons
        return {
            "values": knowledge.of_values(world, question.digests),
            "client": knowledge.of_client(world, question.client_id),
            "organization": knowledge.of_organization(world, question.organization_id),
            "why": reasons.of(question.request) if question.request else "",
            "imitated": self._imitates(question.path),
            "now": world.clock.now(),
            "ahead_by": round(world.clock.offset, 3),
        }

    def _imitates(self, path: str) -> bool:
        scope = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": []}
        for route in self._routes():
            match, found = route.matches(scope)
            if match != Match.NONE:
                actions = getattr(getattr(route, "endpoint", None), "actions", None)
                return actions is None or found["path_params"].get("action") in actions
        return False

    def reset(self) -> None:
        """Make the world as new.

        What people and programs made since the start is gone: apps, codes, tokens, consents,
        sign-ins. The ready-made app is a new one, with another client id and secret. The clock,
        the chats, the faults, the rate limit and the journal are as at the start, too. Who was
        invited is gone; the others keep their passwords.
        """
        faults: Faults = self._state.faults
        faults.clear()
        self._furnish(self._world.renewed())
        journal: Journal = self._state.journal
        journal.clear()
        self._renewed(self._world)

    def invite(self, order: Invite) -> list[dict[str, str]]:
        """Take in more people, and tell how each of them signs in."""
        invited = [self._world.invite(order.role) for _ in range(order.number)]
        return [
            {
                "name": account.name,
                "email": account.email,
                "password": account.password,
                "role": account.role,
            }
            for account in invited
        ]

    def end_access(self, order: EndAccess) -> dict[str, int]:
        """End an app's access to an account, or to all, as its people can from outside the app.

        Its tokens are refused from now on as tokens that were revoked are, and the consent page
        asks anew. A person who left has no tokens, either: for the app it is the same.
        # assumed: that an app which is removed, or whose person leaves, loses its tokens at once.

        Raises:
            ValueError: There is no such app, or no such person.
        """
        world = self._world
        if world.client(order.client_id) is None:
            raise ValueError("no app has this client_id")
        person = world.account_by_email(order.email) if order.email else None
        if order.email and person is None:
            raise ValueError("nobody has this email")
        access, refresh = world.grants.end_access(order.client_id, person.id if person else None)
        return {"access_tokens": access, "refresh_tokens": refresh}

    def walk_in(self, order: WalkIn) -> dict[str, str]:
        """Let a customer of the first organisation start a chat; webhooks tell of it.

        Raises:
            ValueError: There is no such group.
        """
        state = self._state
        home = ORGANIZATIONS[0]
        try:
            return walk_in(state.world, state.chats, home, order.name, order.text, order.group_id)
        except ApiError as error:
            raise ValueError("there is no such group") from error

    async def reseed(self, order: Reseed) -> None:
        """Make other chats, and put them in the place of those that are there.

        Raises:
            ValueError: They are too many for a sandbox that a class shares.
        """
        if order.chats > self._most_chats:
            raise ValueError(f"a class shares this sandbox: chats may be {self._most_chats:,}")
        async with self._reseeding:
            fresh = ChatStore(order.chats, order.seed)
            # In a thread, for many chats take a while, and other requests go on meanwhile.
            await run_in_threadpool(_make_all, fresh)
            chats: ChatStore = self._state.chats
            chats.become(fresh)

    def move_clock(self, order: MoveClock) -> None:
        """Move the clock.

        Raises:
            ValueError: Not exactly one way to move it was named.
        """
        ways = (order.advance is not None, order.expire_tokens, order.real)
        if sum(ways) != 1:
            raise ValueError("name one of: advance, expire_tokens, real")
        world = self._world
        if order.real:
            world.return_to_real_time()
            # Windows that began in a time that is yet to come would not end.
            limit: RateLimit = self._state.rate_limit
            limit.change(limit.calls, limit.seconds)
        elif order.expire_tokens:
            _, access, _ = world.grants.issued()
            ends = [token.expires_at for token in access]
            ends += [token.expires_at for token in world.customers.issued()]
            latest = max(ends, default=-math.inf)
            # A second more, for rounding.
            world.clock.advance(max(0.0, latest - world.clock.now() + 1))
        else:
            assert order.advance is not None  # noqa: S101
            world.clock.advance(order.advance)

    def set_fault(self, order: SetFault) -> None:
        """Set a fault."""
        self._state.faults.add(
            Fault(order.fault, order.path, order.times, order.retry_after, order.seconds)
        )

    def clear_faults(self) -> None:
        """Take all faults back."""
        self._state.faults.clear()

    def faults(self) -> list[dict[str, Any]]:
        """Describe the faults that are set."""
        faults: Faults = self._state.faults
        return faults.describe()

    def limit_rate(self, order: LimitRate) -> None:
        """Change the rate limit; without a number of calls, to the generous one of the start."""
        usual = RateLimit()
        if order.calls is None:
            self._state.rate_limit.change(usual.calls, usual.seconds)
        else:
            self._state.rate_limit.change(order.calls, order.seconds)

    def journal(self, limit: int = MAX_ENTRIES) -> list[dict[str, Any]]:
        """Return the last requests and answers, oldest first, masked."""
        journal: Journal = self._state.journal
        secrets = [*world_state.secret_values(self._world), self._state.nonce]
        return journal.describe(secrets, limit)

    def clear_journal(self) -> None:
        """Forget the journal."""
        self._state.journal.clear()


def _make_all(store: ChatStore) -> None:
    for organization in ORGANIZATIONS:
        store.of(organization)
