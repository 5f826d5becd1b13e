"""A seeded conversation while it is told: who is in it, and how it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lc_tutorial.sandbox.seed.agents import Habits, habits_of
from lc_tutorial.sandbox.seed.customers import SECOND, Person
from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.seed.events import Step, postchat_form, system_message
from lc_tutorial.sandbox.seed.phrases import Script
from lc_tutorial.sandbox.world import Agent, Participant, Thread

HOUR, DAY = 3600 * SECOND, 86_400 * SECOND

_RUSH_HOURS = (16, 17, 18, 19)

_PRAISE = (
    "Quick and friendly, thank you!",
    "Super helpful",
    "Very nice chat",
    "5 stars for {agent}",
)
_BLAME = ("Waited far too long.", "Didn't solve my problem", "I had to explain everything twice")


@dataclass(slots=True)
class Case:
    """A conversation while it is told."""

    script: Script
    person: Person
    thread: Thread
    participants: dict[str, Participant]
    words: dict[str, str]
    agent: Agent | None = None
    waited: int = 0
    answered: bool = False
    hour: int = field(init=False)
    rush: float = field(init=False)

    def __post_init__(self) -> None:
        start = self.thread.created_at
        self.hour = start // HOUR % 24
        monday = (start // DAY + 3) % 7 == 0  # the epoch was a Thursday
        self.rush = (1.7 if monday else 1.0) * (1.5 if self.hour in _RUSH_HOURS else 1.0)

    @property
    def habits(self) -> Habits:
        """How the agent works who has the chat, if there is one yet."""
        return habits_of(self.agent)

    def join(self, agent: Agent) -> None:
        """Let an agent take the chat."""
        self.agent = agent
        self.words["agent"] = agent.name.partition(" ")[0]
        if agent.email not in self.thread.user_ids:
            self.thread.user_ids.append(agent.email)
        self.participants.setdefault(agent.email, Participant(agent, None)).present = True

    def leave(self, agent: Agent) -> None:
        """Let an agent leave the chat; it stays known that they were in it."""
        self.participants[agent.email].present = False

    def fill(self, text: str) -> str:
        """Put this conversation's words into the text's blanks."""
        return text.format_map(self.words) if "{" in text else text


def farewell(case: Case, dice: Dice) -> Iterator[Step]:
    """The customer rates the chat or not, and somebody closes it."""
    thread, agent = case.thread, case.agent
    assert agent is not None  # noqa: S101
    who = case.person.display_name
    if dice.chance(0.45):
        liked = case.habits.liked - 0.14 * case.script.upset - 0.25 * (case.waited > 150)
        good = dice.chance(liked)
        score = "good" if good else "bad"  # assumed: no source shows the words
        yield system_message(
            15,
            "rating.chat_rated",
            f"{who} rated the chat as {score}",
            customer=who,
            score=score,
        )
        thread.properties["rating"] = {"score": int(good)}
        if dice.chance(0.3):
            comment = case.fill(dice.pick(_PRAISE if good else _BLAME))
            yield system_message(
                20,
                "rating.chat_commented",
                f"{who} left the following comment: {comment}",
                customer=who,
                comment=comment,
            )
            thread.properties["rating"]["comment"] = comment
    if dice.chance(0.2):
        yield postchat_form(25, case.person, dice)
    way = dice.roll()
    if way < 0.36:
        name = agent.name
        yield system_message(
            dice.around(90), "manual_archived_agent", f"{name} archived the chat", agent=name
        )
    elif way < 0.5:
        yield system_message(
            dice.around(40),
            "manual_archived_customer",
            f"{who} archived the chat",
            customer=who,
        )
    elif way < 0.76:
        yield system_message(
            dice.around(200),
            "archived_customer_disconnected",
            f"{who} left the chat",
            customer=who,
        )
    else:
        thread.properties["routing"]["idle"] = True
        yield system_message(
            1200,
            "routing.archived_inactive",
            "Chat archived due to 20 minutes of inactivity",
            duration="20",
        )
    thread.properties["routing"]["idle"] = False
    if dice.chance(0.4):
        thread.summary = case.fill("\n".join(case.script.summary))
