"""What is printed in pieces: a secret that they divide is masked wherever it is divided."""

import base64
import pprint
import textwrap
from collections.abc import Callable

import pytest
from fakes import KINDS, left_of, pair

from lc_tutorial import masking
from lc_tutorial.masking.streams import Streams
from tests.drawn import examples

SECRET = "not-a-real-secret-0123456789"


@pytest.mark.parametrize("has_ended", [False, True])
@pytest.mark.parametrize("at", range(1, len(SECRET)))
def test_a_secret_is_masked_in_two_pieces(at: int, has_ended: bool) -> None:
    """Also where the second piece comes when its cell has ended: from a descriptor, for example."""
    masking.remember(SECRET)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", f"{'x' * 40} {SECRET[:at]}", shown.append)
    if has_ended:
        streams.release()
    streams.pass_on("stdout", f"{SECRET[at:]} and more\n", shown.append)
    streams.release()
    text = "".join(shown)
    assert [SECRET[n : n + 6] for n in range(len(SECRET) - 5) if SECRET[n : n + 6] in text] == []
    assert text.startswith("x" * 40)
    assert text.endswith(" and more\n")


#: Ways to write a secret otherwise, or divided.
FORMS: dict[str, Callable[[str], str]] = {
    "letter by letter": lambda v: " ".join(v),
    "a list of letters": lambda v: str(list(v)),
    "a letter a line": lambda v: "\n".join(v),
    "lines": lambda v: "\n".join(textwrap.wrap(v, 7)),
    "escaped lines": lambda v: repr("\n".join(textwrap.wrap(v, 7))),
    "in colours": lambda v: "".join(f"\x1b[31m{letter}\x1b[0m" for letter in v),
    "Base64": lambda v: base64.b64encode(v.encode()).decode(),
    "Base64 of a pair": pair,
    "Base64 of a pair, letter by letter": lambda v: " ".join(pair(v)),
    "wrapped Base64": lambda v: base64.encodebytes(pair(v).encode()).decode(),
    "hex": lambda v: v.encode().hex(),
    "hex with colons": lambda v: v.encode().hex(":"),
    "divided by pprint": lambda v: pprint.pformat(f"xx{v}xx".encode(), width=20),
    "cut in the middle": lambda v: f"{v[:12]}...{v[-13:]}",
    "cut in the middle, in brackets": lambda v: f"{v[:12]}<...>{v[-13:]}",
    "a cut pair": lambda v: f"{pair(v)[:19]} [...] {pair(v)[-14:]}",
}


@pytest.mark.parametrize("has_ended", [False, True])
@pytest.mark.parametrize("kind", ["refresh token", "personal access token"])
@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_secret_is_shown_in_two_pieces(form: str, kind: str, has_ended: bool) -> None:
    value = KINDS[kind]
    masking.remember(value)
    written = f"It is {FORMS[form](value)}, or so.\n"
    for at in range(1, len(written), 5 // examples(5)):
        streams, shown = Streams(), list[str]()
        streams.pass_on("stdout", written[:at], shown.append)
        if has_ended:
            streams.release()
        streams.pass_on("stdout", written[at:], shown.append)
        streams.release()
        # Five letters at the end of a cell may be the end of a word.
        assert len(left_of(value, "".join(shown))) <= has_ended, at
        assert "".join(shown).startswith("It is ")
        assert "".join(shown).endswith(", or so.\n")


def test_a_secret_that_ends_as_it_begins_is_masked() -> None:
    value = "abcNot4RealSecret012345abc"
    masking.remember(value)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", value[:12], shown.append)
    streams.pass_on("stdout", value[12:], shown.append)
    streams.release()
    assert left_of(value, "".join(shown)) == []


@pytest.mark.parametrize("end", ["Loading...done", "12 of ...", "and so on… x"])
def test_what_stands_behind_an_ellipsis_is_shown_at_the_end_of_a_cell(end: str) -> None:
    masking.remember(SECRET)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", end, shown.append)
    streams.release()
    assert "".join(shown) == end


def test_letters_with_which_a_divided_secret_begins_are_shown_where_they_end_a_text() -> None:
    masking.remember(SECRET)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", "They are n, o, t", shown.append)
    assert shown == ["They are "]
    streams.release()
    assert "".join(shown) == "They are n, o, t"


def test_a_word_that_ends_as_a_secret_begins_is_shown() -> None:
    masking.remember(SECRET)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", "It is not", shown.append)
    streams.release()
    streams.pass_on("stdout", "Another cell", shown.append)
    streams.release()
    assert "".join(shown) == "It is notAnother cell"
