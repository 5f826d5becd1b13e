"""The people of the sandbox: two organisations, their groups and their agents.

Plain data, the same in every sandbox; a class or a test can invite more people. Nobody here has a
password: those are made at random when somebody moves in. Every address ends in a domain that is
reserved for examples (RFC 2606).

Roles and groups are shaped as in the Configuration API.
Source: livechat-public-docs, management/configuration-api (agents, groups).
"""

import re
import uuid
from dataclasses import dataclass
from typing import Literal, cast

from lc_tutorial.sandbox.world.scopes import Role

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


# Who somebody is. A column ends at two spaces.
_FERN_AND_FILTER = """
name              email                         role           job title            account
Ada Lindqvist     ada.lindqvist@example.com     owner          Founder              b1d5f0a2-6c34-4e8b-9a71-0f3c2e5d8a61
Tomasz Zieliński  tomasz.zielinski@example.com  administrator  Support lead         2e9c7b40-81d6-4f25-b3ca-94d17a60e5f2
Priya Raman       priya.raman@example.com       normal         Support specialist   c47a1e93-5b08-4d6c-8f29-1e7b3a90d4c5
Mateus Oliveira   mateus.oliveira@example.com   normal         Support specialist   0d86f5b7-2c19-4a3e-97d4-6b5e8c1f7a03
Yuki Tanaka       yuki.tanaka@example.com       normal         Plant doctor         f3a9268d-7e41-4b5d-a0c8-3d2f9b6e1754
Claire Dubois     claire.dubois@example.com     normal         Support specialist   91e4c7d2-0a6f-4835-bb1e-7f9d5c3a2e86
Omar El-Sayed     omar.elsayed@example.com      normal         Key account manager  5c70b8e1-d924-4f6a-86b3-2a1f4e9d7c38
"""  # noqa: E501

_PAPER_LANTERN = """
name         email                    role    job title   account
Ruth Okafor  ruth.okafor@example.org  owner   Bookseller  7b2f9d16-e3c8-4a05-9d7b-8e6a0c4f1b93
Jonas Weber  jonas.weber@example.org  normal  Bookseller  e60a4c8b-15f7-4d92-b3e4-9f1c7d2a6058
"""

# Where somebody works: with how many chats at once, and with which priority in which group. The
# groups have their numbers in the order of the columns.
_AT_FERN_AND_FILTER = """
name              chats  General     Orders  Plant care  Wholesale
Ada Lindqvist     3      supervisor  -       -           normal
Tomasz Zieliński  4      last        last    last        last
Priya Raman       8      normal      normal  -           -
Mateus Oliveira   6      -           normal  -           -
Yuki Tanaka       5      -           -       normal      -
Claire Dubois     6      normal      -       last        -
Omar El-Sayed     4      -           last    -           normal
"""

_AT_PAPER_LANTERN = """
name         chats  General  Rare books
Ruth Okafor  6      normal   normal
Jonas Weber  6      normal   -
"""

ORDERS, PLANT_CARE, WHOLESALE = 1, 2, 3


def _read(table: str) -> list[list[str]]:
    """The lines of a table, cell by cell."""
    return [re.split(r" {2,}", line) for line in table.strip().splitlines()]


def _organization(id: str, name: str, website: str, who: str, where: str) -> Organization:  # noqa: A002
    """Read the two tables of an organisation."""
    (_, _, *groups), *places = _read(where)
    place_of = {person: (int(chats), priorities) for person, chats, *priorities in places}
    agents = []
    for person, email, role, job_title, account_id in _read(who)[1:]:
        chats, priorities = place_of[person]
        agents.append(
            Agent(
                account_id=account_id,
                email=email,
                name=person,
                role=cast(Role, role),
                job_title=job_title,
                priorities={
                    number: cast(Priority, priority)
                    for number, priority in enumerate(priorities)
                    if priority != "-"
                },
                max_chats_count=chats,
            )
        )
    return Organization(
        id=id,
        name=name,
        website=website,
        groups=tuple(Group(number, group) for number, group in enumerate(groups)),
        agents=tuple(agents),
    )


FERN_AND_FILTER = _organization(
    "6f2b1c9e-3a57-4d0f-9c1e-5b8a2d7e4f10",
    "Fern & Filter",
    "https://shop.example.com",
    _FERN_AND_FILTER,
    _AT_FERN_AND_FILTER,
)

PAPER_LANTERN = _organization(
    "a8d3e6f4-917b-4c25-8e0d-4c6b1f2a9d57",
    "Paper Lantern Books",
    "https://books.example.org",
    _PAPER_LANTERN,
    _AT_PAPER_LANTERN,
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
