"""What the forms accepted and received: an app, a code, a personal access token.

It is the kernel's, not a widget's: a step once done stays done when its cell runs again.
"""

import threading
from dataclasses import dataclass

from lc_tutorial.masking import Secret
from lc_tutorial.memory.kernel import SeenApp, SeenCode, note_code, note_personal_token
from lc_tutorial.memory.kernel import forget_all as forget_what_was_seen


@dataclass(frozen=True)
class Arrival:
    """A code that answered a request.

    Attributes:
        code: itself.
        seen: what is known of it.
        state_came_back: whether the request's state came with it.
    """

    code: str
    seen: SeenCode
    state_came_back: bool = True


@dataclass(frozen=True)
class EnteredPersonalToken:
    """A personal access token that was entered.

    Attributes:
        account_id: whose it is.
        token: itself.
    """

    account_id: str
    token: Secret


_lock = threading.Lock()
#: By the accounts service that knows the app.
_entered: dict[str, SeenApp] = {}
#: By the state of the request that the code answers.
_arrivals: dict[str, Arrival] = {}
#: By the accounts service that knows it.
_personal_tokens: dict[str, EnteredPersonalToken] = {}
_caught_up = threading.Event()


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


def note_arrival(state: str, code: str, *, state_came_back: bool = True) -> Arrival:
    """The request with this state was answered with this code."""
    arrival = Arrival(str(code), note_code(code, state), state_came_back)
    with _lock:
        _arrivals[str(state)] = arrival
    return arrival


def arrived_code(state: str) -> Arrival | None:
    """The code that answered the request with this state."""
    with _lock:
        return _arrivals.get(str(state))


def forget_arrival(state: str) -> None:
    """Whoever received a code for this request starts over."""
    with _lock:
        _arrivals.pop(str(state), None)


def note_entered_personal_token(origin: str, account_id: str, token: Secret) -> None:
    """A form accepted this personal access token for its platform, in the place of another."""
    note_personal_token(token)
    with _lock:
        _personal_tokens[origin] = EnteredPersonalToken(account_id, token)


def entered_personal_token(origin: str) -> EnteredPersonalToken | None:
    """The personal access token that a form accepted for the platform of this service."""
    with _lock:
        return _personal_tokens.get(origin)


def note_caught_up() -> None:
    """Note that this kernel was given the steps' results in one go, by ``lc.catch_up``."""
    _caught_up.set()


def has_caught_up() -> bool:
    """Whether it was."""
    return _caught_up.is_set()


def forget_all() -> None:
    """Forget everything, also what was seen. For tests."""
    with _lock:
        _entered.clear()
        _arrivals.clear()
        _personal_tokens.clear()
    _caught_up.clear()
    forget_what_was_seen()
