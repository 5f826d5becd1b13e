"""Asking a sandbox which words it issued: when, how often, and what if it does not answer."""

import hashlib
from collections.abc import Collection, Iterator
from itertools import islice
from types import SimpleNamespace

import pytest
from fakes import fake

from lc_tutorial import masking
from lc_tutorial.masking import DOTS, issued, mask
from lc_tutorial.masking.words import looks_random

ISSUED = fake("refresh token")
OTHER = fake("something else")


class Sandbox:
    """Issued one value, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Collection[str]] = []
        self.is_late = False

    def __call__(self, digests: Collection[str]) -> Collection[str]:
        self.asked.append(set(digests))
        if self.is_late:
            raise TimeoutError
        return {hashlib.sha256(ISSUED.encode()).hexdigest()}.intersection(digests)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    masking.uninstall()
    masking.forget_all()
    made = Sandbox()
    masking.ask("stand-in", made)
    yield made
    masking.uninstall()
    masking.forget_all()


@pytest.mark.parametrize("text", ["{}", "'{}'", "https://x/{}?a=1", "a={}&b=1", "<td>{}</td>"])
def test_what_the_sandbox_issued_is_masked(sandbox: Sandbox, text: str) -> None:
    assert mask(text.format(ISSUED)) == text.format(DOTS)
    assert mask(text.format(OTHER)) == text.format(OTHER)


def test_it_is_known_from_then_on_and_in_all_its_forms(sandbox: Sandbox) -> None:
    mask(ISSUED)
    assert mask(ISSUED.encode().hex()) == DOTS


def test_each_word_is_asked_about_once(sandbox: Sandbox) -> None:
    for _ in range(3):
        mask(f"{ISSUED} {OTHER} {OTHER}")
    # With each of the four regions in front of it, and without.
    assert [len(asked) for asked in sandbox.asked] == [2 * 5]


def test_all_words_of_a_text_are_one_question(sandbox: Sandbox) -> None:
    mask(" ".join(fake(f"word {number}") for number in range(100)))
    assert len(sandbox.asked) == 1


_RANDOM = filter(looks_random, (fake(f"one of many {number}") for number in range(9_999)))
MANY = " ".join(islice(_RANDOM, 1_200))


def test_each_word_of_a_long_text_is_asked_about(sandbox: Sandbox) -> None:
    assert mask(f"{MANY} {ISSUED}") == f"{MANY} {DOTS}"
    assert [len(asked) for asked in sandbox.asked] == [512 * 5, 512 * 5, 177 * 5]


def test_words_whose_turn_comes_too_late_are_hidden(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([1000.0, *[1001.0] * 2, *[1003.0] * 100])
    monkeypatch.setattr(issued, "time", SimpleNamespace(monotonic=lambda: next(times)))
    shown = mask(f"{MANY} {ISSUED}").split()
    assert shown[:512] == MANY.split()[:512]
    assert set(shown[1_024:]) == {DOTS}
    # Those that were asked about are not hidden again.
    assert mask(MANY.partition(" ")[0]) == MANY.partition(" ")[0]


@pytest.mark.parametrize(
    "text",
    [
        "ordinary text, and AuthorizationCodeGrantWithProofKeyForCodeExchange",
        "b7eff798-f8df-4364-8059-649c35c9ed0c 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "PJ0MRSHTDG K600PKZON8_1 test_a_function_with_a_long_name_of_its_own",
        f"data:image/png;base64,{'iVBORw0KGgo/AAA+NSUhEUgAAb' * 100}",
        "",
    ],
)
def test_text_without_random_words_costs_no_question(sandbox: Sandbox, text: str) -> None:
    assert mask(text) == text
    assert sandbox.asked == []


def test_who_does_not_answer_in_time_may_have_issued_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issued, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    sandbox.is_late = True
    assert mask(f"a {ISSUED} b {OTHER}") == f"a {DOTS} b {DOTS}"
    sandbox.is_late = False
    assert mask(f"a {ISSUED} b {OTHER}") == f"a {DOTS} b {OTHER}"


def test_one_that_hangs_is_not_waited_for_again_and_again(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(issued, "time", SimpleNamespace(monotonic=lambda: now))

    def hangs(digests: Collection[str]) -> Collection[str]:
        nonlocal now
        now += 1
        return sandbox(digests)

    masking.ask("stand-in", hangs)
    sandbox.is_late = True
    shown = {mask(f"{ISSUED} {fake(f'line {number}')}") for number in range(100)}
    assert (shown, len(sandbox.asked)) == ({f"{DOTS} {DOTS}"}, 1)
    sandbox.is_late = False
    now += 11
    assert mask(f"a {ISSUED} b {OTHER}") == f"a {DOTS} b {OTHER}"


def test_what_a_question_displays_asks_no_question(sandbox: Sandbox) -> None:
    def question(digests: Collection[str]) -> Collection[str]:
        assert mask(OTHER) == OTHER
        return sandbox(digests)

    masking.ask("stand-in", question)
    assert mask(ISSUED) == DOTS
    assert len(sandbox.asked) == 1
