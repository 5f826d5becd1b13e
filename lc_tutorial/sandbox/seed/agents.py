"""The agents of the seeded chats: when they work, how fast and how well liked they are."""

from typing import NamedTuple

from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.world import Agent, Organization


class Habits(NamedTuple):
    """How an agent works: when (hours, UTC), how fast, how well liked, in which languages."""

    shift: range | tuple[int, ...]
    reply_seconds: int
    liked: float
    languages: tuple[str, ...]


_HABITS = {
    "ada.lindqvist@example.com": Habits(range(8, 17), 240, 0.90, ("en",)),
    "tomasz.zielinski@example.com": Habits(range(6, 16), 60, 0.86, ("en", "pl", "uk")),
    "priya.raman@example.com": Habits(range(4, 15), 42, 0.94, ("en", "hi")),
    "mateus.oliveira@example.com": Habits(range(12, 22), 95, 0.80, ("en", "pt", "es", "it")),
    "yuki.tanaka@example.com": Habits((*range(22, 24), *range(9)), 110, 0.97, ("en", "ja", "zh")),
    "claire.dubois@example.com": Habits(range(9, 19), 70, 0.88, ("en", "fr", "de", "el")),
    "omar.elsayed@example.com": Habits(range(7, 17), 420, 0.72, ("en", "ar", "fr", "he")),
}
_USUAL = Habits(range(24), 120, 0.85, ("en", "de"))
_ROUTED = {"first": 4, "normal": 3, "last": 1, "supervisor": 0}


def habits_of(agent: Agent | None) -> Habits:
    """Return how an agent works, or how one usually does."""
    return _HABITS.get(agent.email, _USUAL) if agent else _USUAL


def working_hours(agent: Agent) -> list[tuple[int, int]]:
    """Return when an agent works, every day: hours of the day, UTC, each with where it ends."""
    hours = sorted(habits_of(agent).shift)
    starts = [hour for hour in hours if hour - 1 not in hours]
    ends = [hour + 1 for hour in hours if hour + 1 not in hours]
    return list(zip(starts, ends, strict=True))


def choose(
    dice: Dice,
    organization: Organization,
    group_id: int,
    *,
    hour: int,
    language: str,
    but: Agent | None = None,
) -> Agent | None:
    """Choose the agent who answers, or nobody when all have gone home.

    Where only the group's own agents have, somebody of another group may step in.

    Args:
        dice: Decides between those who could.
        organization: Whose agents.
        group_id: The group that the customer has come to.
        hour: The hour of the day, UTC.
        language: The customer's language, which those who speak it are preferred for.
        but: An agent who is not to be chosen.

    """
    own: list[Agent] = []
    others: list[Agent] = []
    for agent in organization.agents:
        habits = habits_of(agent)
        if agent is but or hour not in habits.shift:
            continue
        if group_id in agent.priorities:
            often = _ROUTED[agent.priorities[group_id]]
            own += [agent] * (often * (3 if language in habits.languages else 1))
        elif agent.role == "normal":
            others.append(agent)
    if not own and others and dice.chance(0.6):
        own = others
    return dice.pick(own) if own else None
