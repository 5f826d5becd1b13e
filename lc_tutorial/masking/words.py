"""A text as the mask looks at it: its letters alone, its long words, what looks random."""

import re
from collections.abc import Iterator
from functools import cached_property

#: The letters of base64url, in which codes, tokens and secrets are written.
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_OTHERS = bytes(sorted(set(range(256)) - set(_LETTERS)))

#: Those of Base64 in both alphabets become ones, all others blanks.
_ONES = bytes(ord("1") if byte in _LETTERS + b"+/=" else ord(" ") for byte in range(256))
_WORD = re.compile(rb"[A-Za-z0-9_-]+")

#: The shortest run that is looked for: what is issued has 27 characters and more.
#: Source: livechat-public-docs, authorization-in-practice.
SHORTEST_RUN = 20
_NEEDLE = b"1" * SHORTEST_RUN

#: Longer runs are no words but data: the Base64 of a picture.
_DATA = 512

#: For each character: lower case, upper case or digit.
_KINDS = {
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"),
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
    **dict.fromkeys("0123456789", "0"),
}
_CHANGE = re.compile(r"(.)(?!\1)")

_NAME = re.compile(r"[A-Za-z]+[0-9]*")

_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
_BREAK = re.compile(rb"\\[nrt]")
_BYTES = re.compile(rb"b(?=['\"])")


class View:
    """A text and what the mask sees in it; each of it is made once, and when it is needed.

    Args:
        text: any.
        breaks: whether the letter of an escaped line break is a mark, and no part of a word.
        bytes_: whether the b before a quotation mark is one.
    """

    def __init__(self, text: str, *, breaks: bool = True, bytes_: bool = True) -> None:
        self.text = text
        self._breaks = breaks
        self._bytes = bytes_

    @cached_property
    def readings(self) -> "list[View]":
        r"""This, and the text with fewer marks, where that is another one.

        Nobody can tell ``\n`` in a program's text from a backslash before an n, or the b of bytes
        from the last letter of a word that was divided.
        """
        if self.data == self._as_it_stands:
            return [self]
        others = [View(self.text, bytes_=False), View(self.text, breaks=False, bytes_=False)]
        return [*{view.data: view for view in (*others, self)}.values()]

    @cached_property
    def data(self) -> bytes:
        """A byte for each character, with blanks for what divides words and looks like letters."""
        data = self._as_it_stands
        if self._breaks and b"\\" in data:
            data = _BREAK.sub(b"  ", data)
        if self._bytes and ((b"'" in data and b"b'" in data) or (b'"' in data and b'b"' in data)):
            data = _BYTES.sub(_blank_unless_in_word, data)
        return data

    @cached_property
    def _as_it_stands(self) -> bytes:
        data = self.text.encode("latin-1", "replace")
        if b"\x1b" in data:
            data = _COLOUR.sub(lambda found: b" " * len(found[0]), data)
        return data

    @cached_property
    def letters(self) -> bytes:
        """The letters alone, without all that stands between them."""
        return self.data.translate(None, _OTHERS)

    @cached_property
    def blocks(self) -> memoryview:
        """The :attr:`letters` by eights, as numbers."""
        return memoryview(self.letters)[: len(self.letters) // 8 * 8].cast("Q")

    @cached_property
    def places(self) -> list[int]:
        """Where each of the :attr:`letters` stands."""
        letters = frozenset(_LETTERS)
        return [place for place, byte in enumerate(self.data) if byte in letters]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Where words of 20 letters and more begin and end, with all that Base64 is written in."""
        ones = self.data.translate(_ONES)
        runs = []
        end = 0
        while (begin := ones.find(_NEEDLE, end)) >= 0:
            end = ones.find(b" ", begin)
            if end < 0:
                end = len(ones)
            runs.append((begin, end))
        return runs

    def long_words(self) -> Iterator[tuple[int, int]]:
        """Where words of 20 letters and more begin and end.

        The Base64 of a picture or the like is passed over.
        """
        for begin, end in self.runs:
            if end - begin <= _DATA:
                for word in _WORD.finditer(self.data, begin, end):
                    if word.end() - word.start() >= SHORTEST_RUN:
                        yield word.span()


def _blank_unless_in_word(found: re.Match[bytes]) -> bytes:
    before = found.string[found.start() - 1 : found.start()]
    return b"b" if before.isalnum() or before in (b"_", b"'", b'"') else b" "


def looks_random(word: str, *, mixed: bool = True) -> bool:
    """Whether chance made this word, and no person who names things.

    >>> looks_random("Kx7_pQ2vLm9-Rt4Zb8Wc1Yd5Ne0")
    True
    >>> looks_random("GrantWithProofKeyForCodeExchange"), looks_random("not_a_random_word_at_all")
    (False, False)
    >>> looks_random("IXkiWauLhjobfcGgvvlCUQQeMfA")
    True

    Args:
        word: any.
        mixed: whether lower and upper case have to be in it; hexadecimal digits have one only.
    """
    if len(word) < 8 or (mixed and (word.islower() or word.isupper())):
        return False
    kinds = "".join(_KINDS.get(letter, "-") for letter in word)
    if len(set(kinds) - {"-"}) < 2:
        return False
    # In a name a capital begins a word; among letters that chance put there every second is one.
    if mixed and _NAME.fullmatch(word) and 3 * kinds.count("A") >= len(word) >= SHORTEST_RUN:
        return True
    changes = len(_CHANGE.findall(kinds)) - 1
    # Names in camel case change often, too.
    often = 2 if _NAME.fullmatch(word) else 3 if mixed else 4
    return changes * often >= len(word)
