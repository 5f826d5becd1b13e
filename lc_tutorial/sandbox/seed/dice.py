"""Chance that falls the same way every time, on every machine and Python.

Everything is made of `Random.random`, the one method whose sequence Python promises not to change,
and of plain arithmetic, which floating point does alike everywhere.
"""

import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

# What a duration is multiplied by: mostly near 1, now and then much more, as waiting times are.
_FACTORS = (0.35, 0.45, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.7, 2.2, 3.2)


class Dice:
    """A source of chance with its own seed."""

    def __init__(self, seed: int) -> None:
        self.roll = random.Random(seed).random  # noqa: S311  (nothing secret is made of it)

    def chance(self, probability: float) -> bool:
        """Return True that often."""
        return self.roll() < probability

    def pick(self, sequence: Sequence[T]) -> T:
        """Return one of them, each as likely."""
        return sequence[int(self.roll() * len(sequence))]

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def around(self, median: float) -> float:
        """Return a duration that is about that long, sometimes three times as long."""
        return median * self.pick(_FACTORS) * (0.9 + 0.2 * self.roll())

    def code(self) -> str:
        """Return ten capital letters and digits, as the platform's ids of chats and threads are."""
        number, characters = int(self.roll() * 36**9), ["T"]
        for _ in range(9):
            number, digit = divmod(number, 36)
            characters.append(_DIGITS[digit])
        return "".join(characters)

    def uuid(self) -> str:
        """Return a UUID of version 4."""
        roll = self.roll
        return (
            f"{int(roll() * 2**32):08x}-{int(roll() * 2**16):04x}-4{int(roll() * 2**12):03x}"
            f"-{'89ab'[int(roll() * 4)]}{int(roll() * 2**12):03x}-{int(roll() * 2**48):012x}"
        )


class Weighted(Generic[T]):
    """Things to pick from, some more often than others."""

    def __init__(self, things: Iterable[T], weights: Iterable[float]) -> None:
        self._things = list(things)
        self._limits = list(accumulate(weights))

    def pick(self, dice: Dice) -> T:
        """Return one of them, as often as its weight says."""
        return self._things[bisect(self._limits, dice.roll() * self._limits[-1])]
