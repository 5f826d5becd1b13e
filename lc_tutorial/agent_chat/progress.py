"""A progress bar for whoever looks, and silence for all others.

Somebody looks at a terminal, and at a notebook whose front end lets the kernel ask for input. What
runs a notebook by itself (nbconvert, nbval, papermill) never does, so its outputs stay as they are.
"""

import sys
from types import TracebackType
from typing import Any, Self


class Progress:
    """A bar while pages are read.

    Args:
        unit: what is counted, such as ``"chats"``.
        wanted: False for silence in any case.
    """

    def __init__(self, unit: str, *, wanted: bool) -> None:
        self._unit = unit
        self._wanted = wanted and somebody_looks()
        self._bar: Any = None

    def reached(self, items: int, found: int | None) -> None:
        """So many have come, of so many that there are, if that is known."""
        if not self._wanted:
            return
        if self._bar is None:
            self._bar = _kind_of_bar()(unit=f" {self._unit}", total=found)
        # What the platform says is an estimate.
        self._bar.total = max(found, items) if found is not None else None
        self._bar.update(items - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is None:
            return
        if kind is None:
            self._bar.total = self._bar.n
            self._bar.refresh()
        self._bar.close()


def somebody_looks() -> bool:
    """Whether a person sees what is shown now."""
    kernel = _kernel()
    if kernel is not None:
        return bool(getattr(kernel, "_allow_stdin", False))
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False


def _kernel() -> Any:
    # Not imported for this: without IPython there is no notebook.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None)


def _kind_of_bar() -> Any:
    # Not tqdm.auto: it takes any program that has imported a kernel's module for a notebook.
    if _kernel() is not None:
        from tqdm.notebook import tqdm as notebook_bar

        return notebook_bar
    from tqdm import tqdm

    return tqdm
