"""What an explanation says of itself: whether its cause is known."""

import ast
import re
from pathlib import Path

import pytest

from lc_tutorial import errors
from lc_tutorial.errors import InputError, Known, Likely, Place, shown_in
from lc_tutorial.errors.explaining.oddities import oddity

PACKAGE = Path(errors.__file__).parents[1]
CLIENT_SIDE = [path for path in PACKAGE.rglob("*.py") if "sandbox" not in path.parts]


def test_a_guess_is_shown_as_one() -> None:
    guess = InputError("What.", Likely("a letter is missing."), "Do.")
    assert guess.why == "Likely a letter is missing."
    assert guess.cause == Likely("a letter is missing.")
    assert InputError("What.", "A letter is missing.").cause == Known("A letter is missing.")


@pytest.mark.parametrize("path", CLIENT_SIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nobody_guesses_in_the_words_of_a_fact(path: Path) -> None:
    """What begins with "Likely" has that type, wherever an error is made."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert re.match(r"Likely \w", node.value) is None, node.value


def test_a_place_holds_for_what_is_done_in_it() -> None:
    assert Place.here() is Place.CELL
    with shown_in(Place.FORM):
        assert Place.here() is Place.FORM
    assert Place.here() is Place.CELL


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("", ""),
        ("dal:x", ""),
        ("v" * 43, ""),
        ("dal:x\n", "has a line break at its end"),
        ("dal:x\r\n", "has a line break at its end"),
        ("dal:x\t", "has a tab at its end"),
        (" dal:x", "has a space in front"),
        ("dal:x\u00a0", "has a space of another kind at its end"),
        ("\ufeffdal:x", "has an invisible character in front"),
        ("dal:x\u200by", "has an invisible character in it"),
        ("dal:x\u2060", "has an invisible character at its end"),
        ("dal:x\u2009y", "has a space of another kind in it"),
        ("'dal:x'", "has quotation marks around it"),
        ("“dal:x”", "has quotation marks around it"),
        ("`dal:x`", "has quotation marks around it"),
        ("<your_token>", "is still a placeholder"),
        ("{{access_token}}", "is still a placeholder"),
        ("$TOKEN", "is still a placeholder"),
        ("…", "has the dots in it that stand for a hidden value: it was copied from an output"),
        ("None", "is the word None: the variable that it came from was empty"),
        ("Secret('dal:x')", "is how a Secret shows itself, not its value"),
    ],
)
def test_what_is_odd_about_a_value(value: str, what: str) -> None:
    assert oddity(value) == what
