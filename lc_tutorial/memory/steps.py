"""What the forms of steps 1 and 2 accepted and received.

It is the kernel's, not a widget's: a step once done stays done when its cell runs again.
"""

import threading

from .kernel import SeenApp, SeenCode, note_code, seen_code
from .kernel import forget_all as forget_what_was_seen

_lock = threading.Lock()
#: By the accounts service that knows the app.
_entered: dict[str, SeenApp] = {}
#: By the state of the request that the code answers.
_arrivals: dict[str, str] = {}


def note_entered(app: SeenApp) -> None:
    """A form accepted this app for its platform, in the place of the one before."""
    with _lock:
        _entered[app.origin] = app


def entered_app(origin: str) -> SeenApp | None:
    """The app that a form accepted for the platform of this accounts service."""
    with _lock:
        return _entered.get(origin)


def forget_entered(origin: str) -> None:
    """Whoever entered an app for this platform starts over."""
    with _lock:
        _entered.pop(origin, None)


def note_arrival(state: str, code: str) -> SeenCode:
    """The request with this state was answered with this code."""
    with _lock:
        _arrivals[str(state)] = str(code)
    return note_code(code, state)


def arrived_code(state: str) -> tuple[str, SeenCode] | None:
    """The code that answered the request with this state, and what is known of it."""
    with _lock:
        code = _arrivals.get(str(state))
    seen = seen_code(code) if code is not None else None
    return (code, seen) if code is not None and seen is not None else None


def forget_arrival(state: str) -> None:
    """Whoever received a code for this request starts over."""
    with _lock:
        _arrivals.pop(str(state), None)


def forget_all() -> None:
    """Forget everything, also what was seen. For tests."""
    with _lock:
        _entered.clear()
        _arrivals.clear()
    forget_what_was_seen()
