"""The people of the sandbox: two organisations, their groups and their agents.

Plain data, the same in every sandbox; a class or a test can invite more people. Nobody here has a
password: those are made at random when somebody moves in. Every address ends in a domain that is
reserved for examples (RFC 2606).

Roles and groups are shaped as in the Configuration API.
Source: livechat-public-docs, management/configuration-api (agents, groups).
"""

import uuid
from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "administrator", "normal"]
Priority = Literal["first", "normal", "last", "supervisor"]

GENERAL = 0
"""The group that every organisation has; a chat in it can be seen by all of its agents."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of agents that chats are routed to."""

    id: int
    name: str
    language_code: str = "en"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers chats. In the Agent Chat API an agent's id is the e-mail address."""

    account_id: str
    email: str
    name: str
    role: Role
    job_title: str
    priorities: dict[int, Priority]
    max_chats_count: int = 6

    @property
    def group_ids(self) -> tuple[int, ...]:
        """The groups the agent is a member of, in ascending order."""
        return tuple(sorted(self.priorities))

    @property
    def avatar(self) -> str:
        """The address of a picture (it leads nowhere)."""
        return f"https://cdn.example.com/avatars/{self.email.partition('@')[0]}.png"


@dataclass(frozen=True, slots=True)
class Organization:
    """A company with an account on the platform."""

    id: str
    name: str
    website: str
    groups: tuple[Group, ...]
    agents: tuple[Agent, ...]

    @property
    def owner(self) -> Agent:
        """The one agent with the role owner."""
        return next(agent for agent in self.agents if agent.role == "owner")

    def agent(self, email: str) -> Agent:
        """Return the agent with that address.

        Raises:
            KeyError: nobody here has it.

        """
        for agent in self.agents:
            if agent.email == email:
                return agent
        raise KeyError(email)

    def group(self, group_id: int) -> Group:
        """Return the group with that number.

        Raises:
            KeyError: there is none.

        """
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)


ORDERS, PLANT_CARE, WHOLESALE = 1, 2, 3

FERN_AND_FILTER = Organization(
    id="6f2b1c9e-3a57-4d0f-9c1e-5b8a2d7e4f10",
    name="Fern & Filter",
    website="https://shop.example.com",
    groups=(
        Group(GENERAL, "General"),
        Group(ORDERS, "Orders"),
        Group(PLANT_CARE, "Plant care"),
        Group(WHOLESALE, "Wholesale"),
    ),
    agents=(
        Agent(
            account_id="b1d5f0a2-6c34-4e8b-9a71-0f3c2e5d8a61",
            email="ada.lindqvist@example.com",
            name="Ada Lindqvist",
            role="owner",
            job_title="Founder",
            priorities={GENERAL: "supervisor", WHOLESALE: "normal"},
            max_chats_count=3,
        ),
        Agent(
            account_id="2e9c7b40-81d6-4f25-b3ca-94d17a60e5f2",
            email="tomasz.zielinski@example.com",
            name="Tomasz Zieliński",
            role="administrator",
            job_title="Support lead",
            priorities={GENERAL: "last", ORDERS: "last", PLANT_CARE: "last", WHOLESALE: "last"},
            max_chats_count=4,
        ),
        Agent(
            account_id="c47a1e93-5b08-4d6c-8f29-1e7b3a90d4c5",
            email="priya.raman@example.com",
            name="Priya Raman",
            role="normal",
            job_title="Support specialist",
            priorities={GENERAL: "normal", ORDERS: "normal"},
            max_chats_count=8,
        ),
        Agent(
            account_id="0d86f5b7-2c19-4a3e-97d4-6b5e8c1f7a03",
            email="mateus.oliveira@example.com",
            name="Mateus Oliveira",
            role="normal",
            job_title="Support specialist",
            priorities={ORDERS: "normal"},
        ),
        Agent(
            account_id="f3a9268d-7e41-4b5d-a0c8-3d2f9b6e1754",
            email="yuki.tanaka@example.com",
            name="Yuki Tanaka",
            role="normal",
            job_title="Plant doctor",
            priorities={PLANT_CARE: "normal"},
            max_chats_count=5,
        ),
        Agent(
            account_id="91e4c7d2-0a6f-4835-bb1e-7f9d5c3a2e86",
            email="claire.dubois@example.com",
            name="Claire Dubois",
            role="normal",
            job_title="Support specialist",
            priorities={GENERAL: "normal", PLANT_CARE: "last"},
        ),
        Agent(
            account_id="5c70b8e1-d924-4f6a-86b3-2a1f4e9d7c38",
            email="omar.elsayed@example.com",
            name="Omar El-Sayed",
            role="normal",
            job_title="Key account manager",
            priorities={ORDERS: "last", WHOLESALE: "normal"},
            max_chats_count=4,
        ),
    ),
)

PAPER_LANTERN = Organization(
    id="a8d3e6f4-917b-4c25-8e0d-4c6b1f2a9d57",
    name="Paper Lantern Books",
    website="https://books.example.org",
    groups=(Group(GENERAL, "General"), Group(1, "Rare books")),
    agents=(
        Agent(
            account_id="7b2f9d16-e3c8-4a05-9d7b-8e6a0c4f1b93",
            email="ruth.okafor@example.org",
            name="Ruth Okafor",
            role="owner",
            job_title="Bookseller",
            priorities={GENERAL: "normal", 1: "normal"},
        ),
        Agent(
            account_id="e60a4c8b-15f7-4d92-b3e4-9f1c7d2a6058",
            email="jonas.weber@example.org",
            name="Jonas Weber",
            role="normal",
            job_title="Bookseller",
            priorities={GENERAL: "normal"},
        ),
    ),
)

ORGANIZATIONS = (FERN_AND_FILTER, PAPER_LANTERN)
"""All of them. The first has the ready-made app "List Chats"; its owner is the app's author."""


def learner(number: int, role: Role) -> Agent:
    """Make somebody who was not there from the start, and so is in none of the seeded chats.

    A member of the group General alone, so that there are chats which they have no access to.
    """
    return Agent(
        account_id=str(uuid.uuid4()),
        email=f"learner-{number}@example.com",
        name=f"Learner {number}",
        role=role,
        job_title="Learner",
        priorities={GENERAL: "normal"},
    )
