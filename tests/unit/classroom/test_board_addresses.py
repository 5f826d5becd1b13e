"""The room's address, however it was pasted."""

import pytest

from lc_tutorial.classroom.addresses import read_address
from lc_tutorial.errors import InputError

AT = "http://127.0.0.1:8400/"
HERE = f"{AT}join/AB2D-EFGH"


@pytest.mark.parametrize(
    ("text", "url", "code"),
    [
        (HERE, AT, "AB2D-EFGH"),
        (' "http://mia.local/join/AB2D" ', "http://mia.local/", "AB2D"),
        ("<HTTPS://Board.Example:8443/join/AB2D/>", "https://board.example:8443/", "AB2D"),
        ("http://[::1]:8400/join/AB2D", "http://[::1]:8400/", "AB2D"),
        ("https://hub.example/board/join/AB2D", "https://hub.example/board/", "AB2D"),
        # As it is copied: with blanks, quotes, a line that was broken, a dash of a word processor.
        (f"\n\t {HERE}\u00a0\n", AT, "AB2D-EFGH"),
        (f"\u200b{HERE}\u2060", AT, "AB2D-EFGH"),
        (f"“{HERE}”", AT, "AB2D-EFGH"),
        (f"{HERE}.", AT, "AB2D-EFGH"),
        ("http://127.0.0.1:8400/join/AB2D-\n  EFGH", AT, "AB2D-EFGH"),
        ("http://127.0.0.1:8400/join/AB2D–EFGH", AT, "AB2D-EFGH"),
        (f'  lc.join("{HERE}", name="…")\n', AT, "AB2D-EFGH"),
        (f"join('{HERE}')", AT, "AB2D-EFGH"),
        (f'{HERE}", name="Mia")'.partition(",")[0], AT, "AB2D-EFGH"),
    ],
)
def test_an_address(text: str, url: str, code: str) -> None:
    address = read_address(text)
    assert (address.url, address.code) == (url, code)
    assert code not in repr(address)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "NoneType"),
        (5, "int"),
        ("", "It is empty"),
        (' "" ', "It is empty"),
        ("AB2D-EFGH", "It has to begin with http://"),
        ("Mia", "It has to begin with http://"),
        ("http://", "It has to begin with http://"),
        ("http:///join/AB2D", "It has to begin with http://"),
        ("http:/127.0.0.1/join/AB2D", "It has to begin with http://"),
        ("ftp://127.0.0.1/join/AB2D", "It has to begin with http://"),
        ("127.0.0.1:8400/join/AB2D", "http:// or https:// is missing at its beginning"),
        ("mia.local:8400/join/AB2D", "http:// or https:// is missing at its beginning"),
        ("http://127.0.0.1:8400/", "code of the room is missing"),
        ("http://127.0.0.1:8400/join/", "code of the room is missing"),
        ("http://127.0.0.1:8400/AB2D-EFGH", "code of the room is missing"),
        ("http://127.0.0.1:8400/join/AB2D/lab", "is no code of a room"),
        ("http://127.0.0.1:8400/join/…", "is no code of a room"),
        ("http://127.0.0.1:8400/teacher?key=not-a-real-key", "teacher's own address"),
        ("http://mia:not-real@127.0.0.1/join/AB2D", "a name or a password"),
        ("http://[::1/join/AB2D", "can't be read"),
        ("http://127.0.0.1:99999/join/AB2D", "can't be read"),
        ("https://127.0.0.1/join/AB2D?cert=ab", "cut off"),
    ],
)
def test_none(text: object, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        read_address(text)
    assert "not-a-real-key" not in str(caught.value)


def test_who_reads_on_the_way() -> None:
    assert read_address("http://192.0.2.7/join/AB2D").is_open_to_readers
    assert not read_address("https://192.0.2.7/join/AB2D").is_open_to_readers
    assert not read_address("http://localhost:80/join/AB2D").is_open_to_readers
