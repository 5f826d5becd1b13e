"""The address where the browser ended, as a person reads it: what it brings, and what that means.

It is to the front channel what :mod:`lc_tutorial.display.transcript` is to the back channel.
"""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlsplit

from lc_tutorial.display.transcript import display_thing
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.masking import mask
from lc_tutorial.oauth import parse_redirect

_LEFT = 'style="text-align: left"'


@dataclass(frozen=True)
class Redirected:
    """What an address brought back.

    Attributes:
        page: the address without what it carries.
        carries: names and values, secret ones masked.
    """

    page: str
    carries: tuple[tuple[str, str], ...]

    @classmethod
    def from_address(cls, address: str, state: str) -> "Redirected":
        """Read an address, and say of its state whether it is the one that was sent."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return cls("an address that can't be read", ())
        pairs = parse_qsl(parts.query or parts.fragment, keep_blank_values=True)
        return cls(
            f"{parts.scheme}://{parts.netloc}{parts.path}",
            tuple((name, _value(name, value, state)) for name, value in pairs),
        )

    def __repr__(self) -> str:
        lines = [f"The browser ended at {self.page}", *(f"{n} = {v}" for n, v in self.carries)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th {_LEFT}>{escape(name)}</th><td {_LEFT}>{escape(value)}</td></tr>"
            for name, value in self.carries
        )
        return (
            f'<div class="lc-redirected">The browser ended at <code>{escape(self.page)}</code>'
            f"<table><tbody>{rows}</tbody></table></div>"
        )


def _value(name: str, value: str, state: str) -> str:
    if name == "state":
        return "the one that you sent" if value == state else "not the one that you sent"
    masked = mask(f"{name}={value}")
    return masked.partition("=")[2]


def show_redirect(address: str, state: str) -> None:
    """Show what came back from the authorization page; where it is no code of yours, say why.

    Args:
        address: where the browser ended.
        state: that was sent with the link.

    Raises:
        InputError: one of them is no text.
    """
    for given in (address, state):
        if not isinstance(given, str):
            raise InputError(
                what="show_redirect takes an address and the state that was sent.",
                why=f"This is a {type(given).__name__}.",
                remedy="Pass it what the browser ended at: lc.show_redirect(came_back, state).",
            )
    display_thing(Redirected.from_address(address, state))
    try:
        parse_redirect(address, state=state)
    except TutorialError as problem:
        display_thing(problem)
