"""What is printed in pieces: a secret that they divide is masked wherever it is divided."""

import pytest

from lc_tutorial import masking
from lc_tutorial.masking.streams import Streams

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


def test_a_word_that_ends_as_a_secret_begins_is_shown() -> None:
    masking.remember(SECRET)
    streams, shown = Streams(), list[str]()
    streams.pass_on("stdout", "It is not", shown.append)
    streams.release()
    streams.pass_on("stdout", "Another cell", shown.append)
    streams.release()
    assert "".join(shown) == "It is notAnother cell"
