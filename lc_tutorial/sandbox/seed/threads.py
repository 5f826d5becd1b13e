"""The conversations of the seeded chats: who answers, how fast, and what happens in which order.

A conversation is told as a sequence of steps. What follows from a step (somebody joins, the queue
is over) stands after its `yield`, and so it only happens if the step did before "now".
"""

from collections.abc import Iterator
from typing import Any

from lc_tutorial.sandbox.seed import events as events
from lc_tutorial.sandbox.seed.agents import choose
from lc_tutorial.sandbox.seed.case import DAY, Case, farewell
from lc_tutorial.sandbox.seed.customers import SECOND, Person, make_visit
from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.seed.events import Step, pause, system_message
from lc_tutorial.sandbox.seed.phrases import COFFEES, PLANTS, Line, Script
from lc_tutorial.sandbox.world import (
    GENERAL,
    ORDERS,
    PLANT_CARE,
    WHOLESALE,
    Agent,
    Event,
    Organization,
    Participant,
    Queue,
    Thread,
)

_RETENTION = 60 * DAY
_RESTRICTED = "This thread is older than 60 days, which is as far back as your plan reaches."

WELCOME_GREETING, SALE_GREETING = 1, 4
ORDER_GOAL = 2

# How likely a customer has to queue, and for about how many seconds, by group.
_QUEUES = {GENERAL: (0.1, 40), ORDERS: (0.3, 110), PLANT_CARE: (0.15, 75), WHOLESALE: (0.05, 30)}
_PATIENCE = 420
_JAM = 200 * SECOND  # so long before the end, everybody who comes has to queue


class Storyteller:
    """Tells conversations of one organisation, up to the instant `now`."""

    def __init__(self, organization: Organization, dice: Dice, now: int) -> None:
        self.organization = organization
        self._dice = dice
        self._now = now

    def tell(
        self, script: Script, person: Person, start: int, participants: dict[str, Participant]
    ) -> Thread:
        """Make a thread; the agents in it are noted in `participants`, by e-mail."""
        for participant in participants.values():
            participant.present = False
        thread = self._open(script, person, start)
        case = Case(script, person, thread, participants, self._words())
        if start < self._now - _RETENTION:
            thread.restricted_access = _RESTRICTED
        agent = self._choose(case, script.group_id)
        self._play(self._message_left(case) if agent is None else self._talk(case, agent), thread)
        for email in thread.user_ids[1:]:
            seen = thread.events[-1].created_at if thread.events else start
            participants[email].events_seen_up_to = seen
        return thread

    def _open(self, script: Script, person: Person, start: int) -> Thread:
        visit = make_visit(person, start, self._dice)
        routing: dict[str, str | int | bool] = {
            "continuous": False,
            "idle": False,
            "start_url": visit.last_pages[-1].url,
        }
        if visit.referrer:
            routing["referrer"] = visit.referrer
        return Thread(
            id=self._dice.code(),
            created_at=start,
            active=False,
            group_ids=[script.group_id],
            user_ids=[person.id],
            visit=visit,
            properties={"routing": routing, "source": person.source},
        )

    def _words(self) -> dict[str, str]:
        dice = self._dice
        return {
            "agent": "",
            "order": f"#{dice.between(20_100, 26_900)}",
            "plant": dice.pick(PLANTS),
            "coffee": dice.pick(COFFEES),
            "days": str(dice.between(2, 5)),
        }

    def _choose(self, case: Case, group_id: int, *, but: Agent | None = None) -> Agent | None:
        return choose(
            self._dice,
            self.organization,
            group_id,
            hour=case.hour,
            language=case.script.language,
            but=but,
        )

    def _play(self, steps: Iterator[Step], thread: Thread) -> None:
        """Let the steps happen one after the other, until the end or until now."""
        dice, moment = self._dice, thread.created_at
        for step in steps:
            moment += int(step.delay * SECOND) + int(dice.roll() * SECOND)
            if moment > self._now:
                thread.active = True
                return
            if step.type:
                thread.last_number += 1
                thread.events.append(
                    Event(
                        id=f"{thread.id}_{thread.last_number}",
                        type=step.type,
                        created_at=moment,
                        author_id=step.author,
                        body=step.body,
                        visibility=step.visibility,
                        properties=step.properties,
                        deleted=step.deleted,
                    )
                )
        thread.visit.ended_at = moment

    # --- What happens ---------------------------------------------------------------------------

    def _message_left(self, case: Case) -> Iterator[Step]:
        """The customer leaves a message, because nobody is there."""
        case.thread.properties["routing"] |= {"offline_message": True, "unassigned": True}
        text = case.fill(self._dice.pick(case.script.lines[0].wordings))
        yield events.offline_form(5, case.person, text)
        yield system_message(
            2, "routing.archived_offline", "Chat archived due to no available agents"
        )

    def _talk(self, case: Case, agent: Agent) -> Iterator[Step]:
        """Customer and agent talk, from the form before to the closing after."""
        dice, script, thread = self._dice, case.script, case.thread
        thread.tags = list(script.tags)
        chance, seconds = _QUEUES[script.group_id]
        if thread.created_at > self._now - _JAM:
            case.waited = 300
        elif dice.chance(chance * case.rush):
            case.waited = int(dice.around(seconds) * case.rush)
        if case.waited == 0 and dice.chance(0.25):
            yield from self._greeting(case, agent)
        elif dice.chance(0.7):
            yield events.prechat_form(4, case.person, self.organization, script.group_id, dice)
        answer_at = next(
            i for i, line in enumerate(script.lines) if line.kind not in ("c", "photo")
        )
        for line in script.lines[:answer_at]:
            yield from self._line(line, case)
        if case.waited:
            yield from self._queue(case)
            if thread.events[-1].type == "system_message":  # gave up
                return
        case.join(agent)
        if script.group_id != GENERAL and dice.chance(0.09):
            yield from self._hand_over(case, agent)
        elif dice.chance(0.05):
            yield from self._take_over(case, agent)
        if dice.chance(0.04):
            yield from self._watch(case)
        for line in script.lines[answer_at:]:
            yield from self._line(line, case)
        yield from farewell(case, self._dice)

    def _greeting(self, case: Case, agent: Agent) -> Iterator[Step]:
        sale = case.thread.visit.last_pages[-1].url.endswith("/sale")
        case.thread.greeting_id = SALE_GREETING if sale else WELCOME_GREETING
        text = "Spring sale! May I help you choose?" if sale else "Hello! How can we help you?"
        unique_id = self._dice.code()
        lc2: dict[str, str | int | bool] = {
            "greeting_id": case.thread.greeting_id,
            "greeting_unique_id": unique_id,
        }
        case.thread.properties["lc2"] = lc2
        yield Step(1, "message", agent.email, {"text": text}, properties={"lc2": lc2})

    def _queue(self, case: Case) -> Iterator[Step]:
        thread = case.thread
        queued_at = thread.events[-1].created_at
        thread.queue = Queue(1, case.waited, queued_at)
        thread.properties["routing"]["unassigned"] = True
        if case.waited > _PATIENCE:
            yield pause(_PATIENCE)
            who = case.person.display_name
            yield system_message(
                3, "archived_customer_disconnected", f"{who} left the chat", customer=who
            )
            thread.tags = ["gave up waiting"]
            thread.queues_duration = _PATIENCE
        else:
            yield pause(case.waited)
            thread.queues_duration = case.waited
            thread.properties["routing"]["unassigned"] = False
        thread.queue = None

    def _hand_over(self, case: Case, agent: Agent) -> Iterator[Step]:
        """The chat came in at the wrong group and is transferred to the right one."""
        first = self._choose(case, GENERAL, but=agent)
        if first is None:
            return
        group_id, thread = case.script.group_id, case.thread
        thread.group_ids = [GENERAL]
        case.leave(agent)
        thread.user_ids.remove(agent.email)
        del case.participants[agent.email]
        case.join(first)
        seconds = self._dice.around(case.habits.reply_seconds)
        text = "I'm passing you on to a colleague who knows more about this."
        yield Step(seconds, "message", first.email, {"text": text})
        group = self.organization.group(group_id).name
        yield system_message(
            8,
            "chat_transferred",
            f"{first.name} transferred the chat to {group}",
            initiator=first.name,
            targets=group,
        )
        thread.group_ids = [group_id]
        thread.properties["routing"]["last_transfer_timestamp"] = (
            thread.events[-1].created_at // SECOND
        )
        case.leave(first)
        case.join(agent)

    def _take_over(self, case: Case, slow: Agent) -> Iterator[Step]:
        """The agent does not reply, and so the chat is given to somebody else."""
        other = self._choose(case, case.script.group_id, but=slow)
        if other is None:
            return
        yield system_message(
            300,
            "routing.assigned_inactive",
            f"Chat assigned to {other.name} because {slow.name} hasn't replied in 5 minutes",
            agent_added=other.name,
            agent_removed=slow.name,
            duration="5",
        )
        case.leave(slow)
        case.join(other)

    def _watch(self, case: Case) -> Iterator[Step]:
        """Somebody who leads the team looks on, unseen by the customer."""
        lead = next((a for a in self.organization.agents if a.role == "administrator"), None)
        if lead is None or lead is case.agent:
            return
        text = f"{lead.name} joined the chat"
        step = system_message(45, "agent_joined", text, agent=lead.name)
        yield step._replace(visibility="agents")
        if lead.email not in case.thread.user_ids:
            case.thread.user_ids.insert(1, lead.email)
        watcher = Participant(lead, None, visibility="agents")
        case.participants[lead.email] = watcher

    def _line(self, line: Line, case: Case) -> Iterator[Step]:
        """One line of the script, if it applies."""
        dice, thread, agent = self._dice, case.thread, case.agent
        if line.kind == "c":
            yield self._customer_says(line, case)
            return
        if line.kind == "photo":
            yield events.photo(dice.around(25), case.person, line.wordings[0], dice)
            return
        if line.kind == "pick":
            yield events.pick(dice.around(15), case.person, line.wordings[0], thread)
            return
        if line.kind == "order":
            if dice.chance(0.6):
                yield events.order(dice.around(120), case.words["order"], self.organization, dice)
                thread.sale_ids, thread.goal_ids = [dice.between(1, 3)], [ORDER_GOAL]
                thread.properties["ecommerce"] = {"has_sale": True}
            return
        assert agent is not None  # noqa: S101  (only an agent does what is left)
        if line.kind == "form":
            if case.person.email is None:
                yield from self._ask_for_email(case, agent)
            return
        delay = dice.around(case.habits.reply_seconds)
        delay *= case.rush if not case.answered else 0.5
        if line.kind == "a":
            text = case.fill(dice.pick(line.wordings))
            if line.english and case.script.language not in case.habits.languages:
                text = case.fill(line.english)
            yield Step(delay, "message", agent.email, {"text": text})
        elif line.kind == "note":
            text = case.fill(line.wordings[0])
            yield Step(delay / 2, "message", agent.email, {"text": text}, visibility="agents")
        elif line.kind == "oops":
            text = case.fill(line.wordings[0])
            yield Step(delay, "message", agent.email, {"text": text}, deleted=True)
        else:
            make = {
                "pdf": events.pdf,
                "cards": events.cards,
                "choices": events.choices,
                "parcel": events.parcel,
            }[line.kind]
            yield make(delay, agent, case.fill(line.wordings[0]), dice)
        case.answered = True

    def _customer_says(self, line: Line, case: Case) -> Step:
        dice = self._dice
        body: dict[str, Any] = {"text": case.fill(dice.pick(line.wordings))}
        if dice.chance(0.3):
            body["custom_id"] = f"{case.thread.created_at // 1000}.{dice.between(10**9, 10**10)}"
        step = Step(dice.around(38), "message", case.person.id, body)
        if line.english and case.script.language not in case.habits.languages:
            translation: dict[str, str | int | bool] = {
                "source_lang_code": case.script.language,
                "target_lang_code": "en",
                "target_message": case.fill(line.english),
            }
            return step._replace(properties={"translation": translation})
        return step

    def _ask_for_email(self, case: Case, agent: Agent) -> Iterator[Step]:
        yield events.email_form(20, agent)
        if self._dice.chance(0.7):
            yield events.email_given(self._dice.around(30), case.person)
            case.person.email = case.person.mailbox
