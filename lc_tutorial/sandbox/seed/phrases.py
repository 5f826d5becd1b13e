"""The conversations that the seeded chats are made of, read from text files.

The files are in the folder `conversations`, one for each organisation; the first explains the
form. They are written for people to read and add to.
"""

from dataclasses import dataclass, field
from pathlib import Path

from lc_tutorial.sandbox.world import FERN_AND_FILTER, PAPER_LANTERN, Organization

PLANTS = (
    "Monstera deliciosa",
    "Calathea orbifolia",
    "Ficus lyrata",
    "Boston fern",
    "Pilea peperomioides",
    "Snake plant",
    "String of pearls",
    "Alocasia Polly",
    "Olive tree",
    "Bird of paradise",
)
COFFEES = (
    "Guji Natural",
    "Huila Washed",
    "Cerrado Pulped Natural",
    "Kirinyaga AA",
    "Antigua Honey",
    "House Espresso",
    "Decaf Sugar Cane",
)

_FILES = {FERN_AND_FILTER.id: "fern_and_filter.txt", PAPER_LANTERN.id: "paper_lantern.txt"}


@dataclass(slots=True)
class Line:
    """One thing that happens in a conversation.

    `kind` is "c" (the customer says it), "a" (the agent says it) or another kind of event;
    `wordings` are the texts to choose from, `english` is the same for agents who need that.
    """

    kind: str
    wordings: list[str]
    english: str | None = None


@dataclass(slots=True)
class Script:
    """A conversation about one topic, and how often it happens."""

    tags: list[str]
    group_id: int
    language: str
    weight: int
    upset: bool = False
    sale: bool = False
    summary: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def load(organization: Organization) -> list[Script]:
    """Read all conversations of an organisation; one that the sandbox did not seed has none."""
    name = _FILES.get(organization.id)
    if name is None:
        return []
    file = Path(__file__).with_name("conversations") / name
    return parse(file.read_text(encoding="utf-8"), organization)


def parse(text: str, organization: Organization) -> list[Script]:
    """Parse conversations; see the head of `conversations/fern_and_filter.txt` for their form."""
    group_ids = {group.name: group.id for group in organization.groups}
    scripts: list[Script] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        mark, _, rest = line.partition(" ")
        if line.startswith("["):
            scripts.append(_script(line, group_ids))
        elif mark == "•":
            scripts[-1].summary.append(line)
        elif mark == "|":
            scripts[-1].lines[-1].wordings.append(rest)
        elif mark == "=":
            scripts[-1].lines[-1].english = rest
        else:
            scripts[-1].lines.append(Line(mark, [rest]))
    return scripts


def _script(head: str, group_ids: dict[str, int]) -> Script:
    tags, _, rest = head[1:].partition("] ")
    group, language, weight, *flags = rest.split(", ")
    return Script(
        tags=tags.split(", "),
        group_id=group_ids[group],
        language=language,
        weight=int(weight),
        upset="upset" in flags,
        sale="sale" in flags,
    )
