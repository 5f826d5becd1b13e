"""How long a token still lives, for somebody who looks on."""

from pathlib import Path

import anywidget
import traitlets

from lc_tutorial.errors import InputError
from lc_tutorial.forms.fallback import Fallback
from lc_tutorial.oauth import Token


class Countdown(Fallback, anywidget.AnyWidget):
    """Counts the seconds down, in the browser. It knows when the token ends, and nothing else."""

    _fallback = "A countdown of what is left of the access token's life."
    _esm = Path(__file__).with_name("time_left.js").read_text(encoding="utf-8")
    #: Milliseconds since 1970, as the browser counts.
    ends_at = traitlets.Float().tag(sync=True)


def countdown(token: Token) -> Countdown:
    """Count down what is left of an access token's life, by this computer's clock.

    Args:
        token: as step 3 makes it, of an exchange, a refresh or an inspection.

    Raises:
        InputError: it is something else, or doesn't say how long it lives.
    """
    if not isinstance(token, Token) or token.expires_at is None:
        raise InputError(
            what="There is nothing to count down.",
            why="The answer that brought this token doesn't say how long it lives."
            if isinstance(token, Token)
            else f"A {type(token).__name__} is no token that lives for a while.",
            remedy="Write lc.countdown(token), with what lc.Token.from_response(response) gives.",
        )
    return Countdown(ends_at=token.expires_at.timestamp() * 1000)
