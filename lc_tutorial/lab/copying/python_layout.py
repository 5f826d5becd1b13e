"""Python source as ruff and black would lay it out: literals, and calls that break over lines.

What fits stays on its line; what doesn't is broken at its brackets, one element a line with a comma
behind each. That comma makes the formatters leave it so, whatever line length is theirs.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from lc_tutorial.lab.request import REFERENCE

#: Both formatters' default.
LINE_LENGTH = 88

_INDENT = "    "


@dataclass(frozen=True)
class Brackets:
    """Something in brackets.

    Attributes:
        opening: such as ``requests.post(``.
        elements: each with what stands before it, such as ``timeout=``; else an empty text.
        closing: such as ``)``.
    """

    opening: str
    elements: tuple[tuple[str, "Node"], ...]
    closing: str


Node = str | Brackets


def lay_out(node: Node, *, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """Write it on one line if it fits, else over several.

    Args:
        node: what to write.
        indent: by how many steps the line is indented that it begins on.
        before: how many columns of that line are taken, beside the indent.
        after: how many come behind it on its last line.
    """
    flat = _flat(node)
    if isinstance(node, str) or not node.elements:
        return flat
    if len(_INDENT) * indent + before + width(flat) + after <= LINE_LENGTH:
        return flat
    inner = _INDENT * (indent + 1)
    lines = [
        f"{inner}{name}{lay_out(element, indent=indent + 1, before=width(name), after=1)},\n"
        for name, element in node.elements
    ]
    return f"{node.opening}\n{''.join(lines)}{_INDENT * indent}{node.closing}"


def _flat(node: Node) -> str:
    if isinstance(node, str):
        return node
    elements = ", ".join(f"{name}{_flat(element)}" for name, element in node.elements)
    return f"{node.opening}{elements}{node.closing}"


def width(text: str) -> int:
    """Columns. Formatters count a wide character as two; a doubtful one is taken for wide."""
    return sum(1 if unicodedata.east_asian_width(c) in ("Na", "N", "H") else 2 for c in text)


def string(text: str, expression: Callable[[str], str]) -> str:
    """A text with references as Python: a name, a literal, or an f-string.

    Args:
        text: with references.
        expression: the Python for a reference's name; it must have no quotes and no backslash.
    """
    parts = REFERENCE.split(text)
    if len(parts) == 3 and parts[0] == parts[2] == "":
        return expression(parts[1])
    written = "".join(parts[::2])
    quote = "'" if written.count('"') > written.count("'") else '"'
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f"{{{expression(part)}}}"
        else:
            part = "".join(_escaped(character, quote) for character in part)
            parts[index] = part.replace("{", "{{").replace("}", "}}") if len(parts) > 1 else part
    return f"{'f' if len(parts) > 1 else ''}{quote}{''.join(parts)}{quote}"


def _escaped(character: str, quote: str) -> str:
    return f"\\{quote}" if character == quote else repr(character)[1:-1]
