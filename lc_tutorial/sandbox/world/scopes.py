"""Access scopes: what an app may do on behalf of a person.

A scope is written `resource[--reach]:access`, for example `chats--access:ro`. Reaches and accesses
contain each other, and so a broader scope answers for a narrower one.

Source: livechat-public-docs, authorization/scopes and src/constants.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Role = Literal["normal", "administrator", "owner"]

#: Each role may do what the roles before it may.
ROLES: tuple[Role, ...] = ("normal", "administrator", "owner")

#: What the product calls them.
ROLE_NAMES: dict[Role, str] = {"normal": "Agent", "administrator": "Admin", "owner": "Owner"}


@dataclass(frozen=True)
class Scope:
    """One scope of the catalogue.

    Attributes:
        name: As it is sent, for example "chats--all:ro".
        label: What it allows, in words for the Console and the consent page.
        role: The least role that a person must have to grant it.
    """

    name: str
    label: str
    role: Role


# The labels of the three chats scopes that the tutorial uses are the Console's own.
# Source: livechat-public-docs, authorization/authorization-in-practice (its screenshots).
_SCOPES: tuple[Scope, ...] = (
    Scope("chats--all:ro", "read any chats", "administrator"),
    Scope("chats--access:ro", "read chats with my access", "normal"),
    Scope("chats--my:ro", "read my chats", "normal"),
    Scope("chats--all:rw", "read and change any chats", "administrator"),
    Scope("chats--access:rw", "read and change chats with my access", "normal"),
    Scope("chats--my:rw", "read and change my chats", "normal"),
    Scope("chats.conversation--all:rw", "read any chats and write in them", "administrator"),
    Scope("chats.conversation--access:rw", "read chats with my access and write in them", "normal"),
    Scope("chats.conversation--my:rw", "read my chats and write in them", "normal"),
    Scope("customers:ro", "read customers", "normal"),
    Scope("customers:rw", "read, change and create customers", "normal"),
    Scope("customers:own", "act as a customer in the Customer Chat API", "administrator"),
    Scope("customers.ban:rw", "ban customers", "normal"),
    Scope("agents--my:ro", "read my agent profile", "normal"),
    Scope("agents--my:rw", "change my agent profile", "normal"),
    Scope("agents--all:ro", "read all agent profiles", "normal"),
    Scope("agents--all:rw", "change all agent profiles", "administrator"),
    Scope("agents-bot--my:ro", "read my bots", "administrator"),
    Scope("agents-bot--my:rw", "read and change my bots", "administrator"),
    Scope("agents-bot--all:ro", "read all bots", "normal"),
    Scope("agents-bot--all:rw", "read and delete all bots", "administrator"),
    Scope("groups--my:ro", "read groups that I belong to", "normal"),
    Scope("groups--my:rw", "read and change groups that I belong to", "administrator"),
    Scope("groups--all:ro", "read all groups", "normal"),
    Scope("groups--all:rw", "read and change all groups", "administrator"),
    Scope("access_rules:ro", "read the rules that route chats", "administrator"),
    Scope("access_rules:rw", "read and change the rules that route chats", "administrator"),
    Scope("canned_responses--groups:ro", "read canned responses of my groups", "normal"),
    Scope(
        "canned_responses--groups:rw",
        "read and change canned responses of my groups",
        "administrator",
    ),
    Scope("canned_responses--all:ro", "read all canned responses", "administrator"),
    Scope("canned_responses--all:rw", "read and change all canned responses", "administrator"),
    Scope("tags--groups:ro", "read tags of my groups", "normal"),
    # assumed: the source gives these two to no role by itself, so any role may grant them.
    Scope("tags--groups:rw", "read and change tags of my groups", "normal"),
    Scope("tags--all:ro", "read all tags", "normal"),  # assumed: as above
    Scope("tags--all:rw", "read and change all tags", "administrator"),
    Scope("multicast:rw", "send data to agents and customers", "normal"),
    Scope("properties--my:ro", "read the set-up of my properties", "administrator"),
    Scope("properties--my:rw", "read and change the set-up of my properties", "administrator"),
    Scope("properties--all:ro", "read the set-up of all properties", "administrator"),
    Scope(
        "properties.configuration:rw",
        "read and change the set-up of my integrations' properties",
        "administrator",
    ),
    Scope(
        "properties.license.value--my:rw",
        "read and change my properties of the license",
        "administrator",
    ),
    Scope(
        "properties.license.value--all:rw",
        "read and change all public properties of the license",
        "administrator",
    ),
    Scope(
        "properties.group.value--my:rw",
        "read and change my properties of groups",
        "administrator",
    ),
    Scope(
        "properties.group.value--all:rw",
        "read and change all public properties of groups",
        "administrator",
    ),
    Scope("webhooks--my:ro", "read my webhooks", "administrator"),
    Scope("webhooks--my:rw", "read and change my webhooks", "administrator"),
    Scope("webhooks--all:ro", "read all webhooks", "administrator"),
    Scope("webhooks--all:rw", "read and delete all webhooks", "administrator"),
    Scope("webhooks.state:ro", "read whether my webhooks are on", "administrator"),
    Scope("webhooks.state:rw", "turn my webhooks on and off", "administrator"),
    Scope("webhooks.configuration:rw", "set webhooks up", "administrator"),
    # The accounts service calls its lowest role "member", which is "normal" in LiveChat.
    Scope("accounts--my:ro", "read my account", "normal"),
    Scope("accounts--my:rw", "read and change my account", "normal"),
    Scope("accounts--all:ro", "read all accounts of the organization", "normal"),
    Scope("accounts--all:rc", "read and create accounts", "normal"),
    Scope("accounts--all:rw", "read and change all accounts", "administrator"),
    Scope("accounts.roles--all:ro", "read the roles of all accounts", "normal"),
    Scope("accounts.roles--all:rw", "read and change the roles of all accounts", "administrator"),
    Scope(
        "accounts.roles.lc--all:rw",
        "read and change the LiveChat roles of all accounts",
        "administrator",
    ),
    Scope("sessions--my:ro", "read where I am signed in", "normal"),
    Scope("sessions--my:rw", "read and end my sign-ins", "normal"),
    Scope("organization--my:rw", "read and change the organization", "owner"),
)

#: The catalogue by name, in the order in which the Console lists it.
CATALOGUE: dict[str, Scope] = {scope.name: scope for scope in _SCOPES}

_FORM = re.compile(r"(?P<resource>[a-z_.-]+?)(?:--(?P<reach>[a-z]+))?:(?P<access>[a-z]+)")
_REACHES = {
    "all": {"all", "access", "my", "groups"},  # assumed for "groups": the source names the others
    "access": {"access", "my"},
}
_ACCESSES = {"rw": {"rw", "ro"}, "rc": {"rc", "ro"}}


def parse(text: str) -> list[str]:
    """Split a `scope` parameter at commas and spaces; both are seen in clients.

    Returns:
        The names in the order given, each once.
    """
    return [name for name in dict.fromkeys(re.split(r"[,\s]+", text)) if name]


def join(names: Iterable[str]) -> str:
    """Write scopes as the token endpoint does: with commas."""
    return ",".join(names)


def label(name: str) -> str:
    """Return what a scope allows in words, or its name where it is not in the catalogue."""
    scope = CATALOGUE.get(name)
    return scope.label if scope else name


def may_grant(role: Role, name: str) -> bool:
    """Whether a person with this role can give an app this scope."""
    scope = CATALOGUE.get(name)
    return scope is not None and ROLES.index(role) >= ROLES.index(scope.role)


def grants(granted: Collection[str], needed: str) -> bool:
    """Whether the scopes `granted` allow what `needed` stands for.

    `rw` contains `ro`; `all` contains `access` and `my`; `access` contains `my`.
    """
    return any(_contains(broad, needed) for broad in granted)


def _contains(broad: str, narrow: str) -> bool:
    if broad == narrow:
        return True
    outer, inner = _FORM.fullmatch(broad), _FORM.fullmatch(narrow)
    if outer is None or inner is None:
        return False
    reach = outer["reach"], inner["reach"]
    if reach[0] != reach[1] and reach[1] not in _REACHES.get(reach[0] or "", ()):
        return False
    if outer["resource"] == inner["resource"]:
        return inner["access"] in _ACCESSES.get(outer["access"], {outer["access"]})
    # chats:rw is reading and writing both conversation and meta data; chats.conversation:rw is
    # writing the conversation and reading both.
    return (outer["resource"], outer["access"], inner["resource"], inner["access"]) in {
        ("chats", "rw", "chats.conversation", "rw"),
        ("chats.conversation", "rw", "chats", "ro"),
    }
