"""What an organisation has set up, and what its agents' statuses are."""

from dataclasses import dataclass, field
from typing import Literal

from lc_tutorial.sandbox.world.chats import Properties
from lc_tutorial.sandbox.world.people import Organization
from lc_tutorial.sandbox.world.tags import Tag, seeded_tags

RoutingStatus = Literal["accepting_chats", "not_accepting_chats", "offline"]


@dataclass
class Settings:
    """The settings of one organisation.

    Attributes:
        tags: By their names.
        license_properties: The properties of the whole account that were set.
        group_properties: Those of its groups, by group id.
        routing_statuses: What agents' statuses were set to, by agent id; the others' follow from
            their working hours.
        bans: Until when customers are banned, by customer id: seconds since the epoch.
    """

    tags: dict[str, Tag]
    license_properties: Properties = field(default_factory=dict)
    group_properties: dict[int, Properties] = field(default_factory=dict)
    routing_statuses: dict[str, RoutingStatus] = field(default_factory=dict)
    bans: dict[str, float] = field(default_factory=dict)

    @classmethod
    def at_first(cls, organization: Organization) -> "Settings":
        """Return the settings that an organisation has from the start."""
        return cls(seeded_tags(organization))
