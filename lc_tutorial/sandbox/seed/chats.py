"""Chats that look like those of a real account, always the same for the same number and seed.

The shop's life in them is regular enough to be found out: Mondays and evenings are busy, a spring
sale doubles the traffic for a week, some groups make customers wait and some agents answer slower
than others. All of it ends at one instant, which for chats is "now".
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lc_tutorial.sandbox.seed import details
from lc_tutorial.sandbox.seed.customers import Person, make_customer, make_person
from lc_tutorial.sandbox.seed.dice import Dice, Weighted
from lc_tutorial.sandbox.seed.phrases import Script, load
from lc_tutorial.sandbox.seed.places import PLACES, Place
from lc_tutorial.sandbox.seed.threads import Storyteller
from lc_tutorial.sandbox.world import GENERAL, NOW, Chat, Organization, Participant, Thread

MAX_NUMBER = 100_000

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_NOW = int(NOW.timestamp()) * SECOND
_MIDNIGHT = _NOW // DAY * DAY
_WEEKS = 8

# How busy the days are, Monday first, and the hours of a customer's day, midnight first.
_WEEKDAYS = (1.5, 1.2, 1.1, 1.0, 1.0, 0.6, 0.45)
_HOURS = (1, 0, 0, 0, 0, 1, 2, 4, 7, 10, 12, 11, 9, 9, 10, 9, 8, 8, 10, 12, 13, 10, 5, 2)
_SALE = range(25, 32)  # days before the last one
_SALE_FACTOR = 2.0


@dataclass(slots=True)
class _Plan:
    """A chat before it is told: who, from where, and when each of the conversations starts."""

    place: Place
    starts: list[int]


def generate(organization: Organization, number: int, seed: int) -> list[Chat]:
    """Make an organisation's chats.

    Args:
        organization: One that there are conversations for; any other one has no chats.
        number: How many, up to 100,000, which take some 20 seconds and 1.2 GB; 250 take 0.03
            seconds.
        seed: The same seed gives the same chats.

    Raises:
        ValueError: `number` is out of its range.
    """
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"number must be 0 to {MAX_NUMBER}, not {number}")
    scripts = load(organization)
    if not scripts:
        return []
    dice = Dice(seed)
    scripts_by_language = {
        language: Weighted(choice, [script.weight for script in choice])
        for language in {place.language for place in PLACES} | {"en"}
        if (choice := [script for script in scripts if script.language == language])
    }
    storyteller = Storyteller(organization, dice, _NOW)
    with _no_garbage_collection():
        plans = _plans(number, dice)
        chats = [_chat(plan, storyteller, scripts_by_language, dice) for plan in plans]
        details.add(chats, Dice(seed))
    _line_up(chats)
    return chats


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Spare the collector the many objects that are made here, none of which is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made lives long: to look through all of it for garbage, for seconds where it is
        # much, would stop the server. It is in no cycles, and so goes when nobody needs it.
        gc.freeze()
        if enabled:
            gc.enable()


def _line_up(chats: list[Chat]) -> None:
    """Give those who still wait their places: each group has a queue of its own."""
    waiting = [thread for chat in chats for thread in chat.threads if thread.queue is not None]
    places: dict[int, int] = {}
    for thread in sorted(waiting, key=lambda thread: thread.created_at):
        assert thread.queue is not None  # noqa: S101
        group_id = thread.group_ids[0]
        place = places[group_id] = places.get(group_id, 0) + 1
        thread.queue.position = place
        thread.queue.wait_time = 75 * place


def _plans(number: int, dice: Dice) -> list[_Plan]:
    places = Weighted(PLACES, [place.weight for place in PLACES])
    days_ago = range(_WEEKS * 7 + 1)
    weekdays = [-ago % 7 for ago in days_ago]  # NOW is a Monday
    weights = [
        _WEEKDAYS[weekday] * (_SALE_FACTOR if ago in _SALE else 1.0)
        for ago, weekday in zip(days_ago, weekdays, strict=True)
    ]
    days = Weighted(days_ago, weights)
    hours = Weighted(range(24), _HOURS)
    going_on = min(14, number // 20 + 1)
    plans = []
    for index in range(number):
        place = places.pick(dice)
        if index < going_on:  # just started
            last = _NOW - int((0.3 + 11 * dice.roll()) * 60 * SECOND)
        else:
            last = _NOW
            while last > _NOW - HOUR:
                local = _MIDNIGHT - days.pick(dice) * DAY + hours.pick(dice) * HOUR
                last = local - int(place.utc_offset * HOUR) + int(dice.roll() * HOUR)
        starts = [last]
        if dice.chance(0.22):  # a customer who was here before
            while len(starts) < 6 and (len(starts) == 1 or dice.chance(0.4)):
                starts.append(starts[-1] - int(dice.around(9 * DAY)))
        plans.append(_Plan(place, starts[::-1]))
    return plans


def _chat(
    plan: _Plan, storyteller: Storyteller, scripts: dict[str, Weighted[Script]], dice: Dice
) -> Chat:
    person = make_person(storyteller.organization, plan.place, dice)
    without_threads = dice.chance(0.02)
    threads: list[Thread] = []
    participants: dict[str, Participant] = {}
    for start in [] if without_threads else plan.starts:
        language = plan.place.language if dice.chance(0.8) else "en"
        script = scripts.get(language, scripts["en"]).pick(dice)
        threads.append(storyteller.tell(script, person, start, participants))
    last = threads[-1] if threads else None
    followers = {
        agent.email
        for agent in storyteller.organization.agents
        if agent.role != "normal" and dice.chance(0.08)
    }
    return Chat(
        id=dice.code(),
        customer=make_customer(person, threads, plan.starts[0], dice),
        participants=list(participants.values()),
        threads=threads,
        group_ids=last.group_ids if last else [GENERAL],
        properties=_properties(person, last, dice),
        followers=followers,
    )


def _properties(
    person: Person, last: Thread | None, dice: Dice
) -> dict[str, dict[str, str | int | bool]]:
    properties: dict[str, dict[str, str | int | bool]] = {
        "routing": {"continuous": False},
        "source": person.source,
    }
    if last is not None:
        properties["routing"]["unassigned"] = last.active and len(last.user_ids) == 1
        if "rating" in last.properties:
            properties["rating"] = last.properties["rating"]
    if person.orders:
        tier = "gold" if person.orders > 9 else "silver" if person.orders > 3 else "bronze"
        properties[details.LOYALTY_APP] = {
            "tier": tier,
            "orders": person.orders,
            "newsletter": dice.chance(0.6),
        }
    if dice.chance(0.06):
        # Every account has these, to try properties out.
        # Source: livechat-public-docs, messaging/references/default-properties.
        properties["test"] = {
            "string_property": dice.pick(("red", "green", "blue")),
            "int_property": dice.between(1, 9),
            "bool_property": dice.chance(0.5),
        }
    return properties
