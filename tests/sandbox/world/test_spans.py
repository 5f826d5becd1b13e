"""What asks only how long ago something was does not heed that the machine's clock is set."""

from types import SimpleNamespace

import pytest

from lc_tutorial.sandbox.api import ApiError, RateLimit
from lc_tutorial.sandbox.world import Account, AuthorizationBlock, Sandbox, records


class Machine:
    """This machine's two clocks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.even = 1_800_000_000.0, 5_000.0
        clocks = SimpleNamespace(time=lambda: self.wall, monotonic=lambda: self.even)
        monkeypatch.setattr(records, "time", clocks)

    def wait(self, seconds: float) -> None:
        """Time goes by."""
        self.wall += seconds
        self.even += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


#: Seconds by which somebody sets the clock, then seconds that go by, those by which the control
#: plane moves the sandbox's own clock; and whether 30 seconds are over.
SET = [
    (0, 29, 0, False),
    (0, 30, 0, True),
    (-3600, 29, 0, False),
    (-3600, 30, 0, True),
    (3600, 29, 0, False),
    (3600, 30, 0, True),
    (0, 0, 30, True),
    (-3600, 0, 30, True),
    (-3600, 10, 19, False),
]


@pytest.mark.parametrize(("by", "waited", "moved", "over"), SET)
def test_the_redirect_limit(
    machine: Machine,
    world: Sandbox,
    author: Account,
    block: AuthorizationBlock,
    by: int,
    waited: int,
    moved: int,
    over: bool,
) -> None:
    allowed = [world.grants.may_redirect(block.client_id, author.id) for _ in range(4)]
    assert allowed == [True, True, True, False]
    machine.wall += by
    machine.wait(waited)
    world.clock.advance(moved)
    assert world.grants.may_redirect(block.client_id, author.id) is over


@pytest.mark.parametrize(("by", "waited", "moved", "over"), SET)
def test_the_rate_limit(
    machine: Machine, world: Sandbox, by: int, waited: int, moved: int, over: bool
) -> None:
    limit = RateLimit(calls=1, seconds=30)
    limit.count("somebody", world.clock.elapsed())
    machine.wall += by
    machine.wait(waited)
    world.clock.advance(moved)
    if over:
        limit.count("somebody", world.clock.elapsed())
    else:
        with pytest.raises(ApiError):
            limit.count("somebody", world.clock.elapsed())


@pytest.mark.parametrize("by", [-3600, 3600])
def test_the_time_of_chats_goes_on_evenly(machine: Machine, world: Sandbox, by: int) -> None:
    before = world.chat_time.now()
    machine.wall += by
    machine.wait(10)
    assert world.chat_time.now() - before == pytest.approx(10_000_000, abs=1)
