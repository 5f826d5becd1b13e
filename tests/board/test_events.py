"""What may travel: numbers, a few words, and one name."""

import msgspec
import pytest

from lc_tutorial.board import events
from tests.board.conftest import COURSE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mia", "Mia"),
        ("  Mia \n Kim\t", "Mia Kim"),
        ("Zoë Łukasz 李雷 محمد", "Zoë Łukasz 李雷 محمد"),
        ("\u202eaiM", "aiM"),
        ("M\x00i\x1ba\x7f", "Mia"),
        ("\u200b\u2060\ufeff", ""),
        ("👩\u200d💻", "👩\u200d💻"),
        ("<b>Mia</b>", "<b>Mia</b>"),
        ("x" * 50, "x" * 40),
        ("\ud800", ""),
        # What shows as an empty place, a joiner and marks with nothing to stand on.
        ("\u3164", ""),
        ("\u2800 \u2800", ""),
        ("\u200d", ""),
        ("\ufe0f\u034f", ""),
        ("7", "7"),
        (":-)", ":-)"),
    ],
)
def test_a_name_is_one_line_of_plain_text(text: str, shown: str) -> None:
    assert events.plain(text, events.MOST_OF_A_NAME) == shown


def test_every_error_has_words() -> None:
    assert set(events.WORDS) == set(events.ErrorName)


RIGHT = b'{"type":"step","notebook":1,"step":0,"state":"stuck","error":"check"}'


@pytest.mark.parametrize(
    "report",
    [
        RIGHT.replace(b'"check"', b'"dal:not-a-real-token"'),
        RIGHT.replace(b'"stuck"', b'"anything"'),
        RIGHT.replace(b'"notebook":1', b'"notebook":"1"'),
        RIGHT.replace(b'"notebook":1', b'"notebook":1234567890'),
        RIGHT.replace(b'"step":0', b'"step":-1'),
        RIGHT.replace(b"}", b',"cell":"x = 1"}'),
        RIGHT.replace(b'"step"', b'"cell"', 1),
        b'{"type":"answer","notebook":1,"question":0,"right":"my answer"}',
        b'"text"',
        b"null",
    ],
)
def test_nothing_else_is_understood(report: bytes) -> None:
    whole = b'{"edition":1,"reports":[%s]}'
    assert msgspec.json.decode(whole % RIGHT, type=events.Reports).reports
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(whole % report, type=events.Reports)


def strings_of(kind: type) -> set[str]:
    """The members of a structure in which any text could stand, as its schema says."""
    schema = msgspec.json.schema(kind)
    return {
        name
        for part in schema["$defs"].values()
        for name, member in part.get("properties", {}).items()
        if member.get("type") == "string" and "enum" not in member
    }


def test_a_report_has_no_place_for_a_text() -> None:
    assert strings_of(events.Reports) == set()
    assert strings_of(events.Join) == {"code", "name"}


def test_another_course_is_another_edition() -> None:
    other = msgspec.structs.replace(COURSE, notebooks=COURSE.notebooks[:1])
    assert COURSE.edition == msgspec.structs.replace(COURSE).edition != other.edition
