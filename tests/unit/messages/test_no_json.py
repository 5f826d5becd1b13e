"""Where JSON breaks is the same in every Python."""

import json

import pytest

from lc_tutorial.messages.no_json import at_the_same_place

#: What Python 3.13 says of a comma too many, and where; and what is made of it.
COMMAS = {
    '{"limit": 10,}': ("object", 12, "Expecting property name enclosed in double quotes", 13),
    '{"limit": 10, \n}': ("object", 12, "Expecting property name enclosed in double quotes", 15),
    "[1,]": ("array", 2, "Expecting value", 3),
}


@pytest.mark.parametrize("text", COMMAS)
def test_a_comma_too_many_is_said_at_the_bracket(text: str) -> None:
    kind, comma, said, bracket = COMMAS[text]
    newer = json.JSONDecodeError(f"Illegal trailing comma before end of {kind}", text, comma)
    with pytest.raises(json.JSONDecodeError) as own:
        json.loads(text)
    for problem in (newer, own.value):
        same = at_the_same_place(problem)
        assert (same.msg, same.pos) == (said, bracket)


def test_all_else_is_as_python_says_it() -> None:
    problem = json.JSONDecodeError("Expecting value", "[1, ,2]", 4)
    assert at_the_same_place(problem) is problem
