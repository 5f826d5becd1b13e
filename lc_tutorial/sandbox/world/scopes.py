"""Access scopes: what an app may do on behalf of a person.

A scope is written `resource[--reach]:access`, for example `chats--access:ro`. Reaches and accesses
contain each other, and so a broader scope answers for a narrower one.

Source: livechat-public-docs, authorization/scopes and src/constants.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

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
_TABLE = """
chats--all:ro                     administrator  read any chats
chats--access:ro                  normal         read chats with my access
chats--my:ro                      normal         read my chats
chats--all:rw                     administrator  read and change any chats
chats--access:rw                  normal         read and change chats with my access
chats--my:rw                      normal         read and change my chats
chats.conversation--all:rw        administrator  read any chats and write in them
chats.conversation--access:rw     normal         read chats with my access and write in them
chats.conversation--my:rw         normal         read my chats and write in them
customers:ro                      normal         read customers
customers:rw                      normal         read, change and create customers
customers:own                     administrator  act as a customer in the Customer Chat API
customers.ban:rw                  normal         ban customers
agents--my:ro                     normal         read my agent profile
agents--my:rw                     normal         change my agent profile
agents--all:ro                    normal         read all agent profiles
agents--all:rw                    administrator  change all agent profiles
agents-bot--my:ro                 administrator  read my bots
agents-bot--my:rw                 administrator  read and change my bots
agents-bot--all:ro                normal         read all bots
agents-bot--all:rw                administrator  read and delete all bots
groups--my:ro                     normal         read groups that I belong to
groups--my:rw                     administrator  read and change groups that I belong to
groups--all:ro                    normal         read all groups
groups--all:rw                    administrator  read and change all groups
access_rules:ro                   administrator  read the rules that route chats
access_rules:rw                   administrator  read and change the rules that route chats
canned_responses--groups:ro       normal         read canned responses of my groups
canned_responses--groups:rw       administrator  read and change canned responses of my groups
canned_responses--all:ro          administrator  read all canned responses
canned_responses--all:rw          administrator  read and change all canned responses
tags--groups:ro                   normal         read tags of my groups
# assumed: the source gives these two to no role by itself, so any role may grant them.
tags--groups:rw                   normal         read and change tags of my groups
tags--all:ro                      normal         read all tags  # assumed: as above
tags--all:rw                      administrator  read and change all tags
multicast:rw                      normal         send data to agents and customers
properties--my:ro                 administrator  read the set-up of my properties
properties--my:rw                 administrator  read and change the set-up of my properties
properties--all:ro                administrator  read the set-up of all properties
properties.configuration:rw       administrator  read and change the set-up of my integrations' properties
properties.license.value--my:rw   administrator  read and change my properties of the license
properties.license.value--all:rw  administrator  read and change all public properties of the license
properties.group.value--my:rw     administrator  read and change my properties of groups
properties.group.value--all:rw    administrator  read and change all public properties of groups
webhooks--my:ro                   administrator  read my webhooks
webhooks--my:rw                   administrator  read and change my webhooks
webhooks--all:ro                  administrator  read all webhooks
webhooks--all:rw                  administrator  read and delete all webhooks
webhooks.state:ro                 administrator  read whether my webhooks are on
webhooks.state:rw                 administrator  turn my webhooks on and off
webhooks.configuration:rw         administrator  set webhooks up
# The accounts service calls its lowest role "member", which is "normal" in LiveChat.
accounts--my:ro                   normal         read my account
accounts--my:rw                   normal         read and change my account
accounts--all:ro                  normal         read all accounts of the organization
accounts--all:rc                  normal         read and create accounts
accounts--all:rw                  administrator  read and change all accounts
accounts.roles--all:ro            normal         read the roles of all accounts
accounts.roles--all:rw            administrator  read and change the roles of all accounts
accounts.roles.lc--all:rw         administrator  read and change the LiveChat roles of all accounts
sessions--my:ro                   normal         read where I am signed in
sessions--my:rw                   normal         read and end my sign-ins
organization--my:rw               owner          read and change the organization
"""  # noqa: E501


def _read(table: str) -> Iterator[Scope]:
    """Read a table of name, least role and label, with remarks behind a number sign."""
    for line in table.splitlines():
        row = line.partition("#")[0].split(maxsplit=2)
        if row:
            name, role, label = row
            yield Scope(name, label.strip(), cast(Role, role))


#: The catalogue by name, in the order in which the Console lists it.
CATALOGUE: dict[str, Scope] = {scope.name: scope for scope in _read(_TABLE)}

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
