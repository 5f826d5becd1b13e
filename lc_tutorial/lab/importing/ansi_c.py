"""What stands for what in ``$'…'``, as browsers write it that copy a request.

Source: the Bash reference manual, "ANSI-C Quoting".
"""

import re

from lc_tutorial.errors import InputError

_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))",
    re.DOTALL,
)
_LETTERS = {"a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_LAST = 0x10FFFF


def unescaped(text: str) -> str:
    """The text that is meant. Hexadecimal and octal digits stand for bytes of UTF-8.

    Args:
        text: between the quotes.

    Raises:
        InputError: the bytes are no text.
    """
    made, at = bytearray(), 0
    for found in _ESCAPE.finditer(text):
        made += text[at : found.start()].encode("utf-8", "surrogatepass") + _bytes_of(found)
        at = found.end()
    made += text[at:].encode("utf-8", "surrogatepass")
    try:
        # By way of UTF-16, where the two halves of a character meet.
        halves = bytes(made).decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
        plain = halves.decode("utf-16")
    except UnicodeDecodeError:
        raise _binary() from None
    if "\0" in plain:
        raise _binary()
    return plain


def _bytes_of(found: re.Match[str]) -> bytes:
    byte, short, long, octal, control, letter = found.groups()
    if byte or octal:
        return bytes([int(byte, 16) if byte else int(octal, 8) & 255])
    if short or long:
        return chr(min(int(short or long, 16), _LAST)).encode("utf-8", "surrogatepass")
    if control:
        return bytes([ord(control.upper()) & 31])
    if letter in _LETTERS:
        return bytes([_LETTERS[letter]])
    return (letter if letter in "\\'\"?" else f"\\{letter}").encode("utf-8", "surrogatepass")


def _binary() -> InputError:
    return InputError(
        what="There is binary data in this command.",
        why="What is quoted with $'…' is no text.",
        remedy="Paste a request whose body is text, such as JSON or a form.",
    )
