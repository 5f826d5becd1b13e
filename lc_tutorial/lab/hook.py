"""The hook through which all that this kernel sends with ``requests`` passes, to be recorded.

It is there from the first cell on, and so it is light: :mod:`history`, and what that is made of, is
imported with the first request that is recorded.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import requests

#: The paths of the sandbox that no platform has.
_OWN_PATHS = "/_sandbox/"

_recording: ContextVar[bool] = ContextVar("lc_recording", default=True)


def install() -> None:
    """Record what this kernel sends from now on. Does nothing the second time."""
    current = requests.Session.send
    # After a reload of this module the hook of the one before is still there.
    original = getattr(current, "lc_original", current)
    if getattr(current, "lc_recorder", None) is _recording_send:
        return
    requests.Session.send = _recording_send(original)  # type: ignore[method-assign]


def uninstall() -> None:
    """Stop recording. For tests."""
    current: Any = requests.Session.send
    if hasattr(current, "lc_original"):
        requests.Session.send = current.lc_original  # type: ignore[method-assign]


@contextlib.contextmanager
def unrecorded() -> Iterator[None]:
    """Record nothing of what this thread sends meanwhile."""
    before = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(before)


def _recording_send(original: Callable[..., requests.Response]) -> Any:
    @functools.wraps(original)
    def send(
        session: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        if not _recording.get() or _OWN_PATHS in str(request.url).partition("?")[0]:
            return original(session, request, **options)
        from lc_tutorial.lab.history import record

        return record(original, session, request, options)

    send.lc_original = original  # type: ignore[attr-defined]
    send.lc_recorder = _recording_send  # type: ignore[attr-defined]
    return send
