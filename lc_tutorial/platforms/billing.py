"""How many calls of this kernel the live platform bills.

Nothing is sent to find out: answers are counted as they pass `lc.show`, `lc.tables` and
`lc.AgentChat`. A call whose answer went by none of these is not among them.

Source: livechat-public-docs, getting-started/api-pricing: all requests to the APIs are charged,
apart from those that are answered with status 500.
"""

import threading
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit
from weakref import WeakSet

import requests

#: Calls of this host are billed. Those of the accounts service are not.
BILLED_HOST = "api.livechatinc.com"

_ACCOUNTS_HOST = "accounts.livechat.com"

_FREE_STATUS = 500

_lock = threading.Lock()
_noted: WeakSet[requests.Response] = WeakSet()
_calls = 0


@dataclass(frozen=True)
class Notice:
    """What is said below an answer of the live platform.

    Attributes:
        calls: that are billed, so far.
        about: what these are, without a full stop.
    """

    calls: int
    about: str

    def __str__(self) -> str:
        return f"{self._count} ({self.about})."

    def html(self) -> str:
        """The same with the number in front."""
        colour = "color: var(--jp-ui-font-color2, #555555)"
        return (
            f'<div class="lc-billing" style="margin: 4px 0"><b>{self._count}</b> '
            f'<span style="{colour}">({escape(self.about)}).</span></div>'
        )

    @property
    def _count(self) -> str:
        return f"Billed calls so far in this kernel: {self.calls}"


def note(response: requests.Response, *, alone: bool = False) -> None:
    """Count the call that this answers, if it is billed. Noted again, it counts no more.

    Args:
        response: from any host. Calls that were sent again before this answer came count as well.
        alone: count only the last of them; the others were counted as they came.
    """
    with _lock:
        if response in _noted:
            return
        _noted.add(response)
    statuses = [response.status_code] if alone else _statuses(response)
    for status in statuses:
        count(response.url or "", status)


def count(url: str, status: int) -> None:
    """Count an answer that nobody keeps, if its call is billed.

    Args:
        url: that was called.
        status: of the answer.
    """
    global _calls
    if _host_of(url) == BILLED_HOST and status != _FREE_STATUS:
        with _lock:
            _calls += 1


def disregard(response: requests.Response) -> None:
    """Never count this answer: it comes from a file, not from a call."""
    with _lock:
        _noted.add(response)


def calls() -> int:
    """How many billed calls this kernel knows of."""
    with _lock:
        return _calls


def notice(response: requests.Response) -> Notice | None:
    """What to say below an answer: the calls so far, or that this one is free.

    Returns:
        None for an answer that is not the live platform's.
    """
    about = {
        BILLED_HOST: (
            "those that lc.show, lc.tables or lc.AgentChat saw; failed ones cost too, except with "
            "status 500; USD 0.27 per 1,000 after the first 1,000"
        ),
        _ACCOUNTS_HOST: "this one is free: only calls of the APIs are billed",
    }.get(_host_of(response.url or ""))
    return Notice(calls(), about) if about else None


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _statuses(response: requests.Response) -> list[int]:
    """The status of this answer, and of those before it that urllib3 took as a reason to retry."""
    retries = getattr(response.raw, "retries", None)
    earlier = [each.status for each in retries.history if each.status] if retries else []
    return [*earlier, response.status_code]


def forget_all() -> None:
    """Begin at zero. For tests."""
    global _calls
    with _lock:
        _noted.clear()
        _calls = 0
