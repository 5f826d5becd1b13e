"""Sample JSON made JSON, and where a text stops being JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.json_comments import check, cleaned, problem_in

COMMENTS = "Comments were taken out of the JSON, which has none."
COMMA = "A comma before a closing bracket was taken out of the JSON."
BLANKS = "Spaces of a special kind were taken for plain ones."
CURLY = "Curly quotes in the JSON were taken for straight ones."


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        ('{"a": 1}', '{"a": 1}', ()),
        ('{"a": "x // y /* z */"}', '{"a": "x // y /* z */"}', ()),
        ('{"a": "“ \u00a0"}', '{"a": "“ \u00a0"}', ()),
        ("{\n  // payload\n}", "{\n}", (COMMENTS,)),
        ('{"a": 1,\n\n  // x\n"b": 2}', '{"a": 1,\n\n"b": 2}', (COMMENTS,)),
        ('{"a": 1 // one\n}', '{"a": 1\n}', (COMMENTS,)),
        ('{"u": "https://x//y", // "z"\n "b": 2}', '{"u": "https://x//y",\n "b": 2}', (COMMENTS,)),
        ('{/* a\n b */"a": 1}', '{"a": 1}', (COMMENTS,)),
        ('{"a": "\\"//", /**/ "b": 1}', '{"a": "\\"//", "b": 1}', (COMMENTS,)),
        ('{"a": 1,}', '{"a": 1}', (COMMA,)),
        ('{"a": [1,\n]\n,}', '{"a": [1\n]\n}', (COMMA,)),
        ('{"a": 1,\n // "b": 2\n}', '{"a": 1\n}', (COMMENTS, COMMA)),
        ('{"a": ",}", "b": 1,}', '{"a": ",}", "b": 1}', (COMMA,)),
        ('{\u00a0"a": 1}', '{ "a": 1}', (BLANKS,)),
        ("{“a”: „b“}", '{"a": "b"}', (CURLY,)),
    ],
)
def test_what_samples_have_and_json_has_not(
    text: str, expected: str, notes: tuple[str, ...]
) -> None:
    found = cleaned(text)
    assert found.text == expected
    assert set(found.notes) == set(notes)
    json.loads(found.text)


@pytest.mark.parametrize("text", ['{"a" 1}', "[1,,]", '{"a": "b}', "/* a", "", "hello"])
def test_what_can_not_be_mended_is_no_json_after_all(text: str) -> None:
    assert problem_in(cleaned(text).text) is not None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_json, st.sampled_from([None, 2]), st.booleans())
def test_json_stays_to_the_letter(data: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    assert cleaned(text).text == text
    assert problem_in(text) is None
    check(text)


@given(_json, st.lists(st.sampled_from(["// x\n", "/* x, } */", "/*\n*/", "//\n"]), min_size=1))
def test_comments_between_its_pieces_change_nothing(data: object, comments: list[str]) -> None:
    lines = json.dumps(data, indent=1).split("\n")
    mixed = [f"{line} {comments[at % len(comments)]}" for at, line in enumerate(lines)]
    assert json.loads(cleaned("\n".join(mixed)).text) == data


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('{\n  "limit" 5\n}', 2, 11, "A colon is missing"),
        ('{"a": 1\n "b": 2}', 2, 2, "A comma or a closing bracket is missing."),
        ("{'a': 1}", 1, 2, "Names stand in double quotes, not in single ones."),
        ("{a: 1}", 1, 2, "A name in double quotes is expected"),
        ("{\"a\": 'b'}", 1, 7, "Strings stand in double quotes, not in single ones."),
        ('{"a": }', 1, 7, "a value is missing"),
        ('{"a": x}', 1, 7, "A value is expected"),
        ('{"a": "b\nc"}', 1, 9, "a line break or a tab in a string"),
        ('{"a": "b', 1, 7, "no closing quote"),
        ('{"a": "\\q"}', 1, 8, "This backslash escapes nothing"),
        ('{"a": 1', 1, 8, "It ends too early"),
        ("", 1, 1, "It ends too early"),
        ("{} {}", 1, 4, "Something follows behind the end"),
        ("[" * 100_000, 1, 1, "nested too deep"),
        ("[NaN]", 1, 1, "JSON has no NaN."),
    ],
)
def test_the_place_and_the_reason(text: str, line: int, column: int, reason: str) -> None:
    problem = problem_in(text)
    assert problem is not None
    assert (problem.line, problem.column) == (line, column)
    assert reason in problem.reason
    assert str(problem).startswith(f"Line {line}, column {column}: ")
    with pytest.raises(InputError) as caught:
        check(text)
    assert str(problem) in caught.value.why


@pytest.mark.parametrize(
    "filling", ["/*", "//", '"', '"\\"', "/* ", ",", ", ", "{", " ", "\\", "*"]
)
def test_a_megabyte_ends(filling: str) -> None:
    """With the square of its length, each of these would take hours."""
    text = "{" + filling * (1_000_000 // len(filling))
    assert problem_in(cleaned(text).text) is not None
