"""In which state each of a million things was last met, in sixteen bytes each.

A dict of Python numbers takes ten times as much. What was met lately is in one; what was met before
lies sorted in arrays, of which each is at least twice as long as the next, so that there are few.
To join two takes as much again for a moment, so those that are long enough stay as they are: the
moment then costs the same, however many things there are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# So many are in the dict. A pull of fewer needs no arrays.
_LATELY = 8_192

# No more are in an array, 2 to 4 MB.
_TOGETHER = 262_144


class Seen:
    """The states by keys; both are numbers of 64 bits, as ``hash`` gives them."""

    def __init__(self) -> None:
        self._lately: dict[int, int] = {}
        self._before: list[tuple[Any, Any]] = []

    def states(self, keys: Sequence[int]) -> list[int | None]:
        """In which state each was last met; None where it never was."""
        found = [self._lately.get(key) for key in keys]
        if self._before and None in found:
            self._look_back(keys, found)
        return found

    def _look_back(self, keys: Sequence[int], found: list[int | None]) -> None:
        """Put the states of those in which were met before they were put away."""
        import numpy as np

        places = np.array([place for place, state in enumerate(found) if state is None])
        wanted = np.array([keys[place] for place in places], np.int64)
        for there, states in self._before[::-1]:
            at = there.searchsorted(wanted)
            is_there = there.take(at, mode="clip") == wanted
            if not is_there.any():
                continue
            for place, state in zip(places[is_there], states[at[is_there]], strict=True):
                found[place] = int(state)
            places, wanted = places[~is_there], wanted[~is_there]

    def meet(self, states: Mapping[int, int]) -> None:
        """Know these states from now on."""
        self._lately |= states
        if len(self._lately) >= _LATELY:
            self._put_away()

    def _put_away(self) -> None:
        import numpy as np

        keys = np.fromiter(self._lately.keys(), np.int64, len(self._lately))
        states = np.fromiter(self._lately.values(), np.int64, len(self._lately))
        self._lately = {}
        order = keys.argsort()
        layer = (keys[order], states[order])
        while self._before and _go_together(len(self._before[-1][0]), len(layer[0])):
            layer = _joined(self._before.pop(), layer)
        self._before.append(layer)


def _go_together(older: int, newer: int) -> bool:
    return older < 2 * newer and older + newer <= _TOGETHER


def _joined(older: tuple[Any, Any], newer: tuple[Any, Any]) -> tuple[Any, Any]:
    """Both in one; of equal keys the newer one's state."""
    import numpy as np

    keys = np.concatenate([older[0], newer[0]])
    states = np.concatenate([older[1], newer[1]])
    order = keys.argsort(kind="stable")
    keys, states = keys[order], states[order]
    is_last = np.append(keys[1:] != keys[:-1], [True])
    return keys[is_last], states[is_last]
