import pytest

from lc_tutorial.sandbox.world.secret_values import new_password, new_secret, random_value, same


@pytest.mark.parametrize(
    ("secret", "given", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", "", False),
        ("ä", "ä", True),
        ("a", "\ud800", False),
    ],
)
def test_comparing_secrets(secret: str, given: str, equal: bool) -> None:
    assert same(secret, given) is equal


def test_no_two_are_alike() -> None:
    for new in (random_value, new_secret, new_password):
        assert len({new() for _ in range(100)}) == 100


def test_a_password_has_no_characters_that_look_alike() -> None:
    assert not set("".join(new_password() for _ in range(100))) & set("01ilo")
