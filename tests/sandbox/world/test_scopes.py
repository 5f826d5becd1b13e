import pytest

from lc_tutorial.sandbox.world import scopes


@pytest.mark.parametrize(
    ("granted", "needed", "enough"),
    [
        # Source: livechat-public-docs, authorization/scopes, "General rules"
        ("chats--all:ro", "chats--all:ro", True),
        ("chats--all:rw", "chats--all:ro", True),
        ("chats--all:ro", "chats--all:rw", False),
        ("chats--access:ro", "chats--my:ro", True),
        ("chats--my:ro", "chats--access:ro", False),
        ("chats--all:ro", "chats--access:ro", True),
        ("chats--all:ro", "chats--my:ro", True),
        ("chats--access:ro", "chats--all:ro", False),
        ("chats--all:rw", "chats--my:ro", True),
        ("chats--my:rw", "chats--all:ro", False),
        ("customers:rw", "customers:ro", True),
        ("customers:ro", "customers:rw", False),
        ("accounts--all:rc", "accounts--my:ro", True),
        ("accounts--all:rc", "accounts--all:rw", False),
        ("webhooks.state:rw", "webhooks.state:ro", True),
        # other resources say nothing
        ("chats--all:rw", "agents--all:ro", False),
        ("agents--all:ro", "agents-bot--all:ro", False),
        ("customers:rw", "customers.ban:rw", False),
        ("customers:rw", "customers:own", False),
        # Source: livechat-public-docs, authorization/scopes, "Accessing parts of chat"
        ("chats--all:rw", "chats.conversation--all:rw", True),
        ("chats.conversation--all:rw", "chats--all:ro", True),
        ("chats.conversation--access:rw", "chats--my:ro", True),
        ("chats.conversation--access:rw", "chats--all:ro", False),
        ("chats.conversation--all:rw", "chats--all:rw", False),
        ("chats--all:ro", "chats.conversation--all:rw", False),
        # assumed
        ("tags--all:rw", "tags--groups:ro", True),
        ("tags--groups:rw", "tags--all:ro", False),
        # nonsense grants itself and nothing else
        ("all", "chats--all:ro", False),
        ("", "chats--all:ro", False),
        ("chats--all:", "chats--all:ro", False),
    ],
)
def test_what_contains_what(granted: str, needed: str, enough: bool) -> None:
    assert scopes.grants([granted], needed) is enough


def test_one_scope_of_several_is_enough_and_none_is_not() -> None:
    assert scopes.grants(["customers:ro", "chats--all:ro"], "chats--access:ro")
    assert not scopes.grants([], "chats--access:ro")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" ", []),
        (",", []),
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        ("a b", ["a", "b"]),
        (" a , b\tc,,a ", ["a", "b", "c"]),
    ],
)
def test_commas_and_spaces_both_separate(text: str, names: list[str]) -> None:
    assert scopes.parse(text) == names


def test_commas_are_written() -> None:
    assert scopes.join(["chats--all:ro", "chats--my:ro"]) == "chats--all:ro,chats--my:ro"


# Source: livechat-public-docs, src/constants
@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("chats--all:ro", "administrator"),
        ("chats--access:ro", "normal"),
        ("chats--my:ro", "normal"),
        ("agents--all:ro", "normal"),
        ("groups--all:ro", "normal"),
        ("customers:own", "administrator"),
        ("organization--my:rw", "owner"),
    ],
)
def test_the_role_that_a_scope_takes(name: str, role: scopes.Role) -> None:
    least = scopes.ROLES.index(role)
    for rank, each in enumerate(scopes.ROLES):
        assert scopes.may_grant(each, name) is (rank >= least)


def test_nobody_can_grant_what_is_not_in_the_catalogue() -> None:
    assert not scopes.may_grant("owner", "chats--everything:ro")


def test_every_scope_has_a_label_of_its_own() -> None:
    labels = [scope.label for scope in scopes.CATALOGUE.values()]
    assert len(set(labels)) == len(labels) > 50
    assert scopes.label("chats--all:ro") == "read any chats"
    assert scopes.label("unheard:of") == "unheard:of"
