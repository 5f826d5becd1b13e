"""The room's address, however it was pasted."""

import pytest

from lc_tutorial.classroom.addresses import read_address
from lc_tutorial.errors import InputError


@pytest.mark.parametrize(
    ("text", "url", "code"),
    [
        ("http://127.0.0.1:8400/join/AB2D-EFGH", "http://127.0.0.1:8400/", "AB2D-EFGH"),
        (' "http://mia.local/join/AB2D" ', "http://mia.local/", "AB2D"),
        ("<HTTPS://Board.Example:8443/join/AB2D/>", "https://board.example:8443/", "AB2D"),
        ("http://[::1]:8400/join/AB2D", "http://[::1]:8400/", "AB2D"),
        ("https://hub.example/board/join/AB2D", "https://hub.example/board/", "AB2D"),
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
        ("", "http://"),
        ("AB2D-EFGH", "http://"),
        ("ftp://127.0.0.1/join/AB2D", "http://"),
        ("http://127.0.0.1:8400/", "code"),
        ("http://127.0.0.1:8400/join/", "code"),
        ("http://127.0.0.1:8400/teacher?key=not-a-real-key", "code"),
        ("http://mia:not-real@127.0.0.1/join/AB2D", "password"),
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
