"""The tags of an organisation: labels that agents put on threads.

Source: livechat-public-docs, management/configuration-api (Tags).
"""

from dataclasses import dataclass

from lc_tutorial.sandbox.world.people import FERN_AND_FILTER, PAPER_LANTERN, Organization

MOST_TAGS = 1000  # assumed: that there is a limit; the property limits.tags.hard names none


@dataclass
class Tag:
    """A tag, and the groups whose threads it is for.

    Attributes:
        author_id: The id of the agent who made it; empty for one that was there from the start.
        created_at: Microseconds since the epoch.
    """

    name: str
    group_ids: list[int]
    author_id: str
    created_at: int


_OPENED = 1_735_722_000_000_000  # 2025-01-01, before the first of the seeded chats

# The tags of the seeded chats: those of the conversations, each with the group that it is about.
_SEEDED: dict[str, dict[int, tuple[str, ...]]] = {
    FERN_AND_FILTER.id: {
        0: ("brewing", "coffee", "gift", "opening hours", "spam", "subscription"),
        1: ("address", "damaged", "delivery", "discount", "payment", "returns"),
        2: ("light", "pests", "plant care", "watering"),
        3: ("invoice", "quote", "wholesale"),
    },
    PAPER_LANTERN.id: {0: ("opening hours", "order"), 1: ("delivery", "rare books")},
}
_EVERYWHERE = ("gave up waiting",)


def seeded_tags(organization: Organization) -> dict[str, Tag]:
    """Return the tags that an organisation has from the start, by their names."""
    named = {
        name: [group_id]
        for group_id, names in _SEEDED.get(organization.id, {}).items()
        for name in names
    }
    every = [group.id for group in organization.groups]
    named |= {name: list(every) for name in _EVERYWHERE}
    return {name: Tag(name, group_ids, "", _OPENED) for name, group_ids in named.items()}
