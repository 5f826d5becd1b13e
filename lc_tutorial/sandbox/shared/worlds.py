"""The worlds of a class: who has which, how many there may be, and when one goes.

A world is a whole sandbox: people, apps, tokens, chats, the clock, faults, the journal, sessions in
browsers. It is an app of its own, that knows nothing of the others. In common they have what nobody
changes: the code, the pages, and the chats as they are at the start.
"""

import secrets
import time
from dataclasses import dataclass, field

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.store import Seeded
from lc_tutorial.sandbox.web import Hosts
from lc_tutorial.sandbox.world import DEFAULT_CALLBACK_PORT, Sandbox

#: A learner has one, and a few for notebooks that break things; a class has thirty learners.
MOST_WORLDS = 200
MOST_FRESH = 3

#: Seconds without a request, after which a world goes: a day.
IDLE = 86_400.0

#: What one learner may put into a world must not crowd out the others.
MOST_CHATS = 1_000


@dataclass(frozen=True)
class Place:
    """Where a learner's kernel is, for the pages of their world.

    Attributes:
        callback_port: The port of the callback address that the Console suggests.
        server_prefix: The path under which browsers reach the learner's Jupyter server, such as
            `/user/mia/`; empty where they need none.
    """

    callback_port: int = DEFAULT_CALLBACK_PORT
    server_prefix: str = ""


@dataclass(eq=False)
class World:
    """One learner's world.

    Attributes:
        owner: Whose it is: their name at the hub.
        key: What its addresses have in them, and nobody guesses.
        nonce: What opens its control plane.
        is_fresh: Whether it is one of those for notebooks that break things.
    """

    owner: str
    place: Place
    seeded: Seeded = field(repr=False)
    is_fresh: bool = False
    key: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.used_at = time.monotonic()
        self.app = create_app(
            Sandbox(callback_port=self.place.callback_port, server_prefix=self.place.server_prefix),
            nonce=self.nonce,
            stop=self.end,
            # Under whichever name it is asked for: who knows the key is no stranger's page.
            hosts=Hosts(any_name=True),
            seeded=self.seeded,
            most_chats=MOST_CHATS,
        )

    @property
    def sandbox(self) -> Sandbox:
        """The people, apps and tokens in it; another one after a reset."""
        sandbox: Sandbox = self.app.state.world
        return sandbox

    def end(self) -> None:
        """Let it be gone, with what it would have sent."""
        self.has_ended = True
        self.sandbox.courier.stop()


class Worlds:
    """All worlds of a class.

    Args:
        most: How many there may be; of too many, the one goes that was used least recently.
        idle_seconds: After how long without a request one goes.
    """

    def __init__(self, most: int = MOST_WORLDS, idle_seconds: float = IDLE) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._seeded = Seeded()
        self._by_key: dict[str, World] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def join(self, owner: str, place: Place, *, fresh: bool = False) -> tuple[World, bool]:
        """Return a learner's world, and whether it was made just now.

        Args:
            owner: The learner's name.
            place: Where they are.
            fresh: A new one beside their own; of more than a few, the oldest goes.
        """
        self.keep_house()
        theirs = [world for world in self._by_key.values() if world.owner == owner]
        if not fresh:
            for world in theirs:
                if not world.is_fresh:
                    return self._use(world), False
        old = [world for world in theirs if world.is_fresh]
        for world in old[: len(old) + 1 - MOST_FRESH] if fresh else ():
            self._drop(world)
        while len(self._by_key) >= self._most:
            self._drop(min(self._by_key.values(), key=lambda world: world.used_at))
        made = World(owner, place, self._seeded, is_fresh=fresh)
        self._by_key[made.key] = made
        return made, True

    def at(self, key: str) -> World | None:
        """Return the world with that key, which counts as used with this."""
        world = self._by_key.get(key)
        if world is None or world.has_ended:
            return None
        return self._use(world)

    def keep_house(self) -> None:
        """Drop what has ended, and what nobody has used for long."""
        now = time.monotonic()
        for world in list(self._by_key.values()):
            if world.has_ended or now - world.used_at > self._idle_seconds:
                self._drop(world)

    def _use(self, world: World) -> World:
        world.used_at = time.monotonic()
        return world

    def _drop(self, world: World) -> None:
        del self._by_key[world.key]
        world.end()
