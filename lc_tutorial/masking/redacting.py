"""What is secret in a text, and dots in its place.

A value is secret because it is known as such, in any of its forms; because it has the shape of a
platform token; because of the name of its field; or because the sandbox says that it issued it.
:mod:`lc_tutorial.masking.output` applies this to all that a kernel displays.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, chain
from typing import Any, NamedTuple, Self

from lc_tutorial.masking import cut, issued
from lc_tutorial.masking.derived import REGIONS, decoded, without_region
from lc_tutorial.masking.known import DOTS, Forms, Span, known_forms, learn, remember
from lc_tutorial.masking.named import SECRET_FIELDS, looks_secret, named_values
from lc_tutorial.masking.words import View

# Codes and access tokens carry their region in front; refresh tokens did once.
# Source: livechat-public-docs, authorization/oauth-authorization.
_REGION = r"(?:dal|fra-[ab]|fra)(?::|%(?:25)*3[Aa])"
_SHAPE = re.compile(rf"{_REGION}([A-Za-z0-9_-]{{10,}})")
_BEGINNINGS = tuple(f"{region}{mark}" for region in REGIONS for mark in ":%")
_WHOLE_SHAPE = re.compile(rf"{_REGION}([A-Za-z0-9_-]{{20,}})")
# What may stand before it though it ends in a letter or a digit, unlike the rest of a word
# ("medal:"): a colour, an escaped line break, an encoded character.
_BEFORE_SHAPE = re.compile(r"(?:\dm|\\[nrt]|%[0-9A-Fa-f]{2})\Z")

# Strings that pprint divides, as Python puts them together again: from the line's end on, since a
# line break is found faster than a quotation mark.
_DIVIDED = re.compile(r"""\n(?<=['"]\n)\s*[bf]?['"]""")

# Base64 of an account id or a client id, a colon, and what has to follow: RFC 7617.
_PAIR = re.compile(r"(?i)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}):[!-~]{8,}")
# What it looks like: hexadecimal digits begin so, and in the Base64 of ASCII is no + and no /, but
# for three signs. In front may be all that stands in addresses, an encoded sign among it.
_PAIR_ENCODED = re.compile(
    rb"(?<![A-Za-z0-9])(?:(?<=%)(?:25)*[0-9A-F]{2})*"
    rb"([MNOQRYZ][A-Za-z0-9]{43,511})([+/_-][A-Za-z0-9+/_-]{0,511})?=*"
)

#: Characters of a secret that can be held back; and of a text in which it is divided.
_LONGEST_BEGINNING, _LONGEST_DIVIDED = 512, 2048

#: Characters of the shortest text that can hold one: of a secret four, and an ellipsis.
_SHORTEST_TEXT = 5


class Secret(str):
    """A string that shows itself as dots and is sent as it is.

    Only its ``repr`` is masked, which is what a notebook shows of a value. ``str()``, f-strings,
    form bodies and headers hold the value. Creating one makes the value known to :func:`mask`.

    >>> Secret("dal:not-a-real-token-at-all")
    Secret('dal:••••••••')
    """

    __slots__ = ()

    def __new__(cls, value: str = "") -> Self:
        """Make a secret of a string, and remember it."""
        remember(value)
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return f"Secret({_dots(self)!r})" if self else "Secret('')"


def holds_secret(text: str) -> bool:
    """Whether the text holds a remembered value, or a whole token of the platform's shape."""
    found = chain(known_forms().find(View(text)), _shaped(text, _WHOLE_SHAPE))
    return any(True for _ in found)


def mask(text: str) -> str:
    """The text with dots in the place of every secret in it.

    Masks known values in all their forms, the platform's tokens, the values of secret fields in
    whatever layout, ``Authorization`` headers, and what the connected sandbox issued. All else
    stays as it is.
    """
    return mask_after(text, 0)


def mask_after(text: str, start: int) -> str:
    """The rest of a text from there on, masked; what is in front of it was shown before."""
    if len(text) < _SHORTEST_TEXT:
        return text[start:]
    view = View(text)
    spans = [*(_by_looks_together(text) if _DIVIDED.search(text) else _by_looks(view))]
    spans += issued.doubtful(view)
    forms = known_forms()
    spans += forms.find(view)
    spans += cut.pieces(text, forms)
    return _with_dots(text, spans, start)


def learn_from(text: str) -> None:
    """Mask from here on, wherever it stands, what a text gives away by a name or a shape."""
    for _ in _by_looks(View(text)):
        pass


class Beginning(NamedTuple):
    """What may be the beginning of a known secret, at the end of a text.

    Attributes:
        length: in characters of the text.
        letters: how many of these are the secret's; the others divide it.
    """

    length: int = 0
    letters: int = 0


def beginning_of_secret(text: str) -> Beginning:
    """Find what may be the beginning of a known secret at the end of a text, in any form.

    Fewer than three letters are none: a word can end with them.
    """
    forms = known_forms()
    after_ellipsis = cut.begun(text, forms)
    whole = _longest_beginning(text, forms, words_only=False)
    found = max(Beginning(after_ellipsis, after_ellipsis), Beginning(whole, whole))
    # A word may be divided, such as letter by letter. And a b at the end may be that of bytes.
    around = text[-_LONGEST_DIVIDED:]
    for reading in View(f"{around}'").readings if forms.starts else ():
        if letters := _longest_beginning(reading.letters.decode(), forms, words_only=True):
            found = max(found, Beginning(len(around) - reading.places[-letters], letters))
    # A secret that is there whole may end as one begins: without its end it would not be found.
    held_from = len(text) - found.length
    spans = forms.find(View(text)) if found.length else ()
    return Beginning() if any(begin < held_from < end for begin, end in spans) else found


def _longest_beginning(text: str, forms: Forms, *, words_only: bool) -> int:
    """How many characters at the end of a text are the beginning of a form of a secret; or 0."""
    for length in range(min(len(text), _LONGEST_BEGINNING), 2, -1):
        end = text[-length:]
        for form in forms.starts.get(end[:3], ()):
            is_cut = len(form.text) > length and form.text.startswith(end)
            if is_cut and (form.is_word or not words_only):
                return length
    return 0


def find_secrets(text: str) -> list[tuple[str, str]]:
    """What looks like a secret in a text, whether it was remembered or not.

    Returns:
        The name of its field, an empty string where only its shape tells, or ``basic_credential``
        for a pair in Base64; and the value as it stands in the text, which may be percent-encoded.
    """
    view = View(text)
    found = [(named.whole, named.name) for named in named_values(view) if named.name]
    found += [(shape[0], "") for shape in _shaped(text, _WHOLE_SHAPE)]
    found += [(text[begin:end], "basic_credential") for begin, end, _ in _pairs(view)]
    first = dict(reversed(found))
    return [(first[value], value) for value in dict.fromkeys(value for value, _ in found)]


def find_known(text: str) -> list[str]:
    """What is known to be secret in a text, in whatever form it stands there."""
    spans = known_forms().find(View(text))
    return list(dict.fromkeys(text[begin:end] for begin, end in spans))


def mask_data(data: Any) -> Any:
    """The same for data as JSON has it: lists, dicts and strings, at any depth.

    A value whose key is a secret field is masked whole, and so are keys that hold a secret. Images
    are left alone.
    """
    _learn_from(data)
    return _masked(data)


def _masked(data: Any) -> Any:
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, Mapping):
        masked: dict[Any, Any] = {}
        for key, value in data.items():
            shown = mask(key) if isinstance(key, str) else key
            while shown in masked:
                # Two secrets look the same, and both of their values are there.
                shown = f"{shown}•"
            masked[shown] = _masked_value(key, value)
        return masked
    if isinstance(data, list | tuple):
        return [_masked(value) for value in data]
    return data


def _masked_value(key: Any, value: Any) -> Any:
    if isinstance(value, str):
        if key in SECRET_FIELDS and looks_secret(key, value):
            return _dots(value)
        if isinstance(key, str) and key.startswith("image/") and "svg" not in key:
            return value
    return _masked(value)


def _learn_from(data: Any) -> None:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, str) and key in SECRET_FIELDS:
                # As a text, to be judged as one.
                for named in named_values(View(f'"{key}": "{value}"')):
                    if named.is_certain:
                        learn([named.whole])
            else:
                _learn_from(value)
    elif isinstance(data, list | tuple):
        for value in data:
            _learn_from(value)


def _by_looks(view: View) -> Iterator[Span]:
    """What is a secret by its name or its shape. It is a secret elsewhere, too, from here on."""
    certain = []
    for named in named_values(view):
        if named.is_certain:
            begin, end = named.span
            certain.append(view.text[begin:end])
        yield named.span
    for shape in _shaped(view.text, _SHAPE):
        certain.append(shape[1])
        yield shape.span(1)
    for begin, end, pair in _pairs(view):
        certain.append(pair)
        yield begin, end
    learn(certain)


def _by_looks_together(text: str) -> Iterator[Span]:
    """The same for a text with strings that were divided."""
    lines = []
    end = 0
    for divider in _DIVIDED.finditer(text):
        lines.append((end, divider.start() - 1))
        end = divider.end()
    lines.append((end, len(text)))
    # Where each line begins when they are together.
    starts = list(accumulate((end - begin for begin, end in lines), initial=0))

    def origin(place: int) -> int:
        line = bisect_right(starts, place) - 1
        return lines[line][0] + place - starts[line]

    for begin, end in _by_looks(View("".join(text[begin:end] for begin, end in lines))):
        yield origin(begin), origin(end - 1) + 1


def _shaped(text: str, shape: re.Pattern[str]) -> Iterator[re.Match[str]]:
    # Looking for it takes long, and most texts have none of it.
    if not (":" in text or "%" in text):
        return
    if not ("dal" in text or "fra" in text) or not any(begin in text for begin in _BEGINNINGS):
        return
    for found in shape.finditer(text):
        # The end of a word, and what follows it, is no token.
        before = text[max(0, found.start() - 3) : found.start()]
        if not before[-1:].isalnum() or _BEFORE_SHAPE.search(before):
            yield found


def _pairs(view: View) -> Iterator[tuple[int, int, str]]:
    """Pairs of an id and a secret in Base64: from where to where, and the pair in clear."""
    for begin, end in view.runs:
        for found in _PAIR_ENCODED.finditer(view.data, begin, end):
            # What follows in an address may not belong to it.
            for last in dict.fromkeys((found.end(), found.end(1))):
                pair = decoded(view.text[found.start(1) : last])
                if _PAIR.fullmatch(pair):
                    yield found.start(1), last, pair
                    break


def _with_dots(text: str, spans: Iterable[Span], start: int) -> str:
    made: list[str] = []
    end = start
    for first, last in sorted(span for span in spans if span[1] > start):
        if first >= end or not made:
            made += [text[end : max(first, end)], DOTS]
        end = max(end, last)
    return "".join([*made, text[end:]])


def _dots(value: str) -> str:
    """Dots for a value; its region, which is no secret, stays."""
    secret = without_region(value)
    return value[: len(value) - len(secret)] + DOTS
