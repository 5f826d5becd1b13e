"""Why no answer came, or not a whole one; and why a request could not be sent at all.

The text of what ``requests`` raised is never repeated: it may hold a secret.
"""

import socket
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from lc_tutorial.errors.explaining.explanation import Cause, Explanation, Known, Likely
from lc_tutorial.errors.explaining.steps import with_steps
from lc_tutorial.messages import LOOPBACK

_HUNG_UP = frozenset(
    {"RemoteDisconnected", "ConnectionResetError", "ConnectionAbortedError", "BrokenPipeError"}
)

#: Seconds in which a sandbox that runs takes a connection.
_PROBE = 1.0


class Failure(NamedTuple):
    """What became of a request that has no answer.

    Attributes:
        kind: ``not_sent``, nothing left this machine; ``lost``, somebody was there, but no whole
            answer came; ``nobody``, nobody answered.
        explanation: of it.
    """

    kind: str
    explanation: Explanation


def failure(problem: Exception, url: str) -> Failure:
    """What a failure of ``requests`` means.

    Args:
        problem: what was raised.
        url: of the call.
    """
    host = _host(url)
    unsent = not_sent(problem)
    if unsent is not None:
        return Failure("not_sent", unsent)
    causes = _chain(problem)
    if isinstance(problem, ChunkedEncodingError | ContentDecodingError):
        return Failure("lost", _broken_off(problem))
    # A sandbox that ends while it is asked hangs up as well.
    if causes & _HUNG_UP and (host not in LOOPBACK or _listens(url)):
        return Failure("lost", _dropped(host))
    if host in LOOPBACK and isinstance(problem, requests.exceptions.SSLError):
        return Failure("lost", _no_https())
    if host in LOOPBACK:
        return Failure("nobody", _no_sandbox(problem))
    why, remedy = _network(problem, causes)
    return Failure("nobody", Explanation(f"{host} can't be reached.", why, remedy))


# --- Not sent -----------------------------------------------------------------------------------


def not_sent(problem: Exception) -> Explanation | None:
    """Why a request can't be sent as it is; None for a failure of another kind."""
    if isinstance(problem, requests.exceptions.MissingSchema):
        return Explanation(
            "The request was not sent: its address has no scheme.",
            Known("An address begins with https://, in the sandbox with http://."),
            "Use an address of the platform, such as platform.token_url, or write the scheme.",
        )
    if isinstance(problem, requests.exceptions.InvalidSchema):
        return Explanation(
            "The request was not sent: its address does not begin with http:// or https://.",
            Known("Either that is missing, or something stands in front of it, or it is mistyped."),
            "Write the address so that it begins with https://, in the sandbox with http://.",
        )
    if isinstance(problem, requests.exceptions.InvalidURL):
        return Explanation(
            "The request was not sent: its address can't be read.",
            Known("Its host or its port is not what one can be."),
            "Use an address of the platform, such as platform.token_url.",
        )
    if isinstance(problem, requests.exceptions.InvalidHeader):
        return Explanation(
            "The request was not sent: a header can't be.",
            Known(
                "Its value has a line break in it or a blank in front, or is no text: a number or "
                "None, for example."
            ),
            "Look at each header in the cell. What was copied has a line break at its end, often; "
            "value.strip() takes it off.",
        )
    if isinstance(problem, UnicodeEncodeError) and "latin-1" in problem.encoding:
        return Explanation(
            "The request was not sent: a header can't be.",
            Known(
                "It has a character that headers can't have. The dots that stand for a hidden "
                "value are some."
            ),
            "Don't copy a secret from an output: use the name that holds it, such as "
            "token.access_token.",
        )
    if isinstance(problem, requests.exceptions.InvalidJSONError) and not isinstance(
        problem, requests.exceptions.JSONDecodeError
    ):
        return Explanation(
            "The request was not sent: what json= was given can't be written as JSON.",
            Known("It has a value that JSON has no form for, such as NaN."),
            "Send numbers, texts, lists and dicts.",
        )
    return None


# --- Lost on its way ----------------------------------------------------------------------------


def _broken_off(problem: Exception) -> Explanation:
    if isinstance(problem, ContentDecodingError):
        cause: Cause = Known("It said that it is compressed, and can't be unpacked.")
    else:
        cause = Known("The connection ended before the answer did.")
    return Explanation(
        "The answer broke off.",
        cause,
        "What was asked for may be done all the same. A call that only reads can be sent again: "
        "run the cell once more. A code that was exchanged is used up: get a new one.",
    )


def _dropped(host: str) -> Explanation:
    who = "The sandbox" if host in LOOPBACK else host
    still = " It runs: this is what a bad day looks like." if host in LOOPBACK else ""
    return Explanation(
        f"{who} closed the connection without an answer.",
        Known(f"Somebody was there, and hung up.{still}"),
        "Send a call that only reads again, after a moment. For one that changes something, look "
        "first whether it was done.",
    )


def _no_https() -> Explanation:
    return Explanation(
        "There is no https at this address.",
        Known(
            "The address begins with https, and what answers there does not speak it. The sandbox "
            "of the notebooks speaks http, on this machine."
        ),
        "Use the address as the platform has it, such as platform.token_url.",
    )


# --- Nobody there -------------------------------------------------------------------------------


def _no_sandbox(problem: Exception) -> Explanation:
    if isinstance(problem, requests.Timeout):
        return Explanation(
            "The sandbox did not answer in time.",
            Known("It runs, but something keeps it busy."),
            "Run the cell again. If it stays silent, restart the kernel and run the cell that "
            "connects.",
        )
    return Explanation(
        "The sandbox is gone.",
        Known(
            "Nothing answers at its address. It ends with Jupyter, with `lc-tutorial stop`, and "
            "after a day without use."
        ),
        "Run the cell that connects again: it starts a new one. Your app is gone with the old one, "
        f"so {with_steps('go on with step 1', 'run the cells below it, too')}.",
    )


def _network(problem: Exception, causes: set[str]) -> tuple[Cause, str]:
    again = "then run the cell again."
    if isinstance(problem, requests.exceptions.ProxyError):
        return (
            Known("The proxy of your network refused, or is not there."),
            f"Check the environment variables HTTP_PROXY and HTTPS_PROXY, {again}",
        )
    if isinstance(problem, requests.exceptions.SSLError):
        return (
            Known(
                "Its certificate was not accepted. Often a company's network puts its own in "
                "between."
            ),
            "Set REQUESTS_CA_BUNDLE to your company's certificates, or use another network. "
            "Don't switch the check off: you would send your secret to a stranger.",
        )
    if isinstance(problem, requests.Timeout):
        return Known("It did not answer in time."), f"Check your network, {again}"
    if causes & {"NameResolutionError", "gaierror"}:
        return (
            Likely("this machine is offline: the host's name could not be looked up."),
            f"Check your network, {again}",
        )
    if isinstance(problem, requests.ConnectionError):
        return (
            Known("The connection was refused or broken off."),
            f"Check your network, a firewall and a VPN, {again}",
        )
    return (
        Known(f"The request failed on its way ({type(problem).__name__})."),
        f"Check the address in the cell, {again}",
    )


def _listens(url: str) -> bool:
    """Whether somebody takes connections at an address of this machine."""
    try:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=_PROBE):
            return True
    except (OSError, ValueError):
        return False


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the server"
    except ValueError:
        return "the server"


def _chain(problem: BaseException) -> set[str]:
    """The names of the kinds of errors that led to this one."""
    names: set[str] = set()
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and len(names) < 50:
            names.add(type(one).__name__)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return names
