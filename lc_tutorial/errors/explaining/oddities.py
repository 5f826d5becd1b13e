"""What is odd about a value by its looks, as the rest of a sentence.

What a character is, what hides a value and what a placeholder looks like is said in
:mod:`lc_tutorial.pasting`.
"""

from lc_tutorial.pasting import (
    QUOTES,
    hidden_in,
    is_blank,
    placeholder_in,
    placeholders_within,
    shows_nothing,
)

_NAMES = {"\n": "a line break", "\r": "a line break", "\t": "a tab", " ": "a space"}


def oddity(value: str) -> str:
    """What makes a value one that can't be right, as the rest of a sentence; empty for none.

    >>> oddity("dal:x ")
    'has a space at its end'
    >>> oddity('"dal:x"')
    'has quotation marks around it'
    """
    if not value:
        return ""
    if value in ("None", "null", "undefined"):
        return f"is the word {value}: the variable that it came from was empty"
    if value.startswith("Secret("):
        return "is how a Secret shows itself, not its value"
    if hidden_in(value):
        return "has the dots in it that stand for a hidden value: it was copied from an output"
    # Without a mark in front it may be a word of the platform's own, such as authorization_code.
    marked = not value[0].isalnum() and placeholder_in(value)
    if marked or placeholders_within(value):
        return "is still a placeholder"
    for where, character in (("at its end", value[-1]), ("in front", value[0])):
        if name := _blank(character):
            return f"has {name} {where}"
    if value[0] in QUOTES or value[-1] in QUOTES:
        return "has quotation marks around it" if len(value) > 1 else "is a quotation mark"
    inside = next((name for character in value if (name := _blank(character))), "")
    return f"has {inside} in it" if inside else ""


def _blank(character: str) -> str:
    if character in _NAMES:
        return _NAMES[character]
    if shows_nothing(character):
        return "an invisible character"
    return "a space of another kind" if is_blank(character) else ""
