"""Work on what has come while one waits for more: the network leaves the processor idle."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

_Item = TypeVar("_Item")


class Worker(Generic[_Item]):
    """Works on items one after the other, in the order in which they are given, as a context.

    Its end waits until all is done. What the work raises ends the context, and nothing else is
    worked on: also where by then something else was raised, but an interrupt.

    Args:
        work: what to do with an item.
    """

    def __init__(self, work: Callable[[_Item], None]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, "lc_tutorial-tables")
        self._may_start = True
        self._last: Future[None] | None = None

    def start(self, item: _Item) -> None:
        """Work on an item in a thread of its own: once the one before is done, to which this waits.

        That takes up to a quarter more of the processor's time than :meth:`do`.

        Raises:
            Exception: what the work on the item before raised.
        """
        self._wait()
        if self._may_start:
            try:
                self._last = self._thread.submit(self._work, item)
            except RuntimeError:
                # Python is ending, or the system gives us no more threads.
                self._may_start = False
            else:
                return
        self._work(item)

    def do(self, item: _Item) -> None:
        """Work on an item here.

        Raises:
            Exception: what the work on this item raised, or on the one before.
        """
        self._wait()
        self._work(item)

    def check(self) -> None:
        """Raise at once what the work has raised, if it has."""
        if self._last and self._last.done():
            self._wait()

    def _wait(self) -> None:
        last, self._last = self._last, None
        if last:
            try:
                last.result()
            finally:
                # What is raised must not hold itself, and so all that was on its way.
                del last

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        last, self._last = self._last, None
        failed = last.exception() if last else None
        if failed and (problem is None or isinstance(problem, Exception)):
            try:
                raise failed from problem
            finally:
                del failed, last
