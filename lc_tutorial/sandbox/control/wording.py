"""Why an order is refused, in plain words: msgspec speaks of Python's types and of paths."""

import re

_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "an object",
}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}

#: What msgspec says, and what is said in its place, of the field that is meant.
_SAYINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), "{name} is {type1}, and this is {type2}"),
    (
        re.compile(r"Expected `str` of length (>=|<=) (\d+)"),
        "{name} has {bound1} {2} characters",
    ),
    (re.compile(r"Expected `array` of length (>=|<=) (\d+)"), "{name} has {bound1} {2} entries"),
    (
        re.compile(r"Expected `(?:int|float)(?: \| null)?` (>=|<=|>|<) ([\d.e+-]+?)(?:\.0)?"),
        "{name} is {bound1} {2}",
    ),
    (
        re.compile(r"Expected `str` matching regex '\^\[([^\]])([^\]])\]'"),
        "{name} begins with {1} or {2}",
    ),
    (re.compile(r"Expected `str` matching regex .*"), "{name} is not written as it has to be"),
    (re.compile(r"Invalid enum value (.+)"), "{name} can't be {1}"),
    (re.compile(r"Object missing required field `([^`]+)`"), "{1} is missing"),
    (re.compile(r"Object contains unknown field `([^`]+)`"), "there is no {1} to set"),
    (
        re.compile(r"(?:JSON is malformed|Input data was truncated|Invalid UTF-8).*"),
        "it is no JSON",
    ),
)


def in_words(error: ValueError) -> str:
    """Say what is wrong with an order.

    Args:
        error: msgspec's, or one of our own, whose words stay as they are.

    >>> in_words(ValueError("Expected `int`, got `str` - at `$.number`"))
    'number is a whole number, and this is a text'
    """
    what, _, where = str(error).partition(" - at ")
    name = where.strip("`").removeprefix("$").lstrip(".") or "an order"
    for pattern, saying in _SAYINGS:
        found = pattern.fullmatch(what)
        if found is not None:
            return _filled(saying, name, found.groups())
    return str(error)


def _filled(saying: str, name: str, parts: tuple[str, ...]) -> str:
    words = {"name": name}
    for number, part in enumerate(parts, start=1):
        words[str(number)] = part
        words[f"bound{number}"] = _BOUNDS.get(part, part)
        words[f"type{number}"] = " or ".join(_TYPES.get(one, one) for one in part.split(" | "))
    return re.sub(r"\{(\w+)\}", lambda found: words[found[1]], saying)
