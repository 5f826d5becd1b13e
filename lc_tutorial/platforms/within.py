"""An answer within so many seconds, or none.

A library's timeout counts from byte to byte: who sends one now and then is waited for without end.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, ask: Callable[[], _T]) -> _T:
    """What a function returns, or raises, if it does so in time.

    Args:
        seconds: to wait for it. It is not ended then, but left alone: it needs limits of its own.
        ask: the function. It runs in a thread.

    Raises:
        TimeoutError: it did not.
    """
    outcome: Future[_T] = Future()

    def run() -> None:
        try:
            outcome.set_result(ask())
        except BaseException as problem:  # noqa: BLE001  (it belongs to whoever asked)
            outcome.set_exception(problem)

    threading.Thread(target=run, name="lc-within", daemon=True).start()
    return outcome.result(timeout=seconds)
