"""What the mask does with a text grows as the text does, whatever the text is made of.

Counted are the lines that it runs and the characters that its patterns match: no speed.
"""

import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from fakes import KINDS, fake, pair

from lc_tutorial import masking
from lc_tutorial.masking import DOTS, cut, derived, known, mask, named, redacting, words

MODULES = (cut, derived, known, named, redacting, words)

TOKEN = KINDS["refresh token"]

#: What is repeated; each time with its number, where it has a place for one.
REPEATED = {
    "names with a short value": "access_token=x1",
    "names beside a semicolon": ";access_token=Aa1",
    "names beside a blank": " access_token=Aa1;",
    "names in quotation marks": "*access_token='",
    "names in one value": "'code='acode=",
    "names of headers": "authorization: basic ",
    "quotation marks": "'",
    "quotation marks in lines": "'\n",
    "escaped quotation marks": 'code\\\\\\"',
    "equals signs": "=",
    "parameters": "a=b&",
    "percent escapes": "dal%25",
    "regions": "dal:",
    "tokens": "dal:{}abcdefghijk ",
    "Base64": "QUJD",
    "words of Base64": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo= ",
    "nested JSON": '{{"access_token":[',
    "ellipses": "…",
    "long words and ellipses": f"{'a' * 300}...",
    "pieces of a secret and ellipses": f"{TOKEN[:8]}...",
    "a secret": f"{TOKEN} ",
    "a secret, together": TOKEN,
    "a secret, divided": " ".join(TOKEN),
    "pieces of a secret": f"{TOKEN[:12]} ",
    "a pair, together": pair(TOKEN),
    "a pair within other Base64": f"{'A' * 200}{pair(TOKEN)}",
    "colours": "\x1b[0;31m",
    "blank lines": "\n",
}


class Counted:
    """A pattern that counts what it matches."""

    def __init__(self, pattern: re.Pattern[Any], count: Callable[[int], None]) -> None:
        self.pattern = pattern.pattern
        self._pattern = pattern
        self._count = count

    def _counted(self, found: re.Match[Any] | None) -> re.Match[Any] | None:
        self._count(1 + (found.end() - found.start() if found else 0))
        return found

    def match(self, *given: Any) -> re.Match[Any] | None:
        return self._counted(self._pattern.match(*given))

    def search(self, *given: Any) -> re.Match[Any] | None:
        return self._counted(self._pattern.search(*given))

    def fullmatch(self, *given: Any) -> re.Match[Any] | None:
        return self._counted(self._pattern.fullmatch(*given))

    def finditer(self, *given: Any) -> Iterator[re.Match[Any] | None]:
        return map(self._counted, self._pattern.finditer(*given))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """How much is done for a text."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more

    for module in MODULES:
        for name, value in vars(module).copy().items():
            if isinstance(value, re.Pattern):
                monkeypatch.setattr(module, name, Counted(value, count))
    files = {module.__file__ for module in MODULES}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            count(1)
        return trace if frame.f_code.co_filename in files else None

    def counted(text: str) -> int:
        nonlocal done
        done = 0
        masking.forget_all()
        for value in KINDS.values():
            masking.remember(value)
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            mask(text)
        finally:
            sys.settrace(before)
        return done

    return counted


def text_of(repeated: str, length: int) -> str:
    return "".join(map(repeated.format, range(length // len(repeated))))


@pytest.mark.parametrize("kind", REPEATED)
def test_four_times_the_text_is_four_times_the_work(kind: str, work: Callable[[str], int]) -> None:
    repeated = REPEATED[kind]
    short, long = text_of(repeated, 3_000), text_of(repeated, 12_000)
    assert work(long) <= 5 * work(short)


def test_of_many_secrets_in_one_text_the_last_are_learned() -> None:
    masking.forget_all()
    many = [fake(f"one of many, {number}") for number in range(1_000)]
    shown = mask("".join(f"refresh_token={value}&" for value in many))
    assert shown == f"refresh_token={DOTS}&" * 1_000
    assert mask(many[-1]) == DOTS
    assert mask(many[0]) == many[0]


def test_what_is_longer_than_a_credential_is_masked_at_its_name_only() -> None:
    masking.forget_all()
    value = "Aa1-" * 2_000
    assert mask(f"access_token={value}&") == f"access_token={DOTS}&"
    assert mask(value) == value


@pytest.mark.parametrize("place", [0, 1, 7, 400])
def test_a_long_secret_is_found_wherever_it_stands(place: int) -> None:
    masking.forget_all()
    value = "".join(fake(f"piece {number}") for number in range(20))
    masking.remember(value)
    masking.remember(TOKEN)
    assert mask(f"{' ' * place}{value} {TOKEN}") == f"{' ' * place}{DOTS} {DOTS}"
    # Divided, too.
    assert value[:20] not in mask("x" * place + "\n".join([value[:99], value[99:]]))
